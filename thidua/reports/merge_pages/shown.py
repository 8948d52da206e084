"""What the page of merging shows: findings first, figures with who is in them, answers piece by piece.

Bounded: findings are those kept with the last merging, pieces are read for one question and a page of units.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from thidua.core.formats import format_number
from thidua.indicators.models import Stage
from thidua.reports import lower_reports, merging
from thidua.reports.consolidation import Text
from thidua.reports.lower_reports import labels, period_in_words
from thidua.reports.merging import Place, Settled
from thidua.reports.models import (
    Answer,
    FormItem,
    FormSection,
    Merging,
    PieceDecision,
    Report,
    ReportFigure,
    ReportState,
)

#: So many units stand on one page of pieces or figures.
PAGE = 30
#: From so many accepted reports on, a worker merges.
MANY = 100
KINDS = {
    "unit": "Đơn vị chưa có báo cáo",
    "below": "Báo cáo cấp dưới còn thiếu đơn vị",
    "figure": "Số liệu còn thiếu",
    "rate_only": "Chỉ có tỷ lệ",
    "answer": "Câu hỏi chưa trả lời",
}
TONES = {
    Place.IN_TEXT: "good",
    Place.EDITED: "good",
    Place.LEFT: "",
    Place.WAITING: "warning",
}


@dataclass(frozen=True, slots=True)
class PieceRow:
    """One piece with its decision, as the form shows it."""

    number: int
    piece: Settled
    place: Place
    tone: str
    address: str
    may_decide: bool


@dataclass(frozen=True, slots=True)
class FigureRow:
    figure: ReportFigure
    shown: str
    before: str
    coverage: str
    is_partial: bool
    stage: str
    address: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class UnitRow:
    name: str
    shown: str
    note: str
    address: str


@dataclass
class Page:
    """Everything the template needs."""

    merging: Merging | None
    expected: int
    received: int
    late: int
    waiting_new: int
    gaps: list[tuple[str, list[str]]]
    open_conflicts: list[Mapping[str, Any]]
    doubts: list[Mapping[str, Any]]
    leftovers: list[Mapping[str, Any]]
    empty_count: int
    figures: list[FigureRow]
    unit_rows: list[UnitRow] = field(default_factory=list)
    unit_title: str = ""
    questions: list[tuple[str, str, bool, int]] = field(default_factory=list)
    question: str = ""
    question_title: str = ""
    pieces: list[PieceRow] = field(default_factory=list)
    page_number: int = 1
    pages: int = 1
    answer: str = ""


def page_of(report: Report, *, on: date, asked: Mapping[str, str]) -> Page:
    last = Merging.objects.filter(report=report).order_by("-number").first()
    children = list(
        report.children.filter(is_owed=True).values_list("pk", "unit_id", "state", "first_sent_on", "due_on")
    )
    received = {row[0] for row in children if row[2] in Report.LOCKED}
    known = {pk for pk, _ in last.sources} if last is not None else set()
    findings: Mapping[str, Any] = last.findings if last is not None else {}
    leftovers = list(findings.get("leftovers", ()))
    empty = [one for one in leftovers if one["why"] == "đơn vị để trống"]
    conflicts = list(findings.get("contradictions", ()))
    found = Page(
        merging=last,
        expected=len(children),
        received=len(received),
        late=sum(1 for row in children if row[3] is not None and row[3] > row[4]),
        waiting_new=len(received - known),
        gaps=_gaps(findings) if last is not None else _gaps_now(children, on=on),
        open_conflicts=[one for one in conflicts if not one["settled"] and one["kind"] != "same_words"],
        doubts=[one for one in conflicts if one["settled"] or one["kind"] == "same_words"],
        leftovers=[one for one in leftovers if one["why"] != "đơn vị để trống"],
        empty_count=len(empty),
        figures=_figures(report, asked.get("so", "")),
    )
    if asked.get("so", "").isdigit():
        _open_figure(found, report, int(asked["so"]), on=on)
    _pieces(found, report, asked, on=on)
    return found


def _gaps(findings: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    grouped: dict[str, list[str]] = {}
    for one in findings.get("gaps", ()):
        grouped.setdefault(one["kind"], []).append(one["sentence"])
    return [(title, grouped[kind]) for kind, title in KINDS.items() if kind in grouped]


def _gaps_now(children: list[Any], *, on: date) -> list[tuple[str, list[str]]]:
    """Before the first merging: who has not come."""
    absent = {unit_id: state for _, unit_id, state, *_ in children if state not in Report.LOCKED}
    names = labels(absent, on=on)
    sentences = sorted(
        f"{names[unit_id]}: {ReportState(state).label.lower()}" for unit_id, state in absent.items()
    )
    return [(KINDS["unit"], sentences)] if sentences else []


# ---- figures


def _figures(report: Report, opened: str) -> list[FigureRow]:
    rows = []
    query = report.figures.select_related("item", "indicator").order_by("item__position", "item_id", "since")
    for row in query:
        is_partial = row.expected is not None and (row.reported or 0) < row.expected
        rows.append(
            FigureRow(
                row,
                _shown(row),
                format_number(row.before.quantize(_places(row))) if row.before is not None else "",
                f"{row.reported}/{row.expected}" if row.expected else "",
                is_partial,
                Stage(row.stage).label.lower() if row.is_known and row.stage else "",
                "?" + urlencode({"so": row.pk}) + "#so-lieu-don-vi",
                str(row.pk) == opened,
            )
        )
    return rows


def _places(row: ReportFigure) -> Any:
    from decimal import Decimal

    return Decimal("0.01") if row.indicator.kind == "share" else Decimal(1).scaleb(-row.indicator.decimals)


def _shown(row: ReportFigure) -> str:
    if row.nothing_arose:
        return "không phát sinh"
    if row.amount is None:
        return "chưa có"
    unit = "%" if row.indicator.kind == "share" else row.indicator.measure
    return f"{format_number(row.amount.quantize(_places(row)))} {unit}"


def _open_figure(found: Page, report: Report, pk: int, *, on: date) -> None:
    """The units behind one figure, those without first."""
    row = next((one.figure for one in found.figures if one.figure.pk == pk), None)
    if row is None:
        return
    found.unit_title = f"{row.item.title}, {period_in_words(row.since, row.until)}"
    children = {
        child.pk: child for child in report.children.filter(is_owed=True).select_related("unit") if
        not row.item.for_kinds or child.unit.kind in row.item.for_kinds or child.is_merged
    }  # fmt: skip
    names = labels([child.unit_id for child in children.values()], on=on)
    given = {
        one.report_id: one
        for one in ReportFigure.objects.filter(
            report__in=children, item__key=row.item.key, since=row.since, until=row.until, segment=row.segment
        ).select_related("indicator")
    }
    rows = []
    for child in children.values():
        figure = given.get(child.pk)
        is_in = child.state in Report.LOCKED
        note = "" if is_in else ReportState(child.state).label.lower()
        if is_in and figure is not None and not figure.is_known:
            note = figure.missing_reason or "không ghi lý do"
        shown = _shown(figure) if figure is not None and is_in else "–"
        rows.append(UnitRow(names[child.unit_id], shown, note, reverse("reports:report", args=[child.pk])))
    found.unit_rows = sorted(rows, key=lambda one: (not one.note, one.name))


# ---- pieces


def _pieces(found: Page, report: Report, asked: Mapping[str, str], *, on: date) -> None:
    items = list(
        FormItem.objects.filter(form_id=report.round.form_id)
        .exclude(section=FormSection.FIGURES)
        .order_by("position", "pk")
    )
    order = {section: place for place, section in enumerate([FormSection.QUESTIONS, FormSection.TASKS])}
    items.sort(key=lambda item: (order.get(FormSection(item.section), 9), item.position, item.pk))
    titles = [(item.key, item.title) for item in items]
    titles.append((lower_reports.EXPLANATIONS, "Giải trình chênh lệch so với kỳ trước"))
    chosen = asked.get("cau", "")
    if chosen not in {key for key, _ in titles}:
        chosen = titles[0][0]
    found.questions = [(key, title, key == chosen, 0) for key, title in titles]
    found.question, found.question_title = chosen, dict(titles)[chosen]
    is_question = any(item.key == chosen and item.section == FormSection.QUESTIONS for item in items)
    answer = Answer.objects.filter(report=report, item__key=chosen).first()
    found.answer = answer.text if answer is not None else ""
    everyone = list(lower_reports.accepted(report).select_related("unit").order_by("pk"))
    names = labels([child.unit_id for child in everyone], on=on)
    everyone.sort(key=lambda child: (names[child.unit_id], child.pk))
    found.pages = max(1, -(-len(everyone) // PAGE))
    wanted = asked.get("trang", "1")
    found.page_number = min(max(int(wanted) if wanted.isdigit() else 1, 1), found.pages)
    shown = everyone[(found.page_number - 1) * PAGE : found.page_number * PAGE]
    texts = lower_reports.texts_of(shown, names=names)
    choices = merging.choices_of(report)
    for child in shown:
        for text in texts.get(child.pk, ()):
            if text.question == chosen and text.words.strip():
                found.pieces.append(_piece(found, text, choices, child, is_question))


def _piece(found: Page, text: Text, choices: Mapping[str, Any], child: Report, may_decide: bool) -> PieceRow:
    choice = choices.get(text.ref)
    piece = (
        Settled(text)
        if choice is None
        else Settled(text, PieceDecision(choice.decision), choice.words, choice.reason)
    )
    place = merging.placed(piece, found.answer)
    return PieceRow(
        len(found.pieces) + 1,
        piece,
        place,
        TONES[place],
        reverse("reports:report", args=[child.pk]),
        may_decide,
    )
