"""What records of persons and of holds tell of service and discipline.

A hold says when it began, when it ended and how, not when a discipline was decided. So a discipline counts
in the year and on the day on which it ended; of earlier years that the hold covers, and while nobody has
said how it ended, it is unknown whether there was one. That nothing stands there means none only from the
day from which somebody says that all are kept (`RegisterCoverage.discipline_since`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from thidua.awards import relatives
from thidua.awards.models import Hold, PersonRecord
from thidua.awards.register import keeping
from thidua.core.formats import format_date
from thidua.criteria import fact_suppliers
from thidua.criteria.fact_suppliers import Asked, Supplied
from thidua.criteria.facts import Event, Figure, Source

SERVICE, DISCIPLINED, CASES = "service", "disciplined", "discipline_cases"
RECORDS, HOLDS = "ho-so-nguoi-duoc-xet", "so-tam-dung-xet"
PERSON = "person:"
Key = TypeVar("Key", int, str)
#: Keys of one question; SQLite takes no more parameters than about 32,000.
AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Ended:
    """One hold that did not end well, or of which nobody says how it ended; seen from a day."""

    since: date
    #: The last day, or the day it is looked at while it runs.
    last: date
    #: None: nobody has said.
    is_discipline: bool | None
    source: str


def years_of(
    holds: Collection[Ended], *, complete_since: date | None, on: date
) -> dict[int, tuple[bool, str]]:
    """By year whether there was a discipline, and the paper that says so; not the unknown years. Pure."""
    found: dict[int, tuple[bool, str]] = {}
    if complete_since is not None:
        first = complete_since.year + (complete_since > date(complete_since.year, 1, 1))
        found = dict.fromkeys(range(first, on.year + 1), (False, HOLDS))
    for one in holds:
        for year in range(one.since.year, one.last.year + 1):
            found.pop(year, None)
    for one in holds:
        if one.is_discipline:
            found[one.last.year] = (True, one.source)
    return found


def cases_of(
    holds: Collection[Ended], *, complete_since: date | None, begins: date | None, none_wanted: bool
) -> tuple[Event, ...] | None:
    """The disciplines by the day on which they ended, where the list is complete or one decides. Pure."""
    events = tuple(Event(one.last, source=one.source) for one in holds if one.is_discipline)
    is_open = any(one.is_discipline is None and (begins is None or one.last >= begins) for one in holds)
    is_complete = complete_since is not None and begins is not None and complete_since <= begins
    if is_complete and not is_open:
        return events
    if none_wanted and any(begins is None or event.on >= begins for event in events):
        return events
    return None


def supply(asked: Asked) -> Supplied:
    """Some eight queries for each few thousand subjects."""
    figures: dict[tuple[str, str, str], Figure] = {}
    events: dict[tuple[str, str], tuple[Event, ...]] = {}
    sources: dict[str, Source] = {}
    if SERVICE in asked.codes:
        for key, begun in _service(asked.keys).items():
            figures[key, SERVICE, ""] = Figure(begun, RECORDS)
            sources[RECORDS] = Source("Hồ sơ người được xét")
    if asked.codes & {DISCIPLINED, CASES}:
        complete = keeping.disciplines_since(asked.keys, on=asked.on)
        holds = _holds(asked.keys, on=asked.on)
        begins, wanted = asked.begins.get(CASES), CASES in asked.none_wanted
        for key in asked.keys:
            own, since = holds.get(key, ()), complete.get(key)
            if DISCIPLINED in asked.codes:
                for year, (answer, source) in years_of(own, complete_since=since, on=asked.on).items():
                    figures[key, DISCIPLINED, str(year)] = Figure(answer, source)
            if CASES in asked.codes:
                found = cases_of(own, complete_since=since, begins=begins, none_wanted=wanted)
                if found is not None:
                    events[key, CASES] = found
        if complete:
            sources[HOLDS] = Source("Sổ tạm dừng xét, đã xác nhận ghi đủ kỷ luật")
    return Supplied(events, figures, sources)


def _service(keys: Collection[str]) -> dict[str, date]:
    people = sorted(int(key.removeprefix(PERSON)) for key in keys if key.startswith(PERSON))
    found = {}
    for part in _parts(people):
        rows = PersonRecord.objects.filter(pk__in=part, serves_since__isnull=False)
        for pk, since in rows.values_list("pk", "serves_since"):
            assert since is not None
            found[f"{PERSON}{pk}"] = since
    return found


def _holds(keys: Collection[str], *, on: date) -> Mapping[str, list[Ended]]:
    """Of subjects their holds; a unit that took over another wholly is told that one's too."""
    lines = relatives.taken_over_wholly(keys, on=on)
    whose: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        for own in (key, *lines.get(key, ())):
            whose[own].append(key)
    found: dict[str, list[Ended]] = defaultdict(list)
    for part in _parts(sorted(whose)):
        rows = Hold.objects.filter(subject_key__in=part, since__lte=on).exclude(was_cleared=True)
        for hold in rows.order_by("since", "pk"):
            for key in whose[hold.subject_key]:
                found[key].append(_ended(hold, on=on))
    return found


def _ended(hold: Hold, *, on: date) -> Ended:
    last = min(hold.until - timedelta(days=1), on) if hold.until else on
    is_discipline = True if hold.was_cleared is False and hold.until else None
    paper = hold.end_note or hold.source or f"hồ sơ tạm dừng {hold.pk}"
    until = f", hết thời hạn ngày {format_date(hold.until)}" if hold.until else ""
    return Ended(hold.since, last, is_discipline, f"{paper}{until}")


def _parts(rows: list[Key]) -> Iterable[list[Key]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]


def register() -> None:
    """Called when Django starts."""
    fact_suppliers.register("awards.staff", (SERVICE, DISCIPLINED, CASES), supply)
