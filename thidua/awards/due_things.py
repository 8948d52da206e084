"""What of awards falls due: opinions that bodies were asked for, candidates to send while a round is open."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from thidua.awards.council import due_things as of_councils  # noqa: F401  # registers its sources
from thidua.awards.groups import due_things as of_groups  # noqa: F401  # registers its sources
from thidua.awards.models import AwardRoundState, Candidate, CandidateState, Consultation
from thidua.awards.opinions import due_things as of_opinions  # noqa: F401  # registers its sources
from thidua.awards.rights import DOING
from thidua.notices.due import Due, register, source_of_rows
from thidua.organisations.models import Role


def _asked(_on: date) -> QuerySet[Consultation]:
    return Consultation.objects.filter(
        asked__isnull=False, answer="", candidate__state=CandidateState.CONSULTING
    ).select_related("candidate__round")


def _due_opinion(row: Consultation) -> Due:
    return Due(
        key=str(row.pk),
        title=f"Cho ý kiến về khen thưởng: {row.candidate.label}",
        address=reverse("awards:consultation", args=[row.pk]),
        due_on=row.due_on,
        unit_id=row.asked_id,
        about=row.candidate.round.name,
    )


def _to_send(_on: date) -> QuerySet[Candidate]:
    return Candidate.objects.filter(
        state__in=Candidate.OPEN, round__state=AwardRoundState.OPEN
    ).select_related("round")


def _due_candidate(row: Candidate) -> Due:
    return Due(
        key=str(row.pk),
        title=f"Đề nghị khen thưởng: {row.label}",
        address=reverse("awards:candidate", args=[row.pk]),
        due_on=row.round.due_on,
        unit_id=row.proposer_id,
        about=row.round.name,
    )


WORKERS = DOING - {Role.LEADER}
register(
    source_of_rows(
        "consultations", "Lấy ý kiến", roles=WORKERS, late_roles=DOING, waiting=_asked, due=_due_opinion
    )
)
register(
    source_of_rows(
        "candidates",
        "Hồ sơ khen thưởng",
        roles=WORKERS,
        late_roles=DOING,
        waiting=_to_send,
        due=_due_candidate,
        day="round__due_on",
    )
)
