"""The next working day, by the calendar of the lawbook."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.conf import settings

from thidua.core.holiday_files import read_holidays
from thidua.core.workdays import WorkCalendar


@lru_cache(maxsize=1)
def work_calendar() -> WorkCalendar:
    return read_holidays(settings.BASE_DIR / "lawbook" / "public_holidays.yaml")


def next_working_day(day: date) -> date:
    return work_calendar().next_after(day)
