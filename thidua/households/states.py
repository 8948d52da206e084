"""How final the result of a review is. `docs/reference/states.md` is drawn from it."""

from __future__ import annotations

from typing import Any

from django.db import models

from thidua.audit.workflow import Move, StateTable, Transition, register
from thidua.indicators.models import Stage


def _may_be_official(review: Any, move: Move) -> None:
    from thidua.households.recognising import refuse_unfinished

    refuse_unfinished(review, changes=move.changes)


class ReviewStage(models.TextChoices):
    """The stages that a review goes through; a forecast is none of them."""

    REGULAR = Stage.REGULAR.value, "Thường xuyên"
    PRELIMINARY = Stage.PRELIMINARY.value, "Sơ bộ"
    OFFICIAL = Stage.OFFICIAL.value, "Chính thức"


REVIEWS = register(
    StateTable(
        model="households.Review",
        title="Đợt rà soát hộ nghèo",
        states=ReviewStage,
        initial=ReviewStage.REGULAR,
        field="stage",
        unit_of=lambda review: review.commune_id,
        transitions=(
            Transition(
                "report",
                "Báo cáo kết quả sơ bộ",
                (ReviewStage.REGULAR,),
                ReviewStage.PRELIMINARY,
                right="review.run",
            ),
            Transition(
                "recognise",
                "Công nhận kết quả rà soát",
                (ReviewStage.REGULAR, ReviewStage.PRELIMINARY),
                ReviewStage.OFFICIAL,
                right="review.recognise",
                guard=_may_be_official,
            ),
        ),
    )
)
