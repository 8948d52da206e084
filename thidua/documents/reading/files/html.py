"""Web pages saved from a portal: the document in them, without menus, banners and scripts.

The main content is told by the roles and names that portals give it, else by where the words are. Nothing
that a page refers to is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import lxml.html
from lxml import etree

from ..model import Cell, Origin, SourceText
from .docx_numbering import formatted_number
from .encodings import decode
from .lines import SUPERSCRIPTS, LineCollector, cleaned
from .refusals import refused

_MAX_ELEMENTS = 400_000
#: libxml2 stops at 255 itself; Python's own stack must hold what is below
_MAX_DEPTH = 200
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.I)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")

_DROPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "applet",
        "svg",
        "canvas",
        "audio",
        "video",
        "map",
        "nav",
        "button",
        "select",
        "input",
        "textarea",
        "head",
        "link",
        "meta",
        "dialog",
        "menu",
        "datalist",
        "form-associated",
        "figcaption",
    ]
)
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "footer",
        "aside",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "caption",
        "blockquote",
        "pre",
        "address",
        "fieldset",
        "form",
        "figure",
        "hr",
        "center",
        "body",
        "html",
        "details",
        "summary",
    ]
)
_BOLD = frozenset({"b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_CENTRED_STYLE = re.compile(r"text-align\s*:\s*center", re.I)
_SUPER_STYLE = re.compile(r"vertical-align\s*:\s*super", re.I)
_CHROME_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "complementary"}
)
#: names (class or id) of parts that are never the document
_CHROME_NAME = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|breadcrumbs?|nav(?:bar|igation)?|menu|sidebar|side-?bar|social|share|sharing|"
    r"related|comments?|binh-?luan|lien-?quan|tin-?khac|newsletter|pagination|pager|popup|modal|banner|advert\w*|"
    r"quang-?cao|skip-?links?|toolbar|print-?only|site-?(?:header|footer|nav)|page-?(?:footer)|footer|hotline)"
    r"(?:$|[\s_-])",
    re.I,
)
#: names that portals give to the text of a document
_CONTENT_NAME = re.compile(
    r"(?:^|[\s_-])(?:div|pnl|lbl)?(?:noi-?dung(?:-?van-?ban)?|toan-?van(?:-?content)?|van-?ban(?:-?content)?|vb-?content|full-?text|"
    r"article-?(?:content|body|detail)|entry-?content|post-?content|content-?(?:detail|body|main)|detail-?content|"
    r"journal-content-article|bai-?viet|chi-?tiet|news-?detail|main-?content)(?:$|[\s_-])",
    re.I,
)
#: words that only the head and foot of an official document have (NĐ 30/2020): what holds them is no chrome
_FORM_WORDS = re.compile(r"CỘNG H(?:ÒA|OÀ) XÃ HỘI CHỦ NGHĨA|Độc lập\s*[-–]\s*Tự do|Nơi nhận|\./\.", re.I)
_FOOTNOTES = re.compile(r"mso-element\s*:\s*(?:foot|end)note", re.I)
#: how LibreOffice and Word name the marks of notes and the notes
_NOTE_SIGN = re.compile(r"(?:foot|end)note(?:sym|anc|reference)", re.I)
_NOTE_NAME = re.compile(r"(?:sd(?:foot|end)note|(?:ft|ed)n)\d+$", re.I)
_NOTE_MARK = re.compile(r"\s*\[?\(?(\d{1,3})\)?\]?\s*$")
_MOST_WORDS = 0.85


def read(raw: bytes, *, file_name: str, sha256: str) -> SourceText:
    """The lines of the document in a web page; raises `blank_text` when there are none."""
    match = _CHARSET.search(raw[:8192])
    declared = match[1].decode("ascii") if match else None
    text, remarks = decode(raw, declared=declared)
    root = _parsed(text)
    _drop_chrome(root)
    main = _main_content(root)
    reader = _Reader(main)
    reader.read()
    if reader.lines.is_blank:
        raise refused("blank_text")
    return reader.lines.source(form="html", sha256=sha256, file_name=file_name, remarks=remarks)


def _parsed(text: str) -> etree._Element:
    if text.count("<") > 2 * _MAX_ELEMENTS:
        raise refused("too_complex")
    parser = lxml.html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root: etree._Element = lxml.html.document_fromstring(
            _DECLARATION.sub("", text).replace("\x00", "").encode("utf-8", "replace"), parser=parser
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise refused("blank_text") from error
    body = root.find("body")
    return root if body is None else body


# --- finding the document --------------------------------------------------------------------------------


def _is_never_shown(element: etree._Element) -> bool:
    return element.tag in _DROPPED or _is_hidden(element) or _is_page_margin(element)


class _Measures:
    """How many letters, letters in links and words of the official form each element holds; one pass."""

    def __init__(self, root: etree._Element) -> None:
        self.elements = list(root.iter())
        self.letters: dict[etree._Element, int] = {}
        self.linked: dict[etree._Element, int] = {}
        self.links: dict[etree._Element, int] = {}
        self.form: dict[etree._Element, int] = {}
        for element in reversed(self.elements):
            letters, form = _measured(element.text)
            linked = links = 0
            for child in element:
                after, form_after = _measured(child.tail)
                letters += self.letters[child] + after
                form += self.form[child] + form_after
                linked += self.linked[child]
                links += self.links[child]
            if element.tag == "a":
                linked, links = letters, 1
            if _is_note(element):
                form += 1
            self.letters[element], self.linked[element] = letters, linked
            self.links[element], self.form[element] = links, form
        self.everything = max(self.letters[root], 1)


def _measured(text: str | None) -> tuple[int, int]:
    if not text or text.isspace():
        return 0, 0
    return len(text) - text.count(" "), len(_FORM_WORDS.findall(text))


def _drop_chrome(root: etree._Element) -> None:
    """Takes out what is never shown and what is never the document."""
    _remove_where(root, list(root.iter()), _is_never_shown)
    measures = _Measures(root)

    def is_chrome(element: etree._Element) -> bool:
        if element.tag not in ("div", "section", "header", "footer", "aside", "ul", "p", "td", "form"):
            return False
        if measures.letters[element] > 0.4 * measures.everything or measures.form[element]:
            return False
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        is_menu = measures.links[element] >= 3 and measures.linked[element] > 0.8 * measures.letters[element]
        return (
            is_menu
            or element.get("role") in _CHROME_ROLES
            or element.tag in ("footer", "aside")
            or bool(names.strip() and _CHROME_NAME.search(names))
        )

    _remove_where(root, measures.elements, is_chrome)


def _remove_where(
    root: etree._Element, elements: list[etree._Element], condition: Callable[[etree._Element], bool]
) -> None:
    """Takes out the elements of which the condition holds; what stands in them is not looked at any more."""
    removed: set[etree._Element] = set()
    parents = {element: element.getparent() for element in elements}
    for element in elements:
        if element is root:
            continue
        if parents[element] in removed:
            removed.add(element)
        elif condition(element):
            removed.add(element)
            _remove(element)


def _is_note(element: etree._Element) -> bool:
    """Whether the element holds a footnote or endnote, in pages saved by Word or LibreOffice."""
    if _FOOTNOTES.search(element.get("style") or ""):
        return True
    return element.tag == "div" and bool(_NOTE_NAME.match(element.get("id") or ""))


def _is_page_margin(element: etree._Element) -> bool:
    """A page header or footer of a word processor that holds no more than the page number."""
    if element.tag != "div" or (element.get("title") or "").lower() not in ("header", "footer"):
        return False
    return not any(letter.isalpha() for text in element.itertext() for letter in text)


def _is_hidden(element: etree._Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN_STYLE.search(element.get("style") or ""))


def _remove(element: etree._Element) -> None:
    """Takes the element out and leaves the text after it where it is."""
    parent = element.getparent()
    tail = element.tail
    if tail:
        previous = element.getprevious()
        if previous is not None:
            previous.tail = (previous.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    parent.remove(element)


def _main_content(root: etree._Element) -> etree._Element:
    """The smallest part that surely holds the whole document."""
    measures = _Measures(root)
    best: etree._Element | None = None
    for element in measures.elements:
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        is_named = element.tag in ("main", "article") or element.get("role") in ("main", "article")
        if not is_named and not _CONTENT_NAME.search(names):
            continue
        holds_most = measures.letters[element] > 0.4 * measures.everything
        if holds_most and measures.form[element] >= measures.form[root]:
            best = element  # the innermost comes last
    element = root if best is None else best
    for _ in range(_MAX_DEPTH):
        child = max(
            (
                child
                for child in element
                if child.tag in ("div", "section", "article", "main", "center", "form")
            ),
            key=measures.letters.__getitem__,
            default=None,
        )
        if child is None or measures.letters[child] < _MOST_WORDS * measures.letters[element]:
            break
        if measures.form[child] < measures.form[element]:
            break
        element = child
    return element


# --- lines -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Look:
    """What an element hands down to the text in it."""

    bold: bool = False
    centred: bool = False
    superscript: bool = False
    footnote: bool = False
    preformatted: bool = False
    heading: int | None = None


class _Reader:
    """Walks the content and gives a line for each block and each `<br>`."""

    def __init__(self, main: etree._Element) -> None:
        self._main = main
        self._measures = _Measures(main)
        self.lines = LineCollector()
        self._pieces: list[str] = []
        self._is_bold = True
        self._look = _Look()
        self._cell: Cell | None = None
        self._tables = 0
        self._label = ""

    def read(self) -> None:
        self._block(self._main, _Look(), depth=0)
        self._end_line()

    def _walk(self, element: etree._Element, look: _Look, *, depth: int) -> None:
        """Text and children of an element, in order."""
        self._write(element.text, look)
        counter = _list_start(element)
        for child in element:
            tag = child.tag
            if tag == "br":
                self._end_line()
            elif tag == "table":
                self._end_line()
                self._table(child, look, depth=depth + 1)
                self._end_line()
            elif tag == "li":
                self._end_line()
                counter = _own_number(child, counter)
                self._label = _label_of(element, counter)
                counter += 1
                self._block(child, look, depth=depth + 1)
                self._label = ""
            elif tag in _BLOCKS:
                self._block(child, look, depth=depth + 1)
            elif depth < _MAX_DEPTH:
                self._walk(child, _extended(look, child), depth=depth + 1)
            self._write(child.tail, look)

    def _block(self, element: etree._Element, look: _Look, *, depth: int) -> None:
        self._end_line()
        if depth > _MAX_DEPTH:
            raise refused("hostile_xml")
        look = _extended(look, element)
        outer, self._look = self._look, look
        self._walk(element, look, depth=depth)
        self._end_line()
        self._look = outer

    @property
    def _origin(self) -> Origin:
        if self._look.footnote:
            return Origin.FOOTNOTE
        return Origin.BODY if self._cell is None else Origin.TABLE

    def _table(self, table: etree._Element, look: _Look, *, depth: int) -> None:
        rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in _rows_of(table)]
        rows = [row for row in rows if row]
        columns = max((sum(_span(cell, "colspan") for cell in row) for row in rows), default=0)
        is_table = columns > 1 and not self._is_for_layout(table)
        outer, number = self._cell, self._tables
        if is_table:
            self._tables += 1
        taken: dict[int, int] = {}  # column -> rows that a cell from above still reaches into
        for row_index, row in enumerate(rows):
            column = 0
            for cell in row:
                while taken.get(column, 0) > 0:
                    taken[column] -= 1
                    column += 1
                if is_table:
                    self._cell = Cell(number, row_index, column, columns)
                self._block(cell, look, depth=depth + 1)
                for place in range(column, column + _span(cell, "colspan")):
                    taken[place] = _span(cell, "rowspan") - 1
                column += _span(cell, "colspan")
        self._cell = outer

    def _is_for_layout(self, table: etree._Element) -> bool:
        """A table that only arranges the page: one cell holds most of the document."""
        most = 0.5 * self._measures.everything
        letters = self._measures.letters
        return letters[table] > most and any(letters[cell] > most for row in _rows_of(table) for cell in row)

    def _write(self, text: str | None, look: _Look) -> None:
        if not text:
            return
        if look.preformatted and "\n" in text:
            *whole, last = text.split("\n")
            for part in whole:
                self._write(part, look)
                self._end_line()
            text = last
        mark = _NOTE_MARK.match(text) if look.superscript else None
        if mark:
            text = mark[1].translate(SUPERSCRIPTS)
        if not look.bold and self._is_bold and not text.isspace():
            self._is_bold = False
        self._pieces.append(text)

    def _end_line(self) -> None:
        text = cleaned(" ".join("".join(self._pieces).replace("\u00a0", " ").split()))
        is_bold, self._is_bold = self._is_bold, True
        self._pieces.clear()
        if not text:
            return
        if (self._label.strip() == "-" and text[0] in "-–+") or text.startswith(self._label):
            self._label = ""  # typed by the author as well
        self.lines.add(
            self._label + text,
            origin=self._origin,
            cell=self._cell,
            bold=is_bold,
            centred=self._look.centred,
            heading_level=self._look.heading,
            whole_paragraph=True,
        )
        self._label = ""


def _extended(look: _Look, element: etree._Element) -> _Look:
    tag, style = element.tag, element.get("style") or ""
    heading = int(tag[1]) if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit() else look.heading
    alignment = (element.get("align") or "").lower()
    centred = look.centred
    if tag == "center" or alignment == "center" or _CENTRED_STYLE.search(style):
        centred = True
    elif alignment or "text-align" in style:
        centred = False
    extended = _Look(
        bold=look.bold or tag in _BOLD or bool(_BOLD_STYLE.search(style)),
        centred=centred,
        superscript=look.superscript
        or tag == "sup"
        or bool(_SUPER_STYLE.search(style) or _NOTE_SIGN.search(element.get("class") or "")),
        footnote=look.footnote or _is_note(element),
        preformatted=look.preformatted or tag == "pre",
        heading=heading,
    )
    return look if extended == look else extended


def _rows_of(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _span(cell: etree._Element, name: str) -> int:
    value = (cell.get(name) or "").strip()
    return min(max(int(value), 1), 50) if value.isdigit() and len(value) < 4 else 1


def _list_start(element: etree._Element) -> int:
    start = (element.get("start") or "").strip()
    return int(start) if element.tag == "ol" and start.isdigit() and len(start) < 6 else 1


def _own_number(item: etree._Element, counter: int) -> int:
    value = (item.get("value") or "").strip()
    return int(value) if value.isdigit() and len(value) < 6 else counter


def _label_of(parent: etree._Element, counter: int) -> str:
    """The number or dash that a browser draws before an item of a list."""
    if re.search(r"list-style(?:-type)?\s*:\s*none", parent.get("style") or "", re.I):
        return ""
    if parent.tag != "ol":
        return "- "
    form = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}.get(
        parent.get("type") or "", "decimal"
    )
    return formatted_number(counter, form) + (") " if form == "lowerLetter" else ". ")
