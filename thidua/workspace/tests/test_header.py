"""The top of every page: entries by role, the person, unread notices, the banner of a demonstration."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import Client, RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext

from thidua.accounts.models import User
from thidua.core import clock
from thidua.notices.telling import mark_read, notices_for, tell
from thidua.organisations.tests.world import DAY, World, phong_tho
from thidua.workspace.navigation import MOST_UNREAD, Header

NOW = datetime(2023, 11, 5, 2, tzinfo=UTC)


@pytest.fixture
def world(db: None) -> World:
    return phong_tho()


def request_of(user: User) -> HttpRequest:
    request = RequestFactory().get("/nhiem-vu/")
    request.user = user
    return request


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def told(world: World, count: int) -> None:
    for number in range(count):
        tell(
            kind="x",
            text=f"Việc {number}",
            address="/",
            now=NOW,
            sender="Hệ thống",
            unit_id=world.unit("huoi-luong").pk,
        )


def test_who_is_not_signed_in_sees_no_menu_of_a_person() -> None:
    text = Client().get("/").content.decode()

    assert "td-person" not in text
    assert 'id="menu-chinh"' not in text
    assert "td-unread" not in text


def test_header_names_person_role_and_unit(world: World) -> None:
    with clock.fixed_on(DAY):
        person = Header(request_of(world.people["huoi-luong"])).person

    assert person is not None
    assert (person.name, person.initials, person.role, person.unit, person.others) == (
        "Huoi Luong",
        "HL",
        "Cán bộ đơn vị",
        "xã Huổi Luông",
        0,
    )


def test_header_says_when_nobody_gave_a_mandate(world: World) -> None:
    person = Header(request_of(world.people["nguoi-la"])).person

    assert person is not None
    assert (person.role, person.unit) == ("Chưa được ủy nhiệm cho đơn vị nào", "")


def pages_of(user: User) -> dict[str, list[str]]:
    """The labels of the pages, by room."""
    return {
        room.entry.label: [entry.label for entry in room.pages] for room in Header(request_of(user)).rooms
    }


def test_pages_of_leaders_administrators_and_readers_of_the_log_follow_the_rights(world: World) -> None:
    with clock.fixed_on(DAY):
        pages = {
            name: pages_of(world.people[name])
            for name in ("quan-tri", "huoi-luong", "thuong-truc", "lanh-dao")
        }

    assert list(pages["huoi-luong"])[:3] == ["Việc của tôi", "Phong trào", "Chỉ tiêu"]
    assert pages["huoi-luong"]["Việc của tôi"] == ["Việc của tôi", "Lịch", "Thông báo"]
    assert pages["lanh-dao"]["Việc của tôi"] == ["Việc của tôi", "Bảng điều hành", "Lịch", "Thông báo"]
    assert pages["huoi-luong"]["Đơn vị"] == ["Đơn vị"]
    assert pages["quan-tri"]["Đơn vị"] == ["Đơn vị", "Người dùng", "Nhật ký", "Việc chạy nền"]
    assert pages["thuong-truc"]["Đơn vị"] == ["Đơn vị", "Nhật ký"]


def test_page_says_in_which_room_it_is(world: World) -> None:
    with clock.fixed_on(DAY):
        header = Header(request_of(world.people["huoi-luong"]))
        room = header.room

    assert room is not None
    assert (room.entry.label, room.entry.current) == ("Phong trào", "true")
    assert {entry.label: entry.current for entry in room.pages if entry.current} == {"Nhiệm vụ": "page"}
    assert [one.entry.label for one in header.rooms if one.entry.is_current] == ["Phong trào"]


def test_page_that_does_not_exist_is_no_entry(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "thidua.workspace.navigation.address_of", lambda name: "/viec/" if name == "workspace:inbox" else ""
    )
    with clock.fixed_on(DAY):
        assert pages_of(world.people["huoi-luong"]) == {"Việc của tôi": ["Việc của tôi"]}


def test_bell_counts_what_this_person_has_not_seen(world: World) -> None:
    told(world, 3)
    acting = world.acting("huoi-luong")
    mark_read(notices_for(acting)[:1], acting=acting, now=NOW)

    with clock.fixed_on(DAY):
        assert Header(request_of(world.people["huoi-luong"])).unread_in_figures == "2"
        assert Header(request_of(world.people["dao-san"])).unread == 0


def test_bell_counts_no_further_than_it_shows(world: World) -> None:
    told(world, MOST_UNREAD + 20)

    with clock.fixed_on(DAY):
        header = Header(request_of(world.people["huoi-luong"]))

        assert (header.unread, header.unread_in_figures) == (MOST_UNREAD + 1, f"{MOST_UNREAD}+")


def test_queries_of_the_header_do_not_grow(world: World) -> None:
    client = client_of(world.people["huoi-luong"])
    counts = []
    for more in (1, 30):
        told(world, more)
        with (
            clock.fixed_on(DAY),
            CaptureQueriesContext(
                connection,
            ) as queries,
        ):
            client.get("/khong-co-trang-nay/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
    # session, user, mandates, what they inherited (two steps), name of the unit, unread notices
    assert counts[0] <= 9


@override_settings(DEMO=True)
def test_banner_says_on_every_page_that_this_is_a_demonstration_and_its_day() -> None:
    with clock.fixed_on(date(2023, 11, 5)):
        for address in ("/", "/khong-co/"):
            text = re.sub(r"<[^>]+>", "", Client().get(address).content.decode())

            assert "Bản trình diễn. " in text
            assert "Chương trình đang sống ở ngày 05/11/2023." in text


@override_settings(DEMO=False)
def test_ordinary_day_has_no_banner() -> None:
    assert "td-demo" not in Client().get("/").content.decode()
