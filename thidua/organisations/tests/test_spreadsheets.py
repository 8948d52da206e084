"""Reading an Excel file of units: each wrong cell by its place, and files that want to do harm."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.core.errors import RuleNotMet
from thidua.organisations import spreadsheets
from thidua.organisations.models import UnitKind
from thidua.organisations.spreadsheets import HEADINGS, SHEET, CellError, UnitRow, read
from thidua.tables.workbooks import Sheet, written

HEAD = tuple((one.title, one.width) for one in HEADINGS)
GOOD = ["", "bản Ma Lù Thàng", "Thôn, bản, tổ dân phố", "xã Huổi Luông"]


def file_of(*rows: Sequence[Any], name: str = SHEET, head: tuple[tuple[str, int], ...] = HEAD) -> bytes:
    return written([Sheet(name, head, rows)])


def errors_of(*rows: Sequence[Any]) -> list[str]:
    return [str(error) for error in read(file_of(*rows)).errors]


def test_row_is_read() -> None:
    row = [
        3529,
        " bản  Ma Lù Thàng ",
        "thôn, bản, tổ dân phố",
        "xã Huổi Luông",
        "",
        date(2020, 5, 1),
        "Gần biên giới",
    ]

    assert read(file_of(row, [], GOOD)) == spreadsheets.ReadFile(
        (
            UnitRow(2, "3529", "bản Ma Lù Thàng", UnitKind.VILLAGE, "xã Huổi Luông", "", date(2020, 5, 1),
                    "Gần biên giới"),
            UnitRow(4, "", "bản Ma Lù Thàng", UnitKind.VILLAGE, "xã Huổi Luông", "", None, ""),
        ),
        (),
    )  # fmt: skip


def test_decomposed_letters_are_composed() -> None:
    import unicodedata

    row = [unicodedata.normalize("NFD", cell) for cell in GOOD]
    assert read(file_of(row)).rows[0].label == "bản Ma Lù Thàng"


@pytest.mark.parametrize(
    ("row", "error"),
    [
        (["", "", *GOOD[2:]], "Ô B2: thiếu tên đơn vị. Ghi vào ô này, hoặc xóa cả dòng."),
        ([*GOOD[:3], ""], "Ô D2: thiếu đơn vị cấp trên. Ghi vào ô này, hoặc xóa cả dòng."),
        ([*GOOD[:2], "Xóm nhỏ", GOOD[3]],
         "Ô C2: không có loại «Xóm nhỏ». Chọn một loại ở trang «Loại đơn vị» của tệp mẫu."),
        ([*GOOD[:2], "", GOOD[3]],
         "Ô C2: thiếu loại đơn vị. Chọn một loại ở trang «Loại đơn vị» của tệp mẫu."),
        ([*GOOD[:2], "Cấp tỉnh", GOOD[3]],
         "Ô C2: không có loại «Cấp tỉnh». Chọn một loại ở trang «Loại đơn vị» của tệp mẫu."),
        ([*GOOD, "", "tháng 5"], "Ô F2: «tháng 5» không phải là ngày. Ghi dạng 01/07/2025."),
        ([*GOOD, "", "31/02/2020"], "Ô F2: «31/02/2020» không phải là ngày. Ghi dạng 01/07/2025."),
        ([*GOOD, "", "01/01/0020"], "Ô F2: «01/01/0020» không phải là ngày. Ghi dạng 01/07/2025."),
        (["", "x" * 301, *GOOD[2:]], "Ô B2: dài quá 300 chữ. Rút ngắn nội dung."),
        (["1" * 21, *GOOD[1:]], "Ô A2: dài quá 20 chữ. Rút ngắn nội dung."),
        (["#REF!", *GOOD[1:]], "Ô A2: ô đang báo lỗi #REF!. Sửa công thức, hoặc ghi chữ."),
    ],
)  # fmt: skip
def test_wrong_cell_is_named(row: list[Any], error: str) -> None:
    assert errors_of(row) == [error]


def test_every_wrong_cell_is_named_at_once() -> None:
    places = [error.place for error in read(file_of(GOOD, ["", "", "?", ""], GOOD, [*GOOD, "", "x"])).errors]

    assert places == ["B3", "D3", "C3", "F5"]


def test_head_must_be_that_of_the_template() -> None:
    changed = (("Mã số", 5), ("Họ tên", 5), *HEAD[2:])
    (error,) = read(file_of(GOOD, head=changed)).errors

    assert error == CellError(
        "B1", "phải là «Tên đầy đủ»", "Dùng tệp mẫu tải về từ trang này và giữ nguyên dòng đầu"
    )


def test_empty_template_is_no_list() -> None:
    assert errors_of() == ["Ô B2: tệp chưa có đơn vị nào. Ghi mỗi đơn vị một dòng, từ dòng 2."]


def test_errors_end_somewhere() -> None:
    assert len(errors_of(*[["", "", "?", ""]] * 1000)) == spreadsheets.MOST_ERRORS


def test_text_that_looks_like_a_formula_stays_text() -> None:
    (row,) = read(file_of(["", "=1+1", *GOOD[2:]])).rows

    assert row.label == "=1+1"


# --- files that are none --------------------------------------------------------------------------------


def zipped(**parts: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def bomb() -> bytes:
    return zipped(**{"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b"0" * 130_000_000})


def with_cell_at(place: str) -> bytes:
    """A good file, with one more cell far away: everything between would be unpacked as empty cells."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(file_of(GOOD))) as good, zipfile.ZipFile(out, "w") as changed:
        for name in good.namelist():
            content = good.read(name)
            if name == "xl/worksheets/sheet1.xml":
                row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
                far = f'<row r="{row}"><c r="{place}"><v>1</v></c></row></sheetData>'
                content = content.replace(b"</sheetData>", far.encode())
            changed.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (with_cell_at("XFD1048576"), "hơn 20000 dòng"),
        (with_cell_at("A999999"), "hơn 20000 dòng"),
        (with_cell_at("XFD3"), "ngoài các cột"),
        (b"", "không phải tệp Excel"),
        (b"Ten,Loai\n", "không phải tệp Excel"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "không phải tệp Excel"),
        (zipped(a=b"b"), "không phải tệp Excel"),
        (zipped(**{"xl/workbook.xml": b"<x/>"}), "không phải tệp Excel"),
        (zipped(**{"xl/workbook.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}), "không phải tệp Excel"),
        (bomb(), "bung ra quá lớn"),
        (b"PK" + b"0" * (8 * 1024 * 1024), "lớn hơn 8 MB"),
        (written([Sheet("Trang tính", HEAD, [GOOD])]), "không có trang «Đơn vị»"),
        (file_of(*[GOOD] * 20_001), "hơn 20000 dòng"),
    ],
    ids=[
        "corner",
        "far down",
        "far right",
        "empty",
        "text",
        "old",
        "zip",
        "hollow",
        "entity",
        "bomb",
        "large",
        "sheet",
        "rows",
    ],
)
def test_file_that_is_none_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(RuleNotMet, match=why):
        read(raw)


WHOLE = file_of(GOOD)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_file_is_refused_or_read(data: st.DataObject) -> None:
    raw = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(raw)))
    for damaged in (bytes(raw), bytes(raw[:cut])):
        with suppress(RuleNotMet):
            read(damaged)
