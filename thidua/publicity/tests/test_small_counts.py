"""What is hidden cannot be worked out from what is shown: tried on many small trees by trying all answers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product

import pytest

from thidua.publicity.small_counts import hidden

THRESHOLD = 3


def test_one_small_cell_takes_its_smallest_neighbour_along() -> None:
    amounts = {"huyện": 60, "a": 2, "b": 18, "c": 40}

    assert hidden(amounts, dict.fromkeys("abc", "huyện"), threshold=5) == {"a", "b"}


def test_two_small_cells_that_a_total_would_give_away_take_a_third_along() -> None:
    amounts = {"huyện": 42, "a": 1, "b": 1, "c": 40}

    assert hidden(amounts, dict.fromkeys("abc", "huyện"), threshold=5) == {"a", "b", "c"}


def test_total_goes_too_when_no_neighbour_is_left() -> None:
    assert hidden({"huyện": 7, "a": 7, "b": 0}, dict.fromkeys("ab", "huyện"), threshold=5) == frozenset()
    assert hidden({"xã": 4, "a": 4, "b": 0}, dict.fromkeys("ab", "xã"), threshold=5) == {"xã", "a"}


def test_zero_and_large_counts_are_told() -> None:
    assert hidden({"a": 0, "b": 5, "t": 5}, dict.fromkeys("ab", "t"), threshold=5) == frozenset()


def trees() -> Iterator[tuple[dict[str, int], dict[str, str]]]:
    """Trees of two levels, with small and large counts."""
    chance = random.Random(20231105)
    for _ in range(160):
        amounts: dict[str, int] = {}
        parents: dict[str, str] = {}
        total = 0
        for commune in range(chance.randint(1, 3)):
            key, own = f"x{commune}", 0
            for village in range(chance.randint(0, 3)):
                count = chance.choice((0, 0, 1, 1, 2, 2, 3, 4, 6))
                amounts[f"{key}.{village}"], parents[f"{key}.{village}"] = count, key
                own += count
            amounts[key] = own if any(one.startswith(f"{key}.") for one in amounts) else chance.randint(0, 6)
            parents[key] = "h"
            total += amounts[key]
        amounts["h"] = total
        yield amounts, parents


def possible(amounts: dict[str, int], parents: dict[str, str], secret: frozenset[str]) -> dict[str, set[int]]:
    """For every hidden cell the numbers that fit to all that is shown; a hidden one is at least 1."""
    leaves = [key for key in amounts if key not in parents.values()]
    unknown = [key for key in leaves if key in secret]
    # No more than the whole, or somewhat above the threshold where not even the whole is told.
    highest = THRESHOLD + 1 if "h" in secret else min(amounts["h"], 7)
    found: dict[str, set[int]] = {key: set() for key in secret}
    for guess in product(range(1, highest + 1), repeat=len(unknown)):
        values = {
            **{key: amounts[key] for key in leaves if key not in secret},
            **dict(zip(unknown, guess, strict=True)),
        }
        for key in ("x0", "x1", "x2", "h"):
            if key in amounts and key not in values:
                values[key] = sum(values[child] for child, above in parents.items() if above == key)
        if all(values[key] == amount for key, amount in amounts.items() if key not in secret):
            for key in secret:
                found[key].add(values[key])
    return found


def test_no_hidden_count_can_be_worked_out() -> None:
    tried = 0
    for amounts, parents in trees():
        secret = hidden(amounts, parents, threshold=THRESHOLD)
        small = {key for key, amount in amounts.items() if 0 < amount < THRESHOLD}
        assert small <= secret
        if not small or len([key for key in secret if key not in parents.values()]) > 5:
            continue
        tried += 1
        for key, numbers in possible(amounts, parents, secret).items():
            assert len(numbers) >= 2, (amounts, secret, key)
            assert max(numbers) >= THRESHOLD, (amounts, secret, key)
            assert amounts[key] in numbers or amounts[key] > THRESHOLD
    assert tried > 40


@pytest.mark.parametrize("order", [1, -1])
def test_what_is_hidden_does_not_depend_on_the_order_of_cells(order: int) -> None:
    for amounts, parents in list(trees())[:100]:
        turned = dict(list(amounts.items())[::order])
        assert hidden(turned, parents, threshold=THRESHOLD) == hidden(amounts, parents, threshold=THRESHOLD)
