"""Working days: Monday to Friday without public holidays, and Saturdays that were worked in exchange.

Pure: the calendar is handed in; `holiday_files` reads it from the lawbook. Hides that a day outside the years
that the calendar knows is judged by its weekday only, and says so (`knows`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Holiday:
    """One day off: its name, and whether somebody has read the announcement that says so."""

    name: str
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Days off with their names, days worked in exchange, and the years for which both are known."""

    days_off: Mapping[date, Holiday] = field(default_factory=dict)
    worked_instead: Mapping[date, Holiday] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    def knows(self, day: date) -> bool:
        """Whether the holidays of the day's year are known."""
        return day.year in self.years

    def is_working_day(self, day: date) -> bool:
        if day in self.worked_instead:
            return True
        return day.weekday() < 5 and day not in self.days_off

    def why_off(self, day: date) -> str:
        """ "Tết Nguyên đán", "thứ Bảy", "Chủ nhật"; empty on a working day."""
        if self.is_working_day(day):
            return ""
        holiday = self.days_off.get(day)
        return holiday.name if holiday else ("thứ Bảy" if day.weekday() == 5 else "Chủ nhật")

    def on_or_after(self, day: date) -> date:
        """The day itself when it is worked, else the next that is.

        A term that ends on a day off ends with the next working day.
        Source: Bộ luật Dân sự 2015, Điều 148 khoản 5.
        """
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def next_after(self, day: date) -> date:
        return self.on_or_after(day + ONE_DAY)

    def on_or_before(self, day: date) -> date:
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def plus(self, day: date, working_days: int) -> date:
        """The day that lies so many working days later, or earlier when negative; `day` is not counted."""
        step = ONE_DAY if working_days > 0 else -ONE_DAY
        left = abs(working_days)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def between(self, first: date, until: date) -> int:
        """Working days from `first` to before `until`; negative when `until` is earlier."""
        if until < first:
            return -self.between(until, first)
        weeks, rest = divmod((until - first).days, 7)
        count = weeks * 5 + sum((first + ONE_DAY * n).weekday() < 5 for n in range(rest))
        count -= sum(
            first <= day < until and day.weekday() < 5 and day not in self.worked_instead
            for day in self.days_off
        )
        return count + sum(first <= day < until and day.weekday() >= 5 for day in self.worked_instead)


#: Weekdays only: for whoever has no calendar.
WEEKDAYS_ONLY = WorkCalendar()
