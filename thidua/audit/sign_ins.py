"""What happens to accounts, as rows of the log. `accounts` lies below this app and tells by a signal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from thidua.accounts.happenings import Happening, happened
from thidua.accounts.models import User
from thidua.audit.log import Actor, System, record
from thidua.core import clock
from thidua.core.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Oneself:
    """A person at their own account, not on behalf of a unit."""

    user: User
    on: date
    unit_id: None = None

    @property
    def name(self) -> str:
        return str(self.user)

    def require(self, right: str, on_object: models.Model) -> None:
        raise NotAllowed("Bạn chưa được làm việc này", why="việc này cần một ủy nhiệm")


def listen() -> None:
    happened.connect(_write, dispatch_uid="audit.sign_ins")


def _write(sender: Any, *, happening: Happening, **_: Any) -> None:
    today = clock.today()
    actor: Actor = Oneself(happening.by, today) if happening.by else System(today)
    record(
        happening.action,
        happening.user or User(pk=0),
        label=happening.label,
        actor=actor,
        now=clock.now(),
        object_label=f"{happening.user} ({happening.user.username})"
        if happening.user
        else "tài khoản không rõ",
        reason=happening.reason,
        details=happening.details,
    )
