"""The register as a list: columns, filters, order."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse

from thidua.awards.duplicates import form_name
from thidua.awards.models import (
    AwardLevel,
    AwardSource,
    AwardState,
    AwardSubjectType,
    RegisteredAward,
    Sex,
)
from thidua.core.formats import format_date
from thidua.core.text import fold
from thidua.criteria import award_law
from thidua.criteria.lawbook import NotInLawbook
from thidua.tables.listing import Column, FilterForm, Shown, Table
from thidua.tables.words import holding

ANY = [("", "Tất cả")]
UNTIED = "chua-ghep"
TONES = {AwardState.REVOKED: "late", AwardState.CORRECTED: "warning", AwardState.IN_FORCE: ""}


def form_choices(on: date) -> list[tuple[str, str]]:
    """Forms of the lawbook on a day, highest first, then those of earlier days that are gone."""
    found: dict[str, str] = {}
    for day in (on, date(2024, 6, 1), date(2020, 1, 1)):
        try:
            found |= {one.code: one.name for one in award_law.forms(day) if one.code not in found}
        except NotInLawbook:
            continue
    return list(found.items())


def type_choices(on: date) -> list[tuple[str, str]]:
    try:
        return [(one.code, one.name[:1].upper() + one.name[1:]) for one in award_law.types(on)]
    except NotInLawbook:
        return []


def type_name(code: str, on: date) -> str:
    return dict(type_choices(on)).get(code, code)


class RegisterFilters(FilterForm):
    """Words are looked for in name, number, form, unit, issuer, golden-book number and year."""

    tim = forms.CharField(label="Tên, số quyết định, đơn vị, hình thức", max_length=200)
    hinh_thuc = forms.ChoiceField(label="Hình thức")
    cap = forms.ChoiceField(label="Cấp", choices=[*ANY, *AwardLevel.choices])
    loai = forms.ChoiceField(label="Đối tượng", choices=[*ANY, *AwardSubjectType.choices])
    nam = forms.IntegerField(label="Năm", min_value=1945, max_value=2200)
    tinh_trang = forms.ChoiceField(
        label="Tình trạng", choices=[*ANY, *AwardState.choices, (UNTIED, "Chưa ghép đối tượng")]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        on = kwargs.pop("on")
        super().__init__(*args, **kwargs)
        field = self.fields["hinh_thuc"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*ANY, *form_choices(on)]

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        rows = holding(rows, fold(asked.get("tim", "")).split())
        for name, field in (("hinh_thuc", "form"), ("cap", "level"), ("loai", "subject_type")):
            if name in asked:
                rows = rows.filter(**{field: asked[name]})
        if "nam" in asked:
            rows = rows.filter(decided_year=asked["nam"])
        state = asked.get("tinh_trang")
        if state == UNTIED:
            return rows.filter(subject_key="").exclude(state=AwardState.CORRECTED)
        return rows.filter(state=state) if state else rows.exclude(state=AwardState.CORRECTED)


class StatisticsFilters(FilterForm):
    """Which part of the register is counted."""

    tu_nam = forms.IntegerField(label="Từ năm", min_value=1945, max_value=2200)
    den_nam = forms.IntegerField(label="Đến năm", min_value=1945, max_value=2200)
    hinh_thuc = forms.ChoiceField(label="Hình thức")
    loai = forms.ChoiceField(label="Đối tượng", choices=[*ANY, *AwardSubjectType.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        on = kwargs.pop("on")
        super().__init__(*args, **kwargs)
        field = self.fields["hinh_thuc"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*ANY, *form_choices(on)]

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        for name, field in (
            ("tu_nam", "decided_year__gte"),
            ("den_nam", "decided_year__lte"),
            ("hinh_thuc", "form"),
            ("loai", "subject_type"),
        ):
            if name in asked:
                rows = rows.filter(**{field: asked[name]})
        return rows


def _name(row: RegisteredAward) -> Shown:
    note = row.unit_name if row.unit_name != row.subject_name else ""
    if not row.subject_key:
        note = f"{note} · chưa ghép đối tượng".strip(" ·")
    return Shown(row.subject_name, href=reverse("award_register:award", args=[row.pk]), note=note)


def _decided(row: RegisteredAward) -> str:
    return format_date(row.decided_on) if row.decided_on else f"năm {row.decided_year}"


def _state(row: RegisteredAward) -> Shown:
    return Shown(row.get_state_display(), tone=TONES[AwardState(row.state)])


def _form(row: RegisteredAward) -> str:
    return row.form_name or form_name(row.form, row.decided_on or date(row.decided_year, 12, 31))


def register_table(*, name: str = "so-khen-thuong", is_whole: bool = True) -> Table[RegisteredAward]:
    """The register of a body, or with `is_whole` false the record of one subject."""
    columns: list[Column[RegisteredAward]] = [
        Column("ten", "Tên", _name, lambda row: row.subject_name, order=("name_order",), width=38),
        Column("hinh_thuc", "Hình thức", _form, order=("form", "form_name"), width=32),
        Column("so", "Số quyết định", lambda row: row.decision_number, order=("decision_number",), width=18),
        Column(
            "ngay",
            "Ngày",
            _decided,
            lambda row: row.decided_on or str(row.decided_year),
            order=("decided_year", "decided_on"),
            width=13,
        ),
        Column(
            "co_quan", "Cơ quan quyết định", lambda row: row.issuer_name, order=("issuer_name",), width=30
        ),
        Column("tt", "Tình trạng", _state, lambda row: row.get_state_display(), order=("state",), width=18),
    ]
    return Table(
        name=name,
        title="Sổ khen thưởng",
        columns=tuple(columns),
        filters=RegisterFilters,
        usual_order="-ngay",
        empty=(
            "Chưa có khoản khen thưởng nào. Quyết định ký trong chương trình tự vào sổ; danh sách "
            "cũ nhập từ Excel, từ văn bản quyết định, hoặc từng khoản."
            if is_whole
            else "Chưa có khoản khen thưởng nào trong sổ."
        ),
        tone=lambda row: "late" if row.state == AwardState.REVOKED else "",
        keys_first=is_whole,
    )


def workbook_columns() -> tuple[tuple[str, int], ...]:
    return tuple((title, width) for title, width, _ in _EXCEL)


def workbook_row(row: RegisteredAward) -> list[Any]:
    return [value(row) for _, _, value in _EXCEL]


def _yes_no(value: bool | None) -> str:
    return "" if value is None else ("Có" if value else "Không")


#: Everything of a row that an office may need in Excel; what is not known is an empty cell.
_EXCEL: tuple[tuple[str, int, Any], ...] = (
    ("Tên", 36, lambda row: row.subject_name),
    ("Đối tượng", 20, lambda row: row.get_subject_type_display()),
    ("Đơn vị", 34, lambda row: row.unit_name),
    ("Giới tính", 10, lambda row: Sex(row.sex).label if row.sex else ""),
    ("Người trực tiếp", 12, lambda row: _yes_no(row.is_direct_worker)),
    ("Hình thức", 32, _form),
    ("Cấp", 22, lambda row: row.get_level_display()),
    (
        "Loại hình",
        22,
        lambda row: type_name(row.commendation_type, row.decided_on or date(row.decided_year, 12, 31)),
    ),
    ("Phong trào", 34, lambda row: row.movement.name if row.movement else ""),
    ("Số quyết định", 18, lambda row: row.decision_number),
    ("Ngày quyết định", 14, lambda row: row.decided_on),
    ("Năm", 8, lambda row: row.decided_year),
    ("Cơ quan quyết định", 34, lambda row: row.issuer_name),
    ("Người ký", 22, lambda row: row.signer),
    ("Thành tích", 44, lambda row: row.achievement),
    ("Tiền thưởng (đồng)", 14, lambda row: row.bonus),
    ("Số vào sổ vàng", 14, lambda row: row.golden_book_number),
    ("Tình trạng", 20, lambda row: row.get_state_display()),
    ("Văn bản hủy bỏ, đính chính", 30, lambda row: row.revoked_by or row.correcting_paper),
    ("Nguồn", 20, lambda row: AwardSource(row.source).label),
)
