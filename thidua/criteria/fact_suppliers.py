"""Facts that other parts of the program hand to the rule engine: an app registers what it knows about.

An app below `awards` (contributions, loans …) registers a supplier in a module that Django imports at start,
and needs to know nothing of who judges. A supplier answers only for what it knows: what it leaves out stays
unknown, and a list of events that it gives is complete.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from thidua.criteria.facts import Event, Figure, Source


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom ("unit:12", "person:9", "household:5"), of which codes, and in which time."""

    keys: Collection[str]
    codes: frozenset[str]
    since: date
    until: date
    on: date
    #: Key of the plan that is judged, when it is one.
    plan_id: int | None = None
    #: By code of dated facts the first day that some condition looks at; None: however long ago.
    begins: Mapping[str, date | None] = field(default_factory=dict)
    #: Codes of dated facts of which every condition asks that there be none: then one that is known decides,
    #: and a list that is not complete may be given when it is not empty.
    none_wanted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Supplied:
    """By subject key and code; a figure also by its period ("2024", or "" for no time)."""

    events: Mapping[tuple[str, str], tuple[Event, ...]] = field(default_factory=dict)
    figures: Mapping[tuple[str, str, str], Figure] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)


Supplier = Callable[[Asked], Supplied]


@dataclass(frozen=True, slots=True)
class _Known:
    codes: frozenset[str]
    supply: Supplier


_suppliers: dict[str, _Known] = {}


def register(name: str, codes: Collection[str], supply: Supplier) -> None:
    """Make a supplier of some codes of `measures.yaml` known; again under the same name replaces it."""
    _suppliers[name] = _Known(frozenset(codes), supply)


def forget(name: str) -> None:
    _suppliers.pop(name, None)


def ask(asked: Asked) -> list[Supplied]:
    """What all suppliers of the asked codes know, in the order of their names."""
    return [
        known.supply(asked)
        for _, known in sorted(_suppliers.items())
        if asked.keys and known.codes & asked.codes
    ]
