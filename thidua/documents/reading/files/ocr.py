"""Scanned pages read by Tesseract with its Vietnamese model, when the machine has both.

Pictures go in and words with their places come out through pipes, so nothing is written to disk. Seconds a
page: only for jobs.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from functools import lru_cache

from PIL import Image, UnidentifiedImageError

from ..model import SourceText
from .layout import Glyph, Page, lay_out
from .lines import LineCollector, cleaned
from .refusals import refused

LANGUAGE = "vie"
DPI = 300
#: A3 at 300 dots to the inch is 17 million
MAX_PIXELS = 20_000_000
_SECONDS_A_PAGE = 120
#: Tesseract is unsure below this (0 to 100); signs without letters are then mostly specks and stamps
_LEAST_CONFIDENCE = 15.0


def is_available() -> bool:
    """Whether Tesseract and its Vietnamese model are installed."""
    program = shutil.which("tesseract")
    return program is not None and LANGUAGE in _languages(program)


@lru_cache(maxsize=4)
def _languages(program: str) -> frozenset[str]:
    try:
        answer = subprocess.run([program, "--list-langs"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    return frozenset((answer.stdout + answer.stderr).decode("utf-8", "replace").split())


def read_image(raw: bytes, *, file_name: str, sha256: str) -> SourceText:
    """The paragraphs of a photographed or scanned page."""
    page = page_of(_normalised(raw), number=1)
    collector = LineCollector()
    for line in lay_out([page]):
        collector.add(
            cleaned(line.text).strip(),
            origin=line.origin,
            page=1,
            cell=line.cell,
            centred=line.is_centred,
            whole_paragraph=True,
        )
    if collector.is_blank:
        raise refused("blank_text")
    return collector.source(
        form="image",
        sha256=sha256,
        file_name=file_name,
        remarks=("Chữ do máy nhận dạng (OCR), cần đối chiếu với bản gốc.",),
        ocr=True,
    )


def page_of(png: bytes, *, number: int) -> Page:
    """The words of one page with their places, in points; raises `ocr_not_installed` or `ocr_failed`."""
    program = shutil.which("tesseract")
    if program is None or not is_available():
        raise refused("ocr_not_installed")
    command = [program, "stdin", "stdout", "-l", LANGUAGE, "--dpi", str(DPI), "--psm", "3", "tsv"]
    try:
        answer = subprocess.run(command, input=png, capture_output=True, timeout=_SECONDS_A_PAGE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise refused("ocr_failed", page=number) from error
    if answer.returncode != 0:
        raise refused("ocr_failed", page=number)
    return _page_from_table(answer.stdout.decode("utf-8", "replace"), number=number)


def png_of(picture: Image.Image) -> bytes:
    """The picture as PNG bytes."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _normalised(raw: bytes) -> bytes:
    """A picture of any kind as grey PNG of bearable size."""
    try:
        picture: Image.Image = Image.open(io.BytesIO(raw))
        if picture.width * picture.height > 4 * MAX_PIXELS:
            raise refused("too_complex")
        picture = picture.convert("L")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise refused("corrupt_image") from error
    if picture.width * picture.height > MAX_PIXELS:
        scale = (MAX_PIXELS / (picture.width * picture.height)) ** 0.5
        picture = picture.resize((int(picture.width * scale), int(picture.height * scale)))
    return png_of(picture)


def _page_from_table(table: str, *, number: int) -> Page:
    """Tesseract's words: level, page, block, paragraph, line, word, left, top, width, height, sure, text."""
    scale = 72 / DPI
    height = width = 0.0
    rows: dict[tuple[str, str, str], list[tuple[float, float, float, float, str]]] = {}
    for record in table.splitlines()[1:]:
        columns = record.split("\t")
        if len(columns) < 12:
            continue
        left, top, wide, high = (float(value) * scale for value in columns[6:10])
        if columns[0] == "1":
            width, height = wide, high
        elif columns[0] == "5" and _is_word(columns[11], sure=float(columns[10])):
            rows.setdefault((columns[2], columns[3], columns[4]), []).append(
                (left, top, wide, high, columns[11])
            )
    glyphs: list[Glyph] = []
    for words in rows.values():
        # letters with tails reach lower: the row stands on its shallowest words, its height is the tallest
        base = height - sorted(top + high for _, top, _, high, _ in words)[len(words) // 4]
        size = max(high for _, _, _, high, _ in words)
        size = min(size, 2.2 * sorted(high for _, _, _, high, _ in words)[len(words) // 2])
        glyphs += [Glyph(text, left, left + wide, base, size) for left, _, wide, _, text in words]
    return Page(number, width, height, glyphs)


def _is_word(text: str, *, sure: float) -> bool:
    return bool(text.strip()) and (sure >= _LEAST_CONFIDENCE or any(letter.isalnum() for letter in text))
