"""What the standing body sets for a year of registrations: last day, who is expected, and reminders."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse

from thidua.audit.log import Actor, record
from thidua.core.clock import VIETNAM
from thidua.core.errors import RuleNotMet
from thidua.core.formats import format_date
from thidua.movements.models import (
    ExpectedUnit,
    Plan,
    RegistrationCall,
    RegistrationKind,
    RegistrationReminder,
)
from thidua.movements.registrations import board, checks
from thidua.notices.models import Notice
from thidua.notices.telling import written
from thidua.organisations.models import Unit


def set_call(
    plan: Plan, year: int, *, due_on: date | None, helpers_needed: int, actor: Actor, now: datetime
) -> RegistrationCall:
    """Set the last day and how many helpers one place needs; both may be changed later."""
    actor.require("registration.call", plan)
    if year not in checks.open_years(plan, on=actor.on):
        raise RuleNotMet(
            "Chưa đặt được hạn",
            why=f"năm {year} nằm ngoài kế hoạch",
            next_step="Chọn một năm trong thời gian của kế hoạch",
        )
    with transaction.atomic():
        call, _ = RegistrationCall.objects.update_or_create(
            plan=plan, year=year, defaults={"due_on": due_on, "helpers_needed": helpers_needed}
        )
        record(
            "movements.registrationcall.set",
            call,
            label="Đặt hạn đăng ký",
            actor=actor,
            now=now,
            object_unit_id=plan.owner_id,
            details={"due_on": due_on, "helpers_needed": helpers_needed},
        )
    return call


def expect(
    plan: Plan,
    year: int,
    kind: RegistrationKind,
    unit: Unit,
    *,
    is_expected: bool,
    reason: str,
    actor: Actor,
    now: datetime,
) -> ExpectedUnit:
    """Add a unit to those expected, or leave one out; the reason stays readable."""
    actor.require("registration.call", plan)
    reason = reason.strip()
    if not reason:
        raise RuleNotMet("Chưa đổi được danh sách", why="chưa ghi lý do", next_step="Ghi lý do rồi lưu lại")
    with transaction.atomic():
        exception, _ = ExpectedUnit.objects.update_or_create(
            plan=plan,
            year=year,
            kind=kind,
            unit=unit,
            defaults={
                "is_expected": is_expected,
                "reason": reason[:500],
                "user": actor.user,
                "made_at": now,
            },
        )
        record(
            "movements.expectedunit.set",
            exception,
            label="Thêm đơn vị phải đăng ký" if is_expected else "Bỏ đơn vị khỏi danh sách phải đăng ký",
            actor=actor,
            now=now,
            object_unit_id=unit.pk,
            reason=reason,
        )
    return exception


def forget_exception(exception: ExpectedUnit, *, actor: Actor, now: datetime) -> None:
    """Let the plan decide again whether this unit is expected."""
    actor.require("registration.call", exception.plan)
    with transaction.atomic():
        record(
            "movements.expectedunit.forget",
            exception,
            label="Bỏ ngoại lệ đăng ký",
            actor=actor,
            now=now,
            object_unit_id=exception.unit_id,
        )
        exception.delete()


def remind_unsent(
    plan: Plan, year: int, kind: RegistrationKind, *, text: str, actor: Actor, now: datetime
) -> int:
    """One reminder a day to each unit that has not sent or was sent back; returns how many.

    Writes the reminders and the notices in a fixed number of queries. Raises RuleNotMet when nobody is left.
    """
    actor.require("registration.call", plan)
    checks.open_years(plan, on=actor.on)
    waiting = list(
        board.standings(plan, year, kind, on=actor.on)
        .filter(standing__in=[board.NOT_SENT, "tra_lai"])
        .values_list("unit_id", flat=True)
    )
    if not waiting:
        raise RuleNotMet(
            "Không có đơn vị nào để nhắc",
            why="mọi đơn vị đã gửi đăng ký",
            next_step="Duyệt các đăng ký đang chờ",
        )
    call = board.call_of(plan, year)
    text = text.strip() or usual_reminder(call, kind)
    address = reverse("registrations:own", args=[plan.pk, year])
    with transaction.atomic():
        # Held to the end: of two who remind at once, the second sees that the first has done so.
        Plan.objects.select_for_update().get(pk=plan.pk)
        reminded = _reminded_today(plan, year, kind, now=now)
        waiting = [unit_id for unit_id in waiting if unit_id not in reminded]
        if not waiting:
            raise RuleNotMet(
                "Chưa nhắc thêm",
                why="các đơn vị chưa gửi đều đã được nhắc trong hôm nay",
                next_step="Nhắc lại vào ngày mai, hoặc gọi cho đơn vị",
            )
        RegistrationReminder.objects.bulk_create(
            (
                RegistrationReminder(
                    plan=plan,
                    year=year,
                    kind=kind,
                    unit_id=unit_id,
                    text=text,
                    sender_unit_id=actor.unit_id,
                    user=actor.user,
                    sent_at=now,
                )
                for unit_id in waiting
            ),
            batch_size=500,
        )
        Notice.objects.bulk_create(
            (
                written(
                    kind="registration.reminder",
                    text=text,
                    address=address,
                    now=now,
                    sender=actor.name,
                    unit_id=unit_id,
                )
                for unit_id in waiting
            ),
            batch_size=500,
        )
        record(
            "movements.registration.remind",
            plan,
            label="Nhắc các đơn vị chưa gửi đăng ký",
            actor=actor,
            now=now,
            object_unit_id=plan.owner_id,
            details={"year": year, "kind": kind, "units": len(waiting), "text": text},
        )
    return len(waiting)


def _reminded_today(plan: Plan, year: int, kind: RegistrationKind, *, now: datetime) -> set[int]:
    midnight = now.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
    today = RegistrationReminder.objects.filter(
        plan=plan, year=year, kind=kind, sent_at__gte=midnight, sent_at__lt=midnight + timedelta(days=1)
    )
    return set(today.values_list("unit_id", flat=True))


def usual_reminder(call: RegistrationCall, kind: RegistrationKind) -> str:
    until = f" trước hết ngày {format_date(call.due_on)}" if call.due_on else ""
    return f"Đề nghị gửi «{kind.label}» năm {call.year}{until}."
