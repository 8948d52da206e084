"""Working days, with the calendar of the lawbook and with made-up ones."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua.core.holiday_files import BadHolidayFile, read_holidays
from thidua.core.workdays import WEEKDAYS_ONLY, Holiday

LAWBOOK = Path(__file__).resolve().parents[3] / "lawbook" / "public_holidays.yaml"
CALENDAR = read_holidays(LAWBOOK)
DAYS = st.dates(min_value=date(2021, 6, 1), max_value=date(2027, 6, 1))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2023, 11, 3), ""),
        (date(2023, 11, 4), "thứ Bảy"),
        (date(2023, 11, 5), "Chủ nhật"),
        (date(2022, 2, 1), "Tết Âm lịch (mùng 1)"),
        (date(2023, 4, 29), "Giỗ Tổ Hùng Vương"),
        (date(2023, 5, 3), "Nghỉ bù Ngày Chiến thắng"),
        (date(2024, 5, 4), ""),  # a Saturday worked in exchange
        (date(2025, 5, 2), "Nghỉ hoán đổi sang thứ Bảy 26/4"),
        (date(2026, 9, 2), "Quốc khánh"),
    ],
)
def test_day_off_has_a_name(day: date, why: str) -> None:
    assert CALENDAR.why_off(day) == why
    assert CALENDAR.is_working_day(day) == (not why)


def test_term_that_ends_on_a_day_off_ends_with_the_next_working_day() -> None:
    assert CALENDAR.on_or_after(date(2023, 4, 29)) == date(2023, 5, 4)
    assert CALENDAR.on_or_after(date(2023, 11, 10)) == date(2023, 11, 10)
    assert CALENDAR.next_after(date(2023, 11, 10)) == date(2023, 11, 13)
    assert CALENDAR.on_or_before(date(2023, 5, 3)) == date(2023, 4, 28)


def test_working_days_are_counted_over_tet() -> None:
    assert CALENDAR.plus(date(2023, 1, 19), 1) == date(2023, 1, 27)
    assert CALENDAR.plus(date(2023, 1, 27), -1) == date(2023, 1, 19)
    assert CALENDAR.plus(date(2023, 1, 22), 0) == date(2023, 1, 22)
    assert CALENDAR.between(date(2023, 1, 16), date(2023, 1, 28)) == 5
    assert CALENDAR.between(date(2024, 4, 29), date(2024, 5, 5)) == 3


def test_calendar_says_which_years_it_knows() -> None:
    assert CALENDAR.years == frozenset(range(2022, 2027))
    assert (CALENDAR.knows(date(2026, 12, 31)), CALENDAR.knows(date(2027, 1, 1))) == (True, False)


def test_every_year_has_the_eleven_days_of_the_law() -> None:
    """Điều 112: 1 + 5 + 1 + 1 + 1 + 2 days; what was moved or exchanged comes on top."""
    for year in CALENDAR.years:
        names = [holiday.name for day, holiday in CALENDAR.days_off.items() if day.year == year]
        own = [name for name in names if not name.startswith(("Nghỉ bù", "Nghỉ hoán đổi"))]
        assert len(own) == 11, (year, own)


def test_days_given_in_lieu_are_as_many_as_holidays_on_weekends() -> None:
    for year in CALENDAR.years:
        off = {day: holiday.name for day, holiday in CALENDAR.days_off.items() if day.year == year}
        on_weekends = sum(day.weekday() >= 5 for day in off)
        assert sum(name.startswith("Nghỉ bù") for name in off.values()) == on_weekends, year


def test_exchanged_days_are_unconfirmed_and_come_in_pairs() -> None:
    exchanged = [one for one in CALENDAR.days_off.values() if one.name.startswith("Nghỉ hoán đổi")]

    assert len(exchanged) == len(CALENDAR.worked_instead)
    assert {one.confirmed for one in (*exchanged, *CALENDAR.worked_instead.values())} == {False}
    assert {day.weekday() for day in CALENDAR.worked_instead} == {5}


@given(first=DAYS, days=st.integers(min_value=-400, max_value=400))
def test_between_counts_what_a_walk_counts(first: date, days: int) -> None:
    until = first + timedelta(days=days)
    low, high = min(first, until), max(first, until)
    walked = sum(CALENDAR.is_working_day(low + timedelta(days=n)) for n in range((high - low).days))

    assert CALENDAR.between(first, until) == (walked if days >= 0 else -walked)


@given(day=DAYS, count=st.integers(min_value=1, max_value=60))
def test_plus_and_between_agree(day: date, count: int) -> None:
    later = CALENDAR.plus(day, count)

    assert CALENDAR.is_working_day(later)
    assert CALENDAR.between(day + timedelta(days=1), later + timedelta(days=1)) == count


def test_without_a_calendar_only_weekends_are_off() -> None:
    assert WEEKDAYS_ONLY.next_after(date(2023, 9, 1)) == date(2023, 9, 4)


# --- the file -------------------------------------------------------------------------------------------


def test_small_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "nghi.yaml"
    file.write_text("years:\n  2030:\n    off:\n      - {day: 2030-01-01, name: Tết, confirmed: true}\n")

    calendar = read_holidays(file)

    assert calendar.days_off == {date(2030, 1, 1): Holiday("Tết", True)}
    assert calendar.years == {2030}


DAY = "      - {day: 2030-01-01, name: Tết, confirmed: true}\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "nghi.yaml, dòng 1: tệp trống"),
        ("a: [", "nghi.yaml, dòng 1: không đọc được YAML"),
        ("years: 5\n", "nghi.yaml, dòng 1: years phải là một bảng"),
        ("x: 1\n", "nghi.yaml, dòng 1: thiếu khóa «years»"),
        ("years:\n  hai nghìn: {}\n", "nghi.yaml, dòng 2: «hai nghìn» không phải là năm"),
        ("years:\n  2030:\n    of: []\n", "nghi.yaml, dòng 3: không hiểu khóa «of»"),
        ("years:\n  2030:\n    off: 5\n", "nghi.yaml, dòng 3: phải là danh sách"),
        (
            f"years:\n  2031:\n    off:\n{DAY}",
            "dòng 4: «2030-01-01» không phải là một ngày của năm 2031",
        ),
        (f"years:\n  2030:\n    off:\n{DAY}{DAY}", "nghi.yaml, dòng 5: ngày 2030-01-01 ghi hai lần"),
        (f"years:\n  2030:\n    off:\n{DAY}    worked:\n{DAY}", "dòng 2: ngày 2030-01-01 vừa nghỉ vừa làm"),
        ("years:\n  2030:\n    off:\n      - {day: 2030-01-01}\n", "dòng 4: mỗi ngày cần đúng ba khóa"),
        ("years:\n  2030: {}\n  2030: {}\n", "nghi.yaml, dòng 3: khóa «2030» ghi hai lần"),
        (f"years:\n  2030:\n    off:\n{DAY.replace('true', 'chưa')}", "dòng 4: name phải là chữ, confirmed"),
    ],
)
def test_wrong_file_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "nghi.yaml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(BadHolidayFile) as refusal:
        read_holidays(file)
    assert message in str(refusal.value)
