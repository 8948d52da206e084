"""Scans: read by Tesseract where it is installed, otherwise refused with the way out.

The last test runs Tesseract for real and only where the machine has it with its Vietnamese model; all others
stand in a program of their own for it.
"""

from __future__ import annotations

import io
import stat
from difflib import SequenceMatcher
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from thidua.core.text import fold
from thidua.documents.reading import files
from thidua.documents.reading.files import Unreadable, ocr, pdf_process
from thidua.documents.reading.model import Cell

from .makers.plan import PLANS, plan_of
from .makers.printed import printed_file

_HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"


def scanned(raw: bytes) -> list[Image.Image]:
    """The pages of a PDF as pictures."""
    document = pypdfium2.PdfDocument(raw)
    pictures = [page.render(scale=200 / 72, grayscale=True).to_pil() for page in document]
    document.close()
    return pictures


def pdf_of_pictures(pictures: list[Image.Image]) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), invariant=True)
    for picture in pictures:
        canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def blank() -> Image.Image:
    return Image.new("L", (600, 800), 255)


@pytest.fixture(autouse=True)
def fresh_child() -> None:
    """The child that reads PDF files looks for Tesseract on the PATH it was started with."""
    pdf_process.end_child()


def install(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, languages: str, words: list[str], fails: bool = False
) -> None:
    """Puts a program named tesseract on the PATH that answers with these words."""
    table = "\n".join([_HEAD, *words])
    program = folder / "tesseract"
    program.write_text(
        "#!/bin/sh\n"
        f'if [ "$1" = "--list-langs" ]; then printf "{languages}"; exit 0; fi\n'
        "cat >/dev/null\n"
        f"cat <<'END'\n{table}\nEND\n"
        f"exit {1 if fails else 0}\n",
        encoding="utf-8",
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def word(line: int, left: int, top: int, text: str, *, sure: float = 95) -> str:
    return f"5\t1\t1\t1\t{line}\t1\t{left}\t{top}\t{20 * len(text)}\t40\t{sure}\t{text}"


_PAGE = "1\t1\t0\t0\t0\t0\t0\t0\t2480\t3508\t-1\t"


def test_scan_without_tesseract_tells_what_to_install(
    blank: Image.Image, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert not ocr.is_available()
    for raw in (png(blank), pdf_of_pictures([blank])):
        with pytest.raises(Unreadable) as caught:
            files.read(raw, use_ocr=True)
        assert caught.value.key == "ocr_not_installed"
        assert "tesseract-ocr-vie" in caught.value.message


def test_tesseract_without_vietnamese_is_not_enough(
    blank: Image.Image, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, languages="eng\\nosd\\n", words=[])

    with pytest.raises(Unreadable) as caught:
        files.read(png(blank), use_ocr=True)

    assert caught.value.key == "ocr_not_installed"


def test_scanned_pages_are_read_with_progress_and_marked(
    blank: Image.Image, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [
        _PAGE,
        word(1, 300, 1300, "Nơi"),
        word(1, 380, 1300, "nhận:"),
        word(1, 1500, 1300, "GIÁM"),
        word(1, 1600, 1300, "ĐỐC"),
        word(2, 300, 1400, "|~", sure=3),
    ]
    install(tmp_path, monkeypatch, languages="eng\\nvie\\n", words=words)
    steps: list[tuple[int, int]] = []

    source = files.read(
        pdf_of_pictures([blank, blank]),
        use_ocr=True,
        progress=lambda done, total: steps.append((done, total)),
    )

    assert [(line.text, line.page, line.cell) for line in source.lines] == [
        ("Nơi nhận:", 1, Cell(0, 0, 0, 2)),
        ("GIÁM ĐỐC", 1, Cell(0, 0, 1, 2)),
        ("Nơi nhận:", 2, Cell(1, 0, 0, 2)),
        ("GIÁM ĐỐC", 2, Cell(1, 0, 1, 2)),
    ]
    assert source.ocr
    assert source.remarks == ("Chữ ở trang 1, 2 do máy nhận dạng (OCR), cần đối chiếu với bản gốc.",)
    assert steps == [(0, 2), (1, 2), (2, 2)]


def test_a_caller_that_gives_up_leaves_no_answer_behind(
    blank: Image.Image, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, languages="vie\\n", words=[_PAGE, word(1, 300, 1300, "cũ")])

    def give_up(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        files.read(pdf_of_pictures([blank]), use_ocr=True, progress=give_up)

    plan = plan_of(PLANS[4].read_text(encoding="utf-8"))
    assert files.read(printed_file(plan)).lines[0].text == plan.title[0]


def test_failing_tesseract_is_reported_with_its_page(
    blank: Image.Image, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, languages="vie\\n", words=[], fails=True)

    with pytest.raises(Unreadable) as caught:
        files.read(pdf_of_pictures([blank]), use_ocr=True)

    assert caught.value.key == "ocr_failed"
    assert "trang 1" in caught.value.message


def test_scanned_page_among_printed_ones_is_named() -> None:
    plan = plan_of(PLANS[4].read_text(encoding="utf-8"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), invariant=True)
    canvas.drawString(90, 700, plan.title[0][:2])
    canvas.showPage()
    canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 0, 0, 595, 842)
    canvas.save()

    source = files.read(buffer.getvalue())

    assert source.remarks == ("Trang 2 chỉ có hình ảnh, chưa đọc được chữ.",)
    assert not source.ocr


def test_damaged_picture_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, languages="vie\\n", words=[])

    with pytest.raises(Unreadable) as caught:
        files.read(b"\x89PNG\r\n\x1a\n" + bytes(50), use_ocr=True)

    assert caught.value.key == "corrupt_image"


if ocr.is_available():

    def test_real_tesseract_reads_a_scanned_plan() -> None:
        plan = plan_of(PLANS[1].read_text(encoding="utf-8"))
        pictures = scanned(printed_file(plan))[:1]

        source = files.read(pdf_of_pictures(pictures), use_ocr=True)

        read = fold(" ".join(line.text for line in source.lines))
        printed = fold(" ".join(plan.lines()))[: len(read)]
        assert SequenceMatcher(None, read, printed, autojunk=False).ratio() > 0.9
