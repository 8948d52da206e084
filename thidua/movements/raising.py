"""About what somebody may raise a difficulty: tasks, targets, figures, reports, each told by its own app.

An app registers how it finds one of its things by its key; the app that keeps difficulties, above or beside
it, asks here and knows none of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from thidua.organisations.authority import Acting


@dataclass(frozen=True, slots=True)
class Subject:
    """The thing that a difficulty is about: what it is called, whose it is, the plan, and its page."""

    title: str
    address: str
    unit_id: int | None = None
    plan_id: int | None = None


#: The thing with this key, as far as the person may see it.
Finder = Callable[[int, Acting], Subject | None]

_finders: dict[str, tuple[str, Finder]] = {}


def register(kind: str, label: str, finder: Finder) -> None:
    """`kind` stands in addresses ("nhiem-vu"); `label` before the title («Nhiệm vụ»)."""
    _finders[kind] = (label, finder)


def label_of(kind: str) -> str:
    return _finders[kind][0] if kind in _finders else ""


def subject_of(kind: str, key: int, *, acting: Acting) -> Subject | None:
    return _finders[kind][1](key, acting) if kind in _finders else None
