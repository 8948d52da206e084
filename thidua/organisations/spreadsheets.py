"""Units from an Excel file: the columns, reading the cells, and what is wrong with which cell.

Pure: knows no database. Hides what people put into files: numbers where text is due, days as text, files that
are no Excel file, or that unpack into more than any province has.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any, Protocol

from python_calamine import CalamineError, CalamineWorkbook

from thidua.core.errors import RuleNotMet
from thidua.core.formats import parse_date
from thidua.core.text import fold, nfc, repair_spaces
from thidua.organisations.models import UnitKind

SHEET = "Đơn vị"
MOST_ROWS = 20_000
MOST_BYTES = 8 * 1024 * 1024
MOST_UNPACKED_BYTES = 120 * 1024 * 1024
MOST_ERRORS = 500


@dataclass(frozen=True, slots=True)
class Heading:
    """One column: the letter, what stands on top, and what belongs below."""

    letter: str
    title: str
    width: int
    about: str
    most: int = 300


HEADINGS = (
    Heading("A", "Mã số", 12, "Mã của đơn vị nếu có, ghi dạng chữ để không mất số 0 ở đầu.", most=20),
    Heading("B", "Tên đầy đủ", 50, "Bắt buộc. Có cả danh từ chung: «bản Ma Lù Thàng», «Trường Tiểu học 1»."),
    Heading("C", "Loại", 26, "Bắt buộc. Một trong các loại ở trang «Loại đơn vị».", most=60),
    Heading("D", "Trực thuộc", 50, "Bắt buộc. Tên đầy đủ, mã số hoặc mã định danh của cấp trên: đã có trong "
            "phần mềm, hoặc là một dòng khác của tệp này."),
    Heading("E", "Tên viết tắt", 20, "Không bắt buộc.", most=120),
    Heading("F", "Từ ngày", 14, "Ngày thành lập, dạng 01/07/2025. Bỏ trống: có từ trước."),
    Heading("G", "Ghi chú", 40, "Không bắt buộc.", most=500),
)  # fmt: skip

#: Kinds that a province keeps by itself; places above the village come from the official list.
KINDS = tuple(
    kind for kind in UnitKind if kind not in (UnitKind.NATION, UnitKind.PROVINCE, UnitKind.DISTRICT)
)
_KIND_BY_LABEL = {fold(kind.label): kind for kind in KINDS} | {
    "thon": UnitKind.VILLAGE,
    "ban": UnitKind.VILLAGE,
    "to dan pho": UnitKind.VILLAGE,
    "xa": UnitKind.COMMUNE,
    "phuong": UnitKind.COMMUNE,
}
ERROR_CELL = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)")


_FILLED_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=[\"'](\d{1,9})[\"'][^>]*(?<!/)>")
_FILLED_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]{1,4})(\d{1,9})[\"'][^>]*(?<!/)>")


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong with one cell, why, and how to mend it."""

    place: str  # "C12"
    what: str
    cure: str

    def __str__(self) -> str:
        return f"Ô {self.place}: {self.what}. {self.cure}."


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit as a row of the file says it; `row` is its number in Excel."""

    row: int
    code: str
    label: str
    kind: UnitKind
    parent: str
    short_name: str
    since: date | None
    note: str


@dataclass(frozen=True, slots=True)
class ReadFile:
    rows: tuple[UnitRow, ...]
    errors: tuple[CellError, ...]


def read(raw: bytes) -> ReadFile:
    """The units of a file. Raises RuleNotMet when it is not a file that one can go through cell by cell."""
    cells = cells_of(raw, SHEET)
    errors = wrong_head(cells, HEADINGS)
    if errors:
        return ReadFile((), tuple(errors))
    rows = []
    for number, values in enumerate(cells[1:], 2):
        if any(text_of(value) for value in values[: len(HEADINGS)]):
            found = _row(number, values, errors)
            if found is not None:
                rows.append(found)
        if len(errors) >= MOST_ERRORS:
            break
    if not rows and not errors:
        errors.append(CellError("B2", "tệp chưa có đơn vị nào", "Ghi mỗi đơn vị một dòng, từ dòng 2"))
    return ReadFile(tuple(rows), tuple(errors[:MOST_ERRORS]))


def cells_of(raw: bytes, sheet_name: str) -> list[list[Any]]:
    """All cells of one sheet. Raises RuleNotMet for what is no such file, or a hostile one."""
    _refuse_hostile(raw)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(raw))
        name = next((one for one in workbook.sheet_names if fold(one) == fold(sheet_name)), None)
        if name is None:
            raise RuleNotMet(
                "Chưa đọc được tệp",
                why=f"tệp không có trang «{sheet_name}»",
                next_step="Dùng tệp mẫu tải về từ trang này, không đổi tên trang",
            )
        sheet = workbook.get_sheet_by_name(name)
        if sheet.height > MOST_ROWS + 1:
            raise _too_many_rows()
        return sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, KeyError) as error:
        raise _not_excel() from error


class Titled(Protocol):
    """A column of a template, as far as its head row goes."""

    @property
    def letter(self) -> str: ...

    @property
    def title(self) -> str: ...


def wrong_head(cells: Sequence[Sequence[Any]], headings: Sequence[Titled]) -> list[CellError]:
    """What is wrong with the head row: a file that is no filled-in template is told so before its rows."""
    head = [fold(text_of(value)) for value in cells[0]] if cells else []
    return [
        CellError(
            f"{heading.letter}1",
            f"phải là «{heading.title}»",
            "Dùng tệp mẫu tải về từ trang này và giữ nguyên dòng đầu",
        )
        for place, heading in enumerate(headings)
        if place >= len(head) or head[place] != fold(heading.title)
    ]


def _too_many_rows() -> RuleNotMet:
    return RuleNotMet(
        "Chưa đọc được tệp",
        why=f"tệp có hơn {MOST_ROWS} dòng, hoặc ghi chữ ngoài các cột của tệp mẫu",
        next_step="Chia thành nhiều tệp, hoặc xóa các dòng, cột thừa ở cuối",
    )


def _not_excel() -> RuleNotMet:
    return RuleNotMet(
        "Chưa đọc được tệp",
        why="đây không phải tệp Excel .xlsx, hoặc tệp bị hỏng",
        next_step="Mở bằng Excel, lưu lại dạng .xlsx rồi đưa lên",
    )


def _refuse_hostile(raw: bytes) -> None:
    """Look at the wrapping before anything is unpacked."""
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
            if is_small and any(
                _reaches_far(parts.read(name)) for name in names if name.startswith("xl/worksheets/")
            ):
                raise _too_many_rows()
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, RuntimeError) as error:
        raise _not_excel() from error
    if "xl/workbook.xml" not in names:
        raise _not_excel()
    if not is_small:
        raise RuleNotMet(
            "Chưa đọc được tệp",
            why="tệp bung ra quá lớn",
            next_step="Chép các ô cần nhập sang tệp mẫu rồi đưa lên lại",
        )


def _reaches_far(sheet: bytes) -> bool:
    """Whether a sheet writes into a cell far away: the reader would fill everything between with empty cells.

    Far rows and cells that hold nothing are closed in the same tag, and do no harm.
    """
    if sheet[:2] in (b"\xff\xfe", b"\xfe\xff"):  # the letters of UTF-16 would hide from the patterns
        return True
    return any(int(row) > MOST_ROWS + 1 for row in _FILLED_ROW.findall(sheet)) or any(
        int(row) > MOST_ROWS + 1 or len(column) > 2 for column, row in _FILLED_CELL.findall(sheet)
    )


def _row(number: int, values: list[Any], errors: list[CellError]) -> UnitRow | None:
    before = len(errors)
    texts = []
    for place, heading in enumerate(HEADINGS):
        value = values[place] if place < len(values) else ""
        text = text_of(value)
        if ERROR_CELL.fullmatch(text):
            errors.append(
                CellError(
                    f"{heading.letter}{number}", f"ô đang báo lỗi {text}", "Sửa công thức, hoặc ghi chữ"
                )
            )
        elif len(text) > heading.most:
            errors.append(
                CellError(f"{heading.letter}{number}", f"dài quá {heading.most} chữ", "Rút ngắn nội dung")
            )
        texts.append(text)
    code, label, kind_text, parent, short_name, _day_text, note = texts
    for letter, text, what in (("B", label, "thiếu tên đơn vị"), ("D", parent, "thiếu đơn vị cấp trên")):
        if not text:
            errors.append(CellError(f"{letter}{number}", what, "Ghi vào ô này, hoặc xóa cả dòng"))
    kind = _KIND_BY_LABEL.get(fold(kind_text))
    if kind is None:
        said = f"không có loại «{kind_text}»" if kind_text else "thiếu loại đơn vị"
        errors.append(CellError(f"C{number}", said, "Chọn một loại ở trang «Loại đơn vị» của tệp mẫu"))
    since = day_in(values[5] if len(values) > 5 else "", f"F{number}", errors)
    if len(errors) > before or kind is None:
        return None
    return UnitRow(number, code, label, kind, parent, short_name, since, note)


def day_in(value: Any, place: str, errors: list[CellError]) -> date | None:
    """A cell as a day; what is no day is told to `errors`."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = text_of(value)
    if not text or ERROR_CELL.fullmatch(text):
        return None
    try:
        found = parse_date(text)
    except ValueError:
        found = date.min
    if not 1900 <= found.year <= 2200:
        errors.append(CellError(place, f"«{text}» không phải là ngày", "Ghi dạng 01/07/2025"))
        return None
    return found


def text_of(value: Any) -> str:
    """A cell as text: whole numbers without ".0", spaces repaired, no control characters."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = repair_spaces(nfc(str(value)))
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
