"""Amounts, times and rules in words."""

from __future__ import annotations

from typing import Any

import pytest

from thidua.documents import sentences, wording
from thidua.documents.reading import schema
from thidua.documents.reading.vocabulary import load


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (
            {"comparator": "between", "value_min": 6, "value_max": 7, "unit": "pct_point", "per": "year"},
            "từ 6 đến 7 điểm % mỗi năm",
        ),
        ({"comparator": "gte", "value": 87, "unit": "pct"}, "từ 87 % trở lên"),
        ({"comparator": "stated", "value": 41.6, "unit": "pct"}, "41,6 %"),
        ({"comparator": "lt", "value": 1.5, "unit": "pct"}, "dưới 1,5 %"),
        (
            {"op": "gt", "value": 60, "unit": "pct_change", "baseline": "đầu kỳ (fn.2)"},
            "trên 60 % so với đầu kỳ (chú thích 2)",
        ),
        (
            {
                "comparator": "gte",
                "value": 1.5,
                "unit": "ratio",
                "baseline": {"when": "cuối năm 2020", "year": 2020},
            },
            "từ 1,5 lần trở lên so với cuối năm 2020",
        ),
        ({"comparator": "gte", "value": 2500, "unit": "million_vnd"}, "từ 2.500 triệu đồng trở lên"),
        ({"op": "is", "value": True, "unit": "bool"}, "có"),
        ({"comparator": "stated", "value": 3, "unit": "green_thing"}, "3 green thing"),
        ({"comparator": "gte"}, ""),
    ],
)
def test_amount(entry: dict[str, Any], words: str) -> None:
    assert sentences.amount(entry) == words


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (None, ""),
        (
            {"month": 11, "day": 10, "bound": "before", "recurrence": "annual", "raw": "Trước …"},
            "trước ngày 10/11 hằng năm",
        ),
        ({"year": 2026, "month": 11, "day": 20}, "ngày 20/11/2026"),
        ({"year": 2025, "raw": "đến năm 2025"}, "đến năm 2025"),
        ({"year": 2022, "quarter": 3, "bound": "from", "raw": "từ quý III năm 2022"}, "từ quý III/2022"),
        ({"year": 2022, "month": 6, "bound": "within"}, "trong tháng 6/2022"),
        ({"day": 18, "recurrence": "monthly"}, "ngày 18 hằng tháng"),
        ({"from": 2022, "to": 2025, "raw": "Giai đoạn 2022-2025"}, "giai đoạn 2022 – 2025"),
        ({"so_ket": 2023, "tong_ket": 2025}, "sơ kết năm 2023, tổng kết năm 2025"),
        ({"recurrence": "annual", "raw": "hằng năm"}, "hằng năm"),
        ({"offset": {"days": 5, "after": "hội nghị"}, "raw": "sau hội nghị 5 ngày"}, "sau hội nghị 5 ngày"),
        ({"raw": "ngay sau Tết"}, "ngay sau Tết"),
    ],
)  # fmt: skip
def test_time(when: dict[str, Any] | None, words: str) -> None:
    assert sentences.when_in_words(when) == words


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("2026-11-20", "ngày 20/11/2026"),
        ("2022-07", "tháng 07/2022"),
        ("2022", "năm 2022"),
        ("", ""),
        (None, ""),
        ("2022-02-31", "năm 2022-02-31"),
        ("20XX", "năm 20XX"),
    ],
)
def test_date_of_which_only_part_is_known(edtf: str | None, words: str) -> None:
    assert sentences.dated_in_words(edtf) == words


def test_rule_of_alternatives_is_one_sentence_for_each() -> None:
    rule = {
        "any_of": [
            {
                "indicator": "multidim_poverty_rate_decrease",
                "op": "gte",
                "value": 4,
                "unit": "pct_point",
                "per": "year",
                "window": {"consecutive_years": 3, "anchor": "before_award_submission"},
                "applies_to": "xã vùng cao",
            },
            {"indicator": "registered_to_escape_poverty", "op": "is", "value": True, "unit": "bool"},
        ]
    }

    assert sentences.connective(rule) == "Chỉ cần đạt một trong các điều kiện:"
    assert sentences.clauses(rule) == [
        "Mức giảm tỷ lệ nghèo đa chiều: từ 4 điểm % trở lên mỗi năm, trong 3 năm liên tục "
        "trước khi trình khen thưởng, áp dụng với xã vùng cao",
        "Đăng ký thoát nghèo",
    ]


def test_rule_of_one_condition_has_no_connective() -> None:
    assert sentences.connective({"all_of": [{"indicator": "poor_hh_rate", "op": "lt", "value": 2}]}) == ""
    assert sentences.connective(None) == ""
    assert sentences.clauses(None) == []


def test_stated_count_tells_printed_and_computed_share_apart() -> None:
    target = {"value": 5, "stated_count": {"of": 12, "stated_pct": 41.6, "computed_pct": 41.67}}

    assert sentences.stated_count(target) == "5/12, văn bản ghi 41,6 %, tính ra 41,67 %"


def test_signing_office_gives_each_prefix_its_row() -> None:
    signature = {
        "authority_prefix": ["TM.", "KT."],
        "on_behalf_of": "ỦY BAN NHÂN DÂN",
        "signed_for": "CHỦ TỊCH",
        "title": "PHÓ CHỦ TỊCH",
    }

    assert sentences.signing_office(signature) == ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]


def test_codes_of_the_vocabulary_have_words() -> None:
    """Whoever adds a unit or a kind of subject to the reader says here how people call it."""
    units = {entry["code"] for entry in load("units")}
    subjects = {entry["type"] for entry in load("subjects")}

    assert units - set(wording.UNITS) == set()
    assert subjects - set(sentences.SUBJECT_TYPES) == set()
    assert {entry["theme"] for entry in load("themes")} - set(sentences.THEMES) == set()


def test_codes_of_the_schema_have_words() -> None:
    assert set(schema.AWARD_LEVELS) - {None} == set(sentences.AWARD_LEVELS)
    assert set(schema.CAPACITIES) - {None} == set(sentences.CAPACITIES)
    assert set(schema.RECIPIENT_PURPOSES) - {None} == set(sentences.RECIPIENT_PURPOSES)


def test_condition_without_an_indicator_is_its_figure() -> None:
    rule = {"all_of": [{"indicator": "other", "op": "gte", "value": 80, "unit": "pct"}]}

    assert sentences.clauses(rule) == ["từ 80 % trở lên"]
