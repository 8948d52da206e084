"""Figures of registrations that go up: counted per kind and subject, places helped, households by commune.

Pure: two disjoint sets of registrations merged in any order give the figures of both together. Holds counts
and places only, never a name of a person or household.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Counted:
    """What the figures need to know of one approved registration."""

    kind: str
    subject_type: str
    unit_id: int
    #: The place helped, and the village in it by name.
    helped_unit_id: int | None = None
    helped_village: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts by (kind, subject), helpers by (place, village), households and all registrations by unit."""

    subjects: Counter[tuple[str, str]] = field(default_factory=Counter)
    places: Counter[tuple[int, str]] = field(default_factory=Counter)
    households: Counter[int] = field(default_factory=Counter)
    units: Counter[int] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return sum(self.subjects.values())

    @property
    def household_total(self) -> int:
        return sum(self.households.values())

    def of_kind(self, kind: str) -> int:
        return sum(count for (one, _), count in self.subjects.items() if one == kind)


ESCAPE, HELP = "thoat_ngheo", "giup_do"


def counted(registrations: Iterable[Counted]) -> Figures:
    figures = Figures()
    for one in registrations:
        figures.subjects[one.kind, one.subject_type] += 1
        figures.units[one.unit_id] += 1
        if one.kind == ESCAPE:
            figures.households[one.unit_id] += 1
        if one.kind == HELP and one.helped_unit_id is not None:
            figures.places[one.helped_unit_id, one.helped_village] += 1
    return figures


def merged(parts: Iterable[Figures]) -> Figures:
    """The figures of disjoint parts together."""
    whole = Figures()
    for part in parts:
        whole.subjects.update(part.subjects)
        whole.places.update(part.places)
        whole.households.update(part.households)
        whole.units.update(part.units)
    return whole


def as_text(figures: Figures) -> str:
    """JSON in one fixed order, so that equal figures are equal texts."""
    return json.dumps(
        {
            "subjects": [[*key, count] for key, count in sorted(figures.subjects.items())],
            "places": [[*key, count] for key, count in sorted(figures.places.items())],
            "households": [[key, count] for key, count in sorted(figures.households.items())],
            "units": [[key, count] for key, count in sorted(figures.units.items())],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def from_text(text: str) -> Figures:
    found = json.loads(text)
    return Figures(
        subjects=Counter({(kind, subject): count for kind, subject, count in found.get("subjects", [])}),
        places=Counter({(unit_id, village): count for unit_id, village, count in found.get("places", [])}),
        households=Counter(dict(map(tuple, found.get("households", [])))),
        units=Counter(dict(map(tuple, found.get("units", [])))),
    )
