"""Figures as somebody gives them: one by one, and many as columns. Pure.

A sheet of half a million figures has two numbers and an amount in each cell; period, stage, source and the
rest are the same in all, or in large parts. `Entries` keeps those once and reads like a list of `Entry`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple, overload

import numpy as np

from thidua.indicators.checks import Key
from thidua.indicators.figure_columns import ONE
from thidua.indicators.models import Stage
from thidua.indicators.rollup import Bools, Ints

#: No fraction in 10^-4.
TOO_FINE = ONE


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure as somebody gives it. `amount` is empty exactly when nothing arose."""

    indicator_id: int
    unit_id: int
    since: date
    until: date
    amount: Decimal | None = None
    nothing_arose: bool = False
    stage: str = Stage.PRELIMINARY
    standard_id: int | None = None
    segment: str = ""
    source_id: int | None = None
    note: str = ""
    override_reason: str = ""
    evidence_id: int | None = None
    evidence_name: str = ""

    @property
    def key(self) -> Key:
        return Key(self.indicator_id, self.unit_id, self.since, self.until, self.standard_id, self.segment)

    @property
    def counted(self) -> Decimal:
        return Decimal(0) if self.amount is None else self.amount


class Context(NamedTuple):
    """What, beside indicator and unit, tells one figure from another."""

    since: date
    until: date
    standard_id: int | None
    segment: str


class Shared(NamedTuple):
    """What many figures have in common."""

    context: Context
    stage: str = Stage.PRELIMINARY
    source_id: int | None = None
    note: str = ""
    override_reason: str = ""
    evidence_id: int | None = None
    evidence_name: str = ""


@dataclass(frozen=True, eq=False)
class Entries(Sequence[Entry]):
    """Many figures, in their order, as columns."""

    indicator_ids: Ints
    unit_ids: Ints
    amounts: Sequence[Decimal | None]
    nothing_arose: Bools
    shared: Sequence[Shared]
    #: For each figure its place in `shared`.
    which: Ints

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Entries:
        if isinstance(entries, Entries):
            return entries
        rows = list(entries)
        places: dict[Shared, int] = {}
        which = [places.setdefault(_shared(row), len(places)) for row in rows]
        return cls(
            np.array([row.indicator_id for row in rows], dtype=np.int64),
            np.array([row.unit_id for row in rows], dtype=np.int64),
            [row.amount for row in rows],
            np.array([row.nothing_arose for row in rows], dtype=np.bool_),
            list(places),
            np.array(which, dtype=np.int64),
        )

    @classmethod
    def alike(
        cls,
        shared: Shared,
        indicator_ids: Sequence[int],
        unit_ids: Sequence[int],
        amounts: Sequence[Decimal | None],
    ) -> Entries:
        """Figures of one sheet: all in common but indicator, unit, amount; no amount is "nothing arose"."""
        return cls(
            np.array(indicator_ids, dtype=np.int64),
            np.array(unit_ids, dtype=np.int64),
            amounts,
            np.array([amount is None for amount in amounts], dtype=np.bool_),
            [shared],
            np.zeros(len(amounts), dtype=np.int64),
        )

    def __len__(self) -> int:
        return len(self.amounts)

    @overload
    def __getitem__(self, place: int) -> Entry: ...
    @overload
    def __getitem__(self, place: slice) -> Entries: ...
    def __getitem__(self, place: int | slice) -> Entry | Entries:
        if isinstance(place, slice):
            return self.only(np.arange(len(self))[place])
        context, stage, source_id, note, reason, evidence_id, evidence_name = self.shared[self.which[place]]
        return Entry(
            int(self.indicator_ids[place]),
            int(self.unit_ids[place]),
            context.since,
            context.until,
            self.amounts[place],
            bool(self.nothing_arose[place]),
            stage,
            context.standard_id,
            context.segment,
            source_id,
            note,
            reason,
            evidence_id,
            evidence_name,
        )

    def __iter__(self) -> Iterator[Entry]:
        return (self[place] for place in range(len(self)))

    def only(self, rows: Ints | Bools) -> Entries:
        """Those at the places, or where the mask says so."""
        places = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        if len(places) == len(self) and rows.dtype == np.bool_:
            return self
        amounts = [self.amounts[place] for place in places.tolist()]
        columns = self.indicator_ids[places], self.unit_ids[places]
        return Entries(*columns, amounts, self.nothing_arose[places], self.shared, self.which[places])

    def with_more(self, more: Entries) -> Entries:
        if not len(more) or not len(self):
            return more if len(more) else self
        return Entries(
            np.concatenate([self.indicator_ids, more.indicator_ids]),
            np.concatenate([self.unit_ids, more.unit_ids]),
            [*self.amounts, *more.amounts],
            np.concatenate([self.nothing_arose, more.nothing_arose]),
            [*self.shared, *more.shared],
            np.concatenate([self.which, more.which + len(self.shared)]),
        )

    def sharing(self, change: Callable[[Shared], Shared]) -> Entries:
        """The same figures with something else in common."""
        columns = self.indicator_ids, self.unit_ids, self.amounts, self.nothing_arose
        return Entries(*columns, [change(one) for one in self.shared], self.which)

    def excused(self, rows: Bools, reason: str) -> Entries:
        """The same with a reason at some of them."""
        excused = [one._replace(override_reason=reason) for one in self.shared]
        which = np.where(rows, self.which + len(self.shared), self.which)
        columns = self.indicator_ids, self.unit_ids, self.amounts, self.nothing_arose
        return Entries(*columns, [*self.shared, *excused], which)

    def by_shared(self, say: Callable[[Shared], Any]) -> list[Any]:
        """For each figure what is said of what it has in common with others."""
        said = [say(one) for one in self.shared]
        return [said[place] for place in self.which.tolist()]

    def where(self, test: Callable[[Shared], bool]) -> Bools:
        said = np.array([test(one) for one in self.shared], dtype=np.bool_)
        return said[self.which] if len(said) else np.zeros(0, dtype=np.bool_)

    def of_units(self, unit_ids: Collection[int]) -> Ints:
        """The places of the figures of some units."""
        return np.flatnonzero(np.isin(self.unit_ids, np.array(sorted(unit_ids), dtype=np.int64)))

    @cached_property
    def used(self) -> list[Shared]:
        """What figures have in common, without what none has."""
        return [self.shared[place] for place in np.unique(self.which).tolist()]

    @cached_property
    def contexts(self) -> list[Context]:
        return list(dict.fromkeys(one.context for one in self.used))

    @cached_property
    def by_context(self) -> dict[Context, Ints]:
        """The places of the figures of each context."""
        places = {context: place for place, context in enumerate(self.contexts)}
        of_shared = np.array([places.get(one.context, -1) for one in self.shared], dtype=np.int64)
        context = of_shared[self.which]
        return {one: np.flatnonzero(context == place) for one, place in places.items()}

    @cached_property
    def key_numbers(self) -> Ints:
        """A number for each key: equal for figures of one key and for no others."""
        places = {context: place for place, context in enumerate(self.contexts)}
        context = np.array([places.get(one.context, 0) for one in self.shared], dtype=np.int64)[self.which]
        indicators, indicator = np.unique(self.indicator_ids, return_inverse=True)
        units, unit = np.unique(self.unit_ids, return_inverse=True)
        numbers: Ints = (context * len(indicators) + indicator) * len(units) + unit
        return numbers

    @cached_property
    def has_more_of_its_key(self) -> Bools:
        """Figures that are not the only one of their key here."""
        _, place, count = np.unique(self.key_numbers, return_inverse=True, return_counts=True)
        more: Bools = count[place] > 1
        return more

    @cached_property
    def parts(self) -> tuple[list[int], list[int]]:
        """Whole amounts and fractions in 10^-4; the fraction is TOO_FINE where four decimals do not hold it.

        None is nought.
        """
        whole = [0 if one is None else int(one) for one in self.amounts]
        fractions = [0] * len(whole)
        for place, (amount, integer) in enumerate(zip(self.amounts, whole, strict=True)):
            if amount is not None and amount != integer:
                fraction = (amount - integer) * ONE
                fractions[place] = int(fraction) if fraction == int(fraction) else TOO_FINE
        return whole, fractions


def _shared(entry: Entry) -> Shared:
    return Shared(
        Context(entry.since, entry.until, entry.standard_id, entry.segment),
        entry.stage,
        entry.source_id,
        entry.note,
        entry.override_reason,
        entry.evidence_id,
        entry.evidence_name,
    )
