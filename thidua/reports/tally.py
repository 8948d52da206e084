"""Completeness and timeliness of rounds, along the tree: expected, received, on time. Counted, never guessed.

A unit is counted where it stands in the tree of the day. One query for a round, one more for a level of the
tree, however many units: the snapshot's ranges make "at or below" a comparison of two numbers.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, F, Q

from thidua.organisations import tree
from thidua.organisations.models import TreeNode
from thidua.reports.models import Report, ReportState


@dataclass(frozen=True, slots=True)
class Tally:
    """How many reports are expected, how many the receiver has, how many of them came in time."""

    expected: int = 0
    received: int = 0
    on_time: int = 0

    @property
    def missing(self) -> int:
        return self.expected - self.received

    @property
    def late(self) -> int:
        return self.received - self.on_time

    @property
    def percent(self) -> int | None:
        """Received of expected, rounded down: 100 only when nothing is missing."""
        return self.received * 100 // self.expected if self.expected else None

    @property
    def on_time_percent(self) -> int | None:
        return self.on_time * 100 // self.expected if self.expected else None


_RECEIVED = Q(state__in=Report.RECEIVED)
_ON_TIME = _RECEIVED & Q(first_sent_on__lte=F("due_on"))


def of_rounds(round_ids: Collection[int]) -> dict[int, Tally]:
    """One query. The merged report itself is not among its parts."""
    rows = (
        Report.objects.filter(round_id__in=round_ids, is_merged=False, is_owed=True)
        .order_by()
        .values("round_id")
        .annotate(
            expected=Count("pk"),
            received=Count("pk", filter=_RECEIVED),
            on_time=Count("pk", filter=_ON_TIME),
        )
    )
    found = {row["round_id"]: Tally(row["expected"], row["received"], row["on_time"]) for row in rows}
    return {round_id: found.get(round_id, Tally()) for round_id in round_ids}


@dataclass(frozen=True, slots=True)
class Below:
    """One unit of a level of the tree, with the reports at and below it."""

    unit_id: int
    label: str
    tally: Tally
    has_more: bool


def below(round_id: int, unit_id: int, *, on: date) -> list[Below]:
    """For each unit directly below: what it and all below it owe; those that owe nothing are left out.

    Past the ORM: one join over ranges, driven by the index of the round's reports.
    """
    snapshot = tree.snapshot_on(on)
    sql = f"""
        SELECT parts.unit_id, parts.label, parts.lft, parts.rgt,
               COUNT(*),
               SUM(CASE WHEN report.state IN (%s, %s, %s) THEN 1 ELSE 0 END),
               SUM(CASE WHEN report.state IN (%s, %s, %s)
                         AND report.first_sent_on <= report.due_on THEN 1 ELSE 0 END)
        FROM {Report._meta.db_table} AS report
        JOIN {TreeNode._meta.db_table} AS node
          ON node.snapshot_id = %s AND node.unit_id = report.unit_id
        JOIN (
            SELECT child.unit_id, child.lft, child.rgt, version.label
            FROM {TreeNode._meta.db_table} AS child
            JOIN organisations_unitversion AS version ON version.id = child.version_id
            WHERE child.snapshot_id = %s AND version.parent_id = %s
        ) AS parts ON node.lft >= parts.lft AND node.lft < parts.rgt
        WHERE report.round_id = %s AND report.is_merged = %s AND report.is_owed = %s
        GROUP BY parts.unit_id, parts.label, parts.lft, parts.rgt
        ORDER BY parts.lft
    """  # noqa: S608 - names of our own tables
    states = [ReportState.SENT, ReportState.ACCEPTED, ReportState.MERGED]
    where: list[str | int | bool] = [snapshot.pk, snapshot.pk, unit_id, round_id, False, True]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*states, *states, *where])
        rows = cursor.fetchall()
    return [
        Below(child, label, Tally(expected, int(received or 0), int(on_time or 0)), rgt - lft > 1)
        for child, label, lft, rgt, expected, received, on_time in rows
    ]
