"""What of the groups waits for a person: sign, score oneself, check another, verify, publish."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q

from thidua.awards.groups import addresses
from thidua.awards.groups.readiness import HALF_DONE
from thidua.awards.groups.rights import DOING
from thidua.awards.models import (
    GroupSeason,
    GroupSeasonState,
    ScoreSheet,
    ScoreSheetState,
)
from thidua.organisations.authority import Acting
from thidua.organisations.waiting import Waiting

#: Of each sort so many are fetched, the most urgent first.
MOST = 60
OWN = (ScoreSheetState.SCORING, ScoreSheetState.RETURNED)


def matters(acting: Acting) -> list[Waiting]:
    """Five queries at most, however many there are."""
    doing = acting.unit_ids(DOING)
    return [
        *_to_sign(doing),
        *_to_score(doing),
        *_to_check(doing),
        *_to_verify(acting),
        *_to_publish(acting),
    ]


def _sheet(row: ScoreSheet, *, title: str, why: str, act: str, due_on: date | None, **more: Any) -> Waiting:
    return Waiting(
        title=title,
        why=why,
        act=act,
        address=addresses.of_sheet(row.pk),
        about=str(row.season),
        due_on=due_on,
        **more,
    )


def _to_sign(doing: frozenset[int]) -> list[Waiting]:
    if not doing:
        return []
    rows = (
        ScoreSheet.objects.filter(
            unit_id__in=doing, season__state=GroupSeasonState.RUNNING, signed_on__isnull=True
        )
        .select_related("season__grouping")
        .order_by("season__covenant_on", "pk")[:MOST]
    )
    return [
        _sheet(
            row,
            title=f"Ký giao ước thi đua: {row.season}",
            why="Chưa ký giao ước",
            act="Đọc và ký giao ước",
            due_on=row.season.covenant_on,
        )
        for row in rows
    ]


def _to_score(doing: frozenset[int]) -> list[Waiting]:
    if not doing:
        return []
    rows = (
        ScoreSheet.objects.filter(unit_id__in=doing, season__state=GroupSeasonState.SCORING, state__in=OWN)
        .select_related("season__grouping")
        .order_by("season__self_due", "pk")[:MOST]
    )
    return [
        _sheet(
            row,
            title=f"Tự chấm điểm thi đua: {row.season}",
            why=str(row.get_state_display()),
            act="Sửa và gửi lại" if row.state == ScoreSheetState.RETURNED else "Tự chấm, gửi",
            due_on=row.season.self_due,
        )
        for row in rows
    ]


def _to_check(doing: frozenset[int]) -> list[Waiting]:
    if not doing:
        return []
    rows = (
        ScoreSheet.objects.filter(
            checker_id__in=doing, season__state=GroupSeasonState.SCORING, state=ScoreSheetState.SELF_SCORED
        )
        .select_related("season__grouping")
        .order_by("season__cross_due", "pk")[:MOST]
    )
    return [
        _sheet(
            row,
            title=f"Chấm chéo điểm thi đua: {row.season}",
            why="Đã tự chấm, chờ chấm chéo",
            act="Chấm chéo",
            due_on=row.season.cross_due,
            is_answer=True,
        )
        for row in rows
    ]


def _to_verify(acting: Acting) -> list[Waiting]:
    """One line for each year of a group; the head's own sheet waits for the deputy."""
    units = acting.units_for("scoresheet.verify")
    if not units:
        return []
    heads = Q(season__head_id__in=units) & ~Q(unit=F("season__head"))
    deputies = Q(season__deputy_id__in=units, unit=F("season__head"))
    rows = (
        ScoreSheet.objects.filter(
            Q(season__owner_id__in=units) | heads | deputies,
            season__state=GroupSeasonState.SCORING,
            state=ScoreSheetState.CROSS_CHECKED,
        )
        .exclude(unit_id__in=acting.unit_ids(DOING))
        .values("season_id", "season__grouping__name", "season__year", "season__verify_due")
        .annotate(number=Count("pk"), first=Min("pk"))
        .order_by("season__verify_due", "season_id")[:MOST]
    )
    return [
        Waiting(
            title=f"{row['number']} phiếu chấm điểm chờ thẩm định",
            why="Đã chấm chéo",
            act="Thẩm định",
            address=addresses.of_sheet(row["first"])
            if row["number"] == 1
            else addresses.of_season(row["season_id"]),
            about=f"{row['season__grouping__name']} · {row['season__year']}",
            due_on=row["season__verify_due"],
            is_answer=True,
        )
        for row in rows
    ]


def _to_publish(acting: Acting) -> list[Waiting]:
    """All that was sent is verified, and nobody still owes a sheet."""
    units = acting.units_for("groupseason.run")
    if not units:
        return []
    sheets = ScoreSheet.objects.filter(season=OuterRef("pk"))
    rows = (
        GroupSeason.objects.filter(
            Q(owner_id__in=units) | Q(head_id__in=units) | Q(deputy_id__in=units),
            Exists(sheets.filter(state=ScoreSheetState.VERIFIED)),
            ~Exists(sheets.filter(state__in=(*HALF_DONE, *OWN))),
            state=GroupSeasonState.SCORING,
        )
        .select_related("grouping")
        .order_by("verify_due", "pk")[:MOST]
    )
    return [
        Waiting(
            title=f"Công bố kết quả chấm điểm: {row}",
            why="Đã thẩm định xong điểm của mọi đơn vị",
            act="Xem xếp hạng, công bố",
            address=addresses.of_season(row.pk),
            about=row.grouping.name,
            due_on=row.verify_due,
        )
        for row in rows
    ]
