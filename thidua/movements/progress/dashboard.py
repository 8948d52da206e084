"""What a leader has to look at: targets that will be missed, since when; what is unknown; late tasks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q

from thidua.movements.models import Task
from thidua.movements.progress.judging import Judged
from thidua.movements.progress.verdicts import URGENCY, Verdict
from thidua.movements.visibility import visible_tasks
from thidua.organisations import tree
from thidua.organisations.authority import Acting


@dataclass(frozen=True, slots=True)
class Place:
    """How the targets of one place stand."""

    label: str
    counts: Mapping[Verdict, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def cells(self) -> list[int]:
        return [self.counts.get(verdict, 0) for verdict in URGENCY]


@dataclass(frozen=True, slots=True)
class LateUnit:
    unit_id: int
    label: str
    late: int
    oldest: date


@dataclass(frozen=True, slots=True)
class Board:
    """The whole page."""

    counts: list[tuple[Verdict, int]]
    behind: list[Judged]
    unknown: list[Judged]
    places: list[Place]
    late_units: list[LateUnit]
    late_count: int


def board(judged: Sequence[Judged], acting: Acting, *, most_units: int = 8) -> Board:
    """From the judged targets; the late tasks with two queries."""
    counts = Counter(one.judgement.verdict for one in judged)
    behind = [one for one in judged if one.judgement.verdict is Verdict.BEHIND]
    behind.sort(key=lambda one: (-one.gap, one.target.label, one.target.pk))
    mine = acting.unit_ids()
    unknown = [one for one in judged if one.judgement.verdict is Verdict.UNKNOWN]
    unknown.sort(
        key=lambda one: mine.isdisjoint({one.target.plan.owner_id, one.target.plan.standing_body_id})
    )
    late, late_count = _late(acting, most=most_units)
    return Board(
        counts=[(verdict, counts[verdict]) for verdict in URGENCY],
        behind=behind,
        unknown=unknown,
        places=_places(judged),
        late_units=late,
        late_count=late_count,
    )


def _places(judged: Sequence[Judged]) -> list[Place]:
    found: dict[str, Counter[Verdict]] = defaultdict(Counter)
    for one in judged:
        label = one.unit_label or one.target.scope_text or "Chưa rõ địa bàn"
        found[label][one.judgement.verdict] += 1
    places = [Place(label, counts) for label, counts in found.items()]
    return sorted(places, key=lambda one: (*(-count for count in one.cells[:2]), one.label))


def _late(acting: Acting, *, most: int) -> tuple[list[LateUnit], int]:
    tasks = visible_tasks(acting).filter(
        Q(starts_on__isnull=True) | Q(starts_on__lte=acting.on),
        state__in=Task.OWED,
        due_on__lt=acting.on,
    )
    rows = list(
        tasks.order_by()
        .values("unit_id")
        .annotate(late=Count("pk"), oldest=Min("due_on"))
        .order_by("-late", "oldest", "unit_id")
    )
    labels = tree.labels_on([row["unit_id"] for row in rows[:most]], on=acting.on)
    units = [
        LateUnit(row["unit_id"], labels.get(row["unit_id"], ""), row["late"], row["oldest"])
        for row in rows[:most]
    ]
    return units, sum(row["late"] for row in rows)
