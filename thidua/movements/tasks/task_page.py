"""Everything the page of one task shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.urls import NoReverseMatch, reverse

from thidua.audit.reader import HistoryLine, history
from thidua.core.errors import NotAllowed
from thidua.movements.models import Activity, Evidence, Extension, Reminder, Task, TaskNote, TaskState
from thidua.movements.tasks.acts import EXTENSION_ACTS, TASK_ACTS, Offered, offered
from thidua.movements.tasks.answering import Answering, answering_for
from thidua.movements.tasks.forms import SmallForm
from thidua.movements.tasks.lateness import Judged, judged
from thidua.movements.tasks.modality import Modality, modality_of
from thidua.movements.visibility import visible_tasks
from thidua.organisations.authority import Acting

Refused = tuple[str, SmallForm, str]


@dataclass(frozen=True, slots=True)
class Source:
    """The sentence a task comes from, and where it can be read."""

    quote: str
    href: str
    plan_href: str


@dataclass(frozen=True, slots=True)
class Part:
    task: Task
    unit: Answering
    judged: Judged


@dataclass(frozen=True, slots=True)
class Note:
    note: TaskNote
    unit: str


@dataclass(frozen=True, slots=True)
class Asked:
    extension: Extension
    acts: list[Offered]


@dataclass(frozen=True, slots=True)
class TaskPage:
    """For `tasks/task.html`."""

    task: Task
    judged: Judged
    modality: Modality
    unit: Answering
    giver: Answering
    runner: str
    partners: list[str]
    source: Source
    answer: HistoryLine | None
    acts: list[Offered]
    notes: list[Note]
    may_read_files: bool
    activities: list[Activity]
    extensions: list[Asked]
    parts: list[Part]
    parts_done: int
    reminders: list[Reminder]
    history: list[HistoryLine]

    @property
    def has_question(self) -> bool:
        """Whether somebody waits for this person's answer about the deadline: that comes first."""
        return any(one.act.is_main for asked in self.extensions for one in asked.acts)

    @property
    def main_acts(self) -> list[Offered]:
        return [one for one in self.acts if one.act.is_main or one.refusal]

    @property
    def other_acts(self) -> list[Offered]:
        return [one for one in self.acts if not (one.act.is_main or one.refusal)]


def task_for(pk: int, *, acting: Acting) -> Task:
    """A task that this person may see. Raises NotAllowed, also when there is none: both sound the same."""
    task = (
        visible_tasks(acting)
        .filter(pk=pk)
        .select_related("plan__movement", "item__version", "parent__plan")
        .first()
    )
    if task is None:
        raise NotAllowed(
            "Bạn chưa xem được nhiệm vụ này",
            why="không có nhiệm vụ ở địa chỉ này, hoặc nó không thuộc đơn vị, kế hoạch bạn được xem",
            next_step="Mở trang Nhiệm vụ để xem các việc của đơn vị mình",
        )
    return task


def task_page(
    task: Task, *, acting: Acting, refused: Refused | None = None, refused_extension: int | None = None
) -> TaskPage:
    """`refused` is the act that was just tried, with its form and why not."""
    on = acting.on
    files = Prefetch("evidence", Evidence.objects.select_related("file").order_by("pk"))
    notes = list(task.notes.select_related("user").prefetch_related(files).order_by("-written_at", "-pk"))
    activities = list(task.activities.prefetch_related(files).order_by("-held_on", "-pk"))
    extensions = list(task.extensions.select_related("task__plan", "user").order_by("-asked_at", "-pk"))
    parts = list(task.subtasks.select_related("plan").order_by("due_on", "pk"))
    reminders = list(task.reminders.select_related("user").order_by("-sent_at", "-pk"))
    partner_ids = list(task.partnerships.order_by("pk").values_list("unit_id", flat=True))
    unit_ids = {
        task.unit_id,
        task.giver_id,
        *partner_ids,
        *(part.unit_id for part in parts),
        *(note.unit_id for note in notes if note.unit_id),
    }
    if task.plan.standing_body_id:
        unit_ids.add(task.plan.standing_body_id)
    names = answering_for(unit_ids, on=on)
    lines = history(task, *extensions)
    task_refused = refused if refused_extension is None else None
    return TaskPage(
        task=task,
        judged=judged(task, on=on),
        modality=modality_of(task.modality),
        unit=names[task.unit_id],
        giver=names[task.giver_id],
        runner=_runner(task, names),
        partners=[names[unit_id].label for unit_id in partner_ids],
        source=_source(task),
        answer=_last_answer(task, lines),
        acts=offered(
            TASK_ACTS,
            task,
            acting=acting,
            address=lambda key: reverse(f"tasks:{key}", args=[task.pk]),
            refused=task_refused,
        ),
        notes=[Note(note, names[note.unit_id].label if note.unit_id else "") for note in notes],
        may_read_files=_may_read(notes, activities, acting),
        activities=activities,
        extensions=[
            Asked(
                extension,
                offered(
                    EXTENSION_ACTS,
                    extension,
                    acting=acting,
                    address=lambda key, extension=extension: reverse(  # type: ignore[misc]
                        f"tasks:{key}", args=[task.pk, extension.pk]
                    ),
                    refused=refused if refused_extension == extension.pk else None,
                ),
            )
            for extension in extensions
        ],
        parts=[Part(part, names[part.unit_id], judged(part, on=on)) for part in parts],
        parts_done=sum(part.state == TaskState.DONE for part in parts),
        reminders=reminders,
        history=lines,
    )


def _runner(task: Task, names: dict[int, Answering]) -> str:
    body = task.plan.standing_body_id
    return names[body].label if body and body != task.giver_id and task.parent_id is None else ""


def _may_read(notes: Sequence[TaskNote], activities: Sequence[Activity], acting: Acting) -> bool:
    """All files of a task concern the same units: one answer for all."""
    owners: list[Any] = [*notes, *activities]
    one = next((file for owner in owners for file in owner.evidence.all()), None)
    return one is not None and acting.may("evidence.read", one)


#: Acts whose reason the reader must see first, in the state they lead to.
_ANSWERS = {
    TaskState.DECLINED: "movements.task.decline",
    TaskState.ACCEPTED: "movements.task.send_back",
    TaskState.GIVEN: "movements.task.give_again",
    TaskState.CANCELLED: "movements.task.cancel",
}


def _last_answer(task: Task, lines: Sequence[HistoryLine]) -> HistoryLine | None:
    if task.state == TaskState.ACCEPTED and task.sent_back_at is None:
        return None
    wanted = _ANSWERS.get(TaskState(task.state))
    return next((line for line in lines if line.entry.action == wanted and line.entry.reason), None)


def _source(task: Task) -> Source:
    plan_href = _address("plans:plan", task.plan_id)
    item = task.item
    if item is None:
        return Source("", "", plan_href)
    source_href = _address("plans:source", item.version_id)
    if item.version.document_id is not None and item.lines and source_href:
        return Source(item.quote, f"{source_href}#dong-{item.lines[0]}", plan_href)
    return Source(item.quote, f"{plan_href}#muc-{item.key}" if plan_href else "", plan_href)


def _address(name: str, *arguments: int) -> str:
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
