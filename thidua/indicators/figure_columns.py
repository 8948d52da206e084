"""Figures of many units as arrays, laid out along the tree of a period. Hides how exact amounts come out of a
database that has no exact decimals, and what becomes of figures of units that did not stand in the tree.

Amounts are whole numbers of 10^-4 × a `unit`, as large as the decimals of an indicator allow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import BigIntegerField, Func, Q, QuerySet

from thidua.indicators import rollup
from thidua.indicators.models import Basis, Indicator, Value
from thidua.indicators.period_trees import Frame, Key, Period
from thidua.indicators.rollup import Bools, Ints, Sums, TooLarge

#: Amounts are kept with four decimals.
PLACES = 4
ONE = 10**PLACES


#: An amount without its fraction as a whole number, and the fraction in 10^-4; exact on both.
_EXACT = {
    "sqlite": (
        "CAST({0} AS bigint)",
        f"CAST(round(({{0}} - CAST({{0}} AS bigint)) * {ONE}) AS integer)",
    ),
    "postgresql": ("trunc({0})::bigint", f"(({{0}} - trunc({{0}})) * {ONE})::integer"),
}


def exact_parts(column: str) -> tuple[str, str]:
    """The two in SQL of this database."""
    whole, fraction = _EXACT[connection.vendor]
    return whole.format(column), fraction.format(column)


class WholePart(Func):
    output_field = BigIntegerField()
    place = 0

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_postgresql(compiler, connection, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = _EXACT[connection.vendor][self.place].format("%(expressions)s")
        return self.as_sql(compiler, connection, template=f"({template})", **extra)


class FractionPart(WholePart):
    place = 1


def raw_rows(rows: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """What the database answers to `values_list`, as it is: the ORM looks at each of a million cells."""
    query, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())


def ints(column: Any) -> Ints:
    """A column of whole numbers; what is null counts as none. Raises TooLarge."""
    found = np.array([one or 0 for one in column])
    if found.size and found.dtype.kind not in "ib":
        raise TooLarge("an amount does not fit into 64 bits")
    return found.astype(np.int64)


@dataclass(frozen=True, slots=True)
class Figures:
    """The chosen figures of one key: units, whole amounts and their fractions in 10^-4, estimates."""

    unit_ids: Ints
    whole: Ints
    fraction: Ints
    estimated: Bools

    @classmethod
    def none(cls) -> Figures:
        empty = np.zeros(0, dtype=np.int64)
        return cls(empty, empty, empty, empty.astype(np.bool_))

    def only(self, rows: Ints) -> Figures:
        return Figures(self.unit_ids[rows], self.whole[rows], self.fraction[rows], self.estimated[rows])

    def amounts(self, unit: int) -> tuple[Ints, int]:
        """As whole numbers of 10^-4 × unit, and that unit: a smaller one where they would not be whole.

        Raises TooLarge.
        """
        if (self.fraction % unit).any():
            unit = 1
        if np.abs(self.whole).max(initial=0) >= rollup.LARGEST / (ONE // unit):
            raise TooLarge("an amount does not fit into 64 bits")
        return self.whole * (ONE // unit) + self.fraction // unit, unit


#: What tells the keys of one period apart.
PART_OF_KEY = ("indicator_id", "standard_id", "segment")


def figures_where(about: Q, period: Period) -> dict[Key, Figures]:
    """The chosen figures of a period by key. One query."""
    rows = raw_rows(
        Value.objects.filter(about, since=period.since, until=period.until, is_chosen=True)
        .order_by()
        .values_list(*PART_OF_KEY, "unit_id", WholePart("amount"), FractionPart("amount"), "is_estimate")
    )
    if not rows:
        return {}
    indicators, standards, segments, units, whole, fraction, estimated = zip(*rows, strict=True)
    columns = Figures(ints(units), ints(whole), ints(fraction), ints(estimated).astype(np.bool_))
    # put in order here: the database takes longer over it than over the reading
    place_of_segment = {segment: place for place, segment in enumerate(dict.fromkeys(segments))}
    segment = np.array([place_of_segment[one] for one in segments])
    standard = ints(standards)
    number = (ints(indicators) * (standard.max() + 1) + standard) * len(place_of_segment) + segment
    order = np.argsort(number, kind="stable")
    _, starts = np.unique(number[order], return_index=True)
    found: dict[Key, Figures] = {}
    for mine in np.split(order, starts[1:]):
        first = mine[0]
        key = Key(indicators[first], *period, standards[first], segments[first])
        found[key] = columns.only(mine)
    return found


def step_of(indicator: Indicator) -> int:
    """The smallest piece that an amount is divided into, in 10^-4."""
    step: int = 10 ** max(0, PLACES - indicator.decimals)
    return step


@dataclass(frozen=True, slots=True)
class Column:
    """Figures laid out along the tree of then, as whole numbers of 10^-4 × `unit`."""

    amounts: Ints
    reported: Bools
    estimated: Bools
    unit: int
    #: Of units that did not stand in the tree; amounts in the same unit.
    alone: tuple[Ints, Ints, Bools]

    @classmethod
    def of(cls, frame: Frame, indicator: Indicator, figures: Figures) -> Column:
        given, unit = figures.amounts(step_of(indicator))
        nodes = frame.then.nodes_of(figures.unit_ids)
        stands = nodes >= 0
        places, size = nodes[stands], len(frame.then.shape)
        amounts = np.zeros(size, dtype=np.int64)
        reported, estimated = np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_)
        amounts[places], reported[places] = given[stands], True
        estimated[places] = figures.estimated[stands]
        alone = (figures.unit_ids[~stands], given[~stands], figures.estimated[~stands])
        return cls(amounts, reported, estimated, unit, alone)

    def sums(self, frame: Frame, indicator: Indicator) -> Mapping[Basis, Sums]:
        must = frame.then.of_kind(indicator.reported_by)
        then = rollup.rolled_up(
            frame.then.shape, self.amounts, self.reported, expected=must, estimated=self.estimated
        )
        if frame.then is frame.now:
            return {Basis.THEN: then, Basis.NOW: then}
        now = frame.carrier.carried(
            then.counted,
            must & (then.parts > 0),
            self.amounts,
            expected=frame.expected(Basis.NOW, indicator.reported_by),
            estimated=self.estimated,
            step=max(1, step_of(indicator) // self.unit),
        )
        return {Basis.THEN: then, Basis.NOW: now}
