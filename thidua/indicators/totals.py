"""Kept totals: what the units at or below a unit have reported, along the tree then and along today's.

`changed` carries a correction to every level of both in the caller's transaction; `rebuild` adds up anew and
says whether anything differed. Hides that only the paths to the root are touched, what became of units that
are gone, and that whoever corrects the same period waits for the other.

Asked with `total`, `series`, `rate` and `rates`. Nothing reported is None, never zero.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from django.db import connection, transaction
from django.db.models import Q

from thidua.core.clock import VIETNAM
from thidua.indicators import rollup
from thidua.indicators.flat_tree import UnitTree, tree_of
from thidua.indicators.models import AddedUp, Aggregation, Basis, Indicator, Standard, Total, Value
from thidua.indicators.rebasing import Carrier, Contribution, History, Step, contributions
from thidua.indicators.rollup import Bools, Ints, Sums
from thidua.organisations import tree
from thidua.organisations.models import Succession, TreeSnapshot, Unit, UnitVersion

#: Amounts are kept with four decimals; between load and save they are whole numbers of these.
PLACES = 4
#: How figures of these indicators go up the tree; of the others a unit has its own or none.
KEPT = (Aggregation.SUM, Aggregation.COUNT_UNITS)
#: From so many changed units on, adding up anew is quicker than going up each path.
MANY = 400

DAY = timedelta(days=1)


class Key(NamedTuple):
    """What a series of figures of many units is about."""

    indicator_id: int
    since: date
    until: date
    standard_id: int | None
    segment: str


class Period(NamedTuple):
    since: date
    until: date


# ---- what is asked


@dataclass(frozen=True, slots=True)
class Sum:
    """A total of one unit, with how many of the units that must report have done so."""

    indicator_id: int
    unit_id: int
    since: date
    until: date
    standard_id: int | None
    segment: str
    basis: Basis
    amount: Decimal
    reported: int
    expected: int
    has_estimate: bool

    @property
    def is_complete(self) -> bool:
        return self.reported == self.expected

    @property
    def key(self) -> Key:
        return Key(self.indicator_id, self.since, self.until, self.standard_id, self.segment)

    def missing_ids(self) -> list[int]:
        """Units at or below that must report and have not; before a reform they are the units of then."""
        return _coverage(self.key, self.unit_id, self.basis)[0]

    def undivided_ids(self) -> list[int]:
        """Former units, partly within this one, whose figures nobody could divide: they are not in it."""
        return _coverage(self.key, self.unit_id, self.basis)[1]


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a series."""

    since: date
    until: date
    sum: Sum

    @property
    def year(self) -> int:
        return self.since.year


@dataclass(frozen=True, slots=True)
class Rate:
    """A share or mean of one unit. `amount` is in percent (share) or in the measure (mean).

    From counts over the units that gave both; else as the unit published it, then without counts.
    """

    amount: Decimal
    numerator: Decimal | None
    denominator: Decimal | None
    reported: int
    expected: int
    has_estimate: bool
    #: The rate that the unit itself gave; stands beside when there are counts.
    published: Decimal | None = None
    #: Of the unit's own figure, when it gave one.
    stage: str = ""
    source_id: int | None = None

    @property
    def is_from_counts(self) -> bool:
        return self.numerator is not None


def period_of(year: int | None, since: date | None, until: date | None) -> Period:
    if year is not None:
        return Period(date(year, 1, 1), date(year + 1, 1, 1))
    if since is None or until is None:
        raise ValueError("either a year or both since and until")
    return Period(since, until)


def total(
    indicator: Indicator,
    unit_id: int,
    *,
    year: int | None = None,
    since: date | None = None,
    until: date | None = None,
    basis: Basis = Basis.THEN,
    standard: Standard | None = None,
    segment: str = "",
) -> Sum | None:
    """What is known of a unit in a period, added up; None when nothing is. One query.

    Of a share or mean, and of what does not add up, the unit's own figure; see `rate`.
    """
    period = period_of(year, since, until)
    asked = {"since": period.since, "until": period.until}
    found = _sums(indicator, unit_id, basis=basis, standard=standard, segment=segment, **asked)
    return found[0] if found else None


def series(
    indicator: Indicator,
    unit_id: int,
    *,
    basis: Basis = Basis.THEN,
    standard: Standard | None = None,
    segment: str = "",
) -> list[Point]:
    """All periods in which something is known of a unit, earliest first. One query."""
    found = _sums(indicator, unit_id, basis=basis, standard=standard, segment=segment)
    return [Point(one.since, one.until, one) for one in found]


_COLUMNS = ("since", "until", "amount", "reported", "expected", "estimates")


def _sums(
    indicator: Indicator,
    unit_id: int,
    *,
    basis: Basis,
    standard: Standard | None,
    segment: str,
    **period: date,
) -> list[Sum]:
    standard_id = standard.pk if standard else None
    filters: dict[str, Any] = {"indicator_id": indicator.pk, "unit_id": unit_id, "segment": segment, **period}
    filters["standard_id"] = standard_id

    def made(since: date, until: date, amount: Decimal | None, *counts: Any) -> Sum:
        reported, expected, estimates = counts
        return Sum(
            indicator.pk, unit_id, since, until, standard_id, segment, Basis(basis),
            amount or Decimal(0), reported, expected, bool(estimates),
        )  # fmt: skip

    if indicator.aggregation in KEPT:
        totals = Total.objects.filter(basis=basis, parts__gt=0, **filters).order_by("since", "until")
        return [made(*row) for row in totals.values_list(*_COLUMNS)]
    values = Value.objects.filter(is_chosen=True, **filters).order_by("since", "until")
    rows = values.values_list("since", "until", "amount", "is_estimate")
    return [made(begins, ends, amount, 0, 0, estimate) for begins, ends, amount, estimate in rows]


# ---- the trees of a period


@dataclass(eq=False)
class Frame:
    """The two trees of a period and the way from one to the other."""

    period: Period
    then: UnitTree
    now: UnitTree
    carrier: Carrier
    _expected: dict[tuple[str, str], Ints] = field(default_factory=dict)

    def tree(self, basis: Basis) -> UnitTree:
        return self.then if basis == Basis.THEN else self.now

    def expected(self, basis: Basis, kind: str) -> Ints:
        """How many units that must report stand at or below each node, or have become part of it."""
        if basis == Basis.THEN:
            return self.then.expected(kind)
        if (basis, kind) not in self._expected:
            self._expected[basis, kind] = self.carrier.expected(self.then.of_kind(kind))
        return self._expected[basis, kind]


_frames: OrderedDict[tuple[Period, UnitTree, UnitTree], Frame] = OrderedDict()
_frames_lock = Lock()
MOST_FRAMES = 32


def frames_of(periods: Collection[Period], *, today: date) -> dict[Period, Frame]:
    """The trees of periods: that of the last day, and today's, or of the last day when that is later."""
    days = {period: (period.until - DAY, max(today, period.until - DAY)) for period in periods}
    asked = sorted({day for pair in days.values() for day in pair})
    if not asked:
        return {}
    known = list(TreeSnapshot.objects.filter(since__lte=asked[-1], until__gt=asked[0]))
    trees = {}
    for day in asked:
        snapshot = next((one for one in known if one.since <= day < one.until), None)
        trees[day] = tree_of(snapshot or tree.snapshot_on(day))
    return {period: _frame(period, trees[then], trees[now]) for period, (then, now) in days.items()}


def _frame(period: Period, then: UnitTree, now: UnitTree) -> Frame:
    key = (period, then, now)
    with _frames_lock:
        if key in _frames:
            _frames.move_to_end(key)
            return _frames[key]
    history = _history(then, now)
    carrier = Carrier.between(
        then.unit_ids.tolist(),
        after=period.until - DAY,
        history=history,
        node_of=now.node_of,
        shape=now.shape,
    )
    frame = Frame(period, then, now, carrier)
    with _frames_lock:
        _frames[key] = frame
        while len(_frames) > MOST_FRAMES:
            _frames.popitem(last=False)
    return frame


def _history(then: UnitTree, now: UnitTree) -> History:
    """What became of units after one tree and up to another."""
    if then is now:
        return History({}, {}, {})
    steps: dict[int, list[Step]] = defaultdict(list)
    rows = Succession.objects.filter(
        annulled_by__isnull=True, takes_effect_on__gte=then.until, takes_effect_on__lte=now.since
    ).order_by("takes_effect_on", "pk")
    for old, new, day, is_whole, share in rows.values_list(
        "predecessor_id", "successor_id", "takes_effect_on", "is_whole", "share"
    ):
        steps[old].append(Step(new, day, is_whole, None if share is None else Fraction(share)))
    ended: dict[int, date] = {}
    above: dict[int, int | None] = {}
    versions = UnitVersion.objects.filter(annulled_by__isnull=True, until__lte=now.since).order_by("until")
    for unit_id, until, parent_id in versions.values_list("unit_id", "until", "parent_id"):
        if unit_id not in now.node_of:
            ended[unit_id], above[unit_id] = until, parent_id
    return History(steps, ended, above)


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


# ---- keeping


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


def changed(values: Sequence[Value], *, now: datetime) -> None:
    """Bring the totals up to date after the chosen figures of these units and periods have changed.

    `values` name what is concerned: a new figure, a corrected one, one that is no longer chosen. Reads what
    counts from the table. Number of queries does not depend on how many values and units there are. To be
    called in the transaction that wrote the values.
    """
    concerned: dict[Key, set[int]] = defaultdict(set)
    for value in values:
        key = Key(value.indicator_id, value.since, value.until, value.standard_id, value.segment)
        concerned[key].add(value.unit_id)
    if not concerned:
        return
    indicators = _kept_indicators({key.indicator_id for key in concerned})
    concerned = {key: units for key, units in concerned.items() if key.indicator_id in indicators}
    periods = {Period(key.since, key.until) for key in concerned}
    with transaction.atomic():
        _one_at_a_time(periods)
        frames = frames_of(periods, today=now.astimezone(VIETNAM).date())
        stale = _stale(frames)
        for period in sorted(stale):
            _rebuild(frames[period], indicators=None, keys=None)
        fresh = {key: units for key, units in concerned.items() if Period(key.since, key.until) not in stale}
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


def _stale(frames: Mapping[Period, Frame]) -> set[Period]:
    """Periods that were never added up, or along trees that are no longer those."""
    known = {
        Period(since, until): (then, now)
        for since, until, then, now in AddedUp.objects.filter(
            since__in={period.since for period in frames}
        ).values_list("since", "until", "then_snapshot", "now_snapshot")
    }
    return {
        period
        for period, frame in frames.items()
        if known.get(period) != (frame.then.snapshot_id, frame.now.snapshot_id)
    }


@dataclass
class _Correction:
    """One pass up the paths of the units that changed, for all keys together."""

    concerned: dict[Key, set[int]]
    indicators: dict[int, Indicator]
    frames: dict[Period, Frame]
    writes: list[_Row] = field(default_factory=list)
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
        _store(self.writes)
        if self.gone:
            Total.objects.filter(pk__in=self.gone).delete()

    def _frame(self, key: Key) -> Frame:
        return self.frames[Period(key.since, key.until)]

    def _about(self) -> dict[str, Any]:
        return {
            "indicator_id__in": {key.indicator_id for key in self.concerned},
            "since__in": {key.since for key in self.concerned},
        }

    def _own(self, units: set[int]) -> dict[tuple[Key, int], Own]:
        units = units | {one for ids in self.concerned.values() for one in ids}
        rows = Value.objects.filter(is_chosen=True, unit_id__in=units, **self._about())
        return {
            (Key(*key), unit_id): Own(_whole(amount), is_estimate)
            for *key, unit_id, amount, is_estimate in rows.values_list(
                *_KEY, "unit_id", "amount", "is_estimate"
            )
        }

    def _totals(self, basis: Basis, units: set[int]) -> dict[tuple[Key, int], tuple[int, Counts]]:
        rows = Total.objects.filter(basis=basis, unit_id__in=units, **self._about())
        return {
            (Key(*key), unit_id): (pk, Counts(_whole(amount), parts, reported, estimates))
            for *key, unit_id, pk, amount, parts, reported, estimates in rows.values_list(
                *_KEY, "unit_id", "pk", "amount", "parts", "reported", "estimates"
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
                            step=_step(indicator),
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
            self.writes.append(_Row(key, unit, basis, after, expected))
        elif pk is not None:
            self.gone.append(pk)


_KEY = ("indicator_id", "since", "until", "standard_id", "segment")


def _whole(amount: Decimal | None) -> int:
    """In 10^-4; nothing arose is none."""
    return 0 if amount is None else int(amount.scaleb(PLACES))


def _decimal(amount: int) -> Decimal:
    return Decimal(amount).scaleb(-PLACES)


def _step(indicator: Indicator) -> int:
    """The smallest piece that an amount is divided into, in 10^-4."""
    step: int = 10 ** max(0, PLACES - indicator.decimals)
    return step


class _Row(NamedTuple):
    key: Key
    unit_id: int
    basis: Basis
    counts: Counts
    expected: int

    def values(self) -> tuple[Any, ...]:
        counts = self.counts
        amount = connection.ops.adapt_decimalfield_value(_decimal(counts.amount), 24, PLACES)
        return (
            *self.key, self.unit_id, self.basis.value, amount, counts.reported, self.expected,
            bool(counts.estimates), counts.parts, counts.estimates,
        )  # fmt: skip


_WRITTEN = (*_KEY, "unit_id", "basis", "amount", "reported", "expected", "has_estimate", "parts", "estimates")


def _store(rows: Sequence[_Row]) -> None:
    """Past the ORM, which cannot say which of the two unique indexes a row may meet."""
    names = ", ".join(_WRITTEN)
    marks = ", ".join(["%s"] * len(_WRITTEN))
    news = ", ".join(f"{name} = excluded.{name}" for name in _WRITTEN[7:])
    for has_standard in (True, False):
        found = [row.values() for row in rows if (row.key.standard_id is not None) == has_standard]
        if not found:
            continue
        standard, test = ("standard_id, ", "IS NOT NULL") if has_standard else ("", "IS NULL")
        begin = f"INSERT INTO {Total._meta.db_table} ({names}) VALUES "  # noqa: S608 - our names
        end = (
            f" ON CONFLICT (indicator_id, unit_id, since, until, {standard}segment, basis) "
            f"WHERE standard_id {test} DO UPDATE SET {news}"
        )
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.executemany(f"{begin}({marks}){end}", found)
                continue
            for start in range(0, len(found), AT_ONCE):
                some = found[start : start + AT_ONCE]
                rows_of_marks = ", ".join([f"({marks})"] * len(some))
                cursor.execute(f"{begin}{rows_of_marks}{end}", [value for row in some for value in row])


#: Rows in one statement: one by one PostgreSQL takes half a minute for what it does in a second.
AT_ONCE = 20_000


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
            is_stale = bool(_stale(frames))
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
    only: dict[str, Any] = {} if indicators is None else {"indicator_id__in": set(known)}
    period: dict[str, Any] = {"since": frame.period.since, "until": frame.period.until}
    wanted = {
        (row.key, row.unit_id, row.basis): row
        for key, figures in _figures(Q(**period, **only), known, keys).items()
        for row in _added_up(frame, key, known[key.indicator_id], figures)
    }
    rows = Total.objects.filter(**period, **only)
    gone: list[int] = []
    same = 0
    for *key, unit_id, basis, pk, amount, parts, reported, estimates, expected in rows.values_list(
        *_KEY, "unit_id", "basis", "pk", "amount", "parts", "reported", "estimates", "expected"
    ).iterator(chunk_size=5000):
        place = (Key(*key), unit_id, Basis(basis))
        if keys is not None and place[0] not in keys:
            continue
        row = wanted.get(place)
        if row is None:
            gone.append(pk)
        elif (row.counts, row.expected) == (Counts(_whole(amount), parts, reported, estimates), expected):
            del wanted[place]
            same += 1
    _store(list(wanted.values()))
    for start in range(0, len(gone), 500):
        Total.objects.filter(pk__in=gone[start : start + 500]).delete()
    if indicators is None:
        AddedUp.objects.update_or_create(
            **period,
            defaults={"then_snapshot": frame.then.snapshot_id, "now_snapshot": frame.now.snapshot_id},
        )
    return Rebuilt(same + len(wanted), len(gone) + len(wanted))


#: Unit, amount in 10^-4, whether it is an estimate.
Figures = list[tuple[int, int, bool]]


def _figures(
    about: Q, indicators: Mapping[int, Indicator], keys: Collection[Key] | None
) -> dict[Key, Figures]:
    found: dict[Key, Figures] = defaultdict(list)
    rows = Value.objects.filter(about, is_chosen=True).values_list(*_KEY, "unit_id", "amount", "is_estimate")
    for *parts, unit_id, amount, is_estimate in rows.iterator(chunk_size=5000):
        key = Key(*parts)
        if key.indicator_id in indicators and (keys is None or key in keys):
            found[key].append((unit_id, _whole(amount), is_estimate))
    return found


@dataclass(frozen=True, slots=True)
class _Column:
    """Figures laid out along the tree of then, as whole numbers of 10^-4 × `unit`."""

    amounts: Ints
    reported: Bools
    estimated: Bools
    unit: int
    alone: Figures

    @classmethod
    def of(cls, frame: Frame, indicator: Indicator, figures: Figures) -> _Column:
        unit = _step(indicator)
        if any(amount % unit for _, amount, _ in figures):
            unit = 1
        size = len(frame.then.shape)
        amounts = np.zeros(size, dtype=np.int64)
        reported, estimated = np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_)
        alone: Figures = []
        for unit_id, amount, is_estimate in figures:
            node = frame.then.node_of.get(unit_id)
            if node is None:
                alone.append((unit_id, amount, is_estimate))
            else:
                amounts[node], reported[node], estimated[node] = amount // unit, True, is_estimate
        return cls(amounts, reported, estimated, unit, alone)

    def sums(self, frame: Frame, indicator: Indicator) -> dict[Basis, Sums]:
        must = frame.then.of_kind(indicator.reported_by)
        then = rollup.rolled_up(
            frame.then.shape, self.amounts, self.reported, expected=must, estimated=self.estimated
        )
        now = frame.carrier.carried(
            then.counted,
            must & (then.parts > 0),
            self.amounts,
            expected=frame.expected(Basis.NOW, indicator.reported_by),
            estimated=self.estimated,
            step=max(1, _step(indicator) // self.unit),
        )
        return {Basis.THEN: then, Basis.NOW: now}


def _added_up(frame: Frame, key: Key, indicator: Indicator, figures: Figures) -> Iterator[_Row]:
    column = _Column.of(frame, indicator, figures)
    for basis, sums in column.sums(frame, indicator).items():
        units = frame.tree(basis).unit_ids
        for node in np.flatnonzero(sums.parts | sums.reported).tolist():
            counts = Counts(
                int(sums.amount[node]) * column.unit,
                int(sums.parts[node]),
                int(sums.reported[node]),
                int(sums.estimates[node]),
            )
            yield _Row(key, int(units[node]), basis, counts, int(sums.expected[node]))
    if column.alone:
        kinds = dict(Unit.objects.filter(pk__in=[one[0] for one in column.alone]).values_list("pk", "kind"))
        for unit_id, amount, is_estimate in column.alone:
            must = int(kinds[unit_id] == indicator.reported_by)
            yield _Row(key, unit_id, Basis.THEN, Counts(amount, 1, must, int(is_estimate)), must)


# ---- who is missing


def _coverage(key: Key, unit_id: int, basis: Basis) -> tuple[list[int], list[int]]:
    return coverage(key, [unit_id], basis)[unit_id]


def _kept_frame(period: Period) -> Frame | None:
    """The trees that the kept totals of a period were added up along; None when those are gone."""
    kept = AddedUp.objects.filter(since=period.since, until=period.until).first()
    if kept is None:
        return None
    snapshots = TreeSnapshot.objects.in_bulk({kept.then_snapshot, kept.now_snapshot})
    if not {kept.then_snapshot, kept.now_snapshot} <= set(snapshots):
        return None
    return _frame(period, tree_of(snapshots[kept.then_snapshot]), tree_of(snapshots[kept.now_snapshot]))


def coverage(key: Key, unit_ids: Collection[int], basis: Basis) -> dict[int, tuple[list[int], list[int]]]:
    """For each unit: who of those that must report has not, and whose figures could not be divided.

    Both are units of the end of the period, in the order of the tree. Four queries for any number of units.
    """
    answer: dict[int, tuple[list[int], list[int]]] = {unit_id: ([], []) for unit_id in unit_ids}
    frame = _kept_frame(Period(key.since, key.until))
    if frame is None:
        return answer
    must = frame.then.of_kind(Indicator.objects.get(pk=key.indicator_id).reported_by)
    totals = Total.objects.filter(basis=Basis.THEN, **key._asdict())
    known = set(totals.values_list("unit_id", flat=True))
    own = set(Value.objects.filter(is_chosen=True, **key._asdict()).values_list("unit_id", flat=True))
    shape = frame.tree(basis).shape
    for unit_id, (missing, undivided) in answer.items():
        root = frame.tree(basis).node_of.get(unit_id)
        for node in () if root is None else _within(frame, basis, root):
            unit = frame.then.unit_at(node)
            if must[node] and unit not in known:
                missing.append(unit)
            place = frame.carrier.special.get(node) if basis == Basis.NOW else None
            if place is None or root is None or not place.undivided or unit not in own:
                continue
            if place.together is None or not shape.holds(root, place.together):
                undivided.append(unit)
    return answer


def _within(frame: Frame, basis: Basis, root: int) -> list[int]:
    """Nodes of the tree of then that are at or below a node, or have to do with it today."""
    end = int(frame.tree(basis).shape.rgt[root])
    if basis == Basis.THEN:
        return list(range(root, end))
    whole = np.flatnonzero((frame.carrier.to >= root) & (frame.carrier.to < end)).tolist()
    parted = [
        node
        for node, place in frame.carrier.special.items()
        if any(root <= one < end for one in place.concerned)
    ]
    return sorted(whole + parted)


# ---- shares and means


def rate(
    indicator: Indicator,
    unit_id: int,
    *,
    year: int | None = None,
    since: date | None = None,
    until: date | None = None,
    basis: Basis = Basis.THEN,
    standard: Standard | None = None,
    segment: str = "",
) -> Rate | None:
    """A share or mean of one unit in a period; None when neither counts nor a published rate are known."""
    period = period_of(year, since, until)
    found = rates(
        indicator, [unit_id], since=period.since, until=period.until,
        basis=basis, standard=standard, segment=segment,
    )  # fmt: skip
    return found.get(unit_id)


def rate_series(
    indicator: Indicator,
    unit_id: int,
    *,
    basis: Basis = Basis.THEN,
    standard: Standard | None = None,
    segment: str = "",
) -> list[tuple[Period, Rate]]:
    """As `series`, of a share or mean."""
    about = {"unit_id": unit_id, "standard_id": standard.pk if standard else None, "segment": segment}
    values = Value.objects.filter(is_chosen=True, indicator=indicator, **about)
    periods = {Period(*row) for row in values.values_list("since", "until")}
    counted = Total.objects.filter(basis=basis, indicator_id__in=_parts_of(indicator)[:1], **about)
    periods |= {Period(*row) for row in counted.values_list("since", "until")}
    if indicator.aggregation == Aggregation.WEIGHTED_MEAN:
        periods |= {Period(*row) for row in AddedUp.objects.values_list("since", "until")}
    found = []
    for period in sorted(periods):
        one = rate(
            indicator, unit_id, since=period.since, until=period.until,
            basis=basis, standard=standard, segment=segment,
        )  # fmt: skip
        if one is not None:
            found.append((period, one))
    return found


def rates(
    indicator: Indicator,
    unit_ids: Collection[int],
    *,
    since: date,
    until: date,
    basis: Basis = Basis.THEN,
    standard: Standard | None = None,
    segment: str = "",
) -> dict[int, Rate]:
    """Shares or means of many units in one period, of those where one is known.

    Numerator and denominator speak of the same units: when not all have reported, of those that gave both.
    """
    above, under = _parts_of(indicator)
    key = Key(indicator.pk, since, until, standard.pk if standard else None, segment)
    own = _own_figures(key, {indicator.pk, above, under}, unit_ids)
    counts: dict[int, _Pair] = {}
    if under:
        counts = _pairs(indicator, key, unit_ids, basis, own)
    answer: dict[int, Rate] = {}
    for unit_id in unit_ids:
        pair = counts.get(unit_id)
        published = own.get((indicator.pk, unit_id))
        figure = published or own.get((above, unit_id))
        stage, source_id = (figure.stage, figure.source_id) if figure else ("", None)
        amount = published.amount if published else None
        if pair is not None and pair.denominator:
            answer[unit_id] = Rate(
                _quotient(indicator, pair), pair.numerator, pair.denominator, pair.reported, pair.expected,
                pair.has_estimate, amount, stage, source_id,
            )  # fmt: skip
        elif published is not None and amount is not None:
            answer[unit_id] = Rate(amount, None, None, 0, 0, published.is_estimate, amount, stage, source_id)
    return answer


@dataclass(frozen=True, slots=True)
class _OwnFigure:
    amount: Decimal | None
    stage: str
    source_id: int | None
    is_estimate: bool


@dataclass(frozen=True, slots=True)
class _Pair:
    numerator: Decimal
    denominator: Decimal
    reported: int
    expected: int
    has_estimate: bool


def _parts_of(indicator: Indicator) -> tuple[int, int]:
    """Numerator and denominator; of a mean the mean itself and its weight. 0: none."""
    if indicator.aggregation == Aggregation.WEIGHTED_MEAN:
        return indicator.pk, indicator.denominator_id or 0
    return indicator.numerator_id or 0, indicator.denominator_id or 0


def _quotient(indicator: Indicator, pair: _Pair) -> Decimal:
    quotient = pair.numerator / pair.denominator
    if indicator.aggregation == Aggregation.WEIGHTED_MEAN:
        return quotient.quantize(Decimal(1).scaleb(-indicator.decimals), ROUND_HALF_UP)
    return (quotient * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _own_figures(
    key: Key, indicator_ids: Collection[int], unit_ids: Collection[int]
) -> dict[tuple[int, int], _OwnFigure]:
    about = key._asdict() | {"indicator_id__in": indicator_ids, "unit_id__in": unit_ids, "is_chosen": True}
    del about["indicator_id"]
    rows = Value.objects.filter(**about).values_list(
        "indicator_id", "unit_id", "amount", "nothing_arose", "stage", "source_id", "is_estimate"
    )
    return {
        (indicator_id, unit_id): _OwnFigure(Decimal(0) if nothing else amount, stage, source_id, is_estimate)
        for indicator_id, unit_id, amount, nothing, stage, source_id, is_estimate in rows
    }


def _pairs(
    indicator: Indicator,
    key: Key,
    unit_ids: Collection[int],
    basis: Basis,
    own: Mapping[tuple[int, int], _OwnFigure],
) -> dict[int, _Pair]:
    above, under = _parts_of(indicator)
    found: dict[int, _Pair] = {}
    open_ids = set(unit_ids)
    if indicator.aggregation != Aggregation.WEIGHTED_MEAN:
        about = key._asdict() | {"indicator_id__in": (above, under), "unit_id__in": unit_ids}
        del about["indicator_id"]
        kept: dict[tuple[int, int], list[Any]] = {
            (indicator_id, unit_id): row
            for indicator_id, unit_id, *row in Total.objects.filter(
                basis=basis, parts__gt=0, **about
            ).values_list("indicator_id", "unit_id", "amount", "reported", "expected", "parts", "estimates")
        }
        for unit_id in unit_ids:
            one, other = kept.get((above, unit_id)), kept.get((under, unit_id))
            if one is None or other is None:
                open_ids.discard(unit_id)  # nobody gave both
            elif _is_whole(one, own.get((above, unit_id))) and _is_whole(other, own.get((under, unit_id))):
                found[unit_id] = _Pair(
                    one[0], other[0], min(one[1], other[1]), one[2], bool(one[4] or other[4])
                )
                open_ids.discard(unit_id)
    if open_ids:
        found |= _pairs_in_memory(indicator, key, open_ids, basis)
    return found


def _is_whole(row: Sequence[Any], own: _OwnFigure | None) -> bool:
    """Whether a total speaks of all that is below: all have reported, or the unit itself gave it."""
    amount, reported, expected, parts, _ = row
    if expected and reported == expected:
        return True
    return own is not None and parts == 1 and own.amount == amount


def _pairs_in_memory(
    indicator: Indicator, key: Key, unit_ids: Collection[int], basis: Basis
) -> dict[int, _Pair]:
    """Sums of both over the units that gave both."""
    frame = _kept_frame(Period(key.since, key.until))
    if frame is None:
        return {}
    above, under = _parts_of(indicator)
    both_of = Indicator.objects.in_bulk([above, under])
    about = key._asdict() | {"indicator_id__in": (above, under)}
    del about["indicator_id"]
    if basis == Basis.THEN:
        roots = [frame.then.node_of[unit_id] for unit_id in unit_ids if unit_id in frame.then.node_of]
        nodes = {node for root in roots for node in range(root, int(frame.then.shape.rgt[root]))}
        if len(nodes) <= MOST_NAMED:
            about["unit_id__in"] = frame.then.units(nodes)
    figures = _figures(Q(**about), both_of, None)
    one, other = (
        _Column.of(frame, both_of[part], figures.get(key._replace(indicator_id=part), []))
        for part in (above, under)
    )
    both = one.reported & other.reported
    unit = one.unit
    if indicator.aggregation == Aggregation.WEIGHTED_MEAN:
        rollup.check_products(one.amounts[both], other.amounts[both])
        one, unit = (
            replace(one, amounts=np.where(both, one.amounts * other.amounts, 0)),
            one.unit * other.unit,
        )
    estimated = one.estimated | other.estimated
    sums, weights = (
        replace(column, reported=both, estimated=estimated, unit=1).sums(frame, both_of[above])[basis]
        for column in (one, other)
    )
    scale = Decimal(unit).scaleb(-PLACES)
    if indicator.aggregation == Aggregation.WEIGHTED_MEAN:
        scale = scale.scaleb(-PLACES)
    found: dict[int, _Pair] = {}
    for unit_id in unit_ids:
        node = frame.tree(basis).node_of.get(unit_id)
        if node is not None and sums.parts[node]:
            found[unit_id] = _Pair(
                int(sums.amount[node]) * scale,
                int(weights.amount[node]) * Decimal(other.unit).scaleb(-PLACES),
                int(sums.reported[node]),
                int(sums.expected[node]),
                bool(sums.estimates[node]),
            )
    return found


#: More units than this are not named in a query; all of the key are read.
MOST_NAMED = 2000
