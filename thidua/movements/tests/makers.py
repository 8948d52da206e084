"""Plans, tasks and registrations for tests, in one call each. Moments are those of 2022."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from thidua.core.clock import VIETNAM
from thidua.core.text import fold, sort_key
from thidua.movements.models import (
    ItemDecision,
    Movement,
    Plan,
    PlanItem,
    PlanVersion,
    PlanVersionState,
    Registration,
    RegistrationKind,
    SubjectType,
    Task,
    TaskPartner,
    TaskState,
)
from thidua.organisations.models import Unit
from thidua.organisations.tests.world import World

NOW = datetime(2022, 9, 1, 3, 0, tzinfo=UTC)


def at(day: date, hour: int = 9) -> datetime:
    """A moment of a day in Vietnam."""
    return datetime.combine(day, time(hour), tzinfo=VIETNAM)


def make_movement(name: str = "Vì người nghèo", *, owner: Unit | None = None, **fields: Any) -> Movement:
    fields = {"theme": "giam_ngheo", "first_year": 2021, "last_year": 2025, **fields}
    return Movement.objects.create(
        name=name, name_order=sort_key(name), search_text=fold(name), owner=owner, **fields
    )


def make_plan(
    owner: Unit | None,
    *,
    movement: Movement | None = None,
    state: PlanVersionState | None = PlanVersionState.ADOPTED,
    title: str = "Kế hoạch thi đua",
    number: str = "",
    **fields: Any,
) -> Plan:
    """A plan with one version in `state`; None makes a placeholder without any."""
    plan = Plan.objects.create(
        movement=movement or make_movement(),
        owner=owner,
        title=title,
        title_order=sort_key(title),
        number=number,
        search_text=fold(f"{number} {title}"),
        is_placeholder=state is None,
        **fields,
    )
    if state is not None:
        make_version(plan, state=state)
    return plan


def make_version(
    plan: Plan, *, state: PlanVersionState = PlanVersionState.ADOPTED, number: int = 1
) -> PlanVersion:
    adopted = state in (PlanVersionState.ADOPTED, PlanVersionState.SUPERSEDED)
    return PlanVersion.objects.create(
        plan=plan,
        number=number,
        state=state,
        title=plan.title,
        document_number=plan.number,
        adopted_at=NOW if adopted else None,
    )


def make_item(
    version: PlanVersion,
    kind: str,
    key: str,
    entry: Mapping[str, Any],
    *,
    decision: ItemDecision = ItemDecision.ACCEPTED,
) -> PlanItem:
    content = json.dumps(dict(entry), ensure_ascii=False)
    return PlanItem.objects.create(
        version=version,
        kind=kind,
        key=key,
        position=version.items.count() + 1,
        quote=str(entry.get("quote") or entry.get("text") or entry.get("name") or ""),
        as_read=content,
        content=content,
        decision=decision,
    )


def make_task(
    plan: Plan, unit: Unit, giver: Unit | None = None, *, partners: tuple[Unit, ...] = (), **fields: Any
) -> Task:
    """A task that the plan's owner gave, without a deadline; the moments fit the state it is made in."""
    title = fields.pop("title", "Báo cáo kết quả")
    state = fields.get("state", TaskState.GIVEN)
    moments: dict[str, Any] = {"given_at": NOW}
    if state in (TaskState.ACCEPTED, TaskState.REPORTED, TaskState.DONE):
        moments["accepted_at"] = NOW
    if state in (TaskState.REPORTED, TaskState.DONE):
        moments["reported_at"] = NOW
    if state == TaskState.DONE:
        moments["done_at"] = NOW
    giver = giver or plan.owner
    assert giver is not None
    task = Task.objects.create(
        plan=plan,
        unit=unit,
        giver=giver,
        title=title,
        title_order=sort_key(title),
        search_text=fold(title),
        **{**moments, **fields},
    )
    TaskPartner.objects.bulk_create(TaskPartner(task=task, unit=partner) for partner in partners)
    return task


def phong_tho_plan(world: World, **fields: Any) -> Plan:
    """The plan of the district, run by its Phòng LĐTBXH, in the world of `phong_tho()`."""
    fields = {"title": "Kế hoạch vì người nghèo", "number": "12/KH-UBND", **fields}
    return make_plan(world.unit("phong-tho"), standing_body=world.unit("phong-ldtbxh"), **fields)


def make_registration(plan: Plan, unit: Unit, **fields: Any) -> Registration:
    fields = {
        "kind": RegistrationKind.JOIN,
        "subject_type": SubjectType.UNIT,
        "year": 2023,
        "commitment": "Tham gia",
        **fields,
    }
    return Registration.objects.create(plan=plan, unit=unit, **fields)
