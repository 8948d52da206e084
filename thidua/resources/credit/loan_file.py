"""The Excel file of the policy bank: the template, reading the cells, what is wrong with which cell.

Pure: knows no database. Households stand in it by their code in the register, never by name.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from thidua.core.errors import RuleNotMet
from thidua.core.formats import parse_date
from thidua.core.text import fold, nfc, repair_spaces
from thidua.tables.workbooks import Sheet, written

SHEET = "Vốn vay"
MOST_ROWS = 20_000
MOST_BYTES = 8 * 1024 * 1024
MOST_UNPACKED_BYTES = 120 * 1024 * 1024
MOST_ERRORS = 500
MOST_DONG = 10**12
#: Title, width, what belongs below.
COLUMNS = (
    ("Mã hộ", 14, "Như trong sổ hộ của xã. Bắt buộc."),
    ("Mã khoản vay", 18, "Mã của ngân hàng. Bắt buộc."),
    ("Chương trình", 36, "Ví dụ: Cho vay hộ nghèo. Bắt buộc."),
    ("Số tiền vay (đồng)", 18, "Số đồng tròn. Bắt buộc."),
    ("Dư nợ (đồng)", 18, "Chưa rõ thì để trống."),
    ("Hạn trả", 14, "Dạng 31/12/2026. Chưa rõ thì để trống."),
    ("Đúng mục đích", 14, "Có, Không; chưa rõ thì để trống."),
    ("Trả gốc đúng hạn", 16, "Có, Không; chưa rõ thì để trống."),
    ("Trả lãi đúng hạn", 16, "Có, Không; chưa rõ thì để trống."),
)
_ANSWERS = {"": None, "co": True, "khong": False, "x": True}


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong with one cell, and how to mend it."""

    place: str  # "C12"
    what: str
    cure: str


@dataclass(frozen=True, slots=True)
class LoanRow:
    """One loan as a row says it. Unknown is None, not no."""

    row: int
    household_code: str
    loan: str
    programme: str
    principal_dong: int
    owed_dong: int | None
    due_on: date | None
    used_as_intended: bool | None
    principal_on_time: bool | None
    interest_on_time: bool | None


@dataclass(frozen=True, slots=True)
class ReadFile:
    rows: tuple[LoanRow, ...]
    errors: tuple[CellError, ...]


def template() -> bytes:
    """The file to fill in, with a page that says what belongs where."""
    columns = tuple((title, width) for title, width, _ in COLUMNS)
    example = (
        "HO-001",
        "6600-123",
        "Cho vay hộ nghèo",
        50_000_000,
        30_000_000,
        date(2027, 12, 31),
        "Có",
        "Có",
        "",
    )
    return written(
        [
            Sheet(SHEET, columns, []),
            Sheet(
                "Hướng dẫn", (("Cột", 24), ("Ghi gì", 60)), [(title, about) for title, _, about in COLUMNS]
            ),
            Sheet("Ví dụ", columns, [example]),
        ]
    )


def read(raw: bytes, *, known_codes: Collection[str]) -> ReadFile:
    """The loans of a file. Raises RuleNotMet when it is not a file that one can go through cell by cell."""
    cells = _cells(raw)
    head = [fold(_text(value)) for value in cells[0]] if cells else []
    errors = [
        CellError(f"{_letter(place)}1", f"phải là «{title}»", "Dùng tệp mẫu và giữ nguyên dòng đầu")
        for place, (title, _, _) in enumerate(COLUMNS)
        if place >= len(head) or head[place] != fold(title)
    ]
    if errors:
        return ReadFile((), tuple(errors))
    rows: list[LoanRow] = []
    seen: dict[tuple[str, str], int] = {}
    for number, values in enumerate(cells[1:], 2):
        if not any(_text(value) for value in values[: len(COLUMNS)]) or len(errors) >= MOST_ERRORS:
            continue
        row = _row(number, values, known_codes, errors)
        if row is None:
            continue
        before = seen.setdefault((row.household_code, row.loan), number)
        if before != number:
            errors.append(
                CellError(f"B{number}", f"khoản vay này đã có ở dòng {before}", "Xóa một trong hai dòng")
            )
        rows.append(row)
    if not rows and not errors:
        errors.append(CellError("A2", "tệp chưa có khoản vay nào", "Ghi mỗi khoản vay một dòng, từ dòng 2"))
    return ReadFile(tuple(rows), tuple(errors[:MOST_ERRORS]))


def _row(
    number: int, values: list[Any], known_codes: Collection[str], errors: list[CellError]
) -> LoanRow | None:
    begun = len(errors)
    given = [*values, *([""] * len(COLUMNS))][: len(COLUMNS)]
    code, loan, programme = (_text(value) for value in given[:3])
    for place, text, most in ((0, code, 40), (1, loan, 60), (2, programme, 200)):
        if not text:
            errors.append(
                CellError(f"{_letter(place)}{number}", f"thiếu {COLUMNS[place][0].lower()}", "Ghi vào ô này")
            )
        elif len(text) > most:
            errors.append(CellError(f"{_letter(place)}{number}", f"dài quá {most} chữ", "Rút ngắn"))
    if code and code not in known_codes:
        errors.append(
            CellError(
                f"A{number}",
                f"sổ hộ của xã không có mã «{code[:40]}», hoặc mã trùng giữa các xã đã nhập lại",
                "Ghi mã hộ đúng như trong sổ hộ",
            )
        )
    principal = _dong(given[3], f"D{number}", errors, is_wanted=True)
    owed = _dong(given[4], f"E{number}", errors)
    due = _day(given[5], f"F{number}", errors)
    answers = [_answer(given[place], f"{_letter(place)}{number}", errors) for place in (6, 7, 8)]
    if len(errors) > begun or principal is None:
        return None
    return LoanRow(number, code, loan, programme, principal, owed, due, *answers)


def _dong(value: Any, place: str, errors: list[CellError], *, is_wanted: bool = False) -> int | None:
    text = _text(value)
    if not text:
        if is_wanted:
            errors.append(CellError(place, "thiếu số tiền", "Ghi số đồng tròn"))
        return None
    digits = text.replace(".", "") if isinstance(value, str) else text
    if (
        not digits.isascii()
        or not digits.isdigit()
        or not (1 if is_wanted else 0) <= int(digits) <= MOST_DONG
    ):
        errors.append(CellError(place, f"«{text[:40]}» không phải số đồng tròn", "Ghi như 50000000"))
        return None
    return int(digits)


def _day(value: Any, place: str, errors: list[CellError]) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _text(value)
    if not text:
        return None
    try:
        found = parse_date(text)
    except ValueError:
        found = date.min
    if not 1990 <= found.year <= 2100:
        errors.append(CellError(place, f"«{text[:40]}» không phải là ngày", "Ghi dạng 31/12/2026"))
        return None
    return found


def _answer(value: Any, place: str, errors: list[CellError]) -> bool | None:
    text = fold(_text(value))
    if text not in _ANSWERS:
        errors.append(CellError(place, f"«{text[:40]}» chưa dùng được", "Ghi «Có», «Không» hoặc để trống"))
        return None
    return _ANSWERS[text]


def _cells(raw: bytes) -> list[list[Any]]:
    if len(raw) > MOST_BYTES:
        raise _not_excel(f"tệp lớn hơn {MOST_BYTES // 1024 // 1024} MB")
    try:
        with zipfile.ZipFile(BytesIO(raw)) as parts:
            infos = parts.infolist()
            if len(infos) > 2_000 or sum(info.file_size for info in infos) > MOST_UNPACKED_BYTES:
                raise _not_excel("tệp bung ra quá lớn")
        workbook = CalamineWorkbook.from_filelike(BytesIO(raw))
        name = next((one for one in workbook.sheet_names if fold(one) == fold(SHEET)), None)
        if name is None:
            raise _not_excel(f"tệp không có trang «{SHEET}»")
        sheet = workbook.get_sheet_by_name(name)
        if sheet.height > MOST_ROWS + 1 or sheet.width > 200:
            raise _not_excel(f"tệp có hơn {MOST_ROWS} dòng, hoặc ghi chữ ngoài các cột của tệp mẫu")
        return sheet.to_python(skip_empty_area=False)
    except (CalamineError, zipfile.BadZipFile, zlib.error, OSError, ValueError, KeyError, EOFError) as error:
        raise _not_excel("đây không phải tệp Excel .xlsx, hoặc tệp bị hỏng") from error


def _not_excel(why: str) -> RuleNotMet:
    return RuleNotMet(
        "Chưa đọc được tệp",
        why=why,
        next_step="Chép các khoản vay sang tệp mẫu tải về từ trang này rồi đưa lên",
    )


def _letter(place: int) -> str:
    return "ABCDEFGHI"[place]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = repair_spaces(nfc(str(value)))
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
