"""What a worker does for figures: add up anew after units have changed."""

from __future__ import annotations

from thidua.core import clock
from thidua.core.formats import format_date
from thidua.jobs.registry import job_kind
from thidua.jobs.worker import Progress

REBUILD_TOTALS = "indicators.rebuild_totals"


@job_kind(REBUILD_TOTALS, max_attempts=3)
def rebuild_totals(progress: Progress) -> None:
    """Of the periods whose trees are no longer the same; harmless when there are none."""
    from thidua.indicators import totals

    now = clock.now()
    periods = totals.known_periods()
    for number, period in enumerate(periods):
        progress.report(number, len(periods), f"đang cộng lại kỳ từ {format_date(period.since)}")
        totals.rebuild(now=now, periods=[period], only_stale=True)
    progress.report(len(periods), len(periods), "đã cộng lại")
