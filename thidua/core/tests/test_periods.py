from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua.core import periods
from thidua.core.periods import Kind, PartialDate, Period

DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2150, 1, 1))


@st.composite
def some_periods(draw: st.DrawFn) -> Period:
    since = draw(DAYS)
    return Period(since, since + timedelta(days=draw(st.integers(min_value=1, max_value=5000))))


NAMED = st.one_of(
    st.builds(periods.year, st.integers(1950, 2150)),
    st.builds(periods.quarter, st.integers(1950, 2150), st.integers(1, 4)),
    st.builds(periods.month, st.integers(1950, 2150), st.integers(1, 12)),
    st.builds(periods.half_year, st.integers(1950, 2150), st.integers(1, 2)),
    st.builds(periods.nine_months, st.integers(1950, 2150)),
    st.builds(
        lambda first, more: periods.years(first, first + more), st.integers(1950, 2150), st.integers(1, 20)
    ),
    st.builds(periods.day, DAYS),
    some_periods(),
)


@pytest.mark.parametrize(
    ("printed", "period", "kind"),
    [
        ("Quý I/2026", periods.quarter(2026, 1), Kind.QUARTER),
        ("quý 3 năm 2024", periods.quarter(2024, 3), Kind.QUARTER),
        ("Quý IV năm 2025", periods.quarter(2025, 4), Kind.QUARTER),
        ("tháng 6 năm 2022", periods.month(2022, 6), Kind.MONTH),
        ("tháng 06/2022", periods.month(2022, 6), Kind.MONTH),
        ("12/2022", periods.month(2022, 12), Kind.MONTH),
        ("giai đoạn 2021 – 2025", periods.years(2021, 2025), Kind.YEARS),
        ("2021-2025", periods.years(2021, 2025), Kind.YEARS),
        ("2021- 2025", periods.years(2021, 2025), Kind.YEARS),
        ("Giai đoạn 2021 - 2025", periods.years(2021, 2025), Kind.YEARS),
        ("từ năm 2021 đến năm 2025", periods.years(2021, 2025), Kind.YEARS),
        ("nhiệm kỳ 2020-2025", periods.years(2020, 2025), Kind.YEARS),
        ("6 tháng đầu năm 2023", periods.half_year(2023, 1), Kind.HALF_YEAR),
        ("06 tháng cuối năm 2023", periods.half_year(2023, 2), Kind.HALF_YEAR),
        ("9 tháng đầu năm 2024", periods.nine_months(2024), Kind.NINE_MONTHS),
        ("năm 2022", periods.year(2022), Kind.YEAR),
        ("nam 2022", periods.year(2022), Kind.YEAR),
        ("ngày 18 tháng 7 năm 2022", periods.day(date(2022, 7, 18)), Kind.DAY),
        (
            "từ 01/5/2022 đến hết ngày 30/6/2022",
            Period(date(2022, 5, 1), date(2022, 7, 1)),
            Kind.OTHER,
        ),
    ],
)
def test_parse_period_reads_vietnamese_names(printed: str, period: Period, kind: Kind) -> None:
    assert periods.parse_period(printed) == period
    assert period.kind is kind


@pytest.mark.parametrize(
    "printed",
    ["", "quý V/2026", "tháng 13/2022", "2025-2021", "31/02/2022", "cuối năm", "năm 22", "nghèo 2022"],
)
def test_parse_period_refuses_what_is_none(printed: str) -> None:
    with pytest.raises(ValueError, match=r"period|day|month"):
        periods.parse_period(printed)


@given(NAMED)
def test_parse_period_reads_what_format_period_prints(period: Period) -> None:
    assert periods.parse_period(periods.format_period(period)) == period


@given(some_periods(), some_periods())
def test_intersect_agrees_with_overlaps_and_contains(one: Period, other: Period) -> None:
    common = one.intersect(other)
    assert (common is not None) == one.overlaps(other) == other.overlaps(one)
    if common is not None:
        assert one.contains(common)
        assert other.contains(common)


@given(some_periods(), st.data())
def test_split_parts_sum_up_to_the_whole(period: Period, data: st.DataObject) -> None:
    for parts in (list(period.by_year()), list(period.by_quarter()), list(period.by_month())):
        assert sum(part.days for part in parts) == period.days
        assert (parts[0].since, parts[-1].until) == (period.since, period.until)
        assert all(before.until == after.since for before, after in pairwise(parts))
    if period.days > 1:
        day = period.since + timedelta(days=data.draw(st.integers(1, period.days - 1)))
        before, after = period.split_at(day)
        assert before.days + after.days == period.days
        assert day not in before
        assert day in after


def test_a_period_needs_a_day() -> None:
    with pytest.raises(ValueError, match="day"):
        Period(date(2022, 1, 1), date(2022, 1, 1))


def test_years_lists_the_calendar_years_touched() -> None:
    assert list(periods.years(2021, 2025).years) == [2021, 2022, 2023, 2024, 2025]


@pytest.mark.parametrize(
    ("make", "index"), [(periods.quarter, 5), (periods.month, 0), (periods.half_year, 3)]
)
def test_parts_of_a_year_that_do_not_exist_are_refused(make: object, index: int) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match="no part"):
        make(2022, index)


def test_find_spans_reads_every_kind_of_dash_and_skips_what_is_no_span() -> None:
    printed = (
        "gian đoạn 2021-2025, năm 2011 – 2020, 2021- 2025; "
        "số 12/2021-2025, 2025-2021, từ năm 2016 đến năm 2020"
    )
    assert [mention.raw for mention in periods.find_spans(printed)] == [
        "gian đoạn 2021-2025",
        "năm 2011 – 2020",
        "2021- 2025",
        "từ năm 2016 đến năm 2020",
    ]


@pytest.mark.parametrize("edtf", ["2022", "2022-07", "2022-07-18"])
def test_partial_date_goes_both_ways(edtf: str) -> None:
    assert str(PartialDate.parse(edtf)) == edtf


@pytest.mark.parametrize("edtf", ["", "22", "2022-7", "2022-13", "2022-02-31", "18/7/2022"])
def test_partial_date_refuses_other_text(edtf: str) -> None:
    with pytest.raises(ValueError, match=r"EDTF|month|day"):
        PartialDate.parse(edtf)


def test_partial_date_knows_what_it_may_be() -> None:
    july, day = PartialDate.parse("2022-07"), PartialDate.parse("2022-07-18")
    assert july.may_be(day)
    assert not july.may_be(PartialDate.parse("2022-08-01"))
    assert (july.exact, day.exact) == (None, date(2022, 7, 18))
    assert july.period == periods.month(2022, 7)


@pytest.mark.parametrize(
    ("edtf", "printed"),
    [("2022-07-18", "18/07/2022"), ("2022-07", "tháng 7 năm 2022"), ("2022", "năm 2022")],
)
def test_format_partial_date(edtf: str, printed: str) -> None:
    assert periods.format_partial_date(edtf) == printed
