"""What of reports falls due: the reports that units owe in open rounds."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from thidua.movements.rights import DOING
from thidua.notices.due import Due, register, source_of_rows
from thidua.organisations.models import Role
from thidua.reports.models import Report, RoundState


def _owed(_on: date) -> QuerySet[Report]:
    return Report.objects.filter(
        is_owed=True, state__in=Report.UNSENT, round__state=RoundState.OPEN
    ).select_related("round__plan")


def _due(report: Report) -> Due:
    title = report.round.title
    return Due(
        key=str(report.pk),
        title=f"Tổng hợp: {title}" if report.is_merged else title,
        address=reverse("reports:report", args=[report.pk]),
        due_on=report.due_on,
        unit_id=report.unit_id,
        about=report.round.plan.number or report.round.plan.title,
    )


register(
    source_of_rows(
        "reports", "Báo cáo", roles=DOING - {Role.LEADER}, late_roles=DOING, waiting=_owed, due=_due
    )
)
