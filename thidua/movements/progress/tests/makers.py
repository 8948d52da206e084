"""Targets with figures for tests, in one call each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from thidua.indicators.models import (
    Aggregation,
    Direction,
    Indicator,
    IndicatorKind,
    Stage,
    Standard,
    System,
    Value,
)
from thidua.movements.models import Plan, Target
from thidua.movements.tests.makers import make_item
from thidua.organisations.models import Unit

MULTIDIM: dict[str, Any] = {
    "quote": "Tỷ lệ nghèo đa chiều duy trì mức giảm 6 - 7%/năm",
    "indicator": "multidim_poverty_rate_decrease",
    "label_vi": "Mức giảm tỷ lệ nghèo đa chiều",
    "comparator": "between",
    "value_min": 6,
    "value_max": 7,
    "unit": "pct_point",
    "per": "year",
    "scope": "huyện Phong Thổ",
}


def make_standard(code: str = "ngheo-2022-2026", **fields: Any) -> Standard:
    return Standard.objects.create(
        **{"code": code, "name": "Chuẩn nghèo 2022 – 2025", "baseline_year": 2021, **fields}
    )


def make_indicator(code: str, name: str, **fields: Any) -> Indicator:
    return Indicator.objects.create(
        **{
            "code": code,
            "name": name,
            "name_order": name,
            "kind": IndicatorKind.COUNT,
            "system": System.REVIEW,
            "measure": "hộ",
            "aggregation": Aggregation.SUM,
            "direction": Direction.DOWN,
            **fields,
        }
    )


def make_rate(code: str = "multidim_poverty_rate", name: str = "Tỷ lệ nghèo đa chiều") -> Indicator:
    """A share of two counts."""
    above = make_indicator("poor_and_near_poor_hh", "Số hộ nghèo và cận nghèo")
    below = make_indicator("total_households", "Tổng số hộ", direction=Direction.NONE)
    return make_indicator(
        code,
        name,
        kind=IndicatorKind.SHARE,
        measure="%",
        decimals=2,
        aggregation=Aggregation.RATIO,
        numerator=above,
        denominator=below,
    )


def make_value(
    indicator: Indicator,
    unit: Unit,
    year: int,
    amount: str,
    *,
    standard: Standard | None = None,
    **fields: Any,
) -> Value:
    return Value.objects.create(
        indicator=indicator,
        unit=unit,
        since=date(year, 1, 1),
        until=date(year + 1, 1, 1),
        amount=Decimal(amount),
        standard=standard,
        **{"stage": Stage.OFFICIAL, **fields},
    )


def make_target(
    plan: Plan, scope: Unit | None, *, key: str = "T1", entry: dict[str, Any] | None = None, **fields: Any
) -> Target:
    """A target in force, as adoption makes it from an entry of `golden/1`."""
    said = entry or MULTIDIM
    item = make_item(plan.versions.get(), "targets", key, said)
    item.search_text = item.words_to_find
    item.save(update_fields=["search_text"])
    low = said.get("value_min", said.get("value"))
    high = said.get("value_max")
    return Target.objects.create(
        **{
            "plan": plan,
            "item": item,
            "indicator": said["indicator"],
            "label": said["label_vi"],
            "comparator": said["comparator"],
            "value": None if low is None else Decimal(str(low)),
            "value_max": None if high is None else Decimal(str(high)),
            "unit": said["unit"],
            "per": said.get("per", ""),
            "first_year": 2021,
            "last_year": 2025,
            "scope_unit": scope,
            "scope_text": said.get("scope", ""),
            **fields,
        }
    )
