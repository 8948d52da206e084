"""Where the figures of former units belong in another tree: what became of each unit, in what shares. Pure.

A unit taken over whole gives its figure whole; parts with stated shares divide it by the largest remainder,
so that the parts add up to the unit. Parts without shares cannot be divided: the figure goes to none of them
and stands at the lowest unit that holds them all, so that totals there and above are the same as before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from thidua.indicators.rollup import Bools, Counts, FlatTree, Ints, Sums, below, check_range

#: Stated shares have eight decimals: three thirds add up to a little less than one.
NEARLY = Fraction(1, 10**6)
#: No chain of successions is longer; a ring in the data must not hang the program.
MOST_STEPS = 64


@dataclass(frozen=True, slots=True)
class Step:
    """That one unit passed into another on a day, wholly or in part with a stated share or none."""

    successor: int
    on: date
    is_whole: bool
    share: Fraction | None = None


@dataclass(frozen=True)
class History:
    """What became of units. `ended` and `stood_under` speak of units that are gone by the day asked about."""

    steps: Mapping[int, Sequence[Step]]
    ended: Mapping[int, date]
    stood_under: Mapping[int, int | None]


def divided(amount: int, weights: Sequence[Fraction], *, step: int = 1) -> list[int]:
    """Whole multiples of `step` in the proportion of the weights that add up to the amount.

    What is left after rounding down goes to the largest remainders, to the earlier of two equal ones. An
    amount that is no multiple of `step` is divided into ones.
    """
    if amount < 0:
        return [-part for part in divided(-amount, weights, step=step)]
    if amount % step:
        step = 1
    steps, whole = amount // step, sum(weights)
    exact = [steps * weight / whole for weight in weights]
    parts = [int(part) for part in exact]
    order = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in order[: steps - sum(parts)]:
        parts[place] += 1
    return [part * step for part in parts]


@dataclass(frozen=True)
class Destination:
    """Nodes that get a unit's figure, by weight; nodes that the unit is part of (`concerned`), in pre-order.

    `undivided`: some of it could be given to no single one of those.
    """

    places: tuple[tuple[int, Fraction], ...]
    concerned: tuple[int, ...]
    undivided: bool
    shape: FlatTree

    @property
    def is_shared(self) -> bool:
        return len(self.places) > 1

    @cached_property
    def once(self) -> tuple[tuple[int, int], ...]:
        """Counts to add so that each node with a concerned one at or below it counts this unit once."""
        return once([*self.concerned], self.shape)

    @cached_property
    def once_by_place(self) -> tuple[tuple[int, int], ...]:
        return once([place for place, _ in self.places], self.shape)

    @cached_property
    def together(self) -> int | None:
        """The lowest node where the whole figure is."""
        return self.shape.common([place for place, _ in self.places])


def once(nodes: Sequence[int], shape: FlatTree) -> tuple[tuple[int, int], ...]:
    """One for each node, less one where two neighbours in pre-order first meet."""
    ordered = sorted(set(nodes))
    counts: dict[int, int] = dict.fromkeys(ordered, 1)
    for one, other in pairwise(ordered):
        meeting = shape.common([one, other])
        if meeting is not None:
            counts[meeting] = counts.get(meeting, 0) - 1
    return tuple((node, count) for node, count in sorted(counts.items()) if count)


@dataclass(frozen=True, slots=True)
class _Fate:
    """Groups of units with weights: a group of one is a unit, a larger one is what nobody can divide."""

    groups: tuple[tuple[frozenset[int], Fraction], ...]
    is_loose: bool = False


@dataclass
class _Fates:
    history: History
    alive: Collection[int]

    def of(self, unit: int, *, after: date, depth: int = 0) -> _Fate | None:
        """What became of a unit that stood after a day; None when it left nothing."""
        if depth > MOST_STEPS:
            return None
        end = self.history.ended.get(unit)
        remains_at_last = unit in self.alive
        events: dict[date, list[Step]] = {}
        for step in self.history.steps.get(unit, ()):
            if step.on > after or (depth and step.on == after):
                events.setdefault(step.on, []).append(step)
        for day, steps in sorted(events.items()):
            remains = remains_at_last or (end is not None and end > day)
            if remains:
                steps = [step for step in steps if not step.is_whole]
            if steps:
                return self._passed(unit, steps, day=day, remains=remains, depth=depth)
        if remains_at_last:
            return _Fate(((frozenset([unit]), Fraction(1)),))
        above = self.history.stood_under.get(unit)
        if above is None:
            return None
        fate = self.of(above, after=after if end is None else max(after, end), depth=depth + 1)
        return fate and _Fate(fate.groups, is_loose=True)

    def _passed(
        self, unit: int, steps: Sequence[Step], *, day: date, remains: bool, depth: int
    ) -> _Fate | None:
        takers = [(step.successor, step.share) for step in steps]
        if not remains and len(steps) == 1 and steps[0].share is None:
            takers = [(steps[0].successor, Fraction(1))]
        stated = [share for _, share in takers if share is not None]
        is_stated = len(stated) == len(takers)
        rest = 1 - sum(stated, Fraction(0))
        if remains:
            is_stated = is_stated and rest >= 0
            takers.append((unit, rest if is_stated else None))
        elif abs(rest) > NEARLY:
            is_stated = False
        found: list[tuple[_Fate, Fraction | None]] = []
        for taker, share in takers:
            if is_stated and share == 0:
                continue
            # what remains goes on from the day after this event
            fate = self.of(taker, after=day) if taker == unit else self.of(taker, after=day, depth=depth + 1)
            if fate is None:
                is_stated = False
            else:
                found.append((fate, share))
        if not found:
            return None
        if not is_stated:
            together = frozenset(unit for fate, _ in found for group, _ in fate.groups for unit in group)
            return _Fate(((together, Fraction(1)),), is_loose=any(fate.is_loose for fate, _ in found))
        groups: dict[frozenset[int], Fraction] = {}
        for fate, share in found:
            for group, weight in fate.groups:
                groups[group] = groups.get(group, Fraction(0)) + weight * (share or 0)
        return _Fate(tuple(groups.items()), is_loose=any(fate.is_loose for fate, _ in found))


def destination(
    unit: int, *, after: date, history: History, node_of: Mapping[int, int], shape: FlatTree
) -> Destination | None:
    """Where a unit's figure belongs in a tree; None when nothing of it can be found there."""
    fate = _Fates(history, node_of.keys()).of(unit, after=after)
    if fate is None:
        return None
    places: dict[int, Fraction] = {}
    concerned: set[int] = set()
    undivided = fate.is_loose
    for group, weight in fate.groups:
        nodes = [node_of[one] for one in group]
        place = nodes[0] if len(nodes) == 1 else shape.common(nodes)
        undivided |= len(nodes) > 1
        if place is None:
            return None
        places[place] = places.get(place, Fraction(0)) + weight
        concerned |= set(nodes)
    return Destination(tuple(sorted(places.items())), tuple(sorted(concerned)), undivided, shape)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one unit adds at one node of the other tree."""

    node: int
    amount: int
    parts: int
    reported: int
    estimates: int


def contributions(
    place: Destination,
    *,
    amount: int | None,
    step: int = 1,
    is_estimate: bool = False,
    has_reported: bool = False,
) -> list[Contribution]:
    """What a unit adds: its own amount when that counted, and that it has reported when that is expected."""
    found: dict[int, list[int]] = {}

    def add(column: int, counts: Iterable[tuple[int, int]]) -> None:
        for node, count in counts:
            found.setdefault(node, [0, 0, 0, 0])[column] += count

    nodes = [node for node, _ in place.places]
    if amount is not None:
        weights = [weight for _, weight in place.places]
        add(0, zip(nodes, divided(amount, weights, step=step), strict=True))
        add(1, place.once_by_place)
        if is_estimate:
            add(3, place.once_by_place)
        elif place.is_shared:
            add(3, [(node, 1) for node in nodes])
            if place.together is not None:  # where all of it comes together nothing is estimated
                add(3, [(place.together, -len(nodes))])
    if has_reported:
        if amount is not None and place.undivided:
            if place.together is not None:
                add(2, [(place.together, 1)])
        else:
            add(2, place.once)
    return [Contribution(node, *counts) for node, counts in sorted(found.items()) if any(counts)]


@dataclass(frozen=True, eq=False)
class Carrier:
    """Takes what counted in one tree over to another: node for node, with the exceptions by themselves."""

    #: For each node the one that takes over from it whole; -1 where `special` says more, or nobody does.
    to: Ints
    special: Mapping[int, Destination]
    shape: FlatTree

    @classmethod
    def between(
        cls,
        units: Sequence[int],
        *,
        after: date,
        history: History,
        node_of: Mapping[int, int],
        shape: FlatTree,
    ) -> Carrier:
        """From the units of one tree, in its order, to another tree; `after` is the day of the first."""
        to = np.full(len(units), -1, dtype=np.int64)
        special: dict[int, Destination] = {}
        for node, unit in enumerate(units):
            if unit in node_of and unit not in history.steps:
                to[node] = node_of[unit]
                continue
            found = destination(unit, after=after, history=history, node_of=node_of, shape=shape)
            if found is None:
                continue
            if found.undivided or found.is_shared:
                special[node] = found
            else:
                to[node] = found.places[0][0]
        return cls(to, special, shape)

    def of(self, node: int) -> Destination | None:
        if self.to[node] >= 0:
            whole = int(self.to[node])
            return Destination(((whole, Fraction(1)),), (whole,), False, self.shape)
        return self.special.get(node)

    def expected(self, mask: Bools) -> Ints:
        """How many units of the first tree (those in the mask) each node of the other has to do with."""
        counts = np.zeros(len(self.shape), dtype=np.int64)
        plain = mask & (self.to >= 0)
        np.add.at(counts, self.to[plain], 1)
        for node, place in self.special.items():
            if mask[node]:
                for where, count in place.once:
                    counts[where] += count
        return below(self.shape, counts)

    @cached_property
    def _places(self) -> Ints:
        """As `to`, and for what lies undivided at one node that node."""
        places = self.to.copy()
        for node, place in self.special.items():
            if not place.is_shared:
                places[node] = place.places[0][0]
        return places

    @cached_property
    def _parted(self) -> tuple[Ints, Ints, Ints]:
        """(from, to, count) of `Destination.once` of all that went to several or to nobody in particular."""
        rows = [(node, where, count) for node, place in self.special.items() for where, count in place.once]
        return _columns(rows)

    @cached_property
    def _undivided(self) -> tuple[Ints, Ints, Ints]:
        """(from, to, 1): where the figure of what cannot be divided is whole."""
        return _columns(
            [
                (node, place.together, 1)
                for node, place in self.special.items()
                if place.undivided and place.together is not None
            ]
        )

    @cached_property
    def _is_undivided(self) -> Bools:
        mask = np.zeros(len(self.to), dtype=np.bool_)
        mask[[node for node, place in self.special.items() if place.undivided]] = True
        return mask

    @cached_property
    def _shared(self) -> list[int]:
        return [node for node, place in self.special.items() if place.is_shared]

    @cached_property
    def _sources(self) -> tuple[Ints, Ints, Ints]:
        """For each node of the other tree one that goes there, the place after the last where none does.

        Then the nodes that others share a place with, and those places: a merge has few of them.
        """
        nodes = np.flatnonzero(self._places >= 0)
        nodes = nodes[np.argsort(self._places[nodes], kind="stable")]
        places = self._places[nodes]
        is_first = np.ones(len(nodes), dtype=np.bool_)
        is_first[1:] = places[1:] != places[:-1]
        sources = np.full(len(self.shape), len(self.to), dtype=np.int64)
        sources[places[is_first]] = nodes[is_first]
        return sources, nodes[~is_first], places[~is_first]

    def _gathered(self, column: Ints | Bools, kind: type[np.integer[Any]]) -> Any:
        """For each node of the other tree the sum over all that goes to it or below it."""
        sources, others, places = self._sources
        longer = np.zeros(len(column) + 1, dtype=column.dtype)
        longer[:-1] = column
        here = longer.take(sources, mode="clip")
        more = column.take(others, mode="clip")
        if more.any():
            here = here.astype(kind)
            np.add.at(here, places, more)
        running = np.zeros(len(here) + 1, dtype=kind)
        np.cumsum(here, out=running[1:])
        sums = running.take(self.shape.rgt, mode="clip")
        sums -= running[:-1]
        return sums

    def carried(
        self,
        counted: Bools,
        covered: Bools,
        amounts: Ints,
        *,
        expected: Ints,
        estimated: Bools | None = None,
        step: int = 1,
    ) -> Sums:
        """The sums of one column in the other tree.

        `counted` and `covered` (units that must report and have) come from the first tree, see `what_counts`;
        `expected` is what `Carrier.expected` gives.
        """
        own = amounts * counted
        check_range(own)
        amount: Ints = self._gathered(own, np.int64)
        parts: Counts = self._gathered(counted, np.int32)
        estimates = np.zeros(len(self.shape), dtype=np.int32)
        if estimated is not None and estimated.any():
            estimates = self._gathered(counted & estimated, np.int32)
        reported = below(self.shape, self._reported(counted, covered))
        shared = [node for node in self._shared if counted[node]]
        if shared:
            more = np.zeros((3, len(self.shape)), dtype=np.int64)
            for node in shared:
                for one in contributions(
                    self.special[node],
                    amount=int(amounts[node]),
                    step=step,
                    is_estimate=estimated is not None and bool(estimated[node]),
                ):
                    more[:, one.node] += (one.amount, one.parts, one.estimates)
            amount += below(self.shape, more[0])
            parts += below(self.shape, more[1]).astype(np.int32)
            estimates += below(self.shape, more[2]).astype(np.int32)
        return Sums(amount, parts, reported, expected.astype(np.int32), estimates, parts > 0)

    def _reported(self, counted: Bools, covered: Bools) -> Counts:
        """How many units that have reported each node alone stands for."""
        places = self.to[np.flatnonzero(covered)]
        found = np.bincount(places[places >= 0], minlength=len(self.shape)).astype(np.int32)
        for (sources, places, counts), where_lying in ((self._parted, False), (self._undivided, True)):
            lying = self._is_undivided[sources] & counted[sources]
            of_these = covered[sources] & (lying == where_lying)
            np.add.at(found, places[of_these], counts[of_these])
        return found


def _columns(rows: Sequence[tuple[int, int, int]]) -> tuple[Ints, Ints, Ints]:
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]
