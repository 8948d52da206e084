"""When a message may leave: not in quiet hours nor on days off, and with the digest if one was chosen.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from thidua.core.clock import VIETNAM
from thidua.core.workdays import WorkCalendar

DIGEST_AT = time(7, 30)


@dataclass(frozen=True, slots=True)
class Quiet:
    """From one hour to another of the day nothing leaves, over midnight when `since` is later than `until`.

    Both the same: no quiet hours. `also_days_off`: messages leave on Saturdays, Sundays and holidays too.
    """

    since: time = time(18, 0)
    until: time = time(7, 0)
    also_days_off: bool = False

    def holds(self, at: time) -> bool:
        if self.since <= self.until:
            return self.since <= at < self.until
        return at >= self.since or at < self.until


def next_allowed(moment: datetime, quiet: Quiet, calendar: WorkCalendar) -> datetime:
    """The moment itself when nothing speaks against it, else the first one after it."""
    local = moment.astimezone(VIETNAM)
    while True:
        if not quiet.also_days_off and not calendar.is_working_day(local.date()):
            day = calendar.next_after(local.date())
            local = datetime.combine(day, time.min, tzinfo=VIETNAM)
        elif quiet.holds(local.time()):
            day = local.date() + timedelta(days=1 if local.time() >= quiet.until else 0)
            local = datetime.combine(day, quiet.until, tzinfo=VIETNAM)
        else:
            return local.astimezone(moment.tzinfo)


def next_digest(moment: datetime, *, is_weekly: bool, quiet: Quiet, calendar: WorkCalendar) -> datetime:
    """The next half past seven, or the next one of a Monday, moved out of quiet hours and days off."""
    local = moment.astimezone(VIETNAM)
    digest = datetime.combine(local.date(), DIGEST_AT, tzinfo=VIETNAM)
    while digest < local or (is_weekly and digest.weekday() != 0):
        digest += timedelta(days=1)
    return next_allowed(digest, quiet, calendar).astimezone(moment.tzinfo)
