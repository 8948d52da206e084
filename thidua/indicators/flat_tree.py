"""The tree of a day as arrays, from the snapshots of `organisations.tree`; kept in memory per snapshot.

Hides when a kept tree is no longer the right one: a snapshot that goes takes its moment of building along,
and a number given again after a rollback comes with another moment.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from threading import Lock

import numpy as np

from thidua.indicators.rollup import Bools, FlatTree, Ints
from thidua.organisations import tree
from thidua.organisations.models import TreeNode, TreeSnapshot

#: Trees kept at once; one of 100,000 units takes about 15 MB.
KEPT = 8


@dataclass(frozen=True, eq=False)
class UnitTree:
    """A flat tree whose nodes are units. Two of them are the same when their snapshot is."""

    snapshot_id: int
    since: date
    until: date
    shape: FlatTree
    unit_ids: Ints
    kinds: list[str]
    node_of: dict[int, int]
    _masks: dict[str, Bools] = field(default_factory=dict)
    _expected: dict[str, Ints] = field(default_factory=dict)

    def of_kind(self, kind: str) -> Bools:
        """Which nodes are units of a kind."""
        if kind not in self._masks:
            self._masks[kind] = np.fromiter((one == kind for one in self.kinds), np.bool_, len(self.kinds))
        return self._masks[kind]

    def expected(self, kind: str) -> Ints:
        """How many units of a kind stand at or below each node."""
        if kind not in self._expected:
            mask = self.of_kind(kind).astype(np.int64)
            running = np.concatenate([[0], np.cumsum(mask)])
            self._expected[kind] = running[self.shape.rgt] - running[:-1]
        return self._expected[kind]

    @cached_property
    def _by_unit(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.unit_ids, kind="stable")
        return self.unit_ids[order], order

    def nodes_of(self, unit_ids: Ints) -> Ints:
        """The node of each unit; -1 where it does not stand in the tree."""
        known, nodes = self._by_unit
        if not len(known):
            return np.full(len(unit_ids), -1, dtype=np.int64)
        places = np.searchsorted(known, unit_ids).clip(max=len(known) - 1)
        return np.where(known[places] == unit_ids, nodes[places], -1)

    def unit_at(self, node: int) -> int:
        return int(self.unit_ids[node])

    def units(self, nodes: Iterable[int]) -> list[int]:
        return [int(self.unit_ids[node]) for node in nodes]


_kept: OrderedDict[tuple[int, object], UnitTree] = OrderedDict()
_lock = Lock()


def tree_on(on: date) -> UnitTree:
    """The tree of a day; one query when it is kept."""
    return tree_of(tree.snapshot_on(on))


def tree_of(snapshot: TreeSnapshot) -> UnitTree:
    key = (snapshot.pk, snapshot.built_at)
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    built = _build(snapshot)
    with _lock:
        _kept[key] = built
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return built


def _build(snapshot: TreeSnapshot) -> UnitTree:
    rows = list(
        TreeNode.objects.filter(snapshot=snapshot)
        .order_by("lft")
        .values_list("unit_id", "rgt", "depth", "unit__kind")
    )
    unit_ids = np.fromiter((row[0] for row in rows), np.int64, len(rows))
    shape = FlatTree.of([row[1] for row in rows], [row[2] for row in rows])
    return UnitTree(
        snapshot_id=snapshot.pk,
        since=snapshot.since,
        until=snapshot.until,
        shape=shape,
        unit_ids=unit_ids,
        kinds=[row[3] for row in rows],
        node_of={unit_id: node for node, unit_id in enumerate(unit_ids.tolist())},
    )
