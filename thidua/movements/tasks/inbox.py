"""What of tasks waits for a person, and what others owe them: querysets for «Việc của tôi»."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from thidua.movements.models import Extension, ExtensionState, Task, TaskState
from thidua.movements.rights import DECIDING, DOING
from thidua.movements.tasks.lateness import has_begun
from thidua.movements.tasks.modality import BINDING
from thidua.movements.tasks.task_list import given_by
from thidua.organisations.authority import Acting


def to_do(acting: Acting) -> QuerySet[Task]:
    """Tasks of the own units to accept or to go on with, by deadline; those of a later year are no news."""
    return (
        Task.objects.filter(has_begun(acting.on), unit_id__in=acting.unit_ids(DOING), state__in=Task.OWED)
        .select_related("plan")
        .order_by(F("due_on").asc(nulls_last=True), "pk")
    )


def to_answer(acting: Acting) -> QuerySet[Task]:
    """Results to confirm and orders that were declined; an invitation that was declined waits for nobody."""
    waits = Q(state=TaskState.REPORTED) | Q(state=TaskState.DECLINED, modality__in=BINDING)
    return (
        Task.objects.filter(given_by(acting.unit_ids(DECIDING)) & waits)
        .select_related("plan")
        .order_by(F("reported_at").asc(nulls_last=True), "pk")
    )


def extensions_to_answer(acting: Acting) -> QuerySet[Extension]:
    """Questions about a deadline that wait for an answer, the oldest first."""
    return (
        Extension.objects.filter(given_by(acting.unit_ids(DECIDING), "task__"), state=ExtensionState.ASKED)
        .select_related("task")
        .order_by("asked_at", "pk")
    )


def owed_late(acting: Acting, *, unit_id: int | None = None) -> QuerySet[Task]:
    """Late tasks that are owed to units this person decides for, by everybody or by one unit."""
    late = Task.objects.filter(
        given_by(acting.unit_ids(DECIDING)), state__in=Task.OWED, due_on__lt=acting.on
    ).select_related("plan")
    return late if unit_id is None else late.filter(unit_id=unit_id)
