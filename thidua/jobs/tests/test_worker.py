"""Running jobs: progress, failure, retry, and workers that die."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from thidua.jobs import life
from thidua.jobs.models import Job, JobState, Worker
from thidua.jobs.queue import enqueue
from thidua.jobs.tests import kinds as kinds
from thidua.jobs.worker import JobLost, Progress, claim, finish, reap, run, run_pending

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def queued(kind: str, **args: object) -> Job:
    return enqueue(kind, args=args, due_at=NOW)


@pytest.mark.django_db
def test_job_is_done_with_its_progress() -> None:
    job = queued("tests.count", to=3)

    assert run_pending(clock=at(NOW)) == 1

    job.refresh_from_db()
    assert (job.state, job.steps_done, job.steps_total, job.message) == ("done", 3, 3, "bước 3")
    assert (job.attempts, job.finished_at, job.percent) == (1, NOW, 100)


@pytest.mark.django_db
def test_jobs_run_in_the_order_they_fall_due() -> None:
    late = enqueue("tests.count", args={"to": 1}, due_at=NOW - timedelta(minutes=1))
    early = enqueue("tests.count", args={"to": 1}, due_at=NOW - timedelta(minutes=5))
    enqueue("tests.count", args={"to": 1}, due_at=NOW + timedelta(seconds=1))

    first, second, third = (claim(worker="w", now=NOW) for _ in range(3))

    assert (first, second, third) == (early, late, None)


@pytest.mark.django_db
def test_failing_job_is_tried_again_after_a_pause_and_then_fails() -> None:
    job = queued("tests.fail")

    assert run_pending(clock=at(NOW)) == 1
    job.refresh_from_db()
    assert (job.state, job.attempts, job.due_at) == ("queued", 1, NOW + timedelta(seconds=5))
    assert run_pending(clock=at(NOW + timedelta(seconds=4))) == 0

    assert run_pending(clock=at(NOW + timedelta(seconds=5))) == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("failed", 2)
    assert job.error.endswith("OSError: đĩa đầy\n")


@pytest.mark.django_db
def test_refused_job_fails_at_once_and_others_go_on() -> None:
    refused = queued("tests.refuse")
    other = queued("tests.count", to=1)

    assert run_pending(clock=at(NOW)) == 2

    refused.refresh_from_db()
    other.refresh_from_db()
    assert (refused.state, refused.attempts, refused.error) == ("failed", 1, "Tệp trống.")
    assert other.state == "done"


@pytest.mark.django_db
def test_job_of_a_kind_that_no_longer_exists_fails_without_stopping_the_worker() -> None:
    job = queued("tests.count", to=1)
    Job.objects.update(kind="tests.gone", max_attempts=1)

    assert run_pending(clock=at(NOW)) == 1

    job.refresh_from_db()
    assert job.state == "failed"


@pytest.mark.django_db
def test_silent_worker_loses_its_job_and_cannot_end_it_afterwards() -> None:
    queued("tests.count", to=1)
    slow = claim(worker="slow", now=NOW)
    assert slow is not None
    later = NOW + timedelta(seconds=settings.JOBS_DEAD_AFTER_SECONDS + 1)

    assert reap(now=later) == 1
    quick = claim(worker="quick", now=later + timedelta(seconds=5))
    assert quick is not None
    finish(slow, state=JobState.DONE, error="", now=later)
    lost = Progress(job_id=slow.pk, worker="slow", attempt=slow.attempts, clock=at(later))
    with pytest.raises(JobLost):
        lost.report(1)

    quick.refresh_from_db()
    assert (quick.state, quick.worker, quick.attempts) == ("running", "quick", 2)
    run(quick, clock=at(later))
    quick.refresh_from_db()
    assert quick.state == "done"


@pytest.mark.django_db
def test_worker_with_a_fresh_heartbeat_keeps_its_job() -> None:
    queued("tests.count", to=1)
    claim(worker="w", now=NOW)

    assert reap(now=NOW + timedelta(seconds=settings.JOBS_DEAD_AFTER_SECONDS - 1)) == 0


@pytest.mark.django_db
def test_job_that_kills_every_worker_fails_in_the_end() -> None:
    job = queued("tests.count", to=1)
    moment = NOW
    for _ in range(2):
        assert claim(worker="w", now=moment) == job
        moment += timedelta(seconds=settings.JOBS_DEAD_AFTER_SECONDS + 1)
        assert reap(now=moment) == 1
        moment += timedelta(seconds=5)

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("failed", 2)
    assert job.error == "Bộ chạy nền dừng đột ngột khi đang làm việc này."


WORKER = """
import os, sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.JOBS_POLL_MILLISECONDS = 50
settings.JOBS_DEAD_AFTER_SECONDS = 2
django.setup()
from thidua.jobs.tests import kinds
from thidua.jobs import worker
worker.BACKOFF_SECONDS = (0,)
worker.work_forever()
"""


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_job_of_a_killed_worker_is_done_by_the_next_one() -> None:
    job = enqueue("tests.sleep", args={"seconds": 600})
    first = start_worker()
    try:
        wait_until(lambda: Job.objects.filter(pk=job.pk, message="đang ngủ").exists())
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("running", 1)
    # It went without a word: its row stays, and tells what it was doing until it is silent for too long.
    (seen,) = life.workers(now=timezone.now())
    assert (seen.worker.pid, seen.doing) == (first.pid, job)

    second = start_worker()
    try:
        wait_until(lambda: Job.objects.filter(pk=job.pk, state=JobState.DONE).exists())
    finally:
        second.send_signal(signal.SIGTERM)
        assert second.wait(timeout=20) == 0

    job.refresh_from_db()
    assert (job.state, job.attempts, job.message) == ("done", 2, "đã dậy")
    # The second was asked to stop, and has taken its row along.
    assert list(Worker.objects.values_list("pid", flat=True)) == [first.pid]


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_three_workers_never_run_the_same_job(tmp_path: Path) -> None:
    file = tmp_path / "run.txt"
    for number in range(40):
        enqueue("tests.note", args={"file": str(file), "line": str(number)})
    # Workers also ask for the work of the day.
    counting = Job.objects.filter(kind="tests.note")
    workers = [start_worker() for _ in range(3)]
    try:
        wait_until(lambda: not counting.exclude(state=JobState.DONE).exists(), seconds=120)
    finally:
        for process in workers:
            process.send_signal(signal.SIGTERM)
        # A worker that had not finished starting ends by the signal itself.
        assert {process.wait(timeout=20) for process in workers} <= {0, -signal.SIGTERM}

    assert list(counting.values_list("attempts", flat=True)) == [1] * 40
    # What was really run, not only what the rows say.
    assert sorted(map(int, file.read_text().split())) == list(range(40))


@pytest.mark.django_db
def test_worker_without_a_database_waits_and_says_so_in_a_line(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere.sqlite3" if connection.vendor == "sqlite" else Path("nowhere")
    worker = start_worker(nowhere, stderr=subprocess.PIPE)
    assert worker.stderr is not None
    first = worker.stderr.readline()  # it has come as far as looking for work
    time.sleep(3)
    worker.send_signal(signal.SIGTERM)
    _, rest = worker.communicate(timeout=20)

    lines = (first + rest).decode().splitlines()
    assert worker.returncode == 0
    assert 1 <= len([line for line in lines if "cannot use the database" in line]) <= 2
    assert not any("Traceback" in line for line in lines)


def start_worker(database: Path | None = None, *, stderr: int | None = None) -> subprocess.Popen[bytes]:
    """A worker process, on the database of this test when no other is named."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "THIDUA_LOG_LEVEL": "ERROR"}
    name = str(database or connection.settings_dict["NAME"])
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, name], env=environment, cwd=settings.BASE_DIR, stderr=stderr
    )


def wait_until(is_true: Callable[[], bool], *, seconds: float = 30) -> None:
    """Look again until it is true; fails when it has not become true in time."""
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
