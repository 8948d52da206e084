"""Files that must be refused, made by code: damaged, locked, swollen, disguised or simply no documents."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image
from reportlab.lib import pdfencrypt
from reportlab.pdfgen.canvas import Canvas

from .word import packed, paragraph, zipped

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CONTENT_TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file that must be refused: its name, the key of the refusal and how it is made."""

    name: str
    key: str
    make: Callable[[], bytes]


def _ole2(stream: str) -> bytes:
    return _OLE2 + bytes(504) + stream.encode("utf-16-le") + bytes(512)


def _word(**parts: bytes) -> bytes:
    """A Word package whose parts are replaced; `document` is the main part."""
    names = {"document": "word/document.xml", "styles": "word/styles.xml", "numbering": "word/numbering.xml"}
    return packed(paragraph("x"), more_parts={names[key]: part for key, part in parts.items()})


def _body(inner: str) -> bytes:
    return f'<w:document xmlns:w="{_W}"><w:body>{inner}</w:body></w:document>'.encode()


def _truncated_word() -> bytes:
    raw = packed(paragraph("Kế hoạch " * 500))
    return raw[: len(raw) // 2]


def _word_with_damaged_part() -> bytes:
    raw = bytearray(packed(paragraph("Kế hoạch " * 500)))
    place = raw.index(b"word/document.xml") + 60
    for index in range(place, place + 40):
        raw[index] ^= 0xFF
    return bytes(raw)


def _billion_laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE w:document [<!ENTITY l0 "ha">{entities}]>'
    return _word(document=doctype.encode() + _body("<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>"))


def _external_entity() -> bytes:
    doctype = b'<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return _word(document=doctype + _body("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>"))


def _wide_letters_with_doctype() -> bytes:
    xml = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY x "y">]>' + _body("<w:p/>").decode()
    return _word(document=xml.encode("utf-16"))


def _deep_tables() -> bytes:
    depth = 400
    return _word(document=_body("<w:tbl><w:tr><w:tc>" * depth + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * depth))


def _lying_header() -> bytes:
    """A part that says it unpacks to few bytes and unpacks to many."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packer.compress(b"A" * 60_000_000) + packer.flush()
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("[Content_Types].xml", _CONTENT_TYPES)
        archive.writestr("word/document.xml", b"")
    content = bytearray(raw.getvalue())
    name = b"word/document.xml"
    local = content.index(b"PK\x03\x04", 30)
    start = local + 30 + len(name)
    content[start:start] = data
    struct.pack_into("<HHHIII", content, local + 8, 8, 0, 0, 0, len(data), 500)
    central = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 4)
    struct.pack_into("<HHHIII", content, central + 10, 8, 0, 0, 0, len(data), 500)
    end = content.rindex(b"PK\x05\x06")
    (offset,) = struct.unpack_from("<I", content, end + 16)
    struct.pack_into("<I", content, end + 16, offset + len(data))
    return bytes(content)


def _many_entries() -> bytes:
    return zipped({"[Content_Types].xml": _CONTENT_TYPES} | {f"word/a{n}.xml": b"" for n in range(5_000)})


def _picture(form: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(buffer, form)
    return buffer.getvalue()


def _pdf(*, password: str | None = None, picture: bool = False) -> bytes:
    buffer = io.BytesIO()
    locked = pdfencrypt.StandardEncryption(password, ownerPassword="chủ") if password else None
    canvas = Canvas(buffer, encrypt=locked, invariant=True)
    if picture:
        from reportlab.lib.utils import ImageReader

        canvas.drawImage(ImageReader(io.BytesIO(_picture("PNG"))), 100, 100)
    else:
        canvas.drawString(100, 700, "Ke hoach")
    canvas.save()
    return buffer.getvalue()


def _pdf_bomb() -> bytes:
    """A page whose content unpacks to a hundred million bytes."""
    content = zlib.compress(b" " * 100_000_000, 9)
    return _raw_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content),
        ]
    )


def _pdf_that_draws_itself() -> bytes:
    """A page that draws a form ten times, which draws a form ten times … and so on, eight deep."""
    ten = b"/X Do " * 10
    depth = 8
    form = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << %s >> /Length %d >>\n"
        b"stream\n%s\nendstream"
    )
    letters = b"BT /F 12 Tf (x) Tj ET"
    font = b"/Font << /F %d 0 R >>" % (6 + depth)
    return _raw_pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /XObject << /X 5 0 R >> >> >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(ten), ten),
            *(form % (b"/XObject << /X %d 0 R >>" % (6 + level), len(ten), ten) for level in range(depth)),
            form % (font, len(letters), letters),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
    )


def _raw_pdf(objects: list[bytes]) -> bytes:
    raw = b"%PDF-1.4\n"
    offsets: list[int] = []
    for number, item in enumerate(objects, start=1):
        offsets.append(len(raw))
        raw += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        raw
        + b"xref\n0 5\n0000000000 65535 f \n%strailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF"
        % (
            table,
            len(raw),
        )
    )


def _opendocument(kind: str) -> bytes:
    return zipped({"mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(), "content.xml": b"<a/>"})


def _office(folder: str) -> bytes:
    return zipped({"[Content_Types].xml": _CONTENT_TYPES, f"{folder}/main.xml": b"<a/>"})


HOSTILE: tuple[Hostile, ...] = (
    Hostile("rong.docx", "empty_file", lambda: b""),
    Hostile("trang.txt", "blank_text", lambda: "  \n\t\r\n\u00a0\n".encode()),
    Hostile("qua-lon.txt", "too_large", lambda: b"a" * (20 * 1024 * 1024 + 1)),
    Hostile("cu.doc", "legacy_doc", lambda: _ole2("WordDocument")),
    Hostile("cu-doi-ten.docx", "legacy_doc", lambda: _ole2("WordDocument")),
    Hostile("bang.xls", "legacy_office", lambda: _ole2("Workbook")),
    Hostile("khoa.docx", "encrypted_office", lambda: _ole2("EncryptedPackage")),
    Hostile("thu.msg", "saved_mail", lambda: _ole2("__properties_version1.0")),
    Hostile("ole-la.doc", "not_a_document", lambda: _ole2("Thumbs")),
    Hostile("cut.docx", "corrupt_docx", _truncated_word),
    Hostile("hong.docx", "corrupt_docx", _word_with_damaged_part),
    Hostile("thieu-than.docx", "corrupt_docx", lambda: zipped({"[Content_Types].xml": _CONTENT_TYPES})),
    Hostile("xml-hong.docx", "corrupt_docx", lambda: _word(document=b"<w:document")),
    Hostile("khong-than.docx", "corrupt_docx", lambda: _word(document=b"<a/>")),
    Hostile("dau-zip.docx", "corrupt_docx", lambda: b"PK\x03\x04" + bytes(200)),
    Hostile("khong-chu.docx", "document_without_text", lambda: packed(paragraph(""))),
    Hostile("bom.docx", "zip_bomb", lambda: _word(document=_body("<w:p/>" * 4_000_000))),
    Hostile("bom-lon.docx", "zip_bomb", lambda: _word(document=_body(" " * 60_000_000))),
    Hostile("bom-kieu.docx", "zip_bomb", lambda: _word(styles=b" " * 60_000_000)),
    Hostile("noi-doi.docx", "corrupt_docx", _lying_header),
    Hostile("nhieu-muc.docx", "zip_bomb", _many_entries),
    Hostile("cuoi.docx", "hostile_xml", _billion_laughs),
    Hostile("ngoai.docx", "hostile_xml", _external_entity),
    Hostile("hai-byte.docx", "hostile_xml", _wide_letters_with_doctype),
    Hostile("sau.docx", "hostile_xml", _deep_tables),
    Hostile("khoa.pdf", "encrypted_pdf", lambda: _pdf(password="mật khẩu")),
    Hostile("cut.pdf", "corrupt_pdf", lambda: b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog"),
    Hostile("rac.pdf", "corrupt_pdf", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 50),
    Hostile("quet.pdf", "scan_without_text", lambda: _pdf(picture=True)),
    Hostile("bom.pdf", "pdf_bomb", _pdf_bomb),
    Hostile("tu-ve.pdf", "too_slow", _pdf_that_draws_itself),
    Hostile("anh.png", "image_without_ocr", lambda: _picture("PNG")),
    Hostile("anh.docx", "image_without_ocr", lambda: _picture("JPEG")),
    Hostile("chay.exe", "not_a_document", lambda: b"MZ\x90\x00" + bytes(300)),
    Hostile("chay.docx", "not_a_document", lambda: b"\x7fELF" + bytes(300)),
    Hostile("bang.xlsx", "not_a_document", lambda: _office("xl")),
    Hostile("chieu.pptx", "not_a_document", lambda: _office("ppt")),
    Hostile("mo.odt", "open_document_text", lambda: _opendocument("text")),
    Hostile("mo.ods", "not_a_document", lambda: _opendocument("spreadsheet")),
    Hostile("giau.rtf", "rich_text", lambda: b"{\\rtf1\\ansi K\\'ea}"),
    Hostile("giau-doi-ten.docx", "rich_text", lambda: b"{\\rtf1\\ansi K\\'ea}"),
    Hostile("nen.zip", "not_a_document", lambda: zipped({"a.txt": b"a"})),
    Hostile("nen.rar", "not_a_document", lambda: b"Rar!\x1a\x07\x00" + bytes(100)),
    Hostile("nen.gz", "not_a_document", lambda: b"\x1f\x8b\x08" + bytes(100)),
    Hostile("lot.zip", "not_a_document", lambda: zipped({"a.zip": zipped({"b.zip": zipped({"c": b"c"})})})),
    Hostile("leo.zip", "not_a_document", lambda: zipped({"../../../tmp/thidua-leo": b"a"})),
    Hostile("nhi-phan.txt", "binary", lambda: bytes(range(1, 256)) * 40),
    Hostile("nul.txt", "binary", lambda: b"Ke hoach\x00\x00\x01 thi dua \x00 " * 20),
    Hostile("thu.eml", "saved_mail", lambda: b"MIME-Version: 1.0\r\nSubject: x\r\n\r\nx"),
    Hostile("trang.mht", "saved_mail", lambda: b"From: <Saved>\r\nSubject: x\r\n\r\nx"),
    Hostile("word.xml", "word_xml", lambda: b'<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"/>'),
    Hostile("du-lieu.xml", "not_a_document", lambda: b'<?xml version="1.0"?><root><a/></root>'),
    Hostile("rong.html", "blank_text", lambda: b"<!DOCTYPE html><html><body><style>x</style></html>"),
    Hostile("the.html", "too_complex", lambda: b"<html><body>" + b"<b>" * 1_000_000),
)  # fmt: skip
