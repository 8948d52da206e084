"""Forms of funds: small ones for acts, one for a new fund. Amounts are typed as people write them."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from thidua.core.errors import RuleNotMet
from thidua.movements.tasks.forms import Choices, DayField, FilesField, SmallForm
from thidua.resources.funds.amounts import parsed
from thidua.resources.funds.keeping import Giver
from thidua.resources.funds.receiving import Gift
from thidua.resources.models import DonorKind, Fund, FundKind, Holding, HoldingKind, RecipientKind


class AmountField(forms.CharField):
    """Text of an amount; what it means depends on the kind, so the form reads it in `clean`."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(**{"label": "Số lượng", "max_length": 30, "widget": widget, **kwargs})


class MoneyForm(SmallForm):
    """A form that reads amounts with `amount_of`, and đồng with `dong_of`."""

    def amount_of(self, name: str, kind: str) -> int | None:
        text = self.cleaned_data.get(name) or ""
        if not text.strip():
            return None
        try:
            return parsed(text, kind)
        except RuleNotMet as refusal:
            self.add_error(name, refusal.message)
            return None

    def dong_of(self, name: str) -> int | None:
        return self.amount_of(name, HoldingKind.MONEY)


class NewFundForm(SmallForm):
    unit = forms.ChoiceField(label="Cơ quan giữ quỹ")
    kind = forms.ChoiceField(label="Loại quỹ", choices=FundKind.choices)
    name = forms.CharField(label="Tên quỹ", max_length=200)
    symbol = forms.CharField(
        label="Ký hiệu biên nhận", max_length=20, help_text="Ngắn, ví dụ VNN: biên nhận mang số 01/BN-VNN."
    )
    purpose = forms.CharField(label="Mục đích", max_length=500, required=False)
    is_public = forms.BooleanField(
        label="Công khai trên cổng",
        required=False,
        help_text="Cổng chỉ nêu tổng số, tổ chức ủng hộ và người đồng ý nêu tên.",
    )

    def __init__(self, *args: Any, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["unit"]).choices = units


class MendForm(SmallForm):
    purpose = forms.CharField(label="Mục đích", max_length=500, required=False)
    is_public = forms.BooleanField(label="Công khai trên cổng", required=False)

    def __init__(self, *args: Any, fund: Fund, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].initial, self.fields["is_public"].initial = fund.purpose, fund.is_public


class _GiverForm(MoneyForm):
    """Who gives and what: shared by pledge and receipt."""

    donor_kind = forms.ChoiceField(label="Người ủng hộ là", choices=DonorKind.choices)
    donor = forms.CharField(label="Tên người ủng hộ", max_length=200)
    address = forms.CharField(label="Địa chỉ", max_length=300, required=False)
    donor_unit = forms.CharField(
        label="Là đơn vị trong phần mềm",
        max_length=300,
        required=False,
        help_text="Không bắt buộc. Ghi tên đơn vị để khoản ủng hộ được tính khi xét thi đua.",
    )
    agrees = forms.BooleanField(
        label="Đồng ý nêu tên công khai",
        required=False,
        help_text="Cá nhân, hộ gia đình chưa đồng ý thì chỉ hiện chữ cái đầu.",
    )
    kind = forms.ChoiceField(label="Ủng hộ bằng", choices=HoldingKind.choices)
    amount = AmountField(help_text="Tiền: 1.500.000. Hiện vật, ngày công: 12,5.")
    goods = forms.CharField(label="Tên hiện vật", max_length=120, required=False, help_text="Ví dụ: gạo.")
    measure = forms.CharField(
        label="Đơn vị tính của hiện vật", max_length=40, required=False, help_text="Ví dụ: kg."
    )
    stated = AmountField(
        label="Giá trị quy ra tiền (đồng)",
        required=False,
        help_text="Chỉ ghi khi có người định giá; chưa biết thì để trống, không ghi 0.",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind = data.get("kind", HoldingKind.MONEY)
        data["amount"] = self.amount_of("amount", kind)
        data["stated"] = self.dong_of("stated")
        if kind == HoldingKind.GOODS:
            for name, label in (("goods", "tên hiện vật"), ("measure", "đơn vị tính")):
                if not data.get(name):
                    self.add_error(name, f"Chưa có {label}.")
        return data

    @staticmethod
    def giver(data: Any, unit_id: int | None) -> Giver:
        return Giver(data["donor_kind"], data["donor"], data["address"], unit_id, data["agrees"])

    @staticmethod
    def gift(data: Any) -> Gift:
        return Gift(data["kind"], data["amount"], data["goods"], data["measure"], data["stated"])


class PledgeForm(_GiverForm):
    promised_on = DayField(label="Ngày cam kết")
    due_on = DayField(label="Hạn thực hiện", required=False)
    note = forms.CharField(label="Ghi chú", max_length=500, required=False)

    def __init__(self, *args: Any, on: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["stated"]
        self.fields["promised_on"].initial = on

    @staticmethod
    def gift(data: Any) -> Gift:
        return Gift(data["kind"], data["amount"], data["goods"], data["measure"])


class ReceiptForm(_GiverForm):
    received_on = DayField(label="Ngày nhận")
    content = forms.CharField(label="Nội dung", max_length=300, required=False)

    def __init__(self, *args: Any, on: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = on


class PartForm(MoneyForm):
    """So much of one holding, on a day."""

    amount = AmountField()
    day = DayField(label="Ngày")

    def __init__(self, *args: Any, holding: Holding, on: Any, most: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.holding = holding
        self.fields["amount"].label = f"Số lượng ({holding.measure})"
        self.fields["amount"].initial = most
        self.fields["day"].initial = on

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["amount"] = self.amount_of("amount", self.holding.kind)
        return data


class ReceivePledgedForm(PartForm):
    stated = AmountField(label="Giá trị quy ra tiền (đồng)", required=False)
    content = forms.CharField(label="Nội dung", max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.holding.is_money:
            del self.fields["stated"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        data["stated"] = self.dong_of("stated") if "stated" in self.fields else None
        return data


class ProveForm(PartForm):
    text = forms.CharField(
        label="Đã dùng vào việc gì", max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    uploads = FilesField(
        label="Tài liệu chứng minh", help_text="Danh sách ký nhận, hóa đơn, ảnh. Cần ít nhất một tệp."
    )


class GiveBackForm(PartForm):
    reason = forms.CharField(label="Lý do", max_length=500)


class ApproveForm(SmallForm):
    day = DayField(label="Ngày phân bổ")

    def __init__(self, *args: Any, on: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = on


class CloseBooksForm(SmallForm):
    through = DayField(label="Khóa đến hết ngày")


class AllocationForm(MoneyForm):
    holding = forms.ChoiceField(label="Phân bổ gì")
    amount = AmountField(help_text="Tiền: 1.500.000. Hiện vật, ngày công: 12,5.")
    recipient_kind = forms.ChoiceField(
        label="Cho ai",
        choices=[one for one in RecipientKind.choices if one[0] != RecipientKind.CAMPAIGN],
    )
    recipient = forms.CharField(
        label="Nơi nhận (với hộ: xã của hộ)",
        max_length=300,
        help_text="Tên xã, thôn, cơ quan; không cần dấu.",
    )
    household_code = forms.CharField(
        label="Mã hộ", max_length=40, required=False, help_text="Chỉ khi cho hộ gia đình; như trong sổ hộ."
    )
    purpose = forms.CharField(label="Để làm gì", max_length=300)
    decision = forms.CharField(label="Căn cứ", max_length=200, required=False)
    due_on = DayField(label="Hạn chứng minh sử dụng", required=False)

    def __init__(self, *args: Any, holdings: list[Holding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.holdings = {str(one.pk): one for one in holdings}
        cast(forms.ChoiceField, self.fields["holding"]).choices = [
            (key, f"{one.name} ({one.measure})") for key, one in self.holdings.items()
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        holding = self.holdings.get(data.get("holding", ""))
        if holding is not None:
            data["holding"] = holding
            data["amount"] = self.amount_of("amount", holding.kind)
        if data.get("recipient_kind") == RecipientKind.HOUSEHOLD and not data.get("household_code"):
            self.add_error("household_code", "Chưa có mã hộ.")
        return data


class ReverseProofForm(SmallForm):
    proof = forms.ChoiceField(label="Chứng minh nào")
    reason = forms.CharField(label="Lý do", max_length=500)

    def __init__(self, *args: Any, proofs: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["proof"]).choices = proofs
