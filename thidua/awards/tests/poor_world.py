"""The communes of Phong Thổ with invented poverty figures, and criteria of their plan as S002 has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from thidua.awards.models import AwardRound
from thidua.awards.tests.makers import make_award_round, offer
from thidua.indicators.models import Aggregation, Indicator, IndicatorKind, Stage, Standard, Value
from thidua.indicators.tests.figure_world import make_indicator
from thidua.movements.models import Plan
from thidua.movements.tests.makers import make_item, phong_tho_plan
from thidua.organisations.models import Grouping, GroupingKind, Membership
from thidua.organisations.tests.world import World, phong_tho

HARD = "xã đặc biệt khó khăn vùng cao, biên giới"
RULE = {
    "all_of": [
        {
            "indicator": "multidim_poverty_rate_decrease",
            "op": "gte",
            "value": 4,
            "unit": "pct_point",
            "per": "year",
            "window": {"consecutive_years": 3, "anchor": "before_award_submission"},
            "applies_to": HARD,
        }
    ]
}
#: Rates at the end of each year: one commune falls 4 points each year, one by 3,9 in 2022, of one a year is
#: missing.
RATES = {
    "huoi-luong": {2019: "60", 2020: "56", 2021: "51.5", 2022: "47"},
    "dao-san": {2019: "58", 2020: "54", 2021: "50", 2022: "46.1"},
    "mu-sang": {2019: "62", 2020: "57", 2022: "48"},
}


@dataclass
class PoorWorld:
    world: World
    plan: Plan
    round: AwardRound


def give_rate(world: World, unit: str, year: int, amount: str) -> Value:
    return Value.objects.create(
        indicator=Indicator.objects.get(code="multidim_poverty_rate"),
        unit=world.unit(unit),
        since=date(year, 1, 1),
        until=date(year + 1, 1, 1),
        standard=Standard.objects.get(code="chuan"),
        stage=Stage.OFFICIAL,
        amount=Decimal(amount),
    )


def poor_world() -> PoorWorld:
    world = phong_tho()
    plan = phong_tho_plan(world)
    version = plan.versions.get()
    version.first_year, version.last_year = 2021, 2025
    version.save()
    commune = {"subject_type": "commune", "subject_label": "Cấp xã", "kind": "quantitative"}
    make_item(version, "criteria", "S2.c1", {**commune, "text": "Xã giảm 4 %/năm", "rule": RULE})
    person = {"subject_type": "individual", "subject_label": "Cán bộ"}
    in_charge = {"any_of": RULE["all_of"], "evaluated_on": "communes supervised by the member"}
    make_item(
        version,
        "criteria",
        "S5.c3",
        {**person, "kind": "quantitative", "text": "Phụ trách xã giảm nghèo", "rule": in_charge},
    )
    poor = make_indicator("poor_and_near_poor_hh", "Hộ nghèo và cận nghèo")
    every = make_indicator("total_households", "Tổng số hộ")
    make_indicator(
        "multidim_poverty_rate",
        "Tỷ lệ nghèo đa chiều",
        kind=IndicatorKind.SHARE,
        aggregation=Aggregation.RATIO,
        measure="%",
        decimals=2,
        numerator=poor,
        denominator=every,
    )
    Standard.objects.create(code="chuan", name="Chuẩn 2022–2025")
    for unit, rates in RATES.items():
        for year, amount in rates.items():
            give_rate(world, unit, year, amount)
    for kind in (GroupingKind.HARD_COMMUNE, GroupingKind.BORDER):
        grouping = Grouping.objects.create(kind=kind, name=str(kind.label))
        for unit in RATES:
            Membership.objects.create(grouping=grouping, unit=world.unit(unit))
    round_ = make_award_round(world.unit("phong-tho"), world.unit("phong-ldtbxh"), plan=plan)
    offer(round_, subject_rules="S2")
    return PoorWorld(world, plan, round_)
