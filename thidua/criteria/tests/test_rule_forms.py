"""The form of a rule: what it shows is what comes back, and mistakes are told beside their field."""

from __future__ import annotations

from typing import Any

import pytest

from thidua.criteria.rule_forms import (
    ConditionForm,
    can_be_edited,
    conditions_of,
    initial_of,
    is_same,
    measure_choices,
    rule_of,
)
from thidua.criteria.rule_sets import from_record
from thidua.criteria.rules import BadRule, Condition, Judged, Junction, read_rule, rule_json
from thidua.criteria.sentences import sentence
from thidua.criteria.tests.worked_cases import RECORDS, record

RULES = [
    criterion.rule
    for path in sorted(RECORDS.glob("0*.yaml"))
    for criterion in from_record(record(path.stem)).criteria()
    if not isinstance(criterion.rule, Judged)
]
FILLED = {
    "indicator": "multidim_poverty_rate_decrease",
    "op": "gte",
    "value": "4",
    "unit": "pct_point",
    "per": "year",
    "window_length": "3",
    "window_kind": "consecutive_years",
    "anchor": "before_award_submission",
}


def posted(condition: Condition) -> dict[str, str]:
    return {key: "" if value is None else str(value) for key, value in initial_of(condition).items()}


@pytest.mark.parametrize("rule", RULES, ids=[sentence(rule)[:40] for rule in RULES])
def test_rule_of_a_plan_comes_back_unchanged(rule: Any) -> None:
    junction, conditions = conditions_of(rule)
    forms = [ConditionForm(posted(one), original=one) for one in conditions]

    assert [form.errors for form in forms] == [{} for _ in forms]
    again = rule_of(junction, [form.condition for form in forms if form.condition], before=rule)
    assert is_same(again, rule)


def test_filled_form_becomes_a_condition() -> None:
    form = ConditionForm(FILLED)

    assert form.is_valid()
    assert form.condition is not None
    assert rule_json(form.condition) == {
        "indicator": "multidim_poverty_rate_decrease",
        "op": "gte",
        "value": 4,
        "unit": "pct_point",
        "per": "year",
        "window": {"consecutive_years": 3, "anchor": "before_award_submission"},
    }
    assert sentence(form.condition) == (
        "Tỷ lệ nghèo đa chiều giảm từ 4 điểm phần trăm trở lên mỗi năm, trong 3 năm liên tục trước khi trình "
        "khen thưởng"
    )


@pytest.mark.parametrize(("value", "read"), [("3,5", 3.5), ("1.234", 1234), ("Có", True), ("không", False)])
def test_values_are_read_as_people_write_them(value: str, read: Any) -> None:
    op = "is" if isinstance(read, bool) else "gte"
    form = ConditionForm(FILLED | {"value": value, "op": op})

    assert form.is_valid(), form.errors
    assert form.condition is not None
    assert rule_json(form.condition)["value"] == read


@pytest.mark.parametrize(
    ("change", "field", "sentence_"),
    [
        (
            {"value": "bốn"},
            "value",
            "Không hiểu «bốn». Ghi một số như 4 hoặc 1.234,5; câu hỏi thì ghi có hoặc không",
        ),
        ({"value": ""}, "value", "Chưa ghi mức phải đạt."),
        ({"op": "between", "value_max": ""}, "value", "Chưa ghi mức phải đạt, cần cả hai đầu."),
        ({"op": "between", "value_max": "3"}, "value_max", "Mức đầu 4 lớn hơn mức cuối 3."),
        ({"value": "có"}, "value", "Có, không chỉ đi với «đúng, hoặc có/không» ở ô Phải đạt."),
        ({"window_kind": ""}, "window_length", "Ghi cả con số và đơn vị của khoảng thời gian"),
        ({"indicator": "la"}, "indicator", ""),
    ],
)
def test_mistake_is_told_beside_its_field(change: dict[str, str], field: str, sentence_: str) -> None:
    form = ConditionForm(FILLED | change)

    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert str(form.errors[field][0]).startswith(sentence_)


def test_code_of_a_plan_that_is_not_listed_stays() -> None:
    known = read_rule({"indicator": "praise_slips", "op": "gte", "value": 20, "unit": "slip"})
    assert isinstance(known, Condition)
    form = ConditionForm(posted(known), original=known)

    assert form.is_valid(), form.errors
    assert form.condition == known


def test_nested_rules_are_not_edited_here() -> None:
    nested = read_rule({"any_of": [{"all_of": [{"judged": "a", "key": "b"}]}]})

    assert not can_be_edited(nested)
    with pytest.raises(ValueError, match="not edited"):
        conditions_of(nested)
    with pytest.raises(BadRule, match="ít nhất một điều kiện"):
        rule_of(Junction.ALL, [])


def test_choices_are_told_apart() -> None:
    names = [name for _, name in measure_choices()]

    same = {name for name in names if names.count(name) > 1}
    assert same == set()
