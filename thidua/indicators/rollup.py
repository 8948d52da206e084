"""Sums along a tree of units, exact, for many columns (indicator × period) at once. Pure numpy.

A unit's own amount counts when nothing below it has reported; else it stands beside the sum. Hides that the
tree lies flat in pre-order, so that "at or below" is a difference of two running sums and nobody walks.
Amounts are whole numbers (of 10^-decimals); what would not fit is refused, never rounded or wrapped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Counts = NDArray[np.int32]
Bools = NDArray[np.bool_]
Whole = TypeVar("Whole", np.int64, np.int32)

#: A running sum never comes near the end of int64, whatever the order.
LARGEST = 2.0**62


class TooLarge(ArithmeticError):
    """A sum would leave the range of exact whole numbers."""


@dataclass(frozen=True)
class FlatTree:
    """A forest in pre-order: node i holds the nodes from i to before `rgt[i]`. A root's parent is -1."""

    rgt: Ints
    parent: Ints
    depth: Ints

    @classmethod
    def of(cls, rgt: Sequence[int] | Ints, depth: Sequence[int] | Ints) -> FlatTree:
        """From the ends and depths of the nodes in pre-order."""
        ends, depths = np.asarray(rgt, dtype=np.int64), np.asarray(depth, dtype=np.int64)
        parent = np.full(len(depths), -1, dtype=np.int64)
        for level in range(1, int(depths.max(initial=0)) + 1):
            here, above = np.flatnonzero(depths == level), np.flatnonzero(depths == level - 1)
            parent[here] = above[np.searchsorted(above, here) - 1]
        return cls(ends, parent, depths)

    def __len__(self) -> int:
        return len(self.rgt)

    @cached_property
    def lft(self) -> Ints:
        return np.arange(len(self), dtype=np.int64)

    @cached_property
    def children(self) -> list[list[int]]:
        """The nodes directly below each node."""
        below: list[list[int]] = [[] for _ in range(len(self))]
        for node, above in enumerate(self.parent.tolist()):
            if above >= 0:
                below[above].append(node)
        return below

    def path(self, node: int) -> Iterator[int]:
        """The node, then what it stands under, up to the root."""
        while node >= 0:
            yield node
            node = int(self.parent[node])

    def holds(self, node: int, other: int) -> bool:
        """Whether `other` is at or below `node`."""
        return node <= other < int(self.rgt[node])

    def common(self, nodes: Sequence[int]) -> int | None:
        """The lowest node that holds all of them; None when they stand under several roots."""
        first, last = min(nodes), max(nodes)
        return next((node for node in self.path(first) if self.holds(node, last)), None)


def below(tree: FlatTree, column: NDArray[Whole]) -> NDArray[Whole]:
    """For each node the sum of a column over everything at or below it."""
    running = np.zeros(len(tree) + 1, dtype=column.dtype)
    np.cumsum(column, out=running[1:])
    sums = running.take(tree.rgt, mode="clip")
    sums -= running[:-1]
    return sums


def check_range(column: Ints) -> None:
    """Raises TooLarge when some sum of the column might not be exact."""
    if not len(column):
        return
    largest = max(abs(int(column.max())), abs(int(column.min())))
    if largest * len(column) < LARGEST:
        return
    # as float, whose small error does not matter here: the bound is half of what fits
    if float(np.abs(column.astype(np.float64)).sum()) >= LARGEST:
        raise TooLarge("the sum does not fit into 64 bits")


@dataclass(frozen=True, slots=True)
class Sums:
    """For each column and node. A sum without parts is unknown, not zero."""

    amount: Ints
    #: Amounts that went into the sum.
    parts: Counts
    #: How many of the expected units have reported, or something below them has.
    reported: Counts
    expected: Counts
    #: Parts that are estimates.
    estimates: Counts
    #: Nodes whose own amount counted: nothing below them had reported.
    counted: Bools


class _Below:
    """`below` for one column after the other, without asking for memory each time."""

    def __init__(self, tree: FlatTree) -> None:
        self.rgt = tree.rgt
        self.amounts = np.zeros(len(tree) + 1, dtype=np.int64)
        self.counts = np.zeros(len(tree) + 1, dtype=np.int32)

    def amount(self, column: Ints, out: Ints) -> None:
        np.cumsum(column, out=self.amounts[1:])
        np.take(self.amounts, self.rgt, out=out, mode="clip")
        out -= self.amounts[:-1]

    def count(self, mask: Bools, out: Counts) -> None:
        np.cumsum(mask, out=self.counts[1:])
        np.take(self.counts, self.rgt, out=out, mode="clip")
        out -= self.counts[:-1]


def what_counts(tree: FlatTree, reported: Bools) -> tuple[Bools, Bools]:
    """Nodes whose own amount counts, and nodes at or below which anything was reported; of one column."""
    having = np.empty(len(tree), dtype=np.int32)
    _Below(tree).count(reported, having)
    return reported & (having == 1), having > 0


def rolled_up(
    tree: FlatTree,
    amounts: Ints,
    reported: Bools,
    *,
    expected: Bools | None = None,
    estimated: Bools | None = None,
) -> Sums:
    """Sums, with coverage, of one column (nodes) or many (columns × nodes).

    `expected` says which nodes have to report. Raises TooLarge.
    """
    amounts_2d, reported_2d = np.atleast_2d(amounts), np.atleast_2d(reported)
    estimated_2d = None if estimated is None else np.atleast_2d(estimated)
    width, size = amounts_2d.shape
    must = np.zeros(size, dtype=np.bool_) if expected is None else expected
    none = np.zeros(size, dtype=np.int32)
    running, having = _Below(tree), np.empty(size, dtype=np.int32)
    amount, counted = np.empty((width, size), np.int64), np.empty((width, size), np.bool_)
    parts, covered = np.empty((width, size), np.int32), np.empty((width, size), np.int32)
    estimates = np.broadcast_to(none, (width, size)) if estimated_2d is None else np.empty_like(parts)
    expectations = np.empty(size, dtype=np.int32)
    running.count(must, expectations)
    # Column by column: each fits into the near memory of the processor, all together do not.
    for number in range(width):
        running.count(reported_2d[number], having)
        np.logical_and(reported_2d[number], having == 1, out=counted[number])
        own = amounts_2d[number] * counted[number]
        check_range(own)
        running.amount(own, amount[number])
        running.count(counted[number], parts[number])
        running.count(must & (having > 0), covered[number])
        if estimated_2d is not None:
            running.count(counted[number] & estimated_2d[number], estimates[number])
    if np.ndim(amounts) == 1:
        return Sums(amount[0], parts[0], covered[0], expectations, estimates[0], counted[0])
    return Sums(amount, parts, covered, np.broadcast_to(expectations, (width, size)), estimates, counted)


@dataclass(frozen=True, slots=True)
class Ratios:
    """Two sums over the same units, to be divided by whoever shows them; 0 parts: unknown."""

    numerator: Ints
    denominator: Ints
    sums: Sums


def ratio_of_sums(
    tree: FlatTree,
    numerators: Ints,
    denominators: Ints,
    reported: tuple[Bools, Bools],
    *,
    expected: Bools | None = None,
) -> Ratios:
    """Both sums over the units that gave both figures: a share of two different crowds means nothing."""
    both = reported[0] & reported[1]
    above = rolled_up(tree, numerators, both, expected=expected)
    return Ratios(above.amount, rolled_up(tree, denominators, both).amount, above)


def weighted_mean(
    tree: FlatTree,
    means: Ints,
    weights: Ints,
    reported: tuple[Bools, Bools],
    *,
    expected: Bools | None = None,
) -> Ratios:
    """The sum of mean × weight and the sum of weights, over the units that gave both."""
    both = reported[0] & reported[1]
    check_products(np.where(both, means, 0), np.where(both, weights, 0))
    products = np.where(both, means, 0) * np.where(both, weights, 0)
    return ratio_of_sums(tree, products, weights, (both, both), expected=expected)


def check_products(means: Ints, weights: Ints) -> None:
    if means.size and float(np.abs(means.astype(np.float64) * weights.astype(np.float64)).max()) >= LARGEST:
        raise TooLarge("mean × weight does not fit into 64 bits")


def last(amounts: Ints, reported: Bools) -> tuple[Ints, Bools]:
    """Figures that do not add up: each unit has its own or none."""
    return np.where(reported, amounts, 0), reported


def counted_units(
    tree: FlatTree,
    statuses: Ints,
    reported: Bools,
    wanted: Sequence[int],
    *,
    expected: Bools | None = None,
) -> Sums:
    """How many units have one of the wanted statuses."""
    return rolled_up(tree, np.isin(statuses, wanted).astype(np.int64), reported, expected=expected)
