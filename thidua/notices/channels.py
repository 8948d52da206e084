"""The ways in which a message reaches a person. Another one fits the same port: `register` it.

`channels.MAIL` is the mail server, `channels.INSIDE` the list of notices in the program.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from django.conf import settings

from thidua.accounts import letters
from thidua.accounts.models import User
from thidua.core.clock import VIETNAM
from thidua.notices import letter
from thidua.notices.models import Delivery, Notice
from thidua.notices.rules import in_words
from thidua.notices.telling import written


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
        rows = [
            written(
                kind=one.kind,
                text=f"{one.text} ({in_words(one.day, on=on)}, {one.day:%d/%m/%Y})",
                address=one.address,
                now=now,
                sender=one.about or "Nhắc thời hạn",
                user=user,
            )
            for one in deliveries
        ]
        for row in rows:
            # The letter about it is a delivery of its own.
            row.planned_at = now
        Notice.objects.bulk_create(rows)


MAIL: Channel = Mail()
INSIDE: Channel = Inside()
_channels: dict[str, Channel] = {MAIL.key: MAIL, INSIDE.key: INSIDE}


def register(channel: Channel) -> None:
    _channels[channel.key] = channel


def all_channels() -> list[Channel]:
    return [_channels[key] for key in sorted(_channels)]
