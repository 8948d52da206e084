"""A paper as a Word file that an officer goes on editing: real styles, lists, notes, sections.

The same words as the PDF (`printed.py`) in the same measures. Hides the XML of Word that python-docx has no
words for: notes, rules below texts, page numbers that begin anew. The same paper gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Inches, Mm
from docx.text.paragraph import Paragraph as WordParagraph
from PIL import Image, ImageFont

from thidua.documents.writing.characters import FONTS
from thidua.documents.writing.form import Form, form
from thidua.documents.writing.paper import Paper, Run
from thidua.documents.writing.printed import (
    AppendixPage,
    FigureLine,
    Line,
    Printed,
    SignatureLine,
    TableLine,
    TextLine,
    printed,
)
from thidua.documents.writing.typesetting import PICTURE_DOTS, UNDATED, picture_of_svg
from thidua.documents.writing.word_lists import Lists
from thidua.documents.writing.word_styles import TWIPS_PER_MM, TWIPS_PER_POINT, empty_file

#: Share of the text width for the left column of head and closing.
HEAD_SHARE = 0.45
CLOSING_SHARE = 0.45
#: A long title keeps this share of the text width.
TITLE_SHARE = 0.88
_NBSP = "\u00a0"
_STYLES = {
    "part": "Heading1",
    "chapter": "Heading1",
    "capital": "Heading2",
    "clause_title": "Heading3",
    "point_title": "Heading4",
    "item": "KhoanDiem",
    "paragraph": "LoiVan",
    "article": "DieuKhongTen",
    "article_part": "LoiVan",
}


def docx_bytes(paper: Paper) -> bytes:
    """The paper as DOCX. Raises CannotBePrinted and UnknownKind, as the PDF does."""
    return _Writer(printed(paper), form()).written()


class _Writer:
    """One Word file in the making."""

    def __init__(self, paper: Printed, looks: Form) -> None:
        self.paper = paper
        self.looks = looks
        self.document: Document = docx.Document(io.BytesIO(empty_file()))
        self.body: Any = self.document.element.body
        self.lists = Lists(first_line_twips=round(looks["first_line_indent"] * TWIPS_PER_MM))
        self.notes: list[str] = []

    def written(self) -> bytes:
        section = self.document.sections[0]
        self.page(section)
        self.first_page(section)
        self.head()
        self.lines(self.paper.lines)
        self.closing()
        for appendix in self.paper.appendices:
            self.appendix(appendix)
        _fill_cells(self.body)
        self.lists.write(self.document.part.numbering_part.element)
        if self.notes:
            self.document.part.relate_to(self.note_part(), RELATIONSHIP_TYPE.FOOTNOTES)
        self.properties()
        kept = io.BytesIO()
        self.document.save(kept)
        return _timeless(kept.getvalue())

    @property
    def text_width(self) -> float:
        """In mm."""
        return self.looks["page_width"] - self.looks["margin_left"] - self.looks["margin_right"]

    # --- page ---------------------------------------------------------------------------------

    def page(self, section: Section, *, is_landscape: bool = False) -> None:
        width, height = Mm(self.looks["page_width"]), Mm(self.looks["page_height"])
        section.orientation = WD_ORIENT.LANDSCAPE if is_landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (height, width) if is_landscape else (width, height)
        section.top_margin = Mm(self.looks["margin_top"])
        section.bottom_margin = Mm(self.looks["margin_bottom"])
        section.left_margin = Mm(self.looks["margin_left"])
        section.right_margin = Mm(self.looks["margin_right"])
        half = self.looks["page_number_size"] * 25.4 / 72 / 2
        section.header_distance = Mm(self.looks["page_number_from_top"] - half)
        section.footer_distance = Mm(self.looks["margin_bottom"] / 2)
        section.different_first_page_header_footer = True
        section.header.is_linked_to_previous = False
        header = section.header.paragraphs[0]._p
        _styled(header, "SoTrang")
        _field(header, "PAGE")
        section.footer.is_linked_to_previous = False
        section.first_page_header.is_linked_to_previous = False
        section.first_page_footer.is_linked_to_previous = False
        numbers = OxmlElement("w:pgNumType")
        numbers.set(qn("w:start"), "1")
        properties = section._sectPr
        properties.insert_element_before(
            numbers,
            "w:cols",
            "w:formProt",
            "w:vAlign",
            "w:noEndnote",
            "w:titlePg",
            "w:textDirection",
            "w:docGrid",
        )

    def first_page(self, section: Section) -> None:
        """What stands in the margins of page 1: copy mark, restriction, address."""
        paper = self.paper
        header = section.first_page_header
        first = header.paragraphs[0]._p
        _styled(first, "BanSao")
        for at, text in enumerate(paper.copy_mark):
            if at:
                _break(first)
            _text(first, text)
        if paper.restriction:
            framed = header.add_paragraph()._p
            _styled(framed, "ChiDanLuuHanh")
            indent = round(self.text_width / 2 * TWIPS_PER_MM)
            _properties(framed).append(_element("w:ind", left=indent))
            _text(framed, f"{_NBSP}{paper.restriction}{_NBSP}", border="000000")
        if paper.contact:
            foot = section.first_page_footer.paragraphs[0]._p
            _styled(foot, "DiaChi")
            _ruled_above(foot)
            _text(foot, paper.contact)

    # --- head ---------------------------------------------------------------------------------

    def head(self) -> None:
        paper, looks = self.paper, self.looks
        left = self.text_width * HEAD_SHARE
        right = self.text_width - left
        table, cells = self.columns((left, right), rows=3)
        who, nation, number, day, subject, _ = cells
        for line in paper.superior:
            self.into(who, "CoQuanChuQuan", line)
        for line in paper.issuer:
            self.into(who, "CoQuanBanHanh", line)
        width = min(max((_width(line, looks["issuer_size"]) for line in paper.issuer), default=0), left - 4)
        self.rule(who, width * looks["issuer_rule_share"], left)
        self.into(nation, "QuocHieu", paper.nation)
        self.into(nation, "TieuNgu", paper.motto)
        self.rule(nation, _width(paper.motto, looks["motto_size"]), right)
        printed_number = _NBSP * 6 if paper.number is None else paper.number
        symbol = f"/{paper.symbol}" if paper.symbol else ""
        self.into(number, "SoKyHieu", f"{paper.number_label} {printed_number}{symbol}")
        blank = _NBSP * 5
        written = paper.day or f"ngày{blank}tháng{blank}năm{_NBSP * 8}".rstrip(" ")
        self.into(day, "DiaDanhNgay", f"{paper.place}, {written}" if paper.place else written)
        if paper.subject:
            self.into(subject, "TrichYeuCongVan", paper.subject)
        if paper.draft_mark:
            self.into(subject, "DuThao", paper.draft_mark)
        stamp = looks.stamps.get(paper.urgency.value)
        if stamp is not None:
            self.stamp(subject, stamp.name, stamp.width, stamp.height, left)
        if not (paper.subject or paper.draft_mark) and stamp is None:
            table.remove(table.findall(qn("w:tr"))[2])
        self.title()
        self.addressees()
        if paper.decider:
            self.paragraph("ThamQuyenBanHanh", (Run(paper.decider),))
        for basis in paper.bases:
            self.paragraph("CanCu", (Run(basis),))
        if paper.enacting:
            self.paragraph("ThamQuyenBanHanh", (Run(paper.enacting),))

    def title(self) -> None:
        paper, looks = self.paper, self.looks
        if not paper.kind_name:
            return
        self.paragraph("TenLoai", (Run(paper.kind_name),))
        lines = paper.title.split("\n")
        for line in lines if paper.title else ():
            made = self.paragraph("TrichYeu", (Run(line),))
            indent = round(self.text_width * (1 - TITLE_SHARE) / 2 * TWIPS_PER_MM)
            _properties(made).append(_element("w:ind", left=indent, right=indent))
        if paper.title:
            width = min(
                max(_width(line, looks["title_size"]) for line in lines), self.text_width * TITLE_SHARE
            )
            self.rule(self.body, width * looks["title_rule_share"], self.text_width, after=10)

    def addressees(self) -> None:
        paper = self.paper
        if len(paper.addressees) == 1:
            self.paragraph("KinhGui", (Run(f"{paper.addressees_label} {paper.addressees[0]}"),))
        elif paper.addressees:
            size = self.looks["addressee_size"]
            before = _width(f"{paper.addressees_label} ", size, is_bold=False)
            widest = max(_width(name, size, is_bold=False) for name in paper.addressees)
            left = max((self.text_width - before - widest) / 2, 10)
            label = self.paragraph("KinhGuiTiep", (Run(paper.addressees_label),))
            _properties(label).append(_element("w:ind", left=round(left * TWIPS_PER_MM)))
            for name in paper.addressees:
                one = self.paragraph("KinhGuiTiep", (Run(name),))
                indent = round((left + before) * TWIPS_PER_MM)
                _properties(one).append(_element("w:ind", left=indent + 120, hanging=120))

    # --- body ---------------------------------------------------------------------------------

    def lines(self, lines: Iterable[Line]) -> None:
        for line in lines:
            if isinstance(line, TableLine):
                self.table(line)
            elif isinstance(line, FigureLine):
                self.figure(line)
            else:
                self.text_line(line)

    def text_line(self, line: TextLine) -> None:
        style = _STYLES[line.style]
        if line.style == "article" and line.depth:
            style = "Heading3"
        made = _new_paragraph(style)
        if line.marker is not None:
            number = self.lists.number_for(line.marker, is_bold=line.style == "article")
            numbering = OxmlElement("w:numPr")
            numbering.append(_element("w:ilvl", val=0))
            numbering.append(_element("w:numId", val=number))
            _properties(made).append(numbering)
        if line.label:
            _text(made, line.label)
            _break(made)
        self.words(made, line.runs)
        self.add(made)

    def table(self, line: TableLine) -> None:
        if line.caption:
            self.paragraph("TenBang", (Run(line.caption),))
        page = self.document.sections[-1]
        width = page.page_width.mm - page.left_margin.mm - page.right_margin.mm  # type: ignore[union-attr]
        widths = [width * share / sum(line.shares) for share in line.shares]
        table = _new_table(widths, has_borders=True)
        head = _row(is_head=True)
        for title, cell_width in zip(line.columns, widths, strict=True):
            cell = _cell(cell_width, is_centred=True)
            self.into(cell, "DauBang", title)
            head.append(cell)
        table.append(head)
        for at, row in enumerate(line.rows):
            drawn = _row()
            for runs, cell_width, is_number in zip(row, widths, line.is_number, strict=True):
                cell = _cell(cell_width)
                made = _new_paragraph("OBang")
                if is_number:
                    _properties(made).append(_element("w:jc", val="right"))
                bold = at in line.bold_rows
                self.words(made, [Run(r.text, r.is_bold or bold, r.is_italic, r.note) for r in runs])
                cell.append(made)
                drawn.append(cell)
            table.append(drawn)
        self.add(table)
        self.paragraph("GhiChuBang", (Run(line.note),) if line.note else ())

    def figure(self, line: FigureLine) -> None:
        made = _new_paragraph("Hinh")
        self.add(made)
        picture = picture_of_svg(line.svg)
        shape = self.picture(made, picture, line.alternative)
        with Image.open(io.BytesIO(picture)) as drawn:
            wide, high = (Inches(dots / PICTURE_DOTS) for dots in drawn.size)
        share = min(Mm(self.text_width) / wide, 1)
        shape.width, shape.height = round(wide * share), round(high * share)
        self.paragraph("TenHinh", (Run(line.caption),))

    def picture(self, paragraph: Any, picture: bytes, alternative: str) -> Any:
        shape = WordParagraph(paragraph, self.document._body).add_run().add_picture(io.BytesIO(picture))
        shape._inline.docPr.set("descr", alternative)
        return shape

    # --- closing ------------------------------------------------------------------------------

    def closing(self) -> None:
        paper = self.paper
        self.keep_with_next()
        if paper.cosigner is not None:
            half = self.text_width / 2
            _, (left, right) = self.columns((half, half), rows=1)
            self.signature(left, paper.cosigner)
            self.signature(right, paper.signature)
            self.paragraph("DuongKe", ())
            _, (left, _) = self.columns((half, half), rows=1)
            self.recipients(left)
        else:
            left_width = self.text_width * CLOSING_SHARE
            _, (left, right) = self.columns((left_width, self.text_width - left_width), rows=1)
            self.recipients(left)
            self.signature(right, paper.signature)

    def keep_with_next(self) -> None:
        """The last paragraph goes along with the signature."""
        last = self.body.findall(qn("w:p"))[-1:]
        for paragraph in last:
            style = paragraph.pPr
            if style is not None and style.find(qn("w:keepNext")) is None:
                style.insert_element_before(
                    OxmlElement("w:keepNext"),
                    "w:keepLines",
                    "w:numPr",
                    "w:pBdr",
                    "w:spacing",
                    "w:ind",
                    "w:jc",
                )
        self.paragraph("DuongKe", ())

    def signature(self, cell: Any, one: SignatureLine) -> None:
        for line in one.authority:
            self.into(cell, "QuyenHanChucVu", line)
        gap = _new_paragraph("ChuKy")
        height = self.looks["signature_height"]
        cell.append(gap)
        if one.image is not None:
            shape = self.picture(gap, one.image, f"Chữ ký của {one.name}")
            ratio = min(Mm(self.looks["signature_width"]) / shape.width, Mm(height) / shape.height)
            shape.width, shape.height = round(shape.width * ratio), round(shape.height * ratio)
        else:
            _properties(gap).append(
                _element("w:spacing", line=round(height * TWIPS_PER_MM), lineRule="exact")
            )
        self.into(cell, "HoTenNguoiKy", one.name)

    def recipients(self, cell: Any) -> None:
        paper = self.paper
        if paper.recipients:
            self.into(cell, "NoiNhan", paper.recipients_label)
        for name in paper.recipients:
            self.into(cell, "NoiNhanTiep", name)
        if paper.drafter:
            self.into(cell, "KyHieuSoanThao", paper.drafter)
        if not paper.recipients and not paper.drafter:
            self.into(cell, "NoiNhanTiep", "")

    def appendix(self, one: AppendixPage) -> None:
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        for old in section._sectPr.findall(qn("w:pgNumType")):
            section._sectPr.remove(old)
        self.page(section, is_landscape=one.is_landscape)
        made = _new_paragraph("PhuLuc")
        _text(made, one.label)
        for line in one.title.split("\n"):
            _break(made)
            _text(made, line)
        self.add(made)
        self.paragraph("PhuLucKemTheo", (Run(one.origin_words),))
        self.lines(one.lines)

    # --- parts --------------------------------------------------------------------------------

    def add(self, element: Any) -> None:
        """Before the properties of the last section, which end the body."""
        self.body.insert(len(self.body) - 1, element)

    def paragraph(self, style: str, runs: Iterable[Run]) -> Any:
        made = _new_paragraph(style)
        self.words(made, runs)
        self.add(made)
        return made

    def into(self, cell: Any, style: str, text: str) -> None:
        made = _new_paragraph(style)
        for at, line in enumerate(text.split("\n")):
            if at:
                _break(made)
            _text(made, line)
        cell.append(made)

    def words(self, paragraph: Any, runs: Iterable[Run]) -> None:
        for run in runs:
            _text(paragraph, run.text, is_bold=run.is_bold, is_italic=run.is_italic)
            if run.note:
                self.notes.append(run.note)
                _note_mark(paragraph, len(self.notes))

    def columns(self, widths: tuple[float, ...], *, rows: int) -> tuple[Any, list[Any]]:
        """A table without borders, and its cells row by row."""
        table = _new_table(widths, has_borders=False)
        cells = []
        for _ in range(rows):
            row = _row()
            for width in widths:
                cell = _cell(width)
                row.append(cell)
                cells.append(cell)
            table.append(row)
        self.add(table)
        return table, cells

    def rule(self, where: Any, length: float, width: float, *, after: int = 0) -> None:
        """A rule in the middle of `width`, drawn as the upper border of an empty paragraph; both in mm.

        `after` is the space below in points, where text follows that belongs to the rule.
        """
        made = _new_paragraph("DuongKe")
        properties = _properties(made)
        if after:
            properties.append(OxmlElement("w:keepNext"))
        _ruled_above(made)
        # cells have no inner margin, so indents count from the edges of the column
        indent = round((width - length) / 2 * TWIPS_PER_MM)
        properties.append(_element("w:spacing", before=2 * TWIPS_PER_POINT, after=after * TWIPS_PER_POINT))
        properties.append(_element("w:ind", left=indent, right=indent))
        if where is self.body:
            self.add(made)
        else:
            where.append(made)

    def stamp(self, cell: Any, name: str, width: float, height: float, column: float) -> None:
        """A red frame of exact size in the middle of the column."""
        cell.append(_new_paragraph("DuongKe"))
        table = _new_table((width,), has_borders=True, colour="CC0000", indent=(column - width) / 2)
        row = _row(height=height)
        inner = _cell(width, is_centred=True)
        made = _new_paragraph("MucDoKhan")
        _text(made, name, colour="CC0000")
        inner.append(made)
        row.append(inner)
        table.append(row)
        cell.append(table)
        cell.append(_new_paragraph("DuongKe"))

    def note_part(self) -> Part:
        rows = [
            '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>',
            '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r>'
            "</w:p></w:footnote>",
        ]
        for at, text in enumerate(self.notes, start=1):
            rows.append(
                f'<w:footnote w:id="{at}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr><w:r><w:rPr>'
                '<w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r><w:r>'
                f'<w:t xml:space="preserve"> {_escaped(text)}</w:t></w:r></w:p></w:footnote>'
            )
        xml = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
            f"<w:footnotes {nsdecls('w')}>{''.join(rows)}</w:footnotes>"
        )
        return Part(
            PackURI("/word/footnotes.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
            xml.encode(),
            self.document.part.package,
        )

    def properties(self) -> None:
        known = self.document.core_properties
        day = self.paper.dated or UNDATED
        made = datetime(day.year, day.month, day.day, tzinfo=UTC)
        known.title = self.paper.name[:255]
        known.author = " ".join(self.paper.issuer)[:255]
        known.last_modified_by = ""
        known.comments = ""
        known.keywords = ""
        known.language = "vi-VN"
        known.created = made
        known.modified = made
        known.revision = 1


# --- XML of Word ----------------------------------------------------------------------------------


def _element(tag: str, **values: object) -> Any:
    made = OxmlElement(tag)
    for name, value in values.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def _new_paragraph(style: str) -> Any:
    made = OxmlElement("w:p")
    _styled(made, style)
    return made


def _fill_cells(body: Any) -> None:
    """Word takes a file for broken when a cell does not end with a paragraph."""
    for cell in body.iter(qn("w:tc")):
        if cell[-1].tag != qn("w:p"):
            cell.append(_new_paragraph("DuongKe"))


def _styled(paragraph: Any, style: str) -> None:
    properties = _properties(paragraph)
    for old in properties.findall(qn("w:pStyle")):
        properties.remove(old)
    properties.insert(0, _element("w:pStyle", val=style))


def _properties(paragraph: Any) -> Any:
    return paragraph.get_or_add_pPr()


def _text(
    paragraph: Any,
    text: str,
    *,
    is_bold: bool = False,
    is_italic: bool = False,
    colour: str = "",
    border: str = "",
) -> None:
    if not text:
        return
    run = OxmlElement("w:r")
    if is_bold or is_italic or colour or border:
        properties = OxmlElement("w:rPr")
        if is_bold:
            properties.append(OxmlElement("w:b"))
        if is_italic:
            properties.append(OxmlElement("w:i"))
        if colour:
            properties.append(_element("w:color", val=colour))
        if border:
            properties.append(_element("w:bdr", val="single", sz=8, space=0, color=border))
        run.append(properties)
    words = OxmlElement("w:t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(words)
    paragraph.append(run)


def _break(paragraph: Any) -> None:
    run = OxmlElement("w:r")
    run.append(OxmlElement("w:br"))
    paragraph.append(run)


def _note_mark(paragraph: Any, number: int) -> None:
    run = OxmlElement("w:r")
    properties = OxmlElement("w:rPr")
    properties.append(_element("w:rStyle", val="FootnoteReference"))
    run.append(properties)
    run.append(_element("w:footnoteReference", id=number))
    paragraph.append(run)


def _field(paragraph: Any, code: str) -> None:
    field = _element("w:fldSimple", instr=code)
    run = OxmlElement("w:r")
    words = OxmlElement("w:t")
    words.text = "2"
    run.append(words)
    field.append(run)
    paragraph.append(field)


def _ruled_above(paragraph: Any) -> None:
    borders = OxmlElement("w:pBdr")
    borders.append(_element("w:top", val="single", sz=6, space=1, color="000000"))
    _properties(paragraph).append(borders)


def _new_table(
    widths: Iterable[float], *, has_borders: bool, colour: str = "000000", indent: float = 0
) -> Any:
    widths = list(widths)
    table = OxmlElement("w:tbl")
    properties = OxmlElement("w:tblPr")
    properties.append(_element("w:tblW", w=round(sum(widths) * TWIPS_PER_MM), type="dxa"))
    properties.append(_element("w:tblInd", w=round(indent * TWIPS_PER_MM), type="dxa"))
    if has_borders:
        borders = OxmlElement("w:tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            borders.append(_element(f"w:{side}", val="single", sz=4, space=0, color=colour))
        properties.append(borders)
    properties.append(_element("w:tblLayout", type="fixed"))
    inner = 80 if has_borders else 0
    margins = OxmlElement("w:tblCellMar")
    margins.append(_element("w:left", w=inner, type="dxa"))
    margins.append(_element("w:right", w=inner, type="dxa"))
    properties.append(margins)
    table.append(properties)
    grid = OxmlElement("w:tblGrid")
    for width in widths:
        grid.append(_element("w:gridCol", w=round(width * TWIPS_PER_MM)))
    table.append(grid)
    return table


def _row(*, is_head: bool = False, height: float = 0) -> Any:
    row = OxmlElement("w:tr")
    properties = OxmlElement("w:trPr")
    properties.append(OxmlElement("w:cantSplit"))
    if height:
        properties.append(_element("w:trHeight", val=round(height * TWIPS_PER_MM), hRule="exact"))
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))
    row.append(properties)
    return row


def _cell(width: float, *, is_centred: bool = False) -> Any:
    cell = OxmlElement("w:tc")
    properties = OxmlElement("w:tcPr")
    properties.append(_element("w:tcW", w=round(width * TWIPS_PER_MM), type="dxa"))
    if is_centred:
        properties.append(_element("w:vAlign", val="center"))
    cell.append(properties)
    return cell


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@lru_cache(maxsize=16)
def _font(size: float, is_bold: bool) -> ImageFont.FreeTypeFont:
    name = "LiberationSerif-Bold.ttf" if is_bold else "LiberationSerif-Regular.ttf"
    return ImageFont.truetype(str(FONTS / name), size * 10)


def _width(text: str, size: float, *, is_bold: bool = True) -> float:
    """Length of a line of text in mm; our font is as wide as Times New Roman."""
    return _font(size, is_bold).getlength(text) / 10 * 25.4 / 72


def _timeless(file: bytes) -> bytes:
    """The same archive without the time of making, so that equal papers are equal files."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as given, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, given.read(name))
    return kept.getvalue()
