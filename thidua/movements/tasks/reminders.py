"""Reminding units (đôn đốc): many tasks in one act, one notice a unit, and what was sent stays to be read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from thidua.audit.log import Actor, record
from thidua.core.clock import VIETNAM
from thidua.core.errors import RuleNotMet
from thidua.core.text import shortened
from thidua.movements.models import Reminder, Task
from thidua.movements.tasks.telling import page_of
from thidua.notices.telling import tell
from thidua.organisations import tree
from thidua.organisations.models import Unit

USUAL_TEXT = "Đề nghị đơn vị khẩn trương thực hiện và báo cáo kết quả."


class RemindedToday(RuleNotMet):
    """Units that were reminded today already. Who means it passes `again=True`."""

    def __init__(self, labels: Sequence[str]) -> None:
        named = ", ".join(labels[:5]) + (f" và {len(labels) - 5} đơn vị khác" if len(labels) > 5 else "")
        super().__init__(
            "Chưa gửi đôn đốc",
            why=f"hôm nay đã đôn đốc {named}",
            next_step="Để sang ngày khác, hoặc đánh dấu «Vẫn đôn đốc lần nữa» rồi gửi lại",
        )


def remind(
    tasks: Sequence[Task], *, text: str, actor: Actor, now: datetime, again: bool = False
) -> list[Reminder]:
    """Remind the units of these tasks; all of it or nothing. Give tasks with `plan` loaded.

    Raises RemindedToday when one of the units was reminded today, unless `again`.
    """
    what = "Chưa gửi đôn đốc"
    if not tasks:
        raise RuleNotMet(what, why="chưa chọn nhiệm vụ nào", next_step="Chọn nhiệm vụ trong danh sách")
    by_unit: dict[int, list[Task]] = {}
    for task in tasks:
        actor.require("task.remind", task)
        if task.state not in Task.OWED:
            raise RuleNotMet(
                what,
                why=f"nhiệm vụ «{shortened(task.title, 80)}» không còn chờ đơn vị làm",
                next_step="Bỏ nhiệm vụ đó ra rồi gửi lại",
            )
        by_unit.setdefault(task.unit_id, []).append(task)
    labels = tree.labels_on(by_unit, on=actor.on)
    text = text.strip() or USUAL_TEXT
    with transaction.atomic():
        # Held to the end: of two who remind a unit at once, the second sees that the first has done so.
        held = Unit.objects.select_for_update().filter(pk__in=list(by_unit)).order_by("pk")
        units = {unit.pk: unit for unit in held}
        if not again:
            _require_a_day_between(by_unit, labels, now=now)
        reminders = Reminder.objects.bulk_create(
            Reminder(
                task=task,
                text=text,
                sender_unit_id=actor.unit_id,
                user=actor.user,
                sent_at=now,
            )
            for task in tasks
        )
        for unit_id, own in by_unit.items():
            record(
                "movements.task.remind",
                units[unit_id],
                label="Đôn đốc",
                actor=actor,
                now=now,
                object_label=labels.get(unit_id, ""),
                object_unit_id=unit_id,
                reason=text,
                details={"tasks": [task.pk for task in own]},
            )
            tell(
                kind="task.reminded",
                text=_words(own, text),
                address=_address(own),
                now=now,
                sender=actor.name,
                unit_id=unit_id,
            )
    return reminders


def _words(tasks: Sequence[Task], text: str) -> str:
    titles = "; ".join(f"«{shortened(task.title, 70)}»" for task in tasks[:3])
    more = f" và {len(tasks) - 3} việc khác" if len(tasks) > 3 else ""
    return f"Đôn đốc {len(tasks)} nhiệm vụ: {titles}{more}. {text}"


def _address(tasks: Sequence[Task]) -> str:
    return page_of(tasks[0]) if len(tasks) == 1 else f"{reverse('tasks:list')}?xem=cua-toi"


def _require_a_day_between(by_unit: dict[int, list[Task]], labels: dict[int, str], *, now: datetime) -> None:
    midnight = now.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
    today = Reminder.objects.filter(
        task__unit_id__in=list(by_unit), sent_at__gte=midnight, sent_at__lt=midnight + timedelta(days=1)
    )
    reminded = sorted(set(today.values_list("task__unit_id", flat=True)))
    if reminded:
        raise RemindedToday([labels.get(unit_id, "đơn vị") for unit_id in reminded])
