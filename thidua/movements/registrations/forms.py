"""What can be asked and written: filters of the lists, and one form for each kind of registration."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from thidua.core.text import fold, shortened
from thidua.movements.models import (
    Plan,
    Registration,
    RegistrationKind,
    RegistrationState,
    SubjectType,
)
from thidua.movements.registrations import board, places
from thidua.movements.registrations.sending import Written
from thidua.organisations import tree
from thidua.organisations.models import Unit, UnitKind, UnitVersion
from thidua.tables.listing import FilterForm
from thidua.tables.words import holding

Choices = list[tuple[str, str]]


class BoardFilters(FilterForm):
    tim = forms.CharField(label="Tìm đơn vị", max_length=100)
    tinh_trang = forms.ChoiceField(
        label="Tình trạng",
        choices=[("", "Mọi tình trạng"), *((one[0], one[1]) for one in board.STANDINGS)],
    )
    loai_don_vi = forms.ChoiceField(label="Loại đơn vị", choices=[("", "Mọi loại"), *UnitKind.choices])

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        rows = holding(rows, fold(asked.get("tim", "")).split())
        if "tinh_trang" in asked:
            rows = rows.filter(standing=asked["tinh_trang"])
        if "loai_don_vi" in asked:
            rows = rows.filter(unit__kind=asked["loai_don_vi"])
        return rows


class PlaceFilters(FilterForm):
    tim = forms.CharField(label="Tìm xã", max_length=100)
    giup = forms.ChoiceField(
        label="Sự giúp đỡ",
        choices=[("", "Mọi xã"), ("chua", "Chưa ai giúp"), ("co", "Đã có cơ quan giúp")],
    )

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        rows = holding(rows, fold(asked.get("tim", "")).split())
        if asked.get("giup") == "chua":
            rows = rows.filter(helpers=0)
        if asked.get("giup") == "co":
            rows = rows.filter(helpers__gt=0)
        return rows


class RegistrationFilters(FilterForm):
    tim = forms.CharField(label="Tìm", max_length=100)
    ke_hoach = forms.ChoiceField(label="Kế hoạch")
    nam = forms.IntegerField(label="Năm", min_value=2000, max_value=2100)
    loai = forms.ChoiceField(label="Loại", choices=[("", "Mọi loại"), *RegistrationKind.choices])
    tinh_trang = forms.ChoiceField(
        label="Tình trạng", choices=[("", "Mọi tình trạng"), *RegistrationState.choices]
    )

    def __init__(self, *args: Any, plans: Iterable[Plan] = (), readable: Q | None = None, **kwargs: Any):
        self.readable = readable
        super().__init__(*args, **kwargs)
        self.fields["ke_hoach"].choices = plan_choices(plans, "Mọi kế hoạch")  # type: ignore[attr-defined]
        self.fields["tim"].widget.attrs["placeholder"] = "Đơn vị, nơi giúp; không cần dấu"

    def narrow(self, rows: QuerySet[Registration], asked: dict[str, Any]) -> QuerySet[Registration]:
        for word in fold(asked.get("tim", "")).split():
            found = Q(search_text__contains=word)
            if self.readable is not None:
                found |= Q(subject_key__contains=word) & self.readable
            rows = rows.filter(found)
        for name, lookup in (
            ("ke_hoach", "plan"),
            ("nam", "year"),
            ("loai", "kind"),
            ("tinh_trang", "state"),
        ):
            if name in asked:
                rows = rows.filter(**{lookup: asked[name]})
        return rows


def plan_choices(plans: Iterable[Plan], empty: str) -> Choices:
    return [("", empty), *((str(plan.pk), short_title(plan)) for plan in plans)]


def short_title(plan: Plan) -> str:
    return shortened(f"{plan.number} {plan.title}", 90)


class Plain(forms.Form):
    """A form in our look."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for name, field in self.fields.items():
            widget = field.widget
            if isinstance(widget, forms.HiddenInput | forms.RadioSelect | forms.CheckboxInput):
                continue
            is_choice = isinstance(widget, forms.Select)
            widget.attrs.setdefault("class", "form-select" if is_choice else "form-control")
            if field.help_text:
                widget.attrs.setdefault("aria-describedby", f"id_{name}_helptext")


MESSAGES = {"required": "Chưa ghi mục này.", "invalid_choice": "Hãy chọn một mục trong danh sách."}


class WriteForm(Plain):
    """A registration of one kind. Subclasses add what the kind needs."""

    kind: RegistrationKind
    don_vi = forms.ChoiceField(label="Đơn vị đăng ký", error_messages=MESSAGES)
    nam = forms.TypedChoiceField(label="Năm", coerce=int, error_messages=MESSAGES)
    cam_ket = forms.CharField(
        label="Nội dung cam kết",
        max_length=2000,
        error_messages=MESSAGES,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Việc sẽ làm, kết quả cần đạt, thời gian.",
    )

    field_order = ["don_vi", "nam"]

    def __init__(
        self, *args: Any, units: list[UnitVersion], years: range, plan: Plan, on: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(version.unit_id): version.unit for version in units}
        self.fields["don_vi"].choices = [  # type: ignore[attr-defined]
            (str(version.unit_id), version.label) for version in units
        ]
        self.fields["nam"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]
        if len(units) == 1:
            self.fields["don_vi"].widget = forms.HiddenInput()
            self.fields["don_vi"].initial = str(units[0].unit_id)
        self.prepare(plan=plan, on=on)
        self.order_fields([*(name for name in self.fields if name != "cam_ket"), "cam_ket"])

    def prepare(self, *, plan: Plan, on: date) -> None:
        """Fill in what depends on the plan."""

    def unit(self) -> Unit:
        found: Unit = self.units[self.cleaned_data["don_vi"]]
        return found

    def written(self) -> Written:
        raise NotImplementedError

    @staticmethod
    def initial_of(registration: Registration) -> dict[str, Any]:
        return {
            "don_vi": str(registration.unit_id),
            "nam": registration.year,
            "cam_ket": registration.commitment,
            "doi_tuong": registration.subject_type,
            "ten": registration.subject_name,
            "dia_chi": registration.subject_address,
            "noi_giup": str(registration.helped_unit_id or ""),
            "thon": registration.helped_village,
        }


class JoinForm(WriteForm):
    kind = RegistrationKind.JOIN
    doi_tuong = forms.ChoiceField(
        label="Ai đăng ký",
        error_messages=MESSAGES,
        choices=[
            (SubjectType.UNIT, "Cả đơn vị"),
            (SubjectType.INDIVIDUAL, "Một cá nhân của đơn vị"),
            (SubjectType.ENTERPRISE, "Một doanh nghiệp, hợp tác xã, tổ chức"),
        ],
    )
    ten = forms.CharField(
        label="Tên cá nhân, doanh nghiệp",
        max_length=300,
        required=False,
        help_text="Bỏ trống khi cả đơn vị đăng ký. Tên cá nhân chỉ đơn vị và cơ quan phụ trách xem được.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("doi_tuong") not in (None, SubjectType.UNIT) and not cleaned.get("ten"):
            self.add_error("ten", "Chưa ghi tên. Ghi tên người, doanh nghiệp hoặc chọn «Cả đơn vị».")
        return cleaned

    def written(self) -> Written:
        data = self.cleaned_data
        is_unit = data["doi_tuong"] == SubjectType.UNIT
        return Written(
            self.kind,
            data["nam"],
            data["cam_ket"],
            SubjectType(data["doi_tuong"]),
            "" if is_unit else data["ten"],
        )


class HelpForm(WriteForm):
    kind = RegistrationKind.HELP
    noi_giup = forms.ChoiceField(
        label="Xã, phường được giúp",
        error_messages={**MESSAGES, "required": "Chưa chọn xã. Cần địa chỉ cụ thể: một xã hoặc thôn, bản."},
        help_text="Trong ngoặc là số cơ quan đã nhận giúp; ưu tiên nơi chưa ai giúp.",
    )
    thon = forms.CharField(label="Thôn, bản (nếu giúp riêng một thôn)", max_length=200, required=False)

    def prepare(self, *, plan: Plan, on: date) -> None:
        year = self.initial.get("nam") or on.year
        self.fields["noi_giup"].choices = place_choices(plan, int(year), on=on)  # type: ignore[attr-defined]

    def written(self) -> Written:
        data = self.cleaned_data
        return Written(
            self.kind,
            data["nam"],
            data["cam_ket"],
            helped_unit=Unit.objects.get(pk=data["noi_giup"]),
            helped_village=data["thon"],
        )


class EscapeForm(WriteForm):
    kind = RegistrationKind.ESCAPE
    ten = forms.CharField(label="Họ và tên chủ hộ", max_length=300, error_messages=MESSAGES)
    dia_chi = forms.CharField(label="Thôn, bản", max_length=300, error_messages=MESSAGES)

    def written(self) -> Written:
        data = self.cleaned_data
        return Written(
            self.kind,
            data["nam"],
            data["cam_ket"],
            SubjectType.HOUSEHOLD,
            data["ten"],
            data["dia_chi"],
        )


FORMS: dict[RegistrationKind, type[WriteForm]] = {
    RegistrationKind.JOIN: JoinForm,
    RegistrationKind.HELP: HelpForm,
    RegistrationKind.ESCAPE: EscapeForm,
}


def place_choices(plan: Plan, year: int, *, on: date) -> list[Any]:
    """The communes under the issuing body, grouped by what they stand under, with the number of helpers."""
    rows = list(
        places.communes_with_helpers(plan, year, on=on)
        .order_by("label_order")
        .values_list("unit_id", "label", "helpers", "parent_id")
    )
    labels = tree.labels_on({row[3] for row in rows if row[3]}, on=on)
    groups: dict[str, list[tuple[str, str]]] = {}
    for unit_id, label, helpers, parent_id in rows:
        text = f"{label} ({helpers} cơ quan)" if helpers else f"{label} (chưa ai giúp)"
        groups.setdefault(labels.get(parent_id or 0, ""), []).append((str(unit_id), text))
    if len(groups) <= 1:
        return [("", "Chọn xã"), *(choice for choices in groups.values() for choice in choices)]
    return [("", "Chọn xã"), *sorted(groups.items())]


class FileForm(Plain):
    tep = forms.FileField(
        label="Tệp Excel (.xlsx) đã điền",
        error_messages={"required": "Chưa chọn tệp.", "empty": "Tệp rỗng. Chọn tệp khác."},
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )
    don_vi = forms.ChoiceField(label="Đơn vị đăng ký", error_messages=MESSAGES)

    def __init__(self, *args: Any, units: list[UnitVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(version.unit_id): version.unit for version in units}
        self.fields["don_vi"].choices = [  # type: ignore[attr-defined]
            (str(version.unit_id), version.label) for version in units
        ]
        if len(units) == 1:
            self.fields["don_vi"].widget = forms.HiddenInput()
            self.fields["don_vi"].initial = str(units[0].unit_id)


class CallForm(Plain):
    han = forms.DateField(
        label="Hạn gửi đăng ký (ngày cuối còn trong hạn)",
        required=False,
        widget=forms.DateInput(
            attrs={"placeholder": "ngày/tháng/năm", "inputmode": "numeric"}, format="%d/%m/%Y"
        ),
        help_text="Ví dụ 15/11/2023. Bỏ trống nếu không đặt hạn.",
        error_messages={"invalid": "Ngày chưa đúng. Ghi ngày/tháng/năm, ví dụ 15/11/2023."},
        input_formats=["%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d"],
    )
    can = forms.IntegerField(
        label="Số cơ quan cần cho mỗi xã",
        min_value=1,
        max_value=50,
        error_messages={"required": "Chưa ghi số.", "invalid": "Ghi một số từ 1 đến 50."},
        help_text="Nhiều hơn số này thì chương trình nhắc chọn nơi khác.",
    )


class ExceptionForm(Plain):
    loai = forms.ChoiceField(label="Loại đăng ký", choices=RegistrationKind.choices, error_messages=MESSAGES)
    don_vi = forms.CharField(
        label="Đơn vị",
        max_length=370,
        error_messages=MESSAGES,
        help_text="Ghi tên đầy đủ, không cần dấu; ví dụ: xa dao san.",
    )
    viec = forms.ChoiceField(
        label="Việc cần làm",
        choices=[("them", "Thêm vào danh sách phải đăng ký"), ("bo", "Bỏ khỏi danh sách")],
        error_messages=MESSAGES,
    )
    ly_do = forms.CharField(label="Lý do", max_length=500, error_messages=MESSAGES)

    def __init__(self, *args: Any, plan: Plan, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan, self.on = plan, on

    def clean_don_vi(self) -> Unit:
        asked = fold(self.cleaned_data["don_vi"])
        reach = tree.ids_at_or_below(places.reach_of(self.plan, on=self.on), on=self.on)
        named = UnitVersion.objects.filter(tree.valid_on(self.on), unit__in=reach).select_related("unit")
        named = holding(named, asked.split())
        found = list(named.order_by("label_order")[:6])
        exact = [version for version in found if fold(version.label) == asked]
        if len(exact) == 1:
            return exact[0].unit
        if len(found) == 1:
            return found[0].unit
        if not found:
            raise forms.ValidationError("Không có đơn vị này trong phạm vi của kế hoạch. Kiểm tra lại tên.")
        names = "; ".join(version.label for version in found[:5])
        raise forms.ValidationError(f"Có nhiều đơn vị khớp: {names}. Ghi tên đầy đủ hơn.")


class ReasonForm(Plain):
    ly_do = forms.CharField(
        label="Lý do", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
