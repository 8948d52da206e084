"""The list of the log: its columns and what can be asked of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from thidua.accounts.models import User
from thidua.audit import reader, workflow
from thidua.audit.models import Entry
from thidua.core.clock import VIETNAM
from thidua.core.text import fold
from thidua.organisations.models import UnitVersion
from thidua.tables.listing import Column, FilterForm, Shown, Table
from thidua.tables.words import holding

#: `?doi-tuong=movements.task:12` shows what happened to one object.
OBJECT = "doi-tuong"
#: `?cua=toi` shows what the asking person did.
WHOSE, MINE = "cua", "toi"


def object_types() -> list[tuple[str, str]]:
    """Types that the log holds, with their names: one step along the index for each, however long the log."""
    found: list[tuple[str, str]] = []
    last = ""
    while True:
        following = (
            Entry.objects.filter(object_type__gt=last)
            .order_by("object_type")
            .values_list("object_type", flat=True)
            .first()
        )
        if following is None:
            return sorted(found, key=lambda one: fold(one[1]))
        found.append((following, reader.object_type_label(following)))
        last = following


def actions() -> list[tuple[str, list[tuple[str, str]]]]:
    """The steps of all state tables, grouped by what they are about."""
    return [
        (table.title, [(f"{table.model.lower()}.{step.name}", step.label) for step in table.transitions])
        for table in workflow.tables()
    ]


class LogFilters(FilterForm):
    tim = forms.CharField(label="Tìm", max_length=200)
    nguoi = forms.CharField(label="Người thực hiện", max_length=100)
    don_vi = forms.CharField(label="Đơn vị", max_length=100)
    viec = forms.ChoiceField(label="Việc")
    loai = forms.ChoiceField(label="Loại đối tượng")
    tu_ngay = forms.DateField(label="Từ ngày")
    den_ngay = forms.DateField(label="Đến ngày")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("viec", actions()), ("loai", object_types())):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "Tất cả"), *choices]
        for name, hint in (
            ("tim", "Việc, đối tượng, lý do; không cần dấu"),
            ("nguoi", "Tên, không cần dấu"),
            ("don_vi", "Tên đơn vị, không cần dấu"),
            ("tu_ngay", "ngày/tháng/năm"),
            ("den_ngay", "ngày/tháng/năm"),
        ):
            self.fields[name].widget.attrs["placeholder"] = hint

    def narrow(self, rows: QuerySet[Entry], asked: dict[str, Any]) -> QuerySet[Entry]:
        rows = rows.filter(reader.between(asked.get("tu_ngay"), asked.get("den_ngay")))
        if "tim" in asked:
            rows = rows.filter(reader.holding(asked["tim"]))
        if "nguoi" in asked:
            rows = rows.filter(user_id__in=_people_named(asked["nguoi"]))
        if "don_vi" in asked:
            units = _units_named(asked["don_vi"])
            rows = rows.filter(Q(unit_id__in=units) | Q(object_unit_id__in=units))
        if "viec" in asked:
            rows = rows.filter(action=asked["viec"])
        if "loai" in asked:
            rows = rows.filter(object_type=asked["loai"])
        return rows


def _people_named(words: str) -> list[int]:
    """Accounts hold no name without accents; they are thousands at most."""
    wanted = fold(words).split()
    return [
        pk
        for pk, full_name, username in User.objects.values_list("pk", "full_name", "username")
        if all(word in fold(f"{full_name} {username}") for word in wanted)
    ]


def _units_named(words: str) -> QuerySet[UnitVersion, int]:
    versions = UnitVersion.objects.filter(annulled_by__isnull=True)
    versions = holding(versions, fold(words).split())
    return versions.values_list("unit_id", flat=True)


def _moment(entry: Entry) -> str:
    return f"{entry.at.astimezone(VIETNAM):%H:%M %d/%m/%Y}"


def _act(entry: Entry) -> Shown:
    before = reader.state_label(entry.object_type, entry.state_before)
    after = reader.state_label(entry.object_type, entry.state_after)
    step = f"{before} → {after}" if before and before != after else after
    reason = f"Lý do: {entry.reason}" if entry.reason else ""
    return Shown(
        entry.action_label,
        href=reverse("workspace:log_entry", args=[entry.number]),
        note=". ".join(filter(None, (step, reason))),
    )


def _object(entry: Entry) -> Shown:
    address = urlencode({OBJECT: f"{entry.object_type}:{entry.object_id}"})
    return Shown(
        entry.object_label,
        href=f"{reverse('workspace:log')}?{address}",
        note=reader.object_type_label(entry.object_type),
    )


LOG: Table[Entry] = Table(
    name="nhat-ky",
    title="Nhật ký",
    filters=LogFilters,
    usual_order="-so",
    empty="Chưa có việc nào được ghi lại. Mỗi việc đổi trạng thái của kế hoạch, nhiệm vụ, đăng ký "
    "sẽ thành một dòng ở đây.",
    columns=(
        Column("so", "Số", lambda entry: str(entry.number), order=("number",), width=10, is_number=True),
        Column("luc", "Lúc", _moment, value=lambda entry: entry.at, order=("at",), width=18),
        Column("nguoi", "Người thực hiện", lambda entry: entry.actor, width=40),
        Column("viec", "Việc", _act, order=("action_label",), width=30),
        Column("doi-tuong", "Đối tượng", _object, width=60),
    ),
)

#: What the page shows in small print, Excel holds in columns of its own.
WORKBOOK: Table[Entry] = Table(
    name=LOG.name,
    title=LOG.title,
    filters=LogFilters,
    usual_order=LOG.usual_order,
    columns=(
        *LOG.columns,
        Column("loai", "Loại đối tượng", lambda entry: reader.object_type_label(entry.object_type)),
        Column("truoc", "Trước", lambda entry: reader.state_label(entry.object_type, entry.state_before)),
        Column("sau", "Sau", lambda entry: reader.state_label(entry.object_type, entry.state_after)),
        Column("ly-do", "Lý do", lambda entry: entry.reason, width=50),
        Column(
            "chi-tiet",
            "Chi tiết",
            lambda entry: "; ".join(f"{one.name}: {one.value}" for one in reader.details_of(entry)),
            width=60,
        ),
        Column("ma-bam", "Mã băm", lambda entry: entry.hash, width=68),
    ),
)
