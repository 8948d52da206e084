"""Sums along generated trees, against a slow walk with Decimal."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua.indicators.rollup import (
    FlatTree,
    TooLarge,
    counted_units,
    last,
    ratio_of_sums,
    rolled_up,
    weighted_mean,
)


@dataclass
class Node:
    """A unit of the oracle: what it gave, whether it must report, and what stands below it."""

    amount: int | None
    must: bool
    below: list[Node]


def nodes(amounts: st.SearchStrategy[int | None]) -> st.SearchStrategy[Node]:
    leaf = st.builds(Node, amounts, st.booleans(), st.just([]))
    return st.recursive(
        leaf,
        lambda below: st.builds(Node, amounts, st.booleans(), st.lists(below, max_size=4)),
        max_leaves=25,
    )


FORESTS = st.lists(nodes(st.none() | st.integers(-(10**12), 10**12)), min_size=1, max_size=3)


def laid_out(forest: list[Node]) -> tuple[FlatTree, list[Node]]:
    order: list[Node] = []
    ends: dict[int, int] = {}
    depths: list[int] = []

    def visit(node: Node, depth: int) -> None:
        place = len(order)
        order.append(node)
        depths.append(depth)
        for child in node.below:
            visit(child, depth + 1)
        ends[place] = len(order)

    for root in forest:
        visit(root, 0)
    return FlatTree.of([ends[place] for place in range(len(order))], depths), order


def columns(order: list[Node]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return (
        np.array([node.amount or 0 for node in order], dtype=np.int64),
        np.array([node.amount is not None for node in order]),
        np.array([node.must for node in order]),
    )


def walked(node: Node) -> Decimal | None:
    """A unit's own amount counts only when nothing below it has one."""
    found = [total for total in map(walked, node.below) if total is not None]
    if found:
        return sum(found, Decimal(0))
    return None if node.amount is None else Decimal(node.amount)


def walked_coverage(node: Node) -> tuple[int, int]:
    reported, expected = (
        sum(counts) for counts in zip((0, 0), *map(walked_coverage, node.below), strict=True)
    )
    return reported + (node.must and walked(node) is not None), expected + node.must


@given(FORESTS)
def test_sums_and_coverage_are_those_of_a_walk(forest: list[Node]) -> None:
    tree, order = laid_out(forest)
    amounts, reported, must = columns(order)

    sums = rolled_up(tree, amounts, reported, expected=must)

    found = [Decimal(int(sums.amount[n])) if sums.parts[n] else None for n in range(len(order))]
    assert found == [walked(node) for node in order]
    assert list(zip(sums.reported.tolist(), sums.expected.tolist(), strict=True)) == [
        walked_coverage(node) for node in order
    ]


@given(FORESTS, st.randoms(use_true_random=False))
def test_order_of_siblings_does_not_matter(forest: list[Node], dice: random.Random) -> None:
    def shuffled(node: Node) -> Node:
        below = [shuffled(child) for child in node.below]
        dice.shuffle(below)
        return Node(node.amount, node.must, below)

    def totals(roots: list[Node]) -> list[list[int]]:
        tree, order = laid_out(roots)
        amounts, reported, must = columns(order)
        sums = rolled_up(tree, amounts, reported, expected=must)
        at = np.flatnonzero(tree.parent == -1)
        return [column[at].tolist() for column in (sums.amount, sums.parts, sums.reported, sums.expected)]

    assert totals([shuffled(root) for root in forest]) == totals(forest)


@given(FORESTS, st.integers(0, 10**6), st.integers(-(10**6), 10**6))
def test_splitting_a_leaf_leaves_all_sums_above(forest: list[Node], which: int, piece: int) -> None:
    tree, order = laid_out(forest)
    before = rolled_up(tree, *columns(order)[:2])
    leaves = [node for node in order if not node.below and node.amount is not None]
    if not leaves:
        return
    leaf = leaves[which % len(leaves)]
    assert leaf.amount is not None
    leaf.below = [Node(piece, False, []), Node(leaf.amount - piece, False, [])]

    after_tree, after_order = laid_out(forest)
    after = rolled_up(after_tree, *columns(after_order)[:2])

    places = {id(node): place for place, node in enumerate(after_order)}
    assert [int(after.amount[places[id(node)]]) for node in order] == before.amount.tolist()


@given(FORESTS)
def test_total_of_a_root_is_the_sum_of_what_counted(forest: list[Node]) -> None:
    tree, order = laid_out(forest)
    amounts, reported, _ = columns(order)

    sums = rolled_up(tree, amounts, reported)

    for root in np.flatnonzero(tree.parent == -1):
        inside = slice(int(root), int(tree.rgt[root]))
        assert int(sums.amount[root]) == int(amounts[inside][sums.counted[inside]].sum())


@given(FORESTS)
def test_coverage_of_a_unit_is_that_of_its_children_and_itself(forest: list[Node]) -> None:
    tree, order = laid_out(forest)
    amounts, reported, must = columns(order)

    sums = rolled_up(tree, amounts, reported, expected=must)

    for node, below in enumerate(tree.children):
        own = int(must[node] and sums.parts[node] > 0)
        assert sums.reported[node] == own + sums.reported[below].sum()
        assert sums.expected[node] == int(must[node]) + sums.expected[below].sum()


@given(FORESTS)
def test_many_columns_give_what_each_gives_alone(forest: list[Node]) -> None:
    tree, order = laid_out(forest)
    amounts, reported, must = columns(order)
    none = np.zeros_like(reported)

    both = rolled_up(tree, np.array([amounts, amounts * 2]), np.array([reported, none]), expected=must)

    alone = rolled_up(tree, amounts, reported, expected=must)
    assert both.amount[0].tolist() == alone.amount.tolist()
    assert both.reported[0].tolist() == alone.reported.tolist()
    assert both.parts[1].any() == np.False_


@given(FORESTS, FORESTS)
def test_ratio_and_mean_speak_only_of_units_that_gave_both(one: list[Node], other: list[Node]) -> None:
    tree, order = laid_out(one)
    amounts, reported, _ = columns(order)
    weights = np.arange(len(order), dtype=np.int64)
    gave = weights % 2 == 0

    ratio = ratio_of_sums(tree, amounts, weights, (reported, gave))
    mean = weighted_mean(tree, amounts, weights, (reported, gave))

    counted = ratio.sums.counted
    assert not (counted & ~(reported & gave)).any()
    root = slice(0, int(tree.rgt[0]))
    assert int(ratio.denominator[0]) == int(weights[root][counted[root]].sum())
    assert int(mean.numerator[0]) == int((amounts * weights)[root][counted[root]].sum())


def test_a_parent_and_one_child_the_childs_amount_counts() -> None:
    tree = FlatTree.of([3, 2, 3], [0, 1, 1])

    sums = rolled_up(tree, np.array([100, 7, 0]), np.array([True, True, False]))

    assert (sums.amount.tolist(), sums.parts.tolist()) == ([7, 7, 0], [1, 1, 0])


def test_units_of_a_status_are_counted() -> None:
    tree = FlatTree.of([4, 2, 3, 4], [0, 1, 1, 1])

    sums = counted_units(tree, np.array([0, 2, 3, 2]), np.array([False, True, True, True]), [2])

    assert (sums.amount.tolist(), sums.parts[0]) == ([2, 1, 0, 1], 3)


def test_last_gives_each_unit_its_own() -> None:
    assert last(np.array([5, 6]), np.array([True, False]))[0].tolist() == [5, 0]


def test_a_sum_that_does_not_fit_is_refused() -> None:
    tree = FlatTree.of([3, 2, 3], [0, 1, 1])

    with pytest.raises(TooLarge):
        rolled_up(tree, np.array([0, 2**62, 2**62]), np.array([False, True, True]))
    assert rolled_up(tree, np.array([0, 2**60, 2**60]), np.ones(3, dtype=bool)).amount[0] == 2**61


def test_lowest_common_unit() -> None:
    tree = FlatTree.of([5, 4, 3, 4, 5, 6], [0, 1, 2, 2, 1, 0])

    assert [tree.common(pair) for pair in ([2, 3], [2, 4], [1, 2], [2, 5], [3])] == [1, 0, 1, None, 3]
