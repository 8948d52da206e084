"""The days of a demonstration that is lived through: up to which day, and who hears of each step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from thidua.core.clock import VIETNAM


class NotYet(Exception):
    """The day of the demonstration comes before the next act."""


@dataclass
class LivedDays:
    """Days up to `until`. `told(done, steps, words)` hears of each of the steps."""

    until: date
    steps: int
    told: Callable[[int, int, str], None] | None = None
    done: int = 0

    def say(self, words: str) -> None:
        self.done += 1
        if self.told is not None:
            self.told(min(self.done, self.steps), self.steps, words)

    def at(self, day: date, hour: int = 9, minute: int = 0) -> datetime:
        """The moment of an act. Raises NotYet after the last day."""
        if day > self.until:
            raise NotYet
        return datetime.combine(day, time(hour, minute), tzinfo=VIETNAM)
