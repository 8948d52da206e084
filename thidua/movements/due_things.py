"""What of movements falls due: tasks, and registrations that a plan asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse

from thidua.movements.models import (
    PlanVersionState,
    RegistrationCall,
    RegistrationKind,
    RegistrationState,
    Task,
)
from thidua.movements.registrations import board
from thidua.movements.rights import DOING
from thidua.movements.tasks.lateness import has_begun
from thidua.movements.tasks.telling import page_of
from thidua.notices.due import Due, Source, register, source_of_rows
from thidua.organisations.models import Role

#: Who does the work; a leader hears of it when it presses.
WORKERS = DOING - {Role.LEADER}


def _tasks(on: date) -> QuerySet[Task]:
    return Task.objects.filter(has_begun(on), state__in=Task.OWED).select_related("plan")


def _due_task(task: Task) -> Due:
    assert task.due_on is not None
    return Due(
        key=str(task.pk),
        title=task.title,
        address=page_of(task),
        due_on=task.due_on,
        unit_id=task.unit_id,
        about=f"Kế hoạch {task.plan.number}" if task.plan.number else task.plan.title,
    )


def _calls(asked: Q) -> QuerySet[RegistrationCall]:
    return (
        RegistrationCall.objects.filter(asked, plan__versions__state=PlanVersionState.ADOPTED)
        .select_related("plan")
        .distinct()
        .order_by("pk")
    )


def _waiting_units(call: RegistrationCall, *, on: date) -> list[int]:
    """Units that have not sent whether they join, or were sent back."""
    rows = board.standings(call.plan, call.year, RegistrationKind.JOIN, on=on)
    return list(
        rows.filter(standing__in=[board.NOT_SENT, RegistrationState.RETURNED.value])
        .order_by("unit_id")
        .values_list("unit_id", flat=True)
    )


def _find_registrations(days: Collection[date], on: date) -> Iterator[Due]:
    """A query for each call that is near its day; there are few."""
    for call in _calls(Q(due_on__in=sorted(days))):
        assert call.due_on is not None
        for unit_id in _waiting_units(call, on=on):
            yield Due(
                key=f"{call.pk}-{unit_id}",
                title=f"Đăng ký năm {call.year}",
                address=reverse("registrations:own", args=[call.plan_id, call.year]),
                due_on=call.due_on,
                unit_id=unit_id,
                about=call.plan.title,
            )


def _still_registrations(keys: Collection[str], on: date) -> Mapping[str, date]:
    units: dict[int, set[int]] = {}
    for key in keys:
        call, _, unit = key.partition("-")
        units.setdefault(int(call), set()).add(int(unit))
    return {
        f"{call.pk}-{unit_id}": call.due_on
        for call in _calls(Q(pk__in=units, due_on__isnull=False))
        for unit_id in _waiting_units(call, on=on)
        if unit_id in units[call.pk] and call.due_on is not None
    }


register(source_of_rows("tasks", "Nhiệm vụ", roles=WORKERS, late_roles=DOING, waiting=_tasks, due=_due_task))
register(
    Source(
        "registrations",
        "Đăng ký thi đua",
        roles=WORKERS,
        late_roles=DOING,
        find=_find_registrations,
        still=_still_registrations,
    )
)
