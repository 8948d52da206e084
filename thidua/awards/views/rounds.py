"""The rounds of awards, one round with its places and candidates, a new round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.audit import workflow
from thidua.audit.reader import history
from thidua.awards import access, lists, nominating, process, quota_checks, suggesting
from thidua.awards.background import SUGGEST
from thidua.awards.duplicates import form_name
from thidua.awards.forms import AwardRoundForm
from thidua.awards.models import AwardRound, Candidate, CandidateState, Suggestion
from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.criteria.reasons import Outcome
from thidua.jobs.queue import enqueue
from thidua.movements.models import Plan, PlanVersionState
from thidua.movements.plans import access as plan_access
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import listing, wants_workbook


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    labels: dict[int, str] = {}
    sent: dict[int, int] = {}
    found = listing(request, lists.round_table(labels, sent), access.rounds(acting))
    if wants_workbook(request):
        bodies = found.rows.order_by().values_list("deciding_body_id", flat=True).distinct()
        labels.update(tree.labels_on(bodies, on=acting.on))
        sent.update(_sent(found.rows.order_by().values_list("pk", flat=True)))
        return found.workbook()
    found.page.object_list = shown = list(found.page.object_list)
    labels.update(tree.labels_on({row.deciding_body_id for row in shown}, on=acting.on))
    sent.update(_sent([row.pk for row in shown]))
    context = {"listing": found, "plans": _plans(acting)}
    return render(request, "awards/rounds.html", context)


def _sent(round_ids: Iterable[int]) -> dict[int, int]:
    """How many candidates of each round were sent and not taken back."""
    sent = Candidate.objects.filter(round_id__in=round_ids).exclude(
        state__in=(CandidateState.DRAFT, CandidateState.WITHDRAWN)
    )
    return dict(sent.order_by().values_list("round_id").annotate(count=Count("*")))


def _plans(acting: Acting) -> list[Plan]:
    """Plans in force for which this person may hold a round."""
    mine = acting.units_for("awardround.run")
    return list(
        Plan.objects.filter(
            Q(owner_id__in=mine) | Q(standing_body_id__in=mine),
            owner__isnull=False,
            versions__state=PlanVersionState.ADOPTED,
        )
        .distinct()
        .order_by("-made_at", "-pk")[:20]
    )


@require_safe
@signed_in
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    round_ = access.round_at(pk, acting=acting)
    may_run = acting.may("awardround.run", round_)
    labels: dict[int, str] = {}
    rows = access.candidates_in(round_, acting=acting)
    found = listing(request, lists.candidate_table(labels), rows)
    if wants_workbook(request):
        proposers = rows.order_by().values_list("proposer_id", flat=True).distinct()
        labels.update(tree.labels_on(proposers, on=acting.on))
        return found.workbook()
    found.page.object_list = shown = list(found.page.object_list)
    bodies = {round_.deciding_body_id, round_.standing_body_id}
    labels.update(tree.labels_on({row.proposer_id for row in shown} | bodies, on=acting.on))
    places, shares = quota_checks.for_page(round_)
    context = {
        "round": round_,
        "listing": found,
        "body": labels.get(round_.deciding_body_id, ""),
        "standing": labels.get(round_.standing_body_id, ""),
        "last_day": date.fromordinal(round_.until.toordinal() - 1),
        "stream": process.stream(round_.stream),
        "places": [
            (one, form_name(one.form.form, round_.since), one.form.get_subject_type_display())
            for one in places
        ],
        "shares": shares,
        "suggested": _suggested(round_, acting),
        "steps": [(step, step.needs_reason) for step in workflow.possible(round_, actor=acting)],
        "may_run": may_run,
        "may_propose": round_.state in AwardRound.TAKING and bool(acting.unit_ids()),
        "history": history(round_)[:30],
    }
    return render(request, "awards/round.html", context)


def _suggested(round_: AwardRound, acting: Acting) -> list[tuple[str, str, int, str]]:
    """Label, filter value, how many, tone."""
    rows = access.suggestions(round_, acting=acting).order_by()
    # By set too, as the index stands: counted without sorting, whatever the number of sets.
    counted = rows.values_list("set_id", "outcome", "is_near").annotate(count=Count("*"))
    counts: Counter[tuple[int, bool]] = Counter()
    for _, outcome, is_near, count in counted:
        counts[outcome, is_near] += count
    if not counts:
        return []
    near = sum(count for (_, is_near), count in counts.items() if is_near)
    unknown = counts.get((Outcome.UNKNOWN.value, False), 0)
    return [
        ("Đạt", str(Outcome.MET.value), counts.get((Outcome.MET.value, False), 0), "good"),
        ("Gần đạt", lists.NEAR, near, "warning"),
        ("Chưa xác định được", str(Outcome.UNKNOWN.value), unknown, "warning"),
        ("Không đạt", str(Outcome.NOT_MET.value), counts.get((Outcome.NOT_MET.value, False), 0), ""),
    ]


@require_POST
@signed_in
def act(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    round_ = access.round_at(pk, acting=acting)
    step = request.POST.get("viec", "")
    try:
        if step == "xet" and suggesting.is_large(round_, on=acting.on):
            acting.require("awardround.run", round_)
            enqueue(
                SUGGEST,
                args={"round_id": round_.pk, "user_id": acting.user.pk},
                key=f"{SUGGEST}/{round_.pk}/{clock.now():%Y%m%d%H%M}",
                requested_by=acting.user,
            )
            messages.success(
                request, "Đợt có nhiều đối tượng: chương trình đang xét, tải lại trang sau ít phút."
            )
            return redirect("awards:suggestions", pk=pk)
        if step == "xet":
            made = suggesting.suggest(round_, actor=acting, now=clock.now())
            count = Suggestion.objects.filter(set__in=made).count()
            messages.success(request, f"Đã xét {count} đối tượng theo tiêu chí của kế hoạch.")
            return redirect("awards:suggestions", pk=pk)
        known = {one.name for one in workflow.table_of(round_).transitions}
        if step in known:
            reason = request.POST.get("ly_do", "")
            workflow.advance(round_, step, actor=acting, now=clock.now(), reason=reason)
            messages.success(request, f"Đợt xét: {round_.get_state_display().lower()}.")
    except RuleNotMet as refusal:
        messages.error(request, refusal.message)
    return redirect("awards:round", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest, plan_pk: int) -> HttpResponse:
    acting = who(request)
    plan = plan_access.plan_at(request, plan_pk)
    acting.require("awardround.run", AwardRound(deciding_body=plan.owner, standing_body=plan.standing_body))
    form = AwardRoundForm(request.POST or None, on=acting.on, initial=_usual(plan, acting.on))
    if request.method == "POST" and form.is_valid():
        try:
            made = nominating.make_round(form.round(plan), forms=form.offers(), actor=acting, now=clock.now())
            messages.success(request, "Đã lập đợt xét. Mở đợt để nhận đề nghị.")
            return redirect("awards:round", pk=made.pk)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
    context = {"form": form, "plan": plan}
    return render(request, "awards/round_form.html", context, status=422 if form.errors else 200)


def _usual(plan: Plan, on: date) -> dict[str, object]:
    return {
        "name": f"Xét khen thưởng năm {on.year}",
        "since": date(on.year, 1, 1),
        "last_day": date(on.year, 12, 31),
        "opens_on": on,
        "due_on": date(on.year, 12, 31),
        "is_decided_here": True,
        "takes_own": True,
    }
