"""Forms of the pages of reports: a round's days, an item of a form, returning, unlocking."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms

from thidua.core.clock import VIETNAM
from thidua.documents.file_store import EVIDENCE_KINDS
from thidua.indicators.models import Indicator, Standard
from thidua.movements.models import Plan
from thidua.organisations import tree
from thidua.organisations.models import UnitKind
from thidua.reports import asked, rounds
from thidua.reports.form_making import Written
from thidua.reports.models import FormItem, FormSection, Lift, ReportForm, Round, RoundKind


class PlainForm(forms.Form):
    """Labels without a colon, fields in the look of the kit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for field in self.fields.values():
            widget = field.widget
            if isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
                widget.attrs.setdefault("class", "form-check-input")
            else:
                is_choice = isinstance(widget, forms.Select)
                widget.attrs.setdefault("class", "form-select" if is_choice else "form-control")
            if field.label:
                field.error_messages["required"] = f"Chưa có {str(field.label).lower()}."


class DayField(forms.DateField):
    """A day, picked on a phone or typed as 20/11/2023."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)
        self.error_messages["invalid"] = "Ngày chưa đúng. Viết như 20/11/2023."


def _area(label: str, *, rows: int = 3, required: bool = True, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=4000,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
        **kwargs,
    )


# --- rounds ---------------------------------------------------------------------------------------------


class RoundForm(PlainForm):
    """Days and units of a round; of one that is open only the days and the title."""

    kind = forms.ChoiceField(label="Loại báo cáo", choices=RoundKind.choices)
    title = forms.CharField(
        label="Tên đợt", max_length=300, required=False, help_text="Để trống thì chương trình tự đặt."
    )
    since = DayField(label="Kỳ báo cáo từ ngày")
    last_day = DayField(label="Kỳ báo cáo đến hết ngày")
    opens_on = DayField(label="Mở từ ngày", help_text="Đến ngày này chương trình giao cho các đơn vị.")
    units_due_on = DayField(
        label="Hạn của đơn vị, đến hết ngày", help_text="«Trước ngày 10/11» là hết ngày 9/11."
    )
    merged_due_on = DayField(
        label="Hạn của báo cáo tổng hợp, đến hết ngày",
        required=False,
        help_text="Để trống nếu không phải tổng hợp gửi cấp trên.",
    )
    units = forms.MultipleChoiceField(
        label="Đơn vị phải báo cáo",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Không chọn đơn vị nào thì hỏi các đơn vị mà kế hoạch giao báo cáo.",
    )
    leader_sends = forms.BooleanField(
        label="Phải do lãnh đạo đơn vị gửi",
        required=False,
        help_text="Không chọn: cán bộ đơn vị cũng gửi được.",
    )
    reason = _area("Lý do, căn cứ", rows=2, required=False)

    def __init__(self, *args: Any, plan: Plan, on: date, round_: Round | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._round = round_
        kinds = cast(forms.ChoiceField, self.fields["kind"])
        if round_ is None:
            kinds.choices = [
                (kind.value, kind.label)
                for kind in (RoundKind.IRREGULAR, RoundKind.PERIODIC, RoundKind.YEARLY)
            ]
        else:
            kinds.choices = [(round_.kind, round_.get_kind_display())]
        choices = unit_choices(plan, on=on)
        cast(forms.MultipleChoiceField, self.fields["units"]).choices = choices
        if not choices or (round_ is not None and round_.state != "du_kien"):
            del self.fields["units"]

    def wanted(self) -> rounds.Wanted:
        found = self.cleaned_data
        units = tuple(int(one) for one in found.get("units") or ())
        return rounds.Wanted(
            kind=RoundKind(found["kind"]),
            year=self._round.year if self._round else (found["last_day"]).year,
            title=found["title"],
            since=found["since"],
            until=found["last_day"] + timedelta(days=1),
            opens_on=found["opens_on"],
            units_due_on=found["units_due_on"],
            merged_due_on=found["merged_due_on"],
            unit_ids=units or None,
            leader_sends=found["leader_sends"],
            reason=found["reason"],
        )


#: Above this a list of boxes helps nobody; the plan's own list is used.
MOST_BOXES = 300


def unit_choices(plan: Plan, *, on: date) -> list[tuple[str, str]]:
    """Units that the plan asks or gave something to."""
    ids = {unit_id for one in asked.asked_of(plan) for unit_id in one.unit_ids}
    ids |= set(plan.tasks.values_list("unit_id", flat=True).distinct())
    ids -= {plan.owner_id or 0, plan.standing_body_id or 0}
    if len(ids) > MOST_BOXES:
        return []
    labels = tree.labels_on(ids, on=on)
    return sorted(((str(unit_id), label) for unit_id, label in labels.items()), key=lambda pair: pair[1])


def round_initial(round_: Round) -> dict[str, Any]:
    return {
        "kind": round_.kind,
        "title": round_.title,
        "since": round_.since,
        "last_day": round_.until - timedelta(days=1),
        "opens_on": round_.opens_on,
        "units_due_on": round_.units_due_on,
        "merged_due_on": round_.merged_due_on,
        "leader_sends": round_.leader_sends,
        "units": [str(one) for one in round_.asked_unit_ids or ()],
    }


# --- forms of reports -------------------------------------------------------------------------------------


class FormHeadForm(PlainForm):
    name = forms.CharField(label="Tên mẫu", max_length=300)
    intro = _area("Hướng dẫn chung", required=False)
    explain_percent = forms.IntegerField(
        label="Phải giải trình khi khác kỳ trước quá (%)", min_value=1, max_value=1000
    )


class ItemForm(PlainForm):
    section = forms.ChoiceField(label="Phần", choices=FormSection.choices)
    indicator = forms.ModelChoiceField(
        label="Chỉ tiêu thống kê",
        queryset=Indicator.objects.none(),
        required=False,
        empty_label="Chọn với phần «Số liệu»",
    )
    standard = forms.ModelChoiceField(
        label="Theo chuẩn",
        queryset=Standard.objects.none(),
        required=False,
        empty_label="Không theo chuẩn nào",
    )
    title = forms.CharField(label="Câu hỏi, tên mục", max_length=500)
    help = _area("Gợi ý trả lời", rows=2, required=False)
    is_required = forms.BooleanField(label="Bắt buộc trả lời", required=False)
    for_kinds = forms.MultipleChoiceField(
        label="Hỏi loại đơn vị",
        choices=UnitKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Không chọn loại nào là hỏi mọi đơn vị.",
    )
    lifts = forms.ChoiceField(label="Đưa lên báo cáo tổng hợp", choices=Lift.choices, required=False)

    def __init__(self, *args: Any, item: FormItem | None = None, **kwargs: Any) -> None:
        if item is not None:
            kwargs["initial"] = {
                "section": item.section,
                "indicator": item.indicator_id,
                "standard": item.standard_id,
                "title": item.title,
                "help": item.help,
                "is_required": item.is_required,
                "for_kinds": item.for_kinds,
                "lifts": item.lifts,
            }
        super().__init__(*args, **kwargs)
        cast(Any, self.fields["indicator"]).queryset = Indicator.objects.order_by("name_order")
        cast(Any, self.fields["standard"]).queryset = Standard.objects.order_by("-since", "name")
        if item is not None:
            self.fields["section"].disabled = True

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("section") == FormSection.FIGURES and not found.get("indicator"):
            self.add_error("indicator", "Chọn chỉ tiêu cho một mục số liệu.")
        return found

    def written(self) -> Written:
        found = self.cleaned_data
        is_figure = found["section"] == FormSection.FIGURES
        return Written(
            section=FormSection(found["section"]),
            title=found["title"],
            help=found["help"],
            is_required=found["is_required"],
            for_kinds=tuple(UnitKind(kind) for kind in found["for_kinds"]),
            lifts=Lift(found["lifts"]),
            indicator=found["indicator"] if is_figure else None,
            standard=found["standard"] if is_figure else None,
        )


def head_initial(form: ReportForm) -> dict[str, Any]:
    return {"name": form.name, "intro": form.intro, "explain_percent": form.explain_percent}


# --- one report ---------------------------------------------------------------------------------------------


class FileForm(PlainForm):
    file = forms.FileField(
        label="Ảnh hoặc tệp",
        allow_empty_file=True,
        widget=forms.ClearableFileInput(
            attrs={"accept": ",".join(["image/*", *(f".{ending}" for ending in EVIDENCE_KINDS)])}
        ),
        help_text="Chụp ảnh, hoặc chọn PDF, Word, Excel.",
    )
    caption = forms.CharField(label="Chú thích", max_length=300, required=False)


class UnlockForm(PlainForm):
    items = forms.MultipleChoiceField(
        label="Phần được sửa",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Chọn một phần."},
    )
    last_day = DayField(label="Được sửa đến hết ngày")
    reason = _area("Lý do mở khóa", rows=2)

    def __init__(self, *args: Any, items: Iterable[FormItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.MultipleChoiceField, self.fields["items"]).choices = [
            (str(item.pk), item.title) for item in items if item.section != FormSection.FILES
        ]

    def until(self) -> datetime:
        day: date = self.cleaned_data["last_day"]
        return datetime.combine(day + timedelta(days=1), time.min, tzinfo=VIETNAM)
