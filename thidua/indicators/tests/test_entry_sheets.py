"""The Excel sheet of figures: made, filled in, read back; each wrong cell is named with its cure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from xlsxwriter import Workbook

from thidua.core.errors import RuleNotMet
from thidua.indicators.entry_sheets import (
    CODES,
    FIRST,
    FIRST_FIGURE,
    HEADS,
    NOTE,
    SHEET,
    SOURCE,
    STAGE,
    UNIT_KEY,
    UNIT_NAME,
    Head,
    Measured,
    ReadSheet,
    cell_name,
    figure_of,
    read,
    template,
)

POOR = Measured("poor_hh", "Số hộ nghèo", "hộ", lowest=Decimal(0))
INCOME = Measured(
    "rural_income", "Thu nhập", "triệu đồng", decimals=1, lowest=Decimal(0), highest=Decimal(500)
)
ROAD = Measured("has_road", "Có đường nhựa", "", is_yes_no=True)
ALL = {one.code: one for one in (POOR, INCOME, ROAD)}
HEAD = Head("ra_soat.commune", date(2023, 1, 1), date(2024, 1, 1), "ngheo-2022-2026", "")
STAGES = {"so bo": "so_bo", "chinh thuc": "chinh_thuc"}


def file_of(
    *rows: tuple[str, Any, Any, Any],
    head: Head = HEAD,
    stage: str = "Sơ bộ",
    codes: tuple[str, ...] = tuple(ALL),
    sheet: str = SHEET,
) -> bytes:
    """A filled-in workbook: unit key and the three figures of each row, as people type them."""
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        page.write_string(CODES, 0, head.as_text())
        page.write_row(CODES, FIRST_FIGURE, codes)
        page.write_string(STAGE, FIRST_FIGURE, stage)
        page.write_string(SOURCE, FIRST_FIGURE, "12/BC-UBND")
        page.write_string(NOTE, FIRST_FIGURE, "đợt 1")
        page.write_string(HEADS, UNIT_NAME, "Đơn vị")
        for number, (key, *values) in enumerate(rows, FIRST):
            page.write(number, UNIT_KEY, key)
            page.write(number, UNIT_NAME, f"xã {key}")
            for column, value in enumerate(values, FIRST_FIGURE):
                if value != "":
                    page.write(number, column, value)
    return out.getvalue()


def read_all(raw: bytes) -> ReadSheet:
    return read(raw, indicators=ALL, stages=STAGES)


def test_template_that_is_handed_back_reads_as_what_was_known() -> None:
    known = {("dao-san", "poor_hh"): Decimal(120), ("mu-sang", "poor_hh"): None}
    raw = template(
        HEAD,
        title="Rà soát hộ nghèo, năm 2023",
        stages=["Sơ bộ", "Chính thức"],
        stage="Sơ bộ",
        indicators=list(ALL.values()),
        units=[("dao-san", "xã Dào San"), ("mu-sang", "xã Mù Sang")],
        known={**known, ("dao-san", "has_road"): Decimal(1), ("dao-san", "rural_income"): Decimal("41.6")},
    )

    found = read_all(raw)

    assert found.errors == []
    assert found.head == HEAD
    assert found.stage == "so_bo"
    assert [(key, code, amount) for _, _, key, code, amount in found.figures] == [
        ("dao-san", "poor_hh", Decimal(120)),
        ("dao-san", "rural_income", Decimal("41.6")),
        ("dao-san", "has_road", Decimal(1)),
        ("mu-sang", "poor_hh", None),
    ]


def test_empty_cells_say_nothing_and_zero_says_zero() -> None:
    found = read_all(file_of(("dao-san", 0, "", ""), ("mu-sang", "", 12.5, "")))

    assert [(key, code, amount) for _, _, key, code, amount in found.figures] == [
        ("dao-san", "poor_hh", Decimal(0)),
        ("mu-sang", "rural_income", Decimal("12.5")),
    ]


def test_numbers_written_as_vietnamese_text_are_read() -> None:
    found = read_all(file_of(("dao-san", "1.234", "41,6", "Có"), ("mu-sang", "Không phát sinh", "", "không")))

    assert [amount for *_, amount in found.figures] == [
        Decimal(1234),
        Decimal("41.6"),
        Decimal(1),
        None,
        Decimal(0),
    ]
    assert found.source == "12/BC-UBND"
    assert found.note == "đợt 1"


@pytest.mark.parametrize(
    ("row", "place", "what"),
    [
        (("dao-san", "chưa rõ", "", ""), "C7", "«chưa rõ» không phải là số"),
        (("dao-san", 12.5, "", ""), "C7", "12,5 có quá nhiều số lẻ"),
        (("dao-san", -3, "", ""), "C7", "-3 nằm ngoài khoảng cho phép"),
        (("dao-san", "", 501, ""), "D7", "501 nằm ngoài khoảng cho phép"),
        (("dao-san", "", 41.66, ""), "D7", "41,66 có quá nhiều số lẻ"),
        (("dao-san", "", "", "có lẽ"), "E7", "«có lẽ» không phải là «có» hay «không»"),
        (("dao-san", "#REF!", "", ""), "C7", "ô đang báo lỗi #REF!"),
        (("dao-san", "1e400", "", ""), "C7", "«1e400» không phải là số"),
        (("", 5, "", ""), "C7", "dòng này không có mã đơn vị"),
    ],
)
def test_wrong_cell_is_named(row: tuple[str, Any, Any, Any], place: str, what: str) -> None:
    found = read_all(file_of(row))

    assert [(error.sheet, error.place, error.what) for error in found.errors] == [(SHEET, place, what)]
    assert found.errors[0].cure


def test_every_wrong_cell_is_named_at_once() -> None:
    found = read_all(file_of(("dao-san", "x", 999, ""), ("mu-sang", 4.5, "", "?"), ("dao-san", 1, "", "")))

    assert [error.place for error in found.errors] == ["C7", "D7", "C8", "E8", "B9"]
    assert found.errors[-1].what == "đơn vị này đã có ở ô B7"


def test_unknown_column_and_column_twice_are_named() -> None:
    found = read_all(file_of(("dao-san", 1, "", ""), codes=("poor_hh", "poor_hh", "nothing")))

    assert [(error.place, error.what) for error in found.errors] == [
        ("D6", "cột này lặp lại cột C6"),
        ("E6", "không có chỉ tiêu mã «nothing»"),
    ]


def test_unknown_stage_is_named() -> None:
    found = read_all(file_of(("dao-san", 1, "", ""), stage="cuối cùng"))

    assert [(error.place, error.what) for error in found.errors] == [("C3", "không có mức độ «cuối cùng»")]


def test_file_without_figures_says_so() -> None:
    found = read_all(file_of(("dao-san", "", "", "")))

    assert [error.what for error in found.errors] == ["tệp chưa có số liệu nào"]


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"PK not a zip", "không phải tệp Excel"),
        (b"", "không phải tệp Excel"),
        (file_of(("a", 1, "", ""), sheet="Trang khác"), "không có trang «Số liệu»"),
    ],
)
def test_what_is_no_template_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(RuleNotMet, match=why):
        read_all(raw)


def test_file_without_hidden_codes_is_refused() -> None:
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet(SHEET).write_string(0, 0, "bảng của tôi")

    with pytest.raises(RuleNotMet, match="dòng mã ẩn đã bị xóa"):
        read_all(out.getvalue())


def test_cell_far_away_is_refused_before_it_is_unpacked() -> None:
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet(SHEET)
        page.write_string(0, 0, HEAD.as_text())
        page.write_number(1_000_000, 16_000, 1)

    with pytest.raises(RuleNotMet, match="ô ghi ở rất xa"):
        read_all(out.getvalue())


@pytest.mark.parametrize(
    ("text", "amount"), [("1.234", Decimal(1234)), ("0", Decimal(0)), ("KPS", None), (" 12 ", Decimal(12))]
)
def test_figure_is_read_as_typed(text: str, amount: Decimal | None) -> None:
    assert figure_of(text, POOR) == amount


def test_names_of_cells() -> None:
    assert [cell_name(6, 2), cell_name(0, 27)] == ["C7", "AB1"]
