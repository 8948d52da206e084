"""What must be there before a round opens and before a report is sent, in sentences; the guards ask it.

Missing is not zero: a figure that is not known needs a reason, and a merged report that goes up before all
lower ones have come names what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from thidua.audit.workflow import Move
from thidua.core.errors import RuleNotMet
from thidua.indicators.figures import is_ratio
from thidua.organisations import tree
from thidua.reports.models import (
    Answer,
    FormItem,
    FormSection,
    Report,
    ReportFigure,
    ReportState,
    Round,
    RoundState,
)

#: So many names stand in a sentence; the page lists all.
MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing: the item it concerns (None: the whole report) and what to do."""

    item: FormItem | None
    what: str


def items_for(report: Report) -> list[FormItem]:
    """What this unit is asked, in the order of the form; one query."""
    form_id = report.round.form_id
    if form_id is None:
        return []
    order = {section: place for place, section in enumerate(FormSection.values)}
    items = FormItem.objects.filter(form_id=form_id).select_related(
        "indicator__numerator", "indicator__denominator", "standard"
    )
    mine = [item for item in items if report.is_merged or item.is_for(report.unit.kind)]
    return sorted(mine, key=lambda item: (order[item.section], item.position, item.pk))


def needs_explanation(figure: ReportFigure, *, percent: int) -> bool:
    """Whether the difference to the last round is beyond the threshold of the form."""
    change = figure.change_percent
    if change is not None:
        return change > percent
    # From none to some, or from some to unknown zero: no percentage, yet a difference.
    return figure.before == 0 and bool(figure.counted)


def lacks(report: Report) -> list[Lack]:
    """What is missing before it may be sent, item by item; four queries."""
    items = items_for(report)
    form = report.round.form
    if form is None:
        return []
    figures = {figure.item_id: figure for figure in report.figures.select_related("indicator")}
    answers = {answer.item_id: answer for answer in report.answers.all()}
    files = set(report.attachments.values_list("item_id", flat=True))
    found: list[Lack] = []
    for item in items:
        if item.section == FormSection.FIGURES:
            found += _lacks_of_figure(item, figures.get(item.pk), percent=form.explain_percent)
        elif item.section == FormSection.QUESTIONS and item.is_required:
            found += _lacks_of_answer(item, answers.get(item.pk))
        elif item.section == FormSection.FILES and item.is_required and item.pk not in files:
            found.append(Lack(item, f"chưa có tệp «{item.title}»"))
    return found


def _lacks_of_figure(item: FormItem, figure: ReportFigure | None, *, percent: int) -> Iterable[Lack]:
    if figure is None or not figure.is_known:
        if item.is_required and not (figure and figure.missing_reason):
            yield Lack(item, f"chưa có số «{item.title}»: ghi số, hoặc ghi lý do chưa có")
    elif is_ratio(figure.indicator):
        return  # its two counts are explained
    elif needs_explanation(figure, percent=percent) and not figure.explanation.strip():
        yield Lack(item, f"«{item.title}» khác kỳ trước quá {percent} %: ghi giải trình")


def _lacks_of_answer(item: FormItem, answer: Answer | None) -> Iterable[Lack]:
    if answer is None or not answer.text.strip():
        yield Lack(item, f"chưa trả lời «{item.title}»")


def lower_reports_missing(report: Report) -> QuerySet[Report]:
    """Reports that should go into this one and were not accepted yet."""
    return report.children.filter(is_owed=True).exclude(state__in=Report.LOCKED)


def ready_to_send(report: Report, move: Move) -> None:
    """Complete, or with reasons for what is missing; lower reports first, or the gaps named."""
    if not report.is_owed:
        raise RuleNotMet(
            "Chưa gửi được báo cáo",
            why=f"đơn vị không còn phải gửi báo cáo này: {report.not_owed_reason}",
            next_step="Đơn vị kế thừa gửi báo cáo của mình",
        )
    if report.round.state != RoundState.OPEN:
        raise RuleNotMet(
            "Chưa gửi được báo cáo",
            why=f"đợt báo cáo đang ở trạng thái «{report.round.get_state_display()}»",
            next_step="Đề nghị cơ quan phụ trách mở lại đợt",
        )
    missing = lacks(report)
    if missing:
        raise RuleNotMet(
            "Chưa gửi được báo cáo",
            why=f"còn {len(missing)} chỗ chưa xong: " + "; ".join(lack.what for lack in missing[:5]),
            next_step="Hoàn thành các chỗ trên rồi gửi lại",
        )
    named = str(move.changes.get("gaps_named", report.gaps_named)).strip()
    if report.is_merged and not named:
        _refuse_before_lower_reports(report, move)


def _refuse_before_lower_reports(report: Report, move: Move) -> None:
    unit_ids = list(lower_reports_missing(report).values_list("unit_id", flat=True))
    if not unit_ids:
        return
    labels = sorted(tree.labels_on(unit_ids, on=move.actor.on).values())
    shown = ", ".join(labels[:MOST_NAMES])
    more = f" và {len(labels) - MOST_NAMES} đơn vị nữa" if len(labels) > MOST_NAMES else ""
    raise RuleNotMet(
        "Chưa gửi được báo cáo tổng hợp",
        why=f"{len(labels)} báo cáo cấp dưới chưa được nhận: {shown}{more}",
        next_step="Nhận các báo cáo đó, hoặc ghi rõ phần còn thiếu rồi gửi",
    )


def still_receivable(report: Report, _move: Move) -> None:
    """What was merged into a report that has gone up already comes too late to be taken in silently."""
    parent = report.parent
    if parent is not None and parent.state == ReportState.SENT and not parent.gaps_named:
        raise RuleNotMet(
            "Chưa nhận được báo cáo",
            why="báo cáo tổng hợp đã gửi lên cấp trên",
            next_step="Rút báo cáo tổng hợp về, nhận báo cáo này rồi gửi lại",
        )


def ready_to_open(round_: Round, move: Move) -> None:
    form = move.changes.get("form") or round_.form
    if form is None:
        raise RuleNotMet(
            "Chưa mở được đợt báo cáo", why="đợt chưa có mẫu báo cáo", next_step="Lập mẫu rồi mở đợt"
        )
    if not form.items.exists():
        raise RuleNotMet(
            "Chưa mở được đợt báo cáo",
            why="mẫu báo cáo chưa hỏi gì",
            next_step="Thêm số liệu hoặc câu hỏi vào mẫu rồi mở đợt",
        )


def no_report_is_lost(round_: Round, _move: Move) -> None:
    """A round that units have answered is closed, not cancelled."""
    sent = round_.reports.filter(sent_at__isnull=False).count()
    if sent:
        raise RuleNotMet(
            "Chưa bỏ được đợt báo cáo",
            why=f"đã có {sent} đơn vị gửi báo cáo",
            next_step="Đóng đợt để giữ các báo cáo đã gửi",
        )
