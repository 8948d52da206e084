"""Forms of the register: one award by hand, revocation, correction, whose it is, coverage."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from thidua.awards.forms import NOTHING, DayField, PlainForm
from thidua.awards.models import AwardSubjectType, RegisteredAward, Sex
from thidua.awards.register.lists import form_choices, type_choices

YES_NO = [("", "Chưa rõ"), ("co", "Có"), ("khong", "Không")]


class AwardForm(PlainForm):
    """What a decision says about one subject, typed in. Day or year must be known, the rest may not."""

    keeper = forms.TypedChoiceField(label="Sổ của cơ quan", coerce=int)
    subject_type = forms.ChoiceField(label="Loại đối tượng", choices=AwardSubjectType.choices)
    subject_name = forms.CharField(label="Tên ghi trong quyết định", max_length=400)
    unit_text = forms.CharField(
        label="Đơn vị của người, hộ",
        max_length=400,
        required=False,
        help_text="Viết như trong quyết định. Đối tượng là đơn vị thì bỏ trống.",
    )
    sex = forms.ChoiceField(label="Giới tính", choices=[("", "Chưa rõ"), *Sex.choices], required=False)
    is_direct_worker = forms.ChoiceField(label="Người trực tiếp", choices=YES_NO, required=False)
    form = forms.ChoiceField(label="Hình thức")
    commendation_type = forms.ChoiceField(label="Loại hình khen thưởng", required=False)
    decision_number = forms.CharField(label="Số quyết định", max_length=120, required=False)
    decided_on = DayField(label="Ngày quyết định", required=False)
    decided_year = forms.IntegerField(
        label="Năm quyết định",
        min_value=1945,
        max_value=2200,
        required=False,
        help_text="Chỉ ghi khi không rõ ngày.",
    )
    issuer_name = forms.CharField(label="Cơ quan quyết định", max_length=300)
    signer = forms.CharField(label="Người ký", max_length=200, required=False)
    since = DayField(label="Thành tích từ ngày", required=False)
    last_day = DayField(label="Thành tích đến hết ngày", required=False)
    achievement = forms.CharField(
        label="Thành tích", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    bonus = forms.IntegerField(label="Tiền thưởng (đồng)", min_value=0, required=False)
    golden_book_number = forms.CharField(label="Số vào sổ vàng", max_length=40, required=False)

    def __init__(self, *args: Any, keepers: dict[int, str], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices("keeper", list(keepers.items()))
        self._choices("form", [*NOTHING, *form_choices(on)])
        self._choices("commendation_type", [("", "Chưa rõ"), *type_choices(on)])

    def _choices(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("decided_on"):
            found["decided_year"] = found["decided_on"].year
        elif not found.get("decided_year") and "decided_on" not in self.errors:
            self.add_error("decided_on", "Ghi ngày quyết định; không rõ ngày thì ghi năm.")
        return found

    def values(self) -> dict[str, Any]:
        """Fields of `NewAward`, without keeper, issuer and subject, which are looked up."""
        given = dict(self.cleaned_data)
        del given["keeper"]
        last = given.pop("last_day")
        return given | {
            "is_direct_worker": {"co": True, "khong": False}.get(given["is_direct_worker"]),
            "unit_name": given.pop("unit_text"),
            "until": last + timedelta(days=1) if last else None,
        }


def initial_of(award: RegisteredAward) -> dict[str, Any]:
    """A row as the form shows it, to be corrected."""
    direct = {True: "co", False: "khong", None: ""}[award.is_direct_worker]
    names = (
        *("subject_type", "subject_name", "sex", "form", "commendation_type", "decision_number"),
        *("decided_on", "decided_year", "issuer_name", "signer", "since", "achievement", "bonus"),
        "golden_book_number",
    )
    return {name: getattr(award, name) for name in names} | {
        "keeper": award.keeper_id,
        "unit_text": award.unit_name,
        "is_direct_worker": direct,
        "last_day": award.until - timedelta(days=1) if award.until else None,
    }


class RevokeForm(PlainForm):
    revoked_on = DayField(label="Ngày hủy bỏ")
    by = forms.CharField(label="Văn bản hủy bỏ", max_length=300, help_text="Số, ngày, cơ quan ban hành.")
    reason = forms.CharField(label="Lý do", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class CorrectForm(AwardForm):
    by = forms.CharField(
        label="Văn bản đính chính",
        max_length=300,
        required=False,
        help_text="Bỏ trống khi chỉ sổ ghi sai, quyết định đúng.",
    )
    reason = forms.CharField(label="Lý do", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def values(self) -> dict[str, Any]:
        found = super().values()
        del found["by"], found["reason"]
        return found


class CoverageForm(PlainForm):
    unit = forms.TypedChoiceField(label="Đơn vị", coerce=int)
    ground = forms.CharField(
        label="Căn cứ", max_length=500, help_text="Đã rà những gì: sổ cũ, quyết định lưu trữ từ năm nào."
    )
    discipline_since = DayField(
        label="Kỷ luật ghi đủ từ ngày",
        required=False,
        help_text="Từ ngày này mọi trường hợp kỷ luật đã ghi ở «Tạm dừng xét». Chưa rà thì để trống: khi đó "
        "«không bị kỷ luật» là chưa rõ.",
    )

    def __init__(self, *args: Any, units: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(units.items())
