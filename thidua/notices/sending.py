"""Sending what is due: each delivery is claimed before, and marked after.

At most once (decision 0025): a worker that dies between the two leaves "đang gửi" behind, which becomes
"không rõ" and is not sent again by itself. What the mail server surely did not take is tried again, later and
later.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from thidua.accounts.letters import NotSent
from thidua.accounts.models import User
from thidua.core.clock import VIETNAM
from thidua.notices import channels, due
from thidua.notices.models import Delivery, DeliveryState, Notice, NoticeRead
from thidua.notices.planning import DUE_KIND, NOTICE_RULE, Told

log = logging.getLogger(__name__)

#: Minutes before the second, third … attempt; then it has failed.
PAUSES_MINUTES = (1, 5, 30, 120, 360)
#: Longer than any mail server may take: who has been sending for so long is dead.
SENDING_AT_MOST = timedelta(minutes=15)
#: In one letter; the rest goes with the next.
MOST_IN_A_LETTER = 200


class ServerAway(Exception):
    """The server of a channel takes nothing at the moment."""


def send_due(*, now: datetime, told: Told | None = None) -> int:
    """Everything that may leave now, one message for each person and channel; how many messages left."""
    give_up_on_the_dead(now=now)
    sent = 0
    for channel in channels.all_channels():
        if not channel.is_ready():
            continue
        waiting = _planned(channel, now=now)
        user_ids = list(waiting.order_by("user_id").values_list("user_id", flat=True).distinct())
        for number, user_id in enumerate(user_ids, start=1):
            user = User.objects.filter(pk=user_id).first()
            if user is None:
                continue  # gone meanwhile, and the deliveries with it
            try:
                sent += send_to(user, channel, now=now)
            except ServerAway:
                break  # the others wait for the next run, without having used up an attempt
            if told is not None and number % 20 == 0:
                told(number, len(user_ids), channel.label)
    return sent


def send_to(user: User, channel: channels.Channel, *, now: datetime) -> bool:
    """One message with everything that this person is to be told by the channel; False when nothing was left.

    Raises ServerAway.
    """
    rows = list(_planned(channel, now=now).filter(user=user).order_by("pk")[:MOST_IN_A_LETTER])
    may_be_told = user.is_active and channel.reaches(user)
    wanted = sorted(_still_wanted(rows, now=now)) if may_be_told else []
    gone = {row.pk for row in rows} - set(wanted)
    if gone:
        Delivery.objects.filter(pk__in=gone, state=DeliveryState.PLANNED).update(
            state=DeliveryState.DROPPED, ended_at=now
        )
    if not wanted:
        return False
    if channel.is_within:
        with transaction.atomic():
            return _claim_and_send(user, channel, wanted, now=now)
    return _claim_and_send(user, channel, wanted, now=now)


def _claim_and_send(user: User, channel: channels.Channel, wanted: list[int], *, now: datetime) -> bool:
    batch = str(uuid.uuid4())
    planned = Delivery.objects.filter(pk__in=wanted, state=DeliveryState.PLANNED)
    if not planned.update(state=DeliveryState.SENDING, batch=batch, sending_at=now):
        return False  # another worker was faster
    mine = list(Delivery.objects.filter(batch=batch).order_by("pk"))
    try:
        channel.send(user, mine, batch=batch, now=now)
    except NotSent as error:
        _not_sent(batch, mine, error, now=now)
        if error.is_server_away:
            raise ServerAway from error
        return False
    # A worker that was only slow may find itself given up: it knows better.
    Delivery.objects.filter(batch=batch, state__in=(DeliveryState.SENDING, DeliveryState.UNSURE)).update(
        state=DeliveryState.SENT, ended_at=now, error=""
    )
    return True


def _not_sent(batch: str, mine: Sequence[Delivery], error: NotSent, *, now: datetime) -> None:
    rows = Delivery.objects.filter(batch=batch, state=DeliveryState.SENDING)
    said = str(error)[:300]
    attempts = max(row.attempts for row in mine) + 1
    if error.may_have_left:
        rows.update(state=DeliveryState.UNSURE, ended_at=now, error=said, attempts=attempts)
    elif error.is_final or attempts > len(PAUSES_MINUTES):
        rows.update(state=DeliveryState.FAILED, ended_at=now, error=said, attempts=attempts)
    else:
        pause = timedelta(minutes=PAUSES_MINUTES[attempts - 1])
        rows.update(state=DeliveryState.PLANNED, send_at=now + pause, error=said, attempts=attempts, batch="")
    log.warning("Chưa gửi được một lá thư thông báo: %s", said)


def give_up_on_the_dead(*, now: datetime) -> int:
    """Deliveries whose worker died while it was sending: nobody knows, and nobody is told twice."""
    dead = Delivery.objects.filter(state=DeliveryState.SENDING, sending_at__lt=now - SENDING_AT_MOST)
    return dead.update(
        state=DeliveryState.UNSURE, ended_at=now, error="Bộ chạy nền dừng đột ngột trong lúc gửi."
    )


def _planned(channel: channels.Channel, *, now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(channel=channel.key, state=DeliveryState.PLANNED, send_at__lte=now)


def _still_wanted(rows: Sequence[Delivery], *, now: datetime) -> set[int]:
    """What has been done meanwhile, moved to another day, or read in the program needs no message."""
    on = now.astimezone(VIETNAM).date()
    dues = [row for row in rows if row.kind == DUE_KIND]
    waiting = due.still_due({(row.source, row.object_key) for row in dues}, on=on) if dues else {}
    wanted = {row.pk for row in dues if waiting.get((row.source, row.object_key)) == row.day}
    news = {int(row.object_key): row.pk for row in rows if row.rule == NOTICE_RULE}
    if news:
        known = set(Notice.objects.filter(pk__in=news).values_list("pk", flat=True))
        read = NoticeRead.objects.filter(notice_id__in=news, user_id=rows[0].user_id)
        known -= set(read.values_list("notice_id", flat=True))
        wanted |= {news[pk] for pk in known}
    return wanted
