"""Running jobs.

A job is claimed by one UPDATE that filters on the old state, so two workers never run the same one. While
it runs, its heartbeat is renewed; a worker that was killed leaves a heartbeat behind that grows old, and
`reap` gives its job to another worker. Every later write filters on worker and attempt, so a worker that
was only slow and comes back cannot overwrite what its successor did.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from django.db.models import QuerySet
from django.utils import timezone

from thidua.core import clock as office_clock
from thidua.jobs import life
from thidua.jobs.models import Job, JobState
from thidua.jobs.queue import enqueue_daily, enqueue_repeated
from thidua.jobs.registry import call, kind_named

logger = logging.getLogger(__name__)

#: Seconds before the second, third … attempt; the last one holds for all that follow.
BACKOFF_SECONDS = (5, 30, 120, 600)

#: Between two looks at a database that is away.
LONGEST_PAUSE_SECONDS = 30

Clock = Callable[[], datetime]


class JobRefused(Exception):
    """Raised by a job function for a reason that another attempt will not change.

    Its text is shown to people.
    """


class JobLost(Exception):
    """Raised inside a job function when the job was given to another worker meanwhile."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a running job function reports to."""

    job_id: int
    worker: str
    attempt: int
    clock: Clock

    def report(self, done: int, total: int | None = None, message: str = "") -> None:
        """Show `done` of `total` steps and what is being done.

        Raises JobLost when the job is no longer ours.
        """
        values: dict[str, object] = {
            "steps_done": done,
            "message": message[:300],
            "heartbeat_at": self.clock(),
        }
        if total is not None:
            values["steps_total"] = total
        if not held(self.job_id, worker=self.worker, attempt=self.attempt).update(**values):
            raise JobLost(f"job {self.job_id} was given to another worker")


def run_pending(*, clock: Clock = timezone.now, worker: str | None = None, limit: int | None = None) -> int:
    """Run the jobs that are due, one after the other, and return how many were run.

    `limit` stops earlier. A job that fails does not stop the others.
    """
    name = worker or worker_name()
    count = 0
    while limit is None or count < limit:
        job = claim(worker=name, now=clock())
        if job is None:
            break
        run(job, clock=clock)
        count += 1
    return count


def claim(*, worker: str, now: datetime) -> Job | None:
    """Take the job that has been due for longest; None when nothing is due."""
    queued = Job.objects.filter(state=JobState.QUEUED, due_at__lte=now).order_by("due_at", "id")
    while (candidate := queued.first()) is not None:
        taken = Job.objects.filter(
            pk=candidate.pk, state=JobState.QUEUED, attempts=candidate.attempts
        ).update(
            state=JobState.RUNNING,
            worker=worker,
            attempts=candidate.attempts + 1,
            started_at=now,
            heartbeat_at=now,
            steps_done=0,
            steps_total=None,
            message="",
            error="",
        )
        if taken:
            candidate.refresh_from_db()
            return candidate
        # Another worker was faster: look for the next one.
    return None


def run(job: Job, *, clock: Clock) -> None:
    """Run a claimed job to its end and store how it went."""
    progress = Progress(job_id=job.pk, worker=job.worker, attempt=job.attempts, clock=clock)
    try:
        call(kind_named(job.kind), progress, job.args)
    except JobLost:
        logger.warning("%s: lost to another worker", job)
    except JobRefused as refusal:
        finish(job, state=JobState.FAILED, error=str(refusal), now=clock())
    except Exception as error:  # a job function may raise anything; the worker goes on with the next job
        logger.exception("%s: attempt %s of %s failed", job, job.attempts, job.max_attempts)
        retry_or_fail(job, error="".join(traceback.format_exception(error))[-4000:], now=clock())
    else:
        finish(job, state=JobState.DONE, error="", now=clock())


def finish(job: Job, *, state: JobState, error: str, now: datetime) -> None:
    """Store the end of a job that this worker holds."""
    values: dict[str, object] = {"state": state, "error": error, "finished_at": now, "heartbeat_at": now}
    if not held(job.pk, worker=job.worker, attempt=job.attempts).update(**values):
        logger.warning("%s: ended after it was given to another worker", job)


def retry_or_fail(job: Job, *, error: str, now: datetime) -> bool:
    """Queue the job again after a pause, or fail it when its attempts are used up.

    False when it was not held.
    """
    mine = held(job.pk, worker=job.worker, attempt=job.attempts)
    if job.attempts >= job.max_attempts:
        return bool(mine.update(state=JobState.FAILED, error=error, finished_at=now))
    pause = BACKOFF_SECONDS[min(job.attempts, len(BACKOFF_SECONDS)) - 1]
    due_at = now + timedelta(seconds=pause)
    return bool(mine.update(state=JobState.QUEUED, error=error, due_at=due_at, worker=""))


def reap(*, now: datetime) -> int:
    """Take jobs away from workers that have gone silent; returns how many.

    Such a job is queued again, or fails when it has used up its attempts: a file that kills its worker must
    not kill workers for ever.
    """
    silent_since = now - timedelta(seconds=settings.JOBS_DEAD_AFTER_SECONDS)
    count = 0
    for job in Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=silent_since):
        if retry_or_fail(job, error="Bộ chạy nền dừng đột ngột khi đang làm việc này.", now=now):
            logger.warning("%s: worker %s went silent during attempt %s", job, job.worker, job.attempts)
            count += 1
    return count


def held(job_id: int, *, worker: str, attempt: int) -> QuerySet[Job]:
    """The job's row as long as this attempt of this worker still holds it."""
    return Job.objects.filter(pk=job_id, state=JobState.RUNNING, worker=worker, attempts=attempt)


def worker_name() -> str:
    """A name that no other worker has, also after a restart with the same process number."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{time.time_ns():x}"


def work_forever(*, stop: threading.Event | None = None) -> None:
    """Run jobs until SIGTERM or SIGINT, or until `stop` is set. The running job is finished first."""
    stop = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():

        def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, ask_to_stop)
        signal.signal(signal.SIGINT, ask_to_stop)
    name = worker_name()
    beating = threading.Thread(target=keep_beating, kwargs={"worker": name, "stop": stop}, daemon=True)
    beating.start()
    logger.debug("worker %s starts", name)
    reaped_at = 0.0
    asked_on = asked_for = None
    failures = 0
    while not stop.is_set():
        try:
            if time.monotonic() - reaped_at > settings.JOBS_DEAD_AFTER_SECONDS / 4:
                reap(now=timezone.now())
                reaped_at = time.monotonic()
            if asked_on != (today := office_clock.today()):
                enqueue_daily(on=today)
                asked_on = today
            if asked_for != (minute := timezone.now().replace(second=0, microsecond=0)):
                enqueue_repeated(now=minute)
                asked_for = minute
            is_idle = run_pending(worker=name, limit=1) == 0
            failures = 0
        except DatabaseError as error:
            # The database may be away for a while, and the worker must outlive that, without filling the log.
            failures += 1
            logger.error("worker %s cannot use the database: %s", name, " ".join(str(error).split()))
            stop.wait(min(2**failures, LONGEST_PAUSE_SECONDS))
            is_idle = False
        close_old_connections()
        if is_idle:
            stop.wait(settings.JOBS_POLL_MILLISECONDS / 1000)
    with suppress(DatabaseError):
        life.end(name)
    connection.close()


def keep_beating(*, worker: str, stop: threading.Event) -> None:
    """Renew the sign of life of `worker`, and the heartbeat of what it is running, from a thread beside it.

    Goes on while a job that was running at the stop comes to its end; the thread dies with the process.
    """
    while True:
        try:
            now = timezone.now()
            Job.objects.filter(state=JobState.RUNNING, worker=worker).update(heartbeat_at=now)
            if not stop.is_set():
                life.beat(worker, now=now)
        except DatabaseError as error:  # a missed beat is made up for by the next one
            logger.warning(
                "worker %s could not renew its heartbeat: %s", worker, " ".join(str(error).split())
            )
        close_old_connections()
        time.sleep(settings.JOBS_DEAD_AFTER_SECONDS / 6)
