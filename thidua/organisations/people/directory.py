"""The list of who acts for which unit, as an administrator sees it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from thidua.core.text import fold
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import FOREVER, Mandate, Role, UnitVersion
from thidua.tables.listing import Column, FilterForm, Shown, Table
from thidua.tables.words import holding

HOLDS, COMING, OVER, REVOKED, CLOSED = "hieu-luc", "sap-toi", "het-han", "thu-hoi", "ngung"
STATES = (
    (HOLDS, "Đang hiệu lực"),
    (COMING, "Chưa đến ngày"),
    (OVER, "Hết hạn"),
    (REVOKED, "Đã thu hồi"),
    (CLOSED, "Tài khoản đã ngừng"),
)
#: On how many earlier days of change an administrator's units are looked at, for people of units that ended.
LOOK_BACK = 4


def state_of(mandate: Mandate, *, on: date) -> str:
    """How a mandate stands on a day."""
    if not mandate.user.is_active:
        return CLOSED
    if mandate.revoked_at is not None:
        return REVOKED
    if mandate.since > on:
        return COMING
    return HOLDS if mandate.until > on else OVER


def with_state(state: str, *, on: date) -> Q:
    """The same as a condition."""
    open_ = Q(user__is_active=True, revoked_at__isnull=True)
    return {
        HOLDS: open_ & Q(since__lte=on, until__gt=on),
        COMING: open_ & Q(since__gt=on),
        OVER: open_ & Q(until__lte=on),
        REVOKED: Q(user__is_active=True, revoked_at__isnull=False),
        CLOSED: Q(user__is_active=False),
    }[state]


class DirectoryFilters(FilterForm):
    tim = forms.CharField(label="Tên, tên đăng nhập", max_length=100)
    don_vi = forms.CharField(label="Đơn vị", max_length=100)
    vai_tro = forms.ChoiceField(label="Vai trò", choices=[("", "Mọi vai trò"), *Role.choices])
    trang_thai = forms.ChoiceField(label="Trạng thái", choices=[("", "Mọi trạng thái"), *STATES])

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        for name in ("tim", "don_vi"):
            self.fields[name].widget.attrs["placeholder"] = "Không cần dấu"

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        rows = holding(rows, fold(asked.get("tim", "")).split(), field="user__search_text")
        if unit := fold(asked.get("don_vi", "")):
            named = UnitVersion.objects.filter(annulled_by__isnull=True)
            named = holding(named, unit.split())
            rows = rows.filter(unit_id__in=named.values("unit_id"))
        if asked.get("vai_tro"):
            rows = rows.filter(role=asked["vai_tro"])
        if asked.get("trang_thai"):
            rows = rows.filter(with_state(asked["trang_thai"], on=self.on))
        return rows


def administered(acting: Acting) -> QuerySet[Mandate]:
    """Mandates at and below the units this person administers, also at units that have ended since."""
    mine = acting.unit_ids([Role.ADMINISTRATOR])
    below = Q(unit_id__in=mine) | Q(unit_id__in=tree.ids_at_or_below(mine, on=acting.on))
    for day in _days_before_changes(acting.on):
        below |= Q(unit_id__in=tree.ids_at_or_below(mine, on=day))
    return Mandate.objects.filter(below).select_related("user", "unit", "delegated_from__user")


def _days_before_changes(on: date) -> list[date]:
    ends = UnitVersion.objects.filter(until__lte=on, annulled_by__isnull=True).values_list("until", flat=True)
    return [end - timedelta(days=1) for end in ends.distinct().order_by("-until")[:LOOK_BACK]]


def table(*, on: date, labels: dict[int, str]) -> Table[Mandate]:
    """The columns; `labels` are names of units, filled by the view for the rows of the page."""

    def shown_state(mandate: Mandate) -> Shown:
        state = state_of(mandate, on=on)
        return Shown(dict(STATES)[state], tone="good" if state == HOLDS else "")

    def shown_role(mandate: Mandate) -> Shown:
        lender = mandate.delegated_from
        return Shown(mandate.get_role_display(), note=f"{lender.user} ủy quyền" if lender else "")

    return Table(
        name="nguoi-dung",
        title="Người dùng và ủy nhiệm",
        filters=DirectoryFilters,
        usual_order="ten",
        empty="Chưa có ai được giao ủy nhiệm ở đơn vị của bạn. Bấm «Thêm người» để tạo tài khoản đầu tiên.",
        columns=(
            Column(
                "ten",
                "Họ và tên",
                lambda mandate: Shown(
                    str(mandate.user),
                    href=reverse("people:person", args=[mandate.user_id]),
                    note=mandate.user.username,
                ),
                value=lambda mandate: str(mandate.user),
                order=("user__name_order",),
                width=28,
            ),
            Column("tai_khoan", "Đơn vị", lambda mandate: labels.get(mandate.unit_id, ""), width=45),
            Column("vai_tro", "Vai trò", shown_role, order=("role",), width=24),
            Column("tu", "Từ ngày", lambda mandate: day(mandate.since), order=("since",), width=14),
            Column(
                "den", "Đến hết ngày", lambda mandate: last_day(mandate.until), order=("until",), width=14
            ),
            Column("trang_thai", "Trạng thái", shown_state, width=18),
        ),
    )


def day(value: date) -> str:
    return f"{value:%d/%m/%Y}" if value.year > 1 else "từ đầu"


def last_day(until: date) -> str:
    """Ranges are half-open; people read the last day in it."""
    return "không thời hạn" if until == FOREVER else f"{until - timedelta(days=1):%d/%m/%Y}"


def ordered(rows: QuerySet[Mandate]) -> QuerySet[Mandate]:
    return rows.order_by(F("revoked_at").desc(nulls_first=True), "-until", "-since", "pk")
