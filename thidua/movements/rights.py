"""Who may do what to plans, tasks and registrations. `docs/reference/rights.md` is drawn from it."""

from __future__ import annotations

from thidua.movements.models import Extension, Plan, PlanVersion, Registration, Task
from thidua.organisations.authority import Reach, Right, register
from thidua.organisations.models import Role

PREPARING = frozenset({Role.STANDING})
DECIDING = frozenset({Role.STANDING, Role.LEADER})
DOING = frozenset({Role.UNIT_OFFICER, Role.STANDING, Role.LEADER})
Units = tuple[int | None, ...]


def issuing_units(on_object: Plan | PlanVersion) -> Units:
    """The body that issues a plan and the body that runs it."""
    plan = on_object.plan if isinstance(on_object, PlanVersion) else on_object
    return (plan.owner_id, plan.standing_body_id)


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


def sending_unit(registration: Registration) -> Units:
    return (registration.unit_id,)


def receiving_units(registration: Registration) -> Units:
    return issuing_units(registration.plan)


for right in (
    Right("plan.draft", "soạn hay sửa bản nháp kế hoạch", PREPARING, issuing_units),
    Right("plan.adopt", "đưa kế hoạch vào thực hiện", DECIDING, issuing_units),
    Right("plan.explain", "giải trình đối chiếu", PREPARING, issuing_units),
    Right("task.give", "giao nhiệm vụ", DECIDING, giving_units),
    Right("task.answer", "nhận hay từ chối nhiệm vụ", DOING, doing_unit),
    Right("task.report", "báo cáo tiến độ nhiệm vụ", DOING, doing_unit),
    Right("task.split", "giao nhiệm vụ con cho đơn vị cấp dưới", DOING, doing_unit),
    Right("task.confirm", "xác nhận hay trả lại kết quả nhiệm vụ", DECIDING, giving_units),
    Right("task.cancel", "rút nhiệm vụ", DECIDING, giving_units),
    Right("task.remind", "đôn đốc đơn vị", DECIDING, giving_units),
    Right("extension.ask", "đề nghị gia hạn", DOING, doing_unit),
    Right("extension.answer", "trả lời đề nghị gia hạn", DECIDING, giving_units),
    Right("registration.send", "lập và gửi đăng ký", DOING, sending_unit),
    Right("registration.decide", "duyệt hay trả lại đăng ký", DECIDING, receiving_units),
    Right(
        "movement.watch",
        "xem việc của các đơn vị trong phong trào",
        frozenset(Role),
        issuing_units,
        reach=Reach.ABOVE,
    ),
):
    register(right)
