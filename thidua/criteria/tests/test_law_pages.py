"""Pages of the lawbook: what they show on a day, in Excel, and between two days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from thidua.core import clock
from thidua.criteria import lawbook
from thidua.criteria.law_pages.law_list import changes_between, marks, rows_on
from thidua.criteria.law_pages.words import OTHER, difference, group_of, value_of

pytestmark = pytest.mark.django_db
DAY = date(2025, 12, 20)


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_every_key_of_the_lawbook_has_a_group() -> None:
    assert [key for key, _ in lawbook.book().histories if group_of(key) == OTHER] == []


def test_every_entry_of_every_day_can_be_printed(client: Client) -> None:
    book = lawbook.book()
    empty = [
        one.key for history in book.histories.values() for one in history if not value_of(one, book).flat
    ]

    assert empty == []
    for (key, _), history in list(book.histories.items())[::17]:
        assert history[-1].name in text_of(client, f"/so-luat/{key}/")


@pytest.mark.parametrize(
    ("key", "on", "expected"),
    [
        ("pay.base_salary", date(2023, 12, 31), "1.800.000 đồng/tháng"),
        ("award.bonus.rounding", DAY, "10.000 đồng"),
        ("award.bonus.coefficient.giay-khen-xa", DAY, "Hệ số: 0,15; Tính sẵn cho: cá nhân"),
        ("award.publicity.before-council", date(2023, 12, 31), "không định, hoặc không còn"),
        ("award.publicity.before-council", DAY, "10 ngày làm việc"),
        ("award.yearly_deadline.merit", date(2023, 12, 31), "30/6"),
        (
            "award.vote.huan-chuong",
            DAY,
            "Tính trên: tổng số thành viên hội đồng; Bỏ phiếu kín: có; Tỷ lệ ít nhất: 80 %",
        ),
        (
            "award.authority.thu-tuong",
            DAY,
            "Cờ thi đua của Chính phủ; Chiến sĩ thi đua toàn quốc; Bằng khen của Thủ tướng Chính phủ",
        ),
        ("award.governing_date.bonus", DAY, "ngày ký quyết định"),
    ],
)
def test_values_are_printed_in_words(key: str, on: date, expected: str) -> None:
    book = lawbook.book()

    assert value_of(book.value(key, on=on), book).flat == expected


def test_list_shows_the_day_asked_for(client: Client) -> None:
    today = text_of(client, "/so-luat/?tim=luong+co+so&nhom=tien-thuong")
    then = text_of(client, "/so-luat/?tim=luong+co+so&nhom=tien-thuong&ngay=2023-12-31")

    assert ("2.340.000 đồng/tháng" in today, "1.800.000 đồng/tháng" in today) == (True, False)
    assert ("2.340.000 đồng/tháng" in then, "1.800.000 đồng/tháng" in then) == (False, True)


def test_list_of_what_nobody_has_read(client: Client) -> None:
    unread = text_of(client, "/so-luat/?doi_chieu=chua&nhom=hoi-dong")

    assert "Bỏ phiếu: Huân chương" in unread
    assert "Hội đồng cấp xã" not in unread
    assert "chưa đối chiếu văn bản gốc" in unread


@pytest.mark.parametrize(
    "address",
    [
        "/so-luat/?ngay=khong-phai-ngay&sap_xep=--x&trang=999&nhom=khong-co",
        "/so-luat/?ngay=0001-01-01",
        "/so-luat/?sap_xep=-tu&trang=2",
        "/so-luat/thay-doi/?tu=2025-07-01&den=2024-01-01",
        "/so-luat/thay-doi/?tu=x&den=9999-12-31",
    ],
)
def test_nonsense_in_the_address_breaks_nothing(client: Client, address: str) -> None:
    text_of(client, address)


def test_unknown_entry_is_not_found(client: Client) -> None:
    assert client.get("/so-luat/award.form.khong-co/").status_code == 404


def test_workbook_holds_what_the_page_cuts(client: Client) -> None:
    response = client.get("/so-luat/?dang=xlsx&nhom=tien-thuong&tim=0,15")

    rows = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert rows[0] == [
        *("Nhóm", "Nội dung", "Giá trị", "Từ ngày", "Đến hết ngày", "Căn cứ", "Đối chiếu"),
        *("Ghi chú", "Khóa", "Tệp, dòng"),
    ]
    assert [row[:4] for row in rows[1:]] == [
        [
            "Tiền thưởng",
            "Tiền thưởng: Giấy khen của xã",
            "Hệ số: 0,15; Tính sẵn cho: cá nhân",
            date(2025, 7, 1),
        ]
    ]
    assert rows[1][8] == "award.bonus.coefficient.giay-khen-xa"


def test_changes_between_the_eras_name_what_came_and_went() -> None:
    groups, moved = changes_between(date(2025, 6, 30), date(2025, 7, 1))

    found = {one.key: one for group in groups for one in group.changed}
    commune = found["award.authority.chu-tich-ubnd-xa"]
    assert (commune.difference.gone, set(commune.difference.new)) == (
        (),
        {"Tập thể lao động tiên tiến", "Chiến sĩ thi đua cơ sở", "Thôn, tổ dân phố văn hóa"},
    )
    assert found["award.authority.chu-tich-ubnd-huyen"].after is None
    assert "award.principle.p09" not in found
    assert moved > 10


def test_same_day_twice_changes_nothing(client: Client) -> None:
    assert changes_between(DAY, DAY) == ([], 0)
    assert "Không có gì khác nhau" in text_of(client, "/so-luat/thay-doi/?tu=2025-12-20&den=2025-12-20")


def test_difference_of_single_values_is_the_whole_value() -> None:
    book = lawbook.book()
    before, after = book.history("pay.base_salary")[:2]

    found = difference(before, after, book)

    assert (found.gone, found.new) == (("1.490.000 đồng/tháng",), ("1.800.000 đồng/tháng",))


def test_marks_are_the_days_of_change() -> None:
    days = [mark.day for mark in marks()]

    assert days == sorted(set(days))
    assert {date(2024, 1, 1), date(2025, 7, 1), date(2026, 7, 1)} <= set(days)
    assert len(rows_on(date(2025, 7, 1))) > 200


def test_worked_cases_are_shown_with_what_the_program_comes_to(client: Client) -> None:
    page = text_of(client, "/so-luat/vi-du/")

    assert "10.430.000 đồng" in page
    assert "không khớp" not in page
