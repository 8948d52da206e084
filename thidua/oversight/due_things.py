"""What of oversight falls due: answers to difficulties, what is to be put right, inspections to hold."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from thidua.core.text import shortened
from thidua.movements.rights import DECIDING, DOING
from thidua.notices.due import Due, register, source_of_rows
from thidua.organisations.models import Role
from thidua.oversight.models import Difficulty, Inspection, InspectionState, Remedy, RemedyState


def _difficulties(_on: date) -> QuerySet[Difficulty]:
    return Difficulty.objects.filter(state__in=Difficulty.OPEN).select_related("plan")


def _due_answer(row: Difficulty) -> Due:
    return Due(
        key=str(row.pk),
        title=f"Trả lời: {row.title}",
        address=reverse("difficulties:difficulty", args=[row.pk]),
        due_on=row.due_on,
        unit_id=row.receiver_id,
        about=(row.plan.number or row.plan.title) if row.plan else "",
    )


def _remedies(_on: date) -> QuerySet[Remedy]:
    return Remedy.objects.filter(state=RemedyState.OWED).select_related("visit")


def _due_remedy(row: Remedy) -> Due:
    return Due(
        key=str(row.pk),
        title=shortened(row.text),
        address=reverse("inspections:remedy", args=[row.pk]),
        due_on=row.due_on,
        unit_id=row.visit.unit_id,
        about="Kiến nghị sau kiểm tra",
    )


def _inspections(_on: date) -> QuerySet[Inspection]:
    """Those still to be announced, by their first day."""
    return Inspection.objects.filter(state=InspectionState.PLANNED)


def _due_inspection(row: Inspection) -> Due:
    return Due(
        key=str(row.pk),
        title=f"Chuẩn bị, thông báo: {row}",
        address=reverse("inspections:inspection", args=[row.pk]),
        due_on=row.first_on,
        unit_id=row.unit_id,
    )


register(
    source_of_rows(
        "difficulties",
        "Vướng mắc",
        roles=DECIDING,
        late_roles=DECIDING,
        waiting=_difficulties,
        due=_due_answer,
    )
)
register(
    source_of_rows(
        "remedies",
        "Khắc phục",
        roles=DOING - {Role.LEADER},
        late_roles=DOING,
        waiting=_remedies,
        due=_due_remedy,
    )
)
register(
    source_of_rows(
        "inspections",
        "Kiểm tra",
        roles=DECIDING - {Role.LEADER},
        late_roles=DECIDING,
        waiting=_inspections,
        due=_due_inspection,
        day="first_on",
    )
)
