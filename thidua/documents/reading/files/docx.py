"""Word files: what a reader of the printed page would see, as lines.

Knows paragraphs, tables, text boxes, page headers, automatic numbers, notes, fields and tracked changes,
and hides how they are stored. The XML is read directly: a plan of eight pages takes two to three
milliseconds, where a general library takes fifty.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from ..model import Cell, Origin, SourceText
from . import docx_names as w
from .bounded_zip import BoundedZip
from .docx_numbering import Numbering
from .docx_styles import Style, Styles, letter_properties, without_table_styles
from .fonts import REMARK as LEGACY_REMARK
from .fonts import in_unicode, is_legacy_font
from .lines import SUPERSCRIPTS, LineCollector, cleaned
from .refusals import refused
from .safe_xml import parse_xml

_MAIN_PART = "word/document.xml"
_MAIN_RELATION = "/officeDocument"
_PAGE_FIELDS = ("PAGE", "NUMPAGES", "SECTIONPAGES")
#: what is left of a running header once its page fields are gone: "Trang", "- -", "/"
_PAGE_NUMBER_ONLY = re.compile(r"[\s\d\-–—/|.]*(?:(?:trang|page)[\s\d\-–—/|.:]*)?$", re.I)
#: a text this short before a tab is the marker of a list
_LONGEST_MARKER = 6
_WIDE_GAP = "    "
#: a tab stop this far from the margin (twentieths of a point; 5 cm) starts a second column
_COLUMN_TAB_STOP = 2_800
_PRIVATE_BULLET = re.compile(r"[\uf000-\uf0ff]\s*")
#: letters of Word's Symbol font (private code, low byte) that have a plain equal
_SYMBOLS = {
    0xA3: "≤", 0xB3: "≥", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xAE: "→", 0xDE: "⇒",
    0xB0: "°", 0x61: "α", 0x62: "β", 0x44: "Δ", 0x57: "Ω", 0x6D: "μ", 0x2D: "-", 0xB7: "•",
}  # fmt: skip
_WINGDINGS = {
    0xA8: "☐",
    0x6F: "☐",
    0xFE: "☑",
    0xFD: "☒",
    0xFC: "✓",
    0xE0: "→",
    0xF0: "→",
    0xA7: "•",
    0x9F: "•",
}


def read(archive: BoundedZip, *, file_name: str, sha256: str) -> SourceText:
    """The lines of a Word file: page headers, body, notes, page footers; raises Unreadable."""
    return _Reader(archive).read(file_name=file_name, sha256=sha256)


@dataclass(slots=True)
class _Segment:
    """One line of a paragraph while it is gathered."""

    pieces: list[str]
    page: int | None
    is_bold: bool = True
    legacy: tuple[str, str, int] | None = (
        None  # font, letters as stored, pieces so far: the last old-font piece
    )


@dataclass(slots=True)
class _Field:
    """One open field: while its instruction runs, letters are not shown."""

    instruction: str = ""
    shows: bool = False
    is_page_number: bool = False


class _Reader:
    def __init__(self, archive: BoundedZip) -> None:
        self._archive = archive
        self._main = _MAIN_PART if _MAIN_PART in archive else self._find_main()
        self._relations = self._read_relations()
        self._styles = Styles(self._part_of("/styles", reduce=without_table_styles))
        self._numbering = Numbering(self._part_of("/numbering"), self._styles)
        self._lines = LineCollector()
        self._remarks: list[str] = []
        self._tables = 0
        self._page: int | None = None
        self._origin = Origin.BODY
        self._cell: Cell | None = None
        self._fields: list[_Field] = []
        self._segments: list[_Segment] = []
        self._boxes: list[etree._Element] = []
        self._held_over: list[_Segment] = []  # a paragraph whose end mark was deleted runs on into the next
        self._note_marks: dict[tuple[str, str], str] = {}  # ("footnote" or "endnote", id) -> "¹"
        self._notes_in_order: list[tuple[str, str]] = []
        self._numbered_notes = 0
        self._note_mark = ""
        self._changes = False

    # --- the package -------------------------------------------------------------------------------------

    def _find_main(self) -> str:
        """Name of the main part where the package says so; Word itself always uses the same name."""
        for kind, target in self._relation_rows("_rels/.rels").values():
            if kind.endswith(_MAIN_RELATION) and target.lstrip("/") in self._archive:
                return target.lstrip("/")
        raise refused("corrupt_docx")

    def _relation_rows(self, name: str) -> dict[str, tuple[str, str]]:
        if name not in self._archive:
            return {}
        rows: dict[str, tuple[str, str]] = {}
        for element in parse_xml(self._archive.read(name)):
            if element.get("TargetMode") != "External":
                rows[element.get("Id") or ""] = (element.get("Type") or "", element.get("Target") or "")
        return rows

    def _read_relations(self) -> dict[str, tuple[str, str]]:
        """Relation id -> (type, part name) of the main part."""
        folder, base = posixpath.split(self._main)
        rows = self._relation_rows(f"{folder}/_rels/{base}.rels")
        return {
            key: (kind, target[1:] if target.startswith("/") else posixpath.normpath(f"{folder}/{target}"))
            for key, (kind, target) in rows.items()
        }

    def _part_of(
        self, relation: str, *, reduce: Callable[[bytes], bytes] | None = None
    ) -> etree._Element | None:
        for kind, name in self._relations.values():
            if kind.endswith(relation) and name in self._archive:
                part = self._archive.read(name)
                return self._parsed(reduce(part) if reduce else part)
        return None

    def _part(self, name: str) -> etree._Element | None:
        return self._parsed(self._archive.read(name)) if name in self._archive else None

    def _parsed(self, part: bytes) -> etree._Element:
        if b"purl.oclc.org/ooxml" in part:
            for strict, usual in w.STRICT_NAMESPACES:
                part = part.replace(strict, usual)
        return parse_xml(part)

    # --- the whole document ------------------------------------------------------------------------------

    def read(self, *, file_name: str, sha256: str) -> SourceText:
        part = self._archive.read(self._main)
        if b"lastRenderedPageBreak" in part:
            self._page = 1
        root = self._parsed(part)
        body = root.find(w.BODY)
        if body is None:
            raise refused("corrupt_docx")
        headers, footers = self._header_and_footer_parts(body)
        page, self._page = self._page, None
        self._read_margins(headers, Origin.PAGE_HEADER)
        self._page = page
        self._blocks(body)
        self._flush_held_over()
        self._page = None
        self._read_notes()
        self._read_margins(footers, Origin.PAGE_FOOTER)
        if self._lines.is_blank:
            raise refused("document_without_text")
        return self._lines.source(
            form="docx", sha256=sha256, file_name=file_name, remarks=self._all_remarks(part)
        )

    def _all_remarks(self, part: bytes) -> tuple[str, ...]:
        remarks = list(self._remarks)
        if self._changes:
            remarks.append("Văn bản còn dấu vết sửa đổi: đã giữ phần thêm vào, bỏ phần xóa.")
        pictures = part.count(b"<a:blip ") + part.count(b"<v:imagedata ")
        if pictures:
            remarks.append(f"Đã bỏ qua {pictures} hình ảnh.")
        if any(name.lower().endswith("vbaproject.bin") for name in self._archive.names):
            remarks.append("Tệp có macro: macro không được chạy, chỉ đọc chữ.")
        if b"<w:commentReference " in part:
            remarks.append("Đã bỏ qua các nhận xét (comment) trong văn bản.")
        return tuple(dict.fromkeys(remarks))

    def _header_and_footer_parts(self, body: etree._Element) -> tuple[list[str], list[str]]:
        """Part names of the page headers and footers that are printed, each once."""
        headers: dict[str, None] = {}
        footers: dict[str, None] = {}
        for section in body.iter(w.SECTION):
            has_title_page = section.find(w.TITLE_PAGE) is not None
            for reference in section:
                if reference.tag not in (w.HEADER_REFERENCE, w.FOOTER_REFERENCE):
                    continue
                if reference.get(w.TYPE) == "first" and not has_title_page:
                    continue
                _, name = self._relations.get(reference.get(w.RELATION_ID) or "", ("", ""))
                if name:
                    (headers if reference.tag == w.HEADER_REFERENCE else footers)[name] = None
        return list(headers), list(footers)

    def _read_margins(self, names: list[str], origin: Origin) -> None:
        seen: set[str] = set()
        for name in names:
            root = self._part(name)
            if root is None:
                continue
            self._origin = origin
            start = len(self._lines.lines)
            self._blocks(root)
            self._flush_held_over()
            self._fields.clear()
            texts = [line.text for line in self._lines.lines[start:]]
            # left and right pages often carry the same words; a lone page number is no line of the document
            if "\n".join(texts) in seen or all(_PAGE_NUMBER_ONLY.match(text) for text in texts):
                self._lines.drop_from(start)
            seen.add("\n".join(texts))
        self._origin = Origin.BODY

    def _read_notes(self) -> None:
        """The notes that the body refers to, in the order of their marks."""
        self._origin = Origin.FOOTNOTE
        for kind, tag in (("footnote", w.FOOTNOTE), ("endnote", w.ENDNOTE)):
            wanted = [note_id for note_kind, note_id in self._notes_in_order if note_kind == kind]
            if not wanted:
                continue
            root = self._part_of(f"/{kind}s")
            notes = {} if root is None else {note.get(w.ID): note for note in root.iterchildren(tag)}
            for note_id in wanted:
                note = notes.get(note_id)
                if note is not None:
                    self._read_note(note, self._note_marks[kind, note_id])
        self._origin = Origin.BODY

    def _read_note(self, note: etree._Element, mark: str) -> None:
        self._note_mark = mark
        start = len(self._lines.lines)
        self._blocks(note)
        self._flush_held_over()
        self._fields.clear()
        self._note_mark = ""
        self._lines.start_with(start, mark)

    # --- blocks ------------------------------------------------------------------------------------------

    def _blocks(self, parent: etree._Element) -> None:
        for child in parent:
            tag = child.tag
            if tag == w.PARAGRAPH:
                self._paragraph(child)
            elif tag == w.TABLE:
                self._table(child)
            elif tag == w.CONTENT_CONTROL:
                content = child.find(w.CONTENT_CONTROL_CONTENT)
                if content is not None:
                    self._blocks(content)
            elif tag in w.WRAPPERS:
                self._blocks(child)
            elif tag == w.ALTERNATE:
                chosen = _chosen(child)
                if chosen is not None:
                    self._blocks(chosen)
            elif tag == w.EMBEDDED_DOCUMENT:
                self._remarks.append("Có một phần nhúng từ tệp khác không đọc được.")

    def _table(self, table: etree._Element) -> None:
        rows = [
            (row, list(_children_of(row, w.CELL)))
            for row in _children_of(table, w.ROW)
            if not _is_deleted_row(row)
        ]
        columns, places = _column_places(rows)
        number = self._tables
        self._tables += 1
        outer = self._cell
        for row_index, (_, cells) in enumerate(rows):
            for cell_index, cell in enumerate(cells):
                properties = cell.find(w.CELL_PROPERTIES)
                merge = None if properties is None else properties.find(w.VERTICAL_MERGE)
                if merge is not None and merge.get(w.VALUE) != "restart":
                    continue
                if columns > 1 or len(rows) > 1:
                    self._cell = Cell(number, row_index, places[row_index][cell_index], columns)
                self._blocks(cell)
                self._flush_held_over()
        self._cell = outer

    def _paragraph(self, paragraph: etree._Element) -> None:
        properties = paragraph.find(w.PARAGRAPH_PROPERTIES)
        style_id: str | None = None
        centred: bool | None = None
        outline_level: int | None = None
        numbering_id: str | None = None
        numbering_level: int | None = None
        has_column_stops = mark_is_deleted = False
        if properties is not None:
            for child in properties:
                tag = child.tag
                if tag == w.PARAGRAPH_STYLE:
                    style_id = child.get(w.VALUE)
                elif tag == w.ALIGNMENT:
                    centred = child.get(w.VALUE) == "center"
                elif tag == w.NUMBERING_PROPERTIES:
                    for part in child:
                        if part.tag == w.NUMBERING_ID:
                            numbering_id = part.get(w.VALUE)
                        elif part.tag == w.NUMBERING_LEVEL:
                            level = part.get(w.VALUE) or ""
                            numbering_level = int(level) if level.isdigit() and len(level) < 3 else None
                elif tag == w.OUTLINE_LEVEL:
                    level = child.get(w.VALUE) or ""
                    outline_level = int(level) if level.isdigit() and len(level) < 3 else None
                elif tag == w.TABS:
                    has_column_stops = _has_column_stop(child)
                elif tag == w.RUN_PROPERTIES:
                    mark_is_deleted = child.find(w.DELETED) is not None
        style = self._styles.of(style_id)
        segments = self._held_over or [_Segment([], self._page)]
        goes_on = bool(self._held_over)
        self._held_over = []
        outer_segments, self._segments = self._segments, segments
        outer_boxes, self._boxes = self._boxes, []
        depth = len(self._fields)
        self._inline(paragraph, style)
        # an instruction that never reached its result belongs to a damaged field: do not swallow the rest
        while len(self._fields) > depth and not self._fields[-1].shows:
            self._fields.pop()
        segments, self._segments = self._segments, outer_segments
        boxes, self._boxes = self._boxes, outer_boxes
        if mark_is_deleted:
            self._changes = True
            self._held_over = segments
        else:
            label = None
            if not goes_on:
                numbering_id = numbering_id if numbering_id is not None else style.numbering_id
                if numbering_id and numbering_id != "0":
                    if numbering_level is None:
                        numbering_level = style.numbering_level or 0
                    label = self._numbering.label(numbering_id, numbering_level)
            if outline_level is None:
                outline_level = style.outline_level
            self._emit(
                segments,
                label=label or "",
                centred=bool(style.centred if centred is None else centred),
                heading_level=None if outline_level is None or outline_level > 8 else outline_level + 1,
                has_column_stops=has_column_stops,
            )
        for box in boxes:
            self._text_box(box)

    def _text_box(self, box: etree._Element) -> None:
        outer_origin, outer_cell, outer_segments = self._origin, self._cell, self._segments
        outer_held, self._held_over = self._held_over, []
        if self._origin is Origin.BODY or self._origin is Origin.TABLE:
            self._origin = Origin.TEXT_BOX
        self._cell = None
        self._blocks(box)
        self._flush_held_over()
        self._origin, self._cell, self._segments = outer_origin, outer_cell, outer_segments
        self._held_over = outer_held

    def _flush_held_over(self) -> None:
        if self._held_over:
            segments, self._held_over = self._held_over, []
            self._emit(segments, label="", centred=False, heading_level=None, has_column_stops=False)

    def _emit(
        self,
        segments: list[_Segment],
        *,
        label: str,
        centred: bool,
        heading_level: int | None,
        has_column_stops: bool,
    ) -> None:
        origin = self._origin
        if self._cell is not None and origin is Origin.BODY:
            origin = Origin.TABLE
        for index, segment in enumerate(segments):
            text = _joined(segment.pieces, has_column_stops=has_column_stops)
            if index == 0 and label:
                # an empty item of a bulleted list is a slip; an empty numbered one shows its number
                text = label + text if text or label.strip() not in ("-", "+", "*") else ""
            elif not text and (self._cell is not None or len(segments) > 1):
                continue
            self._lines.add(
                text.strip(),
                origin=origin,
                page=segment.page,
                cell=self._cell,
                bold=segment.is_bold and bool(text),
                centred=centred,
                heading_level=heading_level if text else None,
                whole_paragraph=True,
            )

    # --- letters -----------------------------------------------------------------------------------------

    def _inline(self, parent: etree._Element, style: Style) -> None:
        for child in parent:
            tag = child.tag
            if tag == w.RUN:
                self._run(child, style)
            elif tag in w.WRAPPERS:
                if not self._changes and tag.endswith(("}ins", "}moveTo")):
                    self._changes = True
                self._inline(child, style)
            elif tag in (w.DELETED, w.MOVED_FROM):
                self._changes = True
            elif tag == w.CONTENT_CONTROL:
                content = child.find(w.CONTENT_CONTROL_CONTENT)
                if content is not None:
                    self._inline(content, style)
            elif tag == w.FIELD_SIMPLE:
                if not self._is_hidden_page_field(child.get(w.FIELD_INSTRUCTION) or ""):
                    self._inline(child, style)
            elif tag in w.MATH:
                self._write("".join(text.text or "" for text in child.iter(w.MATH_TEXT)), is_bold=False)
            elif tag == w.ALTERNATE:
                chosen = _chosen(child)
                if chosen is not None:
                    self._inline(chosen, style)

    def _run(self, run: etree._Element, style: Style) -> None:
        bold, capitals, hidden = style.bold, style.capitals, style.hidden
        superscript, font = style.superscript, style.font
        for child in run:
            tag = child.tag
            if tag == w.TEXT:
                if not hidden and child.text:
                    self._letters(
                        child.text, bold=bold, capitals=capitals, superscript=superscript, font=font
                    )
            elif tag == w.RUN_PROPERTIES:
                if not len(child):
                    continue
                found = letter_properties(child)
                named = child.find(w.RUN_STYLE)
                if named is not None:
                    letters = self._styles.of(named.get(w.VALUE))
                    bold = letters.bold if letters.bold is not None else bold
                    capitals = letters.capitals if letters.capitals is not None else capitals
                    hidden = letters.hidden if letters.hidden is not None else hidden
                    superscript = letters.superscript if letters.superscript is not None else superscript
                    font = letters.font or font
                if found:
                    bold = found.get("bold", bold)  # type: ignore[assignment]  # values have the field's type
                    capitals = found.get("capitals", capitals)  # type: ignore[assignment]
                    hidden = found.get("hidden", hidden)  # type: ignore[assignment]
                    superscript = found.get("superscript", superscript)  # type: ignore[assignment]
                    font = found.get("font", font)  # type: ignore[assignment]
            elif tag == w.FIELD_CHARACTER:
                self._field_character(child)
            elif tag == w.FIELD_CODE:
                if self._fields:
                    self._fields[-1].instruction += child.text or ""
            elif tag == w.RENDERED_PAGE_BREAK:
                if self._page is not None:
                    self._page += 1
            elif not hidden:
                self._special(child, bold=bool(bold))

    def _letters(
        self,
        text: str,
        *,
        bold: bool | None,
        capitals: bool | None,
        superscript: bool | None,
        font: str | None,
    ) -> None:
        if font and is_legacy_font(font):
            self._legacy_letters(text, font=font, bold=bool(bold))
            return
        if capitals:
            text = text.upper()
        if superscript:
            text = text.translate(SUPERSCRIPTS)
        self._write(text, is_bold=bool(bold))

    def _legacy_letters(self, text: str, *, font: str, bold: bool) -> None:
        """Letters of an old font; runs may cut one letter in two, so neighbours are read together."""
        if not self._shows():
            return
        segment = self._segments[-1]
        if segment.legacy and segment.legacy[0] == font and segment.legacy[2] == len(segment.pieces):
            text = segment.legacy[1] + text
            segment.pieces.pop()
        converted = in_unicode(text, font=font)
        self._write(converted, is_bold=bold)
        segment.legacy = (font, text, len(segment.pieces))
        if converted != text:
            self._remarks.append(LEGACY_REMARK)

    def _special(self, element: etree._Element, *, bold: bool) -> None:
        tag = element.tag
        if tag in (w.TAB, w.POSITION_TAB):
            self._write("\t", is_bold=True)
        elif tag in (w.BREAK, w.CARRIAGE_RETURN):
            if self._shows():
                self._segments.append(_Segment([], self._page))
        elif tag == w.NO_BREAK_HYPHEN:
            self._write("-", is_bold=bold)
        elif tag == w.SYMBOL:
            self._write(_symbol(element), is_bold=bold)
        elif tag == w.FOOTNOTE_REFERENCE:
            self._note_reference("footnote", element)
        elif tag == w.ENDNOTE_REFERENCE:
            self._note_reference("endnote", element)
        elif tag in (w.FOOTNOTE_MARK, w.ENDNOTE_MARK):
            self._write(self._note_mark, is_bold=True)
        elif tag in (w.DRAWING, w.PICTURE, w.OBJECT):
            self._boxes.extend(_outermost_boxes(element))
        elif tag == w.ALTERNATE:
            chosen = _chosen(element)
            if chosen is not None:
                self._boxes.extend(_outermost_boxes(chosen))
        elif tag == w.RUBY:
            base = element.find(w.RUBY_BASE)
            if base is not None:
                self._inline(base, self._styles.of(None))

    def _note_reference(self, kind: str, element: etree._Element) -> None:
        if self._origin is Origin.FOOTNOTE:
            return
        key = (kind, element.get(w.ID) or "")
        if key in self._note_marks:
            return
        self._notes_in_order.append(key)
        if element.get(w.CUSTOM_MARK) is not None and w.is_on(element.get(w.CUSTOM_MARK)):
            # the mark is typed in the text and again in the note
            self._note_marks[key] = ""
            return
        self._numbered_notes += 1
        mark = str(self._numbered_notes).translate(SUPERSCRIPTS)
        self._note_marks[key] = mark
        self._write(mark, is_bold=True)

    def _shows(self) -> bool:
        return not self._fields or all(field.shows and not field.is_page_number for field in self._fields)

    def _write(self, text: str, *, is_bold: bool) -> None:
        if not text or (self._fields and not self._shows()):
            return
        segment = self._segments[-1]
        if not segment.pieces:
            segment.page = self._page
        segment.pieces.append(text)
        if not is_bold and segment.is_bold and not text.isspace():
            segment.is_bold = False

    def _field_character(self, element: etree._Element) -> None:
        kind = element.get(w.FIELD_TYPE)
        if kind == "begin":
            if len(self._fields) < 50:
                self._fields.append(_Field())
        elif self._fields:
            if kind == "separate":
                field = self._fields[-1]
                field.shows = True
                field.is_page_number = self._is_hidden_page_field(field.instruction)
            elif kind == "end":
                self._fields.pop()

    def _is_hidden_page_field(self, instruction: str) -> bool:
        """Page numbers are no part of the text where they stand in the margin of every page."""
        words = instruction.split()
        in_margin = self._origin in (Origin.PAGE_HEADER, Origin.PAGE_FOOTER)
        return in_margin and bool(words) and words[0].upper() in _PAGE_FIELDS


def _chosen(alternate: etree._Element) -> etree._Element | None:
    """The first way of showing the content; the fallback repeats the same words for old programs."""
    choice = alternate.find(w.CHOICE)
    return choice if choice is not None else alternate.find(w.FALLBACK)


def _outermost_boxes(element: etree._Element) -> Iterator[etree._Element]:
    """Text boxes below the element; boxes inside boxes are met when the outer one is read."""
    stack = [element]
    while stack:
        node = stack.pop()
        if node.tag == w.TEXT_BOX:
            yield node
            continue
        if node.tag == w.ALTERNATE:
            chosen = _chosen(node)
            if chosen is not None:
                stack.append(chosen)
            continue
        stack.extend(reversed(node))


def _children_of(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, also those inside content controls and tracked changes."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag == w.CONTENT_CONTROL:
            content = child.find(w.CONTENT_CONTROL_CONTENT)
            if content is not None:
                yield from _children_of(content, tag)
        elif child.tag in w.WRAPPERS:
            yield from _children_of(child, tag)


def _is_deleted_row(row: etree._Element) -> bool:
    properties = row.find(w.ROW_PROPERTIES)
    return properties is not None and properties.find(w.DELETED) is not None


def _column_places(rows: list[tuple[etree._Element, list[etree._Element]]]) -> tuple[int, list[list[int]]]:
    """Number of columns and the column of each cell.

    Rows of equal length count their cells. Otherwise the grid tells, reduced to the edges where a cell really
    starts: header tables dragged by hand have a grid of many slivers.
    """
    lengths = {len(cells) for _, cells in rows}
    widest = max(lengths, default=0)
    if len(lengths) <= 1 or widest <= 2:
        return widest, [list(range(len(cells))) for _, cells in rows]
    starts: list[list[int]] = []
    for row, cells in rows:
        position = _grid_number(row.find(w.ROW_PROPERTIES), w.GRID_BEFORE, 0)
        row_starts: list[int] = []
        for cell in cells:
            row_starts.append(position)
            position += max(_grid_number(cell.find(w.CELL_PROPERTIES), w.GRID_SPAN, 1), 1)
        starts.append(row_starts)
    edges = {edge: index for index, edge in enumerate(sorted({start for row in starts for start in row}))}
    return len(edges), [[edges[start] for start in row] for row in starts]


def _grid_number(properties: etree._Element | None, tag: str, otherwise: int) -> int:
    element = None if properties is None else properties.find(tag)
    value = "" if element is None else element.get(w.VALUE) or ""
    return int(value) if value.isdigit() and len(value) < 5 else otherwise


def _has_column_stop(tabs: etree._Element) -> bool:
    """Whether a tab stop of the paragraph stands so far right that it begins a second column."""
    for stop in tabs:
        position = stop.get(w.POSITION) or ""
        if stop.get(w.VALUE) in ("center", "right") or (
            stop.get(w.VALUE) in ("left", "start")
            and position.isdigit()
            and int(position) >= _COLUMN_TAB_STOP
        ):
            return True
    return False


def _joined(pieces: list[str], *, has_column_stops: bool) -> str:
    """The text of one line; tabs become one space, or a wide gap where they divide two columns."""
    text = "".join(pieces)
    if not text.isascii():
        text = cleaned(text)
        bullet = _PRIVATE_BULLET.match(text.lstrip())
        if bullet:
            text = "- " + text.lstrip()[bullet.end() :]
    if "\t" in text:
        joined = ""
        tabs = 0
        for part in text.strip().split("\t"):
            words = part.strip(" ")
            if words and joined:
                divides = len(joined) > _LONGEST_MARKER and (tabs > 1 or has_column_stops)
                joined += (_WIDE_GAP if divides else " ") + words
                tabs = 0
            else:
                joined += words
            tabs += 1
        text = joined
    return text.strip()


def _symbol(element: etree._Element) -> str:
    """A letter of a symbol font; unknown ones stay private and count as a bullet where they open a line."""
    try:
        code = int(element.get(w.CHARACTER) or "", 16)
    except ValueError:
        return ""
    font = (element.get(w.FONT) or "").lower()
    if code >= 0xF000:
        table = _WINGDINGS if "wingdings" in font else _SYMBOLS if "symbol" in font else {}
        return table.get(code - 0xF000, chr(code) if code < 0xF100 else "")
    return chr(code) if 0x20 <= code < 0xD800 else ""
