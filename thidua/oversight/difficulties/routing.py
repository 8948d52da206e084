"""Where a difficulty goes: first to the body that runs the plan, then further up.

Knows the plans that a plan carries out and the tree of the day; hides that a body that has ended is answered
for by its heir, and that nobody answers themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from thidua.movements.models import Plan
from thidua.organisations import tree
from thidua.organisations.models import UnitKind
from thidua.organisations.successions import heirs_on
from thidua.oversight.models import Difficulty


def first_receiver(plan: Plan | None, unit_id: int, *, on: date) -> int | None:
    """The standing body, else who issued the plan, else the unit above; None when nobody is left."""
    return next(_receivers(plan, unit_id, on=on), None)


def higher_receivers(difficulty: Difficulty, *, on: date) -> list[int]:
    """To whom the body that has it may pass it on, the nearest first."""
    found = list(_receivers(difficulty.plan, difficulty.receiver_id, on=on))
    own = {difficulty.receiver_id, difficulty.unit_id}
    return [unit_id for unit_id in dict.fromkeys(found) if unit_id not in own]


def _receivers(plan: Plan | None, unit_id: int, *, on: date) -> Iterator[int]:
    for wanted in _bodies(plan, unit_id, on=on):
        for living in [wanted] if tree.version_on(wanted, on=on) else heirs_on(wanted, on=on):
            if living != unit_id:
                yield living


def _bodies(plan: Plan | None, unit_id: int, *, on: date) -> Iterator[int]:
    if plan is not None:
        for one in (plan, *plan.carries_out.order_by("pk")):
            for body in (one.standing_body_id, one.owner_id):
                if body is not None:
                    yield body
    for version in reversed(tree.ancestors(unit_id, on=on)):
        if version.unit_id != unit_id and version.unit.kind != UnitKind.NATION:
            yield version.unit_id
