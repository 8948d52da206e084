"""The counts behind published targets, by place and period, with what may not be told kept back.

Hides the trees of units, and that one kept-back cell takes others along: neighbours, and the same place in
counts that are parts of one whole.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from thidua.indicators.models import Basis, Indicator, Total
from thidua.movements.progress.binding import Measured, measured
from thidua.organisations import tree
from thidua.organisations.models import PLACES, UnitVersion
from thidua.publicity.publishing import public_targets
from thidua.publicity.small_counts import counts_people, hidden, threshold_on

Cell = tuple[int, int]  # indicator, unit
Group = tuple[date, date, int | None, str]  # period, standard, segment


@dataclass(frozen=True, slots=True)
class PublicFigure:
    """One count; `amount` is None where it is kept back."""

    indicator: Indicator
    unit_id: int
    unit: str
    since: date
    until: date
    segment: str
    amount: Decimal | None
    reported: int
    expected: int


@dataclass(frozen=True)
class _Counts:
    """The counts behind all published targets, and what of them is not told."""

    indicators: dict[int, Indicator]
    groups: dict[Group, dict[Cell, Total]]
    secret: dict[Group, frozenset[Cell]]


def public_figures(*, on: date) -> list[PublicFigure]:
    found = _load(on=on)
    labels = tree.labels_on({unit for group in found.groups.values() for _, unit in group}, on=on)
    rows = [
        PublicFigure(
            indicator=found.indicators[indicator_id],
            unit_id=unit_id,
            unit=labels.get(unit_id, ""),
            since=row.since,
            until=row.until,
            segment=row.segment,
            amount=None if (indicator_id, unit_id) in found.secret[key] else row.amount,
            reported=row.reported,
            expected=row.expected,
        )
        for key, group in found.groups.items()
        for (indicator_id, unit_id), row in group.items()
    ]
    return sorted(rows, key=lambda one: (one.indicator.code, one.unit, one.since, one.segment))


def kept_back_cells(*, on: date) -> frozenset[Cell]:
    """Indicator and unit of every count that is kept back in some period: no page may tell them either."""
    return frozenset(cell for cells in _load(on=on).secret.values() for cell in cells)


def _load(*, on: date) -> _Counts:
    things = [one for one in measured(list(public_targets())).values() if isinstance(one, Measured)]
    indicators = _counts(things)
    tops = {one.unit_id for one in things}
    parents = _parents(tops, on=on) if indicators else {}
    rows = Total.objects.filter(
        indicator__in=indicators,
        unit_id__in=[*tops, *parents],
        basis=Basis.THEN,
        reported__gt=0,
        since__lte=on,
    )
    groups: dict[Group, dict[Cell, Total]] = defaultdict(dict)
    for row in rows.order_by("pk"):
        groups[row.since, row.until, row.standard_id, row.segment][row.indicator_id, row.unit_id] = row
    secret = {key: _kept_back(group, indicators, parents, on=on) for key, group in groups.items()}
    return _Counts(indicators, groups, secret)


def _counts(things: list[Measured]) -> dict[int, Indicator]:
    """The indicators that are counts, or the two counts of a rate."""
    found: dict[int, Indicator] = {}
    for one in things:
        pair = (one.indicator.numerator, one.indicator.denominator)
        for indicator in pair if one.indicator.numerator_id else (one.indicator, one.base):
            if indicator is not None and indicator.decimals == 0:
                found[indicator.pk] = indicator
    return found


def _parents(tops: set[int], *, on: date) -> dict[int, int]:
    """The places directly below, with what they stand below."""
    rows = UnitVersion.objects.filter(
        tree.valid_on(on), parent_id__in=tops, unit__kind__in=PLACES, annulled_by__isnull=True
    )
    return {unit: parent for unit, parent in rows.values_list("unit_id", "parent_id") if parent is not None}


def _kept_back(
    group: dict[Cell, Total], indicators: dict[int, Indicator], parents: dict[int, int], *, on: date
) -> frozenset[Cell]:
    """Cells of one period that are not told."""
    counted = {
        cell: int(row.amount)
        for cell, row in group.items()
        if counts_people(indicators[cell[0]].measure, on=on)
    }
    above = {(one, unit): (one, parents[unit]) for one, unit in counted if unit in parents}
    threshold = threshold_on(on)
    secret: frozenset[Cell] = frozenset()
    while True:
        # Parts of one whole, in one place, give each other away.
        families = {(_family(indicators[one]), unit) for one, unit in secret}
        along = {cell for cell in counted if (_family(indicators[cell[0]]), cell[1]) in families}
        more = hidden(counted, above, threshold=threshold, also=secret | along)
        if more == secret:
            return secret
        secret = more


def _family(indicator: Indicator) -> int:
    """Poor, near-poor, and both together belong to one whole."""
    return indicator.part_of_id or indicator.pk
