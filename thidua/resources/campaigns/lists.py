"""Campaigns as a table, the visits of one, and which of them a person may see."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from thidua.core.errors import NotAllowed
from thidua.core.formats import format_date
from thidua.core.text import fold
from thidua.movements.tasks.task_list import name_of
from thidua.movements.visibility import units_below
from thidua.organisations.authority import Acting
from thidua.resources.funds.amounts import exact, figure
from thidua.resources.models import Campaign, CampaignKind, CampaignState, GiftVisit, GiftVisitState
from thidua.tables.listing import Column, FilterForm, Shown, Table
from thidua.tables.words import holding

TONES: dict[str, str] = {
    CampaignState.RUNNING: "good",
    CampaignState.DROPPED: "warning",
    GiftVisitState.DONE: "good",
}


def visible(acting: Acting) -> QuerySet[Campaign]:
    if not acting.mandates:
        return Campaign.objects.none()
    return Campaign.objects.filter(Q(unit__in=acting.unit_ids()) | Q(unit__in=units_below(acting)))


def campaign_at(pk: int, *, acting: Acting) -> Campaign:
    rows = visible(acting).filter(pk=pk)
    found = rows.select_related(
        "unit", "fund__unit", "holding", "allocation__fund", "allocation__holding"
    ).first()
    if found is None:
        raise NotAllowed(
            "Bạn chưa xem được đợt này",
            why="không có ở địa chỉ này, hoặc không thuộc đơn vị của bạn và cấp dưới",
            next_step="Mở trang Cao điểm, Tết để xem những gì của đơn vị mình",
        )
    return found


def prepared(rows: QuerySet[Campaign], *, on: date) -> QuerySet[Any]:
    counted = ~Q(visits__state=GiftVisitState.DROPPED) & Q(visits__isnull=False)
    return rows.annotate(
        unit_label=name_of("unit_id", "label", on=on),
        listed=Count("visits", filter=counted),
        done=Count("visits", filter=Q(visits__state=GiftVisitState.DONE)),
    )


class Filters(FilterForm):
    tim = forms.CharField(label="Tên đợt", max_length=200)
    loai = forms.ChoiceField(label="Loại", choices=[("", "Mọi loại"), *CampaignKind.choices])
    trang_thai = forms.ChoiceField(
        label="Trạng thái", choices=[("", "Mọi trạng thái"), *CampaignState.choices]
    )
    nam = forms.IntegerField(label="Năm", min_value=2000, max_value=2100)

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        rows = holding(rows, fold(asked.get("tim", "")).split())
        exact_ones = {"loai": "kind", "trang_thai": "state", "nam": "since__year"}
        return rows.filter(**{field: asked[name] for name, field in exact_ones.items() if name in asked})


def table() -> Table[Any]:
    return Table(
        name="cao-diem",
        title="Tháng cao điểm, thăm tặng quà",
        columns=(
            Column(
                "ten",
                "Đợt",
                lambda row: Shown(
                    row.name,
                    href=reverse("resources:campaign", args=[row.pk]),
                    note="Ví dụ, không có thật" if row.is_invented else str(row.get_kind_display()),
                ),
                order=("name_order",),
                width=40,
            ),
            Column("don-vi", "Cơ quan tổ chức", lambda row: row.unit_label or "", width=36),
            Column(
                "thoi-gian",
                "Thời gian",
                lambda row: f"{format_date(row.since)} – {format_date(row.until)}",
                order=("since",),
                width=24,
            ),
            Column(
                "tien-do",
                "Đã thăm",
                lambda row: f"{row.done}/{row.target or row.listed}",
                width=12,
                is_number=True,
            ),
            Column(
                "trang-thai",
                "Trạng thái",
                lambda row: Shown(str(row.get_state_display()), tone=TONES.get(row.state, "")),
                order=("state",),
                width=18,
            ),
        ),
        filters=Filters,
        usual_order="-thoi-gian",
        empty="Chưa có đợt nào. Tháng cao điểm, đợt thăm và tặng quà Tết lập ở nút «Lập đợt».",
    )


class VisitFilters(FilterForm):
    trang_thai = forms.ChoiceField(
        label="Tình hình", choices=[("", "Mọi tình hình"), *GiftVisitState.choices]
    )

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        return rows.filter(state=asked["trang_thai"]) if "trang_thai" in asked else rows


def visits_of(campaign: Campaign, *, on: date) -> QuerySet[Any]:
    rows = GiftVisit.objects.filter(campaign=campaign).select_related("household")
    return rows.annotate(
        unit_label=name_of("unit_id", "label", on=on), unit_order=name_of("unit_id", "label_order", on=on)
    )


def visit_table(campaign: Campaign) -> Table[Any]:
    """The list of a campaign: places, and households by their code only."""
    columns: list[Column[Any]] = [
        Column(
            "noi",
            "Nơi, hộ",
            lambda row: (
                f"Hộ {row.household.code}, {row.unit_label}" if row.household else row.unit_label or ""
            ),
            order=("unit_order", "pk"),
            width=40,
        ),
        Column("ai", "Ai đi thăm", lambda row: row.by, width=28),
        Column(
            "ngay",
            "Ngày",
            lambda row: format_date(row.done_on or row.planned_on) if row.done_on or row.planned_on else "",
            lambda row: row.done_on or row.planned_on,
            width=12,
        ),
        Column(
            "tinh-hinh",
            "Tình hình",
            lambda row: Shown(str(row.get_state_display()), tone=TONES.get(row.state, ""), note=row.note),
            order=("state",),
            width=20,
        ),
    ]
    holding = campaign.holding
    if holding is not None:
        columns.insert(
            1,
            Column(
                "qua",
                f"Quà ({holding.measure})",
                lambda row: figure(row.gift, holding) if row.gift else "",
                lambda row: exact(row.gift, holding) if row.gift else None,
                order=("gift",),
                width=16,
                is_number=True,
            ),
        )
    return Table(
        name=f"dot-{campaign.pk}",
        title="Danh sách thăm",
        columns=tuple(columns),
        filters=VisitFilters,
        usual_order="noi",
        empty="Danh sách còn trống. Bấm «Thêm vào danh sách».",
    )
