"""Accounts of people: made, closed, opened again, given a new password. Never deleted: the log names them.

Each act asks for the right `mandate.give` at a unit where the person acts, and is written to the log.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.log import Actor, record
from thidua.core.errors import RuleNotMet
from thidua.core.text import nfc, person_sort_key
from thidua.organisations import tree
from thidua.organisations.models import FOREVER, Mandate, Role, Unit

_SYLLABLES = [
    "ba",
    "be",
    "bi",
    "co",
    "cu",
    "da",
    "de",
    "do",
    "ga",
    "ho",
    "ke",
    "la",
    "lo",
    "ma",
    "me",
    "na",
    "no",
    "pa",
    "po",
    "ra",
    "ru",
    "sa",
    "so",
    "ta",
    "to",
    "va",
    "vo",
    "xa",
    "ya",
]


def one_time_password() -> str:
    """Easy to read out on the telephone, more than 50 bits: ten syllables and a number."""
    groups = ["".join(secrets.choice(_SYLLABLES) for _ in range(2)) for _ in range(5)]
    return f"{'-'.join(groups)}-{secrets.randbelow(90) + 10}"


@dataclass(frozen=True, slots=True)
class Given:
    """An account with a password that is shown once and then known to nobody."""

    user: User
    password: str


def create(
    *,
    username: str,
    full_name: str,
    email: str,
    position: str = "",
    phone: str = "",
    actor: Actor,
    now: datetime,
) -> Given:
    """A new account without any mandate. Rights are the caller's to check: `mandates.create_person`."""
    username = nfc(username.strip())
    if User.objects.filter(username__iexact=username).exists():
        raise RuleNotMet(
            f"Chưa thể tạo tài khoản «{username}»",
            why="tên đăng nhập này đã có người dùng",
            next_step="Chọn tên khác, ví dụ thêm tên đơn vị",
        )
    full_name = " ".join(nfc(full_name).split())
    password = one_time_password()
    user = User(
        username=username,
        full_name=full_name,
        name_order=person_sort_key(full_name),
        email=email.strip(),
        position=position.strip(),
        phone=phone.strip(),
        must_change_password=True,
    )
    user.set_password(password)
    with transaction.atomic():
        user.save()
        _log("created", "Tạo tài khoản", user, actor=actor, now=now)
    return Given(user, password)


def first_administrator(
    *, username: str, full_name: str, email: str, unit: Unit, actor: Actor, now: datetime, on: date
) -> Given:
    """An account that administers a unit: how an installation begins, from its command line only."""
    with transaction.atomic():
        given = create(username=username, full_name=full_name, email=email, actor=actor, now=now)
        mandate = Mandate.objects.create(
            user=given.user,
            unit=unit,
            role=Role.ADMINISTRATOR,
            since=on,
            until=FOREVER,
            reason="Người quản trị đầu tiên",
        )
        label = tree.labels_on([unit.pk], on=on).get(unit.pk, unit.key)
        record(
            "organisations.mandate.give",
            mandate,
            label="Giao ủy nhiệm",
            actor=actor,
            now=now,
            object_label=f"{given.user}: {Role.ADMINISTRATOR.label}, {label}",
            object_unit_id=unit.pk,
        )
    return given


def _log(
    action: str, label: str, user: User, *, actor: Actor, now: datetime, reason: str = "", **details: object
) -> None:
    record(
        f"accounts.{action}",
        user,
        label=label,
        actor=actor,
        now=now,
        object_label=f"{user} ({user.username})",
        reason=reason,
        details=details,
    )
