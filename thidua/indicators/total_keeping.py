"""Kept totals follow the figures: one correction up every path, or a period added up anew.

`changed` carries corrections to every level of both trees in the caller's transaction; `rebuild` adds up anew
and says whether anything differed. Hides that only the paths to the root are touched, and that whoever
corrects the same period waits for the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np
from django.db import connection, transaction
from django.db.models import Q

from thidua.core.clock import VIETNAM
from thidua.indicators import total_rows
from thidua.indicators.figure_columns import ONE, PLACES, Column, Figures, figures_where, step_of
from thidua.indicators.models import AddedUp, Basis, Indicator, Total, Value
from thidua.indicators.period_trees import Frame, Key, Period, frames_of, stale
from thidua.indicators.rebasing import Contribution, contributions
from thidua.indicators.total_rows import Place, Rows
from thidua.indicators.totals import KEPT
from thidua.organisations.models import Unit

#: From so many changed units on, adding up anew is quicker than going up each path.
MANY = 400

#: Any number, as long as nothing else in the program locks the same.
_LOCK = 712_025


def _one_at_a_time(periods: Iterable[Period]) -> None:
    """Whoever changes totals of a period waits for the one before, to the end of the transaction.

    Always earliest first, so that two never wait for each other. On SQLite who writes is alone anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for since in sorted({period.since for period in periods}):
                cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, since.toordinal()])


@dataclass(slots=True)
class Counts:
    """What a total consists of; as a difference it may be negative. `amount` in 10^-4."""

    amount: int = 0
    parts: int = 0
    reported: int = 0
    estimates: int = 0

    def add(self, other: Counts | Contribution, times: int = 1) -> None:
        self.amount += other.amount * times
        self.parts += other.parts * times
        self.reported += other.reported * times
        self.estimates += other.estimates * times

    def __bool__(self) -> bool:
        return bool(self.amount or self.parts or self.reported or self.estimates)


@dataclass(frozen=True, slots=True)
class Own:
    """What a unit itself has given, when that counts."""

    amount: int
    is_estimate: bool


def changed(values: Iterable[Value], *, now: datetime) -> None:
    """The same as `follow` for a few rows that were written one by one."""
    concerned: dict[Key, set[int]] = defaultdict(set)
    for value in values:
        key = Key(value.indicator_id, value.since, value.until, value.standard_id, value.segment)
        concerned[key].add(value.unit_id)
    follow(concerned, now=now)


def follow(concerned: Mapping[Key, set[int]], *, now: datetime) -> None:
    """Bring the totals up to date after the chosen figures of these units and periods have changed.

    What is concerned: a new figure, a corrected one, one that is no longer chosen. Reads what counts from the
    table. Number of queries does not depend on how many figures and units there are. To be called in the
    transaction that wrote the figures.
    """
    if not concerned:
        return
    indicators = _kept_indicators({key.indicator_id for key in concerned})
    concerned = {key: units for key, units in concerned.items() if key.indicator_id in indicators}
    periods = {Period(key.since, key.until) for key in concerned}
    with transaction.atomic():
        _one_at_a_time(periods)
        frames = frames_of(periods, today=now.astimezone(VIETNAM).date())
        out_of_date = stale(frames)
        for period in sorted(out_of_date):
            _rebuild(frames[period], indicators=None, keys=None)
        fresh = {
            key: units for key, units in concerned.items() if Period(key.since, key.until) not in out_of_date
        }
        if sum(map(len, fresh.values())) >= MANY:
            for period, frame in sorted(frames.items()):
                keys = [key for key in fresh if Period(key.since, key.until) == period]
                if keys:
                    _rebuild(frame, indicators=indicators, keys=keys)
        elif fresh:
            _Correction(fresh, indicators, frames).run()


def _kept_indicators(ids: Collection[int] | None = None) -> dict[int, Indicator]:
    rows = Indicator.objects.filter(aggregation__in=KEPT).only("reported_by", "decimals", "aggregation")
    return {row.pk: row for row in (rows if ids is None else rows.filter(pk__in=ids))}


@dataclass
class _Correction:
    """One pass up the paths of the units that changed, for all keys together."""

    concerned: dict[Key, set[int]]
    indicators: dict[int, Indicator]
    frames: dict[Period, Frame]
    writes: list[dict[str, Any]] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)

    def run(self) -> None:
        paths: dict[Key, dict[int, int]] = {}
        for key, units in self.concerned.items():
            then = self._frame(key).then
            starts = [then.node_of[unit] for unit in units if unit in then.node_of]
            nodes = {node for start in starts for node in then.shape.path(start)}
            paths[key] = {node: then.unit_at(node) for node in nodes}
        own = self._own({unit for path in paths.values() for unit in path.values()})
        opened = {key: self._opened(key, path, own) for key, path in paths.items()}
        units = {unit for path in paths.values() for unit in path.values()}
        for key, nodes in opened.items():
            then = self._frame(key).then
            units |= {then.unit_at(child) for node in nodes for child in then.shape.children[node]}
        before = self._totals(Basis.THEN, units | {one for ids in self.concerned.values() for one in ids})
        carried = {key: self._along(key, paths[key], opened[key], own, before) for key in paths}
        self._alone(own, before)
        self._carry(carried)
        total_rows.upsert(self.writes)
        total_rows.delete(self.gone)

    def _frame(self, key: Key) -> Frame:
        return self.frames[Period(key.since, key.until)]

    def _own(self, units: set[int]) -> dict[tuple[Key, int], Own]:
        units = units | {one for ids in self.concerned.values() for one in ids}
        return {
            (key, unit_id): Own(whole * ONE + fraction, bool(is_estimate))
            for key, unit_id, whole, fraction, is_estimate in total_rows.figures_near(self.concerned, units)
        }

    def _totals(self, basis: Basis, units: set[int]) -> dict[tuple[Key, int], tuple[int, Counts]]:
        return {
            (key, unit_id): (pk, Counts(whole * ONE + fraction, parts, reported, estimates))
            for key, unit_id, whole, fraction, pk, parts, reported, estimates in total_rows.totals_near(
                self.concerned, units, basis
            )
        }

    def _opened(self, key: Key, path: Mapping[int, int], own: Mapping[tuple[Key, int], Own]) -> set[int]:
        """Nodes whose own figure counts, counted or may count now."""
        changed_units = self.concerned[key]
        return {node for node, unit in path.items() if unit in changed_units or (key, unit) in own}

    def _along(
        self,
        key: Key,
        path: Mapping[int, int],
        opened: set[int],
        own: Mapping[tuple[Key, int], Own],
        before: Mapping[tuple[Key, int], tuple[int, Counts]],
    ) -> list[tuple[Contribution, int]]:
        """Upwards along the tree of then; gives what to take out of and to put into today's."""
        frame, indicator = self._frame(key), self.indicators[key.indicator_id]
        shape, must = frame.then.shape, frame.then.of_kind(indicator.reported_by)
        expected = frame.then.expected(indicator.reported_by)
        rising: dict[int, Counts] = {node: Counts() for node in path}
        carried: list[tuple[Contribution, int]] = []
        for node in sorted(path, reverse=True):  # in pre-order what is below comes later
            pk, was = before.get((key, path[node]), (None, Counts()))
            difference = rising[node]
            counted_before: Own | None = None
            counted_after: Own | None = None
            if node in opened:
                under = Counts()
                for child in shape.children[node]:
                    under.add(before.get((key, frame.then.unit_at(child)), (None, Counts()))[1])
                if was.parts > under.parts:
                    counted_before = Own(was.amount - under.amount, was.estimates > under.estimates)
                if under.parts + difference.parts == 0:
                    counted_after = own.get((key, path[node]))
                for one, times in ((counted_before, -1), (counted_after, 1)):
                    if one is not None:
                        difference.add(Counts(one.amount, 1, 0, int(one.is_estimate)), times)
            had, has = was.parts > 0, was.parts + difference.parts > 0
            if must[node]:
                difference.reported += has - had
            if (counted_before, had) != (counted_after, has):
                place = frame.carrier.of(node)
                for one, times, reports in ((counted_before, -1, had), (counted_after, 1, has)):
                    if place is None:
                        continue
                    carried += [
                        (added, times)
                        for added in contributions(
                            place,
                            amount=one.amount if one else None,
                            step=step_of(indicator),
                            is_estimate=bool(one and one.is_estimate),
                            has_reported=bool(reports and must[node]),
                        )
                    ]
            if difference:
                after = replace(was)
                after.add(difference)
                self._write(key, path[node], Basis.THEN, after, int(expected[node]), pk)
                above = int(shape.parent[node])
                if above >= 0:
                    rising[above].add(difference)
        return carried

    def _alone(
        self,
        own: Mapping[tuple[Key, int], Own],
        before: Mapping[tuple[Key, int], tuple[int, Counts]],
    ) -> None:
        """Units that did not stand on the last day of the period: what they gave is theirs alone."""
        alone = [
            (key, unit)
            for key, units in self.concerned.items()
            for unit in units
            if unit not in self._frame(key).then.node_of
        ]
        if not alone:
            return
        kinds = dict(Unit.objects.filter(pk__in={unit for _, unit in alone}).values_list("pk", "kind"))
        for key, unit in alone:
            one, (pk, _) = own.get((key, unit)), before.get((key, unit), (None, Counts()))
            must = int(kinds[unit] == self.indicators[key.indicator_id].reported_by)
            after = Counts(one.amount, 1, must, int(one.is_estimate)) if one else Counts()
            self._write(key, unit, Basis.THEN, after, must, pk)

    def _carry(self, carried: Mapping[Key, list[tuple[Contribution, int]]]) -> None:
        rising: dict[tuple[Key, int], Counts] = defaultdict(Counts)
        for key, found in carried.items():
            shape = self._frame(key).now.shape
            for added, times in found:
                for node in shape.path(added.node):
                    rising[key, node].add(added, times)
        rising = {place: difference for place, difference in rising.items() if difference}
        if not rising:
            return
        before = self._totals(Basis.NOW, {self._frame(key).now.unit_at(node) for key, node in rising})
        for (key, node), difference in rising.items():
            frame = self._frame(key)
            unit = frame.now.unit_at(node)
            pk, was = before.get((key, unit), (None, Counts()))
            was.add(difference)
            kind = self.indicators[key.indicator_id].reported_by
            self._write(key, unit, Basis.NOW, was, int(frame.expected(Basis.NOW, kind)[node]), pk)

    def _write(self, key: Key, unit: int, basis: Basis, after: Counts, expected: int, pk: int | None) -> None:
        # a former unit may have reported through villages whose figures went elsewhere
        if after.parts or after.reported:
            amount = Decimal(after.amount).scaleb(-PLACES)
            self.writes.append(
                key._asdict()
                | {
                    "unit_id": unit,
                    "basis": basis.value,
                    "amount": connection.ops.adapt_decimalfield_value(amount, 24, PLACES),
                    "has_estimate": bool(after.estimates),
                    "reported": after.reported,
                    "expected": expected,
                    "parts": after.parts,
                    "estimates": after.estimates,
                }
            )
        elif pk is not None:
            self.gone.append(pk)


# ---- adding up anew


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many totals there are now, and how many were not what they should have been."""

    rows: int
    differing: int


def rebuild(
    indicator: Indicator | None = None,
    *,
    now: datetime,
    periods: Collection[Period] | None = None,
    only_stale: bool = False,
) -> Rebuilt:
    """Add up anew from the chosen figures, each period in a transaction of its own.

    `only_stale` leaves periods alone whose trees are still those that were added up along.
    """
    known = known_periods(indicator)
    rows = differing = 0
    for period in known if periods is None else sorted(set(known) & set(periods)):
        with transaction.atomic():
            _one_at_a_time([period])
            frames = frames_of([period], today=now.astimezone(VIETNAM).date())
            is_stale = bool(stale(frames))
            if only_stale and not is_stale:
                continue
            # along other trees nothing of the period holds any longer
            chosen = None if indicator is None or is_stale else {indicator.pk: indicator}
            done = _rebuild(frames[period], indicators=chosen, keys=None)
        rows, differing = rows + done.rows, differing + done.differing
    return Rebuilt(rows, differing)


def known_periods(indicator: Indicator | None = None) -> list[Period]:
    """Of which there are figures or totals, earliest first."""
    asked = Value.objects.filter(indicator__aggregation__in=KEPT)
    kept = Total.objects.all()
    if indicator is not None:
        asked, kept = asked.filter(indicator=indicator), kept.filter(indicator=indicator)
    return sorted(
        {Period(*row) for rows in (asked, kept) for row in rows.values_list("since", "until").distinct()}
    )


def _rebuild(
    frame: Frame, *, indicators: Mapping[int, Indicator] | None, keys: Collection[Key] | None
) -> Rebuilt:
    """Of one period: all, or only some indicators, or only some keys. In the caller's transaction."""
    known = indicators if indicators is not None else _kept_indicators()
    about = Q() if indicators is None else Q(indicator_id__in=set(known))
    wanted: dict[Place, Rows] = {}
    for key, figures in figures_where(about, frame.period).items():
        if key.indicator_id in known and (keys is None or key in keys):
            for basis, rows in _added_up(frame, known[key.indicator_id], figures).items():
                wanted[Place(key, basis)] = rows
    kept = {
        place: found
        for place, found in total_rows.stored(about, frame.period).items()
        if keys is None or place.key in keys
    }
    count, differing = total_rows.bring_up_to_date(wanted, kept)
    if indicators is None:
        AddedUp.objects.update_or_create(
            since=frame.period.since,
            until=frame.period.until,
            defaults={"then_snapshot": frame.then.snapshot_id, "now_snapshot": frame.now.snapshot_id},
        )
    return Rebuilt(count, differing)


def _added_up(frame: Frame, indicator: Indicator, figures: Figures) -> dict[Basis, Rows]:
    column = Column.of(frame, indicator, figures)
    found: dict[Basis, Rows] = {}
    for basis, sums in column.sums(frame, indicator).items():
        nodes = np.flatnonzero(sums.parts | sums.reported)
        counts = [each[nodes] for each in (sums.reported, sums.expected, sums.parts, sums.estimates)]
        found[basis] = Rows.of(frame.tree(basis).unit_ids[nodes], sums.amount[nodes], column.unit, counts)
    units, amounts, estimated = column.alone
    if len(units):
        kinds = dict(Unit.objects.filter(pk__in=units.tolist()).values_list("pk", "kind"))
        must = np.array([kinds[unit] == indicator.reported_by for unit in units.tolist()], dtype=np.int64)
        more = Rows.of(units, amounts, column.unit, [must, must, np.ones_like(must), estimated])
        found[Basis.THEN] = found[Basis.THEN].with_more(more)
    return found
