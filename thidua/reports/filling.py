"""A unit writes its report: figures, reasons, explanations, task results, answers, files. Saved as it goes.

Hides that the first saving begins the report, and that two people at once do not overwrite each other: the
second is told. What was filled in by the program and then changed by hand is marked as the unit's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.text import nfc
from thidua.documents import file_store
from thidua.indicators.figures import is_ratio
from thidua.indicators.models import Stage
from thidua.reports.models import (
    Answer,
    Attachment,
    FigureOrigin,
    FormItem,
    FormSection,
    Report,
    ReportFigure,
    ReportState,
    RoundState,
    Unlock,
)
from thidua.reports.prefill import count_shares, figure_period, prefill
from thidua.reports.readiness import items_for

MOST_FILES = 20
#: Of a figure nobody has a stage to give: what a unit writes in its report is preliminary.
TYPED_STAGE = Stage.PRELIMINARY


@dataclass(frozen=True, slots=True)
class WrittenFigure:
    """One figure as it stands in the form; empty amount and no box ticked means not known."""

    amount: Decimal | None = None
    nothing_arose: bool = False
    explanation: str = ""
    missing_reason: str = ""


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """What a page hands in; what is not named stays as it was. Keys are those of items and tasks."""

    figures: Mapping[int, WrittenFigure] = field(default_factory=dict)
    answers: Mapping[int, str] = field(default_factory=dict)
    task_texts: Mapping[int, str] = field(default_factory=dict)


def start(report: Report, *, actor: Actor, now: datetime) -> None:
    """Fill in what is known, the first time or again; the state changes with the first saving only."""
    actor.require("report.write", report)
    if report.is_writable and report.round.state == RoundState.OPEN:
        prefill(report, now=now)


def save(
    report: Report,
    written: WrittenReport,
    *,
    edition: int | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep what was written. Raises NotAllowed, RuleNotMet (sent, closed), ChangedMeanwhile."""
    actor.require("report.write", report)
    _refuse_closed(report)
    with transaction.atomic():
        if report.state == ReportState.NOT_SENT:
            advance(report, "begin", actor=actor, now=now)
            prefill(report, now=now)
        _take(report, edition=edition, now=now)
        items = {item.pk: item for item in items_for(report)}
        _save_figures(report, items, written.figures)
        _save_answers(report, items, written.answers, actor=actor, now=now)
        _save_tasks(report, written.task_texts)


def _refuse_closed(report: Report) -> None:
    if not report.is_owed:
        raise RuleNotMet(
            "Chưa lưu được báo cáo",
            why=f"đơn vị không còn phải gửi: {report.not_owed_reason}",
            next_step="Xem báo cáo của đơn vị kế thừa",
        )
    if report.state not in Report.WRITABLE:
        raise RuleNotMet(
            "Chưa lưu được báo cáo",
            why=f"báo cáo đang ở trạng thái «{report.get_state_display()}»",
            next_step="Rút về để sửa nếu chưa được nhận; đã nhận thì đề nghị nơi nhận mở khóa",
        )
    if report.round.state != RoundState.OPEN:
        raise RuleNotMet(
            "Chưa lưu được báo cáo",
            why=f"đợt báo cáo «{report.round.get_state_display().lower()}»",
            next_step="Đề nghị cơ quan phụ trách mở lại đợt",
        )


def _take(report: Report, *, edition: int | None, now: datetime) -> None:
    """Of two who save at once the second is told, and nothing of theirs is kept."""
    rows = Report.objects.filter(pk=report.pk, state=report.state)
    if edition is not None:
        rows = rows.filter(edition=edition)
    if not rows.update(edition=report.edition + 1 if edition is None else edition + 1, saved_at=now):
        raise ChangedMeanwhile(
            "Chưa lưu được báo cáo",
            why="người khác của đơn vị vừa lưu hoặc gửi báo cáo này",
            next_step="Mở lại trang để xem bản mới, rồi ghi tiếp",
        )
    report.edition, report.saved_at = (edition or report.edition) + 1, now


def _save_figures(
    report: Report, items: Mapping[int, FormItem], written: Mapping[int, WrittenFigure]
) -> None:
    if not written:
        return
    since, until = figure_period(report.round)
    rows = list(report.figures.select_related("indicator"))
    known = {row.item_id: row for row in rows}
    for item_id, one in written.items():
        item = items.get(item_id)
        if item is None or item.section != FormSection.FIGURES or item.indicator is None:
            continue
        row = known.get(item_id)
        if row is None:
            row = ReportFigure(
                report=report,
                item=item,
                indicator=item.indicator,
                standard=item.standard,
                segment=item.segment,
                since=since,
                until=until,
            )
            rows.append(row)
        row.explanation = nfc(one.explanation).strip()
        row.missing_reason = nfc(one.missing_reason).strip()[:500]
        if is_ratio(item.indicator):
            continue
        amount = None if one.nothing_arose else one.amount
        if (amount, one.nothing_arose) != (row.amount, row.nothing_arose):
            row.amount, row.nothing_arose = amount, one.nothing_arose
            row.origin, row.value, row.stage = FigureOrigin.TYPED, None, TYPED_STAGE
            row.reported = row.expected = None
            row.has_estimate = False
        if row.is_known:
            row.missing_reason = ""
    count_shares(rows)
    ReportFigure.objects.bulk_create([row for row in rows if row.pk is None])
    ReportFigure.objects.bulk_update(
        [row for row in rows if row.pk is not None],
        [
            *("amount", "nothing_arose", "numerator", "denominator", "stage", "origin", "value"),
            *("reported", "expected", "has_estimate", "explanation", "missing_reason"),
        ],
    )


def _save_answers(
    report: Report,
    items: Mapping[int, FormItem],
    written: Mapping[int, str],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    known = {row.item_id: row for row in report.answers.all()}
    for item_id, text in written.items():
        item = items.get(item_id)
        if item is None or item.section != FormSection.QUESTIONS:
            continue
        text = nfc(text).replace("\r\n", "\n").strip()
        row = known.get(item_id)
        if row is None:
            if text:
                Answer.objects.create(report=report, item=item, text=text, user=actor.user, saved_at=now)
        elif row.text != text:
            row.text, row.user, row.saved_at = text, actor.user, now
            row.save(update_fields=["text", "user", "saved_at"])


def _save_tasks(report: Report, written: Mapping[int, str]) -> None:
    rows = [row for row in report.task_results.all() if row.task_id in written]
    changed = []
    for row in rows:
        text = nfc(written[row.task_id]).replace("\r\n", "\n").strip()
        if text != row.text:
            row.text = text
            changed.append(row)
    if changed:
        type(changed[0]).objects.bulk_update(changed, ["text"])


# --- files --------------------------------------------------------------------------------------------


def attach(
    report: Report,
    raw: bytes,
    *,
    file_name: str,
    caption: str = "",
    item: FormItem | None = None,
    actor: Actor,
    now: datetime,
) -> Attachment:
    """Keep a file with the report. Raises RuleNotMet: too large, of another kind, one too many."""
    actor.require("report.write", report)
    _refuse_closed(report)
    name = file_store.check_evidence(raw, file_name=file_name)
    if report.attachments.count() >= MOST_FILES:
        raise RuleNotMet(
            f"Chưa nhận được tệp «{name}»",
            why=f"báo cáo đã có {MOST_FILES} tệp",
            next_step="Bỏ bớt tệp, hoặc ghép nhiều ảnh vào một tệp",
        )
    with transaction.atomic():
        if report.state == ReportState.NOT_SENT:
            advance(report, "begin", actor=actor, now=now)
        attachment = Attachment.objects.create(
            report=report,
            item=item,
            file=file_store.store(raw),
            file_name=name,
            caption=" ".join(nfc(caption).split())[:300],
            user=actor.user,
            added_at=now,
        )
        _log_file(report, "Kèm tệp vào báo cáo", attachment, actor=actor, now=now)
    return attachment


def detach(attachment: Attachment, *, actor: Actor, now: datetime) -> None:
    report = attachment.report
    actor.require("report.write", report)
    _refuse_closed(report)
    stored = attachment.file
    with transaction.atomic():
        _log_file(report, "Bỏ tệp kèm báo cáo", attachment, actor=actor, now=now)
        attachment.delete()
        file_store.let_go(stored)


def _log_file(report: Report, label: str, attachment: Attachment, *, actor: Actor, now: datetime) -> None:
    record(
        "reports.report.file",
        report,
        label=label,
        actor=actor,
        now=now,
        object_unit_id=report.unit_id,
        details={"file": attachment.file_name, "sha256": attachment.file.sha256},
    )


# --- after unlocking ----------------------------------------------------------------------------------


def running_unlock(report: Report, *, now: datetime) -> Unlock | None:
    """The unlock that holds at this moment."""
    return report.unlocks.filter(ended_at__isnull=True, until__gt=now).order_by("-pk").first()


def change_unlocked(report: Report, written: WrittenReport, *, actor: Actor, now: datetime) -> None:
    """Change the unlocked parts of an accepted report and send it again in the same act; the unlock ends.

    Raises RuleNotMet when nothing is unlocked, the time is over, or another part was to be changed.
    """
    from thidua.reports import sending

    actor.require("report.send", report)
    unlock = running_unlock(report, now=now)
    if unlock is None:
        raise RuleNotMet(
            "Chưa sửa được báo cáo đã nhận",
            why="báo cáo đang khóa, hoặc thời gian mở khóa đã hết",
            next_step="Đề nghị nơi nhận mở khóa phần cần sửa",
        )
    allowed = set(unlock.items.values_list("pk", flat=True))
    asked = {*written.figures, *written.answers}
    if not asked <= allowed or (written.task_texts and not _tasks_allowed(report, allowed)):
        raise RuleNotMet(
            "Chưa sửa được báo cáo đã nhận",
            why="có phần không nằm trong phạm vi mở khóa",
            next_step="Chỉ sửa các phần đã được mở",
        )
    with transaction.atomic():
        taken = Unlock.objects.filter(pk=unlock.pk, ended_at__isnull=True).update(ended_at=now)
        if not taken:
            raise ChangedMeanwhile(
                "Chưa sửa được báo cáo đã nhận",
                why="người khác vừa sửa phần này",
                next_step="Mở lại trang để xem bản mới",
            )
        items = {item.pk: item for item in items_for(report)}
        _save_figures(report, items, written.figures)
        _save_answers(report, items, written.answers, actor=actor, now=now)
        _save_tasks(report, written.task_texts)
        sending.send_again(report, actor=actor, now=now)


def _tasks_allowed(report: Report, allowed: set[int]) -> bool:
    return any(item.section == FormSection.TASKS and item.pk in allowed for item in items_for(report))
