"""Forms of targets: the filters of the list, and what a target is measured by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from thidua.core.text import fold
from thidua.documents.sentences import THEMES
from thidua.indicators.models import Indicator, Standard
from thidua.movements.models import Movement, Plan, Target
from thidua.movements.progress.verdicts import URGENCY
from thidua.organisations.models import PLACES, Unit, UnitVersion
from thidua.tables.listing import FilterForm
from thidua.tables.words import holding


class TargetFilters(FilterForm):
    tim = forms.CharField(label="Chỉ tiêu", max_length=200)
    ket_luan = forms.ChoiceField(
        label="Kết luận", choices=[("", "Mọi kết luận"), *((one.value, one.label) for one in URGENCY)]
    )
    ke_hoach = forms.ModelChoiceField(Plan.objects.none(), label="Kế hoạch", empty_label="Mọi kế hoạch")
    phong_trao = forms.ModelChoiceField(
        Movement.objects.none(), label="Phong trào", empty_label="Mọi phong trào"
    )
    don_vi = forms.CharField(label="Đơn vị, địa bàn", max_length=200)
    chu_de = forms.ChoiceField(label="Chủ đề", choices=[("", "Mọi chủ đề"), *THEMES.items()])
    ngay = forms.DateField(
        label="Tính đến ngày", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(
        self,
        *args: Any,
        plans: QuerySet[Plan],
        movements: QuerySet[Movement],
        by_verdict: dict[str, list[int]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._by_verdict = by_verdict
        self.fields["ke_hoach"].queryset = plans  # type: ignore[attr-defined]  # of a ModelChoiceField
        self.fields["phong_trao"].queryset = movements  # type: ignore[attr-defined]  # as above
        self.fields["ke_hoach"].label_from_instance = _plan_name  # type: ignore[attr-defined]  # as above
        for name in ("tim", "don_vi"):
            self.fields[name].widget.input_type = "search"
            self.fields[name].widget.attrs["placeholder"] = "Không cần dấu"

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        rows = holding(rows, fold(asked.get("tim", "")).split(), field="item__search_text")
        if "ket_luan" in asked:
            rows = rows.filter(pk__in=self._by_verdict.get(asked["ket_luan"], []))
        if "ke_hoach" in asked:
            rows = rows.filter(plan=asked["ke_hoach"])
        if movement := asked.get("phong_trao"):
            rows = rows.filter(Q(plan__movement=movement) | Q(plan__movement__variant_of=movement))
        if "chu_de" in asked:
            rows = rows.filter(plan__movement__theme=asked["chu_de"])
        for word in fold(asked.get("don_vi", "")).split():
            named = UnitVersion.objects.filter(search_text__contains=word).values("unit_id")
            rows = rows.filter(Q(plan__owner_id__in=named) | Q(scope_unit_id__in=named))
        return rows


def _plan_name(plan: Plan) -> str:
    title = plan.title if len(plan.title) <= 70 else f"{plan.title[:67]}…"
    return f"{plan.number} – {title}" if plan.number else title


class BindingForm(forms.Form):
    """What a target is measured by."""

    indicator = forms.ModelChoiceField(
        Indicator.objects.order_by("name_order", "name"),
        label="Chỉ tiêu thống kê",
        empty_label="Chọn chỉ tiêu",
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="Địa bàn lấy số liệu",
        required=False,
        help_text="Để trống để lấy theo phạm vi của chỉ tiêu.",
    )
    standard = forms.ModelChoiceField(
        Standard.objects.order_by("since", "name"),
        label="Theo chuẩn",
        required=False,
        empty_label="Chuẩn áp dụng ở năm cuối kỳ",
    )
    segment = forms.ChoiceField(label="Phân tổ", required=False)
    baseline_year = forms.IntegerField(
        label="Năm đầu kỳ",
        required=False,
        min_value=1945,
        max_value=2100,
        help_text="Để trống để lấy năm đầu kỳ của chuẩn.",
    )
    note = forms.CharField(
        label="Ghi chú, lý do",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, target: Target, labels: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        units = self.fields["unit"]
        units.queryset = Unit.objects.filter(pk__in=labels, kind__in=PLACES)  # type: ignore[attr-defined]
        units.label_from_instance = lambda unit: labels.get(unit.pk, str(unit))  # type: ignore[attr-defined]
        units.empty_label = target.scope_text or "Theo phạm vi của chỉ tiêu"  # type: ignore[attr-defined]
        segments: dict[str, str] = {}
        for found in Indicator.objects.exclude(segments={}).values_list("segments", flat=True):
            segments |= found if isinstance(found, dict) else {}
        choices = [("", "Số chung"), *sorted(segments.items(), key=lambda pair: pair[1])]
        self.fields["segment"].choices = choices  # type: ignore[attr-defined]  # of a ChoiceField
        for field in self.fields.values():
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs.setdefault("class", "form-select" if is_choice else "form-control")
