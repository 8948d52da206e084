"""Failed jobs, looked at by a person: run again, or given up with a reason. Each act stands in the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from thidua.audit.log import record
from thidua.core.errors import RuleNotMet
from thidua.core.text import nfc
from thidua.jobs.models import Job, JobState
from thidua.jobs.queue import drop, try_again
from thidua.jobs.registry import label_of
from thidua.organisations.authority import Acting
from thidua.workspace.rights import installation


def failed() -> QuerySet[Job]:
    """What failed and nobody has given up, newest first."""
    return (
        Job.objects.filter(state=JobState.FAILED, dropped_at__isnull=True)
        .select_related("requested_by")
        .order_by("-finished_at", "-pk")
    )


def run_again(jobs: Iterable[Job], *, actor: Acting, now: datetime) -> int:
    """Queue failed jobs once more; how many. One that somebody else was quicker with is left out."""
    actor.require("jobs.keep", installation(actor))
    return _each(
        jobs,
        "jobs.job.run_again",
        "Chạy lại việc nền",
        actor=actor,
        now=now,
        act=lambda job: try_again(job, now=now),
    )


def give_up(jobs: Iterable[Job], *, reason: str, actor: Acting, now: datetime) -> int:
    """Take failed jobs out of the list for a reason; they stay in the database. How many."""
    actor.require("jobs.keep", installation(actor))
    reason = nfc(reason).strip()
    if not reason:
        raise RuleNotMet(
            "Chưa bỏ việc nào",
            why="chưa ghi lý do",
            next_step="Ghi lý do vì sao không chạy lại nữa rồi bấm Bỏ",
        )
    return _each(
        jobs,
        "jobs.job.drop",
        "Bỏ việc nền không thành công",
        actor=actor,
        now=now,
        reason=reason,
        act=lambda job: drop(job, reason=reason, now=now),
    )


def _each(
    jobs: Iterable[Job],
    action: str,
    label: str,
    *,
    actor: Acting,
    now: datetime,
    act: Callable[[Job], bool],
    reason: str = "",
) -> int:
    count = 0
    for job in jobs:
        with transaction.atomic():
            if act(job):
                record(
                    action,
                    job,
                    label=label,
                    actor=actor,
                    now=now,
                    object_label=f"{label_of(job.kind)} số {job.pk}",
                    object_unit_id=actor.unit_id,
                    reason=reason,
                )
                count += 1
    return count
