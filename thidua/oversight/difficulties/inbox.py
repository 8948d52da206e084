"""Difficulties that wait for a person: to take or answer, by the last day in time."""

from __future__ import annotations

from django.urls import reverse

from thidua.movements.rights import DECIDING
from thidua.organisations.authority import Acting
from thidua.organisations.waiting import Waiting
from thidua.oversight.difficulties.lists import answerable
from thidua.oversight.models import DifficultyState


def waiting_for(acting: Acting, *, at_most: int) -> list[Waiting]:
    """One query."""
    if not acting.unit_ids(DECIDING):
        return []
    rows = answerable(acting).select_related("plan").order_by("due_on", "pk")[:at_most]
    return [
        Waiting(
            title=row.title,
            why=str(row.get_state_display()),
            act="Tiếp nhận" if row.state == DifficultyState.RAISED else "Trả lời",
            address=reverse("difficulties:difficulty", args=[row.pk]),
            about=f"Vướng mắc{f', {row.plan.number or row.plan.title}' if row.plan else ''}",
            due_on=row.due_on,
        )
        for row in rows
    ]
