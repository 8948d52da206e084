"""Lists of classes and of guidance documents: whose a person sees, with filters."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from thidua.core.formats import format_date
from thidua.core.text import fold
from thidua.movements.tasks.task_list import name_of
from thidua.movements.visibility import units_below, visible_plans
from thidua.organisations.authority import Acting
from thidua.oversight.models import Guidance, Training, TrainingState
from thidua.tables.listing import Column, FilterForm, Shown, Table
from thidua.tables.words import holding


def visible(acting: Acting) -> QuerySet[Training]:
    """Of own units and those below, and those that own units are invited to."""
    mine = acting.unit_ids()
    invited = Training.units.through.objects.filter(unit_id__in=mine).values("training_id")
    return Training.objects.filter(Q(unit__in=mine) | Q(unit__in=units_below(acting)) | Q(pk__in=invited))


def rows_for(acting: Acting) -> QuerySet[Training]:
    return visible(acting).annotate(
        unit_label=name_of("unit_id", "label", on=acting.on),
        unit_order=name_of("unit_id", "label_order", on=acting.on),
        people=Count("participants", distinct=True),
        came=Count("participants", filter=Q(participants__came=True), distinct=True),
    )


def visible_guidance(acting: Acting) -> QuerySet[Guidance]:
    """Of plans that this person may see, and of own units and those below."""
    mine = acting.unit_ids()
    return Guidance.objects.filter(
        Q(plan__in=visible_plans(acting).values("pk")) | Q(unit__in=mine) | Q(unit__in=units_below(acting))
    )


class WordsFilter(FilterForm):
    tim = forms.CharField(label="Tên, nội dung", max_length=200)

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        return holding(rows, fold(asked.get("tim", "")).split())


TRAININGS: Table[Training] = Table(
    name="tap-huan",
    title="Lớp tập huấn",
    columns=(
        Column(
            "ten",
            "Lớp",
            lambda one: Shown(one.title, href=reverse("trainings:training", args=[one.pk]), note=one.place),
            value=lambda one: one.title,
            order=("title_order",),
            width=50,
        ),
        Column(
            "don-vi",
            "Đơn vị tổ chức",
            lambda one: cast(Any, one).unit_label or "",
            order=("unit_order",),
            width=30,
        ),
        Column(
            "ngay",
            "Ngày",
            lambda one: format_date(one.first_on),
            value=lambda one: one.first_on,
            order=("first_on",),
            width=12,
        ),
        Column(
            "nguoi",
            "Đăng ký",
            lambda one: str(cast(Any, one).people),
            value=lambda one: cast(Any, one).people,
            order=("people",),
            width=10,
            is_number=True,
        ),
        Column(
            "co-mat",
            "Có mặt",
            lambda one: str(cast(Any, one).came) if one.state == TrainingState.HELD else "chưa rõ",
            value=lambda one: cast(Any, one).came if one.state == TrainingState.HELD else None,
            order=("came",),
            width=10,
            is_number=True,
        ),
        Column(
            "tinh-trang",
            "Tình trạng",
            lambda one: Shown(
                str(one.get_state_display()), tone="good" if one.state == TrainingState.HELD else ""
            ),
            value=lambda one: str(one.get_state_display()),
            order=("state",),
            width=14,
        ),
    ),
    filters=WordsFilter,
    usual_order="-ngay",
    empty="Chưa có lớp tập huấn nào. Chuyên viên thường trực hoặc lãnh đạo lập lớp, đơn vị được mời đăng ký "
    "người dự ở trang của lớp.",
)

GUIDANCE: Table[Guidance] = Table(
    name="huong-dan",
    title="Văn bản hướng dẫn",
    columns=(
        Column(
            "ten",
            "Hướng dẫn",
            lambda one: Shown(one.title, href=reverse("trainings:guidance", args=[one.pk]), note=one.number),
            value=lambda one: one.title,
            order=("title_order",),
            width=60,
        ),
        Column(
            "ngay",
            "Ngày",
            lambda one: format_date(one.dated),
            value=lambda one: one.dated,
            order=("dated",),
            width=12,
        ),
        Column(
            "ke-hoach",
            "Kế hoạch",
            lambda one: one.plan.number or one.plan.title if one.plan else "",
            width=40,
        ),
    ),
    filters=WordsFilter,
    usual_order="-ngay",
    empty="Chưa có hướng dẫn nào. Cơ quan thường trực ra hướng dẫn ở đây, hoặc khi trả lời một vướng mắc.",
)
