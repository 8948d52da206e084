"""Counts of people and households that are too small to be told, and what else must then be kept back.

A table over a tree of units gives totals too: one hidden cell is found by subtracting its neighbours. So
further cells are hidden until, from all that is shown, every hidden cell could still be any number from 1 up
to the threshold at least. Pure; `threshold` comes from the lawbook.

Why it holds: the hidden cells below a shown total, reached through hidden cells only, stand in one equation,
and each hidden cell in exactly one. With `k` such cells that add up to `s` each may be 1 … s − (k − 1).
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from thidua.criteria import lawbook

Key = TypeVar("Key", bound=Hashable)


def threshold_on(day: date) -> int:
    """Counts from 1 up to below this one are not told."""
    return int(lawbook.value("publicity.small_count", on=day).value)


def counts_people(measure: str, *, on: date) -> bool:
    """Whether a measure counts people or households: communes and villages need no protection."""
    known: list[str] = list(lawbook.value("publicity.counted_people", on=on).value)
    return measure.strip().lower() in known


def is_small(amount: Decimal | int | None, *, threshold: int) -> bool:
    """Zero may be told: it is about nobody."""
    return amount is not None and 0 < amount < threshold


@dataclass
class _Cell:
    key: Hashable
    amount: int
    below: list[_Cell]
    is_hidden: bool = False


def hidden(
    amounts: Mapping[Key, int],
    parents: Mapping[Key, Key],
    *,
    threshold: int,
    also: Collection[Key] = (),
) -> frozenset[Key]:
    """Which cells of a table are not to be told.

    `amounts` are whole counts by cell, `parents` the cell whose amount is the sum of this one and its
    neighbours. A parent that is not in `amounts` is no cell. Cells of a parent need not be complete: what is
    missing only leaves more possibilities open. `also` are cells to hide for another reason; zeros of them
    are told.
    """
    cells = {key: _Cell(key, amount, []) for key, amount in amounts.items()}
    tops: list[_Cell] = []
    for key, cell in cells.items():
        above = cells.get(parents[key]) if key in parents else None
        (above.below if above is not None else tops).append(cell)
    for cell in cells.values():
        cell.is_hidden = 0 < cell.amount < threshold or (cell.key in also and cell.amount > 0)
    for top in tops:
        for cell in _bottom_up(top):
            _open_hidden_sums(cell)
        for cell in _bottom_up(top):
            if not cell.is_hidden:
                _protect(cell, threshold=threshold)
    return frozenset(key for key, cell in cells.items() if cell.is_hidden)


def _bottom_up(top: _Cell) -> list[_Cell]:
    found, waiting = [], [top]
    while waiting:
        cell = waiting.pop()
        found.append(cell)
        waiting += cell.below
    return found[::-1]


def _open_hidden_sums(cell: _Cell) -> None:
    """A hidden sum whose parts are all shown is no secret: one of the parts goes too, down to the leaves."""
    if not cell.is_hidden or not cell.below or any(one.is_hidden for one in cell.below):
        return
    counted = [one for one in cell.below if one.amount]
    if counted:
        _hide_with_a_leaf(min(counted, key=_by_size))


def _hide_with_a_leaf(cell: _Cell) -> None:
    cell.is_hidden = True
    while cell.below and not any(one.is_hidden for one in cell.below):
        counted = [one for one in cell.below if one.amount]
        if not counted:
            return
        cell = min(counted, key=_by_size)
        cell.is_hidden = True


def _protect(total: _Cell, *, threshold: int) -> None:
    """Hide more below a shown total until nothing small can be worked out; at last the total itself."""
    while True:
        leaves, frontier = _below(total)
        if not leaves:
            return
        if len(leaves) >= 2 and sum(one.amount for one in leaves) - (len(leaves) - 1) >= threshold:
            return
        more = [one for one in frontier if one.amount]
        if not more:
            total.is_hidden = True
            return
        _hide_with_a_leaf(min(more, key=_by_size))


def _below(total: _Cell) -> tuple[Sequence[_Cell], Sequence[_Cell]]:
    """The hidden leaves, and the shown cells, that are reached from a total through hidden cells only."""
    leaves, frontier, waiting = [], [], list(total.below)
    while waiting:
        cell = waiting.pop()
        if not cell.is_hidden:
            frontier.append(cell)
        elif cell.below:
            waiting += cell.below
        else:
            leaves.append(cell)
    return leaves, frontier


def _by_size(cell: _Cell) -> tuple[int, str]:
    return cell.amount, str(cell.key)
