"""Awards that subjects already hold, whoever keeps them: the register asks to be heard here.

A list of a subject's awards is complete only when a keeper says so; until then "none" is unknown, not no.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class HeldAward:
    """One award of one subject, as the register has it."""

    subject_key: str
    #: Code of the lawbook; words as written where it knows no such form.
    form: str
    #: merit, movement, one-off … of the lawbook.
    commendation_type: str
    #: The last day of the year where only the year is known.
    decided_on: date
    number: str = ""
    movement_id: int | None = None
    since: date | None = None
    until: date | None = None
    issuer: str = ""
    #: Of the candidate that it came from, when it came from one here.
    candidate_id: int | None = None
    is_revoked: bool = False
    #: Key of its row in the register.
    award_id: int | None = None


Keeper = Callable[[Collection[str]], Mapping[str, Collection[HeldAward]]]
#: Of these subjects, those whose awards are all known on a day.
Completeness = Callable[[Collection[str], date], Collection[str]]
_keepers: list[Keeper] = []
_complete: list[Completeness] = []


def keep(keeper: Keeper, complete: Completeness | None = None) -> None:
    """Register who knows awards by subject keys. Called once, when the program starts."""
    if keeper not in _keepers:
        _keepers.append(keeper)
    if complete is not None and complete not in _complete:
        _complete.append(complete)


def complete_for(subject_keys: Collection[str], *, on: date) -> frozenset[str]:
    """Those of the subjects for whom somebody says that every award is known: none is then no."""
    return frozenset(key for complete in _complete for key in complete(subject_keys, on))


def of(subject_keys: Collection[str]) -> dict[str, list[HeldAward]]:
    """Awards in force of these subjects, oldest first; revoked ones left out."""
    found: dict[str, list[HeldAward]] = {}
    for keeper in _keepers:
        for key, awards in keeper(subject_keys).items():
            found.setdefault(key, []).extend(one for one in awards if not one.is_revoked)
    return {key: sorted(awards, key=lambda one: one.decided_on) for key, awards in found.items()}
