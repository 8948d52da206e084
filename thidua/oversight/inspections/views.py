"""Pages of inspections: the list, planning one, choosing units, the page of one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.audit.reader import history
from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.movements.models import Plan, PlanVersionState
from thidua.movements.rights import DECIDING
from thidua.movements.tasks.acts import offered
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.signed_in import signed_in, who
from thidua.oversight import taking_acts
from thidua.oversight.inspections import choosing, lists, papers, planning
from thidua.oversight.inspections.acts import INSPECTION_ACTS
from thidua.oversight.inspections.forms import ChooseForm, PlanForm, initial_days
from thidua.oversight.models import (
    ChecklistItem,
    Inspection,
    RemedyState,
    SelectionHow,
    TeamMember,
)
from thidua.oversight.taking_acts import Refused
from thidua.tables.listing import listing, wants_workbook

#: So many units of a pool are shown with their signs; the rest is counted.
SHOWN = 40


@require_safe
@signed_in
def rows(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    shown = listing(request, lists.INSPECTIONS, lists.rows_for(acting), years=lists.years_of(acting))
    if wants_workbook(request):
        return shown.workbook()
    context = {"listing": shown, "may_plan": acting.has_role(*DECIDING)}
    return render(request, "inspections/list.html", context)


def plans_to_inspect(acting: Acting) -> QuerySet[Plan]:
    """Plans in force that units of this person issue or run."""
    mine = acting.unit_ids(DECIDING)
    return (
        Plan.objects.filter(Q(owner__in=mine) | Q(standing_body__in=mine), owner__isnull=False)
        .filter(versions__state=PlanVersionState.ADOPTED)
        .distinct()
        .order_by("-made_at")[:200]
    )


def inspecting_unit(plan: Plan, acting: Acting) -> int:
    """The body of the plan that this person acts for; where it has ended, the own unit that took it over."""
    living = [
        mandate.unit_id
        for mandate in acting.mandates
        if mandate.role in DECIDING and acting.acts_for_living_unit(mandate)
    ]
    return next(
        (unit_id for unit_id in (plan.standing_body_id, plan.owner_id) if unit_id in living), living[0]
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Plan an inspection: of which plan, by which of its tasks, then when and what about."""
    acting = who(request)
    plans = list(plans_to_inspect(acting))
    asked = request.GET.get("ke_hoach", "")
    plan = next((one for one in plans if str(one.pk) == asked), None)
    if plan is None:
        return render(request, "inspections/new.html", {"plans": plans})
    year = acting.on.year
    tasks = planning.asked_for(plan, year=year)
    task = next((one for one in tasks if str(one.pk) == request.GET.get("nhiem_vu", "")), None)
    bound: dict[str, Any] = {"data": request.POST} if request.method == "POST" else {}
    first_on = acting.on + timedelta(days=14)
    form = PlanForm(
        initial={
            "title": f"Kiểm tra việc thực hiện {plan.number or plan.title} năm {year}"[:300],
            "content": task.title if task else "",
            "year": year,
            "since": date(year, 1, 1),
            "until": acting.on,
            "first_on": first_on,
            "last_on": first_on + timedelta(days=7),
        },
        **bound,
    )
    refusal: RuleNotMet | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = planning.plan_inspection(
                plan,
                form.planned(),
                unit_id=inspecting_unit(plan, acting),
                task=task,
                actor=acting,
                now=clock.now(),
            )
        except RuleNotMet as refused:
            refusal = refused
        else:
            messages.success(request, "Đã lập cuộc kiểm tra. Tiếp theo: đoàn, đề cương, chọn đơn vị.")
            return redirect("inspections:inspection", made.pk)
    context = {"plan": plan, "tasks": tasks, "task": task, "form": form, "refusal": refusal}
    return render(request, "inspections/new.html", context, status=422 if bound else 200)


def inspection_for(pk: int, *, acting: Acting) -> Inspection:
    found = Inspection.objects.filter(pk=pk).select_related("plan__movement", "task").first()
    if found is None or not acting.may("inspection.read", found):
        raise Http404("no such inspection")
    return found


@require_safe
@signed_in
def inspection(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    return _page(request, inspection_for(pk, acting=acting), acting)


def _page(
    request: HttpRequest, one: Inspection, acting: Acting, refused: Refused | None = None
) -> HttpResponse:
    visits = list(one.visits.prefetch_related("findings", "remedies").order_by("pk"))
    labels = tree.labels_on({one.unit_id, *(visit.unit_id for visit in visits)}, on=acting.on)
    may_run = acting.may("inspection.run", one)
    sees_all = may_run or acting.may("inspection.record", one) or not _is_only_visited(one, acting)
    if not sees_all:
        mine = acting.unit_ids()
        visits = [visit for visit in visits if visit.unit_id in mine]
    checklist = list(one.checklist.order_by("position", "pk"))
    acts = offered(
        INSPECTION_ACTS,
        one,
        acting=acting,
        address=lambda key: reverse("inspections:act", args=[one.pk, key]),
        refused=refused,
    )
    if not checklist:
        acts = [act for act in acts if act.act.key != "announce"]
    context = {
        "one": one,
        "unit": labels.get(one.unit_id, ""),
        "last_day": one.until - timedelta(days=1),
        "team": one.team.order_by("-is_head", "pk"),
        "visits": [
            {
                "visit": visit,
                "label": labels.get(visit.unit_id, ""),
                "filled": sum(bool(finding.outcome) for finding in visit.findings.all()),
                "not_met": sum(finding.outcome == "chua_dat" for finding in visit.findings.all()),
                "remedies": len(visit.remedies.all()),
                "open_remedies": sum(row.state != RemedyState.CLOSED for row in visit.remedies.all()),
            }
            for visit in visits
        ],
        "sees_all": sees_all,
        "checklist": checklist,
        "may_run": may_run,
        "may_change": may_run and one.is_open_to_change,
        "is_sample": one.how == SelectionHow.SAMPLE,
        "is_as_drawn": one.how == SelectionHow.SAMPLE and choosing.is_as_drawn(one),
        "main_acts": [act for act in acts if act.act.is_main or act.refusal],
        "other_acts": [act for act in acts if not (act.act.is_main or act.refusal)],
        "papers": [paper for paper in papers.papers_about(one) if sees_all or paper.state in paper.FINAL],
        "refusal": refused[2] if refused and not any(act.refusal for act in acts) else "",
        "history": history(one) if sees_all else [],
    }
    return render(request, "inspections/inspection.html", context, status=422 if refused else 200)


def _is_only_visited(one: Inspection, acting: Acting) -> bool:
    """A unit that is looked at sees what concerns itself; whoever stands above all of it sees everything."""
    mine = acting.unit_ids()
    return bool(mine & set(one.visits.values_list("unit_id", flat=True)))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    one = inspection_for(pk, acting=acting)
    acting.require("inspection.run", one)
    bound: dict[str, Any] = {"data": request.POST} if request.method == "POST" else {}
    form = PlanForm(initial=initial_days(one), **bound)
    refusal: RuleNotMet | None = None
    if request.method == "POST" and form.is_valid():
        try:
            planning.change(one, form.planned(), actor=acting, now=clock.now())
        except RuleNotMet as refused:
            refusal = refused
        else:
            messages.success(request, "Đã lưu.")
            return redirect("inspections:inspection", pk)
    context = {"one": one, "plan": one.plan, "form": form, "refusal": refusal}
    return render(request, "inspections/new.html", context, status=422 if bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """The pool with the signs for each unit; a POST chooses."""
    acting = who(request)
    one = inspection_for(pk, acting=acting)
    acting.require("inspection.run", one)
    bound: dict[str, Any] = {"data": request.POST} if request.method == "POST" else {}
    form = ChooseForm(
        initial={
            "how": one.how or SelectionHow.RISK,
            "size": one.visits.count() or 3,
            "seed": one.seed,
        },
        **bound,
    )
    refusal: RuleNotMet | None = None
    if request.method == "POST" and form.is_valid():
        try:
            chosen = choosing.choose(one, actor=acting, now=clock.now(), **form.cleaned_data)
        except RuleNotMet as refused:
            refusal = refused
        else:
            messages.success(request, f"Đã chọn {len(chosen)} đơn vị.")
            return redirect("inspections:inspection", pk)
    pool = choosing.pool_of(one.plan, on=acting.on)
    labels = {row.unit_id: row.label for row in pool}
    ranked = choosing.ranked(one, pool, on=acting.on)
    context = {
        "one": one,
        "form": form,
        "refusal": refusal,
        "pool": [(row, labels[row.unit_id]) for row in ranked[:SHOWN]],
        "rest": max(0, len(ranked) - SHOWN),
        "count": len(pool),
    }
    return render(request, "inspections/choose.html", context, status=422 if bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def act(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    acting = who(request)
    one = inspection_for(pk, acting=acting)
    if request.method != "POST":
        return redirect("inspections:inspection", pk)
    if key not in INSPECTION_ACTS:
        raise Http404("no such act")
    return taking_acts.take(
        request,
        INSPECTION_ACTS,
        key,
        one,
        acting=acting,
        now=clock.now(),
        back=reverse("inspections:inspection", args=[pk]),
        again=lambda refused: _page(request, one, acting, refused),
    )


@require_POST
@signed_in
def drop_member(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    acting = who(request)
    one = inspection_for(pk, acting=acting)
    member = get_object_or_404(
        TeamMember.objects.select_related("inspection__plan"), pk=member_pk, inspection=one
    )
    planning.drop_member(member, actor=acting, now=clock.now())
    messages.success(request, "Đã bỏ thành viên.")
    return redirect("inspections:inspection", pk)


@require_POST
@signed_in
def drop_item(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    acting = who(request)
    one = inspection_for(pk, acting=acting)
    item = get_object_or_404(
        ChecklistItem.objects.select_related("inspection__plan"), pk=item_pk, inspection=one
    )
    try:
        planning.drop_item(item, actor=acting, now=clock.now())
    except RuleNotMet as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "Đã bỏ mục khỏi đề cương.")
    return redirect(f"{reverse('inspections:inspection', args=[pk])}#de-cuong")
