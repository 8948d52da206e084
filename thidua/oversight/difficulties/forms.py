"""The forms of difficulties: raising one, and one for each act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms

from thidua.movements.tasks.forms import FilesField, SmallForm
from thidua.oversight.models import Difficulty

Choices = Sequence[tuple[str, str]]


def long_text(label: str, *, rows: int = 4, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=8000, widget=forms.Textarea(attrs={"rows": rows}), **kwargs
    )


class RaiseForm(SmallForm):
    unit_id = forms.TypedChoiceField(label="Đơn vị nêu", coerce=int)
    plan_id = forms.TypedChoiceField(
        label="Kế hoạch", coerce=int, required=False, empty_value=None, help_text="Không rõ thì để trống."
    )
    title = forms.CharField(label="Vướng mắc, trong một câu", max_length=300)
    text = long_text(
        "Nội dung",
        help_text="Vướng ở đâu, từ khi nào, đã làm gì. Không ghi tên, số giấy tờ của người dân.",
    )
    wish = long_text("Đề xuất cách giải quyết (không bắt buộc)", rows=2, required=False)
    uploads = FilesField()

    def __init__(self, *args: Any, units: Choices, plans: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.TypedChoiceField, self.fields["unit_id"]).choices = units
        cast(forms.TypedChoiceField, self.fields["plan_id"]).choices = [
            ("", "Không gắn với kế hoạch nào"),
            *plans,
        ]
        if len(units) == 1:
            self.fields["unit_id"].widget = forms.HiddenInput()
            self.fields["unit_id"].initial = units[0][0]


class ForwardForm(SmallForm):
    receiver_id = forms.TypedChoiceField(label="Chuyển đến", coerce=int)
    reason = long_text("Lý do chuyển", rows=2)

    def __init__(self, *args: Any, receivers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.TypedChoiceField, self.fields["receiver_id"]).choices = receivers


class AnswerForm(SmallForm):
    text = long_text("Trả lời")


class GuidanceForm(SmallForm):
    title = forms.CharField(label="Tên hướng dẫn", max_length=500)
    number = forms.CharField(label="Số, ký hiệu (nếu có)", max_length=100, required=False)
    text = long_text("Nội dung hướng dẫn", help_text="Cũng là lời trả lời cho đơn vị đã nêu.")


class AmendForm(SmallForm):
    note = long_text("Sửa gì trong kế hoạch, vì sao", rows=2)


class PublishForm(SmallForm):
    question = long_text("Câu hỏi để công khai", rows=2)
    answer = long_text(
        "Trả lời để công khai", help_text="Mọi người đọc được. Bỏ tên người, tên hộ, số liệu của từng hộ."
    )

    def __init__(self, *args: Any, difficulty: Difficulty, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question"].initial = difficulty.public_question or difficulty.title
        self.fields["answer"].initial = difficulty.public_answer or difficulty.answer
