"""What the data suggest for a round, and why, subject by subject."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from thidua.audit.log import record
from thidua.awards import access, lists, subject_facts, suggesting
from thidua.awards.models import Candidate, CandidateState, SubjectAnswer
from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.criteria import storing
from thidua.organisations import tree
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import listing, wants_workbook


@require_safe
@signed_in
def suggestions(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    round_ = access.round_at(pk, acting=acting)
    rows = access.suggestions(round_, acting=acting).select_related("set")
    labels: dict[int, str] = {}
    proposed: dict[str, int] = {}
    sets = round_.suggestion_sets.filter(is_current=True).select_related("verdicts").order_by("pk")
    found = listing(request, lists.suggestion_table(labels, proposed), rows, sets=sets)
    if wants_workbook(request):
        return found.workbook()
    found.page.object_list = shown = list(found.page.object_list)
    labels.update(tree.labels_on({row.unit_id for row in shown}, on=acting.on))
    mine = Candidate.objects.filter(round=round_, subject_key__in=[row.subject_key for row in shown])
    proposed.update(
        mine.exclude(state__in=(CandidateState.WITHDRAWN, CandidateState.REFUSED)).values_list(
            "subject_key", "pk"
        )
    )
    context = {
        "round": round_,
        "listing": found,
        "sets": sets,
        "may_run": acting.may("awardround.run", round_),
    }
    return render(request, "awards/suggestions.html", context)


@require_safe
@signed_in
def suggestion(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.suggestion_at(pk, acting=acting)
    round_ = found.set.round
    words, tone = lists.outcome_shown(found.outcome, found.is_near)
    rules = storing.rules_of(found.verdict.verdict_set).of(found.verdict.verdict_set.subject_rules)
    given = {
        one.question: one for one in SubjectAnswer.objects.filter(round=round_, subject_key=found.subject_key)
    }
    existing = (
        Candidate.objects.filter(round=round_, subject_key=found.subject_key)
        .exclude(state__in=(CandidateState.WITHDRAWN, CandidateState.REFUSED))
        .first()
    )
    criteria = [
        (one, lists.outcome_shown(one.outcome.value, one.is_near)) for one in suggesting.why(found.verdict)
    ]
    context = {
        "suggestion": found,
        "round": round_,
        "unit": tree.labels_on([found.unit_id], on=acting.on).get(found.unit_id, ""),
        "outcome": words,
        "tone": tone,
        "criteria": criteria,
        "missing": suggesting.still_open(found.verdict),
        "questions": [(key, text, given.get(key)) for key, text in subject_facts.questions_of(rules)],
        "existing": existing,
        "may_run": acting.may("awardround.run", round_),
        "may_propose": round_.state in round_.TAKING,
    }
    return render(request, "awards/suggestion.html", context)


@require_POST
@signed_in
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """A named person answers what no figure can; the next judging takes it in."""
    acting = who(request)
    found = access.suggestion_at(pk, acting=acting)
    round_ = found.set.round
    acting.require("awardround.run", round_)
    question, said = request.POST.get("cau", ""), request.POST.get("tra_loi", "")
    why, by = request.POST.get("ly_do", "").strip(), request.POST.get("boi", "").strip()
    rules = storing.rules_of(found.verdict.verdict_set).of(found.verdict.verdict_set.subject_rules)
    known = dict(subject_facts.questions_of(rules))
    try:
        if question not in known or said not in ("co", "khong") or not why or not by:
            raise RuleNotMet(
                "Chưa ghi được trả lời",
                why="cần chọn có hoặc không, ghi căn cứ và người xác nhận",
                next_step="Ghi đủ rồi lưu",
            )
        now = clock.now()
        with transaction.atomic():
            kept, _ = SubjectAnswer.objects.update_or_create(
                round=round_,
                subject_key=found.subject_key,
                question=question,
                defaults={
                    "answer": said == "co",
                    "why": why,
                    "by": by[:300],
                    "on": acting.on,
                    "user": acting.user,
                },
            )
            record(
                "awards.subjectanswer.keep",
                kept,
                label="Ghi trả lời về đối tượng",
                actor=acting,
                now=now,
                object_unit_id=found.unit_id,
                reason=why,
                details={"question": question, "answer": said},
            )
        messages.success(request, "Đã ghi. Xét lại gợi ý để tính cả trả lời này.")
    except RuleNotMet as refusal:
        messages.error(request, refusal.message)
    return redirect("awards:suggestion", pk=pk)
