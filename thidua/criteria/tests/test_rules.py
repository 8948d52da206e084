"""The rule language: what is read comes back the same, what cannot be read says where."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from thidua.criteria.rule_sets import (
    SubjectRules,
    from_record,
    read_rule_set,
    rule_set_json,
)
from thidua.criteria.rules import (
    BadRule,
    Condition,
    Group,
    Judged,
    Junction,
    Op,
    Window,
    conditions,
    read_rule,
    rule_json,
    walk,
)
from thidua.criteria.tests.worked_cases import RECORDS, record

STEMS = sorted(path.stem for path in RECORDS.glob("0*.yaml"))
POINTS = {"indicator": "emulation_score", "op": "gte", "value": 90, "unit": "point"}


@pytest.mark.parametrize("stem", STEMS)
def test_rules_of_the_five_records_come_back_the_same(stem: str) -> None:
    for subject in record(stem)["subjects"]:
        for criterion in subject["criteria"]:
            if criterion["rule"] is not None:
                assert rule_json(read_rule(criterion["rule"])) == criterion["rule"]


@pytest.mark.parametrize("stem", STEMS)
def test_rule_sets_of_the_five_records_come_back_the_same(stem: str) -> None:
    rules = from_record(record(stem), code=stem)

    assert read_rule_set(rule_set_json(rules)) == rules


def test_criterion_of_s002_is_read_whole() -> None:
    rules = from_record(record("002_a2257aa210d7d8d8"))
    first = rules.of("S2").criteria[0]

    assert first.citation == "mục IV.1.b, dòng 73"
    assert (rules.setting.period, rules.setting.baseline_year) == ((2021, 2025), 2021)
    assert list(conditions(first.rule)) == [
        Condition(
            indicator="multidim_poverty_rate_decrease",
            op=Op.GTE,
            value=4,
            unit="pct_point",
            per="year",
            window=Window(3, "consecutive_years", "before_award_submission", True),
            applies_to="xã đặc biệt khó khăn vùng cao, biên giới",
        )
    ]


def test_criterion_without_a_rule_becomes_a_question() -> None:
    rules = from_record(record("000_51dafc052a60ed52"))

    assert [type(criterion.rule) for criterion in rules.criteria()] == [Judged]


def test_groups_nest_and_keep_their_places() -> None:
    rule = read_rule({"any_of": [POINTS, {"all_of": [POINTS, {"judged": "Có sáng kiến", "key": "a"}]}]})

    assert [place for place, _ in walk(rule)] == ["", "0", "1", "1.0", "1.1"]
    assert isinstance(rule, Group)
    assert rule.junction is Junction.ANY
    assert read_rule(rule_json(rule)) == rule


def test_decimals_stay_what_was_written() -> None:
    rule = read_rule(POINTS | {"value": 1.2})

    assert isinstance(rule, Condition)
    assert rule.value == Decimal("1.2")
    assert rule_json(rule)["value"] == 1.2


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        ([], "rule: quy tắc phải là một bảng khóa: giá trị"),
        ({"all_of": []}, "rule.all_of: phải là danh sách có ít nhất một điều kiện"),
        (
            {"all_of": [POINTS], "any_of": [POINTS]},
            "rule: ghi all_of hoặc any_of, không ghi cả hai; lồng một nhóm vào nhóm kia",
        ),
        ({"indicator": "a", "unit": "b"}, "rule: điều kiện thiếu «op»"),
        (
            {"all_of": [POINTS, POINTS | {"op": "more"}]},
            "rule.all_of[1].op: không nhận «more», chỉ nhận gte, gt, lte, lt, between, approx, stated, is",
        ),
        (POINTS | {"value": "90"}, "rule.value: phải là một số"),
        (POINTS | {"value": True}, "rule: có/không chỉ đi với op «is», không với «gte»"),
        (POINTS | {"value": 0.1234567890123456}, "rule.value: số có quá 15 chữ số, không giữ được chính xác"),
        (POINTS | {"op": "between"}, "rule: between cần value_min và value_max, không nhận value"),
        (
            {"indicator": "a", "unit": "b", "op": "between", "value_min": 3, "value_max": 2},
            "rule: value_min 3 lớn hơn value_max 2",
        ),
        (POINTS | {"window": {"years": 0}}, "rule.window.years: phải là số nguyên từ 1 trở lên"),
        (
            POINTS | {"window": {"years": 1, "months": 2}},
            "rule.window: chỉ ghi một khoảng thời gian, không ghi cả years và months",
        ),
        (POINTS | {"unit": " "}, "rule.unit: phải là chữ và không để trống"),
        (POINTS | {"where": {"form": 1}}, "rule.where: phải là một bảng khóa: chữ, như {form: giay_khen}"),
        ({"judged": "Tốt"}, "rule: điều kiện do người đánh giá cần «judged» (câu hỏi) và «key» (mã)"),
    ],
)
def test_wrong_rule_is_refused_with_its_place(found: Any, sentence: str) -> None:
    with pytest.raises(BadRule) as refusal:
        read_rule(found)

    assert str(refusal.value) == sentence


def test_unknown_key_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(BadRule, match=r"^rule: không hiểu khóa «valeu», chỉ nhận accept, applies_to, "):
        read_rule(POINTS | {"valeu": 1})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"format": "rules/9"}, "format: chỉ đọc được rules/1, không phải «rules/9»"),
        ({"subjects": [{"id": "S1"}]}, "subjects[0]: thiếu «subject_type»"),
        (
            {"subjects": [{"id": "S1", "subject_type": "commune", "criteria": []}]},
            "subjects[0].criteria: đối tượng không có tiêu chí nào",
        ),
        (
            {"subjects": [{"id": "S1", "subject_type": "commune", "criteria": [{"id": "S1", "text": "a"}]}]},
            "S1: mã dùng hai lần",
        ),
        (
            {"scales": {"xl": [{"label": "Tốt", "rule": {"all_of": [POINTS]}}]}},
            "scales.xl[0].rule: bậc của thang phải là một điều kiện đơn",
        ),
    ],
)
def test_wrong_rule_set_is_refused_with_its_place(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadRule) as refusal:
        read_rule_set({"code": "x", "subjects": []} | change)

    assert str(refusal.value) == sentence


def test_unknown_subject_is_refused_with_those_there_are() -> None:
    rules = from_record(record("003_235008805bb6ea95"))

    assert isinstance(rules.of("S1"), SubjectRules)
    with pytest.raises(KeyError, match="chỉ có S1, S2"):
        rules.of("S9")
