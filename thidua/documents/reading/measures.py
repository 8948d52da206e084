"""What kind of figure a clause holds: a level, points of a rate or a relative change, and per what."""

from __future__ import annotations

from .matching import pattern
from .quantities import Change, Quantity

_RATE = pattern(r"\b(?:ty|ti) (?:le|trong|suat)\b|\bmuc do\b|\bdo che phu\b")
_RATE_BY_USE = pattern(r"\bho (?:can )?ngheo\b|\bngheo da chieu\b")
_NUMBER_OF = pattern(r"\b(?:so luong|quy mo)\b|(?<!thieu\s)(?<!tong\s)\bso\b(?! voi)")


def is_rate(flat_clause: str) -> bool:
    """Whether the clause speaks of a rate ("tỷ lệ …"), so that "3%/năm" are points of it."""
    return _RATE.search(flat_clause) is not None or (
        _RATE_BY_USE.search(flat_clause) is not None
        and not counts(flat_clause)
        and "so voi" not in flat_clause
    )


def counts(flat_clause: str) -> bool:
    """Whether the clause speaks of a number of things ("số vụ", "quy mô")."""
    return _NUMBER_OF.search(flat_clause) is not None


def unit_and_kind(quantity: Quantity, change: Change, *, of_rate: bool) -> tuple[str, str]:
    """Unit of golden/1 and kind of indicator (see vocabulary/indicators.yaml)."""
    if quantity.unit == "pct_point":
        return "pct_point", "rate_increase" if change.direction == "up" else "rate_decrease"
    if quantity.unit == "pct":
        if change.direction is None:
            return "pct", "share"
        way = "decrease" if change.direction == "down" else "increase"
        return ("pct_point", f"rate_{way}") if of_rate else ("pct_change", f"count_{way}")
    if quantity.is_money:
        return quantity.unit, "money"
    kinds = {"ratio": "ratio", "point": "score", "rank": "rank"}
    return quantity.unit, kinds.get(quantity.unit, "count")
