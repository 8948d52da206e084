"""Forms of the pages of awards: a round, a candidate, an appraisal, a consultation, a hold, a person."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from thidua.awards import holding, process
from thidua.awards.duplicates import form_name
from thidua.awards.models import (
    AppraisalResult,
    AwardRound,
    AwardRoundKind,
    AwardSubjectType,
    CertifiedFact,
    ConsultationAnswer,
    PersonClass,
    PersonRecord,
    RoundForm,
    Sex,
)
from thidua.awards.nominating import TYPES
from thidua.criteria import award_law
from thidua.criteria.lawbook import NotInLawbook
from thidua.movements.models import Plan
from thidua.organisations import tree
from thidua.organisations.models import UnitKind, UnitVersion

NOTHING = [("", "– chọn –")]
#: So many subjects are offered in a choice.
MOST_CHOICES = 500


class PlainForm(forms.Form):
    """Labels without a colon, fields in the look of the kit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for field in self.fields.values():
            widget = field.widget
            if isinstance(widget, forms.CheckboxInput):
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
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=4000, required=required, widget=widget, **kwargs)


def law_forms(on: date) -> list[tuple[str, str]]:
    """Forms of the lawbook on a day, highest first."""
    try:
        return [(one.code, one.name) for one in award_law.forms(on)]
    except NotInLawbook:
        return []


class AwardRoundForm(PlainForm):
    """A new round of a plan. A form is offered to each kind of subject that is ticked."""

    name = forms.CharField(label="Tên đợt", max_length=300)
    stream = forms.ChoiceField(label="Dòng khen thưởng")
    kind = forms.ChoiceField(label="Kỳ xét", choices=AwardRoundKind.choices)
    since = DayField(label="Thành tích từ ngày")
    last_day = DayField(label="Thành tích đến hết ngày")
    opens_on = DayField(label="Ngày mở nhận đề nghị")
    due_on = DayField(label="Hạn gửi đề nghị")
    form = forms.ChoiceField(label="Hình thức khen thưởng")
    subjects = forms.MultipleChoiceField(
        label="Đối tượng",
        choices=AwardSubjectType.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    is_decided_here = forms.BooleanField(
        label="Cơ quan này quyết định (không chọn: trình cấp trên)", required=False
    )
    quota_count = forms.IntegerField(label="Số lượng tối đa mỗi loại đối tượng", required=False, min_value=0)
    quota_source = forms.CharField(label="Văn bản phân bổ", required=False, max_length=300)
    takes_own = forms.BooleanField(label="Cho cá nhân, đơn vị tự đề nghị", required=False)
    is_past = forms.BooleanField(label="Nhập lại đợt đã qua", required=False)
    note = _area("Hướng dẫn", required=False)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choices("stream", [(one.code, one.name) for one in process.streams()])
        self._choices("form", NOTHING + law_forms(on))

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any] | None:
        found = self.cleaned_data
        since, last = found.get("since"), found.get("last_day")
        if since and last and last < since:
            self.add_error("last_day", "Ngày cuối trước ngày đầu.")
        opens, due = found.get("opens_on"), found.get("due_on")
        if opens and due and due < opens:
            self.add_error("due_on", "Hạn gửi trước ngày mở.")
        return found

    def round(self, plan: Plan) -> AwardRound:
        """The round as filled in, not saved."""
        found = self.cleaned_data
        owner_id = plan.owner_id
        assert owner_id is not None
        return AwardRound(
            name=found["name"],
            stream=found["stream"],
            commendation_type=process.stream(found["stream"]).types[0],
            kind=found["kind"],
            deciding_body_id=owner_id,
            standing_body_id=plan.standing_body_id or owner_id,
            plan=plan,
            movement=plan.movement,
            since=found["since"],
            until=date.fromordinal(found["last_day"].toordinal() + 1),
            opens_on=found["opens_on"],
            due_on=found["due_on"],
            takes_own=found["takes_own"],
            is_past=found["is_past"],
            note=found["note"],
        )

    def offers(self) -> list[RoundForm]:
        found = self.cleaned_data
        return [
            RoundForm(
                form=found["form"],
                subject_type=subject_type,
                is_decided_here=found["is_decided_here"],
                quota_count=found["quota_count"],
                quota_source=found["quota_source"],
            )
            for subject_type in found["subjects"]
        ]


class CandidateForm(PlainForm):
    """Whom, for what, with which achievement."""

    proposer = forms.ChoiceField(label="Đơn vị đề nghị")
    subject = forms.ChoiceField(label="Đối tượng", required=False)
    household_code = forms.CharField(
        label="Mã hộ", required=False, max_length=40, help_text="Chỉ điền khi đề nghị một hộ gia đình của xã."
    )
    form = forms.ChoiceField(label="Hình thức")
    achievement = _area("Tóm tắt thành tích", rows=5, required=False)
    form_reason = forms.CharField(label="Lý do chọn hình thức", required=False, max_length=500)
    simplified_case = forms.ChoiceField(label="Thủ tục", required=False)
    simplified_reason = forms.CharField(label="Vì sao theo thủ tục đơn giản", required=False, max_length=500)

    number = forms.CharField(label="Số quyết định", max_length=120)
    decided_on = DayField(label="Ngày quyết định")
    body = forms.CharField(label="Cơ quan quyết định", max_length=300)

    def __init__(
        self,
        *args: Any,
        round_: AwardRound,
        units: dict[int, str],
        on: date,
        is_change: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offers = list(round_.forms.order_by("position", "pk"))
        codes = dict.fromkeys(one.form for one in offers)
        types = {one.subject_type for one in offers}
        if not round_.is_past or is_change:
            for name in ("number", "decided_on", "body"):
                del self.fields[name]
        if is_change:
            for name in ("proposer", "subject", "household_code"):
                del self.fields[name]
        else:
            self._choices("proposer", [(str(pk), label) for pk, label in units.items()])
            self._choices("subject", NOTHING + subject_choices(list(units), types, on=on))
        self._choices("form", [(code, form_name(code, on)) for code in codes])
        self._choices("simplified_case", [("", "Thủ tục thường"), *_cases(on)])

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def _cases(on: date) -> list[tuple[str, str]]:
    try:
        items = award_law.simplified_cases(on).items
    except NotInLawbook:
        return []
    return [(str(number), f"Đơn giản: {words}") for number, words in enumerate(items)]


def subject_choices(unit_ids: list[int], types: set[str], *, on: date) -> list[tuple[str, str]]:
    """The units themselves, those directly below, and their people, as far as the round takes them."""
    found: list[tuple[str, str]] = []
    versions = UnitVersion.objects.filter(tree.valid_on(on)).select_related("unit")
    near = versions.filter(unit_id__in=unit_ids) | versions.filter(parent_id__in=unit_ids)
    for version in near.order_by("label_order")[:MOST_CHOICES]:
        kind = TYPES.get(UnitKind(version.unit.kind), AwardSubjectType.AGENCY)
        if kind in types:
            found.append((f"unit:{version.unit_id}", version.label))
    if AwardSubjectType.PERSON in types:
        records = PersonRecord.objects.filter(unit_id__in=unit_ids, left_on__isnull=True)
        for one in records.order_by("name_order")[:MOST_CHOICES]:
            position = f", {one.position}" if one.position else ""
            found.append((f"person:{one.pk}", f"{one.name}{position}"))
    return found


class AppraisalForm(PlainForm):
    result = forms.ChoiceField(label="Kết quả", choices=AppraisalResult.choices)
    recommended_form = forms.ChoiceField(label="Hình thức thấp hơn", required=False)
    text = _area("Ý kiến thẩm định")

    def __init__(self, *args: Any, round_: AwardRound, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = dict.fromkeys(round_.forms.values_list("form", flat=True))
        field = self.fields["recommended_form"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = NOTHING + [(code, form_name(code, on)) for code in codes]


class ConsultationForm(PlainForm):
    asked_name = forms.CharField(label="Cơ quan được hỏi", max_length=300)
    matters = _area("Nội dung hỏi", rows=2)
    due_on = DayField(label="Hạn trả lời", required=False)


class AnswerForm(PlainForm):
    answer = forms.ChoiceField(label="Ý kiến", choices=NOTHING + list(ConsultationAnswer.choices))
    text = _area("Nội dung")
    number = forms.CharField(label="Số văn bản", required=False, max_length=120)


class HoldForm(PlainForm):
    kind = forms.ChoiceField(label="Trường hợp")
    reason = _area("Nội dung vụ việc", rows=2)
    source = forms.CharField(label="Văn bản, nguồn", required=False, max_length=300)
    since = DayField(label="Từ ngày")

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = NOTHING + holding.kinds(on)


class PersonForm(PlainForm):
    """A person record of one of the own units."""

    unit = forms.ChoiceField(label="Đơn vị")
    name = forms.CharField(label="Họ và tên", max_length=150)
    position = forms.CharField(label="Chức vụ, công việc", required=False, max_length=200)
    serves_since = DayField(
        label="Công tác từ ngày",
        required=False,
        help_text="Để tính thời gian công tác. Chưa rõ thì để trống.",
    )
    sex = forms.ChoiceField(label="Giới tính", required=False, choices=[*NOTHING, *Sex.choices])
    birth_year = forms.IntegerField(label="Năm sinh", required=False, min_value=1900, max_value=2100)
    staff_code = forms.CharField(label="Mã cán bộ", required=False, max_length=40)
    person_class = forms.ChoiceField(
        label="Nhóm thống kê", required=False, choices=[*NOTHING, *PersonClass.choices]
    )

    def __init__(self, *args: Any, units: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(pk), label) for pk, label in units.items()]


class ServiceForm(forms.Form):
    """Since when a person serves; empty: not known."""

    serves_since = DayField(label="Công tác từ ngày", required=False)


class ChargeForm(PlainForm):
    """A place in the charge of a person."""

    unit = forms.ChoiceField(label="Xã, thôn phụ trách")
    since = DayField(label="Từ ngày")
    source = forms.CharField(label="Căn cứ phân công", max_length=300)

    def __init__(self, *args: Any, places: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = NOTHING + [(str(pk), label) for pk, label in places.items()]


class CertifiedFactForm(PlainForm):
    """Something the dossier claims, with who certifies it."""

    kind = forms.ChoiceField(label="Loại nội dung", choices=CertifiedFact.Kind.choices)
    text = forms.CharField(label="Nội dung", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    year = forms.IntegerField(label="Năm", min_value=1945, max_value=2100)
    certified_by = forms.CharField(label="Nơi xác nhận, số văn bản", max_length=300)


class HoldEndForm(PlainForm):
    """How a hold ended."""

    until = DayField(label="Ngày kết thúc")
    was_cleared = forms.ChoiceField(
        label="Kết luận",
        choices=[*NOTHING, ("co", "Không vi phạm, được xét tiếp"), ("khong", "Bị xử lý kỷ luật")],
    )
    note = forms.CharField(label="Văn bản kết luận", max_length=500)
