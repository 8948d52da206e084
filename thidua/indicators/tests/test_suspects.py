"""Whole columns find every figure that the rules, asked one by one, have something to say about."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.indicators import suspects
from thidua.indicators.checks import Key, Rule, doubts
from thidua.indicators.entries import Context, Entries, Entry
from thidua.indicators.figure_columns import ONE

WHOLE, POOR, OTHER, INCOME, RATE = 1, 2, 3, 4, 5
RULES = {
    WHOLE: Rule(WHOLE, "Tổng số hộ", lowest=Decimal(0), jump_percent=20, is_sum_of_parts=True),
    POOR: Rule(POOR, "Hộ nghèo", lowest=Decimal(0), jump_percent=60, part_of_id=WHOLE),
    OTHER: Rule(OTHER, "Hộ không nghèo", part_of_id=WHOLE),
    INCOME: Rule(INCOME, "Thu nhập", 2, lowest=Decimal("0.5"), highest=Decimal("41.67"), jump_percent=0),
    RATE: Rule(RATE, "Tỷ lệ", decimals=2, numerator_id=POOR, denominator_id=WHOLE),
}  # fmt: skip
YEARS = [(date(number, 1, 1), date(number + 1, 1, 1)) for number in (2022, 2023)]
CONTEXTS = [
    Context(*year, standard, segment)
    for year, standard, segment in product(YEARS, (None, 7), ("", "urban", "rural", "men"))
]
#: Counts that meet often, so that sums and parts agree now and then; and what no float holds.
AMOUNTS = [
    *map(Decimal, [0, 1, 2, 3, 4, 5, 10, 12, -3, 10**12]),
    *map(Decimal, ["0.5", "41.67", "41.6701", "900719925474.0993"]),
]


def figures_by_chance(dice: Random, count: int) -> dict[Key, Decimal | None]:
    found: dict[Key, Decimal | None] = {}
    for _ in range(count):
        key = Key(dice.choice(list(RULES)), dice.randint(11, 14), *dice.choice(CONTEXTS))
        found[key] = dice.choice([None, *AMOUNTS, *AMOUNTS[:6] * 3])
    return found


def as_columns(figures: dict[Key, Decimal]) -> list[suspects.Known]:
    groups: dict[Context, list[tuple[int, ...]]] = defaultdict(list)
    for key, amount in figures.items():
        whole = int(amount)
        groups[Context(*key[2:])].append((*key[:2], whole, int((amount - whole) * ONE)))
    return [
        suspects.Known(context, *np.array(rows, dtype=np.int64).T)
        for context, rows in sorted(groups.items(), key=str)
    ]


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False))
def test_no_doubt_is_missed(dice: Random) -> None:
    said = figures_by_chance(dice, dice.randint(1, 120))
    given_now = Entries.of(
        Entry(*key[:4], amount, amount is None, standard_id=key.standard_id, segment=key.segment)
        for key, amount in said.items()
    )
    units = set(given_now.unit_ids.tolist())
    before = {
        key: amount or Decimal(0)
        for key, amount in figures_by_chance(dice, dice.randint(0, 120)).items()
        if key.unit_id in units
    }
    figures = before | {entry.key: entry.counted for entry in given_now}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(suspects, "EMPTY_CELLS_PER_FIGURE", 10**9)
        found = given_now.only(suspects.suspects(given_now, as_columns(before), RULES))

    asked_one_by_one = doubts([entry.key for entry in given_now], figures, RULES)
    assert doubts([entry.key for entry in found], figures, RULES) == asked_one_by_one


def test_figures_in_order_are_not_asked_about() -> None:
    year = YEARS[0]
    entries = Entries.of(
        Entry(indicator_id, unit_id, *year, Decimal(amount))
        for unit_id in (11, 12, 13)
        for indicator_id, amount in ((WHOLE, 12), (POOR, 2), (OTHER, 10 if unit_id != 12 else 9))
    )
    places = np.flatnonzero(suspects.suspects(entries, [], RULES)).tolist()
    assert entries.unit_ids[places].tolist() == [12, 12, 12]
