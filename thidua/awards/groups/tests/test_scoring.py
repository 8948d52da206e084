"""Totals, points by a figure, places: pure, so tried with many invented tables."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from thidua.awards.groups.scoring import (
    BASE,
    BONUS,
    PENALTY,
    SECTION,
    Item,
    LastSeats,
    Place,
    Scored,
    Total,
    contested,
    ranking,
    reckoned,
    total_of,
)

ITEMS = (
    Item(1, SECTION),
    Item(2, BASE, Decimal(60), section=1),
    Item(3, BASE, Decimal(40), breaks_ties=2, section=1),
    Item(4, BONUS, Decimal(5), breaks_ties=1),
    Item(5, BONUS, Decimal(5)),
    Item(6, PENALTY, Decimal(10), breaks_ties=3),
)
CAP = Decimal(6)


def scored(*points: Decimal | int | None) -> list[Scored]:
    """Of items 2 to 6."""
    return [
        Scored(number, None if one is None else Decimal(one))
        for number, one in zip(range(2, 7), points, strict=True)
    ]


def total(*points: Decimal | int | None) -> Total | None:
    return total_of(ITEMS, scored(*points), CAP)


def test_total_adds_base_and_capped_bonus_and_takes_penalty() -> None:
    assert total(50, Decimal("30.25"), 5, 4, 2) == Total(
        base=Decimal("80.25"),
        bonus_given=Decimal(9),
        bonus_counted=Decimal(6),
        penalty=Decimal(2),
        total=Decimal("84.25"),
        points=((2, Decimal(50)), (3, Decimal("30.25")), (4, Decimal(5)), (5, Decimal(4)), (6, Decimal(2))),
    )


def test_unit_without_points_of_a_base_item_is_not_scored_and_zero_points_are_points() -> None:
    assert total(50, None, 5, 5, 0) is None
    found = total(0, 0, None, 0, None)
    assert found is not None
    assert (found.total, found.missing) == (Decimal(0), (4, 6))


def test_total_without_cap_counts_all_and_may_fall_below_zero() -> None:
    found = total_of(ITEMS, scored(0, 1, 5, 5, None), None)
    assert found is not None
    assert (found.bonus_counted, found.total) == (Decimal(10), Decimal(11))
    low = total(0, 1, None, None, 10)
    assert low is not None
    assert low.total == Decimal(-9)


@pytest.mark.parametrize("points", [(61, 0, None, None, None), (-1, 0, None, None, None)])
def test_points_that_no_item_gives_are_an_error(points: tuple[int | None, ...]) -> None:
    with pytest.raises(ValueError, match="item 2 gives 0 to 60"):
        total(*points)
    with pytest.raises(ValueError, match="not in the table"):
        total_of(ITEMS, [Scored(1, Decimal(1))], None)


@pytest.mark.parametrize(
    ("value", "zero_at", "full_at", "wanted"),
    [
        ("50", "0", "100", "5.00"),
        ("120", "0", "100", "10.00"),
        ("-3", "0", "100", "0.00"),
        # fewer is better: poor households from 20 % down to 5 %
        ("5", "20", "5", "10.00"),
        ("12.5", "20", "5", "5.00"),
        ("25", "20", "5", "0.00"),
        ("1", "0", "3", "3.33"),
        ("2", "0", "3", "6.67"),
        # exactly half a hundredth goes up
        ("0.05", "0", "100", "0.01"),
    ],
)
def test_points_by_a_figure_are_in_proportion(value: str, zero_at: str, full_at: str, wanted: str) -> None:
    found = reckoned(Decimal(value), Decimal(zero_at), Decimal(full_at), Decimal(10))
    assert (found, str(found)) == (Decimal(wanted), wanted)


def test_equal_totals_are_told_apart_by_items_in_their_turn_and_else_share_the_rank() -> None:
    totals = {
        10: total(50, 30, 2, None, None),  # 82
        11: total(50, 30, None, 2, None),  # 82, fewer points under item 4
        12: total(60, 40, None, None, None),  # 100
        13: total(40, 40, None, 2, None),  # 82, as 11, but more under item 3
        14: total(50, 30, None, 2, None),  # as 11
        15: None,
        16: total(10, 0, None, None, None),
    }
    assert [(one.unit, one.rank, one.tied, one.broken_by) for one in ranking(totals, ITEMS)] == [
        (12, 1, False, None),
        (10, 2, False, 4),
        (13, 3, False, 4),
        (11, 4, True, 3),
        (14, 4, True, 3),
        (16, 6, False, None),
        (15, None, False, None),
    ]


def test_of_a_penalty_that_breaks_ties_fewer_points_go_before() -> None:
    totals = {1: total(52, 30, None, None, 2), 2: total(50, 30, None, None, None)}
    assert [one.unit for one in ranking(totals, ITEMS)] == [2, 1]


@pytest.mark.parametrize(
    ("ranks", "seats", "wanted"),
    [
        ([1, 1, 3, None], 1, LastSeats(units=2, seats=1)),
        ([1, 2, 2, 2, 5], 3, LastSeats(units=3, seats=2)),
        ([1, 1, 3], 2, None),
        ([1, 1], 2, None),
        ([1, 2, None], 0, None),
        ([], 1, None),
    ],
)
def test_last_seats_are_contested_where_a_shared_rank_reaches_over_them(
    ranks: list[int | None], seats: int, wanted: LastSeats | None
) -> None:
    assert contested(ranks, seats) == wanted


def test_nobody_scored_gives_no_ranks() -> None:
    assert ranking({2: None, 1: None}, ITEMS) == [Place(1, None, None), Place(2, None, None)]
    assert ranking({}, ITEMS) == []


quick = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
HUNDREDTHS = st.integers(0, 500).map(lambda number: Decimal(number).scaleb(-2))
POINTS = st.tuples(
    HUNDREDTHS, HUNDREDTHS, st.none() | HUNDREDTHS, st.none() | HUNDREDTHS, st.none() | HUNDREDTHS
)
GROUPS = st.lists(st.none() | POINTS, min_size=1, max_size=8)


def totals_of(rows: list[tuple[Decimal | None, ...] | None]) -> dict[int, Total | None]:
    return {number: total(*row) if row else None for number, row in enumerate(rows)}


@quick
@given(POINTS, st.none() | HUNDREDTHS)
def test_total_is_its_parts_whatever_the_order(
    points: tuple[Decimal | None, ...], cap: Decimal | None
) -> None:
    rows = scored(*points)
    found = total_of(ITEMS, rows, cap)
    assert found is not None
    assert found == total_of(ITEMS, rows[::-1], cap)
    assert found.total == found.base + found.bonus_counted - found.penalty
    assert found.bonus_counted == (found.bonus_given if cap is None else min(cap, found.bonus_given))


@quick
@given(GROUPS, st.randoms(use_true_random=False))
def test_ranking_does_not_depend_on_the_order_and_ranks_follow_totals(rows, random) -> None:  # type: ignore[no-untyped-def]
    totals = totals_of(rows)
    shuffled = list(totals.items())
    random.shuffle(shuffled)
    places = ranking(totals, ITEMS)
    assert ranking(dict(shuffled), ITEMS) == places
    assert sorted(one.unit for one in places) == sorted(totals)
    ranked = [one for one in places if one.rank is not None]
    assert places[: len(ranked)] == ranked
    for number, place in enumerate(ranked, 1):
        assert place.total is not None
        # the rank is the place of the first of those who share it
        assert place.rank == next(n for n, one in enumerate(ranked, 1) if one.rank == place.rank)
        assert place.tied == (sum(one.rank == place.rank for one in ranked) > 1)
        if number > 1:
            before = ranked[number - 2]
            assert before.total is not None
            assert before.total.total >= place.total.total


@quick
@given(st.lists(POINTS, min_size=1, max_size=6), HUNDREDTHS, st.sampled_from([0, 1, 2, 3]))
def test_more_points_never_worsen_the_rank(rows, more, number) -> None:  # type: ignore[no-untyped-def]
    better = list(rows[0])
    better[number] = min((better[number] or Decimal(0)) + more, Decimal(5))
    before = {one.unit: one.rank for one in ranking(totals_of(rows), ITEMS)}
    after = {one.unit: one.rank for one in ranking(totals_of([tuple(better), *rows[1:]]), ITEMS)}
    assert after[0] is not None
    assert before[0] is not None
    assert after[0] <= before[0]


@quick
@given(st.integers(-200, 400), st.integers(1, 100), st.booleans())
def test_points_by_a_figure_stay_within_and_rise_towards_the_end(value: int, width: int, falls: bool) -> None:
    zero_at, full_at = (Decimal(width), Decimal(0)) if falls else (Decimal(0), Decimal(width))
    found = reckoned(Decimal(value), zero_at, full_at, Decimal(10))
    nearer = reckoned(Decimal(value + (-1 if falls else 1)), zero_at, full_at, Decimal(10))
    assert Decimal(0) <= found <= nearer <= Decimal(10)
