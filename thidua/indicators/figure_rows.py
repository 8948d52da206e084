"""Figures in a file with one figure a row: CSV as people and programs write it, and DHIS2's `dataValueSets`.

Pure: knows no database. Hides encodings and separators, the many names of a period, a decimal point beside a
decimal comma, and rows of an export of ours that only repeat a sum. What is wrong is told by row and column.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

from thidua.core import periods
from thidua.core.errors import RuleNotMet
from thidua.core.formats import parse_date
from thidua.core.periods import Period, parse_period
from thidua.core.text import fold, nfc
from thidua.indicators.entry_sheets import MOST_BYTES, MOST_ERRORS, CellError, Measured, figure_of

MOST_ROWS = 500_000
#: Sources that say only how a figure came about.
_NO_SOURCE = frozenset({"cong tu don vi ben duoi", "tinh tu so dem", "don vi tu bao cao"})
_NOTHING = "không"

#: What a column is called, without accents, in our own export and by hand.
_COLUMNS: Mapping[str, str] = {
    "ma chi tieu": "indicator",
    "dataelement": "indicator",
    "ky": "period",
    "period": "period",
    "tu ngay": "since",
    "den het ngay": "last",
    "ma don vi": "unit",
    "orgunit": "unit",
    "gia tri": "value",
    "value": "value",
    "so cong bo rieng": "own",
    "muc do": "stage",
    "theo chuan": "standard",
    "attributeoptioncombo": "standard",
    "phan to": "segment",
    "categoryoptioncombo": "segment",
    "nguon": "source",
    "ghi chu": "note",
    "comment": "comment",
}
_TITLES = {
    "indicator": "mã chỉ tiêu",
    "period": "kỳ",
    "unit": "mã đơn vị",
    "value": "giá trị",
    "stage": "mức độ",
}


@dataclass(frozen=True, slots=True)
class RowFigure:
    """One figure as read. `amount` is None when nothing arose; `place` says where it stands."""

    place: str
    unit: str
    indicator: str
    period: Period
    amount: Decimal | None
    stage: str = ""
    #: Code or name; empty: the usual one of the period.
    standard: str = ""
    segment: str = ""
    source: str = ""
    note: str = ""


@dataclass(slots=True)
class ReadRows:
    figures: list[RowFigure] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    #: Rows that repeat a sum of the units below, and are computed here.
    skipped: int = 0

    def refuse(self, place: str, what: str, cure: str) -> None:
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(CellError("", place, what, cure))


def is_workbook(raw: bytes) -> bool:
    return raw[:4] == b"PK\x03\x04"


def read(raw: bytes, *, indicators: Mapping[str, Measured], stages: Mapping[str, str]) -> ReadRows:
    """The figures of a CSV or a JSON file, told apart by their first sign. Raises RuleNotMet.

    `stages` gives the code of a stage by its folded name.
    """
    if len(raw) > MOST_BYTES:
        raise _unreadable(f"tệp lớn hơn {MOST_BYTES // 1024 // 1024} MB", "Chia thành nhiều tệp")
    text = _text_of(raw)
    found = ReadRows()
    reader: Callable[[str, ReadRows], Iterator[_Raw]] = _json_rows if text[:1] in "{[" else _csv_rows
    known_stages = {**stages, **{code: code for code in stages.values()}}
    for number, row in enumerate(reader(text, found), 1):
        if number > MOST_ROWS:
            raise _unreadable(f"tệp có hơn {MOST_ROWS} dòng", "Chia thành nhiều tệp")
        _read_row(found, row, indicators, known_stages)
        if len(found.errors) >= MOST_ERRORS:
            break
    if not found.figures and not found.errors:
        what = "tệp chưa có số liệu nào"
        if found.skipped:
            what = f"tệp chỉ có {found.skipped} dòng tổng, không có số của đơn vị báo cáo"
        found.refuse("cả tệp", what, "Ghi mỗi số một dòng rồi đưa lên lại")
    return found


def _text_of(raw: bytes) -> str:
    for encoding in ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            return nfc(raw.decode(encoding)).lstrip()
        except UnicodeDecodeError:
            pass
    raise _unreadable(
        "tệp không phải Excel, cũng không phải văn bản UTF-8",
        "Trong Excel chọn Lưu thành «CSV UTF-8» rồi đưa lên lại",
    )


def _unreadable(why: str, next_step: str) -> RuleNotMet:
    return RuleNotMet("Chưa đọc được tệp", why=why, next_step=next_step)


# --- rows -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Raw:
    """One row as texts by what they are, and how its cells are named to people."""

    place: str
    texts: Mapping[str, str]
    #: Programs write a decimal point.
    is_machine: bool = False
    #: Our own export: it also has rows that are sums.
    has_sums: bool = False

    def text(self, name: str) -> str:
        return self.texts.get(name, "")

    def cell(self, name: str) -> str:
        return f"{self.place}, {self._title(name)}"

    def _title(self, name: str) -> str:
        return f"«{_JSON_NAMES.get(name, name)}»" if self.is_machine else f"cột «{_TITLES.get(name, name)}»"


_JSON_NAMES = {
    "indicator": "dataElement",
    "unit": "orgUnit",
    "segment": "categoryOptionCombo",
    "standard": "attributeOptionCombo",
    "stage": "comment",
}


def _csv_rows(text: str, found: ReadRows) -> Iterator[_Raw]:
    head = text.partition("\n")[0]
    separator = max(";\t,", key=head.count)
    lines = csv.reader(StringIO(text, newline=""), delimiter=separator)
    try:
        names = [_COLUMNS.get(fold(one).strip(), "") for one in next(lines, [])]
        missing = [title for name, title in _TITLES.items() if name in _ASKED and name not in names]
        if "period" not in names and {"since", "last"} <= set(names):
            missing.remove(_TITLES["period"])
        if missing:
            raise _unreadable(
                f"dòng đầu thiếu cột {', '.join(f'«{one}»' for one in missing)}",
                "Ghi tên cột ở dòng đầu như tệp CSV tải về từ trang số liệu",
            )
        for cells in lines:
            if not any(one.strip() for one in cells):
                continue
            texts = {name: _plain(one) for name, one in zip(names, cells, strict=False) if name}
            has_sums = "own" in names
            yield _Raw(f"dòng {lines.line_num}", texts, has_sums=has_sums)
    except csv.Error as error:
        raise _unreadable(
            f"dòng {lines.line_num} không đúng dạng CSV", "Lưu lại tệp dạng CSV UTF-8"
        ) from error


_ASKED = frozenset({"indicator", "period", "unit", "value"})


def _plain(cell: str) -> str:
    """A cell without the quotation mark that keeps a spreadsheet from calculating."""
    text = " ".join(cell.split())
    return text[1:] if text[:1] == "'" else text


def _json_rows(text: str, found: ReadRows) -> Iterator[_Raw]:
    try:
        said = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise _unreadable("tệp không đúng dạng JSON", "Lấy lại tệp từ DHIS2 rồi đưa lên") from error
    rows = said.get("dataValues") if isinstance(said, dict) else None
    if not isinstance(rows, list):
        raise _unreadable("tệp JSON không có danh sách «dataValues»", "Đưa lên tệp dataValueSets của DHIS2")
    common = {name: said[name] for name in ("period", "orgUnit", "attributeOptionCombo") if name in said}
    for number, row in enumerate(rows, 1):
        place = f"dataValues số {number}"
        if not isinstance(row, dict):
            found.refuse(place, "không phải một đối tượng", "Lấy lại tệp từ DHIS2")
            continue
        if row.get("deleted") in (True, "true"):
            found.refuse(
                f"{place}, «deleted»", "số đánh dấu đã xóa", "Bỏ dòng này; số đã nhập thì sửa, không xóa"
            )
            continue
        texts: dict[str, str] = {}
        for name, value in {**common, **row}.items():
            known = _COLUMNS.get(name.lower(), "")
            if known and isinstance(value, str):
                texts[known] = " ".join(value.split())
            elif known and isinstance(value, bool):
                texts[known] = "true" if value else "false"
        for name in ("standard", "segment"):
            if texts.get(name) == "default":
                texts[name] = ""
        yield _Raw(place, texts | _from_comment(texts.get("comment", "")), is_machine=True)


_REMARK = re.compile(r"^(mức độ|nguồn): (.+)$")


def _from_comment(comment: str) -> dict[str, str]:
    """What an export of ours says in its comment; anything else is a note."""
    told: dict[str, str] = {}
    rest: list[str] = []
    for part in filter(None, (one.strip() for one in comment.split(";"))):
        match = _REMARK.match(part)
        if match is not None:
            told["stage" if match[1] == "mức độ" else "source"] = match[2]
        elif part == "không phát sinh":
            told["value"] = _NOTHING
        elif not part.startswith("cơ sở: ") and part != "có phần ước tính":
            rest.append(part)
    return told | ({"note": "; ".join(rest)} if rest else {})


# --- one row --------------------------------------------------------------------------------------


def _read_row(
    found: ReadRows, row: _Raw, indicators: Mapping[str, Measured], stages: Mapping[str, str]
) -> None:
    before = len(found.errors)
    if row.has_sums:
        # Only what a unit has given itself is a figure; the rest is a sum of others.
        if not row.text("own"):
            found.skipped += 1
            return
        row = replace(row, texts={**row.texts, "value": row.text("own")})
    one = indicators.get(row.text("indicator"))
    if one is None:
        cure = "Ghi mã như ở mục Định nghĩa của trang chỉ tiêu"
        found.refuse(row.cell("indicator"), f"không có chỉ tiêu mã «{row.text('indicator')[:60]}»", cure)
    period = _period_of(row)
    if period is None:
        cure = "Ghi 2023, 2023Q1, 2023S1, 202301, hoặc «năm 2023», «Quý I/2023»"
        found.refuse(row.cell("period"), f"không rõ kỳ «{row.text('period')[:60]}»", cure)
    if not row.text("unit"):
        found.refuse(row.cell("unit"), "thiếu mã đơn vị", "Ghi mã đơn vị như trong tệp CSV tải về")
    stage = stages.get(fold(row.text("stage")), "") if row.text("stage") else ""
    if row.text("stage") and not stage:
        cure = f"Ghi một trong: {', '.join(sorted(set(stages) - set(stages.values())))}"
        found.refuse(row.cell("stage"), f"không có mức độ «{row.text('stage')[:60]}»", cure)
    amount: Decimal | None = None
    if one is not None:
        try:
            amount = _amount(row.text("value"), one, is_machine=row.is_machine)
        except ValueError as wrong:
            what, cure = wrong.args
            found.refuse(row.cell("value"), what, cure)
    if len(found.errors) > before or one is None or period is None:
        return
    source = row.text("source")
    found.figures.append(
        RowFigure(
            row.place,
            row.text("unit"),
            one.code,
            period,
            amount,
            stage,
            row.text("standard"),
            row.text("segment"),
            "" if fold(source) in _NO_SOURCE else source[:500],
            row.text("note")[:500],
        )
    )


_POINT = re.compile(r"-?\d+\.\d+")


def _amount(text: str, one: Measured, *, is_machine: bool) -> Decimal | None:
    """A figure of a file; "1.234" of a rate is asked about instead of guessed. ValueError: what and cure."""
    if not text:
        raise ValueError("thiếu giá trị", "Ghi số, «không» nếu không phát sinh, hoặc bỏ dòng này")
    if one.is_yes_no and text in ("true", "false"):
        text = "có" if text == "true" else "không"
    if len(text) > 60:
        raise ValueError("giá trị quá dài", "Ghi một số")
    if _POINT.fullmatch(text):
        could_be_thousands = len(text.partition(".")[2]) == 3
        if is_machine or not could_be_thousands:
            text = f"{Decimal(text).normalize():f}".replace(".", ",")
        elif one.decimals:
            raise ValueError(
                f"«{text}» không rõ là phần nghìn hay phần lẻ",
                f"Ghi {text.replace('.', ',')} hoặc {text.replace('.', '')}",
            )
    return figure_of(text, one)


_DHIS2: tuple[tuple[re.Pattern[str], Callable[[tuple[int, ...]], Period]], ...] = (
    (re.compile(r"(\d{4})"), lambda g: periods.year(g[0])),
    (re.compile(r"(\d{4})S([12])"), lambda g: periods.half_year(*g)),
    (re.compile(r"(\d{4})Q([1-4])"), lambda g: periods.quarter(*g)),
    (re.compile(r"(\d{4})(\d{2})"), lambda g: periods.month(*g)),
    (re.compile(r"(\d{4})(\d{2})(\d{2})"), lambda g: periods.day(date(*g))),
    (
        re.compile(r"(\d{4})(\d{2})(\d{2})-(\d{4})(\d{2})(\d{2})"),
        lambda g: Period(date(*g[:3]), date(*g[3:]) + timedelta(days=1)),
    ),
)


def parse_dhis2_period(text: str) -> Period | None:
    """What `exchange.dhis2_period` writes; None for anything else."""
    for pattern, made in _DHIS2:
        match = pattern.fullmatch(text)
        if match is not None:
            try:
                return made(tuple(int(one) for one in match.groups()))
            except ValueError:
                return None
    return None


def _period_of(row: _Raw) -> Period | None:
    try:
        if row.text("since") and row.text("last"):
            return Period(_day(row.text("since")), _day(row.text("last")) + timedelta(days=1))
        text = row.text("period")
        return parse_dhis2_period(text) or parse_period(text)
    except (ValueError, OverflowError):
        return None


def _day(text: str) -> date:
    return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else parse_date(text)
