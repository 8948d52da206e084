"""Indicators as a list: text, system, kind; the same as Excel."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from thidua.core.periods import Period, format_period
from thidua.core.text import fold
from thidua.indicators.models import Indicator, IndicatorKind, System, Value
from thidua.tables.listing import Column, FilterForm, Shown, Table
from thidua.tables.words import holding


class IndicatorFilters(FilterForm):
    tim = forms.CharField(label="Tên, mã chỉ tiêu", max_length=100)
    he_thong = forms.ChoiceField(label="Hệ thống số liệu", choices=[("", "Tất cả"), *System.choices])
    loai = forms.ChoiceField(label="Loại", choices=[("", "Tất cả"), *IndicatorKind.choices])

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        rows = holding(rows, fold(asked.get("tim", "")).split())
        if "he_thong" in asked:
            rows = rows.filter(system=asked["he_thong"])
        if "loai" in asked:
            rows = rows.filter(kind=asked["loai"])
        return rows


def known_indicators() -> QuerySet[Indicator]:
    """All indicators, each with the newest period of which a figure is known."""
    newest = Value.objects.filter(indicator=OuterRef("pk"), is_chosen=True).order_by("-since", "-until")
    return Indicator.objects.annotate(
        newest_since=Subquery(newest.values("since")[:1]), newest_until=Subquery(newest.values("until")[:1])
    )


def _name(row: Indicator) -> Shown:
    note = "" if row.confirmed else "chưa đối chiếu văn bản gốc"
    return Shown(row.name, href=reverse("indicators:indicator", args=[row.code]), note=note)


def _newest(row: Indicator) -> str:
    since: date | None = getattr(row, "newest_since", None)
    until: date | None = getattr(row, "newest_until", None)
    if since and until:
        return format_period(Period(since, until))
    return "tính từ chỉ tiêu khác" if row.numerator_id else "chưa có số liệu"


def period_label(since: date, until: date) -> str:
    """ "năm 2023", "Quý I/2024"."""
    return format_period(Period(since, until))


def last_day(until: date) -> date:
    return until - timedelta(days=1)


INDICATORS: Table[Indicator] = Table(
    name="chi-tieu-thong-ke",
    title="Chỉ tiêu",
    columns=(
        Column("ten", "Chỉ tiêu", _name, value=lambda row: row.name, order=("name_order",), width=60),
        Column("ma", "Mã", lambda row: row.code, order=("code",), width=28),
        Column("he_thong", "Hệ thống", lambda row: row.get_system_display(), order=("system",)),
        Column("loai", "Loại", lambda row: row.get_kind_display(), order=("kind",)),
        Column("don_vi", "Đơn vị tính", lambda row: row.measure, order=("measure",), width=14),
        Column("moi_nhat", "Số mới nhất", _newest, order=("newest_since",)),
        Column("goc", "Gốc tính", lambda row: row.base, width=40),
        Column("can_cu", "Căn cứ", lambda row: row.legal_source, width=40),
    ),
    filters=IndicatorFilters,
    usual_order="ten",
    empty="Chưa có chỉ tiêu nào. Người quản trị nạp định nghĩa chỉ tiêu bằng lệnh của chương trình.",
)
