"""The list of movements: its columns and filters."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from thidua.core.text import fold
from thidua.documents.sentences import THEMES
from thidua.movements.models import Movement, Plan
from thidua.movements.visibility import national_units
from thidua.organisations.models import UnitKind, UnitVersion
from thidua.tables.listing import Column, FilterForm, Shown, Table
from thidua.tables.words import holding

LEVELS = (
    ("trung-uong", "Trung ương"),
    ("tinh", "Cấp tỉnh"),
    ("huyen", "Cấp huyện"),
    ("xa", "Cấp xã"),
    ("co-quan", "Cơ quan, đơn vị"),
)
_PLACES = {"tinh": UnitKind.PROVINCE, "huyen": UnitKind.DISTRICT, "xa": UnitKind.COMMUNE}


def prepared(rows: QuerySet[Movement], plans: QuerySet[Plan], *, on: date) -> QuerySet[Movement]:
    """With what the columns show, in one query."""
    versions = UnitVersion.objects.filter(unit_id=OuterRef("owner_id"), annulled_by__isnull=True)
    past = versions.filter(since__lte=on).order_by("-since").values("label")[:1]
    first = versions.order_by("since").values("label")[:1]
    seen = Q(plans__in=plans.values("pk"))
    return rows.select_related("owner", "variant_of").annotate(
        owner_label=Coalesce(Subquery(past), Subquery(first)),
        is_national=Q(owner_id__in=national_units()),
        plan_count=Count("plans", filter=seen & Q(plans__is_placeholder=False), distinct=True),
        placeholder_count=Count("plans", filter=seen & Q(plans__is_placeholder=True), distinct=True),
    )


class MovementFilters(FilterForm):
    tim = forms.CharField(label="Tên phong trào", max_length=200)
    chu_de = forms.ChoiceField(label="Chủ đề", choices=[("", "Mọi chủ đề"), *THEMES.items()])
    nam = forms.IntegerField(label="Năm", min_value=1945, max_value=2100)
    cap = forms.ChoiceField(label="Cấp phát động", choices=[("", "Mọi cấp"), *LEVELS])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tim"].widget.input_type = "search"
        self.fields["tim"].widget.attrs["placeholder"] = "Không cần dấu"

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        rows = holding(rows, fold(asked.get("tim", "")).split())
        if "chu_de" in asked:
            rows = rows.filter(theme=asked["chu_de"])
        if "nam" in asked:
            began = Q(first_year__isnull=True) | Q(first_year__lte=asked["nam"])
            rows = rows.filter(began, Q(last_year__isnull=True) | Q(last_year__gte=asked["nam"]))
        if level := asked.get("cap"):
            if level in _PLACES:
                rows = rows.filter(owner__kind=_PLACES[level])
            elif level == "trung-uong":
                rows = rows.filter(is_national=True)
            else:
                rows = rows.filter(is_national=False).exclude(owner__kind__in=_PLACES.values())
        return rows


def years(movement: Movement) -> str:
    if movement.first_year and movement.last_year and movement.first_year != movement.last_year:
        return f"{movement.first_year} – {movement.last_year}"
    return str(movement.first_year or movement.last_year or "")


def _name(movement: Movement) -> Shown:
    variant = movement.variant_of
    note = f"Cùng thực hiện «{variant.name}»" if variant else ""
    return Shown(movement.name, href=reverse("cascade:movement", args=[movement.pk]), note=note)


def _level(movement: Movement) -> Shown:
    found = cast(Any, movement)
    if found.is_national:
        return Shown("Trung ương", tone="")
    kind = movement.owner.kind if movement.owner else None
    place = next((key for key, place_kind in _PLACES.items() if place_kind == kind), "co-quan")
    return Shown(dict(LEVELS)[place] if movement.owner else "")


def _plans(movement: Movement) -> Shown:
    found = cast(Any, movement)
    waiting = found.placeholder_count
    return Shown(str(found.plan_count), note=f"{waiting} chưa có văn bản" if waiting else "")


MOVEMENTS: Table[Movement] = Table(
    name="phong-trao",
    title="Phong trào",
    columns=(
        Column("ten", "Phong trào", _name, order=("name_order",), width=60),
        Column("chu-de", "Chủ đề", lambda row: THEMES.get(row.theme, ""), order=("theme",), width=18),
        Column("nam", "Giai đoạn", years, order=("first_year", "last_year"), width=14),
        Column(
            "co-quan",
            "Cơ quan phát động",
            lambda row: cast(Any, row).owner_label or "",
            order=("owner_label",),
            width=36,
        ),
        Column("cap", "Cấp", _level, width=16),
        Column(
            "ke-hoach",
            "Kế hoạch",
            _plans,
            value=lambda row: cast(Any, row).plan_count,
            order=("plan_count",),
            width=10,
            is_number=True,
        ),
    ),
    filters=MovementFilters,
    usual_order="ten",
    empty=(
        "Chưa có phong trào nào. Phong trào xuất hiện ở đây khi một kế hoạch được đưa vào thực hiện: "
        "mở «Đọc kế hoạch», đưa văn bản vào, rồi chọn «Lập kế hoạch»."
    ),
)
