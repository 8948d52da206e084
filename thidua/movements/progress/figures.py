"""From kept totals and chosen values to the marks that targets are judged by.

Hides that a rate is two counts, that a published figure stands in where units below have not all reported,
and where a total of a share comes from. Two queries for any number of targets.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from thidua.core.clock import VIETNAM
from thidua.core.formats import parse_date
from thidua.indicators.models import Basis, Indicator, IndicatorKind, Stage, Standard, Total, Value
from thidua.movements.progress.binding import Measured
from thidua.movements.progress.trajectory import Form, Mark

#: Values of a year that is not over say in their note up to which day they count.
_UP_TO = re.compile(r"[Tt]ính đến (?:ngày )?(\d{1,2}/\d{1,2}/\d{4})")


@dataclass(frozen=True, slots=True)
class _Key:
    indicator_id: int
    unit_id: int
    segment: str


@dataclass(frozen=True, slots=True)
class _Period:
    since: date
    until: date
    standard_id: int | None


@dataclass(frozen=True, slots=True)
class _Figure:
    """One figure of one key and period."""

    amount: Decimal
    value: Value | None = None
    reported: int | None = None
    expected: int | None = None
    has_estimate: bool = False

    @property
    def is_complete(self) -> bool:
        return self.reported is None or self.expected is None or self.reported >= self.expected


_Series = Mapping[_Period, _Figure]


def marks_of(things: Mapping[int, Measured], *, basis: Basis = Basis.THEN) -> dict[int, tuple[Mark, ...]]:
    """The series of each target by its key, oldest first."""
    wanted: dict[int, list[_Key]] = {
        key: [_Key(pk, one.unit_id, one.segment) for pk in _indicators_of(one)] for key, one in things.items()
    }
    loaded = _load({key for keys in wanted.values() for key in keys}, basis=basis)
    standards = {row.pk: row for row in Standard.objects.all()}
    return {key: _marks(one, loaded, standards) for key, one in things.items()}


def _indicators_of(one: Measured) -> set[int]:
    indicator = one.indicator
    found = {indicator.pk, indicator.numerator_id, indicator.denominator_id}
    if one.base is not None:
        found.add(one.base.pk)
    return {pk for pk in found if pk is not None}


def _load(keys: Iterable[_Key], *, basis: Basis) -> Mapping[_Key, _Series]:
    wanted = set(keys)
    filters = {
        "indicator_id__in": {key.indicator_id for key in wanted},
        "unit_id__in": {key.unit_id for key in wanted},
        "segment__in": {key.segment for key in wanted},
    }
    found: dict[_Key, dict[_Period, _Figure]] = defaultdict(dict)
    for total in Total.objects.filter(**filters, basis=basis):
        key = _Key(total.indicator_id, total.unit_id, total.segment)
        period = _Period(total.since, total.until, total.standard_id)
        if key in wanted and total.reported:
            found[key][period] = _Figure(
                total.amount,
                reported=total.reported,
                expected=total.expected,
                has_estimate=total.has_estimate,
            )
    for value in Value.objects.filter(**filters, is_chosen=True).select_related("source"):
        key = _Key(value.indicator_id, value.unit_id, value.segment)
        period = _Period(value.since, value.until, value.standard_id)
        summed = found[key].get(period) if key in wanted else None
        if key not in wanted:
            continue
        own = Decimal(0) if value.nothing_arose or value.amount is None else value.amount
        if summed is not None and summed.is_complete:
            # the units below count; the own row of a reporting unit still names stage and source
            found[key][period] = replace(summed, value=value if summed.amount == own else None)
        else:
            found[key][period] = _Figure(own, value=value, has_estimate=value.is_estimate)
    return found


def _marks(
    one: Measured, loaded: Mapping[_Key, _Series], standards: Mapping[int, Standard]
) -> tuple[Mark, ...]:
    def series(indicator_id: int | None) -> _Series:
        return loaded.get(_Key(indicator_id or 0, one.unit_id, one.segment), {})

    indicator = one.indicator
    own = {period: _mark(period, figure, standards) for period, figure in series(indicator.pk).items()}
    if indicator.numerator_id and indicator.denominator_id:
        pairs = _rates(indicator, series(indicator.numerator_id), series(indicator.denominator_id), standards)
        # A pair that is complete wins over a printed rate, and that over an incomplete pair.
        own = {**{k: v for k, v in pairs.items() if not v.is_complete}, **own}
        own |= {k: v for k, v in pairs.items() if v.is_complete}
    marks = sorted(own.values(), key=lambda mark: mark.on)
    if one.form is Form.SHARE:
        base = series(one.base.pk if one.base is not None else None)
        marks = [_with_whole(mark, base) for mark in marks]
    return tuple(marks)


def _rates(
    indicator: Indicator, above: _Series, below: _Series, standards: Mapping[int, Standard]
) -> dict[_Period, Mark]:
    factor = 100 if indicator.kind == IndicatorKind.SHARE else 1
    found = {}
    for period, part in above.items():
        whole = below.get(period) or below.get(replace(period, standard_id=None))
        if whole is None or not whole.amount:
            continue
        mark = _mark(period, part, standards)
        reported = [one.reported for one in (part, whole) if one.reported is not None]
        found[period] = replace(
            mark,
            amount=part.amount * factor / whole.amount,
            part=part.amount,
            whole=whole.amount,
            reported=min(reported) if reported else None,
            expected=part.expected if part.expected is not None else whole.expected,
            is_estimate=part.has_estimate or whole.has_estimate,
        )
    return found


def _with_whole(mark: Mark, base: _Series) -> Mark:
    """A count with the total of its year, else of the nearest year before, else after."""
    part = mark.amount if mark.part is None else mark.part
    known = sorted((period.since.year, figure.amount) for period, figure in base.items())
    earlier = [amount for year, amount in known if year <= mark.year]
    whole = earlier[-1] if earlier else known[0][1] if known else None
    return replace(mark, part=part, whole=whole, amount=part / whole * 100 if whole else part)


def _mark(period: _Period, figure: _Figure, standards: Mapping[int, Standard]) -> Mark:
    value = figure.value
    stage = Stage(value.stage) if value is not None else Stage.OFFICIAL
    last = period.until - timedelta(days=1)
    standard = standards.get(period.standard_id or 0)
    on, known_on, is_vague = last, None, False
    if value is not None:
        on, is_vague = _as_of(value, last)
        if value.user_id is not None:
            known_on = min(last, value.entered_at.astimezone(VIETNAM).date())
    return Mark(
        on=on,
        amount=figure.amount,
        stage=stage.label.lower() if value is not None else "cộng từ đơn vị",
        is_forecast=stage is Stage.FORECAST,
        is_preliminary=stage is Stage.PRELIMINARY,
        source=str(value.source) if value is not None and value.source is not None else "",
        series=standard.name if standard is not None else "",
        reported=figure.reported,
        expected=figure.expected,
        is_estimate=figure.has_estimate,
        known_on=known_on,
        value_id=value.pk if value is not None else None,
        note=value.note if value is not None else "",
        is_vague=is_vague,
    )


def _as_of(value: Value, last: date) -> tuple[date, bool]:
    """The day up to which a value counts, and whether that is a guess.

    A regular value of a year is of some day within it: the day that its note names, else the day on which it
    was entered, else nobody knows.
    """
    told = _UP_TO.search(value.note)
    if told is not None:
        try:
            day = parse_date(told[1])
        except ValueError:
            return last, False
        return (day if value.since <= day <= last else last), False
    is_year = (last.year, last.month, last.day) == (value.since.year, 12, 31)
    if value.stage != Stage.REGULAR or not is_year or value.since.month != 1:
        return last, False
    entered = value.entered_at.astimezone(VIETNAM).date()
    if value.user_id is not None and value.since <= entered <= last:
        return entered, False
    return date(last.year, 6, 30), True
