"""The forms of classes and guidance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from thidua.movements.tasks.forms import DayField, FilesField, SmallForm
from thidua.oversight.difficulties.forms import long_text
from thidua.oversight.trainings.classes import Planned

Choices = Sequence[tuple[str, str]]


class _OfUnit(SmallForm):
    """What a body of this person makes, for a plan or for none."""

    unit_id = forms.TypedChoiceField(label="Đơn vị", coerce=int)
    plan_id = forms.TypedChoiceField(label="Kế hoạch", coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, units: Choices, plans: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.TypedChoiceField, self.fields["unit_id"]).choices = units
        cast(forms.TypedChoiceField, self.fields["plan_id"]).choices = [
            ("", "Không gắn với kế hoạch nào"),
            *plans,
        ]


class TrainingForm(_OfUnit):
    title = forms.CharField(label="Tên lớp", max_length=300)
    content = long_text("Nội dung", rows=3, required=False)
    first_on = DayField(label="Từ ngày")
    last_on = DayField(label="Đến hết ngày")
    place = forms.CharField(label="Địa điểm", max_length=300, required=False)
    invited = forms.TypedMultipleChoiceField(
        label="Mời đơn vị", coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, invitable: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.TypedMultipleChoiceField, self.fields["invited"]).choices = invitable

    def planned(self) -> Planned:
        names = ("title", "content", "first_on", "last_on", "place")
        return Planned(**{name: self.cleaned_data[name] for name in names})


class GuidanceForm(_OfUnit):
    title = forms.CharField(label="Tên hướng dẫn", max_length=500)
    number = forms.CharField(label="Số, ký hiệu (nếu có)", max_length=100, required=False)
    text = long_text("Nội dung", rows=6, required=False)
    uploads = FilesField()


class PersonForm(SmallForm):
    unit_id = forms.TypedChoiceField(label="Đơn vị", coerce=int)
    name = forms.CharField(label="Họ tên", max_length=200)
    post = forms.CharField(label="Chức vụ", max_length=200, required=False)

    def __init__(self, *args: Any, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.TypedChoiceField, self.fields["unit_id"]).choices = units


class ReasonForm(SmallForm):
    reason = long_text("Lý do hủy", rows=2)
