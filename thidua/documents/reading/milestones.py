"""The days of a movement: launch, mid-term and final review, reports, yearly checks and awards."""

from __future__ import annotations

from typing import Any

from .context import Context
from .model import Outline


def find_milestones(outline: Outline, context: Context, tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The milestones of a plan in the form of `golden/1`."""
    return []
