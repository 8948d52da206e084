"""Figures of many units by year as facts: amount, stage, source, coverage, and under which standard.

Hides that a rate is two totals, that a unit made by a merger takes the figures of those it came from
(re-based to today's units), and which of two standards speaks for the years compared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal

from thidua.criteria.facts import Figure, Share, Source
from thidua.indicators import rates
from thidua.indicators.models import Aggregation, Basis, Indicator, Standard, Total, Value
from thidua.indicators.models import Source as FigureSource

Key = tuple[int, int]  # unit, year
#: Said of a figure that was carried over to a unit of today.
REBASED = "quy về đơn vị hiện nay"


def figures_of(
    codes: Collection[str], unit_ids: Collection[int], *, years: Iterable[int]
) -> tuple[dict[int, dict[tuple[str, str], Figure]], dict[str, Source]]:
    """By unit the figures of these codes, and the sources that they name.

    A code that is no indicator gives nothing. Some queries for each code and year, however many units.
    """
    span = sorted(set(years))
    found: dict[int, dict[tuple[str, str], Figure]] = {}
    for indicator in Indicator.objects.filter(code__in=codes).order_by("pk"):
        standards = _standards_in_use(indicator, unit_ids, span)
        # Figures of two standards are never compared: the one of the latest year speaks for all it has.
        for standard in standards:
            for year in span:
                for unit_id, figure in _year(indicator, unit_ids, year, standard).items():
                    found.setdefault(unit_id, {}).setdefault((indicator.code, str(year)), figure)
    used = {figure.source for figures in found.values() for figure in figures.values() if figure.source}
    return found, _sources(used)


def _standards_in_use(
    indicator: Indicator, unit_ids: Collection[int], years: list[int]
) -> list[Standard | None]:
    """The standards under which something is known in these years, that of the latest year first."""
    parts = [pk for pk in (indicator.pk, indicator.numerator_id) if pk]
    rows = Value.objects.filter(
        indicator_id__in=parts,
        is_chosen=True,
        since__gte=date(years[0], 1, 1),
        since__lte=date(years[-1], 12, 31),
    ).values_list("standard_id", "since")
    latest: dict[int | None, date] = {}
    for standard_id, since in rows.distinct():
        latest[standard_id] = max(since, latest.get(standard_id, date.min))
    known = Standard.objects.in_bulk([pk for pk in latest if pk is not None])
    order = sorted(latest, key=lambda pk: (latest[pk], pk or 0), reverse=True)
    return [known[pk] if pk is not None else None for pk in order]


def _year(
    indicator: Indicator, unit_ids: Collection[int], year: int, standard: Standard | None
) -> dict[int, Figure]:
    found = _on_basis(indicator, unit_ids, year, standard, Basis.THEN)
    rest = [pk for pk in unit_ids if pk not in found]
    if rest and indicator.aggregation in (Aggregation.SUM, Aggregation.RATIO):
        found |= _on_basis(indicator, rest, year, standard, Basis.NOW)
    return found


def _on_basis(
    indicator: Indicator, unit_ids: Collection[int], year: int, standard: Standard | None, basis: Basis
) -> dict[int, Figure]:
    if indicator.aggregation == Aggregation.RATIO:
        return _rates(indicator, unit_ids, year, standard, basis)
    if indicator.aggregation == Aggregation.SUM:
        return _sums(indicator, unit_ids, year, standard, basis)
    return _own(indicator, unit_ids, year, standard) if basis == Basis.THEN else {}


def _rates(
    indicator: Indicator, unit_ids: Collection[int], year: int, standard: Standard | None, basis: Basis
) -> dict[int, Figure]:
    since, until = date(year, 1, 1), date(year + 1, 1, 1)
    found = {}
    for unit_id, rate in rates.rates(
        indicator, unit_ids, since=since, until=until, basis=basis, standard=standard
    ).items():
        value: Share | Decimal = rate.amount
        part, whole = rate.numerator, rate.denominator
        if part is not None and whole and part == int(part) and whole == int(whole):
            value = Share(int(part), int(whole))
        found[unit_id] = Figure(
            value,
            _source_key(rate.source_id, basis),
            rate.stage,
            (rate.reported, rate.expected) if rate.expected else None,
            standard.name if standard else "",
        )
    return found


def _sums(
    indicator: Indicator, unit_ids: Collection[int], year: int, standard: Standard | None, basis: Basis
) -> dict[int, Figure]:
    period = {"since": date(year, 1, 1), "until": date(year + 1, 1, 1), "standard": standard, "segment": ""}
    own = _own(indicator, unit_ids, year, standard)
    totals = Total.objects.filter(
        indicator=indicator, unit_id__in=unit_ids, basis=basis, parts__gt=0, **period
    ).values_list("unit_id", "amount", "reported", "expected")
    found = {} if basis == Basis.NOW else dict(own)
    for unit_id, amount, reported, expected in totals:
        mine = own.get(unit_id)
        if mine is not None and not (expected and reported == expected):
            continue  # what the unit itself published speaks where not all below have reported
        found[unit_id] = Figure(
            _plain(amount),
            mine.source if mine else _source_key(None, basis),
            mine.stage if mine else "",
            (reported, expected) if expected else None,
            standard.name if standard else "",
        )
    return found


def _own(
    indicator: Indicator, unit_ids: Collection[int], year: int, standard: Standard | None
) -> dict[int, Figure]:
    rows = Value.objects.filter(
        indicator=indicator,
        unit_id__in=unit_ids,
        since=date(year, 1, 1),
        until=date(year + 1, 1, 1),
        standard=standard,
        segment="",
        is_chosen=True,
    ).values_list("unit_id", "amount", "nothing_arose", "stage", "source_id")
    return {
        unit_id: Figure(
            0 if nothing or amount is None else _plain(amount),
            _source_key(source_id, Basis.THEN),
            stage,
            None,
            standard.name if standard else "",
        )
        for unit_id, amount, nothing, stage, source_id in rows
    }


def _plain(amount: Decimal) -> int | Decimal:
    return int(amount) if amount == int(amount) else amount.normalize()


def _source_key(source_id: int | None, basis: Basis) -> str:
    if source_id is not None:
        return f"nguon:{source_id}"
    return REBASED if basis == Basis.NOW else ""


def _sources(used: Collection[str]) -> dict[str, Source]:
    ids = [int(key.removeprefix("nguon:")) for key in used if key.startswith("nguon:")]
    known: Mapping[int, FigureSource] = FigureSource.objects.in_bulk(ids)
    found = {f"nguon:{pk}": Source(one.title, one.number, one.dated) for pk, one in known.items()}
    return found | {key: Source(key) for key in used if key == REBASED}
