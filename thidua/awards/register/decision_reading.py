"""What an issued decision on awards says, read from Word or PDF: number, day, body, form, the list of names.

Pure. Reads what stands there; whose award each name is, a person confirms row by row. A list stands in
tables, or as numbered lines. Unknown stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from thidua.awards.models import AwardSubjectType, Sex
from thidua.core.errors import RuleNotMet
from thidua.core.text import fold, nfc
from thidua.documents.reading import Unreadable, files
from thidua.documents.reading.model import Line
from thidua.documents.reading.record import record_of

MOST_ROWS = 2000
#: Folded heads of the column of names, and of the column of units.
_NAME_HEADS: tuple[str, ...] = (
    *("ho va ten", "ho ten", "ho, ten", "ten tap the", "ten ca nhan", "ten don vi", "tap the", "ca nhan"),
    *("ten ho", "chu ho", "ho gia dinh", "don vi duoc khen", "ten"),
)
_UNIT_HEADS = ("don vi", "dia chi", "noi cong tac", "noi o", "xa", "thon, ban", "chuc vu, don vi", "co quan")
_NUMBERED = re.compile(r"^\s*(\d{1,4})[.)]\s+(.+?)\s*[;.]?\s*$")
_TITLE = re.compile(r"^(ông|bà|anh|chị|đồng chí|đ/c)\s*:?\s+(?=\S)", re.IGNORECASE)
_TITLED_SEX = {"ong": Sex.MALE, "ba": Sex.FEMALE, "anh": Sex.MALE, "chi": Sex.FEMALE}
#: Folded beginnings of a unit's name → kind of subject.
_PEOPLE_OF = "nhan dan va can bo "
_UNIT_KINDS = (
    (("xa ", "phuong ", "thi tran ", "dac khu "), AwardSubjectType.COMMUNE),
    (("thon ", "ban ", "to dan pho ", "khu pho ", "bon ", "buon "), AwardSubjectType.VILLAGE),
    (("cong ty", "hop tac xa", "doanh nghiep", "ngan hang", "tap doan"), AwardSubjectType.ENTERPRISE),
    (("ho ong", "ho ba", "gia dinh", "ho gia dinh"), AwardSubjectType.HOUSEHOLD),
)


@dataclass(frozen=True, slots=True)
class NamedRow:
    """One name of the list, as it stands there."""

    place: str
    quote: str
    name: str
    unit_name: str = ""
    #: Empty where nothing says which kind it is.
    subject_type: str = ""


@dataclass(frozen=True, slots=True)
class ReadDecision:
    number: str
    decided_on: date | None
    issuer_name: str
    signer: str
    title: str
    #: Code of the lawbook; empty where the words name none or several.
    form: str
    rows: tuple[NamedRow, ...]


def read(raw: bytes, *, file_name: str, forms: Mapping[str, str]) -> ReadDecision:
    """`forms`: name → code. Raises RuleNotMet for a file that cannot be read."""
    try:
        source = files.read(raw, file_name=file_name)
    except Unreadable as refusal:
        raise RuleNotMet(
            "Chưa đọc được quyết định", why=str(refusal), next_step="Đưa tệp Word hoặc PDF có chữ"
        ) from refusal
    found: dict[str, Any] = record_of(source)
    doc = found["doc"]
    number = "/".join(part for part in (str(doc.get("number") or ""), doc.get("symbol") or "") if part)
    issuer = (doc.get("issuer") or {}).get("name") or ""
    title = doc.get("title") or ""
    signature = found.get("signature") or {}
    rows = list(_rows(source.lines))[:MOST_ROWS]
    return ReadDecision(
        number=number,
        decided_on=_day((doc.get("date") or {}).get("edtf") or ""),
        issuer_name=issuer,
        signer=str(signature.get("name") or signature.get("signer") or ""),
        title=title,
        form=form_in([title, *(line.text for line in source.lines)], forms, issuer=issuer),
        rows=tuple(rows),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def form_in(lines: Iterable[str], forms: Mapping[str, str], *, issuer: str) -> str:
    """The one form that the first line to name any names, seen with who decides."""
    folded = fold(issuer)
    for line in lines:
        text = fold(line)
        named = {code for name, code in forms.items() if fold(name) in text}
        if len(named) == 1:
            return named.pop()
        if "giay khen" in text:
            is_commune = folded.startswith(("uy ban nhan dan xa", "uy ban nhan dan phuong"))
            return "giay-khen-xa" if is_commune else "giay-khen"
        if "bang khen" in text:
            return "bang-khen-thu-tuong" if "thu tuong" in f"{folded} {text}" else "bang-khen-bo-tinh"
    return ""


def sex_said(quote: str) -> str:
    """ "Ông", "Bà" before a name say it; else unknown."""
    match = _TITLE.match(quote)
    return str(_TITLED_SEX.get(fold(match[1]), "")) if match else ""


def bare_name(text: str) -> str:
    return nfc(" ".join(_TITLE.sub("", text.strip()).split())).strip(" ,;.:")


# --- the list -------------------------------------------------------------------------------------


def _rows(lines: Iterable[Line]) -> Iterator[NamedRow]:
    """Rows of the tables that have a column of names; without any such table, the numbered lines."""
    rows = list(lines)
    found = list(_of_tables(rows))
    yield from found or _of_lines(rows)


def _of_tables(lines: list[Line]) -> Iterator[NamedRow]:
    section, table, cells = "", -1, {}  # type: str, int, dict[tuple[int, int], list[str]]
    above = ""
    for line in [*lines, None]:
        here = line.cell.table if line is not None and line.cell is not None else -1
        if here != table and cells:
            yield from _table(table, cells, above)
            cells = {}
        table = here
        if line is None:
            return
        if line.cell is None:
            section = _kind_of_heading(line.text) or section
            above = section
        else:
            cells.setdefault((line.cell.row, line.cell.column), []).append(line.text)


def _table(number: int, cells: dict[tuple[int, int], list[str]], section: str) -> Iterator[NamedRow]:
    texts = {place: " ".join(found).strip() for place, found in cells.items()}
    heads = {column: fold(text) for (row, column), text in texts.items() if row == 0}
    name_column = _column(heads, _NAME_HEADS)
    if name_column is None or len(heads) < 2:
        return
    unit_column = _column(
        {column: text for column, text in heads.items() if column != name_column}, _UNIT_HEADS
    )
    head = heads[name_column]
    for row in range(1, max(row for row, _ in texts) + 1):
        said = [texts.get((row, column), "") for column in sorted(heads)]
        name = texts.get((row, name_column), "")
        if not name or name.isdigit():
            # a line across the table: "II. CÁ NHÂN"
            section = _kind_of_heading(" ".join(said)) or section
            continue
        if sum(bool(text) for text in said) == 1:
            section = _kind_of_heading(name) or section
            continue
        unit = texts.get((row, unit_column), "") if unit_column is not None else ""
        bare = bare_name(name)
        kind = kind_of(bare, head=head, section=section, raw=name)
        yield NamedRow(f"bảng {number + 1}, dòng {row + 1}", " | ".join(said), bare, unit, kind)


def _column(heads: Mapping[int, str], wanted: Iterable[str]) -> int | None:
    for words in wanted:
        for column, text in sorted(heads.items()):
            if text.startswith(words):
                return column
    return None


def _of_lines(lines: list[Line]) -> Iterator[NamedRow]:
    section = ""
    for line in lines:
        match = _NUMBERED.match(line.text)
        if match is None or line.cell is not None:
            section = _kind_of_heading(line.text) or section
            continue
        heading = _kind_of_heading(line.text)
        if heading and len(line.text) < 60:
            section = heading
            continue
        name, _, rest = match[2].partition(",")
        if not _TITLE.match(name) and not section:
            continue
        parts = [part.strip() for part in rest.split(",") if part.strip()]
        unit = parts[-1] if parts else ""
        bare = bare_name(name)
        yield NamedRow(
            f"dòng {line.number}", line.text, bare, unit, kind_of(bare, head="", section=section, raw=name)
        )


def _kind_of_heading(text: str) -> str:
    """ "II. CÁ NHÂN" → individual; empty for a sentence."""
    plain = re.sub(r"^[\divxlc]+[.)]?\s*", "", fold(text)).strip(" :.")
    for words, kind in (
        ("ca nhan", AwardSubjectType.PERSON),
        ("ho gia dinh", AwardSubjectType.HOUSEHOLD),
        ("gia dinh", AwardSubjectType.HOUSEHOLD),
        ("tap the", "tap-the"),
        ("doanh nghiep", AwardSubjectType.ENTERPRISE),
    ):
        if plain.startswith(words) and len(plain) < len(words) + 25:
            return str(kind)
    return ""


def kind_of(name: str, *, head: str, section: str, raw: str) -> str:
    """Which kind of subject a name is, by its own words, the head of its column, and the heading above."""
    folded = fold(name).removeprefix(_PEOPLE_OF)
    for beginnings, kind in _UNIT_KINDS:
        if folded.startswith(beginnings):
            return str(kind)
    if sex_said(raw) or head.startswith(("ho va ten", "ho ten", "ten ca nhan", "ca nhan")):
        return str(AwardSubjectType.HOUSEHOLD if section == "household" else AwardSubjectType.PERSON)
    if head.startswith(("chu ho", "ten ho", "ho gia dinh")):
        return str(AwardSubjectType.HOUSEHOLD)
    if section == "tap-the" or head.startswith(("ten tap the", "tap the", "ten don vi")):
        return str(AwardSubjectType.AGENCY)
    return section
