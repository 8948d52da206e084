"""QR codes: the same squares as the library draws."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, QRData

from thidua.awards.decisions import quick_codes


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=60))
def test_a_code_is_what_the_library_draws(text: str) -> None:
    if len(text.encode()) > 180:
        return
    [ours] = quick_codes.matrices([text])

    theirs = QRCode(
        version=(len(ours) - 17) // 4,
        error_correction=ERROR_CORRECT_M,
        mask_pattern=quick_codes.MASK,
        border=0,
    )
    theirs.add_data(QRData(text.encode(), mode=MODE_8BIT_BYTE))
    theirs.make(fit=False)
    assert ours.astype(bool).tolist() == theirs.get_matrix()


def test_many_at_once_are_the_same_as_one_by_one() -> None:
    texts = [f"https://thi-dua.vn/kiem-tra-khen-thuong/ABCDEFGH{n:02}/" for n in range(20)]
    many = quick_codes.matrices(texts)
    assert [one.tolist() for one in many] == [quick_codes.matrices([text])[0].tolist() for text in texts]


def test_a_drawing_covers_the_dark_squares() -> None:
    [matrix] = quick_codes.matrices(["x"])
    path = quick_codes.svg(matrix)
    assert sum(int(part.split("v")[0]) for part in path.split("h")[1:] if "v1" in part) == matrix.sum()


def test_a_long_text_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        quick_codes.matrices(["a" * 400])
