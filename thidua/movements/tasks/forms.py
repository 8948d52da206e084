"""The small forms beside a task, each for one act, and those of activities and extra tasks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile

from thidua.documents.file_store import EVIDENCE_KINDS
from thidua.movements.models import ActivityKind, Plan, Task
from thidua.movements.tasks.evidence import Upload
from thidua.movements.tasks.modality import MODALITIES

Choices = Sequence[tuple[str, str]]


class SmallForm(forms.Form):
    """Field labels without a colon, fields in the look of the kit; errors in plain words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for name, field in self.fields.items():
            widget = field.widget
            if isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
                widget.attrs.setdefault("class", "form-check-input")
            else:
                is_choice = isinstance(widget, forms.Select)
                widget.attrs.setdefault("class", "form-select" if is_choice else "form-control")
            field.error_messages["required"] = f"Chưa có {field.label.lower() if field.label else name}."
            field.error_messages["invalid"] = f"{field.label} chưa đúng. Xem lại rồi gửi lại."


class DayField(forms.DateField):
    """A day, picked on a phone or typed as 20/11/2023."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files of evidence, read into memory: each is at most as large as an upload may be."""

    def __init__(self, **kwargs: Any) -> None:
        accepted = ",".join(["image/*", *(f".{ending}" for ending in EVIDENCE_KINDS)])
        widget = _ManyFiles(attrs={"multiple": True, "accept": accepted})
        usual: dict[str, Any] = {
            "label": "Ảnh, tài liệu kèm theo",
            "help_text": "Chụp ảnh hoặc chọn tệp PDF, Word, Excel, ảnh, văn bản.",
        }
        super().__init__(widget=widget, **{**usual, "required": False, "allow_empty_file": True, **kwargs})

    def clean(self, data: Any, initial: Any = None) -> Any:
        files: list[UploadedFile[bytes]] = [one for one in data or [] if one]
        return [Upload(one.name or "", one.read()) for one in files]


def _text(label: str, *, rows: int = 3, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=4000, widget=forms.Textarea(attrs={"rows": rows}), **kwargs
    )


class NothingForm(SmallForm):
    """An act that asks nothing."""


class ReasonForm(SmallForm):
    reason = _text("Lý do")


class PoliteReasonForm(SmallForm):
    reason = _text("Lý do (không bắt buộc)", required=False)


class ProgressForm(SmallForm):
    percent = forms.IntegerField(
        label="Tiến độ (%)", min_value=0, max_value=100, required=False, help_text="Để trống nếu chưa rõ."
    )
    text = _text("Đã làm được gì")
    uploads = FilesField()

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["percent"].initial = task.percent
        self.fields["percent"].widget.attrs.update({"inputmode": "numeric", "step": "5"})


class DoneForm(SmallForm):
    text = _text("Kết quả", required=False, help_text="Có thể để trống nếu đã ghi ở phần tiến độ.")
    uploads = FilesField()
    despite_open_subtasks = forms.BooleanField(label="Vẫn báo hoàn thành dù còn nhiệm vụ con", required=False)

    def __init__(self, *args: Any, has_open_subtasks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_open_subtasks:
            del self.fields["despite_open_subtasks"]


class ExtensionForm(SmallForm):
    until = DayField(label="Hạn đề nghị")
    reason = _text("Lý do")


class AnswerForm(SmallForm):
    answer = _text("Trả lời (không bắt buộc)", rows=2, required=False)


class RemindForm(SmallForm):
    text = _text("Nội dung đôn đốc (không bắt buộc)", rows=2, required=False)
    again = forms.BooleanField(label="Vẫn đôn đốc lần nữa nếu hôm nay đã đôn đốc", required=False)


class SplitForm(SmallForm):
    unit_ids = forms.TypedMultipleChoiceField(
        label="Đơn vị nhận", coerce=int, widget=forms.CheckboxSelectMultiple
    )
    title = _text("Phần việc", rows=2)
    due_on = DayField(label="Hạn", required=False, help_text="Để trống thì theo hạn của nhiệm vụ này.")

    def __init__(self, *args: Any, units: Choices, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.TypedMultipleChoiceField, self.fields["unit_ids"]).choices = units
        self.fields["title"].initial = task.title
        self.has_nobody = not units


class ActivityForm(SmallForm):
    kind = forms.ChoiceField(label="Loại hoạt động", choices=ActivityKind.choices)
    title = forms.CharField(label="Nội dung", max_length=500)
    held_on = DayField(label="Ngày")
    place = forms.CharField(label="Địa điểm", max_length=300, required=False)
    people = forms.IntegerField(
        label="Số người tham gia",
        min_value=0,
        max_value=10_000_000,
        required=False,
        help_text="Chưa rõ thì để trống, không ghi 0.",
    )
    value_dong = forms.CharField(
        label="Giá trị (đồng)",
        max_length=30,
        required=False,
        help_text="Ví dụ 1.500.000. Chưa rõ thì để trống.",
    )
    uploads = FilesField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("people", "value_dong"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"

    def clean_value_dong(self) -> int | None:
        digits = "".join(self.cleaned_data["value_dong"].replace(".", "").split())
        if not digits:
            return None
        if not digits.isascii() or not digits.isdigit() or len(digits) > 18:
            raise forms.ValidationError("Giá trị phải là số đồng tròn, ví dụ 1.500.000.")
        return int(digits)


class UnitActivityForm(ActivityForm):
    """An activity of a plan that belongs to no task."""

    plan_id = forms.TypedChoiceField(label="Kế hoạch", coerce=int)
    unit_id = forms.TypedChoiceField(label="Đơn vị", coerce=int)
    field_order = ("plan_id", "unit_id")

    def __init__(self, *args: Any, plans: Iterable[Plan], units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.TypedChoiceField, self.fields["plan_id"]).choices = [
            (plan.pk, f"{plan.number} {plan.title}".strip()[:120]) for plan in plans
        ]
        cast(forms.TypedChoiceField, self.fields["unit_id"]).choices = units


class ExtraTaskForm(SmallForm):
    """A task outside the text of a plan, for units below its owner or others by name."""

    title = _text("Nội dung nhiệm vụ")
    modality = forms.ChoiceField(
        label="Cách giao",
        choices=[(key, one.label) for key, one in MODALITIES.items() if key != "self_assigned"],
    )
    due_on = DayField(label="Hạn (ngày cuối còn đúng hạn)", required=False)
    unit_ids = forms.TypedMultipleChoiceField(
        label="Đơn vị nhận", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    names = _text(
        "Đơn vị khác, mỗi dòng một tên",
        rows=2,
        required=False,
        help_text="Ví dụ: Phòng Nội vụ; các xã.",
    )

    def __init__(self, *args: Any, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.TypedMultipleChoiceField, self.fields["unit_ids"]).choices = units
