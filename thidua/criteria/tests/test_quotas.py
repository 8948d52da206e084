"""Quotas: laws that hold whatever the figures are."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.criteria.quotas import (
    Denominator,
    EarlierWinners,
    QuotaRule,
    Rounding,
    places_of,
    quota,
    reckoned,
)

shares = st.fractions(min_value=Fraction(1, 100), max_value=1, max_denominator=100)
rules = st.one_of(
    st.builds(
        QuotaRule,
        share=shares,
        denominator=st.sampled_from(Denominator),
        rounding=st.sampled_from(Rounding),
        must_qualify=st.booleans(),
        earlier_winners=st.sampled_from(EarlierWinners),
    ),
    st.builds(QuotaRule, count=st.integers(0, 6), earlier_winners=st.sampled_from(EarlierWinners)),
)
standings = st.lists(st.sampled_from([True, False, None]), max_size=6)
quick = settings(max_examples=200, deadline=None)


@quick
@given(rule=rules, standing=standings, data=st.data())
def test_range_is_exactly_what_the_unknown_may_turn_out_to_be(
    rule: QuotaRule, standing: list[bool | None], data: st.DataObject
) -> None:
    units = range(len(standing))
    winners = data.draw(st.sets(st.sampled_from(units))) if standing else set()

    found = quota(rule, units=units, qualified=dict(enumerate(standing)), earlier_winners=winners)

    possible = [
        quota(rule, units=units, qualified=dict(enumerate(one)), earlier_winners=winners)
        for one in product(*[[True, False] if unit is None else [unit] for unit in standing])
    ]
    assert all(one.places is not None for one in possible)
    assert found.least == min(one.least for one in possible)
    assert found.most == max(one.most for one in possible)


@quick
@given(rule=rules, standing=standings, data=st.data())
def test_order_of_units_does_not_matter(
    rule: QuotaRule, standing: list[bool | None], data: st.DataObject
) -> None:
    units = list(range(len(standing)))
    shuffled = data.draw(st.permutations(units))
    winners = units[: len(units) // 2]

    one = quota(rule, units=units, qualified=dict(enumerate(standing)), earlier_winners=winners)
    other = quota(rule, units=shuffled, qualified=dict(enumerate(standing)), earlier_winners=winners)

    assert (one.least, one.most) == (other.least, other.most)
    assert set(one.candidates) == set(other.candidates)


@quick
@given(share=shares, base=st.integers(0, 5000))
def test_rounding_stays_within_one(share: Fraction, base: int) -> None:
    exact = share * base
    down, half, up = (
        places_of(share, base, rounding) for rounding in (Rounding.DOWN, Rounding.HALF_UP, Rounding.UP)
    )

    assert down <= half <= up <= down + 1
    assert down <= exact <= up
    assert abs(half - exact) <= Fraction(1, 2)


@quick
@given(share=shares, base=st.integers(0, 5000), rounding=st.sampled_from(Rounding))
def test_more_units_never_mean_fewer_places(share: Fraction, base: int, rounding: Rounding) -> None:
    assert places_of(share, base, rounding) <= places_of(share, base + 1, rounding)


def test_earlier_winner_is_named_and_takes_no_place() -> None:
    rule = QuotaRule(
        share=Fraction(1),
        denominator=Denominator.QUALIFIED,
        earlier_winners=EarlierWinners.LEAVE_CANDIDATES,
    )

    found = quota(
        rule,
        units=["Mường So", "Lản Nhì Thàng", "Nậm Xe"],
        qualified={"Mường So": True, "Lản Nhì Thàng": True, "Nậm Xe": False},
        earlier_winners=["Mường So", "Nậm Xe"],
    )

    assert (found.places, found.candidates, found.left_out) == (1, ("Lản Nhì Thàng",), ("Mường So",))


def test_unit_nobody_judged_is_unknown_not_refused() -> None:
    found = quota(QuotaRule(count=2), units=["a", "b"], qualified={"a": True})

    assert (found.least, found.most, found.places, found.unknown) == (1, 2, None, ("b",))


def test_sentence_tells_how_it_was_counted() -> None:
    rule = QuotaRule(share=Fraction(1, 20), denominator=Denominator.QUALIFIED)

    found = quota(rule, units=range(128), qualified={unit: unit < 97 for unit in range(128)})

    assert found.sentence == "5 % của 97 đơn vị đạt chuẩn, làm tròn xuống: 4"


@pytest.mark.parametrize(
    ("share", "count"),
    [(None, None), (Fraction(1, 20), 2), (Fraction(0), None), (Fraction(2), None), (None, -1)],
)
def test_rule_that_says_both_or_nothing_is_refused(share: Fraction | None, count: int | None) -> None:
    with pytest.raises(ValueError, match="phân bổ"):
        QuotaRule(share=share, count=count)


@given(
    known=st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=40),
    part=st.integers(1, 20),
    rounding=st.sampled_from(list(Rounding)),
    denominator=st.sampled_from(list(Denominator)),
)
def test_places_from_counts_are_those_of_the_units(
    known: list[bool | None], part: int, rounding: Rounding, denominator: Denominator
) -> None:
    rule = QuotaRule(share=Fraction(part, 20), rounding=rounding, denominator=denominator)
    qualified = dict(enumerate(known))

    found = reckoned(rule, total=len(known), qualified=known.count(True), unknown=known.count(None))

    whole = quota(rule, units=list(qualified), qualified=qualified)
    assert (found.least, found.most, found.sentence) == (whole.least, whole.most, whole.sentence)
