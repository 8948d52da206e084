"""Lines -> paragraphs: undoes what pages, hard wraps and footnotes did to the sentences.

A paragraph keeps the numbers of all lines it was made from. Only joining is done here, always with one space
(none inside a symbol or a date that was cut at its own hyphen or stroke); no letter is changed. Joining depends
on the words at the seam and on the width of the text, so wrapping a text again gives the same paragraphs.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .markers import marker_of
from .matching import flat
from .model import Line, Origin, Paragraph
from .tables import mark_tables

_PAGE_NUMBER = re.compile(
    r"^\s*(?:[-–—]\s*)?(?:(?:trang|page)\s+)?(\d{1,3})(?:\s*/\s*\d{1,3})?(?:\s*[-–—])?\s*$", re.I
)
_ENDS_SENTENCE = (".", ";", ":", "!", "?", "…", "*")
_FOOTNOTE_START = re.compile(r"^\s*[¹²³⁴⁵⁶⁷⁸⁹⁰]+\s*\S")
_RULE = re.compile(r"^\s*[-–—_=*~.]{3,}\s*$")
_CUT_TOKEN = re.compile(r"[0-9A-Za-zĐđ][-–/]$")
_LONGEST_HEAD_PIECE = 30
_HEAD_GOES_ON = re.compile(r"^(?:hoa xa hoi|ban nhan dan|dong nhan dan|dong thi dua|hoi chu nghia)\b")
_PLACE_GOES_ON = re.compile(r"^[^\W\d]+(?: [^\W\d]+)?, ngay\b")
_OPENS_PREAMBLE = re.compile(
    r"^(?:thuc hien|trien khai|can cu|nham|de |thi hanh|phat huy|huong ung|theo|tiep tuc|kinh gui|nam 20)"
)
#: words after which a sentence must go on
_CANNOT_END = re.compile(
    r"(?:^|\s)(?:cua|va|ve|theo|voi|tai|cho|cac|la|trong|den|tu|hoac|do|so|ngay|boi|nham|nhung|moi|thuoc)$|,$"
)
#: a date cut in two: "ngày 08" / "tháng 11 năm 2021", "ngày" / "16/7/2021"
_CUT_DATE_END = re.compile(r"\b(?:ngay(?: \d{1,2})?|ngay \d{1,2} thang(?: \d{1,2})?|thang \d{1,2} nam)$")
_CUT_DATE_START = re.compile(
    r"^(?:\d{1,2}[/.-]\d|\d{1,2} thang\b|thang \d|nam (?:19|20)\d\d|(?:19|20)\d\d\b|\d{1,2} nam )"
)
#: a period cut at its dash, "2021" / "- 2025": no bullet
_CUT_PERIOD_END = re.compile(r"\b(?:19|20)\d\d$")
_CUT_PERIOD_START = re.compile(r"^[-–]\s*(?:19|20)\d\d\b")
_ITEM = re.compile(r"^\((\d{1,2})\)\s")
#: a text whose fullest lines are wider than this was not wrapped by hand
_WIDEST_WRAP = 130
_FEWEST_WRAPPED_LINES = 3
_SURE_WRAPPED_LINES = 6
#: first words of the parts that stand on lines of their own and never go on from the line above
_OWN_LINE = re.compile(
    r"^(?:noi nhan\b|kinh gui\b|luu\s*:|so\s*:|so\s*\.|phu luc\b|dieu \d+|chuong [ivx\d]+|phan (?:thu|[ivx]+\b)|"
    r"cong hoa xa hoi|doc lap\s*-|can cu\b|tm\.|kt\.|tl\.|tuq\.|q\.|t/m\b|k/t\b)"
)


@dataclass(frozen=True, slots=True)
class _Wrapping:
    """How the text was wrapped by hand: `width` in letters, or 0 when each line is a paragraph."""

    width: int


def paragraphs_of(lines: Sequence[Line]) -> list[Paragraph]:
    """Non-empty lines joined into the paragraphs they were before printing, in reading order.

    Page numbers stand as paragraphs of their own (their text is the number); footnotes too, so that a sentence
    cut by one is whole again.
    """
    lines = mark_tables(lines)
    page_numbers = _page_number_lines(lines)
    wrapping = _wrapping_of(lines)
    result: list[Paragraph] = []
    open_at: int | None = None  # index in `result` of the paragraph that the next line may go on
    previous: Line | None = None  # last line of that paragraph
    note_open: int | None = None  # index of a footnote whose sentence is not finished
    blank_between = False
    for line in lines:
        text = line.text.strip()
        if not text:
            blank_between = True
            continue
        if line.number in page_numbers or _RULE.match(text):
            result.append(_paragraph_of(line, text))
            blank_between = True
            continue
        if line.origin in (Origin.FOOTNOTE, Origin.PAGE_HEADER, Origin.PAGE_FOOTER) or _FOOTNOTE_START.match(
            text
        ):
            result.append(_paragraph_of(line, text))
            note_open = len(result) - 1 if not text.endswith(_ENDS_SENTENCE) else None
            blank_between = True
            continue
        if note_open is not None and _goes_on_note(result, note_open, open_at, text):
            note = result[note_open]
            result[note_open] = replace(note, lines=(*note.lines, line.number), text=f"{note.text} {text}")
            note_open = note_open if not text.endswith(_ENDS_SENTENCE) else None
            continue
        if (
            open_at is not None
            and previous is not None
            and _goes_on(
                previous,
                line,
                wrapping,
                blank_between=blank_between,
                interrupted=open_at < len(result) - 1,
                joined=result[open_at].text,
            )
        ):
            joined = result[open_at]
            cut_token = (
                bool(_CUT_TOKEN.search(joined.text, max(0, len(joined.text) - 3)))
                and not text[0].isspace()
                and text[0].isalnum()
            )
            result[open_at] = Paragraph(
                lines=(*joined.lines, line.number),
                text=joined.text + ("" if cut_token else " ") + text,
                page_break_split=joined.page_break_split or _is_page_break(previous, line, blank_between),
                origin=joined.origin,
                cell=joined.cell,
                bold=joined.bold and line.bold,
                centred=joined.centred and line.centred,
                heading_level=joined.heading_level,
            )
        else:
            result.append(_paragraph_of(line, text))
            open_at = len(result) - 1
        previous = line
        blank_between = False
    return result


def _goes_on_note(result: list[Paragraph], note: int, open_at: int | None, text: str) -> bool:
    """Whether a line goes on a footnote: the note is open while the sentence above it is finished."""
    if not text[0].islower() or marker_of(text) is not None:
        return False
    return open_at is None or open_at > note or result[open_at].text.endswith(_ENDS_SENTENCE)


def _paragraph_of(line: Line, text: str) -> Paragraph:
    return Paragraph(
        lines=(line.number,),
        text=text,
        origin=line.origin,
        cell=line.cell,
        bold=line.bold,
        centred=line.centred,
        heading_level=line.heading_level,
    )


def _is_page_break(previous: Line, line: Line, blank_between: bool) -> bool:
    """A wrapped line goes on at the very next line; only a page break leaves a gap."""
    return blank_between or line.number > previous.number + 1


def _goes_on(
    previous: Line, line: Line, wrapping: _Wrapping, *, blank_between: bool, interrupted: bool, joined: str
) -> bool:
    """Whether `line` goes on the paragraph `joined`, whose last line is `previous`."""
    after = line.text.strip()
    lower_start = after[0].islower() or after[0].isdigit()
    if not lower_start and (blank_between or previous.whole_paragraph) and after[0] not in "-–":
        return False
    before = previous.text.rstrip()
    if not blank_between and not interrupted and previous.cell == line.cell and _cut_in_head(before, after):
        return True
    if (
        _CUT_DATE_END.search(flat(before[-26:]))
        and _CUT_DATE_START.match(flat(after[:40]))
        and previous.cell == line.cell
    ):
        return True
    if _CUT_PERIOD_END.search(before, max(0, len(before) - 5)) and _CUT_PERIOD_START.match(after):
        return True
    if (
        _CUT_TOKEN.search(before, max(0, len(before) - 3))
        and after[0].isalnum()
        and not blank_between
        and wrapping.width
        and not interrupted
    ):
        return True
    next_page = previous.page is not None and previous.page != line.page
    if (next_page or not (blank_between or previous.whole_paragraph)) and _wrapped_before_marker(
        joined, after
    ):
        return True
    if (
        previous.cell != line.cell
        or marker_of(after) is not None
        or (not after[0].islower() and _OWN_LINE.match(flat(after[:40])))
    ):
        return False
    sentence_open = False if before.endswith(_ENDS_SENTENCE) else lower_start and not _is_capitals(before)
    if previous.whole_paragraph or blank_between or interrupted or not wrapping.width:
        # only a page break (or a note) can have cut here: the sentence itself must be open
        return sentence_open and line.cell is None and _is_prose(joined)
    if _is_capitals(before) != _is_capitals(after):
        return False
    if _is_capitals(before) and marker_of(joined) is None:
        return False  # lines of a title or of the head: the head joins them itself
    if _CANNOT_END.search(flat(before[-10:])):
        return True
    if _indent(line.text) >= _indent(previous.text) + 3 and not sentence_open:
        return False  # a first-line indent begins a paragraph
    if before.endswith(_ENDS_SENTENCE):
        # only when the first word below would not have fitted above does a line that ends a sentence run on
        return len(before) + 1 + len(after.split(None, 1)[0]) > wrapping.width
    if not sentence_open and _OPENS_PREAMBLE.match(flat(after[:40])):
        return False  # a title has no end mark; the preamble below it begins a new paragraph
    # letters of unlike width make lines of unlike length: an unfinished sentence in a fairly full line runs on
    return len(before) > wrapping.width * (0.5 if sentence_open else 0.75)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _cut_in_head(before: str, after: str) -> bool:
    """A web copy breaks the narrow cells of the head after their first word: "CỘNG" / "HÒA XÃ HỘI …", "Sơn" / "La, ngày …"."""
    if (
        len(before.split()) > 2
        or before.endswith((".", ":", ";", ",", "|", "-"))
        or marker_of(before) is not None
    ):
        return False
    if not all(word.isalpha() for word in before.split()):
        return False
    key = flat(after)
    if before.isupper() and after.isupper():
        return _HEAD_GOES_ON.match(key) is not None
    return before[:1].isupper() and not before.isupper() and _PLACE_GOES_ON.match(key) is not None


def _wrapped_before_marker(paragraph: str, after: str) -> bool:
    """Whether what looks like a bullet or an item is the rest of a sentence: a name in open quotation marks that was
    cut at its hyphen, or the next item of a list inside the sentence."""
    item = _ITEM.match(after)
    if item:  # "… (1) …;" / "(2) …" inside one sentence
        return int(item[1]) > 1 and f" ({int(item[1]) - 1}) " in paragraph
    if after[0] not in "-–" or paragraph.endswith(_ENDS_SENTENCE):
        return False
    if paragraph.count("“") > paragraph.count("”"):
        return True
    # "các tổ chức chính trị" / "- xã hội": a bullet after an open sentence does not begin with a small letter
    return after[1:].lstrip()[:1].islower() and _is_prose(paragraph)


def _is_prose(text: str) -> bool:
    """Long enough to be a cut sentence, not a label, a title block or a name."""
    return len(text) >= 40 or text.count(" ") >= 7


def _is_capitals(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) >= 2 and all(letter.isupper() for letter in letters)


def _wrapping_of(lines: Sequence[Line]) -> _Wrapping:
    """The width at which the text was wrapped by hand, found from its fullest runs of neighbouring lines."""
    runs = [
        (len(first.text.rstrip()), second)
        for first, second in itertools.pairwise(lines)
        if first.text.strip() and second.text.strip() and not first.whole_paragraph and first.cell is None
    ]
    wrapped = sorted(
        length for length, second in runs if marker_of(second.text.strip()) is None and length >= 40
    )
    if len(wrapped) < _FEWEST_WRAPPED_LINES:
        return _Wrapping(0)
    width = wrapped[min(len(wrapped) - 1, int(len(wrapped) * 0.97))]
    if width > _WIDEST_WRAP:
        return _Wrapping(0)
    beyond = sum(len(line.text.rstrip()) > width * 1.2 for line in lines if line.cell is None)
    if beyond >= 2:
        return _Wrapping(0)  # paragraphs stand in lines of their own; some are short
    if len(wrapped) < _SURE_WRAPPED_LINES:
        # a few lines only: they must be full, or they are short paragraphs that happen to stand together
        full = sum(
            length + 1 + len(second.text.split(None, 1)[0]) > width for length, second in runs if length >= 40
        )
        if full * 3 < len(wrapped) * 2:
            return _Wrapping(0)
    return _Wrapping(width)


def _page_number_lines(lines: Sequence[Line]) -> frozenset[int]:
    """Numbers of the lines that hold only a page number.

    A lone number counts when the lone numbers of the text rise by one from page to page, or when it stands in
    a page header or footer; a lone figure in a table cell does not.
    """
    found: list[int] = []
    expected: int | None = None
    for line in lines:
        if line.cell is not None:
            continue
        match = _PAGE_NUMBER.match(line.text)
        if not match:
            continue
        value = int(match[1])
        if line.origin in (Origin.PAGE_HEADER, Origin.PAGE_FOOTER):
            found.append(line.number)
        elif (expected is None and value in (1, 2)) or value == expected:
            found.append(line.number)
            expected = value + 1
    return frozenset(found)
