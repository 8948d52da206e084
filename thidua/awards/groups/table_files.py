"""A table of criteria in Excel: the sheet to fill in, reading it back, what is wrong with which cell.

Pure: knows no database. A written table reads back as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.conf import settings
from xlsxwriter import Workbook

from thidua.awards.models import ScoreItem, ScoreItemKind
from thidua.core.formats import parse_number
from thidua.core.text import fold
from thidua.organisations.spreadsheets import MOST_ERRORS, CellError, Heading, cells_of, text_of, wrong_head

SHEET, LISTS, GUIDE = "Tiêu chí", "Danh mục", "Hướng dẫn"
#: No table is longer: a sheet is one form with a line for each.
MOST_ITEMS = settings.FORM_MAX_LINES


HEADINGS = (
    Heading("A", "STT", 8, "Như trong văn bản: I, 1, 1.1, a.", most=12),
    Heading("B", "Nội dung", 70, "Bắt buộc.", most=1000),
    Heading("C", "Loại", 16, "Bắt buộc. Nhóm tiêu chí là dòng tiêu đề, không có điểm."),
    Heading("D", "Điểm tối đa", 10, "Bắt buộc, trừ dòng tiêu đề. Điểm trừ ghi số dương."),
    Heading("E", "Cách chấm", 50, "Bằng lời, như trong văn bản.", most=4000),
    Heading("F", "Phải có minh chứng", 12, "Có, hoặc bỏ trống."),
    Heading(
        "G", "Mã chỉ tiêu", 26, "Khi điểm tính được theo số liệu của đơn vị: mã ở trang Danh mục.", most=80
    ),
    Heading("H", "Không điểm khi bằng", 14, "Số liệu từ đây thì không được điểm nào."),
    Heading("I", "Đủ điểm khi bằng", 14, "Số liệu từ đây thì được đủ điểm; ở giữa tính theo tỷ lệ."),
    Heading("J", "Thứ tự xét khi bằng điểm", 12, "1 được xét trước; bỏ trống thì không xét."),
)

YES = {"co": True, "x": True, "khong": False, "": False}


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One line of the table as a row of the file says it; `row` is its number in Excel."""

    row: int
    number: str
    text: str
    kind: str
    points: Decimal | None
    guide: str
    needs_evidence: bool
    indicator_id: int | None
    zero_at: Decimal | None
    full_at: Decimal | None
    breaks_ties: int | None


@dataclass(frozen=True, slots=True)
class ReadTable:
    rows: tuple[ItemRow, ...]
    errors: tuple[CellError, ...]


def written(items: Iterable[ScoreItem], indicators: Mapping[str, str]) -> bytes:
    """The table as a file to mend and hand in again; `indicators` are names by code."""
    out = BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format(
            {"bold": True, "bg_color": "#A6192E", "font_color": "#FFFFFF", "text_wrap": True, "valign": "top"}
        )
        text = book.add_format({"text_wrap": True, "valign": "top"})
        page, guide, lists = (book.add_worksheet(name) for name in (SHEET, GUIDE, LISTS))
        page.freeze_panes(1, 2)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        lists.set_column(0, 0, 18)
        lists.set_column(1, 1, 34)
        lists.set_column(2, 2, 80)
        lists.write_row(0, 0, ("Loại", "Mã chỉ tiêu", "Tên chỉ tiêu"), head)
        for row, kind in enumerate(ScoreItemKind, 1):
            lists.write_string(row, 0, str(kind.label))
        for row, (code, name) in enumerate(indicators.items(), 1):
            lists.write_string(row, 1, code)
            lists.write_string(row, 2, name)
        guide.set_column(0, 0, 30)
        guide.set_column(1, 1, 90)
        guide.write_row(0, 0, ("Cột", "Ghi gì"), head)
        for column, heading in enumerate(HEADINGS):
            page.set_column(column, column, heading.width, text)
            page.write_string(0, column, heading.title, head)
            guide.write_string(column + 1, 0, f"{heading.letter}. {heading.title}")
            guide.write_string(column + 1, 1, heading.about)
        page.data_validation(
            1, 2, MOST_ITEMS, 2, {"validate": "list", "source": [str(kind.label) for kind in ScoreItemKind]}
        )
        for row, item in enumerate(items, 1):
            _write(page, row, item)
    return out.getvalue()


def _write(page: Any, row: int, item: ScoreItem) -> None:
    for column, words in enumerate((item.number, item.text, str(item.get_kind_display()))):
        page.write_string(row, column, words)
    if item.points is not None:
        page.write_number(row, 3, item.points)
    page.write_string(row, 4, item.guide)
    page.write_string(row, 5, "Có" if item.needs_evidence else "")
    page.write_string(row, 6, item.indicator.code if item.indicator else "")
    for column, amount in ((7, item.zero_at), (8, item.full_at), (9, item.breaks_ties)):
        if amount is not None:
            page.write_number(row, column, amount)


def read(raw: bytes, indicators: Mapping[str, int]) -> ReadTable:
    """The lines of a file. `indicators` are keys by code.

    Raises RuleNotMet when it is not a file that one can go through cell by cell.
    """
    cells = cells_of(raw, SHEET)
    errors = wrong_head(cells, HEADINGS)
    if errors:
        return ReadTable((), tuple(errors))
    reader = _Reader(indicators, errors)
    rows = []
    for number, values in enumerate(cells[1:], 2):
        if any(text_of(value) for value in values[: len(HEADINGS)]):
            found = reader.row(number, values)
            if found is not None:
                rows.append(found)
        if len(errors) >= MOST_ERRORS:
            break
    if not rows and not errors:
        errors.append(CellError("B2", "tệp chưa có tiêu chí nào", "Ghi mỗi tiêu chí một dòng, từ dòng 2"))
    if len(rows) > MOST_ITEMS:
        place = f"A{rows[MOST_ITEMS].row}"
        errors.append(CellError(place, f"bảng có hơn {MOST_ITEMS} dòng", "Bỏ bớt, hoặc gộp các dòng"))
    return ReadTable(tuple(rows), tuple(errors[:MOST_ERRORS]))


class _Reader:
    """Goes through rows; tells each wrong cell to `errors`."""

    def __init__(self, indicators: Mapping[str, int], errors: list[CellError]) -> None:
        self.indicators, self.errors = indicators, errors
        self.kinds = {fold(str(kind.label)): kind.value for kind in ScoreItemKind}
        self.turns: dict[int, int] = {}

    def row(self, number: int, values: Sequence[Any]) -> ItemRow | None:
        before = len(self.errors)
        cells = [*values, *[""] * len(HEADINGS)][: len(HEADINGS)]
        raw = {one.letter: value for one, value in zip(HEADINGS, cells, strict=True)}
        said = {letter: text_of(value) for letter, value in raw.items()}
        for heading in HEADINGS:
            if len(said[heading.letter]) > heading.most:
                self._wrong(heading.letter, number, f"dài quá {heading.most} chữ", "Rút ngắn nội dung")
        if not said["B"]:
            self._wrong("B", number, "thiếu nội dung", "Ghi nội dung tiêu chí, hoặc xóa cả dòng")
        kind = self.kinds.get(fold(said["C"]))
        if kind is None:
            wrong = f"không có loại «{said['C'][:40]}»" if said["C"] else "thiếu loại"
            self._wrong("C", number, wrong, "Chọn trong danh mục của tệp mẫu")
        proof = YES.get(fold(said["F"]))
        if proof is None:
            self._wrong("F", number, f"«{said['F'][:20]}» không phải Có hay Không", "Ghi Có, hoặc bỏ trống")
        points = self._number("D", number, raw["D"], places=2)
        zero_at = self._number("H", number, raw["H"], places=6)
        full_at = self._number("I", number, raw["I"], places=6)
        turn = self._turn(number, raw["J"])
        indicator = self._indicator(number, said["G"])
        if len(self.errors) > before or kind is None:
            return None
        if kind == ScoreItemKind.SECTION:
            self._must_be_empty(number, said, "DFGHIJ", "dòng tiêu đề không có cột này")
        elif points is None or points <= 0:
            self._wrong("D", number, "thiếu điểm, hoặc điểm không lớn hơn 0", "Ghi điểm tối đa, là số dương")
        if indicator is None:
            self._must_be_empty(number, said, "HI", "chưa có mã chỉ tiêu ở cột G")
        elif zero_at is None or full_at is None or zero_at == full_at:
            self._wrong(
                "H" if zero_at is None else "I",
                number,
                "chưa đủ hai mức khác nhau để tính điểm theo chỉ tiêu",
                "Ghi cả hai cột H và I, hai số khác nhau",
            )
        if len(self.errors) > before:
            return None
        return ItemRow(
            row=number,
            number=said["A"],
            text=said["B"],
            kind=kind,
            points=points,
            guide=said["E"],
            needs_evidence=bool(proof),
            indicator_id=indicator,
            zero_at=zero_at,
            full_at=full_at,
            breaks_ties=turn,
        )

    def _must_be_empty(
        self, number: int, said: Mapping[str, str], letters: Collection[str], what: str
    ) -> None:
        for letter in letters:
            if said[letter]:
                self._wrong(letter, number, what, "Bỏ trống ô này, hoặc sửa loại")

    def _number(self, letter: str, number: int, value: Any, *, places: int) -> Decimal | None:
        text = text_of(value)
        if not text:
            return None
        try:
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            found = Decimal(str(value)) if is_number else parse_number(text)
        except (ValueError, ArithmeticError):
            found = Decimal("NaN")
        if not found.is_finite() or abs(found) >= 10 ** (6 if places == 2 else 14):
            self._wrong(letter, number, f"«{text[:30]}» không phải số", "Ghi số, như 2,5")
            return None
        rounded = round(found, places)
        if rounded != found:
            self._wrong(letter, number, f"«{text[:30]}» có quá {places} số lẻ", "Làm tròn rồi ghi lại")
            return None
        return rounded

    def _turn(self, number: int, value: Any) -> int | None:
        found = self._number("J", number, value, places=2)
        if found is None:
            return None
        if found != int(found) or not 1 <= found <= MOST_ITEMS:
            self._wrong("J", number, "không phải thứ tự", "Ghi 1, 2, 3 …")
            return None
        turn = int(found)
        if turn in self.turns:
            self._wrong(
                "J", number, f"trùng thứ tự với dòng {self.turns[turn]}", "Mỗi thứ tự chỉ ghi một lần"
            )
        self.turns.setdefault(turn, number)
        return turn

    def _indicator(self, number: int, code: str) -> int | None:
        if not code:
            return None
        if code not in self.indicators:
            self._wrong("G", number, f"không có chỉ tiêu «{code}»", "Chọn mã ở trang Danh mục của tệp mẫu")
        return self.indicators.get(code)

    def _wrong(self, letter: str, number: int, what: str, cure: str) -> None:
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(CellError(f"{letter}{number}", what, cure))
