"""The board of communes × criteria of one province and year, and the list of recognitions, declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from thidua.core.formats import format_date, format_percent
from thidua.indicators.models import NewRuralLevel, NewRuralStatus, Recognition, Standard
from thidua.indicators.new_rural import counts, statuses
from thidua.indicators.new_rural.criteria_sets import CriteriaSet
from thidua.indicators.new_rural.forms import BoardFilter, RecognitionFilter
from thidua.indicators.new_rural.recognitions import standing_on
from thidua.organisations import life, tree
from thidua.organisations.models import GroupingKind, Membership, Unit, UnitKind, UnitVersion
from thidua.organisations.successions import inherited_by
from thidua.tables.listing import Column, Shown, Table

_LEVELS = list(NewRuralLevel.values)


def provinces_on(day: date) -> list[tuple[str, str]]:
    """Key and name of each province of a day, for a choice."""
    rows = UnitVersion.objects.filter(tree.valid_on(day), unit__kind=UnitKind.PROVINCE)
    return [(key, label) for key, label in rows.order_by("label_order").values_list("unit__key", "label")]


@dataclass
class Board:
    """What the cells of the board show, loaded at once for all communes of the province."""

    province: Unit
    year: int
    day: date
    criteria: CriteriaSet
    standard: Standard
    communes: set[int] = field(default_factory=set)
    answers: dict[int, NewRuralStatus] = field(default_factory=dict)
    levels: dict[int, str] = field(default_factory=dict)
    regions: dict[int, str] = field(default_factory=dict)
    poverty: dict[int, statuses.Poverty] = field(default_factory=dict)

    @classmethod
    def of(
        cls, province: Unit, year: int, *, today: date, criteria: CriteriaSet, standard: Standard
    ) -> Board:
        """As the tree, the recognitions and the classes were at the end of the year, or today."""
        day = min(date(year, 12, 31), today)
        board = cls(province, year, day, criteria, standard)
        board.communes = counts.communes_on(province.pk, on=day)
        board.answers = statuses.statuses(board.communes, year, standard)
        held = Recognition.objects.filter(standing_on(day), unit_id__in=board.communes)
        for unit_id, level in held.values_list("unit_id", "level"):
            board.levels[unit_id] = max(level, board.levels.get(unit_id, level), key=_LEVELS.index)
        classes = Membership.objects.filter(
            grouping__kind=GroupingKind.REGION, unit_id__in=board.communes, since__lte=day, until__gt=day
        )
        board.regions = dict(classes.values_list("unit_id", "grouping__name"))
        board.poverty = statuses.poverty(board.communes, year)
        return board

    @property
    def states(self) -> dict[str, set[int]]:
        """Communes by what the filter asks: recognised, below 15 criteria, reported."""
        few = {
            pk
            for pk, row in self.answers.items()
            if row.met_count is not None and row.met_count < statuses.FEW
        }
        return {"dat": set(self.levels), "duoi": few, "co": set(self.answers)}

    def rows(self) -> QuerySet[UnitVersion]:
        return UnitVersion.objects.filter(tree.valid_on(self.day), unit_id__in=self.communes).select_related(
            "unit"
        )

    def table(self) -> Table[UnitVersion]:
        columns: list[Column[UnitVersion]] = [
            Column("xa", "Xã", self._place, lambda row: row.label, ("label_order",), width=28),
            Column("khu_vuc", "Khu vực", lambda row: self.regions.get(row.unit_id, "")),
            Column("dat", "Số đạt", self._count, self._count_value, width=10, is_number=True),
            Column("chua", "Chưa đạt", lambda row: self._numbers(row, is_met=False), width=24),
            Column("ngheo", "Nghèo đa chiều", self._poverty, self._poverty_value, width=16, is_number=True),
            Column("muc", "Công nhận", self._level, width=26),
        ]
        columns += [
            Column(f"tc{number}", str(number), self._shown(number), self._answer(number), width=6)
            for number in self.criteria.numbers
        ]
        return Table(
            name="nong-thon-moi",
            title="Bảng tiêu chí nông thôn mới",
            columns=tuple(columns),
            filters=BoardFilter,
            usual_order="xa",
            empty="Không có xã nào trong tỉnh vào ngày này. Phường, thị trấn không thuộc chương trình.",
        )

    def _place(self, row: UnitVersion) -> Shown:
        return Shown(row.label, href=reverse("new_rural:status", args=[row.unit.key, self.year]))

    def _count(self, row: UnitVersion) -> Shown:
        status = self.answers.get(row.unit_id)
        if status is None or status.met_count is None:
            return Shown("chưa báo cáo", tone="")
        whole = len(self.criteria.numbers)
        unanswered = whole - len(statuses.answers_of(status))
        tone = "warning" if status.met_count < statuses.FEW and whole > statuses.FEW else "good"
        note = f"{unanswered} chưa đánh giá" if unanswered else ""
        return Shown(f"{status.met_count}/{whole}", tone=tone, note=note)

    def _count_value(self, row: UnitVersion) -> int | None:
        status = self.answers.get(row.unit_id)
        return status.met_count if status else None

    def _numbers(self, row: UnitVersion, *, is_met: bool) -> str:
        answers = statuses.answers_of(self.answers.get(row.unit_id))
        return ", ".join(str(number) for number in sorted(answers) if answers[number] is is_met)

    def _poverty(self, row: UnitVersion) -> str:
        found = self.poverty.get(row.unit_id)
        return format_percent(found.percent, places=2) if found else ""

    def _poverty_value(self, row: UnitVersion) -> Decimal | None:
        found = self.poverty.get(row.unit_id)
        return found.percent if found else None

    def _level(self, row: UnitVersion) -> Shown | str:
        level = self.levels.get(row.unit_id)
        if level is None:
            return ""
        href = reverse("new_rural:place", args=[row.unit.key])
        return Shown(NewRuralLevel(level).label, href=href, tone="good")

    def _shown(self, number: int) -> Callable[[UnitVersion], str]:
        def show(row: UnitVersion) -> str:
            answer = statuses.answers_of(self.answers.get(row.unit_id)).get(number)
            return "" if answer is None else "đạt" if answer else "chưa"

        return show

    def _answer(self, number: int) -> Callable[[UnitVersion], str | None]:
        show = self._shown(number)
        return lambda row: show(row) or None


# ---- recognitions


def recognised(*, today: date) -> QuerySet[Recognition]:
    """All recognitions with the name of the place on the day of the decision."""
    names = UnitVersion.objects.filter(
        unit_id=OuterRef("unit_id"),
        annulled_by__isnull=True,
        since__lte=OuterRef("decided_on"),
        until__gt=OuterRef("decided_on"),
    )
    return Recognition.objects.select_related("unit", "decision", "withdrawal").annotate(
        place=Subquery(names.values("label")[:1]),
        place_order=Subquery(names.values("label_order")[:1]),
        place_search=Subquery(names.values("search_text")[:1]),
    )


def ids_ever_within(key: str, *, today: date) -> set[int]:
    """Everything that stands or stood below a province, or below one that it took over."""
    province = Unit.objects.filter(key=key).first()
    if province is None:
        return set()
    roots = inherited_by({province.pk}, on=today)[province.pk] | {province.pk}
    days = {today, *(date.fromordinal(mark.day.toordinal() - 1) for mark in life.marks())}
    return {pk for day in days for pk in tree.ids_at_or_below(roots, on=day)}


def _place_of(row: Any) -> Shown:
    return Shown(row.place or row.unit.key, href=reverse("new_rural:place", args=[row.unit.key]))


def _state_of(row: Any) -> Shown:
    if row.withdrawn_on is None:
        return Shown("Còn hiệu lực", tone="good")
    note = row.withdrawal.number if row.withdrawal else ""
    return Shown(f"Thu hồi {format_date(row.withdrawn_on)}", tone="late", note=note)


RECOGNITIONS: Table[Recognition] = Table(
    name="cong-nhan-nong-thon-moi",
    title="Công nhận nông thôn mới",
    columns=(
        Column("don_vi", "Đơn vị", _place_of, None, ("place_order",), width=28),
        Column("muc", "Mức", lambda row: row.get_level_display(), None, ("level",), width=28),
        Column(
            "nam",
            "Tính cho năm",
            lambda row: str(row.for_year),
            lambda row: row.for_year,
            ("for_year",),
            width=12,
        ),
        Column(
            "quyet_dinh",
            "Quyết định",
            lambda row: Shown(row.decision.number, note=row.decision.issuer),
            None,
            ("decision__number",),
            width=24,
        ),
        Column(
            "ngay",
            "Ngày quyết định",
            lambda row: format_date(row.decided_on),
            lambda row: row.decided_on,
            ("decided_on",),
            width=14,
        ),
        Column("hieu_luc", "Hiệu lực", _state_of, None, ("withdrawn_on",), width=22),
    ),
    filters=RecognitionFilter,
    usual_order="-ngay",
    empty="Chưa ghi công nhận nào. Mở trang của một xã để ghi quyết định công nhận.",
)
