"""What the data tell about units that should be looked at: signs, each told by the app that keeps the data.

Apps beside and above register their own in `matters.py`; inspections read them all. A sign is no finding.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from thidua.movements.models import Plan


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that speaks for looking at a unit. `weight_key` is the parameter that says how much."""

    unit_id: int
    kind: str
    text: str
    #: How many such things the sign stands for.
    count: int
    weight_key: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """About which units of a plan, in which half-open period, seen from which day."""

    plan: Plan
    unit_ids: Collection[int]
    since: date
    until: date
    on: date


Finder = Callable[[Asked], list[Sign]]

_finders: dict[str, Finder] = {}


def register(key: str, finder: Finder) -> None:
    _finders[key] = finder


def signs_of(asked: Asked) -> list[Sign]:
    """All signs, those of each kind together."""
    return [sign for _, finder in sorted(_finders.items()) for sign in finder(asked)]
