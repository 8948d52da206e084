"""Decisions, certificates and designs a person may see, and loading one with the right checked.

A decision names persons, so it is seen by the bodies that make it, those above them, and, once it has taken
effect, by the units that proposed its subjects.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from thidua.awards.models import (
    AwardDecision,
    AwardRound,
    CertificateDesign,
    CertificatePrint,
    DecisionLine,
    DecisionState,
    RegisteredAward,
)
from thidua.awards.rights import DECIDING
from thidua.movements.visibility import units_below
from thidua.organisations.authority import Acting


def decisions(acting: Acting) -> QuerySet[AwardDecision]:
    mine = acting.unit_ids()
    proposed = DecisionLine.objects.filter(candidate__proposer_id__in=mine, is_alive=True).values("decision")
    return AwardDecision.objects.filter(
        Q(unit_id__in=mine)
        | Q(standing_body_id__in=mine)
        | Q(unit_id__in=units_below(acting))
        | Q(pk__in=proposed, state=DecisionState.CARRIED_OUT)
    )


def decision_at(pk: int, *, acting: Acting) -> AwardDecision:
    found = (
        decisions(acting)
        .select_related("paper__given", "round__plan", "round__movement", "unit", "standing_body", "to_round")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404("no such decision")
    return found


def line_at(pk: int, line_pk: int, *, acting: Acting) -> DecisionLine:
    decision = decision_at(pk, acting=acting)
    acting.require("decision.prepare", decision)
    line = decision.lines.select_related("candidate", "award__certificate").filter(pk=line_pk).first()
    if line is None:
        raise Http404("no such line")
    line.decision = decision
    return line


def round_at(pk: int, *, acting: Acting) -> AwardRound:
    """A round for which this person may prepare decisions."""
    found = (
        AwardRound.objects.select_related("plan", "movement", "deciding_body", "standing_body")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404("no such round")
    acting.require(
        "decision.prepare",
        AwardDecision(unit_id=found.deciding_body_id, standing_body_id=found.standing_body_id, pk=0),
    )
    return found


def designs(acting: Acting) -> QuerySet[CertificateDesign]:
    """Of the own bodies, and of those for which one prepares decisions."""
    mine = set(acting.unit_ids())
    served = AwardRound.objects.filter(standing_body_id__in=mine).values("deciding_body_id")
    return CertificateDesign.objects.filter(Q(unit_id__in=mine) | Q(unit_id__in=served))


def design_at(pk: int, *, acting: Acting) -> CertificateDesign:
    found = designs(acting).select_related("unit", "background", "emblem").filter(pk=pk).first()
    if found is None:
        raise Http404("no such design")
    return found


def bodies_for_designs(acting: Acting) -> list[int]:
    """Bodies whose certificates this person may design."""
    mine = set(acting.unit_ids(DECIDING))
    served = AwardRound.objects.filter(standing_body_id__in=mine).values_list("deciding_body_id", flat=True)
    return sorted({*mine, *served.distinct()})


def print_at(pk: int, *, acting: Acting) -> CertificatePrint:
    found = CertificatePrint.objects.select_related("decision", "design", "file", "job").filter(pk=pk).first()
    if found is None or found.decision is None:
        raise Http404("no such printing")
    acting.require("certificate.print", found.decision)
    return found


def may_take_back(award: RegisteredAward, *, acting: Acting) -> bool:
    """Whether this person may prepare a revocation or correction of an award."""
    return acting.may("decision.prepare", _decision_about(award))


def _decision_about(award: RegisteredAward) -> AwardDecision:
    """The decision that would take an award back: of the body that gave it, by who prepared that."""
    body = award.issuer_id or award.keeper_id
    before = award.decision_lines.filter(decision__kind="khen_thuong").select_related("decision").first()
    standing = before.decision.standing_body_id if before is not None else body
    return AwardDecision(unit_id=body, standing_body_id=standing, pk=0)


def award_at(pk: int, *, acting: Acting) -> RegisteredAward:
    """An award about which this person may prepare a revocation or correction."""
    found = (
        RegisteredAward.objects.select_related("issuer", "keeper", "certificate", "candidate__round")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404("no such award")
    acting.require("decision.prepare", _decision_about(found))
    return found
