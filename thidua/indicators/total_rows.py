"""Kept totals as rows of the database: read as arrays, compared, written many at a time.

Hides what each database is quick at, and that the ORM cannot say which of two unique indexes a row may meet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
from django.db import connection
from django.db.models import Q

from thidua.indicators import rows_at_once
from thidua.indicators.figure_columns import (
    ONE,
    PART_OF_KEY,
    PLACES,
    FractionPart,
    WholePart,
    exact_parts,
    ints,
    raw_rows,
)
from thidua.indicators.models import Basis, Total, Value
from thidua.indicators.period_trees import Key, Period
from thidua.indicators.rollup import Bools, Counts, Ints
from thidua.indicators.rows_at_once import Same

#: Rows in one statement: one by one PostgreSQL takes half a minute for what it does in a second.
AT_ONCE = 20_000
#: Rows named by their numbers in one statement.
NAMED_AT_ONCE = 5_000

COLUMN_OF_KEY = ("indicator_id", "since", "until", "standard_id", "segment")
_COUNTED = ("reported", "expected", "parts", "estimates")
_WRITTEN = (*COLUMN_OF_KEY, "unit_id", "basis", "amount", "has_estimate", *_COUNTED)
_TABLE = Total._meta.db_table


class Place(NamedTuple):
    """Totals that belong together: of one key along one tree."""

    key: Key
    basis: Basis


@dataclass(frozen=True, slots=True)
class Rows:
    """Totals of one place, by unit in rising order: whole amounts, fractions in 10^-4, counts."""

    unit_ids: Ints
    #: Columns: whole, fraction, reported, expected, parts, estimates.
    table: Ints

    @classmethod
    def of(cls, unit_ids: Ints, amounts: Ints, unit: int, counts: Sequence[Ints | Counts | Bools]) -> Rows:
        """`amounts` in 10^-4 × unit; `counts`: reported, expected, parts, estimates."""
        pieces = ONE // unit
        whole = np.where(amounts < 0, -(-amounts // pieces), amounts // pieces)
        table = np.column_stack([whole, (amounts - whole * pieces) * unit, *counts]).astype(np.int64)
        order = np.argsort(unit_ids, kind="stable")
        return cls(unit_ids[order], table[order])

    def __len__(self) -> int:
        return len(self.unit_ids)

    def only(self, mask: Any) -> Rows:
        return Rows(self.unit_ids[mask], self.table[mask])

    def with_more(self, other: Rows) -> Rows:
        units = np.concatenate([self.unit_ids, other.unit_ids])
        order = np.argsort(units, kind="stable")
        return Rows(units[order], np.concatenate([self.table, other.table])[order])


def stored(about: Q, period: Period) -> dict[Place, tuple[Rows, Ints]]:
    """The totals of a period as they are kept, each place with the numbers of its rows. One query."""
    rows = (
        Total.objects.filter(about, since=period.since, until=period.until)
        .order_by(*PART_OF_KEY, "basis", "unit_id")
        .values_list(
            *PART_OF_KEY, "basis", "unit_id", "pk", WholePart("amount"), FractionPart("amount"), *_COUNTED
        )
    )
    found: dict[Place, tuple[Rows, Ints]] = {}
    for (indicator, standard, segment, basis), group in groupby(raw_rows(rows), key=lambda row: row[:4]):
        columns = [ints(column) for column in list(zip(*group, strict=True))[4:]]
        key = Key(indicator, period.since, period.until, standard, segment)
        found[Place(key, Basis(basis))] = Rows(columns[0], np.column_stack(columns[2:])), columns[1]
    return found


def bring_up_to_date(
    wanted: Mapping[Place, Rows], kept: Mapping[Place, tuple[Rows, Ints]]
) -> tuple[int, int]:
    """Make what is kept what is wanted; returns how many rows there are now, and how many differed."""
    new: dict[Place, Rows] = {}
    gone: list[Ints] = []
    differing = 0
    for place in {**wanted, **kept}:
        rows = wanted.get(place)
        if place not in kept:
            assert rows is not None
            new[place] = rows
            differing += len(rows)
            continue
        before, numbers = kept[place]
        if rows is None:
            gone.append(numbers)
            differing += len(numbers)
            continue
        was, position = _matching(before.unit_ids, rows.unit_ids)
        same = was.copy()
        same[was] = (rows.table[was] == before.table[position[was]]).all(axis=1)
        stays = np.zeros(len(before), dtype=np.bool_)
        stays[position[same]] = True
        new[place] = rows.only(~same)
        gone.append(numbers[~stays])
        differing += int((~same).sum() + (~stays).sum() - (was & ~same).sum())
    numbers = np.concatenate(gone).tolist() if gone else []
    for start in range(0, len(numbers), NAMED_AT_ONCE):
        Total.objects.filter(pk__in=numbers[start : start + NAMED_AT_ONCE]).delete()
    _insert(new)
    return sum(map(len, wanted.values())), differing


def _matching(known: Ints, asked: Ints) -> tuple[Any, Ints]:
    """Which of the asked are among the known (both rising), and where."""
    if not len(known):
        return np.zeros(len(asked), dtype=np.bool_), np.zeros(len(asked), dtype=np.int64)
    places = np.searchsorted(known, asked).clip(max=len(known) - 1)
    return known[places] == asked, places


def _insert(new: Mapping[Place, Rows]) -> None:
    """Rows that are not there yet, in the order of units, which is how most of the indexes lie."""
    places = [(place, rows) for place, rows in new.items() if len(rows)]
    if not places:
        return
    units = np.concatenate([rows.unit_ids for _, rows in places])
    table = np.concatenate([rows.table for _, rows in places])
    of_place = np.repeat(np.arange(len(places)), [len(rows) for _, rows in places])
    indicators = np.array([place.key.indicator_id for place, _ in places])[of_place]
    order = np.lexsort((of_place, indicators, units))
    about = [(*place.key, place.basis.value) for place, _ in places]
    columns = {
        name: _same_or_each(values, of_place[order])
        for name, values in zip((*COLUMN_OF_KEY, "basis"), zip(*about, strict=True), strict=True)
    }
    whole, fraction, *counts = table[order].T
    columns["unit_id"] = units[order].tolist()
    columns["amount"] = (
        list(map(_decimal, whole.tolist(), fraction.tolist())) if fraction.any() else whole.tolist()
    )
    for name, column in zip(_COUNTED, counts, strict=True):
        columns[name] = _as_column(column)
    columns["has_estimate"] = _as_column(counts[-1] > 0)
    rows_at_once.insert(_TABLE, columns)


def _same_or_each(values: Sequence[Any], of_place: Ints) -> Same | list[Any]:
    """What places have each, laid out by row."""
    if len(set(values)) == 1:
        return Same(values[0])
    return [values[place] for place in of_place.tolist()]


def _as_column(column: Any) -> Same | list[Any]:
    first = column[0]
    return Same(first.item()) if (column == first).all() else column.tolist()


def _decimal(whole: int, fraction: int) -> Any:
    amount = Decimal(whole * ONE + fraction).scaleb(-PLACES)
    return connection.ops.adapt_decimalfield_value(amount, 24, PLACES)


# ---- a few rows


def figures_near(keys: Collection[Key], unit_ids: Collection[int]) -> Iterator[tuple[Any, ...]]:
    """Key, unit, whole amount, fraction and whether it is an estimate, of the chosen figures of units."""
    table, test = Value._meta.db_table, "is_chosen"
    return _near(table, ("is_estimate",), test, keys, unit_ids)


def totals_near(keys: Collection[Key], unit_ids: Collection[int], basis: Basis) -> Iterator[tuple[Any, ...]]:
    """Key, unit, whole amount, fraction, number of the row, parts, reported, estimates, of kept totals."""
    columns = ("id", "parts", "reported", "estimates")
    return _near(_TABLE, columns, f"basis = '{basis.value}'", keys, unit_ids)


def _near(
    table: str, columns: Sequence[str], test: str, keys: Collection[Key], unit_ids: Collection[int]
) -> Iterator[tuple[Any, ...]]:
    """Put together by hand: each correction asks three times, and the ORM takes longer than the database."""
    if not unit_ids:
        return
    days = {key.since for key in keys}
    wanted: dict[str, set[Any]] = {
        "indicator_id": {key.indicator_id for key in keys},
        "unit_id": set(unit_ids),
        "since": days,
    }
    tests = [test, *(f"{name} IN ({', '.join(['%s'] * len(found))})" for name, found in wanted.items())]
    names = ", ".join([*COLUMN_OF_KEY, "unit_id", *exact_parts("amount"), *columns])
    parameters: list[Any] = [one for found in wanted.values() for one in found]
    if connection.vendor == "sqlite":
        parameters = [str(one) if one in days else one for one in parameters]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {table} WHERE {' AND '.join(tests)}", parameters)  # noqa: S608
        rows = cursor.fetchall()
    for indicator_id, since, until, standard_id, segment, unit_id, whole, fraction, *more in rows:
        key = Key(indicator_id, since, until, standard_id, segment)
        if key in keys:
            yield key, unit_id, whole or 0, fraction or 0, *more


def upsert(rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows that may be there already, each with all its columns."""
    news = ", ".join(f"{name} = excluded.{name}" for name in _WRITTEN[7:])
    names, marks = ", ".join(_WRITTEN), ", ".join(["%s"] * len(_WRITTEN))
    for has_standard in (True, False):
        found = [
            tuple(row[name] for name in _WRITTEN)
            for row in rows
            if (row["standard_id"] is not None) == has_standard
        ]
        standard, test = ("standard_id, ", "IS NOT NULL") if has_standard else ("", "IS NULL")
        begin = f"INSERT INTO {_TABLE} ({names}) VALUES "  # noqa: S608 - our names
        end = (
            f" ON CONFLICT (indicator_id, unit_id, since, until, {standard}segment, basis) "
            f"WHERE standard_id {test} DO UPDATE SET {news}"
        )
        for start in range(0, len(found), AT_ONCE):
            some = found[start : start + AT_ONCE]
            with connection.cursor() as cursor:
                if connection.vendor == "sqlite":
                    cursor.executemany(f"{begin}({marks}){end}", some)
                else:
                    rows_of_marks = ", ".join([f"({marks})"] * len(some))
                    cursor.execute(f"{begin}{rows_of_marks}{end}", [one for row in some for one in row])


def delete(numbers: Collection[int]) -> None:
    if numbers:
        Total.objects.filter(pk__in=numbers).delete()
