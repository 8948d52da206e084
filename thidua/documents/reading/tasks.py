"""The tasks that a plan gives: who is to do what by when."""

from __future__ import annotations

from typing import Any

from .context import Context
from .model import Outline


def find_tasks(outline: Outline, context: Context) -> list[dict[str, Any]]:
    """The tasks of a plan in the form of `golden/1`, with ids K1…"""
    return []
