"""Paragraphs made whole again: page breaks, wraps, notes and page numbers in between."""

from __future__ import annotations

import pytest

from thidua.documents.reading.model import Cell, Line
from thidua.documents.reading.repair import paragraphs_of


def _paragraphs(text: str) -> list[tuple[tuple[int, ...], str]]:
    lines = [Line(number, line) for number, line in enumerate(text.split("\n"), start=1)]
    return [(paragraph.lines, paragraph.text) for paragraph in paragraphs_of(lines)]


LONG = "1. Các cơ quan, đơn vị căn cứ chức năng, nhiệm vụ được giao tổ chức thực hiện phong trào thi đua, kịp thời"


def test_sentence_cut_by_a_page_break_is_joined() -> None:
    assert _paragraphs(f"{LONG}\n\nbiểu dương, khen thưởng.") == [
        ((1, 3), f"{LONG} biểu dương, khen thưởng.")
    ]


def test_page_number_between_the_halves_stands_apart() -> None:
    found = _paragraphs(f"1\n{LONG}\n\n2\n\nbiểu dương, khen thưởng.")

    assert found == [((1,), "1"), ((2, 6), f"{LONG} biểu dương, khen thưởng."), ((4,), "2")]


def test_footnote_between_the_halves_stands_apart() -> None:
    found = _paragraphs(f"{LONG}\n\n¹ Theo chuẩn nghèo mới.\n\nbiểu dương, khen thưởng.")

    assert found == [((1, 5), f"{LONG} biểu dương, khen thưởng."), ((3,), "¹ Theo chuẩn nghèo mới.")]


@pytest.mark.parametrize(
    "below", ["Biểu dương, khen thưởng.", "a) biểu dương", "- biểu dương", "2. biểu dương", "Nơi nhận:"]
)
def test_new_paragraph_is_not_joined(below: str) -> None:
    assert len(_paragraphs(f"{LONG}\n\n{below}")) == 2


def test_finished_sentence_is_not_joined() -> None:
    assert len(_paragraphs(f"{LONG} khen thưởng.\n\nbiểu dương tập thể.")) == 2


@pytest.mark.parametrize(
    ("above", "below", "joined"),
    [
        ("Thực hiện Kế hoạch số 152/KH-", "UBND ngày 01/7/2022", "Thực hiện Kế hoạch số 152/KH-UBND ngày 01/7/2022"),
        ("Căn cứ Quyết định số 9/QĐ-UBND ngày 12/", "12/2025 của UBND", "Căn cứ Quyết định số 9/QĐ-UBND ngày 12/12/2025 của UBND"),
        ("Căn cứ Chỉ thị số 19/CT-TTg ngày", "16/7/2021 của Thủ tướng", "Căn cứ Chỉ thị số 19/CT-TTg ngày 16/7/2021 của Thủ tướng"),
        ("Bến Tre, ngày 08", "tháng 11 năm 2021", "Bến Tre, ngày 08 tháng 11 năm 2021"),
        ("CỘNG", "HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("Sơn", "La, ngày 11 tháng 3 năm 2020", "Sơn La, ngày 11 tháng 3 năm 2020"),
    ],
)  # fmt: skip
def test_cut_symbols_dates_and_head_cells_are_whole(above: str, below: str, joined: str) -> None:
    filler = "\n".join(
        ["Phong trào thi đua phải được triển khai sâu rộng, thiết thực, hiệu quả và phù hợp"] * 4
    )

    texts = [text for _, text in _paragraphs(f"{above}\n{below}\n\n{filler}")]

    assert joined in texts[0]


def test_hyphen_inside_a_quoted_name_is_no_bullet() -> None:
    text = (
        "1. Tổ chức thực hiện Phong trào thi đua “Cả nước chung tay vì người nghèo\n"
        "- Không để ai bị bỏ lại phía sau” bằng các việc làm cụ thể, thiết thực, phù\n"
        "hợp với điều kiện của từng cơ quan, đơn vị và từng địa phương trong cả nước\n"
        "theo đúng chỉ đạo của cấp trên và quy định hiện hành về thi đua khen thưởng."
    )

    assert len(_paragraphs(text)) == 1


def test_rows_of_a_flattened_table_keep_their_cells() -> None:
    lines = [
        Line(number, text)
        for number, text in enumerate(
            ["STT", "Nội dung", "Điểm", "1", "Phát động", "10", "2", "Báo cáo", "20"], start=1
        )
    ]

    cells = [paragraph.cell for paragraph in paragraphs_of(lines)]

    assert cells == [Cell(0, row, column, 3) for row in range(3) for column in range(3)]
