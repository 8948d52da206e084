"""Many new figures written at once. Hides that the ORM looks at each cell and writes fifty rows a statement:
here a column is made ready as a whole, and the rows go in one stream. A few rows go by the ORM.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.db import connection

from thidua.indicators.models import Value

#: From so many on the stream is quicker.
MANY = 200
_FIELDS = [field for field in Value._meta.concrete_fields if not field.primary_key]
_COLUMNS = ", ".join(f'"{name}"' for name in ("id", *(field.column for field in _FIELDS)))
_cells = attrgetter(*(field.attname for field in _FIELDS))
_TABLE = Value._meta.db_table


def create(values: Sequence[Value]) -> list[Value]:
    """As `bulk_create`: the rows exist and know their numbers. Raises IntegrityError as it does."""
    if len(values) < MANY:
        return Value.objects.bulk_create(values, batch_size=2_000)
    rows: Iterable[tuple[Any, ...]] = map(_cells, values)
    is_sqlite = connection.vendor == "sqlite"
    if is_sqlite:
        rows = zip(*(_adapted(column) for column in zip(*rows, strict=True)), strict=True)
    with connection.cursor() as cursor:
        numbers = _free_numbers(cursor, len(values))
        numbered = ((number, *row) for number, row in zip(numbers, rows, strict=True))
        if is_sqlite:
            marks = ", ".join(["%s"] * (len(_FIELDS) + 1))
            cursor.executemany(f"INSERT INTO {_TABLE} ({_COLUMNS}) VALUES ({marks})", list(numbered))  # noqa: S608
        else:
            with (
                connection.wrap_database_errors,
                cursor.copy(f"COPY {_TABLE} ({_COLUMNS}) FROM STDIN") as copy,
            ):
                for row in numbered:
                    copy.write_row(row)
    for number, value in zip(numbers, values, strict=True):
        value.pk, value._state.adding, value._state.db = number, False, connection.alias
    return list(values)


def _free_numbers(cursor: Any, count: int) -> Sequence[int]:
    """Numbers that nobody else gets. On SQLite who writes is alone, from the first statement on."""
    if connection.vendor == "sqlite":
        cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s", [_TABLE])
        first = cursor.fetchone()[0] + 1
        return range(first, first + count)
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [_TABLE, count]
    )
    return [row[0] for row in cursor.fetchall()]


def _adapted(column: tuple[Any, ...]) -> Iterable[Any]:
    """A column as SQLite takes it; whole amounts as numbers, which it makes of them anyway."""
    kinds = set(map(type, column)) - {type(None)}
    if kinds == {Decimal}:
        return [one if one is None else _amount(one) for one in column]
    if kinds & {date, datetime}:
        adapt = connection.ops.adapt_datetimefield_value if datetime in kinds else str
        known = {one: None if one is None else adapt(one) for one in set(column)}
        return [known[one] for one in column]
    return column


def _amount(amount: Decimal) -> Any:
    whole = int(amount)
    if whole == amount and abs(whole) < 2**53:
        return whole
    return connection.ops.adapt_decimalfield_value(amount, 20, 4)
