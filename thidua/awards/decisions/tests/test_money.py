"""Sums of money: the test values of the law, their words, and what always holds."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from thidua.awards.decisions import money
from thidua.awards.models import Bonus, DecisionLine

#: Forms, subject, day → đồng: `awards.md` §6.4.
VALUES = [
    ("huan-chuong-lao-dong-hang-ba", "individual", date(2026, 6, 30), 10_530_000),
    ("huan-chuong-lao-dong-hang-ba", "individual", date(2026, 7, 1), 11_390_000),
    ("bang-khen-thu-tuong", "agency", date(2020, 5, 5), 10_430_000),
    ("bang-khen-thu-tuong", "individual", date(2020, 5, 5), 5_220_000),
    ("bang-khen-bo-tinh", "individual", date(2023, 8, 1), 1_800_000),
    ("bang-khen-bo-tinh", "individual", date(2024, 8, 1), 3_510_000),
    ("bang-khen-bo-tinh", "commune", date(2024, 8, 1), 7_020_000),
    ("giay-khen", "individual", date(2024, 8, 1), 710_000),
    ("giay-khen", "village", date(2024, 8, 1), 1_410_000),
    ("giay-khen-xa", "individual", date(2023, 3, 1), 230_000),
    ("giay-khen-xa", "agency", date(2023, 3, 1), 450_000),
]


@pytest.mark.parametrize(("form", "subject", "on", "amount"), VALUES)
def test_a_bonus_is_that_of_the_law_of_its_day(form: str, subject: str, on: date, amount: int) -> None:
    assert money.counted(DecisionLine(), form=form, subject_type=subject, on=on).amount == amount


def test_a_bonus_that_the_law_does_not_know_stays_unknown() -> None:
    found = money.counted(DecisionLine(), form="giay-khen", subject_type="household", on=date(2023, 3, 1))
    assert found.amount is None
    assert found.steps
    total = money.total([found, Bonus(amount=450_000)])
    assert (total.amount, total.unknown, total.is_known) == (450_000, 1, False)


#: Amount, or none while the law is not known; whether it was paid.
ROWS = st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 10**9)), st.booleans()), max_size=30)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS)
def test_a_total_does_not_depend_on_order_or_on_parts(given_rows: list[tuple[int | None, bool]]) -> None:
    rows = [
        Bonus(amount=amount, paid_on=date(2024, 1, 1) if is_paid else None) for amount, is_paid in given_rows
    ]
    whole = money.total(rows)
    assert money.total(reversed(rows)) == whole
    half = len(rows) // 2
    parts = (money.total(rows[:half]), money.total(rows[half:]))
    assert sum(part.amount for part in parts) == whole.amount
    assert whole.paid <= whole.amount
