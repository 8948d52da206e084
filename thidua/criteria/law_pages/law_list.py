"""The lawbook as a list on a day, and what changed between two days. Needs no database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, cast

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import reverse

from thidua.core.formats import format_date
from thidua.core.text import fold, sort_key
from thidua.criteria import lawbook
from thidua.criteria.law_pages.words import (
    GROUPS,
    NOT_READ,
    OTHER,
    Difference,
    difference,
    group_name,
    group_of,
    value_of,
)
from thidua.criteria.lawbook import FOREVER, Parameter
from thidua.tables.listing import ORDER, PAGE, Column, FilterForm, Listing, Shown, Table

SHOWN_LETTERS = 200
_ORDER_OF_GROUPS = {group: number for number, group in enumerate((*GROUPS, OTHER))}


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as it holds on the day of the list."""

    parameter: Parameter
    value: str
    #: How many versions there are in all.
    versions: int

    @property
    def group(self) -> str:
        return group_of(self.parameter.key)


class LawFilters(FilterForm):
    tim = forms.CharField(label="Nội dung, giá trị, căn cứ", max_length=100)
    nhom = forms.ChoiceField(label="Nhóm", choices=[("", "Tất cả")])
    doi_chieu = forms.ChoiceField(
        label="Đối chiếu",
        choices=[("", "Tất cả"), ("chua", "chưa đối chiếu văn bản gốc"), ("roi", "đã đối chiếu")],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        used = {group_of(key) for key, _ in lawbook.book().histories}
        choices = [(group, group_name(group)) for group in (*GROUPS, OTHER) if group in used]
        cast(forms.ChoiceField, self.fields["nhom"]).choices = [("", "Tất cả"), *choices]

    def keep(self, rows: Sequence[Row], asked: dict[str, Any]) -> list[Row]:
        words = fold(asked.get("tim", "")).split()
        return [
            row
            for row in rows
            if asked.get("nhom", row.group) == row.group
            and (asked.get("doi_chieu") is None or row.parameter.confirmed == (asked["doi_chieu"] == "roi"))
            and (not words or all(word in _searched(row) for word in words))
        ]


def _searched(row: Row) -> str:
    one = row.parameter
    return fold(f"{one.name} {row.value} {one.citation} {one.note} {one.key}")


class KeptRows(list[Row]):
    """Rows in memory that a listing can run through as it does through those of a database."""

    def iterator(self, chunk_size: int = 0) -> Iterator[Row]:
        return iter(self)


def _name(row: Row) -> Shown:
    one = row.parameter
    notes = [group_name(row.group), *([f"của {one.place}"] if one.place else [])]
    return Shown(one.name, href=reverse("law:entry", args=[one.key]), note=" · ".join(notes))


def _value(row: Row) -> Shown:
    if len(row.value) <= SHOWN_LETTERS:
        return Shown(row.value)
    short = row.value[:SHOWN_LETTERS].rsplit(" ", 1)[0]
    return Shown(f"{short} …", full=row.value)


def _read(row: Row) -> Shown:
    if row.parameter.confirmed:
        return Shown("đã đối chiếu", tone="good", note=row.parameter.note)
    return Shown(NOT_READ, tone="warning", note=row.parameter.note)


def _last_day(row: Row) -> date | None:
    until = row.parameter.until
    return None if until == FOREVER else until - timedelta(days=1)


def _since(row: Row) -> Shown:
    last = _last_day(row)
    return Shown(format_date(row.parameter.since), note=f"đến hết {format_date(last)}" if last else "")


TABLE: Table[Any] = Table(
    name="so-luat",
    title="Sổ luật",
    columns=(
        Column(
            "noi_dung", "Nội dung", _name, value=lambda row: row.parameter.name, order=("name",), width=50
        ),
        Column("gia_tri", "Giá trị", _value, value=lambda row: row.value, width=60),
        Column("tu", "Từ ngày", _since, value=lambda row: row.parameter.since, order=("since",), width=12),
        Column("can_cu", "Căn cứ", lambda row: row.parameter.citation, order=("citation",), width=50),
        Column("doi_chieu", "Đối chiếu", _read, value=lambda row: _read(row).text, order=("read",), width=26),
    ),
    filters=LawFilters,
    empty="Sổ luật không có gì vào ngày này. Chọn một ngày khác.",
)
#: What Excel holds besides.
WORKBOOK: Table[Any] = Table(
    name="so-luat",
    title="Sổ luật",
    columns=(
        Column("nhom", "Nhóm", lambda row: group_name(row.group), width=28),
        *TABLE.columns[:3],
        Column("den", "Đến hết ngày", lambda row: "", value=_last_day, width=12),
        *TABLE.columns[3:],
        Column("ghi_chu", "Ghi chú", lambda row: row.parameter.note, width=50),
        Column("khoa", "Khóa", lambda row: row.parameter.key, width=40),
        Column("tep", "Tệp, dòng", lambda row: f"{row.parameter.file}, {row.parameter.line}", width=36),
    ),
)

_SORTED_BY: dict[str, Callable[[Row], Any]] = {
    "noi_dung": lambda row: sort_key(row.parameter.name),
    "tu": lambda row: row.parameter.since,
    "can_cu": lambda row: sort_key(row.parameter.citation),
    "doi_chieu": lambda row: row.parameter.confirmed,
}


@lru_cache(maxsize=32)
def rows_on(day: date) -> tuple[Row, ...]:
    """What holds on a day, by group, file and line."""
    book = lawbook.book()
    found = [
        Row(parameter, value_of(parameter, book).flat, len(history))
        for history in book.histories.values()
        for parameter in history
        if parameter.holds_on(day)
    ]
    found.sort(key=lambda row: (_ORDER_OF_GROUPS[row.group], row.parameter.file, row.parameter.line))
    return tuple(found)


def found_by_name(words: Sequence[str], day: date) -> list[Row]:
    """Entries of a day whose name has words that begin so; those that begin with the whole stand first."""
    whole = " ".join(words)
    named = [(fold(row.parameter.name), row) for row in rows_on(day)]
    found = [(name, row) for name, row in named if all(f" {word}" in f" {name}" for word in words)]
    return [row for _, row in sorted(found, key=lambda one: not one[0].startswith(whole))]


def law_listing(request: HttpRequest, day: date, *, workbook: bool) -> Listing[Any]:
    """The list that a request asks for."""
    form = LawFilters(request.GET)
    asked = form.asked()
    rows = KeptRows(form.keep(rows_on(day), asked))
    order = request.GET.get(ORDER, "")
    by = _SORTED_BY.get(order.removeprefix("-"))
    if by is not None:
        rows.sort(key=by, reverse=order.startswith("-"))
    page = Paginator(rows, TABLE.page_rows).get_page(request.GET.get(PAGE))
    return Listing(
        table=WORKBOOK if workbook else TABLE,
        rows=cast(Any, rows),
        form=form,
        asked=asked,
        order=order if by is not None else "",
        path=request.path,
        page=page,
        kept={"ngay": day.isoformat()},
    )


@dataclass(frozen=True, slots=True)
class Mark:
    """A day on which entries begin or end."""

    day: date
    count: int


@lru_cache(maxsize=1)
def marks() -> tuple[Mark, ...]:
    counts: dict[date, set[str]] = {}
    for (key, _), history in lawbook.book().histories.items():
        for parameter in history:
            for day in (parameter.since, parameter.until):
                if day != FOREVER:
                    counts.setdefault(day, set()).add(key)
    return tuple(Mark(day, len(keys)) for day, keys in sorted(counts.items()))


@dataclass(frozen=True, slots=True)
class Changed:
    """One entry that is not the same on two days; None where nothing is known."""

    key: str
    name: str
    before: Parameter | None
    after: Parameter | None
    difference: Difference

    @property
    def is_confirmed(self) -> bool:
        return all(one.confirmed for one in (self.before, self.after) if one)


@dataclass(frozen=True, slots=True)
class Changes:
    """The entries of one group that changed, and how many only moved to another article."""

    group: str
    name: str
    changed: tuple[Changed, ...]


def changes_between(first: date, second: date) -> tuple[list[Changes], int]:
    """What is other on `second` than on `first`, by group; and how many changed their article only."""
    book = lawbook.book()
    found: dict[str, list[Changed]] = {}
    moved = 0
    for (key, place), history in book.histories.items():
        if place:
            continue
        before = next((one for one in history if one.holds_on(first)), None)
        after = next((one for one in history if one.holds_on(second)), None)
        if before is after or (before is None and after is None):
            continue
        words = difference(before, after, book) if before and after else Difference((), ())
        if before and after and not words:
            moved += before.citation != after.citation
            continue
        shown = after or before
        assert shown is not None
        found.setdefault(group_of(key), []).append(Changed(key, shown.name, before, after, words))
    groups = [
        Changes(group, group_name(group), tuple(sorted(found[group], key=lambda one: one.key)))
        for group in (*GROUPS, OTHER)
        if group in found
    ]
    return groups, moved
