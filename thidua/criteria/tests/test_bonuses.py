"""Sums of bonus money: exact, rounded once, always up."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.criteria.bonuses import bonus_sum

coefficients = st.decimals(min_value="0.01", max_value="20", places=2)
bases = st.integers(min_value=1, max_value=10_000_000)
quick = settings(max_examples=200, deadline=None)


@quick
@given(coefficient=coefficients, base=bases)
def test_never_less_than_the_product_and_less_than_one_step_more(coefficient: Decimal, base: int) -> None:
    found = bonus_sum(coefficient=coefficient, multiplier=Decimal(1), base=base, rounding=10_000)

    assert found.amount % 10_000 == 0
    assert 0 <= found.amount - Fraction(coefficient) * base < 10_000


@quick
@given(coefficient=coefficients, base=bases)
def test_collective_gets_twice_at_most_and_within_one_step(coefficient: Decimal, base: int) -> None:
    one = bonus_sum(coefficient=coefficient, multiplier=Decimal(1), base=base, rounding=10_000)
    two = bonus_sum(coefficient=coefficient, multiplier=Decimal(2), base=base, rounding=10_000)

    assert 2 * one.amount - 10_000 <= two.amount <= 2 * one.amount


@quick
@given(coefficient=coefficients, multiplier=coefficients, base=bases)
def test_order_of_the_factors_does_not_matter(coefficient: Decimal, multiplier: Decimal, base: int) -> None:
    one = bonus_sum(coefficient=coefficient, multiplier=multiplier, base=base, rounding=10_000)
    other = bonus_sum(coefficient=multiplier, multiplier=coefficient, base=base, rounding=10_000)

    assert one.amount == other.amount


def test_steps_are_written_out() -> None:
    found = bonus_sum(coefficient=Decimal("3.5"), multiplier=Decimal(2), base=1_490_000, rounding=10_000)

    assert found.steps == "3,5 × 2 × 1.490.000 = 10.430.000 đồng"


def test_nothing_is_no_factor() -> None:
    with pytest.raises(ValueError, match="phải lớn hơn 0"):
        bonus_sum(coefficient=Decimal(0), multiplier=Decimal(1), base=1, rounding=1)
