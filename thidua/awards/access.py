"""Rounds, suggestions and candidates a person may see, and loading one by its address with the right checked.

A candidate may name a person or household, so it is seen by the units that propose it, those above them in
their line who hold the round, and the bodies asked about it; a round by everybody of the line of its body.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from thidua.awards.models import (
    AwardRound,
    AwardRoundState,
    Candidate,
    CandidateState,
    Consultation,
    PersonRecord,
    Suggestion,
)
from thidua.movements.visibility import units_below
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.tables.list_indexes import any_of


def rounds(acting: Acting) -> QuerySet[AwardRound]:
    """Rounds of the own units, of those above them (once open) and of those below."""
    mine = acting.unit_ids()
    above = {version.unit_id for unit_id in mine for version in tree.ancestors(unit_id, on=acting.on)}
    own = Q(deciding_body_id__in=mine) | Q(standing_body_id__in=mine)
    shown = Q(deciding_body_id__in=above) | Q(deciding_body_id__in=units_below(acting))
    public = shown & ~Q(state__in=(AwardRoundState.PLANNED, AwardRoundState.CANCELLED))
    return AwardRound.objects.filter(own | public)


def candidates(acting: Acting) -> QuerySet[Candidate]:
    mine = acting.unit_ids()
    # Keys of the rounds instead of a join, so that an index gives the order of the list.
    held = AwardRound.objects.filter(Q(deciding_body_id__in=mine) | Q(standing_body_id__in=mine))
    return Candidate.objects.filter(
        any_of("proposer_id", mine)
        | Q(round_id__in=held.values("pk"))
        | Q(proposer_id__in=units_below(acting))
        | Q(person_id__in=_own_records(acting))
    )


def _own_records(acting: Acting) -> list[int]:
    """Keys of the records of this person: a few, where a join would look at every candidate."""
    return list(PersonRecord.objects.filter(user=acting.user).values_list("pk", flat=True))


def candidates_in(round_: AwardRound, *, acting: Acting) -> QuerySet[Candidate]:
    """Of a round: for who holds it all but drafts of others; else those that this person may see."""
    mine = acting.unit_ids()
    if not acting.may("awardround.run", round_):
        if mine & {round_.deciding_body_id, round_.standing_body_id}:
            return Candidate.objects.filter(round=round_)
        seen = Q(proposer_id__in=mine) | Q(proposer_id__in=units_below(acting))
        return Candidate.objects.filter(seen | Q(person_id__in=_own_records(acting)), round=round_)
    return Candidate.objects.filter(~Q(state=CandidateState.DRAFT) | Q(proposer_id__in=mine), round=round_)


def round_at(pk: int, *, acting: Acting) -> AwardRound:
    found = (
        rounds(acting)
        .select_related("plan", "movement", "deciding_body", "standing_body")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404("no such round")
    return found


def candidate_at(pk: int, *, acting: Acting) -> Candidate:
    found = (
        candidates(acting)
        .select_related(
            "round__movement",
            "round__plan",
            "round__deciding_body",
            "person",
            "household",
            "verdict__verdict_set",
            "continues__round",
        )
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404("no such candidate")
    return found


def suggestions(round_: AwardRound, *, acting: Acting) -> QuerySet[Suggestion]:
    """All for who holds the round; else those of the own units and below."""
    # a few keys instead of a join: the indexes begin with the set
    sets = list(round_.suggestion_sets.filter(is_current=True).values_list("pk", flat=True))
    rows = Suggestion.objects.filter(set_id__in=sets)
    if acting.may("awardround.run", round_):
        return rows
    return rows.filter(Q(unit_id__in=acting.unit_ids()) | Q(unit_id__in=units_below(acting)))


def suggestion_at(pk: int, *, acting: Acting) -> Suggestion:
    found = (
        Suggestion.objects.select_related("set__round__plan", "verdict__verdict_set", "unit")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404("no such suggestion")
    round_ = round_at(found.set.round_id, acting=acting)
    rows = suggestions(round_, acting=acting)
    if not acting.may("awardround.run", round_) and not rows.filter(pk=pk).exists():
        raise Http404("no such suggestion")
    return found


def consultation_at(pk: int, *, acting: Acting) -> Consultation:
    found = Consultation.objects.select_related("candidate__round").filter(pk=pk).first()
    if found is None:
        raise Http404("no such consultation")
    if not acting.may("candidate.receive", found.candidate):
        acting.require("consultation.answer", found)
    return found
