"""All words of a paper in the order in which they stand on the page, from what was asked for."""

from __future__ import annotations

from collections.abc import Iterable

from thidua.documents.writing.paper import Paper
from thidua.documents.writing.printed import FigureLine, Line, Printed, TableLine, TextLine, printed


def words_of(paper: Paper) -> str:
    """Without page numbers, notes and pictures; the order of the PDF."""
    on_paper = printed(paper)
    return " ".join(" ".join(filter(None, _pieces(on_paper))).split())


def _pieces(one: Printed) -> Iterable[str]:
    yield from one.superior
    yield from one.issuer
    yield one.nation
    yield one.motto
    yield f"{one.number_label} {one.number or ''}{'/' if one.symbol else ''}{one.symbol}"
    yield f"{one.place}, {one.day or 'ngày tháng năm'}" if one.place else one.day or "ngày tháng năm"
    yield one.subject
    yield one.kind_name
    yield one.title
    if one.addressees:
        yield one.addressees_label
        yield from one.addressees
    yield one.decider
    yield from one.bases
    yield one.enacting
    yield from _lines(one.lines)
    if one.recipients:
        yield one.recipients_label
        yield from one.recipients
    yield from one.signature.authority
    yield one.signature.name
    for page in one.appendices:
        yield page.label
        yield page.title
        yield page.origin_words
        yield from _lines(page.lines)


def _lines(lines: Iterable[Line]) -> Iterable[str]:
    for line in lines:
        if isinstance(line, TextLine):
            yield line.label
            yield line.marker.text if line.marker else ""
            yield "".join(run.text for run in line.runs)
        elif isinstance(line, TableLine):
            yield line.caption
            yield from line.columns
            for row in line.rows:
                yield from ("".join(run.text for run in cell) for cell in row)
            yield line.note
        elif isinstance(line, FigureLine):
            yield line.caption
