"""The states of difficulties. `docs/reference/states.md` is drawn from it."""

from __future__ import annotations

from thidua.audit.workflow import StateTable, Transition, register
from thidua.oversight.models import Difficulty, DifficultyState

_D = DifficultyState

DIFFICULTIES = register(
    StateTable(
        model="oversight.Difficulty",
        title="Khó khăn, vướng mắc",
        states=DifficultyState,
        initial=_D.RAISED,
        unit_of=lambda difficulty: difficulty.unit_id,
        transitions=(
            Transition("take", "Tiếp nhận", (_D.RAISED,), _D.TAKEN, right="difficulty.answer"),
            Transition(
                "forward",
                "Chuyển cơ quan khác trả lời",
                (_D.RAISED, _D.TAKEN),
                _D.RAISED,
                right="difficulty.answer",
                needs_reason=True,
            ),
            Transition(
                "amend",
                "Chuyển thành đề nghị sửa kế hoạch",
                (_D.TAKEN,),
                _D.AMENDING,
                right="difficulty.answer",
            ),
            Transition("answer", "Trả lời", Difficulty.OPEN, _D.ANSWERED, right="difficulty.answer"),
            Transition(
                "raise_again",
                "Nêu lại",
                (_D.ANSWERED,),
                _D.RAISED,
                right="difficulty.raise",
                needs_reason=True,
            ),
            Transition(
                "withdraw",
                "Rút vướng mắc",
                (_D.RAISED, _D.TAKEN),
                _D.WITHDRAWN,
                right="difficulty.raise",
                needs_reason=True,
            ),
        ),
    )
)
