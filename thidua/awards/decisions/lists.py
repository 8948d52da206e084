"""The lists of decisions: decisions, their lines, bonus money, handing over, designs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse

from thidua.awards.duplicates import form_name
from thidua.awards.lists import ANY
from thidua.awards.models import (
    AwardDecision,
    AwardState,
    Bonus,
    Certificate,
    CertificateDesign,
    DecisionKind,
    DecisionLine,
    DecisionState,
)
from thidua.core.formats import format_date, format_number
from thidua.core.text import fold
from thidua.tables.listing import Column, FilterForm, Shown, Table

TONES = {DecisionState.CARRIED_OUT: "good", DecisionState.PREPARED: "warning"}
YES_NO = [*ANY, ("roi", "Rồi"), ("chua", "Chưa")]


class DecisionFilters(FilterForm):
    tim = forms.CharField(label="Trích yếu, số", max_length=200)
    loai = forms.ChoiceField(label="Loại", choices=[*ANY, *DecisionKind.choices])
    tinh_trang = forms.ChoiceField(label="Trạng thái", choices=[*ANY, *DecisionState.choices])

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        for word in fold(asked.get("tim", "")).split():
            rows = rows.filter(Q(search_text__contains=word) | Q(number__icontains=word))
        if "loai" in asked:
            rows = rows.filter(kind=asked["loai"])
        return rows.filter(state=asked["tinh_trang"]) if "tinh_trang" in asked else rows


class NameFilters(FilterForm):
    tim = forms.CharField(label="Tên", max_length=200)

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        words = asked.get("tim", "").split()
        for word in words:
            rows = rows.filter(name__icontains=word)
        return rows


class BonusFilters(FilterForm):
    tim = forms.CharField(label="Tên", max_length=200)
    da_chi = forms.ChoiceField(label="Đã chi", choices=YES_NO)

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        for word in asked.get("tim", "").split():
            rows = rows.filter(line__name__icontains=word)
        return rows.filter(paid_on__isnull=asked["da_chi"] == "chua") if "da_chi" in asked else rows


class CertificateFilters(FilterForm):
    tim = forms.CharField(label="Tên", max_length=200)
    da_trao = forms.ChoiceField(label="Đã trao", choices=YES_NO)

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        for word in asked.get("tim", "").split():
            rows = rows.filter(award__subject_name__icontains=word)
        return rows.filter(handed_on__isnull=asked["da_trao"] == "chua") if "da_trao" in asked else rows


def decision_table(labels: dict[int, str]) -> Table[AwardDecision]:
    def titled(row: AwardDecision) -> Shown:
        return Shown(
            row.title,
            href=reverse("awards:decision", args=[row.pk]),
            note=row.round.name if row.round else "",
        )

    return Table(
        name="quyet-dinh-khen-thuong",
        title="Quyết định khen thưởng",
        columns=(
            Column("so", "Số", lambda row: row.number or "chưa có", order=("number",), width=16),
            Column(
                "ngay",
                "Ngày",
                lambda row: format_date(row.dated) if row.dated else "",
                lambda row: row.dated,
                order=("dated", "made_at"),
                width=13,
            ),
            Column("ten", "Trích yếu", titled, lambda row: row.title, width=50),
            Column("loai", "Loại", lambda row: row.get_kind_display(), order=("kind",), width=24),
            Column("co_quan", "Cơ quan", lambda row: labels.get(row.unit_id, ""), width=34),
            Column(
                "dong",
                "Đối tượng",
                lambda row: str(row.line_count),  # type: ignore[attr-defined]
                lambda row: row.line_count,  # type: ignore[attr-defined]
                is_number=True,
                width=10,
            ),
            Column(
                "tt",
                "Trạng thái",
                lambda row: Shown(row.get_state_display(), tone=TONES.get(DecisionState(row.state), "")),
                lambda row: row.get_state_display(),
                order=("state",),
                width=18,
            ),
        ),
        filters=DecisionFilters,
        usual_order="-ngay",
        empty=(
            "Chưa có quyết định nào. Mở một đợt xét có đề nghị đã được hội đồng thông qua, bấm «Lập quyết "
            "định»."
        ),
    )


def _money(amount: int | None) -> str:
    return format_number(amount) if amount is not None else ""


def line_table(decision: AwardDecision, *, may_change: bool) -> Table[DecisionLine]:
    def named(row: DecisionLine) -> Shown:
        href = reverse("awards:decision_line", args=[decision.pk, row.pk]) if may_change else ""
        if not may_change and row.award_id is not None:
            href = reverse("award_register:award", args=[row.award_id])
        elif not may_change and row.candidate_id is not None:
            href = reverse("awards:candidate", args=[row.candidate_id])
        return Shown(row.name, href=href, note=row.detail)

    def amount(row: DecisionLine) -> int | None:
        bonus = getattr(row, "bonus", None)
        return bonus.amount if bonus is not None else None

    columns: list[Column[DecisionLine]] = [
        Column("stt", "STT", lambda row: str(row.position), lambda row: row.position, order=("position",)),
        Column("ten", "Tên, đơn vị", named, lambda row: row.name, order=("name",), width=40),
        Column("tich", "Thành tích", lambda row: row.achievement, width=60),
    ]
    if decision.gives:
        columns.append(
            Column(
                "tien",
                "Tiền thưởng (đồng)",
                lambda row: _money(amount(row)),
                amount,
                is_number=True,
                width=18,
            )
        )
    if decision.state == DecisionState.CARRIED_OUT and decision.kind != DecisionKind.SUBMISSION:
        columns.append(
            Column(
                "vang",
                "Số sổ vàng",
                lambda row: row.award.golden_book_number if row.award else "",
                width=12,
            )
        )
        columns.append(Column("tt", "Tình trạng", _award_state, lambda row: _award_state(row).text, width=20))
    return Table(
        name=f"danh-sach-{decision.pk}",
        title="Danh sách kèm theo",
        columns=tuple(columns),
        filters=NameFilters,
        usual_order="stt",
    )


def _award_state(row: DecisionLine) -> Shown:
    if row.award is None:
        return Shown("")
    tone = {AwardState.IN_FORCE.value: "gold", AwardState.REVOKED.value: "late"}.get(row.award.state, "")
    return Shown(row.award.get_state_display(), tone=tone)


def bonus_table(decision: AwardDecision, *, may_pay: bool) -> Table[Bonus]:
    def named(row: Bonus) -> Shown:
        can = may_pay and row.paid_on is None and row.amount is not None and row.to_return is None
        return Shown(row.line.name, note=row.line.detail, choose=str(row.pk) if can else "")

    def paid(row: Bonus) -> Shown:
        if row.to_return is not None:
            if row.returned_on is not None:
                return Shown(f"đã thu hồi {format_date(row.returned_on)}", tone="")
            if row.to_return == 0:
                return Shown("hủy bỏ, chưa chi", tone="")
            return Shown(f"phải thu hồi {format_number(row.to_return)}", tone="late")
        if row.paid_on is None:
            return Shown("chưa chi", tone="warning")
        return Shown(f"đã chi {format_date(row.paid_on)}", tone="good")

    return Table(
        name=f"tien-thuong-{decision.pk}",
        title="Tiền thưởng",
        columns=(
            Column("ten", "Tên", named, lambda row: row.line.name, order=("line__position",), width=40),
            Column(
                "cach",
                "Cách tính",
                lambda row: Shown(row.steps, note="" if row.is_confirmed else "chưa đối chiếu văn bản gốc"),
                lambda row: row.steps,
                width=48,
            ),
            Column(
                "tien",
                "Số tiền (đồng)",
                lambda row: _money(row.amount),
                lambda row: row.amount,
                order=("amount",),
                is_number=True,
                width=16,
            ),
            Column("chi", "Tình trạng", paid, lambda row: paid(row).text, order=("paid_on",), width=26),
            Column("nhan", "Người nhận", lambda row: row.paid_to, width=26),
            Column("ct", "Chứng từ", lambda row: row.payment_note, width=24),
        ),
        filters=BonusFilters,
        usual_order="ten",
        acts_form="chi-tien",
    )


def certificate_table(decision: AwardDecision, *, may_act: bool) -> Table[Certificate]:
    def named(row: Certificate) -> Shown:
        can = may_act and row.handed_on is None and row.award.state == AwardState.IN_FORCE
        return Shown(row.award.subject_name, choose=str(row.pk) if can else "")

    def state(row: Certificate) -> Shown:
        if row.award.state == AwardState.REVOKED:
            back = f", thu lại {format_date(row.taken_back_on)}" if row.taken_back_on else ", chưa thu lại"
            return Shown(f"đã hủy bỏ{back}", tone="late")
        if row.handed_on is not None:
            return Shown(f"đã trao {format_date(row.handed_on)}", tone="good")
        if row.printed_at is not None:
            return Shown("đã in, chưa trao", tone="warning")
        return Shown("chưa in" if row.edition == 1 else "in lại do đính chính", tone="warning")

    return Table(
        name=f"danh-sach-trao-{decision.pk}",
        title="Danh sách nhận, trao",
        columns=(
            Column(
                "vang",
                "Số sổ vàng",
                lambda row: row.award.golden_book_number,
                order=("order",),
                width=12,
            ),
            Column(
                "ten",
                "Tên",
                named,
                lambda row: row.award.subject_name,
                order=("award__name_order",),
                width=40,
            ),
            Column("dv", "Chức vụ, đơn vị, địa chỉ", lambda row: row.detail, width=44),
            Column(
                "tien",
                "Tiền thưởng (đồng)",
                lambda row: _money(row.award.bonus),
                lambda row: row.award.bonus,
                is_number=True,
                width=16,
            ),
            Column("tt", "Tình trạng", state, lambda row: state(row).text, order=("handed_on",), width=22),
            Column("nhan", "Người nhận", lambda row: row.received_by, width=26),
            Column("ky", "Ký nhận", lambda row: "", width=18),
        ),
        filters=CertificateFilters,
        usual_order="vang",
        acts_form="trao-bang",
        empty="Quyết định chưa có hiệu lực nên chưa có bằng, giấy khen.",
    )


def design_table(labels: dict[int, str]) -> Table[CertificateDesign]:
    return Table(
        name="mau-in-bang",
        title="Mẫu in bằng, giấy khen",
        columns=(
            Column(
                "ten",
                "Mẫu in",
                lambda row: Shown(
                    f"{form_name(row.form, row.made_at.date())}: {row.get_kind_display().lower()}",
                    href=reverse("awards:design", args=[row.pk]),
                ),
                lambda row: f"{row.form} {row.kind}",
                order=("form", "kind"),
                width=40,
            ),
            Column("co_quan", "Cơ quan", lambda row: labels.get(row.unit_id, ""), width=34),
            Column(
                "so",
                "Phiên bản",
                lambda row: str(row.number),
                lambda row: row.number,
                order=("number",),
                is_number=True,
                width=10,
            ),
            Column(
                "tt",
                "Tình trạng",
                lambda row: Shown("đang dùng", tone="good") if row.is_in_use else Shown("không dùng"),
                lambda row: "đang dùng" if row.is_in_use else "",
                order=("is_in_use",),
                width=14,
            ),
            Column(
                "luc",
                "Lưu lúc",
                lambda row: f"{row.made_at:%H:%M} {format_date(row.made_at.date())}",
                lambda row: row.made_at.date(),
                order=("made_at",),
                width=18,
            ),
        ),
        usual_order="-luc",
        empty=(
            "Chưa có mẫu nào của cơ quan. Chưa có thì bản in dùng mẫu sẵn có của chương trình; bấm «Lập mẫu "
            "in» để chỉnh cho cơ quan mình."
        ),
    )
