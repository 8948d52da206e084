"""How final the result of a review is. `docs/reference/states.md` is drawn from it."""

from __future__ import annotations

from typing import Any

from thidua.audit.workflow import Move, StateTable, Transition, register
from thidua.indicators.models import Stage


def _may_be_official(review: Any, move: Move) -> None:
    from thidua.households.recognising import refuse_unfinished

    refuse_unfinished(review, changes=move.changes)


REVIEWS = register(
    StateTable(
        model="households.Review",
        title="Đợt rà soát hộ nghèo",
        states=Stage,
        initial=Stage.REGULAR,
        field="stage",
        unit_of=lambda review: review.commune_id,
        transitions=(
            Transition(
                "report",
                "Báo cáo kết quả sơ bộ",
                (Stage.REGULAR,),
                Stage.PRELIMINARY,
                right="review.run",
            ),
            Transition(
                "recognise",
                "Công nhận kết quả rà soát",
                (Stage.REGULAR, Stage.PRELIMINARY),
                Stage.OFFICIAL,
                right="review.recognise",
                guard=_may_be_official,
            ),
        ),
    )
)
