"""Health, figures and failed jobs: who sees what, and what each says when something is wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from thidua.audit.models import Entry
from thidua.core import clock
from thidua.jobs import life
from thidua.jobs.models import Job, JobState, Worker
from thidua.jobs.queue import enqueue
from thidua.jobs.tests import kinds as kinds
from thidua.jobs.worker import claim, run_pending
from thidua.organisations import tree
from thidua.organisations.models import Role
from thidua.organisations.tests.world import DAY, World, make_person, phong_tho
from thidua.workspace.rights import highest_administered, installation
from thidua.workspace.running import health

pytestmark = pytest.mark.django_db
HEALTH, MEASURES, JOBS, ACT = "/suc-khoe/", "/suc-khoe/so-do/", "/viec-chay-nen/", "/viec-chay-nen/lam/"


@pytest.fixture
def world() -> Iterator[World]:
    with clock.fixed_on(DAY):
        yield phong_tho()


def client_of(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.people[username])
    return client


def failed_job() -> Job:
    job = enqueue("tests.refuse", args={})
    run_pending(worker="w")
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    return job


def test_health_is_503_without_a_worker_and_200_with_one() -> None:
    ill = Client().get(HEALTH)
    assert (ill.status_code, ill.json()["status"], ill.json()["checks"]["workers"]) == (
        503,
        "ill",
        {"ok": False},
    )

    life.beat("w", now=timezone.now())
    well = Client().get(HEALTH)

    assert well.status_code == 200
    assert well.json() == {
        "status": "ok",
        "checks": {key: {"ok": True} for key in ("database", "migrations", "workers", "queue", "disk")},
    }


def test_silent_worker_and_long_wait_are_ill(settings: object) -> None:
    now = timezone.now()
    life.beat("w", now=now - timedelta(hours=1))
    enqueue("tests.count", args={"to": 1}, due_at=now - timedelta(hours=1))

    found = {check.key: check.is_well for check in health.look(now=now).checks}

    assert found == {"database": True, "migrations": True, "workers": False, "queue": False, "disk": True}


def test_step_that_was_not_run_is_ill_until_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_up_to_date", set())
    recorder = MigrationRecorder(connection)

    def migrations_are_well() -> bool:
        (check,) = [one for one in health.look(now=timezone.now()).checks if one.key == "migrations"]
        return check.is_well

    recorder.record_unapplied("notices", "0003_deliveries_and_choices")
    assert not migrations_are_well()
    recorder.record_applied("notices", "0003_deliveries_and_choices")
    assert migrations_are_well()


def test_full_disk_is_ill(settings) -> None:  # type: ignore[no-untyped-def]
    settings.HEALTH_MIN_FREE_BYTES = 2**62

    (disk,) = [check for check in health.look(now=timezone.now()).checks if check.key == "disk"]

    assert not disk.is_well
    assert disk.detail.startswith("Còn trống ")


def test_database_that_is_away_gives_503_as_json_and_as_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise DatabaseError("không kết nối được")

    monkeypatch.setattr(connection, "cursor", away)

    as_json = Client().get(HEALTH)
    as_page = Client().get(HEALTH, headers={"accept": "text/html"})

    assert (as_json.status_code, as_page.status_code) == (503, 503)
    assert {key: one["ok"] for key, one in as_json.json()["checks"].items()} == {
        "database": False,
        "disk": True,
    }
    assert "Cơ sở dữ liệu không trả lời" in as_page.content.decode()


def test_details_are_for_the_highest_administrator_only(world: World) -> None:
    life.beat("w", now=timezone.now())

    def page(client: Client) -> str:
        return client.get(HEALTH, headers={"accept": "text/html"}).content.decode()

    assert "bộ đang chạy" in page(client_of(world, "quan-tri"))
    for client in (Client(), client_of(world, "thuong-truc"), client_of(world, "nguoi-la")):
        assert "Hoạt động bình thường" in page(client)
        assert "bộ đang chạy" not in page(client)


def test_administrator_below_another_keeps_no_jobs(world: World) -> None:
    world.people["quan-tri-xa"] = make_person("quan-tri-xa", (world.unit("dao-san"), Role.ADMINISTRATOR))
    tree.snapshot_on(DAY)

    below, above = world.acting("quan-tri-xa"), world.acting("quan-tri")
    with CaptureQueriesContext(connection) as queries:
        assert highest_administered(installation(below)) == frozenset()
    assert len(queries) <= 6
    assert above.may("jobs.keep", installation(above))
    assert client_of(world, "quan-tri-xa").get(JOBS).status_code == 403
    assert client_of(world, "quan-tri").get(JOBS).status_code == 200


def test_measures_ask_for_the_token_or_an_administrator(world: World, settings) -> None:  # type: ignore[no-untyped-def]
    life.beat("w", now=timezone.now())
    enqueue("tests.count", args={"to": 1})
    claim(worker="w", now=timezone.now())
    settings.METRICS_TOKEN = "ma-bi-mat"

    assert Client().get(MEASURES).status_code == 302
    assert Client().get(MEASURES, headers={"authorization": "Bearer khac"}).status_code == 401
    assert client_of(world, "thuong-truc").get(MEASURES).status_code == 403
    assert client_of(world, "quan-tri").get(MEASURES).status_code == 200
    answer = Client().get(MEASURES, headers={"authorization": "Bearer ma-bi-mat"})

    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.content.decode().splitlines()
    assert 'thidua_healthy{check="workers"} 1' in lines
    assert 'thidua_jobs{state="running"} 1' in lines
    assert "thidua_workers_alive 1" in lines
    assert "thidua_workers_busy 1" in lines
    assert [line for line in lines if line and not line.startswith(("#", "thidua_"))] == []


def test_empty_token_opens_nothing(settings) -> None:  # type: ignore[no-untyped-def]
    settings.METRICS_TOKEN = ""

    assert Client().get(MEASURES, headers={"authorization": "Bearer "}).status_code == 302


def test_failed_job_is_shown_run_again_and_noted(world: World) -> None:
    job = failed_job()
    client = client_of(world, "quan-tri")
    assert "Tệp trống." in client.get(JOBS).content.decode()

    client.post(ACT, {"viec": "chay-lai", "chon": [job.pk]})

    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == ("queued", 0, "")
    entry = Entry.objects.get(action="jobs.job.run_again")
    assert (entry.object_id, entry.user) == (str(job.pk), world.people["quan-tri"])


def test_failed_job_is_given_up_only_with_a_reason(world: World) -> None:
    job, other = failed_job(), failed_job()
    client = client_of(world, "quan-tri")

    refused = client.post(ACT, {"viec": "bo", "chon": [job.pk], "ly_do": " "}, follow=True)
    assert "chưa ghi lý do" in refused.content.decode()
    client.post(ACT, {"viec": "bo", "chon": [job.pk], "ly_do": "tệp hỏng"})

    job.refresh_from_db()
    assert (job.state, job.dropped_reason, job.dropped_at is not None) == ("failed", "tệp hỏng", True)
    assert list(client.get(JOBS).context["listing"].page) == [other]
    assert life.counts() == {"queued": 0, "running": 0, "done": 0, "failed": 1, "dropped": 1}


def test_all_failed_jobs_are_run_again_at_once(world: World) -> None:
    failed_job(), failed_job()

    client_of(world, "quan-tri").post(ACT, {"viec": "chay-lai-het"})

    assert Job.objects.filter(state=JobState.QUEUED).count() == 2


def test_others_can_do_nothing_with_jobs(world: World) -> None:
    job = failed_job()
    for username in ("thuong-truc", "lanh-dao", "nguoi-xem", "nguoi-la"):
        client = client_of(world, username)
        assert client.get(JOBS).status_code == 403
        assert client.post(ACT, {"viec": "chay-lai", "chon": [job.pk]}).status_code == 403
    job.refresh_from_db()
    assert job.state == "failed"


def test_workers_are_shown_with_what_they_do(world: World) -> None:
    life.beat("w", now=timezone.now())
    Worker.objects.create(
        name="dead",
        host="may-2",
        pid=7,
        started_at=timezone.now(),
        seen_at=timezone.now() - timedelta(hours=1),
    )
    enqueue("tests.count", args={"to": 1})
    claim(worker="w", now=timezone.now())

    page = client_of(world, "quan-tri").get(JOBS).content.decode()

    assert f"tiến trình {os.getpid()}" in page
    assert "tests.count" in page
    assert "Mất tín hiệu" in page
