"""A paper word by word as it will stand on the page: capitals, numbers, signs at the end of a line, blanks.

Both faces draw what is said here, so that PDF and Word never differ in a word. Hides the counting of
headings and points and the small rules of the decree (`;` and `.` of lists, V/v, ./., «Kèm theo»). Knows no
sizes and no drawing.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import TypeAlias

from thidua.core import formats
from thidua.documents.writing.characters import printable, printable_lines
from thidua.documents.writing.form import Form, Kind, form, kind
from thidua.documents.writing.paper import (
    Appendix,
    Article,
    Block,
    Figure,
    Heading,
    Item,
    Level,
    Paper,
    Paragraph,
    Run,
    Signature,
    Table,
    Urgency,
    Words,
    plain,
)


@dataclass(frozen=True, slots=True)
class Marker:
    """The sign before a heading or item: "I.", "a)", "-", "Điều 1.".

    `count` is its place in a series that Word can count on; None when it is just text. `shape` is the sign
    with `%1` for the counted part.
    """

    text: str
    series: str = ""  # roman, figure, letter, dash, article
    count: int | None = None
    shape: str = ""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A paragraph of the body. `style`: part, chapter, capital, clause_title, point_title, item, paragraph,
    article, article_part. `depth` is that of a heading, from 1; 0 for what is none."""

    style: str
    runs: tuple[Run, ...]
    marker: Marker | None = None
    label: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class TableLine:
    columns: tuple[str, ...]
    shares: tuple[int, ...]
    is_number: tuple[bool, ...]
    rows: tuple[tuple[tuple[Run, ...], ...], ...]
    bold_rows: tuple[int, ...]
    caption: str
    note: str


@dataclass(frozen=True, slots=True)
class FigureLine:
    svg: str
    caption: str
    alternative: str


#: Room for figures that are not known yet.
_BLANK = "\u00a0" * 5


class Gap(Enum):
    """A figure of the head that an appendix repeats and that is not known yet."""

    NUMBER = "number"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


Line: TypeAlias = "TextLine | TableLine | FigureLine"


@dataclass(frozen=True, slots=True)
class SignatureLine:
    authority: tuple[str, ...]
    name: str
    image: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class AppendixPage:
    label: str
    title: str
    #: «(Kèm theo …)», words and the gaps between them.
    origin: tuple[str | Gap, ...]
    lines: tuple[Line, ...]
    is_landscape: bool

    @property
    def origin_words(self) -> str:
        """With room in place of the gaps, for who fills them in by hand."""
        return "".join(part if isinstance(part, str) else _BLANK for part in self.origin)


@dataclass(frozen=True, slots=True)
class Printed:
    """All texts of one paper, in the order of the layout drawing. A blank is None."""

    kind: Kind
    #: What the file is called in its properties.
    name: str
    superior: tuple[str, ...]
    issuer: tuple[str, ...]
    nation: str
    motto: str
    number_label: str
    draft_mark: str
    number: str | None
    symbol: str
    place: str
    #: "ngày 05 tháng 6 năm 2022", or None to leave day, month and year open.
    day: str | None
    dated: date | None
    kind_name: str
    title: str
    subject: str
    decider: str
    bases: tuple[str, ...]
    enacting: str
    addressees_label: str
    addressees: tuple[str, ...]
    lines: tuple[Line, ...]
    recipients_label: str
    recipients: tuple[str, ...]
    signature: SignatureLine
    cosigner: SignatureLine | None
    appendices: tuple[AppendixPage, ...]
    urgency: Urgency
    restriction: str
    drafter: str
    contact: str
    copy_mark: tuple[str, ...]


def printed(paper: Paper) -> Printed:
    """Raises CannotBePrinted for a character the font lacks, and UnknownKind."""
    found, looks = kind(paper.kind), form()
    is_letter = found.heading == "letter"
    title = printable_lines(paper.title)
    subject = title.removeprefix(looks.texts["subject"]).strip() if is_letter else ""
    return Printed(
        kind=found,
        name=printable(f"{found.name} {title}")
        if not is_letter
        else printable(f"{found.name} v/v {subject}"),
        superior=_capitals(paper.superior),
        issuer=_capitals(paper.issuer),
        nation=looks.texts["nation"],
        motto=looks.texts["motto"],
        number_label=looks.texts["number"],
        draft_mark=looks.texts["draft"] if paper.is_draft else "",
        number=None if paper.number is None else printable(paper.number),
        symbol=printable(paper.symbol),
        place=printable(paper.place),
        day=_date(paper),
        dated=paper.dated,
        kind_name="" if is_letter else found.name.upper(),
        title="" if is_letter else title,
        subject=f"{looks.texts['subject']} {subject}" if subject else "",
        decider=printable(paper.decider).upper(),
        bases=_bases(paper.bases),
        enacting=found.enacting,
        addressees_label=looks.texts["addressees"],
        addressees=_listed(paper.addressees, dash=len(paper.addressees) > 1),
        lines=tuple(_body(paper.body, looks)),
        recipients_label=looks.texts["recipients"],
        recipients=_listed(paper.recipients, dash=True),
        signature=_signature(paper.signature),
        cosigner=None if paper.cosigner is None else _signature(paper.cosigner),
        appendices=tuple(_appendix(appendix, paper, looks) for appendix in paper.appendices),
        urgency=paper.urgency,
        restriction=printable(paper.restriction).upper(),
        drafter=printable(paper.drafter),
        contact=printable(paper.contact),
        copy_mark=_plain_lines(paper.copy_mark),
    )


# --- head and closing -----------------------------------------------------------------------------


def _plain_lines(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, (printable(line) for line in lines)))


def _capitals(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(line.upper() for line in _plain_lines(lines))


def _date(paper: Paper) -> str | None:
    if paper.dated is not None:
        return formats.format_date_nd30(paper.dated)
    # room for the figures that are missing
    open_words = re.sub(r"(ngày|tháng|năm)(?= tháng| năm|$)", rf"\1{_BLANK}", printable(paper.dated_as))
    return open_words or None


def _bases(bases: Iterable[str]) -> tuple[str, ...]:
    """«Căn cứ …;», the last with a full stop."""
    lines = [line.rstrip(";., ") for line in _plain_lines(bases)]
    opened = ("Căn cứ", "Theo", "Thực hiện", "Xét", "Trên cơ sở", "Sau khi")
    full = [line if line.startswith(opened) else f"Căn cứ {line}" for line in lines]
    return tuple(f"{line}{'.' if line is full[-1] else ';'}" for line in full)


def _listed(names: Iterable[str], *, dash: bool) -> tuple[str, ...]:
    """«- …;» and a full stop behind the last; a single addressee stands without any sign."""
    lines = [line.removeprefix("- ").rstrip(";., ") for line in _plain_lines(names)]
    if not dash:
        return tuple(lines)
    return tuple(f"- {line}{'.' if at == len(lines) - 1 else ';'}" for at, line in enumerate(lines))


def _signature(signature: Signature) -> SignatureLine:
    return SignatureLine(_capitals(signature.authority), printable(signature.name), signature.image)


def _appendix(appendix: Appendix, paper: Paper, looks: Form) -> AppendixPage:
    found = kind(paper.kind)
    number = Gap.NUMBER if paper.number is None else paper.number
    symbol = f"/{paper.symbol}" if paper.symbol else ""
    known = _date(paper)
    day: tuple[str | Gap, ...] = ("ngày ", Gap.DAY, " tháng ", Gap.MONTH, " năm ", Gap.YEAR)
    issuer = printable(paper.issuer_name) or " ".join(_plain_lines(paper.issuer))
    origin = (
        f"(Kèm theo {found.name} số ",
        number,
        f"{symbol} ",
        *(day if known is None else (known,)),
        f" của {issuer})",
    )
    return AppendixPage(
        label=f"{looks.texts['appendix']} {printable(appendix.number)}".strip(),
        title=printable_lines(appendix.title).upper(),
        origin=origin,
        lines=tuple(_body(appendix.body, looks)),
        is_landscape=appendix.is_landscape,
    )


# --- body -----------------------------------------------------------------------------------------

_DEPTHS = {Level.PART: 0, Level.CHAPTER: 1, Level.CAPITAL: 2, Level.CLAUSE: 4, Level.POINT: 5, Level.DASH: 6}
_ARTICLE = 3


class _Counters:
    """Counts headings and items by level; a higher one sets the lower ones back."""

    def __init__(self) -> None:
        self.counts = [0] * 7

    def next(self, level: int, given: int | None) -> int:
        # chapters and articles run through the whole paper; the rest starts anew under each higher heading
        restarting = range(4, 7) if level == _ARTICLE else [n for n in range(level + 1, 7) if n != _ARTICLE]
        for lower in restarting:
            self.counts[lower] = 0
        self.counts[level] = self.counts[level] + 1 if given is None else given
        return self.counts[level]


def _body(blocks: Iterable[Block], looks: Form) -> Iterator[Line]:
    counters = _Counters()
    depths = _HeadingDepths()
    for block in blocks:
        match block:
            case Heading():
                yield _heading(block, counters, depths)
            case Item():
                runs = _runs(block.words)
                yield TextLine("item", runs, marker=_marker(block.level, block.number, counters))
            case Paragraph():
                runs = _runs(block.words)
                yield TextLine("paragraph", _ended(runs, looks.texts["ending"]) if block.is_ending else runs)
            case Article():
                yield from _article(block, counters, depths)
            case Table():
                yield _table(block)
            case Figure():
                yield FigureLine(block.svg, printable(block.caption), printable(block.alternative))


class _HeadingDepths:
    """Depth of each heading without gaps, as readers for the blind need it."""

    def __init__(self) -> None:
        self.open: list[int] = []

    def of(self, rank: int) -> int:
        while self.open and self.open[-1] >= rank:
            self.open.pop()
        self.open.append(rank)
        return len(self.open)


def _heading(block: Heading, counters: _Counters, depths: _HeadingDepths) -> TextLine:
    rank = _DEPTHS[block.level]
    marker = _marker(block.level, block.number, counters)
    depth = depths.of(rank)
    title = _runs(block.title) if block.keeps_case else _upper(_runs(block.title))
    if block.level in (Level.PART, Level.CHAPTER):
        word = "Phần" if block.level is Level.PART else "Chương"
        label = f"{word} {marker.text.rstrip('.')}"
        return TextLine(str(block.level.name).lower(), title, None, label, depth)
    if block.level is Level.CAPITAL:
        return TextLine("capital", title, marker, "", depth)
    style = "clause_title" if block.level is Level.CLAUSE else "point_title"
    return TextLine(style, _runs(block.title), marker, "", depth)


def _article(block: Article, counters: _Counters, depths: _HeadingDepths) -> Iterator[TextLine]:
    given = printable(block.number)
    count = counters.next(_ARTICLE, int(given) if given.isdecimal() else None)
    text = f"Điều {given or count}."
    marker = Marker(text, "article", count, "Điều %1.") if not given or given.isdecimal() else Marker(text)
    runs = _runs(block.words)
    if block.title:
        title = printable(block.title).rstrip(". ")
        yield TextLine("article", (Run(title, is_bold=True),), marker, "", depths.of(_ARTICLE))
        if plain(runs):
            yield TextLine("article_part", runs)
    else:
        yield TextLine("article", runs, marker, "", 0)
    for part in block.parts:
        yield TextLine("article_part", _runs(part))


def _marker(level: Level, number: str, counters: _Counters) -> Marker:
    """The printed sign; counted when none is given, else as given and counted on from there."""
    rank, given = _DEPTHS[level], printable(number)
    if level is Level.DASH:
        return Marker(given or "-", "dash", 1, given or "-")
    series = {Level.CLAUSE: "figure", Level.POINT: "letter"}.get(level, "roman")
    if not given:
        count = counters.next(rank, None)
        core = _written(count, series)
        sign = ")" if level is Level.POINT else "."
        return Marker(core + sign, series, count, f"%1{sign}")
    core = given.strip(" .)/:-–")
    text = given if given != core else f"{given}{')' if level is Level.POINT else '.'}"
    for kind_of, value in _readings(core, series):
        counters.next(rank, value)
        return Marker(text, kind_of, value, text.replace(core, "%1", 1))
    counters.next(rank, None)
    return Marker(text)


def _written(count: int, series: str) -> str:
    if series == "roman":
        return formats.format_roman(count)
    if series == "letter":
        letters = formats.POINT_LETTERS
        # the decree ends at y; a longer list goes on with aa, bb
        return letters[(count - 1) % len(letters)] * ((count - 1) // len(letters) + 1)
    return str(count)


def _readings(core: str, series: str) -> Iterator[tuple[str, int]]:
    """What a given number counts as: the usual series of its level first."""
    if core.isdecimal() and 0 < int(core) < 1000 and str(int(core)) == core:
        yield "figure", int(core)
    if series == "letter" and len(core) == 1 and core in formats.POINT_LETTERS:
        yield "letter", formats.point_position(core)
    with contextlib.suppress(ValueError):
        yield "roman", formats.parse_roman(core)
    if len(core) == 1 and core in formats.POINT_LETTERS:
        yield "letter", formats.point_position(core)


def _table(block: Table) -> TableLine:
    width = len(block.columns)
    rows = tuple(tuple(_runs(cell) for cell in (*row, *[""] * width)[:width]) for row in block.rows)
    return TableLine(
        columns=tuple(printable_lines(column.title) for column in block.columns),
        shares=tuple(max(column.share, 1) for column in block.columns),
        is_number=tuple(column.is_number for column in block.columns),
        rows=rows,
        bold_rows=tuple(sorted(block.bold_rows)),
        caption=printable(block.caption),
        note=printable(block.note),
    )


def _runs(words: Words) -> tuple[Run, ...]:
    """Runs with clean text; the spaces between two runs stay."""
    given = [Run(words)] if isinstance(words, str) else list(words)
    clean: list[Run] = []
    for run in given:
        text = printable(run.text)
        before = " " if run.text[:1].isspace() and clean and not clean[-1].text.endswith(" ") else ""
        after = " " if text and run.text[-1:].isspace() else ""
        if text or before:
            clean.append(Run(f"{before}{text}{after}", run.is_bold, run.is_italic, printable(run.note)))
        elif run.note and clean:
            last = clean[-1]
            clean[-1] = Run(last.text, last.is_bold, last.is_italic, printable(run.note))
    if clean and not clean[-1].note:
        last = clean[-1]
        clean[-1] = Run(last.text.rstrip(), last.is_bold, last.is_italic)
    return tuple(clean)


def _upper(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    return tuple(Run(run.text.upper(), run.is_bold, run.is_italic, run.note) for run in runs)


def _ended(runs: tuple[Run, ...], ending: str) -> tuple[Run, ...]:
    """Closed with ./., whatever sign stood there."""
    if not runs:
        return (Run(ending),)
    last = runs[-1]
    text = last.text.removesuffix(ending).rstrip(".;, ")
    return (*runs[:-1], Run(f"{text}{ending}", last.is_bold, last.is_italic, last.note))
