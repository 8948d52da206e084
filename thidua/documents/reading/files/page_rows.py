"""Letters with their places -> rows, and the segments into which wide gaps divide them.

Coordinates are points, y upwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from .lines import SUPERSCRIPTS
from .refusals import refused

#: letters whose base lines differ by less than this share of their size stand in one row
_SAME_ROW = 0.55
#: a gap wider than this many letter sizes divides columns; justified text stays below
_COLUMN_GAP = 2.2
_WORD_GAP = 0.17
#: a letter smaller than this share of its row and raised is a superscript
_SMALL_LETTER = 0.82
_LONE_MARKER = re.compile(
    r"(?:[-–—+•*●▪]|\(?[0-9IVXa-zđ]{1,4}[.)]|(?:Điều|Chương|Phần|Mục)[0-9IVX]{1,4}[.:]?)$"
)
#: a page of text has some fifty rows; far more is no text
MOST_ROWS = 400
_MOST_SEGMENTS = 60


@dataclass(frozen=True, slots=True)
class Glyph:
    """A letter or a word with its box; `size` is the height of its font."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    index: int = 0  # of the letter on its page, to ask for its weight


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight drawn line, horizontal or vertical."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(slots=True)
class Page:
    """Everything on one page that matters for its reading."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph]
    rules: list[Rule] = field(default_factory=list)
    bold: frozenset[int] = frozenset()  # indexes of bold letters


@dataclass(slots=True)
class Segment:
    """Letters of one row without a wide gap between them."""

    glyphs: list[Glyph]
    text: str
    x0: float
    x1: float
    base: float
    size: float
    is_bold: bool = False
    spaces: list[float] = field(default_factory=list)  # where the row has printed spaces

    @property
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(slots=True)
class Row:
    """What stands side by side, left to right."""

    segments: list[Segment]
    base: float
    size: float

    @property
    def x0(self) -> float:
        return self.segments[0].x0

    @property
    def x1(self) -> float:
        return self.segments[-1].x1

    @property
    def text(self) -> str:
        return " ".join(segment.text for segment in self.segments)


def rows_of(glyphs: Iterable[Glyph], bold: frozenset[int]) -> list[Row]:
    """Letters put into rows from top to bottom and into segments from left to right."""
    clusters: list[_Cluster] = []
    for glyph in sorted(glyphs, key=lambda glyph: -glyph.base):
        if glyph.size <= 0:
            continue
        if clusters and clusters[-1].base - glyph.base < 0.15 * glyph.size:
            clusters[-1].glyphs.append(glyph)
        else:
            clusters.append(_Cluster(glyph.base, [glyph]))
    rows: list[Row] = []
    for cluster in _side_by_side(_with_raised_marks(clusters)):
        segments = _segments_of(cluster.glyphs, bold)
        if segments:
            widest = max(segments, key=lambda segment: len(segment.text))
            rows.append(Row(segments, widest.base, widest.size))
    if len(rows) > MOST_ROWS:
        raise refused("too_complex")
    return _with_narrow_gutters(rows, bold)


@dataclass(slots=True)
class _Cluster:
    """Letters on one base line."""

    base: float
    glyphs: list[Glyph]
    x0: float = 0.0
    x1: float = 0.0
    size: float = 0.0


def _with_raised_marks(clusters: list[_Cluster]) -> list[_Cluster]:
    """Joins small raised or lowered letters to the row that they belong to."""
    measured: list[_Cluster] = []
    for cluster in clusters:
        visible = [glyph for glyph in cluster.glyphs if not glyph.text.isspace()]
        if visible:
            cluster.size = median(glyph.size for glyph in visible)
            cluster.x0 = min(glyph.x0 for glyph in visible)
            cluster.x1 = max(glyph.x1 for glyph in visible)
            measured.append(cluster)
    result: list[_Cluster] = []
    for index, cluster in enumerate(measured):
        below = measured[index + 1] if index + 1 < len(measured) else None
        if (
            below is not None
            and cluster.size < _SMALL_LETTER * below.size
            and cluster.base - below.base < _SAME_ROW * below.size
            and _is_mark(cluster)
        ):
            below.glyphs.extend(cluster.glyphs)
            below.x0, below.x1 = min(below.x0, cluster.x0), max(below.x1, cluster.x1)
        elif (
            result
            and cluster.size < _SMALL_LETTER * result[-1].size
            and result[-1].base - cluster.base < 0.3 * result[-1].size
            and _is_mark(cluster)
        ):
            result[-1].glyphs.extend(cluster.glyphs)
        else:
            result.append(cluster)
    return result


def _is_mark(cluster: _Cluster) -> bool:
    """Whether the letters are note marks or exponents rather than words."""
    text = "".join(glyph.text for glyph in cluster.glyphs).strip()
    return len(text) <= 12 and sum(letter.isalpha() for letter in text) <= 3


def _side_by_side(clusters: list[_Cluster]) -> list[_Cluster]:
    """Joins neighbours of nearly one height that stand beside each other, as in columns of different size."""
    result: list[_Cluster] = []
    for cluster in clusters:
        last = result[-1] if result else None
        if (
            last is not None
            and last.base - cluster.base < _SAME_ROW * max(last.size, cluster.size)
            and (cluster.x0 > last.x1 + last.size or cluster.x1 < last.x0 - last.size)
        ):
            last.glyphs.extend(cluster.glyphs)
            last.x0, last.x1 = min(last.x0, cluster.x0), max(last.x1, cluster.x1)
        else:
            result.append(cluster)
    return result


def _segments_of(cluster: list[Glyph], bold: frozenset[int]) -> list[Segment]:
    cluster.sort(key=lambda glyph: glyph.x0)
    visible = [glyph for glyph in cluster if not glyph.text.isspace()]
    if not visible:
        return []
    gaps = _word_gaps(visible)
    usual = median(width for _, width in gaps) if len(gaps) > 2 else 0.0
    cuts = [
        place
        for place, width in gaps
        if width > _COLUMN_GAP * max(visible[place - 1].size, visible[place].size) and width > 2 * usual
    ]
    if cuts and _LONE_MARKER.match("".join(glyph.text for glyph in visible[: cuts[0]])):
        cuts.pop(0)  # a tab after the number of a paragraph
    if len(cuts) > _MOST_SEGMENTS:
        raise refused("too_complex")
    spaces = [glyph.x0 for glyph in cluster if glyph.text.isspace()]
    edges = [0, *cuts, len(visible)]
    return [_segment(visible[start:end], spaces, bold) for start, end in pairwise(edges)]


def _word_gaps(visible: list[Glyph]) -> list[tuple[int, float]]:
    """The gaps wide enough to divide words: index of the letter after it, and width."""
    return [
        (index, after.x0 - before.x1)
        for index, (before, after) in enumerate(pairwise(visible), start=1)
        if after.x0 - before.x1 > _WORD_GAP * max(before.size, after.size)
    ]


def _with_narrow_gutters(rows: list[Row], bold: frozenset[int]) -> list[Row]:
    """Divides rows at a gap that is too narrow to tell by itself but lies above or below another gap.

    The name of an issuer and the Quốc hiệu often all but touch; the rows under them show the columns.
    """
    candidates = [_narrow_gutter(row) for row in rows]
    result: list[Row] = []
    for index, (row, candidate) in enumerate(zip(rows, candidates, strict=True)):
        if candidate is None:
            result.append(row)
            continue
        place, low, high = candidate
        neighbours = range(max(0, index - 3), min(len(rows), index + 4))
        confirmed = any(
            min(high, other_high) - max(low, other_low) > 2
            for neighbour in neighbours
            if neighbour != index
            for other_low, other_high in _known_gutters(rows[neighbour], candidates[neighbour])
        )
        if confirmed:
            glyphs = row.segments[0].glyphs
            parts = [
                _segment(part, row.segments[0].spaces, bold) for part in (glyphs[:place], glyphs[place:])
            ]
            result.append(Row(parts, row.base, row.size))
        else:
            result.append(row)
    return result


def _narrow_gutter(row: Row) -> tuple[int, float, float] | None:
    """The widest gap of an undivided row, when it stands out among the others: place, left and right edge."""
    if len(row.segments) != 1:
        return None
    glyphs = row.segments[0].glyphs
    gaps = sorted(_word_gaps(glyphs), key=lambda gap: -gap[1])
    if len(gaps) < 2:
        return None
    place, width = gaps[0]
    if width < 0.8 * row.size or width < 2.2 * median(other for _, other in gaps[1:]):
        return None
    if _LONE_MARKER.match("".join(glyph.text for glyph in glyphs[:place])):
        return None
    return place, glyphs[place - 1].x1, glyphs[place].x0


def _known_gutters(row: Row, candidate: tuple[int, float, float] | None) -> list[tuple[float, float]]:
    return gutters_of(row) if len(row.segments) > 1 else [candidate[1:]] if candidate else []


def _segment(group: list[Glyph], spaces: list[float], bold: frozenset[int]) -> Segment:
    size = median(glyph.size for glyph in group)
    base = median(glyph.base for glyph in group if glyph.size > size * _SMALL_LETTER)
    pieces: list[str] = []
    previous: Glyph | None = None
    space = 0
    for glyph in group:
        if previous is not None:
            while space < len(spaces) and spaces[space] < previous.x0:
                space += 1
            has_space = space < len(spaces) and spaces[space] < glyph.x0
            if has_space or glyph.x0 - previous.x1 > _WORD_GAP * size:
                pieces.append(" ")
        raised = glyph.size < size * _SMALL_LETTER and glyph.base > base + 0.08 * size
        pieces.append(glyph.text.translate(SUPERSCRIPTS) if raised else glyph.text)
        previous = glyph
    letters = sum(1 for glyph in group if glyph.text[0].isalnum())
    bold_letters = sum(1 for glyph in group if glyph.index in bold and glyph.text[0].isalnum())
    return Segment(
        group,
        re.sub(r"\s+", " ", "".join(pieces)).strip(),
        group[0].x0,
        max(glyph.x1 for glyph in group),
        base,
        size,
        is_bold=letters > 0 and bold_letters >= letters * 0.95,
        spaces=spaces,
    )


def gutters_of(row: Row) -> list[tuple[float, float]]:
    return [(left.x1, right.x0) for left, right in zip(row.segments, row.segments[1:], strict=False)]
