"""Forms of figures: correcting one, choosing between several, what a set is entered for, an Excel file."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from thidua.indicators.entry_sheets import Measured, figure_of
from thidua.indicators.models import Indicator, IndicatorKind, Stage


def measured(indicator: Indicator) -> Measured:
    """An indicator as sheets and fields know it."""
    return Measured(
        indicator.code,
        indicator.name,
        indicator.measure,
        indicator.decimals,
        indicator.lowest,
        indicator.highest,
        is_yes_no=indicator.kind == IndicatorKind.YES_NO,
    )


class PlainForm(forms.Form):
    """Fields with the classes of the pages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for field in self.fields.values():
            is_choice = isinstance(field, forms.ChoiceField)
            if not isinstance(field, forms.BooleanField):
                field.widget.attrs.setdefault("class", "form-select" if is_choice else "form-control")


class CorrectionForm(PlainForm):
    so_moi = forms.CharField(
        label="Số đúng",
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": "Chưa ghi số đúng. Ghi số, hoặc «không» nếu không phát sinh."},
    )
    ly_do = forms.CharField(
        label="Vì sao sửa",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Chưa ghi lý do. Ghi vì sao số cũ sai, theo văn bản nào."},
    )

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        #: None when nothing arose.
        self.amount: Decimal | None = None

    def clean_so_moi(self) -> str:
        text: str = self.cleaned_data["so_moi"]
        try:
            self.amount = figure_of(text, measured(self.indicator))
        except ValueError as wrong:
            what, cure = wrong.args
            raise forms.ValidationError(f"{what.capitalize()}. {cure}.") from None
        return text


class ChoiceForm(PlainForm):
    ly_do = forms.CharField(label="Lý do chọn", max_length=500)


class SetForm(PlainForm):
    """Which set, period and standard figures are entered for; the address carries the answers."""

    bo = forms.ChoiceField(label="Bộ chỉ tiêu")
    nam = forms.TypedChoiceField(label="Năm", coerce=int)

    def __init__(self, *args: Any, sets: list[tuple[str, str]], years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("bo", sets), ("nam", [(str(year), str(year)) for year in years])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


class StageForm(PlainForm):
    """What all figures of one form share."""

    muc_do = forms.ChoiceField(label="Mức độ của số liệu", choices=Stage.choices, initial=Stage.PRELIMINARY)
    ghi_chu = forms.CharField(label="Ghi chú", max_length=500, required=False)
    ly_do = forms.CharField(
        label="Lý do giữ số",
        max_length=500,
        required=False,
        help_text="Chỉ cần khi số bị cảnh báo mà vẫn đúng.",
    )


class FileForm(PlainForm):
    tep = forms.FileField(
        label="Tệp số liệu",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.json"}),
        error_messages={"required": "Chưa chọn tệp. Chọn một tệp .xlsx, .csv hoặc .json rồi gửi lại."},
        help_text="Tệp Excel mẫu đã điền; CSV mỗi số một dòng; hoặc JSON dataValueSets của DHIS2.",
    )
