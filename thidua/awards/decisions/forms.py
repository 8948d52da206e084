"""Forms of decisions, payments, handing over, designs, revocations, the public look-up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django import forms

from thidua.awards.decisions import layout, revoking
from thidua.awards.decisions.layout import Align, Border, DesignKind, Field, Layout
from thidua.awards.models import AwardDecision, CertificateDesignKind, DecisionLine, Fund
from thidua.criteria import award_law

DAY = {"type": "date"}


class _Form(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for one in self.fields.values():
            if isinstance(one.widget, forms.CheckboxInput):
                one.widget.attrs.setdefault("class", "form-check-input")
            else:
                is_choice = isinstance(one, forms.ChoiceField)
                one.widget.attrs.setdefault("class", "form-select" if is_choice else "form-control")


class ListForm(_Form):
    """What goes with a new list besides the chosen candidates."""

    fund = forms.ChoiceField(label="Nguồn tiền thưởng", choices=Fund.choices, required=False)
    fund_note = forms.CharField(label="Ghi rõ nguồn", max_length=300, required=False)


class SubmissionForm(_Form):
    to_round = forms.TypedChoiceField(
        label="Trình vào đợt của cấp trên",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="Để trống nếu cấp trên không dùng chương trình này.",
    )
    to_body = forms.CharField(label="Kính gửi", max_length=300, required=False)

    def __init__(self, *args: Any, rounds: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to_round"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "Ngoài chương trình"), *rounds]


class DecisionForm(_Form):
    title = forms.CharField(label="Trích yếu", max_length=400)
    decider = forms.CharField(
        label="Người quyết định",
        max_length=300,
        help_text="In ở đầu quyết định và trên bằng, giấy khen, ví dụ: Chủ tịch Ủy ban nhân dân huyện.",
    )
    signer_title = forms.CharField(label="Chức vụ người ký", max_length=200)
    signer_name = forms.CharField(
        label="Họ tên người ký",
        max_length=150,
        required=False,
        help_text="Để trống thì lấy tên người ký văn bản.",
    )
    place = forms.CharField(label="Địa danh", max_length=120, required=False)
    fund = forms.ChoiceField(label="Nguồn tiền thưởng", choices=Fund.choices)
    fund_note = forms.CharField(label="Ghi rõ nguồn", max_length=300, required=False)

    @staticmethod
    def of(decision: AwardDecision) -> dict[str, Any]:
        return {name: getattr(decision, name) for name in DecisionForm.base_fields}


class LineForm(_Form):
    name = forms.CharField(label="Tên in trên quyết định và bằng", max_length=400)
    detail = forms.CharField(label="Chức vụ, đơn vị, địa chỉ", max_length=500, required=False)
    achievement = forms.CharField(
        label="Thành tích", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    @staticmethod
    def of(line: DecisionLine) -> dict[str, Any]:
        return {"name": line.name, "detail": line.detail, "achievement": line.achievement}


class PayForm(_Form):
    paid_on = forms.DateField(label="Ngày chi", widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    paid_to = forms.CharField(
        label="Người nhận",
        max_length=200,
        required=False,
        help_text="Để trống nếu mỗi khoản trả cho chính đối tượng.",
    )
    note = forms.CharField(label="Số chứng từ", max_length=300, required=False)


class HandOverForm(_Form):
    on = forms.DateField(label="Ngày trao", widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    received_by = forms.CharField(
        label="Người nhận thay",
        max_length=200,
        required=False,
        help_text="Để trống nếu chính đối tượng nhận.",
    )


class RevocationForm(_Form):
    ground = forms.ChoiceField(label="Căn cứ hủy bỏ")
    reason = forms.CharField(
        label="Kết luận, sự việc",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Số, ngày văn bản kết luận và nội dung sai phạm.",
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["ground"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", "Chọn căn cứ"),
            *((one, one[:1].upper() + one[1:]) for one in revoking.grounds(on).items),
        ]


class CorrectionForm(LineForm):
    reason = forms.CharField(
        label="Lý do đính chính", max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class NewDesignForm(_Form):
    unit = forms.TypedChoiceField(label="Cơ quan", coerce=int)
    form = forms.ChoiceField(label="Hình thức khen thưởng")
    kind = forms.ChoiceField(label="Cách in", choices=CertificateDesignKind.choices)
    size = forms.ChoiceField(
        label="Khổ giấy",
        choices=[
            ("a4", "A4 ngang (297 × 210 mm)"),
            ("a3", "A3 ngang (420 × 297 mm)"),
            ("mau", "Theo mẫu cũ của luật, nếu có"),
        ],
    )

    def __init__(self, *args: Any, units: list[tuple[int, str]], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("unit", units),
            ("form", [(one.code, one.name) for one in award_law.forms(on)]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


class FieldForm(_Form):
    """One field of a design, a row of the editor."""

    is_on = forms.BooleanField(label="In", required=False)
    text = forms.CharField(label="Chữ in", max_length=300, required=False)
    x = forms.FloatField(label="Từ mép trái (mm)")
    y = forms.FloatField(label="Từ mép trên (mm)")
    width = forms.FloatField(label="Rộng (mm)")
    height = forms.FloatField(label="Cao (mm)")
    size = forms.FloatField(label="Cỡ chữ")
    align = forms.ChoiceField(
        label="Căn",
        choices=[(Align.LEFT.value, "Trái"), (Align.CENTER.value, "Giữa"), (Align.RIGHT.value, "Phải")],
    )
    is_bold = forms.BooleanField(label="Đậm", required=False)
    is_italic = forms.BooleanField(label="Nghiêng", required=False)
    colour = forms.CharField(label="Màu", max_length=7, widget=forms.TextInput(attrs={"type": "color"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in self.fields.values():
            if isinstance(one, forms.FloatField):
                one.widget.attrs["step"] = "0.1"

    def field(self, before: Field) -> Field:
        given = dict(self.cleaned_data)
        given["align"] = Align(given["align"])
        for name in ("x", "y", "width", "height", "size"):
            given[name] = round(given[name], 1)
        return replace(before, **given)


class PageForm(_Form):
    """The page of a design: size, border, offset, pictures."""

    width = forms.FloatField(label="Giấy rộng (mm)")
    height = forms.FloatField(label="Giấy cao (mm)")
    border = forms.ChoiceField(
        label="Khung",
        choices=[
            (Border.MEANDER.value, "Khung hồi văn"),
            (Border.LINES.value, "Khung đường đôi"),
            (Border.NONE.value, "Không in khung"),
        ],
    )
    has_drum = forms.BooleanField(label="Hoa văn trống đồng chìm", required=False)
    has_emblem = forms.BooleanField(label="Biểu tượng trên cùng", required=False)
    offset_x = forms.FloatField(
        label="Dịch sang phải (mm)", help_text="Âm là sang trái. Đo trên trang căn chỉnh in chồng lên phôi."
    )
    offset_y = forms.FloatField(label="Dịch xuống (mm)", help_text="Âm là lên trên.")
    background = forms.FileField(
        label="Ảnh nền của cơ quan", required=False, help_text="PNG, JPEG kín trang; thay khung và hoa văn."
    )
    emblem = forms.FileField(label="Ảnh biểu tượng", required=False, help_text="PNG, JPEG; thay ngôi sao.")
    drop_pictures = forms.BooleanField(label="Bỏ ảnh đã đưa lên", required=False)

    @staticmethod
    def of(found: Layout) -> dict[str, Any]:
        return {
            name: getattr(found, name)
            for name in ("width", "height", "has_drum", "has_emblem", "offset_x", "offset_y")
        } | {"border": found.border.value}

    def layout(self, before: Layout, rows: list[Field]) -> Layout:
        given = self.cleaned_data
        return replace(
            before,
            width=round(given["width"], 1),
            height=round(given["height"], 1),
            border=Border(given["border"]) if before.kind is DesignKind.FULL else Border.NONE,
            has_drum=given["has_drum"] and before.kind is DesignKind.FULL,
            has_emblem=given["has_emblem"] and before.kind is DesignKind.FULL,
            offset_x=round(given["offset_x"], 1),
            offset_y=round(given["offset_y"], 1),
            fields=tuple(rows),
        )


class CheckForm(_Form):
    """The public look-up: a code, or number and name."""

    ma = forms.CharField(label="Mã kiểm tra", max_length=40, required=False)
    so = forms.CharField(label="Số quyết định", max_length=120, required=False)
    ten = forms.CharField(label="Tên người, tập thể được khen", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        code, number, name = (str(given.get(key, "")).strip() for key in ("ma", "so", "ten"))
        if not code and bool(number) != bool(name):
            missing, words = (
                ("ten", "Ghi cả họ tên như trên bằng") if number else ("so", "Ghi cả số quyết định")
            )
            self.add_error(missing, f"{words}: tìm theo số quyết định phải khớp cả hai.")
        return given


PLACEHOLDERS = layout.PLACEHOLDERS
