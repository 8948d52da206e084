"""Lists of difficulties: whose a person sees, with filters; and the published answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.db.models import Avg, Count, F, Q, QuerySet
from django.urls import reverse

from thidua.core.clock import VIETNAM
from thidua.core.formats import format_date
from thidua.core.text import fold, shortened
from thidua.movements.models import Plan
from thidua.movements.rights import DECIDING
from thidua.movements.tasks.task_list import name_of, unit_named
from thidua.movements.visibility import units_below
from thidua.organisations.authority import Acting
from thidua.oversight.models import Difficulty, DifficultyState
from thidua.tables.listing import Column, FilterForm, Shown, Table
from thidua.tables.words import holding

TONES = {DifficultyState.ANSWERED: "good", DifficultyState.RAISED: "warning"}


def visible(acting: Acting) -> QuerySet[Difficulty]:
    """Of own units and those below, of plans that own units issue or run, and what came to own units."""
    mine = acting.unit_ids()
    if not mine:
        return Difficulty.objects.none()
    plans = Plan.objects.filter(Q(owner__in=mine) | Q(standing_body__in=mine)).values("pk")
    return Difficulty.objects.filter(
        Q(unit__in=mine)
        | Q(receiver__in=mine)
        | Q(plan__in=plans)
        | Q(passages__receiver__in=mine)
        | Q(unit__in=units_below(acting))
    ).distinct()


def answerable(acting: Acting) -> QuerySet[Difficulty]:
    """Open ones that this person may answer: as `rights.answering_units` says."""
    mine = acting.unit_ids(DECIDING)
    bodies = Q(receiver=F("plan__owner")) | Q(receiver=F("plan__standing_body"))
    of_plan = bodies & (Q(plan__owner__in=mine) | Q(plan__standing_body__in=mine))
    return Difficulty.objects.filter(Q(receiver__in=mine) | of_plan, state__in=Difficulty.OPEN)


def rows_for(acting: Acting) -> QuerySet[Difficulty]:
    """With the names that the list shows, in the same query."""
    on = acting.on
    return (
        Difficulty.objects.filter(pk__in=visible(acting).values("pk"))
        .select_related("plan")
        .annotate(
            unit_label=name_of("unit_id", "label", on=on),
            unit_order=name_of("unit_id", "label_order", on=on),
            receiver_label=name_of("receiver_id", "label", on=on),
            receiver_order=name_of("receiver_id", "label_order", on=on),
        )
    )


@dataclass(frozen=True, slots=True)
class Sums:
    """How many wait, how many of them too long, and how long answers took, in working days."""

    total: int
    open: int
    late: int
    answered: int
    in_time: int
    average_days: float | None


def sums_of(rows: QuerySet[Difficulty], *, acting: Acting) -> Sums:
    found = (
        Difficulty.objects.filter(pk__in=rows.order_by().values("pk"))
        .order_by()
        .aggregate(
            total=Count("pk"),
            open=Count("pk", filter=Q(state__in=Difficulty.OPEN)),
            late=Count("pk", filter=Q(state__in=Difficulty.OPEN, due_on__lt=acting.on)),
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
            in_time=Count("pk", filter=Q(answered_at__isnull=False, answered_at__date__lte=F("due_on"))),
            average_days=Avg("answered_in_days"),
        )
    )
    return Sums(**found)


class DifficultyFilters(FilterForm):
    tim = forms.CharField(label="Nội dung", max_length=200)
    don_vi = forms.CharField(label="Đơn vị nêu", max_length=200)
    tinh_trang = forms.ChoiceField(
        label="Tình trạng",
        choices=[
            ("", "Mọi tình trạng"),
            ("mo", "Chưa trả lời"),
            ("qua_han", "Quá hạn trả lời"),
            *DifficultyState.choices,
        ],
    )
    ke_hoach = forms.TypedChoiceField(label="Kế hoạch", coerce=int, empty_value=None)

    def __init__(self, *args: Any, plans: list[Plan], acting: Acting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = acting.on
        field = cast(forms.TypedChoiceField, self.fields["ke_hoach"])
        field.choices = [
            ("", "Mọi kế hoạch"),
            *((str(plan.pk), (plan.number or plan.title)[:80]) for plan in plans),
        ]

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        state = asked.get("tinh_trang")
        if state == "mo":
            rows = rows.filter(state__in=Difficulty.OPEN)
        elif state == "qua_han":
            rows = rows.filter(state__in=Difficulty.OPEN, due_on__lt=self.on)
        elif state:
            rows = rows.filter(state=state)
        if "don_vi" in asked:
            rows = rows.filter(unit_named(asked["don_vi"]))
        if "ke_hoach" in asked:
            rows = rows.filter(plan_id=asked["ke_hoach"])
        return holding(rows, fold(asked.get("tim", "")).split())


def plans_of(acting: Acting) -> list[Plan]:
    held = visible(acting).values("plan_id")
    return list(Plan.objects.filter(pk__in=held).order_by("-made_at")[:200])


def _due(row: Difficulty) -> str:
    if row.answered_at is not None:
        return f"trong {row.answered_in_days} ngày làm việc"
    return format_date(row.due_on) if row.is_open else ""


DIFFICULTIES: Table[Difficulty] = Table(
    name="vuong-mac",
    title="Khó khăn, vướng mắc",
    columns=(
        Column(
            "vuong-mac",
            "Vướng mắc",
            lambda one: Shown(
                one.short_title,
                href=reverse("difficulties:difficulty", args=[one.pk]),
                note=shortened(one.about_title, 80),
                full=one.title,
            ),
            value=lambda one: one.title,
            order=("title_order",),
            width=50,
        ),
        Column(
            "don-vi",
            "Đơn vị nêu",
            lambda one: cast(Any, one).unit_label or "",
            order=("unit_order",),
            width=30,
        ),
        Column(
            "tinh-trang",
            "Tình trạng",
            lambda one: Shown(str(one.get_state_display()), tone=TONES.get(DifficultyState(one.state), "")),
            value=lambda one: str(one.get_state_display()),
            order=("state",),
            width=22,
        ),
        Column(
            "ngay-neu",
            "Ngày nêu",
            lambda one: format_date(one.raised_at.astimezone(VIETNAM).date()),
            value=lambda one: one.raised_at.astimezone(VIETNAM).date(),
            order=("raised_at",),
            width=12,
        ),
        Column("han", "Hạn trả lời", _due, order=("due_on",), width=18),
        Column(
            "co-quan",
            "Cơ quan trả lời",
            lambda one: cast(Any, one).receiver_label or "",
            order=("receiver_order",),
            width=30,
        ),
        Column(
            "ke-hoach",
            "Kế hoạch",
            lambda one: one.plan.number or shortened(one.plan.title, 60) if one.plan else "",
            width=24,
        ),
    ),
    filters=DifficultyFilters,
    usual_order="-ngay-neu",
    empty="Chưa có vướng mắc nào. Đơn vị nêu vướng mắc ở trang của nhiệm vụ, chỉ tiêu, báo cáo, "
    "hoặc bằng nút «Nêu vướng mắc»; cơ quan thường trực trả lời ở đây.",
)


class AnswerFilters(FilterForm):
    tim = forms.CharField(label="Câu hỏi, trả lời", max_length=200)

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        return holding(rows, fold(asked.get("tim", "")).split(), field="public_search_text")


ANSWERS: Table[Difficulty] = Table(
    name="tra-loi",
    title="Hỏi và trả lời đã công khai",
    columns=(
        Column("hoi", "Câu hỏi", lambda one: one.public_question, width=50),
        Column("dap", "Trả lời", lambda one: one.public_answer, width=70),
        Column(
            "ngay",
            "Ngày",
            lambda one: format_date(one.published_at.astimezone(VIETNAM).date()) if one.published_at else "",
            order=("published_at",),
            width=12,
        ),
        Column(
            "ke-hoach",
            "Kế hoạch",
            lambda one: one.plan.number or one.plan.title if one.plan else "",
            width=30,
        ),
    ),
    filters=AnswerFilters,
    usual_order="-ngay",
    empty="Chưa có câu trả lời nào được công khai. Cơ quan trả lời bấm «Công khai» ở trang của vướng mắc.",
)
