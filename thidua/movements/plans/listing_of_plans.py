"""The list of plans: columns, filters, order."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from thidua.core.text import fold
from thidua.documents.sentences import THEMES, edtf_in_words
from thidua.movements.models import Movement, Plan, PlanVersion, PlanVersionState, Task, TaskState
from thidua.organisations import tree
from thidua.tables.listing import Column, FilterForm, Listing, Shown, Table
from thidua.tables.words import holding

STATES = (
    ("hieu-luc", "Đang có hiệu lực"),
    ("nhap", "Bản nháp"),
    ("cho-van-ban", "Chưa có văn bản"),
)


class PlanFilters(FilterForm):
    tim = forms.CharField(label="Tìm", max_length=200)
    phong_trao = forms.ModelChoiceField(
        label="Phong trào", queryset=Movement.objects.none(), empty_label="Mọi phong trào"
    )
    chu_de = forms.ChoiceField(label="Chủ đề", choices=[("", "Mọi chủ đề"), *THEMES.items()])
    nam = forms.IntegerField(
        label="Năm", min_value=1990, max_value=2100, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    tinh_trang = forms.ChoiceField(label="Tình trạng", choices=[("", "Tất cả"), *STATES])

    def __init__(self, *args: Any, plans: QuerySet[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["phong_trao"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Movement.objects.filter(pk__in=plans.values("movement_id")).order_by("name_order")
        self.fields["tim"].widget.attrs["placeholder"] = "Trích yếu, số, cơ quan; không cần dấu"

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        rows = holding(rows, fold(asked.get("tim", "")).split())
        if movement := asked.get("phong_trao"):
            rows = rows.filter(Q(movement=movement) | Q(movement__variant_of=movement))
        if theme := asked.get("chu_de"):
            rows = rows.filter(movement__theme=theme)
        if year := asked.get("nam"):
            rows = rows.filter(movement__first_year__lte=year, movement__last_year__gte=year)
        state = asked.get("tinh_trang")
        if state == "hieu-luc":
            rows = rows.filter(is_in_force=True)
        elif state == "nhap":
            rows = rows.filter(is_in_force=False, is_placeholder=False)
        elif state == "cho-van-ban":
            rows = rows.filter(is_placeholder=True)
        return rows


def rows(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """Plans with what the list shows of them, in one query."""
    in_force = PlanVersion.objects.filter(plan=OuterRef("pk"), state=PlanVersionState.ADOPTED)
    counted = (
        Task.objects.filter(plan=OuterRef("pk"), parent__isnull=True)
        .exclude(state=TaskState.CANCELLED)
        .order_by()
        .values("plan")
    )
    done = counted.filter(state=TaskState.DONE).annotate(count=Count("pk")).values("count")
    return plans.select_related("movement").annotate(
        is_in_force=Exists(in_force),
        task_count=Subquery(counted.annotate(count=Count("pk")).values("count")),
        done_count=Subquery(done),
    )


def with_labels(found: Listing[Plan], *, on: date) -> None:
    """Give the rows of the page the names of their issuers; one query."""
    page = list(found.page.object_list)
    labels = tree.labels_on([plan.owner_id for plan in page if plan.owner_id], on=on)
    for plan in page:
        plan.owner_label = labels.get(plan.owner_id or 0, plan.owner_name)  # type: ignore[attr-defined]
    found.page.object_list = page


def _owner(plan: Plan) -> str:
    return str(getattr(plan, "owner_label", "") or plan.owner_name)


def _state(plan: Any) -> Shown:
    if plan.is_placeholder:
        return Shown("Chưa có văn bản", tone="warning")
    return Shown("Đang có hiệu lực", tone="good") if plan.is_in_force else Shown("Bản nháp", tone="")


def _tasks(plan: Any) -> str:
    return f"{plan.done_count or 0}/{plan.task_count}" if plan.task_count else "–"


def _period(plan: Plan) -> str:
    movement = plan.movement
    return f"{movement.first_year}–{movement.last_year}" if movement.first_year else ""


TABLE: Table[Plan] = Table(
    name="ke-hoach",
    title="Kế hoạch",
    columns=(
        Column(
            "trich-yeu",
            "Kế hoạch",
            lambda plan: Shown(
                plan.title, href=reverse("plans:plan", args=[plan.pk]), note=plan.movement.name
            ),
            value=lambda plan: plan.title,
            order=("title_order",),
            width=70,
        ),
        Column("co-quan", "Cơ quan ban hành", _owner, order=("owner_name",), width=40),
        Column("so", "Số, ký hiệu", lambda plan: plan.number, order=("number",), width=18),
        Column("ngay", "Ngày", lambda plan: edtf_in_words(plan.dated), order=("dated",), width=12),
        Column("giai-doan", "Giai đoạn", _period, order=("movement__first_year",), width=12),
        Column(
            "nhiem-vu",
            "Nhiệm vụ xong",
            _tasks,
            value=lambda plan: _tasks(plan),
            order=("task_count",),
            width=14,
            is_number=True,
        ),
        Column("tinh-trang", "Tình trạng", _state, width=18),
    ),
    filters=PlanFilters,
    usual_order="-ngay",
    empty="Chưa có kế hoạch nào. Đọc một văn bản ở trang Đọc kế hoạch rồi bấm «Đưa vào thực hiện», "
    "hoặc mở một kế hoạch cấp trên rồi bấm «Soạn kế hoạch của đơn vị».",
)
