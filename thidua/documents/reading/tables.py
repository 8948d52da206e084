"""Tables that a plain text holds as one cell per line, found again by their "STT" column.

A header row that begins with STT or TT, then rows that begin with the lone numbers 1, 2, 3 …: each line gets the
`Cell` it stood in, as a DOCX would give it. Anything less certain stays ordinary lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from .markers import marker_of
from .matching import flat
from .model import Cell, Line

_ORDINAL_HEAD = re.compile(r"^(?:stt|tt|s\.tt|so tt|so thu tu)\.?$")
_ORDINAL = re.compile(r"^(\d{1,3})\.?$")
_LONGEST_ORDINAL_HEAD = 12
_LONGEST_HEADER_CELL = 90
_MOST_COLUMNS = 10


def mark_tables(lines: Sequence[Line]) -> list[Line]:
    """The same lines; those of flattened tables carry their cell."""
    result = list(lines)
    table = max((line.cell.table for line in lines if line.cell is not None), default=-1)
    filled = [index for index, line in enumerate(lines) if line.text.strip() and line.cell is None]
    position = 0
    while position < len(filled):
        text = lines[filled[position]].text.strip()
        if len(text) <= _LONGEST_ORDINAL_HEAD and _ORDINAL_HEAD.match(flat(text)):
            cells, position_after = _table_at(lines, filled, position)
            if cells:
                table += 1
                for index, row, column, columns in cells:
                    result[index] = replace(
                        result[index], cell=Cell(table, row, column, columns), whole_paragraph=True
                    )
                position = position_after
                continue
        position += 1
    return result


def _table_at(
    lines: Sequence[Line], filled: list[int], start: int
) -> tuple[list[tuple[int, int, int, int]], int]:
    """(line index, row, column, columns) of the table whose header begins at `start`; empty when it is none."""
    header = [start]
    position = start + 1
    while position < len(filled) and len(header) <= _MOST_COLUMNS:
        text = lines[filled[position]].text.strip()
        if _ordinal(text) == 1:
            break
        if len(text) > _LONGEST_HEADER_CELL or marker_of(text) is not None:
            return [], start
        header.append(position)
        position += 1
    columns = len(header)
    if position >= len(filled) or columns < 2 or columns > _MOST_COLUMNS:
        return [], start
    cells = [(filled[place], 0, column, columns) for column, place in enumerate(header)]
    row = 0
    while position < len(filled) and _ordinal(lines[filled[position]].text.strip()) == row + 1:
        row += 1
        column = 0
        cells.append((filled[position], row, 0, columns))
        position += 1
        while position < len(filled) and column < columns - 1:
            text = lines[filled[position]].text.strip()
            if _ordinal(text) == row + 1 or _ends_table(text):
                break
            column += 1
            cells.append((filled[position], row, column, columns))
            position += 1
    return cells, position


def _ordinal(text: str) -> int | None:
    match = _ORDINAL.match(text)
    return int(match[1]) if match else None


def _ends_table(text: str) -> bool:
    """A Roman heading, "Nơi nhận" or an appendix head never stands in a cell."""
    marker = marker_of(text)
    return (marker is not None and marker.style in ("roman", "phan", "chuong", "dieu")) or flat(
        text
    ).startswith(("noi nhan", "phu luc"))
