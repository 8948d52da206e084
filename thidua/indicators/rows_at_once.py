"""Many new rows of one table written in few statements. Hides what each database is quick at.

SQLite takes twice as long over a statement as over the row in it, and again over each cell handed in: so
thousands of rows are one statement, and a column that is the same in all of them is handed in once.
PostgreSQL takes them as one stream.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, repeat
from typing import Any

from django.db import connection

#: SQLite takes no more cells in one statement, unless it was built to.
MOST_CELLS = 32_000
#: Digits of the amounts that are written here, the largest there are.
_DIGITS, _PLACES = 24, 4


@dataclass(frozen=True, slots=True)
class Same:
    """A column with the same value in every row."""

    value: Any


Columns = Mapping[str, Same | Sequence[Any]]


def insert(table: str, columns: Columns) -> None:
    """Write the rows, in the order given; at least one column differs from row to row.

    Raises IntegrityError as the ORM does.
    """
    count = max((len(one) for one in columns.values() if not isinstance(one, Same)), default=0)
    if not count:
        return
    if connection.vendor == "sqlite":
        _insert_in_parts(table, columns, count)
    else:
        _stream(table, columns)


def _stream(table: str, columns: Columns) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    cells = [repeat(one.value) if isinstance(one, Same) else one for one in columns.values()]
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
    ):
        for row in zip(*cells, strict=False):  # those that repeat have no end
            copy.write_row(row)


def _insert_in_parts(table: str, columns: Columns, count: int) -> None:
    same = {name: _cell(one.value) for name, one in columns.items() if isinstance(one, Same)}
    own = {name: adapted(one) for name, one in columns.items() if not isinstance(one, Same)}
    at_once = min(count, MOST_CELLS // len(own))
    cells = list(chain.from_iterable(zip(*own.values(), strict=True)))
    full = count // at_once * at_once
    width = at_once * len(own)
    with connection.cursor() as cursor:
        # one statement for all full parts: making it ready takes as long as the rows
        cursor.executemany(
            _statement(table, list(same), list(own), at_once),
            [[*same.values(), *cells[start : start + width]] for start in range(0, full * len(own), width)],
        )
        if full < count:
            rest = [*same.values(), *cells[full * len(own) :]]
            cursor.execute(_statement(table, list(same), list(own), count - full), rest)


def _statement(table: str, same: Sequence[str], own: Sequence[str], count: int) -> str:
    names = ", ".join(f'"{name}"' for name in (*same, *own))
    cells = ", ".join(["%s"] * len(same) + [f"column{number}" for number in range(1, len(own) + 1)])
    row = f"({', '.join(['%s'] * len(own))})"
    rows = ", ".join([row] * count)
    return f"INSERT INTO {table} ({names}) SELECT {cells} FROM (VALUES {rows})"  # noqa: S608 - our names


def adapted(column: Sequence[Any]) -> Sequence[Any]:
    """A column as SQLite takes it; few different days, so each is made ready once."""
    kinds = set(map(type, column)) - {type(None)}
    if kinds == {Decimal}:
        return [None if one is None else _amount(one) for one in column]
    if kinds & {date, datetime}:
        known = {one: _cell(one) for one in set(column)}
        return [known[one] for one in column]
    return column


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return str(value)
    return _amount(value) if isinstance(value, Decimal) else value


def _amount(amount: Decimal) -> Any:
    """Whole amounts as numbers, which SQLite makes of them anyway."""
    whole = int(amount)
    if whole == amount and abs(whole) < 2**53:
        return whole
    return connection.ops.adapt_decimalfield_value(amount, _DIGITS, _PLACES)


def free_numbers(table: str, count: int) -> Sequence[int]:
    """Numbers for new rows that nobody else gets. On SQLite who writes is alone, from the first statement."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
            first = cursor.fetchone()[0] + 1
            return range(first, first + count)
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
        )
        return [row[0] for row in cursor.fetchall()]


def columns_of(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Columns:
    """Rows as columns, those that are the same throughout found out."""
    found = {}
    for name, column in zip(names, zip(*rows, strict=True), strict=True):
        found[name] = Same(column[0]) if len(set(column)) == 1 else column
    return found
