"""Symbols and numbers as printed."""

from __future__ import annotations

import pytest

from thidua.core.errors import RuleNotMet
from thidua.core.formats import POINT_LETTERS
from thidua.documents.papers.symbols import next_suffix, printed, symbol


@pytest.mark.parametrize(
    ("kind", "agency", "drafter", "wanted"),
    [
        ("bao_cao", "UBND", "", "BC-UBND"),
        ("to_trinh", "STNMT", "", "TTr-STNMT"),
        ("cong_van", "UBND", "NV", "UBND-NV"),
        ("cong_van", "UBND", "", "UBND"),
    ],
)
def test_symbol_of_a_kind(kind: str, agency: str, drafter: str, wanted: str) -> None:
    assert symbol(kind, agency, drafter=drafter) == wanted


def test_number_is_padded_below_ten() -> None:
    assert [printed(1), printed(10), printed(152), printed(12, "a")] == ["01", "10", "152", "12a"]


def test_numbers_put_in_late_follow_the_vietnamese_alphabet() -> None:
    taken: list[str] = [""]
    for _ in POINT_LETTERS:
        taken.append(next_suffix(taken))

    assert "".join(taken) == POINT_LETTERS
    with pytest.raises(RuleNotMet, match="đã dùng hết"):
        next_suffix(taken)
