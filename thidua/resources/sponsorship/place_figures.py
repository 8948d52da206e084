"""The figures of a sponsored place beside the programme: each year as that year's unit gave them.

Hides successions: what a commune gave before a merger stands under its own name, what follows under that of
who took over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from thidua.core.formats import format_number
from thidua.indicators.models import Indicator, Value
from thidua.organisations import tree
from thidua.organisations.successions import heirs_on

#: What tells whether a sponsored place fares better, in this order; codes of the indicators.
CODES = ("poor_hh", "near_poor_hh", "escaped_poor_hh", "escaped_near_poor_hh")


@dataclass(frozen=True, slots=True)
class YearOfPlace:
    """One year of one unit; a figure that nobody gave is empty, never zero."""

    year: int
    unit: str
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceFigures:
    titles: tuple[str, ...]
    years: tuple[YearOfPlace, ...]
    #: Who answers for the place today, when it is another unit.
    heirs: tuple[str, ...]


def figures_of(place_id: int, *, on: date) -> PlaceFigures:
    """Chosen yearly figures of a place and of who took it over; four queries."""
    indicators = {one.pk: one for one in Indicator.objects.filter(code__in=CODES)}
    order = sorted(indicators, key=lambda pk: CODES.index(indicators[pk].code))
    heirs = [pk for pk in heirs_on(place_id, on=on) if pk != place_id]
    labels = tree.labels_on(heirs, on=on)
    before = tree.last_version(place_id, on=on)
    labels[place_id] = before.label if before else ""
    rows = Value.objects.filter(
        indicator_id__in=order, unit_id__in=[place_id, *heirs], is_chosen=True, segment=""
    ).order_by("since", "pk")
    found: dict[tuple[int, int], dict[int, str]] = {}
    for row in rows:
        is_year = (row.since.month, row.since.day) == (1, 1) and row.until == date(row.since.year + 1, 1, 1)
        if is_year and row.amount is not None:
            found.setdefault((row.since.year, row.unit_id), {})[row.indicator_id] = format_number(row.amount)
    return PlaceFigures(
        tuple(indicators[pk].name for pk in order),
        tuple(
            YearOfPlace(year, labels.get(unit_id, ""), tuple(given.get(pk, "") for pk in order))
            for (year, unit_id), given in sorted(found.items(), reverse=True)
        ),
        tuple(labels[pk] for pk in heirs if pk in labels),
    )
