"""Forms of the room: choosing whom to post, answering, and what a citizen fills in."""

from __future__ import annotations

from typing import Any

from django import forms

from thidua.awards.forms import PlainForm
from thidua.awards.models import Conclusion, Opinion, OpinionKind
from thidua.awards.opinions.answering import Consequence

CONSEQUENCES = (
    (Consequence.HOLD.value, "Tạm dừng xét khen thưởng"),
    (Consequence.RETURN.value, "Trả lại hồ sơ cho nơi đề nghị"),
    (Consequence.NOTHING.value, "Không phải xử lý đề nghị"),
)


class PostingForm(PlainForm):
    """Whom to post, and where."""

    candidates = forms.MultipleChoiceField(
        label="Đưa vào danh sách", widget=forms.CheckboxSelectMultiple, required=True
    )
    where = forms.CharField(label="Công khai ở đâu", max_length=300, initial="Cổng thông tin điện tử")
    takes_anonymous = forms.BooleanField(label="Nhận cả ý kiến không ghi tên", required=False, initial=True)

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["candidates"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = offered
        field.widget.attrs["class"] = "form-check-input"
        field.initial = [value for value, _ in offered]


class AnswerForm(PlainForm):
    """Conclusion, what follows, reason."""

    conclusion = forms.ChoiceField(label="Kết luận")
    consequence = forms.ChoiceField(
        label="Xử lý đề nghị, khi có cơ sở", choices=[("", "– chọn –"), *CONSEQUENCES], required=False
    )
    text = forms.CharField(
        label="Lý do, căn cứ",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Người gửi ý kiến đọc được bằng mã phiếu. Không ghi thông tin riêng của người khác.",
    )

    def __init__(self, *args: Any, opinion: Opinion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [
            (value, label)
            for value, label in Conclusion.choices
            if not (opinion.is_against and value == Conclusion.NOTED)
        ]
        field = self.fields["conclusion"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "– chọn –"), *offered]
        if not opinion.is_against:
            del self.fields["consequence"]


class OpinionForm(PlainForm):
    """What a citizen fills in. `web` is a trap for machines: people do not see it."""

    kind = forms.ChoiceField(label="Ý kiến của bạn", choices=OpinionKind.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label="Nội dung, lý do",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Cần ghi khi không đồng tình, góp ý hay khiếu nại: việc gì, ở đâu, khi nào, ai biết.",
    )
    author = forms.CharField(label="Họ và tên", max_length=200, required=False)
    contact = forms.CharField(
        label="Số điện thoại, thư điện tử hoặc địa chỉ",
        max_length=200,
        required=False,
        help_text="Chỉ cơ quan thường trực của đợt xét đọc được, để hỏi lại khi cần. Không công khai.",
    )
    web = forms.CharField(label="Để trống ô này", max_length=200, required=False)

    def __init__(self, *args: Any, takes_anonymous: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].widget.attrs["class"] = "form-check-input"
        self.fields["web"].widget.attrs |= {"tabindex": "-1", "autocomplete": "off"}
        self.fields["author"].required = not takes_anonymous
