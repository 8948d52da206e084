"""Filling a report in advance from what the system knows: figures with their stage, task results, last round.

What a person has typed is never overwritten. Missing stays missing. A share is computed from the two counts
of the same report. Hides the successor's last round: it is that of the units it took over from.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery

from thidua.core.clock import VIETNAM
from thidua.indicators.figures import figures_of, is_ratio, period_before
from thidua.indicators.models import Aggregation, Basis, Indicator, IndicatorKind, Stage
from thidua.movements.models import Evidence, Task, TaskNote, TaskState
from thidua.reports import correcting
from thidua.reports.facts import tasks_of, units_behind
from thidua.reports.models import (
    FigureOrigin,
    FormItem,
    FormSection,
    Report,
    ReportFigure,
    Round,
    RoundKind,
    RoundState,
    TaskResult,
)
from thidua.reports.readiness import items_for


@dataclass(frozen=True, slots=True)
class Filled:
    """How much was filled in."""

    figures: int
    tasks: int


def figure_period(round_: Round) -> tuple[date, date]:
    """The period that the figures speak of: the year of the round; of one in between its own period."""
    if round_.kind in (RoundKind.PERIODIC, RoundKind.IRREGULAR):
        return round_.since, round_.until
    return date(round_.year, 1, 1), date(round_.year + 1, 1, 1)


def place_of(report: Report) -> int:
    """The unit whose values count: of a merged report the body that issued the plan, that is its place."""
    if report.is_merged and report.round.plan.owner_id is not None:
        return report.round.plan.owner_id
    return report.unit_id


def prefill(report: Report, *, now: datetime) -> Filled:
    """Make or refresh the rows of a report that may still be written; typed figures and words stay.

    Safe to run again. A merged report gets its figures from the lower ones, not here.
    """
    on = now.astimezone(VIETNAM).date()
    items = items_for(report)
    with transaction.atomic():
        # Two who open it at once: the second waits and finds the rows.
        Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
        figures = 0 if report.is_merged else _figures(report, items, on=on)
        tasks = 0
        if any(item.section == FormSection.TASKS for item in items) and not report.is_merged:
            tasks = _tasks(report, on=on)
    return Filled(figures, tasks)


# --- figures ------------------------------------------------------------------------------------------


def _figures(report: Report, items: Sequence[FormItem], *, on: date) -> int:
    since, until = figure_period(report.round)
    asked = [item for item in items if item.section == FormSection.FIGURES]
    known = {figure.item_id: figure for figure in report.figures.all()}
    place = place_of(report)
    last = last_figures(report, on=on)
    rows: list[ReportFigure] = []
    for item in asked:
        assert item.indicator is not None
        figure = known.get(item.pk) or ReportFigure(
            report=report,
            item=item,
            indicator=item.indicator,
            standard=item.standard,
            segment=item.segment,
            since=since,
            until=until,
            origin=FigureOrigin.SYSTEM,
        )
        figure.before = last.get(item.key)
        if figure.origin == FigureOrigin.SYSTEM and not is_ratio(item.indicator):
            _fill(figure, item, place)
        if figure.before is None:
            figure.before = _before_in_system(item, place, since, until)
        rows.append(figure)
    count_shares(rows)
    _store(rows)
    return sum(figure.is_known for figure in rows)


def _fill(figure: ReportFigure, item: FormItem, place: int) -> None:
    assert item.indicator is not None
    found = figures_of(
        item.indicator,
        [place],
        basis=Basis.THEN,
        segment=item.segment,
        periods=[(figure.since, figure.until)],
    )
    key = (place, figure.since, figure.until, item.standard_id)
    one = found.get(key)
    if one is None or (one.amount is None and one.own is None):
        figure.amount, figure.nothing_arose, figure.value = None, False, None
        return
    is_own = one.own is not None and (one.is_own or one.is_published)
    figure.value = one.own if is_own else None
    figure.nothing_arose = bool(is_own and one.own and one.own.nothing_arose)
    figure.amount = None if figure.nothing_arose else one.amount
    figure.stage = one.own.stage if is_own and one.own else Stage.PRELIMINARY
    figure.reported, figure.expected = (one.reported, one.expected) if one.expected > 1 else (None, None)
    figure.has_estimate = one.has_estimate


def _before_in_system(item: FormItem, place: int, since: date, until: date) -> Decimal | None:
    """What the system knows of the period before, when there was no report."""
    assert item.indicator is not None
    earlier = period_before(since, until)
    found = figures_of(item.indicator, [place], basis=Basis.THEN, segment=item.segment, periods=[earlier])
    one = found.get((place, *earlier, item.standard_id))
    return one.amount if one is not None and one.is_firm else None


def last_figures(report: Report, *, on: date) -> dict[str, Decimal]:
    """By key of the item: what this unit, or those it took over from, reported in the last round of the kind.

    Counts of several predecessors add up; a share of several is left out. Corrections count.
    """
    round_ = report.round
    earlier = (
        Round.objects.filter(plan=round_.plan, kind=round_.kind, state__in=Round.OPENED)
        .filter(Q(year__lt=round_.year) | Q(year=round_.year, number__lt=round_.number))
        .order_by("-year", "-number")
        .first()
    )
    if earlier is None:
        return {}
    behind = units_behind([report.unit_id], on=on)
    rows = list(
        ReportFigure.objects.filter(
            report__round=earlier,
            report__unit_id__in=behind,
            report__is_merged=report.is_merged,
            report__state__in=Report.RECEIVED,
        ).select_related("item", "indicator")
    )
    in_force = correcting.in_force(rows)
    by_key: dict[str, list[ReportFigure]] = {}
    for row in rows:
        by_key.setdefault(row.item.key, []).append(row)
    found: dict[str, Decimal] = {}
    for key, same in by_key.items():
        amounts = [in_force[row.pk].amount for row in same]
        if any(amount is None for amount in amounts):
            continue
        if len(same) == 1 or same[0].indicator.aggregation == Aggregation.SUM:
            found[key] = sum((amount for amount in amounts if amount is not None), Decimal(0))
    return found


def count_shares(figures: Sequence[ReportFigure]) -> None:
    """Compute each share from the two counts of the same report; of an unknown count the share is unknown."""
    counts: Mapping[tuple[int, int | None, str], ReportFigure] = {
        (figure.indicator_id, figure.standard_id, figure.segment): figure for figure in figures
    }
    for figure in figures:
        indicator = figure.indicator
        if not is_ratio(indicator):
            continue
        above = counts.get((indicator.numerator_id or 0, figure.standard_id, figure.segment))
        below = counts.get((indicator.denominator_id or 0, figure.standard_id, figure.segment))
        if above is None or below is None:
            continue
        figure.origin = FigureOrigin.COUNTED
        figure.numerator, figure.denominator = above.counted, below.counted
        figure.amount = quotient(indicator, figure.numerator, figure.denominator)
        figure.stage = min((above.stage, below.stage), key=Stage.values.index)
        figure.reported, figure.expected = above.reported, above.expected


def quotient(indicator: Indicator, above: Decimal | None, below: Decimal | None) -> Decimal | None:
    if above is None or not below:
        return None
    factor = 100 if indicator.kind == IndicatorKind.SHARE else 1
    return (above * factor / below).quantize(Decimal("0.0001"))


_COLUMNS = (
    *("amount", "nothing_arose", "numerator", "denominator", "stage", "origin", "value"),
    *("reported", "expected", "has_estimate", "before"),
)


def _store(rows: Sequence[ReportFigure]) -> None:
    ReportFigure.objects.bulk_create([row for row in rows if row.pk is None])
    ReportFigure.objects.bulk_update([row for row in rows if row.pk is not None], [*_COLUMNS])


# --- tasks --------------------------------------------------------------------------------------------


def reported_tasks(report: Report, *, on: date) -> list[Task]:
    """The tasks that a report speaks of: those of the unit in the period, without the task to report."""
    round_ = report.round
    behind = units_behind([report.unit_id], on=on)
    latest = TaskNote.objects.filter(task=OuterRef("pk"), written_at__date__lt=round_.until)
    return list(
        Task.objects.filter(tasks_of(round_.plan, behind, since=round_.since, until=round_.until))
        .exclude(state=TaskState.CANCELLED)
        .exclude(report_to_text__gt="", year__isnull=False)
        .annotate(
            last_words=Subquery(latest.order_by("-written_at", "-pk").values("text")[:1]),
            notes_count=Count("notes", distinct=True),
            activities_count=Count("activities", distinct=True),
        )
        .order_by("due_on", "pk")
    )


def _tasks(report: Report, *, on: date) -> int:
    tasks = reported_tasks(report, on=on)
    evidence = _evidence_counts([task.pk for task in tasks])
    known = {row.task_id: row for row in report.task_results.all()}
    rows = []
    for task in tasks:
        row = known.get(task.pk) or TaskResult(
            report=report, task=task, text=getattr(task, "last_words", None) or ""
        )
        row.state, row.percent = task.state, task.percent
        row.days_late = task.days_late(on=on)
        row.trace = [
            {"from": label, "count": count}
            for label, count in (
                ("ghi nhận tiến độ", getattr(task, "notes_count", 0)),
                ("hoạt động", getattr(task, "activities_count", 0)),
                ("tài liệu chứng minh", evidence.get(task.pk, 0)),
            )
            if count
        ]
        rows.append(row)
    TaskResult.objects.bulk_create([row for row in rows if row.pk is None])
    TaskResult.objects.bulk_update(
        [row for row in rows if row.pk is not None], ["state", "percent", "days_late", "trace"]
    )
    gone = set(known) - {task.pk for task in tasks}
    report.task_results.filter(task_id__in=gone, text="").delete()
    return len(rows)


def _evidence_counts(task_ids: Collection[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for path in ("note__task_id", "activity__task_id"):
        rows = Evidence.objects.filter(**{f"{path}__in": task_ids}).values_list(path).annotate(Count("pk"))
        for task_id, count in rows:
            found[task_id] = found.get(task_id, 0) + count
    return found


def is_open(report: Report) -> bool:
    return report.round.state == RoundState.OPEN and report.is_writable
