"""The lists of funds as tables. Names of private donors stand only on the page of who keeps the list."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import BigIntegerField, Count, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from thidua.core.formats import format_date
from thidua.core.text import fold, row_key, shortened
from thidua.movements.tasks.task_list import name_of, unit_named
from thidua.resources.funds.access import shown_name
from thidua.resources.funds.amounts import exact, figure, in_words, titled
from thidua.resources.models import (
    Account,
    Allocation,
    AllocationState,
    Fund,
    FundKind,
    FundState,
    Holding,
    HoldingKind,
    LedgerEntry,
    Pledge,
    PledgeState,
    Receipt,
    ReceiptState,
    RecipientKind,
)
from thidua.tables.listing import Column, FilterForm, Shown, Table
from thidua.tables.words import holding

TONES: dict[str, str] = {
    FundState.CLOSED: "",
    PledgeState.FULFILLED: "good",
    PledgeState.DROPPED: "warning",
    ReceiptState.REVERSED: "warning",
    AllocationState.PROPOSED: "warning",
    AllocationState.SETTLED: "good",
    AllocationState.REFUSED: "warning",
    AllocationState.REVERSED: "warning",
}


def state_of(row: Any) -> Shown:
    return Shown(str(row.get_state_display()), tone=TONES.get(row.state, ""))


class _Filters(FilterForm):
    """Filters that every list of this room has: words, and one fund."""

    tim = forms.CharField(label="Tìm", max_length=200)
    quy = forms.ChoiceField(label="Quỹ")
    fund_key = "fund_id"

    def __init__(self, *args: Any, funds: QuerySet[Fund] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tim"].widget.input_type = "search"
        self.fields["tim"].widget.attrs["placeholder"] = "Không cần dấu"
        if funds is None:
            del self.fields["quy"]
        else:
            names = funds.order_by("name_order", "pk").values_list("pk", "name")[:200]
            cast(forms.ChoiceField, self.fields["quy"]).choices = [
                ("", "Mọi quỹ"),
                *((str(pk), name[:80]) for pk, name in names),
            ]

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        if "quy" in asked:
            rows = rows.filter(**{self.fund_key: row_key(asked["quy"])})
        return rows


class FundFilters(_Filters):
    loai = forms.ChoiceField(label="Loại quỹ", choices=[("", "Mọi loại"), *FundKind.choices])
    don_vi = forms.CharField(label="Cơ quan giữ quỹ", max_length=200)

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        rows = holding(rows, fold(asked.get("tim", "")).split())
        if "loai" in asked:
            rows = rows.filter(kind=asked["loai"])
        if "don_vi" in asked:
            rows = rows.filter(unit_named(asked["don_vi"]))
        return rows


def with_money(rows: QuerySet[Fund], *, on: date) -> QuerySet[Any]:
    """Funds with what money they hold, how much waits to be proved, and their keeper's name."""
    money = Holding.objects.filter(fund=OuterRef("pk"), kind=HoldingKind.MONEY).values("held")[:1]
    waiting = (
        Allocation.objects.filter(fund=OuterRef("pk"), state=AllocationState.GIVEN)
        .order_by()
        .values("fund")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return rows.annotate(
        money=Subquery(money, output_field=BigIntegerField()),
        waiting=Subquery(waiting),
        unit_label=name_of("unit_id", "label", on=on),
        unit_order=name_of("unit_id", "label_order", on=on),
    )


def fund_table() -> Table[Any]:
    return Table(
        name="quy",
        title="Quỹ",
        columns=(
            Column(
                "ten",
                "Quỹ",
                lambda row: Shown(
                    row.name,
                    href=reverse("resources:fund", args=[row.pk]),
                    note="Ví dụ, không có thật" if row.is_invented else str(row.get_kind_display()),
                ),
                order=("name_order",),
                width=36,
            ),
            Column(
                "don-vi", "Cơ quan giữ quỹ", lambda row: row.unit_label or "", order=("unit_order",), width=36
            ),
            Column(
                "tien",
                "Còn tiền (đồng)",
                lambda row: f"{row.money or 0:,}".replace(",", "."),
                lambda row: row.money or 0,
                order=("money",),
                width=18,
                is_number=True,
            ),
            Column(
                "cho",
                "Chờ chứng minh",
                lambda row: str(row.waiting or ""),
                lambda row: row.waiting or 0,
                width=14,
                is_number=True,
            ),
            Column(
                "khoa",
                "Đã khóa sổ đến",
                lambda row: format_date(row.closed_through) if row.closed_through else "",
                lambda row: row.closed_through,
                order=("closed_through",),
                width=14,
            ),
            Column("trang-thai", "Trạng thái", state_of, order=("state",), width=16),
        ),
        filters=FundFilters,
        usual_order="ten",
        empty="Chưa có quỹ nào. Quỹ «Vì người nghèo», «Đền ơn đáp nghĩa», «Bếp ăn tình thương» hay quỹ khen "
        "thưởng của cơ quan bạn lập ở nút «Lập quỹ».",
    )


class ReceiptFilters(_Filters):
    trang_thai = forms.ChoiceField(
        label="Trạng thái", choices=[("", "Mọi trạng thái"), *ReceiptState.choices]
    )
    loai = forms.ChoiceField(label="Ủng hộ bằng", choices=[("", "Mọi cách"), *HoldingKind.choices])

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        rows = super().narrow(rows, asked)
        for word in fold(asked.get("tim", "")).split():
            # Names of private people are found by who may read them only.
            rows = rows.filter(
                Q(donor__search_text__contains=word)
                & (Q(donor__keeper__in=self.keeps) | ~Q(donor__kind__in=("ca_nhan", "ho")))
            )
        if "trang_thai" in asked:
            rows = rows.filter(state=asked["trang_thai"])
        if "loai" in asked:
            rows = rows.filter(holding__kind=asked["loai"])
        return rows

    def __init__(self, *args: Any, keeps: frozenset[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keeps = keeps


def receipt_table(keeps: frozenset[int]) -> Table[Receipt]:
    return Table(
        name="bien-nhan",
        title="Biên nhận",
        columns=(
            Column(
                "so",
                "Biên nhận",
                lambda row: Shown(
                    row.full_number, href=reverse("resources:receipt", args=[row.pk]), note=row.fund.name
                ),
                order=("year", "number"),
                width=22,
            ),
            Column("ngay", "Ngày nhận", lambda row: format_date(row.received_on), lambda row: row.received_on,
                   order=("received_on",), width=12),
            Column(
                "nguoi",
                "Người ủng hộ",
                lambda row: Shown(
                    shown_name(row.donor, keeps=keeps), note=str(row.donor.get_kind_display())
                ),
                lambda row: row.donor.public_name,
                width=36,
            ),
            Column(
                "gi",
                "Đã nhận",
                lambda row: in_words(row.amount, row.holding),
                width=26,
                is_number=True,
            ),
            Column("trang-thai", "Trạng thái", state_of, order=("state",), width=14),
        ),
        filters=ReceiptFilters,
        usual_order="-ngay",
        empty="Chưa có khoản ủng hộ nào. Mở một quỹ rồi bấm «Nhận ủng hộ, lập biên nhận».",
    )  # fmt: skip


class PledgeFilters(ReceiptFilters):
    trang_thai = forms.ChoiceField(label="Trạng thái", choices=[("", "Mọi trạng thái"), *PledgeState.choices])


def pledge_table(keeps: frozenset[int], *, on: date) -> Table[Pledge]:
    def is_late(row: Pledge) -> bool:
        return row.state == PledgeState.PROMISED and row.due_on is not None and row.due_on < on

    return Table(
        name="cam-ket",
        title="Cam kết ủng hộ",
        columns=(
            Column(
                "nguoi",
                "Người ủng hộ",
                lambda row: Shown(
                    shown_name(row.donor, keeps=keeps),
                    href=reverse("resources:pledge", args=[row.pk]),
                    note=row.fund.name,
                ),
                lambda row: row.donor.public_name,
                width=36,
            ),
            Column("hua", "Cam kết", lambda row: in_words(row.amount, row.holding), width=24, is_number=True),
            Column(
                "nhan",
                "Đã nhận",
                lambda row: figure(row.received, row.holding),
                lambda row: exact(row.received, row.holding),
                width=16,
                is_number=True,
            ),
            Column(
                "han",
                "Hạn",
                lambda row: (
                    Shown(format_date(row.due_on), note="Quá hạn" if is_late(row) else "")
                    if row.due_on
                    else ""
                ),
                lambda row: row.due_on,
                order=("due_on",),
                width=12,
            ),
            Column("trang-thai", "Trạng thái", state_of, order=("state",), width=16),
        ),
        filters=PledgeFilters,
        usual_order="han",
        empty="Chưa có cam kết nào. Mở một quỹ rồi bấm «Ghi cam kết ủng hộ».",
        tone=lambda row: "late" if is_late(row) else "",
    )


class AllocationFilters(_Filters):
    trang_thai = forms.ChoiceField(
        label="Trạng thái", choices=[("", "Mọi trạng thái"), *AllocationState.choices]
    )
    cho_ai = forms.ChoiceField(label="Cho ai", choices=[("", "Mọi nơi nhận"), *RecipientKind.choices])
    noi_nhan = forms.CharField(label="Nơi nhận", max_length=200)

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        rows = super().narrow(rows, asked)
        if "tim" in asked:
            rows = rows.filter(purpose__icontains=asked["tim"])
        if "trang_thai" in asked:
            rows = rows.filter(state=asked["trang_thai"])
        if "cho_ai" in asked:
            rows = rows.filter(recipient_kind=asked["cho_ai"])
        if "noi_nhan" in asked:
            rows = rows.filter(unit_named(asked["noi_nhan"], "recipient_unit_id"))
        return rows


def with_recipients(rows: QuerySet[Allocation], *, on: date) -> QuerySet[Any]:
    return rows.select_related("fund", "holding", "household").annotate(
        recipient_label=name_of("recipient_unit_id", "label", on=on)
    )


def recipient_in_words(row: Any) -> str:
    """The place, or the household by its code; never the name of a person."""
    if row.household is not None:
        return f"Hộ {row.household.code}, {row.recipient_label or ''}".rstrip(", ")
    return row.recipient_label or str(row.get_recipient_kind_display())


def allocation_table(*, on: date) -> Table[Any]:
    def is_late(row: Allocation) -> bool:
        return row.state == AllocationState.GIVEN and row.due_on is not None and row.due_on < on

    return Table(
        name="phan-bo",
        title="Phân bổ",
        columns=(
            Column(
                "viec",
                "Để làm gì",
                lambda row: Shown(
                    shortened(row.purpose),
                    full=row.purpose,
                    href=reverse("resources:allocation", args=[row.pk]),
                    note=row.fund.name,
                ),
                lambda row: row.purpose,
                width=44,
            ),
            Column("noi-nhan", "Nơi nhận", recipient_in_words, width=32),
            Column("gi", "Số lượng", lambda row: in_words(row.amount, row.holding), width=24, is_number=True),
            Column(
                "dung",
                "Đã chứng minh",
                lambda row: figure(row.used, row.holding),
                lambda row: exact(row.used, row.holding),
                width=18,
                is_number=True,
            ),
            Column(
                "han",
                "Hạn chứng minh",
                lambda row: (
                    Shown(format_date(row.due_on), note="Quá hạn" if is_late(row) else "")
                    if row.due_on
                    else ""
                ),
                lambda row: row.due_on,
                order=("due_on",),
                width=14,
            ),
            Column("trang-thai", "Trạng thái", state_of, order=("state",), width=22),
        ),
        filters=AllocationFilters,
        usual_order="han",
        empty="Chưa có khoản phân bổ nào. Mở một quỹ rồi bấm «Đề nghị phân bổ».",
        tone=lambda row: "late" if is_late(row) else "",
    )


class LedgerFilters(FilterForm):
    tu = forms.DateField(label="Từ ngày", widget=forms.DateInput(attrs={"type": "date"}))
    den = forms.DateField(label="Đến ngày", widget=forms.DateInput(attrs={"type": "date"}))
    khoan = forms.ChoiceField(label="Khoản")

    def __init__(self, *args: Any, holdings: list[Holding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["khoan"]).choices = [
            ("", "Mọi khoản"),
            *((str(one.pk), one.name) for one in holdings),
        ]

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        exact_ones = {"tu": "booked_on__gte", "den": "booked_on__lte", "khoan": "holding_id"}
        return rows.filter(**{field: asked[name] for name, field in exact_ones.items() if name in asked})


def ledger_table() -> Table[LedgerEntry]:
    accounts = dict(Account.choices)
    return Table(
        name="so-cai",
        title="Sổ cái",
        columns=(
            Column("ngay", "Ngày", lambda row: format_date(row.booked_on), lambda row: row.booked_on,
                   order=("booked_on", "pk"), width=12),
            Column("noi-dung", "Diễn giải", lambda row: Shown(shortened(row.text), full=row.text),
                   lambda row: row.text, width=50),
            Column("no", "Nợ (vào)", lambda row: str(accounts[row.debit]), width=24),
            Column("co", "Có (ra)", lambda row: str(accounts[row.credit]), width=24),
            Column("so", "Số lượng", lambda row: figure(row.amount, row.holding),
                   lambda row: exact(row.amount, row.holding), width=18, is_number=True),
            Column("khoan", "Khoản", lambda row: titled(row.holding), width=20),
        ),
        filters=LedgerFilters,
        usual_order="-ngay",
        empty="Sổ chưa có bút toán nào.",
    )  # fmt: skip
