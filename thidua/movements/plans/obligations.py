"""From one sentence of a plan to what each unit owes: one row per unit, and per year where it is yearly.

Pure. Knows how the times of a record `golden/1` become days; hides every reading of "trước ngày", "hằng năm",
"sơ kết năm 2023, tổng kết năm 2025".
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from thidua.core.text import fold
from thidua.documents import sentences
from thidua.documents.wording import recurrence_in_words

When = Mapping[str, Any]
Entry = Mapping[str, Any]

#: Recurrences that owe something in each year. "periodic" alone names no interval: one task without a day.
YEARLY = frozenset({"annual", "semiannual", "quarterly", "monthly", "weekly", "daily"})


@dataclass(frozen=True, slots=True)
class Years:
    """The years in which a plan asks for something, and the day from which it does."""

    begins_on: date
    last_year: int

    @classmethod
    def of(cls, *, first_year: int | None, last_year: int | None, dated: str, adopted_on: date) -> Years:
        """From the period and the date of issue (EDTF) of a version; an unknown date of issue is the day of
        adoption."""
        begins = first_day_of(dated) or adopted_on
        if first_year is not None:
            begins = max(begins, date(first_year, 1, 1))
        last = last_year if last_year is not None else max(begins.year, adopted_on.year)
        return cls(begins, max(last, begins.year))

    @property
    def years(self) -> range:
        return range(self.begins_on.year, self.last_year + 1)


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day of a time; None where it is open."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """One deadline of a task: the last day in time, the first day of the work, its year when it has one."""

    year: int | None = None
    due_on: date | None = None
    starts_on: date | None = None
    text: str = ""
    #: Set before the words of the task where one sentence holds two of them: "Sơ kết năm 2023".
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Obligation:
    """What one unit owes for one item, once or in one year."""

    item_key: str
    unit_id: int
    due: Due
    title: str
    modality: str
    partner_ids: tuple[int, ...] = ()
    report_to: str = ""

    @property
    def identity(self) -> tuple[str, int, int | None]:
        return (self.item_key, self.unit_id, self.due.year)


def obligations(
    key: str,
    entry: Entry,
    *,
    title: str,
    unit_ids: Sequence[int],
    partner_ids: Sequence[int],
    years: Years,
    given_on: date,
) -> list[Obligation]:
    """The rows of one task item; none when it stands for no unit."""
    units = list(dict.fromkeys(unit_ids))
    partners = tuple(one for one in dict.fromkeys(partner_ids) if one not in units)
    return [
        Obligation(
            item_key=key,
            unit_id=unit_id,
            due=due,
            title=f"{due.heading}: {title}" if due.heading else title,
            modality=str(entry.get("modality") or "giao"),
            partner_ids=partners,
            report_to=sentences.joined(entry.get("report_to")),
        )
        for unit_id in units
        for due in dues(entry, years=years, given_on=given_on)
    ]


def dues(entry: Entry, *, years: Years, given_on: date) -> list[Due]:
    """The deadlines of a task. Of a yearly one those that were over when it was given are left out."""
    said: When | str | None = entry.get("deadline")
    when: When = {"raw": said} if isinstance(said, str) else said or {}
    recurrence = str(entry.get("recurrence") or when.get("recurrence") or "")
    if when.get("so_ket") or when.get("tong_ket"):
        return [
            Due(
                year=int(when[code]),
                due_on=date(int(when[code]), 12, 31),
                starts_on=_later(date(int(when[code]), 1, 1), given_on),
                text=f"{name.lower()} năm {when[code]}",
                heading=f"{name} năm {when[code]}",
            )
            for code, name in (("so_ket", "Sơ kết"), ("tong_ket", "Tổng kết"))
            if when.get(code)
        ]
    words = _words(when, recurrence)
    if is_yearly(recurrence) and not when.get("year"):
        return _yearly(when, words, years=years, given_on=given_on)
    span = span_of(when)
    starts = span.first
    if when.get("applies_to") or _is_limit(when):
        starts = None  # the time says when the work, or a part of it, ends; it begins now
    return [Due(due_on=span.last, starts_on=_later(starts, given_on), text=words)]


def _yearly(when: When, words: str, *, years: Years, given_on: date) -> list[Due]:
    found = []
    for year in years.years:
        last = span_of({**when, "year": year}).last or date(year, 12, 31)
        if last < given_on:
            continue
        found.append(
            Due(
                year=year, due_on=last, starts_on=_later(date(year, 1, 1), given_on), text=words or "hằng năm"
            )
        )
    return found


def _is_limit(when: When) -> bool:
    raw = fold(str(when.get("raw") or ""))
    return when.get("bound") == "before" or raw.startswith(("den ", "toi ", "cham nhat ", "truoc "))


def _words(when: When, recurrence: str) -> str:
    if when and recurrence and not when.get("recurrence"):
        when = {**when, "recurrence": recurrence}
    words = sentences.when_in_words(when)
    if not words and recurrence:
        words = recurrence_in_words(recurrence)
    return words[:300]


def _later(day: date | None, than: date) -> date | None:
    return day if day is not None and day > than else None


def is_yearly(recurrence: str) -> bool:
    """Whether something is owed in each year; codes may carry words in brackets."""
    codes = {part.split(" (")[0].strip() for part in recurrence.split(",")}
    return bool(codes & YEARLY) or any(code.startswith("every ") for code in codes)


def span_of(when: When | str | None) -> Span:
    """First and last day of a time that names a year; of other times nothing is known.

    "before" ends the day before; "from" and "after" have no last day.
    """
    if not when or isinstance(when, str):
        return Span()
    if when.get("from") is not None or when.get("to") is not None:
        return Span(_edge(when.get("from"), is_last=False), _edge(when.get("to"), is_last=True))
    if not when.get("year"):
        return Span()
    first, last = _calendar_span(when)
    bound = when.get("bound")
    if bound == "before":
        return Span(None, first - timedelta(days=1))
    if bound == "from":
        return Span(first, None)
    if bound == "after":
        return Span(last + timedelta(days=1), None)
    return Span(first, last)


def spans_of(when: When | None, *, years: Years) -> list[tuple[int | None, Span]]:
    """The days of a milestone: one per year of the plan when it comes every year, else one."""
    when = when or {}
    if is_yearly(str(when.get("recurrence") or "")) and not when.get("year"):
        return [(year, span_of({**when, "year": year})) for year in years.years]
    return [(None, span_of(when))]


def _calendar_span(when: When) -> tuple[date, date]:
    year, month = int(when["year"]), when.get("month")
    if when.get("months"):
        months = [int(one) for one in when["months"]]
        return date(year, months[0], 1), _month_end(year, months[-1])
    if when.get("quarter") and not month:
        quarter = int(when["quarter"])
        return date(year, quarter * 3 - 2, 1), _month_end(year, quarter * 3)
    if not month:
        return date(year, 1, 1), date(year, 12, 31)
    if not when.get("day"):
        return date(year, int(month), 1), _month_end(year, int(month))
    last = _month_end(year, int(month))
    day = date(year, int(month), min(int(when["day"]), last.day))
    return day, day


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _edge(moment: Any, *, is_last: bool) -> date | None:
    """A year, "2024-03" or "2024-03-15" as its first or last day."""
    if moment is None:
        return None
    return last_day_of(str(moment)) if is_last else first_day_of(str(moment))


def first_day_of(edtf: str) -> date | None:
    """The first day that an EDTF date can be."""
    parts = _edtf(edtf)
    return date(*[*parts, 1, 1][:3]) if parts else None


def last_day_of(edtf: str) -> date | None:
    """The last day that an EDTF date can be."""
    parts = _edtf(edtf)
    if not parts:
        return None
    if len(parts) == 1:
        return date(parts[0], 12, 31)
    return date(*parts) if len(parts) == 3 else _month_end(parts[0], parts[1])


def _edtf(text: str) -> tuple[int, ...]:
    try:
        parts = tuple(int(part) for part in text.split("-"))
        date(*[*parts, 1, 1][:3])
    except (ValueError, TypeError):
        return ()
    return parts if len(parts) <= 3 else ()
