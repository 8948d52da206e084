"""Counting votes: whether enough agreed, and who of several is chosen.

Pure and without storage: who voted what is never handed in, only the counts. The base is a share of *all*
members unless the rule says otherwise; the absent and blank or spoilt papers are in the base and are not yes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Generic, TypeVar

from thidua.core.formats import format_percent


class Base(StrEnum):
    """Of whom a share is taken."""

    ALL_MEMBERS = "all-members"
    PRESENT = "present"


@dataclass(frozen=True, slots=True)
class Threshold:
    """At least a share of the base, or, when strict, more than it (quá bán)."""

    share: Fraction
    base: Base = Base.ALL_MEMBERS
    is_strict: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1 or (self.is_strict and self.share == 1):
            raise ValueError("Tỷ lệ phiếu phải lớn hơn 0 và đạt được")

    def needed(self, base: int) -> int:
        """The least count of yes papers that is enough."""
        exact = self.share * base
        return int(exact) + 1 if self.is_strict else -int(-exact // 1)

    def __str__(self) -> str:
        percent = format_percent(self.share.numerator * 100 // self.share.denominator)
        if (self.share * 100).denominator != 1:
            percent = f"{self.share.numerator}/{self.share.denominator}"
        of = "tổng số thành viên" if self.base == Base.ALL_MEMBERS else "thành viên dự họp"
        return f"{'quá' if self.is_strict else 'từ'} {percent} {of}"


MAJORITY = Threshold(Fraction(1, 2), is_strict=True)


@dataclass(frozen=True, slots=True)
class Tally:
    """The papers on one question. Written opinions of the absent are papers like any other."""

    yes: int
    no: int
    blank: int = 0
    spoilt: int = 0

    def __post_init__(self) -> None:
        if min(self.yes, self.no, self.blank, self.spoilt) < 0:
            raise ValueError("Số phiếu không thể âm")

    @property
    def papers(self) -> int:
        return self.yes + self.no + self.blank + self.spoilt

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.yes + other.yes, self.no + other.no, self.blank + other.blank, self.spoilt + other.spoilt
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a count comes to: the yes papers, what was needed, and of how many."""

    is_passed: bool
    yes: int
    needed: int
    base: int
    #: Yes and no are equal, which under a majority decides nothing.
    is_tied: bool
    threshold: Threshold

    @property
    def share(self) -> Fraction:
        return Fraction(self.yes, self.base)

    @property
    def sentence(self) -> str:
        """ "7/9 phiếu đồng ý (77,78 %), cần 8 (từ 80 % tổng số thành viên): không đạt"."""
        percent = format_percent(Decimal(self.yes * 100) / self.base, places=2)
        count = f"{self.yes}/{self.base} phiếu đồng ý ({percent})"
        verdict = "đạt" if self.is_passed else "không đạt"
        return f"{count}, cần {self.needed} ({self.threshold}): {verdict}"


def outcome(tally: Tally, threshold: Threshold, *, members: int, present: int | None = None) -> Outcome:
    """Whether a question passed. `members` counts everybody of the council, also who is absent or recused.

    `present` is needed where the share is of those present, and bounds nothing else: the absent may vote in
    writing. Raises ValueError when there are more papers than members, or the base is empty.
    """
    if tally.papers > members:
        raise ValueError(f"Có {tally.papers} phiếu nhưng hội đồng chỉ có {members} thành viên")
    base = members if threshold.base == Base.ALL_MEMBERS else present
    if base is None:
        raise ValueError("Tỷ lệ tính trên thành viên dự họp nhưng chưa ghi số người dự họp")
    if not 0 < base <= members or (threshold.base == Base.PRESENT and tally.papers > base):
        raise ValueError("Số thành viên dự họp không khớp với số phiếu hoặc số thành viên")
    needed = threshold.needed(base)
    return Outcome(
        is_passed=tally.yes >= needed,
        yes=tally.yes,
        needed=needed,
        base=base,
        is_tied=tally.yes == tally.no,
        threshold=threshold,
    )


def has_quorum(*, present: int, members: int, share: Fraction) -> bool:
    """Whether at least `share` of all members came."""
    return present >= share * members


Name = TypeVar("Name")


@dataclass(frozen=True, slots=True)
class Chosen(Generic[Name]):
    """Who is chosen for a number of places, and who stays equal at the last of them."""

    chosen: tuple[Name, ...]
    #: Equal at the cut: nobody of them is chosen; the council votes again among them.
    tied: tuple[Name, ...]
    open_places: int


def chosen(
    tallies: Mapping[Name, Tally],
    threshold: Threshold,
    *,
    members: int,
    places: int,
    present: int | None = None,
) -> Chosen[Name]:
    """Those who pass, most yes papers first, for a limited number of places; a tie at the cut stays open.

    Among equals that all have a place the order is that of `tallies`.
    """
    passed = [
        name
        for name, tally in tallies.items()
        if outcome(tally, threshold, members=members, present=present).is_passed
    ]
    passed.sort(key=lambda name: -tallies[name].yes)
    if len(passed) <= places:
        return Chosen(tuple(passed), (), places - len(passed))
    at_cut = tallies[passed[places]].yes
    above = tuple(name for name in passed if tallies[name].yes > at_cut)
    if len(above) == places:
        return Chosen(above, (), 0)
    tied = tuple(name for name in passed if tallies[name].yes == at_cut)
    return Chosen(above, tied, places - len(above))
