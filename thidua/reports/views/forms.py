"""The form of a round: looking at it, changing it, previewing it as a unit sees it, its next version."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.core.text import row_key
from thidua.organisations.authority import Acting
from thidua.organisations.models import UnitKind
from thidua.organisations.signed_in import signed_in, who
from thidua.reports import access, form_making
from thidua.reports.forms import FormHeadForm, ItemForm, head_initial
from thidua.reports.models import FormItem, FormSection, ReportForm, RoundState


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def form(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.form_at(pk, acting=acting)
    head = FormHeadForm(request.POST or None, initial=head_initial(found))
    if request.method == "POST" and head.is_valid():
        form_making.set_form(
            found,
            **head.cleaned_data,
            edition=row_key(request.POST.get("lan", "")),
            actor=acting,
            now=clock.now(),
        )
        messages.success(request, "Đã lưu mẫu.")
        return redirect("reports:form", pk=found.pk)
    context = _context(found, acting) | {"head": head}
    return render(request, "reports/form.html", context, status=422 if head.errors else 200)


def _context(found: ReportForm, acting: Acting) -> dict[str, Any]:
    in_use = form_making.is_in_use(found)
    rounds = list(found.rounds.select_related("plan").order_by("units_due_on"))
    return {
        "form": found,
        "sections": sections_of(found),
        "in_use": in_use,
        "may_edit": acting.may("reportform.edit", found) and not in_use,
        "may_renew": acting.may("reportform.edit", found) and in_use,
        "rounds": rounds,
        "kinds": UnitKind.choices,
        "later": found.replaced_by.order_by("-number").first(),
    }


def sections_of(found: ReportForm, kind: str = "") -> list[tuple[FormSection, list[FormItem]]]:
    """The parts of the form with their items, of one kind of units or of all."""
    items = list(found.items.select_related("indicator", "standard").order_by("position", "pk"))
    return [
        (section, [item for item in items if item.section == section and (not kind or item.is_for(kind))])
        for section in FormSection
    ]


@require_safe
@signed_in
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The form as a unit of one kind will see it; nothing can be sent from here."""
    acting = who(request)
    found = access.form_at(pk, acting=acting)
    kind = request.GET.get("loai", UnitKind.COMMUNE)
    if kind not in UnitKind.values:
        raise Http404("no such kind")
    context = _context(found, acting) | {
        "sections": sections_of(found, kind),
        "kind": kind,
    }
    return render(request, "reports/preview.html", context)


def _item(found: ReportForm, item_pk: int) -> FormItem:
    item = found.items.select_related("form", "indicator", "standard").filter(pk=item_pk).first()
    if item is None:
        raise Http404("no such item")
    return item


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def item(request: HttpRequest, pk: int, item_pk: int | None = None) -> HttpResponse:
    acting = who(request)
    found = access.form_at(pk, acting=acting)
    acting.require("reportform.edit", found)
    known = _item(found, item_pk) if item_pk is not None else None
    bound = ItemForm(request.POST or None, item=known)
    if request.method == "POST" and bound.is_valid():
        try:
            form_making.set_item(
                found,
                bound.written(),
                item=known,
                edition=row_key(request.POST.get("lan", "")),
                actor=acting,
                now=clock.now(),
            )
            messages.success(request, "Đã lưu mục.")
            return redirect("reports:form", pk=found.pk)
        except RuleNotMet as refusal:
            bound.add_error(None, refusal.message)
    context = _context(found, acting) | {"bound": bound, "item": known}
    return render(request, "reports/item.html", context, status=422 if bound.errors else 200)


@require_POST
@signed_in
def item_act(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    acting = who(request)
    found = access.form_at(pk, acting=acting)
    known = _item(found, item_pk)
    wanted = request.POST.get("viec", "")
    if wanted == "bo":
        form_making.remove_item(known, actor=acting, now=clock.now())
        messages.success(request, "Đã bỏ mục.")
    else:
        form_making.move_item(known, up=wanted == "len", actor=acting, now=clock.now())
    return redirect("reports:form", pk=found.pk)


@require_POST
@signed_in
def new_version(request: HttpRequest, pk: int) -> HttpResponse:
    """A copy for the rounds that have not opened yet."""
    acting = who(request)
    found = access.form_at(pk, acting=acting)
    planned = list(found.rounds.filter(state=RoundState.PLANNED))
    copy = form_making.new_version(found, rounds=planned, actor=acting, now=clock.now())
    messages.success(request, "Đã lập phiên bản mới. Đợt mở sau dùng phiên bản này.")
    return redirect("reports:form", pk=copy.pk)
