"""When people are told of a deadline: 30 and 7 days before, on the working day before, and when it is past.

Pure. A rule also holds for the two days after its own, so that a worker that stood still makes up for it; the
unique key of a delivery keeps anybody from hearing it twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from thidua.core.workdays import WorkCalendar

CATCH_UP_DAYS = 2


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """`days` before the last day in time; 1 stands for the last working day before, negative for after."""

    key: str
    label: str
    days: int

    @property
    def is_pressing(self) -> bool:
        """Also those who answer for the unit hear of it."""
        return self.days <= 1


DEADLINE_RULES = (
    DeadlineRule("truoc-30", "Trước 30 ngày", 30),
    DeadlineRule("truoc-7", "Trước 7 ngày", 7),
    DeadlineRule("truoc-1", "Ngày làm việc liền trước", 1),
    DeadlineRule("qua-han", "Khi đã quá hạn", -1),
)


def due_days(rule: DeadlineRule, *, on: date, calendar: WorkCalendar) -> list[date]:
    """The last days of things that the rule speaks of on a day."""
    if rule.days == 1:
        span = (calendar.next_after(on) - on).days
        return [on + timedelta(days=number) for number in range(span + 1)]
    return [on + timedelta(days=rule.days - back) for back in range(CATCH_UP_DAYS + 1)]


def rules_by_day(*, on: date, calendar: WorkCalendar) -> Iterator[tuple[date, DeadlineRule]]:
    """Every day that some rule speaks of, with that rule; before long holidays the nearest one goes first."""
    spoken: set[date] = set()
    for rule in sorted(DEADLINE_RULES, key=lambda one: one.days):
        for day in due_days(rule, on=on, calendar=calendar):
            if day not in spoken:
                spoken.add(day)
                yield day, rule


def in_words(due_on: date, *, on: date) -> str:
    """ "còn 7 ngày", "hạn hôm nay", "quá hạn 2 ngày"."""
    left = (due_on - on).days
    if left == 0:
        return "hạn hôm nay"
    return f"còn {left} ngày" if left > 0 else f"quá hạn {-left} ngày"
