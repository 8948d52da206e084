"""What reports keep about units, and what they follow: adopted plans, changes of units, later figures."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db.models import F, Q
from django.urls import reverse

from thidua.indicators import followers as figures
from thidua.indicators.period_trees import Key
from thidua.jobs.models import Job, JobState
from thidua.jobs.queue import enqueue
from thidua.movements import raising, warning_signs
from thidua.movements.models import Plan
from thidua.movements.plans import followers as plans
from thidua.movements.raising import Subject
from thidua.movements.warning_signs import Asked, Sign
from thidua.organisations import matters
from thidua.organisations.authority import Acting
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


def figures_changed(series: Collection[Key], _now: datetime) -> None:
    """Only when a report that was sent holds a figure of the same indicator and period."""
    asked = Q(pk__in=[])
    for indicator_id, since in {(key.indicator_id, key.since) for key in series}:
        asked |= Q(indicator_id=indicator_id, since=since)
    if ReportFigure.objects.filter(asked, report__sent_at__isnull=False).exists():
        _once(OFFER)


def _once(kind: str) -> None:
    if not Job.objects.filter(kind=kind, state=JobState.QUEUED, key=None).exists():
        enqueue(kind, args={})


def report_to_talk_about(key: int, acting: Acting) -> Subject | None:
    """A report, as a difficulty may be about it."""
    report = Report.objects.filter(pk=key).select_related("round__plan").first()
    if report is None or not acting.may("report.read", report):
        return None
    address = reverse("reports:report", args=[report.pk])
    return Subject(report.round.title, address, unit_id=report.unit_id, plan_id=report.round.plan_id)


def late_reports(asked: Asked) -> list[Sign]:
    """Reports not sent although their day is over, or sent after it: a sign to look at the unit."""
    rows = Report.objects.filter(
        Q(state__in=Report.UNSENT, due_on__lt=asked.on) | Q(first_sent_on__gt=F("due_on")),
        round__plan=asked.plan,
        unit_id__in=asked.unit_ids,
        is_owed=True,
        is_merged=False,
        due_on__gte=asked.since,
        due_on__lt=asked.until,
    ).exclude(round__state__in=[RoundState.PLANNED, RoundState.CANCELLED])
    found = []
    for unit_id, titles in grouped(rows.order_by("due_on", "pk").values_list("unit_id", "round__title")):
        text = f"{len(titles)} báo cáo chậm hoặc chưa gửi: {'; '.join(titles[:3])}"
        found.append(Sign(unit_id, "late_report", text, len(titles), "oversight.risk.late_report"))
    return found


def grouped(rows: Iterable[tuple[int, str]]) -> list[tuple[int, list[str]]]:
    found: dict[int, list[str]] = {}
    for unit_id, title in rows:
        found.setdefault(unit_id, []).append(title)
    return list(found.items())


raising.register("bao-cao", "Báo cáo", report_to_talk_about)
warning_signs.register("reports", late_reports)
matters.register("6-reports", "báo cáo chưa gửi của các đơn vị này", owed_reports)
matters.follow("reports", units_changed)
plans.follow("reports", plan_adopted)
figures.follow("reports", figures_changed)
