"""Forms about templates of papers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet

from thidua.core.text import fold
from thidua.documents.models import PaperTemplate
from thidua.documents.paper_templates.templates import ready_made
from thidua.documents.writing.asked_values import Asked, Shape, Unfit, value_of
from thidua.documents.writing.form import kinds
from thidua.tables.listing import FilterForm


def kind_choices() -> list[tuple[str, str]]:
    return [(kind.code, kind.name) for kind in kinds().values()]


class TemplateFilters(FilterForm):
    """Which templates the list shows."""

    tim = forms.CharField(label="Tìm", max_length=100)
    loai = forms.ChoiceField(label="Loại văn bản", choices=[])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["loai"].choices = [("", "Mọi loại"), *kind_choices()]  # type: ignore[attr-defined]

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        if "tim" in asked:
            rows = rows.filter(search_text__contains=fold(asked["tim"]))
        if "loai" in asked:
            rows = rows.filter(kind=asked["loai"])
        return rows


class StartForm(forms.Form):
    """A new template: for which body, which type, from what."""

    unit = forms.TypedChoiceField(label="Cơ quan", coerce=int, choices=[])
    kind = forms.ChoiceField(label="Loại văn bản", choices=[])
    name = forms.CharField(
        label="Tên mẫu",
        max_length=200,
        help_text="Để đồng nghiệp nhận ra, ví dụ: Báo cáo năm về giảm nghèo",
        error_messages={"required": "Ghi tên mẫu."},
    )

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (code, name if code in ready_made() else f"{name} (chưa có mẫu sẵn)")
            for code, name in kind_choices()
        ]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-control" if name == "name" else "form-select"


class TextForm(forms.Form):
    """The text of a template and what was changed in it."""

    text = forms.CharField(
        label="Nội dung mẫu",
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 30, "class": "form-control mvb-chu", "spellcheck": "false", "wrap": "off"}
        ),
        error_messages={"required": "Mẫu chưa có nội dung."},
    )
    note = forms.CharField(
        label="Thay đổi gì (để đồng nghiệp biết)",
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


def _plain(name: str) -> str:
    return name.replace("_", " ")


class ValuesForm(forms.Form):
    """The values that a template asks for, each in a box of its shape."""

    WIDGETS: ClassVar = {
        Shape.PARAGRAPHS: (6, "Mỗi dòng một đoạn"),
        Shape.LIST: (4, "Mỗi dòng một mục"),
        Shape.ROWS: (6, ""),
    }
    HINTS: ClassVar = {Shape.DATE: "Ngày, ví dụ 20/11/2026", Shape.NUMBER: "Số, ví dụ 1.234,5"}

    def __init__(self, *args: Any, asked: list[Asked], labels: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.asked = asked
        for one in asked:
            rows, hint = self.WIDGETS.get(one.shape, (0, self.HINTS.get(one.shape, "")))
            if one.shape is Shape.ROWS:
                parts = [labels.get(f"{one.name}.{part}", _plain(part)) for part, _ in one.parts]
                hint = f"Mỗi dòng một mục, các phần ngăn bằng dấu |: {' | '.join(parts)}"
            widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
            widget.attrs["class"] = "form-control"
            label = labels.get(one.name, _plain(one.name).capitalize())
            self.fields[one.name] = forms.CharField(
                label=label,
                widget=widget,
                max_length=50_000,
                help_text=hint,
                error_messages={"required": f"Ghi «{label}»."},
            )

    def values(self) -> dict[str, Any]:
        """What the template gets; a mistake is told beside its box. Call when the form is valid."""
        found: dict[str, Any] = {}
        for one in self.asked:
            try:
                found[one.name] = value_of(one, self.cleaned_data[one.name])
            except Unfit as error:
                self.add_error(one.name, f"Chưa đúng: {error}.")
        return found


def templates_of(unit_ids: set[int] | frozenset[int]) -> QuerySet[PaperTemplate]:
    """The templates of some bodies that are in use or being written."""
    return PaperTemplate.objects.filter(unit_id__in=unit_ids, retired_at__isnull=True)
