"""The queue's own work of each day."""

from __future__ import annotations

from django.utils import timezone

from thidua.jobs import life
from thidua.jobs.registry import job_kind
from thidua.jobs.worker import Progress


@job_kind("jobs.forget", label="dọn việc nền cũ", is_daily=True)
def forget(_progress: Progress) -> None:
    """Jobs of the calendar done long ago, and workers long silent."""
    life.forget(now=timezone.now())
