"""Calendars that a person's own calendar program fetches: a secret address, made once, revoked at will.

Only the hash of the secret is kept. Knows no request; hides how a change of a deadline becomes a higher
SEQUENCE: every logged act on a task, and every granted extension, counts one.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from icalendar import Calendar
from icalendar import Event as Component

from thidua.accounts import hourly
from thidua.accounts.models import User
from thidua.audit.log import Actor, record
from thidua.audit.models import Entry
from thidua.core.errors import RuleNotMet
from thidua.movements.models import CalendarFeed, Extension, ExtensionState, Plan, Task, TaskState
from thidua.movements.timeline import events
from thidua.movements.timeline.layout import Event, EventKind, in_words, is_whole_years
from thidua.organisations.authority import Acting

MOST_FEEDS = 5
MOST_EVENTS = 1000
READS_AN_HOUR = 60
DAYS_BACK, DAYS_AHEAD = 366, 3 * 366
#: A program that asks every few minutes leaves no more than one mark an hour.
READ_MARK = timedelta(hours=1)
SUMMARY_LENGTH = 250


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make(user: User, *, actor: Actor, now: datetime) -> str:
    """A new address for this person; returns the secret, which is nowhere else. At most five at a time."""
    if active_feeds(user).count() >= MOST_FEEDS:
        raise RuleNotMet(
            "Chưa tạo được địa chỉ lịch",
            why=f"mỗi người có nhiều nhất {MOST_FEEDS} địa chỉ đang dùng",
            next_step="Thu hồi một địa chỉ không dùng nữa rồi tạo lại",
        )
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        feed = CalendarFeed.objects.create(user=user, token_hash=hash_of(token), made_at=now)
        record("movements.calendarfeed.make", feed, label="Tạo địa chỉ lịch", actor=actor, now=now)
    return token


def revoke(feed: CalendarFeed, *, actor: Actor, now: datetime) -> None:
    """From now on the address leads nowhere; twice does no harm."""
    with transaction.atomic():
        if CalendarFeed.objects.filter(pk=feed.pk, revoked_at__isnull=True).update(revoked_at=now):
            record("movements.calendarfeed.revoke", feed, label="Thu hồi địa chỉ lịch", actor=actor, now=now)


def active_feeds(user: User) -> QuerySet[CalendarFeed]:
    return CalendarFeed.objects.filter(user=user, revoked_at__isnull=True).order_by("-made_at", "-pk")


def feed_at(token: str) -> CalendarFeed | None:
    """The feed of a secret, unless it was revoked or its person no longer works here."""
    wanted = hash_of(token)
    feed = CalendarFeed.objects.filter(token_hash=wanted).select_related("user").first()
    if feed is None or not hmac.compare_digest(feed.token_hash, wanted):
        return None
    return feed if feed.revoked_at is None and feed.user.is_active else None


def is_too_often(feed: CalendarFeed) -> bool:
    """Counts one more reading; whether there were too many within an hour."""
    return hourly.count(f"calendar-feed-{feed.pk}") > READS_AN_HOUR


def mark_read(feed: CalendarFeed, *, now: datetime) -> None:
    if feed.last_read_at is None or now - feed.last_read_at >= READ_MARK:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_read_at=now)


# --- what stands in the calendar ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dated:
    """An event with how often it was changed and when last."""

    event: Event
    sequence: int
    changed_at: datetime


def dated_events(acting: Acting, *, on: date) -> list[Dated]:
    """The deadlines of the own units' tasks, and milestones and registrations of the plans that these units
    issue, run or have tasks of. At most a thousand, those nearest to come first kept.
    """
    first, last = on - timedelta(days=DAYS_BACK), on + timedelta(days=DAYS_AHEAD)
    mine = acting.unit_ids()
    tasks = list(
        Task.objects.filter(unit__in=mine, due_on__range=(first, last))
        .exclude(state__in=[TaskState.CANCELLED, TaskState.DECLINED])
        .select_related("plan")
        .order_by("due_on", "pk")[: MOST_EVENTS * 2]
    )
    plans = Plan.objects.filter(
        Q(owner__in=mine) | Q(standing_body__in=mine) | Q(tasks__unit__in=mine)
    ).distinct()
    others = events.events_of(
        plans, first=first, last=last, kinds=(EventKind.MILESTONE, EventKind.REGISTRATION)
    )
    made = {plan.pk: plan.made_at for plan in plans}
    marks = _marks(tasks)
    found = [_of_task(task, *marks.get(task.pk, (0, task.given_at))) for task in tasks]
    found += [Dated(event, 0, made[event.plan_id]) for event in others]
    return _nearest(found, on=on)


def _of_task(task: Task, sequence: int, changed_at: datetime) -> Dated:
    assert task.due_on is not None
    return Dated(
        Event(
            uid=f"nhiem-vu-{task.pk}",
            kind=EventKind.TASK,
            title=task.title,
            first=task.due_on,
            last=task.due_on,
            plan_id=task.plan_id,
            plan_title=f"{task.plan.number} {task.plan.title}".strip(),
            when_text=task.due_text,
            address=events.address_of("tasks:task", task.pk),
            is_done=task.state in (TaskState.DONE, TaskState.REPORTED),
        ),
        sequence,
        max(changed_at, task.given_at),
    )


def _marks(tasks: list[Task]) -> dict[int, tuple[int, datetime]]:
    """How many logged acts and granted extensions each task has, and when the last was; two queries."""
    keys = [str(task.pk) for task in tasks]
    logged = (
        Entry.objects.filter(object_type="movements.task", object_id__in=keys)
        .order_by()
        .values("object_id")
        .annotate(number=Count("pk"), latest=Max("at"))
    )
    granted = (
        Extension.objects.filter(task__in=tasks, state=ExtensionState.GRANTED)
        .order_by()
        .values("task_id")
        .annotate(number=Count("pk"), latest=Max("answered_at"))
    )
    found = {int(row["object_id"]): (row["number"], row["latest"]) for row in logged}
    for row in granted:
        number, latest = found.get(row["task_id"], (0, row["latest"]))
        moments = [moment for moment in (latest, row["latest"]) if moment is not None]
        found[row["task_id"]] = (
            number + row["number"],
            max(moments, default=datetime(1970, 1, 1, tzinfo=UTC)),
        )
    return found


def _nearest(found: list[Dated], *, on: date) -> list[Dated]:
    """Coming ones first, then the latest past ones; in order of their days."""
    coming = sorted((one for one in found if one.event.last >= on), key=lambda one: one.event.last)
    past = sorted((one for one in found if one.event.last < on), key=lambda one: one.event.last, reverse=True)
    kept = [*coming, *past][:MOST_EVENTS]
    return sorted(kept, key=lambda one: (one.event.last, one.event.uid))


def calendar(found: Iterable[Dated], *, name: str, absolute: Callable[[str], str]) -> bytes:
    """The iCalendar file (RFC 5545): all-day events, the same bytes for the same events."""
    out = Calendar()
    out.add("prodid", "-//Thi Dua//Lich//VI")
    out.add("version", "2.0")
    out.add("method", "PUBLISH")
    out.add("x-wr-calname", name)
    out.add("x-wr-timezone", "Asia/Ho_Chi_Minh")
    out.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for one in found:
        out.add_component(_component(one, absolute=absolute))
    content: bytes = out.to_ical()
    return content


def _component(one: Dated, *, absolute: Callable[[str], str]) -> Component:
    event = one.event
    first, last = event.first, event.last
    if event.is_long or is_whole_years(event):
        first = last  # a bar over a whole year would cover everything else
    component = Component()
    component.add("uid", f"{event.uid}@thi-dua")
    component.add("summary", _summary(event))
    component.add("dtstart", first)
    component.add("dtend", last + timedelta(days=1))
    component.add("dtstamp", one.changed_at.astimezone(UTC).replace(microsecond=0))
    component.add("last-modified", one.changed_at.astimezone(UTC).replace(microsecond=0))
    component.add("sequence", one.sequence)
    component.add("transp", "TRANSPARENT")
    component.add("categories", [event.kind.label])
    component.add("description", "\n".join(_lines(event)))
    if event.address:
        component.add("url", absolute(event.address))
    return component


def _summary(event: Event) -> str:
    title = event.title if len(event.title) <= SUMMARY_LENGTH else f"{event.title[: SUMMARY_LENGTH - 1]}…"
    prefix = {EventKind.TASK: "Hạn: ", EventKind.MILESTONE: "", EventKind.REGISTRATION: ""}[event.kind]
    return f"{'✓ ' if event.is_done else ''}{prefix}{title}"


def _lines(event: Event) -> list[str]:
    lines = [event.plan_title, f"Thời gian: {in_words(event)}"]
    if event.when_text:
        lines.append(f"Trong kế hoạch: {event.when_text}")
    if event.who:
        lines.append(event.who)
    return [line for line in lines if line]
