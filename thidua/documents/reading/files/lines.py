"""Gathers the lines of a document: NFC, numbered from 1, with what the file form told about each."""

from __future__ import annotations

from unicodedata import is_normalized, normalize

from ..model import Cell, Line, Origin, SourceText
from .refusals import refused

#: far above any document of an office; a file beyond it is no plan
MAX_LINES = 200_000
MAX_LETTERS = 10_000_000

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class LineCollector:
    """Takes texts in reading order and gives them numbers; refuses texts that are too long to be a document."""

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
        """The read file; counts the code points of the lines, line ends included, when the format has none."""
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
