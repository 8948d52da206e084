"""What can be asked and written about households, reviews and files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from thidua.core.text import fold
from thidua.households.balance import Change
from thidua.households.classes import Area, PovertyClass
from thidua.households.classifying import Facts
from thidua.households.models import Assessment, Household, Review
from thidua.households.register import Written
from thidua.households.reviewing import STEPS, answers
from thidua.households.standards import PovertyStandard
from thidua.tables.listing import FilterForm
from thidua.tables.words import holding

UNKNOWN = (("", "Chưa rõ"), ("1", "Có"), ("0", "Không"))


class Plain(forms.Form):
    """Labels without a colon, fields in the dress of the program."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for field in self.fields.values():
            if isinstance(field.widget, forms.RadioSelect | forms.CheckboxInput):
                continue
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"
            if isinstance(field, forms.DateField):
                field.widget.input_type = "date"
                field.widget.format = "%Y-%m-%d"
            if isinstance(field, forms.IntegerField):
                field.widget.attrs["inputmode"] = "numeric"


class RegisterFilters(FilterForm):
    tim = forms.CharField(label="Tìm hộ", max_length=100)
    khu_vuc = forms.ChoiceField(label="Khu vực", choices=[("", "Mọi khu vực"), *Area.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tim"].widget.attrs["placeholder"] = "Mã hộ, chủ hộ, thôn; không cần dấu"

    def narrow(self, rows: QuerySet[Household], asked: dict[str, Any]) -> QuerySet[Household]:
        rows = holding(rows, fold(asked.get("tim", "")).split())
        if "khu_vuc" in asked:
            rows = rows.filter(area=asked["khu_vuc"])
        return rows


class ResultFilters(FilterForm):
    tim = forms.CharField(label="Tìm hộ", max_length=100)
    loai = forms.ChoiceField(
        label="Phân loại",
        choices=[("", "Mọi loại"), *PovertyClass.choices, ("chua", "Chưa có kết quả")],
    )
    thay_doi = forms.ChoiceField(
        label="So với năm trước",
        choices=[("", "Tất cả"), *((change.value, change.label) for change in Change)],
    )

    def __init__(self, *args: Any, changes: dict[Change, list[int]] | None = None, **kwargs: Any) -> None:
        self.changes = changes or {}
        super().__init__(*args, **kwargs)

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        rows = holding(rows, fold(asked.get("tim", "")).split())
        if asked.get("loai") == "chua":
            rows = rows.exclude(now_class__in=PovertyClass.values)
        elif "loai" in asked:
            rows = rows.filter(now_class=asked["loai"])
        if "thay_doi" in asked:
            rows = rows.filter(pk__in=self.changes.get(Change(asked["thay_doi"]), []))
        return rows


class HouseholdForm(Plain):
    ma = forms.CharField(label="Mã hộ", max_length=40)
    chu_ho = forms.CharField(label="Họ tên chủ hộ", max_length=150)
    thon_don_vi = forms.TypedChoiceField(
        label="Thôn, bản, tổ dân phố",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="Cán bộ của thôn được chọn xem được hộ này.",
    )
    thon = forms.CharField(label="Thôn, bản, tổ dân phố", max_length=200, required=False)
    dan_toc = forms.CharField(label="Dân tộc của chủ hộ", max_length=60, required=False)
    thieu_so = forms.ChoiceField(label="Hộ dân tộc thiểu số", choices=UNKNOWN, required=False)
    khu_vuc = forms.ChoiceField(label="Khu vực", choices=Area.choices)
    lao_dong = forms.ChoiceField(label="Có người có khả năng lao động", choices=UNKNOWN, required=False)
    tu_ngay = forms.DateField(label="Vào sổ từ ngày")

    def __init__(self, *args: Any, villages: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if villages:
            self.fields["thon_don_vi"].choices = [("", "Chưa rõ, hoặc không có trong danh mục"), *villages]  # type: ignore[attr-defined]
            self.fields["thon"].label = "Tên thôn như trong phiếu"
            self.fields["thon"].help_text = "Để trống thì lấy tên của thôn đã chọn."
        else:
            del self.fields["thon_don_vi"]

    @classmethod
    def of(cls, household: Household, *, villages: Sequence[tuple[int, str]]) -> HouseholdForm:
        return cls(
            villages=villages,
            initial={
                "thon_don_vi": household.village_id or "",
                "ma": household.code,
                "chu_ho": household.head_name,
                "thon": household.village_name,
                "dan_toc": household.ethnicity,
                "thieu_so": _shown(household.is_minority),
                "khu_vuc": household.area,
                "lao_dong": _shown(household.can_work),
                "tu_ngay": household.since,
            },
        )

    def written(self) -> Written:
        given = self.cleaned_data
        return Written(
            code=given["ma"],
            head_name=given["chu_ho"],
            area=Area(given["khu_vuc"]),
            since=given["tu_ngay"],
            village_name=given["thon"],
            village_id=given.get("thon_don_vi"),
            ethnicity=given["dan_toc"],
            is_minority=_known(given["thieu_so"]),
            can_work=_known(given["lao_dong"]),
        )


class StepsForm(Plain):
    """Dates and numbers of the steps, as the model names them."""

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        names = dict(STEPS)
        fields = ("listed_on", "surveyed_on", "met_on", "posted_on", "posted_until", "reported_on")
        initial = {name: getattr(review, name) for name in (*fields, *self.numbers)}
        super().__init__(*args, initial=initial, **kwargs)
        for name in fields:
            label = names.get(name, "Niêm yết đến hết ngày")
            widget = forms.DateInput(format="%Y-%m-%d", attrs={"class": "form-control", "type": "date"})
            self.fields[name] = forms.DateField(label=label, required=False, widget=widget)
        for name, label in self.numbers.items():
            attrs = {"class": "form-control", "inputmode": "numeric"}
            self.fields[name] = forms.IntegerField(
                label=label, required=False, min_value=0, widget=forms.NumberInput(attrs=attrs)
            )

    numbers = {
        "meeting_present": "Số hộ dự họp dân",
        "households_total": "Tổng số hộ của xã",
        "minority_total": "Tổng số hộ dân tộc thiểu số",
    }


class RecogniseForm(Plain):
    so = forms.CharField(label="Số quyết định công nhận", max_length=120)
    ngay = forms.DateField(label="Ngày quyết định")


class SurveyForm(Plain):
    """Forms A, B1 and B2 of one household, shortened to what decides the class."""

    khu_vuc = forms.ChoiceField(label="Khu vực", choices=Area.choices)
    nhan_khau = forms.IntegerField(label="Số nhân khẩu", min_value=1, max_value=99, required=False)
    phu_thuoc = forms.IntegerField(label="Số người phụ thuộc", min_value=0, max_value=99, required=False)
    diem_b1 = forms.IntegerField(
        label="Điểm B1", min_value=0, max_value=1000, required=False, help_text="Tổng điểm của Phiếu B1."
    )
    thu_nhap = forms.IntegerField(
        label="Thu nhập bình quân (đồng/người/tháng)",
        min_value=0,
        max_value=1_000_000_000,
        required=False,
        help_text="Chỉ xét khi không có điểm B1.",
    )
    ghi_chu = forms.CharField(label="Ghi chú", max_length=300, required=False)

    def __init__(self, *args: Any, standard: PovertyStandard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standard = standard
        for place, deprivation in enumerate(standard.deprivations, 1):
            self.fields[f"th{place}"] = forms.ChoiceField(
                label=deprivation.name,
                choices=(("1", "Thiếu hụt"), ("0", "Không"), ("", "Chưa rõ")),
                required=False,
                widget=forms.RadioSelect,
                help_text=f"Thiếu hụt khi {deprivation.deprived_when}.",
            )

    @classmethod
    def of(cls, household: Household, assessment: Assessment | None, standard: PovertyStandard) -> SurveyForm:
        initial: dict[str, Any] = {"khu_vuc": household.area}
        if assessment is not None:
            initial |= {
                "khu_vuc": assessment.area,
                "nhan_khau": assessment.members,
                "phu_thuoc": assessment.dependants,
                "diem_b1": assessment.score_b1,
                "thu_nhap": assessment.income_dong,
                "ghi_chu": assessment.note,
            }
            for place, answer in enumerate(answers(assessment.deprivations), 1):
                initial[f"th{place}"] = _shown(answer)
        return cls(initial=initial, standard=standard)

    @property
    def head_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("khu_vuc", "nhan_khau", "phu_thuoc", "diem_b1", "thu_nhap")]

    @property
    def services(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The questions of form B2 by basic service."""
        found: dict[str, list[forms.BoundField]] = {}
        for place, deprivation in enumerate(self.standard.deprivations, 1):
            found.setdefault(deprivation.service, []).append(self[f"th{place}"])
        return list(found.items())

    def facts(self) -> Facts:
        """What has been answered validly so far; anything else is not known."""
        self.is_valid()
        given = self.cleaned_data
        area = given.get("khu_vuc")
        return Facts(
            area=Area(area) if area else None,
            income_dong=given.get("thu_nhap"),
            score_b1=given.get("diem_b1"),
            deprivations=[
                _known(given.get(f"th{place}", "")) for place in range(1, len(self.standard.deprivations) + 1)
            ],
        )


class FileForm(Plain):
    dia_ban = forms.ChoiceField(label="Địa bàn")
    nam = forms.IntegerField(label="Năm rà soát", min_value=2016, max_value=2100)
    tep = forms.FileField(label="Tệp hộ (.csv, .xlsx, .parquet)")
    moi_ho = forms.BooleanField(label="Tệp gồm mọi hộ trong xã, không chỉ hộ được điều tra", required=False)

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dia_ban"].choices = units  # type: ignore[attr-defined]


def _known(text: str | None) -> bool | None:
    return {"1": True, "0": False}.get(text or "")


def _shown(answer: bool | None) -> str:
    return "" if answer is None else str(int(answer))
