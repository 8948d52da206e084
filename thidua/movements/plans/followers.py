"""Who wants to know that a plan came into force, or an amendment: apps above say so in `matters.py`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from thidua.movements.models import Plan

Follower = Callable[[Plan, datetime], None]

_followers: dict[str, Follower] = {}


def follow(key: str, follower: Follower) -> None:
    """Have `follower` called in the transaction of the adoption, so it should only ask for work."""
    _followers[key] = follower


def plan_adopted(plan: Plan, *, now: datetime) -> None:
    for _, follower in sorted(_followers.items()):
        follower(plan, now)
