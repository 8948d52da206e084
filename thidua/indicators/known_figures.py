"""Rows of figures that are already there, near those that somebody gives: read in few queries, as they are.

Hides that the ORM looks at each cell of what it reads, and how many units one query may name.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from thidua.indicators.figure_columns import FractionPart, WholePart, raw_rows
from thidua.indicators.models import Value

#: So many units are asked about in one query.
MOST = 5_000
#: An amount as two whole numbers, for those who compare many.
EXACT_AMOUNT = (WholePart("amount"), FractionPart("amount"))

Span = tuple[date, date]


def parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + MOST] for start in range(0, len(ids), MOST))


def near(
    spans: Iterable[Span],
    indicator_ids: Collection[int],
    unit_ids: Collection[int],
    test: Q,
    *,
    columns: Sequence[Any],
    as_values: bool = False,
) -> Iterator[tuple[Span, Iterable[tuple[Any, ...]]]]:
    """Columns of the figures of some units, indicators and periods.

    One query for each period. As the database gives them, which is a fifth of the time, unless `as_values`.
    """
    for since, until in sorted(spans):
        rows = Value.objects.filter(test, since=since, until=until, indicator_id__in=sorted(indicator_ids))
        found = rows.filter(unit_id__in=among(unit_ids)).values_list(*columns)
        yield (since, until), found if as_values else raw_rows(found)


def among(ids: Collection[int]) -> RawSQL | list[int]:
    """Very many numbers as one thing that is handed in: the ORM looks at each of a list.

    Not a few: SQLite cannot see how few they are, and would go through all units of an indicator.
    """
    if len(ids) <= MOST:
        return sorted(ids)
    if connection.vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(sorted(ids))])
    return RawSQL("SELECT unnest(%s::bigint[])", [sorted(ids)])
