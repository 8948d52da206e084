"""Lists of inspections and of remedies: whose a person sees, with filters."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from thidua.core.formats import format_date
from thidua.core.text import fold, shortened
from thidua.movements.models import Plan
from thidua.movements.tasks.task_list import name_of, unit_named
from thidua.movements.visibility import units_below
from thidua.organisations.authority import Acting
from thidua.oversight.models import Inspection, InspectionState, Remedy, RemedyState, TeamMember, Visit
from thidua.tables.listing import Column, FilterForm, Shown, Table
from thidua.tables.words import holding

TONES = {InspectionState.CLOSED: "good", InspectionState.ANNOUNCED: "warning"}


def visible(acting: Acting) -> QuerySet[Inspection]:
    """Of own units and units below, with own people in the team; and announced ones of own units."""
    mine = acting.unit_ids()
    if not mine:
        return Inspection.objects.none()
    plans = Plan.objects.filter(Q(owner__in=mine) | Q(standing_body__in=mine)).values("pk")
    told = Visit.objects.filter(unit__in=mine).exclude(
        inspection__state__in=[InspectionState.PLANNED, InspectionState.CANCELLED]
    )
    team = TeamMember.objects.filter(unit__in=mine)
    return Inspection.objects.filter(
        Q(unit__in=mine)
        | Q(unit__in=units_below(acting))
        | Q(plan__in=plans)
        | Q(pk__in=told.values("inspection_id"))
        | Q(pk__in=team.values("inspection_id"))
    )


def rows_for(acting: Acting) -> QuerySet[Inspection]:
    def counted(rows: QuerySet[Any]) -> Coalesce:
        number = rows.order_by().values("inspection_key").annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(number), 0)

    visits = Visit.objects.filter(inspection=OuterRef("pk")).annotate(inspection_key=F("inspection_id"))
    remedies = Remedy.objects.filter(visit__inspection=OuterRef("pk")).annotate(
        inspection_key=F("visit__inspection_id")
    )
    return (
        visible(acting)
        .select_related("plan")
        .annotate(
            unit_label=name_of("unit_id", "label", on=acting.on),
            unit_order=name_of("unit_id", "label_order", on=acting.on),
            visit_count=counted(visits),
            open_remedies=counted(remedies.exclude(state=RemedyState.CLOSED)),
        )
    )


class InspectionFilters(FilterForm):
    tim = forms.CharField(label="Tên, nội dung", max_length=200)
    nam = forms.TypedChoiceField(label="Năm", coerce=int, empty_value=None)
    tinh_trang = forms.ChoiceField(
        label="Tình trạng", choices=[("", "Mọi tình trạng"), *InspectionState.choices]
    )

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.TypedChoiceField, self.fields["nam"])
        field.choices = [("", "Mọi năm"), *((str(year), str(year)) for year in years)]

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        if "nam" in asked:
            rows = rows.filter(year=asked["nam"])
        if "tinh_trang" in asked:
            rows = rows.filter(state=asked["tinh_trang"])
        return holding(rows, fold(asked.get("tim", "")).split())


def years_of(acting: Acting) -> list[int]:
    return list(visible(acting).order_by("-year").values_list("year", flat=True).distinct())


INSPECTIONS: Table[Inspection] = Table(
    name="kiem-tra",
    title="Kiểm tra, giám sát",
    columns=(
        Column(
            "ten",
            "Cuộc kiểm tra",
            lambda one: Shown(
                shortened(one.title, 120),
                href=reverse("inspections:inspection", args=[one.pk]),
                note=one.plan.number or shortened(one.plan.title, 60),
                full=one.title,
            ),
            value=lambda one: one.title,
            order=("title_order",),
            width=50,
        ),
        Column("nam", "Năm", lambda one: str(one.year), order=("year",), width=8),
        Column(
            "co-quan",
            "Cơ quan kiểm tra",
            lambda one: cast(Any, one).unit_label or "",
            order=("unit_order",),
            width=30,
        ),
        Column(
            "ngay",
            "Thời gian",
            lambda one: f"{format_date(one.first_on)} – {format_date(one.last_on)}",
            order=("first_on",),
            width=24,
        ),
        Column(
            "don-vi",
            "Đơn vị",
            lambda one: str(cast(Any, one).visit_count),
            value=lambda one: cast(Any, one).visit_count,
            order=("visit_count",),
            width=8,
            is_number=True,
        ),
        Column(
            "kien-nghi",
            "Kiến nghị còn mở",
            lambda one: str(cast(Any, one).open_remedies),
            value=lambda one: cast(Any, one).open_remedies,
            order=("open_remedies",),
            width=10,
            is_number=True,
        ),
        Column(
            "tinh-trang",
            "Tình trạng",
            lambda one: Shown(str(one.get_state_display()), tone=TONES.get(InspectionState(one.state), "")),
            value=lambda one: str(one.get_state_display()),
            order=("state",),
            width=16,
        ),
    ),
    filters=InspectionFilters,
    usual_order="-ngay",
    empty="Chưa có cuộc kiểm tra nào. Chuyên viên thường trực hoặc lãnh đạo lập từ kế hoạch của phong trào "
    "bằng nút «Lập cuộc kiểm tra».",
)


# --- remedies -------------------------------------------------------------------------------------


def visible_remedies(acting: Acting) -> QuerySet[Remedy]:
    """Of inspections that own units run, and what own units, or units below, must put right."""
    mine = acting.unit_ids()
    if not mine:
        return Remedy.objects.none()
    plans = Plan.objects.filter(Q(owner__in=mine) | Q(standing_body__in=mine)).values("pk")
    told = ~Q(visit__inspection__state=InspectionState.PLANNED)
    return Remedy.objects.filter(
        (Q(visit__unit__in=mine) & told)
        | Q(visit__inspection__unit__in=mine)
        | Q(visit__inspection__plan__in=plans)
        | Q(visit__inspection__in=TeamMember.objects.filter(unit__in=mine).values("inspection_id"))
        | Q(visit__unit__in=units_below(acting))
    )


def remedy_rows(acting: Acting) -> QuerySet[Remedy]:
    return (
        visible_remedies(acting)
        .select_related("visit__inspection")
        .annotate(
            unit_label=name_of("visit__unit_id", "label", on=acting.on),
            unit_order=name_of("visit__unit_id", "label_order", on=acting.on),
        )
    )


class RemedyFilters(FilterForm):
    tim = forms.CharField(label="Nội dung", max_length=200)
    don_vi = forms.CharField(label="Đơn vị", max_length=200)
    tinh_trang = forms.ChoiceField(
        label="Tình trạng",
        choices=[("", "Mọi tình trạng"), ("qua_han", "Quá hạn"), *RemedyState.choices],
    )

    def __init__(self, *args: Any, acting: Acting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = acting.on

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        state = asked.get("tinh_trang")
        if state == "qua_han":
            rows = rows.filter(state=RemedyState.OWED, due_on__lt=self.on)
        elif state:
            rows = rows.filter(state=state)
        if "don_vi" in asked:
            rows = rows.filter(unit_named(asked["don_vi"], "visit__unit_id"))
        return holding(rows, fold(asked.get("tim", "")).split())


REMEDIES: Table[Remedy] = Table(
    name="kien-nghi",
    title="Kiến nghị sau kiểm tra",
    columns=(
        Column(
            "noi-dung",
            "Phải khắc phục",
            lambda one: Shown(
                shortened(one.text, 120),
                href=reverse("inspections:remedy", args=[one.pk]),
                note=shortened(one.visit.inspection.title, 80),
                full=one.text,
            ),
            value=lambda one: one.text,
            order=("text_order",),
            width=60,
        ),
        Column(
            "don-vi", "Đơn vị", lambda one: cast(Any, one).unit_label or "", order=("unit_order",), width=30
        ),
        Column(
            "han",
            "Hạn",
            lambda one: format_date(one.due_on),
            value=lambda one: one.due_on,
            order=("due_on",),
            width=12,
        ),
        Column(
            "tinh-trang",
            "Tình trạng",
            lambda one: Shown(
                str(one.get_state_display()), tone="good" if one.state == RemedyState.CLOSED else "warning"
            ),
            value=lambda one: str(one.get_state_display()),
            order=("state",),
            width=24,
        ),
    ),
    filters=RemedyFilters,
    usual_order="han",
    empty="Chưa có kiến nghị nào. Đoàn kiểm tra lập kiến nghị khi làm việc tại đơn vị.",
)
