"""What a target asks for and what was measured, as plain values; the straight line from one to the other.

Pure. Knows days as places on a line of years; hides how a rate, a count, a share, a ratio and a fall are all
brought to one amount that runs towards a goal.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


class Form(StrEnum):
    """How a target speaks of its indicator."""

    LEVEL = "level"  # the amount itself, at the end
    COUNT = "count"  # so many of something
    SHARE = "share_of"  # so many of a stated total
    FALL_PER_YEAR = "fall_per_year"  # points of a rate, a year
    FALL = "fall_from_baseline"  # percent of the number at the start
    RATIO = "ratio"  # times the amount of a named year


@dataclass(frozen=True, slots=True)
class Mark:
    """One measured figure of the series that a target is judged by."""

    #: The last day of what was measured: the end of a year, or a day within it.
    on: date
    amount: Decimal
    stage: str = "chính thức"
    is_forecast: bool = False
    is_preliminary: bool = False
    source: str = ""
    #: What it was measured under (standard and system): figures of two series are never subtracted.
    series: str = ""
    #: Of a rate or share: so many of so many.
    part: Decimal | None = None
    whole: Decimal | None = None
    #: How many units have reported, of how many that must; None for a figure published as a whole.
    reported: int | None = None
    expected: int | None = None
    is_estimate: bool = False
    #: When it became known; None: on the day it is about.
    known_on: date | None = None
    value_id: int | None = None
    note: str = ""
    #: Of some day within the year that nobody named: `on` is then only its middle.
    is_vague: bool = False

    @property
    def year(self) -> int:
        return self.on.year

    @property
    def is_complete(self) -> bool:
        return self.reported is None or self.expected is None or self.reported >= self.expected

    @property
    def is_year_end(self) -> bool:
        return not self.is_vague and (self.on.month, self.on.day) == (12, 31)

    def is_known(self, *, on: date) -> bool:
        """Whether the figure could be seen on a day."""
        return (self.known_on or self.on) <= on


@dataclass(frozen=True, slots=True)
class Goal:
    """What a target asks for."""

    form: Form
    #: gte, gt, lte, lt, between, approx, stated, is.
    comparator: str
    low: Decimal
    high: Decimal
    #: The words of the amount: "giảm 2–3 điểm %/năm".
    words: str
    #: What is measured, beginning a sentence: "Tỷ lệ nghèo đa chiều".
    subject: str = "Chỉ tiêu"
    measure: str = ""
    wants_less: bool = False
    #: Of a fall: whether the amount is asked each year ("year", "year_average") or over the whole time.
    per: str = ""
    first_year: int | None = None
    last_year: int | None = None
    baseline_year: int | None = None
    #: Of a share: the number and the total that the plan prints, and the percentage.
    stated_count: Decimal | None = None
    stated_total: Decimal | None = None
    stated_percent: Decimal | None = None
    base: str = ""
    series: str = ""
    #: Who has the figures.
    asked_of: str = ""

    @property
    def asks(self) -> Decimal:
        """The end of a range that obliges: the floor of what is wanted high, the ceiling of the other."""
        return self.high if self.wants_less else self.low

    @property
    def reach(self) -> Decimal:
        """The other end."""
        return self.low if self.wants_less else self.high

    @property
    def is_strict(self) -> bool:
        return self.comparator in ("gt", "lt")

    @property
    def deadline(self) -> date | None:
        return date(self.last_year, 12, 31) if self.last_year else None

    def reaches(self, amount: Decimal, bound: Decimal) -> bool:
        """Whether an amount is at least as good as a bound, as firm as the target says it."""
        if amount == bound:
            return not self.is_strict
        return amount < bound if self.wants_less else amount > bound


def place(day: date) -> Decimal:
    """A day on the line of years: 31/12/2023 is 2023, the middle of 2024 about 2023.5."""
    days = 366 if calendar.isleap(day.year) else 365
    return Decimal(day.year - 1) + Decimal(day.timetuple().tm_yday) / days


def year_end(year: int) -> date:
    return date(year, 12, 31)


@dataclass(frozen=True, slots=True)
class Line:
    """The straight way from where a target starts to what it asks for."""

    start: Decimal
    start_amount: Decimal
    end: Decimal
    end_amount: Decimal
    #: The other end of "from … to …"; None when one figure is asked.
    far_amount: Decimal | None = None

    def at(self, when: Decimal) -> Decimal:
        """What the line asks at a time; before and after it what its ends ask."""
        return self._at(when, self.end_amount)

    def far_at(self, when: Decimal) -> Decimal:
        return self._at(when, self.end_amount if self.far_amount is None else self.far_amount)

    def _at(self, when: Decimal, end_amount: Decimal) -> Decimal:
        if when >= self.end:
            return end_amount
        if when <= self.start:
            return self.start_amount
        return self.start_amount + (end_amount - self.start_amount) * (when - self.start) / (
            self.end - self.start
        )


@dataclass(frozen=True, slots=True)
class Step:
    """The fall between two figures that follow each other; over several years it is an average."""

    first_year: int
    last_year: int
    fall: Decimal
    is_enough: bool
    is_preliminary: bool = False

    @property
    def years(self) -> int:
        return self.last_year - self.first_year

    @property
    def is_one_year(self) -> bool:
        return self.years == 1


def two_decimals(rate: Decimal) -> Decimal:
    """A rate as decisions print it. Falls are taken between printed rates, so that anyone can check them."""
    return rate.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def steps(marks: Iterable[Mark], *, goal: Goal) -> tuple[Step, ...]:
    """The fall of each year, or on average of the years between two figures."""
    found: list[Step] = []
    before: Mark | None = None
    for mark in marks:
        if before is not None and mark.year > before.year:
            years = mark.year - before.year
            fall = (two_decimals(before.amount) - two_decimals(mark.amount)) / years
            enough = fall > goal.low if goal.is_strict else fall >= goal.low
            found.append(Step(before.year, mark.year, fall, enough, mark.is_preliminary))
        before = mark
    return tuple(found)
