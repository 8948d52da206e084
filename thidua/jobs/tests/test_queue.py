"""Asking for jobs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from thidua.jobs import life
from thidua.jobs.models import Job, JobState
from thidua.jobs.queue import drop, enqueue, enqueue_repeated, try_again
from thidua.jobs.tests import kinds as kinds
from thidua.jobs.worker import claim, run_pending

pytestmark = pytest.mark.django_db


def test_enqueue_stores_a_queued_job() -> None:
    job = enqueue("tests.count", args={"to": 3})

    stored = Job.objects.get()
    assert (stored.pk, stored.state, stored.args, stored.max_attempts) == (job.pk, "queued", {"to": 3}, 2)


def test_enqueue_of_an_unknown_kind_is_refused_at_once() -> None:
    with pytest.raises(KeyError):
        enqueue("tests.unknown", args={})

    assert Job.objects.count() == 0


def test_enqueue_twice_with_one_key_gives_one_job() -> None:
    first = enqueue("tests.count", args={"to": 1}, key="file:abc")
    second = enqueue("tests.count", args={"to": 1}, key="file:abc")

    assert first.pk == second.pk
    assert Job.objects.count() == 1


def test_jobs_without_key_do_not_collide() -> None:
    enqueue("tests.count", args={"to": 1})
    enqueue("tests.count", args={"to": 1})

    assert Job.objects.count() == 2


def test_enqueue_in_a_transaction_that_rolls_back_leaves_nothing() -> None:
    with transaction.atomic():
        enqueue("tests.count", args={"to": 1})
        transaction.set_rollback(True)

    assert Job.objects.count() == 0


def test_try_again_queues_a_failed_job_only() -> None:
    job = enqueue("tests.refuse", args={})
    assert try_again(job, now=timezone.now()) is False

    run_pending()
    assert try_again(job, now=timezone.now()) is True

    job.refresh_from_db()
    assert (job.state, job.attempts, job.error, job.finished_at) == (JobState.QUEUED, 0, "", None)


def test_nothing_of_an_earlier_attempt_is_left() -> None:
    job = enqueue("tests.count", args={"to": 1})
    stale = {"message": "dòng 3 của 9", "steps_done": 3, "steps_total": 9}

    Job.objects.update(**stale)
    claimed = claim(worker="w", now=timezone.now())
    assert claimed is not None
    assert (claimed.message, claimed.steps_done, claimed.steps_total) == ("", 0, None)

    Job.objects.update(state=JobState.FAILED, finished_at=timezone.now(), **stale)
    assert try_again(job, now=timezone.now())
    job.refresh_from_db()
    assert (job.message, job.steps_done, job.steps_total, job.heartbeat_at) == ("", 0, None, None)


def test_failed_job_is_given_up_once_and_may_still_be_run_again() -> None:
    job = enqueue("tests.refuse", args={})
    assert not drop(job, reason="chưa hỏng", now=timezone.now())
    run_pending()

    assert drop(job, reason="tệp hỏng", now=timezone.now())
    assert not drop(job, reason="lần nữa", now=timezone.now())

    assert try_again(job, now=timezone.now())
    job.refresh_from_db()
    assert (job.state, job.dropped_at, job.dropped_reason) == ("queued", None, "")


def test_repeated_work_is_asked_for_once_in_its_span_and_forgotten_later() -> None:
    start = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
    for seconds in (0, 60, 299, 300):
        enqueue_repeated(now=start + timedelta(seconds=seconds))
    asked = Job.objects.filter(kind="tests.every_five_minutes")
    assert asked.count() == 2

    kept = enqueue("tests.every_five_minutes", args={})
    Job.objects.update(state=JobState.DONE, finished_at=start)
    assert life.forget(now=start + timedelta(days=life.KEPT_DAYS)) == 0
    life.forget(now=start + timedelta(days=life.KEPT_DAYS, seconds=1))
    assert list(asked) == [kept]
