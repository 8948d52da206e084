"""The ballot box by itself: any votes in any order sum up, receipts differ, nothing links; codes as typed."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.awards.council import sealing
from thidua.criteria.ballots import Tally, Threshold
from thidua.criteria.vote_packages import (
    MARK_LENGTH,
    Choice,
    Question,
    Session,
    mark,
    packed,
    plain_code,
    read,
    recompute,
    verify,
)

CODES = (sealing.new_key_code(), sealing.new_key_code())
PUBLICS = [sealing.public_of(code) for code in CODES]
choices = st.lists(st.sampled_from(list(Choice)), max_size=12)


@settings(max_examples=25, deadline=None)
@given(choices)
def test_any_votes_sum_up_and_receipts_differ(votes: list[Choice]) -> None:
    codes = [sealing.new_receipt_code() for _ in votes]
    box: list[str] = []
    for code, choice in zip(codes, votes, strict=True):
        box = sorted([*box, sealing.seal(mark(code, 7), choice, publics=PUBLICS, question=7)])

    opened = [sealing.opened(paper, codes=CODES, question=7) for paper in box]

    assert Counter(choice for _, choice in opened) == Counter(votes)
    assert len({key for key, _ in opened}) == len(votes)
    assert dict(opened) == {mark(code, 7): choice for code, choice in zip(codes, votes, strict=True)}
    assert len({len(paper) for paper in box}) <= 1


@settings(max_examples=25, deadline=None)
@given(choices, st.integers(0, 3), st.integers(0, 3))
def test_a_package_is_counted_again_byte_for_byte(votes: list[Choice], written: int, spoilt: int) -> None:
    typed = Tally(written, 0, spoilt=spoilt)
    question = Question(
        id=7,
        subject="unit:1",
        label="xã Mẫu",
        form="giay-khen",
        threshold=Threshold(Fraction(1, 2), is_strict=True),
        ballots=(len(votes), typed.papers),
        papers=tuple((mark(sealing.new_receipt_code(), 7), choice) for choice in votes),
        typed=typed,
    )
    session = Session(
        about={"title": "Họp"},
        members=20,
        present=20,
        written=0,
        quorum=Fraction(2, 3),
        quorum_source="quy chế",
        quorum_confirmed=True,
        questions=(question,),
    )
    raw = packed(session)

    assert recompute(raw) == raw
    proof = verify(raw)
    assert proof.is_good
    assert proof.results[0].question.tally.yes == votes.count(Choice.YES) + written
    assert packed(read(raw)) == raw


def test_one_key_alone_opens_nothing() -> None:
    paper = sealing.seal("a" * MARK_LENGTH, Choice.YES, publics=PUBLICS, question=1)
    other = sealing.new_key_code()

    for codes in ((CODES[0], other), (other, CODES[1]), (CODES[1], CODES[0])):
        with pytest.raises(sealing.WrongKey):
            sealing.opened(paper, codes=codes, question=1)
    with pytest.raises(sealing.WrongKey):
        sealing.opened(paper, codes=CODES, question=2)


def test_a_code_is_read_as_people_type_it() -> None:
    assert plain_code(" o1il-7k3m ") == "01117K3M"
    assert mark("7K3M-AAAA", 1) == mark("7k3maaaa", 1)
    assert mark("7K3M-AAAA", 1) != mark("7K3M-AAAA", 2)
