"""What hangs on units besides mandates: counted for the preview of a change, and told of it afterwards.

Apps above say what they keep about a unit in a module `matters.py`, imported when Django starts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

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


Follower = Callable[[date], None]

_followers: dict[str, Follower] = {}


def follow(key: str, follower: Follower) -> None:
    """Have `follower` called with the first day that is touched whenever the tree has changed.

    It is called in the transaction of the change, so it should only ask for work.
    """
    _followers[key] = follower


def tree_changed(since: date) -> None:
    for _, follower in sorted(_followers.items()):
        follower(since)
