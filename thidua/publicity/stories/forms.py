"""Forms of stories, for officers and for visitors."""

from __future__ import annotations

from typing import Any

from django import forms

from thidua.indicators.models import Indicator
from thidua.movements.models import Movement
from thidua.organisations.models import Unit
from thidua.publicity.models import StoryColumn, StoryKind

NO_CHOICE = [("", "– không –")]


class _Form(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for field in self.fields.values():
            is_choice = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
            field.widget.attrs.setdefault("class", "form-select" if is_choice else "form-control")


class StoryForm(_Form):
    kind = forms.ChoiceField(label="Loại", choices=StoryKind.choices)
    subject = forms.CharField(
        label="Về ai, đơn vị nào",
        max_length=300,
        help_text="Chỉ nêu tên khi người hoặc đơn vị đó đồng ý; không nêu hoàn cảnh nghèo, bệnh tật của hộ.",
    )
    title = forms.CharField(label="Tiêu đề", max_length=200)
    lead = forms.CharField(
        label="Tóm tắt",
        max_length=400,
        help_text="Một hai câu, hiện ở danh sách và khi chia sẻ đường dẫn.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    text = forms.CharField(
        label="Nội dung",
        max_length=20_000,
        help_text="Cách một dòng trống để sang đoạn mới. Kể việc đã làm, kết quả, ai làm theo được.",
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    column = forms.ModelChoiceField(
        label="Chuyên mục", queryset=StoryColumn.objects.none(), required=False, empty_label="– không –"
    )
    movement = forms.ModelChoiceField(
        label="Thuộc phong trào", queryset=Movement.objects.none(), required=False, empty_label="– không –"
    )
    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, columns: Any, movements: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["column"].queryset = columns  # type: ignore[attr-defined]
        self.fields["movement"].queryset = movements  # type: ignore[attr-defined]


class NewStoryForm(StoryForm):
    unit = forms.ChoiceField(label="Viết cho đơn vị")
    publisher = forms.ChoiceField(
        label="Cơ quan duyệt và đăng", help_text="Đơn vị mình, hoặc cơ quan cấp trên."
    )

    def __init__(
        self, *args: Any, units: list[tuple[int, str]], publishers: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        self.fields["publisher"].choices = publishers  # type: ignore[attr-defined]
        self.order_fields(["unit", "publisher"])


class ConsentForm(_Form):
    giver = forms.CharField(label="Ai đồng ý", max_length=200)
    given_on = forms.DateField(
        label="Ngày", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    how = forms.CharField(
        label="Đồng ý bằng cách nào",
        max_length=300,
        required=False,
        help_text="Khi không có giấy: gặp trực tiếp, gọi điện, ai hỏi.",
    )
    file = forms.FileField(label="Giấy đồng ý (nếu có)", required=False)


class PictureForm(_Form):
    file = forms.FileField(label="Ảnh (JPEG, PNG, WebP)", widget=forms.FileInput(attrs={"accept": "image/*"}))
    alternative = forms.CharField(
        label="Mô tả cho người không nhìn thấy ảnh",
        max_length=300,
        help_text="Trong ảnh có ai, đang làm gì, ở đâu.",
    )
    caption = forms.CharField(label="Chú thích dưới ảnh", max_length=300, required=False)


class CopyingForm(_Form):
    unit = forms.CharField(
        label="Đơn vị làm theo", max_length=120, help_text="Mã hoặc tên đầy đủ của đơn vị."
    )
    since = forms.DateField(
        label="Làm từ ngày", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    result = forms.CharField(label="Kết quả", max_length=500, required=False)
    indicator = forms.ModelChoiceField(
        label="Đo bằng chỉ tiêu",
        queryset=Indicator.objects.order_by("name_order"),
        required=False,
        empty_label="– không –",
    )
    before = forms.DecimalField(label="Trước", max_digits=18, decimal_places=4, required=False)
    after = forms.DecimalField(label="Sau", max_digits=18, decimal_places=4, required=False)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not found.get("indicator") and (found.get("before") is not None or found.get("after") is not None):
            self.add_error("indicator", "Ghi số trước, sau thì phải chọn chỉ tiêu mà số đó đo.")
        return found


class ColumnForm(_Form):
    name = forms.CharField(label="Tên chuyên mục", max_length=120)


class ProposalForm(_Form):
    """For everybody; `trang_web` is a trap: people do not see it, machines fill it."""

    unit = forms.ModelChoiceField(label="Gửi cơ quan", queryset=Unit.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label="Loại", choices=StoryKind.choices)
    subject = forms.CharField(label="Về ai, ở đâu", max_length=300)
    text = forms.CharField(
        label="Đã làm được gì",
        max_length=4000,
        help_text="Việc đã làm, kết quả. Không ghi số giấy tờ, địa chỉ nhà, hoàn cảnh riêng của người khác.",
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    author = forms.CharField(label="Tên bạn (không bắt buộc)", max_length=200, required=False)
    contact = forms.CharField(
        label="Điện thoại hoặc thư điện tử (không bắt buộc)",
        max_length=200,
        required=False,
        help_text="Chỉ cơ quan nhận thấy, để hỏi thêm.",
    )
    trang_web = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(units)
        field = self.fields["unit"]
        field.queryset = Unit.objects.filter(pk__in=labels)  # type: ignore[attr-defined]
        field.label_from_instance = lambda unit: labels.get(unit.pk, "")  # type: ignore[attr-defined]

    @property
    def is_from_a_machine(self) -> bool:
        return bool(self.data.get("trang_web"))
