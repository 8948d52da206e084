"""Which workers live, what they do, and how long the queue has to wait: for health page and metrics.

A worker is alive while its last sign is younger than the setting that decides when its job is taken away.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Q

from thidua.jobs.models import Job, JobState, Worker
from thidua.jobs.registry import daily_kinds, label_of, repeated_kinds

#: What was done by the calendar, and workers long silent, are forgotten after so many days.
KEPT_DAYS = 7


def beat(name: str, *, now: datetime) -> None:
    """A sign of life; the first one makes the row."""
    if not Worker.objects.filter(name=name).update(seen_at=now):
        Worker.objects.create(
            name=name, host=socket.gethostname()[:120], pid=os.getpid(), started_at=now, seen_at=now
        )


def end(name: str) -> None:
    """A worker that was asked to stop leaves nothing behind."""
    Worker.objects.filter(name=name).delete()


@dataclass(frozen=True, slots=True)
class Seen:
    """A worker as it looks now."""

    worker: Worker
    is_alive: bool
    doing: Job | None

    @property
    def doing_label(self) -> str:
        return label_of(self.doing.kind) if self.doing else ""


def workers(*, now: datetime) -> list[Seen]:
    """Living ones first; two queries."""
    since = now - timedelta(seconds=settings.JOBS_DEAD_AFTER_SECONDS)
    rows = list(Worker.objects.order_by("-seen_at", "name"))
    running = Job.objects.filter(state=JobState.RUNNING, worker__in=[row.name for row in rows])
    doing = {job.worker: job for job in running}
    return [Seen(row, row.seen_at >= since, doing.get(row.name)) for row in rows]


def longest_wait_seconds(*, now: datetime) -> int:
    """For how long the oldest job that could run has been due; 0 when none is."""
    oldest = Job.objects.filter(state=JobState.QUEUED, due_at__lte=now).aggregate(oldest=Min("due_at"))
    return int((now - oldest["oldest"]).total_seconds()) if oldest["oldest"] else 0


def counts() -> Mapping[str, int]:
    """State → number of jobs; those given up are "dropped". Every state is there."""
    found = dict.fromkeys((*JobState.values, "dropped"), 0)
    rows = Job.objects.order_by().values("state").annotate(number=Count("pk"), dropped=Count("dropped_at"))
    for row in rows:
        found[row["state"]] += row["number"] - row["dropped"]
        found["dropped"] += row["dropped"]
    return found


def forget(*, now: datetime) -> int:
    """Delete jobs of the calendar that are long over, and workers long silent; how many jobs."""
    before = now - timedelta(days=KEPT_DAYS)
    Worker.objects.filter(seen_at__lt=before).delete()
    repeated = [name for name, _ in repeated_kinds()]
    # What is asked for every few minutes has been done since, even where it once failed.
    over = Q(kind__in=[*daily_kinds(), *repeated], state=JobState.DONE) | Q(
        kind__in=repeated, state=JobState.FAILED
    )
    # With a key only: what somebody asked for stays.
    gone = Job.objects.filter(over, key__isnull=False, finished_at__lt=before).delete()
    return gone[0]
