"""Rows of running text -> paragraphs, by indent, spacing and the room left in the row above."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..markers import marker_of
from ..model import Cell, Origin
from .page_rows import MOST_ROWS, Row

_CUT_TOKEN = re.compile(r"[0-9A-Za-zĐđ][-–]$|[0-9A-Za-zĐđ%)]/$")
#: official documents leave at least six points between paragraphs; half of that in letter sizes
_PARAGRAPH_GAP = 0.22
_ROWS_OF_A_SURE_PAGE = 8
SENTENCE_END = (".", ";", ":", "!", "?", "…")


@dataclass(slots=True)
class LaidLine:
    """One paragraph as it comes out of the layout."""

    text: str
    page: int
    origin: Origin = Origin.BODY
    cell: Cell | None = None
    is_bold: bool = False
    is_centred: bool = False
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Setting:
    """How running text is set: its edges, and the distance of its rows as a multiple of the letter size."""

    left: float
    right: float
    pitch: float

    def is_centred(self, row: Row, *, clear: float = 1.5) -> bool:
        """Whether the row stands in the middle with at least `clear` letter sizes free on both sides."""
        margin = clear * row.size
        return (
            abs((row.x0 + row.x1) / 2 - (self.left + self.right) / 2) < row.size
            and row.x0 > self.left + margin
            and row.x1 < self.right - margin
        )


def setting_of(
    rows: Sequence[Row], *, pitch: float, otherwise: Setting | None, page_width: float = 0.0
) -> Setting:
    """Edges of the running text: where the wide rows begin and end.

    A page with little text takes the edges of the whole document (`otherwise`).
    """
    if not rows:
        return otherwise or Setting(0.0, 0.0, pitch)
    widest = max(row.x1 - row.x0 for row in rows)
    wide = [row for row in rows if row.x1 - row.x0 > 0.75 * widest]
    if otherwise is not None and len(wide) < _ROWS_OF_A_SURE_PAGE:
        return otherwise
    left, right = _usual(row.x0 for row in wide), -_usual(-row.x1 for row in wide)
    if len(wide) < 3 and page_width:
        # too little text to show its right edge: margins of a page are about alike
        right = max(right, page_width - left)
    return Setting(left, right, pitch)


def _usual(edges: Iterable[float]) -> float:
    """The outermost edge that several rows share within three points; the outermost of all where none do."""
    values = sorted(edges)[:MOST_ROWS]
    enough = max(3.0, 0.05 * len(values))
    return next(
        (value for value in values if sum(1 for other in values if 0 <= other - value < 3) >= enough),
        values[0],
    )


def joined(before: str, after: str) -> str:
    """Two parts of a wrapped text; a symbol or period cut at its own hyphen or stroke gets no space."""
    return before + ("" if _CUT_TOKEN.search(before) and after[:1].isalnum() else " ") + after


def paragraphs_of(rows: Sequence[Row], setting: Setting, *, page: int) -> list[LaidLine]:
    """Rows of running text joined to paragraphs by indent, spacing and the length of the last row."""
    lines: list[LaidLine] = []
    members: list[Row] = []
    for row in rows:
        if members and not begins_paragraph(row, members, lines[-1].text, setting):
            members.append(row)
            lines[-1].text = joined(lines[-1].text, row.text)
            lines[-1].is_bold = lines[-1].is_bold and row.segments[0].is_bold
            lines[-1].rows.append(row)
        else:
            members = [row]
            lines.append(
                LaidLine(
                    row.text,
                    page,
                    is_bold=row.segments[0].is_bold,
                    is_centred=setting.is_centred(row),
                    rows=[row],
                )
            )
    return lines


def begins_paragraph(row: Row, members: list[Row], text: str, setting: Setting) -> bool:
    """Whether `row` begins a new paragraph after the rows `members`, whose joined text is `text`."""
    above, first = members[-1], members[0]
    size = row.size
    gap = above.base - row.base
    if gap <= 0 or gap > (setting.pitch + _PARAGRAPH_GAP) * max(size, above.size):
        return True
    if abs(above.size - size) > 0.12 * size:
        return True
    marker = marker_of(row.text)
    # a period or a slogan cut at its dash is no list: “… - / - 2025”
    is_marked = marker is not None and not (marker.style in ("dash", "plus") and _has_open_quotation(text))
    ended = text.endswith(SENTENCE_END)
    if above.segments[0].is_bold != row.segments[0].is_bold and (
        ended or is_marked or not row.text[0].islower()
    ):
        return True
    # ragged text may be in the middle by chance, but not with its left edge free; titles are bold
    is_free = row.x0 > setting.left + 0.4 * size or row.segments[0].is_bold
    both_centred = is_free and setting.is_centred(first, clear=0.3) and setting.is_centred(row, clear=-0.3)
    if both_centred or _is_end_of_title(row, first, setting):
        return is_marked or not _goes_on_centred(above, row, setting)
    if above.x1 + first_word_width(row) < setting.right - 0.2 * size:
        return True
    if row.x0 < above.x0 - 0.8 * size and (len(members) > 1 or is_marked):
        return True
    is_indented = row.x0 > setting.left + 0.8 * size
    if row.x0 > above.x0 + 0.8 * size:
        # further right than the row above: a first row, or the second row of an item that hangs
        return is_marked or marker_of(first.text) is None or len(members) > 1
    lines_up = len(members) > 1 and abs(row.x0 - above.x0) < 2
    if is_marked and text.isupper():
        return True  # a heading in capitals has no full stop
    if lines_up and abs(first.x0 - above.x0) > 0.8 * size:
        return False  # paragraphs here begin elsewhere than their later rows
    if is_marked and marker is not None:
        # a row may begin with "2022." or "(2)" by chance: trust the place where this paragraph began
        if lines_up and not ended:
            return False
        if is_indented:
            return True
        had_indent = first.x0 > setting.left + 0.8 * size
        return ended and not had_indent and marker.style != "paren"
    return False


def _has_open_quotation(text: str) -> bool:
    return text.rfind("“") > text.rfind("”")


def _is_end_of_title(row: Row, first: Row, setting: Setting) -> bool:
    """The first row of a title may fill the page; a paragraph never goes on in the middle of it."""
    return (
        first.x1 > setting.right - row.size and row.x0 > setting.left + row.size and setting.is_centred(row)
    )


def _goes_on_centred(above: Row, row: Row, setting: Setting) -> bool:
    """Whether a centred row goes on a title: cut for want of room, or by hand before a small letter."""
    same_look = (
        above.segments[0].is_bold == row.segments[0].is_bold and row.text.isupper() == above.text.isupper()
    )
    if not same_look or above.text.endswith(SENTENCE_END) or not setting.is_centred(row, clear=-0.3):
        return False
    had_no_room = above.x1 - above.x0 + first_word_width(row) > setting.right - setting.left - row.size
    return had_no_room or row.text[0].islower() or not row.text[0].isalpha()


def first_word_width(row: Row) -> float:
    """Width that the first word of the row takes, with a space before it."""
    segment = row.segments[0]
    letters = len(segment.text.split(" ", 1)[0])
    taken = 0
    for glyph in segment.glyphs:
        taken += len(glyph.text)
        if taken >= letters:
            return glyph.x1 - segment.x0 + 0.25 * segment.size
    return segment.x1 - segment.x0
