"""Quiet hours, days off, digests and deadline rules: calculations over plain values."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from thidua.core.clock import VIETNAM
from thidua.core.workdays import Holiday, WorkCalendar
from thidua.notices.moments import Quiet, next_allowed, next_digest
from thidua.notices.rules import DEADLINE_RULES, in_words, rules_by_day

#: Monday 1 and Tuesday 2 September are holidays.
CALENDAR = WorkCalendar(
    days_off={date(2025, 9, 1): Holiday("Quốc khánh"), date(2025, 9, 2): Holiday("Quốc khánh")}
)


def at(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m %H:%M").replace(year=2025, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        ("27/08 10:15", "27/08 10:15"),  # a Wednesday morning
        ("27/08 18:00", "28/08 07:00"),  # quiet in the evening …
        ("28/08 06:59", "28/08 07:00"),  # … until the morning
        ("29/08 19:00", "03/09 07:00"),  # Friday evening before a long weekend
        ("30/08 10:00", "03/09 07:00"),  # Saturday
        ("02/09 12:00", "03/09 07:00"),  # a holiday on a Tuesday
    ],
)
def test_nothing_leaves_in_quiet_hours_or_on_days_off(now: str, leaves: str) -> None:
    assert next_allowed(at(now), Quiet(), CALENDAR) == at(leaves)


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    noon = Quiet(time(11), time(14), also_days_off=True)
    none = Quiet(time(0), time(0), also_days_off=True)

    assert next_allowed(at("30/08 12:00"), noon, CALENDAR) == at("30/08 14:00")
    assert next_allowed(at("30/08 14:00"), noon, CALENDAR) == at("30/08 14:00")
    assert next_allowed(at("30/08 03:00"), none, CALENDAR) == at("30/08 03:00")


@pytest.mark.parametrize(
    ("now", "is_weekly", "leaves"),
    [
        ("27/08 07:00", False, "27/08 07:30"),
        ("27/08 07:31", False, "28/08 07:30"),
        ("29/08 08:00", False, "03/09 07:00"),
        ("19/08 08:00", True, "25/08 07:30"),
        # The Monday is a holiday: the letter of the week leaves on the first working day.
        ("27/08 08:00", True, "03/09 07:00"),
    ],
)
def test_digest_leaves_in_the_morning(now: str, is_weekly: bool, leaves: str) -> None:
    assert next_digest(at(now), is_weekly=is_weekly, quiet=Quiet(), calendar=CALENDAR) == at(leaves)


def test_answer_is_in_the_zone_of_the_question() -> None:
    moment = datetime(2025, 8, 27, 12, 0, tzinfo=UTC)

    assert next_allowed(moment, Quiet(), CALENDAR).tzinfo is UTC


def test_each_day_has_one_rule_and_the_day_before_a_holiday_speaks_of_all_it_covers() -> None:
    friday = date(2025, 8, 29)
    spoken = list(rules_by_day(on=friday, calendar=CALENDAR))
    by_rule = {rule.key: [day for day, other in spoken if other == rule] for rule in DEADLINE_RULES}

    assert len(spoken) == len(dict(spoken))
    assert by_rule["truoc-1"] == [
        date(2025, 8, 29),
        date(2025, 8, 30),
        date(2025, 8, 31),
        date(2025, 9, 1),
        date(2025, 9, 2),
        date(2025, 9, 3),
    ]
    assert by_rule["truoc-7"] == [date(2025, 9, 5), date(2025, 9, 4)]
    assert by_rule["qua-han"] == [date(2025, 8, 28), date(2025, 8, 27), date(2025, 8, 26)]


def test_worker_that_stood_still_for_two_days_makes_up_for_it() -> None:
    due = date(2025, 12, 31)
    seen = {
        day: dict(rules_by_day(on=day, calendar=CALENDAR)).get(due)
        for day in (date(2025, 12, 1), date(2025, 12, 3), date(2025, 12, 4))
    }

    assert [rule.key if rule else "" for rule in seen.values()] == ["truoc-30", "truoc-30", ""]


def test_days_in_words() -> None:
    on = date(2025, 8, 29)

    assert [in_words(date(2025, 8, day), on=on) for day in (27, 29, 31)] == [
        "quá hạn 2 ngày",
        "hạn hôm nay",
        "còn 2 ngày",
    ]
