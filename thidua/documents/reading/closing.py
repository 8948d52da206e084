"""The end of a document: the signature block, "Nơi nhận" with its list, and what comes after (appendices).

The two blocks stand side by side on paper; a text may have them one after the other in either order, or row by
row on the same lines. Each paragraph gets one label; a row that holds both keeps its parts as segments.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from . import vocabulary
from .matching import flat, pattern
from .model import Origin, Paragraph
from .segments import Segment, segments_of, without_markup

_RECIPIENTS_HEAD = pattern(r"^(?:noi nhan|noi nhan van ban|noi gui|noi nhan \(.*\))\s*[:.]?")
_FURTHER_LIST = pattern(
    r"^(?:gui|ban)(?: qua| theo| ban)?(?: van ban)? ?(?:giay|dien tu|mang|truc lien thong|email|e-?office)?.{0,30}:$"
)
_ARCHIVE = pattern(
    r"^[-–+•*]?\s*(?:luu|l/)\s*[:.]?\s*(?:vt|v\.t|tr|hs|ho so|tai|vp|van thu|van phong|to chuc|hc|[a-z]{2,6}\b|:)"
)
_AUTHORITY = pattern(
    r"^(?:tm|t\.m|t/m|kt|k/t|k\.t|tl|t/l|tuq|t/uq|q|quyen|thay mat|ky thay|thua lenh|thua uy quyen)(?:\.|\b)"
)
_SIGNED = pattern(
    r"^\(?(?:da ky|ky ten|ky,? (?:ten,? )?dong dau|da ky ten|chu ky|ky so|da ky so|signed).{0,40}\)?$"
)
_APPENDIX = re.compile(
    r"^(?:phu luc|phan phu luc|phu bieu|bieu so|bieu mau|bieu \d|mau so|mau \d|bang phan cong|bang tong hop|bang cham diem|bang tieu chi|danh muc|danh sach)\b"
)
_NAME_WORD = r"[A-ZĐÀ-ỸƯƠĂÂÊÔ][a-zđà-ỹươăâêô'’]*(?:[-'’][A-Za-zĐđÀ-ỹ]+)?"
_ACADEMIC = re.compile(
    r"^(?:(?:GS|PGS|TS|ThS|Ths|TSKH|BS|Bs|BSCKI{1,2}|CKI{1,2}|CK[12]|KS|CN|LS|NGND|NGƯT|TTND|TTƯT|DS|NSND|NSƯT|NG?ƯT|Ths|Th\.S|T\.S|"
    r"Đại tá|Thượng tá|Trung tá|Thiếu tá|Đại úy|Thượng úy|Thiếu tướng|Trung tướng|Linh mục|Hòa thượng)[.,]?\s*)+"
)
_NAME = re.compile(rf"^{_NAME_WORD}(?:\s+{_NAME_WORD}){{1,5}}$")
_NAME_CAPITALS = re.compile(r"^[A-ZĐÀ-ỸƯƠĂÂÊÔ'’]+(?:\s+[A-ZĐÀ-ỸƯƠĂÂÊÔ'’]+){1,5}$")
#: the row of "Nơi nhận:" may hold all recipients, but it is no long paragraph
_LONGEST_ROW = 400
_BULLET = re.compile(r"^[-–—+•*]\s*")


@dataclass(slots=True)
class ClosingLabel:
    kind: str
    segments: list[Segment]


@dataclass(slots=True)
class Closing:
    """`start` is the index of the first paragraph of the closing; `end` that after its last."""

    start: int
    end: int
    labels: dict[int, ClosingLabel] = field(default_factory=dict)
    recipients: list[Segment] = field(default_factory=list)
    archive: list[Segment] = field(default_factory=list)
    authority: list[Segment] = field(default_factory=list)
    titles: list[Segment] = field(default_factory=list)
    names: list[Segment] = field(default_factory=list)
    #: signature parts in reading order
    signature: list[tuple[str, Segment]] = field(default_factory=list)


@cache
def _title_pattern() -> re.Pattern[str]:
    titles = sorted((flat(word) for word in vocabulary.load("signer_titles")), key=len, reverse=True)
    return re.compile(r"^(?:" + "|".join(re.escape(word) for word in titles) + r")\b")


def is_post(text: str) -> bool:
    """Whether `text` is (or begins with) the title of a post: GIÁM ĐỐC, Phó Chủ tịch UBND xã, …"""
    return _title_pattern().match(flat(text).strip(" (*")) is not None


def is_person_name(text: str) -> bool:
    """Whether `text` can be the name of one person, academic titles aside."""
    bare = _ACADEMIC.sub("", text.strip(" .*(),")).strip()
    # "Y Bhăm Niê - Ủy viên Ban Chấp hành": a post may follow the name
    bare = re.split(r"\s+[-–]\s+|\s*\(", bare)[0].strip(" ,")
    if not bare or any(letter.isdigit() for letter in bare) or is_post(bare):
        return False
    return _NAME.match(bare) is not None or (
        _NAME_CAPITALS.match(bare) is not None and len(bare.split()) <= 5
    )


def without_academic_titles(text: str) -> str:
    """The bare name: titles before it and a post after it left out."""
    return re.split(r"\s+[-–]\s+|\s*\(|,", _ACADEMIC.sub("", text.strip()).strip())[0].strip()


def read_closing(paragraphs: Sequence[Paragraph], *, start: int) -> Closing:
    """The closing of the document whose body begins at paragraph `start`."""
    total = len(paragraphs)
    head_at = next(
        (index for index in range(start, total) if _holds_recipients_head(paragraphs, index)), None
    )
    end = _appendix_start(paragraphs, (head_at if head_at is not None else start) + 1)
    if head_at is not None:
        first = _walk_back(paragraphs, head_at, start)
    else:
        found = _signature_without_recipients(paragraphs, start, end)
        if found is None:
            return Closing(end, end)
        first = found
    closing = Closing(first, end)
    _label(closing, paragraphs)
    return closing


def _holds_recipients_head(paragraphs: Sequence[Paragraph], index: int) -> bool:
    if len(paragraphs[index].text) > _LONGEST_ROW:
        return False
    key = flat(paragraphs[index].text)
    if "noi nhan" not in key and "noi gui" not in key:
        return False
    return any(
        _RECIPIENTS_HEAD.match(segment.flat)
        and not segment.text[:1].islower()  # "nội nhân" has the same letters
        for segment in _segments(paragraphs, index)
    )


def _segments(paragraphs: Sequence[Paragraph], index: int) -> list[Segment]:
    paragraph = paragraphs[index]
    return segments_of(paragraph.text, line=paragraph.lines[0], paragraph=index)


def opens_appendix(paragraph: Paragraph) -> bool:
    """Whether a paragraph is the head of an appendix: "Phụ lục I", "BIỂU MẪU 02", "DANH SÁCH …"."""
    text = without_markup(paragraph.text)
    if len(text) > 200 or paragraph.cell is not None or not _APPENDIX.match(flat(text)):
        return False
    words = text.split()
    return text[:1].isupper() and (
        text.isupper() or words[0].isupper() or paragraph.centred or paragraph.bold or len(text) < 20
    )


@cache
def _type_words() -> frozenset[str]:
    return frozenset(flat(entry["word"]) for entry in vocabulary.load("document_types"))


def opens_attachment(paragraph: Paragraph) -> bool:
    """Whether a paragraph is the type line of a second document, issued with the first: "KẾ HOẠCH", "QUY CHẾ"."""
    text = without_markup(paragraph.text)
    return text.isupper() and len(text) < 40 and flat(text).strip() in _type_words()


def _appendix_start(paragraphs: Sequence[Paragraph], start: int) -> int:
    return next(
        (
            index
            for index in range(start, len(paragraphs))
            if opens_appendix(paragraphs[index]) or opens_attachment(paragraphs[index])
        ),
        len(paragraphs),
    )


def _is_capitals(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) >= 2 and all(letter.isupper() for letter in letters)


def _signature_like(text: str) -> bool:
    """A short line that can stand in a signature block: an authority, a post, a name, "(Đã ký)"."""
    text = without_markup(text)
    if len(text) > 90 or text.endswith((";", ":", "./.")):
        return False
    key = flat(text)
    if _SIGNED.match(key):
        return True
    if _is_capitals(text):
        return bool(_AUTHORITY.match(key)) or is_post(text) or len(text) < 60
    return is_person_name(text)


def _walk_back(paragraphs: Sequence[Paragraph], head_at: int, start: int) -> int:
    """Index of the first line of the signature block when it stands before "Nơi nhận"."""
    first = head_at
    index = head_at - 1
    capitals_seen = False
    while index >= start and index >= head_at - 8:
        text = paragraphs[index].text
        if not all(_signature_like(segment.text) for segment in _segments(paragraphs, index)):
            break
        key = flat(without_markup(text))
        capitals_seen = capitals_seen or bool(_AUTHORITY.match(key)) or is_post(without_markup(text))
        first = index
        index -= 1
    return first if capitals_seen else head_at


def _signature_without_recipients(paragraphs: Sequence[Paragraph], start: int, end: int) -> int | None:
    """Index of the first line of a signature block at the very end of a text without "Nơi nhận"."""
    index = end - 1
    first: int | None = None
    post_seen = False
    while index >= start and index >= end - 10:
        paragraph = paragraphs[index]
        if paragraph.origin in (Origin.FOOTNOTE, Origin.PAGE_FOOTER, Origin.PAGE_HEADER):
            index -= 1
            continue
        segments = _segments(paragraphs, index)
        if not segments or not all(_signature_like(s.text) for s in segments):
            break
        post_seen = post_seen or any(_AUTHORITY.match(s.flat) or is_post(s.text) for s in segments)
        first = index
        index -= 1
    return first if post_seen else None


def _label(closing: Closing, paragraphs: Sequence[Paragraph]) -> None:
    in_recipients = False
    archive_seen = False
    name_seen = False
    for index in range(closing.start, closing.end):
        paragraph = paragraphs[index]
        if paragraph.origin is Origin.FOOTNOTE:
            continue
        segments = _segments(paragraphs, index)
        kinds: list[str] = []
        for segment in segments:
            kind = _kind_of(
                segment,
                in_recipients=in_recipients,
                archive_seen=archive_seen,
                name_seen=name_seen,
                closing=closing,
            )
            if kind == "noi_nhan_head":
                in_recipients = True
                opening = _RECIPIENTS_HEAD.match(segment.flat)
                rest = segment.text[opening.end() :].strip() if opening else ""
                if rest:
                    _take_inline_recipients(closing, rest, segment)
            elif kind == "noi_nhan":
                _add_recipient(closing, segment)
            elif kind == "luu":
                archive_seen = True
                closing.archive.append(segment)
            elif kind == "quyen_han":
                closing.authority.append(segment)
                closing.signature.append((kind, segment))
            elif kind == "chuc_vu":
                closing.titles.append(segment)
                closing.signature.append((kind, segment))
            elif kind == "da_ky":
                closing.signature.append((kind, segment))
            elif kind == "ho_ten":
                name_seen = True
                closing.names.append(segment)
                closing.signature.append((kind, segment))
            kinds.append(kind)
        if not kinds:
            kinds = ["nhieu"]
        order = ("noi_nhan_head", "luu", "noi_nhan", "quyen_han", "chuc_vu", "ho_ten", "da_ky", "nhieu")
        closing.labels[index] = ClosingLabel(min(kinds, key=order.index), segments)


def _add_recipient(closing: Closing, segment: Segment) -> None:
    """Adds a recipient, or joins the rest of one whose line was cut."""
    above = closing.recipients[-1] if closing.recipients else None
    if (
        above is not None
        and _BULLET.match(above.text)
        and not _BULLET.match(segment.text)
        and not above.text.rstrip().endswith((";", "."))
    ):
        joined = f"{above.text} {segment.text}"
        closing.recipients[-1] = Segment(joined, above.line, above.paragraph, above.column, above.columns)
    else:
        closing.recipients.append(segment)


def _goes_on(authority: str, below: str) -> bool:
    """ "TM. ỦY BAN NHÂN DÂN" broken before "HUYỆN …"."""
    if authority.rstrip().endswith((",", "-", " VÀ")):
        return True
    return (
        re.match(
            r"(?:tinh|thanh pho|huyen|quan|thi xa|xa|phuong|thi tran|dac khu|viet nam|so |khoi |truong )\b",
            below,
        )
        is not None
    )


def _take_inline_recipients(closing: Closing, rest: str, segment: Segment) -> None:
    """ "Nơi nhận: - UBND tỉnh; - Lưu: VT." printed on one line."""
    for part in re.split(r";\s*|(?<=\.)\s+(?=[-–])", rest):
        part = part.strip()
        if not part:
            continue
        piece = Segment(part, segment.line, paragraph=segment.paragraph)
        (closing.archive if _ARCHIVE.match(piece.flat) else closing.recipients).append(piece)


def _kind_of(
    segment: Segment, *, in_recipients: bool, archive_seen: bool, name_seen: bool, closing: Closing
) -> str:
    text, key = segment.text.strip(), segment.flat.strip()
    if not any(letter.isalnum() for letter in text):
        return "nhieu"
    if _RECIPIENTS_HEAD.match(key):
        return "noi_nhan_head"
    if _SIGNED.match(key):
        return "da_ky"
    if in_recipients and _FURTHER_LIST.match(key):
        return "noi_nhan_head"
    if _ARCHIVE.match(key) and (in_recipients or _BULLET.match(text)):
        return "luu"
    if _BULLET.match(text):
        return "noi_nhan" if in_recipients else "nhieu"
    capitals = _is_capitals(text)
    if capitals and _AUTHORITY.match(key):
        return "quyen_han"
    if (
        capitals
        and closing.authority
        and not closing.titles
        and not is_post(text)
        and _goes_on(closing.authority[-1].text, key)
    ):
        return "quyen_han"
    if (
        is_post(text)
        and (capitals or segment.columns > 1 or name_seen or archive_seen or not in_recipients)
        and not text.endswith(";")
    ):
        return "chuc_vu"
    if capitals and not text.endswith(";") and not closing.titles:
        return "chuc_vu"
    if is_person_name(text) and (closing.titles or closing.authority) and not text.endswith((";", ":")):
        return "ho_ten"
    if in_recipients and not archive_seen:
        return "noi_nhan"
    if is_person_name(text) and not name_seen:
        return "ho_ten"
    if text.endswith(";") and in_recipients:
        return "noi_nhan"
    return "nhieu"
