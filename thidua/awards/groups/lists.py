"""The lists of group scoring: years of groups, tables of criteria."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse

from thidua.awards.models import GroupSeason, GroupSeasonState, ScoreSheetState, ScoreTable, ScoreTableState
from thidua.core.formats import format_date, format_number
from thidua.core.text import fold
from thidua.organisations.groupings import MADE_BY_BODIES
from thidua.tables.listing import Column, FilterForm, Shown, Table

ANY = [("", "Tất cả")]
#: A person sees some groups and tables a year: their names are few, and are compared without accents.
MOST_NAMES = 2000
SEASON_TONES = {
    GroupSeasonState.SCORING: "warning",
    GroupSeasonState.PUBLISHED: "good",
    GroupSeasonState.CANCELLED: "late",
}
SHEET_TONES = {
    ScoreSheetState.SELF_SCORED: "warning",
    ScoreSheetState.RETURNED: "late",
    ScoreSheetState.CROSS_CHECKED: "warning",
    ScoreSheetState.VERIFIED: "good",
}
TABLE_TONES = {ScoreTableState.DRAFT: "warning", ScoreTableState.IN_FORCE: "good"}


def _named(rows: QuerySet[Any], field: str, words: str) -> QuerySet[Any]:
    wanted = fold(words).split()
    if not wanted:
        return rows
    known = rows.order_by().values_list("pk", field)[:MOST_NAMES]
    return rows.filter(pk__in=[pk for pk, said in known if all(one in fold(said) for one in wanted)])


class SeasonFilters(FilterForm):
    tim = forms.CharField(label="Cụm, khối", max_length=200)
    nam = forms.IntegerField(label="Năm", min_value=1, max_value=9999)
    loai = forms.ChoiceField(
        label="Loại", choices=[*ANY, *((kind.value, kind.label) for kind in MADE_BY_BODIES)]
    )
    tinh_trang = forms.ChoiceField(label="Trạng thái", choices=[*ANY, *GroupSeasonState.choices])

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        rows = _named(rows, "grouping__name", asked.get("tim", ""))
        if "nam" in asked:
            rows = rows.filter(year=asked["nam"])
        if "loai" in asked:
            rows = rows.filter(grouping__kind=asked["loai"])
        return rows.filter(state=asked["tinh_trang"]) if "tinh_trang" in asked else rows


def season_table(labels: dict[int, str]) -> Table[GroupSeason]:
    """Rows carry `unit_count` and `done_count`, how many units there are and how many have a final sheet."""

    def progress(row: Any) -> str:
        if row.state not in (GroupSeasonState.SCORING, GroupSeasonState.PUBLISHED):
            return f"{row.unit_count} đơn vị"
        return f"{row.done_count}/{row.unit_count} đã thẩm định"

    return Table(
        name="cum-khoi",
        title="Năm thi đua của cụm, khối",
        columns=(
            Column(
                "nhom",
                "Cụm, khối",
                lambda row: Shown(row.grouping.name, href=reverse("groups:season", args=[row.pk])),
                lambda row: row.grouping.name,
                order=("grouping__name",),
                width=40,
            ),
            Column(
                "nam",
                "Năm",
                lambda row: str(row.year),
                lambda row: row.year,
                order=("year",),
                width=8,
                is_number=True,
            ),
            Column(
                "loai",
                "Loại",
                lambda row: row.grouping.get_kind_display(),
                order=("grouping__kind",),
                width=14,
            ),
            Column("truong", "Trưởng cụm, khối", lambda row: labels.get(row.head_id, ""), width=30),
            Column("tien_do", "Đơn vị", progress, width=20),
            Column(
                "han",
                "Hạn tự chấm",
                lambda row: format_date(row.self_due) if row.self_due else "",
                lambda row: row.self_due,
                order=("self_due",),
                width=14,
            ),
            Column(
                "tt",
                "Trạng thái",
                lambda row: Shown(
                    row.get_state_display(), tone=SEASON_TONES.get(GroupSeasonState(row.state), "")
                ),
                lambda row: row.get_state_display(),
                order=("state",),
                width=18,
            ),
        ),
        filters=SeasonFilters,
        usual_order="-nam",
        empty="Chưa có năm thi đua nào của cụm, khối. Cơ quan tổ chức làm theo thứ tự: lập bảng tiêu chí và "
        "đưa vào áp dụng, lập cụm, khối với các đơn vị thành viên, rồi lập năm thi đua.",
    )


class TableFilters(FilterForm):
    tim = forms.CharField(label="Tên bảng", max_length=200)
    tinh_trang = forms.ChoiceField(label="Trạng thái", choices=[*ANY, *ScoreTableState.choices])

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        rows = _named(rows, "name", asked.get("tim", ""))
        return rows.filter(state=asked["tinh_trang"]) if "tinh_trang" in asked else rows


def table_table(labels: dict[int, str]) -> Table[ScoreTable]:
    """Rows carry `base_points`, the sum of what base criteria give at most."""

    def points(value: Any) -> str:
        return format_number(value) if value is not None else ""

    return Table(
        name="bang-tieu-chi",
        title="Bảng tiêu chí chấm điểm",
        columns=(
            Column(
                "ten",
                "Bảng tiêu chí",
                lambda row: Shown(row.name, href=reverse("groups:table", args=[row.pk]), note=row.source),
                lambda row: row.name,
                order=("name",),
                width=48,
            ),
            Column("co_quan", "Cơ quan ban hành", lambda row: labels.get(row.owner_id, ""), width=34),
            Column(
                "chuan",
                "Điểm chuẩn",
                lambda row: points(row.base_points),
                lambda row: row.base_points,
                width=12,
                is_number=True,
            ),
            Column(
                "tran",
                "Thưởng tối đa",
                lambda row: points(row.bonus_cap),
                lambda row: row.bonus_cap,
                order=("bonus_cap",),
                width=14,
                is_number=True,
            ),
            Column(
                "ngay",
                "Lập ngày",
                lambda row: format_date(row.made_at.date()),
                lambda row: row.made_at,
                order=("made_at",),
                width=14,
            ),
            Column(
                "tt",
                "Trạng thái",
                lambda row: Shown(
                    row.get_state_display(), tone=TABLE_TONES.get(ScoreTableState(row.state), "")
                ),
                lambda row: row.get_state_display(),
                order=("state",),
                width=18,
            ),
        ),
        filters=TableFilters,
        usual_order="-ngay",
        empty="Chưa có bảng tiêu chí nào. Lập bảng theo văn bản của cơ quan, ghi từng tiêu chí hoặc nhập từ "
        "Excel, rồi đưa vào áp dụng.",
    )
