"""What of oversight falls due: answers to difficulties that units raised."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from thidua.movements.rights import DECIDING
from thidua.notices.due import Due, register, source_of_rows
from thidua.oversight.models import Difficulty


def _open(_on: date) -> QuerySet[Difficulty]:
    return Difficulty.objects.filter(state__in=Difficulty.OPEN).select_related("plan")


def _due(row: Difficulty) -> Due:
    return Due(
        key=str(row.pk),
        title=f"Trả lời: {row.title}",
        address=reverse("difficulties:difficulty", args=[row.pk]),
        due_on=row.due_on,
        unit_id=row.receiver_id,
        about=(row.plan.number or row.plan.title) if row.plan else "",
    )


register(
    source_of_rows("difficulties", "Vướng mắc", roles=DECIDING, late_roles=DECIDING, waiting=_open, due=_due)
)
