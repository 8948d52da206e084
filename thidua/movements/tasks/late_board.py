"""The board of late units: who is late with how much, worst first, and what they were sent."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django import forms
from django.db.models import Count, IntegerField, Max, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from thidua.core.clock import VIETNAM
from thidua.core.formats import format_date
from thidua.movements.models import Plan, Reminder, Task
from thidua.movements.rights import DECIDING
from thidua.movements.tasks.lateness import Lateness, condition, has_begun, last_near_day
from thidua.movements.tasks.task_list import given_by, name_of, unit_named
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit
from thidua.tables.listing import Column, FilterForm, Shown, Table

ACTS_FORM = "don-vi-da-chon"


def followed(acting: Acting) -> QuerySet[Task]:
    """Tasks whose lateness is this person's matter: given by, or run by, units they decide for."""
    units = acting.unit_ids(DECIDING)
    return Task.objects.filter(given_by(units)).filter(has_begun(acting.on))


def late_tasks(
    acting: Acting, *, asked: dict[str, Any], unit_ids: Collection[int] | None = None
) -> QuerySet[Task]:
    """Late tasks that may be reminded of, as filtered, of all or of some units."""
    rows = (
        followed(acting)
        .filter(state__in=Task.OWED, due_on__lt=acting.on)
        .exclude(unit_id__in=acting.unit_ids(DECIDING))
    )
    if "ke_hoach" in asked:
        rows = rows.filter(plan_id=asked["ke_hoach"])
    if "don_vi" in asked:
        rows = rows.filter(unit_named(asked["don_vi"]))
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=unit_ids)
    return rows.select_related("plan").order_by("due_on", "pk")


def late_units(acting: Acting, *, plan_id: int | None = None) -> QuerySet[Unit]:
    """Units with late or nearly late tasks, with counts; one query."""
    on = acting.on
    tasks = followed(acting).exclude(unit_id__in=acting.unit_ids(DECIDING))
    if plan_id is not None:
        tasks = tasks.filter(plan_id=plan_id)
    own = tasks.filter(unit_id=OuterRef("pk")).order_by().values("unit_id")

    def count(rows: QuerySet[Task, Any]) -> Coalesce:
        counted = rows.annotate(number=Count("pk")).values("number")
        return Coalesce(Subquery(counted, output_field=IntegerField()), 0)

    late = own.filter(condition(Lateness.LATE, on=on))
    near = own.filter(condition(Lateness.NEAR, on=on))
    reminded = Reminder.objects.filter(task__in=tasks, task__unit_id=OuterRef("pk")).order_by()
    return Unit.objects.filter(
        pk__in=tasks.filter(condition(Lateness.LATE, on=on) | condition(Lateness.NEAR, on=on)).values(
            "unit_id"
        )
    ).annotate(
        unit_label=name_of("pk", "label", on=on),
        unit_order=name_of("pk", "label_order", on=on),
        late=count(late),
        near=count(near),
        oldest=Subquery(late.annotate(first=Min("due_on")).values("first")),
        reminded_at=Subquery(reminded.values("task__unit_id").annotate(last=Max("sent_at")).values("last")),
        reminders=Coalesce(
            Subquery(
                reminded.values("task__unit_id")
                .annotate(number=Count("sent_at", distinct=True))
                .values("number"),
                output_field=IntegerField(),
            ),
            0,
        ),
    )


class LateFilters(FilterForm):
    don_vi = forms.CharField(label="Đơn vị", max_length=200)
    ke_hoach = forms.TypedChoiceField(label="Kế hoạch", coerce=int, empty_value=None)

    def __init__(self, *args: Any, plans: list[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.TypedChoiceField, self.fields["ke_hoach"])
        field.choices = [
            ("", "Mọi kế hoạch"),
            *((str(plan.pk), (plan.number or plan.title)[:80]) for plan in plans),
        ]
        self.fields["don_vi"].widget.attrs["placeholder"] = "Không cần dấu"

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        return rows.filter(unit_named(asked["don_vi"], "pk")) if "don_vi" in asked else rows


def late_table(*, on: date) -> Table[Unit]:
    def unit(row: Any) -> Shown:
        tasks = f"{reverse('tasks:list')}?xem=da-giao&don_vi={row.pk}&tinh_hinh={Lateness.LATE.value}"
        return Shown(
            row.unit_label or row.key,
            href=tasks,
            note=getattr(row, "heirs_note", ""),
            choose=str(row.pk) if row.late else "",
        )

    def late(row: Any) -> Shown:
        return Shown(str(row.late), tone="late" if row.late else None)

    def oldest(row: Any) -> Shown:
        if row.oldest is None:
            return Shown("")
        return Shown(f"{(on - row.oldest).days} ngày", note=f"hạn {format_date(row.oldest)}")

    def reminded(row: Any) -> Shown:
        if row.reminded_at is None:
            return Shown("Chưa đôn đốc")
        return Shown(
            format_date(row.reminded_at.astimezone(VIETNAM).date()), note=f"{row.reminders} lần đôn đốc"
        )

    return Table(
        name="don-vi-cham",
        title="Đơn vị chậm",
        columns=(
            Column(
                "don-vi",
                "Đơn vị",
                unit,
                value=lambda row: cast(Any, row).unit_label,
                order=("unit_order",),
                width=44,
            ),
            Column(
                "tre",
                "Quá hạn",
                late,
                value=lambda row: cast(Any, row).late,
                order=("late", "oldest"),
                is_number=True,
                width=10,
            ),
            Column(
                "gan",
                "Sắp đến hạn",
                lambda row: str(cast(Any, row).near),
                value=lambda row: cast(Any, row).near,
                order=("near",),
                is_number=True,
                width=12,
            ),
            Column(
                "lau-nhat",
                "Trễ lâu nhất",
                oldest,
                value=lambda row: cast(Any, row).oldest,
                order=("oldest",),
                width=14,
            ),
            Column(
                "don-doc",
                "Đôn đốc gần nhất",
                reminded,
                value=lambda row: cast(Any, row).reminded_at,
                order=("reminded_at",),
                width=18,
            ),
        ),
        filters=LateFilters,
        usual_order="-tre",
        empty="Không có đơn vị nào chậm. Đơn vị có việc quá hạn hoặc sắp đến hạn (trong "
        f"7 ngày làm việc, đến {format_date(last_near_day(on))}) hiện ở đây.",
        tone=lambda row: "late" if cast(Any, row).late else "warning",
        acts_form=ACTS_FORM,
    )


@dataclass(frozen=True, slots=True)
class Sent:
    """One act of reminding: when, by whom, what, to how many units about how many tasks."""

    at: datetime
    sender: str
    text: str
    units: int
    tasks: int


def sent_reminders(acting: Acting, *, most: int = 20) -> list[Sent]:
    """The last acts of reminding, newest first; one query."""
    rows = (
        Reminder.objects.filter(task__in=followed(acting))
        .order_by()
        .values("sent_at", "user__full_name", "text")
        .annotate(units=Count("task__unit_id", distinct=True), tasks=Count("task_id", distinct=True))
        .order_by("-sent_at")[:most]
    )
    return [
        Sent(row["sent_at"], row["user__full_name"] or "Hệ thống", row["text"], row["units"], row["tasks"])
        for row in rows
    ]
