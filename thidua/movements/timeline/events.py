"""What has a day: milestones of plans, deadlines of tasks, last days of registrations, as `Event` values.

Tasks of one wording and one deadline are one event, however many units were given them. The number of
queries does not depend on the number of events.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Min, Q, QuerySet
from django.urls import NoReverseMatch, reverse

from thidua.movements.models import Milestone, Plan, RegistrationCall, Task, TaskState
from thidua.movements.timeline.layout import Event, EventKind
from thidua.organisations import tree

#: A timeline shows at most so many of each kind; beyond that a list serves better.
MOST = 2000

MILESTONES = {
    "phat_dong": "Phát động, triển khai",
    "trien_khai": "Triển khai",
    "so_ket": "Sơ kết",
    "tong_ket": "Tổng kết",
    "bao_cao_nam": "Báo cáo năm",
    "bao_cao": "Báo cáo",
}


def events_of(
    plans: Iterable[Plan],
    *,
    first: date,
    last: date,
    tasks: QuerySet[Task] | None = None,
    kinds: Iterable[EventKind] = tuple(EventKind),
) -> list[Event]:
    """All that touches the days from `first` to `last`, by last day.

    `tasks` narrows the tasks (default: all of the plans). Four queries at most.
    """
    titles = {plan.pk: f"{plan.number} {plan.title}".strip() for plan in plans}
    wanted = set(kinds)
    found: list[Event] = []
    if EventKind.MILESTONE in wanted:
        found += milestone_events(titles, first=first, last=last)
    if EventKind.REGISTRATION in wanted:
        found += call_events(titles, first=first, last=last)
    if EventKind.TASK in wanted:
        rows = (Task.objects.all() if tasks is None else tasks).filter(plan__in=titles)
        found += task_events(rows, titles, first=first, last=last)
    return sorted(found, key=lambda event: (event.last, event.first, event.kind.value, event.title))


def milestone_events(titles: dict[int, str], *, first: date, last: date) -> list[Event]:
    rows = Milestone.objects.filter(
        plan__in=titles, is_current=True, first_day__lte=last, last_day__gte=first
    ).order_by("last_day", "pk")
    return [
        Event(
            uid=f"moc-{row.pk}",
            kind=EventKind.MILESTONE,
            title=row.title or MILESTONES.get(row.kind, "Mốc"),
            first=row.first_day,
            last=row.last_day,
            plan_id=row.plan_id,
            plan_title=titles[row.plan_id],
            who=row.who_text,
            when_text=row.when_text,
            address=address_of("plans:plan", row.plan_id),
        )
        for row in rows[:MOST]
        if row.first_day is not None and row.last_day is not None
    ]


def call_events(titles: dict[int, str], *, first: date, last: date) -> list[Event]:
    rows = RegistrationCall.objects.filter(plan__in=titles, due_on__range=(first, last)).order_by("due_on")
    return [
        Event(
            uid=f"dang-ky-{row.pk}",
            kind=EventKind.REGISTRATION,
            title=f"Hạn gửi đăng ký năm {row.year}",
            first=row.due_on,
            last=row.due_on,
            plan_id=row.plan_id,
            plan_title=titles[row.plan_id],
            address=address_of("registrations:own", row.plan_id, row.year),
        )
        for row in rows[:MOST]
        if row.due_on is not None
    ]


def task_events(rows: QuerySet[Task], titles: dict[int, str], *, first: date, last: date) -> list[Event]:
    """One event for each plan, wording and deadline; done when every unit has done it."""
    groups = list(
        Task.objects.filter(pk__in=rows.values("pk"), due_on__range=(first, last))
        .exclude(state__in=[TaskState.CANCELLED, TaskState.DECLINED])
        .order_by()
        .values("plan_id", "title", "due_on")
        .annotate(
            units=Count("unit", distinct=True),
            number=Count("pk"),
            reported=Count("pk", filter=Q(state__in=[TaskState.REPORTED, TaskState.DONE])),
            one_task=Min("pk"),
            one_unit=Min("unit"),
        )
        .order_by("due_on", "one_task")[:MOST]
    )
    single = {row["one_unit"] for row in groups if row["units"] == 1}
    labels = tree.labels_on(single, on=last) if single else {}
    found = []
    for row in groups:
        day = row["due_on"]
        assert day is not None  # the range above
        is_single = row["number"] == 1
        address = (
            address_of("tasks:task", row["one_task"])
            if is_single
            else address_of("plans:plan", row["plan_id"])
        )
        found.append(
            Event(
                uid=f"nhiem-vu-{row['one_task']}",
                kind=EventKind.TASK,
                title=row["title"],
                first=day,
                last=day,
                plan_id=row["plan_id"],
                plan_title=titles.get(row["plan_id"], ""),
                who=labels.get(row["one_unit"], "")
                if row["units"] == 1
                else f"{row['units']} đơn vị, {row['reported']} đã báo cáo xong",
                address=address,
                is_done=row["reported"] == row["number"],
            )
        )
    return found


def address_of(name: str, *args: int) -> str:
    """The address of a page, or empty when this installation has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
