"""The forms of inspections: planning one, choosing units, filling in an item, and one for each act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from django import forms

from thidua.movements.tasks.forms import DayField, FilesField, SmallForm
from thidua.oversight import terms
from thidua.oversight.difficulties.forms import long_text
from thidua.oversight.inspections.planning import Planned
from thidua.oversight.inspections.sampling import SEED_LENGTH
from thidua.oversight.models import Finding, Found, Inspection, SelectionHow, Visit

Choices = Sequence[tuple[str, str]]


class PlanForm(SmallForm):
    title = forms.CharField(label="Tên cuộc kiểm tra", max_length=300)
    content = long_text("Nội dung kiểm tra", rows=3, required=False)
    year = forms.IntegerField(label="Thuộc kế hoạch kiểm tra năm", min_value=2000, max_value=2100)
    since = DayField(label="Thời kỳ kiểm tra, từ ngày")
    until = DayField(label="Thời kỳ kiểm tra, đến hết ngày")
    first_on = DayField(label="Làm việc tại đơn vị từ ngày")
    last_on = DayField(label="Làm việc đến hết ngày")

    def planned(self) -> Planned:
        """The answers; the last day of the period becomes the first no longer in it."""
        found = dict(self.cleaned_data)
        found["until"] += timedelta(days=1)
        return Planned(**found)


class ChooseForm(SmallForm):
    how = forms.ChoiceField(
        label="Cách chọn", choices=[(one.value, one.label) for one in SelectionHow if one.value]
    )
    size = forms.IntegerField(
        label="Số đơn vị", min_value=1, max_value=5000, required=False, help_text="Không cần khi chọn tất cả."
    )
    seed = forms.CharField(
        label="Mã ngẫu nhiên",
        max_length=SEED_LENGTH,
        required=False,
        help_text="Để trống thì chương trình đặt. Cùng mã, cùng danh sách thì ra đúng các đơn vị đó.",
    )
    only_places = forms.BooleanField(label="Chỉ chọn xã, phường, địa bàn (bỏ phòng, ban)", required=False)


class MemberForm(SmallForm):
    name = forms.CharField(label="Họ tên", max_length=200)
    post = forms.CharField(label="Chức vụ, cơ quan", max_length=300, required=False)
    unit_id = forms.TypedChoiceField(
        label="Người của đơn vị",
        coerce=int,
        required=False,
        empty_value=None,
        help_text="Người của đơn vị này cùng ghi kết quả được.",
    )
    is_head = forms.BooleanField(label="Là trưởng đoàn", required=False)

    def __init__(self, *args: Any, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.TypedChoiceField, self.fields["unit_id"]).choices = [("", "Không ghi"), *units]


class QuestionForm(SmallForm):
    text = long_text("Câu hỏi", rows=2)


class ConcludeForm(SmallForm):
    text = long_text("Kết luận chung", rows=5)


class BeginForm(SmallForm):
    held_on = DayField(label="Ngày làm việc")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_on"].initial = today


class DescribeForm(SmallForm):
    present = long_text("Người làm việc với đoàn, mỗi dòng một người", rows=2, required=False)
    summary = long_text("Nhận xét chung", rows=3, required=False)

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["present"].initial, self.fields["summary"].initial = visit.present, visit.summary


class NoteForm(SmallForm):
    note = long_text("Nội dung", rows=2)


class FindingForm(SmallForm):
    """One item at a unit, for a thumb: three large answers, a few words, photos."""

    outcome = forms.ChoiceField(
        label="Kết quả",
        choices=Found.choices,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    text = long_text("Ghi nhận", rows=4, required=False)
    uploads = FilesField(label="Ảnh, tài liệu")

    def __init__(self, *args: Any, finding: Finding | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uploads"].widget.attrs["capture"] = "environment"
        if finding is not None:
            self.fields["outcome"].initial, self.fields["text"].initial = finding.outcome, finding.text


class RecheckForm(SmallForm):
    found = forms.CharField(label="Số kiểm tra thấy", max_length=30)
    note = forms.CharField(label="Cách kiểm tra", max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["found"].widget.attrs["inputmode"] = "decimal"

    def clean_found(self) -> Decimal:
        """ "1.234,5" as Vietnamese write it."""
        typed = "".join(self.cleaned_data["found"].split()).replace(".", "").replace(",", ".")
        try:
            found = Decimal(typed)
        except InvalidOperation:
            raise forms.ValidationError("Ghi một số, ví dụ 1.234 hoặc 41,6.") from None
        if not found.is_finite() or abs(found) >= Decimal(10) ** 15:
            raise forms.ValidationError("Số này quá lớn.")
        return found


class RemedyForm(SmallForm):
    text = long_text("Phải khắc phục gì", rows=2)
    due_on = DayField(label="Hạn")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].initial = terms.remedy_due(today)


class RemedyReportForm(SmallForm):
    text = long_text("Đã khắc phục thế nào")
    uploads = FilesField(help_text="Cần ít nhất một ảnh hoặc tài liệu chứng minh.")


def initial_days(inspection: Inspection) -> dict[str, Any]:
    return {
        "title": inspection.title,
        "content": inspection.content,
        "year": inspection.year,
        "since": inspection.since,
        "until": inspection.until - timedelta(days=1),
        "first_on": inspection.first_on,
        "last_on": inspection.last_on,
    }
