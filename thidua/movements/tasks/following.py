"""What a unit does with its task and how the giver answers: accept, decline, report, confirm, send back.

Every step goes through `audit.workflow.advance`; hides who is told and what else changes with a step.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.movements.models import Task, TaskNote, TaskState
from thidua.movements.tasks import extensions
from thidua.movements.tasks.evidence import Upload, attach, checked
from thidua.movements.tasks.modality import modality_of
from thidua.movements.tasks.telling import tell_asker, tell_doer


class OpenSubtasks(RuleNotMet):
    """Sub-tasks are still open. Who knows and reports all the same passes `despite_open_subtasks=True`."""

    def __init__(self, count: int) -> None:
        super().__init__(
            "Chưa báo hoàn thành",
            why=f"còn {count} nhiệm vụ con chưa hoàn thành",
            next_step="Chờ các đơn vị cấp dưới, hoặc đánh dấu «Vẫn báo hoàn thành» rồi gửi lại",
        )


def accept(task: Task, *, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        advance(task, "accept", actor=actor, now=now, changes={"accepted_at": now})
        tell_asker(task, "Đơn vị đã nhận nhiệm vụ", kind="task.accepted", actor=actor, now=now)


def decline(task: Task, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """Say no.

    An order needs a reason and stays owed until the giver gives it again or takes it back; an invitation
    may be declined without one.
    """
    is_binding = modality_of(task.modality).is_binding
    reason = reason.strip() or ("" if is_binding else "Đơn vị chưa tham gia được")
    with transaction.atomic():
        advance(task, "decline", actor=actor, now=now, reason=reason)
        what = "Đơn vị từ chối nhiệm vụ, chờ trả lời" if is_binding else "Đơn vị chưa tham gia được"
        tell_asker(task, what, kind="task.declined", actor=actor, now=now)


def report_progress(
    task: Task,
    *,
    percent: int | None,
    text: str,
    actor: Actor,
    now: datetime,
    files: Sequence[Upload] = (),
) -> TaskNote:
    """Write down how far a task is, with files that show it. `percent` from 0 to 100; None: not known.

    While the report of completion waits, notes may still be added; the percentage then stays.
    """
    actor.require("task.report", task)
    what = "Chưa ghi được tiến độ"
    if task.state not in (TaskState.ACCEPTED, TaskState.REPORTED):
        raise RuleNotMet(
            what,
            why=f"nhiệm vụ đang ở trạng thái «{TaskState(task.state).label}»",
            next_step="Nhận nhiệm vụ trước, rồi ghi tiến độ",
        )
    if not text.strip():
        raise RuleNotMet(what, why="chưa ghi đã làm được gì", next_step="Ghi một câu rồi gửi lại")
    if percent is not None and not 0 <= percent <= 100:
        raise RuleNotMet(what, why="tiến độ phải từ 0 đến 100 %", next_step="Sửa con số rồi gửi lại")
    uploads = checked(files)
    with transaction.atomic():
        note = _write_note(task, percent=percent, text=text, uploads=uploads, actor=actor, now=now)
        tell_asker(task, "Đơn vị báo tiến độ", kind="task.progress", actor=actor, now=now)
    return note


def _write_note(
    task: Task, *, percent: int | None, text: str, uploads: Sequence[Upload], actor: Actor, now: datetime
) -> TaskNote:
    kept = task.percent if percent is None or task.state == TaskState.REPORTED else percent
    # Compare and set: a note must not slip in behind somebody who has just ended the task.
    if not Task.objects.filter(pk=task.pk, state=task.state).update(percent=kept):
        raise ChangedMeanwhile(
            "Chưa ghi được tiến độ",
            why="người khác vừa thay đổi trạng thái nhiệm vụ",
            next_step="Mở lại trang để xem trạng thái mới, rồi ghi lại",
        )
    note = TaskNote.objects.create(
        task=task, percent=percent, text=text.strip(), unit_id=actor.unit_id, user=actor.user, written_at=now
    )
    kept_files = attach(uploads, now=now, note=note)
    record(
        "movements.task.report_progress",
        task,
        label="Ghi tiến độ",
        actor=actor,
        now=now,
        object_unit_id=task.unit_id,
        details={
            "percent": percent,
            "text": text.strip(),
            "files": [{"name": one.file_name, "sha256": one.file.sha256} for one in kept_files],
        },
    )
    task.percent = kept
    return note


def report_done(
    task: Task,
    *,
    actor: Actor,
    now: datetime,
    text: str = "",
    files: Sequence[Upload] = (),
    despite_open_subtasks: bool = False,
) -> None:
    """Say that the task is done; the giver confirms.

    What was done must stand in `text`, an earlier note or an activity.

    Raises OpenSubtasks unless told that this is known.
    """
    actor.require("task.report", task)
    still_open = task.subtasks.filter(state__in=Task.OPEN).count()
    if still_open and not despite_open_subtasks:
        raise OpenSubtasks(still_open)
    uploads = checked(files)
    with transaction.atomic():
        if text.strip() or uploads:
            _write_note(
                task,
                percent=100,
                text=text.strip() or "Tài liệu kèm theo báo cáo hoàn thành",
                uploads=uploads,
                actor=actor,
                now=now,
            )
        advance(task, "report_done", actor=actor, now=now, changes={"reported_at": now, "percent": 100})
        tell_asker(task, "Đơn vị báo hoàn thành, chờ xác nhận", kind="task.reported", actor=actor, now=now)


def confirm(task: Task, *, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        advance(task, "confirm", actor=actor, now=now, changes={"done_at": now, "sent_back_at": None})
        extensions.close_open(task, why="Nhiệm vụ đã hoàn thành", actor=actor, now=now)
        tell_doer(task, "Đã xác nhận hoàn thành", kind="task.confirmed", actor=actor, now=now)


def send_back(task: Task, *, reason: str, actor: Actor, now: datetime) -> None:
    """Not yet good enough: the unit goes on, and the deadline counts again as before."""
    with transaction.atomic():
        advance(
            task,
            "send_back",
            actor=actor,
            now=now,
            reason=reason,
            changes={"reported_at": None, "sent_back_at": now},
        )
        tell_doer(task, "Kết quả bị trả lại để làm tiếp", kind="task.sent_back", actor=actor, now=now)
