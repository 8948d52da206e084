"""What a signed-in person may see of movements: one queryset for each kind of thing.

Knows the line of a person (at, above or below one of their units, on the day and on the days on which units
ended) and that national plans are for all. Hides the tree ranges. The number of queries does not grow with
the rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from thidua.movements.models import (
    Movement,
    Plan,
    PlanVersion,
    PlanVersionState,
    Registration,
    Target,
    Task,
    TaskPartner,
)
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import PLACES, TreeNode, TreeSnapshot, UnitKind, UnitVersion

IN_FORCE = (PlanVersionState.ADOPTED, PlanVersionState.SUPERSEDED)


def visible_plans(acting: Acting) -> QuerySet[Plan]:
    """Plans in force of the own line, national ones, those that ask something of an own unit.

    A plan that is only a draft is seen by the units that issue it; a plan that is cited and not yet in the
    system by whoever sees a plan that carries it out.
    """
    return Plan.objects.filter(_plans_of(_Sight.of(acting)))


def visible_versions(acting: Acting) -> QuerySet[PlanVersion]:
    """Versions that are or were in force, of visible plans; drafts of the plans that own units issue."""
    sight = _Sight.of(acting)
    issuing = Q(plan__owner_id__in=sight.mine) | Q(plan__standing_body_id__in=sight.mine)
    in_force = Q(state__in=IN_FORCE, plan__in=Plan.objects.filter(_plans_of(sight)))
    return PlanVersion.objects.filter(issuing | in_force)


def visible_movements(acting: Acting) -> QuerySet[Movement]:
    """Movements with a visible plan, those that they are variants of, and national ones."""
    sight = _Sight.of(acting)
    plans = Plan.objects.filter(_plans_of(sight))
    # Lists of keys and no joins: joined with OR, PostgreSQL would try every plan for every movement.
    own = Movement.objects.filter(pk__in=plans.values("movement_id"))
    return Movement.objects.filter(
        Q(pk__in=own.values("pk"))
        | Q(pk__in=own.filter(variant_of__isnull=False).values("variant_of_id"))
        | Q(owner_id__in=national_units())
    )


def visible_tasks(acting: Acting) -> QuerySet[Task]:
    """Tasks of plans of the own line, and tasks that a unit of the own line does, gives or helps with.

    Of a national plan each province sees its own tasks only.
    """
    sight = _Sight.of(acting)
    # Every part asks an indexed column of the task's own: a join would read all tasks of the country.
    run = Plan.objects.filter(standing_body_id__in=sight.mine)
    near = Plan.objects.filter(owner_id__in=sight.line()).exclude(owner_id__in=national_units())
    return Task.objects.filter(
        Q(unit_id__in=sight.mine)
        | Q(giver_id__in=sight.mine)
        | Q(plan_id__in=run.values("pk"))
        | Q(pk__in=TaskPartner.objects.filter(unit_id__in=sight.mine).values("task_id"))
        | Q(plan_id__in=near.values("pk"))
        | Q(unit_id__in=sight.below())
    )


def visible_targets(acting: Acting) -> QuerySet[Target]:
    """Targets in force of visible plans."""
    return Target.objects.filter(plan__in=visible_plans(acting).values("pk"), is_current=True)


def visible_registrations(acting: Acting) -> QuerySet[Registration]:
    """What units at or below the own ones sent, and what was sent to a plan that own units issue.

    Narrower than plans and tasks: a registration may name a person or a household.
    """
    sight = _Sight.of(acting)
    return Registration.objects.filter(
        Q(unit_id__in=sight.mine)
        | Q(unit_id__in=sight.below())
        | Q(plan__owner_id__in=sight.mine)
        | Q(plan__standing_body_id__in=sight.mine)
    )


def units_below(acting: Acting) -> QuerySet[TreeNode, int]:
    """Keys of the units at or below the own ones and those whose plans they run, now or before they ended."""
    return _Sight.of(acting).below()


def national_units() -> QuerySet[UnitVersion, int]:
    """Keys of the nation and of the bodies directly under it (the Prime Minister, ministries)."""
    bodies = Q(parent__kind=UnitKind.NATION) & ~Q(unit__kind__in=PLACES)
    return UnitVersion.objects.filter(
        bodies | Q(unit__kind=UnitKind.NATION), annulled_by__isnull=True
    ).values_list("unit_id", flat=True)


def _plans_of(sight: _Sight) -> Q:
    if not sight.mine:
        return Q(pk__in=[])
    issuing = Q(owner_id__in=sight.mine) | Q(standing_body_id__in=sight.mine)
    within = Q(owner_id__in=sight.line()) | Q(owner_id__in=national_units())
    in_force = Q(pk__in=PlanVersion.objects.filter(state__in=IN_FORCE).values("plan_id"))
    # One question for each index: joined with OR they would read every task of the country.
    asked = (
        Q(pk__in=Task.objects.filter(unit_id__in=sight.mine).values("plan_id"))
        | Q(pk__in=Task.objects.filter(giver_id__in=sight.mine).values("plan_id"))
        | Q(pk__in=TaskPartner.objects.filter(unit_id__in=sight.mine).values("task__plan_id"))
    )
    seen = Plan.objects.filter(issuing | (within & in_force) | asked).values("pk")
    cited = Plan.carries_out.through.objects.filter(from_plan_id__in=seen).values("to_plan_id")
    return Q(pk__in=seen) | Q(is_placeholder=True) & (within | Q(pk__in=cited))


@dataclass(frozen=True)
class _Range:
    snapshot_id: int
    lft: int
    rgt: int


@dataclass(frozen=True)
class _Sight:
    """The units a person acts for, and where these, and the owners of plans they run, stand in the trees."""

    mine: frozenset[int]
    ranges: tuple[_Range, ...] = field(default=())

    @classmethod
    def of(cls, acting: Acting) -> _Sight:
        """Looked up once for a person of one request: a search asks for every kind."""
        known = acting.__dict__.get("_sight")
        if known is None:
            known = acting.__dict__["_sight"] = cls._look_up(acting)
        sight: _Sight = known
        return sight

    @classmethod
    def _look_up(cls, acting: Acting) -> _Sight:
        mine = acting.unit_ids()
        if not mine:
            return cls(mine)
        # Who runs a plan for its owner (a standing body) sees as far down as the owner does.
        run = Plan.objects.filter(standing_body_id__in=mine, owner__isnull=False)
        roots = mine | set(run.values_list("owner_id", flat=True))
        return cls(mine, tuple(_ranges_of(roots, on=acting.on)))

    def below(self) -> QuerySet[TreeNode, int]:
        """Keys of what stands or stood at or below."""
        found = Q(pk__in=[])
        for one in self.ranges:
            found |= Q(snapshot_id=one.snapshot_id, lft__gte=one.lft, lft__lt=one.rgt)
        return TreeNode.objects.filter(found).values_list("unit_id", flat=True)

    def line(self) -> QuerySet[TreeNode, int]:
        """Keys of what stands or stood at, above or below."""
        found = Q(pk__in=[])
        for one in self.ranges:
            found |= Q(snapshot_id=one.snapshot_id, lft__gte=one.lft, lft__lt=one.rgt)
            found |= Q(snapshot_id=one.snapshot_id, lft__lt=one.lft, rgt__gte=one.rgt)
        return TreeNode.objects.filter(found).values_list("unit_id", flat=True)


def _ranges_of(unit_ids: Collection[int], *, on: date) -> Iterable[_Range]:
    """Where the units stand on the day, and stood on the last days of units that issued or did something.

    A plan of a district belongs to the line of its communes' successors also after the district ended; only
    the tree of its last day knows that line.
    """
    snapshots = {snapshot.pk for snapshot in _snapshots([on, *_last_days(on)])}
    nodes = TreeNode.objects.filter(snapshot_id__in=snapshots, unit_id__in=unit_ids).order_by(
        "snapshot_id", "lft"
    )
    last: _Range | None = None
    for snapshot_id, lft, rgt in nodes.values_list("snapshot_id", "lft", "rgt"):
        if last is not None and last.snapshot_id == snapshot_id and rgt <= last.rgt:
            continue  # stands below one that is already in
        last = _Range(snapshot_id, lft, rgt)
        yield last


def _last_days(on: date) -> list[date]:
    """The last days of ended units that issued plans or were given tasks."""
    concerned = (
        Exists(Plan.objects.filter(owner_id=OuterRef("unit_id")))
        | Exists(Task.objects.filter(unit_id=OuterRef("unit_id")))
        | Exists(Registration.objects.filter(unit_id=OuterRef("unit_id")))
    )
    ended = UnitVersion.objects.filter(concerned, until__lte=on, annulled_by__isnull=True)
    return [until - timedelta(days=1) for until in ended.values_list("until", flat=True).distinct()]


def _snapshots(days: Collection[date]) -> list[TreeSnapshot]:
    known = list(TreeSnapshot.objects.all())
    found = []
    for day in set(days):
        holding = next((one for one in known if one.since <= day < one.until), None)
        found.append(holding or tree.snapshot_on(day))
    return found
