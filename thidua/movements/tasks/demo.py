"""A plan that has been lived with for a while: invented units' acts, through the real functions, up to a day.

Only for demonstrations. What is written says that it is an example, and so does who wrote it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F, Model

from thidua.accounts.models import User
from thidua.audit.log import Actor
from thidua.core.clock import VIETNAM
from thidua.movements.models import ActivityKind, Plan, Task, TaskState
from thidua.movements.tasks import activities, extensions, following, reminders
from thidua.movements.tasks.evidence import Upload
from thidua.movements.tasks.lateness import has_begun
from thidua.movements.tasks.modality import modality_of
from thidua.movements.tasks.telling import asking_unit_id
from thidua.organisations import tree
from thidua.organisations.authority import acting
from thidua.organisations.models import Mandate, Role

#: So many tasks of a plan are lived with; the rest waits, for whoever tries the program.
MOST = 40
MARK = "(ví dụ)"


@dataclass(frozen=True, slots=True)
class Invented:
    """Somebody of a unit for which the demonstration has no account."""

    unit_id: int | None
    name: str
    on: date
    user: User | None = None

    def require(self, right: str, on_object: Model) -> None:
        return None


def live(plan: Plan, on: date) -> int:
    """Let units accept, report, ask and be reminded up to `on`; returns with how many tasks.

    Does nothing to a plan in which anything has happened: may be repeated.
    """
    if plan.tasks.exclude(state=TaskState.GIVEN).exists():
        return 0
    tasks = list(
        plan.tasks.filter(has_begun(on), state=TaskState.GIVEN)
        .select_related("plan")
        .order_by(F("due_on").asc(nulls_last=True), "pk")[:MOST]
    )
    for number, task in enumerate(tasks):
        _STORIES[number % len(_STORIES)](task, on)
    _remind(plan, on)
    return len(tasks)


def _moment(task: Task, on: date, *, days: int) -> datetime:
    """So many days after the task was given, in office hours, never later than `on`."""
    given = task.given_at.astimezone(VIETNAM).date()
    return datetime.combine(min(given + timedelta(days=days), on), time(8, 30 + task.pk % 25), tzinfo=VIETNAM)


def actor_of(unit_id: int, roles: tuple[Role, ...], *, on: date) -> Actor:
    """The account of the demonstration that acts for a unit on a day, else somebody invented."""
    held = Mandate.objects.filter(
        unit_id=unit_id, role__in=roles, since__lte=on, until__gt=on, revoked_at__isnull=True
    )
    mandate = held.select_related("user").order_by("pk").first()
    # After a reform nobody acts in the name of a unit that has ended.
    is_there = tree.version_on(unit_id, on=on) is not None
    if is_there and mandate is not None and mandate.user.is_active:
        return acting(mandate.user, on=on)
    label = tree.labels_on([unit_id], on=on).get(unit_id, "")
    return Invented(unit_id, f"Cán bộ {label} {MARK}", on)


def _doer(task: Task, now: datetime) -> Actor:
    return actor_of(task.unit_id, (Role.UNIT_OFFICER, Role.STANDING), on=now.astimezone(VIETNAM).date())


def _asker(task: Task, now: datetime) -> Actor:
    return actor_of(asking_unit_id(task), (Role.STANDING, Role.LEADER), on=now.astimezone(VIETNAM).date())


def _accept(task: Task, on: date) -> None:
    now = _moment(task, on, days=2)
    following.accept(task, actor=_doer(task, now), now=now)


def _report(task: Task, on: date, *, percent: int, text: str, days: int, has_file: bool = False) -> None:
    now = _moment(task, on, days=days)
    file = Upload("bien-ban-vi-du.txt", f"Tài liệu ví dụ cho nhiệm vụ: {task.title}\n".encode())
    following.report_progress(
        task,
        percent=percent,
        text=f"{text} {MARK}",
        files=[file] if has_file else [],
        actor=_doer(task, now),
        now=now,
    )


def _done(task: Task, on: date) -> None:
    _accept(task, on)
    _report(task, on, percent=60, text="Đã triển khai đến các thôn, bản", days=12, has_file=True)
    now = _moment(task, on, days=20)
    following.report_done(task, actor=_doer(task, now), now=now, text=f"Đã hoàn thành theo kế hoạch {MARK}")
    now = _moment(task, on, days=22)
    following.confirm(task, actor=_asker(task, now), now=now)


def _halfway(task: Task, on: date) -> None:
    _accept(task, on)
    _report(task, on, percent=40, text="Đang thực hiện, đã xong bước rà soát", days=15)


def _waiting(_task: Task, _on: date) -> None:
    """Nobody has looked at it yet."""


def _reported(task: Task, on: date) -> None:
    _accept(task, on)
    now = _moment(task, on, days=18)
    following.report_done(
        task, actor=_doer(task, now), now=now, text=f"Đã thực hiện xong, đề nghị xác nhận {MARK}"
    )


def _active(task: Task, on: date) -> None:
    _accept(task, on)
    now = _moment(task, on, days=10)
    is_talk = bool(task.pk % 2)
    activities.record_activity(
        task.plan,
        unit_id=task.unit_id,
        task=task,
        kind=ActivityKind.COMMUNICATION if is_talk else ActivityKind.GIFT,
        title=f"{'Tuyên truyền tại hội nghị thôn, bản' if is_talk else 'Thăm, tặng quà hộ nghèo'} {MARK}",
        held_on=now.astimezone(VIETNAM).date(),
        place="Nhà văn hóa",
        people=35 + task.pk % 40 if task.pk % 3 else None,
        value_dong=None if is_talk else 5_000_000,
        actor=_doer(task, now),
        now=now,
    )


def _asking(task: Task, on: date) -> None:
    _halfway(task, on)
    now = _moment(task, on, days=max(0, (on - task.given_at.astimezone(VIETNAM).date()).days - 1))
    today = now.astimezone(VIETNAM).date()
    if task.due_on is not None:
        until = max(task.due_on, on, today) + timedelta(days=10)
        extensions.ask(
            task, until=until, reason=f"Chờ số liệu của các thôn, bản {MARK}", actor=_doer(task, now), now=now
        )


def _declining(task: Task, on: date) -> None:
    if modality_of(task.modality).is_binding:
        _halfway(task, on)
        return
    now = _moment(task, on, days=4)
    following.decline(task, actor=_doer(task, now), now=now, reason=f"Đơn vị chưa bố trí được {MARK}")


_STORIES: tuple[Callable[[Task, date], None], ...] = (
    _done,
    _waiting,
    _halfway,
    _reported,
    _active,
    _waiting,
    _asking,
    _declining,
)


def _remind(plan: Plan, on: date) -> None:
    """The standing body has reminded of what was late two days ago."""
    day = on - timedelta(days=2)
    now = datetime.combine(day, time(9), tzinfo=VIETNAM)
    late = list(
        plan.tasks.filter(state__in=Task.OWED, due_on__lt=day, given_at__lt=now)
        .select_related("plan")
        .order_by("due_on", "pk")[:10]
    )
    if late:
        reminders.remind(late, text=f"{reminders.USUAL_TEXT} {MARK}", actor=_asker(late[0], now), now=now)
