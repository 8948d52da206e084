"""Pages of sponsored places: the list, writing one down, one with its programme and the place's figures."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
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
from thidua.resources.finding import unit_named
from thidua.resources.models import Sponsorship, SupportItem
from thidua.resources.sponsorship import lists, standing_by
from thidua.resources.sponsorship.acts import SPONSORSHIP_ACTS, NewSponsorshipForm
from thidua.resources.sponsorship.place_figures import figures_of
from thidua.tables.listing import listing, wants_workbook


@require_safe
@signed_in
def sponsorships(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    found = listing(request, lists.table(), lists.prepared(lists.visible(acting), on=acting.on))
    if wants_workbook(request):
        return found.workbook()
    act = ("Ghi đỡ đầu, kết nghĩa", reverse("resources:new_sponsorship")) if _agencies(acting) else None
    context = {"listing": found, "title": "Đỡ đầu, kết nghĩa", "here": "sponsorships", "act": act}
    return render(request, "resources/list.html", context)


def _agencies(acting: Acting) -> list[tuple[str, str]]:
    return [
        (str(pk), label)
        for pk, label in acting.unit_labels.items()
        if acting.may("sponsorship.keep", Sponsorship(agency_id=pk))
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_sponsorship(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    agencies = _agencies(acting)
    if not agencies:
        acting.require("sponsorship.keep", Sponsorship(agency_id=acting.unit_id or 0))
    form = NewSponsorshipForm(request.POST or None, agencies=agencies)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        agency = Unit.objects.get(pk=data.pop("agency"))
        try:
            place = unit_named(data.pop("place"), near=agency, on=acting.on, kinds=standing_by.PLACES)
            made = standing_by.set_up(agency, place, actor=acting, now=clock.now(), **data)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Đã ghi. Thêm các việc hỗ trợ, rồi bấm «Bắt đầu thực hiện».")
            return redirect("resources:sponsorship", made.pk)
    context = {
        "form": form,
        "title": "Ghi đỡ đầu, kết nghĩa",
        "lead": "Cơ quan nhận giúp một xã hoặc một thôn, bản cụ thể, có thời gian và chương trình.",
        "button": "Ghi",
        "back": reverse("resources:sponsorships"),
        "back_label": "Đỡ đầu, kết nghĩa",
    }
    return render(request, "resources/form.html", context, status=422 if form.errors else 200)


@require_safe
@signed_in
def sponsorship(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    return _page(request, lists.sponsorship_at(pk, acting=acting), acting)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def sponsorship_act(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    acting = who(request)
    found = lists.sponsorship_at(pk, acting=acting)
    if request.method != "POST":
        return redirect("resources:sponsorship", pk)
    address = reverse("resources:sponsorship", args=[pk])
    return pages.do(request, SPONSORSHIP_ACTS, key, found, acting, page=_page, address=address)


def _page(
    request: HttpRequest, found: Sponsorship, acting: Acting, refused: pages.Refused | None = None
) -> HttpResponse:
    names = {pk: _label(pk, acting) for pk in (found.agency_id, found.place_id)}
    items = list(found.items.select_related("file").order_by("due_on", "pk"))
    facts = [
        ("Cơ quan giúp", names[found.agency_id]),
        ("Nơi được giúp", names[found.place_id]),
        ("Hình thức", str(found.get_kind_display())),
        ("Từ ngày", found.since.strftime("%d/%m/%Y")),
        ("Đến hết ngày", found.until.strftime("%d/%m/%Y") if found.until else ""),
        ("Căn cứ", found.basis),
        ("Đầu mối", found.contact),
        ("Kết quả", found.result),
    ]
    context = {
        "title": f"{names[found.agency_id]} – {names[found.place_id]}",
        "object": found,
        "tone": lists.TONES.get(found.state, ""),
        "crumbs": [(reverse("resources:sponsorships"), "Đỡ đầu, kết nghĩa")],
        "facts": [one for one in facts if one[1]],
        "items": items,
        "done_count": sum(item.done_on is not None for item in items),
        "late_on": acting.on,
        "figures": figures_of(found.place_id, on=acting.on),
        "has_more": True,
        "acts": offered(
            SPONSORSHIP_ACTS,
            found,
            acting=acting,
            address=lambda key: reverse(f"resources:sponsorship_{key}", args=[found.pk]),
            refused=refused,
        ),
        "history": history(found),
    }
    return render(request, "resources/sponsorship.html", context, status=422 if refused else 200)


@require_safe
@signed_in
def item_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    acting = who(request)
    item = SupportItem.objects.filter(pk=pk).select_related("file").first()
    lists.sponsorship_at(item.sponsorship_id if item else 0, acting=acting)
    if item is None or item.file is None:
        raise Http404("no file")
    return FileResponse(
        default_storage.open(item.file.place),
        as_attachment=True,
        filename=item.file_name,
        content_type="application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
    )


def _label(unit_id: int, acting: Acting) -> str:
    version = tree.last_version(unit_id, on=acting.on)
    return version.label if version else ""
