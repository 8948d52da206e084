"""The demonstration: one plan adopted and lived with, whenever and however often it is loaded."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from thidua.movements.models import PlanVersion, Task, TaskState
from thidua.movements.plans import demo
from thidua.movements.plans.tests.makers import issuer_of, sample_document

pytestmark = pytest.mark.django_db

DAY = date(2023, 11, 5)


@pytest.fixture
def _ready() -> None:
    sample_document(2)
    officer = issuer_of(2).officer
    officer.username, officer.is_demo = demo.OFFICER, True
    officer.save()


def states() -> Counter[str]:
    return Counter(Task.objects.values_list("state", flat=True))


@pytest.mark.usefixtures("_ready")
def test_the_plan_is_adopted_in_its_year_and_lived_with_once() -> None:
    loaded = demo.load()
    assert loaded.is_new
    assert set(Task.objects.exclude(year=None).values_list("year", flat=True)) == {2022, 2023, 2024, 2025}
    assert demo.live(loaded, on=DAY) == 40

    before = states()
    assert {TaskState.GIVEN, TaskState.ACCEPTED, TaskState.REPORTED, TaskState.DONE} <= set(before)
    assert Task.objects.filter(state__in=Task.OWED, due_on__lt=DAY).exists()

    again = demo.load()
    assert (again.version, again.is_new) == (loaded.version, False)
    for day in (DAY, date(2024, 3, 1), date(2026, 1, 5)):
        assert demo.live(again, on=day) == 0
    assert states() == before
    assert PlanVersion.objects.count() == 1


@pytest.mark.usefixtures("_ready")
@pytest.mark.parametrize("day", [date(2022, 8, 15), date(2022, 1, 3)])
def test_nothing_has_happened_on_the_day_of_adoption_or_before(day: date) -> None:
    assert demo.live(demo.load(), on=day) == 0
    assert set(states()) == {TaskState.GIVEN}


@pytest.mark.usefixtures("_ready")
@pytest.mark.parametrize("day", [date(2022, 8, 16), date(2026, 11, 20)])
def test_any_later_day_will_do(day: date) -> None:
    assert demo.live(demo.load(), on=day) > 0


def test_what_is_missing_is_said() -> None:
    assert demo.load().missing == "bản mẫu (thidua load-samples)"
    assert demo.live(demo.load(), on=DAY) == 0
