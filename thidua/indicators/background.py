"""What a worker does for figures: large Excel files; adding up anew after units have changed."""

from __future__ import annotations

from thidua.core import clock
from thidua.core.errors import UserError
from thidua.core.formats import format_date
from thidua.indicators.models import FigureFile
from thidua.jobs.registry import job_kind
from thidua.jobs.worker import JobRefused, Progress
from thidua.organisations.authority import acting

REBUILD_TOTALS = "indicators.rebuild_totals"
CHECK_FIGURES = "indicators.check_figures"
TAKE_IN_FIGURES = "indicators.take_in_figures"


@job_kind(REBUILD_TOTALS, label="cộng lại số tổng hợp", max_attempts=3)
def rebuild_totals(progress: Progress) -> None:
    """Of the periods whose trees are no longer the same; harmless when there are none."""
    from thidua.indicators import total_keeping

    now = clock.now()
    periods = total_keeping.known_periods()
    for number, period in enumerate(periods):
        progress.report(number, len(periods), f"đang cộng lại kỳ từ {format_date(period.since)}")
        total_keeping.rebuild(now=now, periods=[period], only_stale=True)
    progress.report(len(periods), len(periods), "đã cộng lại")


@job_kind(CHECK_FIGURES, label="kiểm tra tệp số liệu", max_attempts=2)
def check_figures(progress: Progress, *, file_id: int) -> None:
    from thidua.indicators import figure_files

    kept = FigureFile.objects.select_related("user", "file").get(pk=file_id)
    actor = acting(kept.user, on=clock.today())
    figure_files.check(kept, actor=actor, now=clock.now(), report=progress.report)


@job_kind(TAKE_IN_FIGURES, label="nhập tệp số liệu", max_attempts=2)
def take_in_figures(progress: Progress, *, file_id: int, reason: str) -> None:
    from thidua.indicators import figure_files

    kept = FigureFile.objects.select_related("user", "file").get(pk=file_id)
    if kept.done_at is not None:  # a worker that died after the commit
        return
    actor = acting(kept.user, on=clock.today())
    try:
        figure_files.take_in(kept, reason=reason, actor=actor, now=clock.now(), report=progress.report)
    except UserError as refusal:
        raise JobRefused(refusal.message) from refusal
