"""Who may do what to plans, tasks and registrations. `docs/reference/rights.md` is drawn from it."""

from __future__ import annotations

from thidua.movements.models import (
    Activity,
    Evidence,
    Extension,
    Plan,
    PlanVersion,
    Registration,
    RegistrationSummary,
    Target,
    Task,
)
from thidua.movements.standing_in import places_of
from thidua.organisations.authority import Reach, Right, register, tell_who_stands_in
from thidua.organisations.models import Role

PREPARING = frozenset({Role.STANDING})
DECIDING = frozenset({Role.STANDING, Role.LEADER})
DOING = frozenset({Role.UNIT_OFFICER, Role.STANDING, Role.LEADER})
Units = tuple[int | None, ...]


def issuing_units(on_object: Plan | PlanVersion) -> Units:
    """The body that issues a plan and the body that runs it."""
    plan = on_object.plan if isinstance(on_object, PlanVersion) else on_object
    return (plan.owner_id, plan.standing_body_id)


def plan_of_target(target: Target) -> Units:
    return issuing_units(target.plan)


def doing_unit(on_object: Task | Extension) -> Units:
    """The unit that a task was given to."""
    task = on_object.task if isinstance(on_object, Extension) else on_object
    return (task.unit_id,)


def giving_units(on_object: Task | Extension) -> Units:
    """The unit that gave a task; for a task of the plan itself also the body that runs the plan."""
    task = on_object.task if isinstance(on_object, Extension) else on_object
    if task.parent_id is not None:
        return (task.giver_id,)
    return (task.giver_id, task.plan.standing_body_id)


def deciding_on_own_subtasks(on_object: Task | Extension) -> frozenset[Role]:
    """A commune gives parts of its task to its divisions: there the officer who did so also decides."""
    task = on_object.task if isinstance(on_object, Extension) else on_object
    return DOING if task.parent_id is not None else frozenset()


def acting_unit(activity: Activity) -> Units:
    return (activity.unit_id,)


def concerned_units(evidence: Evidence) -> Units:
    """Who may read a file of evidence: who handed it in, who gave or helps with the task, who runs the plan.

    It may name persons and households, so being in the same province is not enough.
    """
    activity = evidence.activity
    task = activity.task if activity is not None else evidence.note.task if evidence.note else None
    plan = activity.plan if activity is not None else task.plan if task is not None else None
    found: list[int | None] = [activity.unit_id] if activity is not None else []
    if plan is not None:
        found += issuing_units(plan)
    if task is not None:
        found += [task.unit_id, task.giver_id, *task.partners.values_list("pk", flat=True)]
    return tuple(found)


def sending_unit(registration: Registration) -> Units:
    return (registration.unit_id,)


def receiving_units(registration: Registration) -> Units:
    return issuing_units(registration.plan)


def merging_units(summary: RegistrationSummary) -> Units:
    """The unit whose registrations are merged, and the body that runs its own plan under this one."""
    standing = summary.plan.carried_out_by.filter(owner=summary.unit_id)
    return (summary.unit_id, *standing.values_list("standing_body_id", flat=True))


def summary_receivers(summary: RegistrationSummary) -> Units:
    return issuing_units(summary.plan)


for right in (
    Right("plan.draft", "soạn hay sửa bản nháp kế hoạch", PREPARING, issuing_units),
    Right("plan.adopt", "đưa kế hoạch vào thực hiện", DECIDING, issuing_units),
    Right("plan.explain", "giải trình đối chiếu", PREPARING, issuing_units),
    Right("target.bind", "gắn chỉ tiêu với số liệu", PREPARING, plan_of_target),
    Right("task.give", "giao nhiệm vụ", DECIDING, giving_units, also=deciding_on_own_subtasks),
    Right("task.answer", "nhận hay từ chối nhiệm vụ", DOING, doing_unit),
    Right("task.report", "báo cáo tiến độ nhiệm vụ", DOING, doing_unit),
    Right("task.split", "giao nhiệm vụ con cho đơn vị cấp dưới", DOING, doing_unit),
    Right(
        "task.confirm",
        "xác nhận hay trả lại kết quả nhiệm vụ",
        DECIDING,
        giving_units,
        also=deciding_on_own_subtasks,
    ),
    Right("task.cancel", "rút nhiệm vụ", DECIDING, giving_units, also=deciding_on_own_subtasks),
    Right("task.remind", "đôn đốc đơn vị", DECIDING, giving_units, also=deciding_on_own_subtasks),
    Right("extension.ask", "đề nghị gia hạn", DOING, doing_unit),
    Right(
        "extension.answer", "trả lời đề nghị gia hạn", DECIDING, giving_units, also=deciding_on_own_subtasks
    ),
    Right("activity.record", "ghi hoạt động của đơn vị", DOING, acting_unit),
    Right(
        "evidence.read",
        "xem tài liệu chứng minh",
        frozenset(Role),
        concerned_units,
        reach=Reach.ABOVE,
    ),
    Right("registration.send", "lập và gửi đăng ký", DOING, sending_unit),
    Right("registration.decide", "duyệt hay trả lại đăng ký", DECIDING, receiving_units),
    Right("registration.call", "đặt hạn, danh sách đơn vị và nhắc đăng ký", DECIDING, issuing_units),
    Right("summary.send", "lập và gửi tổng hợp đăng ký", DOING, merging_units),
    Right("summary.decide", "nhận hay trả lại tổng hợp đăng ký", DECIDING, summary_receivers),
    Right(
        "movement.watch",
        "xem việc của các đơn vị trong phong trào",
        frozenset(Role),
        issuing_units,
        reach=Reach.ABOVE,
    ),
):
    register(right)

tell_who_stands_in(places_of)
