"""Texts that stand side by side without drawn lines: header and signature blocks, tables without borders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..markers import marker_of
from ..model import Cell, Origin
from .page_paragraphs import SENTENCE_END, LaidLine, joined
from .page_rows import Row, Segment, gutters_of


@dataclass(slots=True)
class ColumnBlock:
    """Rows that stand in two or more columns."""

    rows: list[Row]
    edges: list[float]  # left edges of the gutters' middles


def parts_of(rows: Sequence[Row], *, middle: float) -> list[ColumnBlock | list[Row]]:
    """Rows cut into runs of plain text and blocks of columns, in reading order."""
    parts: list[ColumnBlock | list[Row]] = []
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
        parts.append(ColumnBlock(block, edges))
        index = end
    if plain:
        parts.append(plain)
    return parts


def _block_end(rows: Sequence[Row], start: int, *, middle: float) -> tuple[int, list[float]]:
    """Where the columns that begin in row `start` end, and the x where each further column begins."""
    gutters = gutters_of(rows[start])
    end = start + 1
    centres = [[segment.centre] for segment in rows[start].segments]
    lefts = [[segment.x0] for segment in rows[start].segments]
    extents = [(segment.x0, segment.x1) for segment in rows[start].segments]
    while end < len(rows):
        row, above = rows[end], rows[end - 1]
        if above.base - row.base > 6 * max(row.size, above.size):
            break
        if len(row.segments) > 1:
            narrowed = _narrowed(gutters, gutters_of(row))
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


def block_lines(block: ColumnBlock, *, page: int, table: int) -> list[LaidLine]:
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
            and marker_of(segment.text) is None
            and marker_of(texts[-1][1]) is not None
            and not texts[-1][1].endswith(SENTENCE_END)
            and previous.base - segment.base < 1.8 * segment.size
            and previous.is_bold == segment.is_bold
            # an item of a list is cut for want of room; a small letter shows it where the edge does not
            and (
                not segment.text[0].isupper()
                or (flush and previous.x1 + _width(first_word, segment) > right - 2)
            )
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
