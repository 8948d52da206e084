"""A task made from a paper that arrived: what it says, by when, and to which plan it most likely belongs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from thidua.audit.log import Actor, record
from thidua.documents.models import IncomingPaper
from thidua.movements.models import Plan, Task


@dataclass(frozen=True, slots=True)
class Likely:
    """A plan that a task may belong to, and why it comes first; empty where nothing speaks for it."""

    plan: Plan
    why: str


def likely_plans(incoming: IncomingPaper, plans: Iterable[Plan]) -> list[Likely]:
    """The plans, those first that the paper is, cites, or that carry out what it is or cites."""
    refs = _cited(incoming)
    found = [Likely(plan, _why(plan, incoming.notation, refs)) for plan in plans]
    return sorted(found, key=lambda one: not one.why)


def _why(plan: Plan, notation: str, refs: set[str]) -> str:
    if plan.number and plan.number == notation:
        return "chính là văn bản này"
    if plan.number in refs:
        return "được văn bản này viện dẫn"
    above = {one.number for one in plan.carries_out.all() if one.number}
    if notation in above:
        return "thực hiện văn bản này"
    return "cùng thực hiện văn bản được viện dẫn" if above & refs else ""


def _cited(incoming: IncomingPaper) -> set[str]:
    if incoming.document is None:
        return set()
    return {one["ref"] for one in incoming.document.record.get("citations") or () if one.get("ref")}


def proposed_task(incoming: IncomingPaper) -> dict[str, Any]:
    """What the form of a new task begins with."""
    name = " ".join(filter(None, (incoming.kind, incoming.notation)))
    due_on: date | None = incoming.due_on
    return {"title": f"Thực hiện {name or 'văn bản đến'}: {incoming.title}", "due_on": due_on}


def remember(incoming: IncomingPaper, tasks: list[Task], *, actor: Actor, now: datetime) -> None:
    """Write down with the paper which tasks came of it."""
    record(
        "documents.incomingpaper.give_task",
        incoming,
        label="Giao nhiệm vụ từ văn bản đến",
        actor=actor,
        now=now,
        object_unit_id=incoming.unit_id,
        details={"nhiệm vụ": [task.pk for task in tasks]},
    )
