"""Names of the WordprocessingML elements and attributes that the reader looks at."""

from __future__ import annotations

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

#: ISO "strict" files use other namespaces for the same elements
STRICT_NAMESPACES: tuple[tuple[bytes, bytes], ...] = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/math",
        b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    ),
)

BODY = _W + "body"
PARAGRAPH = _W + "p"
PARAGRAPH_PROPERTIES = _W + "pPr"
RUN = _W + "r"
RUN_PROPERTIES = _W + "rPr"
TEXT = _W + "t"
TAB = _W + "tab"
POSITION_TAB = _W + "ptab"
TABS = _W + "tabs"
BREAK = _W + "br"
CARRIAGE_RETURN = _W + "cr"
NO_BREAK_HYPHEN = _W + "noBreakHyphen"
SOFT_HYPHEN = _W + "softHyphen"
SYMBOL = _W + "sym"
RENDERED_PAGE_BREAK = _W + "lastRenderedPageBreak"
FIELD_CHARACTER = _W + "fldChar"
FIELD_SIMPLE = _W + "fldSimple"
FIELD_CODE = _W + "instrText"
FOOTNOTE_REFERENCE = _W + "footnoteReference"
ENDNOTE_REFERENCE = _W + "endnoteReference"
FOOTNOTE_MARK = _W + "footnoteRef"
ENDNOTE_MARK = _W + "endnoteRef"
FOOTNOTE = _W + "footnote"
ENDNOTE = _W + "endnote"
CUSTOM_MARK = _W + "customMarkFollows"
TEXT_BOX = _W + "txbxContent"
DRAWING = _W + "drawing"
PICTURE = _W + "pict"
OBJECT = _W + "object"
ALTERNATE = _MC + "AlternateContent"
CHOICE = _MC + "Choice"
FALLBACK = _MC + "Fallback"
MATH_TEXT = _M + "t"
MATH = frozenset({_M + "oMath", _M + "oMathPara"})
RUBY = _W + "ruby"
RUBY_BASE = _W + "rubyBase"

TABLE = _W + "tbl"
ROW = _W + "tr"
ROW_PROPERTIES = _W + "trPr"
CELL = _W + "tc"
CELL_PROPERTIES = _W + "tcPr"
GRID_SPAN = _W + "gridSpan"
GRID_BEFORE = _W + "gridBefore"
VERTICAL_MERGE = _W + "vMerge"

CONTENT_CONTROL = _W + "sdt"
CONTENT_CONTROL_CONTENT = _W + "sdtContent"
DELETED = _W + "del"
MOVED_FROM = _W + "moveFrom"
#: elements that only wrap what they hold
WRAPPERS = frozenset(
    _W + name for name in ("hyperlink", "ins", "moveTo", "smartTag", "customXml", "dir", "bdo", "sdtContent")
)
EMBEDDED_DOCUMENT = _W + "altChunk"

SECTION = _W + "sectPr"
HEADER_REFERENCE = _W + "headerReference"
FOOTER_REFERENCE = _W + "footerReference"
TITLE_PAGE = _W + "titlePg"

STYLE = _W + "style"
STYLE_ID = _W + "styleId"
STYLE_TYPE = _W + "type"
BASED_ON = _W + "basedOn"
NAME = _W + "name"
DEFAULT = _W + "default"
PARAGRAPH_STYLE = _W + "pStyle"
RUN_STYLE = _W + "rStyle"
OUTLINE_LEVEL = _W + "outlineLvl"
ALIGNMENT = _W + "jc"
BOLD = _W + "b"
CAPITALS = _W + "caps"
HIDDEN = _W + "vanish"
VERTICAL_ALIGNMENT = _W + "vertAlign"
FONTS = _W + "rFonts"
ASCII_FONT = _W + "ascii"
HIGH_ANSI_FONT = _W + "hAnsi"

NUMBERING_PROPERTIES = _W + "numPr"
NUMBERING_ID = _W + "numId"
NUMBERING_LEVEL = _W + "ilvl"
NUMBERING = _W + "num"
ABSTRACT_NUMBERING = _W + "abstractNum"
ABSTRACT_NUMBERING_ID = _W + "abstractNumId"
LEVEL = _W + "lvl"
LEVEL_OVERRIDE = _W + "lvlOverride"
START_OVERRIDE = _W + "startOverride"
START = _W + "start"
NUMBER_FORMAT = _W + "numFmt"
LEVEL_TEXT = _W + "lvlText"
LEVEL_SUFFIX = _W + "suff"
LEVEL_RESTART = _W + "lvlRestart"
LEGAL_NUMBERING = _W + "isLgl"
NUMBERING_STYLE_LINK = _W + "numStyleLink"

VALUE = _W + "val"
ID = _W + "id"
TYPE = _W + "type"
CHARACTER = _W + "char"
FONT = _W + "font"
POSITION = _W + "pos"
FIELD_TYPE = _W + "fldCharType"
FIELD_INSTRUCTION = _W + "instr"
RELATION_ID = _R + "id"

_OFF = frozenset({"0", "false", "off", "none"})


def is_on(value: str | None) -> bool:
    """A switch element without value is on; `0`, `false` and `none` are off."""
    return value is None or value not in _OFF
