"""The source with its marks: each line cut where the words of an item begin or end.

Pure. Hides how a quotation is found in its lines (also across a page break) and what wins where several
overlap: the shortest words, which say the most particular thing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from thidua.documents.plan_page import MARKED, Item, Place

#: A longer source is shown without the stretches that no item and no heading stands in, in lines.
LONG = 3000
#: What is kept around a line that matters, in lines.
AROUND = 3
#: Kinds of structure that are set like headings.
HEADINGS = frozenset({"ten_loai", "trich_yeu", "phan", "chuong", "muc", "tieu_de", "dieu"})
CENTRED = frozenset({"quoc_hieu", "tieu_ngu", "ten_loai", "trich_yeu"})


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of letters of one line; `kind` and `keys` are empty where nothing is marked."""

    text: str
    kind: str = ""
    keys: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Pointer:
    """A small link beside a line to the item that comes from it."""

    key: str
    code: str
    kind: str


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line of the source as the page shows it."""

    number: int
    segments: tuple[Segment, ...]
    pointers: tuple[Pointer, ...]
    look: str
    #: Number of the page that begins with this line, for formats that tell.
    page: int | None = None
    #: How many lines were left out just before this one.
    skipped: int = 0

    @property
    def is_blank(self) -> bool:
        return not self.segments


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    item: Item


def source_lines(
    lines: Sequence[Mapping[str, Any]], items: Iterable[Item], structure: Sequence[Mapping[str, Any]]
) -> list[SourceLine]:
    """The lines with the marks of those items whose kind is marked.

    Of a very long source only what matters is given, each gap counted by the line behind it.
    """
    items = list(items)
    texts = [line["text"] for line in lines]
    marks: dict[int, list[_Mark]] = defaultdict(list)
    pointers: dict[int, list[Pointer]] = defaultdict(list)
    for item in items:
        if item.kind not in MARKED:
            continue
        for number in _beginnings(item.lines, texts):
            pointers[number].append(Pointer(item.key, item.code, item.kind))
        if item.pieces:
            continue  # a doubt points at lines that the items it names have marked already
        for place in item.places:
            for number, start, end in ranges(texts, place):
                marks[number].append(_Mark(start, end, item))
    looks = {number: _look(node) for node in structure for number in node["lines"]}
    shown = _shown(len(lines), items, looks)
    found = []
    page = None
    skipped = 0
    for number, line in enumerate(lines, 1):
        if shown is not None and number not in shown:
            skipped += 1
            continue
        begins = line.get("page") if line.get("page") != page and number > 1 else None
        page = line.get("page")
        found.append(
            SourceLine(
                number=number,
                segments=_segments(line["text"], marks.get(number, [])),
                pointers=tuple(pointers.get(number, ())),
                look=looks.get(number, "") + (" dong-bang" if line.get("cell") else ""),
                page=begins,
                skipped=skipped,
            )
        )
        skipped = 0
    return found


def _beginnings(numbers: Sequence[int], texts: Sequence[str]) -> list[int]:
    """The first line of each run of lines; blank lines between do not end a run."""
    found, previous = [], None
    for number in numbers:
        if not 1 <= number <= len(texts):
            continue
        between = texts[previous : number - 1] if previous else ["x"]
        if any(text.strip() for text in between):
            found.append(number)
        previous = number
    return found


def _shown(count: int, items: Sequence[Item], looks: Mapping[int, str]) -> set[int] | None:
    """The lines of a long source that are shown; None for all of them."""
    if count <= LONG:
        return None
    centres = {1, count}
    centres.update(number for item in items if item.kind != "bo-cuc" for number in item.lines)
    centres.update(number for number, look in looks.items() if look)
    return {
        number
        for centre in centres
        for number in range(max(centre - AROUND, 1), min(centre + AROUND, count) + 1)
    }


def _look(node: Mapping[str, Any]) -> str:
    kind = node["kind"]
    looks = []
    if kind in HEADINGS or node.get("title"):
        looks.append("dong-de-muc")
    if kind in CENTRED:
        looks.append("dong-giua")
    return " ".join(looks)


def ranges(texts: Sequence[str], place: Place) -> list[tuple[int, int, int]]:
    """Line, start and end of the words of a place; whole lines where the words are not found as printed."""
    numbers = [number for number in place.lines if 1 <= number <= len(texts)]
    if place.quote:
        for number in reversed(numbers):
            start = texts[number - 1].find(place.quote)
            if start >= 0:
                return [(number, start, start + len(place.quote))]
        if len(numbers) > 1 and (across := _across(texts, numbers, place.quote)):
            return across
    found = []
    for number in numbers:
        text = texts[number - 1]
        if text.strip():
            found.append((number, len(text) - len(text.lstrip()), len(text.rstrip())))
    return found


def _across(texts: Sequence[str], numbers: Sequence[int], quote: str) -> list[tuple[int, int, int]]:
    """The same over lines that are joined by single spaces."""
    joined, starts = "", []
    for number in numbers:
        starts.append((number, len(joined), len(texts[number - 1]) - len(texts[number - 1].lstrip())))
        joined += texts[number - 1].strip() + " "
    begin = joined.find(quote)
    if begin < 0:
        return []
    end = begin + len(quote)
    found = []
    for (number, start, indent), following in zip(
        starts, [*(start for _, start, _ in starts[1:]), len(joined)], strict=True
    ):
        first, last = max(begin, start), min(end, following - 1)
        if first < last:
            found.append((number, first - start + indent, last - start + indent))
    return found


def _segments(text: str, marks: Sequence[_Mark]) -> tuple[Segment, ...]:
    if not text.strip():
        return ()
    if not marks:
        return (Segment(text),)
    cuts = sorted({0, len(text), *(mark.start for mark in marks), *(mark.end for mark in marks)})
    segments = []
    for start, end in pairwise(cuts):
        covering = [mark for mark in marks if mark.start <= start and mark.end >= end]
        if not covering:
            segments.append(Segment(text[start:end]))
            continue
        nearest = min(covering, key=lambda mark: (mark.end - mark.start, mark.item.kind == "can-xem-lai"))
        keys = dict.fromkeys(mark.item.key for mark in covering)
        codes = dict.fromkeys(mark.item.code for mark in covering)
        segments.append(Segment(text[start:end], nearest.item.kind, " ".join(keys), ", ".join(codes)))
    return tuple(segments)
