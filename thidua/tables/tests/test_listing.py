"""A list as declared once: filters, order, pages, Excel, over the users, the lowest model."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django import forms
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from thidua.core.text import person_sort_key, sort_key
from thidua.tables.listing import Column, FilterForm, Listing, Shown, Table, listing, wants_workbook
from thidua.tables.workbooks import Cell, Sheet, written

#: Any model would do; lists know none of ours.
User: Any = get_user_model()
NAMES = ("Đào Văn Ất", "Dương Thị Ánh", "Ân", "An", "Ăn", "Ẩn", "Đỗ Bá")


class Filters(FilterForm):
    tim = forms.CharField(label="Tìm")
    loai = forms.MultipleChoiceField(label="Loại", choices=[("a", "A"), ("b", "B")])
    tinh_trang = forms.ChoiceField(label="Tình trạng", choices=[("", "Tất cả"), ("nghi", "Đã nghỉ")])

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        if "tim" in asked:
            rows = rows.filter(full_name__contains=asked["tim"])
        if "loai" in asked:
            rows = rows.filter(position__in=asked["loai"])
        if asked.get("tinh_trang") == "nghi":
            rows = rows.filter(is_active=False)
        return rows


TABLE: Table[Any] = Table(
    name="nguoi",
    title="Người",
    columns=(
        Column(
            "ten",
            "Họ tên",
            show=lambda user: Shown(user.full_name, href=f"/nguoi/{user.username}/"),
            order=("name_order",),
        ),
        Column("chuc_vu", "Chức vụ", show=lambda user: user.position),
        Column(
            "so",
            "Số",
            show=lambda user: Shown(str(len(user.full_name)), tone="late" if not user.is_active else None),
            value=lambda user: len(user.full_name),
            is_number=True,
        ),
        Column("vao", "Ngày vào", show=lambda user: f"{user.date_joined:%d/%m/%Y}", order=("date_joined",)),
    ),
    filters=Filters,
    usual_order="ten",
    empty="Chưa có ai. Người quản trị thêm người ở trang Người dùng.",
    page_rows=3,
    tone=lambda user: "" if user.is_active else "late",
)


def make(*names: str, **fields: Any) -> None:
    for number, name in enumerate(names):
        User.objects.create(
            username=f"n{User.objects.count()}-{number}",
            full_name=name,
            name_order=sort_key(name),
            date_joined=datetime(2023, 1, 1 + number, tzinfo=UTC),
            **fields,
        )


def asked(**answers: Any) -> HttpRequest:
    return RequestFactory().get("/nguoi/", answers)


def names(found: Listing[Any]) -> list[str]:
    return [user.full_name for user in found.page.object_list]


def rendered(found: Listing[Any]) -> str:
    return render_to_string("tables/table.html", {"listing": found, "heading_id": "td"})


@pytest.mark.django_db
def test_names_stand_in_the_order_of_dictionaries_on_every_database() -> None:
    make(*NAMES)

    first, second, third = (
        names(listing(asked(trang=page), TABLE, User.objects.all())) for page in (1, 2, 3)
    )

    assert first + second + third == ["An", "Ăn", "Ân", "Ẩn", "Dương Thị Ánh", "Đào Văn Ất", "Đỗ Bá"]


@pytest.mark.django_db
def test_order_can_be_turned_and_what_has_no_order_is_not_obeyed() -> None:
    make("An", "Bình", "Chi")

    falling = listing(asked(sap_xep="-ten"), TABLE, User.objects.all())

    assert names(falling) == ["Chi", "Bình", "An"]
    assert names(listing(asked(sap_xep="chuc_vu"), TABLE, User.objects.all())) == ["An", "Bình", "Chi"]
    assert names(listing(asked(sap_xep="--ten"), TABLE, User.objects.all())) == ["An", "Bình", "Chi"]
    assert names(listing(asked(sap_xep="password"), TABLE, User.objects.all())) == ["An", "Bình", "Chi"]
    assert [heading.direction for heading in falling.headings] == ["descending", "none", "none", "none"]
    assert [bool(heading.href) for heading in falling.headings] == [True, False, False, True]


@pytest.mark.django_db
def test_filters_narrow_and_unknown_answers_count_as_none() -> None:
    make("An", "Anh", position="a")
    make("Bình", position="b", is_active=False)

    assert names(listing(asked(tim="An"), TABLE, User.objects.all())) == ["An", "Anh"]
    assert names(listing(asked(tinh_trang="nghi"), TABLE, User.objects.all())) == ["Bình"]
    assert names(listing(asked(loai=["a", "b"]), TABLE, User.objects.all())) == ["An", "Anh", "Bình"]
    unknown = listing(asked(tinh_trang="x' OR 1=1", loai="khong-co"), TABLE, User.objects.all())
    assert names(unknown) == ["An", "Anh", "Bình"]
    assert not unknown.is_asked


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["0", "-1", "999", "abc", ""])
def test_page_that_does_not_exist_is_a_page_that_does(page: str) -> None:
    make(*NAMES)

    assert listing(asked(trang=page), TABLE, User.objects.all()).page.number in (1, 3)


@pytest.mark.django_db
def test_keys_first_shows_the_same_rows_and_reads_whole_ones_for_the_page_only() -> None:
    make(*NAMES, position="a")
    keys_first = replace(TABLE, keys_first=True)

    for answers in ({}, {"trang": "2"}, {"trang": "3"}, {"sap_xep": "-ten"}, {"tim": "n"}, {"tim": "không"}):
        ours, plain = (listing(asked(**answers), one, User.objects.all()) for one in (keys_first, TABLE))
        assert (ours.count, names(ours)) == (plain.count, names(plain)), answers

    with CaptureQueriesContext(connection) as caught:
        listing(asked(trang="2"), keys_first, User.objects.all())
    count, keys, rows = (one["sql"] for one in caught.captured_queries)
    assert ("COUNT(*)" in count, "full_name" in keys, "OFFSET" in rows) == (True, False, False)


@pytest.mark.django_db
def test_clearing_the_filters_keeps_the_view_and_the_order() -> None:
    found = listing(asked(tim="An", trang="2", sap_xep="-vao", xem="cua-toi"), TABLE, User.objects.all())
    assert found.cleared_address == "/nguoi/?sap_xep=-vao"

    found.kept = {"xem": "cua-toi"}
    assert found.cleared_address == "/nguoi/?xem=cua-toi&sap_xep=-vao"
    assert 'href="/nguoi/?xem=cua-toi&amp;sap_xep=-vao">bỏ lọc' in rendered(found)

    found = listing(asked(tim="An"), TABLE, User.objects.all())
    assert found.cleared_address == "/nguoi/"


@pytest.mark.django_db
def test_links_keep_the_other_answers() -> None:
    make(*[f"An {number}" for number in range(7)], position="a")
    found = listing(asked(tim="An", loai=["a", "b"], trang="2", sap_xep="-vao"), TABLE, User.objects.all())

    assert found.next_address == "/nguoi/?tim=An&loai=a&loai=b&sap_xep=-vao&trang=3"
    assert found.previous_address == "/nguoi/?tim=An&loai=a&loai=b&sap_xep=-vao&trang=1"
    assert found.workbook_address == "/nguoi/?tim=An&loai=a&loai=b&sap_xep=-vao&dang=xlsx"
    # Another order begins on the first page.
    assert found.headings[0].href == "/nguoi/?tim=An&loai=a&loai=b&sap_xep=ten"
    assert found.headings[3].href == "/nguoi/?tim=An&loai=a&loai=b&sap_xep=vao"


@pytest.mark.django_db
def test_sending_the_filters_keeps_the_order() -> None:
    make("An")

    text = rendered(listing(asked(sap_xep="-ten"), TABLE, User.objects.all()))

    assert '<option value="-ten" selected>Họ tên, giảm dần</option>' in text
    assert text.count("<option") == 4 + 4


@pytest.mark.django_db
def test_page_escapes_what_people_wrote_and_marks_rows() -> None:
    make("<b>An</b>", is_active=False)

    text = rendered(listing(asked(), TABLE, User.objects.all()))

    assert "&lt;b&gt;An&lt;/b&gt;" in text
    assert "<b>An" not in text
    assert '<tr class="td-row-late">' in text
    assert '<span class="td-tag td-tag-late">' in text
    assert 'aria-sort="ascending"' in text
    assert 'data-label="Chức vụ"' in text


@pytest.mark.django_db
def test_empty_list_teaches_and_a_filter_without_answer_offers_to_let_go() -> None:
    assert "Người quản trị thêm người ở trang Người dùng." in rendered(
        listing(asked(), TABLE, User.objects.all())
    )
    assert 'href="/nguoi/">bỏ lọc</a>' in rendered(listing(asked(tim="x"), TABLE, User.objects.all()))


@pytest.mark.django_db
def test_workbook_holds_all_rows_that_were_asked_for_and_no_formulas() -> None:
    make('=HYPERLINK("http://vi-du.example")', "@SUM(1)", "+84 912", "-1", "An", position="a")
    make("Không", position="b")
    request = asked(loai="a", dang="xlsx")

    assert wants_workbook(request)
    response = listing(request, TABLE, User.objects.all()).workbook()
    rows = cells(response.content)

    assert response["Content-Disposition"] == 'attachment; filename="nguoi.xlsx"'
    assert rows[0] == ["Họ tên", "Chức vụ", "Số", "Ngày vào"]
    assert sorted(str(row[0]) for row in rows[1:]) == [
        "+84 912",
        "-1",
        '=HYPERLINK("http://vi-du.example")',
        "@SUM(1)",
        "An",
    ]
    assert b"<f>" not in unzipped(response.content)


def cells(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def unzipped(content: bytes) -> bytes:
    import zipfile

    with zipfile.ZipFile(BytesIO(content)) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def test_workbook_writes_each_kind_of_value_as_itself() -> None:
    moment = datetime(2023, 11, 5, 2, 30, tzinfo=UTC)
    row: list[Cell] = ["chữ", 3, Decimal("2.5"), date(2023, 11, 9), moment, None, ""]
    content = written([Sheet("Bảng", tuple((str(number), 10) for number in range(7)), [row])])

    assert cells(content)[1] == [
        "chữ",
        3.0,
        2.5,
        date(2023, 11, 9),
        datetime(2023, 11, 5, 9, 30),  # noqa: DTZ001 -- Excel knows no time zones
        "",
        "",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["", "xlsx"])
def test_queries_do_not_grow_with_the_rows(form: str) -> None:
    table = Table(name="n", title="N", columns=TABLE.columns, filters=Filters, usual_order="ten")
    counts = []
    for more in (1, 3, 3000):
        User.objects.bulk_create(
            User(username=f"{more}-{number}", full_name=f"An {number}", name_order=person_sort_key("An"))
            for number in range(more)
        )
        with CaptureQueriesContext(connection) as queries:
            found = listing(asked(dang=form), table, User.objects.all())
            _ = found.workbook() if form else rendered(found)
        # A server-side cursor fetches in pieces that are not counted as queries.
        counts.append(len(queries))

    assert counts[0] == counts[1] == counts[2]
    assert counts[0] <= 3
