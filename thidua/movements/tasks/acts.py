"""What a person may do with a task, as data: the button, the form, the function, the words afterwards.

The page of a task shows those that its state allows and the person has the right to; the addresses under the
task take each of them. Hides which act needs which form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model

from thidua.movements.models import Extension, ExtensionState, Task, TaskState
from thidua.movements.tasks import activities, extensions, following, giving, reminders
from thidua.movements.tasks.forms import (
    ActivityForm,
    AnswerForm,
    DoneForm,
    ExtensionForm,
    NothingForm,
    PoliteReasonForm,
    ProgressForm,
    ReasonForm,
    RemindForm,
    SmallForm,
    SplitForm,
)
from thidua.movements.tasks.giving import Part
from thidua.movements.tasks.modality import modality_of
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.successions import heirs_on

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done to a task (or to its extension)."""

    key: str
    label: str
    right: str
    states: tuple[str, ...]
    form: Callable[[Acting, Any, dict[str, Any]], SmallForm]
    do: Callable[[Any, Answers, Acting, datetime], object]
    done: str
    is_main: bool = False
    #: Wanted of the reader before others: stands open on the page.
    is_open: bool = False
    help: str = ""


def _plain(form: type[SmallForm]) -> Callable[[Acting, Any, dict[str, Any]], SmallForm]:
    return lambda _acting, _object, bound: form(**bound)


def _split_form(acting: Acting, task: Task, bound: dict[str, Any]) -> SmallForm:
    return SplitForm(units=lower_units(acting, task), task=task, **bound)


def _done_form(_acting: Acting, task: Task, bound: dict[str, Any]) -> SmallForm:
    return DoneForm(has_open_subtasks=task.subtasks.filter(state__in=Task.OPEN).exists(), **bound)


def _decline_form(_acting: Acting, task: Task, bound: dict[str, Any]) -> SmallForm:
    return (ReasonForm if modality_of(task.modality).is_binding else PoliteReasonForm)(**bound)


def with_files(answers: Answers) -> dict[str, Any]:
    """The answers of a form as the arguments of a domain function."""
    return {("files" if name == "uploads" else name): value for name, value in answers.items()}


def lower_units(acting: Acting, task: Task) -> list[tuple[str, str]]:
    """The units directly below the one that answers for a task."""
    return [
        (str(version.unit_id), version.label)
        for root in heirs_on(task.unit_id, on=acting.on)
        for version in tree.children(root, on=acting.on)
    ]


TASK_ACTS: dict[str, Act] = {
    act.key: act
    for act in (
        Act(
            "accept",
            "Nhận nhiệm vụ",
            "task.answer",
            (TaskState.GIVEN,),
            _plain(NothingForm),
            lambda task, _answers, actor, now: following.accept(task, actor=actor, now=now),
            "Đã nhận nhiệm vụ. Khi có kết quả, ghi tiến độ ngay ở trang này.",
            is_main=True,
        ),
        Act(
            "decline",
            "Từ chối",
            "task.answer",
            (TaskState.GIVEN,),
            _decline_form,
            lambda task, answers, actor, now: following.decline(
                task, actor=actor, now=now, reason=answers["reason"]
            ),
            "Đã gửi lời từ chối.",
        ),
        Act(
            "progress",
            "Ghi tiến độ",
            "task.report",
            (TaskState.ACCEPTED, TaskState.REPORTED),
            lambda _acting, task, bound: ProgressForm(task=task, **bound),
            lambda task, answers, actor, now: following.report_progress(
                task, actor=actor, now=now, **with_files(answers)
            ),
            "Đã ghi tiến độ.",
            is_main=True,
            is_open=True,
        ),
        Act(
            "report_done",
            "Báo hoàn thành",
            "task.report",
            (TaskState.ACCEPTED,),
            _done_form,
            lambda task, answers, actor, now: following.report_done(
                task, actor=actor, now=now, **with_files(answers)
            ),
            "Đã báo hoàn thành. Đơn vị giao việc sẽ xác nhận.",
        ),
        Act(
            "activity",
            "Ghi hoạt động",
            "task.report",
            (TaskState.ACCEPTED, TaskState.REPORTED, TaskState.DONE),
            _plain(ActivityForm),
            lambda task, answers, actor, now: activities.record_activity(
                task.plan, unit_id=task.unit_id, task=task, actor=actor, now=now, **with_files(answers)
            ),
            "Đã ghi hoạt động.",
            help="Tập huấn, tuyên truyền, thăm hỏi, tặng quà: ngày, nơi, số người, giá trị.",
        ),
        Act(
            "ask_extension",
            "Đề nghị gia hạn",
            "extension.ask",
            Task.OWED,
            _plain(ExtensionForm),
            lambda task, answers, actor, now: extensions.ask(task, actor=actor, now=now, **answers),
            "Đã gửi đề nghị gia hạn.",
        ),
        Act(
            "split",
            "Chia cho đơn vị cấp dưới",
            "task.split",
            (TaskState.ACCEPTED,),
            _split_form,
            lambda task, answers, actor, now: giving.split(
                task,
                [Part(unit_id, answers["title"], answers["due_on"]) for unit_id in answers["unit_ids"]],
                actor=actor,
                now=now,
            ),
            "Đã chia nhiệm vụ cho đơn vị cấp dưới.",
        ),
        Act(
            "confirm",
            "Xác nhận hoàn thành",
            "task.confirm",
            (TaskState.REPORTED,),
            _plain(NothingForm),
            lambda task, _answers, actor, now: following.confirm(task, actor=actor, now=now),
            "Đã xác nhận hoàn thành.",
            is_main=True,
        ),
        Act(
            "send_back",
            "Trả lại để làm tiếp",
            "task.confirm",
            (TaskState.REPORTED,),
            _plain(ReasonForm),
            lambda task, answers, actor, now: following.send_back(
                task, reason=answers["reason"], actor=actor, now=now
            ),
            "Đã trả lại để làm tiếp.",
        ),
        Act(
            "give_again",
            "Giao lại",
            "task.give",
            (TaskState.DECLINED,),
            _plain(ReasonForm),
            lambda task, answers, actor, now: giving.give_again(
                task, reason=answers["reason"], actor=actor, now=now
            ),
            "Đã giao lại nhiệm vụ.",
            is_main=True,
            is_open=True,
        ),
        Act(
            "remind",
            "Đôn đốc",
            "task.remind",
            Task.OWED,
            _plain(RemindForm),
            lambda task, answers, actor, now: reminders.remind([task], actor=actor, now=now, **answers),
            "Đã gửi đôn đốc.",
        ),
        Act(
            "cancel",
            "Rút nhiệm vụ",
            "task.cancel",
            Task.OPEN,
            _plain(ReasonForm),
            lambda task, answers, actor, now: giving.cancel(
                task, reason=answers["reason"], actor=actor, now=now
            ),
            "Đã rút nhiệm vụ.",
        ),
    )
}

EXTENSION_ACTS: dict[str, Act] = {
    act.key: act
    for act in (
        Act(
            "grant",
            "Đồng ý gia hạn",
            "extension.answer",
            (ExtensionState.ASKED,),
            _plain(AnswerForm),
            lambda extension, answers, actor, now: extensions.grant(
                extension, actor=actor, now=now, **answers
            ),
            "Đã gia hạn.",
            is_main=True,
            is_open=True,
        ),
        Act(
            "refuse",
            "Không đồng ý",
            "extension.answer",
            (ExtensionState.ASKED,),
            _plain(ReasonForm),
            lambda extension, answers, actor, now: extensions.refuse(
                extension, reason=answers["reason"], actor=actor, now=now
            ),
            "Đã trả lời không đồng ý gia hạn.",
        ),
        Act(
            "withdraw",
            "Rút lại đề nghị",
            "extension.ask",
            (ExtensionState.ASKED,),
            _plain(NothingForm),
            lambda extension, _answers, actor, now: extensions.withdraw(extension, actor=actor, now=now),
            "Đã rút lại đề nghị gia hạn.",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Offered:
    """An act as a page offers it, with its form, bound when it was just refused."""

    act: Act
    form: SmallForm
    address: str
    label: str
    is_open: bool
    refusal: str = ""

    @property
    def is_bare(self) -> bool:
        """A button is enough."""
        return not self.form.fields

    @property
    def has_files(self) -> bool:
        return self.form.is_multipart()


def offered(
    acts: Mapping[str, Act],
    on_object: Model,
    *,
    acting: Acting,
    address: Callable[[str], str],
    refused: tuple[str, SmallForm, str] | None = None,
) -> list[Offered]:
    """Acts that the state allows and the person has the right to; `refused` shows again what was sent."""
    found = []
    state = getattr(on_object, "state", "")
    for act in acts.values():
        if state not in act.states or not acting.may(act.right, on_object):
            continue
        is_refused = refused is not None and refused[0] == act.key
        form = (
            refused[1]
            if is_refused and refused
            else act.form(acting, on_object, {"auto_id": f"{act.key}-{on_object.pk}-%s"})
        )
        if isinstance(form, SplitForm) and form.has_nobody:
            continue
        if act.key == "ask_extension" and _has_no_question(on_object):
            continue
        label = act.label
        if act.key == "decline" and isinstance(on_object, Task):
            label = modality_of(on_object.modality).declining
        found.append(
            Offered(
                act,
                form,
                address(act.key),
                label,
                is_open=act.is_open or is_refused,
                refusal=refused[2] if is_refused and refused else "",
            )
        )
    return found


def _has_no_question(task: Model) -> bool:
    """Nothing to ask: no deadline, or a question that already waits."""
    return isinstance(task, Task) and (
        task.due_on is None
        or any(
            extension.state == ExtensionState.ASKED
            for extension in task.extensions.all()
            if isinstance(extension, Extension)
        )
    )
