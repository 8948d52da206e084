"""The list of what a person was told: unread first, then newest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse

from thidua.core.clock import VIETNAM
from thidua.core.text import fold
from thidua.notices.models import Notice
from thidua.tables.listing import Column, FilterForm, Shown, Table
from thidua.tables.words import holding

UNREAD, READ = "chua-doc", "da-doc"


class NoticeFilters(FilterForm):
    tim = forms.CharField(label="Tìm", max_length=200)
    trang_thai = forms.ChoiceField(
        label="Trạng thái", choices=[("", "Tất cả"), (UNREAD, "Chưa đọc"), (READ, "Đã đọc")]
    )
    tu_ngay = forms.DateField(label="Từ ngày")
    den_ngay = forms.DateField(label="Đến ngày")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tim"].widget.attrs["placeholder"] = "Nội dung, người gửi; không cần dấu"
        for name in ("tu_ngay", "den_ngay"):
            self.fields[name].widget.attrs["placeholder"] = "ngày/tháng/năm"

    def narrow(self, rows: QuerySet[Notice], asked: dict[str, Any]) -> QuerySet[Notice]:
        rows = holding(rows, fold(asked.get("tim", "")).split())
        if "trang_thai" in asked:
            rows = rows.filter(Q(is_read=asked["trang_thai"] == READ))
        if "tu_ngay" in asked:
            rows = rows.filter(sent_at__date__gte=asked["tu_ngay"])
        if "den_ngay" in asked:
            rows = rows.filter(sent_at__date__lte=asked["den_ngay"])
        return rows


def notice_table(unit_labels: Mapping[int, str]) -> Table[Notice]:
    """`unit_labels` name the units that a notice may be for."""

    def text(notice: Notice) -> Shown:
        return Shown(notice.text, href=reverse("notices:open", args=[notice.pk]), note=notice.sender)

    def state(notice: Notice) -> Shown:
        return Shown("Đã đọc", tone="") if is_read(notice) else Shown("Chưa đọc", tone="warning")

    def receiver(notice: Notice) -> str:
        return unit_labels.get(notice.unit_id, "Đơn vị của bạn") if notice.unit_id else "Riêng bạn"

    return Table(
        name="thong-bao",
        title="Thông báo",
        filters=NoticeFilters,
        empty="Chưa có thông báo nào. Khi có việc giao cho bạn hoặc đơn vị của bạn, thông báo hiện ở đây.",
        columns=(
            Column("noi-dung", "Nội dung", text, width=80),
            Column("trang-thai", "Trạng thái", state, width=14),
            Column("gui-cho", "Gửi cho", receiver, width=40),
            Column(
                "luc",
                "Lúc",
                lambda notice: f"{notice.sent_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}",
                value=lambda notice: notice.sent_at,
                order=("sent_at",),
                width=18,
            ),
        ),
        tone=lambda notice: "" if is_read(notice) else "warning",
    )


def is_read(notice: Notice) -> bool:
    """As `telling.notices_for` has annotated it."""
    return bool(getattr(notice, "is_read", False))
