"""What is known of a unit added up: totals along the tree then and along today's, and who is missing in them.

Totals are kept: `total_keeping` carries every correction to them. Asked with `total`, `series` and
`coverage`; of shares and means see `rates`. Nothing reported is None, never zero.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from thidua.indicators.models import Aggregation, Basis, Indicator, Standard, Total, Value
from thidua.indicators.period_trees import Frame, Key, Period, kept_frame, period_of

#: How figures of these indicators go up the tree; of the others a unit has its own or none.
KEPT = (Aggregation.SUM, Aggregation.COUNT_UNITS)


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


def _coverage(key: Key, unit_id: int, basis: Basis) -> tuple[list[int], list[int]]:
    return coverage(key, [unit_id], basis)[unit_id]


def coverage(key: Key, unit_ids: Collection[int], basis: Basis) -> dict[int, tuple[list[int], list[int]]]:
    """For each unit: who of those that must report has not, and whose figures could not be divided.

    Both are units of the end of the period, in the order of the tree. Four queries for any number of units.
    """
    answer: dict[int, tuple[list[int], list[int]]] = {unit_id: ([], []) for unit_id in unit_ids}
    frame = kept_frame(Period(key.since, key.until))
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
