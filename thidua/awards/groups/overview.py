"""A year of a group at a glance: the sums of each sheet by who judged, who is late, the whole as a grid.

Sums here run along while people score; a place in the ranking needs the whole: `scoring`, `publishing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from thidua.awards.groups import scoring, tables
from thidua.awards.models import (
    GroupSeason,
    GroupSeasonState,
    ScoreItem,
    ScoreLine,
    ScoreSheet,
    ScoreSheetState,
)
from thidua.core.formats import format_number

#: Whose points, in the order of the work: field of the line, and how it is called.
JUDGES = (("self_points", "Tự chấm"), ("cross_points", "Chấm chéo"), ("verified_points", "Thẩm định"))
#: States in which the next act is due by which day of the year.
DUE = {
    ScoreSheetState.SCORING: "self_due",
    ScoreSheetState.RETURNED: "self_due",
    ScoreSheetState.SELF_SCORED: "cross_due",
    ScoreSheetState.CROSS_CHECKED: "verify_due",
}

Points = Mapping[int, Decimal | None]


@dataclass(frozen=True, slots=True)
class Sum:
    """What has been given so far. `open_count`: base criteria without points."""

    base: Decimal
    bonus_given: Decimal
    bonus_counted: Decimal
    penalty: Decimal
    total: Decimal
    open_count: int
    #: Whether anything at all was given.
    is_begun: bool

    @property
    def figure(self) -> str:
        return format_number(self.total) if self.is_begun else "–"

    @property
    def words(self) -> str:
        """«chuẩn 78 · thưởng 5 (của 6) · trừ 1,5 · còn 2 tiêu chí chưa chấm»."""
        if not self.is_begun:
            return "chưa chấm"
        said = [f"chuẩn {format_number(self.base)}"]
        if self.bonus_given:
            more = (
                f" (của {format_number(self.bonus_given)})" if self.bonus_given != self.bonus_counted else ""
            )
            said.append(f"thưởng {format_number(self.bonus_counted)}{more}")
        if self.penalty:
            said.append(f"trừ {format_number(self.penalty)}")
        if self.open_count:
            said.append(f"còn {self.open_count} tiêu chí chưa chấm")
        return " · ".join(said)


def running_sum(items: Sequence[scoring.Item], points: Points, bonus_cap: Decimal | None) -> Sum:
    """The sum of what is there; points beyond what an item gives are left out."""
    given = {
        item.id: own
        for item in items
        if (own := points.get(item.id)) is not None and 0 <= own <= (item.points or own)
    }
    base = [item for item in items if item.kind == scoring.BASE]
    known = [item for item in items if item.kind != scoring.BASE or item.id in given]
    found = scoring.total_of(known, [scoring.Scored(key, own) for key, own in given.items()], bonus_cap)
    assert found is not None, "all base items that are asked about have points"
    return Sum(
        base=found.base,
        bonus_given=found.bonus_given,
        bonus_counted=found.bonus_counted,
        penalty=found.penalty,
        total=found.total,
        open_count=sum(item.id not in given for item in base),
        is_begun=bool(given),
    )


def due_of(sheet: ScoreSheet, season: GroupSeason) -> date | None:
    """By when the next act on a sheet is due, while the year is open for scoring."""
    name = DUE.get(ScoreSheetState(sheet.state))
    if season.state != GroupSeasonState.SCORING or name is None:
        return None
    due: date | None = getattr(season, name)
    return due


def sums_of(season: GroupSeason) -> dict[int, dict[str, Sum]]:
    """By sheet and field of `JUDGES` what was given so far; two queries."""
    items, cap = tables.items_of(season.table), season.table.bonus_cap
    points: dict[int, dict[str, dict[int, Decimal | None]]] = {}
    names = [name for name, _ in JUDGES]
    for sheet_id, item_id, *given in ScoreLine.objects.filter(sheet__season=season).values_list(
        "sheet_id", "item_id", *names
    ):
        own = points.setdefault(sheet_id, {name: {} for name in names})
        for name, value in zip(names, given, strict=True):
            own[name][item_id] = value
    return {
        sheet_id: {name: running_sum(items, own[name], cap) for name in names}
        for sheet_id, own in points.items()
    }


def grid(
    season: GroupSeason, sheets: Iterable[ScoreSheet], labels: Mapping[int, str]
) -> tuple[tuple[tuple[str, int], ...], list[list[str | Decimal | None]]]:
    """Columns and rows for Excel: criteria downwards, for each unit its three columns of points."""
    shown = list(sheets)
    items = list(ScoreItem.objects.filter(table=season.table_id).order_by("position"))
    lines = {
        (line.sheet_id, line.item_id): line
        for line in ScoreLine.objects.filter(sheet__in=[sheet.pk for sheet in shown])
    }
    sums = sums_of(season)
    columns: list[tuple[str, int]] = [("STT", 8), ("Tiêu chí", 60), ("Điểm tối đa", 12)]
    for sheet in shown:
        columns += [(f"{labels.get(sheet.unit_id, '')}: {title.lower()}", 14) for _, title in JUDGES]
    rows: list[list[str | Decimal | None]] = []
    for item in items:
        row: list[str | Decimal | None] = [item.number, item.text, item.points]
        for sheet in shown:
            line = lines.get((sheet.pk, item.pk))
            row += [getattr(line, name) if line is not None else None for name, _ in JUDGES]
        rows.append(row)
    total: list[str | Decimal | None] = ["", "Tổng điểm", None]
    for sheet in shown:
        own = sums.get(sheet.pk)
        for name, _ in JUDGES:
            total.append(own[name].total if own and own[name].is_begun else None)
    return tuple(columns), [*rows, total]
