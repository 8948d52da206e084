"""What a series is about, and the two trees of a period: that of its last day and that of today.

Hides what became of units that are gone, and that frames are kept in memory as long as their snapshots stand.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from threading import Lock
from typing import NamedTuple

from thidua.indicators.flat_tree import UnitTree, tree_of
from thidua.indicators.models import AddedUp, Basis
from thidua.indicators.rebasing import Carrier, History, Step
from thidua.indicators.rollup import Ints
from thidua.organisations import tree
from thidua.organisations.models import Succession, TreeSnapshot, UnitVersion

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


def period_of(year: int | None, since: date | None, until: date | None) -> Period:
    if year is not None:
        return Period(date(year, 1, 1), date(year + 1, 1, 1))
    if since is None or until is None:
        raise ValueError("either a year or both since and until")
    return Period(since, until)


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


def kept_frame(period: Period) -> Frame | None:
    """The trees that the kept totals of a period were added up along; None when those are gone."""
    kept = AddedUp.objects.filter(since=period.since, until=period.until).first()
    if kept is None:
        return None
    snapshots = TreeSnapshot.objects.in_bulk({kept.then_snapshot, kept.now_snapshot})
    if not {kept.then_snapshot, kept.now_snapshot} <= set(snapshots):
        return None
    return _frame(period, tree_of(snapshots[kept.then_snapshot]), tree_of(snapshots[kept.now_snapshot]))


def stale(frames: Mapping[Period, Frame]) -> set[Period]:
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
