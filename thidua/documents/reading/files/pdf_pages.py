"""What pdfium sees on the pages of a PDF: letters with their places, drawn lines, pictures of scanned pages.

pdfium is not safe for threads and its calls cannot be stopped; `pdf_process` runs this in a process of its
own.
"""

from __future__ import annotations

import ctypes
import math
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unicodedata import combining

import pypdfium2 as pdfium
import pypdfium2.raw as raw_pdfium

from . import ocr
from .layout import Glyph, Page, Rule, lay_out
from .pdf_process import Reading
from .refusals import refused

MAX_PAGES = 300
#: a file whose letters take longer is refused; OCR has its own pace and is not counted
MAX_SECONDS = 20.0
_MAX_LETTERS_ON_A_PAGE = 20_000
_MAX_RULES = 1_000
#: thinner than this (points), a drawn box is a line
_THIN = 3.0
_PRIVATE = re.compile("[\ue000-\uf8ff\ufffd]")
_BOLD_NAME = re.compile(r"bold|black|heavy|demi|[-,]b(?:old)?\b|timesbd", re.I)


def read_pages(
    raw: bytes, *, use_ocr: bool, page_done: Callable[[], None], progress: Callable[[int, int], None]
) -> Reading:
    """Reads all pages; `page_done` is a sign of life, `progress` is told the pages that went through OCR."""
    with _opened(raw) as document:
        pages = _text_pages(document, page_done=page_done)
        scanned = [page.number for page in pages if not _has_text(page)]
        if use_ocr:
            for done, number in enumerate(scanned):
                progress(done, len(scanned))
                pages[number - 1] = ocr.page_of(_picture(document, number - 1), number=number)
            progress(len(scanned), len(scanned))
    return Reading(lay_out(pages, page_done=page_done), len(pages), scanned)


@contextmanager
def _opened(raw: bytes) -> Iterator[pdfium.PdfDocument]:
    try:
        document = pdfium.PdfDocument(raw)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == raw_pdfium.FPDF_ERR_PASSWORD:
            raise refused("encrypted_pdf") from error
        raise refused("corrupt_pdf") from error
    try:
        yield document
    finally:
        document.close()


def _text_pages(document: pdfium.PdfDocument, *, page_done: Callable[[], None]) -> list[Page]:
    count = len(document)
    if not count:
        raise refused("corrupt_pdf")
    if count > MAX_PAGES:
        raise refused("too_complex")
    deadline = time.monotonic() + MAX_SECONDS
    has_fields = document.get_formtype() == raw_pdfium.FORMTYPE_ACRO_FORM
    pages: list[Page] = []
    for index in range(count):
        if time.monotonic() > deadline:
            raise refused("too_slow", seconds=int(MAX_SECONDS))
        try:
            page = document[index]
        except pdfium.PdfiumError as error:
            raise refused("corrupt_pdf") from error
        try:
            if has_fields:
                page = _with_fields(document, page, index)
            pages.append(_text_page(page, number=index + 1))
        finally:
            page.close()
        page_done()
    return pages


def _with_fields(document: pdfium.PdfDocument, page: pdfium.PdfPage, index: int) -> pdfium.PdfPage:
    """The page with what stands in its fields: there a signed paper has its number and date."""
    if raw_pdfium.FPDFPage_Flatten(page.raw, raw_pdfium.FLAT_NORMALDISPLAY) != raw_pdfium.FLATTEN_SUCCESS:
        return page
    page.close()
    return document[index]


def _text_page(page: pdfium.PdfPage, *, number: int) -> Page:
    width, height = page.get_size()
    turn = _turn_of(page)
    try:
        text_page = page.get_textpage()
    except pdfium.PdfiumError as error:
        raise refused("corrupt_pdf") from error
    try:
        glyphs, bold = _glyphs_of(text_page.raw, turn)
    finally:
        text_page.close()
    rules = _rules_of(page, turn) if glyphs else []
    return Page(number, width, height, glyphs, rules, bold)


Turn = Callable[[float, float], tuple[float, float]]


def _turn_of(page: pdfium.PdfPage) -> Turn:
    """How a point of the unturned page, in which pdfium answers, stands on the page as it is shown."""
    left, bottom, right, top = page.get_bbox()
    rotation = page.get_rotation()
    if rotation == 90:
        return lambda x, y: (y - bottom, right - x)
    if rotation == 180:
        return lambda x, y: (right - x, top - y)
    if rotation == 270:
        return lambda x, y: (top - y, x - left)
    return lambda x, y: (x - left, y - bottom)


def _glyphs_of(text_page: object, turn: Turn) -> tuple[list[Glyph], frozenset[int]]:
    count = raw_pdfium.FPDFText_CountChars(text_page)
    if count > _MAX_LETTERS_ON_A_PAGE:
        raise refused("too_complex")
    box = raw_pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    glyphs: list[Glyph] = []
    bold: set[int] = set()
    letters = _Letters(text_page)
    for index in range(count):
        code = raw_pdfium.FPDFText_GetUnicode(text_page, index)
        if code in (0, 10, 13, 0xFFFE, 0xFFFF):
            continue
        # pdfium writes a hyphen at the end of a row as U+0002
        letter = "-" if code == 2 else chr(code) if code >= 32 else " "
        if letter == " " and glyphs and raw_pdfium.FPDFText_IsGenerated(text_page, index) == 1:
            # a space that pdfium saw between two letters has no box of its own
            last = glyphs[-1]
            middle = (last.x0 + last.x1) / 2
            glyphs.append(Glyph(" ", middle, middle, last.base, last.size, index))
            continue
        if combining(letter) and glyphs:
            last = glyphs[-1]
            glyphs[-1] = Glyph(last.text + letter, last.x0, last.x1, last.base, last.size, last.index)
            continue
        if not raw_pdfium.FPDFText_GetLooseCharBox(text_page, index, box):
            continue
        raw_pdfium.FPDFText_GetCharOrigin(text_page, index, x, y)
        size, is_bold, is_slanted = letters.look_of(index)
        if is_slanted:
            continue  # a watermark across the page
        first, second = turn(box.left, box.bottom), turn(box.right, box.top)
        size = size or abs(second[1] - first[1]) * 0.8
        base = turn(x.value, y.value)[1]
        if size > 200:
            continue
        glyphs.append(Glyph(letter, min(first[0], second[0]), max(first[0], second[0]), base, size, index))
        if is_bold:
            bold.add(index)
    return glyphs, frozenset(bold)


class _Letters:
    """Size, weight and slant of letters, asked once for each piece of text that was drawn in one go."""

    def __init__(self, text_page: object) -> None:
        self._text_page = text_page
        self._pieces: dict[int, tuple[float, bool, bool]] = {}
        self._fonts: dict[int, bool] = {}
        self._matrix = raw_pdfium.FS_MATRIX()

    def look_of(self, index: int) -> tuple[float, bool, bool]:
        """Size in points (0 = unknown), whether bold, whether set at an angle."""
        piece = raw_pdfium.FPDFText_GetTextObject(self._text_page, index)
        if not piece:
            return 0.0, False, False
        address = ctypes.cast(piece, ctypes.c_void_p).value or 0
        look = self._pieces.get(address)
        if look is None:
            look = self._pieces[address] = self._asked(piece, index)
        return look

    def _asked(self, piece: object, index: int) -> tuple[float, bool, bool]:
        size = raw_pdfium.FPDFText_GetFontSize(self._text_page, index)
        is_slanted = False
        if raw_pdfium.FPDFText_GetMatrix(self._text_page, index, self._matrix):
            a, b, c, d = self._matrix.a, self._matrix.b, self._matrix.c, self._matrix.d
            size *= math.hypot(c, d)
            is_slanted = min(abs(a), abs(b)) > 0.2 * max(abs(a), abs(b))
        return size, self._is_bold(raw_pdfium.FPDFTextObj_GetFont(piece)), is_slanted

    def _is_bold(self, font: object) -> bool:
        address = ctypes.cast(font, ctypes.c_void_p).value or 0  # type: ignore[arg-type]  # a pointer of pdfium
        if address not in self._fonts:
            length = raw_pdfium.FPDFFont_GetBaseFontName(font, None, 0)
            name = ctypes.create_string_buffer(max(length, 1))
            raw_pdfium.FPDFFont_GetBaseFontName(font, name, length)
            weight = raw_pdfium.FPDFFont_GetWeight(font)
            self._fonts[address] = (
                bool(_BOLD_NAME.search(name.value.decode("utf-8", "replace"))) or weight >= 600
            )
        return self._fonts[address]


def _rules_of(page: pdfium.PdfPage, turn: Turn) -> list[Rule]:
    """Drawn lines and the sides of drawn boxes."""
    rules: list[Rule] = []
    box = [ctypes.c_float() for _ in range(4)]
    # pypdfium2 wraps every object of the page; there may be one for each letter
    for index in range(raw_pdfium.FPDFPage_CountObjects(page.raw)):
        drawn = raw_pdfium.FPDFPage_GetObject(page.raw, index)
        if raw_pdfium.FPDFPageObj_GetType(drawn) != raw_pdfium.FPDF_PAGEOBJ_PATH:
            continue
        if not raw_pdfium.FPDFPageObj_GetBounds(drawn, *box):
            continue
        left, bottom, right, top = (edge.value for edge in box)
        rules += _sides_of(turn(left, bottom), turn(right, top))
        if len(rules) > _MAX_RULES:
            return []
    return rules


def _sides_of(corner: tuple[float, float], opposite: tuple[float, float]) -> list[Rule]:
    """A thin box is one line, a wide one has four sides, a dot none."""
    x0, x1 = sorted((corner[0], opposite[0]))
    y0, y1 = sorted((corner[1], opposite[1]))
    if max(x1 - x0, y1 - y0) <= _THIN:
        return []
    if x1 - x0 <= _THIN:
        return [Rule((x0 + x1) / 2, y0, (x0 + x1) / 2, y1)]
    if y1 - y0 <= _THIN:
        return [Rule(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2)]
    return [Rule(x0, y0, x0, y1), Rule(x1, y0, x1, y1), Rule(x0, y0, x1, y0), Rule(x0, y1, x1, y1)]


def _has_text(page: Page) -> bool:
    """Whether the page has letters that mean something; a page of private codes is as good as a picture."""
    text = "".join(glyph.text for glyph in page.glyphs).strip()
    return bool(text) and len(_PRIVATE.findall(text)) < len(text) / 2


def _picture(document: pdfium.PdfDocument, index: int) -> bytes:
    """One page as a PNG picture for OCR, 300 dots to the inch, less for sheets larger than A3."""
    page = document[index]
    try:
        width, height = page.get_size()
        scale = min(ocr.DPI / 72, (ocr.MAX_PIXELS / max(width * height, 1)) ** 0.5)
        bitmap = page.render(scale=scale, grayscale=True)
        try:
            return ocr.png_of(bitmap.to_pil())
        finally:
            bitmap.close()
    finally:
        page.close()
