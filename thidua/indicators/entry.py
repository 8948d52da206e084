"""What is entered together: sets of indicators, who reports them, and what a batch would change.

A form, a grid and an Excel file hand in the same: figures of one period and stage. Hides which indicators are
entered (shares are computed), which standards fit a period, and how new, changed and same are told apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np
from django.db.models import Q, QuerySet

from thidua.audit.log import Actor
from thidua.core import periods
from thidua.core.periods import Kind, Period
from thidua.indicators import known_figures, values
from thidua.indicators.entries import Entries, Entry
from thidua.indicators.figure_columns import ONE, PLACES
from thidua.indicators.models import Aggregation, Indicator, Source, Standard, System, Value
from thidua.indicators.values import Entered
from thidua.organisations import tree
from thidua.organisations.models import UnitKind, UnitVersion

#: How the codes of the standards begin that figures of a system are given under.
_STANDARDS = {System.REVIEW: re.compile(r"ngheo-"), System.NEW_RURAL: re.compile(r"ntm-xa-\d")}
#: How a year is cut for each frequency, the longest first.
_CUTS: Mapping[Kind, Callable[[int], list[Period]]] = {
    Kind.YEAR: lambda year: [periods.year(year)],
    Kind.NINE_MONTHS: lambda year: [periods.nine_months(year)],
    Kind.HALF_YEAR: lambda year: [periods.half_year(year, half) for half in (1, 2)],
    Kind.QUARTER: lambda year: [periods.quarter(year, number) for number in range(1, 5)],
    Kind.MONTH: lambda year: [periods.month(year, number) for number in range(1, 13)],
    Kind.DAY: lambda year: [periods.day(one) for one in _days_of(year)],
}


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=number) for number in range(periods.year(year).days)]


#: So many units are asked about in one query.
CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class IndicatorSet:
    """Indicators of one system that one level of units reports: "ra_soat.commune"."""

    system: System
    level: UnitKind

    @property
    def code(self) -> str:
        return f"{self.system}.{self.level}"

    @property
    def name(self) -> str:
        return f"{self.system.label} – {str(self.level.label).lower()} báo cáo"

    def indicators(self, since: date, until: date) -> list[Indicator]:
        """Those that are entered for just such a period, in the order of their definition."""
        frequency = Period(since, until).kind.value
        return list(self._within(since, until).filter(frequency=frequency).order_by("pk"))

    def _within(self, since: date, until: date) -> QuerySet[Indicator]:
        rows = _entered().filter(system=self.system, reported_by=self.level)
        return rows.filter(since__lt=until, until__gt=since)

    def periods(self, year: int) -> list[Period]:
        """The periods of a year that something of the set is entered for, the longest first."""
        whole = periods.year(year)
        found = set(
            self._within(whole.since, whole.until).values_list("frequency", flat=True).order_by().distinct()
        )
        return [one for kind, cut in _CUTS.items() if kind.value in found for one in cut(year)]

    def standards(self, since: date, until: date) -> list[Standard]:
        """The standards that figures of the period may be under, the usual one first."""
        pattern = _STANDARDS.get(self.system)
        if pattern is None:
            return []
        found = [one for one in Standard.objects.all() if pattern.match(one.code)]
        fitting = [one for one in found if values.measures_in(one, since, until)]
        return sorted(fitting, key=lambda one: (one.since, one.pk), reverse=True)


def _entered() -> QuerySet[Indicator]:
    return Indicator.objects.exclude(aggregation=Aggregation.RATIO)


def sets() -> list[IndicatorSet]:
    rows = _entered().order_by("system", "reported_by").values_list("system", "reported_by").distinct()
    return [IndicatorSet(System(system), UnitKind(level)) for system, level in rows]


def set_of(code: str) -> IndicatorSet | None:
    return next((one for one in sets() if one.code == code), None)


def reporting_units(level: UnitKind, root_ids: Collection[int], *, on: date) -> QuerySet[UnitVersion]:
    """The units of a level at or below the roots on a day, by name."""
    below = tree.ids_at_or_below(root_ids, on=on)
    return (
        UnitVersion.objects.filter(tree.valid_on(on), unit_id__in=below, unit__kind=level)
        .select_related("unit")
        .order_by("label_order", "pk")
    )


def day_of(until: date, *, today: date) -> date:
    """The day whose tree says who reports: the last one of the period, or today while it runs."""
    return min(until - timedelta(days=1), today)


def source_named(title: str) -> Source | None:
    """The source that somebody wrote down; kept once, also when it came with the program."""
    text = " ".join(title.split())[:500]
    if not text:
        return None
    known = Source.objects.filter(title=text).order_by("pk").first()
    return known or Source.objects.get_or_create(code="", title=text)[0]


@dataclass(frozen=True, slots=True)
class Batch:
    """What figures that are entered together share."""

    set: IndicatorSet
    since: date
    until: date
    standard: Standard | None = None
    segment: str = ""

    def indicators(self) -> list[Indicator]:
        rows = self.set.indicators(self.since, self.until)
        return [row for row in rows if self.segment in row.segments] if self.segment else rows

    def entry(self, indicator_id: int, unit_id: int, amount: Decimal | None, stage: str) -> Entry:
        return Entry(
            indicator_id,
            unit_id,
            self.since,
            self.until,
            amount,
            nothing_arose=amount is None,
            stage=stage,
            standard_id=self.standard.pk if self.standard else None,
            segment=self.segment,
        )

    def known(
        self,
        indicators: Collection[Indicator],
        unit_ids: Collection[int],
        *,
        period: tuple[date, date] | None = None,
    ) -> dict[tuple[int, int], Value]:
        """The values that count, by indicator and unit; of this period unless another is named."""
        since, until = period or (self.since, self.until)
        rows = Value.objects.filter(
            since=since,
            until=until,
            standard=self.standard,
            segment=self.segment,
            indicator__in=indicators,
            is_chosen=True,
        )
        found: dict[tuple[int, int], Value] = {}
        ordered = sorted(unit_ids)
        for first in range(0, len(ordered), CHUNK):
            for value in rows.filter(unit_id__in=ordered[first : first + CHUNK]):
                found[value.indicator_id, value.unit_id] = value
        return found


def save(entries: Iterable[Entry], *, reason: str, actor: Actor, now: datetime) -> Entered:
    """Enter what is new or changed, all or nothing; `reason` stands with the figures that are doubted.

    Raises what `values.enter` raises.
    """
    return values.enter(entries, actor=actor, now=now, reason=reason)


# --- what a batch would change --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Comparison:
    """Entries against what is known: those that say something new, and the figures that count now."""

    new: Entries = field(default_factory=lambda: Entries.of([]))
    changed: Entries = field(default_factory=lambda: Entries.of([]))
    #: For each changed entry the amount that counts now; None when nothing arose.
    before: list[Decimal | None] = field(default_factory=list)
    same: int = 0

    @property
    def entries(self) -> Entries:
        return self.new.with_more(self.changed)

    @property
    def is_empty(self) -> bool:
        return not len(self.new) and not len(self.changed)


def compare(given: Iterable[Entry]) -> Comparison:
    """Tell new, changed and same apart."""
    entries = Entries.of(given)
    known = _known(entries)
    if not known.lines:
        return Comparison(new=entries)
    whole, fractions = entries.parts
    keys = list(
        zip(
            entries.by_shared(lambda one: entries.contexts.index(one.context)),
            entries.indicator_ids.tolist(),
            entries.unit_ids.tolist(),
            strict=True,
        )
    )
    about = entries.by_shared(lambda one: (one.source_id, one.stage))
    lines = zip(keys, about, whole, fractions, entries.nothing_arose.tolist(), strict=True)
    same = np.array([line in known.lines for line in lines], dtype=np.bool_)
    same &= entries.where(lambda one: one.evidence_id is None)
    changed = np.array([key in known.chosen for key in keys], dtype=np.bool_) & ~same
    return Comparison(
        new=entries.only(~same & ~changed),
        changed=entries.only(changed),
        before=[_amount(*known.chosen[keys[place]]) for place in np.flatnonzero(changed).tolist()],
        same=int(same.sum()),
    )


#: Place of the context among those of the batch, indicator, unit.
_Key = tuple[int, int, int]


@dataclass(slots=True)
class _Known:
    """Figures that are there and not replaced: as lines, and those that count by their key.

    A line: key, source and stage, whole amount, fraction in 10^-4, whether nothing arose.
    """

    lines: set[tuple[_Key, tuple[int | None, str], int, int, bool]] = field(default_factory=set)
    chosen: dict[_Key, tuple[int | None, int]] = field(default_factory=dict)


_COLUMNS = ("standard_id", "segment", "indicator_id", "unit_id", "source_id", "stage", "is_chosen")


def _known(entries: Entries) -> _Known:
    known = _Known()
    near = known_figures.near(
        {(one.since, one.until) for one in entries.contexts},
        np.unique(entries.indicator_ids).tolist(),
        np.unique(entries.unit_ids).tolist(),
        Q(replaced_by__isnull=True),
        columns=(*_COLUMNS, *known_figures.EXACT_AMOUNT),
    )
    for span, rows in near:
        places = {
            (one.standard_id, one.segment): place
            for place, one in enumerate(entries.contexts)
            if (one.since, one.until) == span
        }
        for standard_id, segment, indicator_id, unit_id, source_id, stage, is_chosen, whole, fraction in rows:
            place = places.get((standard_id, segment))
            if place is None:
                continue
            key = (place, indicator_id, unit_id)
            known.lines.add((key, (source_id, stage), whole or 0, fraction or 0, whole is None))
            if is_chosen:
                known.chosen[key] = (whole, fraction)
    return known


def _amount(whole: int | None, fraction: int) -> Decimal | None:
    return None if whole is None else Decimal(whole * ONE + fraction).scaleb(-PLACES)
