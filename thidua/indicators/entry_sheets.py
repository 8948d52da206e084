"""Figures in an Excel file: the sheet that the program makes, reading it back, what is wrong with which cell.

Pure: knows no database. One row for each unit, one column for each indicator; the codes of both stand in
hidden cells, so that a name may be changed by hand without harm. Hides what people put into cells: text for
numbers, formulas in error, rows copied twice, files that unpack into more than any province has.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from thidua.core.errors import RuleNotMet
from thidua.core.formats import format_number, parse_number
from thidua.core.text import fold, nfc, repair_spaces

SHEET, GUIDE, LISTS = "Số liệu", "Hướng dẫn", "Danh mục"
MARK = "thidua-so-lieu/1"
#: What stands in a cell of a unit that says that nothing arose.
NOTHING = "không"
_NOTHING_SAID = frozenset({"khong", "khong phat sinh", "kps", "k"})
#: Rows and columns, counted from 0: codes, title, stage, source, remark, heads, then the units.
CODES, TITLE, STAGE, SOURCE, NOTE, HEADS, FIRST = 0, 1, 2, 3, 4, 5, 6
UNIT_KEY, UNIT_NAME, FIRST_FIGURE = 0, 1, 2

MOST_UNITS, MOST_INDICATORS = 20_000, 200
MOST_BYTES = 40 * 1024 * 1024
MOST_UNPACKED_BYTES = 400 * 1024 * 1024
MOST_ERRORS = 500
_ERROR_CELL = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)")
_YES = {"co": Decimal(1), "x": Decimal(1), "khong": Decimal(0)}


@dataclass(frozen=True, slots=True)
class Measured:
    """One column: an indicator as far as a sheet must know it."""

    code: str
    name: str
    measure: str
    decimals: int = 0
    lowest: Decimal | None = None
    highest: Decimal | None = None
    is_yes_no: bool = False

    @property
    def title(self) -> str:
        return f"{self.name} ({self.measure})" if self.measure else self.name


@dataclass(frozen=True, slots=True)
class Head:
    """What all figures of a file share: the set, the period, the standard and segment they are under."""

    set_code: str
    since: date
    until: date
    standard: str = ""
    segment: str = ""

    def as_text(self) -> str:
        parts = (self.set_code, self.since.isoformat(), self.until.isoformat(), self.standard, self.segment)
        return json.dumps([MARK, *parts], ensure_ascii=False)

    @classmethod
    def parse(cls, text: str) -> Head | None:
        try:
            mark, set_code, since, until, standard, segment = json.loads(text)
            if mark != MARK:
                return None
            return cls(
                str(set_code),
                date.fromisoformat(since),
                date.fromisoformat(until),
                str(standard),
                str(segment),
            )
        except (ValueError, TypeError):
            return None


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong with one cell, and how to mend it."""

    sheet: str
    place: str  # "C12"
    what: str
    cure: str

    def __str__(self) -> str:
        return f"Trang «{self.sheet}», ô {self.place}: {self.what}. {self.cure}."


#: One figure as read: row and column of the sheet (from 0), unit key, code, amount; None when nothing arose.
Figure = tuple[int, int, str, str, Decimal | None]


@dataclass(slots=True)
class ReadSheet:
    head: Head | None = None
    stage: str = ""
    source: str = ""
    note: str = ""
    figures: list[Figure] = field(default_factory=list)
    #: Row of each unit, column of each indicator.
    rows: dict[str, int] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    errors: list[CellError] = field(default_factory=list)


def cell_name(row: int, column: int) -> str:
    """ "C7" of row 6 and column 2, both counted from 0."""
    return f"{xl_col_to_name(column)}{row + 1}"


# --- the sheet to fill in -------------------------------------------------------------------------


def template(
    head: Head,
    *,
    title: str,
    stages: Sequence[str],
    stage: str,
    indicators: Sequence[Measured],
    units: Sequence[tuple[str, str]],
    known: Mapping[tuple[str, str], Decimal | None] | None = None,
) -> bytes:
    """A workbook to fill in: codes hidden, heads and names locked, what a cell may hold checked by Excel.

    `units` are keys and names; `known` figures by (key, code) are filled in, None for "nothing arose".
    """
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as book:
        page = book.add_worksheet(SHEET)
        _write_guide(book.add_worksheet(GUIDE), book)
        lists = book.add_worksheet(LISTS)
        lists.write_column(0, 0, stages)
        lists.write_column(0, 1, ["có", "không"])
        lists.hide()
        _write_sheet(page, book, head, title, len(stages), stage, indicators, units, known or {})
    return out.getvalue()


def _write_sheet(
    page: Any,
    book: Any,
    head: Head,
    title: str,
    stage_count: int,
    stage: str,
    indicators: Sequence[Measured],
    units: Sequence[tuple[str, str]],
    known: Mapping[tuple[str, str], Decimal | None],
) -> None:
    bold = book.add_format({"bold": True, "font_size": 14})
    label = book.add_format({"bold": True, "valign": "vcenter"})
    top = book.add_format(
        {"bold": True, "bg_color": "#A6192E", "font_color": "#FFFFFF", "text_wrap": True, "valign": "vcenter"}
    )
    name = book.add_format({"bg_color": "#F3F1ED", "border": 1, "border_color": "#E4E1DC"})
    free_text = book.add_format({"locked": False, "bg_color": "#FFF9E3", "border": 1, "num_format": "@"})
    page.write_string(CODES, 0, head.as_text())
    page.set_row(CODES, None, None, {"hidden": True})
    page.set_column(UNIT_KEY, UNIT_KEY, 10, None, {"hidden": True})
    page.set_column(UNIT_NAME, UNIT_NAME, 36)
    page.write_string(TITLE, UNIT_NAME, title, bold)
    for row, text, value in (
        (STAGE, "Mức độ", stage),
        (SOURCE, "Nguồn (số, ký hiệu văn bản)", ""),
        (NOTE, "Ghi chú chung", ""),
    ):
        page.write_string(row, UNIT_NAME, text, label)
        page.write_string(row, FIRST_FIGURE, value, free_text)
    page.data_validation(
        STAGE,
        FIRST_FIGURE,
        STAGE,
        FIRST_FIGURE,
        {
            "validate": "list",
            "source": f"='{LISTS}'!$A$1:$A${stage_count}",
            "error_title": "Mức độ",
            "error_message": "Chọn một mức trong danh sách.",
        },
    )
    page.write_string(HEADS, UNIT_NAME, "Đơn vị", top)
    page.set_row(HEADS, 60)
    last = FIRST + max(len(units), 1) - 1
    formats = {}
    for column, one in enumerate(indicators, FIRST_FIGURE):
        page.write_string(CODES, column, one.code)
        page.write_string(HEADS, column, one.title, top)
        page.set_column(column, column, 18)
        pattern = "@" if one.is_yes_no else "#,##0" + ("." + "0" * one.decimals if one.decimals else "")
        formats[one.code] = book.add_format(
            {"locked": False, "border": 1, "border_color": "#8B867E", "num_format": pattern, "align": "right"}
        )
        page.data_validation(FIRST, column, last, column, _allowed(one, column))
    for row, (key, unit_label) in enumerate(units, FIRST):
        page.write_string(row, UNIT_KEY, key)
        page.write_string(row, UNIT_NAME, unit_label, name)
        for column, one in enumerate(indicators, FIRST_FIGURE):
            form = formats[one.code]
            if (key, one.code) not in known:
                page.write_blank(row, column, None, form)
                continue
            amount = known[key, one.code]
            if amount is None:
                page.write_string(row, column, NOTHING, form)
            elif one.is_yes_no:
                page.write_string(row, column, "có" if amount else "không", form)
            else:
                page.write_number(row, column, float(amount), form)
    page.freeze_panes(FIRST, FIRST_FIGURE)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})


def _allowed(one: Measured, column: int) -> dict[str, Any]:
    """What Excel lets somebody type: a number within the bounds, or that nothing arose."""
    if one.is_yes_no:
        return {
            "validate": "list",
            "source": f"='{LISTS}'!$B$1:$B$2",
            "error_title": one.name[:32],
            "error_message": "Chọn «có» hoặc «không».",
        }
    cell = cell_name(FIRST, column)
    tests = [f"ISNUMBER({cell})"]
    if one.lowest is not None:
        tests.append(f"{cell}>={one.lowest}")
    if one.highest is not None:
        tests.append(f"{cell}<={one.highest}")
    return {
        "validate": "custom",
        "value": f'=OR({cell}="{NOTHING}",AND({",".join(tests)}))',
        "error_title": one.name[:32],
        "error_message": f"Ghi {_bounds(one)}, hoặc «{NOTHING}» nếu không phát sinh. Chưa biết thì bỏ trống.",
    }


def _bounds(one: Measured) -> str:
    if one.lowest is not None and one.highest is not None:
        return f"số từ {format_number(one.lowest)} đến {format_number(one.highest)}"
    if one.lowest is not None:
        return f"số từ {format_number(one.lowest)} trở lên"
    if one.highest is not None:
        return f"số không quá {format_number(one.highest)}"
    return "số"


def _write_guide(page: Any, book: Any) -> None:
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 100, wrap)
    for row, line in enumerate(
        (
            "Ghi số liệu vào các ô trắng của trang «Số liệu»: mỗi dòng một đơn vị, mỗi cột một chỉ tiêu.",
            "Chưa biết thì bỏ trống: ô trống là «chưa có số liệu», không phải số 0.",
            f"Đã biết là không phát sinh thì ghi «{NOTHING}». Ghi số 0 khi số đếm được thật sự là 0.",
            "Ô màu vàng: mức độ (ước, thường xuyên, sơ bộ, chính thức), nguồn, ghi chú cho cả tệp.",
            "Số thập phân dùng dấu phẩy: 41,6. Không ghi chữ hay đơn vị tính vào ô số.",
            "Không đổi tên trang, không chèn, xóa cột. Có thể xóa bớt dòng đơn vị không cần nhập.",
            "Đưa tệp lên lại nhiều lần không tạo số liệu trùng: số giống như đã có thì giữ nguyên.",
            "Chỉ khi không còn ô sai, toàn bộ tệp mới được nhập; còn một ô sai thì chưa có gì thay đổi.",
        )
    ):
        page.write_string(row, 0, line, wrap)
    page.protect()


# --- reading it back ------------------------------------------------------------------------------


def read(raw: bytes, *, indicators: Mapping[str, Measured], stages: Mapping[str, str]) -> ReadSheet:
    """The figures of a file. Raises RuleNotMet when it is no file that one can go through cell by cell.

    `stages` gives the code of a stage by its folded name. An empty cell says nothing and is not read.
    """
    cells = _cells(raw)
    found = ReadSheet()
    codes = cells[CODES] if cells else []
    found.head = Head.parse(_text(codes[0])) if codes else None
    if found.head is None:
        raise RuleNotMet(
            "Chưa đọc được tệp",
            why="tệp không phải mẫu nhập số liệu của phần mềm, hoặc dòng mã ẩn đã bị xóa",
            next_step="Tải lại tệp mẫu, chép số liệu sang rồi đưa lên",
        )
    _read_top(found, cells, stages)
    columns = _read_columns(found, codes, indicators)
    for row in range(FIRST, len(cells)):
        _read_row(found, row, cells[row], columns)
        if len(found.errors) >= MOST_ERRORS:
            break
    if not found.figures and not found.errors:
        place = cell_name(FIRST, FIRST_FIGURE)
        found.errors.append(
            CellError(SHEET, place, "tệp chưa có số liệu nào", "Ghi số liệu vào các ô trắng rồi đưa lên lại")
        )
    del found.errors[MOST_ERRORS:]
    return found


def _read_top(found: ReadSheet, cells: list[list[Any]], stages: Mapping[str, str]) -> None:
    def at(row: int) -> str:
        return _text(cells[row][FIRST_FIGURE]) if len(cells) > row and len(cells[row]) > FIRST_FIGURE else ""

    said = at(STAGE)
    found.stage = stages.get(fold(said), "")
    if not found.stage:
        found.errors.append(
            CellError(
                SHEET,
                cell_name(STAGE, FIRST_FIGURE),
                f"không có mức độ «{said}»" if said else "thiếu mức độ của số liệu",
                "Chọn một mức trong danh sách của ô này",
            )
        )
    found.source, found.note = at(SOURCE), at(NOTE)
    for row, text, most in ((SOURCE, found.source, 120), (NOTE, found.note, 500)):
        if len(text) > most:
            found.errors.append(
                CellError(
                    SHEET, cell_name(row, FIRST_FIGURE), f"dài quá {most} chữ", "Rút ngắn nội dung ô này"
                )
            )


def _read_columns(
    found: ReadSheet, codes: list[Any], indicators: Mapping[str, Measured]
) -> list[tuple[int, Measured]]:
    columns: list[tuple[int, Measured]] = []
    for column in range(FIRST_FIGURE, len(codes)):
        code = _text(codes[column])
        if not code:
            continue
        place = cell_name(HEADS, column)
        if code not in indicators:
            cure = "Tải lại tệp mẫu mới; chỉ tiêu này không còn trong bộ"
            found.errors.append(CellError(SHEET, place, f"không có chỉ tiêu mã «{code}»", cure))
        elif code in found.columns:
            first = cell_name(HEADS, found.columns[code])
            what = f"cột này lặp lại cột {first}"
            found.errors.append(CellError(SHEET, place, what, "Xóa một trong hai cột"))
        else:
            found.columns[code] = column
            columns.append((column, indicators[code]))
    return columns


def _read_row(found: ReadSheet, row: int, values: list[Any], columns: list[tuple[int, Measured]]) -> None:
    key = values[UNIT_KEY] if values else ""
    if type(key) is not str or not key:
        key = _text(key)
    width = len(values)
    if not key:
        filled = next((column for column, _ in columns if column < width and values[column] != ""), None)
        if filled is not None:
            cure = "Chỉ ghi vào dòng đơn vị của tệp mẫu; muốn thêm đơn vị thì tải tệp mẫu mới"
            found.errors.append(CellError(SHEET, cell_name(row, filled), "dòng này không có mã đơn vị", cure))
        return
    if key in found.rows:
        first = cell_name(found.rows[key], UNIT_NAME)
        what = f"đơn vị này đã có ở ô {first}"
        found.errors.append(CellError(SHEET, cell_name(row, UNIT_NAME), what, "Giữ một dòng, xóa dòng kia"))
        return
    found.rows[key] = row
    append = found.figures.append
    for column, one in columns:
        value = values[column] if column < width else ""
        if value == "":
            continue
        # The usual cell by far: a whole number within the bounds of a count.
        if type(value) is float and value.is_integer() and not one.is_yes_no and 0 <= value < 1e15:
            amount: Decimal | None = Decimal(int(value))
        else:
            try:
                amount = _amount(value, one)
            except ValueError as wrong:
                what, cure = wrong.args
                if what:
                    found.errors.append(CellError(SHEET, cell_name(row, column), what, cure))
                continue
        if amount is not None and not _within(amount, one):
            what = f"{format_number(amount)} nằm ngoài khoảng cho phép"
            cure = f"Ghi {_bounds(one)}; kiểm tra lại đơn vị tính là {one.measure}"
            found.errors.append(CellError(SHEET, cell_name(row, column), what, cure))
            continue
        append((row, column, key, one.code, amount))


def _within(amount: Decimal, one: Measured) -> bool:
    return (one.lowest is None or amount >= one.lowest) and (one.highest is None or amount <= one.highest)


def figure_of(text: str, one: Measured) -> Decimal | None:
    """A figure as somebody types it into a field; None when they say that nothing arose.

    Raises ValueError with two texts: what is wrong, and the cure.
    """
    amount = _amount(text, one)
    if amount is not None and not _within(amount, one):
        raise ValueError(f"{format_number(amount)} nằm ngoài khoảng cho phép", f"Ghi {_bounds(one)}")
    return amount


def _amount(value: Any, one: Measured) -> Decimal | None:
    """The figure of one cell. ValueError carries what and cure; an empty what means an empty cell."""
    if isinstance(value, bool):
        raise ValueError("ô này phải là số", f"Ghi {_bounds(one)}")
    if isinstance(value, int | float) and not one.is_yes_no:
        # repr is the shortest text that is this number: what the person typed.
        number = Decimal(repr(value))
    else:
        text = _text(value)
        if not text:
            raise ValueError("", "")
        if _ERROR_CELL.fullmatch(text):
            raise ValueError(f"ô đang báo lỗi {text}", "Sửa công thức, hoặc ghi số")
        folded = fold(text)
        if one.is_yes_no:
            if folded in _YES or folded in {"1", "0"}:
                return _YES.get(folded, Decimal(folded) if folded.isdigit() else Decimal(1))
            raise ValueError(f"«{text[:60]}» không phải là «có» hay «không»", "Chọn «có» hoặc «không»")
        if folded in _NOTHING_SAID:
            return None
        try:
            number = parse_number(text)
        except ValueError:
            cure = f"Ghi {_bounds(one)}, dấu phẩy cho số thập phân (41,6); không ghi chữ"
            raise ValueError(f"«{text[:60]}» không phải là số", cure) from None
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > one.decimals:
        few = f"nhiều nhất {one.decimals} số lẻ" if one.decimals else "số nguyên"
        raise ValueError(f"{format_number(number)} có quá nhiều số lẻ", f"Chỉ tiêu này ghi {few}")
    if number.copy_abs() >= Decimal(10) ** 15:
        raise ValueError("số quá lớn", "Kiểm tra lại đơn vị tính")
    return number


def _cells(raw: bytes) -> list[list[Any]]:
    _refuse_hostile(raw)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(raw))
        name = next((one for one in book.sheet_names if fold(one) == fold(SHEET)), None)
        if name is None:
            raise RuleNotMet(
                "Chưa đọc được tệp",
                why=f"tệp không có trang «{SHEET}»",
                next_step="Dùng tệp mẫu tải về từ trang này, không đổi tên trang",
            )
        sheet = book.get_sheet_by_name(name)
        if sheet.height > MOST_UNITS + FIRST or sheet.width > MOST_INDICATORS + FIRST_FIGURE:
            raise RuleNotMet(
                "Chưa đọc được tệp",
                why=f"tệp có hơn {MOST_UNITS} dòng hoặc {MOST_INDICATORS} cột",
                next_step="Chia thành nhiều tệp, hoặc xóa các dòng, cột thừa",
            )
        rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
        return rows
    except (CalamineError, OSError, ValueError, KeyError) as error:
        raise _not_excel() from error


def _not_excel() -> RuleNotMet:
    return RuleNotMet(
        "Chưa đọc được tệp",
        why="đây không phải tệp Excel .xlsx, hoặc tệp bị hỏng",
        next_step="Mở bằng Excel, lưu lại dạng .xlsx rồi đưa lên",
    )


_FAR_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=[\"'](?:[A-Z]{3,}[0-9]+|[A-Z]+[0-9]{6,})[\"']")


def _refuse_hostile(raw: bytes) -> None:
    """Look at the wrapping before anything is unpacked: the reader fills all cells up to the farthest."""
    if len(raw) > MOST_BYTES:
        raise RuleNotMet(
            "Chưa đọc được tệp",
            why=f"tệp lớn hơn {MOST_BYTES // 1024 // 1024} MB",
            next_step="Chia thành nhiều tệp",
        )
    try:
        with zipfile.ZipFile(BytesIO(raw)) as parts:
            infos = parts.infolist()
            names = {info.filename for info in infos}
            is_small = len(infos) <= 2_000 and sum(info.file_size for info in infos) <= MOST_UNPACKED_BYTES
            sheets = [name for name in names if name.startswith("xl/worksheets/")]
            is_far = is_small and any(_reaches_far(parts.read(name)) for name in sheets)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, RuntimeError) as error:
        raise _not_excel() from error
    if "xl/workbook.xml" not in names:
        raise _not_excel()
    if not is_small or is_far:
        raise RuleNotMet(
            "Chưa đọc được tệp",
            why="tệp bung ra quá lớn, hoặc có ô ghi ở rất xa",
            next_step="Chép số liệu sang tệp mẫu mới rồi đưa lên lại",
        )


def _reaches_far(sheet: bytes) -> bool:
    if sheet[:2] in (b"\xff\xfe", b"\xfe\xff"):  # the letters of UTF-16 would hide from the pattern
        return True
    return _FAR_CELL.search(sheet) is not None


def _text(value: Any) -> str:
    """A cell as text: whole numbers without ".0", spaces repaired, no control characters."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = repair_spaces(nfc(str(value)))
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
