"""When units have changed, kept totals are added up anew: at once, and again on the day it takes effect."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time

from thidua.core import clock
from thidua.indicators.background import REBUILD_TOTALS
from thidua.indicators.models import AddedUp, Value
from thidua.jobs.models import Job, JobState
from thidua.jobs.queue import enqueue
from thidua.organisations.matters import follow, register


def figures(unit_ids: Collection[int]) -> int:
    return Value.objects.filter(unit_id__in=unit_ids, is_chosen=True).count()


def ask_for_totals(since: date) -> None:
    """Nothing to do while nothing has been added up; one waiting job is enough."""
    if not AddedUp.objects.exists():
        return
    if not Job.objects.filter(kind=REBUILD_TOTALS, state=JobState.QUEUED, key=None).exists():
        enqueue(REBUILD_TOTALS, args={})
    if since > clock.today():
        begins = datetime.combine(since, time.min, tzinfo=clock.VIETNAM)
        enqueue(REBUILD_TOTALS, args={}, key=f"{REBUILD_TOTALS}/{since}", due_at=begins)


register("5-figures", "số liệu các đơn vị này đã báo cáo", figures)
follow("indicators", ask_for_totals)
