"""Tasks given by a table: one row for each, with columns for who leads, who helps and when it is due."""

from __future__ import annotations

from typing import Any

from .model import Outline


def find_table_tasks(outline: Outline) -> list[dict[str, Any]]:
    """The tasks of the tables of a plan whose head row names the columns, without ids."""
    return []
