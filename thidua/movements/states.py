"""The states of plans, tasks, extensions and registrations. `docs/reference/states.md` is drawn from it."""

from __future__ import annotations

from thidua.audit.workflow import Move, StateTable, Transition, register
from thidua.core.errors import RuleNotMet
from thidua.core.formats import format_date
from thidua.movements.models import (
    Extension,
    ExtensionState,
    PlanVersionState,
    RegistrationState,
    SummaryState,
    Task,
    TaskState,
)
from thidua.movements.registrations.checks import guard_sending


def something_was_reported(task: Task, _move: Move) -> None:
    """Nothing is done of which nobody says what was done."""
    if not task.notes.exists() and not task.activities.exists():
        raise RuleNotMet(
            "Chưa thể báo hoàn thành",
            why="chưa ghi đã làm được gì",
            next_step="Ghi kết quả, kèm tài liệu nếu có, rồi báo hoàn thành",
        )


def extension_still_fits(extension: Extension, _move: Move) -> None:
    """A task that ended keeps its deadline; a part is not due after the whole."""
    task = extension.task
    if task.state not in (*Task.OWED, TaskState.REPORTED):
        raise RuleNotMet(
            "Chưa gia hạn được",
            why=f"nhiệm vụ đang ở trạng thái «{TaskState(task.state).label}»",
            next_step="Trả lời đơn vị bằng «Không đồng ý», kèm lý do",
        )
    whole = task.parent
    if whole is not None and whole.due_on is not None and extension.asked_until > whole.due_on:
        raise RuleNotMet(
            "Chưa gia hạn được",
            why=f"hạn mới muộn hơn hạn của nhiệm vụ cấp trên ({format_date(whole.due_on)})",
            next_step="Đề nghị cấp trên gia hạn trước, hoặc không đồng ý và nêu ngày phù hợp",
        )


PLAN_VERSIONS = register(
    StateTable(
        model="movements.PlanVersion",
        title="Phiên bản kế hoạch",
        states=PlanVersionState,
        initial=PlanVersionState.DRAFT,
        unit_of=lambda version: version.plan.owner_id,
        transitions=(
            Transition(
                "adopt",
                "Đưa vào thực hiện",
                (PlanVersionState.DRAFT,),
                PlanVersionState.ADOPTED,
                right="plan.adopt",
            ),
            Transition(
                "supersede",
                "Thay bằng bản điều chỉnh",
                (PlanVersionState.ADOPTED,),
                PlanVersionState.SUPERSEDED,
                right="plan.adopt",
            ),
            Transition(
                "drop",
                "Bỏ bản nháp",
                (PlanVersionState.DRAFT,),
                PlanVersionState.DROPPED,
                right="plan.draft",
            ),
        ),
    )
)

TASKS = register(
    StateTable(
        model="movements.Task",
        title="Nhiệm vụ",
        states=TaskState,
        initial=TaskState.GIVEN,
        unit_of=lambda task: task.unit_id,
        transitions=(
            Transition(
                "accept", "Nhận nhiệm vụ", (TaskState.GIVEN,), TaskState.ACCEPTED, right="task.answer"
            ),
            Transition(
                "decline",
                "Từ chối nhiệm vụ",
                (TaskState.GIVEN,),
                TaskState.DECLINED,
                right="task.answer",
                needs_reason=True,
            ),
            Transition(
                "give_again",
                "Giao lại",
                (TaskState.DECLINED,),
                TaskState.GIVEN,
                right="task.give",
                needs_reason=True,
            ),
            Transition(
                "report_done",
                "Báo hoàn thành",
                (TaskState.ACCEPTED,),
                TaskState.REPORTED,
                right="task.report",
                guard=something_was_reported,
            ),
            Transition(
                "confirm", "Xác nhận hoàn thành", (TaskState.REPORTED,), TaskState.DONE, right="task.confirm"
            ),
            Transition(
                "send_back",
                "Trả lại để làm tiếp",
                (TaskState.REPORTED,),
                TaskState.ACCEPTED,
                right="task.confirm",
                needs_reason=True,
            ),
            Transition(
                "cancel",
                "Rút nhiệm vụ",
                (TaskState.GIVEN, TaskState.ACCEPTED, TaskState.DECLINED, TaskState.REPORTED),
                TaskState.CANCELLED,
                right="task.cancel",
                needs_reason=True,
            ),
        ),
    )
)

EXTENSIONS = register(
    StateTable(
        model="movements.Extension",
        title="Gia hạn",
        states=ExtensionState,
        initial=ExtensionState.ASKED,
        unit_of=lambda extension: extension.task.unit_id,
        transitions=(
            Transition(
                "grant",
                "Đồng ý gia hạn",
                (ExtensionState.ASKED,),
                ExtensionState.GRANTED,
                right="extension.answer",
                guard=extension_still_fits,
            ),
            Transition(
                "refuse",
                "Không đồng ý gia hạn",
                (ExtensionState.ASKED,),
                ExtensionState.REFUSED,
                right="extension.answer",
                needs_reason=True,
            ),
            Transition(
                "withdraw",
                "Rút lại đề nghị gia hạn",
                (ExtensionState.ASKED,),
                ExtensionState.WITHDRAWN,
                right="extension.ask",
            ),
        ),
    )
)

REGISTRATIONS = register(
    StateTable(
        model="movements.Registration",
        title="Đăng ký",
        states=RegistrationState,
        initial=RegistrationState.DRAFT,
        unit_of=lambda registration: registration.unit_id,
        transitions=(
            Transition(
                "send",
                "Gửi đăng ký",
                (RegistrationState.DRAFT, RegistrationState.RETURNED),
                RegistrationState.PENDING,
                right="registration.send",
                guard=guard_sending,
            ),
            Transition(
                "recall",
                "Rút về để sửa",
                (RegistrationState.PENDING,),
                RegistrationState.DRAFT,
                right="registration.send",
            ),
            Transition(
                "approve",
                "Duyệt đăng ký",
                (RegistrationState.PENDING,),
                RegistrationState.APPROVED,
                right="registration.decide",
            ),
            Transition(
                "send_back",
                "Trả lại đăng ký",
                (RegistrationState.PENDING,),
                RegistrationState.RETURNED,
                right="registration.decide",
                needs_reason=True,
            ),
            Transition(
                "withdraw",
                "Rút đăng ký",
                (RegistrationState.DRAFT, RegistrationState.RETURNED, RegistrationState.APPROVED),
                RegistrationState.WITHDRAWN,
                right="registration.send",
                needs_reason=True,
            ),
        ),
    )
)

SUMMARIES = register(
    StateTable(
        model="movements.RegistrationSummary",
        title="Tổng hợp đăng ký",
        states=SummaryState,
        initial=SummaryState.DRAFT,
        unit_of=lambda summary: summary.unit_id,
        transitions=(
            Transition(
                "send",
                "Gửi lên cấp trên",
                (SummaryState.DRAFT, SummaryState.RETURNED),
                SummaryState.SENT,
                right="summary.send",
            ),
            Transition(
                "recall",
                "Rút về để tổng hợp lại",
                (SummaryState.SENT,),
                SummaryState.DRAFT,
                right="summary.send",
            ),
            Transition(
                "accept",
                "Nhận bản tổng hợp",
                (SummaryState.SENT,),
                SummaryState.ACCEPTED,
                right="summary.decide",
            ),
            Transition(
                "send_back",
                "Trả lại bản tổng hợp",
                (SummaryState.SENT,),
                SummaryState.RETURNED,
                right="summary.decide",
                needs_reason=True,
            ),
        ),
    )
)
