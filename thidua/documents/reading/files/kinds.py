"""What a file is, told from its bytes; the name only decides between plain text and Markdown.

`recognise` gives the kind of a readable file and raises the fitting refusal for everything else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from .bounded_zip import BoundedZip
from .refusals import Unreadable, refused


class Kind(StrEnum):
    """The kinds of file that can be read."""

    DOCX = "docx"
    PDF = "pdf"
    HTML = "html"
    MARKDOWN = "md"
    PLAIN = "txt"
    IMAGE = "image"


_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: names of streams inside an OLE2 file (UTF-16LE in its directory) and the refusal they mean
_OLE2_STREAMS: tuple[tuple[str, str, str], ...] = (
    ("EncryptedPackage", "encrypted_office", ""),
    ("WordDocument", "legacy_doc", ""),
    ("Workbook", "legacy_office", "bảng tính Excel (.xls)"),
    ("PowerPoint Document", "legacy_office", "bài trình chiếu PowerPoint (.ppt)"),
    ("__properties_version1.0", "saved_mail", ""),
    ("Book", "legacy_office", "bảng tính Excel (.xls)"),
)

_IMAGES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
)

#: first bytes -> what the message calls the file
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"MZ", "chương trình chạy trên Windows (.exe)"),
    (b"\x7fELF", "chương trình chạy trên Linux"),
    (b"\xcf\xfa\xed\xfe", "chương trình chạy trên macOS"),
    (b"\xca\xfe\xba\xbe", "chương trình chạy trên macOS hoặc Java"),
    (b"7z\xbc\xaf\x27\x1c", "tệp nén (.7z)"),
    (b"Rar!\x1a\x07", "tệp nén (.rar)"),
    (b"\x1f\x8b", "tệp nén (.gz)"),
    (b"BZh", "tệp nén (.bz2)"),
    (b"\xfd7zXZ\x00", "tệp nén (.xz)"),
    (b"ID3", "tệp âm thanh"),
    (b"OggS", "tệp âm thanh"),
    (b"fLaC", "tệp âm thanh"),
    (b"\x1aE\xdf\xa3", "tệp phim"),
    (b"SQLite format 3\x00", "cơ sở dữ liệu SQLite"),
    (b"AC10", "bản vẽ AutoCAD"),
    (b"8BPS", "tệp Photoshop"),
)

_HTML_OPENING = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--(?:(?!-->).){0,4000}-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta|table|div|p|article|main)\b",
    re.I | re.S,
)
_XML_OPENING = re.compile(rb"\s*<(?:\?xml|!DOCTYPE|[A-Za-z][\w.-]*:[A-Za-z])", re.I)
_MAIL_OPENING = re.compile(
    rb"\s*(?:MIME-Version:|From:\s.{1,200}\r?\n(?:[\w-]+:\s)|Received:\s|Return-Path:\s)", re.I
)
_MARKDOWN_NAMES = (".md", ".markdown", ".mdown", ".mkd")


@dataclass(frozen=True, slots=True)
class Recognised:
    """A readable file: its kind, and its parts when it is a zip archive."""

    kind: Kind
    archive: BoundedZip | None = None


def recognise(raw: bytes, *, file_name: str = "") -> Recognised:
    """The kind of a readable file; raises Unreadable with what the file is when it cannot be read."""
    if not raw:
        raise refused("empty_file")
    if raw.startswith(_OLE2):
        raise _refusal_of_ole2(raw)
    if raw.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return Recognised(Kind.DOCX, _word_archive(raw))
    if b"%PDF-" in raw[:1024]:
        return Recognised(Kind.PDF)
    if image_kind(raw):
        return Recognised(Kind.IMAGE)
    binary_name = _binary_name(raw)
    if binary_name:
        raise refused("not_a_document", kind=binary_name)
    return Recognised(_kind_of_text(raw, file_name=file_name))


def image_kind(raw: bytes) -> str | None:
    """ "PNG", "JPEG" …, or None when the bytes are no picture."""
    for opening, name in _IMAGES:
        if raw.startswith(opening):
            return name
    if raw.startswith(b"RIFF") and raw[8:12] == b"WEBP":
        return "WEBP"
    if raw[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"):
        return "HEIC"
    if raw.startswith(b"BM") and len(raw) > 30 and int.from_bytes(raw[2:6], "little") == len(raw):
        return "BMP"
    return None


def _binary_name(raw: bytes) -> str | None:
    for opening, name in _OTHERS:
        if raw.startswith(opening):
            # "MZ" and "ID3" may also open a text; programs and songs hold NUL bytes soon
            return name if len(opening) > 3 or b"\x00" in raw[:1024] or opening[0] > 0x7E else None
    if raw.startswith(b"RIFF") or raw[4:8] == b"ftyp":
        return "tệp âm thanh hoặc phim"
    if raw[257:262] == b"ustar":
        return "tệp nén (.tar)"
    return None


def _refusal_of_ole2(raw: bytes) -> Unreadable:
    for stream, key, kind in _OLE2_STREAMS:
        if stream.encode("utf-16-le") in raw:
            return refused(key, kind=kind)
    return refused("not_a_document", kind="tệp Office kiểu cũ không rõ loại")


def _word_archive(raw: bytes) -> BoundedZip:
    """The parts of a Word file; raises Unreadable for every other archive."""
    archive = BoundedZip(raw)
    names = archive.names
    if "[Content_Types].xml" in archive:
        folders = {name.partition("/")[0].lower() for name in names}
        if "xl" in folders:
            raise refused("not_a_document", kind="bảng tính Excel (.xlsx)")
        if "ppt" in folders:
            raise refused("not_a_document", kind="bài trình chiếu PowerPoint (.pptx)")
        if "visio" in folders:
            raise refused("not_a_document", kind="bản vẽ Visio (.vsdx)")
        return archive
    if "mimetype" in archive:
        media_type = archive.read("mimetype")[:200].decode("ascii", "replace").strip()
        if media_type.startswith("application/vnd.oasis.opendocument.text"):
            raise refused("open_document_text")
        if media_type.startswith("application/vnd.oasis.opendocument"):
            raise refused("not_a_document", kind="bảng tính hoặc bài trình chiếu OpenDocument")
        if media_type == "application/epub+zip":
            raise refused("not_a_document", kind="sách điện tử (.epub)")
    if any(name.startswith("word/") for name in names):
        raise refused("corrupt_docx")
    if "AndroidManifest.xml" in archive or "META-INF/MANIFEST.MF" in archive:
        raise refused("not_a_document", kind="gói chương trình")
    raise refused("not_a_document", kind="tệp nén (.zip)")


def _kind_of_text(raw: bytes, *, file_name: str) -> Kind:
    opening = _readable_opening(raw)
    if opening.lstrip().startswith(b"{\\rtf"):
        raise refused("rich_text")
    if _HTML_OPENING.match(opening):
        return Kind.HTML
    if _XML_OPENING.match(opening):
        if b"wordprocessingml" in opening or b"schemas.microsoft.com/office/word" in opening:
            raise refused("word_xml")
        if re.search(rb"<svg\b", opening):
            raise refused("not_a_document", kind="hình vẽ SVG")
        raise refused("not_a_document", kind="dữ liệu XML")
    if _MAIL_OPENING.match(opening):
        raise refused("saved_mail")
    return Kind.MARKDOWN if file_name.lower().endswith(_MARKDOWN_NAMES) else Kind.PLAIN


def _readable_opening(raw: bytes) -> bytes:
    """The first bytes without a byte order mark, one byte a letter, enough to know the kind of a text."""
    opening = raw[:16_384]
    if opening.startswith(b"\xef\xbb\xbf"):
        return opening[3:]
    if opening.startswith((b"\xff\xfe", b"\xfe\xff")):
        return opening[2:].replace(b"\x00", b"")
    return opening
