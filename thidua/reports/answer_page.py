"""The page on which a unit reads or writes its report: the parts of the form with what stands in them.

Knows the names of the fields; hides parsing them, and keeps what was typed when something is wrong. No
queries in templates: all is loaded here, in a number of queries that does not grow with the items.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from thidua.core.formats import format_number, parse_number
from thidua.core.text import nfc
from thidua.indicators.figures import is_ratio, shown
from thidua.indicators.models import Stage
from thidua.movements.models import TaskState
from thidua.movements.providers import Fact
from thidua.reports import correcting
from thidua.reports.facts import facts_of
from thidua.reports.filling import WrittenFigure, WrittenReport
from thidua.reports.models import (
    Answer,
    Attachment,
    Correction,
    CorrectionState,
    FigureOrigin,
    FormItem,
    FormSection,
    Report,
    ReportFigure,
    TaskResult,
)
from thidua.reports.readiness import Lack, items_for, lacks, needs_explanation


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure: what was typed or filled in, where from, and what stood there last time."""

    item: FormItem
    figure: ReportFigure | None
    #: As the input shows it: what was typed, also when it is wrong.
    text: str
    shown: str
    source: str
    source_address: str
    before: str
    change: str
    is_computed: bool
    asks_explanation: bool
    nothing_arose: bool
    explanation: str
    missing_reason: str
    remarks: Sequence[str]
    error: str = ""
    correction: correcting.InForce | None = None
    is_open: bool = True

    @property
    def measure(self) -> str:
        return self.item.indicator.measure if self.item.indicator else ""

    @property
    def corrected(self) -> str:
        """The figure in force when it differs from the one that was sent."""
        one = self.correction
        if one is None or not one.is_corrected or self.item.indicator is None:
            return ""
        return shown(self.item.indicator, one.amount)

    @property
    def is_missing(self) -> bool:
        return self.figure is None or not self.figure.is_known


@dataclass(frozen=True, slots=True)
class QuestionLine:
    item: FormItem
    answer: Answer | None
    text: str
    remarks: Sequence[str]
    error: str = ""
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class TaskLine:
    result: TaskResult
    text: str
    state: str

    @property
    def trace(self) -> str:
        return ", ".join(f"{one['count']} {one['from']}" for one in self.result.trace)


@dataclass
class Page:
    """Everything that the templates show of one report."""

    report: Report
    figures: list[FigureLine] = field(default_factory=list)
    questions: list[QuestionLine] = field(default_factory=list)
    tasks: list[TaskLine] = field(default_factory=list)
    tasks_item: FormItem | None = None
    tasks_open: bool = True
    tasks_remarks: Sequence[str] = ()
    file_items: list[FormItem] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    facts: list[tuple[str, list[Fact]]] = field(default_factory=list)
    lacks: list[Lack] = field(default_factory=list)
    waiting_corrections: list[tuple[Correction, str, str]] = field(default_factory=list)
    general_remarks: Sequence[str] = ()
    has_errors: bool = False


def page_of(
    report: Report,
    *,
    on: date,
    posted: QueryDict | None = None,
    only: Sequence[int] | None = None,
    with_content: bool = True,
) -> Page:
    """`posted` is what somebody typed and could not be kept; `only` are the items that may be changed."""
    page = Page(report)
    if not with_content:
        return page
    items = items_for(report)
    figures = {
        figure.item_id: figure
        for figure in report.figures.select_related("indicator", "item", "value__source")
    }
    answers = {answer.item_id: answer for answer in report.answers.all()}
    remarks = _remarks(report)
    page.general_remarks = remarks.get(None, [])
    in_force = correcting.in_force(figures.values())
    percent = report.round.form.explain_percent if report.round.form else 0
    for item in items:
        is_open = only is None or item.pk in only
        own = remarks.get(item.pk, [])
        if item.section == FormSection.FIGURES:
            figure = figures.get(item.pk)
            page.figures.append(
                _figure_line(item, figure, own, posted, in_force, percent=percent, is_open=is_open)
            )
        elif item.section == FormSection.QUESTIONS:
            answer = answers.get(item.pk)
            typed = posted.get(f"tl_{item.pk}") if posted is not None else None
            text = typed if typed is not None else (answer.text if answer else "")
            page.questions.append(QuestionLine(item, answer, text, own, is_open=is_open))
        elif item.section == FormSection.TASKS:
            page.tasks_item, page.tasks_open, page.tasks_remarks = item, is_open, own
        else:
            page.file_items.append(item)
    if page.tasks_item is not None:
        page.tasks = [
            _task_line(row, posted)
            for row in report.task_results.select_related("task").order_by("task__due_on", "task_id")
        ]
    page.files = list(report.attachments.select_related("file", "item").order_by("pk"))
    page.facts = facts_of(report, on=on)
    page.lacks = lacks(report) if report.is_writable else []
    page.waiting_corrections = _waiting(report)
    page.has_errors = any(line.error for line in page.figures)
    return page


def _remarks(report: Report) -> dict[int | None, list[str]]:
    found: dict[int | None, list[str]] = {}
    for mark in report.marks.filter(settled_at__isnull=True).order_by("pk"):
        found.setdefault(mark.item_id, []).append(mark.remark)
    return found


def _figure_line(
    item: FormItem,
    figure: ReportFigure | None,
    remarks: Sequence[str],
    posted: QueryDict | None,
    in_force: Mapping[int, correcting.InForce],
    *,
    percent: int,
    is_open: bool,
) -> FigureLine:
    assert item.indicator is not None
    indicator = item.indicator
    amount = figure.counted if figure else None
    nothing_arose = bool(figure and figure.nothing_arose)
    text = "" if amount is None or nothing_arose else format_number(amount)
    explanation = figure.explanation if figure else ""
    missing_reason = figure.missing_reason if figure else ""
    error = ""
    if posted is not None and f"so_{item.pk}" in posted:
        text = posted.get(f"so_{item.pk}", "")
        nothing_arose = f"kps_{item.pk}" in posted
        explanation = posted.get(f"gt_{item.pk}", "")
        missing_reason = posted.get(f"ld_{item.pk}", "")
        error = _amount_or_error(text)[1]
    source, address = _source(figure)
    return FigureLine(
        item=item,
        figure=figure,
        text=text,
        shown="không phát sinh" if nothing_arose else shown(indicator, amount),
        source=source,
        source_address=address,
        before=shown(indicator, figure.before) if figure and figure.before is not None else "",
        change=_change(figure),
        is_computed=is_ratio(indicator),
        asks_explanation=bool(
            figure and not is_ratio(indicator) and needs_explanation(figure, percent=percent)
        ),
        nothing_arose=nothing_arose,
        explanation=explanation,
        missing_reason=missing_reason,
        remarks=remarks,
        error=error,
        correction=in_force.get(figure.pk) if figure else None,
        is_open=is_open,
    )


def _source(figure: ReportFigure | None) -> tuple[str, str]:
    """Where the figure comes from, in words, and the page that shows it."""
    if figure is None or not figure.is_known:
        return "", ""
    stage = Stage(figure.stage).label.lower()
    if figure.origin == FigureOrigin.COUNTED:
        return "tính từ hai số ở trên", ""
    if figure.origin == FigureOrigin.TYPED:
        return f"đơn vị ghi, mức {stage}", ""
    covered = (
        f", {figure.reported}/{figure.expected} đơn vị có số" if figure.expected and figure.reported else ""
    )
    if figure.origin == FigureOrigin.MERGED:
        return f"cộng từ báo cáo cấp dưới, mức {stage}{covered}", ""
    address = (
        reverse("indicators:value", args=[figure.value_id])
        if figure.value_id
        else reverse("indicators:indicator", args=[figure.indicator.code])
    )
    return f"có sẵn trong hệ thống, mức {stage}{covered}", address


def _change(figure: ReportFigure | None) -> str:
    if figure is None or figure.change is None:
        return ""
    change = figure.change
    if not change:
        return "không đổi"
    sign = "+" if change > 0 else "−"
    percent = figure.change_percent
    words = f"{sign}{format_number(abs(change))}"
    return f"{words} ({format_number(percent, places=1)} %)" if percent is not None else words


def _task_line(row: TaskResult, posted: QueryDict | None) -> TaskLine:
    typed = posted.get(f"nv_{row.task_id}") if posted is not None else None
    return TaskLine(row, typed if typed is not None else row.text, str(TaskState(row.state).label))


def _waiting(report: Report) -> list[tuple[Correction, str, str]]:
    """Corrections to decide on, with the figures as they are written."""
    rows = (
        Correction.objects.filter(figure__report=report, state=CorrectionState.OFFERED)
        .select_related("figure__indicator", "figure__item", "value__source")
        .order_by("pk")
    )
    return [
        (
            row,
            shown(row.figure.indicator, row.old_amount),
            shown(row.figure.indicator, row.new_amount),
        )
        for row in rows
    ]


# --- what was typed -------------------------------------------------------------------------------------


def _amount_or_error(text: str) -> tuple[Decimal | None, str]:
    text = nfc(text).strip()
    if not text:
        return None, ""
    try:
        amount = parse_number(text)
    except ValueError:
        return None, "Chưa đọc được số này. Viết như 1.234 hoặc 12,5."
    if abs(amount) >= Decimal(10) ** 16:
        return None, "Số quá lớn. Xem lại đơn vị tính."
    return amount, ""


def written_from(posted: QueryDict, report: Report) -> tuple[WrittenReport, bool]:
    """What a page hands in, and whether every number could be read. Fields that are absent change nothing."""
    figures: dict[int, WrittenFigure] = {}
    answers: dict[int, str] = {}
    readable = True
    for item in items_for(report):
        if item.section == FormSection.FIGURES and f"so_{item.pk}" in posted:
            amount, error = _amount_or_error(posted.get(f"so_{item.pk}", ""))
            readable = readable and not error
            figures[item.pk] = WrittenFigure(
                amount,
                f"kps_{item.pk}" in posted and amount is None,
                posted.get(f"gt_{item.pk}", "")[:4000],
                posted.get(f"ld_{item.pk}", "")[:500],
            )
        elif item.section == FormSection.FIGURES and f"gt_{item.pk}" in posted:
            # A computed share: only its explanation is written.
            figures[item.pk] = WrittenFigure(explanation=posted.get(f"gt_{item.pk}", "")[:4000])
        elif item.section == FormSection.QUESTIONS and f"tl_{item.pk}" in posted:
            answers[item.pk] = posted.get(f"tl_{item.pk}", "")[:20_000]
    texts: dict[int, str] = {}
    for name in posted:
        key: Any = name.removeprefix("nv_")
        if name.startswith("nv_") and key.isascii() and key.isdecimal() and len(key) <= 18:
            texts[int(key)] = posted.get(name, "")[:4000]
    return WrittenReport(figures, answers, texts), readable
