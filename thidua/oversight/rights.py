"""Who may do what to difficulties and guidance. `docs/reference/rights.md` is drawn from it."""

from __future__ import annotations

from thidua.movements.rights import DECIDING, DOING, issuing_units
from thidua.organisations.authority import Reach, Right, register
from thidua.organisations.models import Role
from thidua.oversight.models import Difficulty, Guidance

Units = tuple[int | None, ...]


def raising_unit(difficulty: Difficulty) -> Units:
    return (difficulty.unit_id,)


def answering_units(difficulty: Difficulty) -> Units:
    """The body that has it; while that is one of the two bodies of the plan, both of them."""
    plan = difficulty.plan
    bodies = issuing_units(plan) if plan is not None else ()
    return (difficulty.receiver_id, *(bodies if difficulty.receiver_id in bodies else ()))


def concerned_units(difficulty: Difficulty) -> Units:
    """Who raised it, who has it or had it, who runs the plan."""
    plan = difficulty.plan
    passed = difficulty.passages.values_list("receiver_id", flat=True)
    return (
        difficulty.unit_id,
        difficulty.receiver_id,
        *passed,
        *(issuing_units(plan) if plan is not None else ()),
    )


def guiding_unit(guidance: Guidance) -> Units:
    return (guidance.unit_id,)


for right in (
    Right("difficulty.raise", "nêu, rút hay nêu lại vướng mắc", DOING, raising_unit),
    Right("difficulty.answer", "tiếp nhận, chuyển hay trả lời vướng mắc", DECIDING, answering_units),
    Right("difficulty.read", "xem vướng mắc", frozenset(Role), concerned_units, reach=Reach.ABOVE),
    Right("guidance.write", "ban hành hướng dẫn", DECIDING, guiding_unit),
):
    register(right)
