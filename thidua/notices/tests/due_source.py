"""A source of due things for tests: what it holds is said by the test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from thidua.notices import due
from thidua.notices.due import Due, Source
from thidua.organisations.models import Role


@contextmanager
def due_things(*things: Due) -> Iterator[list[Due]]:
    """Only these things fall due; the list may be changed meanwhile."""
    held = list(things)
    source = Source(
        "thu",
        "Việc thử",
        frozenset({Role.UNIT_OFFICER}),
        frozenset({Role.UNIT_OFFICER, Role.LEADER}),
        find=lambda days, _on: [one for one in held if one.due_on in days],
        still=lambda keys, _on: {one.key: one.due_on for one in held if one.key in keys},
    )
    before = dict(due._sources)
    due._sources.clear()
    due.register(source)
    try:
        yield held
    finally:
        due._sources.clear()
        due._sources.update(before)
