"""Tables whose cells are drawn with lines."""

from __future__ import annotations

from dataclasses import dataclass

from ..model import Cell, Origin
from .page_paragraphs import LaidLine, paragraphs_of, setting_of
from .page_rows import Glyph, Page, Rule, rows_of


@dataclass(slots=True)
class RuledTable:
    top: float
    rows: int
    columns: int
    cells: dict[tuple[int, int], list[Glyph]]


def ruled_tables(page: Page) -> tuple[list[RuledTable], list[Glyph]]:
    """Tables whose cells are drawn with lines, and the letters outside them."""
    uprights = [rule for rule in page.rules if rule.y1 - rule.y0 > rule.x1 - rule.x0]
    levels = [rule for rule in page.rules if rule.y1 - rule.y0 <= rule.x1 - rule.x0]
    if len(uprights) < 3 or len(levels) < 2:
        return [], page.glyphs
    tables: list[RuledTable] = []
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


def _filled(glyphs: list[Glyph], columns: list[float], rows: list[float], uprights: list[Rule]) -> RuledTable:
    """Letters put into their cells; where no line divides two neighbours, they are one cell."""
    table = RuledTable(rows[0], len(rows) - 1, len(columns) - 1, {})
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


def table_lines(table: RuledTable, page: Page, number: int) -> list[LaidLine]:
    lines: list[LaidLine] = []
    for (row, column), glyphs in sorted(table.cells.items()):
        rows = rows_of(glyphs, page.bold)
        setting = setting_of(rows, pitch=1.5, otherwise=None)
        for line in paragraphs_of(rows, setting, page=page.number):
            line.origin = Origin.TABLE
            line.cell = Cell(number, row, column, table.columns)
            line.is_centred = False
            lines.append(line)
    return lines
