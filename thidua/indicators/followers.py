"""Who wants to know that figures came in or changed: apps above say so in their `matters.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from thidua.indicators.models import Value

Follower = Callable[[Sequence[Value], datetime], None]

_followers: dict[str, Follower] = {}


def follow(key: str, follower: Follower) -> None:
    """Have `follower` called in the transaction of the change, so it should only ask for work."""
    _followers[key] = follower


def figures_changed(values: Sequence[Value], *, now: datetime) -> None:
    if values:
        for _, follower in sorted(_followers.items()):
            follower(values, now)
