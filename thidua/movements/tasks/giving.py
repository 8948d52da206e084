"""Giving work: a task outside the text of a plan, sub-tasks for lower units, giving again, taking back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from thidua.audit.log import Actor, System, record
from thidua.audit.workflow import advance
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.formats import format_date
from thidua.core.text import fold, sort_key
from thidua.movements.models import Plan, PlanVersionState, Task, TaskPartner, TaskState
from thidua.movements.tasks import extensions
from thidua.movements.tasks.modality import modality_of
from thidua.movements.tasks.telling import tell_doer
from thidua.organisations import tree
from thidua.organisations.successions import heirs_on


@dataclass(frozen=True, slots=True)
class Part:
    """One sub-task: for whom, what, until when."""

    unit_id: int
    title: str
    due_on: date | None = None


def give_again(task: Task, *, reason: str, actor: Actor, now: datetime) -> None:
    """Answer a refusal: the task stays with the unit."""
    with transaction.atomic():
        advance(task, "give_again", actor=actor, now=now, reason=reason, changes={"given_at": now})
        tell_doer(task, "Nhiệm vụ được giao lại", kind="task.given", actor=actor, now=now)


def cancel(task: Task, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take a task back, with everything that was given on below it."""
    with transaction.atomic():
        advance(task, "cancel", actor=actor, now=now, reason=reason)
        extensions.close_open(task, why="Nhiệm vụ đã được rút", actor=actor, now=now)
        tell_doer(task, "Nhiệm vụ đã được rút", kind="task.cancelled", actor=actor, now=now)
        for part in task.subtasks.filter(state__in=Task.OPEN).select_related("plan"):
            cancel(
                part,
                reason=f"Nhiệm vụ cấp trên đã được rút: {reason.strip()}",
                actor=System(on=actor.on),
                now=now,
            )


def give_task(
    plan: Plan,
    *,
    unit_ids: Sequence[int],
    title: str,
    due_on: date | None,
    actor: Actor,
    now: datetime,
    modality: str = "giao",
    partner_ids: Collection[int] = (),
) -> list[Task]:
    """An extra task of a plan in force, one row a unit, told to each. `due_on` is the last day in time."""
    assert plan.owner_id is not None
    actor.require("task.give", Task(plan=plan, giver_id=plan.owner_id))
    what = "Chưa giao được nhiệm vụ"
    if not plan.versions.filter(state=PlanVersionState.ADOPTED).exists():
        raise RuleNotMet(
            what, why="kế hoạch chưa có hiệu lực", next_step="Đưa kế hoạch vào thực hiện rồi giao thêm"
        )
    _require_text_and_day(what, title=title, due_on=due_on, on=actor.on)
    if not unit_ids:
        raise RuleNotMet(what, why="chưa chọn đơn vị", next_step="Chọn ít nhất một đơn vị")
    labels = tree.labels_on([*unit_ids, *partner_ids], on=actor.on)
    above = {version.unit_id for version in tree.ancestors(plan.owner_id, on=actor.on)} - {plan.owner_id}
    for unit_id in unit_ids:
        if tree.version_on(unit_id, on=actor.on) is None:
            raise RuleNotMet(
                what,
                why=f"{labels.get(unit_id, 'đơn vị')} không còn hoạt động",
                next_step="Chọn đơn vị kế thừa",
            )
        if unit_id in above and modality_of(modality).is_binding:
            raise RuleNotMet(
                what,
                why=f"{labels[unit_id]} là cấp trên của cơ quan ban hành kế hoạch",
                next_step="Chọn cách giao «Đề nghị», hoặc chọn đơn vị khác",
            )
    with transaction.atomic():
        return [
            _give(
                Task(
                    plan=plan,
                    unit_id=unit_id,
                    giver_id=plan.owner_id,
                    title=title.strip(),
                    modality=modality,
                    due_on=due_on,
                ),
                partner_ids=partner_ids,
                actor=actor,
                now=now,
            )
            for unit_id in dict.fromkeys(unit_ids)
        ]


def split(task: Task, parts: Sequence[Part], *, actor: Actor, now: datetime) -> list[Task]:
    """Give parts of a task to units below its unit, or below the successor; none is due after the whole."""
    actor.require("task.split", task)
    what = "Chưa chia được nhiệm vụ"
    if task.state != TaskState.ACCEPTED:
        raise RuleNotMet(
            what,
            why=f"nhiệm vụ đang ở trạng thái «{TaskState(task.state).label}»",
            next_step="Nhận nhiệm vụ trước, rồi chia cho đơn vị cấp dưới",
        )
    if not parts:
        raise RuleNotMet(what, why="chưa có phần việc nào", next_step="Chọn đơn vị và ghi nội dung")
    roots = heirs_on(task.unit_id, on=actor.on)
    lower = set(tree.ids_at_or_below(roots, on=actor.on)) - {task.unit_id, *roots}
    labels = tree.labels_on([part.unit_id for part in parts], on=actor.on)
    for part in parts:
        if part.unit_id not in lower:
            raise RuleNotMet(
                what,
                why=f"{labels.get(part.unit_id, 'đơn vị được chọn')} không thuộc đơn vị của nhiệm vụ",
                next_step="Chỉ chia cho phòng, ban, đơn vị cấp dưới của mình",
            )
        _require_text_and_day(what, title=part.title, due_on=part.due_on, on=actor.on)
        if task.due_on and part.due_on and part.due_on > task.due_on:
            raise RuleNotMet(
                what,
                why=f"hạn của phần việc muộn hơn hạn của nhiệm vụ ({format_date(task.due_on)})",
                next_step="Chọn ngày sớm hơn, hoặc đề nghị gia hạn nhiệm vụ trước",
            )
    giver_id = task.unit_id if task.unit_id in roots else _own_of(roots, actor) or roots[0]
    with transaction.atomic():
        # Compare and set without a change: nothing is given on below a task that somebody has just ended.
        if not Task.objects.filter(pk=task.pk, state=task.state).update(state=task.state):
            raise ChangedMeanwhile(
                what,
                why="người khác vừa thay đổi trạng thái nhiệm vụ",
                next_step="Mở lại trang để xem trạng thái mới",
            )
        return [
            _give(
                Task(
                    plan=task.plan,
                    parent=task,
                    unit_id=part.unit_id,
                    giver_id=giver_id,
                    title=part.title.strip(),
                    modality="giao",
                    due_on=part.due_on or task.due_on,
                    year=task.year,
                ),
                actor=actor,
                now=now,
            )
            for part in parts
        ]


def _own_of(unit_ids: Sequence[int], actor: Actor) -> int | None:
    return next((unit_id for unit_id in unit_ids if unit_id == actor.unit_id), None)


def _give(task: Task, *, actor: Actor, now: datetime, partner_ids: Collection[int] = ()) -> Task:
    task.title_order = sort_key(task.title)
    task.search_text = fold(f"{task.title} {task.plan.number} {task.plan.title}")
    task.given_at = now
    task.save(force_insert=True)
    TaskPartner.objects.bulk_create(
        TaskPartner(task=task, unit_id=unit_id) for unit_id in partner_ids if unit_id != task.unit_id
    )
    record(
        "movements.task.give",
        task,
        label="Giao nhiệm vụ",
        actor=actor,
        now=now,
        object_unit_id=task.unit_id,
        after=task.state,
        details={"due_on": task.due_on, "modality": task.modality, "parent": task.parent_id},
    )
    what = f"Đơn vị {modality_of(task.modality).received} nhiệm vụ"
    tell_doer(task, what, kind="task.given", actor=actor, now=now)
    return task


def _require_text_and_day(what: str, *, title: str, due_on: date | None, on: date) -> None:
    if not title.strip():
        raise RuleNotMet(what, why="chưa ghi nội dung", next_step="Ghi nội dung rồi gửi lại")
    if due_on is not None and due_on < on:
        raise RuleNotMet(
            what,
            why=f"hạn {format_date(due_on)} đã qua",
            next_step=f"Chọn hạn từ hôm nay ({format_date(on)}) trở đi",
        )
