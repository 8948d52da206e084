"""Correcting a recognised review: a new row that names the old one, worked on like a review, recognised anew.

The old result stays to be read and counts until the correction is recognised by a decision of its own. Hides
which figures the corrected counts take the place of.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from thidua.audit.log import Actor, record
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.households.classes import PovertyClass
from thidua.households.models import Assessment, Review
from thidua.indicators import values
from thidua.indicators.models import Stage
from thidua.indicators.values import Entered

#: What a correction takes over: everything but the decision, which it gets of its own.
_TAKEN_OVER = (
    "listed_on",
    "surveyed_on",
    "met_on",
    "meeting_present",
    "posted_on",
    "posted_until",
    "reported_on",
    "households_total",
    "minority_total",
)
_ANSWERS = (
    "household_id",
    "area",
    "members",
    "dependants",
    "score_b1",
    "income_dong",
    "deprivations",
    "standard_code",
    "national_class",
    "local_class",
    "note",
    "entered_at",
)


@dataclass(frozen=True, slots=True)
class ChangedClass:
    """One household whose class a correction changes; the code only, never the name."""

    code: str
    before: str
    after: str


def begin(review: Review, *, reason: str, actor: Actor, now: datetime) -> Review:
    """A correction with all answers of a review. Raises NotAllowed, RuleNotMet, ChangedMeanwhile."""
    actor.require("review.recognise", review)
    if review.stage != Stage.OFFICIAL:
        raise RuleNotMet(
            "Chưa lập được bản đính chính",
            why="kết quả chưa công nhận, còn sửa được ngay trên phiếu",
            next_step="Sửa phiếu của hộ rồi công nhận",
        )
    if not reason.strip():
        raise RuleNotMet(
            "Chưa lập được bản đính chính", why="chưa ghi lý do", next_step="Ghi lý do rồi gửi lại"
        )
    try:
        with transaction.atomic():
            correction = Review.objects.create(
                commune_id=review.commune_id,
                year=review.year,
                corrects=review,
                correction_reason=reason.strip()[:500],
                **{name: getattr(review, name) for name in _TAKEN_OVER},
            )
            Assessment.objects.bulk_create(
                Assessment(review=correction, **{name: getattr(one, name) for name in _ANSWERS})
                for one in review.assessments.all()
            )
            _log("correct", "Lập bản đính chính kết quả rà soát", correction, actor=actor, now=now)
    except IntegrityError as error:
        raise ChangedMeanwhile(
            "Chưa lập được bản đính chính",
            why="kết quả này vừa có một bản đính chính khác",
            next_step="Mở lại trang rà soát để xem bản đó",
        ) from error
    return correction


def abandon(correction: Review, *, actor: Actor, now: datetime) -> None:
    """Let go of a correction that nobody has recognised; the result stays as it was."""
    actor.require("review.recognise", correction)
    if correction.corrects_id is None or correction.stage == Stage.OFFICIAL:
        raise RuleNotMet(
            "Chưa bỏ được bản đính chính",
            why="bản này đã công nhận" if correction.corrects_id else "đây không phải bản đính chính",
            next_step="Lập một bản đính chính mới nếu kết quả còn sai",
        )
    with transaction.atomic():
        _log("abandon_correction", "Bỏ bản đính chính", correction, actor=actor, now=now)
        correction.assessments.all().delete()
        correction.delete()


def let_count(correction: Review, entered: Entered, *, actor: Actor, now: datetime) -> None:
    """Choose the corrected figures over those of the decision before, with the reason. Both stay."""
    reason = f"Đính chính theo {correction.decision_number}: {correction.correction_reason}"[:500]
    for value in entered.beside:
        values.choose(value, reason=reason, actor=actor, now=now)


def changed_classes(correction: Review) -> list[ChangedClass]:
    """Whose class differs from that of the result that is corrected, by code."""
    before = dict(
        Assessment.objects.filter(review=correction.corrects_id).values_list("household", "national_class")
    )
    rows = correction.assessments.select_related("household").order_by("household__code")
    return [
        ChangedClass(row.household.code, _label(before.get(row.household_id, "")), _label(row.national_class))
        for row in rows
        if before.get(row.household_id) != row.national_class
    ]


def _label(poverty_class: str) -> str:
    return str(PovertyClass(poverty_class).label) if poverty_class else "Chưa có kết quả"


def later_official(review: Review) -> bool:
    """Whether the year after has been recognised: its start is the end that a correction changes."""
    later = Review.objects.filter(commune=review.commune_id, year=review.year + 1, stage=Stage.OFFICIAL)
    return later.exists()


def _log(act: str, label: str, correction: Review, *, actor: Actor, now: datetime) -> None:
    assert correction.corrects is not None
    record(
        f"households.review.{act}",
        correction,
        label=label,
        actor=actor,
        now=now,
        object_label=f"rà soát năm {correction.year}",
        object_unit_id=correction.commune_id,
        reason=correction.correction_reason,
        details={"corrects": correction.corrects_id, "decision": correction.corrects.decision_number},
    )
