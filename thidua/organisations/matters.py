"""What hangs on units besides mandates, counted for the preview of a change.

Apps above say what they keep about a unit in a module `matters.py`, imported when Django starts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

Count = Callable[[Collection[int]], int]


@dataclass(frozen=True, slots=True)
class Matter:
    """One kind of thing that units have: "nhiệm vụ chưa xong", and how many of them some units have."""

    key: str
    label: str
    count: Count


_matters: dict[str, Matter] = {}


def register(key: str, label: str, count: Count) -> None:
    _matters[key] = Matter(key, label, count)


def counted(unit_ids: Collection[int]) -> list[tuple[str, int]]:
    """Label and number of everything that these units have, without what they have none of."""
    found = [(matter.label, matter.count(unit_ids)) for _, matter in sorted(_matters.items())]
    return [(label, count) for label, count in found if count]
