"""The log as a page: who sees what, filters, an object's history, and whether the chain is whole."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from thidua.audit.background import VERIFY_CHAIN
from thidua.audit.log import System, record
from thidua.audit.models import ChainHead, Entry
from thidua.audit.workflow import advance
from thidua.core import clock
from thidua.jobs.models import Job
from thidua.jobs.worker import run_pending
from thidua.movements.models import Task
from thidua.movements.tests.makers import make_task, phong_tho_plan
from thidua.organisations.models import Role
from thidua.organisations.tests.world import DAY, REFORM, World, make_person, phong_tho

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 11, 5, 3, 0, tzinfo=UTC)
PAGE = "/nhat-ky/"


@pytest.fixture
def world() -> World:
    return phong_tho()


def client_of(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.people[username])
    return client


def labels_of(client: Client, query: str = "", *, on: date = DAY) -> list[str]:
    with clock.fixed_on(on):
        response = client.get(PAGE + query)
    assert response.status_code == 200
    # Signing in is an entry too.
    shown = response.context["listing"].page
    return [entry.object_label for entry in shown if not entry.action.startswith("accounts.sign")]


def note(world: World, key: str | None, label: str, *, on_object: Model | None = None) -> Entry:
    """An entry that concerns a unit."""
    unit_id = world.unit(key).pk if key else None
    target = on_object or world.unit("viet-nam")
    return record(
        "test.act",
        target,
        label="Thử",
        actor=System(on=DAY),
        now=NOW,
        object_label=label,
        object_unit_id=unit_id,
    )


@pytest.mark.parametrize("username", ["noi-vu", "huoi-luong", "nguoi-xem", "nguoi-la"])
def test_who_answers_for_nobody_is_refused(world: World, username: str) -> None:
    with clock.fixed_on(DAY):
        for page in (PAGE, PAGE + "1/", PAGE + "?dang=xlsx"):
            response = client_of(world, username).get(page)
            assert response.status_code == 403
        assert client_of(world, username).post(PAGE + "kiem-tra/").status_code == 403

    assert "Bạn chưa được xem nhật ký" in response.content.decode()
    assert Job.objects.count() == 0


def test_log_needs_a_sign_in() -> None:
    assert Client().get(PAGE).status_code == 302


def everything(world: World) -> None:
    for key in ("viet-nam", "so-ldtbxh", "phong-tho", "phong-ldtbxh", "huoi-luong", "xa-phong-tho"):
        note(world, key, key)
    note(world, None, "không đơn vị")


@pytest.mark.parametrize(
    ("username", "on", "seen"),
    [
        ("thuong-truc", DAY, {"phong-ldtbxh"}),
        ("lanh-dao", DAY, {"phong-tho", "phong-ldtbxh", "huoi-luong"}),
        ("tinh", DAY, {"so-ldtbxh", "phong-tho", "phong-ldtbxh", "huoi-luong"}),
        (
            "quan-tri",
            REFORM,
            {"so-ldtbxh", "phong-tho", "phong-ldtbxh", "huoi-luong", "xa-phong-tho"},
        ),
    ],
)
def test_entries_of_own_units_those_below_and_those_taken_over(
    world: World, username: str, on: date, seen: set[str]
) -> None:
    everything(world)

    assert set(labels_of(client_of(world, username), on=on)) == seen


def test_leader_of_the_new_commune_sees_what_it_took_over(world: World) -> None:
    everything(world)
    world.people["chu-tich"] = make_person("chu-tich", (world.unit("xa-phong-tho"), Role.LEADER))

    assert set(labels_of(client_of(world, "chu-tich"), on=REFORM)) == {"huoi-luong", "xa-phong-tho"}


def test_leader_of_the_country_sees_everything(world: World) -> None:
    everything(world)
    world.people["trung-uong"] = make_person("trung-uong", (world.unit("viet-nam"), Role.ADMINISTRATOR))

    assert len(labels_of(client_of(world, "trung-uong"))) == 7


def test_administrator_sees_accounts_of_own_people_only(world: World) -> None:
    note(world, None, "tài khoản của xã", on_object=world.people["huoi-luong"])
    note(world, None, "tài khoản lạ", on_object=world.people["nguoi-la"])

    assert labels_of(client_of(world, "quan-tri")) == ["tài khoản của xã"]
    assert labels_of(client_of(world, "tinh")) == []


def accepted_task(world: World) -> Task:
    task = make_task(phong_tho_plan(world), world.unit("huoi-luong"), title="Nộp báo cáo năm")
    advance(task, "accept", actor=world.acting("huoi-luong"), now=NOW, changes={"accepted_at": NOW})
    return task


def accepted() -> Entry:
    return Entry.objects.get(action="movements.task.accept")


def test_filters(world: World) -> None:
    task = accepted_task(world)
    note(world, "dao-san", "Việc khác")
    client = client_of(world, "lanh-dao")

    assert labels_of(client) == ["Việc khác", "Nộp báo cáo năm"]
    only = ["Nộp báo cáo năm"]
    assert labels_of(client, "?tim=nop bao cao") == only
    assert labels_of(client, "?nguoi=huoi luong") == only
    assert labels_of(client, "?don_vi=huoi") == only
    assert labels_of(client, "?viec=movements.task.accept") == only
    assert labels_of(client, "?loai=movements.task") == only
    assert labels_of(client, f"?doi-tuong=movements.task:{task.pk}") == only
    assert labels_of(client, "?tu_ngay=6/11/2023") == []
    assert len(labels_of(client, "?tu_ngay=5/11/2023&den_ngay=05/11/2023")) == 2
    assert len(labels_of(client, "?tu_ngay=0001-01-01&den_ngay=9999-12-31")) == 2
    assert labels_of(client, "?sap_xep=so") == ["Nộp báo cáo năm", "Việc khác"]
    assert labels_of(client, "?doi-tuong=vô nghĩa") == []


def test_entry_in_words(world: World) -> None:
    task = accepted_task(world)
    with clock.fixed_on(DAY):
        text = client_of(world, "lanh-dao").get(f"{PAGE}{accepted().number}/").content.decode()

    assert "<h1>Nhận nhiệm vụ</h1>" in text
    assert "Chờ nhận → Đang thực hiện" in text
    assert "<dt>Lúc nhận</dt><dd>10:00 05/11/2023</dd>" in text
    assert f"/nhat-ky/?doi-tuong=movements.task%3A{task.pk}" in text
    assert accepted().hash in text


def test_entry_of_others_is_not_found(world: World) -> None:
    page = f"{PAGE}{note(world, 'so-ldtbxh', 'Việc của sở').number}/"
    with clock.fixed_on(DAY):
        assert client_of(world, "tinh").get(page).status_code == 200
        assert client_of(world, "lanh-dao").get(page).status_code == 404


def test_chain_is_verified_by_a_worker(world: World) -> None:
    accepted_task(world)
    client = client_of(world, "lanh-dao")
    with clock.fixed_on(DAY):
        assert "Chưa có lần kiểm tra nào" in client.get(PAGE).content.decode()
        client.post(PAGE + "kiem-tra/")
        client.post(PAGE + "kiem-tra/")
        assert Job.objects.filter(kind=VERIFY_CHAIN).count() == 1
        assert "Đang kiểm tra" in client.get(PAGE).content.decode()
        run_pending()
        part = client.get(PAGE + "chuoi/", headers={"HX-Request": "true"}).content.decode()

    assert f"Chuỗi nhật ký nguyên vẹn: {Entry.objects.count()} dòng." in part
    assert "<h1" not in part


def test_list_as_excel(world: World) -> None:
    accepted_task(world)
    with clock.fixed_on(DAY):
        content = client_of(world, "lanh-dao").get(PAGE + "?loai=movements.task&dang=xlsx").content
    head, row = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()

    shown = dict(zip(head, row, strict=True))
    assert (shown["Việc"], shown["Trước"], shown["Sau"]) == ("Nhận nhiệm vụ", "Chờ nhận", "Đang thực hiện")
    assert shown["Chi tiết"] == "lúc nhận: 10:00 05/11/2023"


@pytest.mark.parametrize("count", [3, 3000])
def test_query_count_does_not_grow(world: World, count: int) -> None:
    note(world, "huoi-luong", "Một")
    client = client_of(world, "lanh-dao")
    labels_of(client)
    with CaptureQueriesContext(connection) as one:
        labels_of(client)
    last = ChainHead.objects.get().number
    Entry.objects.bulk_create(
        Entry(
            number=number,
            at=NOW,
            written_at=NOW,
            actor="Ai đó",
            action="test.act",
            action_label="Thử",
            object_type="organisations.unit",
            object_id="1",
            object_label="Một",
            object_unit_id=world.unit("huoi-luong").pk,
            previous_hash="0",
            hash=f"{number:064}",
        )
        for number in range(last + 1, last + 1 + count)
    )
    with CaptureQueriesContext(connection) as many:
        labels_of(client)

    assert len(many) == len(one)
