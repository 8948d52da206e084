"""Figures of units as the facts by which rules judge: with source, stage, coverage and standard.

Hides which figure speaks for a unit where several are known, and that a share is two counts. What nobody
knows is left out; incomplete sums and forecasts are handed on as such, the engine does not judge by them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from thidua.criteria.facts import Figure as Fact
from thidua.criteria.facts import Source as FactSource
from thidua.indicators.figures import Figure, figures_of
from thidua.indicators.models import Basis, Indicator, IndicatorKind, Stage, Standard

#: Shares are rounded as decisions print them (decision 0012).
_PRINTED = Decimal("0.01")
_YEAR = re.compile(r"\d{4}")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_MONTH = re.compile(r"(\d{4})-(\d\d)")


@dataclass(frozen=True, slots=True)
class Gathered:
    """Facts by unit and by (code, period), and the sources that they name."""

    figures: Mapping[int, Mapping[tuple[str, str], Fact]]
    sources: Mapping[str, FactSource]


def gather(
    needed: Iterable[tuple[str, str]],
    unit_ids: Collection[int],
    *,
    basis: Basis = Basis.THEN,
    standard: Standard | None = None,
) -> Gathered:
    """The figures of these codes and periods (`criteria.needs`) of these units; few queries a code.

    With `standard` only figures under it, or under none, are taken; else of each period those of the standard
    that began last. Codes that are no indicator and periods that are no year, quarter or month are left
    out: they are facts of other parts of the program.
    """
    wanted: dict[str, dict[tuple[date, date], str]] = {}
    for code, period in needed:
        if (days := days_of(period)) is not None:
            wanted.setdefault(code, {})[days] = period
    indicators = Indicator.objects.filter(code__in=wanted).select_related("numerator", "denominator")
    figures: dict[int, dict[tuple[str, str], Fact]] = {unit_id: {} for unit_id in unit_ids}
    sources: dict[str, FactSource] = {}
    for indicator in indicators:
        periods = wanted[indicator.code]
        best: dict[tuple[int, str], Figure] = {}
        for figure in figures_of(indicator, unit_ids, basis=basis, periods=list(periods)).values():
            is_other = standard is not None and figure.standard is not None and figure.standard != standard
            if (figure.since, figure.until) not in periods or figure.amount is None or is_other:
                continue
            place = (figure.unit_id, periods[figure.since, figure.until])
            if place not in best or _rank(figure) > _rank(best[place]):
                best[place] = figure
        for (unit_id, period), figure in best.items():
            key, source = _source(indicator, figure)
            sources[key] = source
            figures[unit_id][indicator.code, period] = _fact(indicator, figure, key)
    return Gathered(figures, sources)


def days_of(period: str) -> tuple[date, date] | None:
    """First day and first day after of "2024", "2024-Q3", "2024-07"; None for anything else."""
    if _YEAR.fullmatch(period):
        return date(int(period), 1, 1), date(int(period) + 1, 1, 1)
    months = 1
    if match := _QUARTER.fullmatch(period):
        year, month, months = int(match[1]), int(match[2]) * 3 - 2, 3
    elif (match := _MONTH.fullmatch(period)) and 1 <= int(match[2]) <= 12:
        year, month = int(match[1]), int(match[2])
    else:
        return None
    end = year * 12 + month - 1 + months
    return date(year, month, 1), date(end // 12, end % 12 + 1, 1)


def _rank(figure: Figure) -> tuple[date, int]:
    """The standard that began last wins; no standard is the weakest."""
    return (figure.standard.since, figure.standard.pk) if figure.standard else (date.min, 0)


def _fact(indicator: Indicator, figure: Figure, source: str) -> Fact:
    assert figure.amount is not None
    is_summed = not figure.is_published
    value: bool | Decimal = figure.amount
    if indicator.kind == IndicatorKind.YES_NO:
        value = bool(figure.amount)
    elif indicator.kind == IndicatorKind.SHARE:
        value = figure.amount.quantize(_PRINTED, rounding=ROUND_HALF_UP)
    else:
        value = _short(figure.amount)
    stage = ""
    if figure.own is not None and figure.is_own:
        stage = Stage.FORECAST if figure.own.is_estimate else figure.own.stage
    elif is_summed and figure.has_estimate:
        stage = Stage.FORECAST
    return Fact(
        value,
        source,
        str(stage),
        (figure.reported, figure.expected) if is_summed and figure.expected else None,
        figure.standard.code if figure.standard else "",
    )


def _short(amount: Decimal) -> Decimal:
    """Without the zeros that the column adds: 250, not 250.0000."""
    whole = amount.to_integral_value()
    return whole if whole == amount else amount.normalize()


def _source(indicator: Indicator, figure: Figure) -> tuple[str, FactSource]:
    own = figure.own if figure.is_own else None
    if own is not None and own.source is not None:
        return f"nguon:{own.source.pk}", FactSource(own.source.title, own.source.number, own.source.dated)
    if own is not None:
        return "nhap", FactSource("Số liệu đơn vị nhập vào chương trình")
    return f"tong:{indicator.code}", FactSource(f"Cộng từ các đơn vị bên dưới: {indicator.name}")
