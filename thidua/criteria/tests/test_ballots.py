"""Counting votes: laws that hold for every count."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from thidua.criteria.ballots import MAJORITY, Base, Tally, Threshold, chosen, has_quorum, outcome

counts = st.integers(min_value=0, max_value=60)
tallies = st.builds(Tally, counts, counts, counts, counts)
shares = st.fractions(min_value=Fraction(1, 20), max_value=1, max_denominator=20)
quick = settings(max_examples=200, deadline=None)


@quick
@given(tally=tallies, share=shares, absent=counts)
def test_one_more_member_never_helps(tally: Tally, share: Fraction, absent: int) -> None:
    members = tally.papers + absent
    assume(members)

    smaller = outcome(tally, Threshold(share), members=members)
    larger = outcome(tally, Threshold(share), members=members + 1)

    assert smaller.is_passed or not larger.is_passed


@quick
@given(tally=tallies, share=shares)
def test_a_no_turned_into_yes_never_harms(tally: Tally, share: Fraction) -> None:
    assume(tally.no)
    better = Tally(tally.yes + 1, tally.no - 1, tally.blank, tally.spoilt)

    before = outcome(tally, Threshold(share), members=tally.papers)
    after = outcome(better, Threshold(share), members=tally.papers)

    assert after.is_passed or not before.is_passed


@quick
@given(tally=tallies, share=shares, absent=counts)
def test_no_blank_spoilt_and_absent_weigh_the_same(tally: Tally, share: Fraction, absent: int) -> None:
    members = tally.papers + absent
    assume(members)

    found = outcome(tally, Threshold(share), members=members)
    silent = outcome(Tally(tally.yes, 0), Threshold(share), members=members)

    assert (found.is_passed, found.needed) == (silent.is_passed, silent.needed)


@quick
@given(tally=tallies, share=shares, absent=counts)
def test_needed_is_the_least_that_reaches_the_share(tally: Tally, share: Fraction, absent: int) -> None:
    members = tally.papers + absent
    assume(members)

    found = outcome(tally, Threshold(share), members=members)

    assert Fraction(found.needed, members) >= share > Fraction(found.needed - 1, members)
    assert found.is_passed == (found.share >= share)


@quick
@given(parts=st.lists(tallies, min_size=1, max_size=5), share=shares)
def test_counting_by_boxes_gives_the_same(parts: list[Tally], share: Fraction) -> None:
    total = sum(parts[1:], parts[0])
    assume(total.papers)

    backwards = sum(reversed(parts[:-1]), parts[-1])

    assert total == backwards
    assert total.papers == sum(part.papers for part in parts)


@quick
@given(yes=counts, no=counts)
def test_two_opposite_motions_never_both_pass_by_majority(yes: int, no: int) -> None:
    assume(yes + no)
    members = yes + no

    motion = outcome(Tally(yes, no), MAJORITY, members=members)
    opposite = outcome(Tally(no, yes), MAJORITY, members=members)

    assert not (motion.is_passed and opposite.is_passed)
    assert motion.is_tied == (yes == no)


def test_sentence_can_be_read_aloud() -> None:
    found = outcome(Tally(7, 1, blank=1), Threshold(Fraction(4, 5)), members=9)

    assert found.sentence == "7/9 phiếu đồng ý (77,78 %), cần 8 (từ 80 % tổng số thành viên): không đạt"
    assert str(Threshold(Fraction(2, 3))) == "từ 2/3 tổng số thành viên"
    assert str(MAJORITY) == "quá 50 % tổng số thành viên"


def test_more_papers_than_members_are_refused() -> None:
    with pytest.raises(ValueError, match="Có 10 phiếu nhưng hội đồng chỉ có 9 thành viên"):
        outcome(Tally(10, 0), MAJORITY, members=9)


def test_share_of_those_present_needs_their_number() -> None:
    threshold = Threshold(Fraction(1, 2), Base.PRESENT)

    with pytest.raises(ValueError, match="chưa ghi số người dự họp"):
        outcome(Tally(4, 0), threshold, members=9)
    with pytest.raises(ValueError, match="không khớp"):
        outcome(Tally(4, 0), threshold, members=9, present=3)
    assert outcome(Tally(4, 0), threshold, members=9, present=7).is_passed


@pytest.mark.parametrize("share", [Fraction(0), Fraction(11, 10)])
def test_impossible_share_is_refused(share: Fraction) -> None:
    with pytest.raises(ValueError, match="Tỷ lệ phiếu"):
        Threshold(share)


def test_quorum_is_reached_exactly() -> None:
    share = Fraction(2, 3)

    assert has_quorum(present=6, members=9, share=share)
    assert not has_quorum(present=6, members=10, share=share)


def test_tie_at_the_last_place_stays_open() -> None:
    papers = {"a": Tally(9, 0), "b": Tally(7, 2), "c": Tally(7, 2), "d": Tally(4, 5)}

    found = chosen(papers, MAJORITY, members=9, places=2)

    assert (found.chosen, found.tied, found.open_places) == (("a",), ("b", "c"), 1)


def test_equals_that_all_have_a_place_are_all_chosen() -> None:
    papers = {"b": Tally(7, 2), "a": Tally(9, 0), "c": Tally(7, 2), "d": Tally(6, 3)}

    found = chosen(papers, MAJORITY, members=9, places=3)

    assert (found.chosen, found.tied, found.open_places) == (("a", "b", "c"), (), 0)


def test_who_does_not_pass_takes_no_place_even_when_one_is_free() -> None:
    found = chosen({"a": Tally(9, 0), "d": Tally(4, 5)}, MAJORITY, members=9, places=2)

    assert (found.chosen, found.open_places) == (("a",), 1)


@quick
@given(
    papers=st.dictionaries(st.integers(0, 30), st.integers(0, 9), max_size=12),
    places=st.integers(0, 12),
)
def test_never_more_chosen_than_places_and_nobody_left_behind_a_worse_one(
    papers: dict[int, int], places: int
) -> None:
    found = chosen(
        {name: Tally(yes, 9 - yes) for name, yes in papers.items()}, MAJORITY, members=9, places=places
    )

    assert len(found.chosen) + found.open_places == places
    left = [name for name in papers if name not in found.chosen]
    assert all(papers[one] > papers[other] or papers[other] < 5 for one in found.chosen for other in left)
    assert len(found.tied) != 1
