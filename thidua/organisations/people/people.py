"""Accounts of people: made, closed, opened again, given a new password. Never deleted: the log names them.

Each act asks for the right `mandate.give` at a unit where the person acts, and is written to the log.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.log import Actor, record
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.text import nfc
from thidua.organisations import tree
from thidua.organisations.models import FOREVER, Mandate, Role, Unit
from thidua.organisations.people import mandates

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
    """A new account without any mandate; `welcome` gives the first one with it. Asks for no right itself."""
    username = nfc(username.strip())
    if User.objects.filter(username__iexact=username).exists():
        raise RuleNotMet(
            f"Chưa thể tạo tài khoản «{username}»",
            why="tên đăng nhập này đã có người dùng",
            next_step="Chọn tên khác, ví dụ thêm tên đơn vị",
        )
    password = one_time_password()
    user = User(
        username=username,
        email=email.strip(),
        position=position.strip(),
        phone=phone.strip(),
        must_change_password=True,
    )
    user.rename(full_name)
    user.set_password(password)
    with transaction.atomic():
        user.save()
        _log("created", "Tạo tài khoản", user, actor=actor, now=now)
    return Given(user, password)


def welcome(
    *,
    username: str,
    full_name: str,
    email: str,
    position: str = "",
    phone: str = "",
    unit: Unit,
    role: Role,
    since: date,
    until: date = FOREVER,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> Given:
    """A new account together with its first mandate: both or neither."""
    with transaction.atomic():
        given = create(
            username=username,
            full_name=full_name,
            email=email,
            position=position,
            phone=phone,
            actor=actor,
            now=now,
        )
        mandates.give(
            given.user, unit=unit, role=role, since=since, until=until, reason=reason, actor=actor, now=now
        )
    return given


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


def close(user: User, *, reason: str, actor: Actor, now: datetime, knowing: bool = False) -> None:
    """The person signs in no more; open sessions end. Their acts and mandates stay to be read.

    Raises LastAdministrator unless `knowing` when a unit would be left without anybody who administers it.
    """
    _require_over(user, actor=actor)
    reason = _given(reason, what="ngừng tài khoản")
    if actor.user == user:
        raise RuleNotMet(
            "Chưa thể ngừng tài khoản",
            why="đây là tài khoản của chính bạn",
            next_step="Đề nghị người quản trị khác làm việc này",
        )
    if not knowing:
        for mandate in mandates.held(user, on=actor.on).filter(role=Role.ADMINISTRATOR):
            mandates.refuse_last_administrator(mandate, what="ngừng tài khoản", on=actor.on)
    _switch(user, to=False, label="Ngừng tài khoản", reason=reason, actor=actor, now=now)


def reopen(user: User, *, reason: str, actor: Actor, now: datetime) -> None:
    """The person signs in again, with the mandates that still hold."""
    _require_over(user, actor=actor)
    reason = _given(reason, what="mở lại tài khoản")
    _switch(user, to=True, label="Mở lại tài khoản", reason=reason, actor=actor, now=now)


def new_password(user: User, *, actor: Actor, now: datetime) -> Given:
    """A password to hand over once; the person chooses an own one at the next sign-in. Open sessions end."""
    _require_over(user, actor=actor)
    _refuse_own(user, actor=actor, what="cấp lại mật khẩu", instead="Dùng trang «Đổi mật khẩu»")
    password = one_time_password()
    user.set_password(password)
    user.must_change_password = True
    with transaction.atomic():
        user.save(update_fields=["password", "must_change_password"])
        _log("password_given", "Cấp lại mật khẩu", user, actor=actor, now=now)
    return Given(user, password)


def reset_second_factor(user: User, *, actor: Actor, now: datetime) -> None:
    """For who lost the telephone and the recovery codes. Sign-in then needs the password alone."""
    _require_over(user, actor=actor)
    _refuse_own(user, actor=actor, what="đặt lại xác thực hai lớp", instead="Dùng trang «Xác thực hai lớp»")
    with transaction.atomic():
        deleted, _ = Authenticator.objects.filter(user=user).delete()
        if not deleted:
            raise RuleNotMet(
                "Chưa thể đặt lại xác thực hai lớp",
                why="tài khoản này chưa bật xác thực hai lớp",
                next_step="Không cần làm gì thêm",
            )
        _log("factor_reset", "Đặt lại xác thực hai lớp", user, actor=actor, now=now)


def _require_over(user: User, *, actor: Actor) -> None:
    """The right over all of a person's mandates: else who administers one small unit would take over an
    account that leads a great one.
    """
    current = list(mandates.current_or_coming(user, on=actor.on))
    found = current or list(Mandate.objects.filter(user=user))
    for mandate in found:
        actor.require("mandate.give", mandate)
    if not found:
        actor.require("person.without_mandate", user)


def _refuse_own(user: User, *, actor: Actor, what: str, instead: str) -> None:
    if actor.user == user:
        raise RuleNotMet(f"Chưa thể {what}", why="đây là tài khoản của chính bạn", next_step=instead)


def _given(reason: str, *, what: str) -> str:
    reason = reason.strip()
    if not reason:
        raise RuleNotMet(f"Chưa thể {what}", why="chưa ghi lý do", next_step="Ghi lý do rồi gửi lại")
    return reason


def _switch(user: User, *, to: bool, label: str, reason: str, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk, is_active=not to).update(is_active=to):
            raise ChangedMeanwhile(
                f"Chưa thể {label[:1].lower()}{label[1:]}",
                why="người khác vừa làm việc này",
                next_step="Mở lại trang để xem trạng thái mới",
            )
        _log("reopened" if to else "closed", label, user, actor=actor, now=now, reason=reason)
    user.is_active = to


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
