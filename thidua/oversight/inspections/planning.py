"""Inspections as they are planned: from what a plan asks for, with team and checklist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from thidua.audit.log import Actor, record
from thidua.core.errors import RuleNotMet
from thidua.core.text import fold, nfc, shortened, sort_key
from thidua.movements.models import Plan, PlanItem, PlanVersionState, Task, TaskState
from thidua.oversight.models import ChecklistItem, ChecklistKind, Inspection, TeamMember

#: Words by which a task of a plan asks for an inspection.
WORDS = ("kiem tra", "giam sat", "thanh tra")
#: Kinds of items that a checklist is drawn from, in the order of the checklist.
DRAWN = (
    ("tasks", ChecklistKind.TASK),
    ("targets", ChecklistKind.TARGET),
    ("criteria", ChecklistKind.CRITERION),
)
#: A team that fills in more on one day fills in nothing well.
MOST_ITEMS = 80


@dataclass(frozen=True, slots=True)
class Planned:
    """An inspection as a form gives it."""

    title: str
    content: str
    year: int
    since: date
    until: date
    first_on: date
    last_on: date


def asked_for(plan: Plan, *, year: int) -> list[Task]:
    """The tasks by which a plan asks its own bodies, or everybody, for inspections in a year."""
    rows = plan.tasks.exclude(state=TaskState.CANCELLED).order_by("due_on", "pk")
    found: dict[str, Task] = {}
    for task in rows:
        if task.year in (None, year) and any(words in fold(task.title) for words in WORDS):
            # One sentence given to many units is one obligation; that of the plan's own bodies comes first.
            known = found.get(task.title)
            own = task.unit_id in (plan.owner_id, plan.standing_body_id)
            if known is None or own:
                found[task.title] = task
    return list(found.values())


def plan_inspection(
    plan: Plan, planned: Planned, *, unit_id: int, task: Task | None = None, actor: Actor, now: datetime
) -> Inspection:
    """Put an inspection into the yearly plan of a body. Raises NotAllowed, RuleNotMet."""
    inspection = Inspection(plan=plan, unit_id=unit_id, task=task, user=actor.user, made_at=now)
    _take_over(inspection, planned)
    actor.require("inspection.run", inspection)
    with transaction.atomic():
        inspection.save(force_insert=True)
        record(
            "oversight.inspection.plan",
            inspection,
            label="Lập cuộc kiểm tra",
            actor=actor,
            now=now,
            object_unit_id=unit_id,
            after=inspection.state,
            details={"plan": plan.pk, "task": task.pk if task else None},
        )
    return inspection


def change(inspection: Inspection, planned: Planned, *, actor: Actor, now: datetime) -> None:
    """Other days or words, as long as nobody was told. Raises NotAllowed, RuleNotMet."""
    actor.require("inspection.run", inspection)
    _refuse_after_announcement(inspection)
    _take_over(inspection, planned)
    with transaction.atomic():
        inspection.save()
        record(
            "oversight.inspection.change",
            inspection,
            label="Sửa cuộc kiểm tra",
            actor=actor,
            now=now,
            object_unit_id=inspection.unit_id,
        )


def _take_over(inspection: Inspection, planned: Planned) -> None:
    title = nfc(planned.title).strip()[:300]
    if not title or planned.last_on < planned.first_on or planned.until <= planned.since:
        raise RuleNotMet(
            "Chưa lưu được cuộc kiểm tra",
            why="chưa ghi tên" if not title else "ngày kết thúc trước ngày bắt đầu",
            next_step="Xem lại tên, thời kỳ kiểm tra và thời gian làm việc",
        )
    inspection.title, inspection.title_order = title, sort_key(title)
    inspection.content = nfc(planned.content).strip()
    inspection.year, inspection.since, inspection.until = planned.year, planned.since, planned.until
    inspection.first_on, inspection.last_on = planned.first_on, planned.last_on
    inspection.search_text = fold(f"{title} {inspection.content}")


def _refuse_after_announcement(inspection: Inspection) -> None:
    if not inspection.is_open_to_change:
        raise RuleNotMet(
            "Chưa sửa được cuộc kiểm tra",
            why=f"đang ở trạng thái «{inspection.get_state_display()}»",
            next_step="Cuộc kiểm tra đã thông báo thì giữ nguyên; cần đổi thì bỏ và lập cuộc khác",
        )


# --- the team -------------------------------------------------------------------------------------


def add_member(
    inspection: Inspection,
    *,
    name: str,
    post: str = "",
    unit_id: int | None = None,
    is_head: bool = False,
    actor: Actor,
    now: datetime,
) -> TeamMember:
    """One more in the team; a new head takes the place of the one before."""
    actor.require("inspection.run", inspection)
    name = nfc(name).strip()[:200]
    if not name:
        raise RuleNotMet(
            "Chưa thêm được thành viên", why="chưa ghi họ tên", next_step="Ghi họ tên rồi thêm lại"
        )
    with transaction.atomic():
        if is_head:
            inspection.team.filter(is_head=True).update(is_head=False)
        member, _ = TeamMember.objects.update_or_create(
            inspection=inspection,
            name=name,
            defaults={"post": nfc(post).strip()[:300], "unit_id": unit_id, "is_head": is_head},
        )
        _log_team(inspection, "Thêm thành viên đoàn kiểm tra", actor=actor, now=now)
    return member


def drop_member(member: TeamMember, *, actor: Actor, now: datetime) -> None:
    actor.require("inspection.run", member.inspection)
    with transaction.atomic():
        member.delete()
        _log_team(member.inspection, "Bỏ thành viên đoàn kiểm tra", actor=actor, now=now)


def _log_team(inspection: Inspection, label: str, *, actor: Actor, now: datetime) -> None:
    record(
        "oversight.inspection.team",
        inspection,
        label=label,
        actor=actor,
        now=now,
        object_unit_id=inspection.unit_id,
        details={"team": inspection.team.count()},
    )


# --- the checklist --------------------------------------------------------------------------------


def draw_checklist(inspection: Inspection, *, actor: Actor, now: datetime) -> int:
    """Items from the tasks, targets and criteria of the version in force; what is there already stays.

    Returns how many were added.
    """
    actor.require("inspection.run", inspection)
    version = inspection.plan.versions.filter(state=PlanVersionState.ADOPTED).first()
    if version is None:
        raise RuleNotMet(
            "Chưa lập được đề cương",
            why="kế hoạch chưa có bản nào đang có hiệu lực",
            next_step="Đưa kế hoạch vào thực hiện, hoặc tự thêm câu hỏi",
        )
    known = set(inspection.checklist.values_list("item_id", flat=True))
    position = inspection.checklist.count()
    rows: list[ChecklistItem] = []
    for kind, checklist_kind in DRAWN:
        items = PlanItem.objects.filter(version=version, kind=kind, decision__in=PlanItem.KEPT)
        for item in items.order_by("position", "pk"):
            text = words_of(item)
            if item.pk in known or not text or position + len(rows) >= MOST_ITEMS:
                continue
            rows.append(
                ChecklistItem(
                    inspection=inspection,
                    position=position + len(rows) + 1,
                    kind=checklist_kind,
                    text=text,
                    item=item,
                )
            )
    with transaction.atomic():
        ChecklistItem.objects.bulk_create(rows)
        _log_checklist(inspection, "Lập đề cương từ kế hoạch", len(rows), actor=actor, now=now)
    return len(rows)


def words_of(item: PlanItem) -> str:
    """The sentence of an item as a checklist shows it."""
    words = item.quote or str(
        item.entry.get("text") or item.entry.get("label_vi") or item.entry.get("name") or ""
    )
    return shortened(" ".join(words.split()), 600)


def add_question(inspection: Inspection, *, text: str, actor: Actor, now: datetime) -> ChecklistItem:
    actor.require("inspection.run", inspection)
    text = nfc(text).strip()
    if not text:
        raise RuleNotMet(
            "Chưa thêm được câu hỏi", why="chưa ghi câu hỏi", next_step="Ghi câu hỏi rồi thêm lại"
        )
    last = inspection.checklist.order_by("-position").first()
    with transaction.atomic():
        item = ChecklistItem.objects.create(
            inspection=inspection,
            position=last.position + 1 if last else 1,
            kind=ChecklistKind.QUESTION,
            text=text,
        )
        _log_checklist(inspection, "Thêm câu hỏi vào đề cương", 1, actor=actor, now=now)
    return item


def drop_item(item: ChecklistItem, *, actor: Actor, now: datetime) -> None:
    """Not looked at after all; an item with findings stays."""
    inspection = item.inspection
    actor.require("inspection.run", inspection)
    if item.findings.exists():
        raise RuleNotMet(
            "Chưa bỏ được mục này",
            why="đoàn đã ghi kết quả cho mục này",
            next_step="Giữ mục, ghi «Không có việc này» ở đơn vị không liên quan",
        )
    with transaction.atomic():
        item.delete()
        _log_checklist(inspection, "Bỏ mục của đề cương", 1, actor=actor, now=now)


def _log_checklist(inspection: Inspection, label: str, count: int, *, actor: Actor, now: datetime) -> None:
    record(
        "oversight.inspection.checklist",
        inspection,
        label=label,
        actor=actor,
        now=now,
        object_unit_id=inspection.unit_id,
        details={"items": count},
    )
