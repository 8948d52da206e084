"""Asking for work.

A job is a row written in the caller's transaction, so it exists exactly when what it is about exists: a
rollback takes the job with it, and no worker sees it before the commit.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from thidua.accounts.models import User
from thidua.jobs.models import Job, JobState
from thidua.jobs.registry import daily_kinds, kind_named, repeated_kinds


def enqueue(
    kind: str,
    *,
    args: dict[str, Any],
    key: str | None = None,
    requested_by: User | None = None,
    due_at: datetime | None = None,
) -> Job:
    """Ask for a job of `kind` and return its row.

    `args` must be JSON and should hold ids. With a `key` that an earlier job has, that job is returned
    instead: asking twice does the work once. Raises KeyError when nobody registered `kind`.
    """
    registered = kind_named(kind)
    now = timezone.now()
    job = Job(
        kind=kind,
        args=args,
        key=key,
        requested_by=requested_by,
        max_attempts=registered.max_attempts,
        created_at=now,
        due_at=due_at or now,
    )
    if key is None:
        job.save(force_insert=True)
        return job
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        return Job.objects.get(key=key)
    return job


def enqueue_daily(*, on: date) -> None:
    """Ask for the work of a day, once, however many workers ask."""
    for kind in daily_kinds():
        key = f"{kind}/{on}"
        if not Job.objects.filter(key=key).exists():
            enqueue(kind, args={}, key=key)


def enqueue_repeated(*, now: datetime) -> None:
    """Ask for the work of these minutes, once, however many workers ask; slots that have passed are not made
    up for.
    """
    for kind, minutes in repeated_kinds():
        key = f"{kind}/{int(now.timestamp()) // (60 * minutes)}"
        if not Job.objects.filter(key=key).exists():
            enqueue(kind, args={}, key=key)


def try_again(job: Job, *, now: datetime) -> bool:
    """Queue a failed job once more with all its attempts; False when it was not in the state "failed"."""
    changed = Job.objects.filter(pk=job.pk, state=JobState.FAILED).update(
        state=JobState.QUEUED,
        attempts=0,
        error="",
        message="",
        steps_done=0,
        steps_total=None,
        due_at=now,
        started_at=None,
        heartbeat_at=None,
        finished_at=None,
        dropped_at=None,
        dropped_reason="",
        worker="",
    )
    return changed == 1


def drop(job: Job, *, reason: str, now: datetime) -> bool:
    """Give up a failed job for a reason; False when it was not in the state "failed", or given up already."""
    changed = Job.objects.filter(pk=job.pk, state=JobState.FAILED, dropped_at__isnull=True).update(
        dropped_at=now, dropped_reason=reason[:300]
    )
    return changed == 1
