"""The empty Word file that every paper begins from: styles, page, fonts. Made once a process by python-docx.

Hides which style of Word stands for which part of a paper. Names of styles are Vietnamese where Word has
none of its own, so that an officer finds them in the list; headings are Word's, so that its outline works.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import docx
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from thidua.documents.writing.form import Form, form

TWIPS_PER_MM = 1440 / 25.4
TWIPS_PER_POINT = 20

#: Styles of the template of python-docx that papers use; its other hundred would only fill the list.
KEPT = {
    "Normal",
    "Header",
    "Footer",
    "Heading1",
    "Heading2",
    "Heading3",
    "Heading4",
    "TableNormal",
    "TableGrid",
    "NoList",
    "DefaultParagraphFont",
}

#: Parts of that template that say nothing about a paper: its theme, a picture of its first page …
UNUSED_PARTS = ("customXml", "stylesWithEffects", "webSettings", "theme", "fontTable", "thumbnail")


@dataclass(frozen=True, slots=True)
class Style:
    """One paragraph style. Sizes in pt, `indent` of the first line in mm."""

    id: str
    name: str
    size: float
    align: str = "center"
    is_bold: bool = False
    is_italic: bool = False
    before: float = 0
    after: float = 0
    line: float = 1.0
    indent: float = 0
    hanging: float = 0
    outline: int | None = None
    keeps_next: bool = False
    #: A style of Word itself, which is rewritten.
    is_built_in: bool = False


def styles(looks: Form) -> tuple[Style, ...]:
    body = looks["body_size"]
    first, gap, line = looks["first_line_indent"], looks["paragraph_gap"], looks["line_spacing"]
    text: dict[str, Any] = {"align": "both", "after": gap, "line": line, "indent": first}
    title: dict[str, Any] = {**text, "is_bold": True, "keeps_next": True, "is_built_in": True}
    return (
        Style("QuocHieu", "Quốc hiệu", looks["nation_size"], is_bold=True),
        Style("TieuNgu", "Tiêu ngữ", looks["motto_size"], is_bold=True),
        Style("CoQuanChuQuan", "Cơ quan chủ quản", looks["superior_size"]),
        Style("CoQuanBanHanh", "Cơ quan ban hành", looks["issuer_size"], is_bold=True),
        Style("DuongKe", "Đường kẻ", 2),
        Style("SoKyHieu", "Số, ký hiệu", looks["number_size"], before=6),
        Style("DiaDanhNgay", "Địa danh, ngày tháng", looks["date_size"], is_italic=True, before=6),
        Style("TrichYeuCongVan", "Trích yếu công văn", looks["subject_size"], before=looks["subject_gap"]),
        Style("DuThao", "Dự thảo", looks["number_size"], is_bold=True, before=6),
        Style("MucDoKhan", "Mức độ khẩn", looks["urgency_size"], is_bold=True),
        Style("TenLoai", "Tên loại", looks["kind_size"], is_bold=True, before=18, keeps_next=True),
        Style("TrichYeu", "Trích yếu", looks["title_size"], is_bold=True, keeps_next=True),
        Style("KinhGui", "Kính gửi", looks["addressee_size"], before=12, after=6, line=line),
        Style(
            "KinhGuiTiep", "Kính gửi, nhiều nơi", looks["addressee_size"], align="left", after=3, line=line
        ),
        Style("ThamQuyenBanHanh", "Thẩm quyền ban hành", body, is_bold=True, before=18, after=12),
        Style("CanCu", "Căn cứ", looks["basis_size"], is_italic=True, **text),
        Style("LoiVan", "Lời văn", body, **text),
        Style("KhoanDiem", "Khoản, điểm", body, **text),
        Style("DieuKhongTen", "Điều", body, **text),
        Style(
            "Heading1",
            "heading 1",
            body,
            is_bold=True,
            before=12,
            after=gap,
            line=line,
            outline=0,
            keeps_next=True,
            is_built_in=True,
        ),
        Style("Heading2", "heading 2", body, outline=1, **title),
        Style("Heading3", "heading 3", body, outline=2, **title),
        Style("Heading4", "heading 4", body, outline=3, **{**title, "is_bold": False}),
        Style("TenBang", "Tên bảng", looks["table_size"], is_bold=True, before=8, after=6, keeps_next=True),
        Style("OBang", "Ô bảng", looks["table_size"], align="left", before=2, after=2),
        Style("DauBang", "Đầu bảng", looks["table_size"], is_bold=True, before=2, after=2),
        Style("GhiChuBang", "Ghi chú bảng", looks["table_size"], align="left", is_italic=True, after=8),
        Style("Hinh", "Hình", looks["table_size"], before=8, keeps_next=True),
        Style("TenHinh", "Tên hình", looks["table_size"], is_italic=True, after=8),
        Style("QuyenHanChucVu", "Quyền hạn, chức vụ", looks["authority_size"], is_bold=True),
        Style("HoTenNguoiKy", "Họ tên người ký", looks["signer_size"], is_bold=True),
        Style("ChuKy", "Chữ ký", looks["signer_size"]),
        Style(
            "NoiNhan", "Nơi nhận", looks["recipients_label_size"], align="left", is_bold=True, is_italic=True
        ),
        Style("NoiNhanTiep", "Nơi nhận, danh sách", looks["recipients_size"], align="left", hanging=2),
        Style("KyHieuSoanThao", "Ký hiệu người soạn thảo", looks["drafter_size"], align="left", before=8),
        Style("PhuLuc", "Phụ lục", looks["appendix_label_size"], is_bold=True, outline=0, keeps_next=True),
        Style(
            "PhuLucKemTheo",
            "Phụ lục, kèm theo",
            looks["appendix_origin_size"],
            is_italic=True,
            before=3,
            after=12,
        ),
        Style("ChiDanLuuHanh", "Chỉ dẫn lưu hành", looks["restriction_size"], is_bold=True),
        Style("BanSao", "Hình thức sao", looks["copy_mark_size"], align="right"),
        Style("DiaChi", "Địa chỉ cơ quan", looks["contact_size"]),
        Style("SoTrang", "Số trang", looks["page_number_size"]),
        Style("FootnoteText", "footnote text", looks["note_size"], align="both", is_built_in=True),
    )


@lru_cache(maxsize=1)
def empty_file() -> bytes:
    """The Word file without a word in it."""
    looks = form()
    document = docx.Document()
    root = document.styles.element
    for style in root.findall(qn("w:style")):
        if style.get(qn("w:styleId")) not in KEPT:
            root.remove(style)
    _defaults(root, looks)
    rewritten = {style.id for style in styles(looks)}
    for style in root.findall(qn("w:style")):
        if style.get(qn("w:styleId")) in rewritten:
            root.remove(style)
    for style in styles(looks):
        root.append(_style(style))
    root.append(_note_mark())
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    numbering = document.part.numbering_part.element
    for child in list(numbering):
        numbering.remove(child)
    _compatible(document.settings.element)
    _drop(document.part.rels, UNUSED_PARTS)
    _drop(document.part.package.rels, UNUSED_PARTS)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _drop(relations: Any, endings: tuple[str, ...]) -> None:
    for key, relation in list(relations.items()):
        if relation.reltype.rsplit("/", 1)[-1] in endings:
            del relations[key]


def _fonts(font: str) -> str:
    return f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}" w:eastAsia="{font}"/>'


def _defaults(root: Any, looks: Form) -> None:
    """Font, size and language of everything; the theme fonts of the template must not win."""
    size = round(looks["body_size"] * 2)
    defaults = parse_xml(
        f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr>{_fonts(looks.font)}"
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
        '<w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>'
        "</w:pPrDefault></w:docDefaults>"
    )
    root.replace(root.find(qn("w:docDefaults")), defaults)
    for style in root.findall(qn("w:style")):
        if style.get(qn("w:styleId")) in ("Normal", "Header", "Footer"):
            for name in ("w:rPr", "w:pPr"):
                found = style.find(qn(name))
                if found is not None and style.get(qn("w:styleId")) == "Normal":
                    style.remove(found)


def _style(style: Style) -> Any:
    paragraph = ""
    if style.keeps_next:
        paragraph += "<w:keepNext/>"
    paragraph += (
        f'<w:spacing w:before="{round(style.before * TWIPS_PER_POINT)}"'
        f' w:after="{round(style.after * TWIPS_PER_POINT)}"'
        f' w:line="{round(style.line * 240)}" w:lineRule="auto"/>'
    )
    if style.indent:
        paragraph += f'<w:ind w:firstLine="{round(style.indent * TWIPS_PER_MM)}"/>'
    elif style.hanging:
        twips = round(style.hanging * TWIPS_PER_MM)
        paragraph += f'<w:ind w:left="{twips}" w:hanging="{twips}"/>'
    paragraph += f'<w:jc w:val="{style.align}"/>'
    if style.outline is not None:
        paragraph += f'<w:outlineLvl w:val="{style.outline}"/>'
    run = _fonts(form().font)
    run += "<w:b/><w:bCs/>" if style.is_bold else ""
    run += "<w:i/><w:iCs/>" if style.is_italic else ""
    run += f'<w:color w:val="000000"/><w:sz w:val="{round(style.size * 2)}"/>'
    run += f'<w:szCs w:val="{round(style.size * 2)}"/>'
    custom = "" if style.is_built_in else ' w:customStyle="1"'
    return parse_xml(
        f'<w:style {nsdecls("w")} w:type="paragraph"{custom} w:styleId="{style.id}">'
        f'<w:name w:val="{style.name}"/><w:basedOn w:val="Normal"/><w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _note_mark() -> Any:
    return parse_xml(
        f'<w:style {nsdecls("w")} w:type="character" w:styleId="FootnoteReference">'
        '<w:name w:val="footnote reference"/><w:basedOn w:val="DefaultParagraphFont"/>'
        '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
    )


def _compatible(settings: Any) -> None:
    """Says that the file is of a present Word, or it opens in «compatibility mode»."""
    compat = settings.find(qn("w:compat"))
    if compat is None:
        compat = OxmlElement("w:compat")
        settings.append(compat)
    for child in list(compat):
        compat.remove(child)
    compat.append(
        parse_xml(
            f'<w:compatSetting {nsdecls("w")} w:name="compatibilityMode"'
            ' w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        )
    )
