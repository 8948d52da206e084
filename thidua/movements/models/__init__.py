"""Movements, their plans, what the plans ask for, and who joined."""

from __future__ import annotations

from thidua.movements.models.following import (
    Activity,
    ActivityKind,
    Evidence,
    Extension,
    ExtensionState,
    Reminder,
    TaskNote,
)
from thidua.movements.models.plans import (
    CoverageNote,
    ItemDecision,
    ItemKind,
    Milestone,
    Movement,
    PartyName,
    PartyUnit,
    Plan,
    PlanItem,
    PlanVersion,
    PlanVersionState,
    Target,
)
from thidua.movements.models.registrations import (
    CalendarFeed,
    Registration,
    RegistrationKind,
    RegistrationState,
    SubjectType,
)
from thidua.movements.models.tasks import Task, TaskPartner, TaskState

__all__ = [
    "Activity",
    "ActivityKind",
    "CalendarFeed",
    "CoverageNote",
    "Evidence",
    "Extension",
    "ExtensionState",
    "ItemDecision",
    "ItemKind",
    "Milestone",
    "Movement",
    "PartyName",
    "PartyUnit",
    "Plan",
    "PlanItem",
    "PlanVersion",
    "PlanVersionState",
    "Registration",
    "RegistrationKind",
    "RegistrationState",
    "Reminder",
    "SubjectType",
    "Target",
    "Task",
    "TaskNote",
    "TaskPartner",
    "TaskState",
]
