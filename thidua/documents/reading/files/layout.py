"""Letters with their places on paper -> the paragraphs, columns, tables and notes that a reader sees.

Serves PDF files and OCR alike. Coordinates are points, y upwards. A paragraph that was wrapped on the page comes
out as one line; two columns side by side (issuer and Quốc hiệu, Nơi nhận and signature) come out row by row, each
text with its `Cell`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from ..markers import marker_of
from ..model import Cell, Origin
from .lines import SUPERSCRIPTS
from .refusals import refused

#: letters whose base lines differ by less than this share of their size stand in one row
_SAME_ROW = 0.55
#: a gap wider than this many letter sizes divides columns; justified text stays below
_COLUMN_GAP = 2.2
_WORD_GAP = 0.17
#: a letter smaller than this share of its row and raised is a superscript
_SMALL_LETTER = 0.82
_SMALL_ROW = 0.92
_PAGE_NUMBER = re.compile(
    r"(?:[-–—]\s*)?(?:(?:trang|page)\s*)?\d{1,4}(?:\s*/\s*\d{1,4})?(?:\s*[-–—])?$", re.I
)
_MARGIN_SHARE = 0.12
_NOTE_MARK = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_CUT_TOKEN = re.compile(r"[0-9A-Za-zĐđ][-–]$|[0-9A-Za-zĐđ%)]/$")
_LONE_MARKER = re.compile(
    r"(?:[-–—+•*●▪]|\(?[0-9IVXa-zđ]{1,4}[.)]|(?:Điều|Chương|Phần|Mục)[0-9IVX]{1,4}[.:]?)$"
)
#: a page of text has some fifty rows; far more is no text
_MOST_ROWS = 400
_MOST_SEGMENTS = 60
#: official documents leave at least six points between paragraphs; half of that in letter sizes
_PARAGRAPH_GAP = 0.22
_ROWS_OF_A_SURE_PAGE = 8
_SENTENCE_END = (".", ";", ":", "!", "?", "…")


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


@dataclass(slots=True)
class _Table:
    top: float
    rows: int
    columns: int
    cells: dict[tuple[int, int], list[Glyph]]


@dataclass(slots=True)
class _Block:
    """Rows that stand in two or more columns."""

    rows: list[Row]
    edges: list[float]  # left edges of the gutters' middles


def lay_out(pages: Sequence[Page]) -> list[LaidLine]:
    """The paragraphs of all pages in reading order."""
    laid = [_PageRows(page) for page in pages]
    body_size = _usual_size(laid)
    _mark_running_rows(laid)
    pitch = _usual_pitch(laid)
    widths = Counter(round(page.width) for page in pages)
    usual_pages = [page for page in laid if round(page.page.width) == widths.most_common(1)[0][0]]
    whole = _setting_of(
        [row for page in usual_pages for row in page.rows],
        pitch=pitch,
        otherwise=None,
        page_width=pages[0].width if pages else 0.0,
    )
    result: list[LaidLine] = []
    tables = 0
    for page_rows in laid:
        lines, tables = page_rows.lines(body_size=body_size, tables=tables, whole=whole)
        _join_over_the_page_break(result, lines, whole)
        result.extend(lines)
    return result


def _join_over_the_page_break(before: list[LaidLine], after: list[LaidLine], setting: Setting) -> None:
    """Puts a paragraph together that the page cut, when the layout itself shows it.

    Where the layout does not tell, the words may: that is left to the repair of paragraphs.
    """
    last = next((line for line in reversed(before) if line.origin is Origin.BODY), None)
    first = next((line for line in after if line.origin is Origin.BODY), None)
    if last is None or first is None or not last.rows or not first.rows:
        return
    above, row = last.rows[-1], first.rows[0]
    if last.is_centred or first.is_centred or abs(above.size - row.size) > 0.12 * row.size:
        return
    if above.segments[0].is_bold != row.segments[0].is_bold or marker_of(first.text) is not None:
        return
    start, size = last.rows[0], row.size
    if len(last.rows) > 1:
        lines_up = abs(row.x0 - above.x0) < 3
        is_sure = (
            abs(start.x0 - above.x0) > 0.8 * size
        )  # paragraphs here begin elsewhere than their later rows
    else:
        lines_up = row.x0 < start.x0 + 1
        is_sure = row.x0 < start.x0 - 0.8 * size
    is_full = above.x1 + _first_word_width(row) > setting.right - 0.2 * size
    if not lines_up or not (is_full or (is_sure and row.text[0].islower())):
        return
    if last.text.endswith(_SENTENCE_END) and not is_sure:
        return
    last.text = joined(last.text, first.text)
    last.rows += first.rows
    after.remove(first)


def joined(before: str, after: str) -> str:
    """Two parts of a wrapped text; a symbol or period cut at its own hyphen or stroke gets no space."""
    return before + ("" if _CUT_TOKEN.search(before) and after[:1].isalnum() else " ") + after


def _usual_size(pages: Iterable[_PageRows]) -> float:
    """The letter size that most letters have."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for row in page.rows:
            sizes[round(row.size, 1)] += len(row.text)
    return sizes.most_common(1)[0][0] if sizes else 12.0


def _mark_running_rows(pages: list[_PageRows]) -> None:
    """Finds rows that repeat at the head or foot of most pages, apart from their figures."""
    if len(pages) < 2:
        return
    for edge in (0, -1):
        texts = Counter(
            re.sub(r"\d+", "#", page.rows[edge].text)
            for page in pages
            if page.rows and page.in_margin(page.rows[edge])
        )
        for text, times in texts.items():
            if times < 2 or times * 2 < len(pages):
                continue
            first = True
            for page in pages:
                if (
                    page.rows
                    and re.sub(r"\d+", "#", page.rows[edge].text) == text
                    and page.in_margin(page.rows[edge])
                ):
                    page.set_aside(edge, keep=first)
                    first = False


class _PageRows:
    """One page cut into rows, tables set apart."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.header: Row | None = None
        self.footer: Row | None = None
        self.tables, glyphs = _ruled_tables(page)
        self.rows = _rows_of(glyphs, page.bold)
        self._drop_page_number()

    def in_margin(self, row: Row) -> bool:
        return (
            row.base > self.page.height * (1 - _MARGIN_SHARE) or row.base < self.page.height * _MARGIN_SHARE
        )

    def set_aside(self, edge: int, *, keep: bool) -> None:
        row = self.rows.pop(edge)
        if keep and edge == 0:
            self.header = row
        elif keep:
            self.footer = row

    def _drop_page_number(self) -> None:
        for edge in (0, -1):
            if self.rows and _PAGE_NUMBER.match(self.rows[edge].text) and self.in_margin(self.rows[edge]):
                self.rows.pop(edge)

    def lines(self, *, body_size: float, tables: int, whole: Setting) -> tuple[list[LaidLine], int]:
        """The paragraphs of the page, and how many tables there are now."""
        number = self.page.number
        body, notes = _notes_at_the_foot(self.rows, body_size=body_size, height=self.page.height)
        setting = _setting_of(body, pitch=whole.pitch, otherwise=whole)
        result: list[LaidLine] = []
        if self.header is not None:
            result.append(LaidLine(self.header.text, number, Origin.PAGE_HEADER))
        pending = sorted(self.tables, key=lambda table: -table.top)
        for part in _parts(body, middle=(setting.left + setting.right) / 2):
            top = part.rows[0].base if isinstance(part, _Block) else part[0].base
            while pending and pending[0].top > top:
                result += _table_lines(pending.pop(0), self.page, tables)
                tables += 1
            if isinstance(part, _Block):
                result += _block_lines(part, page=number, table=tables)
                tables += 1
                continue
            # a table may stand between two rows of one run of text
            while pending and pending[0].top > part[-1].base:
                table = pending.pop(0)
                above = [row for row in part if row.base >= table.top]
                part = part[len(above) :]
                result += _paragraphs(above, setting, page=number)
                result += _table_lines(table, self.page, tables)
                tables += 1
            result += _paragraphs(part, setting, page=number)
        for table in pending:
            result += _table_lines(table, self.page, tables)
            tables += 1
        result += _note_lines(notes, page=number)
        if self.footer is not None:
            result.append(LaidLine(self.footer.text, number, Origin.PAGE_FOOTER))
        return result, tables


# --- rows ------------------------------------------------------------------------------------------------


def _rows_of(glyphs: Iterable[Glyph], bold: frozenset[int]) -> list[Row]:
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
    if len(rows) > _MOST_ROWS:
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
    return _gutters(row) if len(row.segments) > 1 else [candidate[1:]] if candidate else []


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


def _setting_of(
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
    values = sorted(edges)[:_MOST_ROWS]
    enough = max(3.0, 0.05 * len(values))
    return next(
        (value for value in values if sum(1 for other in values if 0 <= other - value < 3) >= enough),
        values[0],
    )


def _usual_pitch(pages: Iterable[_PageRows]) -> float:
    """Distance between neighbouring rows of one paragraph in letter sizes: the smallest that is common."""
    counted: Counter[float] = Counter()
    for page in pages:
        for above, below in pairwise(page.rows):
            if len(above.segments) == len(below.segments) == 1 and abs(above.size - below.size) < 0.1:
                counted[round((above.base - below.base) / below.size * 20) / 20] += 1
    if not counted:
        return 1.3
    most = max(counted.values())
    return min(pitch for pitch, times in counted.items() if times >= max(most * 0.25, 1) and pitch > 0.7)


# --- notes -----------------------------------------------------------------------------------------------


def _notes_at_the_foot(rows: list[Row], *, body_size: float, height: float) -> tuple[list[Row], list[Row]]:
    """Splits off the small rows at the foot of the page that begin with a note mark."""
    start = len(rows)
    found = start
    while start and rows[start - 1].size < body_size * _SMALL_ROW and len(rows[start - 1].segments) == 1:
        start -= 1
        if _NOTE_MARK.match(rows[start].text):
            found = start
    return rows[:found], rows[found:]


def _note_lines(rows: list[Row], *, page: int) -> list[LaidLine]:
    lines: list[LaidLine] = []
    for row in rows:
        mark = _NOTE_MARK.match(row.text)
        if mark or not lines:
            text = row.text if not mark else f"{mark[0]} {row.text[mark.end() :].lstrip()}"
            lines.append(LaidLine(text, page, Origin.FOOTNOTE))
        else:
            lines[-1].text = joined(lines[-1].text, row.text)
    return lines


# --- columns ---------------------------------------------------------------------------------------------


def _parts(rows: Sequence[Row], *, middle: float) -> list[_Block | list[Row]]:
    """Rows cut into runs of plain text and blocks of columns, in reading order."""
    parts: list[_Block | list[Row]] = []
    index = 0
    plain: list[Row] = []
    while index < len(rows):
        if len(rows[index].segments) == 1:
            plain.append(rows[index])
            index += 1
            continue
        end, edges = _block_end(rows, index, middle=middle)
        start = _rows_before(plain, rows[index], edges)
        block = plain[len(plain) - start :] + list(rows[index:end])
        plain = plain[: len(plain) - start]
        if plain:
            parts.append(plain)
            plain = []
        parts.append(_Block(block, edges))
        index = end
    if plain:
        parts.append(plain)
    return parts


def _block_end(rows: Sequence[Row], start: int, *, middle: float) -> tuple[int, list[float]]:
    """Where the columns that begin in row `start` end, and the x where each further column begins."""
    gutters = _gutters(rows[start])
    end = start + 1
    centres = [[segment.centre] for segment in rows[start].segments]
    lefts = [[segment.x0] for segment in rows[start].segments]
    extents = [(segment.x0, segment.x1) for segment in rows[start].segments]
    while end < len(rows):
        row, above = rows[end], rows[end - 1]
        if above.base - row.base > 6 * max(row.size, above.size):
            break
        if len(row.segments) > 1:
            narrowed = _narrowed(gutters, _gutters(row))
            if narrowed is None:
                break
            gutters = narrowed
        elif not _stands_in_a_column(row, gutters, lefts, centres, extents, middle=middle):
            break
        for segment in row.segments:
            column = sum(1 for low, high in gutters if segment.centre > (low + high) / 2)
            if column < len(centres):
                centres[column].append(segment.centre)
                lefts[column].append(segment.x0)
                low, high = extents[column]
                extents[column] = (min(low, segment.x0), max(high, segment.x1))
        end += 1
    return end, [(low + high) / 2 for low, high in gutters]


def _gutters(row: Row) -> list[tuple[float, float]]:
    return [(left.x1, right.x0) for left, right in zip(row.segments, row.segments[1:], strict=False)]


def _narrowed(
    gutters: list[tuple[float, float]], others: list[tuple[float, float]]
) -> list[tuple[float, float]] | None:
    """What both rows leave free between their columns; None when they do not fit together."""
    if len(gutters) != len(others):
        return None
    narrowed = [
        (max(low, other_low), min(high, other_high))
        for (low, high), (other_low, other_high) in zip(gutters, others, strict=True)
    ]
    return narrowed if all(high - low > 2 for low, high in narrowed) else None


def _stands_in_a_column(
    row: Row,
    gutters: list[tuple[float, float]],
    lefts: list[list[float]],
    centres: list[list[float]],
    extents: list[tuple[float, float]],
    *,
    middle: float,
) -> bool:
    """Whether a single text lies in one column and lines up with what stands there already."""
    segment = row.segments[0]
    column = sum(1 for low, high in gutters if row.x0 >= low - 1 and row.x1 > high)
    if column and row.x0 < gutters[column - 1][0] - 1:
        return False
    if column < len(gutters) and row.x1 > gutters[column][1] + 1:
        return False
    if any(abs(segment.x0 - left) < 4 for left in lefts[column]):
        return True
    if any(abs(segment.centre - centre) < 8 for centre in centres[column]):
        return True
    if column == 0:
        # an item of a list, a little to the right of its head
        is_indented = any(0 < segment.x0 - left < 3 * segment.size for left in lefts[0])
        return is_indented and marker_of(segment.text) is not None
    # a name below a signature block, but never a title in the middle of the page
    low, high = extents[column]
    shared = min(segment.x1, high) - max(segment.x0, low)
    return shared > 0.6 * (segment.x1 - segment.x0) and abs(segment.centre - middle) > 2 * segment.size


def _rows_before(plain: list[Row], first: Row, edges: list[float]) -> int:
    """How many single rows just above a divided row belong to its columns: a title over its column."""
    count = 0
    below = first
    for row in reversed(plain):
        if row.base - below.base > 2.2 * max(row.size, below.size):
            break
        segment = row.segments[0]
        fits = any(
            abs(segment.centre - other.centre) < 6 and _column_of(segment, edges) == place
            for place, other in enumerate(first.segments)
        ) and (segment.x1 < edges[0] or segment.x0 > edges[-1])
        if not fits:
            break
        count += 1
        below = row
    return count


def _column_of(segment: Segment, edges: list[float]) -> int:
    return sum(1 for edge in edges if segment.centre > edge)


def _block_lines(block: _Block, *, page: int, table: int) -> list[LaidLine]:
    """Texts of the columns row by row, the rows of one wrapped text joined inside its column."""
    columns = len(block.edges) + 1
    by_column: list[list[tuple[int, Segment]]] = [[] for _ in range(columns)]
    for index, row in enumerate(block.rows):
        for segment in row.segments:
            by_column[_column_of(segment, block.edges)].append((index, segment))
    placed: list[tuple[int, int, LaidLine]] = []
    for column, members in enumerate(by_column):
        for index, text, segment in _column_texts(members):
            cell = Cell(table, index, column, columns)
            placed.append((index, column, LaidLine(text, page, Origin.TABLE, cell, segment.is_bold)))
    placed.sort(key=lambda item: item[:2])
    return [line for _, _, line in placed]


def _column_texts(members: list[tuple[int, Segment]]) -> list[tuple[int, str, Segment]]:
    if not members:
        return []
    left = min(segment.x0 for _, segment in members)
    right = max(segment.x1 for _, segment in members)
    flush = sum(1 for _, segment in members if segment.x0 < left + 2) > len(members) / 2
    texts: list[tuple[int, str, Segment]] = []
    previous: Segment | None = None
    for index, segment in members:
        first_word = segment.text.split(" ", 1)[0]
        goes_on = (
            previous is not None
            and flush
            and marker_of(segment.text) is None
            and not texts[-1][1].endswith(_SENTENCE_END)
            and previous.base - segment.base < 1.8 * segment.size
            and previous.is_bold == segment.is_bold
            and marker_of(texts[-1][1]) is not None
            and previous.x1 + _width(first_word, segment) > right - 2
        )
        if goes_on:
            texts[-1] = (texts[-1][0], joined(texts[-1][1], segment.text), texts[-1][2])
        else:
            texts.append((index, segment.text, segment))
        previous = segment
    return texts


def _width(word: str, segment: Segment) -> float:
    """Width that a word of this segment takes, with a space before it."""
    letters = max(len(segment.text), 1)
    return (segment.x1 - segment.x0) / letters * (len(word) + 1)


# --- paragraphs ------------------------------------------------------------------------------------------


def _paragraphs(rows: Sequence[Row], setting: Setting, *, page: int) -> list[LaidLine]:
    """Rows of running text joined to paragraphs by indent, spacing and the length of the last row."""
    lines: list[LaidLine] = []
    members: list[Row] = []
    for row in rows:
        if members and not _begins_paragraph(row, members, lines[-1].text, setting):
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


def _begins_paragraph(row: Row, members: list[Row], text: str, setting: Setting) -> bool:
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
    ended = text.endswith(_SENTENCE_END)
    if above.segments[0].is_bold != row.segments[0].is_bold and (
        ended or is_marked or not row.text[0].islower()
    ):
        return True
    # ragged text may be in the middle by chance, but not with its left edge free or its right edge reached
    is_free = row.x0 > setting.left + 0.4 * size or row.x1 > setting.right - 0.4 * size
    both_centred = is_free and setting.is_centred(first, clear=0.3) and setting.is_centred(row, clear=-0.3)
    if both_centred or _is_end_of_title(row, first, setting):
        return is_marked or not _goes_on_centred(above, row, setting)
    if above.x1 + _first_word_width(row) < setting.right - 0.2 * size:
        return True
    if row.x0 < above.x0 - 0.8 * size and (len(members) > 1 or is_marked):
        return True
    is_indented = row.x0 > setting.left + 0.8 * size
    if row.x0 > above.x0 + 0.8 * size:
        # further right than the row above: a new first row, or the second row of an item with a hanging indent
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
    if not same_look or above.text.endswith(_SENTENCE_END) or not setting.is_centred(row, clear=-0.3):
        return False
    had_no_room = above.x1 - above.x0 + _first_word_width(row) > setting.right - setting.left - row.size
    return had_no_room or row.text[0].islower() or not row.text[0].isalpha()


def _first_word_width(row: Row) -> float:
    """Width that the first word of the row takes, with a space before it."""
    segment = row.segments[0]
    letters = len(segment.text.split(" ", 1)[0])
    taken = 0
    for glyph in segment.glyphs:
        taken += len(glyph.text)
        if taken >= letters:
            return glyph.x1 - segment.x0 + 0.25 * segment.size
    return segment.x1 - segment.x0


# --- ruled tables ----------------------------------------------------------------------------------------


def _ruled_tables(page: Page) -> tuple[list[_Table], list[Glyph]]:
    """Tables whose cells are drawn with lines, and the letters outside them."""
    uprights = [rule for rule in page.rules if rule.y1 - rule.y0 > rule.x1 - rule.x0]
    levels = [rule for rule in page.rules if rule.y1 - rule.y0 <= rule.x1 - rule.x0]
    if len(uprights) < 3 or len(levels) < 2:
        return [], page.glyphs
    tables: list[_Table] = []
    rest = page.glyphs
    for group in _touching(uprights + levels):
        standing = [rule for rule in group if rule.y1 - rule.y0 > rule.x1 - rule.x0]
        columns = _snapped([rule.x0 for rule in standing])
        rows = _snapped([rule.y0 for rule in group if rule.y1 - rule.y0 <= rule.x1 - rule.x0])[::-1]
        if len(columns) < 3 or len(rows) < 2:
            continue
        inside, rest = _divided(rest, columns, rows)
        if inside:
            tables.append(_filled(inside, columns, rows, standing))
    return tables, rest


def _touching(rules: list[Rule]) -> list[list[Rule]]:
    """Lines that meet, directly or through others."""
    groups: list[list[Rule]] = []
    boxes: list[Rule] = []
    for rule in rules:
        near = [
            index
            for index, box in enumerate(boxes)
            if rule.x0 <= box.x1 + 3
            and rule.x1 >= box.x0 - 3
            and rule.y0 <= box.y1 + 3
            and rule.y1 >= box.y0 - 3
        ]
        merged = [rule]
        for index in reversed(near):
            merged += groups.pop(index)
            boxes.pop(index)
        groups.append(merged)
        boxes.append(
            Rule(
                min(member.x0 for member in merged),
                min(member.y0 for member in merged),
                max(member.x1 for member in merged),
                max(member.y1 for member in merged),
            )
        )
    return groups


def _snapped(values: list[float]) -> list[float]:
    snapped: list[float] = []
    for value in sorted(values):
        if not snapped or value - snapped[-1] > 3:
            snapped.append(value)
    return snapped


def _divided(glyphs: list[Glyph], columns: list[float], rows: list[float]) -> tuple[list[Glyph], list[Glyph]]:
    inside: list[Glyph] = []
    outside: list[Glyph] = []
    for glyph in glyphs:
        middle = glyph.base + glyph.size * 0.3
        is_inside = columns[0] < (glyph.x0 + glyph.x1) / 2 < columns[-1] and rows[-1] < middle < rows[0]
        (inside if is_inside else outside).append(glyph)
    return inside, outside


def _filled(glyphs: list[Glyph], columns: list[float], rows: list[float], uprights: list[Rule]) -> _Table:
    """Letters put into their cells; where no line divides two neighbours, they are one cell."""
    table = _Table(rows[0], len(rows) - 1, len(columns) - 1, {})
    for glyph in glyphs:
        middle = glyph.base + glyph.size * 0.3
        row = next(index for index in range(len(rows) - 1) if middle >= rows[index + 1])
        column = max(
            index for index in range(len(columns) - 1) if (glyph.x0 + glyph.x1) / 2 >= columns[index]
        )
        level = (rows[row] + rows[row + 1]) / 2
        while column and not any(
            abs(rule.x0 - columns[column]) <= 3 and rule.y0 <= level <= rule.y1 for rule in uprights
        ):
            column -= 1
        table.cells.setdefault((row, column), []).append(glyph)
    return table


def _table_lines(table: _Table, page: Page, number: int) -> list[LaidLine]:
    lines: list[LaidLine] = []
    for (row, column), glyphs in sorted(table.cells.items()):
        rows = _rows_of(glyphs, page.bold)
        setting = _setting_of(rows, pitch=1.5, otherwise=None)
        for line in _paragraphs(rows, setting, page=page.number):
            line.origin = Origin.TABLE
            line.cell = Cell(number, row, column, table.columns)
            line.is_centred = False
            lines.append(line)
    return lines
