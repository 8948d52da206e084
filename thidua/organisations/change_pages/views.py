"""Pages of changes: the list, a new change with its preview, one change with its undoing."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from thidua.audit import reader
from thidua.core import clock
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.core.formats import format_date
from thidua.organisations import changes as unit_changes
from thidua.organisations import matters
from thidua.organisations.authority import Acting
from thidua.organisations.change_pages.change_list import CHANGES
from thidua.organisations.change_pages.forms import KINDS, SplitForm, fingerprint, units_below
from thidua.organisations.change_pages.slots import FilledSlot, filled, units_within
from thidua.organisations.changes import Basis, Preview
from thidua.organisations.models import Change, ChangeKind, Role
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import listing, wants_workbook


def _administrator(request: HttpRequest) -> Acting:
    acting = who(request)
    if not acting.has_role(Role.ADMINISTRATOR):
        raise NotAllowed(
            "Bạn chưa được thay đổi đơn vị",
            why="việc này cần vai trò «Quản trị»",
            next_step="Gửi văn bản căn cứ cho người quản trị đơn vị",
        )
    return acting


@require_safe
@signed_in
def changes(request: HttpRequest) -> HttpResponse:
    rows = Change.objects.select_related("act", "user", "countered_by")
    found = listing(request, CHANGES, rows)
    if wants_workbook(request):
        return found.workbook()
    may_change = who(request).has_role(Role.ADMINISTRATOR)
    return render(request, "unit_changes/list.html", {"listing": found, "may_change": may_change})


@require_safe
@signed_in
def choose(request: HttpRequest) -> HttpResponse:
    _administrator(request)
    return render(request, "unit_changes/choose.html", {"kinds": KINDS.values()})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest, name: str) -> HttpResponse:
    """The form; with `buoc=xem` the preview under it, with `buoc=lam` the change itself."""
    acting = _administrator(request)
    kind = KINDS.get(name)
    if kind is None:
        raise Http404
    form = kind.form(request.POST or None)
    on = _day_of(form) or acting.on
    within = units_within(acting.unit_ids([Role.ADMINISTRATOR]), on=on)
    slots = [filled(slot, request.POST, on=on, within=within) for slot in kind.slots]
    if request.method != "POST":
        for slot in slots:
            slot.error = ""
    context: dict[str, Any] = {"kind": kind, "form": form, "slots": slots, "refusal": None, "preview": None}
    if request.method == "POST" and form.is_valid() and not any(slot.error for slot in slots):
        chosen = {slot.slot.name: slot.chosen for slot in slots}
        if isinstance(form, SplitForm):
            context |= _children_of(slots[0], form, request)
        try:
            preview = kind.plan(form, chosen, request.POST.dict())
            if request.POST.get("buoc") == "lam":
                return _carry_out(request, acting, preview)
        except (RuleNotMet, ChangedMeanwhile) as refusal:
            context["refusal"] = refusal
        else:
            context |= _shown(preview)
    status = 422 if request.method == "POST" and context["preview"] is None else 200
    return render(request, "unit_changes/new.html", context, status=status)


def _day_of(form: Any) -> date | None:
    form.is_valid()
    found: date | None = getattr(form, "cleaned_data", {}).get("on")
    return found


def _shown(preview: Preview) -> dict[str, Any]:
    """The preview, and what hangs on the units it concerns."""
    return {
        "preview": preview,
        "counts": [*preview.counts, *matters.counted(preview.concerned_ids)],
        "fingerprint": fingerprint(preview),
    }


def _children_of(slot: FilledSlot, form: SplitForm, request: HttpRequest) -> dict[str, Any]:
    """For each unit below, the parts it may go to."""
    rows = [
        {"row": row, "part": request.POST.get(f"con-{row.unit_id}", "")}
        for row in units_below(slot.chosen[0], on=form.cleaned_data["on"])
    ]
    parts = [(str(place), label) for place, label in enumerate(form.cleaned_data["parts"])]
    return {"children": rows, "parts": parts}


def _carry_out(request: HttpRequest, acting: Acting, preview: Preview) -> HttpResponse:
    if request.POST.get("dau") != fingerprint(preview):
        raise ChangedMeanwhile(
            "Chưa thực hiện",
            why="nội dung đã khác với bản bạn vừa xem trước",
            next_step="Đọc lại bản xem trước rồi bấm thực hiện",
        )
    change = unit_changes.carry_out(preview, actor=acting, now=clock.now())
    messages.success(request, f"Đã ghi: {change.summary}, từ ngày {format_date(change.takes_effect_on)}.")
    return redirect("unit_changes:change", pk=change.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One change; a POST undoes it."""
    found = get_object_or_404(Change.objects.select_related("act", "user", "counters", "countered_by"), pk=pk)
    refusal = None
    if request.method == "POST":
        acting = _administrator(request)
        try:
            undoing = unit_changes.counter(
                found,
                actor=acting,
                now=clock.now(),
                reason=request.POST.get("ly_do", ""),
                basis=_basis(request.POST.get("number", "")),
            )
        except RuleNotMet as caught:
            refusal = caught
        else:
            messages.success(request, f"Đã hủy bỏ: {found.summary}.")
            return redirect("unit_changes:change", pk=undoing.pk)
    context = {
        "change": found,
        "countered_by": getattr(found, "countered_by", None),
        "made": found.made.select_related("unit", "annulled_by").order_by("label_order")[:200],
        "ended": found.ended.select_related("unit").order_by("label_order")[:200],
        "history": reader.history(found),
        "refusal": refusal,
        "reason": request.POST.get("ly_do", ""),
        "number": request.POST.get("number", ""),
        **_undoing(found, who(request)),
    }
    return render(request, "unit_changes/change.html", context, status=422 if refusal else 200)


def _basis(number: str) -> Basis | None:
    return Basis(number.strip()[:120]) if number.strip() else None


def _undoing(found: Change, acting: Acting) -> dict[str, Any]:
    """What undoing would do, or why it cannot be; nothing for who may not."""
    if not acting.has_role(Role.ADMINISTRATOR) or found.kind in (ChangeKind.IMPORT, ChangeKind.COUNTER):
        return {"undoing": None, "why_not": None}
    try:
        return {"undoing": unit_changes.plan_counter(found), "why_not": None}
    except RuleNotMet as refusal:
        return {"undoing": None, "why_not": refusal}
