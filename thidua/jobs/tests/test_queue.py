"""Asking for jobs."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone

from thidua.jobs.models import Job, JobState
from thidua.jobs.queue import enqueue, try_again
from thidua.jobs.tests import kinds as kinds
from thidua.jobs.worker import run_pending

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
