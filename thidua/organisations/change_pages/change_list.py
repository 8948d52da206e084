"""The list of changes of units."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse

from thidua.core.formats import format_date
from thidua.organisations.models import Change, ChangeKind
from thidua.tables.listing import Column, FilterForm, Shown, Table


class ChangeFilters(FilterForm):
    tim = forms.CharField(label="Tìm", max_length=200)
    loai = forms.ChoiceField(label="Loại thay đổi", choices=[("", "Tất cả"), *ChangeKind.choices])
    tu_ngay = forms.DateField(label="Hiệu lực từ ngày")
    den_ngay = forms.DateField(label="Hiệu lực đến ngày")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tim"].widget.attrs["placeholder"] = "Nội dung hoặc số văn bản"

    def narrow(self, rows: QuerySet[Change], asked: dict[str, Any]) -> QuerySet[Change]:
        if "tim" in asked:
            words = asked["tim"]
            rows = rows.filter(summary__icontains=words) | rows.filter(act__number__icontains=words)
        if "loai" in asked:
            rows = rows.filter(kind=asked["loai"])
        if "tu_ngay" in asked:
            rows = rows.filter(takes_effect_on__gte=asked["tu_ngay"])
        if "den_ngay" in asked:
            rows = rows.filter(takes_effect_on__lte=asked["den_ngay"])
        return rows


def state_of(change: Change) -> Shown:
    if getattr(change, "countered_by", None) is not None:
        return Shown("Đã hủy bỏ", tone="late")
    return Shown("Hủy bỏ thay đổi khác", tone="") if change.counters_id else Shown("Có hiệu lực", tone="good")


CHANGES: Table[Change] = Table(
    name="thay-doi-don-vi",
    title="Thay đổi đơn vị",
    filters=ChangeFilters,
    usual_order="-ngay",
    empty="Chưa có thay đổi nào. Người quản trị ghi việc thành lập, đổi tên, nhập, chia, giải thể ở đây.",
    columns=(
        Column(
            "ngay",
            "Hiệu lực từ",
            lambda change: format_date(change.takes_effect_on),
            value=lambda change: change.takes_effect_on,
            order=("takes_effect_on",),
            width=14,
        ),
        Column("loai", "Loại", lambda change: change.get_kind_display(), order=("kind",), width=24),
        Column(
            "noi-dung",
            "Nội dung",
            lambda change: Shown(change.summary, href=reverse("unit_changes:change", args=[change.pk])),
            width=80,
        ),
        Column("can-cu", "Căn cứ", lambda change: change.act.number if change.act else "", width=30),
        Column("tinh-trang", "Tình trạng", state_of, width=18),
        Column("nguoi", "Người thực hiện", lambda change: str(change.user or "Hệ thống"), width=30),
    ),
)
