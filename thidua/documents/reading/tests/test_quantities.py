"""Figures, their units and comparators, and what is no figure at all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua.documents.reading import vocabulary
from thidua.documents.reading.indicators import indicators
from thidua.documents.reading.matching import flat
from thidua.documents.reading.quantities import baseline_of, deadlines_of, quantities_of


@pytest.mark.parametrize(
    ("text", "comparator", "value", "unit"),
    [
        ("đạt 41,6%", "stated", "41.6", "pct"),
        ("1.5% số hộ", "stated", "1.5", "pct"),
        ("04 xã", "stated", "4", "commune"),
        ("2.989,5 triệu đồng", "stated", "2989.5", "million_vnd"),
        ("không dưới 12 giờ", "gte", "12", "hour"),
        ("không quá 05 đơn vị", "lte", "5", "agency"),
        ("hơn 500 hộ nghèo", "gt", "500", "household"),
        ("từ 20 người trở xuống", "lte", "20", "person"),
        ("ít nhất một mô hình", "gte", "1", "model"),
        ("5/12 (đạt 41,6%) xã", "stated", "5", "commune"),
    ],
)
def test_one_figure(text: str, comparator: str, value: str, unit: str) -> None:
    (quantity,) = quantities_of(text)
    assert (quantity.comparator, quantity.value, quantity.unit) == (comparator, Decimal(value), unit)


@pytest.mark.parametrize(
    "text",
    [
        "ngày 01/10/2022", "giai đoạn 2021-2025 huyện phụ trách", "Quyết định số 25 xã", "Điều 5 đơn vị",
        "năm 2025 xã", "Nghị quyết số 25/2021/QH15", "lần thứ 3 nhà", "quý III", "theo 4G", "tháng 6 đơn vị",
        "lớp 5 hộ",
    ],
)  # fmt: skip
def test_dates_names_and_numbers_of_documents_are_no_figures(text: str) -> None:
    assert quantities_of(text) == []


def test_unit_is_told_by_its_accents() -> None:
    assert [quantity.unit for quantity in quantities_of("giảm 500 hộ so với đầu kỳ, 20 hồ sơ")] == [
        "household",
        "file",
    ]


def test_range_may_be_printed_with_dash_or_words() -> None:
    spans = [
        (quantity.low, quantity.high)
        for quantity in quantities_of("60-70 %; từ 5% đến 10%; 01 - 02 xã; 8 – 8,5%")
    ]
    assert spans == [
        (Decimal(60), Decimal(70)),
        (Decimal(5), Decimal(10)),
        (Decimal(1), Decimal(2)),
        (Decimal(8), Decimal("8.5")),
    ]


def test_denominator_is_no_baseline() -> None:
    assert baseline_of("dưới 1,5% so với tổng số hộ dân") is None
    assert baseline_of("giảm 60% so với đầu kỳ") == {"when": "đầu kỳ"}


@pytest.mark.parametrize(
    "text",
    [
        "giai đoạn 2021 - 2025",
        "so với năm 2020",
        "Quyết định ngày 02/6/2022",
        "từ năm 2022",
        "năm học 2020-2021",
    ],
)
def test_periods_baselines_and_citations_are_no_deadlines(text: str) -> None:
    assert deadlines_of(text) == []


@given(st.text(alphabet=st.sampled_from("0123456789.,%/-–() abxãhộtừđếnitr;:"), max_size=60))
def test_any_text_is_read_without_error(text: str) -> None:
    for quantity in quantities_of(text):
        assert 0 <= quantity.start <= quantity.number_start < quantity.end <= len(text)
    deadlines_of(text)


@pytest.mark.parametrize("name", ["indicators", "units", "subjects", "award_forms"])
def test_patterns_of_the_vocabulary_are_flat_text(name: str) -> None:
    for entry in vocabulary.load(name):
        for pattern in (*entry.get("patterns", ()), *entry.get("words", ()), entry.get("pattern", "")):
            assert flat(pattern) == pattern, pattern


def test_codes_of_indicators_are_unique_and_golden_ones_are_there() -> None:
    codes = [indicator.code for entries in indicators().values() for indicator in entries]
    assert len(codes) == len(set(codes))
    assert {
        "poor_hh_rate",
        "communes_ntm_share",
        "rural_income_ratio",
        "registered_to_escape_poverty",
    } <= set(codes)
