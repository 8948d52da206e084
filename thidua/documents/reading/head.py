"""The head of a document: motto, agency, number, place and date, type and title.

Finds where the head ends and labels each of its paragraphs; `docs.facts` later reads values from the labels.
The parts may stand in any order, side by side, after site chrome, or be missing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from . import vocabulary
from .markers import marker_of
from .matching import flat, pattern
from .model import Origin, Paragraph
from .segments import Segment, segments_of, without_markup

_MOTTO = pattern(r"^(?:cong hoa xa hoi chu nghia viet nam|xa hoi chu nghia viet nam|dang cong san viet nam)$")
_MOTTO_PART = pattern(r"^(?:cong hoa xa hoi|cong hoa xa hoi chu nghia|chu nghia viet nam|viet nam)$")
_SUBMOTTO = pattern(r"^doc lap ?- ?tu do ?- ?hanh phuc\.?$")
_NUMBER = re.compile(
    r"^so\s*[:.]?\s*(?P<number>\d[\d ]{0,6}[a-z]?)?\s*(?:[.…_]{2,}|\.)?\s*(?P<symbol>[/\-]\s*(?:(?:19|20)\d\d\s*[/\-]\s*)?[a-z].{0,40})?$"
)
#: what may follow a number line that was cut: "58-KH/HNDT" below "Số:", "UBND" below "Số:  /KH-"
_NUMBER_BELOW = re.compile(r"^\d{1,5}[a-zA-Z]?\s?[/\-–]\s?[A-ZĐ][\wĐđ&.\-–/]*$")
_SYMBOL_END_BELOW = re.compile(r"^[A-ZĐ][A-ZĐa-z&.]{1,14}$")
_SYMBOL_ALONE = re.compile(r"^/\s*[A-ZĐ]{1,6}[A-Za-zĐđ]*(?:\s?[-–]\s?[A-ZĐ][\wĐđ&.]*)*$")
_DATE = re.compile(
    r"^(?P<place>[^\d,:;]{2,45}?)?[,.]?\s*(?P<date>ngay\s*(?P<day>[\d.…_\s]{0,12}?)\s*thang\s*(?P<month>[\d.…_\s]{0,12}?)"
    r"\s*nam\s*(?P<year>\d{4}|20[\d.…_]{0,6}|[.…_]{0,8}))\s*\.?$"
)
_DRAFT = pattern(r"^\(?(?:du thao|ban du thao)(?: lan .{1,6})?\)?$")
_SUBJECT_OF_LETTER = pattern(r"^v/v\b|^v/v:|^(?:ve viec|v\.v)\b")
_ADDRESSEE = pattern(r"^kinh gui\b")
_LEGAL_BASIS = pattern(r"^(?:can cu|xet|theo|tren co so|thuc hien|thi hanh|chap hanh)\b")
_ORDERS = pattern(r"^(?:quyet dinh|quyet nghi|nghi quyet|chi thi)\s*:?$")
#: a head longer than this many paragraphs before the type line is not looked at: the text has no type line
_FARTHEST_TYPE_LINE = 80
_LONGEST_TITLE = 420
_TITLE_GOES_ON = pattern(
    r"^(?:giai doan|nam \d{4}|tren dia ban|tai |cua |ve |va |trong |den nam|\(|cho |gan voi |\"|do |voi |theo |ban hanh |"
    r"(?:tinh|huyen|xa|thanh pho|thi xa|phuong|quan|thi tran) )"
)


@dataclass(slots=True)
class HeadLabel:
    """What a paragraph of the head is: a structure kind of `golden/1`, and the segments that made it so."""

    kind: str
    segments: list[Segment]


@dataclass(slots=True)
class Head:
    """The labelled paragraphs of the head: `labels[i]` belongs to paragraph i of the document."""

    labels: dict[int, HeadLabel] = field(default_factory=dict)
    end: int = 0  # index of the first paragraph after the head
    type_word: str | None = None
    #: (segment, match) of the number and date parts, wherever they stood
    number: Segment | None = None
    symbol_line: Segment | None = None
    date: Segment | None = None
    title_paragraphs: list[int] = field(default_factory=list)
    title_run_in: str | None = None  # title printed on the type line itself
    agency: list[Segment] = field(default_factory=list)
    motto: bool = False
    submotto: bool = False
    draft: bool = False
    subject_of_letter: Segment | None = None


@cache
def _type_words() -> dict[str, str]:
    """Flat type word -> type as written."""
    return {flat(entry["word"]): entry["word"] for entry in vocabulary.load("document_types")}


@cache
def _type_line() -> re.Pattern[str]:
    words = sorted(_type_words(), key=len, reverse=True)
    return re.compile(r"^(?P<word>" + "|".join(words) + r")(?P<rest>\s+.*|\s*:.*)?$")


def read_head(paragraphs: Sequence[Paragraph]) -> Head:
    """Labels of the head of `paragraphs`; the head ends before the first sentence of the document's own."""
    head = Head()
    limit = _first_body_paragraph(paragraphs)
    type_at, run_in = _find_type_line(paragraphs, limit)
    before = type_at if type_at is not None else limit
    for index in range(before):
        _label_before_type(head, paragraphs, index)
    if type_at is None:
        head.end = _end_without_type(head, paragraphs, limit)
        return head
    word, rest = run_in
    head.type_word = word
    segment = Segment(
        without_markup(paragraphs[type_at].text), paragraphs[type_at].lines[0], paragraph=type_at
    )
    head.labels[type_at] = HeadLabel("ten_loai", [segment])
    head.title_run_in = rest or None
    head.end = _label_title(head, paragraphs, type_at + 1)
    return head


def _first_body_paragraph(paragraphs: Sequence[Paragraph]) -> int:
    """Index of the first numbered heading or numbered article: the head cannot reach beyond."""
    for index, paragraph in enumerate(paragraphs[:_FARTHEST_TYPE_LINE]):
        marker = marker_of(without_markup(paragraph.text))
        if (
            marker
            and marker.ordinal == 1
            and marker.style in ("roman", "arabic", "capital", "phan", "chuong", "dieu")
        ):
            return index
    return min(len(paragraphs), _FARTHEST_TYPE_LINE)


def _find_type_line(paragraphs: Sequence[Paragraph], limit: int) -> tuple[int | None, tuple[str, str]]:
    for index in range(min(limit, len(paragraphs))):
        paragraph = paragraphs[index]
        if paragraph.origin in (Origin.PAGE_HEADER, Origin.PAGE_FOOTER):
            continue
        text = without_markup(paragraph.text)
        if len(text) > 300:
            continue
        despaced = _despaced_type(text)
        if despaced:
            return index, (despaced, "")
        match = _type_line().match(re.sub(r"\s+", " ", flat(text)))
        if not match:
            continue
        word_text = text[: len(match["word"])]
        rest = text[len(match["word"]) :].strip(" :")
        if not rest and (
            word_text.isupper() or paragraph.bold or paragraph.centred or len(text.split()) <= 3
        ):
            # "Kế hoạch" alone in lower case counts only when printed as a heading or before any sentence
            if (
                word_text.isupper()
                or paragraph.bold
                or paragraph.centred
                or _nothing_but_head(paragraphs, index)
            ):
                return index, (_type_words()[match["word"]], "")
        elif rest and word_text.isupper() and not _ORDERS.match(flat(text)):
            return index, (_type_words()[match["word"]], rest)
    return None, ("", "")


def _despaced_type(text: str) -> str | None:
    """Type of a line whose letters were spaced out, "K Ế  H O Ạ C H"."""
    letters = text.split()
    if len(letters) < 4 or any(len(letter) > 1 for letter in letters):
        return None
    joined = flat("".join(letters))
    return next((word for key, word in _type_words().items() if key.replace(" ", "") == joined), None)


def _nothing_but_head(paragraphs: Sequence[Paragraph], index: int) -> bool:
    return all(len(paragraph.text) < 120 for paragraph in paragraphs[:index])


def _label_before_type(head: Head, paragraphs: Sequence[Paragraph], index: int) -> None:
    paragraph = paragraphs[index]
    segments = segments_of(paragraph.text, line=paragraph.lines[0], paragraph=index)
    kinds = [_kind_before_type(head, segment, paragraphs, index) for segment in segments]
    if not kinds:
        head.labels[index] = HeadLabel("nhieu", segments)
        return
    # a row with several parts goes by the part that says most about the document itself
    order = (
        "so_ky_hieu",
        "dia_danh_ngay",
        "ten_co_quan",
        "quoc_hieu",
        "tieu_ngu",
        "trich_yeu",
        "kinh_gui",
        "du_thao",
        "nhieu",
    )
    head.labels[index] = HeadLabel(min(kinds, key=order.index), segments)


def _kind_before_type(head: Head, segment: Segment, paragraphs: Sequence[Paragraph], index: int) -> str:
    text = segment.flat.strip()
    if _MOTTO.match(text) or _MOTTO_PART.match(text):
        head.motto = head.motto or "dang cong san" not in text
        return "quoc_hieu"
    if _SUBMOTTO.match(text):
        head.submotto = True
        return "tieu_ngu"
    if _DRAFT.match(text):
        head.draft = True
        return "du_thao"
    if _NUMBER.match(text) and len(text) < 60:
        head.number = head.number or segment
        return "so_ky_hieu"
    if (
        head.number is not None
        and head.symbol_line is None
        and _completes_number(head.number.text, segment.text)
    ):
        head.symbol_line = segment
        return "so_ky_hieu"
    if _DATE.match(text):
        head.date = head.date or segment
        return "dia_danh_ngay"
    if _SUBJECT_OF_LETTER.match(text):
        head.subject_of_letter = head.subject_of_letter or segment
        return "trich_yeu"
    if _ADDRESSEE.match(text):
        return "kinh_gui"
    if _goes_on_subject(head, segment):
        return "trich_yeu"
    if looks_like_agency(segment.text):
        head.agency.append(segment)
        return "ten_co_quan"
    return "nhieu"


def _goes_on_subject(head: Head, segment: Segment) -> bool:
    """Whether a line goes on the "V/v …" of a letter, which is set in a narrow column."""
    subject = head.subject_of_letter
    if subject is None or len(segment.text) > 90 or segment.text.isupper():
        return False
    above = max(
        (label_at for label_at, label in head.labels.items() if label.kind == "trich_yeu"),
        default=subject.paragraph,
    )
    return segment.paragraph - above <= 1


def _completes_number(number: str, below: str) -> bool:
    """Whether `below` is the rest of a number line that was cut in two."""
    above = number.rstrip()
    if above.endswith(("-", "–", "/")):
        return _SYMBOL_END_BELOW.match(below) is not None
    if flat(above).rstrip(" :.") == "so":
        return _NUMBER_BELOW.match(below) is not None or _SYMBOL_ALONE.match(below) is not None
    return _SYMBOL_ALONE.match(below) is not None and "/" not in above


def looks_like_agency(text: str) -> bool:
    """A line of capitals that can be (part of) the name of a body."""
    letters = [letter for letter in text if letter.isalpha()]
    if len(letters) < 3 or len(text) > 110 or not all(letter.isupper() for letter in letters):
        return False
    return _ORDERS.match(flat(text)) is None


def _label_title(head: Head, paragraphs: Sequence[Paragraph], start: int) -> int:
    """Labels the title after the type line; returns the index after it (and after number or date lines)."""
    index = start
    titles: list[int] = []
    while index < len(paragraphs):
        paragraph = paragraphs[index]
        text = without_markup(paragraph.text)
        key = flat(text)
        segment = Segment(text, paragraph.lines[0], paragraph=index)
        if paragraph.origin is Origin.FOOTNOTE or _is_ornament(text):
            head.labels[index] = HeadLabel("nhieu", [segment])
        elif _NUMBER.match(key) and len(key) < 60 and head.number is None:
            head.number = segment
            head.labels[index] = HeadLabel("so_ky_hieu", [segment])
        elif _DATE.match(key) and head.date is None and len(key) < 90:
            head.date = segment
            head.labels[index] = HeadLabel("dia_danh_ngay", [segment])
        elif _DRAFT.match(key):
            head.draft = True
            head.labels[index] = HeadLabel("du_thao", [segment])
        elif (not titles and head.title_run_in is None and _can_be_title(text, key)) or (
            (titles or head.title_run_in) and _title_goes_on(paragraphs, titles, index, text, key, head)
        ):
            titles.append(index)
            head.labels[index] = HeadLabel("trich_yeu", [segment])
        else:
            break
        index += 1
    head.title_paragraphs = titles
    return index


def _is_ornament(text: str) -> bool:
    return not any(letter.isalnum() for letter in text)


def _can_be_title(text: str, key: str) -> bool:
    if len(text) > _LONGEST_TITLE or marker_of(text) is not None or text.rstrip().endswith((":", ";", "./.")):
        return False
    if key.startswith(("can cu ", "kinh gui")):
        return False
    # a preamble of one sentence: it says who issues what, or ends as a sentence
    if text.rstrip().endswith(".") and len(text) > 120:
        return False
    return not re.search(r"\b(?:xay dung|ban hanh)(?: va trien khai)? ke hoach\b.*\b(?:nhu sau|cu the)", key)


def _title_goes_on(
    paragraphs: Sequence[Paragraph], titles: list[int], index: int, text: str, key: str, head: Head
) -> bool:
    if not _can_be_title(text, key) or len(titles) >= 4 or len(text) > 250:
        return False
    above = without_markup(paragraphs[titles[-1]].text) if titles else (head.title_run_in or "")
    if above.rstrip().endswith((".", ":", ";")):
        return False
    if (above.isupper() and text[:1].isdigit() and len(text) < 60) or re.search(
        r"(?:giai doan|nam|ngay|thang)$", flat(above)
    ):
        return True
    if text[:1].islower() or _TITLE_GOES_ON.match(key):
        return len(text) < 200 and not text.rstrip().endswith(".")
    if text.isupper() and above.isupper() and not looks_like_issuer_line(key):
        return True
    same_style = (
        bool(titles) and paragraphs[titles[-1]].bold and paragraphs[index].bold and paragraphs[index].centred
    )
    return same_style and not looks_like_issuer_line(key)


def looks_like_issuer_line(key: str) -> bool:
    """ "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH" between the title of a decision and its grounds."""
    return bool(
        re.match(
            r"^(?:chu tich|giam doc|bo truong|thu truong|truong ban|hieu truong|uy ban nhan dan|hoi dong nhan dan|ubnd)\b",
            key,
        )
    )


def _end_without_type(head: Head, paragraphs: Sequence[Paragraph], limit: int) -> int:
    """Without a type line the head is its recognised parts only; the rest is body."""
    last = -1
    for index in range(limit):
        if head.labels[index].kind != "nhieu":
            last = index
    known = {"quoc_hieu", "tieu_ngu", "so_ky_hieu", "dia_danh_ngay", "trich_yeu", "kinh_gui", "du_thao"}
    if not any(head.labels[index].kind in known for index in range(last + 1)):
        last = -1
    # the addressees of a letter may be listed below "Kính gửi:"
    index = last + 1
    if last >= 0 and head.labels[last].kind == "kinh_gui":
        while index < len(paragraphs) and paragraphs[index].text.lstrip().startswith(("-", "–", "+")):
            if len(paragraphs[index].text) > 160:
                break
            head.labels[index] = HeadLabel(
                "kinh_gui", [Segment(paragraphs[index].text, paragraphs[index].lines[0], paragraph=index)]
            )
            index += 1
    _take_title_without_type(head, paragraphs, index)
    for extra in [key for key in head.labels if key >= index]:
        del head.labels[extra]
    head.agency = [segment for segment in head.agency if segment.paragraph < index]
    return index


def agency_names(head: Head) -> dict[int, str]:
    """Paragraph index -> structure path of the agency lines: `hdr.cq` the issuer, `hdr.cq0` the body above it."""
    names: list[list[Segment]] = []
    for segment in head.agency:
        if names and (not names_body(segment.text) or is_unfinished(names[-1][-1].text)):
            names[-1].append(segment)
        else:
            names.append([segment])
    return {
        segment.paragraph: "hdr.cq" if position == len(names) - 1 else "hdr.cq0"
        for position, name in enumerate(names)
        for segment in name
    }


@cache
def _body_begins() -> re.Pattern[str]:
    kinds = vocabulary.load("bodies")["kinds"]
    return re.compile("|".join(f"(?:{entry['begins']})" for entry in kinds).replace(" ", r"\s+"))


def names_body(text: str) -> bool:
    """Whether `text` begins like the name of a body that issues documents."""
    key = flat(text).strip()
    return key in ("hoi dong", "ban chi dao") or _body_begins().match(key) is not None


def is_unfinished(capitals: str) -> bool:
    """ "ỦY BAN NHÂN DÂN" alone, or a name that breaks off before "VÀ" or after a comma, goes on in the next line."""
    key = flat(capitals).strip()
    return key in (
        "uy ban nhan dan",
        "van phong",
        "ubnd",
        "hoi dong nhan dan",
        "hoi dong",
        "so",
        "ban chap hanh",
    ) or key.endswith((" va", ",", " -", "-"))


def _take_title_without_type(head: Head, paragraphs: Sequence[Paragraph], end: int) -> None:
    """A line of capitals after number and date that names no body is the title of a text that lost its type line."""
    placed = [segment.paragraph for segment in (head.number, head.date) if segment is not None]
    if head.number is None or head.subject_of_letter is not None:
        return
    for index in range(max(placed) + 1, end):
        label = head.labels[index]
        if label.kind == "ten_co_quan" and not names_body(paragraphs[index].text):
            label.kind = "trich_yeu"
            head.title_paragraphs.append(index)
            head.agency = [segment for segment in head.agency if segment.paragraph != index]


def number_match(line: str) -> re.Match[str] | None:
    """The parts of a "Số: 12/KH-UBND" line, over its flat text."""
    return _NUMBER.match(flat(line).strip())


def date_match(segment: Segment) -> re.Match[str] | None:
    """The parts of a "Hà Nội, ngày 02 tháng 6 năm 2022" line, over its flat text."""
    return _DATE.match(segment.flat)
