"""A printed row that holds two things side by side: the agency and the motto, a recipient and the signer.

Text extractors leave such a row as one line with a wide gap, a bar or a tab; `segments_of` takes it apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .matching import flat

_GAP = re.compile(r"\s*\|\s*|\t+\s*|[ \u00a0]{3,}")
_HEADING_MARKS = re.compile(r"#{1,6}\s+")


@dataclass(frozen=True, slots=True)
class Segment:
    """One of the things printed in a row: its text as printed without markup, and the row's line number."""

    text: str
    line: int
    #: index of the paragraph in its sequence, and of the segment within it
    paragraph: int = 0
    column: int = 0
    columns: int = 1

    @property
    def flat(self) -> str:
        return flat(self.text)


def without_markup(text: str) -> str:
    """`text` without Markdown around it: "# ", "**…**", "*…*", "__…__". A star with a space after it is a bullet."""
    text = text.strip()
    if text[:1] not in "*_#" and text[-1:] not in "*_":
        return text
    heading = _HEADING_MARKS.match(text)
    if heading:
        text = text[heading.end() :]
    for mark in ("***", "**", "*", "__"):
        if text.startswith(mark) and text[len(mark) : len(mark) + 1].strip() and text[len(mark)] != "*":
            text = text[len(mark) :]
            break
    for mark in ("***", "**", "*", "__"):
        if text.endswith(mark):
            text = text[: -len(mark)]
            break
    return text.strip()


def segments_of(text: str, *, line: int, paragraph: int = 0) -> list[Segment]:
    """The things printed side by side in `text`, left to right; one when there is no gap.

    A gap left for a number or a day to be written in by hand ("Số:      /KH-UBND") parts nothing.
    """
    text = text.strip()
    if _GAP.search(text) is None:
        parts = _parts_of_scanned_row(text)
        if len(parts) > 1:
            return [
                Segment(part, line, paragraph=paragraph, column=index, columns=len(parts))
                for index, part in enumerate(parts)
            ]
        return [Segment(without_markup(text), line, paragraph=paragraph)] if without_markup(text) else []
    spans: list[tuple[int, int]] = []
    start = 0
    for gap in _GAP.finditer(text):
        if _is_blank_to_fill(text[start : gap.start()], text[gap.end() :]):
            continue
        spans.append((start, gap.start()))
        start = gap.end()
    spans.append((start, len(text)))
    parts = [part for part in (without_markup(text[begin:end]) for begin, end in spans) if part]
    return [
        Segment(part, line, paragraph=paragraph, column=column, columns=len(parts))
        for column, part in enumerate(parts)
    ]


#: what begins the right-hand part when a scan kept only one space between the two
_RIGHT_PART = re.compile(
    r"(?<=\w) (?=cong hoa xa hoi chu nghia viet nam\b)|(?<=\w) (?=doc lap - tu do - hanh phuc\b)|"
    r"(?<=hanh phuc) (?=[a-z][a-z .]{1,28}, ngay\b)|(?<=[a-z]) (?=so\s*:\s*\d{1,5}\s*/)|"
    r"(?<=[;:.]) (?=(?:tm\.|kt\.|tl\.|tuq\.|t/m|q\.) )"
)
#: "Số: 12/KH-UBND Lê Chân, ngày …": the place begins after the symbol
_DATE_AT_RIGHT = re.compile(
    r"so(?:\s*:|\s+(?=\d)|\s*/)\s*\d*\s*/?\s*[a-z0-9&.\-/]+ (?=[a-z][a-z .]{1,28}, ngay\s*[\d.…]{0,4}\s*thang)"
)
_CAPITALS_AT_END = re.compile(r"(?<=[;:.]) (?=[^\W\d_a-z]{2,}(?: [^\W\d_]+)*$)")


def _parts_of_scanned_row(text: str) -> list[str]:
    parts: list[str] = []
    at = _side_by_side(text)
    while at:
        parts.append(without_markup(text[:at]))
        text = text[at:]
        at = _side_by_side(text)
    return [*parts, without_markup(text)]


def _side_by_side(text: str) -> int:
    """Where the right-hand part of a row begins that lost its gap; 0 when the row is one thing."""
    if len(text) > 140:
        return 0
    key = flat(text)
    found = _RIGHT_PART.search(key) or _DATE_AT_RIGHT.match(key)
    if found:
        # "Số: 12/KH-UBND Lê Chân, ngày …": the place begins after the symbol, a capital word
        return found.end()
    below = _CAPITALS_AT_END.search(text)
    if below and text[below.end() :].isupper() and len(text[below.end() :]) > 5 and text[:1] in "-–Nn":
        return below.end()
    return 0


_OPEN_LABEL = re.compile(r"(?:^|[\s,])(?:so\s*:?|ngay|thang|nam)\s*[.…_]*$")
_FILLED_PART = re.compile(r"^(?:[/\-]|\d|thang\b|nam\b|[.…_])")


def _is_blank_to_fill(left: str, right: str) -> bool:
    return bool(_OPEN_LABEL.search(flat(left))) and bool(_FILLED_PART.match(flat(right)))
