from __future__ import annotations

import pytest

from thidua.core.spelled_numbers import spelled


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
        (55_555, "năm mươi lăm nghìn năm trăm năm mươi lăm"),
    ],
)
def test_number_is_spelled_as_read(number: int, words: str) -> None:
    assert spelled(number) == words
