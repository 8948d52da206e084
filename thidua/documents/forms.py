"""What can be asked of the list of read plans; an unknown answer counts as none."""

from __future__ import annotations

from typing import Any

from django import forms

from thidua.documents.sentences import THEMES

SOURCES = (("", "Tất cả"), ("mau", "Bản mẫu"), ("cua-toi", "Của tôi"))
ORDERS = (
    ("moi", "Mới đọc trước"),
    ("ten", "Trích yếu A → Y"),
    ("co-quan", "Cơ quan A → Y"),
    ("ngay", "Ngày ban hành, mới trước"),
    ("chi-tieu", "Nhiều chỉ tiêu trước"),
    ("nhiem-vu", "Nhiều nhiệm vụ trước"),
    ("xem-lai", "Nhiều chỗ cần xem lại trước"),
)


class ListForm(forms.Form):
    """Search, filters and order of the list, from the address."""

    tim = forms.CharField(label="Tìm", max_length=200)
    nguon = forms.ChoiceField(label="Nguồn", choices=SOURCES)
    chu_de = forms.ChoiceField(label="Chủ đề", choices=[("", "Mọi chủ đề"), *THEMES.items()])
    sap_xep = forms.ChoiceField(label="Xếp theo", choices=ORDERS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for field in self.fields.values():
            field.required = False
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"
        self.fields["tim"].widget.input_type = "search"
        self.fields["tim"].widget.attrs["placeholder"] = "Trích yếu, cơ quan, số; không cần dấu"

    def asked(self) -> dict[str, str]:
        """The valid answers; the rest empty."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}
