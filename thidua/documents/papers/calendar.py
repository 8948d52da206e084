"""The next working day, by the calendar of the lawbook."""

from __future__ import annotations

from datetime import date

from thidua.core.holiday_files import office_calendar


def next_working_day(day: date) -> date:
    return office_calendar().next_after(day)
