"""The five sample plans after ./run: their targets against the published figures, on named days.

Guards what the demonstration is for. The figures are those of `data/indicators`; one load for all days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from config import filling
from thidua.accounts.models import User
from thidua.core import clock
from thidua.movements.models import Plan, Target, TargetBinding, Task
from thidua.movements.plans import demo
from thidua.movements.progress.judging import Judged, judge_all

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_is_enough]

#: The day on which ./run lives, after the figures of 2023, after the reform, after those of 2025.
DAYS = (date(2023, 11, 5), date(2024, 3, 1), date(2025, 8, 1), date(2026, 2, 1))
UNKNOWN = "Chưa xác định được"
BEHIND, ON_THE_WAY, MET = "Chậm tiến độ", "Đúng tiến độ", "Đạt"

#: Of each target for which anything is published: verdict and what is reached, on the four days.
EXPECTED: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("mau-000", "multidim_poor_hh_rate_decrease"): (
        (UNKNOWN, "24,26 %"),
        (UNKNOWN, "24,26 %"),
        (MET, "4,30 điểm %/năm"),
        (MET, "3,79 điểm %/năm"),
    ),
    ("mau-001", "poor_hh_rate_decrease"): (
        (UNKNOWN, "7,97 %"),
        (BEHIND, "2,79 điểm %/năm"),
        (BEHIND, "2,79 điểm %/năm"),
        (UNKNOWN, "2,79 điểm %/năm"),
    ),
    ("mau-001", "poor_hh_rate"): (
        (UNKNOWN, "7,97 %"),
        (ON_THE_WAY, "5,18 %"),
        (ON_THE_WAY, "5,18 %"),
        (UNKNOWN, "5,18 %"),
    ),
    ("mau-002", "multidim_poverty_rate_decrease"): (
        (UNKNOWN, "43,80 %"),
        (BEHIND, "5,90 điểm %/năm"),
        (BEHIND, "5,90 điểm %/năm"),
        (UNKNOWN, "5,90 điểm %/năm"),
    ),
    ("mau-003", "communes_ntm_share"): (
        (BEHIND, "88/128 xã (68,75 %)"),
        (BEHIND, "88/128 xã (68,75 %)"),
        (BEHIND, "97/128 xã (75,78 %)"),
        (BEHIND, "97/128 xã (75,78 %)"),
    ),
    ("mau-003", "communes_ntm_advanced_share"): (
        (UNKNOWN, ""),
        (UNKNOWN, ""),
        (BEHIND, "17/128 xã (13,28 %)"),
        (BEHIND, "17/128 xã (13,28 %)"),
    ),
    ("mau-003", "communes_ntm_model_share"): (
        (UNKNOWN, ""),
        (UNKNOWN, ""),
        (BEHIND, "6/128 xã (4,69 %)"),
        (BEHIND, "6/128 xã (4,69 %)"),
    ),
    ("mau-003", "district_units_ntm"): (
        (UNKNOWN, ""),
        (UNKNOWN, ""),
        (MET, "2 huyện"),
        (MET, "2 huyện"),
    ),
}
#: Nothing is published of these: they stay undetermined, and the page says who has the figures.
WITHOUT_FIGURES = {
    ("mau-000", "ethnic_poor_hh_rate_decrease"),
    ("mau-000", "poor_districts_escaped"),
    ("mau-001", "ethnic_poor_hh_rate_decrease"),
    ("mau-002", "ethnic_poor_hh_rate_decrease"),
    ("mau-002", "especially_difficult_communes_escaped"),
    ("mau-002", "especially_difficult_villages_escaped_share"),
    ("mau-003", "communes_below_15_criteria"),
    ("mau-003", "rural_income_ratio"),
    ("mau-003", "villages_ntm"),
}


@pytest.fixture
def _filled(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.DEMO, settings.DATA_DIR = True, tmp_path
    with clock.fixed_on(DAYS[0]):
        filling.fill()
        yield


def judged(day: date) -> dict[tuple[str, str], Judged]:
    targets = Target.objects.exclude(plan__versions__document=None)
    rows = judge_all(targets.select_related("item", "plan").order_by("pk"), on=day)
    address = dict(Plan.objects.values_list("pk", "versions__document__address"))
    return {(address[row.target.plan_id], row.target.indicator): row for row in rows}


@pytest.mark.usefixtures("_filled")
def test_the_five_plans_show_their_targets_against_the_published_figures(client: Client) -> None:
    assert Plan.objects.exclude(versions__document=None).count() == 5
    by_day = [judged(day) for day in DAYS]
    found = {
        key: tuple((day[key].judgement.label, day[key].judgement.reached_words) for day in by_day)
        for key in by_day[0]
    }
    nothing = {key: ((UNKNOWN, ""),) * len(DAYS) for key in WITHOUT_FIGURES}
    assert found == EXPECTED | nothing

    # Every target is measured by what the reader offers, and a person has confirmed it.
    assert TargetBinding.objects.filter(is_confirmed=True).count() == len(found) == 17

    # The year that Đắk Nông missed: 2,79 of 3.
    (step,) = by_day[1]["mau-001", "poor_hh_rate_decrease"].judgement.steps
    assert (step.last_year, step.fall, step.is_enough) == (2023, Decimal("2.79"), False)
    # Phong Thổ: 5,9 of 6–7, and only a forecast after that.
    (step,) = by_day[2]["mau-002", "multidim_poverty_rate_decrease"].judgement.steps
    assert (step.last_year, step.fall, step.is_enough) == (2023, Decimal("5.90"), False)

    _the_pages_show_them(client)
    _a_second_load_changes_nothing()


def _the_pages_show_them(client: Client) -> None:
    client.force_login(User.objects.get(username="quangbinh-stnmt-lanhdao"))
    for address in ("/chi-tieu/", "/chi-tieu/dieu-hanh/"):
        text = client.get(address).content.decode()
        assert "88/128" in text
        assert BEHIND in text
    # With one figure only nothing follows yet; the leader sees it all the same, and what is missing.
    client.force_login(User.objects.get(username="phongtho-lanhdao"))
    text = client.get("/chi-tieu/dieu-hanh/").content.decode()
    assert "mới có 43,80 % (năm 2022); thiếu tỷ lệ nghèo đa chiều" in text
    client.force_login(User.objects.get(username="quangbinh-stnmt-lanhdao"))
    with clock.fixed_on(DAYS[2]):
        assert "17/128" in client.get("/chi-tieu/").content.decode()


def _a_second_load_changes_nothing() -> None:
    before = Counter(Task.objects.values_list("state", flat=True))
    for day in DAYS:
        with clock.fixed_on(day):
            for loaded in demo.load_all():
                assert not loaded.is_new
                assert demo.live(loaded, on=day) == 0
    assert Counter(Task.objects.values_list("state", flat=True)) == before
    assert TargetBinding.objects.count() == 17
