"""How many may be commended: a share or a count, of all units or of those that qualify, without past winners.

Pure. Whether a unit qualifies may be unknown: then the answer is a range, never a guess. Sources of the shape
of a quota: the guidances of 2014 and 2016 in `lawbook/awards/*_phan_bo_ntm.yaml`.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Generic, TypeVar

from thidua.core.formats import format_number, format_percent


class Denominator(StrEnum):
    """Of what a share is taken."""

    ALL = "all"
    QUALIFIED = "qualified"


class Rounding(StrEnum):
    """What becomes of a broken number of places; guidances rarely say, so a plan must."""

    DOWN = "down"
    UP = "up"
    HALF_UP = "half_up"
    #: Down, but one place where there is a candidate at all.
    DOWN_AT_LEAST_ONE = "down_at_least_one"


class EarlierWinners(StrEnum):
    """What earlier winners are left out of."""

    STAY = "stay"
    LEAVE_CANDIDATES = "leave_candidates"
    #: Neither candidates nor counted in the denominator.
    LEAVE_BASE_TOO = "leave_base_too"


@dataclass(frozen=True, slots=True)
class QuotaRule:
    """Either `share` (of the denominator, rounded) or `count`; ValueError when it says both or neither."""

    share: Fraction | None = None
    count: int | None = None
    denominator: Denominator = Denominator.ALL
    rounding: Rounding = Rounding.DOWN
    must_qualify: bool = True
    earlier_winners: EarlierWinners = EarlierWinners.STAY

    def __post_init__(self) -> None:
        if (self.share is None) == (self.count is None):
            raise ValueError("Chỉ tiêu phân bổ cần đúng một trong hai: tỷ lệ hoặc số lượng")
        if self.share is not None and not 0 < self.share <= 1:
            raise ValueError("Tỷ lệ phân bổ phải lớn hơn 0 và không quá 100 %")
        if self.count is not None and self.count < 0:
            raise ValueError("Số lượng phân bổ không thể âm")


Unit = TypeVar("Unit", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Quota(Generic[Unit]):
    """How many places there are and who may take them; `least` and `most` differ when too little is known."""

    least: int
    most: int
    #: Qualified, or possibly so, and not left out; in the order of the units.
    candidates: tuple[Unit, ...]
    #: Of the candidates those of whom it is not known whether they qualify.
    unknown: tuple[Unit, ...]
    #: Qualified, but winners of an earlier round.
    left_out: tuple[Unit, ...]
    sentence: str

    @property
    def places(self) -> int | None:
        """None while it cannot be said."""
        return self.least if self.least == self.most else None


def quota(
    rule: QuotaRule,
    *,
    units: Collection[Unit],
    qualified: Mapping[Unit, bool | None],
    earlier_winners: Collection[Unit] = frozenset(),
) -> Quota[Unit]:
    """The places of a rule among `units`; a unit that `qualified` does not name is unknown.

    There are never more places than candidates.
    """
    winners = set(earlier_winners) if rule.earlier_winners != EarlierWinners.STAY else set()
    known = {unit: qualified.get(unit) for unit in units}
    may = [unit for unit in units if known[unit] is not False] if rule.must_qualify else list(units)
    candidates = tuple(unit for unit in may if unit not in winners)
    unknown = tuple(unit for unit in candidates if rule.must_qualify and known[unit] is None)
    left_out = tuple(unit for unit in may if unit in winners and (known[unit] or not rule.must_qualify))
    counted = [
        unit
        for unit in units
        if not (rule.earlier_winners == EarlierWinners.LEAVE_BASE_TOO and unit in winners)
    ]
    if rule.denominator == Denominator.ALL:
        bases = (len(counted), len(counted))
    else:
        sure = sum(known[unit] is True for unit in counted)
        bases = (sure, sure + sum(known[unit] is None for unit in counted))
    least_candidates = len(candidates) - len(unknown)
    least, most = (
        min(_places(rule, base, candidates=number), number)
        for base, number in zip(bases, (least_candidates, len(candidates)), strict=True)
    )
    return Quota(least, most, candidates, unknown, left_out, _sentence(rule, bases, least, most))


@dataclass(frozen=True, slots=True)
class Reckoned:
    """How many places there are, without saying for whom."""

    least: int
    most: int
    sentence: str


def reckoned(rule: QuotaRule, *, total: int, qualified: int, unknown: int) -> Reckoned:
    """As `quota` where nobody is left out, from how many units there are and how many qualify or may."""
    numbers = (qualified, qualified + unknown) if rule.must_qualify else (total, total)
    bases = (total, total) if rule.denominator == Denominator.ALL else (qualified, qualified + unknown)
    least, most = (
        min(_places(rule, base, candidates=number), number)
        for base, number in zip(bases, numbers, strict=True)
    )
    return Reckoned(least, most, _sentence(rule, bases, least, most))


def places_of(share: Fraction, base: int, rounding: Rounding) -> int:
    """The share of a whole number, rounded as the rule says; of nothing always nothing."""
    exact = share * base
    match rounding:
        case Rounding.DOWN:
            return int(exact)
        case Rounding.UP:
            return -int(-exact // 1)
        case Rounding.HALF_UP:
            return int(exact + Fraction(1, 2))
        case Rounding.DOWN_AT_LEAST_ONE:
            return max(int(exact), 1) if base else 0


def _places(rule: QuotaRule, base: int, *, candidates: int) -> int:
    if rule.count is not None:
        return rule.count
    assert rule.share is not None
    if rule.rounding == Rounding.DOWN_AT_LEAST_ONE and not candidates:
        return 0
    return places_of(rule.share, base, rule.rounding)


_ROUNDED = {
    Rounding.DOWN: "làm tròn xuống",
    Rounding.UP: "làm tròn lên",
    Rounding.HALF_UP: "làm tròn nửa lên",
    Rounding.DOWN_AT_LEAST_ONE: "làm tròn xuống, ít nhất 1",
}


def _sentence(rule: QuotaRule, bases: tuple[int, int], least: int, most: int) -> str:
    """ "5 % của 128 đơn vị, làm tròn xuống: 6"; a range while something is unknown."""
    result = format_number(least) if least == most else f"từ {format_number(least)} đến {format_number(most)}"
    if rule.share is None:
        assert rule.count is not None
        return f"{format_number(rule.count)} theo số lượng: {result}"
    percent = rule.share * 100
    shown = (
        format_percent(percent.numerator)
        if percent.denominator == 1
        else f"{rule.share.numerator}/{rule.share.denominator}"
    )
    base = format_number(bases[0]) if bases[0] == bases[1] else f"{bases[0]}–{bases[1]}"
    of = "đơn vị" if rule.denominator == Denominator.ALL else "đơn vị đạt chuẩn"
    return f"{shown} của {base} {of}, {_ROUNDED[rule.rounding]}: {result}"
