"""Pages of targets: the list with verdicts, one target and its line, its figures, the leader's board."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_safe

from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.indicators.models import Basis
from thidua.movements.models import Movement, Plan, Target
from thidua.movements.progress.binding import Measured, bind, history_of, measured
from thidua.movements.progress.dashboard import board
from thidua.movements.progress.forms import BindingForm
from thidua.movements.progress.judging import Judged, judge_all
from thidua.movements.progress.pictures import large, small
from thidua.movements.progress.rows import figure_rows
from thidua.movements.progress.target_list import by_verdict, targets_table, with_urgency
from thidua.movements.visibility import visible_targets
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import PLACES, Unit
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import listing, wants_workbook

DAY, BASIS = "ngay", "co-so"


def _day_of(request: HttpRequest, acting: Acting) -> date:
    """The day that was asked for, else today; nonsense counts as not asked."""
    try:
        return parse_date(request.GET.get(DAY, "")) or acting.on
    except ValueError:
        return acting.on


def _basis_of(request: HttpRequest) -> Basis:
    asked = request.GET.get(BASIS, "")
    return Basis(asked) if asked in Basis.values else Basis.THEN


def _targets(acting: Acting) -> Any:
    return visible_targets(acting).select_related("item", "plan__movement")


def _owner_labels(judged: list[Judged], acting: Acting) -> dict[int, str]:
    owners = {one.target.plan.owner_id for one in judged}
    return tree.labels_on([pk for pk in owners if pk is not None], on=acting.on)


@require_safe
@signed_in
def targets(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    on = _day_of(request, acting)
    judged = judge_all(_targets(acting), on=on)
    found = by_verdict(judged)
    query = f"?{DAY}={on:%Y-%m-%d}" if on != acting.on else ""
    table = targets_table({one.target.pk: one for one in judged}, _owner_labels(judged, acting), query=query)
    plan_ids = {one.target.plan_id for one in judged}
    page = listing(
        request,
        table,
        with_urgency(_targets(acting), found),
        by_verdict=found,
        plans=Plan.objects.filter(pk__in=plan_ids).order_by("title_order"),
        movements=Movement.objects.filter(plans__in=plan_ids).distinct().order_by("name_order"),
    )
    if wants_workbook(request):
        return page.workbook()
    return render(request, "progress/list.html", {"listing": page, "on": on, "is_today": on == acting.on})


@require_safe
@signed_in
def target(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = get_object_or_404(_targets(acting), pk=pk)
    on, basis = _day_of(request, acting), _basis_of(request)
    (judged,) = judge_all([found], on=on, basis=basis)
    context = {
        "target": found,
        "judged": judged,
        "judgement": judged.judgement,
        "picture": large(judged, name="hinh"),
        "rows": figure_rows(judged),
        "history": judged.history()[::-1],
        "owner": _owner_labels([judged], acting).get(found.plan.owner_id or 0, found.plan.owner_name),
        "measured": judged.measured if isinstance(judged.measured, Measured) else None,
        "bound_by": list(history_of(found)[:20]),
        "may_bind": acting.may("target.bind", found),
        "on": on,
        "is_today": on == acting.on,
        "basis": basis,
        "bases": Basis,
        "indicator_address": _indicator_address(judged),
    }
    return render(request, "progress/target.html", context)


def _indicator_address(judged: Judged) -> str:
    one = judged.measured
    return reverse("indicators:indicator", args=[one.indicator.code]) if isinstance(one, Measured) else ""


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def binding(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = get_object_or_404(_targets(acting), pk=pk)
    acting.require("target.bind", found)
    labels = _places_for(found, acting)
    form = BindingForm(request.POST or None, target=found, labels=labels, initial=_initial(found))
    if request.method == "POST" and form.is_valid():
        try:
            bind(found, **form.cleaned_data, actor=acting, now=clock.now())
        except RuleNotMet as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, "Đã gắn chỉ tiêu với số liệu. Kết luận tính lại theo số liệu này.")
            return redirect("progress:target", pk=pk)
    context = {"target": found, "form": form, "judged": judge_all([found], on=acting.on)[0]}
    return render(request, "progress/binding.html", context)


def _places_for(target: Target, acting: Acting) -> dict[int, str]:
    """Places that figures may be taken from: those of the own line."""
    roots = [pk for pk in (target.scope_unit_id, target.plan.owner_id) if pk is not None]
    above = {one.unit_id for root in roots for one in tree.ancestors(root, on=acting.on)}
    around = above | set(roots)
    provinces = Unit.objects.filter(kind__in=PLACES, pk__in=around).values_list("pk", flat=True)
    below = Unit.objects.filter(
        kind__in=PLACES, pk__in=tree.ids_at_or_below(roots, on=acting.on)
    ).values_list("pk", flat=True)[:400]
    return tree.labels_on({*provinces, *below}, on=acting.on)


def _initial(target: Target) -> dict[str, Any]:
    one = measured([target])[target.pk]
    if not isinstance(one, Measured):
        return {}
    return {
        "indicator": one.indicator.pk,
        "unit": None if one.unit_id == target.scope_unit_id else one.unit_id,
        "standard": one.standard.pk if one.standard else None,
        "segment": one.segment,
        "baseline_year": one.baseline_year,
        "note": one.note,
    }


@require_safe
@signed_in
def dashboard(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    on = _day_of(request, acting)
    judged = judge_all(_targets(acting).order_by("plan__movement__name_order", "pk"), on=on)
    found = board(judged, acting)
    owners = _owner_labels(judged, acting)
    context = {
        "board": found,
        "behind": [(one, small(one), owners.get(one.target.plan.owner_id or 0, "")) for one in found.behind],
        "on": on,
        "is_today": on == acting.on,
        "late_address": reverse("tasks:late"),
    }
    return render(request, "progress/dashboard.html", context)
