"""Rounds, persons and candidates for tests, in one call each. Nothing is asked that the test does not say."""

from __future__ import annotations

from datetime import date
from typing import Any

from thidua.awards.models import (
    Appraisal,
    AppraisalResult,
    AwardRound,
    AwardRoundKind,
    AwardRoundState,
    AwardSubjectType,
    Candidate,
    Consultation,
    PersonClass,
    PersonRecord,
    RoundForm,
    Sex,
)
from thidua.core.text import fold, person_sort_key
from thidua.movements.models import Plan
from thidua.organisations.models import Unit


def make_award_round(body: Unit, standing: Unit | None = None, **fields: Any) -> AwardRound:
    """The yearly round of 2023 for the movement, taking candidates until the end of the year."""
    plan: Plan | None = fields.get("plan")
    usual: dict[str, Any] = {
        "name": "Xét khen thưởng năm 2023",
        "stream": "movement",
        "commendation_type": "movement",
        "kind": AwardRoundKind.YEARLY,
        "movement": plan.movement if plan else None,
        "since": date(2023, 1, 1),
        "until": date(2024, 1, 1),
        "opens_on": date(2023, 10, 1),
        "due_on": date(2023, 12, 31),
        "state": AwardRoundState.OPEN,
    }
    return AwardRound.objects.create(
        deciding_body=body, standing_body=standing or body, **{**usual, **fields}
    )


def offer(
    round_: AwardRound,
    form: str = "giay-khen",
    subject_type: str = AwardSubjectType.COMMUNE,
    **fields: Any,
) -> RoundForm:
    return RoundForm.objects.create(round=round_, form=form, subject_type=subject_type, **fields)


def make_record(unit: Unit, name: str = "Lò Văn Mẫu", **fields: Any) -> PersonRecord:
    usual: dict[str, Any] = {"sex": Sex.MALE, "person_class": PersonClass.DIRECT, "is_invented": True}
    return PersonRecord.objects.create(
        unit=unit,
        name=name,
        name_order=person_sort_key(name),
        search_text=fold(name),
        **{**usual, **fields},
    )


def make_candidate(round_: AwardRound, subject: Unit | PersonRecord, **fields: Any) -> Candidate:
    """A commune or a person, proposed by its own unit for a Giấy khen."""
    usual: dict[str, Any] = {"form": "giay-khen", "since": round_.since, "until": round_.until}
    if isinstance(subject, PersonRecord):
        usual |= {
            "subject_type": AwardSubjectType.PERSON,
            "person": subject,
            "subject_key": f"person:{subject.pk}",
            "label": subject.name,
            "proposer": subject.unit,
        }
    else:
        usual |= {
            "subject_type": AwardSubjectType.COMMUNE,
            "unit": subject,
            "subject_key": f"unit:{subject.pk}",
            "label": str(subject),
            "proposer": subject,
        }
    return Candidate.objects.create(round=round_, **{**usual, **fields})


def appraise(candidate: Candidate, **fields: Any) -> Appraisal:
    usual: dict[str, Any] = {"result": AppraisalResult.ELIGIBLE, "text": "Đủ điều kiện."}
    return Appraisal.objects.create(
        candidate=candidate, unit=candidate.round.standing_body, **{**usual, **fields}
    )


def consult(candidate: Candidate, asked_on: date, due_on: date, **fields: Any) -> Consultation:
    usual: dict[str, Any] = {"asked_name": "Công an tỉnh", "matters": "Chấp hành pháp luật"}
    return Consultation.objects.create(
        candidate=candidate, asked_on=asked_on, due_on=due_on, **{**usual, **fields}
    )
