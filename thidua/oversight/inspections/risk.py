"""Which units to look at first, by signs from the data, with the sentence for each point.

The calculation is pure; the signs come from `movements.warning_signs`, the weights from the lawbook.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from thidua.criteria import lawbook
from thidua.movements.warning_signs import Sign

WEIGHTS = tuple(f"oversight.risk.{kind}" for kind in ("late_task", "late_report", "jump", "unmet"))


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence, how many points it gave, and the page that shows it."""

    text: str
    points: int
    address: str = ""


@dataclass
class Ranked:
    """A unit with what speaks for looking at it."""

    unit_id: int
    reasons: list[Reason] = field(default_factory=list)

    @property
    def score(self) -> int:
        return sum(reason.points for reason in self.reasons)


def weights(on: date) -> dict[str, int]:
    """Points for one thing of each kind."""
    return {key: int(lawbook.value(key, on=on).value) for key in WEIGHTS}


def ranked(unit_ids: Collection[int], signs: Iterable[Sign], points: Mapping[str, int]) -> list[Ranked]:
    """All units, those with most points first; equal ones by key, so that the order is always the same."""
    found = {unit_id: Ranked(unit_id) for unit_id in unit_ids}
    for sign in signs:
        if sign.unit_id in found:
            reason = Reason(sign.text, sign.count * points[sign.weight_key], sign.address)
            found[sign.unit_id].reasons.append(reason)
    for one in found.values():
        one.reasons.sort(key=lambda reason: (-reason.points, reason.text))
    return sorted(found.values(), key=lambda one: (-one.score, one.unit_id))
