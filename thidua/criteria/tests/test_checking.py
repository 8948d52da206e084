"""Rule sets that cannot be right are found before anybody is judged by them."""

from __future__ import annotations

from typing import Any

import pytest

from thidua.criteria.checking import Severity, check, check_rule
from thidua.criteria.facts import Setting
from thidua.criteria.rule_sets import from_record, read_rule_set
from thidua.criteria.rules import read_rule
from thidua.criteria.tests.worked_cases import RECORDS, record

SETTING = Setting(period=(2021, 2025), baseline_year=2021)
POINTS = {"indicator": "emulation_score", "op": "gte", "value": 90, "unit": "point"}
FALL = {"indicator": "poor_hh_rate_decrease", "op": "gte", "value": 4, "unit": "pct_point", "per": "year"}


@pytest.mark.parametrize("stem", sorted(path.stem for path in RECORDS.glob("0*.yaml")))
def test_five_plans_have_nothing_to_mend(stem: str) -> None:
    assert check(from_record(record(stem))) == []


@pytest.mark.parametrize(
    ("rule", "kind", "text"),
    [
        (
            POINTS | {"indicator": "emulation_scores"},
            "unknown_indicator",
            "«emulation_scores» không có trong danh mục số đo; nếu đúng, số liệu phải được nhập dưới mã này",
        ),
        (
            POINTS | {"indicator": None},
            "no_indicator",
            "Điều kiện chưa nói đo bằng số liệu nào, hãy chọn một chỉ tiêu",
        ),
        (POINTS | {"value": None}, "no_threshold", "Điều kiện chưa nói phải đạt mức nào"),
        (
            POINTS | {"unit": "pct"},
            "unit",
            "đơn vị «pct» không hợp với «Điểm thi đua», chỉ nhận point",
        ),
        (
            {"indicator": "no_complaint", "op": "gte", "value": 1, "unit": "case"},
            "type",
            "«Không có đơn thư khiếu nại, phản ánh» là câu hỏi có hay không, "
            "nhưng điều kiện so với một con số",
        ),
        (
            FALL | {"window": {"consecutive_years": 6}},
            "window",
            "khoảng 6 năm dài hơn giai đoạn 2021 – 2025 của kế hoạch (5 năm)",
        ),
        (
            {
                "indicator": "poor_hh_count_decrease",
                "op": "gt",
                "value": 160,
                "unit": "pct_change",
                "baseline": "đầu kỳ",
            },
            "range",
            "không thể giảm 160 %, nhiều nhất là 100 %",
        ),
        (
            {"all_of": [POINTS, POINTS | {"op": "lt", "value": 80}]},
            "contradiction",
            "«Điểm thi đua» không thể cùng lúc từ 90 và dưới 80: không ai đạt được",
        ),
        (
            {"all_of": [POINTS, POINTS | {"op": "lt"}]},
            "contradiction",
            "«Điểm thi đua» không thể cùng lúc từ 90 và dưới 90: không ai đạt được",
        ),
        (
            {"any_of": [POINTS, POINTS | {"value": 95}]},
            "redundant",
            "điều kiện về «Điểm thi đua» đã nằm trong điều kiện khác, không thay đổi kết quả",
        ),
    ],
)
def test_mistake_is_found(rule: dict[str, Any], kind: str, text: str) -> None:
    found = check_rule(read_rule(rule), place="S1.c1", setting=SETTING)

    assert [(finding.kind, finding.text) for finding in found] == [(kind, text)]
    assert found[0].place.startswith("S1.c1")


def test_contradiction_is_found_through_groups_and_across_criteria() -> None:
    low = POINTS | {"op": "lt", "value": 80}
    nested = {"all_of": [{"any_of": [POINTS]}, {"all_of": [FALL, low]}]}

    assert [(one.place, one.kind) for one in check_rule(read_rule(nested), place="c", setting=SETTING)] == [
        ("c.1.1", "contradiction")
    ]
    criteria = [{"id": "a", "text": "a", "rule": POINTS}, {"id": "b", "text": "b", "rule": {"all_of": [low]}}]
    subject = {"id": "S", "subject_type": "agency", "criteria": criteria}
    found = {"code": "x", "subjects": [subject]}
    assert [(one.place, one.kind) for one in check(read_rule_set(found))] == [("b.0", "contradiction")]
    assert check(read_rule_set(found | {"subjects": [subject | {"combine": "any_of"}]})) == []


@pytest.mark.parametrize(
    "rule",
    [
        {"any_of": [{"all_of": [POINTS, FALL]}, POINTS | {"op": "lt", "value": 80}]},
        {"all_of": [POINTS, POINTS | {"op": "lte", "value": 95}]},
        {"any_of": [POINTS, POINTS | {"op": "lt", "value": 80}]},
        {"all_of": [FALL, {"indicator": "contributions", "op": "gte", "value": 1, "unit": "billion_vnd"}]},
        {"indicator": "awards_held", "op": "gte", "value": 1, "unit": "award", "window": {"years": 10}},
    ],
)
def test_sound_rule_has_no_findings(rule: dict[str, Any]) -> None:
    assert check_rule(read_rule(rule), setting=SETTING) == []


def test_change_without_a_base_year_is_found() -> None:
    rule = {
        "indicator": "poor_hh_count_decrease",
        "op": "gt",
        "value": 60,
        "unit": "pct_change",
        "baseline": "đầu kỳ",
    }

    found = check_rule(read_rule(rule), place="c", setting=Setting(period=(2021, 2025)))

    assert [(one.kind, one.severity) for one in found] == [("baseline", Severity.ERROR)]
    assert check_rule(read_rule(rule | {"baseline": "năm 2020"}), setting=Setting()) == []


def scale(*grades: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "code": "x",
        "scales": {
            "xep_loai": [
                {"label": label, "rule": {"indicator": "emulation_score", "unit": "point"} | rule}
                for label, rule in grades
            ]
        },
    }


def found_in(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(finding.kind, finding.text) for finding in check(read_rule_set(found))]


def test_grades_that_meet_are_sound_in_any_order() -> None:
    grades = (
        ("Tốt", {"op": "gte", "value": 80}),
        ("Trung bình", {"op": "lt", "value": 80}),
    )

    assert found_in(scale(*grades)) == []
    assert found_in(scale(*reversed(grades))) == []


def test_gap_and_overlap_between_grades_are_told() -> None:
    assert found_in(
        scale(
            ("Xuất sắc", {"op": "gt", "value": 90}),
            ("Tốt", {"op": "between", "value_min": 80, "value_max": 89}),
            ("Khá", {"op": "between", "value_min": 60, "value_max": 80}),
            ("Trung bình", {"op": "lt", "value": 60}),
        )
    ) == [
        ("overlap", "bậc «Khá» và bậc «Tốt» chồng lên nhau ở từ 80 đến 80"),
        (
            "gap",
            "giữa bậc «Tốt» và bậc «Xuất sắc» có khoảng trống từ 89 đến 90: không thuộc bậc nào",
        ),
    ]
