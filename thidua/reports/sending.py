"""A report goes up and comes back: send, recall, accept, return with marks, unlock. Each sending is frozen.

Hides what is frozen (`content_of`) and who is told. States change through `advance` only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse

from thidua.audit.log import Actor, canonical, record
from thidua.audit.workflow import advance
from thidua.core.clock import VIETNAM
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.text import nfc
from thidua.notices.telling import tell
from thidua.organisations import tree
from thidua.reports.models import FormItem, Mark, Report, Submission, Unlock
from thidua.reports.readiness import lacks

#: An unlock lasts no longer.
LONGEST_UNLOCK_DAYS = 30


def content_of(report: Report) -> dict[str, Any]:
    """The whole report as plain values: what a submission freezes. Keys are those of the form."""
    figures = report.figures.select_related("item", "indicator", "standard").order_by("item__position", "pk")
    answers = report.answers.select_related("item").order_by("item__position", "pk")
    tasks = report.task_results.select_related("task").order_by("task_id")
    files = report.attachments.select_related("file", "item").order_by("pk")
    return {
        "schema": "report/1",
        "round": report.round_id,
        "unit": report.unit_id,
        "form": report.round.form_id,
        "since": report.round.since,
        "until": report.round.until,
        "gaps": report.gaps_named,
        "figures": [
            {
                "item": one.item.key,
                "indicator": one.indicator.code,
                "standard": one.standard.code if one.standard else "",
                "segment": one.segment,
                "since": one.since,
                "until": one.until,
                "amount": one.amount,
                "nothing_arose": one.nothing_arose,
                "numerator": one.numerator,
                "denominator": one.denominator,
                "stage": one.stage,
                "origin": one.origin,
                "value": one.value_id,
                "reported": one.reported,
                "expected": one.expected,
                "before": one.before,
                "explanation": one.explanation,
                "missing_reason": one.missing_reason,
            }
            for one in figures
        ],
        "tasks": [
            {"task": one.task_id, "state": one.state, "percent": one.percent, "text": one.text}
            for one in tasks
        ],
        "answers": [{"item": one.item.key, "text": one.text, "trace": one.trace} for one in answers],
        "files": [
            {"name": one.file_name, "sha256": one.file.sha256, "caption": one.caption} for one in files
        ],
    }


def _freeze(report: Report, *, actor: Actor, now: datetime, is_after_unlock: bool = False) -> Submission:
    content = canonical(content_of(report))
    return Submission.objects.create(
        report=report,
        number=report.submissions.count() + 1,
        content=content,
        sha256=hashlib.sha256(content.encode()).hexdigest(),
        user=actor.user,
        sent_at=now,
        is_after_unlock=is_after_unlock,
    )


def send(report: Report, *, gaps_named: str = "", actor: Actor, now: datetime) -> Submission:
    """Hand it to the receiver, frozen as it stands, and tell them.

    A merged report before its lower ones have come needs `gaps_named`. Raises NotAllowed, RuleNotMet,
    ChangedMeanwhile.
    """
    today = now.astimezone(VIETNAM).date()
    with transaction.atomic():
        changes: dict[str, Any] = {"sent_at": now, "user": actor.user, "returned_reason": ""}
        if report.first_sent_on is None:
            changes["first_sent_on"] = today
        if report.is_merged:
            changes["gaps_named"] = nfc(gaps_named).strip()
        advance(report, "send", actor=actor, now=now, changes=changes)
        Mark.objects.filter(report=report, settled_at__isnull=True).update(settled_at=now)
        submission = _freeze(report, actor=actor, now=now)
        if report.receiver_id is not None:
            _tell(
                report,
                report.receiver_id,
                f"{_label(report, actor)} gửi «{report.round.title}»."
                + (f" Muộn {(today - report.due_on).days} ngày." if today > report.due_on else ""),
                actor=actor,
                now=now,
                kind="report.sent",
            )
    return submission


def recall(report: Report, *, actor: Actor, now: datetime) -> None:
    """Take it back to mend it, as long as it was not accepted. When it first came in stays."""
    with transaction.atomic():
        advance(report, "recall", actor=actor, now=now)
        if report.receiver_id is not None:
            text = f"{_label(report, actor)} rút «{report.round.title}» về để sửa."
            _tell(report, report.receiver_id, text, actor=actor, now=now, kind="report.recalled")


def accept(report: Report, *, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        advance(report, "accept", actor=actor, now=now, changes={"decided_at": now})
        text = f"«{report.round.title}» của đơn vị đã được nhận."
        _tell(report, report.unit_id, text, actor=actor, now=now, kind="report.accepted")


def accept_many(reports: Sequence[Report], *, actor: Actor, now: datetime) -> int:
    """All of them or none."""
    with transaction.atomic():
        for report in reports:
            accept(report, actor=actor, now=now)
    return len(reports)


def send_back(
    report: Report,
    *,
    reason: str,
    marks: Mapping[FormItem, str] | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Return it with a reason, and with a remark at each place that is wrong."""
    with transaction.atomic():
        advance(
            report,
            "send_back",
            actor=actor,
            now=now,
            reason=reason,
            changes={"decided_at": now, "returned_reason": nfc(reason).strip()},
            details={"marks": {item.key: text for item, text in (marks or {}).items() if text.strip()}},
        )
        Mark.objects.bulk_create(
            Mark(report=report, item=item, remark=nfc(text).strip(), user=actor.user, made_at=now)
            for item, text in (marks or {}).items()
            if text.strip()
        )
        text = f"«{report.round.title}» bị trả lại: {reason.strip()}"
        _tell(report, report.unit_id, text, actor=actor, now=now, kind="report.returned")


# --- unlocking ----------------------------------------------------------------------------------------


def unlock(
    report: Report,
    *,
    items: Sequence[FormItem],
    until: datetime,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Unlock:
    """Let the unit change some parts of an accepted report until a moment, for a reason."""
    actor.require("report.receive", report)
    what = "Chưa mở khóa được báo cáo"
    if not report.is_locked:
        raise RuleNotMet(
            what,
            why=f"báo cáo đang ở trạng thái «{report.get_state_display()}», chưa khóa",
            next_step="Trả lại báo cáo để đơn vị sửa",
        )
    if not reason.strip():
        raise RuleNotMet(what, why="chưa ghi lý do", next_step="Ghi lý do rồi mở khóa")
    if not items:
        raise RuleNotMet(what, why="chưa chọn phần được sửa", next_step="Chọn ít nhất một phần")
    days = (until - now).total_seconds() / 86400
    if not 0 < days <= LONGEST_UNLOCK_DAYS:
        raise RuleNotMet(
            what,
            why=f"hạn sửa phải sau lúc này và không quá {LONGEST_UNLOCK_DAYS} ngày",
            next_step="Chọn ngày khác",
        )
    with transaction.atomic():
        # One that has run out makes room.
        report.unlocks.filter(ended_at__isnull=True, until__lte=now).update(ended_at=now)
        try:
            with transaction.atomic():
                found = Unlock.objects.create(
                    report=report, reason=nfc(reason).strip(), until=until, user=actor.user, made_at=now
                )
        except IntegrityError as clash:
            raise ChangedMeanwhile(
                what, why="báo cáo đang được mở khóa", next_step="Mở lại trang để xem phần đang mở"
            ) from clash
        found.items.set(items)
        record(
            "reports.report.unlock",
            report,
            label="Mở khóa báo cáo",
            actor=actor,
            now=now,
            object_unit_id=report.unit_id,
            reason=reason.strip(),
            details={"items": sorted(item.key for item in items), "until": until},
        )
        day = until.astimezone(VIETNAM)
        text = f"«{report.round.title}» được mở khóa một phần đến {day:%d/%m/%Y %H:%M}: {reason.strip()}"
        _tell(report, report.unit_id, text, actor=actor, now=now, kind="report.unlocked")
    return found


def lock_again(found: Unlock, *, actor: Actor, now: datetime) -> None:
    """Take an unlock back before it was used."""
    actor.require("report.receive", found.report)
    with transaction.atomic():
        if not Unlock.objects.filter(pk=found.pk, ended_at__isnull=True).update(ended_at=now):
            raise ChangedMeanwhile(
                "Chưa khóa lại được", why="đơn vị vừa sửa xong", next_step="Mở lại trang để xem bản mới"
            )
        record(
            "reports.report.lock_again",
            found.report,
            label="Khóa lại báo cáo",
            actor=actor,
            now=now,
            object_unit_id=found.report.unit_id,
        )


def send_again(report: Report, *, actor: Actor, now: datetime) -> Submission:
    """Freeze an accepted report anew after unlocked parts were changed; the receiver is told."""
    missing = lacks(report)
    if missing:
        raise RuleNotMet(
            "Chưa gửi lại được",
            why="; ".join(lack.what for lack in missing[:5]),
            next_step="Hoàn thành các chỗ trên rồi gửi lại",
        )
    submission = _freeze(report, actor=actor, now=now, is_after_unlock=True)
    record(
        "reports.report.send_again",
        report,
        label="Gửi lại phần đã mở khóa",
        actor=actor,
        now=now,
        object_unit_id=report.unit_id,
        details={"submission": submission.number, "sha256": submission.sha256},
    )
    if report.receiver_id is not None:
        text = f"{_label(report, actor)} sửa phần được mở khóa của «{report.round.title}»."
        _tell(report, report.receiver_id, text, actor=actor, now=now, kind="report.sent_again")
    return submission


def _label(report: Report, actor: Actor) -> str:
    return tree.labels_on([report.unit_id], on=actor.on).get(report.unit_id, "Đơn vị")


def _tell(report: Report, unit_id: int, text: str, *, actor: Actor, now: datetime, kind: str) -> None:
    tell(
        kind=kind,
        text=text,
        address=reverse("reports:report", args=[report.pk]),
        now=now,
        sender=actor.name,
        unit_id=unit_id,
    )
