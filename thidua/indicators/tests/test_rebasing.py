"""What became of figures: invented histories, and the real one of 1/7/2025, equal to the unit."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from thidua.indicators.rebasing import Carrier, History, Step, contributions, destination, divided, once
from thidua.indicators.rollup import Bools, FlatTree, Ints, Sums, rolled_up
from thidua.organisations import catalogue_files, tree
from thidua.organisations.models import UnitKind

EVE, REFORM = date(2025, 6, 30), date(2025, 7, 1)
WHOLE = Fraction(1)


@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.fractions(min_value=Fraction(1, 10**6), max_value=1), min_size=1, max_size=6),
    st.sampled_from([1, 100, 10_000]),
)
def test_parts_add_up_and_are_off_by_less_than_a_step(
    amount: int, weights: list[Fraction], step: int
) -> None:
    parts = divided(amount, weights, step=step)

    assert sum(parts) == amount
    size = step if amount % step == 0 else 1
    assert all(part % size == 0 for part in parts)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - amount * weight / sum(weights)) < size


def test_what_is_left_goes_to_the_largest_remainder_then_to_the_earlier() -> None:
    assert divided(10, [Fraction(1, 3)] * 3) == [4, 3, 3]
    assert divided(5, [Fraction(1, 2), Fraction(3, 10), Fraction(1, 5)]) == [3, 1, 1]
    assert divided(-10, [Fraction(1, 3)] * 3) == [-4, -3, -3]


#: nation 0; provinces 1 (communes 2, 3, 4) and 5 (communes 6, 7)
SHAPE = FlatTree.of([8, 5, 3, 4, 5, 8, 7, 8], [0, 1, 2, 2, 2, 1, 2, 2])
NODE_OF = {100 + node: node for node in range(8)}


def where(unit: int, history: History) -> tuple[dict[int, Fraction], tuple[int, ...], bool] | None:
    found = destination(unit, after=EVE, history=history, node_of=NODE_OF, shape=SHAPE)
    return None if found is None else (dict(found.places), found.concerned, found.undivided)


def history(
    *rows: tuple[int, int, bool, Fraction | None, date],
    stood_under: dict[int, int | None] | None = None,
    ended: dict[int, date] | None = None,
) -> History:
    steps: dict[int, list[Step]] = defaultdict(list)
    for old, new, is_whole, share, day in rows:
        steps[old].append(Step(new, day, is_whole, share))
    gone = {old: day for old, _, _, _, day in rows if old not in NODE_OF}
    return History(steps, gone | (ended or {}), stood_under or {})


def test_a_unit_taken_over_whole_through_two_steps() -> None:
    known = history((1, 2, True, None, REFORM), (2, 103, True, None, date(2026, 1, 1)))

    assert where(1, known) == ({3: WHOLE}, (3,), False)


def test_shares_multiply_along_a_chain() -> None:
    half, later = Fraction(1, 2), date(2026, 1, 1)
    known = history(
        (1, 2, False, half, REFORM), (1, 102, False, half, REFORM),
        (2, 103, False, Fraction(1, 4), later), (2, 106, False, Fraction(3, 4), later),
    )  # fmt: skip

    assert where(1, known) == ({2: half, 3: Fraction(1, 8), 6: Fraction(3, 8)}, (2, 3, 6), False)


def test_parts_without_shares_stand_where_they_meet() -> None:
    within = history((1, 102, False, None, REFORM), (1, 104, False, None, REFORM))
    across = history((1, 102, False, None, REFORM), (1, 106, False, Fraction(1, 2), REFORM))

    assert where(1, within) == ({1: WHOLE}, (2, 4), True)
    assert where(1, across) == ({0: WHOLE}, (2, 6), True)


def test_shares_that_do_not_add_up_divide_nothing() -> None:
    known = history((1, 102, False, Fraction(1, 2), REFORM), (1, 103, False, Fraction(1, 4), REFORM))

    assert where(1, known) == ({1: WHOLE}, (2, 3), True)


def test_a_unit_that_gave_a_part_away_keeps_the_rest_or_cannot_be_divided() -> None:
    stated = history((102, 103, False, Fraction(1, 5), REFORM))
    silent = history((102, 103, False, None, REFORM))

    assert where(102, stated) == ({2: Fraction(4, 5), 3: Fraction(1, 5)}, (2, 3), False)
    assert where(102, silent) == ({1: WHOLE}, (2, 3), True)


def test_an_end_without_heir_leaves_the_figure_above() -> None:
    known = history((9, 105, True, None, REFORM), ended={8: REFORM}, stood_under={8: 9})

    assert where(8, known) == ({5: WHOLE}, (5,), True)
    assert where(7, known) is None


def test_a_ring_ends() -> None:
    assert where(1, history((1, 2, True, None, REFORM), (2, 1, True, None, REFORM))) is None


@given(st.sets(st.integers(0, 7), min_size=1))
def test_counted_once_at_every_level(nodes: set[int]) -> None:
    counts = np.zeros(8, dtype=np.int64)
    for node, count in once(sorted(nodes), SHAPE):
        counts[node] = count

    for node in range(8):
        inside = any(SHAPE.holds(node, one) for one in nodes)
        assert counts[node : int(SHAPE.rgt[node])].sum() == int(inside)


def test_an_estimate_is_none_where_all_parts_meet() -> None:
    place = destination(
        1,
        after=EVE,
        history=history((1, 102, False, Fraction(1, 3), REFORM), (1, 103, False, Fraction(2, 3), REFORM)),
        node_of=NODE_OF,
        shape=SHAPE,
    )
    assert place is not None

    added = contributions(place, amount=10, has_reported=True)

    assert [(one.node, one.amount, one.parts, one.reported, one.estimates) for one in added] == [
        (1, 0, -1, -1, -2),
        (2, 3, 1, 1, 1),
        (3, 7, 1, 1, 1),
    ]


class Country:
    """The catalogue of the repository on the eve and on the day of the reform, without a database."""

    def __init__(self) -> None:
        found = catalogue_files.read(settings.BASE_DIR / "data" / "units")
        self.number = {key: place for place, key in enumerate(found.units)}
        self.kinds = {self.number[key]: unit.kind for key, unit in found.units.items()}
        versions = [
            (self.number[key], version)
            for key, unit in found.units.items()
            if unit.kind in (UnitKind.NATION, UnitKind.PROVINCE, UnitKind.DISTRICT, UnitKind.COMMUNE)
            for version in unit.versions
        ]

        def on(day: date) -> tuple[list[int], FlatTree]:
            rows = [
                (unit, 0, self.number[version.parent] if version.parent else None, "")
                for unit, version in versions
                if version.since <= day < version.until
            ]
            nodes = tree.walk(rows)
            return [node[0] for node in nodes], FlatTree.of([n[3] for n in nodes], [n[4] for n in nodes])

        self.then, self.then_shape = on(EVE)
        self.now, self.now_shape = on(REFORM)
        steps: dict[int, list[Step]] = defaultdict(list)
        for row in found.successions:
            old, new = self.number[row.old], self.number[row.new]
            if row.on == REFORM and {old, new} <= set(self.kinds):
                steps[old].append(Step(new, row.on, row.is_whole))
        gone = set(self.then) - set(self.now)
        above = {unit: self.number[v.parent] if v.parent else None for unit, v in versions if unit in gone}
        self.history = History(steps, dict.fromkeys(gone, REFORM), above)

    def carrier(self, known: History) -> Carrier:
        node_of = {unit: node for node, unit in enumerate(self.now)}
        return Carrier.between(self.then, after=EVE, history=known, node_of=node_of, shape=self.now_shape)

    def heir(self, unit: int) -> int:
        """Of a unit that went on, or was taken over whole."""
        steps = self.history.steps.get(unit)
        return steps[0].successor if steps else unit

    def communes(self) -> Bools:
        return np.array([self.kinds[unit] == UnitKind.COMMUNE for unit in self.then])


@cache
def country() -> Country:
    return Country()


def with_shares(known: History, dice: random.Random) -> History:
    """The same history with an invented share for each part."""
    steps: dict[int, list[Step]] = {}
    for unit, rows in known.steps.items():
        cuts = sorted(dice.sample(range(1, 10**8), len(rows) - 1))
        ends = [0, *cuts, 10**8]
        shares = [Fraction(b - a, 10**8) for a, b in pairwise(ends)]
        steps[unit] = [
            row if row.is_whole else Step(row.successor, row.on, False, share)
            for row, share in zip(rows, shares, strict=True)
        ]
    return History(steps, known.ended, known.stood_under)


def figures(seed: int, share_that_reported: float) -> tuple[Ints, Bools]:
    dice = np.random.default_rng(seed)
    size = len(country().then)
    return dice.integers(0, 5000, size), country().communes() & (dice.random(size) < share_that_reported)


def carried(carrier: Carrier, then: Sums, amounts: Ints, must: Bools) -> Sums:
    return carrier.carried(then.counted, must & (then.parts > 0), amounts, expected=carrier.expected(must))


@pytest.mark.parametrize("has_shares", [False, True])
@pytest.mark.parametrize("share_that_reported", [1.0, 0.6])
def test_the_real_reform_changes_no_total_by_one(share_that_reported: float, *, has_shares: bool) -> None:
    land = country()
    known = with_shares(land.history, random.Random(7)) if has_shares else land.history
    amounts, reported = figures(11, share_that_reported)
    must = land.communes()
    assert (int(must.sum()), sum(land.kinds[unit] == UnitKind.COMMUNE for unit in land.now)) == (
        10_035,
        3_321,
    )

    then = rolled_up(land.then_shape, amounts, reported, expected=must)
    now = carried(land.carrier(known), then, amounts, must)

    assert (int(now.amount[0]), int(now.reported[0]), int(now.expected[0])) == (
        int(then.amount[0]), int(then.reported[0]), int(then.expected[0])
    )  # fmt: skip
    columns = [column.tolist() for column in (then.amount, then.reported, then.expected)]
    before: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for node, unit in enumerate(land.then):
        if land.kinds[unit] == UnitKind.PROVINCE:
            for place, column in enumerate(columns):
                before[land.heir(unit)][place] += column[node]
    after = {
        unit: [int(now.amount[node]), int(now.reported[node]), int(now.expected[node])]
        for node, unit in enumerate(land.now)
        if land.kinds[unit] == UnitKind.PROVINCE
    }
    assert len(after) == 34
    assert after == before


def test_the_real_reform_each_commune_has_what_was_whole() -> None:
    land = country()
    amounts, reported = figures(3, 1.0)
    then = rolled_up(land.then_shape, amounts, reported, expected=land.communes())

    carrier = land.carrier(land.history)
    now = carried(carrier, then, amounts, land.communes())

    wanted: dict[int, int] = defaultdict(int)
    for node, unit in enumerate(land.then):
        if land.kinds[unit] == UnitKind.COMMUNE and len(land.history.steps.get(unit, [])) < 2:
            wanted[land.heir(unit)] += int(amounts[node])
    found = {
        unit: int(now.amount[node])
        for node, unit in enumerate(land.now)
        if land.kinds[unit] == UnitKind.COMMUNE
    }
    assert found == {unit: wanted[unit] for unit in found}
    parted = [node for node, place in carrier.special.items() if len(place.concerned) > 1]
    assert len(parted) == 440
    assert all(carrier.special[node].undivided for node in parted)


def test_figures_of_provinces_alone_pass_to_the_merged_provinces() -> None:
    land = country()
    provinces = np.array([land.kinds[unit] == UnitKind.PROVINCE for unit in land.then])
    amounts = np.arange(len(land.then), dtype=np.int64)

    then = rolled_up(land.then_shape, amounts, provinces)
    now = carried(land.carrier(land.history), then, amounts, provinces)

    assert int(now.amount[0]) == int(amounts[provinces].sum())
    assert (int(now.parts[0]), int(now.reported[0])) == (63, 63)
