"""What packages for sign-in tell by their signals, told on as our happenings (ARCHITECTURE.md, "Signals")."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from thidua.accounts import sessions
from thidua.accounts.happenings import tell
from thidua.accounts.models import User
from thidua.accounts.sign_in import client_address

FACTORS = {
    Authenticator.Type.TOTP: "xác thực hai lớp",
    Authenticator.Type.RECOVERY_CODES: "mã dự phòng",
}


def listen() -> None:
    user_logged_in.connect(_signed_in, dispatch_uid="accounts.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="accounts.signed_out")
    user_locked_out.connect(_locked_out, dispatch_uid="accounts.locked_out")
    authenticator_added.connect(_factor_added, dispatch_uid="accounts.factor_added")
    authenticator_reset.connect(_factor_added, dispatch_uid="accounts.factor_reset")
    authenticator_removed.connect(_factor_removed, dispatch_uid="accounts.factor_removed")


def _signed_in(sender: Any, *, user: User, request: HttpRequest | None = None, **_: Any) -> None:
    details = {}
    if request is not None:
        sessions.begin(request)
        details["address"] = client_address(request)
    tell("signed_in", user, label="Đăng nhập", by=user, details=details)


def _signed_out(sender: Any, *, user: User | None, **_: Any) -> None:
    if user is not None:
        tell("signed_out", user, label="Đăng xuất", by=user)


def _locked_out(sender: Any, *, request: HttpRequest, username: str, **_: Any) -> None:
    """Once a lock-out: axes sends the signal again for each attempt while it lasts.

    A name that nobody has is not written down: people type passwords into the wrong field.
    """
    if (getattr(request, "axes_failures_since_start", None) or 0) < settings.AXES_FAILURE_LIMIT:
        return
    tell(
        "locked_out",
        User.objects.filter(username=username).first(),
        label="Khóa đăng nhập do sai nhiều lần",
        details={"address": client_address(request)},
    )


def _factor_added(sender: Any, *, user: User, authenticator: Authenticator, **_: Any) -> None:
    name = FACTORS[authenticator.type]
    tell("factor_added", user, label=f"Bật {name}" if name != "mã dự phòng" else "Tạo mã dự phòng", by=user)


def _factor_removed(sender: Any, *, user: User, authenticator: Authenticator, **_: Any) -> None:
    tell("factor_removed", user, label=f"Tắt {FACTORS[authenticator.type]}", by=user)
