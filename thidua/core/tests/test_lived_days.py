from __future__ import annotations

from datetime import date, datetime

import pytest

from thidua.core.clock import VIETNAM
from thidua.core.lived_days import LivedDays, NotYet


def test_days_end_with_the_day_of_the_demonstration() -> None:
    days = LivedDays(date(2025, 2, 1), steps=1)

    assert days.at(date(2025, 2, 1), 8, 30) == datetime(2025, 2, 1, 8, 30, tzinfo=VIETNAM)
    with pytest.raises(NotYet):
        days.at(date(2025, 2, 2))


def test_more_steps_than_were_known_do_not_pass_the_end() -> None:
    heard: list[tuple[int, int, str]] = []
    days = LivedDays(date(2025, 2, 1), steps=1, told=lambda *step: heard.append(step))
    days.say("mở đợt")
    days.say("thêm một đợt")

    assert heard == [(1, 1, "mở đợt"), (1, 1, "thêm một đợt")]
