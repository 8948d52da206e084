"""Forms about people and mandates. Units go by their names; a last day still belongs to the range."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError

from thidua.accounts.models import User
from thidua.core.text import fold
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import FOREVER, Mandate, Role, Unit, UnitVersion

#: More would make a slow page; who administers more types the name.
MOST_SUGGESTIONS = 400


class PlainForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for field in self.fields.values():
            if isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs["class"] = "form-check-input"
            else:
                is_choice = isinstance(field, forms.ChoiceField)
                field.widget.attrs["class"] = "form-select" if is_choice else "form-control"


class DayField(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)


class UnitField(forms.CharField):
    """A unit of those that the person administers, by its full name without regard to accents and case."""

    acting: Acting

    def clean(self, value: Any) -> Any:
        typed = fold(super().clean(value))
        found = [row for row in units_of(self.acting) if fold(row[1]) == typed]
        if len(found) == 1:
            return Unit.objects.get(pk=found[0][0])
        if found:
            raise ValidationError("Có nhiều đơn vị cùng tên này. Chọn ở đơn vị cấp trên của nó, hoặc ghi mã.")
        near = [label for _, label in units_of(self.acting) if typed in fold(label)][:5]
        hint = f" Có phải: {'; '.join(near)}?" if near else " Ghi đúng tên đầy đủ, ví dụ «xã Huổi Luông»."
        raise ValidationError(f"Không thấy đơn vị này trong phạm vi bạn quản trị.{hint}")


def units_of(acting: Acting) -> list[tuple[int, str]]:
    """Keys and names of the units that the person administers, in the order of the tree; two queries."""
    mine = acting.unit_ids([Role.ADMINISTRATOR])
    rows = UnitVersion.objects.filter(
        tree.valid_on(acting.on), unit_id__in=tree.ids_at_or_below(mine, on=acting.on)
    )
    return list(rows.order_by("label_order").values_list("unit_id", "label"))


class MandateForm(PlainForm):
    """A unit, a role, days, and why."""

    don_vi = UnitField(label="Đơn vị", max_length=370, help_text="Gõ vài chữ rồi chọn trong gợi ý.")
    vai_tro = forms.ChoiceField(label="Vai trò", choices=Role.choices)
    tu_ngay = DayField(label="Từ ngày")
    het_ngay = DayField(label="Đến hết ngày", required=False, help_text="Bỏ trống: không thời hạn.")
    ly_do = forms.CharField(
        label="Lý do, căn cứ", max_length=500, required=False, help_text="Ví dụ số quyết định phân công."
    )

    def __init__(self, *args: Any, acting: Acting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit_field = self.fields["don_vi"]
        assert isinstance(unit_field, UnitField)
        unit_field.acting = acting
        unit_field.widget.attrs |= {"list": "cac-don-vi", "autocomplete": "off"}
        self.fields["tu_ngay"].initial = acting.on
        self.suggestions = [label for _, label in units_of(acting)[:MOST_SUGGESTIONS]]

    def mandate(self) -> dict[str, Any]:
        """What was answered, as arguments of `mandates.give`."""
        answers = self.cleaned_data
        return {
            "unit": answers["don_vi"],
            "role": Role(answers["vai_tro"]),
            "since": answers["tu_ngay"],
            "until": day_after(answers["het_ngay"]),
            "reason": answers["ly_do"],
        }


class PersonForm(MandateForm):
    """A new person with the first mandate."""

    ten_dang_nhap = forms.CharField(
        label="Tên đăng nhập",
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text="Chữ không dấu, số và dấu . - _",
    )
    ho_ten = forms.CharField(label="Họ và tên", max_length=150)
    thu = forms.EmailField(
        label="Thư điện tử", required=False, help_text="Để người này tự đặt lại mật khẩu khi quên."
    )
    chuc_vu = forms.CharField(label="Chức vụ", max_length=150, required=False)
    dien_thoai = forms.CharField(label="Điện thoại", max_length=30, required=False)

    field_order = ("ho_ten", "ten_dang_nhap", "chuc_vu", "thu", "dien_thoai")

    def person(self) -> dict[str, Any]:
        answers = self.cleaned_data
        return {
            "username": answers["ten_dang_nhap"],
            "full_name": answers["ho_ten"],
            "email": answers["thu"],
            "position": answers["chuc_vu"],
            "phone": answers["dien_thoai"],
        }


class ReasonForm(PlainForm):
    """Why; and, asked again after a warning, that it is wanted all the same."""

    ly_do = forms.CharField(label="Lý do", max_length=500)
    van_lam = forms.BooleanField(label="Tôi biết và vẫn muốn làm", required=False)


class EndForm(ReasonForm):
    het_ngay = DayField(label="Đến hết ngày", required=False, help_text="Bỏ trống: không thời hạn.")
    field_order = ("het_ngay",)


class ColleagueField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when running
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} – {obj.position or obj.username}"


class DelegationForm(PlainForm):
    """To whom, for which days, why."""

    nguoi = ColleagueField(label="Người được ủy quyền", queryset=User.objects.none())
    tu_ngay = DayField(label="Từ ngày")
    het_ngay = DayField(label="Đến hết ngày")
    ly_do = forms.CharField(label="Lý do", max_length=500, help_text="Ví dụ: nghỉ phép, đi công tác.")

    def __init__(self, *args: Any, colleagues: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["nguoi"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = colleagues
        field.empty_label = "Chọn một người"
        self.fields["tu_ngay"].initial = on

    def days(self) -> dict[str, date]:
        return {"since": self.cleaned_data["tu_ngay"], "until": day_after(self.cleaned_data["het_ngay"])}


def day_after(last: date | None) -> date:
    """The half-open end for the last day that was typed."""
    return FOREVER if last is None or last >= FOREVER else last + timedelta(days=1)


def last_day_of(mandate: Mandate) -> date | None:
    return None if mandate.until == FOREVER else mandate.until - timedelta(days=1)
