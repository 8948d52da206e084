"""An invented register for the demonstration: one commune, last year's result, this year's survey half done.

Every household is marked as invented and carries no name of a person. No figure of it goes to the indicators.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from thidua.core.text import fold, person_sort_key
from thidua.households.classes import Area
from thidua.households.classifying import Facts, explain
from thidua.households.models import Assessment, Household, Review
from thidua.households.reviewing import signs
from thidua.households.standards import standard_of
from thidua.indicators.models import Stage
from thidua.organisations.models import Unit

#: xã Huổi Luông, huyện Phong Thổ.
COMMUNE = "before-03490"
COUNT = 24
VILLAGES = ("bản Ví Dụ Một", "bản Ví Dụ Hai", "bản Ví Dụ Ba")


def load(*, on: date, now: datetime) -> int:
    """Fill the register of the demonstration once; returns how many households were added."""
    commune = Unit.objects.filter(key=COMMUNE).first()
    if commune is None or Household.objects.filter(commune=commune).exists():
        return 0
    with transaction.atomic():
        before, _ = Review.objects.get_or_create(
            commune=commune,
            year=on.year - 1,
            corrects=None,
            defaults={"stage": Stage.OFFICIAL, "decision_number": "(ví dụ)"},
        )
        this_year, _ = Review.objects.get_or_create(
            commune=commune, year=on.year, corrects=None, defaults={"listed_on": date(on.year, 9, 5)}
        )
        for number in range(1, COUNT + 1):
            household = _household(commune, number, since=date(on.year - 3, 1, 1))
            _assess(household, before, score=90 + number * 4, deprived=(number * 7) % 6, now=now)
            if number % 2:
                _assess(household, this_year, score=100 + number * 4, deprived=(number * 5) % 5, now=now)
    return COUNT


def _household(commune: Unit, number: int, *, since: date) -> Household:
    code, head = f"VD-{number:03}", f"Chủ hộ ví dụ {number:02}"
    village = VILLAGES[number % len(VILLAGES)]
    return Household.objects.create(
        commune=commune,
        code=code,
        head_name=head,
        head_name_order=person_sort_key(head),
        village_name=village,
        is_minority=number % 8 != 0,
        area=Area.RURAL,
        since=since,
        is_invented=True,
        search_text=fold(f"{code} {head} {village}"),
    )


def _assess(household: Household, review: Review, *, score: int, deprived: int, now: datetime) -> None:
    standard = standard_of(review.year)
    answers = [place < deprived for place in range(len(standard.deprivations))]
    found = explain(Facts(Area.RURAL, None, score, answers), standard).poverty_class or ""
    Assessment.objects.create(
        household=household,
        review=review,
        area=Area.RURAL,
        score_b1=score,
        deprivations=signs(answers),
        standard_code=standard.code,
        national_class=found,
        local_class=found,
        note="Ví dụ, không có thật",
        entered_at=now,
    )
