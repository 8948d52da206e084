"""An invented commune with households and reviews, for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from thidua.core.text import fold, person_sort_key
from thidua.households.classes import Area, PovertyClass
from thidua.households.models import Assessment, Household, Review
from thidua.organisations.models import Unit

NOW = datetime(2023, 11, 5, 3, 0, tzinfo=UTC)
COMPLETE = {
    "listed_on": date(2023, 9, 5),
    "surveyed_on": date(2023, 10, 2),
    "met_on": date(2023, 10, 10),
    "posted_on": date(2023, 10, 16),
    "posted_until": date(2023, 10, 18),
    "reported_on": date(2023, 10, 25),
    "meeting_present": 80,
    "households_total": 100,
    "minority_total": 90,
}


def make_household(commune: Unit, code: str, head: str = "Giàng Thị Mẫu", **fields: Any) -> Household:
    fields = {"area": Area.RURAL, "since": date(2020, 1, 1), "is_minority": True, **fields}
    return Household.objects.create(
        commune=commune,
        code=code,
        head_name=head,
        head_name_order=person_sort_key(head),
        search_text=fold(f"{code} {head}"),
        **fields,
    )


def make_review(commune: Unit, year: int, **fields: Any) -> Review:
    return Review.objects.create(commune=commune, year=year, **fields)


def make_assessment(household: Household, review: Review, poverty_class: PovertyClass | str) -> Assessment:
    return Assessment.objects.create(
        household=household,
        review=review,
        area=household.area,
        score_b1=120,
        deprivations="111000000000",
        national_class=poverty_class,
        local_class=poverty_class,
        standard_code="ngheo-2022-2026",
    )
