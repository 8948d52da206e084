"""The lists of this room as tables: the board, the registrations, the communes and who helps them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from thidua.core.formats import format_date
from thidua.movements.models import Plan, RegistrationCall, RegistrationKind, RegistrationState
from thidua.movements.registrations import board, names
from thidua.movements.registrations.forms import BoardFilters, PlaceFilters, RegistrationFilters
from thidua.movements.registrations.places import Help
from thidua.organisations.models import UnitKind
from thidua.tables.listing import Column, Shown, Table

TONES = {
    RegistrationState.DRAFT: "",
    RegistrationState.PENDING: "warning",
    RegistrationState.RETURNED: "late",
    RegistrationState.APPROVED: "good",
    RegistrationState.WITHDRAWN: "",
}
STATES = dict(RegistrationState.choices)
SHORT_KINDS = {
    RegistrationKind.JOIN: "Tham gia",
    RegistrationKind.HELP: "Giúp đỡ",
    RegistrationKind.ESCAPE: "Thoát nghèo",
}


def _day(moment: Any) -> date | None:
    return timezone.localtime(moment).date() if moment else None


def _shown_day(moment: Any) -> str:
    day = _day(moment)
    return format_date(day) if day else ""


def board_table(
    plan: Plan, year: int, kind: RegistrationKind, call: RegistrationCall, *, on: date
) -> Table[Any]:
    """Expected units with their standing."""
    labels = {standing: (label, tone) for standing, label, tone in board.STANDINGS}
    kinds = dict(UnitKind.choices)
    rows_address = reverse("registrations:list")

    def standing(row: Any) -> Shown:
        label, tone = labels[row.standing]
        return Shown(label, tone=tone)

    def lateness(row: Any) -> Shown | str:
        days = board.days_late(call.due_on, row.first_sent_at, on=on)
        if not days:
            return ""
        return Shown(
            f"{'gửi muộn' if row.first_sent_at else 'quá hạn'} {days} ngày",
            tone="warning" if row.first_sent_at else "late",
        )

    def number(row: Any) -> Shown | str:
        if not row.sent:
            return ""
        asked = f"ke_hoach={plan.pk}&nam={year}&loai={kind.value}&don_vi={row.unit_id}"
        return Shown(str(row.sent), href=f"{rows_address}?{asked}")

    def reminded(row: Any) -> Shown | str:
        if not row.reminders:
            return ""
        return Shown(f"{row.reminders} lần", note=f"gần nhất {_shown_day(row.reminded_at)}")

    return Table(
        name=f"dang-ky-{year}",
        title="Bảng đăng ký",
        columns=(
            Column("don_vi", "Đơn vị", lambda row: row.label, order=("label_order",), width=40),
            Column("loai", "Loại", lambda row: str(kinds[row.unit_kind]), order=("unit__kind",), width=18),
            Column("tinh_trang", "Tình trạng", standing, order=("standing",), width=14),
            Column(
                "so",
                "Đã gửi",
                number,
                lambda row: row.sent or None,
                order=("sent",),
                is_number=True,
                width=10,
            ),
            Column(
                "ngay_gui",
                "Ngày gửi",
                lambda row: _shown_day(row.first_sent_at),
                lambda row: _day(row.first_sent_at),
                order=("first_sent_at",),
                width=14,
            ),
            Column("muon", "So với hạn", lateness, order=("first_sent_at",), width=18),
            Column(
                "nhac",
                "Đã nhắc",
                reminded,
                lambda row: row.reminders or None,
                order=("reminders",),
                width=10,
            ),
        ),
        filters=BoardFilters,
        usual_order="don_vi",
        empty=(
            "Chưa có đơn vị nào phải đăng ký loại này. Đơn vị được giao nhiệm vụ hoặc có tên trong kế hoạch "
            "sẽ tự có ở đây; cơ quan thường trực thêm bớt ở mục Thiết lập."
        ),
        tone=lambda row: "late" if row.standing in (board.NOT_SENT, "tra_lai") else "",
    )


def registration_table(labels: dict[int, str], *, with_names: bool = False) -> Table[Any]:
    """Registrations; names as far as the person may read them, in Excel only when `with_names`."""

    def subject(row: Any) -> Shown:
        name = names.shown_name(row, is_readable=row.is_readable)
        text = name or labels.get(row.unit_id, "")
        return Shown(text, href=reverse("registrations:registration", args=[row.pk]))

    def place(row: Any) -> str:
        if row.kind == RegistrationKind.HELP:
            commune = labels.get(row.helped_unit_id or 0, "")
            return f"{row.helped_village}, {commune}" if row.helped_village else commune
        return names.shown_address(row, is_readable=row.is_readable)

    def in_file(row: Any) -> bool:
        return with_names and row.is_readable

    return Table(
        name="danh-sach-dang-ky",
        title="Danh sách đăng ký",
        columns=(
            Column(
                "ten",
                "Ai đăng ký",
                subject,
                lambda row: names.shown_name(row, is_readable=in_file(row)) or labels.get(row.unit_id, ""),
                width=36,
            ),
            Column(
                "loai", "Loại", lambda row: SHORT_KINDS[RegistrationKind(row.kind)], order=("kind",), width=14
            ),
            Column("don_vi", "Đơn vị gửi", lambda row: labels.get(row.unit_id, ""), width=36),
            Column(
                "noi",
                "Nơi",
                place,
                lambda row: (
                    place(row)
                    if row.kind == RegistrationKind.HELP
                    else names.shown_address(row, is_readable=in_file(row))
                ),
                width=30,
            ),
            Column(
                "nam", "Năm", lambda row: str(row.year), lambda row: row.year, order=("year",), is_number=True
            ),
            Column(
                "cam_ket",
                "Cam kết",
                lambda row: _cut(names.shown_commitment(row, is_readable=row.is_readable)),
                lambda row: names.shown_commitment(row, is_readable=in_file(row)),
                width=50,
            ),
            Column(
                "tinh_trang",
                "Tình trạng",
                lambda row: Shown(str(STATES[row.state]), tone=TONES[RegistrationState(row.state)]),
                order=("state",),
                width=14,
            ),
            Column(
                "ngay_gui",
                "Ngày gửi",
                lambda row: _shown_day(row.sent_at),
                lambda row: _day(row.sent_at),
                order=("sent_at",),
                width=14,
            ),
        ),
        filters=RegistrationFilters,
        usual_order="-ngay_gui",
        empty="Chưa có đăng ký nào. Đơn vị lập đăng ký ở trang Đăng ký, chọn kế hoạch và năm.",
    )


def _cut(text: str, longest: int = 120) -> str:
    return text if len(text) <= longest else f"{text[: longest - 2].rsplit(' ', 1)[0]} …"


def place_table(needed: int, helpers: dict[int, list[Help]]) -> Table[Any]:
    """Communes with the number of agencies that help; who they are stands in the last column."""

    def count(row: Any) -> Shown:
        if not row.helpers:
            return Shown("chưa ai giúp", tone="late")
        if row.helpers > needed:
            return Shown(f"{row.helpers} cơ quan", tone="warning", note=f"cần {needed}")
        return Shown(f"{row.helpers} cơ quan", tone="good")

    def who(row: Any) -> str:
        found = helpers.get(row.unit_id, [])
        return "; ".join(f"{one.helper} ({one.village})" if one.village else one.helper for one in found)

    return Table(
        name="noi-duoc-giup",
        title="Nơi được giúp",
        columns=(
            Column("xa", "Xã, phường", lambda row: row.label, order=("label_order",), width=30),
            Column(
                "so",
                "Số cơ quan giúp",
                count,
                lambda row: row.helpers,
                order=("helpers", "label_order"),
                width=16,
            ),
            Column("ai", "Cơ quan giúp", who, width=70),
        ),
        filters=PlaceFilters,
        usual_order="so",
        empty="Không có xã nào trong phạm vi của kế hoạch này.",
        tone=lambda row: "" if row.helpers else "late",
    )
