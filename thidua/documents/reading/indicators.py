"""Which indicator of the published vocabulary a figure measures: by words, unit and direction of change."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from . import vocabulary
from .matching import pattern

OTHER = "other"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One entry of vocabulary/indicators.yaml."""

    code: str
    label_vi: str
    kind: str
    units: frozenset[str]
    words: re.Pattern[str]
    without: re.Pattern[str] | None
    is_sure: bool  # a fact that is a rule even alone


@cache
def indicators() -> dict[str, tuple[Indicator, ...]]:
    """All entries by kind, in the order of the file."""
    by_kind: dict[str, list[Indicator]] = {}
    for entry in vocabulary.load("indicators"):
        without = entry.get("without")
        indicator = Indicator(
            code=entry["code"],
            label_vi=entry["label_vi"],
            kind=entry["kind"],
            units=frozenset(entry.get("unit") or ()),
            words=pattern("|".join(f"(?:{words})" for words in entry["patterns"])),
            without=pattern("|".join(f"(?:{words})" for words in without)) if without else None,
            is_sure=bool(entry.get("sure")),
        )
        by_kind.setdefault(indicator.kind, []).append(indicator)
    return {kind: tuple(entries) for kind, entries in by_kind.items()}


def indicator_of(flat_clause: str, *, kind: str, unit: str | None = None) -> Indicator | None:
    """The first indicator of that kind whose words stand in the clause, or None."""
    for indicator in indicators().get(kind, ()):
        if indicator.units and unit not in indicator.units:
            continue
        if indicator.words.search(flat_clause) and not (
            indicator.without and indicator.without.search(flat_clause)
        ):
            return indicator
    return None
