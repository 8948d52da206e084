"""Who hears of what happens to a task: the unit that does it, or the one that asked for it."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from thidua.audit.log import Actor
from thidua.core.text import shortened
from thidua.movements.models import Task
from thidua.notices import telling


def page_of(task: Task) -> str:
    return reverse("tasks:task", args=[task.pk])


def asking_unit_id(task: Task) -> int:
    """The unit that follows a task up: the giver of a sub-task, else the body that runs the plan."""
    if task.parent_id is not None:
        return task.giver_id
    return task.plan.standing_body_id or task.giver_id


def tell_doer(task: Task, what: str, *, kind: str, actor: Actor, now: datetime) -> None:
    _tell(task.unit_id, task, what, kind=kind, actor=actor, now=now)


def tell_asker(task: Task, what: str, *, kind: str, actor: Actor, now: datetime) -> None:
    """Silent when a unit asked itself."""
    if asking_unit_id(task) != task.unit_id:
        _tell(asking_unit_id(task), task, what, kind=kind, actor=actor, now=now)


def _tell(unit_id: int, task: Task, what: str, *, kind: str, actor: Actor, now: datetime) -> None:
    telling.tell(
        kind=kind,
        text=f"{what}: «{shortened(task.title)}»",
        address=page_of(task),
        now=now,
        sender=actor.name,
        unit_id=unit_id,
    )
