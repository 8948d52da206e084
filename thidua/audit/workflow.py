"""Changes of state: tables as data, and `advance()`, the only way a state changes.

In one transaction: the right, the guard, the change (compare and set, so that of two people at once one
wins), and the row in the log. The tables draw `docs/reference/states.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models, transaction

from thidua.audit.log import Actor, record
from thidua.audit.models import Entry
from thidua.core.errors import ChangedMeanwhile, RuleNotMet


@dataclass(frozen=True, slots=True)
class Move:
    """What a guard may look at besides the object."""

    actor: Actor
    now: datetime
    reason: str
    changes: Mapping[str, Any]


Guard = Callable[[Any, Move], None]


@dataclass(frozen=True, slots=True)
class Transition:
    """One step: from any of `sources` to `target`, by whoever has `right`. `guard` raises RuleNotMet."""

    name: str
    label: str
    sources: tuple[str, ...]
    target: str
    right: str
    needs_reason: bool = False
    guard: Guard | None = None


@dataclass(frozen=True, slots=True)
class StateTable:
    """The states of one model and the steps between them."""

    model: str
    title: str
    states: type[models.TextChoices]
    initial: str
    transitions: tuple[Transition, ...]
    field: str = "state"
    #: The unit an object concerns, for the log.
    unit_of: Callable[[Any], int | None] = lambda _object: None

    def transition(self, name: str) -> Transition:
        return next(step for step in self.transitions if step.name == name)

    def possible_from(self, state: str) -> list[Transition]:
        return [step for step in self.transitions if state in step.sources]


_tables: dict[str, StateTable] = {}


def register(table: StateTable) -> StateTable:
    """Make a table known; apps do it in their module `states.py`, imported when Django starts."""
    known = {str(value) for value in table.states.values}
    for step in table.transitions:
        unknown = {*step.sources, step.target} - known
        if unknown:
            raise ValueError(f"{table.model}.{step.name}: unknown states {sorted(unknown)}")
    _tables[table.model.lower()] = table
    return table


def tables() -> list[StateTable]:
    """All tables, in the order of their models' names."""
    return [_tables[name] for name in sorted(_tables)]


def table_of(on_object: models.Model) -> StateTable:
    return _tables[on_object._meta.label_lower]


def possible(on_object: models.Model, *, actor: Actor) -> list[Transition]:
    """The steps that the state allows and the actor has the right to; guards are asked only when acting."""
    from thidua.core.errors import NotAllowed

    table, found = table_of(on_object), []
    for step in table.possible_from(getattr(on_object, table.field)):
        try:
            actor.require(step.right, on_object)
        except NotAllowed:
            continue
        found.append(step)
    return found


def advance(
    on_object: models.Model,
    name: str,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    changes: Mapping[str, Any] | None = None,
    details: Mapping[str, Any] | None = None,
) -> Entry:
    """Take one step; returns the row of the log.

    `changes` are fields saved together with the state. On success `on_object` carries the new values. Raises
    NotAllowed, RuleNotMet (a guard, a missing reason, a state from which the step does not lead), or
    ChangedMeanwhile when somebody else was faster.
    """
    table = table_of(on_object)
    step = table.transition(name)
    state = getattr(on_object, table.field)
    changes = dict(changes or {})
    reason = reason.strip()
    actor.require(step.right, on_object)
    if state not in step.sources:
        _refuse_state(table, step, state)
    if step.needs_reason and not reason:
        raise RuleNotMet(
            f"Chưa thể {step.label[:1].lower()}{step.label[1:]}",
            why="chưa ghi lý do",
            next_step="Ghi lý do rồi gửi lại",
        )
    with transaction.atomic():
        if step.guard is not None:
            step.guard(on_object, Move(actor=actor, now=now, reason=reason, changes=changes))
        model = apps.get_model(table.model)
        changed = model._default_manager.filter(pk=on_object.pk, **{table.field: state}).update(
            **{table.field: step.target, **changes}
        )
        if not changed:
            raise ChangedMeanwhile(
                f"Chưa thể {step.label[:1].lower()}{step.label[1:]}",
                why="người khác vừa thay đổi trạng thái",
                next_step="Mở lại trang để xem trạng thái mới rồi quyết định",
            )
        entry = record(
            f"{table.model.lower()}.{step.name}",
            on_object,
            label=step.label,
            actor=actor,
            now=now,
            object_unit_id=table.unit_of(on_object),
            before=state,
            after=step.target,
            reason=reason,
            details={**(details or {}), **{f"set.{key}": _logged(value) for key, value in changes.items()}},
        )
    for key, value in {table.field: step.target, **changes}.items():
        setattr(on_object, key, value)
    return entry


def _logged(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def _refuse_state(table: StateTable, step: Transition, state: str) -> None:
    labels = dict(table.states.choices)
    wanted = ", ".join(f"«{labels[source]}»" for source in step.sources)
    raise RuleNotMet(
        f"Chưa thể {step.label[:1].lower()}{step.label[1:]}",
        why=f"trạng thái hiện nay là «{labels.get(state, state)}», việc này chỉ làm được khi ở {wanted}",
        next_step="Mở lại trang để xem các việc làm được ở trạng thái này",
    )
