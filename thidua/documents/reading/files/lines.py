"""Gathers the lines of a document: NFC, numbered from 1, with what the file form told about each."""

from __future__ import annotations

import re
from dataclasses import replace
from unicodedata import is_normalized, normalize

from thidua.core.legacy import convert, detect

from ..model import Cell, Line, Origin, SourceText
from .fonts import REMARK as LEGACY_REMARK
from .refusals import refused

#: far above any document of an office; a file beyond it is no plan
MAX_LINES = 50_000
MAX_LETTERS = 3_000_000

#: letters that take no room on paper, and spaces that only differ in width
_UNSEEN = re.compile("[\u00a0\u2000-\u200f\u202a-\u202f\u205f\u2060\u2066-\u2069\ufeff]")
#: dropped last, because in texts of old fonts (TCVN3) this byte is the letter ư
_SOFT_HYPHEN = "\u00ad"
_SPACES = frozenset("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f")

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def cleaned(text: str) -> str:
    """The text without zero-width marks; spaces of any width become plain ones."""
    return _UNSEEN.sub(lambda match: " " if match[0] in _SPACES else "", text)


class LineCollector:
    """Takes texts in reading order and gives them numbers; refuses what is too long for a document."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._letters = 0
        self._forms: set[str] = set()

    def add(
        self,
        text: str,
        *,
        origin: Origin = Origin.BODY,
        page: int | None = None,
        cell: Cell | None = None,
        bold: bool = False,
        centred: bool = False,
        heading_level: int | None = None,
        whole_paragraph: bool = False,
    ) -> None:
        if not text.isascii() and not is_normalized("NFC", text):
            self._forms.add("NFD" if is_normalized("NFD", text) else "mixed")
            text = normalize("NFC", text)
        self._letters += len(text) + 1
        number = len(self.lines) + 1
        if number > MAX_LINES or self._letters > MAX_LETTERS:
            raise refused("too_complex")
        self.lines.append(
            Line(number, text, origin, page, cell, bold, centred, heading_level, whole_paragraph)
        )

    def drop_from(self, index: int) -> None:
        """Takes back the lines from this index on."""
        del self.lines[index:]

    def start_with(self, index: int, mark: str) -> None:
        """Puts the mark of a note before the first text from this index on, if it is not there."""
        for place in range(index, len(self.lines)):
            text = self.lines[place].text
            if text:
                rest = text.removeprefix(mark).lstrip() if mark else text
                self.lines[place] = replace(self.lines[place], text=f"{mark} {rest}".strip())
                return

    @property
    def is_blank(self) -> bool:
        return not any(line.text and not line.text.isspace() for line in self.lines)

    def source(
        self,
        *,
        form: str,
        sha256: str,
        file_name: str,
        remarks: tuple[str, ...] = (),
        ocr: bool = False,
        codepoints: int | None = None,
        unicode_form: str | None = None,
        final_newline: bool = False,
    ) -> SourceText:
        """The read file; its code points are those of the lines, line ends included, unless given."""
        encoding = detect("\n".join(line.text for line in self.lines))
        if encoding is not None:
            self.lines = [replace(line, text=convert(line.text, encoding)) for line in self.lines]
            remarks = (*remarks, LEGACY_REMARK)
        self.lines = [
            replace(line, text=line.text.replace(_SOFT_HYPHEN, "")) if _SOFT_HYPHEN in line.text else line
            for line in self.lines
        ]
        return SourceText(
            lines=tuple(self.lines),
            format=form,
            sha256=sha256,
            file_name=file_name,
            unicode_form=unicode_form or self._unicode_form(),
            codepoints=max(self._letters - 1, 0) if codepoints is None else codepoints,
            final_newline=final_newline,
            ocr=ocr,
            remarks=remarks,
        )

    def _unicode_form(self) -> str:
        if not self._forms:
            return "NFC"
        return "NFD" if self._forms == {"NFD"} else "mixed"
