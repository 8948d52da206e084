"""PDF files read by their layout."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from thidua.documents.reading import files
from thidua.documents.reading.model import Cell, Line, Origin

from .makers.plan import PLANS, plan_of
from .makers.printed import printed_file


def drawn(
    *texts: tuple[float, float, str], size: float = 12, lines: Sequence[tuple[float, ...]] = ()
) -> list[Line]:
    """The lines read from one page with these texts at these places."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), invariant=True)
    for x, y, text in texts:
        canvas.setFont("Times-Roman", size)
        canvas.drawString(x, y, text)
    for line in lines:
        canvas.line(*line)
    canvas.save()
    return list(files.read(buffer.getvalue()).lines)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem[:3])
@pytest.mark.parametrize("national_title", [False, True])
def test_made_pdf_reads_like_the_plan_text(path: Path, national_title: bool) -> None:
    plan = plan_of(path.read_text(encoding="utf-8"))

    source = files.read(printed_file(plan, national_title=national_title))

    read = [line for line in source.lines if line.origin is not Origin.FOOTNOTE]
    body = [line.text for line in read if line.cell is None]
    columns = [line.text for line in read if line.cell is not None]
    notes = [line.text for line in source.lines if line.origin is Origin.FOOTNOTE]
    header = [
        *(
            ["ỦY BAN NHÂN DÂN TỈNH MINH HỌA", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SỞ THÍ DỤ"]
            if national_title
            else []
        )
    ]
    header += ["Độc lập - Tự do - Hạnh phúc"] if national_title else []
    header += plan.header
    assert body == [*plan.title, *(block.printed for block in plan.body)]
    assert columns[: len(header)] == header
    assert sorted(columns[len(header) :]) == sorted(plan.recipients + plan.signature)
    assert notes == [f"{mark} {text}" for mark, text in plan.notes.items()]
    assert all(line.whole_paragraph for line in source.lines)


def test_columns_are_marked_and_read_row_by_row() -> None:
    lines = drawn(
        (80, 700, "Nhan:"),
        (380, 700, "GIAM DOC"),
        (80, 686, "- UBND;"),
        (80, 672, "- VT."),
        (385, 640, "Van A"),
    )

    assert [(line.text, line.cell) for line in lines] == [
        ("Nhan:", Cell(0, 0, 0, 2)),
        ("GIAM DOC", Cell(0, 0, 1, 2)),
        ("- UBND;", Cell(0, 1, 0, 2)),
        ("- VT.", Cell(0, 2, 0, 2)),
        ("Van A", Cell(0, 3, 1, 2)),
    ]


def test_ruled_table_is_read_cell_by_cell() -> None:
    grid = [(100, y, 400, y) for y in (700, 660, 620)] + [(x, 620, x, 700) for x in (100, 250, 400)]
    lines = drawn(
        (110, 685, "Chi tieu"), (260, 685, "Nam"), (110, 645, "Giam ngheo"), (110, 630, "da chieu"),
        (260, 640, "2025"),
        lines=grid,
    )  # fmt: skip

    assert [(line.text, line.cell, line.origin) for line in lines] == [
        ("Chi tieu", Cell(0, 0, 0, 2), Origin.TABLE),
        ("Nam", Cell(0, 0, 1, 2), Origin.TABLE),
        ("Giam ngheo da chieu", Cell(0, 1, 0, 2), Origin.TABLE),
        ("2025", Cell(0, 1, 1, 2), Origin.TABLE),
    ]


def test_running_header_is_kept_once_and_page_numbers_are_dropped() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), invariant=True)
    for number in (1, 2, 3):
        canvas.drawString(250, 810, f"Ke hoach {number}")
        canvas.drawString(90, 700, f"Noi dung thu {'abc'[number - 1]}.")
        canvas.drawString(297, 30, str(number))
        canvas.showPage()
    canvas.save()

    lines = files.read(buffer.getvalue()).lines

    assert [(line.text, line.origin, line.page) for line in lines] == [
        ("Ke hoach 1", Origin.PAGE_HEADER, 1),
        ("Noi dung thu a.", Origin.BODY, 1),
        ("Noi dung thu b.", Origin.BODY, 2),
        ("Noi dung thu c.", Origin.BODY, 3),
    ]


def test_turned_page_reads_upright() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), invariant=True)
    canvas.setPageRotation(90)
    canvas.saveState()
    canvas.rotate(90)
    canvas.drawString(100, -200, "Dong mot.")
    canvas.drawString(100, -230, "Dong hai.")
    canvas.restoreState()
    canvas.save()

    assert [line.text for line in files.read(buffer.getvalue()).lines] == ["Dong mot.", "Dong hai."]
