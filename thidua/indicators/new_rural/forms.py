"""Forms of new-rural pages: filters of the lists, a decision of recognition, its withdrawal."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from thidua.core.text import fold
from thidua.indicators.models import NewRuralLevel
from thidua.tables.listing import FilterForm
from thidua.tables.words import holding

EARLIEST = 2016
ISSUER = "Chủ tịch Ủy ban nhân dân tỉnh"
STATES = (
    ("dat", "Đã được công nhận"),
    ("chua", "Chưa được công nhận"),
    ("duoi", "Đạt dưới 15 tiêu chí"),
    ("thieu", "Chưa báo cáo"),
)


def years(today: date) -> list[tuple[str, str]]:
    return [(str(number), str(number)) for number in range(today.year, EARLIEST - 1, -1)]


class BoardFilter(FilterForm):
    """Province and year say which board; the rest narrows it."""

    tinh = forms.ChoiceField(label="Tỉnh")
    nam = forms.ChoiceField(label="Năm")
    tim = forms.CharField(label="Tìm xã")
    tinh_trang = forms.ChoiceField(label="Tình trạng", choices=(("", "Tất cả"), *STATES))

    def __init__(
        self,
        *args: Any,
        provinces: list[tuple[str, str]],
        today: date,
        province: str,
        year: int,
        states: dict[str, set[int]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.states = states
        # A page asked for without filters shows which province and year it is about.
        self.data = self.data.copy() if hasattr(self.data, "copy") else dict(self.data)
        self.data.setdefault("tinh", province)
        self.data.setdefault("nam", str(year))
        self.fields["tinh"].choices = provinces  # type: ignore[attr-defined]
        self.fields["nam"].choices = years(today)  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """Which board it is is no filter of it."""
        return {name: value for name, value in super().asked().items() if name not in ("tinh", "nam")}

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        rows = holding(rows, fold(asked.get("tim", "")).split())
        state = asked.get("tinh_trang")
        if state in ("dat", "duoi"):
            rows = rows.filter(unit_id__in=self.states[state])
        if state in ("chua", "thieu"):
            rows = rows.exclude(unit_id__in=self.states["dat" if state == "chua" else "co"])
        return rows


class RecognitionFilter(FilterForm):
    tinh = forms.ChoiceField(label="Tỉnh")
    muc = forms.ChoiceField(label="Mức", choices=(("", "Tất cả"), *NewRuralLevel.choices))
    nam = forms.ChoiceField(label="Tính cho năm")
    hieu_luc = forms.ChoiceField(
        label="Hiệu lực", choices=(("", "Tất cả"), ("con", "Còn hiệu lực"), ("het", "Đã thu hồi"))
    )
    tim = forms.CharField(label="Tìm xã, quyết định")

    def __init__(
        self, *args: Any, provinces: list[tuple[str, str]], today: date, within: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.within = within
        self.fields["tinh"].choices = (("", "Tất cả"), *provinces)  # type: ignore[attr-defined]
        self.fields["nam"].choices = (("", "Tất cả"), *years(today))  # type: ignore[attr-defined]

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        if asked.get("tinh"):
            rows = rows.filter(unit_id__in=self.within(asked["tinh"]))
        if asked.get("muc"):
            rows = rows.filter(level=asked["muc"])
        if asked.get("nam"):
            rows = rows.filter(for_year=asked["nam"])
        if asked.get("hieu_luc"):
            rows = rows.filter(withdrawn_on__isnull=asked["hieu_luc"] == "con")
        for word in fold(asked.get("tim", "")).split():
            rows = rows.filter(Q(place_search__contains=word) | Q(decision__number__icontains=word))
        return rows


class _Small(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for field in self.fields.values():
            is_choice = isinstance(field.widget, forms.Select)
            field.widget.attrs.setdefault("class", "form-select" if is_choice else "form-control")
            label = str(field.label)
            field.error_messages["required"] = f"Chưa có {label[:1].lower()}{label[1:]}."
            field.error_messages["invalid"] = f"{label} chưa đúng. Xem lại rồi gửi lại."


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d", "%d/%m/%Y"])


class RecogniseForm(_Small):
    """A decision by which a place was recognised."""

    level = forms.ChoiceField(label="Mức công nhận", choices=NewRuralLevel.choices)
    for_year = forms.IntegerField(
        label="Tính cho năm",
        min_value=EARLIEST,
        max_value=2100,
        help_text="Thường là năm trước năm ký quyết định.",
    )
    number = forms.CharField(label="Số quyết định", max_length=120, help_text="Ví dụ: 728/QĐ-UBND.")
    issuer = forms.CharField(label="Người, cơ quan ký", max_length=300, initial=ISSUER)
    decided_on = _day("Ngày quyết định")


class WithdrawForm(_Small):
    """A decision by which a recognition was withdrawn."""

    number = forms.CharField(label="Số quyết định thu hồi", max_length=120)
    issuer = forms.CharField(label="Người, cơ quan ký", max_length=300, initial=ISSUER)
    withdrawn_on = _day("Ngày quyết định thu hồi")
    reason = forms.CharField(
        label="Lý do",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Quyết định 18/2022/QĐ-TTg nêu các trường hợp thu hồi.",
    )
