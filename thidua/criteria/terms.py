"""Terms in days or working days: when one ends, and why on that day.

Pure: the calendar is handed in. The first day is not counted; a term in days that ends on a day off ends with
the next working day (Bộ luật Dân sự 2015, Điều 147, 148). Hides that a year without known holidays is counted
by weekdays only, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from thidua.core.formats import format_date
from thidua.core.workdays import WorkCalendar


class TermUnit(StrEnum):
    DAYS = "days"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True, slots=True)
class Term:
    """So many days; `str` says which."""

    count: int
    unit: TermUnit

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError("Thời hạn phải từ một ngày trở lên")

    def __str__(self) -> str:
        word = "ngày làm việc" if self.unit == TermUnit.WORKING_DAYS else "ngày"
        return f"{self.count} {word}"


@dataclass(frozen=True, slots=True)
class End:
    """The last day of a term, how it was found, and whether all its holidays are known."""

    day: date
    why: str
    is_calendar_known: bool


def last_day(start: date, term: Term, calendar: WorkCalendar) -> End:
    """The last day of a term that begins with what happened on `start`."""
    if term.unit == TermUnit.WORKING_DAYS:
        day = calendar.plus(start, term.count)
        why = _skipped(start, day, calendar)
    else:
        counted = start + timedelta(days=term.count)
        day = calendar.on_or_after(counted)
        moved = calendar.why_off(counted)
        why = (
            f"{format_date(counted)} là ngày nghỉ ({moved}), lùi sang ngày làm việc tiếp theo"
            if moved
            else ""
        )
    text = f"{term} kể từ sau ngày {format_date(start)}" + (f"; {why}" if why else "")
    return End(day, text, _knows(start, day, calendar))


def first_day_after(start: date, term: Term, calendar: WorkCalendar) -> End:
    """The first working day on which something may happen that must wait for the whole term.

    A council sits on it at the earliest when the list was posted on `start`.
    """
    end = last_day(start, term, calendar)
    day = calendar.next_after(end.day)
    return End(day, f"{end.why}; hết ngày {format_date(end.day)}", _knows(start, day, calendar))


def _knows(start: date, day: date, calendar: WorkCalendar) -> bool:
    return calendar.knows(start) and calendar.knows(day)


def _skipped(start: date, end: date, calendar: WorkCalendar) -> str:
    """The holidays that fell on weekdays between: «trừ Giỗ Tổ Hùng Vương, Ngày Chiến thắng»."""
    names = []
    day = start + timedelta(days=1)
    while day < end:
        if day.weekday() < 5 and not calendar.is_working_day(day):
            names.append(calendar.why_off(day))
        day += timedelta(days=1)
    distinct = list(dict.fromkeys(names))
    return f"trừ {', '.join(distinct)}" if distinct else ""
