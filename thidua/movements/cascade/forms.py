"""Forms of the coverage pages."""

from __future__ import annotations

from typing import Any

from django import forms

from thidua.movements.cascade.comparison import ORDER
from thidua.movements.cascade.coverage import COMPARED
from thidua.movements.models import ItemKind
from thidua.tables.listing import FilterForm

KINDS = [(kind, ItemKind(kind).label) for kind in COMPARED]
VERDICTS = [(verdict.value, verdict.label) for verdict in ORDER]


class CoverageFilters(FilterForm):
    ket_luan = forms.ChoiceField(label="Kết luận", choices=[("", "Mọi kết luận"), *VERDICTS])
    loai = forms.ChoiceField(label="Loại", choices=[("", "Mọi loại"), *KINDS])
    giai_trinh = forms.ChoiceField(
        label="Giải trình",
        choices=[("", "Tất cả"), ("con", "Còn phải giải trình"), ("da", "Đã giải trình")],
    )


class ExplainForm(forms.Form):
    """Why the plan deals with an item as it does."""

    text = forms.CharField(
        label="Giải trình",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Vì sao mục này thiếu, thấp hơn hay khác; hoặc đã có ở đâu trong kế hoạch này.",
    )
    own_item = forms.ChoiceField(label="Mục tương ứng của kế hoạch này", required=False)
    verdict = forms.ChoiceField(
        label="Kết luận của người đối chiếu",
        required=False,
        help_text="Để trống thì giữ kết luận của chương trình.",
    )

    def __init__(self, *args: Any, own_items: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for name, choices in (
            ("own_item", [("", "Theo chương trình"), *own_items]),
            ("verdict", [("", "Theo chương trình"), *VERDICTS]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
            field.widget.attrs["class"] = "form-select"
        self.fields["text"].widget.attrs["class"] = "form-control"


class RemoveParentForm(forms.Form):
    reason = forms.CharField(
        label="Lý do bỏ", max_length=500, widget=forms.TextInput(attrs={"class": "form-control"})
    )
