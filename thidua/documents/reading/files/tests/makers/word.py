"""Word files as Word writes them: list formatting instead of typed numbers, real notes, header tables."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from .plan import Block, Plan

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_OPENING = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
#: invented agency for headers that the plan text lacks
AGENCY = ("ỦY BAN NHÂN DÂN TỈNH MINH HỌA", "SỞ THÍ DỤ")
NATIONAL_TITLE = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
_LEVELS = ("roman", "arabic", "letter", "dash")
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")

_NUMBERING = "".join(
    f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>'
    f'<w:lvlJc w:val="left"/></w:lvl>'
    for level, (form, text) in enumerate(
        (("upperRoman", "%1."), ("decimal", "%2."), ("lowerLetter", "%3)"), ("bullet", "-"))
    )
)

_STYLES = (
    '<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman"/>'
    '<w:sz w:val="28"/></w:rPr></w:rPrDefault></w:docDefaults>'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/>'
    '<w:pPr><w:keepNext/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/>'
    '<w:pPr><w:jc w:val="center"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/>'
    '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/></w:style>'
)


def word_file(plan: Plan, *, national_title: bool = False) -> bytes:
    """The plan as a Word file; `national_title` adds an invented agency and the Quốc hiệu on top."""
    writer = _Writer(plan)
    return packed(writer.document(national_title=national_title), notes=writer.notes())


class _Writer:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._marks = list(plan.notes)
        self._counters = [0, 0, 0]

    def document(self, *, national_title: bool) -> str:
        parts: list[str] = []
        rows: list[tuple[list[str], list[str]]] = []
        if national_title:
            rows.append((list(AGENCY), list(NATIONAL_TITLE)))
        if self._plan.header:
            rows.append((self._plan.header[:1], self._plan.header[1:]))
        if rows:
            parts.append(self._table(rows))
        parts += [self._paragraph(text, properties='<w:pStyle w:val="Title"/>') for text in self._plan.title]
        parts += [self._block(block) for block in self._plan.body]
        if self._plan.recipients or self._plan.signature:
            parts.append(paragraph(""))
            parts.append(self._table([(self._plan.recipients, self._plan.signature)], left="left"))
        parts.append('<w:sectPr><w:headerReference w:type="default" r:id="rIdHeader"/></w:sectPr>')
        return "".join(parts)

    def notes(self) -> str:
        mark = '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
        return "".join(
            f'<w:footnote w:id="{index}">{paragraph(runs=mark + run(" " + text))}</w:footnote>'
            for index, text in enumerate(self._plan.notes.values(), start=1)
        )

    def _block(self, block: Block) -> str:
        bold = block.is_heading
        if block.style not in _LEVELS or not self._is_next(block):
            return self._paragraph(
                block.printed, properties='<w:ind w:firstLine="720"/><w:jc w:val="both"/>', bold=bold
            )
        level = _LEVELS.index(block.style)
        style = '<w:pStyle w:val="Heading1"/>' if block.style == "roman" else ""
        numbering = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'
        return self._paragraph(block.text, properties=style + numbering, bold=bold)

    def _is_next(self, block: Block) -> bool:
        """Whether list formatting would print this marker; Word's letters lack đ, so that is typed."""
        if block.style == "dash":
            return True
        level = _LEVELS.index(block.style)
        value = self._counters[level] + 1
        printed = (_ROMAN[value], str(value), chr(ord("a") + value - 1))[level]
        if printed != block.label:
            return False
        self._counters[level] = value
        self._counters[level + 1 :] = [0] * (2 - level)
        return True

    def _paragraph(self, text: str, *, properties: str = "", bold: bool = False, letters: str = "") -> str:
        """A paragraph whose note marks are real references and whose words are cut into runs as Word does."""
        runs: list[str] = []
        piece = ""
        for letter in text:
            if letter in self._marks:
                runs.append(run(piece, bold=bold, properties=letters))
                runs.append(
                    '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
                    f'<w:footnoteReference w:id="{self._marks.index(letter) + 1}"/></w:r>'
                )
                piece = ""
            else:
                piece += letter
        middle = len(piece) // 2
        runs += [
            run(piece[:middle], bold=bold, properties=letters),
            '<w:proofErr w:type="spellStart"/>',
            run(piece[middle:], bold=bold, properties=letters),
        ]
        return paragraph(runs="".join(runs), properties=properties)

    def _table(self, rows: list[tuple[list[str], list[str]]], *, left: str = "center") -> str:
        cells = "".join(
            f"<w:tr>{self._cell(first, width=4000, alignment=left)}"
            f"{self._cell(second, width=5600, alignment='center')}</w:tr>"
            for first, second in rows
        )
        grid = '<w:gridCol w:w="4000"/><w:gridCol w:w="5600"/>'
        return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{cells}</w:tbl>"

    def _cell(self, texts: list[str], *, width: int, alignment: str) -> str:
        properties = f'<w:jc w:val="{alignment}"/>'
        paragraphs = [
            self._paragraph(text, properties=properties, bold=text.isupper(), letters='<w:sz w:val="24"/>')
            for text in texts
        ]
        inner = "".join(paragraphs) or paragraph("")
        return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{inner}</w:tc>'


def run(text: str, *, bold: bool = False, properties: str = "") -> str:
    """One run; line breaks in `text` become `w:br`, tabs `w:tab`."""
    properties = ("<w:b/>" if bold else "") + properties
    inner = "".join(
        {"\n": "<w:br/>", "\t": "<w:tab/>"}.get(piece) or f'<w:t xml:space="preserve">{escape(piece)}</w:t>'
        for piece in _pieces(text)
    )
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{inner}</w:r>" if inner else ""


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for letter in text:
        if letter in "\n\t" or not pieces or pieces[-1] in "\n\t":
            pieces.append(letter)
        else:
            pieces[-1] += letter
    return pieces


def paragraph(text: str = "", *, runs: str = "", properties: str = "") -> str:
    """One paragraph of a text or of ready runs."""
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{runs or run(text)}</w:p>"


def packed(
    body: str,
    *,
    notes: str = "",
    numbering: str | None = None,
    styles: str = _STYLES,
    more_parts: Mapping[str, bytes] | None = None,
) -> bytes:
    """A whole Word package around the XML of a body; `numbering` replaces the usual list of four levels."""
    if numbering is None:
        numbering = (
            f'<w:abstractNum w:abstractNumId="0">{_NUMBERING}</w:abstractNum>'
            '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        )
    header = paragraph(
        runs='<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        properties='<w:jc w:val="center"/>',
    )
    separators = '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    namespaces = (
        f'xmlns:w="{W}" xmlns:r="{_R}" xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    )
    parts: dict[str, str] = {
        "word/document.xml": f"<w:document {namespaces}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {namespaces}>{styles}</w:styles>",
        "word/numbering.xml": f"<w:numbering {namespaces}>{numbering}</w:numbering>",
        "word/footnotes.xml": f"<w:footnotes {namespaces}>{separators}{notes}</w:footnotes>",
        "word/header1.xml": f"<w:hdr {namespaces}>{header}</w:hdr>",
    }
    relations = "".join(
        f'<Relationship Id={quoteattr(key)} Type="{_R}/{kind}" Target="{target}"/>'
        for key, kind, target in (
            ("rIdStyles", "styles", "styles.xml"),
            ("rIdNumbering", "numbering", "numbering.xml"),
            ("rIdNotes", "footnotes", "footnotes.xml"),
            ("rIdHeader", "header", "header1.xml"),
        )
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    content_types = "".join(
        f'<Override PartName="/{name}" ContentType="{_WORD_TYPE}.{kind}+xml"/>'
        for name, kind in (
            ("word/document.xml", "document.main"),
            ("word/styles.xml", "styles"),
            ("word/numbering.xml", "numbering"),
            ("word/footnotes.xml", "footnotes"),
            ("word/header1.xml", "header"),
        )
    )
    parts["[Content_Types].xml"] = (
        f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{content_types}</Types>'
    )
    parts["_rels/.rels"] = (
        f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{_R}/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    )
    parts["word/_rels/document.xml.rels"] = (
        f'<Relationships xmlns="{package}/relationships">{relations}</Relationships>'
    )
    return zipped({name: (_OPENING + xml).encode() for name, xml in parts.items()} | dict(more_parts or {}))


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """A zip archive with these parts, the same bytes each time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2022, 7, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
