"""The log of what was sent: its columns and what can be asked of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from thidua.core.clock import VIETNAM
from thidua.core.text import fold, shortened
from thidua.notices import channels
from thidua.notices.models import Delivery, DeliveryState
from thidua.notices.planning import NOTICE_RULE
from thidua.notices.rules import DEADLINE_RULES
from thidua.tables.listing import Column, FilterForm, Shown, Table
from thidua.tables.words import holding

RULES = {NOTICE_RULE: "Thông báo", **{rule.key: rule.label for rule in DEADLINE_RULES}}
TONES = {
    DeliveryState.SENT: "good",
    DeliveryState.FAILED: "late",
    DeliveryState.UNSURE: "warning",
    DeliveryState.PLANNED: "",
}


class DeliveryFilters(FilterForm):
    tim = forms.CharField(label="Tìm", max_length=200)
    kenh = forms.ChoiceField(label="Kênh")
    quy_tac = forms.ChoiceField(label="Vì", choices=[("", "Tất cả"), *RULES.items()])
    tinh_trang = forms.ChoiceField(label="Tình trạng", choices=[("", "Tất cả"), *DeliveryState.choices])
    tu_ngay = forms.DateField(label="Từ ngày")
    den_ngay = forms.DateField(label="Đến ngày")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kenh"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Tất cả"), *((one.key, one.label) for one in channels.all_channels())]
        self.fields["tim"].widget.attrs["placeholder"] = "Nội dung, người nhận; không cần dấu"
        for name in ("tu_ngay", "den_ngay"):
            self.fields[name].widget.attrs["placeholder"] = "ngày/tháng/năm"

    def narrow(self, rows: QuerySet[Delivery], asked: dict[str, Any]) -> QuerySet[Delivery]:
        rows = holding(rows, fold(asked.get("tim", "")).split())
        for name, column in (("kenh", "channel"), ("quy_tac", "rule"), ("tinh_trang", "state")):
            if name in asked:
                rows = rows.filter(**{column: asked[name]})
        if "tu_ngay" in asked:
            rows = rows.filter(planned_at__date__gte=asked["tu_ngay"])
        if "den_ngay" in asked:
            rows = rows.filter(planned_at__date__lte=asked["den_ngay"])
        return rows


def _label_of(channel: str) -> str:
    return next((one.label for one in channels.all_channels() if one.key == channel), channel)


def _state(row: Delivery) -> Shown:
    note = row.error
    if row.state == DeliveryState.PLANNED:
        note = f"không trước {row.send_at.astimezone(VIETNAM):%H:%M %d/%m}" + (
            f"; lần trước: {row.error}" if row.error else ""
        )
    return Shown(str(row.get_state_display()), tone=TONES.get(DeliveryState(row.state), ""), note=note)


def _moment(row: Delivery) -> str:
    moment = row.ended_at or row.planned_at
    return f"{moment.astimezone(VIETNAM):%H:%M %d/%m/%Y}"


DELIVERIES: Table[Delivery] = Table(
    name="da-gui",
    title="Đã gửi",
    filters=DeliveryFilters,
    empty="Chưa gửi gì. Mỗi lần nhắc thời hạn và mỗi thư gửi đi là một dòng ở đây.",
    columns=(
        Column(
            "nguoi",
            "Người nhận",
            lambda row: str(row.user),
            order=("user__name_order",),
            width=30,
        ),
        Column(
            "noi-dung",
            "Nội dung",
            lambda row: Shown(shortened(row.text, 120), note=row.about, full=row.text),
            value=lambda row: row.text,
            width=80,
        ),
        Column("vi", "Vì", lambda row: RULES.get(row.rule, row.rule), order=("rule",), width=24),
        Column("kenh", "Kênh", lambda row: _label_of(row.channel), order=("channel",), width=20),
        Column("tinh-trang", "Tình trạng", _state, order=("state",), width=24),
        Column(
            "luc",
            "Lúc",
            _moment,
            value=lambda row: row.ended_at or row.planned_at,
            order=("planned_at",),
            width=18,
        ),
    ),
)
