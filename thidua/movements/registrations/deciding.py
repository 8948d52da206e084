"""What the body that runs a plan does with registrations: approve them, or send them back with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from thidua.audit.log import Actor
from thidua.audit.workflow import advance
from thidua.core.errors import RuleNotMet
from thidua.movements.models import Registration
from thidua.notices.telling import tell


def approve(registration: Registration, *, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        advance(registration, "approve", actor=actor, now=now, changes={"decided_at": now})
        _tell_units([registration], "đã được duyệt", actor=actor, now=now)


def send_back(registration: Registration, *, reason: str, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        _sent_back(registration, reason=reason, actor=actor, now=now)
        _tell_units([registration], f"bị trả lại: {reason.strip()}", actor=actor, now=now)


def approve_all(registrations: Sequence[Registration], *, actor: Actor, now: datetime) -> int:
    """Approve all of them or none."""
    _some(registrations)
    with transaction.atomic():
        for registration in registrations:
            advance(registration, "approve", actor=actor, now=now, changes={"decided_at": now})
        _tell_units(registrations, "đã được duyệt", actor=actor, now=now)
    return len(registrations)


def send_back_all(registrations: Sequence[Registration], *, reason: str, actor: Actor, now: datetime) -> int:
    """Send all of them back with one reason, or none."""
    _some(registrations)
    with transaction.atomic():
        for registration in registrations:
            _sent_back(registration, reason=reason, actor=actor, now=now)
        _tell_units(registrations, f"bị trả lại: {reason.strip()}", actor=actor, now=now)
    return len(registrations)


def _some(registrations: Sequence[Registration]) -> None:
    if not registrations:
        raise RuleNotMet(
            "Chưa làm được", why="chưa chọn đăng ký nào", next_step="Đánh dấu các đăng ký rồi bấm lại"
        )


def _sent_back(registration: Registration, *, reason: str, actor: Actor, now: datetime) -> None:
    advance(
        registration,
        "send_back",
        actor=actor,
        now=now,
        reason=reason,
        changes={"decided_at": now, "returned_reason": reason.strip()},
    )


def _tell_units(registrations: Sequence[Registration], what: str, *, actor: Actor, now: datetime) -> None:
    """One notice for each sending unit, year and plan."""
    groups = Counter((one.unit_id, one.plan_id, one.year) for one in registrations)
    single = {(one.unit_id, one.plan_id, one.year): one for one in registrations}
    for group, count in groups.items():
        one = single[group]
        if count == 1:
            text = f"{one.get_kind_display()} năm {one.year} {what}."
            address = reverse("registrations:registration", args=[one.pk])
        else:
            text = f"{count} đăng ký năm {one.year} {what}."
            address = reverse("registrations:own", args=[one.plan_id, one.year])
        tell(
            kind="registration.decided",
            text=text,
            address=address,
            now=now,
            sender=actor.name,
            unit_id=one.unit_id,
        )
