"""Pages of letters with their places -> the paragraphs, columns, tables and notes that a reader sees.

Serves PDF files and OCR alike. A paragraph that was wrapped on the page comes out as one line; two columns
side by side (issuer and Quốc hiệu, Nơi nhận and signature) come out row by row, each text with its `Cell`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from ..markers import marker_of
from ..model import Origin
from .page_columns import ColumnBlock, block_lines, parts_of
from .page_paragraphs import (
    SENTENCE_END,
    LaidLine,
    Setting,
    first_word_width,
    joined,
    paragraphs_of,
    setting_of,
)
from .page_rows import Glyph, Page, Row, Rule, rows_of
from .page_tables import ruled_tables, table_lines

__all__ = ["Glyph", "LaidLine", "Page", "Rule", "lay_out"]

_SMALL_ROW = 0.92
_PAGE_NUMBER = re.compile(
    r"(?:[-–—]\s*)?(?:(?:trang|page)\s*)?\d{1,4}(?:\s*/\s*\d{1,4})?(?:\s*[-–—])?$", re.I
)
_MARGIN_SHARE = 0.12
_NOTE_MARK = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+")


def lay_out(pages: Sequence[Page], *, page_done: Callable[[], None] = lambda: None) -> list[LaidLine]:
    """The paragraphs of all pages in reading order; `page_done` is called as a sign of life."""
    laid: list[_PageRows] = []
    for page in pages:
        laid.append(_PageRows(page))
        page_done()
    body_size = _usual_size(laid)
    _mark_running_rows(laid)
    pitch = _usual_pitch(laid)
    widths = Counter(round(page.width) for page in pages)
    usual_pages = [page for page in laid if round(page.page.width) == widths.most_common(1)[0][0]]
    whole = setting_of(
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
        page_done()
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
    is_full = above.x1 + first_word_width(row) > setting.right - 0.2 * size
    if not lines_up or not (is_full or (is_sure and row.text[0].islower())):
        return
    if last.text.endswith(SENTENCE_END) and not is_sure:
        return
    last.text = joined(last.text, first.text)
    last.rows += first.rows
    after.remove(first)


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
        self.tables, glyphs = ruled_tables(page)
        self.rows = rows_of(glyphs, page.bold)
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
        body, notes = _notes_at_the_foot(self.rows, self.page, body_size=body_size)
        setting = setting_of(body, pitch=whole.pitch, otherwise=whole)
        result: list[LaidLine] = []
        if self.header is not None:
            result.append(LaidLine(self.header.text, number, Origin.PAGE_HEADER))
        pending = sorted(self.tables, key=lambda table: -table.top)
        for part in parts_of(body, middle=(setting.left + setting.right) / 2):
            top = part.rows[0].base if isinstance(part, ColumnBlock) else part[0].base
            while pending and pending[0].top > top:
                result += table_lines(pending.pop(0), self.page, tables)
                tables += 1
            if isinstance(part, ColumnBlock):
                result += block_lines(part, page=number, table=tables)
                tables += 1
                continue
            # a table may stand between two rows of one run of text
            while pending and pending[0].top > part[-1].base:
                table = pending.pop(0)
                above = [row for row in part if row.base >= table.top]
                part = part[len(above) :]
                result += paragraphs_of(above, setting, page=number)
                result += table_lines(table, self.page, tables)
                tables += 1
            result += paragraphs_of(part, setting, page=number)
        for table in pending:
            result += table_lines(table, self.page, tables)
            tables += 1
        result += _note_lines(notes, page=number)
        if self.footer is not None:
            result.append(LaidLine(self.footer.text, number, Origin.PAGE_FOOTER))
        return result, tables


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


def _notes_at_the_foot(rows: list[Row], page: Page, *, body_size: float) -> tuple[list[Row], list[Row]]:
    """Splits off the rows at the foot of a page that begin with a note mark: small, or below a short line."""
    levels = [rule for rule in page.rules if rule.y0 == rule.y1]
    short_lines = [rule.y0 for rule in levels if rule.x1 - rule.x0 < page.width * 0.45]
    found = start = len(rows)
    while start and len(rows[start - 1].segments) == 1:
        start -= 1
        row = rows[start]
        above = rows[start - 1].base if start else page.height
        if _NOTE_MARK.match(row.text):
            is_below_line = any(row.base < level < above + row.size for level in short_lines)
            if row.size < body_size * _SMALL_ROW or is_below_line:
                found = start
        elif row.size >= body_size * _SMALL_ROW and not short_lines:
            break
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
