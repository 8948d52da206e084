"""The draw: the same seed gives the same units, whoever lists them and however."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from thidua.movements.warning_signs import Sign
from thidua.oversight.inspections.risk import Ranked, Reason, ranked
from thidua.oversight.inspections.sampling import draw, place

KEYS = st.lists(st.text("abcđ-1", min_size=1, max_size=6), max_size=30)
SEEDS = st.text("0123456789abcdef ộ", max_size=40)


@given(keys=KEYS, size=st.integers(0, 40), seed=SEEDS)
def test_the_same_seed_gives_the_same_sample_in_any_order(keys: list[str], size: int, seed: str) -> None:
    other = [*sorted(keys), *reversed(keys)]

    assert draw(keys, size=size, seed=seed) == draw(other, size=size, seed=seed)


@given(keys=KEYS, size=st.integers(0, 40), seed=SEEDS)
def test_a_sample_holds_so_many_different_units_of_the_pool(keys: list[str], size: int, seed: str) -> None:
    found = draw(keys, size=size, seed=seed)

    assert len(found) == len(set(found)) == min(size, len(set(keys)))
    assert set(found) <= set(keys)


@given(keys=KEYS, size=st.integers(0, 40), seed=SEEDS)
def test_a_larger_sample_begins_with_the_smaller_one(keys: list[str], size: int, seed: str) -> None:
    assert draw(keys, size=size + 1, seed=seed)[:size] == draw(keys, size=size, seed=seed)


@given(keys=KEYS.filter(lambda keys: len(set(keys)) > 1), seed=SEEDS)
def test_who_leaves_the_pool_moves_nobody_else(keys: list[str], seed: str) -> None:
    whole = draw(keys, size=len(keys), seed=seed)
    gone = whole[0]

    assert draw([key for key in keys if key != gone], size=len(keys), seed=seed) == whole[1:]


def test_the_draw_of_a_known_seed_never_changes() -> None:
    """Written down once: a protocol of years ago must still hold."""
    assert place("2023", "huoi-luong").startswith("ce68020dcc1bd946")
    assert draw(["huoi-luong", "dao-san", "mu-sang", "ban-lang"], size=2, seed="phong-tho-2023") == [
        "mu-sang",
        "ban-lang",
    ]


def test_ranking_adds_points_and_keeps_who_has_none() -> None:
    signs = [
        Sign(2, "late_task", "2 nhiệm vụ quá hạn", 2, "late"),
        Sign(2, "jump", "Số hộ tăng", 1, "jump"),
        Sign(3, "jump", "Số hộ giảm", 1, "jump"),
        Sign(9, "jump", "không ở trong danh sách", 1, "jump"),
    ]

    assert ranked([1, 2, 3], signs, {"late": 3, "jump": 5}) == [
        Ranked(2, [Reason("2 nhiệm vụ quá hạn", 6), Reason("Số hộ tăng", 5)]),
        Ranked(3, [Reason("Số hộ giảm", 5)]),
        Ranked(1, []),
    ]
