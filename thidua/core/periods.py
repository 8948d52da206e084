"""Stretches of time: years, quarters, months, half-years and spans of years, as half-open ranges of days.

Reads and prints their Vietnamese names ("Quý I/2026", "6 tháng đầu năm 2023", "giai đoạn 2021 – 2025").
Dates of which only year or month is known are EDTF level 0 strings ("2022", "2022-07", "2022-07-18").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from thidua.core.formats import format_date, format_roman
from thidua.core.text import fold, nfc


class Kind(Enum):
    """The shape of a period, from its two ends."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    NINE_MONTHS = "nine_months"
    YEAR = "year"
    YEARS = "years"
    OTHER = "other"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `since` up to but not including `until`. Raises ValueError when there is no such day."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.since >= self.until:
            raise ValueError(f"a period must contain a day: {self.since} to {self.until}")

    @property
    def last_day(self) -> date:
        """The last day inside."""
        return self.until - timedelta(days=1)

    @property
    def days(self) -> int:
        """Number of days inside."""
        return (self.until - self.since).days

    @property
    def years(self) -> range:
        """The calendar years that the period touches."""
        return range(self.since.year, self.last_day.year + 1)

    @property
    def kind(self) -> Kind:
        """What kind of period this is, judged by its ends alone."""
        if self.days == 1:
            return Kind.DAY
        if self.since.day != 1 or self.until.day != 1:
            return Kind.OTHER
        months = (self.until.year - self.since.year) * 12 + self.until.month - self.since.month
        first = self.since.month
        if months == 1:
            return Kind.MONTH
        if months == 3 and first in (1, 4, 7, 10):
            return Kind.QUARTER
        if months == 6 and first in (1, 7):
            return Kind.HALF_YEAR
        if months == 9 and first == 1:
            return Kind.NINE_MONTHS
        if first == 1 and months % 12 == 0:
            return Kind.YEAR if months == 12 else Kind.YEARS
        return Kind.OTHER

    def __contains__(self, day: date) -> bool:
        return self.since <= day < self.until

    def contains(self, other: "Period") -> bool:
        """Whether every day of `other` is inside."""
        return self.since <= other.since and other.until <= self.until

    def overlaps(self, other: "Period") -> bool:
        """Whether the two share a day."""
        return self.since < other.until and other.since < self.until

    def intersect(self, other: "Period") -> "Period | None":
        """The days that both share, or None."""
        since, until = max(self.since, other.since), min(self.until, other.until)
        return Period(since, until) if since < until else None

    def split_at(self, day: date) -> tuple["Period", "Period"]:
        """The part before `day` and the part from it on. Raises ValueError unless both have a day."""
        return Period(self.since, day), Period(day, self.until)

    def by_year(self) -> Iterator["Period"]:
        """The parts that lie in one calendar year each, in order."""
        return self._cut(12)

    def by_quarter(self) -> Iterator["Period"]:
        """The parts that lie in one quarter each, in order."""
        return self._cut(3)

    def by_month(self) -> Iterator["Period"]:
        """The parts that lie in one month each, in order."""
        return self._cut(1)

    def _cut(self, months: int) -> Iterator["Period"]:
        since = self.since
        while since < self.until:
            index = since.year * 12 + (since.month - 1) // months * months + months
            until = min(self.until, date(index // 12, index % 12 + 1, 1))
            yield Period(since, until)
            since = until

    def __str__(self) -> str:
        return format_period(self)


def year(number: int) -> Period:
    """The calendar year."""
    return Period(date(number, 1, 1), date(number + 1, 1, 1))


def years(first: int, last: int) -> Period:
    """The calendar years from `first` to `last`, both included: "giai đoạn 2021 – 2025"."""
    return Period(date(first, 1, 1), date(last + 1, 1, 1))


def half_year(number: int, half: int) -> Period:
    """Half 1 or 2 of the year `number`."""
    return _months(number, half * 6 - 5, 6, index=half, most=2)


def quarter(number: int, index: int) -> Period:
    """Quarter 1 to 4 of the year `number`."""
    return _months(number, index * 3 - 2, 3, index=index, most=4)


def month(number: int, index: int) -> Period:
    """Month 1 to 12 of the year `number`."""
    return _months(number, index, 1, index=index, most=12)


def nine_months(number: int) -> Period:
    """The first nine months of the year `number`, a usual reporting period."""
    return _months(number, 1, 9, index=1, most=1)


def day(on: date) -> Period:
    """One day."""
    return Period(on, on + timedelta(days=1))


def _months(number: int, first: int, count: int, *, index: int, most: int) -> Period:
    if not 1 <= index <= most:
        raise ValueError(f"no part {index} of the year {number}")
    after = number * 12 + first - 1 + count
    return Period(date(number, first, 1), date(after // 12, after % 12 + 1, 1))


_YEAR = r"(?:19|20|21)[0-9]{2}"
_TO = r"\s*(?:-|den(?:\s+nam)?)\s*"
_SEP = r"\s*(?:/|,?\s*nam\s+|-|\s)\s*"
_DMY = rf"([0-9]{{1,2}})\s*(?:[/.-]|thang)\s*([0-9]{{1,2}})\s*(?:[/.-]|nam)\s*({_YEAR})"
_UNTIL = r"\s*(?:-|den(?:\s+het)?)\s*(?:ngay\s+)?"
_LEAD = r"(?:giai doan|thoi ky|nhiem ky|cac nam|tu nam|tu)?\s*(?:nam\s*)?"
_PARSERS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("years", rf"{_LEAD}({_YEAR}){_TO}({_YEAR})"),
        ("year", rf"(?:ca\s+)?(?:nam\s+)?({_YEAR})"),
        ("quarter", rf"quy\s+(iv|iii|ii|i|[1-4]){_SEP}({_YEAR})"),
        ("half", rf"(?:6|06|sau)\s+thang\s+(dau|cuoi)\s+(?:nam\s+)?({_YEAR})"),
        ("nine", rf"(?:9|09|chin)\s+thang\s+(?:dau\s+)?(?:nam\s+)?({_YEAR})"),
        ("month", rf"thang\s+(1[0-2]|0?[1-9]){_SEP}({_YEAR})"),
        ("month", rf"(1[0-2]|0?[1-9])/({_YEAR})"),
        ("day", rf"(?:ngay\s+)?{_DMY}"),
        ("range", rf"(?:tu\s+)?(?:ngay\s+)?{_DMY}{_UNTIL}{_DMY}"),
    )
)
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def parse_period(text: str) -> Period:
    """The period that a Vietnamese name stands for; case, accents and kinds of dash do not matter.

    Raises ValueError when the name is unknown, the day does not exist, or the end lies before the beginning.
    """
    folded = fold(text)
    for kind, pattern in _PARSERS:
        match = pattern.fullmatch(folded)
        if match:
            return _PERIOD_OF[kind](match.groups())
    raise ValueError(f"not the name of a period: {text!r}")


def _range(groups: tuple[str, ...]) -> Period:
    first, last = (date(int(y), int(m), int(d)) for d, m, y in (groups[:3], groups[3:]))
    return Period(first, last + timedelta(days=1))


_PERIOD_OF = {
    "years": lambda g: years(int(g[0]), int(g[1])),
    "year": lambda g: year(int(g[0])),
    "quarter": lambda g: quarter(int(g[1]), _QUARTERS.get(g[0]) or int(g[0])),
    "half": lambda g: half_year(int(g[1]), 1 if g[0] == "dau" else 2),
    "nine": lambda g: nine_months(int(g[0])),
    "month": lambda g: month(int(g[1]), int(g[0])),
    "day": lambda g: day(date(int(g[2]), int(g[1]), int(g[0]))),
    "range": _range,
}


def format_period(period: Period) -> str:
    """The Vietnamese name of a period; `parse_period` reads it back."""
    first, last = period.since, period.last_day
    kind = period.kind
    if kind is Kind.DAY:
        return f"ngày {format_date(first)}"
    if kind is Kind.MONTH:
        return f"tháng {first.month} năm {first.year}"
    if kind is Kind.QUARTER:
        return f"Quý {format_roman((first.month + 2) // 3)}/{first.year}"
    if kind is Kind.HALF_YEAR:
        return f"6 tháng {'đầu' if first.month == 1 else 'cuối'} năm {first.year}"
    if kind is Kind.NINE_MONTHS:
        return f"9 tháng đầu năm {first.year}"
    if kind is Kind.YEAR:
        return f"năm {first.year}"
    if kind is Kind.YEARS:
        return f"giai đoạn {first.year} – {last.year}"
    return f"từ {format_date(first)} đến {format_date(last)}"


_SPAN = re.compile(
    r"(?:(?P<lead>giai đoạn|gian đoạn|thời kỳ|thời kì|nhiệm kỳ|nhiệm kì|từ năm|các năm|năm)\s+)?"
    rf"(?<![\w/.,-])(?P<first>{_YEAR})\s*(?:[-–—‑]|đến(?:\s+năm)?)\s*(?P<last>{_YEAR})(?![\w/]|[.,-][0-9])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PeriodMention:
    """A span of years as printed; `span` counts characters of the NFC text."""

    raw: str
    span: tuple[int, int]
    period: Period


def find_spans(text: str) -> list[PeriodMention]:
    """All spans of years in a text ("giai đoạn 2021- 2025") with their lead word, less backward ones."""
    text = nfc(text)
    found = []
    for match in _SPAN.finditer(text):
        first, last = int(match["first"]), int(match["last"])
        if first < last:
            found.append(PeriodMention(match.group(), match.span(), years(first, last)))
    return found


_EDTF = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which at least the year is known; documents imported without a day have one. EDTF level 0."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("a day needs a month")
        date(self.year, self.month or 1, self.day or 1)

    @classmethod
    def parse(cls, edtf: str) -> "PartialDate":
        """From "2022", "2022-07" or "2022-07-18". Raises ValueError."""
        match = _EDTF.fullmatch(edtf)
        if match is None:
            raise ValueError(f"not an EDTF date: {edtf!r}")
        number, month_, day_ = match.groups()
        return cls(int(number), int(month_) if month_ else None, int(day_) if day_ else None)

    @property
    def period(self) -> Period:
        """All days that it may be."""
        if self.month is None:
            return year(self.year)
        return (
            month(self.year, self.month) if self.day is None else day(date(self.year, self.month, self.day))
        )

    @property
    def exact(self) -> date | None:
        """The day, when it is known."""
        return date(self.year, self.month, self.day) if self.month and self.day else None

    def may_be(self, other: "PartialDate") -> bool:
        """Whether both can be the same day."""
        return self.period.overlaps(other.period)

    def __str__(self) -> str:
        parts = (f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part is not None))
        return "-".join(parts)


def format_partial_date(edtf: str) -> str:
    """18/07/2022 for "2022-07-18", "tháng 7 năm 2022" for "2022-07", "năm 2022" for "2022"; or ValueError."""
    known = PartialDate.parse(edtf)
    return format_date(known.exact) if known.exact else format_period(known.period)
