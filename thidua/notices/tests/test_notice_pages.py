"""The page of notices: what is mine, unread first, opened once, nothing of others."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from thidua.accounts.models import User
from thidua.core import clock
from thidua.notices.models import Notice, NoticeRead
from thidua.notices.telling import notices_for, tell, tell_units, unread_count
from thidua.organisations.models import Unit
from thidua.organisations.tests.world import DAY, REFORM, World, phong_tho

pytestmark = pytest.mark.django_db
PAGE = "/thong-bao/"


def told(text: str, *, unit: Unit | None = None, user: User | None = None, hour: int = 1) -> Notice:
    return tell(
        kind="task",
        text=text,
        address="/nhiem-vu/1/",
        now=datetime(2023, 11, 4, hour, tzinfo=UTC),
        sender="Phòng Lao động",
        unit_id=unit.pk if unit else None,
        user=user,
    )


def client_of(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.people[username])
    return client


def texts_of(client: Client, query: str = "") -> list[str]:
    with clock.fixed_on(DAY):
        listing = client.get(PAGE + query).context["listing"]
    return [notice.text for notice in listing.page]


def test_page_needs_a_sign_in() -> None:
    response = Client().get(PAGE)

    assert (response.status_code, response["Location"].endswith("next=/thong-bao/")) == (302, True)


def test_what_many_units_are_told_at_once_is_found_by_its_words() -> None:
    world = phong_tho()
    tell_units(
        kind="round",
        texts={world.unit("huoi-luong").pk: "Mở đợt báo cáo năm 2023", world.unit("dao-san").pk: "Khác"},
        address="/bao-cao/1/",
        now=datetime(2023, 11, 4, 1, tzinfo=UTC),
        sender="Phòng Lao động",
    )

    client = client_of(world, "huoi-luong")
    assert texts_of(client, "?tim=bao+cao") == ["Mở đợt báo cáo năm 2023"]
    assert texts_of(client, "?tim=dang+ky") == []


def test_unread_come_first_and_others_are_not_shown() -> None:
    world = phong_tho()
    read = told("Việc mới nhất", unit=world.unit("huoi-luong"), hour=5)
    told("Việc cũ", unit=world.unit("huoi-luong"), hour=1)
    told("Riêng tôi", user=world.people["huoi-luong"], hour=2)
    told("Của xã khác", unit=world.unit("dao-san"))
    client = client_of(world, "huoi-luong")
    assert "Của xã khác" in texts_of(client_of(world, "dao-san"))

    with clock.fixed_on(DAY):
        response = client.get(f"{PAGE}{read.pk}/")

    assert (response.status_code, response["Location"]) == (302, "/nhiem-vu/1/")
    assert texts_of(client) == ["Riêng tôi", "Việc cũ", "Việc mới nhất"]


def test_successor_sees_what_its_predecessor_was_told() -> None:
    world = phong_tho()
    told("Việc của xã cũ", unit=world.unit("huoi-luong"))

    assert unread_count(world.acting("xa-moi", on=REFORM)) == 1
    assert unread_count(world.acting("xa-moi", on=DAY)) == 0


def test_notice_of_others_cannot_be_opened() -> None:
    world = phong_tho()
    notice = told("Của xã khác", unit=world.unit("dao-san"))
    with clock.fixed_on(DAY):
        assert client_of(world, "huoi-luong").get(f"{PAGE}{notice.pk}/").status_code == 404
    assert NoticeRead.objects.count() == 0


@pytest.mark.parametrize("address", ["https://example.com/", "//example.com/", "javascript:alert(1)", ""])
def test_notice_never_leads_away(address: str) -> None:
    world = phong_tho()
    notice = told("Việc", user=world.people["huoi-luong"])
    Notice.objects.update(address=address)

    assert client_of(world, "huoi-luong").get(f"{PAGE}{notice.pk}/")["Location"] == PAGE


def test_all_are_marked_at_once() -> None:
    world = phong_tho()
    told("Một", unit=world.unit("huoi-luong"))
    told("Hai", user=world.people["huoi-luong"])
    other = told("Của xã khác", unit=world.unit("dao-san"))
    client = client_of(world, "huoi-luong")

    with clock.fixed_on(DAY):
        assert client.get(f"{PAGE}doc-het/").status_code == 405
        assert client.post(f"{PAGE}doc-het/", follow=True).context["unread"] == 0

    assert notices_for(world.acting("dao-san")).get().pk == other.pk
    assert unread_count(world.acting("dao-san")) == 1


def test_filters_and_words_without_accents() -> None:
    world = phong_tho()
    told("Nộp báo cáo tháng 10", unit=world.unit("huoi-luong"))
    told("Đăng ký thi đua", unit=world.unit("huoi-luong"))
    client = client_of(world, "huoi-luong")

    assert texts_of(client, "?tim=bao cao") == ["Nộp báo cáo tháng 10"]
    assert texts_of(client, "?tim=phong lao dong dang") == ["Đăng ký thi đua"]
    assert texts_of(client, "?trang_thai=da-doc") == []
    assert len(texts_of(client, "?trang_thai=chua-doc")) == 2
    assert texts_of(client, "?tu_ngay=05/11/2023") == []
    assert len(texts_of(client, "?tu_ngay=4/11/2023&den_ngay=4/11/2023")) == 2


def test_list_as_excel() -> None:
    world = phong_tho()
    told("Nộp báo cáo", unit=world.unit("huoi-luong"))
    with clock.fixed_on(DAY):
        content = client_of(world, "huoi-luong").get(PAGE + "?dang=xlsx").content
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()

    assert rows[0] == ["Nội dung", "Trạng thái", "Gửi cho", "Lúc"]
    assert rows[1][:3] == ["Nộp báo cáo", "Chưa đọc", "xã Huổi Luông"]


@pytest.mark.parametrize("count", [3, 3000])
def test_query_count_does_not_grow(count: int) -> None:
    world = phong_tho()
    told("Một", unit=world.unit("huoi-luong"))
    client = client_of(world, "huoi-luong")
    texts_of(client)
    with CaptureQueriesContext(connection) as one:
        texts_of(client)
    Notice.objects.bulk_create(
        Notice(kind="x", text=f"Việc {n}", unit=world.unit("huoi-luong"), address="/") for n in range(count)
    )
    with CaptureQueriesContext(connection) as many:
        texts_of(client)

    assert len(many) == len(one)
