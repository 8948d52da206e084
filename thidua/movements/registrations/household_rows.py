"""Households that will leave poverty, from an Excel file: template, reading, an error for each wrong cell.

Pure but for the bytes: knows the columns and hides how Excel writes years and empty rows. A file is taken
whole or not at all.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from thidua.core.errors import RuleNotMet
from thidua.core.text import fold, nfc
from thidua.movements.models import RegistrationKind, SubjectType
from thidua.movements.registrations.sending import Written
from thidua.tables.workbooks import Cell, Sheet, written

COLUMNS: tuple[tuple[str, int], ...] = (
    ("Họ và tên chủ hộ", 28),
    ("Thôn, bản", 24),
    ("Năm thoát nghèo", 16),
    ("Nội dung cam kết", 60),
)
LETTERS = "ABCD"
MAX_ROWS = 2000
MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED_BYTES = 60 * 1024 * 1024
NAME_LENGTH, ADDRESS_LENGTH, COMMITMENT_LENGTH = 300, 300, 2000


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong in one cell, and how to mend it."""

    cell: str
    what: str
    cure: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """The rows in the order of the file, with their numbers there, and what is wrong."""

    rows: tuple[tuple[int, Written], ...]
    errors: tuple[CellError, ...]

    @property
    def is_good(self) -> bool:
        return bool(self.rows) and not self.errors


def template(year: int) -> bytes:
    """An Excel file with the columns and two rows that show how (made-up names, to be overwritten)."""
    examples: list[list[Cell]] = [
        ["Giàng A Ví Dụ", "bản Ví Dụ", year, "Vay vốn chính sách nuôi 02 con trâu, thoát nghèo cuối năm"],
        ["Lò Thị Thí Dụ", "bản Ví Dụ", year, "Trồng 01 ha chuối, có 01 lao động đi làm thường xuyên"],
    ]
    return written([Sheet("Hộ đăng ký", COLUMNS, examples)])


def parse(content: bytes, *, years: range) -> Parsed:
    """The rows of a file made from the template. Raises RuleNotMet when the file itself is not one."""
    table = _rows_of(content)
    if not table:
        raise _refused("tệp không có dòng nào", "Tải tệp mẫu, điền vào rồi nhập lại")
    errors = _head_errors(table[0])
    if errors:
        return Parsed((), tuple(errors))
    rows: list[tuple[int, Written]] = []
    seen: dict[tuple[str, str, int], int] = {}
    for number, cells in enumerate(table[1:], 2):
        texts = [_text(cell) for cell in (*cells, "", "", "", "")[:4]]
        if not any(texts):
            continue
        found = _row_errors(number, texts, years)
        if not found:
            mark = (fold(texts[0]), fold(texts[1]), int(texts[2]))
            if mark in seen:
                found = [
                    CellError(
                        f"A{number}",
                        f"hộ này đã có ở dòng {seen[mark]}",
                        "Xóa một trong hai dòng; hai hộ trùng tên thì ghi thêm tên đệm hoặc năm sinh",
                    )
                ]
            seen.setdefault(mark, number)
        errors += found
        if not found:
            rows.append((number, _written(texts)))
    if not rows and not errors:
        raise _refused("tệp chưa có hộ nào", "Điền mỗi hộ một dòng, từ dòng 2")
    return Parsed(tuple(rows), tuple(errors))


def _rows_of(content: bytes) -> list[list[Any]]:
    if len(content) > MAX_BYTES:
        raise _refused("tệp lớn hơn 5 MB", "Chia thành nhiều tệp rồi nhập lần lượt")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MAX_UNPACKED_BYTES:
            raise _refused("tệp giải nén ra quá lớn", "Chép các dòng sang tệp mẫu rồi nhập lại")
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=MAX_ROWS + 2)
    except (zipfile.BadZipFile, CalamineError, OSError, ValueError, IndexError) as trouble:
        raise _refused("tệp không phải Excel (.xlsx)", "Lưu lại dưới dạng .xlsx rồi nhập lại") from trouble
    if len(rows) > MAX_ROWS + 1:
        raise _refused(f"tệp có hơn {MAX_ROWS} dòng", "Chia thành nhiều tệp rồi nhập lần lượt")
    return [list(row) for row in rows]


def _head_errors(head: list[Any]) -> list[CellError]:
    errors = []
    for position, (title, _) in enumerate(COLUMNS):
        found = _text(head[position]) if position < len(head) else ""
        if fold(found) != fold(title):
            errors.append(
                CellError(
                    f"{LETTERS[position]}1",
                    f"cần tiêu đề «{title}», đang là «{found or 'ô trống'}»",
                    "Giữ nguyên dòng đầu của tệp mẫu",
                )
            )
    return errors


def _row_errors(number: int, texts: list[str], years: range) -> list[CellError]:
    name, address, year, commitment = texts
    errors = []
    for letter, text, what, longest in (
        ("A", name, "họ và tên chủ hộ", NAME_LENGTH),
        ("B", address, "thôn, bản", ADDRESS_LENGTH),
        ("D", commitment, "nội dung cam kết", COMMITMENT_LENGTH),
    ):
        if not text:
            errors.append(CellError(f"{letter}{number}", f"thiếu {what}", f"Ghi {what}"))
        elif len(text) > longest:
            errors.append(CellError(f"{letter}{number}", f"{what} dài hơn {longest} ký tự", "Viết ngắn lại"))
    if not year:
        errors.append(CellError(f"C{number}", "thiếu năm thoát nghèo", f"Ghi năm {_span(years)}"))
    elif not year.isdecimal() or len(year) != 4:
        errors.append(CellError(f"C{number}", f"«{year[:30]}» không phải năm", "Ghi năm bằng bốn chữ số"))
    elif int(year) not in years:
        errors.append(CellError(f"C{number}", f"năm {year} nằm ngoài kế hoạch", f"Ghi năm {_span(years)}"))
    return errors


def _span(years: range) -> str:
    return f"từ {years[0]} đến {years[-1]}"


def _written(texts: list[str]) -> Written:
    name, address, year, commitment = texts
    return Written(
        kind=RegistrationKind.ESCAPE,
        year=int(year),
        commitment=commitment,
        subject_type=SubjectType.HOUSEHOLD,
        subject_name=name,
        subject_address=address,
    )


def _text(cell: Any) -> str:
    """Excel keeps 2023 as 2023.0."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(nfc(str(cell)).split()) if cell is not None else ""


def _refused(why: str, next_step: str) -> RuleNotMet:
    return RuleNotMet("Chưa nhập được tệp", why=why, next_step=next_step)
