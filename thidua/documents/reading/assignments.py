"""Tasks given by a table: one for each row, with columns for who leads, who helps and when it is due."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from . import deadlines, vocabulary
from .actors import Words, bodies_at, normal_name
from .context import Context
from .matching import flat
from .model import Node, Outline

_SPLIT = re.compile(r"\s*[;\n]\s*")


@cache
def _columns() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(entry["pattern"]), entry["holds"]) for entry in vocabulary.load("assignment_columns")]


def column_roles(header_cells: list[str]) -> dict[str, int]:
    """Which column holds the task, its lead, its time …; the first column of each kind counts."""
    roles: dict[str, int] = {}
    for column, cell in enumerate(header_cells):
        key = flat(cell).strip(" .:*")
        holds = next((holds for expression, holds in _columns() if expression.search(key)), None)
        if holds is not None and holds not in roles:
            roles[holds] = column
    return roles


def find_table_tasks(outline: Outline, context: Context) -> list[tuple[Node, dict[str, Any]]]:
    """The tasks of the tables whose head row names what is to be done and who leads or when, without ids."""
    found = []
    for node in outline.nodes:
        if node.kind != "hang" or not node.cells:
            continue
        roles = column_roles(node.header_cells)
        charges = "lead" in roles or "supervisor" in roles
        if "task" not in roles or not (charges or ("time" in roles and not node.path.startswith("pl"))):
            continue  # in an appendix a table with nothing but times is a form to fill in
        task = _task_of_row(node, roles, context)
        if task:
            found.append((node, task))
    return found


def _task_of_row(node: Node, roles: dict[str, int], context: Context) -> dict[str, Any] | None:
    def cell(role: str) -> str:
        column = roles.get(role)
        return node.cells[column].strip() if column is not None and column < len(node.cells) else ""

    action = cell("task").strip(" ;.")
    if not any(letter.isalpha() for letter in action):
        return None
    lead = bodies_of_cell(cell("lead"))
    time = cell("time")
    if not (lead or time or cell("supervisor")):
        return None
    due = deadlines.find(time, bare=True) or deadlines.find(action)
    task: dict[str, Any] = {
        "id": "",
        "path": node.path,
        "lines": list(node.lines),
        "quote": action,
        "lead": lead or ([context.issuer] if context.issuer else []),
        "lead_explicit": bool(lead),
        "modality": "chu_tri" if lead else "self_assigned",
        "deadline": due[-1].mapping() if due else None,
    }
    recurrence = (due[-1].recurrence if due else None) or deadlines.recurrence_of(time)
    if recurrence:
        task["recurrence"] = recurrence
    coordinating = bodies_of_cell(cell("coordinate_with"))
    if coordinating:
        task["coordinate_with"] = coordinating
    if cell("supervisor"):
        task["supervisor"] = cell("supervisor")
    return task


def bodies_of_cell(text: str) -> list[str]:
    """The bodies named in a cell, in their order."""
    names: list[str] = []
    for part in _SPLIT.split(text):
        part = part.strip(" -+•.,")
        if not any(letter.isalpha() for letter in part):
            continue
        bodies = bodies_at(Words(part), 0)
        known = bodies.names if bodies is not None and bodies.end >= len(part) - 1 else (normal_name(part),)
        names += [name for name in known if name and name not in names]
    return names
