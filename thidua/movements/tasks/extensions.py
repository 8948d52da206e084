"""A later deadline: asked for by the unit, granted or refused by the giver; the old one stays written."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from thidua.audit.log import Actor, System, record
from thidua.audit.workflow import advance
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.formats import format_date
from thidua.movements.models import Extension, ExtensionState, Task, TaskState
from thidua.movements.tasks.telling import tell_asker, tell_doer


def ask(task: Task, *, until: date, reason: str, actor: Actor, now: datetime) -> Extension:
    """Ask for `until` as the last day in time: later than today and than the deadline that holds."""
    actor.require("extension.ask", task)
    what = "Chưa gửi được đề nghị gia hạn"
    if task.state not in Task.OWED:
        raise RuleNotMet(
            what,
            why=f"nhiệm vụ đang ở trạng thái «{TaskState(task.state).label}», không còn chờ đơn vị làm",
            next_step="Mở lại trang để xem các việc làm được",
        )
    if task.due_on is None:
        raise RuleNotMet(what, why="nhiệm vụ này không có hạn", next_step="Không cần gia hạn, cứ làm tiếp")
    if until <= actor.on or until <= task.due_on:
        raise RuleNotMet(
            what,
            why=f"hạn mới phải sau hôm nay ({format_date(actor.on)}) và sau hạn cũ "
            f"({format_date(task.due_on)})",
            next_step="Chọn một ngày muộn hơn",
        )
    if not reason.strip():
        raise RuleNotMet(what, why="chưa ghi lý do", next_step="Ghi lý do rồi gửi lại")
    try:
        with transaction.atomic():
            extension = Extension.objects.create(
                task=task,
                due_before=task.due_on,
                asked_until=until,
                reason=reason.strip(),
                user=actor.user,
                asked_at=now,
            )
            record(
                "movements.extension.ask",
                extension,
                label="Đề nghị gia hạn",
                actor=actor,
                now=now,
                object_label=f"Gia hạn: {task}",
                object_unit_id=task.unit_id,
                after=ExtensionState.ASKED,
                reason=reason.strip(),
                details={"task": task.pk, "due_before": task.due_on, "asked_until": until},
            )
            tell_asker(
                task,
                f"Đơn vị đề nghị gia hạn đến {format_date(until)}",
                kind="extension.asked",
                actor=actor,
                now=now,
            )
    except IntegrityError as twice:
        raise RuleNotMet(
            what,
            why="đã có một đề nghị gia hạn đang chờ trả lời",
            next_step="Chờ trả lời, hoặc rút đề nghị đó rồi gửi đề nghị mới",
        ) from twice
    return extension


def grant(extension: Extension, *, actor: Actor, now: datetime, answer: str = "") -> None:
    """The asked day becomes the deadline, unless the deadline or the state has changed meanwhile."""
    task = extension.task
    with transaction.atomic():
        advance(
            extension,
            "grant",
            actor=actor,
            now=now,
            changes={"answer": answer.strip(), "answered_at": now},
            details={"task": task.pk, "due_before": extension.due_before, "due_on": extension.asked_until},
        )
        changed = Task.objects.filter(
            pk=task.pk, due_on=extension.due_before, state__in=(*Task.OWED, TaskState.REPORTED)
        ).update(due_on=extension.asked_until)
        if not changed:
            raise ChangedMeanwhile(
                "Chưa gia hạn được",
                why="hạn hoặc trạng thái của nhiệm vụ vừa thay đổi",
                next_step="Mở lại trang để xem nhiệm vụ hiện nay rồi quyết định",
            )
        task.due_on = extension.asked_until
        tell_doer(
            task,
            f"Đồng ý gia hạn đến {format_date(extension.asked_until)}",
            kind="extension.granted",
            actor=actor,
            now=now,
        )


def refuse(extension: Extension, *, reason: str, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        advance(
            extension,
            "refuse",
            actor=actor,
            now=now,
            reason=reason,
            changes={"answer": reason.strip(), "answered_at": now},
        )
        tell_doer(extension.task, "Không đồng ý gia hạn", kind="extension.refused", actor=actor, now=now)


def withdraw(extension: Extension, *, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        advance(extension, "withdraw", actor=actor, now=now, changes={"answered_at": now})
        tell_asker(
            extension.task, "Đơn vị rút đề nghị gia hạn", kind="extension.withdrawn", actor=actor, now=now
        )


def close_open(task: Task, *, why: str, actor: Actor, now: datetime) -> None:
    """A question about the deadline of a task that ended needs no answer any more."""
    for extension in task.extensions.filter(state=ExtensionState.ASKED).select_related("task__plan"):
        advance(
            extension,
            "withdraw",
            actor=System(on=actor.on),
            now=now,
            reason=why,
            changes={"answer": why, "answered_at": now},
        )
