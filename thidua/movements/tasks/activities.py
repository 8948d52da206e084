"""What a unit did for a plan: a training, a visit, a gift, with day, place, people, value and files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from thidua.audit.log import Actor, record
from thidua.core.errors import RuleNotMet
from thidua.core.formats import format_date
from thidua.core.text import fold, sort_key
from thidua.movements.models import Activity, Plan, Task, TaskState
from thidua.movements.tasks.evidence import Upload, attach, checked


def record_activity(
    plan: Plan,
    *,
    unit_id: int,
    kind: str,
    title: str,
    held_on: date,
    actor: Actor,
    now: datetime,
    task: Task | None = None,
    place: str = "",
    people: int | None = None,
    value_dong: int | None = None,
    files: Sequence[Upload] = (),
) -> Activity:
    """Write down one activity. `people` and `value_dong` (đồng) stay None where nobody counted."""
    activity = Activity(
        plan=plan,
        task=task,
        unit_id=unit_id,
        kind=kind,
        title=title.strip(),
        held_on=held_on,
        place=place.strip(),
        people=people,
        value_dong=value_dong,
        user=actor.user,
        written_at=now,
        title_order=sort_key(title),
        search_text=fold(f"{title} {place}"),
    )
    actor.require("activity.record", activity)
    what = "Chưa ghi được hoạt động"
    if not activity.title:
        raise RuleNotMet(what, why="chưa ghi nội dung", next_step="Ghi nội dung hoạt động rồi gửi lại")
    if held_on > actor.on:
        raise RuleNotMet(
            what,
            why=f"ngày {format_date(held_on)} chưa đến",
            next_step="Chỉ ghi hoạt động đã làm; sửa ngày rồi gửi lại",
        )
    if task is not None and task.state in (TaskState.GIVEN, TaskState.DECLINED, TaskState.CANCELLED):
        raise RuleNotMet(
            what,
            why=f"nhiệm vụ đang ở trạng thái «{TaskState(task.state).label}»",
            next_step="Nhận nhiệm vụ trước, hoặc ghi hoạt động cho kế hoạch",
        )
    uploads = checked(files)
    with transaction.atomic():
        activity.save(force_insert=True)
        kept = attach(uploads, now=now, activity=activity)
        record(
            "movements.activity.record",
            activity,
            label="Ghi hoạt động",
            actor=actor,
            now=now,
            object_unit_id=unit_id,
            details={
                "kind": kind,
                "held_on": held_on,
                "people": people,
                "value_dong": value_dong,
                "task": task.pk if task else None,
                "files": [{"name": one.file_name, "sha256": one.file.sha256} for one in kept],
            },
        )
    return activity
