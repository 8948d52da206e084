"""What reports keep about units, and what they follow: adopted plans, changes of units, later figures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db.models import Q

from thidua.indicators import followers as figures
from thidua.indicators.models import Value
from thidua.jobs.models import Job, JobState
from thidua.jobs.queue import enqueue
from thidua.movements.models import Plan
from thidua.movements.plans import followers as plans
from thidua.organisations import matters
from thidua.reports.background import DAILY, OFFER, PROPOSE
from thidua.reports.models import Report, ReportFigure, RoundState


def owed_reports(unit_ids: Collection[int]) -> int:
    return Report.objects.filter(
        unit_id__in=unit_ids, round__state=RoundState.OPEN, is_owed=True, state__in=Report.UNSENT
    ).count()


def plan_adopted(plan: Plan, _now: datetime) -> None:
    enqueue(PROPOSE, args={"plan_id": plan.pk})


def units_changed(_since: date) -> None:
    """Reports pass to successors; a change that takes effect later is seen on its day."""
    if Report.objects.filter(round__state=RoundState.OPEN).exists():
        _once(DAILY)


def figures_changed(values: Sequence[Value], _now: datetime) -> None:
    """Only when a report that was sent holds a figure of the same indicator and period."""
    asked = Q(pk__in=[])
    for indicator_id, since in {(value.indicator_id, value.since) for value in values}:
        asked |= Q(indicator_id=indicator_id, since=since)
    if ReportFigure.objects.filter(asked, report__sent_at__isnull=False).exists():
        _once(OFFER)


def _once(kind: str) -> None:
    if not Job.objects.filter(kind=kind, state=JobState.QUEUED, key=None).exists():
        enqueue(kind, args={})


matters.register("6-reports", "báo cáo chưa gửi của các đơn vị này", owed_reports)
matters.follow("reports", units_changed)
plans.follow("reports", plan_adopted)
figures.follow("reports", figures_changed)
