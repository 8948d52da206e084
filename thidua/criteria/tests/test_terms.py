"""Terms: when they end, over days off, and with a calendar that does not reach far enough."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.core.holiday_files import office_calendar
from thidua.criteria.terms import Term, TermUnit, first_day_after, last_day

CALENDAR = office_calendar()
starts = st.dates(min_value=date(2022, 1, 1), max_value=date(2026, 9, 1))
terms = st.builds(Term, st.integers(1, 60), st.sampled_from(TermUnit))
quick = settings(max_examples=150, deadline=None)


@quick
@given(start=starts, term=terms)
def test_term_ends_on_a_working_day_after_its_start(start: date, term: Term) -> None:
    end = last_day(start, term, CALENDAR)

    assert end.day > start
    assert CALENDAR.is_working_day(end.day)
    assert first_day_after(start, term, CALENDAR).day > end.day


@quick
@given(start=starts, count=st.integers(1, 60))
def test_working_days_are_never_shorter_than_days(start: date, count: int) -> None:
    days = last_day(start, Term(count, TermUnit.DAYS), CALENDAR)
    working = last_day(start, Term(count, TermUnit.WORKING_DAYS), CALENDAR)

    assert working.day >= days.day


def test_holidays_between_are_named() -> None:
    end = last_day(date(2025, 4, 21), Term(10, TermUnit.WORKING_DAYS), CALENDAR)

    assert end.why.startswith("10 ngày làm việc kể từ sau ngày 21/04/2025; trừ Ngày Chiến thắng")
    assert end.is_calendar_known


def test_year_without_holidays_is_told() -> None:
    assert not last_day(date(2040, 1, 3), Term(5, TermUnit.DAYS), CALENDAR).is_calendar_known


def test_term_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="từ một ngày trở lên"):
        Term(0, TermUnit.DAYS)
