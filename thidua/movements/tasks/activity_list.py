"""The list of activities with its sums; an unknown figure is not zero and is counted as unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse

from thidua.core.formats import format_date, format_number
from thidua.core.text import fold
from thidua.movements.models import Activity, ActivityKind, Plan
from thidua.movements.tasks.forms import DayField
from thidua.movements.tasks.task_list import name_of, unit_named
from thidua.movements.visibility import units_below, visible_plans
from thidua.organisations.authority import Acting
from thidua.tables.listing import Column, FilterForm, Shown, Table
from thidua.tables.words import holding


def visible_activities(acting: Acting) -> QuerySet[Activity]:
    """Of own units and units below, and of the plans that this person may see."""
    mine = acting.unit_ids()
    rows = Activity.objects.filter(
        Q(unit_id__in=mine)
        | Q(unit_id__in=units_below(acting))
        | Q(plan__in=visible_plans(acting).values("pk"))
    )
    return rows.select_related("plan", "task").annotate(
        unit_label=name_of("unit_id", "label", on=acting.on),
        unit_order=name_of("unit_id", "label_order", on=acting.on),
        files=Count("evidence", distinct=True),
    )


@dataclass(frozen=True, slots=True)
class Sums:
    """How many activities, and over those with a figure the people and the value in đồng."""

    activities: int
    people: int
    people_known: int
    value_dong: int
    value_known: int

    @property
    def people_unknown(self) -> int:
        return self.activities - self.people_known

    @property
    def value_unknown(self) -> int:
        return self.activities - self.value_known


def sums_of(rows: QuerySet[Activity]) -> Sums:
    found = Activity.objects.filter(pk__in=rows.order_by().values("pk")).aggregate(
        activities=Count("pk"),
        people_known=Count("people"),
        value_known=Count("value_dong"),
        people_sum=Sum("people"),
        value_sum=Sum("value_dong"),
    )
    return Sums(
        activities=found["activities"],
        people=found["people_sum"] or 0,
        people_known=found["people_known"],
        value_dong=found["value_sum"] or 0,
        value_known=found["value_known"],
    )


class ActivityFilters(FilterForm):
    tim = forms.CharField(label="Nội dung, địa điểm", max_length=200)
    loai = forms.ChoiceField(label="Loại", choices=[("", "Mọi loại"), *ActivityKind.choices])
    don_vi = forms.CharField(label="Đơn vị", max_length=200)
    ke_hoach = forms.TypedChoiceField(label="Kế hoạch", coerce=int, empty_value=None)
    tu = DayField(label="Từ ngày")
    den = DayField(label="Đến ngày")

    def __init__(self, *args: Any, plans: list[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.TypedChoiceField, self.fields["ke_hoach"])
        field.choices = [
            ("", "Mọi kế hoạch"),
            *((str(plan.pk), (plan.number or plan.title)[:80]) for plan in plans),
        ]

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        if "loai" in asked:
            rows = rows.filter(kind=asked["loai"])
        if "don_vi" in asked:
            rows = rows.filter(unit_named(asked["don_vi"]))
        if "ke_hoach" in asked:
            rows = rows.filter(plan_id=asked["ke_hoach"])
        if "tu" in asked:
            rows = rows.filter(held_on__gte=asked["tu"])
        if "den" in asked:
            rows = rows.filter(held_on__lte=asked["den"])
        return holding(rows, fold(asked.get("tim", "")).split())


def plans_of(acting: Acting) -> list[Plan]:
    held = Activity.objects.filter(plan__in=visible_plans(acting).values("pk")).values("plan_id")
    return list(Plan.objects.filter(pk__in=held).order_by("-made_at")[:200])


def _figure(value: int | None) -> str:
    return "chưa rõ" if value is None else format_number(value)


def _title(activity: Activity) -> Shown:
    href = reverse("tasks:task", args=[activity.task_id]) if activity.task_id else ""
    files = cast(Any, activity).files
    return Shown(activity.title, href=href, note=f"{files} tài liệu kèm theo" if files else "")


ACTIVITIES: Table[Activity] = Table(
    name="hoat-dong",
    title="Hoạt động",
    columns=(
        Column(
            "noi-dung", "Hoạt động", _title, value=lambda one: one.title, order=("title_order",), width=50
        ),
        Column("loai", "Loại", lambda one: one.get_kind_display(), order=("kind",), width=20),
        Column(
            "ngay",
            "Ngày",
            lambda one: format_date(one.held_on),
            value=lambda one: one.held_on,
            order=("held_on",),
            width=12,
        ),
        Column(
            "don-vi", "Đơn vị", lambda one: cast(Any, one).unit_label or "", order=("unit_order",), width=36
        ),
        Column("noi", "Địa điểm", lambda one: one.place, width=26),
        Column(
            "nguoi",
            "Số người",
            lambda one: _figure(one.people),
            value=lambda one: one.people,
            order=("people",),
            width=10,
            is_number=True,
        ),
        Column(
            "gia-tri",
            "Giá trị (đồng)",
            lambda one: _figure(one.value_dong),
            value=lambda one: one.value_dong,
            order=("value_dong",),
            width=18,
            is_number=True,
        ),
    ),
    filters=ActivityFilters,
    usual_order="-ngay",
    empty="Chưa có hoạt động nào. Đơn vị ghi hoạt động (tập huấn, tuyên truyền, thăm hỏi, tặng quà) "
    "ở trang của nhiệm vụ, hoặc bằng nút «Ghi hoạt động».",
)
