"""What a page or a file shows of an indicator: sums with coverage, published values beside them.

Reads kept totals and chosen values; hides that a share is two totals, and when a published value speaks in
place of a sum. The number of queries does not depend on the number of units.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q

from thidua.core.formats import format_number
from thidua.indicators import rates
from thidua.indicators.models import Aggregation, Basis, Indicator, IndicatorKind, Standard, Total, Value

#: Unit, period, standard.
Key = tuple[int, date, date, int | None]


@dataclass(frozen=True, slots=True)
class Figure:
    """What is known of one unit in one period, under one standard.

    `summed` comes from the units below, `own` is what somebody published for the unit itself.
    """

    unit_id: int
    since: date
    until: date
    standard: Standard | None
    summed: Decimal | None = None
    reported: int = 0
    expected: int = 0
    has_estimate: bool = False
    own: Value | None = None
    #: A share or mean that was computed from counts.
    is_counted: bool = False

    @property
    def key(self) -> Key:
        return (self.unit_id, self.since, self.until, self.standard.pk if self.standard else None)

    @property
    def own_amount(self) -> Decimal | None:
        if self.own is None:
            return None
        return Decimal(0) if self.own.nothing_arose else self.own.amount

    @property
    def is_published(self) -> bool:
        """Whether the figure shown is what was published for the unit, since nothing below has reported."""
        return self.own is not None and (self.summed is None or (self.reported == 0 and not self.is_counted))

    @property
    def amount(self) -> Decimal | None:
        return self.own_amount if self.is_published else self.summed

    @property
    def difference(self) -> Decimal | None:
        """Published less summed, when both stand side by side and do not agree."""
        if self.is_published or self.own_amount is None or self.summed is None:
            return None
        return (self.own_amount - self.summed) or None

    @property
    def is_complete(self) -> bool:
        return self.expected > 0 and self.reported >= self.expected

    @property
    def is_firm(self) -> bool:
        """Whether the figure speaks of the whole unit: all have reported, or the unit itself said it.

        A sum of what some units below have published, where none has reported, speaks of those only.
        """
        is_said = self.own is not None or self.is_counted
        return self.is_complete or self.expected == 0 or (self.reported == 0 and is_said)

    @property
    def is_own(self) -> bool:
        """Whether the figure shown is the one that the unit itself gave."""
        return self.own is not None and self.own_amount == self.amount


@dataclass(frozen=True, slots=True)
class Row:
    """A figure with what came before it in the same series."""

    figure: Figure
    before: Figure | None = None
    is_baseline: bool = False
    #: Of the page that shows this period.
    href: str = ""

    @property
    def change(self) -> Decimal | None:
        """Against the period right before, under the same standard."""
        before = self.before.amount if self.before else None
        if before is None or self.figure.amount is None or not self.is_comparable:
            return None
        return self.figure.amount - before

    @property
    def is_comparable(self) -> bool:
        """Whether both sums speak of as many units: part of a district less all of it would be no change."""
        if self.before is None:
            return False
        return self.figure.is_firm and self.before.is_firm

    @property
    def is_held_back(self) -> bool:
        """Whether there are two figures and no change, since not all have reported."""
        has_both = self.before is not None and self.before.amount is not None
        return has_both and self.figure.amount is not None and not self.is_comparable


def is_ratio(indicator: Indicator) -> bool:
    """Whether it is computed from two others, and so never entered by the units that report."""
    return indicator.aggregation == Aggregation.RATIO


def is_quotient(indicator: Indicator) -> bool:
    return indicator.aggregation in (Aggregation.RATIO, Aggregation.WEIGHTED_MEAN)


def shown(indicator: Indicator, amount: Decimal | None) -> str:
    """1.234, 41,60; «chưa có số liệu» for what nobody knows."""
    if amount is None:
        return "chưa có số liệu"
    if indicator.kind == IndicatorKind.YES_NO and amount in (0, 1):
        return "có" if amount else "không"
    if indicator.kind == IndicatorKind.SHARE:
        return format_number(amount, places=2)
    return format_number(amount, places=None if is_quotient(indicator) else indicator.decimals)


def figures_of(
    indicator: Indicator,
    unit_ids: Collection[int],
    *,
    basis: Basis,
    segment: str = "",
    periods: Collection[tuple[date, date]] | None = None,
) -> dict[Key, Figure]:
    """All that is known of these units, by unit, period and standard.

    Three queries; of shares and means a few for each period.
    """
    standards = Standard.objects.in_bulk()
    figures = _totals(indicator, unit_ids, basis=basis, segment=segment, periods=periods, standards=standards)
    values = Value.objects.filter(
        _within(periods), indicator=indicator, unit_id__in=unit_ids, segment=segment, is_chosen=True
    ).select_related("source", "evidence")
    for value in values:
        key = (value.unit_id, value.since, value.until, value.standard_id)
        known = figures.get(key) or Figure(
            value.unit_id,
            value.since,
            value.until,
            standards[value.standard_id] if value.standard_id else None,
        )
        figures[key] = replace(known, own=value)
    return figures


def _within(periods: Collection[tuple[date, date]] | None) -> Q:
    if periods is None:
        return Q()
    found = Q(pk__in=[])
    for since, until in periods:
        found |= Q(since=since, until=until)
    return found


def period_before(since: date, until: date) -> tuple[date, date]:
    """The period of the same length that ends where this one begins; whole months stay whole months."""
    months = (until.year - since.year) * 12 + until.month - since.month
    if since.day != 1 or until.day != 1 or months < 1:
        return since - (until - since), since
    first = since.year * 12 + since.month - 1 - months
    return date(first // 12, first % 12 + 1, 1), since


def _totals(
    indicator: Indicator,
    unit_ids: Collection[int],
    *,
    basis: Basis,
    segment: str,
    periods: Collection[tuple[date, date]] | None,
    standards: Mapping[int, Standard],
) -> dict[Key, Figure]:
    rows = Total.objects.filter(_within(periods), unit_id__in=unit_ids, segment=segment, basis=basis)
    if is_quotient(indicator):
        part = indicator.numerator_id or indicator.denominator_id or indicator.pk
        asked = rows.filter(indicator_id=part).values_list("since", "until", "standard_id").distinct()
        return _rates(
            indicator, unit_ids, asked=list(asked), basis=basis, segment=segment, standards=standards
        )
    return {
        (row.unit_id, row.since, row.until, row.standard_id): Figure(
            row.unit_id,
            row.since,
            row.until,
            standards[row.standard_id] if row.standard_id else None,
            summed=row.amount,
            reported=row.reported,
            expected=row.expected,
            has_estimate=row.has_estimate,
        )
        for row in rows.filter(indicator=indicator)
    }


def _rates(
    indicator: Indicator,
    unit_ids: Collection[int],
    *,
    asked: Iterable[tuple[date, date, int | None]],
    basis: Basis,
    segment: str,
    standards: Mapping[int, Standard],
) -> dict[Key, Figure]:
    """Shares and means from counts, of the units that gave both; a few queries for each period.

    Where nobody below has reported, the unit itself must have published both counts: the rate of one province
    is not that of the country.
    """
    found: dict[Key, Figure] = {}
    published = _published(indicator, unit_ids, segment=segment)
    for since, until, standard_id in asked:
        standard = standards[standard_id] if standard_id else None
        known = rates.rates(
            indicator, unit_ids, since=since, until=until, basis=basis, standard=standard, segment=segment
        )
        for unit_id, rate in known.items():
            if rate.is_from_counts and (rate.reported or (unit_id, since, until) in published):
                found[unit_id, since, until, standard_id] = Figure(
                    unit_id,
                    since,
                    until,
                    standard,
                    summed=rate.amount,
                    reported=rate.reported,
                    expected=rate.expected,
                    has_estimate=rate.has_estimate,
                    is_counted=True,
                )
    return found


def _published(
    indicator: Indicator, unit_ids: Collection[int], *, segment: str
) -> set[tuple[int, date, date]]:
    """Units and periods for which both counts of a share were given by the unit itself."""
    above = indicator.numerator_id or indicator.pk
    parts = {above} | ({indicator.denominator_id} if indicator.denominator_id else set())
    rows = Value.objects.filter(indicator__in=parts, unit_id__in=unit_ids, segment=segment, is_chosen=True)
    given: dict[tuple[int, date, date], set[int]] = {}
    for part, unit_id, since, until in rows.values_list("indicator_id", "unit_id", "since", "until"):
        given.setdefault((unit_id, since, until), set()).add(part)
    return {key for key, found in given.items() if found == parts}


def series_of(figures: Iterable[Figure]) -> list[Row]:
    """The figures of one unit, newest first, series of different standards one after the other."""
    ordered = sorted(
        figures,
        key=lambda one: (one.standard.since if one.standard else date.min, one.key[3] or 0, one.since),
    )
    rows: list[Row] = []
    for figure in ordered:
        last = rows[-1].figure if rows else None
        follows = last is not None and last.key[3] == figure.key[3] and last.until == figure.since
        is_baseline = bool(figure.standard and figure.standard.baseline_year == figure.since.year)
        rows.append(Row(figure, last if follows else None, is_baseline))
    return rows[::-1]


def other_sources(indicator: Indicator, unit_id: int, *, segment: str = "") -> dict[Key, list[Value]]:
    """The keys of a unit for which several rows stand side by side, the chosen one first."""
    rows = Value.objects.filter(
        indicator=indicator, unit_id=unit_id, segment=segment, replaced_by__isnull=True
    ).select_related("source", "standard", "user")
    by_key: dict[Key, list[Value]] = {}
    for row in rows.order_by("-since", "-is_chosen", "-pk"):
        by_key.setdefault((row.unit_id, row.since, row.until, row.standard_id), []).append(row)
    return {key: values for key, values in by_key.items() if len(values) > 1}
