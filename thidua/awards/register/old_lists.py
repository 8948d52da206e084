"""An old list of awards in Excel: the sheet to fill in, reading it back, what is wrong with which cell.

Pure: knows no database. What a cell does not say stays unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from thidua.awards.models import AwardSubjectType, Sex
from thidua.core.formats import parse_number
from thidua.core.text import fold
from thidua.organisations.spreadsheets import (
    MOST_ERRORS,
    CellError,
    cells_of,
    day_in,
    text_of,
    wrong_head,
)

SHEET, LISTS, GUIDE = "Danh sách", "Danh mục", "Hướng dẫn"
FIRST_YEAR = 1945


@dataclass(frozen=True, slots=True)
class Heading:
    """One column: the letter, what stands on top, and what belongs below."""

    letter: str
    title: str
    width: int
    about: str
    most: int = 400
    #: Name of the list to choose from, empty for free text.
    choices: str = ""


HEADINGS = (
    Heading("A", "Đối tượng", 22, "Bắt buộc. Chọn trong danh mục.", choices="doi_tuong"),
    Heading("B", "Tên", 36, "Bắt buộc. Đúng như trong quyết định."),
    Heading("C", "Mã", 16, "Mã cán bộ, mã hộ hoặc mã đơn vị, nếu có: để ghép chắc chắn.", most=80),
    Heading("D", "Đơn vị", 36, "Nơi công tác của người, xã của hộ. Bỏ trống với đơn vị."),
    Heading("E", "Giới tính", 11, "Nam, Nữ, hoặc bỏ trống khi chưa rõ.", choices="gioi_tinh"),
    Heading("F", "Người trực tiếp", 12, "Có, Không, hoặc bỏ trống khi chưa rõ.", choices="co_khong"),
    Heading("G", "Hình thức", 36, "Bắt buộc. Chọn trong danh mục.", choices="hinh_thuc"),
    Heading("H", "Loại hình", 28, "Bỏ trống khi chưa rõ.", choices="loai_hinh"),
    Heading("I", "Phong trào", 36, "Chọn trong danh mục; khác thì ghi ở cột Ghi chú.", choices="phong_trao"),
    Heading("J", "Số quyết định", 18, "Như 123/QĐ-UBND.", most=120),
    Heading("K", "Ngày quyết định", 14, "Dạng 20/11/2019. Không rõ ngày thì ghi cột Năm."),
    Heading("L", "Năm", 8, "Bắt buộc khi không rõ ngày."),
    Heading("M", "Cơ quan quyết định", 36, "Như «Ủy ban nhân dân huyện Phong Thổ».", most=300),
    Heading("N", "Người ký", 22, "Họ tên, chức vụ.", most=200),
    Heading("O", "Thành tích", 44, "Tóm tắt.", most=4000),
    Heading("P", "Thành tích từ ngày", 14, "Ghi cả hai ngày, hoặc bỏ trống cả hai."),
    Heading("Q", "Thành tích đến hết ngày", 14, "Ngày cuối cùng của thành tích."),
    Heading("R", "Tiền thưởng (đồng)", 14, "Bỏ trống khi chưa rõ; không thưởng tiền thì ghi 0."),
    Heading("S", "Số vào sổ vàng", 14, "", most=40),
    Heading("T", "Ghi chú", 36, "", most=1000),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lists:
    """What may be chosen: name → code, in the order to show."""

    forms: Mapping[str, str]
    types: Mapping[str, str]
    movements: Mapping[str, int]

    def named(self) -> dict[str, tuple[str, ...]]:
        return {
            "doi_tuong": tuple(str(kind.label) for kind in AwardSubjectType),
            "gioi_tinh": tuple(str(sex.label) for sex in Sex),
            "co_khong": ("Có", "Không"),
            "hinh_thuc": tuple(self.forms),
            "loai_hinh": tuple(self.types),
            "phong_trao": tuple(self.movements),
        }


@dataclass(frozen=True, slots=True)
class ListRow:
    """One award as a row of the file says it; `row` is its number in Excel."""

    row: int
    subject_type: str
    name: str
    code: str
    unit: str
    sex: str
    is_direct_worker: bool | None
    form: str
    commendation_type: str
    movement_id: int | None
    number: str
    decided_on: date | None
    year: int
    issuer: str
    signer: str
    achievement: str
    since: date | None
    until: date | None
    bonus: int | None
    golden_book: str
    note: str


@dataclass(frozen=True, slots=True)
class ReadList:
    rows: tuple[ListRow, ...]
    errors: tuple[CellError, ...]


def template(lists: Lists) -> bytes:
    """The sheet to fill in, with drop-down lists and a page that explains each column."""
    out = BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format(
            {"bold": True, "bg_color": "#A6192E", "font_color": "#FFFFFF", "text_wrap": True, "valign": "top"}
        )
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        page, guide, choices = (book.add_worksheet(name) for name in (SHEET, GUIDE, LISTS))
        page.freeze_panes(1, 2)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        ranges = {}
        for column, (name, values) in enumerate(lists.named().items()):
            choices.set_column(column, column, 40)
            choices.write_string(0, column, name, head)
            for row, value in enumerate(values, 1):
                choices.write_string(row, column, value)
            letter = chr(ord("A") + column)
            ranges[name] = f"='{LISTS}'!${letter}$2:${letter}${max(len(values), 1) + 1}"
        guide.set_column(0, 0, 26)
        guide.set_column(1, 1, 90)
        guide.write_row(0, 0, ("Cột", "Ghi gì"), head)
        for column, heading in enumerate(HEADINGS):
            page.set_column(column, column, heading.width, text)
            page.write_string(0, column, heading.title, head)
            guide.write_string(column + 1, 0, f"{heading.letter}. {heading.title}")
            guide.write_string(column + 1, 1, heading.about or "Không bắt buộc.")
            if heading.choices:
                page.data_validation(
                    1,
                    column,
                    5000,
                    column,
                    {
                        "validate": "list",
                        "source": ranges[heading.choices],
                        "error_title": heading.title,
                        "error_message": "Chọn trong danh mục, hoặc bỏ trống.",
                    },
                )
    return out.getvalue()


def read(raw: bytes, lists: Lists, *, on: date) -> ReadList:
    """The awards of a file. Raises RuleNotMet when it is not a file that one can go through cell by cell."""
    cells = cells_of(raw, SHEET)
    errors = wrong_head(cells, HEADINGS)
    if errors:
        return ReadList((), tuple(errors))
    reader = _Reader(lists, errors, on)
    rows = []
    for number, values in enumerate(cells[1:], 2):
        if any(text_of(value) for value in values[: len(HEADINGS)]):
            found = reader.row(number, values)
            if found is not None:
                rows.append(found)
        if len(errors) >= MOST_ERRORS:
            break
    if not rows and not errors:
        errors.append(
            CellError("B2", "tệp chưa có khoản nào", "Ghi mỗi khoản khen thưởng một dòng, từ dòng 2")
        )
    return ReadList(tuple(rows), tuple(errors[:MOST_ERRORS]))


class _Reader:
    """Goes through rows with the lists at hand; tells each wrong cell to `errors`."""

    def __init__(self, lists: Lists, errors: list[CellError], on: date) -> None:
        self.errors, self.on = errors, on
        self.kinds = {fold(str(kind.label)): kind.value for kind in AwardSubjectType}
        self.sexes = {fold(str(sex.label)): sex.value for sex in Sex}
        self.yes_no: dict[str, bool] = {"co": True, "x": True, "khong": False}
        self.forms = {fold(name): code for name, code in lists.forms.items()}
        self.types = {fold(name): code for name, code in lists.types.items()}
        self.movements = {fold(name): pk for name, pk in lists.movements.items()}

    def row(self, number: int, values: Sequence[Any]) -> ListRow | None:
        before = len(self.errors)
        cells = [*values, *[""] * len(HEADINGS)][: len(HEADINGS)]
        said = {one.letter: text_of(value) for one, value in zip(HEADINGS, cells, strict=True)}
        raw = {one.letter: value for one, value in zip(HEADINGS, cells, strict=True)}
        for heading in HEADINGS:
            if len(said[heading.letter]) > heading.most:
                self._wrong(heading.letter, number, f"dài quá {heading.most} chữ", "Rút ngắn nội dung")

        def one_of(letter: str, known: Mapping[str, Any], *, needed: bool = False) -> Any:
            text = said[letter]
            if not text:
                if needed:
                    self._wrong(letter, number, "ô này còn trống", "Chọn trong danh mục của tệp mẫu")
                return None
            if fold(text) not in known:
                self._wrong(letter, number, f"không có «{text[:60]}» trong danh mục", "Chọn trong danh mục")
                return None
            return known[fold(text)]

        if not said["B"]:
            self._wrong("B", number, "thiếu tên", "Ghi tên như trong quyết định, hoặc xóa cả dòng")
        kind = one_of("A", self.kinds, needed=True)
        form = one_of("G", self.forms, needed=True)
        sex, direct = one_of("E", self.sexes), one_of("F", self.yes_no)
        type_, movement = one_of("H", self.types), one_of("I", self.movements)
        decided_on = day_in(raw["K"], f"K{number}", self.errors)
        year = self._year(said["L"], number, decided_on)
        since = day_in(raw["P"], f"P{number}", self.errors)
        last = day_in(raw["Q"], f"Q{number}", self.errors)
        if (since is None) != (last is None):
            lacking = "P" if since is None else "Q"
            self._wrong(lacking, number, "thiếu một đầu của thời gian", "Ghi cả hai ngày hoặc bỏ cả hai")
        elif since is not None and last is not None and last < since:
            self._wrong("Q", number, "kết thúc trước khi bắt đầu", "Sửa một trong hai ngày")
        bonus = self._amount(said["R"], number)
        if len(self.errors) > before or year is None:
            return None
        return ListRow(
            row=number,
            subject_type=kind,
            name=said["B"],
            code=said["C"],
            unit=said["D"],
            sex=sex or "",
            is_direct_worker=direct,
            form=form,
            commendation_type=type_ or "",
            movement_id=movement,
            number=said["J"],
            decided_on=decided_on,
            year=year,
            issuer=said["M"],
            signer=said["N"],
            achievement=said["O"],
            since=since,
            until=last + timedelta(days=1) if last else None,
            bonus=bonus,
            golden_book=said["S"],
            note=said["T"],
        )

    def _year(self, text: str, number: int, day: date | None) -> int | None:
        if day is not None and day > self.on:
            self._wrong("K", number, "ngày quyết định sau hôm nay", "Kiểm tra ngày")
        if not text:
            if day is None and not any(error.place == f"K{number}" for error in self.errors):
                self._wrong("K", number, "chưa có ngày quyết định", "Ghi ngày; không rõ ngày thì ghi cột Năm")
            return day.year if day else None
        if not text.isdigit() or not FIRST_YEAR <= int(text) <= self.on.year:
            self._wrong("L", number, f"«{text[:20]}» không phải năm quyết định", "Ghi bốn chữ số, như 2019")
            return None
        if day is not None and day.year != int(text):
            self._wrong("L", number, "năm khác với ngày quyết định", "Sửa năm, hoặc bỏ trống ô này")
        return int(text)

    def _amount(self, text: str, number: int) -> int | None:
        if not text:
            return None
        try:
            amount = parse_number(text)
        except ValueError:
            amount = None
        if amount is None or amount < 0 or amount != int(amount):
            self._wrong("R", number, f"«{text[:30]}» không phải số tiền", "Ghi số đồng, như 1.490.000")
            return None
        return int(amount)

    def _wrong(self, letter: str, number: int, what: str, cure: str) -> None:
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(CellError(f"{letter}{number}", what, cure))
