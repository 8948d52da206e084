"""The pages under /nong-thon-moi/: who sees and does what, filters, Excel, constant queries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import load_workbook

from thidua.core import clock
from thidua.indicators.models import NewRuralStatus, Recognition
from thidua.indicators.new_rural import statuses
from thidua.indicators.new_rural.tests.test_new_rural import EIGHTEEN, recognise
from thidua.indicators.tests.makers import NOW, define, give
from thidua.organisations.tests.world import DAY, World, phong_tho

pytestmark = pytest.mark.django_db

BOARD = "/nong-thon-moi/?tinh=lai-chau&nam=2022"


@pytest.fixture
def world() -> Iterator[World]:
    define()
    with clock.fixed_on(DAY):
        yield phong_tho()


def client(world: World, username: str) -> Client:
    browser = Client()
    browser.force_login(world.people[username])
    return browser


def answer(world: World, *keys: str) -> None:
    for key in keys:
        statuses.record_status(world.unit(key), 2022, EIGHTEEN, actor=world.acting("tinh"), now=NOW)


def test_every_page_asks_for_a_sign_in(world: World) -> None:
    for address in (BOARD, "/nong-thon-moi/cong-nhan/", "/nong-thon-moi/don-vi/dao-san/"):
        response = Client().get(address)
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("accounts:sign_in"))


def test_the_board_shows_communes_and_counts(world: World) -> None:
    answer(world, "dao-san")
    recognise(world, "huoi-luong")
    page = client(world, "dao-san").get(BOARD).content.decode()
    assert "Nông thôn mới: tỉnh Lai Châu, năm 2022" in page
    assert "18/19" in page
    assert "chưa báo cáo" in page
    assert "Trong 1 xã đã báo cáo." in page
    assert "Đạt chuẩn nông thôn mới</a>" not in page  # decided in 2023, the board is that of the end of 2022
    assert (
        "Đạt chuẩn nông thôn mới</a>"
        in client(world, "dao-san").get("/nong-thon-moi/?nam=2023").content.decode()
    )


def test_filters_and_excel(world: World) -> None:
    answer(world, "dao-san")
    browser = client(world, "tinh")
    assert "xã Mù Sang" not in browser.get(f"{BOARD}&tim=dao").content.decode()
    assert "xã Dào San" not in browser.get(f"{BOARD}&tinh_trang=thieu").content.decode()
    nothing = browser.get(f"{BOARD}&tinh_trang=duoi").content.decode()
    assert "Không có dòng nào khớp." in nothing
    book = load_workbook(BytesIO(browser.get(f"{BOARD}&dang=xlsx").content))
    rows = book.get_sheet_by_index(0).to_python()
    header = next(place for place, row in enumerate(rows) if row[0] == "Xã")
    assert len(rows[header]) == 6 + 19
    dao_san = next(row for row in rows if row[0] == "xã Dào San")
    assert (dao_san[2], dao_san[3], dao_san[6], dao_san[16]) == (18, "11", "đạt", "chưa")


def test_the_board_asks_as_much_for_one_commune_as_for_three(world: World) -> None:
    browser = client(world, "tinh")
    browser.get(BOARD)
    counts = []
    for keys in (("dao-san",), ("mu-sang", "huoi-luong")):
        answer(world, *keys)
        with CaptureQueriesContext(connection) as queries:
            browser.get(BOARD)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_commune_officer_answers_on_the_page(world: World) -> None:
    give("multidim_poverty_rate", world.unit("dao-san"), 2022, "43.8")
    browser, address = client(world, "dao-san"), "/nong-thon-moi/don-vi/dao-san/2022/"
    page = browser.get(address).content.decode()
    assert "tỷ lệ nghèo đa chiều <strong>43,80 %</strong>" in page
    response = browser.post(address, {"luc": "", "tc1": "dat", "tc11": "chua", "tc12": ""})
    assert response.status_code == 302
    row = NewRuralStatus.objects.get()
    assert (statuses.answers_of(row), row.user) == ({1: True, 11: False}, world.people["dao-san"])
    stale = browser.post(address, {"luc": "2020-01-01T00:00:00+00:00", "tc1": "chua"})
    assert stale.status_code == 422
    assert "người khác vừa ghi kết quả" in stale.content.decode()
    assert browser.post(address, {"luc": ""}).status_code == 422


def test_others_read_the_answers_and_may_not_give_them(world: World) -> None:
    answer(world, "dao-san")
    browser, address = client(world, "mu-sang"), "/nong-thon-moi/don-vi/dao-san/2022/"
    page = browser.get(address).content.decode()
    assert "Bạn xem được, không nhập được" in page
    assert 'type="radio"' not in page
    assert browser.post(address, {"tc1": "dat"}).status_code == 403
    assert browser.get("/nong-thon-moi/don-vi/dao-san/2012/").status_code == 404
    assert browser.get("/nong-thon-moi/don-vi/so-ldtbxh/2022/").status_code == 404


def test_the_province_writes_down_a_decision_and_its_withdrawal(world: World) -> None:
    browser = client(world, "tinh")
    form = {
        "level": "dat_chuan",
        "for_year": "2022",
        "number": "728/QĐ-UBND",
        "issuer": "Chủ tịch Ủy ban nhân dân tỉnh",
        "decided_on": "2023-03-23",
    }
    address = "/nong-thon-moi/don-vi/dao-san/cong-nhan/"
    assert "Chưa có số quyết định." in browser.post(address, form | {"number": ""}).content.decode()
    assert browser.post(address, form).status_code == 302
    found = Recognition.objects.get()
    assert (found.decided_on, found.decision.number) == (date(2023, 3, 23), "728/QĐ-UBND")
    assert browser.post(address, form).status_code == 422
    place = browser.get("/nong-thon-moi/don-vi/dao-san/").content.decode()
    assert "Quyết định 728/QĐ-UBND" in place
    away = f"/nong-thon-moi/cong-nhan/{found.pk}/thu-hoi/"
    response = browser.post(
        away, {"number": "99/QĐ-UBND", "issuer": "", "withdrawn_on": "2023-10-01", "reason": "Không còn đạt"}
    )
    assert response.status_code == 422  # who signed is missing
    response = browser.post(
        away,
        {"number": "99/QĐ-UBND", "issuer": "Tỉnh", "withdrawn_on": "2023-10-01", "reason": "Không còn đạt"},
    )
    assert response.status_code == 302
    found.refresh_from_db()
    assert found.withdrawn_on == date(2023, 10, 1)


def test_a_commune_may_not_recognise_itself(world: World) -> None:
    browser = client(world, "dao-san")
    assert browser.get("/nong-thon-moi/don-vi/dao-san/cong-nhan/").status_code == 403
    found = recognise(world, "dao-san")
    assert browser.get(f"/nong-thon-moi/cong-nhan/{found.pk}/thu-hoi/").status_code == 403
    assert "Ghi thu hồi" not in browser.get("/nong-thon-moi/don-vi/dao-san/").content.decode()


def test_the_list_of_recognitions_filters_and_asks_a_constant_number_of_times(world: World) -> None:
    browser, address = client(world, "tinh"), "/nong-thon-moi/cong-nhan/"
    browser.get(f"{address}?tinh=lai-chau")
    counts = []
    for keys in (("dao-san",), ("mu-sang", "huoi-luong")):
        for key in keys:
            recognise(world, key)
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(f"{address}?tinh=lai-chau").content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert "3 dòng" in page
    assert "Không có dòng nào khớp." in browser.get(f"{address}?muc=kieu_mau").content.decode()
    assert "1 dòng" in browser.get(f"{address}?tim=dao san").content.decode()
    assert browser.get(f"{address}?dang=xlsx").status_code == 200


def test_the_board_shows_the_published_count_beside_the_decisions_written_down(world: World) -> None:
    value = give("communes_ntm", world.unit("lai-chau"), 2022, 39, standard_id=None)
    page = client(world, "tinh").get(BOARD).content.decode()
    assert "<strong>0</strong>/3 xã có quyết định đã ghi" in page
    assert f'<a href="{reverse("indicators:value", args=[value.pk])}">39 xã</a>, sơ bộ.' in page
