"""What falls due, asked of the apps that keep it: tasks, reports, registrations, consultations, papers …

Each app above registers a `Source` in a module `due_things.py`, imported when Django starts. Reminders know
nothing else of an app.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from thidua.organisations.models import Role


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that somebody owes by a day: a unit (whoever acts for it in the source's roles), or a person.

    `key` is the source's own name of the thing, the same from day to day; `due_on` is the last day in time.
    """

    key: str
    title: str
    address: str
    due_on: date
    unit_id: int | None = None
    user_id: int | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of thing that falls due.

    `find(days, on)` gives what is due on one of the days and still waits on the day `on`; `still(keys, on)`
    says of some keys which still wait, with the day each is due now.
    """

    name: str
    label: str
    roles: frozenset[Role]
    #: Who hears of it on the last day and afterwards.
    late_roles: frozenset[Role]
    find: Callable[[Collection[date], date], Iterable[Due]]
    still: Callable[[Collection[str], date], Mapping[str, date]]


_sources: dict[str, Source] = {}


def register(source: Source) -> Source:
    _sources[source.name] = source
    return source


def sources() -> list[Source]:
    return [_sources[name] for name in sorted(_sources)]


def source_of_rows(
    name: str,
    label: str,
    *,
    roles: frozenset[Role],
    late_roles: frozenset[Role],
    waiting: Callable[[date], QuerySet[Any]],
    due: Callable[[Any], Due],
    day: str = "due_on",
) -> Source:
    """A source whose things are rows of a table; `waiting(on)` are those not done, `day` names the field."""

    def find(days: Collection[date], on: date) -> Iterable[Due]:
        rows = waiting(on).filter(**{f"{day}__in": sorted(days)}).order_by("pk")
        return (due(row) for row in rows.iterator(chunk_size=1000))

    def still(keys: Collection[str], on: date) -> Mapping[str, date]:
        return {str(pk): due_on for pk, due_on in waiting(on).filter(pk__in=keys).values_list("pk", day)}

    return Source(name, label, roles, late_roles, find, still)


def still_due(objects: Collection[tuple[str, str]], *, on: date) -> dict[tuple[str, str], date]:
    """Of (source, key) pairs those that still wait, with their day; one call for each source."""
    keys: dict[str, set[str]] = {}
    for name, key in objects:
        keys.setdefault(name, set()).add(key)
    return {
        (name, key): due_on
        for name, some in keys.items()
        if name in _sources
        for key, due_on in _sources[name].still(some, on).items()
    }
