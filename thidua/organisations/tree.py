"""Questions to the tree of units, always on a day.

The dated versions are the truth. For each day on which the tree changed, one snapshot in pre-order is
derived the
first time somebody asks; from then on "at or below" is a range test and nobody walks the tree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db import transaction
from django.db.models import Max, Min, Q, QuerySet

from thidua.organisations.models import BEGINNING, FOREVER, TreeNode, TreeSnapshot, Unit, UnitVersion


def valid_on(on: date) -> Q:
    """Versions that hold on a day."""
    return Q(since__lte=on, until__gt=on, annulled_by__isnull=True)


def version_on(unit_id: int, *, on: date) -> UnitVersion | None:
    """What a unit was on a day; None when it did not exist."""
    return UnitVersion.objects.filter(valid_on(on), unit_id=unit_id).select_related("unit").first()


def last_version(unit_id: int, *, on: date) -> UnitVersion | None:
    """What a unit was on a day, or was last before it, or will be first: a unit always has a name."""
    versions = UnitVersion.objects.filter(unit_id=unit_id, annulled_by__isnull=True).select_related("unit")
    past = versions.filter(since__lte=on).order_by("-since").first()
    return past or versions.order_by("since").first()


def labels_on(unit_ids: Iterable[int], *, on: date) -> dict[int, str]:
    """The full names of units as `last_version` would give them; one query."""
    found: dict[int, tuple[bool, date, str]] = {}
    rows = UnitVersion.objects.filter(unit_id__in=set(unit_ids), annulled_by__isnull=True)
    for unit_id, since, label in rows.values_list("unit_id", "since", "label"):
        rank = (since <= on, since if since <= on else date.max - (since - date.min), label)
        if unit_id not in found or rank > found[unit_id]:
            found[unit_id] = rank
    return {unit_id: label for unit_id, (_, _, label) in found.items()}


def children(unit_id: int | None, *, on: date) -> QuerySet[UnitVersion]:
    """The versions of the units directly below, in the order of their names; below None are the roots."""
    return (
        UnitVersion.objects.filter(valid_on(on), parent_id=unit_id)
        .select_related("unit")
        .order_by("label_order")
    )


def snapshot_on(on: date) -> TreeSnapshot:
    """The snapshot that holds on a day, built when nobody has asked for it before."""
    known = TreeSnapshot.objects.filter(since__lte=on, until__gt=on).first()
    return known or _build(on)


def node_of(unit_id: int, *, on: date) -> TreeNode | None:
    return TreeNode.objects.filter(snapshot=snapshot_on(on), unit_id=unit_id).first()


def subtree(unit_id: int, *, on: date) -> QuerySet[TreeNode]:
    """The nodes of a unit and of everything below it, in pre-order; empty when it did not exist."""
    snapshot = snapshot_on(on)
    node = TreeNode.objects.filter(snapshot=snapshot, unit_id=unit_id).first()
    if node is None:
        return TreeNode.objects.none()
    return TreeNode.objects.filter(snapshot=snapshot, lft__gte=node.lft, lft__lt=node.rgt).order_by("lft")


def ids_at_or_below(unit_ids: Collection[int], *, on: date) -> QuerySet[TreeNode, int]:
    """Keys of everything at or below any of the units, as a subquery for `unit_id__in`."""
    snapshot = snapshot_on(on)
    ranges = Q(pk__in=[])
    for lft, rgt in TreeNode.objects.filter(snapshot=snapshot, unit_id__in=unit_ids).values_list(
        "lft", "rgt"
    ):
        ranges |= Q(lft__gte=lft, lft__lt=rgt)
    return TreeNode.objects.filter(ranges, snapshot=snapshot).values_list("unit_id", flat=True)


def ancestors(unit_id: int, *, on: date) -> list[UnitVersion]:
    """From the root down to the unit itself; empty when it did not exist."""
    node = node_of(unit_id, on=on)
    if node is None:
        return []
    above = TreeNode.objects.filter(snapshot=node.snapshot_id, lft__lte=node.lft, rgt__gte=node.rgt)
    return [one.version for one in above.order_by("lft").select_related("version__unit")]


def is_within(unit_id: int, root_id: int, *, on: date) -> bool:
    """Whether a unit stood at or below another."""
    return subtree(root_id, on=on).filter(unit_id=unit_id).exists()


def forget(*, since: date = BEGINNING) -> None:
    """Let go of the snapshots that hold on `since` or later; `changes` calls it in its transaction."""
    TreeSnapshot.objects.filter(until__gt=since).delete()


def _build(on: date) -> TreeSnapshot:
    versions = UnitVersion.objects.filter(annulled_by__isnull=True)
    bounds = versions.aggregate(
        began=Max("since", filter=Q(since__lte=on)),
        ended=Max("until", filter=Q(until__lte=on)),
        begins=Min("since", filter=Q(since__gt=on)),
        ends=Min("until", filter=Q(until__gt=on)),
    )
    since = max(bounds["began"] or BEGINNING, bounds["ended"] or BEGINNING)
    until = min(bounds["begins"] or FOREVER, bounds["ends"] or FOREVER)
    below: dict[int | None, list[tuple[int, int]]] = {}
    alive = set()
    rows = list(
        versions.filter(valid_on(on)).order_by("label_order").values_list("unit_id", "pk", "parent_id")
    )
    for unit_id, _, _ in rows:
        alive.add(unit_id)
    for unit_id, version_id, parent_id in rows:
        below.setdefault(parent_id if parent_id in alive else None, []).append((unit_id, version_id))
    with transaction.atomic():
        TreeSnapshot.objects.filter(since=since).delete()
        snapshot = TreeSnapshot.objects.create(since=since, until=until)
        TreeNode.objects.bulk_create(_walk(below, snapshot), batch_size=4000)
    return snapshot


def _walk(below: dict[int | None, list[tuple[int, int]]], snapshot: TreeSnapshot) -> list[TreeNode]:
    nodes: list[TreeNode] = []
    open_nodes: list[tuple[TreeNode, list[tuple[int, int]]]] = []
    waiting = list(reversed(below.get(None, [])))
    while waiting or open_nodes:
        if not waiting:
            node, waiting = open_nodes.pop()
            node.rgt = len(nodes)
            continue
        unit_id, version_id = waiting.pop()
        node = TreeNode(
            snapshot=snapshot,
            unit_id=unit_id,
            version_id=version_id,
            lft=len(nodes),
            rgt=0,
            depth=len(open_nodes),
        )
        nodes.append(node)
        open_nodes.append((node, waiting))
        waiting = list(reversed(below.get(unit_id, [])))
    return nodes


def roots(*, on: date) -> QuerySet[UnitVersion]:
    return children(None, on=on)


def unit_at(key: str) -> Unit | None:
    return Unit.objects.filter(key=key).first()
