"""Units of a day as a list: search without accents, kind, below which unit; the same as Excel."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse

from thidua.core.formats import format_date
from thidua.organisations import tree
from thidua.organisations.matching import searched
from thidua.organisations.models import Unit, UnitKind, UnitVersion
from thidua.tables.listing import Column, FilterForm, Shown, Table


class UnitFilters(FilterForm):
    tim = forms.CharField(label="Tên, mã số")
    loai = forms.ChoiceField(label="Loại", choices=[("", "Tất cả"), *UnitKind.choices])
    duoi = forms.SlugField(label="Thuộc đơn vị (mã)", widget=forms.HiddenInput)
    ngay = forms.DateField(
        label="Vào ngày", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        day = asked.get("ngay", self.day)
        if "tim" in asked:
            rows = searched(asked["tim"], on=day)
        if "loai" in asked:
            rows = rows.filter(unit__kind=asked["loai"])
        if "duoi" in asked:
            root = Unit.objects.filter(key=asked["duoi"]).first()
            rows = rows.filter(unit_id__in=tree.ids_at_or_below([root.pk] if root else [], on=day))
        return rows


def unit_table(day: date) -> Table[UnitVersion]:
    """Columns of the list on a day."""

    def name(row: UnitVersion) -> Shown:
        notes = [
            *(["ví dụ, không có thật"] if row.unit.is_invented else []),
            *(["chưa đối chiếu"] if not row.confirmed and not row.unit.is_invented else []),
        ]
        address = reverse("organisations:unit", args=[row.unit.key])
        return Shown(row.label, href=f"{address}?ngay={day.isoformat()}", note=", ".join(notes))

    return Table(
        name="don-vi",
        title="Đơn vị",
        columns=(
            Column("ten", "Tên", name, value=lambda row: row.label, order=("label_order",), width=50),
            Column("loai", "Loại", lambda row: row.unit.get_kind_display(), order=("unit__kind",)),
            Column("ma", "Mã số", lambda row: row.code, order=("code",), width=12),
            Column("thuoc", "Trực thuộc", lambda row: getattr(row, "above", "") or "", width=40),
            Column(
                "tu",
                "Từ ngày",
                lambda row: format_date(row.since) if row.is_since_known else "chưa rõ",
                order=("since",),
                width=14,
            ),
        ),
        filters=UnitFilters,
        usual_order="",
        empty="Chưa có đơn vị nào. Người quản trị nạp danh mục bằng lệnh thidua load-units.",
    )
