"""The page of one's own choices, and the log of what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from thidua.audit.models import Entry
from thidua.core import clock
from thidua.core.clock import VIETNAM
from thidua.notices import choosing
from thidua.notices.due import Due
from thidua.notices.models import Delivery
from thidua.notices.planning import remind
from thidua.notices.tests.due_source import due_things
from thidua.organisations.models import Role
from thidua.organisations.tests.world import DAY, World, make_person, phong_tho

pytestmark = pytest.mark.django_db
CHOICES, SENT = "/thong-bao/lua-chon/", "/thong-bao/da-gui/"
NOW = datetime.combine(DAY, time(9), tzinfo=VIETNAM)


@pytest.fixture
def world() -> Iterator[World]:
    with clock.fixed_on(DAY):
        yield phong_tho()


def client_of(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.people[username])
    return client


def some_deliveries(world: World, *, number: int = 1) -> None:
    things = [
        Due(str(one), f"Việc {one}", "/", DAY + timedelta(days=7), world.unit(key).pk)
        for one in range(number)
        for key in ("huoi-luong", "so-ldtbxh")
    ]
    with due_things(*things):
        remind(now=NOW)


def test_choices_are_kept_and_shown_again(world: World) -> None:
    client = client_of(world, "huoi-luong")
    answers = {f"thu_{group}": "khong" for group, _ in choosing.GROUPS}
    client.post(
        CHOICES,
        {
            **answers,
            "thu_han": "ngay",
            "ban_tin": "tuan",
            "han": ["truoc-1"],
            "yen_tu": "20:00",
            "yen_den": "06:00",
        },
    )

    kept = choosing.choice_of(world.people["huoi-luong"])
    assert (kept.way("han"), kept.way("bao-cao"), kept.is_weekly) == ("ngay", "khong", True)
    assert (kept.rules, kept.quiet.since, kept.quiet.until) == (frozenset({"truoc-1"}), time(20), time(6))
    form = client.get(CHOICES).context["form"]
    assert (form["thu_bao-cao"].value(), form["han"].value(), form["yen_tu"].value()) == (
        "khong",
        ["truoc-1"],
        "20:00",
    )


def test_nonsense_is_refused_in_words(world: World) -> None:
    client = client_of(world, "huoi-luong")

    answer = client.post(CHOICES, {"ban_tin": "gio"})

    assert "Chưa lưu được" in answer.content.decode()
    assert choosing.choice_of(world.people["huoi-luong"]) == choosing.DEFAULT


def test_administrator_sees_what_was_sent_to_people_below_and_nobody_else_does(world: World) -> None:
    make_person("so", (world.unit("so-ldtbxh"), Role.UNIT_OFFICER))
    world.people["cua-huyen"] = make_person("cua-huyen", (world.unit("phong-tho"), Role.ADMINISTRATOR))
    some_deliveries(world)
    assert set(Delivery.objects.values_list("user__username", flat=True)) == {"huoi-luong", "so"}

    def shown(username: str) -> set[str]:
        page = client_of(world, username).get(SENT).context["listing"].page
        return {row.user.username for row in page}

    assert shown("quan-tri") == {"huoi-luong", "so"}
    assert shown("cua-huyen") == {"huoi-luong"}
    for username in ("thuong-truc", "lanh-dao", "huoi-luong", "nguoi-la"):
        assert client_of(world, username).get(SENT).status_code == 403


def test_log_is_filtered_and_written_to_excel(world: World) -> None:
    some_deliveries(world, number=3)
    client = client_of(world, "quan-tri")

    assert len(client.get(f"{SENT}?tim=viec+2").context["listing"].page.object_list) == 1
    assert client.get(f"{SENT}?kenh=thu").context["listing"].count == 0
    workbook = CalamineWorkbook.from_filelike(BytesIO(client.get(f"{SENT}?dang=xlsx").content))
    rows = workbook.get_sheet_by_index(0).to_python()
    assert rows[0] == ["Người nhận", "Nội dung", "Vì", "Kênh", "Tình trạng", "Lúc"]
    assert len(rows) == 4
    assert rows[1][2:5] == ["Trước 7 ngày", "Trong chương trình", "Chờ gửi"]


def test_query_count_of_the_log_does_not_grow(world: World) -> None:
    client = client_of(world, "quan-tri")
    counts = []
    for number in (1, 40):
        Delivery.objects.all().delete()
        some_deliveries(world, number=number)
        client.get(SENT)
        with CaptureQueriesContext(connection) as queries:
            client.get(SENT)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_failed_letters_are_sent_again_unsure_ones_are_not(world: World) -> None:
    make_person("so", (world.unit("so-ldtbxh"), Role.UNIT_OFFICER))
    some_deliveries(world)
    Delivery.objects.filter(user__username="so").update(state="khong_ro", ended_at=NOW)
    Delivery.objects.filter(user__username="huoi-luong").update(
        state="khong_duoc", ended_at=NOW, attempts=6, error="550 không có người này"
    )
    client = client_of(world, "quan-tri")
    assert "Gửi lại 1 thư không gửi được" in client.get(SENT).content.decode()

    client.post(f"{SENT}gui-lai/")
    again = client.post(f"{SENT}gui-lai/", follow=True)

    assert list(Delivery.objects.order_by("user__username").values_list("state", "attempts")) == [
        ("cho_gui", 0),
        ("khong_ro", 0),
    ]
    assert "Chưa gửi lại gì" in again.content.decode()
    assert Entry.objects.filter(action="notices.delivery.send_again").count() == 1
    assert client_of(world, "thuong-truc").post(f"{SENT}gui-lai/").status_code == 403
