"""The states of a decision on awards: its paper has states of its own."""

from __future__ import annotations

from thidua.audit.workflow import Move, StateTable, Transition, register
from thidua.awards.models import AwardDecision, DecisionState
from thidua.core.errors import RuleNotMet


def paper_is_issued(decision: AwardDecision, _move: Move) -> None:
    if decision.paper is None or not decision.paper.is_final:
        raise RuleNotMet(
            "Chưa ghi được kết quả",
            why="văn bản chưa ký, cấp số, phát hành",
            next_step="Phát hành văn bản ở trang của văn bản; kết quả được ghi ngay lúc đó",
        )


AWARD_DECISIONS = register(
    StateTable(
        model="awards.AwardDecision",
        title="Quyết định khen thưởng",
        states=DecisionState,
        initial=DecisionState.PREPARED,
        unit_of=lambda decision: decision.unit_id,
        transitions=(
            Transition(
                "carry_out",
                "Ghi kết quả theo văn bản đã phát hành",
                (DecisionState.PREPARED,),
                DecisionState.CARRIED_OUT,
                right="decision.carry_out",
                guard=paper_is_issued,
            ),
            Transition(
                "drop",
                "Bỏ, không ban hành",
                (DecisionState.PREPARED,),
                DecisionState.DROPPED,
                right="decision.prepare",
                needs_reason=True,
            ),
        ),
    )
)
