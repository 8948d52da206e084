"""What of the groups falls due: to score oneself, to check another unit, to verify."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db.models import QuerySet

from thidua.awards.groups import addresses
from thidua.awards.groups.rights import DECIDING, DOING, asked_to_verify
from thidua.awards.models import GroupSeasonState, ScoreSheet, ScoreSheetState
from thidua.notices.due import Due, register, source_of_rows
from thidua.organisations.models import Role

S = ScoreSheetState
WORKERS = DOING - {Role.LEADER}


def _waiting(*states: ScoreSheetState) -> Callable[[date], QuerySet[ScoreSheet]]:
    def waiting(_on: date) -> QuerySet[ScoreSheet]:
        return ScoreSheet.objects.filter(
            season__state=GroupSeasonState.SCORING, state__in=states
        ).select_related("season__grouping")

    return waiting


def _due(row: ScoreSheet, what: str, due_on: date | None, unit_id: int | None) -> Due:
    assert due_on is not None  # found by its day
    return Due(
        key=str(row.pk),
        title=f"{what}: {row.season}",
        address=addresses.of_sheet(row.pk),
        due_on=due_on,
        unit_id=unit_id,
        about=row.season.grouping.name,
    )


def _self(row: ScoreSheet) -> Due:
    return _due(row, "Tự chấm điểm thi đua", row.season.self_due, row.unit_id)


def _cross(row: ScoreSheet) -> Due:
    return _due(row, "Chấm chéo điểm thi đua", row.season.cross_due, row.checker_id)


def _verify(row: ScoreSheet) -> Due:
    return _due(row, "Thẩm định điểm thi đua", row.season.verify_due, asked_to_verify(row))


def _unchecked(on: date) -> QuerySet[ScoreSheet]:
    return _waiting(S.SELF_SCORED)(on).filter(checker__isnull=False)


for source in (
    source_of_rows(
        "group_self_scores",
        "Tự chấm điểm thi đua",
        roles=WORKERS,
        late_roles=DOING,
        waiting=_waiting(S.SCORING, S.RETURNED),
        due=_self,
        day="season__self_due",
    ),
    source_of_rows(
        "group_cross_checks",
        "Chấm chéo điểm thi đua",
        roles=WORKERS,
        late_roles=DOING,
        waiting=_unchecked,
        due=_cross,
        day="season__cross_due",
    ),
    source_of_rows(
        "group_verifications",
        "Thẩm định điểm thi đua",
        roles=DECIDING,
        late_roles=DECIDING,
        waiting=_waiting(S.CROSS_CHECKED),
        due=_verify,
        day="season__verify_due",
    ),
):
    register(source)
