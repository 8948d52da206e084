"""Telling people: `tell()` inside a transaction is a row of it, so nobody hears of what was rolled back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from thidua.accounts.models import User
from thidua.core.text import fold
from thidua.notices.models import Notice, NoticeRead
from thidua.organisations.authority import Acting


def written(
    *,
    kind: str,
    text: str,
    address: str,
    now: datetime,
    sender: str,
    unit_id: int | None = None,
    user: User | None = None,
    planned_at: datetime | None = None,
) -> Notice:
    """One notice, not saved yet: for who writes many at once. With `planned_at` no letter is made of it."""
    return Notice(
        kind=kind,
        text=text[:500],
        address=address,
        sent_at=now,
        sender=sender[:300],
        search_text=fold(f"{text} {sender}"),
        unit_id=unit_id,
        user=user,
        planned_at=planned_at,
    )


def tell(
    *,
    kind: str,
    text: str,
    address: str,
    now: datetime,
    sender: str,
    unit_id: int | None = None,
    user: User | None = None,
) -> Notice:
    """One notice to a person or to a unit; `address` is the path of the page where the act is done."""
    notice = written(
        kind=kind, text=text, address=address, now=now, sender=sender, unit_id=unit_id, user=user
    )
    notice.save()
    return notice


def notices_for(acting: Acting) -> QuerySet[Notice]:
    """What this person was told, newest first, with `is_read`."""
    read = NoticeRead.objects.filter(notice=OuterRef("pk"), user=acting.user)
    mine = Q(user=acting.user) | Q(unit_id__in=acting.unit_ids())
    return Notice.objects.filter(mine).annotate(is_read=Exists(read)).order_by("-sent_at", "-pk")


def unread_by(acting: Acting) -> QuerySet[Notice]:
    return notices_for(acting).exclude(reads__user=acting.user)


def unread_count(acting: Acting, *, at_most: int | None = None) -> int:
    """How many notices this person has not seen; the database counts no further than `at_most`."""
    unread = unread_by(acting).order_by()
    return unread[:at_most].count() if at_most else unread.count()


def mark_read(notices: QuerySet[Notice], *, acting: Acting, now: datetime) -> None:
    """Remember that this person has seen these notices; twice does no harm."""
    rows = [
        NoticeRead(notice_id=pk, user=acting.user, read_at=now) for pk in notices.values_list("pk", flat=True)
    ]
    NoticeRead.objects.bulk_create(rows, ignore_conflicts=True)


def tell_units(*, kind: str, texts: Mapping[int, str], address: str, now: datetime, sender: str) -> None:
    """A notice to each of many units, with its own words; one query."""
    Notice.objects.bulk_create(
        (
            written(kind=kind, text=text, address=address, now=now, sender=sender, unit_id=unit_id)
            for unit_id, text in texts.items()
        ),
        batch_size=1000,
    )
