"""The board of who has not sent: each expected unit of a plan and year with its standing, and the counters.

A unit stands where its most urgent registration stands: returned before pending before approved; a draft
counts as not sent. Hides the subqueries; one row is one unit, however many registrations it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from thidua.movements.models import (
    Plan,
    Registration,
    RegistrationCall,
    RegistrationKind,
    RegistrationReminder,
    RegistrationState,
)
from thidua.movements.registrations.expecting import expected_versions
from thidua.organisations.models import Succession

NOT_SENT = "chua_gui"
#: In the order of the tiles.
STANDINGS: tuple[tuple[str, str, str], ...] = (
    (NOT_SENT, "Chưa gửi", "late"),
    (RegistrationState.PENDING.value, "Chờ duyệt", "warning"),
    (RegistrationState.RETURNED.value, "Trả lại", "late"),
    (RegistrationState.APPROVED.value, "Đã duyệt", "good"),
)


@dataclass(frozen=True, slots=True)
class Tile:
    """One counter of the board."""

    standing: str
    label: str
    tone: str
    count: int


def standings(plan: Plan, year: int, kind: RegistrationKind, *, on: date) -> QuerySet[Any, Any]:
    """The expected units with `standing`, `sent` (number), `first_sent_at`, `reminded_at`, `reminders`."""
    registrations = Registration.objects.filter(plan=plan, year=year, kind=kind)
    own = registrations.filter(unit=OuterRef("unit_id"))
    inherited = registrations.filter(
        unit__in=Succession.objects.filter(
            successor=OuterRef(OuterRef("unit_id")), takes_effect_on__lte=on, annulled_by__isnull=True
        ).values("predecessor_id")
    )

    def has(state: RegistrationState) -> Q:
        return Q(Exists(own.filter(state=state))) | Q(Exists(inherited.filter(state=state)))

    standing = Case(
        *(
            When(has(state), then=Value(state.value))
            for state in (RegistrationState.RETURNED, RegistrationState.PENDING, RegistrationState.APPROVED)
        ),
        default=Value(NOT_SENT),
        output_field=CharField(),
    )
    sent = own.filter(state__in=[RegistrationState.PENDING, RegistrationState.APPROVED])
    number = sent.order_by().values("unit").annotate(number=Count("pk")).values("number")
    reminders = RegistrationReminder.objects.filter(plan=plan, year=year, kind=kind, unit=OuterRef("unit_id"))
    return expected_versions(plan, year, kind, on=on).annotate(
        standing=standing,
        sent=Subquery(number),
        first_sent_at=Subquery(own.filter(sent_at__isnull=False).order_by("sent_at").values("sent_at")[:1]),
        reminded_at=Subquery(reminders.order_by("-sent_at").values("sent_at")[:1]),
        reminders=Subquery(reminders.order_by().values("unit").annotate(number=Count("pk")).values("number")),
        unit_kind=F("unit__kind"),
    )


def tiles(rows: QuerySet[Any, Any]) -> list[Tile]:
    """How many units stand where; one query."""
    counts = {
        row["standing"]: row["number"]
        for row in rows.order_by().values("standing").annotate(number=Count("pk"))
    }
    return [Tile(standing, label, tone, counts.get(standing, 0)) for standing, label, tone in STANDINGS]


def call_of(plan: Plan, year: int) -> RegistrationCall:
    """The call as set, or an unsaved one that asks for nothing in particular."""
    return RegistrationCall.objects.filter(plan=plan, year=year).first() or RegistrationCall(
        plan=plan, year=year
    )


def days_late(due_on: date | None, first_sent_at: datetime | None, *, on: date) -> int:
    """Days after the last day in time: until it was sent, or until now. 0 without a last day."""
    if due_on is None:
        return 0
    ended = timezone.localtime(first_sent_at).date() if first_sent_at else on
    return max(0, (ended - due_on).days)
