"""Who is to be told of what: deliveries are written here, before anything is sent.

Planning twice writes nothing twice: the unique key of a delivery decides, not who asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from django.db import transaction

from thidua.accounts.models import User
from thidua.core.clock import VIETNAM
from thidua.core.holiday_files import office_calendar
from thidua.core.text import fold, shortened
from thidua.notices import channels, due
from thidua.notices.choosing import REMINDERS, Choice, choices_of, group_of
from thidua.notices.models import Delivery, Notice
from thidua.notices.rules import DeadlineRule, rules_by_day
from thidua.organisations.addressees import people_of
from thidua.organisations.models import Role

NOTICE_RULE, NOTICE_SOURCE = "thong-bao", "notices"
#: Kind of the deliveries, and of the notices inside the program, that remind of a deadline.
DUE_KIND = "due.reminder"
#: Whoever works for the unit gets its notices as letters; council members and viewers look them up.
WORKING = frozenset({Role.UNIT_OFFICER, Role.STANDING, Role.LEADER, Role.CLERK})
#: A notice that nobody looked at for so long makes no letter any more.
NEWS_FOR = timedelta(days=2)
BATCH = 500

Told = Callable[[int, int | None, str], None]


def plan_notices(*, now: datetime) -> int:
    """Letters of the notices that are new; how many deliveries were written. A few queries for each 500."""
    Notice.objects.filter(planned_at__isnull=True, sent_at__lt=now - NEWS_FOR).update(planned_at=now)
    written = 0
    while batch := list(Notice.objects.filter(planned_at__isnull=True).order_by("pk")[:BATCH]):
        with transaction.atomic():
            if channels.MAIL.is_ready():
                written += _store(_letters_of(batch, now=now))
            Notice.objects.filter(pk__in=[notice.pk for notice in batch]).update(planned_at=now)
    return written


def _letters_of(notices: list[Notice], *, now: datetime) -> Iterator[Delivery]:
    on = now.astimezone(VIETNAM).date()
    units = {notice.unit_id for notice in notices if notice.unit_id is not None}
    people = people_of(units, roles=WORKING, on=on) if units else {}
    persons = User.objects.in_bulk({one.user_id for one in notices if one.user_id is not None})
    receivers = {
        notice.pk: people.get(notice.unit_id, []) if notice.unit_id is not None else [persons[notice.user_id]]
        for notice in notices
    }
    choices = choices_of({user.pk for users in receivers.values() for user in users})
    for notice in notices:
        group = group_of(notice.kind)
        for user in receivers[notice.pk]:
            send_at = choices[user.pk].leaves_at(group, now=now)
            if send_at is not None and channels.MAIL.reaches(user):
                yield _delivery(
                    rule=NOTICE_RULE,
                    source=NOTICE_SOURCE,
                    object_key=str(notice.pk),
                    user=user,
                    day=notice.sent_at.astimezone(VIETNAM).date(),
                    channel=channels.MAIL.key,
                    kind=notice.kind,
                    text=notice.text,
                    about=notice.sender,
                    address=notice.address,
                    now=now,
                    send_at=send_at,
                )


def remind(*, now: datetime, told: Told | None = None) -> int:
    """Everything that a deadline rule speaks of today, for everybody whose it is; how many deliveries."""
    on = now.astimezone(VIETNAM).date()
    rules = dict(rules_by_day(on=on, calendar=office_calendar()))
    written = 0
    known = due.sources()
    for number, source in enumerate(known, start=1):
        found = iter(source.find(rules.keys(), on))
        while some := list(islice(found, BATCH)):
            written += _store(_reminders_of(source, some, rules, now=now, on=on))
        if told is not None:
            told(number, len(known), source.label)
    return written


def _reminders_of(
    source: due.Source, some: Iterable[due.Due], rules: dict[date, DeadlineRule], *, now: datetime, on: date
) -> Iterator[Delivery]:
    some = [one for one in some if one.due_on in rules]
    units = {one.unit_id for one in some if one.unit_id is not None}
    early = people_of(units, roles=source.roles, on=on) if units else {}
    late = people_of(units, roles=source.late_roles, on=on) if units else {}
    user_ids = {one.user_id for one in some if one.user_id is not None}
    persons = User.objects.filter(is_active=True).in_bulk(user_ids) if user_ids else {}
    everybody = {user.pk for by_unit in (early, late) for users in by_unit.values() for user in users}
    choices = choices_of(everybody | persons.keys())
    for one in some:
        rule = rules[one.due_on]
        if one.unit_id is not None:
            users = (late if rule.is_pressing else early).get(one.unit_id, [])
        else:
            users = [persons[one.user_id]] if one.user_id in persons else []
        for user in users:
            yield from _reminder(source, one, rule, user, choices[user.pk], now=now)


def _reminder(
    source: due.Source, one: due.Due, rule: DeadlineRule, user: User, choice: Choice, *, now: datetime
) -> Iterator[Delivery]:
    if rule.key not in choice.rules:
        return
    ways = [(channels.INSIDE, now)]
    send_at = choice.leaves_at(REMINDERS, now=now)
    if send_at is not None and channels.MAIL.is_ready() and channels.MAIL.reaches(user):
        ways.append((channels.MAIL, send_at))
    for channel, moment in ways:
        yield _delivery(
            rule=rule.key,
            source=source.name,
            object_key=one.key,
            user=user,
            day=one.due_on,
            channel=channel.key,
            kind=DUE_KIND,
            text=f"{source.label}: {shortened(one.title, 300)}",
            about=one.about,
            address=one.address,
            now=now,
            send_at=moment,
        )


def _delivery(
    *,
    rule: str,
    source: str,
    object_key: str,
    user: User,
    day: date,
    channel: str,
    kind: str,
    text: str,
    about: str,
    address: str,
    now: datetime,
    send_at: datetime,
) -> Delivery:
    return Delivery(
        rule=rule,
        source=source,
        object_key=object_key,
        user=user,
        day=day,
        channel=channel,
        kind=kind,
        text=text[:500],
        about=about[:300],
        address=address,
        search_text=fold(f"{text} {user}"),
        planned_at=now,
        send_at=send_at,
    )


def _store(rows: Iterable[Delivery]) -> int:
    """Write those that are not there yet; how many were handed in."""
    found = list(rows)
    Delivery.objects.bulk_create(found, batch_size=BATCH, ignore_conflicts=True)
    return len(found)
