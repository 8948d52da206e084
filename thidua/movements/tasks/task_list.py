"""The list of tasks: whose, which columns, which filters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from thidua.core.formats import format_date
from thidua.core.text import fold, row_key, shortened
from thidua.movements.models import Plan, Task, TaskState
from thidua.movements.tasks.answering import answering_for
from thidua.movements.tasks.lateness import Judged, Lateness, condition, has_begun, judged, last_near_day
from thidua.movements.tasks.modality import MODALITIES, modality_of
from thidua.movements.visibility import units_below, visible_tasks
from thidua.organisations.authority import Acting
from thidua.organisations.models import Succession, UnitVersion
from thidua.tables.listing import Column, FilterForm, Shown, Table
from thidua.tables.words import holding
from thidua.tables.workbooks import Cell

ACTS_FORM = "viec-da-chon"


# --- whose ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scope:
    """One way of looking at tasks: `key` in the address, `label` of the tab."""

    key: str
    label: str


MINE = Scope("cua-toi", "Đơn vị tôi làm")
GIVEN = Scope("da-giao", "Đơn vị tôi theo dõi")
BELOW = Scope("cap-duoi", "Đơn vị cấp dưới")
HELPED = Scope("phoi-hop", "Phối hợp")
ALL = Scope("tat-ca", "Tất cả được xem")
SCOPES = (MINE, GIVEN, BELOW, HELPED, ALL)


def given_by(unit_ids: Iterable[int], prefix: str = "") -> Q:
    """Tasks that these units gave; a task of the plan itself is also followed by the body that runs it."""
    ids = list(unit_ids)
    return Q(**{f"{prefix}giver_id__in": ids}) | Q(
        **{f"{prefix}parent__isnull": True, f"{prefix}plan__standing_body_id__in": ids}
    )


def tasks_in(scope: Scope, acting: Acting) -> QuerySet[Task]:
    mine = acting.unit_ids()
    if scope is MINE:
        return Task.objects.filter(unit_id__in=mine)
    if scope is GIVEN:
        return Task.objects.filter(given_by(mine)).exclude(unit_id__in=mine)
    if scope is HELPED:
        return Task.objects.filter(pk__in=Task.objects.filter(partners__in=mine).values("pk"))
    if scope is BELOW:
        return Task.objects.filter(unit_id__in=units_below(acting)).exclude(unit_id__in=mine)
    return visible_tasks(acting)


def scope_of(key: str, acting: Acting) -> Scope:
    """The asked one; else what a person has most to do with."""
    asked = next((scope for scope in SCOPES if scope.key == key), None)
    if asked is not None:
        return asked
    return GIVEN if tasks_in(GIVEN, acting).exists() else MINE


def prepared(rows: QuerySet[Task], *, on: date) -> QuerySet[Task]:
    """With the names of the unit and the giver as of the day, for showing and sorting."""
    return rows.select_related("plan__movement").annotate(
        unit_label=name_of("unit_id", "label", on=on),
        unit_order=name_of("unit_id", "label_order", on=on),
        giver_label=name_of("giver_id", "label", on=on),
    )


def name_of(unit_key: str, field: str, *, on: date) -> Coalesce:
    """As `tree.last_version` would find it, within the same query."""
    versions = UnitVersion.objects.filter(unit_id=OuterRef(unit_key), annulled_by__isnull=True)
    past = versions.filter(since__lte=on).order_by("-since").values(field)[:1]
    first = versions.order_by("since").values(field)[:1]
    return Coalesce(Subquery(past), Subquery(first))


def unit_named(text: str, unit_key: str = "unit_id") -> Q:
    """Units whose name, or that of who took over, holds these words without accents; a number is a key."""
    key = row_key(text)
    if key is not None:
        return Q(**{unit_key: key})
    versions = UnitVersion.objects.filter(annulled_by__isnull=True)
    versions = holding(versions, fold(text).split())
    taken_over = Succession.objects.filter(
        predecessor_id=OuterRef(unit_key),
        annulled_by__isnull=True,
        successor_id__in=versions.values("unit_id"),
    )
    return Q(Exists(versions.filter(unit_id=OuterRef(unit_key)))) | Q(Exists(taken_over))


# --- filters --------------------------------------------------------------------------------------


class TaskFilters(FilterForm):
    """What the list of tasks can be asked."""

    tim = forms.CharField(label="Nội dung", max_length=200)
    don_vi = forms.CharField(label="Đơn vị", max_length=200)
    tinh_hinh = forms.ChoiceField(
        label="Thời hạn", choices=[("", "Mọi tình hình"), *((one.value, one.label) for one in Lateness)]
    )
    trang_thai = forms.ChoiceField(label="Trạng thái", choices=[("", "Chưa xong"), *TaskState.choices])
    ke_hoach = forms.ChoiceField(label="Kế hoạch")
    phong_trao = forms.ChoiceField(label="Phong trào")
    cach_giao = forms.ChoiceField(
        label="Cách giao",
        choices=[("", "Mọi cách"), *((key, modality.label) for key, modality in MODALITIES.items())],
    )
    nam = forms.IntegerField(label="Năm", min_value=2000, max_value=2100)
    hien = forms.ChoiceField(
        label="Hiện", choices=[("", "Việc đang mở"), ("tat-ca", "Cả việc đã xong và của năm sau")]
    )

    def __init__(self, *args: Any, on: date, plans: list[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        movements = {plan.movement_id: plan.movement.name for plan in plans}
        plan_field = cast(forms.ChoiceField, self.fields["ke_hoach"])
        plan_field.choices = [
            ("", "Mọi kế hoạch"),
            *((str(plan.pk), (plan.number or plan.title)[:80]) for plan in plans),
        ]
        movement_field = cast(forms.ChoiceField, self.fields["phong_trao"])
        movement_field.choices = [
            ("", "Mọi phong trào"),
            *((str(pk), name[:80]) for pk, name in movements.items()),
        ]
        self.fields["tim"].widget.input_type = "search"
        self.fields["tim"].widget.attrs["placeholder"] = "Không cần dấu"
        self.fields["don_vi"].widget.attrs["placeholder"] = "Không cần dấu"

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        if not {"hien", "trang_thai", "tinh_hinh"} & asked.keys():
            rows = rows.filter(has_begun(self.on), state__in=Task.OPEN)
        rows = holding(rows, fold(asked.get("tim", "")).split())
        if "don_vi" in asked:
            rows = rows.filter(unit_named(asked["don_vi"]))
        if "tinh_hinh" in asked:
            rows = rows.filter(condition(Lateness(asked["tinh_hinh"]), on=self.on))
        exact = {
            "trang_thai": "state",
            "ke_hoach": "plan_id",
            "phong_trao": "plan__movement_id",
            "cach_giao": "modality",
            "nam": "year",
        }
        return rows.filter(**{field: asked[name] for name, field in exact.items() if name in asked})


def plans_of(rows: QuerySet[Task]) -> list[Plan]:
    """The plans that these tasks belong to, for the filter; one query."""
    return list(
        Plan.objects.filter(pk__in=rows.order_by().values("plan_id"))
        .select_related("movement")
        .order_by("-made_at")[:200]
    )


# --- columns --------------------------------------------------------------------------------------


def task_table(
    *, on: date, scope: Scope, may_choose: bool, may_accept: bool, shows_unit: bool = True
) -> Table[Task]:
    """The list as declared for a day: lateness is a matter of the day."""
    near = last_near_day(on)

    def judge(task: Task) -> Judged:
        return judged(task, on=on, near_until=near)

    def title(task: Task) -> Shown:
        is_choosable = may_choose and task.state in (*Task.OWED, TaskState.REPORTED)
        plan = task.plan.number or shortened(task.plan.title, 70)
        return Shown(
            shortened(task.title),
            full=task.title,
            href=reverse("tasks:task", args=[task.pk]),
            note=f"{plan} · năm {task.year}" if task.year else plan,
            choose=str(task.pk) if is_choosable else "",
            act=("Nhận nhiệm vụ", reverse("tasks:accept", args=[task.pk]))
            if may_accept and task.state == TaskState.GIVEN
            else None,
        )

    def unit(task: Task) -> Shown:
        return Shown(cast(Any, task).unit_label or "", note=getattr(task, "heirs_note", ""))

    def due(task: Task) -> Shown:
        if task.due_on is None:
            return Shown("", note=task.due_text)
        return Shown(format_date(task.due_on))

    def lateness(task: Task) -> Shown:
        found = judge(task)
        return Shown(found.words, tone=found.lateness.tone)

    def state(task: Task) -> Shown:
        tone = {TaskState.DONE: "good", TaskState.DECLINED: "warning"}.get(TaskState(task.state), "")
        note = "Trả lại để làm tiếp" if task.sent_back_at and task.state == TaskState.ACCEPTED else ""
        return Shown(task.get_state_display(), tone=tone, note=note)

    def days_late(task: Task) -> Cell:
        found = judge(task)
        return found.days if found.lateness in (Lateness.LATE, Lateness.WAS_LATE) else None

    columns: list[Column[Task]] = [
        Column("viec", "Nhiệm vụ", title, value=lambda task: task.title, order=("title_order",), width=60),
        Column("don-vi", "Đơn vị thực hiện", unit, order=("unit_order",), width=36),
        Column("han", "Hạn", due, value=lambda task: task.due_on, order=("due_on",), width=12),
        Column("tinh-hinh", "Thời hạn", lateness, value=lambda task: judge(task).words, width=20),
        Column("trang-thai", "Trạng thái", state, order=("state",), width=16),
        Column(
            "tien-do",
            "Tiến độ",
            lambda task: f"{task.percent} %",
            value=lambda task: task.percent,
            order=("percent",),
            width=9,
            is_number=True,
        ),
    ]
    if not shows_unit:
        del columns[1]
    if scope in (MINE, HELPED):
        columns.insert(
            2 if shows_unit else 1,
            Column("giao", "Ai giao", lambda task: _given_in_words(task), width=36, order=("modality",)),
        )
    return Table(
        name="nhiem-vu",
        title="Nhiệm vụ",
        columns=tuple(columns),
        filters=TaskFilters,
        usual_order="han",
        empty=_EMPTY[scope.key],
        tone=lambda task: _row_tone(judge(task)),
        acts_form=ACTS_FORM,
    )


def _given_in_words(task: Task) -> Shown:
    return Shown(cast(Any, task).giver_label or "", note=modality_of(task.modality).received.capitalize())


def _row_tone(found: Judged) -> str:
    return found.lateness.tone if found.lateness in (Lateness.LATE, Lateness.NEAR) else ""


_EMPTY = {
    "cua-toi": "Đơn vị của bạn chưa có nhiệm vụ nào đang mở. Khi một kế hoạch có hiệu lực giao việc, "
    "nhiệm vụ hiện ở đây kèm thời hạn.",
    "da-giao": "Chưa có nhiệm vụ nào để theo dõi. Nhiệm vụ sinh ra khi kế hoạch được đưa vào thực hiện.",
    "cap-duoi": "Các đơn vị cấp dưới chưa có nhiệm vụ nào đang mở.",
    "phoi-hop": "Chưa có nhiệm vụ nào đơn vị bạn được giao phối hợp.",
    "tat-ca": "Chưa có nhiệm vụ nào trong phạm vi bạn được xem.",
}


def note_heirs(tasks: list[Task], *, on: date) -> None:
    """Say at each task whose unit has ended who answers now; the queries do not grow with the tasks."""
    found = answering_for({task.unit_id for task in tasks}, on=on)
    for task in tasks:
        task.heirs_note = found[task.unit_id].note  # type: ignore[attr-defined]
