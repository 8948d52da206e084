"""Events laid out by years and months, with what is past, late, next. Pure: no database, no clock."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from thidua.core.text import shortened


class EventKind(StrEnum):
    MILESTONE = "moc"
    TASK = "nhiem-vu"
    REGISTRATION = "dang-ky"

    @property
    def label(self) -> str:
        return {"moc": "Mốc", "nhiem-vu": "Hạn nhiệm vụ", "dang-ky": "Hạn đăng ký"}[self.value]


@dataclass(frozen=True, slots=True)
class Event:
    """Something with a first and a last day, both included. `uid` is the same for the same thing for ever."""

    uid: str
    kind: EventKind
    title: str
    first: date
    last: date
    plan_id: int
    plan_title: str = ""
    #: The unit that does it, or "12 đơn vị".
    who: str = ""
    #: The time as the plan prints it.
    when_text: str = ""
    address: str = ""
    is_done: bool = False

    @property
    def short_title(self) -> str:
        return shortened(self.title)

    @property
    def short_plan_title(self) -> str:
        return shortened(self.plan_title, 90)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def is_long(self) -> bool:
        """Longer than a month: belongs to no single month."""
        return self.days > 31


class Standing(StrEnum):
    DONE = "xong"
    LATE = "qua-han"
    PAST = "da-qua"
    NOW = "dang-dien-ra"
    NEXT = "sap-toi"
    COMING = "sau-do"

    @property
    def label(self) -> str:
        return {
            "xong": "Đã xong",
            "qua-han": "Quá hạn",
            "da-qua": "Đã qua",
            "dang-dien-ra": "Đang diễn ra",
            "sap-toi": "Sắp tới",
            "sau-do": "",
        }[self.value]

    @property
    def tone(self) -> str:
        return {"xong": "good", "qua-han": "late", "sap-toi": "warning", "dang-dien-ra": "warning"}.get(
            self.value, ""
        )


@dataclass(frozen=True, slots=True)
class Placed:
    """An event and where it stands against today."""

    event: Event
    standing: Standing


@dataclass(frozen=True, slots=True)
class Month:
    year: int
    number: int
    events: tuple[Placed, ...]
    is_current: bool
    is_past: bool

    @property
    def late(self) -> int:
        return sum(placed.standing is Standing.LATE for placed in self.events)


@dataclass(frozen=True, slots=True)
class Year:
    """Twelve months, and what lasts longer than a month."""

    number: int
    months: tuple[Month, ...]
    long: tuple[Placed, ...]

    @property
    def count(self) -> int:
        return sum(len(month.events) for month in self.months) + len(self.long)


def standing_of(event: Event, *, today: date, next_day: date | None) -> Standing:
    """Work that is not done after its last day is late; a milestone after its last day is merely past."""
    if event.is_done:
        return Standing.DONE
    if event.last < today:
        return Standing.LATE if event.kind is EventKind.TASK else Standing.PAST
    if event.is_long or (event.first < event.last and event.first <= today):
        return Standing.NOW if event.first <= today else Standing.COMING
    return Standing.NEXT if event.last == next_day else Standing.COMING


def next_day_of(events: Iterable[Event], *, today: date) -> date | None:
    """The nearest last day from today on of something short and not done."""
    days = [event.last for event in events if event.last >= today and not event.is_done and not event.is_long]
    return min(days, default=None)


def year_of(events: Collection[Event], *, year: int, today: date) -> Year:
    """The events that touch a year: each short one in the month of its last day, the long ones apart."""
    next_day = next_day_of(events, today=today)
    first, last = date(year, 1, 1), date(year, 12, 31)
    placed = [
        Placed(event, standing_of(event, today=today, next_day=next_day))
        for event in sorted(events, key=_order)
        if event.first <= last and event.last >= first
    ]
    short = [one for one in placed if not one.event.is_long]
    months = tuple(
        Month(
            year=year,
            number=number,
            events=tuple(one for one in short if _month_in(one.event, year) == number),
            is_current=(today.year, today.month) == (year, number),
            is_past=date(year, number, monthrange(year, number)[1]) < today,
        )
        for number in range(1, 13)
    )
    return Year(year, months, tuple(one for one in placed if one.event.is_long))


def _month_in(event: Event, year: int) -> int:
    """The month of the last day; in the year before, of an event over New Year, December."""
    return event.last.month if event.last.year == year else 12


def _order(event: Event) -> tuple[date, date, str, str]:
    return (event.last, event.first, event.kind.value, event.title)


def is_whole_years(event: Event) -> bool:
    """Whether only years are known: from a first of January to a last of December."""
    return (event.first.month, event.first.day, event.last.month, event.last.day) == (1, 1, 12, 31)


def in_words(event: Event) -> str:
    """ "10/11/2023", "01/11/2023 – 15/11/2023", "năm 2023", "2022 – 2025"."""
    if is_whole_years(event):
        one = event.first.year == event.last.year
        return f"năm {event.first.year}" if one else f"{event.first.year} – {event.last.year}"
    last = f"{event.last:%d/%m/%Y}"
    return last if event.first == event.last else f"{event.first:%d/%m/%Y} – {last}"
