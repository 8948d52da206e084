"""What stands open about units after inspections, for whoever decides on awards."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Q
from django.urls import reverse

from thidua.core.formats import format_date
from thidua.oversight.models import InspectionState, Remedy, RemedyState, Visit


class MatterKind(StrEnum):
    #: Signs of a breach that are being looked into: nobody is commended meanwhile.
    BREACH = "breach"
    #: Something was to be put right, and the day is over.
    LATE_REMEDY = "late_remedy"
    #: An inspection that goes on: worth knowing, no obstacle.
    GOING_ON = "going_on"


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """One open matter of one unit, with the page that shows it."""

    unit_id: int
    kind: MatterKind
    text: str
    since: date
    address: str


def open_matters(unit_ids: Collection[int], *, on: date) -> list[OpenMatter]:
    """As they stand on a day, the gravest first; two queries for any number of units."""
    visits = (
        Visit.objects.filter(unit_id__in=unit_ids)
        .filter(Q(has_breach_signs=True) | Q(inspection__state=InspectionState.ANNOUNCED))
        .select_related("inspection")
        .order_by("pk")
    )
    breaches, going_on = [], []
    for visit in visits:
        address = reverse("inspections:visit", args=[visit.pk])
        title = visit.inspection.title
        noted, ended = visit.breach_noted_on, visit.breach_ended_on
        if visit.has_breach_signs and noted and noted <= on and (ended is None or ended > on):
            # What the signs are is for the team alone until it is cleared up.
            text = f"Dấu hiệu vi phạm đang được làm rõ: {title}"
            breaches.append(OpenMatter(visit.unit_id, MatterKind.BREACH, text, noted, address))
        elif visit.inspection.state == InspectionState.ANNOUNCED and visit.inspection.first_on <= on:
            text = f"Đang được kiểm tra: {title}"
            since = visit.inspection.first_on
            going_on.append(OpenMatter(visit.unit_id, MatterKind.GOING_ON, text, since, address))
    late = Remedy.objects.filter(
        visit__unit_id__in=unit_ids, state=RemedyState.OWED, due_on__lt=on
    ).select_related("visit")
    remedies = [
        OpenMatter(
            remedy.visit.unit_id,
            MatterKind.LATE_REMEDY,
            f"Kiến nghị sau kiểm tra quá hạn từ {format_date(remedy.due_on)}: {remedy}",
            remedy.due_on,
            reverse("inspections:remedy", args=[remedy.pk]),
        )
        for remedy in late.order_by("due_on", "pk")
    ]
    return [*breaches, *remedies, *going_on]
