"""What opens a paragraph: numbers, letters, bullets, and what only looks like them."""

from __future__ import annotations

import pytest

from thidua.documents.reading.markers import marker_of, roman_value


@pytest.mark.parametrize(
    ("text", "style", "printed", "ordinal"),
    [
        ("I. MỤC ĐÍCH", "roman", "I.", 1),
        ("IV/ TỔ CHỨC THỰC HIỆN", "roman", "IV/", 4),
        ("II- YÊU CẦU", "roman", "II-", 2),
        ("1. Mục đích", "arabic", "1.", 1),
        ("1.Mục đích", "arabic", "1.", 1),
        ("2/ Yêu cầu", "arabic", "2/", 2),
        ("3- Các phòng", "arabic", "3-", 3),
        ("1- 100% đơn vị", "arabic", "1-", 1),
        ("5.1 Nội dung", "dotted", "5.1", 1),
        ("5.12. Nội dung", "dotted", "5.12.", 12),
        ("3.2/ Hình thức", "dotted", "3.2/", 2),
        ("II.1. Mục đích", "dotted", "II.1.", 1),
        ("a) Đối với xã", "letter", "a)", 1),
        ("đ) Đối với hộ", "letter", "đ)", 5),
        ("b/ Nội dung", "letter", "b/", 2),
        ("a.1) Nội dung", "letter_dotted", "a.1)", 1),
        ("A. MỤC ĐÍCH", "capital", "A.", 1),
        ("(2) có 02 xã", "paren", "(2)", 2),
        ("- Tuyên truyền", "dash", "-", 0),
        ("–Tuyên truyền", "dash", "–", 0),
        ("+ Phối hợp", "plus", "+", 0),
        ("* Tập thể", "star", "*", 0),
        ("• Tập thể", "dot", "•", 0),
        ("Điều 3. Khen thưởng", "dieu", "Điều 3.", 3),
        ("Phần thứ hai", "phan", "Phần thứ hai", 2),
        ("PHẦN II", "phan", "PHẦN II", 2),
        ("CHƯƠNG IV", "chuong", "CHƯƠNG IV", 4),
    ],
)
def test_marker_is_read(text: str, style: str, printed: str, ordinal: int) -> None:
    marker = marker_of(text)

    assert marker is not None
    assert (marker.style, marker.printed, marker.ordinal) == (style, printed, ordinal)
    assert not text[marker.end :].startswith(" ")


@pytest.mark.parametrize(
    "text",
    [
        "2.500 hộ nghèo được vay vốn", "01 - 02 đơn vị cấp huyện", "30/11 hằng năm", "2021 - 2025", "1,5 lần so với năm 2020",
        "-5% so với cùng kỳ", "Q. GIÁM ĐỐC", "T/M ỦY BAN NHÂN DÂN", "TM. ỦY BAN NHÂN DÂN", "V/v phát động phong trào",
        "Đ/c Nguyễn Thử - Phó Chủ tịch", "Hà Nội, ngày 02 tháng 6 năm 2022", "Mục 2 Điều 5 của Luật", "IIII. Sai số La Mã", "5/12 xã",
    ],
)  # fmt: skip
def test_no_marker_in_figures_dates_and_titles(text: str) -> None:
    assert marker_of(text) is None


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("I", 1), ("IV", 4), ("IX", 9), ("XIV", 14), ("XL", 40), ("IIII", None), ("VX", None)],
)
def test_roman_value(numeral: str, value: int | None) -> None:
    assert roman_value(numeral) == value
