"""Who wants to know that figures came in or changed: apps above say so in their `matters.py`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from thidua.indicators.period_trees import Key

Follower = Callable[[Collection[Key], datetime], None]

_followers: dict[str, Follower] = {}


def follow(key: str, follower: Follower) -> None:
    """Have `follower` called with the series that changed.

    In the transaction of the change, so it should only ask for work.
    """
    _followers[key] = follower


def figures_changed(series: Collection[Key], *, now: datetime) -> None:
    if series:
        for _, follower in sorted(_followers.items()):
            follower(series, now)
