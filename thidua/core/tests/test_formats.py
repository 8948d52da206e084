from datetime import date
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua.core import formats


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("2.989,5", "2989.5"),
        ("01", "1"),
        ("1,5", "1.5"),
        ("1.500.000", "1500000"),
        ("1 500 000", "1500000"),
        ("41,6", "41.6"),
        ("1.234", "1234"),
        ("-3,25", "-3.25"),
        ("−3", "-3"),
        (" 87 ", "87"),
        ("0,5", "0.5"),
    ],
)
def test_parse_number_reads_vietnamese_numbers(printed: str, value: str) -> None:
    assert formats.parse_number(printed) == Decimal(value)


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "1.5",
        "1.23.456",
        "0.123",
        "1,234,567",
        "1.234.56",
        "abc",
        "5%",
        "1,",
        ",5",
        "--1",
        "١٢",
        "5/12",
        "1 23",
    ],
)
def test_parse_number_refuses_what_is_not_clear(printed: str) -> None:
    with pytest.raises(ValueError, match="number"):
        formats.parse_number(printed)


@pytest.mark.parametrize("printed", ["41,6%", "41,6 %", "41,6\u00a0%"])
def test_parse_percent(printed: str) -> None:
    assert formats.parse_percent(printed) == Decimal("41.6")


def test_parse_percent_needs_the_sign() -> None:
    with pytest.raises(ValueError, match="percentage"):
        formats.parse_percent("41,6")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_parse_number_reads_what_format_number_prints(value: Decimal) -> None:
    assert formats.parse_number(formats.format_number(value)) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_format_number_with_places_stays_within_half_a_step(value: Decimal) -> None:
    printed = formats.parse_number(formats.format_number(value, places=2))
    with localcontext(prec=200):
        assert abs(printed - value) <= Decimal("0.005")


@pytest.mark.parametrize(
    ("value", "places", "printed"),
    [
        ("1234567.50", None, "1.234.567,5"),
        ("41.666", 1, "41,7"),
        ("2.5", 0, "3"),
        ("-0.04", 1, "0,0"),
        ("-2.45", 1, "-2,5"),
        ("5", 2, "5,00"),
        ("1E+6", None, "1.000.000"),
        ("100", None, "100"),
    ],
)
def test_format_number(value: str, places: int | None, printed: str) -> None:
    assert formats.format_number(Decimal(value), places=places) == printed


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_format_number_refuses_what_is_no_number(value: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        formats.format_number(Decimal(value))


def test_format_percent() -> None:
    assert formats.format_percent(Decimal("41.6")) == "41,6 %"


@pytest.mark.parametrize(
    "printed",
    [
        "10/11/2022",
        "ngày 10/11/2022",
        "10-11-2022",
        "10.11.2022",
        "ngày 10 tháng 11 năm 2022",
        "Ngày 10 tháng 11, năm 2022",
    ],
)
def test_parse_date_puts_the_day_first(printed: str) -> None:
    assert formats.parse_date(printed) == date(2022, 11, 10)


@pytest.mark.parametrize("printed", ["31/02/2022", "2022-11-10", "10/11", "10/11-2022", "13/13/2022", ""])
def test_parse_date_refuses_other_forms_and_impossible_days(printed: str) -> None:
    with pytest.raises(ValueError, match=r"date|day|month"):
        formats.parse_date(printed)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_parse_date_reads_every_printed_form(day: date) -> None:
    assert formats.parse_date(formats.format_date(day)) == day
    assert formats.parse_date(formats.format_date_nd30(day)) == day
    assert formats.parse_date(formats.format_date_nd30_short(day)) == day


@pytest.mark.parametrize(
    ("day", "printed"),
    [
        (date(2026, 1, 5), "ngày 05 tháng 01 năm 2026"),
        (date(2026, 6, 29), "ngày 29 tháng 6 năm 2026"),
        (date(2026, 2, 10), "ngày 10 tháng 02 năm 2026"),
        (date(2026, 12, 1), "ngày 01 tháng 12 năm 2026"),
    ],
)
def test_format_date_nd30_pads_only_small_days_and_two_months(day: date, printed: str) -> None:
    assert formats.format_date_nd30(day) == printed


def test_format_date() -> None:
    assert formats.format_date(date(2026, 11, 20)) == "20/11/2026"


@given(st.integers(min_value=1, max_value=3999))
def test_roman_numerals_go_both_ways(number: int) -> None:
    assert formats.parse_roman(formats.format_roman(number)) == number


@pytest.mark.parametrize("printed", ["", "IIII", "VX", "iv", "IC", "A"])
def test_parse_roman_refuses_malformed_numerals(printed: str) -> None:
    with pytest.raises(ValueError, match="Roman"):
        formats.parse_roman(printed)


@pytest.mark.parametrize("number", [0, 4000])
def test_format_roman_refuses_what_has_no_numeral(number: int) -> None:
    with pytest.raises(ValueError, match="Roman"):
        formats.format_roman(number)


def test_point_letters_follow_the_order_of_documents() -> None:
    letters = [formats.point_letter(position) for position in range(1, 9)]
    assert letters == ["a", "b", "c", "d", "đ", "e", "g", "h"]


def test_point_letters_know_their_neighbours() -> None:
    assert formats.next_point_letter("d") == "đ"
    assert formats.next_point_letter("e") == "g"
    assert formats.next_point_letter("y") is None
    assert formats.previous_point_letter("e") == "đ"
    assert formats.previous_point_letter("a") is None
    assert formats.point_position("Đ") == 5


@pytest.mark.parametrize("letter", ["f", "j", "w", "z", "", "ab", "1"])
def test_point_position_refuses_letters_no_list_uses(letter: str) -> None:
    with pytest.raises(ValueError, match="letter"):
        formats.point_position(letter)


@pytest.mark.parametrize("position", [0, 24])
def test_point_letter_refuses_positions_beyond_the_list(position: int) -> None:
    with pytest.raises(ValueError, match="letter"):
        formats.point_letter(position)
