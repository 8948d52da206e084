"""Sponsored places as a table, and which of them a person may see."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from thidua.core.errors import NotAllowed
from thidua.core.formats import format_date
from thidua.movements.tasks.task_list import name_of, unit_named
from thidua.movements.visibility import units_below
from thidua.organisations.authority import Acting
from thidua.resources.models import Sponsorship, SponsorshipKind, SponsorshipState
from thidua.tables.listing import Column, FilterForm, Shown, Table

TONES: dict[str, str] = {SponsorshipState.ACTIVE: "good", SponsorshipState.DROPPED: "warning"}


def visible(acting: Acting) -> QuerySet[Sponsorship]:
    """Those in which an own unit, or one below, is the agency or the place."""
    if not acting.mandates:
        return Sponsorship.objects.none()
    mine, below = acting.unit_ids(), units_below(acting)
    return Sponsorship.objects.filter(
        Q(agency__in=mine) | Q(place__in=mine) | Q(agency__in=below) | Q(place__in=below)
    )


def sponsorship_at(pk: int, *, acting: Acting) -> Sponsorship:
    found = visible(acting).filter(pk=pk).select_related("agency", "place").first()
    if found is None:
        raise NotAllowed(
            "Bạn chưa xem được chương trình này",
            why="không có ở địa chỉ này, hoặc không thuộc đơn vị của bạn và cấp dưới",
            next_step="Mở trang Đỡ đầu, kết nghĩa để xem những gì của đơn vị mình",
        )
    return found


def prepared(rows: QuerySet[Sponsorship], *, on: date) -> QuerySet[Any]:
    return rows.annotate(
        agency_label=name_of("agency_id", "label", on=on),
        agency_order=name_of("agency_id", "label_order", on=on),
        place_label=name_of("place_id", "label", on=on),
        place_order=name_of("place_id", "label_order", on=on),
        all_items=Count("items"),
        done_items=Count("items", filter=Q(items__done_on__isnull=False)),
    )


class Filters(FilterForm):
    don_vi = forms.CharField(label="Cơ quan giúp", max_length=200)
    noi = forms.CharField(label="Nơi được giúp", max_length=200)
    hinh_thuc = forms.ChoiceField(
        label="Hình thức", choices=[("", "Mọi hình thức"), *SponsorshipKind.choices]
    )
    trang_thai = forms.ChoiceField(
        label="Trạng thái", choices=[("", "Mọi trạng thái"), *SponsorshipState.choices]
    )

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        for name, key in (("don_vi", "agency_id"), ("noi", "place_id")):
            if name in asked:
                rows = rows.filter(unit_named(asked[name], key))
        exact = {"hinh_thuc": "kind", "trang_thai": "state"}
        return rows.filter(**{field: asked[name] for name, field in exact.items() if name in asked})


def table() -> Table[Any]:
    return Table(
        name="do-dau",
        title="Đỡ đầu, kết nghĩa",
        columns=(
            Column(
                "co-quan",
                "Cơ quan giúp",
                lambda row: Shown(
                    row.agency_label or "",
                    href=reverse("resources:sponsorship", args=[row.pk]),
                    note="Ví dụ, không có thật" if row.is_invented else "",
                ),
                order=("agency_order",),
                width=40,
            ),
            Column(
                "noi", "Nơi được giúp", lambda row: row.place_label or "", order=("place_order",), width=32
            ),
            Column(
                "hinh-thuc", "Hình thức", lambda row: str(row.get_kind_display()), order=("kind",), width=18
            ),
            Column(
                "thoi-gian",
                "Thời gian",
                lambda row: f"{format_date(row.since)} – {format_date(row.until) if row.until else 'nay'}",
                order=("since",),
                width=24,
            ),
            Column(
                "viec",
                "Việc đã xong",
                lambda row: f"{row.done_items}/{row.all_items}",
                width=12,
                is_number=True,
            ),
            Column(
                "trang-thai",
                "Trạng thái",
                lambda row: Shown(str(row.get_state_display()), tone=TONES.get(row.state, "")),
                order=("state",),
                width=16,
            ),
        ),
        filters=Filters,
        usual_order="noi",
        empty="Chưa có cơ quan nào nhận đỡ đầu, kết nghĩa. Bấm «Ghi đỡ đầu, kết nghĩa» để ghi xã hay thôn, "
        "bản mà cơ quan bạn nhận giúp.",
    )
