from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua.core.spelled_numbers import spelled, spelled_dong


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (105, "một trăm linh năm"),
        (1_000, "một nghìn"),
        (1_500_000, "một triệu năm trăm nghìn"),
        (2_005_000, "hai triệu không trăm linh năm nghìn"),
        (1_000_000_001, "một tỷ không trăm linh một"),
        (3_000_000_000_000, "ba nghìn tỷ"),
        (1_080_000, "một triệu không trăm tám mươi nghìn"),
        (10_430_000, "mười triệu bốn trăm ba mươi nghìn"),
        (3_001_000_000_000_005, "ba triệu không trăm linh một nghìn tỷ không trăm linh năm"),
        (55_555, "năm mươi lăm nghìn năm trăm năm mươi lăm"),
    ],
)
def test_number_is_spelled_as_read(number: int, words: str) -> None:
    assert spelled(number) == words


def test_sum_of_money_begins_with_a_capital() -> None:
    assert spelled_dong(540_000) == "Năm trăm bốn mươi nghìn đồng"


@given(st.integers(0, 10**15), st.integers(0, 10**15))
def test_different_numbers_have_different_words(one: int, other: int) -> None:
    assert (spelled(one) == spelled(other)) == (one == other)
