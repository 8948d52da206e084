"""From stored values to marks: days within a year, totals of shares, standards, scopes of the nation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from thidua.indicators.models import Aggregation, Direction, Indicator, Source, Stage, System, Total
from thidua.movements.models import Plan, Target
from thidua.movements.progress.binding import Measured, measured
from thidua.movements.progress.figures import marks_of
from thidua.movements.progress.judging import judge, judge_all
from thidua.movements.progress.tests.makers import (
    MULTIDIM,
    make_indicator,
    make_rate,
    make_standard,
    make_target,
    make_value,
)
from thidua.movements.progress.trajectory import Mark
from thidua.movements.progress.verdicts import Verdict
from thidua.movements.tests.makers import make_plan, phong_tho_plan
from thidua.organisations.models import UnitKind
from thidua.organisations.tests.world import World, make_unit, phong_tho

COMMUNES = {
    "quote": "có ít nhất 87% số xã đạt chuẩn nông thôn mới (112 xã)",
    "indicator": "communes_ntm_share",
    "label_vi": "Tỷ lệ xã đạt chuẩn nông thôn mới",
    "comparator": "gte",
    "value": 87,
    "unit": "pct",
    "stated_count": {"count": 112, "implied_base": 128.7},
}


@pytest.fixture
def world(db: None) -> World:
    return phong_tho()


@pytest.fixture
def plan(world: World) -> Plan:
    return phong_tho_plan(world)


def make_communes() -> tuple[Indicator, Indicator]:
    fields = {"system": System.NEW_RURAL, "measure": "xã", "aggregation": Aggregation.COUNT_UNITS}
    total = make_indicator("communes_total", "Tổng số xã", direction=Direction.NONE, **fields)
    return make_indicator("communes_ntm", "Số xã đạt chuẩn", direction=Direction.UP, **fields), total


def marks(target: Target) -> tuple[Mark, ...]:
    one = measured([target])[target.pk]
    assert isinstance(one, Measured)
    return marks_of({target.pk: one})[target.pk]


def test_share_over_the_total_of_the_nearest_year_before(world: World) -> None:
    province = make_unit("quang-binh", "tỉnh Quảng Bình", UnitKind.PROVINCE, parent=world.unit("viet-nam"))
    met, total = make_communes()
    make_value(total, province, 2023, "128")
    make_value(met, province, 2021, "88")
    make_value(met, province, 2025, "97", stage=Stage.REGULAR, note="Tính đến 23/06/2025")
    target = make_target(make_plan(province), province, entry=COMMUNES)

    assert [(one.on, one.part, one.whole) for one in marks(target)] == [
        (date(2021, 12, 31), Decimal(88), Decimal(128)),
        (date(2025, 6, 23), Decimal(97), Decimal(128)),
    ]
    judgement = judge(target, on=date(2025, 6, 30))
    assert (judgement.verdict, judgement.reached_words) == (Verdict.BEHIND, "97/128 xã (75,78 %)")
    assert "112/128 là 87,5 %, kế hoạch ghi 87 %." in judgement.remarks


def test_figure_of_some_day_within_a_year_is_never_its_end(world: World, plan: Plan) -> None:
    rate, standard = make_rate(), make_standard()
    make_value(rate, world.unit("phong-tho"), 2025, "20", standard=standard, stage=Stage.REGULAR)

    (mark,) = marks(make_target(plan, world.unit("phong-tho")))

    assert (mark.is_vague, mark.is_year_end) == (True, False)


def test_counts_of_all_units_below_make_the_rate_and_incomplete_ones_do_not(world: World, plan: Plan) -> None:
    rate, standard, district = make_rate(), make_standard(), world.unit("phong-tho")
    make_value(rate, district, 2023, "37.9", standard=standard)

    def total(indicator: Indicator | None, year: int, amount: int, reported: int) -> None:
        assert indicator is not None
        Total.objects.create(
            indicator=indicator,
            unit=district,
            since=date(year, 1, 1),
            until=date(year + 1, 1, 1),
            standard=standard,
            amount=amount,
            reported=reported,
            expected=3,
        )

    for year, reported in ((2022, 3), (2023, 2)):
        total(rate.numerator, year, 4000, reported)
        total(rate.denominator, year, 10000, reported)

    assert [(one.year, one.amount, one.part) for one in marks(make_target(plan, district))] == [
        (2022, Decimal(40), Decimal(4000)),
        (2023, Decimal("37.9"), None),
    ]


def test_forecast_and_source_go_with_the_mark(world: World, plan: Plan) -> None:
    rate, standard = make_rate(), make_standard()
    source = Source.objects.create(title="Báo Lai Châu")
    make_value(
        rate, world.unit("phong-tho"), 2024, "32.5", standard=standard, stage=Stage.FORECAST, source=source
    )

    (mark,) = marks(make_target(plan, world.unit("phong-tho")))

    assert (mark.is_forecast, mark.stage, mark.source, mark.series) == (
        True,
        "ước thực hiện",
        "Báo Lai Châu",
        standard.name,
    )


def test_poverty_is_judged_by_the_standard_of_the_target_s_last_year(world: World, plan: Plan) -> None:
    rate, district = make_rate(), world.unit("phong-tho")
    old = make_standard(
        "ngheo-2016-2020",
        name="Chuẩn 2016 – 2020",
        baseline_year=2015,
        since=date(2016, 1, 1),
        until=date(2022, 1, 1),
    )
    make_standard(since=date(2022, 1, 1), until=date(2027, 1, 1))
    make_value(rate, district, 2020, "17.18", standard=old)

    judgement = judge(make_target(plan, district), on=date(2024, 1, 15))

    assert judgement.verdict is Verdict.UNKNOWN
    assert [mark.year for mark in judgement.aside] == [2020]
    assert judgement.missing == ("Tỷ lệ nghèo đa chiều năm 2021–2023 – hỏi huyện Phong Thổ",)


def test_target_of_the_whole_country_takes_the_figures_of_the_nation(world: World) -> None:
    rate, standard = make_rate(), make_standard()
    plan = make_plan(world.unit("viet-nam"))
    for year, amount in ((2022, "7.52"), (2023, "5.71")):
        make_value(rate, world.unit("viet-nam"), year, amount, standard=standard)
    target = make_target(plan, None, entry={**MULTIDIM, "value_min": 1, "value_max": 1.5, "scope": "cả nước"})

    (judged,) = judge_all([target], on=date(2024, 1, 15))

    assert (judged.unit_label, judged.judgement.verdict) == ("Việt Nam", Verdict.ON_THE_WAY)
    assert judged.judgement.reached_words == "1,81 điểm %/năm"
