"""Figures reach the rule engine with their source, stage, coverage and standard, and judge as they should."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from thidua.criteria.explaining import in_short
from thidua.criteria.facts import Facts, Setting, SubjectFacts
from thidua.criteria.facts import Figure as Fact
from thidua.criteria.needs import needs_of
from thidua.criteria.reasons import Lack, Outcome
from thidua.criteria.rules import read_rule
from thidua.criteria.verdicts import evaluate
from thidua.indicators.facts_for_rules import days_of, gather
from thidua.indicators.models import Source, Stage, Standard
from thidua.indicators.tests.figure_world import FigureWorld, figure_world

pytestmark = pytest.mark.django_db

FALL = read_rule(
    {
        "indicator": "poor_hh_rate_decrease",
        "op": "gte",
        "value": 4,
        "unit": "pct_point",
        "per": "year",
        "window": {"consecutive_years": 1},
    }
)
ON = date(2024, 11, 5)


@pytest.fixture
def made() -> FigureWorld:
    return figure_world()


def known(made: FigureWorld, unit: str, *needed: tuple[str, str]) -> dict[tuple[str, str], Fact]:
    pk = made.world.unit(unit).pk
    return dict(gather(needed, [pk]).figures[pk])


def test_count_comes_with_source_stage_and_standard(made: FigureWorld) -> None:
    paper = Source.objects.create(code="qd-12", title="Quyết định 12", number="12/QĐ-UBND")
    made.give("poor_hh", "dao-san", 250, stage=Stage.OFFICIAL, source=paper)
    pk = made.world.unit("dao-san").pk

    found = gather([("poor_hh", "2023"), ("poor_hh", "2022"), ("tasks_on_time_share", "2023")], [pk])
    assert found.figures == {
        pk: {
            ("poor_hh", "2023"): Fact(
                Decimal(250), f"nguon:{paper.pk}", "chinh_thuc", (1, 1), "ngheo-2022-2026"
            )
        }
    }
    assert found.sources[f"nguon:{paper.pk}"].number == "12/QĐ-UBND"


def test_share_of_two_counts_is_rounded_as_printed(made: FigureWorld) -> None:
    made.give("total_households", "dao-san", 900)
    made.give("poor_hh", "dao-san", 451)

    assert known(made, "dao-san", ("poor_hh_rate", "2023"))["poor_hh_rate", "2023"].value == Decimal("50.11")


def test_sum_of_which_not_all_have_reported_is_not_judged_by(made: FigureWorld) -> None:
    made.give("poor_hh", "dao-san", 250)

    figure = known(made, "phong-tho", ("poor_hh", "2023"))["poor_hh", "2023"]
    assert figure.coverage is not None
    assert figure.coverage[0] < figure.coverage[1]
    assert not figure.is_complete


def test_forecast_is_handed_on_as_one(made: FigureWorld) -> None:
    made.give("poor_hh", "dao-san", 250, stage=Stage.FORECAST)

    assert known(made, "dao-san", ("poor_hh", "2023"))["poor_hh", "2023"].stage == "uoc"


def test_nothing_arose_is_a_known_zero(made: FigureWorld) -> None:
    made.give("poor_hh", "dao-san", None)

    assert known(made, "dao-san", ("poor_hh", "2023"))["poor_hh", "2023"].value == 0


def test_only_the_standard_that_is_asked_for_counts(made: FigureWorld) -> None:
    other = Standard.objects.create(code="khac", name="Khác", since=date(2021, 1, 1), until=date(2024, 1, 1))
    made.give("poor_hh", "dao-san", 250)
    pk = made.world.unit("dao-san").pk

    assert gather([("poor_hh", "2023")], [pk], standard=other).figures == {pk: {}}
    assert gather([("poor_hh", "2023")], [pk], standard=made.standard).figures[pk] != {}


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("2024", (date(2024, 1, 1), date(2025, 1, 1))),
        ("2024-Q4", (date(2024, 10, 1), date(2025, 1, 1))),
        ("2024-12", (date(2024, 12, 1), date(2025, 1, 1))),
        ("2024-13", None),
        ("2021/2025", None),
        ("", None),
        ("dot-1", None),
    ],
)
def test_periods_of_rules_are_days(period: str, days: tuple[date, date] | None) -> None:
    assert days_of(period) == days


def test_commune_is_judged_by_what_was_entered(made: FigureWorld) -> None:
    for year, poor in ((2022, 500), (2023, 461)):
        made.give("total_households", "dao-san", 1000, year=year)
        made.give("poor_hh", "dao-san", poor, year=year)
    pk = made.world.unit("dao-san").pk
    setting = Setting(judged_year=2023)
    needed = needs_of(FALL, on=ON, setting=setting)

    found = gather(needed.figures, [pk])
    facts = Facts({"dao-san": SubjectFacts("Xã Dào San", found.figures[pk])}, found.sources)
    verdict = evaluate(FALL, facts, ON, subject="dao-san", setting=setting)
    assert (verdict.outcome, verdict.is_near) == (Outcome.NOT_MET, True)
    assert in_short(verdict, FALL, facts).startswith("Gần đạt: năm 2023: giảm 3,9 điểm phần trăm, từ 50 %")
    later = Setting(judged_year=2024)
    unknown = evaluate(FALL, facts, ON, subject="dao-san", setting=later)
    assert [(one.lack, one.period) for one in unknown.missing] == [(Lack.FIGURE, "2024")]


def test_queries_do_not_grow_with_units(made: FigureWorld, django_assert_max_num_queries: object) -> None:
    made.give("poor_hh", "dao-san", 250)
    made.give("poor_hh", "mu-sang", 150)
    units = [made.world.unit(key).pk for key in ("dao-san", "mu-sang")]
    for ids in (units[:1], units):
        with django_assert_max_num_queries(4):  # type: ignore[operator]  # a fixture without types
            assert len(gather([("poor_hh", "2023")], ids).figures) == len(ids)
