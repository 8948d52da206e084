"""What of the groups waits for a person: sign, score oneself, check another, verify, publish."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Min, Q

from thidua.awards.groups import addresses
from thidua.awards.groups.rights import DOING
from thidua.awards.models import (
    GroupSeason,
    GroupSeasonState,
    ScoreSheet,
    ScoreSheetState,
)
from thidua.organisations.authority import Acting
from thidua.organisations.waiting import Waiting

#: Of each of both so many are fetched, the most urgent first.
MOST = 60
OWN = (ScoreSheetState.SCORING, ScoreSheetState.RETURNED)


def matters(acting: Acting) -> list[Waiting]:
    """Two queries, and two of who stands in for whom, however many there are."""
    doing = acting.unit_ids(DOING)
    return [*_own(doing), *_running(acting, doing)]


def _own(doing: frozenset[int]) -> list[Waiting]:
    """Sheets of the own units to sign and to score, and those of others to check."""
    if not doing:
        return []
    to_sign = Q(unit_id__in=doing, season__state=GroupSeasonState.RUNNING, signed_on__isnull=True)
    to_score = Q(unit_id__in=doing, season__state=GroupSeasonState.SCORING, state__in=OWN)
    to_check = Q(
        checker_id__in=doing, season__state=GroupSeasonState.SCORING, state=ScoreSheetState.SELF_SCORED
    )
    rows = (
        ScoreSheet.objects.filter(to_sign | to_score | to_check)
        .select_related("season__grouping")
        .order_by("season__self_due", "pk")[:MOST]
    )
    return [_of_sheet(row) for row in rows]


def _of_sheet(row: ScoreSheet) -> Waiting:
    season = row.season
    is_answer = False
    if season.state == GroupSeasonState.RUNNING:
        title, why, act = "Ký giao ước thi đua", "Chưa ký giao ước", "Đọc và ký giao ước"
        due_on = season.covenant_on
    elif row.state == ScoreSheetState.SELF_SCORED:
        title, why, act = "Chấm chéo điểm thi đua", "Đã tự chấm, chờ chấm chéo", "Chấm chéo"
        due_on, is_answer = season.cross_due, True
    else:
        title, why = "Tự chấm điểm thi đua", str(row.get_state_display())
        act = "Sửa và gửi lại" if row.state == ScoreSheetState.RETURNED else "Tự chấm, gửi"
        due_on = season.self_due
    return Waiting(
        title=f"{title}: {season}",
        why=why,
        act=act,
        address=addresses.of_sheet(row.pk),
        about=season.grouping.name,
        due_on=due_on,
        is_answer=is_answer,
    )


def _running(acting: Acting, doing: frozenset[int]) -> list[Waiting]:
    """Of the years that one runs: sheets to verify, the head's own for the deputy; a ranking to publish."""
    # Who runs a year and who verifies have the same roles and stand in for the same places.
    units = acting.units_for("groupseason.run")
    if not units:
        return []
    heads_own = Q(sheets__unit=F("head"))
    mine = Q(owner_id__in=units) | (Q(head_id__in=units) & ~heads_own) | (Q(deputy_id__in=units) & heads_own)
    to_verify = Q(sheets__state=ScoreSheetState.CROSS_CHECKED) & mine & ~Q(sheets__unit_id__in=doing)
    rows = (
        GroupSeason.objects.filter(
            Q(owner_id__in=units) | Q(head_id__in=units) | Q(deputy_id__in=units),
            state=GroupSeasonState.SCORING,
        )
        .select_related("grouping")
        .annotate(
            to_verify=Count("sheets", filter=to_verify),
            first=Min("sheets__pk", filter=to_verify),
            unfinished=Count("sheets", filter=~Q(sheets__state=ScoreSheetState.VERIFIED)),
            verified=Count("sheets", filter=Q(sheets__state=ScoreSheetState.VERIFIED)),
        )
        .order_by("verify_due", "pk")[:MOST]
    )
    return [one for row in rows if (one := _of_year(row)) is not None]


def _of_year(row: Any) -> Waiting | None:
    if row.to_verify:
        title, why, act = f"{row.to_verify} phiếu chấm điểm chờ thẩm định: {row}", "Đã chấm chéo", "Thẩm định"
    elif row.verified and not row.unfinished:
        title, why = f"Công bố kết quả chấm điểm: {row}", "Đã thẩm định xong điểm của mọi đơn vị"
        act = "Xem xếp hạng, công bố"
    else:
        return None
    return Waiting(
        title=title,
        why=why,
        act=act,
        address=addresses.of_sheet(row.first) if row.to_verify == 1 else addresses.of_season(row.pk),
        about=row.grouping.name,
        due_on=row.verify_due,
        is_answer=bool(row.to_verify),
    )
