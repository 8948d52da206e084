"""Pages of campaigns: the list, setting one up, one with its visits, progress and result."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from thidua.audit.reader import history
from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.movements.tasks.acts import offered
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit
from thidua.organisations.signed_in import signed_in, who
from thidua.resources import pages
from thidua.resources.campaigns import lists, running
from thidua.resources.campaigns.acts import CAMPAIGN_ACTS, NewCampaignForm
from thidua.resources.funds.amounts import in_words
from thidua.resources.models import Campaign, Holding
from thidua.tables.listing import listing, wants_workbook


@require_safe
@signed_in
def campaigns(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    found = listing(request, lists.table(), lists.prepared(lists.visible(acting), on=acting.on))
    if wants_workbook(request):
        return found.workbook()
    act = ("Lập đợt", reverse("resources:new_campaign")) if _units(acting) else None
    context = {"listing": found, "title": "Cao điểm, Tết", "here": "campaigns", "act": act}
    return render(request, "resources/list.html", context)


def _units(acting: Acting) -> list[tuple[str, str]]:
    return [
        (str(pk), label)
        for pk, label in acting.unit_labels.items()
        if acting.may("campaign.keep", Campaign(unit_id=pk))
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_campaign(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    units = _units(acting)
    if not units:
        acting.require("campaign.keep", Campaign(unit_id=acting.unit_id or 0))
    holdings = Holding.objects.filter(fund__unit__in=acting.units_for("fund.keep"), fund__state="dang_mo")
    form = NewCampaignForm(
        request.POST or None,
        units=units,
        holdings=list(holdings.select_related("fund__unit").order_by("fund__name_order", "pk")),
    )
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        unit = Unit.objects.get(pk=data.pop("unit"))
        data["holding"] = form.holdings.get(data["holding"])
        try:
            made = running.set_up(unit, actor=acting, now=clock.now(), **data)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Đã lập đợt. Thêm nơi và hộ được thăm vào danh sách.")
            return redirect("resources:campaign", made.pk)
    context = {
        "form": form,
        "title": "Lập đợt cao điểm, thăm tặng quà",
        "lead": "Lập danh sách, duyệt, ghi từng lượt thăm; quà trích từ một quỹ qua sổ cái.",
        "button": "Lập đợt",
        "back": reverse("resources:campaigns"),
        "back_label": "Cao điểm, Tết",
    }
    return render(request, "resources/form.html", context, status=422 if form.errors else 200)


@require_safe
@signed_in
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    return _page(request, lists.campaign_at(pk, acting=acting), acting)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def campaign_act(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    acting = who(request)
    found = lists.campaign_at(pk, acting=acting)
    if request.method != "POST":
        return redirect("resources:campaign", pk)
    address = reverse("resources:campaign", args=[pk])
    return pages.do(request, CAMPAIGN_ACTS, key, found, acting, page=_page, address=address)


def _page(
    request: HttpRequest, found: Campaign, acting: Acting, refused: pages.Refused | None = None
) -> HttpResponse:
    shown = listing(request, lists.visit_table(found), lists.visits_of(found, on=acting.on))
    if wants_workbook(request):
        return shown.workbook()
    version = tree.last_version(found.unit_id, on=acting.on)
    progress, holding = running.progress(found), found.holding
    facts = [
        ("Cơ quan tổ chức", version.label if version else ""),
        ("Loại", str(found.get_kind_display())),
        ("Thời gian", f"{found.since:%d/%m/%Y} – {found.until:%d/%m/%Y}"),
        ("Chỉ tiêu", f"{found.target} lượt" if found.target else ""),
        ("Quà từ quỹ", found.fund.name if found.fund else ""),
        ("Tổng quà", in_words(progress.gifts, holding) if holding else ""),
        ("Đã trao", in_words(progress.given, holding) if holding else ""),
        ("Kết quả", found.result),
    ]
    context = {
        "title": found.name,
        "object": found,
        "tone": lists.TONES.get(found.state, ""),
        "crumbs": [(reverse("resources:campaigns"), "Cao điểm, Tết")],
        "facts": [one for one in facts if one[1]],
        "run": progress,
        "listing": shown,
        "has_more": True,
        "allocation": found.allocation,
        "acts": offered(
            CAMPAIGN_ACTS,
            found,
            acting=acting,
            address=lambda key: reverse(f"resources:campaign_{key}", args=[found.pk]),
            refused=refused,
        ),
        "history": history(found),
    }
    return render(request, "resources/campaign.html", context, status=422 if refused else 200)
