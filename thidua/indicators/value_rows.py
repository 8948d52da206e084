"""New figures become rows: many at once, and as rows again only when somebody asks for one of them.

A few go by the ORM, which looks at each cell by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, overload

import numpy as np
from django.db import connection

from thidua.indicators import rows_at_once
from thidua.indicators.entries import Entries, Entry, Shared
from thidua.indicators.models import Value
from thidua.indicators.period_trees import Key
from thidua.indicators.rows_at_once import Columns, Same

#: From so many on it is quicker to go round the ORM.
MANY = 200
_FIELDS = [field for field in Value._meta.concrete_fields if not field.primary_key]
_NAMES = [str(field.column) for field in _FIELDS]
_cells = attrgetter(*(field.attname for field in _FIELDS))
_TABLE = Value._meta.db_table


@dataclass(frozen=True, slots=True)
class By:
    """Who gave figures, and when."""

    user_id: int | None
    at: datetime


@dataclass(frozen=True, eq=False)
class Written(Sequence[Value]):
    """Rows that were just written: `first` are new figures, each the first of its key; `others` the rest."""

    first: Entries
    numbers: Sequence[int]
    others: Sequence[Value]
    by: By

    @classmethod
    def of(cls, values: Sequence[Value], by: By) -> Written:
        """Rows that were written one by one."""
        return cls(Entries.of([]), (), values, by)

    def __len__(self) -> int:
        return len(self.numbers) + len(self.others)

    @overload
    def __getitem__(self, place: int) -> Value: ...
    @overload
    def __getitem__(self, place: slice) -> list[Value]: ...
    def __getitem__(self, place: int | slice) -> Value | list[Value]:
        if isinstance(place, slice):
            return [self[one] for one in range(len(self))[place]]
        place = range(len(self))[place]
        if place >= len(self.numbers):
            return self.others[place - len(self.numbers)]
        value = value_of(self.first[place], self.by)
        _is_stored(value, self.numbers[place])
        return value

    def concerned(self) -> dict[Key, set[int]]:
        """The units whose figure is another now, by series."""
        found: dict[Key, set[int]] = defaultdict(set)
        for context, rows in self.first.by_context.items():
            indicator_ids, unit_ids = self.first.indicator_ids[rows], self.first.unit_ids[rows]
            for indicator_id in np.unique(indicator_ids).tolist():
                found[Key(indicator_id, *context)] |= set(unit_ids[indicator_ids == indicator_id].tolist())
        for value in self.others:
            if value.is_chosen:
                found[series_of(value)].add(value.unit_id)
        return found


def series_of(value: Value) -> Key:
    return Key(value.indicator_id, value.since, value.until, value.standard_id, value.segment)


def value_of(entry: Entry, by: By) -> Value:
    """The row of a figure, chosen and in nobody's place, not yet stored."""
    # by place: naming twenty fields takes as long as all the rest
    make: Callable[..., Value] = Value
    return make(
        None,
        entry.indicator_id,
        entry.unit_id,
        entry.since,
        entry.until,
        entry.standard_id,
        entry.segment,
        entry.stage,
        entry.amount,
        entry.nothing_arose,
        entry.source_id,
        entry.evidence_id,
        entry.evidence_name[:255],
        entry.note[:500],
        entry.override_reason[:500],
        None,  # replaces
        True,  # is_chosen
        "",  # choice_reason
        False,  # is_estimate
        by.user_id,
        by.at,
    )


def write(first: Entries, others: Sequence[Value], by: By) -> Written:
    """Store figures that are the first of their key, and other rows. Raises IntegrityError."""
    numbers: Sequence[int] = ()
    if len(first):
        numbers = rows_at_once.free_numbers(_TABLE, len(first))
        rows_at_once.insert(_TABLE, {"id": numbers, **_columns(first, by)})
    return Written(first, numbers, create(others), by)


def _columns(entries: Entries, by: By) -> Columns:
    """What `value_of` says, by column."""

    def common(say: Callable[[Shared], Any]) -> Same | list[Any]:
        said = {say(one) for one in entries.used}
        return Same(said.pop()) if len(said) == 1 else entries.by_shared(say)

    whole, fractions = entries.parts
    is_plain = not any(fractions) and not entries.nothing_arose.any()
    return {
        "indicator_id": entries.indicator_ids.tolist(),
        "unit_id": entries.unit_ids.tolist(),
        "since": common(lambda one: one.context.since),
        "until": common(lambda one: one.context.until),
        "standard_id": common(lambda one: one.context.standard_id),
        "segment": common(lambda one: one.context.segment),
        "stage": common(lambda one: one.stage),
        "amount": whole if is_plain else entries.amounts,
        "nothing_arose": entries.nothing_arose.tolist() if entries.nothing_arose.any() else Same(False),
        "source_id": common(lambda one: one.source_id),
        "evidence_id": common(lambda one: one.evidence_id),
        "evidence_name": common(lambda one: one.evidence_name[:255]),
        "note": common(lambda one: one.note[:500]),
        "override_reason": common(lambda one: one.override_reason[:500]),
        "replaces_id": Same(None),
        "is_chosen": Same(True),
        "choice_reason": Same(""),
        "is_estimate": Same(False),
        "user_id": Same(by.user_id),
        "entered_at": Same(by.at),
    }


def create(values: Sequence[Value]) -> list[Value]:
    """As `bulk_create`: the rows exist and know their numbers. Raises IntegrityError as it does."""
    if len(values) < MANY:
        return Value.objects.bulk_create(values, batch_size=2_000)
    numbers = rows_at_once.free_numbers(_TABLE, len(values))
    columns = rows_at_once.columns_of(_NAMES, map(_cells, values))
    rows_at_once.insert(_TABLE, {"id": numbers, **columns})
    for number, value in zip(numbers, values, strict=True):
        _is_stored(value, number)
    return list(values)


def _is_stored(value: Value, number: int) -> None:
    value.pk, value._state.adding, value._state.db = number, False, connection.alias
