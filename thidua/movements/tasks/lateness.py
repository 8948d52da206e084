"""Late, nearly late, in time: of one task and of many.

Pure, but for the conditions that say the same to the database; `due_on` is the last day in time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import F, Q
from django.db.models.functions import TruncDate

from thidua.core.clock import VIETNAM
from thidua.core.holiday_files import office_calendar
from thidua.core.workdays import WorkCalendar
from thidua.movements.models import Task, TaskState
from thidua.movements.tasks.modality import BINDING

#: So many working days before the deadline a task is nearly late.
NEAR_WORKING_DAYS = 7


class Lateness(StrEnum):
    LATE = "tre"
    NEAR = "gan-han"
    ON_TIME = "con-han"
    NO_DEADLINE = "khong-han"
    IN_TIME = "dung-han"
    WAS_LATE = "muon"
    NOT_OWED = "khong-con"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def tone(self) -> str:
        """Tone of a tag: colour only helps, the word says it."""
        return _TONES.get(self, "")


_LABELS = {
    Lateness.LATE: "Quá hạn",
    Lateness.NEAR: "Sắp đến hạn",
    Lateness.ON_TIME: "Còn hạn",
    Lateness.NO_DEADLINE: "Không có hạn",
    Lateness.IN_TIME: "Báo đúng hạn",
    Lateness.WAS_LATE: "Báo muộn",
    Lateness.NOT_OWED: "Không còn phải làm",
}
_TONES = {
    Lateness.LATE: "late",
    Lateness.NEAR: "warning",
    Lateness.IN_TIME: "good",
    Lateness.WAS_LATE: "warning",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """How a task stands to its deadline; `days` late, or left to it; None without a deadline."""

    lateness: Lateness
    days: int | None = None

    @property
    def is_late(self) -> bool:
        return self.lateness is Lateness.LATE

    @property
    def words(self) -> str:
        """ "Quá hạn 3 ngày", "Còn 5 ngày", "Hạn hôm nay"."""
        if self.days is None:
            return self.lateness.label
        if self.lateness in (Lateness.LATE, Lateness.WAS_LATE):
            return f"{self.lateness.label} {self.days} ngày"
        if self.lateness in (Lateness.NEAR, Lateness.ON_TIME):
            return "Hạn hôm nay" if self.days == 0 else f"Còn {self.days} ngày"
        return self.lateness.label


def last_near_day(on: date, *, calendar: WorkCalendar | None = None) -> date:
    """A deadline up to this day is near: the seventh working day after `on`."""
    return (calendar or office_calendar()).plus(on, NEAR_WORKING_DAYS)


def judge(
    *, state: str, due_on: date | None, modality: str, reported_on: date | None, on: date, near_until: date
) -> Judged:
    """How a task stands on a day. What was reported is measured by the day of the report.

    A binding task that was declined stays owed until the giver answers; an invitation that was declined is
    owed by nobody.
    """
    if state == TaskState.CANCELLED or (state == TaskState.DECLINED and modality not in BINDING):
        return Judged(Lateness.NOT_OWED)
    if due_on is None:
        return Judged(Lateness.NO_DEADLINE)
    if state in (TaskState.REPORTED, TaskState.DONE) and reported_on is not None:
        late = (reported_on - due_on).days
        return Judged(Lateness.WAS_LATE, late) if late > 0 else Judged(Lateness.IN_TIME)
    left = (due_on - on).days
    if left < 0:
        return Judged(Lateness.LATE, -left)
    return Judged(Lateness.NEAR if due_on <= near_until else Lateness.ON_TIME, left)


def judged(task: Task, *, on: date, near_until: date | None = None) -> Judged:
    reported = task.reported_at
    return judge(
        state=task.state,
        due_on=task.due_on,
        modality=task.modality,
        reported_on=reported.astimezone(VIETNAM).date() if reported else None,
        on=on,
        near_until=near_until or last_near_day(on),
    )


def has_begun(on: date) -> Q:
    """Tasks that are shown as work already: those of later years are no news."""
    return Q(starts_on__isnull=True) | Q(starts_on__lte=on)


def owed() -> Q:
    """Tasks whose unit still owes something: to be done, or declined against an order."""
    return Q(state__in=Task.OWED) | Q(state=TaskState.DECLINED, modality__in=BINDING)


def condition(lateness: Lateness, *, on: date) -> Q:
    """What `judge` says, for the database."""
    near = last_near_day(on)
    if lateness is Lateness.LATE:
        return owed() & Q(due_on__lt=on)
    if lateness is Lateness.NEAR:
        return owed() & Q(due_on__gte=on, due_on__lte=near)
    if lateness is Lateness.ON_TIME:
        return owed() & Q(due_on__gt=near)
    if lateness is Lateness.NOT_OWED:
        return Q(state=TaskState.CANCELLED) | (Q(state=TaskState.DECLINED) & ~Q(modality__in=BINDING))
    if lateness is Lateness.NO_DEADLINE:
        return Q(due_on__isnull=True) & ~condition(Lateness.NOT_OWED, on=on)
    reported = Q(state__in=(TaskState.REPORTED, TaskState.DONE), due_on__isnull=False)
    days = Task.objects.annotate(reported_on=TruncDate("reported_at", tzinfo=VIETNAM))
    was_late = Q(pk__in=days.filter(reported, reported_on__gt=F("due_on")).values("pk"))
    return reported & (was_late if lateness is Lateness.WAS_LATE else ~was_late)


@dataclass(frozen=True, slots=True)
class UnitLateness:
    """How many open tasks of one unit are late, near, in time, or have no deadline; `worst` in days."""

    unit_id: int
    late: int
    near: int
    on_time: int
    no_deadline: int
    worst: int

    @property
    def open(self) -> int:
        return self.late + self.near + self.on_time + self.no_deadline


def by_unit(rows: Iterable[tuple[int, Judged]]) -> list[UnitLateness]:
    """Units with the most late tasks first, then those that are late for longest."""
    counts: dict[int, dict[Lateness, int]] = {}
    worst: dict[int, int] = {}
    for unit_id, one in rows:
        own = counts.setdefault(unit_id, {})
        own[one.lateness] = own.get(one.lateness, 0) + 1
        if one.is_late:
            worst[unit_id] = max(worst.get(unit_id, 0), one.days or 0)
    found = [
        UnitLateness(
            unit_id,
            late=own.get(Lateness.LATE, 0),
            near=own.get(Lateness.NEAR, 0),
            on_time=own.get(Lateness.ON_TIME, 0),
            no_deadline=own.get(Lateness.NO_DEADLINE, 0),
            worst=worst.get(unit_id, 0),
        )
        for unit_id, own in counts.items()
    ]
    return sorted(found, key=lambda one: (-one.late, -one.worst, -one.near, one.unit_id))
