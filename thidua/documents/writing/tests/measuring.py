"""Where things stand on a page of a PDF: in mm from the upper left corner."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

MM = 25.4 / 72


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2


class Sheet:
    """One page."""

    def __init__(self, pdf: bytes, page: int) -> None:
        self.document = pdfium.PdfDocument(pdf)
        self.page = self.document[page]
        self.text = self.page.get_textpage()
        self.width, self.height = (length * MM for length in self.page.get_size())

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        return Box(left * MM, self.height - top * MM, right * MM, self.height - bottom * MM)

    def where(self, words: str) -> Box:
        """Box of the letters of the first place where the words stand on one line."""
        index, count = self.text.search(words, match_case=True).get_next()
        boxes = [
            self.text.get_charbox(at, loose=True)
            for at in range(index, index + count)
            if self.text.get_text_range(at, 1).strip()
        ]
        return self.box(
            min(b[0] for b in boxes),
            min(b[1] for b in boxes),
            max(b[2] for b in boxes),
            max(b[3] for b in boxes),
        )

    def size(self, words: str) -> float:
        """Size of the letters in points."""
        index, _ = self.text.search(words, match_case=True).get_next()
        return float(raw.FPDFText_GetFontSize(self.text, index))

    def baseline(self, words: str) -> float:
        """Distance of the line on which the letters stand from the upper edge."""
        index, _ = self.text.search(words, match_case=True).get_next()
        across, up = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(self.text, index, ctypes.byref(across), ctypes.byref(up))
        return float(self.height - up.value * MM)

    def font(self, words: str) -> str:
        index, _ = self.text.search(words, match_case=True).get_next()
        kept = ctypes.create_string_buffer(200)
        raw.FPDFText_GetFontInfo(self.text, index, kept, 200, None)
        return kept.value.decode().partition("+")[2]

    def fonts(self) -> set[str]:
        """Names of all fonts on the page."""
        found = set()
        kept = ctypes.create_string_buffer(200)
        for at in range(self.text.count_chars()):
            if self.text.get_text_range(at, 1).strip():
                raw.FPDFText_GetFontInfo(self.text, at, kept, 200, None)
                found.add(kept.value.decode().partition("+")[2])
        return found

    def paths(self) -> list[Box]:
        """Rules and frames."""
        return [
            self.box(*thing.get_bounds())
            for thing in self.page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=5)
        ]

    def rule_below(self, words: str) -> Box:
        """The nearest level rule whose middle is that of the words."""
        above = self.where(words)
        rules = [path for path in self.paths() if path.height < 1 and path.top > above.top + 2]
        return min(rules, key=lambda rule: (rule.top - above.bottom) + abs(rule.centre - above.centre))

    def bounds(self) -> Box:
        """Box around all letters of the page."""
        boxes = [
            self.text.get_charbox(at, loose=True)
            for at in range(self.text.count_chars())
            if self.text.get_text_range(at, 1).strip()
        ]
        return self.box(
            min(b[0] for b in boxes),
            min(b[1] for b in boxes),
            max(b[2] for b in boxes),
            max(b[3] for b in boxes),
        )


def page_count(pdf: bytes) -> int:
    return len(pdfium.PdfDocument(pdf))


def text_of(pdf: bytes) -> str:
    """All text with single spaces, as a reader extracts it."""
    document = pdfium.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    return squeezed(" ".join(pages))


def squeezed(text: str) -> str:
    """Single spaces; zero-width signs that only allow a break are no text.

    pdfium takes a hyphen at the end of a line for a divided word, U+0002 or U+FFFE; papers divide none.
    """
    return re.sub(r"\s+", " ", re.sub("[\u0002\ufffe]", "-", text).replace("\u200b", "")).strip()
