"""Forms of plans: beginning a draft, mending an item of each kind, unit of a name, filters of the list."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from thidua.core.formats import format_number, parse_date, parse_number
from thidua.documents.sentences import AWARD_LEVELS, MODALITIES, SUBJECT_TYPES
from thidua.documents.wording import MILESTONES, PER, UNITS
from thidua.movements.models import ItemKind, Movement
from thidua.movements.plans import typed_times
from thidua.movements.plans.access import Choices
from thidua.movements.plans.items import listed
from thidua.organisations.models import Unit

Entry = Mapping[str, Any]

COMPARATORS = (
    ("gte", "Từ … trở lên (ít nhất)"),
    ("gt", "Trên …"),
    ("lte", "Không quá …"),
    ("lt", "Dưới …"),
    ("between", "Từ … đến …"),
    ("approx", "Khoảng …"),
    ("stated", "Đúng số đã ghi"),
    ("is", "Có hoặc không, không có số"),
)
_LAST_NUMBER = Decimal(10) ** 13


class PlainForm(forms.Form):
    """Our look: no colons, one class for each sort of field, errors beside the field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for name, field in self.fields.items():
            widget = field.widget
            if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
                continue
            widget.attrs.setdefault(
                "class", "form-select" if isinstance(widget, forms.Select) else "form-control"
            )
            if field.help_text:
                widget.attrs.setdefault("aria-describedby", f"{self.prefix or ''}{name}-giup")

    def explain(self, name: str, why: str) -> None:
        self.add_error(name, why)


class NumberField(forms.CharField):
    """A figure as Vietnamese documents write it: 1.234,5."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = super().to_python(value)
        if not text:
            return None
        try:
            number = parse_number(text)
        except ValueError:
            raise forms.ValidationError(
                f"«{text}» chưa đúng cách ghi số. "
                "Dùng dấu phẩy cho phần lẻ, dấu chấm cho hàng nghìn: 1.234,5."
            ) from None
        if abs(number) > _LAST_NUMBER or -int(number.as_tuple().exponent) > 4:
            raise forms.ValidationError("Số quá lớn, hoặc có hơn bốn chữ số lẻ. Xem lại số này.")
        return number

    def prepare_value(self, value: Any) -> Any:
        return format_number(value) if isinstance(value, Decimal) else value


class YearField(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            min_value=1990,
            max_value=2100,
            required=False,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4}),
            error_messages={
                "invalid": "Ghi năm bằng bốn chữ số, ví dụ 2025.",
                "min_value": "Năm phải từ 1990 đến 2100.",
                "max_value": "Năm phải từ 1990 đến 2100.",
            },
            **kwargs,
        )


def _required(what: str) -> dict[str, str]:
    return {"required": f"Chưa ghi {what}. Ghi rồi lưu lại."}


class ItemForm(PlainForm):
    """What a person may change of an item; `content` puts it into the entry, the rest of which stays."""

    note = forms.CharField(label="Lý do sửa (không bắt buộc)", max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "note"])

    @classmethod
    def initial_of(cls, entry: Entry) -> dict[str, Any]:
        raise NotImplementedError

    def content(self, entry: Entry) -> dict[str, Any]:
        raise NotImplementedError


class TargetForm(ItemForm):
    label_vi = forms.CharField(label="Chỉ tiêu", max_length=500, error_messages=_required("tên chỉ tiêu"))
    comparator = forms.ChoiceField(label="Mức cần đạt", choices=COMPARATORS)
    value = NumberField(label="Giá trị", required=False, help_text="Ví dụ 41,6 hoặc 1.234")
    value_max = NumberField(label="Đến giá trị", required=False, help_text="Chỉ khi chọn «Từ … đến …»")
    unit = forms.ChoiceField(label="Đơn vị tính", required=False)
    per = forms.ChoiceField(label="Tính theo", required=False, choices=[("", "Cả giai đoạn"), *PER.items()])
    first_year = YearField(label="Từ năm")
    last_year = YearField(label="Đến năm")
    scope = forms.CharField(label="Phạm vi", max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [(code, words or "không ghi") for code, words in UNITS.items() if code != "bool"]
        own = str(self.initial.get("unit") or "")
        if own and own not in UNITS:
            units.append((own, own.replace("_", " ")))
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ChoiceField)
        unit.choices = [("", "không ghi"), *(pair for pair in units if pair[0] not in ("", "other"))]

    @classmethod
    def initial_of(cls, entry: Entry) -> dict[str, Any]:
        low, high = entry.get("value_min"), entry.get("value_max")
        is_yes_no = isinstance(entry.get("value"), bool)
        value = low if low is not None else entry.get("value")
        period = entry.get("period") or {}
        return {
            "label_vi": entry.get("label_vi") or "",
            "comparator": "is" if is_yes_no else entry.get("comparator") or "stated",
            "value": "" if is_yes_no or value is None else _number(value),
            "value_max": "" if high is None else _number(high),
            "unit": "" if entry.get("unit") in (None, "bool", "other") else entry["unit"],
            "per": entry.get("per") or "",
            "first_year": _year(period.get("from")),
            "last_year": _year((entry.get("deadline") or {}).get("year") or period.get("to")),
            "scope": entry.get("scope") or "",
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        comparator, low, high = data.get("comparator"), data.get("value"), data.get("value_max")
        if comparator != "is" and low is None and "value" not in self.errors:
            self.explain("value", "Chưa ghi giá trị. Ghi số, hoặc chọn «Có hoặc không».")
        if comparator == "between":
            if high is None and "value_max" not in self.errors:
                self.explain("value_max", "Chọn «Từ … đến …» thì phải ghi cả giá trị sau.")
            elif low is not None and high is not None and high < low:
                self.explain("value_max", "Giá trị sau phải không nhỏ hơn giá trị trước.")
        elif high is not None:
            self.explain("value_max", "Chỉ ghi ô này khi chọn «Từ … đến …». Xóa đi, hoặc đổi mức cần đạt.")
        first, last = data.get("first_year"), data.get("last_year")
        if first and last and last < first:
            self.explain("last_year", "Năm cuối phải không trước năm đầu.")
        return data

    def content(self, entry: Entry) -> dict[str, Any]:
        data = self.cleaned_data
        found = {key: value for key, value in entry.items() if key not in ("value", "value_min", "value_max")}
        found |= {
            "label_vi": data["label_vi"],
            "comparator": data["comparator"],
            "scope": data["scope"] or None,
        }
        found["unit"] = data["unit"] or None
        found["per"] = data["per"] or None
        if data["comparator"] == "between":
            found |= {"value_min": _plain(data["value"]), "value_max": _plain(data["value_max"])}
        elif data["comparator"] == "is":
            found |= {"value": True, "unit": "bool"}
        else:
            found["value"] = _plain(data["value"])
        return _with_years(found, entry, first=data["first_year"], last=data["last_year"])


def _with_years(
    found: dict[str, Any], entry: Entry, *, first: int | None, last: int | None
) -> dict[str, Any]:
    """The years as the entry already says them where they are the same, else as stated by a person."""
    before = TargetForm.initial_of(entry)
    if (before["first_year"] or None, before["last_year"] or None) == (first, last):
        return found
    if first:
        found["deadline"], found["period"] = None, {"from": first, "to": last, "stated": True}
    elif last:
        found["deadline"] = {"year": last, "raw": f"đến năm {last}"}
        found.pop("period", None)
    else:
        found["deadline"] = None
        found.pop("period", None)
    return found


class NamesField(forms.CharField):
    """One name a line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 2}), **kwargs)

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        lines = str(value or "").splitlines()
        names = list(dict.fromkeys(" ".join(line.split()) for line in lines if line.strip()))
        if any(len(name) > 500 for name in names):
            raise forms.ValidationError("Có tên dài quá 500 chữ. Mỗi dòng chỉ ghi một tên.")
        return names

    def validate(self, value: Any) -> None:
        return None

    def run_validators(self, value: Any) -> None:
        return None


class TaskForm(ItemForm):
    quote = forms.CharField(
        label="Nội dung nhiệm vụ",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=8000,
        error_messages=_required("nội dung nhiệm vụ"),
    )
    lead = NamesField(label="Ai làm", help_text="Mỗi dòng một tên, như trong kế hoạch")
    coordinate_with = NamesField(label="Ai phối hợp", help_text="Mỗi dòng một tên")
    deadline = forms.CharField(
        label="Thời hạn", max_length=300, required=False, help_text=f"Ví dụ: {typed_times.EXAMPLES}"
    )
    recurrence = forms.ChoiceField(label="Định kỳ", required=False, choices=typed_times.RECURRENCES)
    modality = forms.ChoiceField(label="Cách giao", choices=list(MODALITIES.items()))
    report_to = NamesField(label="Báo cáo cho", help_text="Mỗi dòng một tên")

    @classmethod
    def initial_of(cls, entry: Entry) -> dict[str, Any]:
        return {
            "quote": entry.get("quote") or entry.get("action") or "",
            "lead": "\n".join(listed(entry.get("lead"))),
            "coordinate_with": "\n".join(listed(entry.get("coordinate_with"))),
            "deadline": typed_times.typed(entry.get("deadline")),
            "recurrence": _recurrence(entry),
            "modality": entry.get("modality") or "giao",
            "report_to": "\n".join(listed(entry.get("report_to"))),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("lead") and "lead" not in self.errors:
            self.explain("lead", "Chưa ghi ai làm. Ghi tên cơ quan, đơn vị; mỗi dòng một tên.")
        _check_time(self, "deadline", data.get("deadline") or "")
        return data

    def content(self, entry: Entry) -> dict[str, Any]:
        data, before = self.cleaned_data, self.initial_of(entry)
        found = {
            **entry,
            "quote": data["quote"],
            "lead": data["lead"],
            "coordinate_with": data["coordinate_with"],
            "modality": data["modality"],
            "report_to": data["report_to"],
        }
        if data["lead"] != listed(entry.get("lead")):
            found["lead_explicit"] = True
        if data["deadline"] != before["deadline"]:
            found["deadline"] = typed_times.when_of(data["deadline"])
        if data["recurrence"] != before["recurrence"]:
            found["recurrence"] = data["recurrence"] or None
            if isinstance(found.get("deadline"), Mapping) and "recurrence" in found["deadline"]:
                found["deadline"] = {**found["deadline"], "recurrence": data["recurrence"] or None}
        return found


def _check_time(form: ItemForm, name: str, text: str) -> None:
    if text == form.initial.get(name):
        return
    try:
        typed_times.when_of(text)
    except ValueError as refusal:
        form.explain(name, str(refusal))


class CriterionForm(ItemForm):
    subject_label = forms.CharField(label="Đối tượng", max_length=300, required=False)
    subject_type = forms.ChoiceField(
        label="Loại đối tượng", required=False, choices=[("", "Chưa rõ"), *SUBJECT_TYPES.items()]
    )
    text = forms.CharField(
        label="Tiêu chí",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=8000,
        error_messages=_required("tiêu chí"),
    )

    @classmethod
    def initial_of(cls, entry: Entry) -> dict[str, Any]:
        return {key: entry.get(key) or "" for key in ("subject_label", "subject_type", "text")}

    def content(self, entry: Entry) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "kind": "qualitative",
            "rule": None,
            **entry,
            "subject_label": data["subject_label"] or None,
            "subject_type": data["subject_type"] or None,
            "text": data["text"],
        }


class AwardFormForm(ItemForm):
    name = forms.CharField(
        label="Hình thức khen thưởng", max_length=500, error_messages=_required("hình thức khen thưởng")
    )
    authority = forms.CharField(label="Thẩm quyền", max_length=300, required=False)
    level = forms.ChoiceField(label="Cấp", required=False, choices=[("", "Chưa rõ"), *AWARD_LEVELS.items()])

    @classmethod
    def initial_of(cls, entry: Entry) -> dict[str, Any]:
        return {key: entry.get(key) or "" for key in ("name", "authority", "level")}

    def content(self, entry: Entry) -> dict[str, Any]:
        data = self.cleaned_data
        found = {**entry, "name": data["name"], "level": data["level"] or None}
        if data["authority"] != (entry.get("authority") or ""):
            found |= {"authority": data["authority"] or None, "authority_stated": True}
        return found


class MilestoneForm(ItemForm):
    kind = forms.ChoiceField(
        label="Loại mốc",
        choices=[(code, words[:1].upper() + words[1:]) for code, words in MILESTONES.items()],
    )
    title = forms.CharField(label="Tên gọi (không bắt buộc)", max_length=300, required=False)
    when = forms.CharField(
        label="Thời gian", max_length=300, required=False, help_text=f"Ví dụ: {typed_times.EXAMPLES}"
    )
    recurrence = forms.ChoiceField(label="Định kỳ", required=False, choices=typed_times.RECURRENCES)
    who = forms.CharField(label="Ai làm", max_length=500, required=False)

    @classmethod
    def initial_of(cls, entry: Entry) -> dict[str, Any]:
        when = entry.get("when") or {}
        return {
            "kind": entry.get("kind") or "khac",
            "title": entry.get("title") or "",
            "when": typed_times.typed(when),
            "recurrence": _recurrence(when),
            "who": entry.get("who") or "",
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        text = data.get("when") or ""
        _check_time(self, "when", text)
        if not text and not data.get("recurrence") and "when" not in self.errors:
            self.explain("when", "Chưa ghi thời gian. Ghi ngày, tháng hoặc năm, hay chọn định kỳ.")
        return data

    def content(self, entry: Entry) -> dict[str, Any]:
        data, before = self.cleaned_data, self.initial_of(entry)
        found = {**entry, "kind": data["kind"], "who": data["who"] or None}
        if data["title"]:
            found["title"] = data["title"]
        else:
            found.pop("title", None)
        if (data["when"], data["recurrence"]) != (before["when"], before["recurrence"]):
            found["when"] = typed_times.when_of(data["when"], recurrence=data["recurrence"]) or {}
        return found


class PassageForm(ItemForm):
    text = forms.CharField(
        label="Nội dung",
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=20000,
        error_messages=_required("nội dung"),
    )

    @classmethod
    def initial_of(cls, entry: Entry) -> dict[str, Any]:
        return {"text": entry.get("text") or ""}

    def content(self, entry: Entry) -> dict[str, Any]:
        return {**entry, "text": self.cleaned_data["text"]}


ITEM_FORMS: dict[ItemKind, type[ItemForm]] = {
    ItemKind.TARGET: TargetForm,
    ItemKind.TASK: TaskForm,
    ItemKind.CRITERION: CriterionForm,
    ItemKind.AWARD_FORM: AwardFormForm,
    ItemKind.MILESTONE: MilestoneForm,
    ItemKind.PURPOSE: PassageForm,
    ItemKind.REQUIREMENT: PassageForm,
    ItemKind.CONTENT: PassageForm,
    ItemKind.SOLUTION: PassageForm,
}


def _number(value: Any) -> str:
    return format_number(Decimal(str(value)))


def _plain(value: Decimal) -> int | float:
    """As JSON of a record holds figures."""
    return int(value) if value == value.to_integral_value() else float(value)


def _year(moment: Any) -> int | str:
    text = str(moment or "")[:4]
    return int(text) if text.isdigit() else ""


def _recurrence(entry: Entry) -> str:
    said = str(entry.get("recurrence") or (entry.get("deadline") or {}).get("recurrence") or "")
    code = said.split(",")[0].split(" (")[0].strip()
    return code if code in dict(typed_times.RECURRENCES) else ""


# --- other forms ----------------------------------------------------------------------------------


class AmendForm(PlainForm):
    """What an amendment is about, and the document that makes it, when there is one."""

    note = forms.CharField(
        label="Nội dung điều chỉnh",
        max_length=500,
        help_text="Một câu: điều chỉnh gì, vì sao",
        error_messages=_required("nội dung điều chỉnh"),
    )
    document = forms.ChoiceField(
        label="Văn bản điều chỉnh",
        required=False,
        help_text="Đưa văn bản vào trang Đọc kế hoạch trước; không có văn bản thì để trống",
    )

    def __init__(self, *args: Any, documents: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["document"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Không có, sửa thẳng trong chương trình"), *documents]


class StartForm(PlainForm):
    """Who issues a plan, who runs it, and which movement it belongs to."""

    owner = forms.ModelChoiceField(
        label="Cơ quan ban hành",
        queryset=Unit.objects.none(),
        error_messages=_required("cơ quan ban hành"),
    )
    standing_body = forms.ModelChoiceField(
        label="Cơ quan thường trực",
        queryset=Unit.objects.none(),
        help_text="Cơ quan theo dõi, đôn đốc; có thể là chính cơ quan ban hành",
        error_messages=_required("cơ quan thường trực"),
    )
    movement = forms.ModelChoiceField(
        label="Phong trào",
        queryset=Movement.objects.none(),
        required=False,
        empty_label="Lập phong trào mới theo văn bản",
    )

    def __init__(
        self, *args: Any, choices: Choices, movements: QuerySet[Movement] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        owner, standing = self.fields["owner"], self.fields["standing_body"]
        assert isinstance(owner, forms.ModelChoiceField)
        assert isinstance(standing, forms.ModelChoiceField)
        owner.queryset = Unit.objects.filter(pk__in=[key for key, _ in choices.owners])
        owner.widget.choices = [("", "Chọn cơ quan"), *choices.owners]
        pairs = [pair for _, bodies in choices.standing for pair in bodies]
        standing.queryset = Unit.objects.filter(pk__in=[key for key, _ in pairs])
        standing.widget.choices = [("", "Chọn cơ quan"), *choices.standing]
        if "movement" in self.fields:
            movement = self.fields["movement"]
            assert isinstance(movement, forms.ModelChoiceField)
            known = Movement.objects.none() if movements is None else movements
            movement.queryset = known.order_by("name_order", "pk")


class WriteForm(StartForm):
    """A plan of one's own under a higher plan."""

    movement = None  # type: ignore[assignment]  # it is the movement of the higher plan
    title = forms.CharField(
        label="Trích yếu",
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        error_messages=_required("trích yếu"),
    )
    number = forms.CharField(label="Số, ký hiệu (nếu đã có)", max_length=120, required=False)
    dated = forms.CharField(
        label="Ngày ban hành (nếu đã có)", max_length=20, required=False, help_text="Ví dụ 20/11/2026"
    )

    def clean_dated(self) -> str:
        text = self.cleaned_data["dated"]
        if not text:
            return ""
        try:
            return parse_date(text).isoformat()
        except ValueError:
            raise forms.ValidationError(
                f"«{text}» chưa đúng cách ghi ngày. Ghi ngày trước, ví dụ 20/11/2026."
            ) from None


class UnitSearch(forms.Form):
    """The search box for units; works without a script."""

    tim = forms.CharField(
        label="Tìm đơn vị khác",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "placeholder": "Tên đơn vị, không cần dấu"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def text(self) -> str:
        return str(self.cleaned_data.get("tim") or "").strip() if self.is_valid() else ""
