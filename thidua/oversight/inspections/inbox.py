"""What of inspections waits for a person: a unit to look at, something to put right or to confirm."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse

from thidua.core.text import shortened
from thidua.movements.models import Plan
from thidua.movements.rights import DECIDING, DOING
from thidua.organisations.authority import Acting
from thidua.organisations.waiting import Waiting
from thidua.oversight.models import Inspection, InspectionState, Remedy, RemedyState


def waiting_for(acting: Acting, *, at_most: int) -> list[Waiting]:
    """Three queries at most."""
    deciding, doing = acting.unit_ids(DECIDING), acting.unit_ids(DOING)
    found: list[Waiting] = []
    if deciding:
        plans = Plan.objects.filter(Q(owner__in=deciding) | Q(standing_body__in=deciding)).values("pk")
        running = Inspection.objects.filter(
            Q(unit__in=deciding) | Q(plan__in=plans),
            state__in=(InspectionState.PLANNED, InspectionState.ANNOUNCED),
        )
        found += [
            Waiting(
                title=one.title,
                why=str(one.get_state_display()),
                act="Chuẩn bị, thông báo" if one.state == InspectionState.PLANNED else "Kiểm tra, kết luận",
                address=reverse("inspections:inspection", args=[one.pk]),
                about="Kiểm tra, giám sát",
                due_on=one.first_on if one.state == InspectionState.PLANNED else one.last_on,
            )
            for one in running.order_by("first_on", "pk")[:at_most]
        ]
        reported = Remedy.objects.filter(
            Q(visit__inspection__unit__in=deciding) | Q(visit__inspection__plan__in=plans),
            state=RemedyState.REPORTED,
        )
        found += [
            Waiting(
                title=shortened(one.text),
                why="Chờ xác nhận khắc phục",
                act="Xác nhận hoặc trả lại",
                address=reverse("inspections:remedy", args=[one.pk]),
                about="Kiến nghị sau kiểm tra",
                is_answer=True,
            )
            for one in reported.order_by("reported_at", "pk")[:at_most]
        ]
    if doing:
        owed = Remedy.objects.filter(visit__unit__in=doing, state=RemedyState.OWED)
        found += [
            Waiting(
                title=shortened(one.text),
                why="Phải khắc phục",
                act="Báo cáo khắc phục",
                address=reverse("inspections:remedy", args=[one.pk]),
                about="Kiến nghị sau kiểm tra",
                due_on=one.due_on,
            )
            for one in owed.order_by("due_on", "pk")[:at_most]
        ]
    return found
