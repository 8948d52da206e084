"""Shares and means of units: of two kept totals, or of sums over the units that gave both.

Asked with `rate`, `rates` and `rate_series`. Percentages are never added. Nothing known is None, never zero.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
from django.db.models import Q

from thidua.indicators import rollup
from thidua.indicators.figure_columns import PLACES, Column, Figures, figures_where
from thidua.indicators.models import AddedUp, Aggregation, Basis, Indicator, Standard, Total, Value
from thidua.indicators.period_trees import Key, Period, kept_frame, period_of


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
    frame = kept_frame(Period(key.since, key.until))
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
    figures = figures_where(Q(**about), frame.period)
    one, other = (
        Column.of(frame, both_of[part], figures.get(key._replace(indicator_id=part), Figures.none()))
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
