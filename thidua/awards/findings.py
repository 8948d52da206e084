"""What a check of a candidate found, and what follows from it: a block, a reason to be given, a warning.

The lawbook says how hard a principle is; one that nobody has read in the original warns and does no more.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from thidua.criteria import award_law
from thidua.criteria.award_law import Effect
from thidua.criteria.lawbook import NotInLawbook

UNCONFIRMED = "chưa đối chiếu văn bản gốc"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check says. `key` names it for an override: another finding needs another reason."""

    key: str
    effect: Effect
    title: str
    why: str
    next_step: str
    citation: str = ""
    confirmed: bool = True
    #: Key of the candidate that it is about, when it is one the reader may look at.
    candidate_id: int | None = None

    @property
    def blocks(self) -> bool:
        return self.effect is Effect.BLOCK

    @property
    def asks_reason(self) -> bool:
        return self.effect is Effect.REASON

    @property
    def source(self) -> str:
        """The article as a reader should be told it."""
        if not self.citation:
            return ""
        return self.citation if self.confirmed else f"{self.citation} ({UNCONFIRMED})"

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"effect": self.effect.value}


@dataclass(frozen=True, slots=True)
class Ground:
    """How hard a principle is on a day, and where it stands."""

    effect: Effect
    citation: str
    confirmed: bool


def ground(code: str, on: date) -> Ground:
    """The principle of the lawbook on a day; one that is not there yet warns without an article."""
    try:
        for one in award_law.principles(on):
            if one.code == code:
                return Ground(one.applies, one.citation, one.confirmed)
    except NotInLawbook:
        pass
    return Ground(Effect.WARN, "", confirmed=False)
