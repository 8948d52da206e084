"""Rules in words."""

from __future__ import annotations

from typing import Any

import pytest

from thidua.criteria.rule_sets import from_record
from thidua.criteria.rules import Condition, read_rule
from thidua.criteria.sentences import clauses, pieces, sentence
from thidua.criteria.tests.worked_cases import record

FALL = {
    "indicator": "multidim_poor_hh_rate_decrease",
    "op": "gte",
    "value": 4,
    "unit": "pct_point",
    "per": "year",
    "window": {"consecutive_years": 3, "anchor": "before_award_submission"},
}
POINTS = {"indicator": "emulation_score", "op": "gte", "value": 90, "unit": "point"}


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            FALL,
            "Tỷ lệ hộ nghèo đa chiều giảm từ 4 điểm phần trăm trở lên mỗi năm, trong 3 năm liên tục trước "
            "khi trình khen thưởng",
        ),
        (POINTS | {"op": "lt", "value": 1234.5}, "Điểm thi đua dưới 1.234,5 điểm"),
        (
            {"indicator": "late_files", "op": "lte", "value": 0, "unit": "file", "window": {"months": 6}},
            "«late_files» bằng không, trong 6 tháng",
        ),
        (
            {"indicator": "rank", "op": "lte", "value": 1, "unit": "rank", "label_vi": "Xếp hạng"},
            "Xếp hạng vị trí thứ nhất",
        ),
        (
            {"indicator": "registered_to_escape_poverty", "op": "is", "value": False, "unit": "bool"},
            "Không: đã tự nguyện đăng ký thoát nghèo",
        ),
        (
            POINTS | {"op": "between", "value_min": 70, "value_max": 79.5} | {"value": None},
            "Điểm thi đua đạt từ 70 đến 79,5 điểm",
        ),
        (
            {"judged": "có nhiều đóng góp.", "key": "a", "by": "Giám đốc"},
            "Có nhiều đóng góp (Giám đốc kết luận)",
        ),
        (
            {"any_of": [POINTS, {"all_of": [POINTS, {"judged": "Có mô hình", "key": "a"}]}]},
            "(điểm thi đua đạt từ 90 điểm trở lên); hoặc (điểm thi đua đạt từ 90 điểm trở lên; và có mô hình "
            "(người được giao đánh giá kết luận))",
        ),
        (
            {"indicator": "awards_held", "op": "gte", "value": 2, "unit": "award"}
            | {"where": {"form": "giay_khen"}, "window": {"years": 5}},
            "Số lần được khen thưởng từ 2 lần trở lên, chỉ tính hình thức «giay_khen», trong 5 năm",
        ),
        (POINTS | {"value": None}, "Điểm thi đua đạt (chưa rõ mức)"),
    ],
)
def test_rule_reads_as_a_sentence(rule: dict[str, Any], words: str) -> None:
    assert sentence(read_rule(rule)) == words


def test_rule_on_linked_subjects_says_on_whom() -> None:
    rule = from_record(record("002_a2257aa210d7d8d8")).of("S5").criteria[2].rule

    assert sentence(rule).startswith("Tất cả các xã được giao phụ trách: tỷ lệ nghèo đa chiều giảm")
    assert clauses(rule)[0] == (0, "Tất cả các xã được giao phụ trách: chỉ cần đạt một trong các điều kiện:")
    assert [depth for depth, _ in clauses(rule)] == [0, 1, 1]


def test_pieces_hold_what_a_form_shows() -> None:
    rule = read_rule(FALL | {"citation": "mục IV.1.b"})
    assert isinstance(rule, Condition)

    assert {piece.key: piece.words for piece in pieces(rule)} == {
        "indicator": "Tỷ lệ hộ nghèo đa chiều",
        "value": "từ 4 điểm phần trăm trở lên",
        "per": "mỗi năm",
        "baseline": "",
        "window": "trong 3 năm liên tục trước khi trình khen thưởng",
        "measured_at": "",
        "applies_to": "",
        "citation": "mục IV.1.b",
    }
