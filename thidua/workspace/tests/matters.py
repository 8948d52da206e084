"""A running plan of the small world for tests: tasks in every state, an extension, registrations, a draft."""

from __future__ import annotations

from datetime import UTC, date, datetime

from thidua.core.text import fold, sort_key
from thidua.movements.models import (
    Extension,
    Movement,
    Plan,
    PlanVersion,
    PlanVersionState,
    Registration,
    RegistrationKind,
    RegistrationState,
    SubjectType,
    Task,
    TaskState,
)
from thidua.organisations.tests.world import World

NOW = datetime(2023, 11, 5, 2, tzinfo=UTC)


def make_plan(
    world: World, title: str = "Phong trào thi đua vì người nghèo", owner: str = "phong-tho"
) -> Plan:
    """A plan in force, run by Phòng Lao động - Thương binh và Xã hội."""
    movement = Movement.objects.create(name=title, name_order=sort_key(title), search_text=fold(title))
    plan = Plan.objects.create(
        movement=movement,
        owner=world.unit(owner),
        standing_body=world.unit("phong-ldtbxh"),
        title=title,
        title_order=sort_key(title),
        number="152/KH-UBND",
        search_text=fold(f"{title} 152/KH-UBND"),
    )
    PlanVersion.objects.create(
        plan=plan,
        title=title,
        document_number="152/KH-UBND",
        state=PlanVersionState.ADOPTED,
        adopted_at=NOW,
    )
    return plan


def make_draft(plan: Plan, number: int = 2) -> PlanVersion:
    return PlanVersion.objects.create(plan=plan, title=f"{plan.title}, điều chỉnh", number=number)


def make_task(
    world: World,
    plan: Plan,
    title: str,
    *,
    unit: str = "huoi-luong",
    state: TaskState = TaskState.GIVEN,
    due_on: date | None = None,
    **fields: object,
) -> Task:
    return Task.objects.create(
        plan=plan,
        title=title,
        title_order=sort_key(title),
        unit=world.unit(unit),
        giver=world.unit("phong-tho"),
        state=state,
        due_on=due_on,
        given_at=NOW,
        search_text=fold(title),
        **fields,
    )


def make_extension(task: Task, until: date = date(2023, 12, 1)) -> Extension:
    return Extension.objects.create(
        task=task, due_before=task.due_on, asked_until=until, reason="Mưa lũ kéo dài", asked_at=NOW
    )


def make_registration(
    world: World,
    plan: Plan,
    *,
    unit: str = "huoi-luong",
    state: RegistrationState = RegistrationState.PENDING,
    year: int = 2023,
    **fields: object,
) -> Registration:
    return Registration.objects.create(
        plan=plan,
        kind=RegistrationKind.JOIN,
        subject_type=SubjectType.UNIT,
        unit=world.unit(unit),
        year=year,
        commitment="Giảm 3 % hộ nghèo",
        state=state,
        **fields,
    )
