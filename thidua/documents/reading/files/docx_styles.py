"""What a Word style says about paragraphs and letters, inherited properties included."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lxml import etree

from . import docx_names as w

_HEADING_NAME = re.compile(r"(?:heading|tiêu đề|đầu đề)\s*([1-9])$", re.I)
_MAX_CHAIN = 30


_STYLE_END = b"</w:style>"
_TABLE_STYLE = re.compile(rb'<w:style (?:w:\w+="[^"<>]{0,200}" ?){0,4}w:type="table"')


def without_table_styles(part: bytes) -> bytes:
    """The style part without its table styles, which say nothing about words and are nine tenths of it.

    A part written with another prefix than Word's stays whole.
    """
    kept: list[bytes] = []
    position = 0
    while match := _TABLE_STYLE.search(part, position):
        end = part.find(_STYLE_END, match.start())
        if end < 0:
            break
        kept.append(part[position : match.start()])
        position = end + len(_STYLE_END)
    kept.append(part[position:])
    return b"".join(kept)


@dataclass(frozen=True, slots=True)
class Style:
    """The resolved style; None = the style does not say."""

    outline_level: int | None = None  # 0-based, as Word stores it
    centred: bool | None = None
    numbering_id: str | None = None
    numbering_level: int | None = None
    bold: bool | None = None
    capitals: bool | None = None
    hidden: bool | None = None
    superscript: bool | None = None
    font: str | None = None


_NOTHING = Style()


class Styles:
    """The styles of one document, resolved when first asked for."""

    def __init__(self, root: etree._Element | None) -> None:
        self._elements: dict[str, etree._Element] = {}
        self._resolved: dict[str | None, Style] = {}
        default = None
        if root is not None:
            for element in root.iterchildren(w.STYLE):
                style_id = element.get(w.STYLE_ID) or ""
                self._elements[style_id] = element
                if element.get(w.STYLE_TYPE) == "paragraph" and element.get(w.DEFAULT) in ("1", "true", "on"):
                    default = style_id
        #: of paragraphs that name no style
        self._resolved[None] = self.of(default) if default is not None else _NOTHING

    def of(self, style_id: str | None) -> Style:
        """The style with this id, or one that says nothing."""
        known = self._resolved.get(style_id)
        if known is None:
            known = self._resolved[style_id] = self._resolve(style_id)
        return known

    def _resolve(self, style_id: str | None) -> Style:
        """The style with all it inherits; ancestors that were asked for before are not walked again."""
        chain: list[str] = []
        while style_id and style_id in self._elements and style_id not in self._resolved:
            if style_id in chain[-_MAX_CHAIN:] or len(chain) >= len(self._elements):
                break  # a style that inherits from itself
            chain.append(style_id)
            parent = self._elements[style_id].find(w.BASED_ON)
            style_id = None if parent is None else parent.get(w.VALUE)
        style = self._resolved.get(style_id, _NOTHING) if style_id else _NOTHING
        for inherited in reversed(chain):
            style = self._resolved[inherited] = _extended(style, self._elements[inherited])
        return style


def _extended(style: Style, element: etree._Element) -> Style:
    changes: dict[str, object] = {}
    name = element.find(w.NAME)
    heading = _HEADING_NAME.match((name.get(w.VALUE) or "").strip()) if name is not None else None
    if heading:
        changes["outline_level"] = int(heading[1]) - 1
    paragraph = element.find(w.PARAGRAPH_PROPERTIES)
    if paragraph is not None:
        for child in paragraph:
            value = child.get(w.VALUE)
            if child.tag == w.OUTLINE_LEVEL and value and value.isdigit():
                changes["outline_level"] = int(value) if int(value) < 9 else None
            elif child.tag == w.ALIGNMENT:
                changes["centred"] = value == "center"
            elif child.tag == w.NUMBERING_PROPERTIES:
                changes.update(_numbering(child))
    letters = element.find(w.RUN_PROPERTIES)
    if letters is not None:
        changes.update(letter_properties(letters))
    return replace(style, **changes) if changes else style  # type: ignore[arg-type]  # keys are its fields


def _numbering(element: etree._Element) -> dict[str, object]:
    numbering_id, level = element.find(w.NUMBERING_ID), element.find(w.NUMBERING_LEVEL)
    found: dict[str, object] = {}
    if numbering_id is not None:
        found["numbering_id"] = numbering_id.get(w.VALUE)
    if level is not None and (level.get(w.VALUE) or "").isdigit():
        found["numbering_level"] = int(level.get(w.VALUE) or "0")
    return found


def letter_properties(element: etree._Element) -> dict[str, object]:
    """What an `rPr` says, as fields of Style."""
    found: dict[str, object] = {}
    for child in element:
        tag = child.tag
        if tag == w.BOLD:
            found["bold"] = w.is_on(child.get(w.VALUE))
        elif tag == w.HIDDEN:
            found["hidden"] = w.is_on(child.get(w.VALUE))
        elif tag == w.CAPITALS:
            found["capitals"] = w.is_on(child.get(w.VALUE))
        elif tag == w.VERTICAL_ALIGNMENT:
            found["superscript"] = child.get(w.VALUE) == "superscript"
        elif tag == w.FONTS:
            font = child.get(w.ASCII_FONT) or child.get(w.HIGH_ANSI_FONT)
            if font:
                found["font"] = font
    return found
