"""Inspections and difficulties of a demonstration: invented, through the real functions, up to a day.

What is written says that it is an example, and so does who wrote it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from thidua.core.clock import VIETNAM
from thidua.movements.models import Plan, PlanVersionState
from thidua.movements.tasks.demo import MARK, actor_of
from thidua.organisations.models import Role
from thidua.organisations.successions import heirs_on
from thidua.oversight.difficulties import answering
from thidua.oversight.inspections import choosing, concluding, planning, visiting
from thidua.oversight.inspections.choosing import Candidate
from thidua.oversight.inspections.planning import Planned
from thidua.oversight.models import Difficulty, Inspection, Visit

#: So many plans are lived with; each with so many units in its inspection.
PLANS, UNITS = 2, 3
RUNNING, DOING = (Role.STANDING, Role.LEADER), (Role.UNIT_OFFICER, Role.STANDING, Role.LEADER)
#: Vướng mắc, nội dung, đề xuất, trả lời (empty: still waits), days before the day of the demonstration.
DIFFICULTIES = (
    (
        "Hộ mới tách chưa có sổ hộ nghèo thì tính vào số liệu nào",
        "Trong kỳ có hộ tách ra từ hộ nghèo, chưa qua rà soát.",
        "Hướng dẫn thống nhất cách tính trong năm.",
        "Tính theo kết quả rà soát cuối năm; trong năm ghi chú vào báo cáo, không cộng hai lần.",
        24,
    ),
    (
        "Chưa có kinh phí in bảng niêm yết ở thôn",
        "Đơn vị niêm yết bằng giấy thường, hay rách khi mưa.",
        "Hỗ trợ mẫu bảng dùng lâu dài.",
        "",
        20,
    ),
    (
        "Hạn báo cáo trùng đợt cao điểm thu hoạch",
        "Cán bộ thôn đi vắng, chậm gửi số liệu về xã.",
        "Lùi hạn của thôn ba ngày.",
        "",
        3,
    ),
)


@dataclass
class Lived:
    """What was made."""

    inspections: int = 0
    difficulties: int = 0


def live(on: date) -> Lived:
    """Inspect two plans and let their units raise difficulties; does nothing where that was done."""
    lived = Lived()
    adopted = Plan.objects.filter(versions__state=PlanVersionState.ADOPTED, standing_body__isnull=False)
    for plan in adopted.select_related("owner", "standing_body").distinct().order_by("pk"):
        assert plan.standing_body_id is not None
        # After a reform the heir of the standing body goes on with its plan.
        bodies = heirs_on(plan.standing_body_id, on=on)
        if lived.inspections >= PLANS or not bodies:
            continue
        body = bodies[0]
        pool = choosing.pool_of(plan, on=on)
        if len(pool) < UNITS or plan.inspections.exists():
            lived.inspections += plan.inspections.exists()
            continue
        _inspect(plan, body, on)
        lived.inspections += 1
        lived.difficulties += _raise(plan, body, pool, on)
    return lived


def _at(on: date, *, days_ago: int) -> datetime:
    return datetime.combine(on - timedelta(days=days_ago), time(9, 15), tzinfo=VIETNAM)


def _inspect(plan: Plan, body: int, on: date) -> Inspection:
    """Chosen by signs; one unit is done with something to put right, one is being looked at, one waits."""
    told = _at(on, days_ago=12)
    actor = actor_of(body, RUNNING, on=told.date())
    planned = Planned(
        f"Kiểm tra việc thực hiện {plan.number or 'kế hoạch'} năm {on.year} {MARK}",
        f"Tiến độ nhiệm vụ, số liệu đã báo cáo, niêm yết công khai {MARK}",
        on.year,
        date(on.year - 1, 1, 1),
        on + timedelta(days=1),
        on - timedelta(days=5),
        on + timedelta(days=5),
    )
    tasks = planning.asked_for(plan, year=on.year)
    inspection = planning.plan_inspection(
        plan, planned, unit_id=body, task=tasks[0] if tasks else None, actor=actor, now=told
    )
    for name, is_head in (("Nguyễn Văn Mẫu", True), ("Trần Thị Thử", False)):
        planning.add_member(
            inspection, name=f"{name} {MARK}", post="Chuyên viên", is_head=is_head, actor=actor, now=told
        )
    for question in ("Danh sách có niêm yết ở thôn không?", "Sổ theo dõi có khớp số đã báo cáo không?"):
        planning.add_question(inspection, text=f"{question} {MARK}", actor=actor, now=told)
    choosing.choose(inspection, "rui_ro", size=UNITS, actor=actor, now=told)
    concluding.announce(inspection, actor=actor, now=told)
    done, begun = list(inspection.visits.select_related("inspection__plan").order_by("pk"))[:2]
    _visit(done, body, _at(on, days_ago=4), is_whole=True)
    _visit(begun, body, _at(on, days_ago=1), is_whole=False)
    return inspection


def _visit(visit: Visit, body: int, now: datetime, *, is_whole: bool) -> None:
    on = now.astimezone(VIETNAM).date()
    actor = actor_of(body, RUNNING, on=on)
    visiting.begin(visit, held_on=on, actor=actor, now=now)
    first, *rest = visit.inspection.checklist.order_by("position")
    text = f"Hai thôn chưa niêm yết {MARK}"
    visiting.write(visit, first, outcome="chua_dat", text=text, actor=actor, now=now)
    if not is_whole:
        return
    for item in rest:
        visiting.write(visit, item, outcome="dat", text="", actor=actor, now=now)
    visiting.describe(
        visit, present=f"Đại diện đơn vị {MARK}", summary=f"Cơ bản đúng kế hoạch {MARK}", actor=actor, now=now
    )
    visiting.minute(visit, actor=actor, now=now)
    concluding.ask_remedy(
        visit,
        text=f"Niêm yết danh sách ở mọi thôn {MARK}",
        due_on=on + timedelta(days=15),
        actor=actor,
        now=now,
    )


def _raise(plan: Plan, body: int, pool: list[Candidate], on: date) -> int:
    for number, (title, text, wish, answer, days_ago) in enumerate(DIFFICULTIES):
        now = _at(on, days_ago=days_ago)
        unit_id = pool[number % len(pool)].unit_id
        one: Difficulty = answering.raise_difficulty(
            unit_id=unit_id,
            title=f"{title} {MARK}",
            text=text,
            wish=wish,
            plan=plan,
            actor=actor_of(unit_id, DOING, on=now.date()),
            now=now,
        )
        if answer:
            later = now + timedelta(days=4)
            actor = actor_of(body, RUNNING, on=later.date())
            answering.answer(one, text=answer, actor=actor, now=later)
            answering.publish(one, question=one.title, answer=f"{answer} {MARK}", actor=actor, now=later)
    return len(DIFFICULTIES)
