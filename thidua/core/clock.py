"""What time it is, for the whole program.

Pages and jobs ask here once and hand the answer on as `on=` or `now=`. Hides that a demonstration may live on
another day: the hour stays that of the machine, the day is the one that was fixed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

_fixed_day: date | None = None


def fix_day(day: date | None) -> None:
    """Let the program live on `day`; None gives it the real day back."""
    global _fixed_day
    _fixed_day = day


def fixed_day() -> date | None:
    """The day of the demonstration, or None on an ordinary day."""
    return _fixed_day


@contextmanager
def fixed_on(day: date) -> Iterator[None]:
    """As `fix_day`, for the length of a block."""
    before = _fixed_day
    fix_day(day)
    try:
        yield
    finally:
        fix_day(before)


def now() -> datetime:
    """This moment, in UTC, on the fixed day when there is one."""
    moment = datetime.now(VIETNAM)
    if _fixed_day is not None:
        moment = datetime.combine(_fixed_day, moment.time(), tzinfo=VIETNAM)
    return moment.astimezone(UTC)


def today() -> date:
    """The day in Vietnam."""
    return now().astimezone(VIETNAM).date()
