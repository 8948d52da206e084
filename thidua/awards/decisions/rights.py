"""Who may do what to decisions, bonus money and certificates. `docs/reference/rights.md` is drawn from it."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from thidua.audit.log import Actor
from thidua.awards.models import AwardDecision, AwardRound, Certificate, CertificateDesign
from thidua.documents.models import OutgoingPaper
from thidua.documents.papers import owners
from thidua.organisations.authority import Reach, Right, register
from thidua.organisations.models import Role

DECIDING = frozenset({Role.STANDING, Role.LEADER})
PAYING = frozenset({Role.STANDING, Role.LEADER, Role.CLERK})
Units = tuple[int | None, ...]


def preparing_units(decision: AwardDecision) -> Units:
    """The body in whose name it goes out, and the office that prepares it."""
    return (decision.unit_id, decision.standing_body_id)


def concerned_units(decision: AwardDecision) -> Units:
    """Those, and who proposed the subjects of the list."""
    proposers = decision.lines.filter(candidate__isnull=False).values_list(
        "candidate__proposer_id", flat=True
    )
    return (*preparing_units(decision), *proposers.order_by().distinct())


def designing_units(design: CertificateDesign) -> Units:
    """The body whose certificates they are, and the offices that prepare its rounds."""
    standing = AwardRound.objects.filter(deciding_body_id=design.unit_id).values_list("standing_body_id")
    return (design.unit_id, *(pk for (pk,) in standing.order_by().distinct()))


def keeping_unit(certificate: Certificate) -> Units:
    return (certificate.award.keeper_id,)


def _decision(pk: str) -> AwardDecision | None:
    return AwardDecision.objects.filter(pk=int(pk)).first() if pk.isdigit() else None


def _drafting(pk: str) -> list[int]:
    found = _decision(pk)
    return [unit for unit in preparing_units(found) if unit is not None] if found else []


def _reading(pk: str) -> list[int]:
    found = _decision(pk)
    return [unit for unit in concerned_units(found) if unit is not None] if found else []


def _when_issued(paper: OutgoingPaper, actor: Actor, now: datetime) -> None:
    from thidua.awards.decisions import carrying_out

    carrying_out.when_issued(paper, actor=actor, now=now)


owners.register(
    owners.Owner(
        "awards.awarddecision",
        "Quyết định khen thưởng",
        reading_units=_reading,
        drafting_units=_drafting,
        address=lambda pk: reverse("awards:decision", args=[int(pk)]),
        when_issued=_when_issued,
    )
)

for right in (
    Right("decision.prepare", "chuẩn bị quyết định khen thưởng", DECIDING, preparing_units),
    Right("decision.carry_out", "ghi kết quả theo quyết định đã phát hành", DECIDING, preparing_units),
    Right(
        "decision.read",
        "xem quyết định khen thưởng này",
        frozenset(Role),
        concerned_units,
        reach=Reach.ABOVE,
    ),
    Right("bonus.pay", "ghi chi, thu hồi tiền thưởng", PAYING, preparing_units),
    Right("certificate.print", "in bằng, giấy khen", PAYING, preparing_units),
    Right("certificate.hand_over", "ghi trao bằng, giấy khen", PAYING, preparing_units),
    Right("certificate.keep", "cấp bằng cho khoản khen thưởng trong sổ", DECIDING, keeping_unit),
    Right("certificate.design", "sửa mẫu in bằng, giấy khen", DECIDING, designing_units),
):
    register(right)
