"""Automatic numbering of Word for the series of a paper: I., 1., a), -, Điều 1.

Hides that Word has no Vietnamese alphabet: its lower-case letters go a b c d e f. A list a b c d đ e g is
therefore made of Word lists that begin where the Latin alphabet agrees again (a–d, e, g–i, k–v, x–y), and đ
stands as the fixed sign of a list of its own. On paper nothing of it shows; a point added between b and c
counts on by itself.
"""

from __future__ import annotations

from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from thidua.core.formats import POINT_LETTERS
from thidua.documents.writing.printed import Marker

_FORMATS = {"roman": "upperRoman", "figure": "decimal", "letter": "lowerLetter", "article": "decimal"}


class Lists:
    """Gives each marker the number of its Word list, and keeps the definitions."""

    def __init__(self, *, first_line_twips: int) -> None:
        # a list brings its own indent, which would win over that of the style
        self._indent = first_line_twips
        self._kinds: dict[tuple[str, str, bool], int] = {}
        self._running: dict[tuple[str, str, bool], tuple[int, int]] = {}
        self._lists: list[tuple[int, int | None]] = []

    def number_for(self, marker: Marker, *, is_bold: bool = False) -> int:
        """Key of the Word list (`w:numId`) for the next paragraph with this marker."""
        word_format, shape, count = _in_word(marker)
        key = (word_format, shape, is_bold)
        kind = self._kinds.setdefault(key, len(self._kinds))
        if count is None:  # bullets and fixed signs: one list serves all
            if key not in self._running:
                self._running[key] = (self._new(kind, None), 0)
            return self._running[key][0]
        number, last = self._running.get(key, (0, 0))
        if not number or count != last + 1:
            number = self._new(kind, count)
        self._running[key] = (number, count)
        return number

    def _new(self, kind: int, start: int | None) -> int:
        self._lists.append((kind, start))
        return len(self._lists)

    def write(self, numbering: Any) -> None:
        """Puts the definitions into the numbering part, which is empty."""
        for (word_format, shape, is_bold), kind in self._kinds.items():
            bold = "<w:b/><w:bCs/>" if is_bold else ""
            numbering.append(
                parse_xml(
                    f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{kind}">'
                    f'<w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/>'
                    f'<w:numFmt w:val="{word_format}"/><w:suff w:val="space"/>'
                    f'<w:lvlText w:val="{_escaped(shape)}"/><w:lvlJc w:val="left"/>'
                    f'<w:pPr><w:ind w:left="0" w:firstLine="{self._indent}"/></w:pPr>'
                    f"<w:rPr>{bold}</w:rPr></w:lvl></w:abstractNum>"
                )
            )
        for at, (kind, start) in enumerate(self._lists, start=1):
            override = (
                ""
                if start is None
                else f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>'
            )
            numbering.append(
                parse_xml(
                    f'<w:num {nsdecls("w")} w:numId="{at}">'
                    f'<w:abstractNumId w:val="{kind}"/>{override}</w:num>'
                )
            )


def _in_word(marker: Marker) -> tuple[str, str, int | None]:
    """Number format, text with %1, and place in the series of Word."""
    if marker.series == "dash":
        return "bullet", marker.text, None
    if marker.count is None:
        return "decimal", marker.text, None
    if marker.series == "letter":
        at = marker.count - 1
        letter = POINT_LETTERS[at] if at < len(POINT_LETTERS) else ""
        if not letter or letter == "đ":
            return "decimal", marker.text, None
        return "lowerLetter", marker.shape, ord(letter) - ord("a") + 1
    return _FORMATS[marker.series], marker.shape, marker.count


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
