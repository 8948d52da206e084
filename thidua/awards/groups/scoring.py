"""Points of units under a table of criteria: totals, points by a figure, the ranking. Pure.

Points are exact decimals. What nobody scored is missing, never zero: a unit with a missing base criterion has
no total and no place. No threshold is known here; everything comes from the table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

#: Kinds of items, as `ScoreItemKind` keeps them.
SECTION, BASE, BONUS, PENALTY = "nhom", "chuan", "thuong", "tru"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a table: a heading (no points), or a criterion with the most points it gives or takes.

    `breaks_ties` is its turn among those asked when totals are equal; `section` the heading it stands under.
    """

    id: int
    kind: str
    points: Decimal | None = None
    breaks_ties: int | None = None
    section: int | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """The points of a unit under one item; None is not scored. Of a penalty the positive points it takes."""

    item_id: int
    points: Decimal | None


@dataclass(frozen=True, slots=True)
class Total:
    """What a unit has: base + the bonus that counts - penalty."""

    base: Decimal
    bonus_given: Decimal
    #: At most the cap of the table.
    bonus_counted: Decimal
    penalty: Decimal
    total: Decimal
    #: Bonus and penalty items that nobody claimed.
    missing: tuple[int, ...] = ()
    #: (item, points) of all that was scored, in the order of the table.
    points: tuple[tuple[int, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a unit stands; `rank` and `total` are None when it was not scored.

    `tied`: others share the rank. `broken_by`: the item that told it from its neighbour of equal total.
    """

    unit: int
    rank: int | None
    total: Total | None
    tied: bool = False
    broken_by: int | None = None


def total_of(items: Iterable[Item], scored: Iterable[Scored], bonus_cap: Decimal | None) -> Total | None:
    """The total of one unit; None while any base item has no points: not scored.

    A bonus or penalty item without points counts as not claimed: it adds and takes nothing, and is named in
    `missing`. The total may fall below zero, since no rule says that it ends there. Raises ValueError for
    points that no item of the table gives.
    """
    rows = [item for item in items if item.kind != SECTION]
    given = {one.item_id: one.points for one in scored}
    unknown = given.keys() - {item.id for item in rows}
    if unknown:
        raise ValueError(f"points under items that are not in the table: {sorted(unknown)}")
    sums = {BASE: Decimal(0), BONUS: Decimal(0), PENALTY: Decimal(0)}
    missing, points = [], []
    for item in rows:
        own = given.get(item.id)
        if own is None:
            if item.kind == BASE:
                return None
            missing.append(item.id)
            continue
        if own < 0 or (item.points is not None and own > item.points):
            raise ValueError(f"item {item.id} gives 0 to {item.points}, not {own}")
        sums[item.kind] += own
        points.append((item.id, own))
    counted = sums[BONUS] if bonus_cap is None else min(sums[BONUS], bonus_cap)
    return Total(
        base=sums[BASE],
        bonus_given=sums[BONUS],
        bonus_counted=counted,
        penalty=sums[PENALTY],
        total=sums[BASE] + counted - sums[PENALTY],
        missing=tuple(missing),
        points=tuple(points),
    )


def reckoned(value: Decimal, zero_at: Decimal, full_at: Decimal, points: Decimal) -> Decimal:
    """Points of a figure: none at `zero_at`, all at `full_at`, in proportion between, never outside.

    `full_at` may lie below `zero_at` (fewer is better). To the hundredth, half up. Reckoned in fractions, so
    that nothing is rounded twice.
    """
    if zero_at == full_at:
        raise ValueError("a line needs two different ends")
    share = (Fraction(value) - Fraction(zero_at)) / (Fraction(full_at) - Fraction(zero_at))
    share = min(max(share, Fraction(0)), Fraction(1))
    hundredths = (share * Fraction(points) * 100 + Fraction(1, 2)).__floor__()
    return Decimal(hundredths).scaleb(-2)


def ranking(totals: Mapping[int, Total | None], items: Iterable[Item]) -> list[Place]:
    """The places of units, best first: 1, 2, 2, 4.

    Higher total first. Equal totals are told apart by the items with `breaks_ties`, in their order: more
    points go before, of a penalty fewer; what was not claimed counts as none there. What stays equal shares
    the rank (đồng hạng). Who was not scored has no rank and stands at the end. Units of one rank stand in the
    order of their keys, whatever the order of the input.
    """
    asked = sorted((item for item in items if item.breaks_ties is not None), key=_turn)
    signs = {unit: _sign(total, asked) for unit, total in totals.items() if total is not None}
    order = sorted(signs, key=lambda unit: (tuple(-part for part in signs[unit]), unit))
    places: list[Place] = []
    groups = [list(group) for _, group in groupby(order, key=lambda unit: signs[unit])]
    for number, group in enumerate(groups):
        rank = len(places) + 1
        above = signs[groups[number - 1][0]] if number else None
        below = signs[groups[number + 1][0]] if number + 1 < len(groups) else None
        told_by = _told_apart(signs[group[0]], (above, below), asked)
        places += [Place(unit, rank, totals[unit], len(group) > 1, told_by) for unit in group]
    return places + [Place(unit, None, None) for unit in sorted(totals.keys() - signs.keys())]


@dataclass(frozen=True, slots=True)
class LastSeats:
    """More units of one rank than seats are left for them: somebody has to choose."""

    units: int
    seats: int


def contested(ranks: Iterable[int | None], seats: int) -> LastSeats | None:
    """Whether a shared rank reaches over the last of the seats; None where ranks alone decide."""
    order = sorted(rank for rank in ranks if rank is not None)
    if not 0 < seats < len(order) or order[seats - 1] != order[seats]:
        return None
    rank = order[seats]
    return LastSeats(units=order.count(rank), seats=seats - order.index(rank))


def _turn(item: Item) -> int:
    return item.breaks_ties or 0


def _sign(total: Total, asked: Sequence[Item]) -> tuple[Decimal, ...]:
    """What is compared, the greater the better."""
    points = dict(total.points)
    by_item = (points.get(item.id, Decimal(0)) * (-1 if item.kind == PENALTY else 1) for item in asked)
    return (total.total, *by_item)


def _told_apart(
    sign: tuple[Decimal, ...], neighbours: Collection[tuple[Decimal, ...] | None], asked: Sequence[Item]
) -> int | None:
    """The first item that differs from a neighbour with the same total, the one above asked first."""
    for other in neighbours:
        if other is not None and other[0] == sign[0]:
            return next(
                item.id for item, own, its in zip(asked, sign[1:], other[1:], strict=True) if own != its
            )
    return None
