"""Forms of group scoring: a group with its units, a year of it, a table of criteria and its lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django import forms

from thidua.awards.forms import NOTHING, DayField, PlainForm
from thidua.awards.groups.table_files import MOST_ITEMS
from thidua.awards.models import GroupSeason, ScoreItem, ScoreItemKind, ScoreTable
from thidua.core.formats import parse_number
from thidua.indicators.models import Indicator
from thidua.movements.plans.forms import NumberField
from thidua.organisations.groupings import MADE_BY_BODIES
from thidua.organisations.models import Grouping

#: Points of one line need no thousands: what looks like "8.5" is what a foreign keyboard makes of "8,5".
_WITH_POINT = re.compile(r"[0-9]{1,4}\.[0-9]{1,2}")
PLACES = 2


def read_points(text: str) -> Decimal:
    """ "8,5" as points, to the hundredth. Raises ValueError with a sentence."""
    said = text.strip()
    try:
        found = Decimal(said) if _WITH_POINT.fullmatch(said) else parse_number(said)
    except ValueError:
        raise ValueError("Điểm chưa đúng. Viết như 8 hoặc 8,5.") from None
    if found < 0 or found >= 10**6:
        raise ValueError("Điểm không âm. Điểm trừ cũng ghi số dương.")
    if found != round(found, PLACES):
        raise ValueError("Điểm có nhiều nhất hai chữ số sau dấu phẩy.")
    return found


#: Of a field in which a number is typed and stays as it was typed.
_TYPED = {"inputmode": "decimal", "autocomplete": "off", "maxlength": "24"}


class EndField(NumberField):
    """A figure at which no or all points are given; it may be below zero."""

    widget = forms.TextInput(attrs=_TYPED)


class PointsField(NumberField):
    """Points typed as officials write them."""

    widget = forms.TextInput(attrs=_TYPED)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        said = str(value or "").strip()
        if not said:
            return None
        try:
            return read_points(said)
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong)) from None


def _area(label: str, *, rows: int, **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, widget=widget, **kwargs)


def _choices(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class GroupForm(PlainForm):
    """A new cluster or bloc, or from a day on other units in it."""

    owner = forms.TypedChoiceField(label="Cơ quan tổ chức", coerce=int)
    kind = forms.ChoiceField(label="Loại", choices=[(kind.value, kind.label) for kind in MADE_BY_BODIES])
    name = forms.CharField(label="Tên cụm, khối", max_length=300)
    since = DayField(label="Từ ngày")
    units = forms.TypedMultipleChoiceField(
        label="Các đơn vị trong cụm, khối",
        coerce=int,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )

    def __init__(
        self, *args: Any, owners: Mapping[int, str], units: Mapping[int, str], is_change: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "units", [(str(pk), label) for pk, label in units.items()])
        self.fields["units"].error_messages["required"] = "Chưa chọn đơn vị nào."
        if is_change:
            for name in ("owner", "kind", "name"):
                del self.fields[name]
        else:
            _choices(self, "owner", [(str(pk), label) for pk, label in owners.items()])


class SeasonStartForm(PlainForm):
    """Which group, which year: what the next form is filled from."""

    nhom = forms.TypedChoiceField(label="Cụm, khối", coerce=int)
    nam = forms.IntegerField(label="Năm", min_value=2004, max_value=2100)

    def __init__(self, *args: Any, groupings: list[Grouping], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choices(self, "nhom", [(str(one.pk), one.name) for one in groupings])


class SeasonForm(PlainForm):
    """A year of a group: head and deputy, table, days, covenant."""

    head = forms.TypedChoiceField(label="Trưởng cụm, khối", coerce=int)
    deputy = forms.TypedChoiceField(
        label="Phó trưởng cụm, khối", coerce=int, required=False, empty_value=None
    )
    table = forms.TypedChoiceField(
        label="Bảng tiêu chí chấm điểm",
        coerce=int,
        help_text="Bảng đang áp dụng của cơ quan tổ chức",
    )
    self_due = DayField(label="Hạn tự chấm", required=False)
    cross_due = DayField(label="Hạn chấm chéo", required=False)
    verify_due = DayField(label="Hạn thẩm định", required=False)
    proposed_seats = forms.IntegerField(
        label="Số đơn vị được suy tôn", required=False, min_value=0, max_value=500
    )
    covenant_on = DayField(label="Ngày ký giao ước", required=False)
    covenant = _area("Nội dung giao ước", rows=6, max_length=20000)

    def __init__(self, *args: Any, units: Mapping[int, str], tables: list[ScoreTable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(pk), label) for pk, label in units.items()]
        _choices(self, "head", [*NOTHING, *offered])
        _choices(self, "deputy", [("", "chưa có"), *offered])
        _choices(self, "table", [(str(one.pk), one.name) for one in tables])

    def clean(self) -> dict[str, Any] | None:
        found = self.cleaned_data
        if found.get("deputy") and found.get("deputy") == found.get("head"):
            self.add_error("deputy", "Phó trưởng phải là đơn vị khác trưởng cụm, khối.")
        days = [(name, found.get(name)) for name in ("self_due", "cross_due", "verify_due")]
        known = [(name, day) for name, day in days if day]
        for (_, before), (name, after) in pairwise(known):
            if after < before:
                self.add_error(name, "Hạn này đến trước hạn của bước trước.")
        return found

    def fill(self, season: GroupSeason) -> GroupSeason:
        """The season as typed, not saved; fields that were taken out of the form stay."""
        found = self.cleaned_data
        for name, attribute in (("head", "head_id"), ("deputy", "deputy_id"), ("table", "table_id")):
            if name in found:
                setattr(season, attribute, found[name])
        for name in ("self_due", "cross_due", "verify_due", "proposed_seats", "covenant_on"):
            if name in found:
                setattr(season, name, found[name])
        season.covenant = found["covenant"].strip()
        return season


def season_values(season: GroupSeason) -> dict[str, Any]:
    """What a kept season fills the form with."""
    names = ("self_due", "cross_due", "verify_due", "proposed_seats", "covenant_on", "covenant")
    found: dict[str, Any] = {name: getattr(season, name) for name in names}
    return found | {"head": season.head_id, "deputy": season.deputy_id or "", "table": season.table_id}


class TableForm(PlainForm):
    """Name, source and cap of a table of criteria."""

    owner = forms.TypedChoiceField(label="Cơ quan ban hành", coerce=int)
    name = forms.CharField(label="Tên bảng", max_length=300)
    source = forms.CharField(
        label="Văn bản ban hành", max_length=300, required=False, help_text="Số, ngày, trích yếu"
    )
    bonus_cap = PointsField(
        label="Điểm thưởng tối đa",
        required=False,
        help_text="Tổng điểm thưởng được tính; trống: không giới hạn",
    )

    def __init__(self, *args: Any, owners: Mapping[int, str], is_change: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_change:
            del self.fields["owner"]
        else:
            _choices(self, "owner", [(str(pk), label) for pk, label in owners.items()])

    def fill(self, table: ScoreTable) -> ScoreTable:
        found = self.cleaned_data
        if "owner" in found:
            table.owner_id = found["owner"]
        table.name, table.source = found["name"].strip(), found["source"].strip()
        table.bonus_cap = found["bonus_cap"]
        return table


class ItemForm(PlainForm):
    """One line of a table."""

    kind = forms.ChoiceField(label="Loại", choices=ScoreItemKind.choices, initial=ScoreItemKind.BASE)
    number = forms.CharField(
        label="Số thứ tự", max_length=12, required=False, help_text="Như in trong bảng: I, 1.2, a"
    )
    text = forms.CharField(label="Nội dung", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    points = PointsField(label="Điểm tối đa", required=False, help_text="Nhóm tiêu chí thì để trống")
    guide = _area("Cách chấm", rows=3, max_length=4000)
    needs_evidence = forms.BooleanField(label="Phải có minh chứng", required=False)
    breaks_ties = forms.IntegerField(
        label="Thứ tự xét khi bằng điểm",
        required=False,
        min_value=1,
        max_value=MOST_ITEMS,
        help_text="1: xét trước nhất",
    )
    indicator = forms.TypedChoiceField(
        label="Chấm theo chỉ tiêu", coerce=int, required=False, empty_value=None
    )
    zero_at = EndField(label="Không điểm khi chỉ tiêu bằng", required=False)
    full_at = EndField(label="Đủ điểm khi chỉ tiêu bằng", required=False)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Indicator.objects.filter(since__lte=on, until__gt=on).order_by("name_order", "pk")
        offered = [
            (str(pk), f"{name} ({measure})")
            for pk, name, measure in known.values_list("pk", "name", "measure")[:2000]
        ]
        _choices(self, "indicator", [("", "không, người chấm cho điểm"), *offered])

    def clean(self) -> dict[str, Any] | None:
        found = self.cleaned_data
        is_section = found.get("kind") == ScoreItemKind.SECTION
        if is_section and found.get("points") is not None:
            self.add_error("points", "Nhóm tiêu chí không có điểm riêng. Để trống ô này.")
        if not is_section and "points" in found and not found["points"]:
            self.add_error("points", "Chưa có điểm tối đa.")
        ends = [found.get("zero_at"), found.get("full_at")]
        if found.get("indicator") and "zero_at" in found and "full_at" in found:
            if None in ends:
                self.add_error("full_at", "Chấm theo chỉ tiêu thì ghi cả hai mốc: không điểm và đủ điểm.")
            elif ends[0] == ends[1]:
                self.add_error("full_at", "Hai mốc phải khác nhau.")
        if not found.get("indicator") and any(end is not None for end in ends):
            self.add_error("indicator", "Có mốc điểm thì chọn chỉ tiêu.")
        return found

    def fill(self, item: ScoreItem) -> ScoreItem:
        found = self.cleaned_data
        for name in ("kind", "points", "needs_evidence", "breaks_ties", "zero_at", "full_at"):
            setattr(item, name, found[name])
        item.number, item.text = found["number"].strip(), " ".join(found["text"].split())
        item.guide = found["guide"].strip()
        item.indicator_id = found["indicator"]
        return item


def item_values(item: ScoreItem) -> dict[str, Any]:
    """What a kept line fills the form with."""
    names = (
        *("kind", "number", "text", "points", "guide", "needs_evidence", "breaks_ties"),
        *("zero_at", "full_at"),
    )
    return {name: getattr(item, name) for name in names} | {"indicator": item.indicator_id or ""}


class TableFileForm(PlainForm):
    file = forms.FileField(label="Tệp Excel", max_length=200)
