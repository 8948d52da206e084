"""PDF files as Word prints them: justified text, indents, two-column blocks, page numbers, notes."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from .plan import Plan
from .word import AGENCY, NATIONAL_TITLE

WIDTH, HEIGHT = 595.3, 841.9
_LEFT, _RIGHT, _TOP, _BOTTOM = 85.0, 552.0, 60.0, 60.0
_SIZE = 14.0
_PITCH = 17.5
_GAP = 6.0
_INDENT = 36.0
_FONTS = Path(__file__).parent / "fonts"
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"


def _register_fonts() -> None:
    for name, file in (("Body", "Tinos-Regular.ttf"), ("Body-Bold", "Tinos-Bold.ttf")):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(_FONTS / file)))


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph is set."""

    size: float = _SIZE
    bold: bool = False
    centred: bool = False
    indent: float = _INDENT
    gap: float = _GAP


def printed_file(plan: Plan, *, national_title: bool = False, page_height: float = HEIGHT) -> bytes:
    """The plan as a PDF with a text layer."""
    printer = _Printer(plan, page_height=page_height)
    if national_title:
        printer.columns(list(AGENCY), list(NATIONAL_TITLE), right_size=12.0, centred_left=True)
    if plan.header:
        printer.columns(plan.header[:1], plan.header[1:], right_size=13.0, centred_left=True)
    printer.space(12)
    for text in plan.title:
        printer.paragraph(text, Look(bold=True, centred=True))
    printer.space(6)
    for block in plan.body:
        printer.paragraph(block.printed, Look(bold=block.is_heading))
    if plan.recipients or plan.signature:
        printer.space(14)
        printer.columns(plan.recipients, plan.signature, left_size=11.0)
    return printer.finished()


class _Printer:
    def __init__(self, plan: Plan, *, page_height: float) -> None:
        _register_fonts()
        self._notes = plan.notes
        self._buffer = io.BytesIO()
        self._canvas = Canvas(self._buffer, pagesize=(WIDTH, page_height), invariant=True)
        self._height = page_height
        self._page = 1
        self._y = page_height - _TOP
        self._page_notes: list[str] = []

    def finished(self) -> bytes:
        self._end_page()
        self._canvas.save()
        return self._buffer.getvalue()

    def space(self, points: float) -> None:
        self._y -= points

    def paragraph(self, text: str, look: Look) -> None:
        """Sets a paragraph, justified but for its last row, and turns the page where needed."""
        rows = self._wrapped(text, look, width=_RIGHT - _LEFT)
        for index, row in enumerate(rows):
            marks = [mark for mark in self._notes if mark in " ".join(row)]
            room = _BOTTOM + 30 * (len(self._page_notes) + len(marks))
            if self._y - _PITCH < room:
                self._end_page()
                self._canvas.showPage()
                self._page += 1
                self._y = self._height - _TOP
            self._page_notes += marks
            self._y -= _PITCH
            indent = look.indent if index == 0 and not look.centred else 0.0
            self._row(row, look, x=_LEFT + indent, right=_RIGHT, is_last=index == len(rows) - 1)
        self._y -= look.gap

    def columns(
        self,
        left: list[str],
        right: list[str],
        *,
        left_size: float = 10.5,
        right_size: float = _SIZE,
        centred_left: bool = False,
    ) -> None:
        """Sets two texts side by side, each text on rows of its own, the right one centred."""
        middle = _LEFT + (_RIGHT - _LEFT) * 0.43
        needed = max(len(left) * 1.4, len(right)) * _PITCH * 1.3
        if self._y - needed < _BOTTOM:
            self._end_page()
            self._canvas.showPage()
            self._page += 1
            self._y = self._height - _TOP
        top = self._y
        left_y = right_y = top
        for text in left:
            look = Look(size=left_size, bold=text.isupper(), centred=centred_left, indent=0)
            for row in self._wrapped(text, look, width=middle - _LEFT):
                left_y -= left_size * 1.3
                self._row(row, look, x=_LEFT, right=middle, is_last=True, y=left_y)
        for index, text in enumerate(right):
            look = Look(
                size=right_size, bold=text.isupper() or index == len(right) - 1, centred=True, indent=0
            )
            if index and index == len(right) - 1 and len(left) > 3:
                right_y -= 50  # room for the signature
            for row in self._wrapped(text, look, width=_RIGHT - middle):
                right_y -= right_size * 1.3
                self._row(row, look, x=middle, right=_RIGHT, is_last=True, y=right_y)
        self._y = min(left_y, right_y) - _GAP

    def _wrapped(self, text: str, look: Look, *, width: float) -> list[list[str]]:
        rows: list[list[str]] = [[]]
        used = look.indent if not look.centred else 0.0
        for word in text.split(" "):
            wide = self._width(word, look)
            if rows[-1] and used + wide > width:
                rows.append([])
                used = 0.0
            rows[-1].append(word)
            used += wide + self._width(" ", look)
        return rows

    def _width(self, text: str, look: Look) -> float:
        return sum(pdfmetrics.stringWidth(*self._set(letter, look)) for letter in text)

    def _set(self, letter: str, look: Look) -> tuple[str, str, float]:
        """The letter, font and size to draw: a note mark is a small figure, as Word draws it."""
        font = "Body-Bold" if look.bold else "Body"
        if letter in self._notes:
            return str(_SUPERSCRIPTS.index(letter)), font, look.size * 0.65
        return letter, font, look.size

    def _row(
        self, words: list[str], look: Look, *, x: float, right: float, is_last: bool, y: float | None = None
    ) -> None:
        y = self._y if y is None else y
        text = " ".join(words)
        width = self._width(text, look)
        extra = 0.0
        if look.centred:
            x += (right - x - width) / 2
        elif not is_last and len(words) > 1:
            extra = (right - x - width) / (len(words) - 1)
        line = self._canvas.beginText(x, y)
        for letter in text:
            drawn, font, size = self._set(letter, look)
            line.setFont(font, size)
            line.setRise(look.size * 0.35 if letter in self._notes else 0)
            line.setWordSpace(0)
            line.setCharSpace(extra if letter == " " else 0)
            line.textOut(drawn)
        self._canvas.drawText(line)

    def _end_page(self) -> None:
        if self._page > 1:
            self._canvas.setFont("Body", 12)
            self._canvas.drawCentredString(WIDTH / 2, self._height - 36, str(self._page))
        if self._page_notes:
            y = 40 + 13.0 * sum(len(self._note_rows(mark)) for mark in self._page_notes)
            self._canvas.line(_LEFT, y + 8, _LEFT + 140, y + 8)
            for mark in self._page_notes:
                for row in self._note_rows(mark):
                    y -= 13.0
                    self._row(row, Look(size=9.5, indent=0), x=_LEFT, right=_RIGHT, is_last=True, y=y)
        self._page_notes = []

    def _note_rows(self, mark: str) -> list[list[str]]:
        return self._wrapped(f"{mark} {self._notes[mark]}", Look(size=9.5, indent=0), width=_RIGHT - _LEFT)
