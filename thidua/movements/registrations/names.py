"""Names of persons and households: who may read them, and what everybody else reads instead.

They are for the unit that sent the registration, the bodies that issue or run the plan, and the units
between.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from thidua.audit.log import record
from thidua.core.errors import RuleNotMet
from thidua.movements.models import Plan, Registration, RegistrationKind, SubjectType
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Role

#: In these roles a person works with registrations; a council member, a clerk or an onlooker does not.
READING = (Role.UNIT_OFFICER, Role.STANDING, Role.LEADER)
PERSONAL = (SubjectType.INDIVIDUAL, SubjectType.HOUSEHOLD)


def readable_to(acting: Acting) -> Q:
    """Registrations whose names this person may read."""
    mine = acting.unit_ids(READING)
    if not mine:
        return Q(pk__in=[])
    allowed = Q(unit__in=mine) | Q(plan__owner__in=mine) | Q(plan__standing_body__in=mine)
    held = {mandate.unit_id for mandate in acting.mandates if mandate.role in READING}
    for unit_id in held:
        above = [version.unit_id for version in tree.ancestors(unit_id, on=acting.on)]
        allowed |= Q(plan__owner__in=above, unit__in=tree.ids_at_or_below([unit_id], on=acting.on))
    return allowed


def with_readable(rows: QuerySet[Registration], *, acting: Acting) -> QuerySet[Any, Any]:
    """The rows with `is_readable`: whether the name may be shown to this person."""
    return rows.annotate(
        is_readable=Case(
            When(readable_to(acting), then=Value(True)), default=Value(False), output_field=BooleanField()
        )
    )


def is_personal(registration: Registration) -> bool:
    return registration.subject_type in PERSONAL


def shown_name(registration: Registration, *, is_readable: bool) -> str:
    """Name of the subject, or a number in its place; empty when the sending unit itself is the subject."""
    if not registration.subject_name:
        return ""
    if is_readable or not is_personal(registration):
        return registration.subject_name
    what = "Hộ" if registration.subject_type == SubjectType.HOUSEHOLD else "Cá nhân"
    return f"{what} số {registration.pk} (đã ẩn tên)"


def shown_address(registration: Registration, *, is_readable: bool) -> str:
    if is_readable or not is_personal(registration) or not registration.subject_address:
        return registration.subject_address
    return "(đã ẩn)"


def shown_commitment(registration: Registration, *, is_readable: bool) -> str:
    """What a household promises tells of its poverty; it goes with the name."""
    if registration.kind == RegistrationKind.ESCAPE and not is_readable:
        return "(đã ẩn)"
    return registration.commitment


def log_unmasked(
    plan: Plan, *, year: int | None, rows: int, reason: str, acting: Acting, now: datetime
) -> None:
    """Remember that names left the system in a file, and why. Raises RuleNotMet without a reason."""
    if not reason.strip():
        raise RuleNotMet(
            "Chưa tải được tệp có tên",
            why="chưa ghi lý do cần tên người, hộ",
            next_step="Ghi lý do rồi tải lại, hoặc tải tệp đã ẩn tên",
        )
    record(
        "movements.registration.unmask",
        plan,
        label="Tải danh sách đăng ký có tên",
        actor=acting,
        now=now,
        object_unit_id=plan.owner_id,
        reason=reason.strip(),
        details={"year": year, "rows": rows},
    )
