"""The ways in which a message reaches a person. Another one fits the same port: `register` it.

`channels.MAIL` is the mail server, `channels.INSIDE` the list of notices in the program.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from django.conf import settings
from django.urls import reverse

from thidua.accounts import letters
from thidua.accounts.models import User
from thidua.core.clock import VIETNAM
from thidua.core.text import shortened
from thidua.notices import letter
from thidua.notices.models import Delivery, Notice
from thidua.notices.rules import in_words
from thidua.notices.telling import written

#: So many things due on one day are told one by one; more of them in one notice.
MOST_APART = 3


class Channel(Protocol):
    """One way of telling people."""

    @property
    def key(self) -> str:
        """As deliveries name it."""

    @property
    def label(self) -> str: ...

    @property
    def is_within(self) -> bool:
        """Whether sending is nothing but writing into our own database: it then is one transaction."""

    def is_ready(self) -> bool:
        """Whether this installation can send by it at all."""

    def reaches(self, user: User) -> bool:
        """Whether this person has an address for it."""

    def send(self, user: User, deliveries: Sequence[Delivery], *, batch: str, now: datetime) -> None:
        """Tell a person all of this in one message. Raises `accounts.letters.NotSent`."""


class Mail:
    """Letters over SMTP."""

    key, label, is_within = "thu", "Thư điện tử", False

    def is_ready(self) -> bool:
        return bool(settings.SMTP_HOST)

    def reaches(self, user: User) -> bool:
        """The people of a demonstration are invented, and so would be their addresses."""
        return bool(user.email) and not user.is_demo

    def send(self, user: User, deliveries: Sequence[Delivery], *, batch: str, now: datetime) -> None:
        letters.send(letter.compose(user, deliveries, batch=batch, now=now))


class Inside:
    """The list of notices in the program."""

    key, label, is_within = "trong-ct", "Trong chương trình", True

    def is_ready(self) -> bool:
        return True

    def reaches(self, user: User) -> bool:
        return True

    def send(self, user: User, deliveries: Sequence[Delivery], *, batch: str, now: datetime) -> None:
        on = now.astimezone(VIETNAM).date()
        by_day: dict[date, list[Delivery]] = {}
        for one in deliveries:
            by_day.setdefault(one.day, []).append(one)
        rows = []
        for day, some in sorted(by_day.items()):
            when = f"({in_words(day, on=on)}, {day:%d/%m/%Y})"
            if len(some) > MOST_APART:
                rows.append(_together(some, when))
            else:
                rows += [(f"{one.text} {when}", one.address, one.about) for one in some]
        Notice.objects.bulk_create(
            # The letter about it is a delivery of its own.
            written(
                kind=deliveries[0].kind,
                text=text,
                address=address,
                now=now,
                sender=about or "Nhắc thời hạn",
                user=user,
                planned_at=now,
            )
            for text, address, about in rows
        )


def _together(some: Sequence[Delivery], when: str) -> tuple[str, str, str]:
    """Text, page and origin of one notice that stands for many things due on the same day."""
    named = "; ".join(shortened(one.text, 70) for one in some[:MOST_APART])
    text = f"{len(some)} việc cùng hạn {when}: {named} và {len(some) - MOST_APART} việc khác"
    return text, reverse("workspace:inbox"), ""


MAIL: Channel = Mail()
INSIDE: Channel = Inside()
_channels: dict[str, Channel] = {MAIL.key: MAIL, INSIDE.key: INSIDE}


def register(channel: Channel) -> None:
    _channels[channel.key] = channel


def all_channels() -> list[Channel]:
    return [_channels[key] for key in sorted(_channels)]
