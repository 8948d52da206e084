"""Doubts about figures, as pure calculations on the published cases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua.indicators.checks import Doubt, Key, Rule, Severity, doubts, previous_period, rate_agrees

ALL, BOTH, POOR, NEAR, RATE = 1, 2, 3, 4, 5
RULES = {
    ALL: Rule(ALL, "Tổng số hộ", lowest=Decimal(0)),
    BOTH: Rule(BOTH, "Số hộ nghèo và cận nghèo", part_of_id=ALL, is_sum_of_parts=True),
    POOR: Rule(POOR, "Số hộ nghèo", lowest=Decimal(0), jump_percent=60, part_of_id=BOTH),
    NEAR: Rule(NEAR, "Số hộ cận nghèo", part_of_id=BOTH),
    RATE: Rule(RATE, "Tỷ lệ hộ nghèo", 2, Decimal(0), Decimal(100), numerator_id=POOR, denominator_id=ALL),
}
YEAR = (date(2022, 1, 1), date(2023, 1, 1))


def key(indicator: int, segment: str = "") -> Key:
    return Key(indicator, 7, *YEAR, None, segment)


def found(figures: dict[Key, Decimal], *of: Key) -> list[tuple[str, Severity]]:
    return [(doubt.code, doubt.severity) for doubt in doubts(of or list(figures), figures, RULES)]


def test_a_count_is_a_whole_number_within_its_range() -> None:
    assert found({key(POOR): Decimal("3.5")}) == [("decimals", Severity.STOP)]
    assert found({key(POOR): Decimal(-1)}) == [("range", Severity.STOP)]
    assert found({key(RATE): Decimal("100.5")}) == [("range", Severity.STOP)]
    assert found({key(RATE): Decimal("9.123")}) == [("decimals", Severity.STOP)]
    assert found({key(RATE): Decimal("9.12")}) == []


def test_a_jump_is_asked_about_only_above_the_threshold_and_against_a_known_figure() -> None:
    last = key(POOR)._replace(since=date(2021, 1, 1), until=date(2022, 1, 1))
    figures = {last: Decimal(100), key(POOR): Decimal(39)}
    [doubt] = doubts([key(POOR)], figures, RULES)
    assert doubt.sentence == (
        "Số hộ nghèo: 39, giảm 61,0 % so với 100 của kỳ trước. Kiểm tra lại, hoặc ghi lý do để giữ số."
    )
    assert found({last: Decimal(100), key(POOR): Decimal(40)}, key(POOR)) == []
    assert found({last: Decimal(0), key(POOR): Decimal(40)}, key(POOR)) == []
    assert found({key(POOR): Decimal(40)}) == []


def test_a_part_is_within_its_whole_from_whichever_side_it_is_given() -> None:
    figures = {key(ALL): Decimal(10), key(BOTH): Decimal(11)}
    assert found(figures, key(BOTH)) == [("part", Severity.STOP)]
    assert found(figures, key(ALL)) == [("part", Severity.STOP)]


def test_the_country_of_2022_does_not_add_up_and_is_asked_about() -> None:
    figures = {key(BOTH): Decimal(1972767), key(POOR): Decimal(1057374), key(NEAR): Decimal(915274)}
    [doubt] = doubts([key(BOTH)], figures, RULES)
    assert doubt == Doubt(
        key(BOTH),
        Severity.WARN,
        "sum",
        "Số hộ nghèo và cận nghèo là 1.972.767, còn số hộ nghèo + số hộ cận nghèo cộng được 1.972.648. "
        "Kiểm tra lại, hoặc ghi lý do để giữ số.",
    )
    del figures[key(NEAR)]
    assert found(figures, key(BOTH)) == []


def test_urban_and_rural_are_all_as_in_quang_binh() -> None:
    figures = {
        key(NEAR): Decimal(12248),
        key(NEAR, "urban"): Decimal(1013),
        key(NEAR, "rural"): Decimal(11235),
    }
    assert found(figures) == []
    figures[key(NEAR, "rural")] = Decimal(11237)
    assert found(figures, key(NEAR)) == [("areas", Severity.WARN)]
    figures[key(NEAR, "rural")] = Decimal(12249)
    assert found(figures, key(NEAR, "rural")) == [("segment", Severity.STOP)]


def test_a_printed_rate_is_compared_with_its_counts() -> None:
    figures = {key(POOR): Decimal(4643), key(ALL): Decimal(199765), key(RATE): Decimal("2.32")}
    assert found(figures, key(RATE)) == []
    figures[key(RATE)] = Decimal("2.40")
    [doubt] = doubts([key(RATE)], figures, RULES)
    assert "4.643/199.765 là 2,32 %, số ghi là 2,4 %" in doubt.sentence


@pytest.mark.parametrize(
    ("printed", "above", "below", "expected"),
    [
        ("41.6", 5, 12, False),
        ("41.7", 5, 12, True),
        ("68.8", 88, 128, True),
        ("71.4", 5869, 8225, True),
        ("51", 329, 646, True),
        ("87", 112, 128, False),
        ("9.12", 18221, 199765, True),
        ("9.11", 18221, 199765, False),
        ("9.13", 18221, 199765, True),
    ],
)
def test_rates_as_documents_print_them(printed: str, above: int, below: int, expected: bool) -> None:
    assert rate_agrees(Decimal(printed), Decimal(above), Decimal(below)) is expected


def test_the_period_before_has_the_same_shape() -> None:
    assert previous_period(*YEAR) == (date(2021, 1, 1), date(2022, 1, 1))
    assert previous_period(date(2024, 1, 1), date(2024, 4, 1)) == (date(2023, 10, 1), date(2024, 1, 1))
    assert previous_period(date(2024, 3, 1), date(2024, 4, 1)) == (date(2024, 2, 1), date(2024, 3, 1))
    assert previous_period(date(2024, 3, 5), date(2024, 3, 12)) == (date(2024, 2, 27), date(2024, 3, 5))


@given(st.lists(st.integers(0, 1000), min_size=4, max_size=4))
def test_what_is_consistent_is_never_doubted(amounts: list[int]) -> None:
    poor, near, rest, urban = amounts
    figures = {
        key(POOR): poor,
        key(NEAR): near,
        key(BOTH): poor + near,
        key(ALL): poor + near + rest,
        key(ALL, "urban"): min(urban, poor + near + rest),
        key(ALL, "rural"): poor + near + rest - min(urban, poor + near + rest),
    }
    assert found({one: Decimal(amount) for one, amount in figures.items()}) == []
