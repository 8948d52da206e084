"""Questions to the tree of units, always on a day.

The dated versions are the truth. For each day on which the tree changed, one snapshot in pre-order is
derived the first time somebody asks; from then on "at or below" is a range test and nobody walks the tree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from operator import itemgetter

from django.db import connection, transaction
from django.db.models import Max, Min, Q, QuerySet

from thidua.organisations import matters
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
    """From the root down to the unit itself; empty when it did not exist.

    One small query for each step: the snapshot would look at everything left of the unit, and for a recursive
    query SQLite builds a filter over all versions.
    """
    path: list[UnitVersion] = []
    current: int | None = unit_id
    while current is not None and len(path) < MOST_STEPS:
        version = version_on(current, on=on)
        if version is None:
            break
        path.append(version)
        current = version.parent_id
    return path[::-1]


#: No tree is deeper; `changes` lets no ring come about, and a page must not hang should there be one.
MOST_STEPS = 64


def is_within(unit_id: int, root_id: int, *, on: date) -> bool:
    """Whether a unit stood at or below another."""
    return subtree(root_id, on=on).filter(unit_id=unit_id).exists()


def forget(*, since: date = BEGINNING) -> None:
    """Let go of the snapshots that `since` or a later day touches; `changes` calls it in its transaction."""
    with transaction.atomic():
        one_at_a_time()
        # One that ends on the day goes too: when the change of that day is taken back it would end later.
        stale = list(TreeSnapshot.objects.filter(until__gte=since).values_list("pk", flat=True))
        # Straight to the rows: as objects a hundred thousand nodes would take seconds to delete.
        TreeNode.objects.filter(snapshot_id__in=stale)._raw_delete(using=TreeNode.objects.db)
        TreeSnapshot.objects.filter(pk__in=stale).delete()
        matters.tree_changed(since)


#: Any number, as long as nothing else in the program locks the same.
_LOCK = 7_120_250_701


def one_at_a_time() -> None:
    """Whoever builds waits for who changes units, and the other way round, to the end of the transaction.

    Otherwise a snapshot of the tree before a change could be stored after the change had let go of all. On
    SQLite a transaction that writes is alone anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _build(on: date) -> TreeSnapshot:
    with transaction.atomic():
        one_at_a_time()
        known = TreeSnapshot.objects.filter(since__lte=on, until__gt=on).first()
        if known is not None:  # somebody else was faster
            return known
        versions = UnitVersion.objects.filter(annulled_by__isnull=True)
        bounds = versions.aggregate(
            began=Max("since", filter=Q(since__lte=on)),
            ended=Max("until", filter=Q(until__lte=on)),
            begins=Min("since", filter=Q(since__gt=on)),
            ends=Min("until", filter=Q(until__gt=on)),
        )
        since = max(bounds["began"] or BEGINNING, bounds["ended"] or BEGINNING)
        until = min(bounds["begins"] or FOREVER, bounds["ends"] or FOREVER)
        rows = (
            versions.filter(valid_on(on)).order_by().values_list("unit_id", "pk", "parent_id", "label_order")
        )
        nodes = walk(sorted(rows, key=itemgetter(3)))
        snapshot = TreeSnapshot.objects.create(since=since, until=until)
        _store(snapshot.pk, nodes)
    return snapshot


#: Unit, version, lft, rgt, depth.
Node = tuple[int, int, int, int, int]


def walk(rows: Iterable[tuple[int, int, int | None, str]]) -> list[Node]:
    """Pre-order of a forest given as (unit, version, parent, order), siblings in the order of the rows.

    Who stands under nobody that is there is a root.
    """
    rows = list(rows)
    alive = {row[0] for row in rows}
    below: dict[int | None, list[tuple[int, int]]] = {}
    for unit_id, version_id, parent_id, _ in rows:
        below.setdefault(parent_id if parent_id in alive else None, []).append((unit_id, version_id))
    order: list[tuple[int, int, int]] = []
    ends: list[int] = []
    # A negative number on the stack closes the node at that place.
    waiting: list[tuple[int, int, int]] = [(*root, 0) for root in reversed(below.get(None, []))]
    while waiting:
        unit_id, version_id, depth = waiting.pop()
        if depth < 0:
            ends[unit_id] = len(order)
            continue
        children = below.get(unit_id)
        order.append((unit_id, version_id, depth))
        ends.append(len(order))
        if children:
            waiting.append((len(order) - 1, 0, -1))
            waiting.extend([(child, version, depth + 1) for child, version in reversed(children)])
    return [
        (unit_id, version_id, place, end, depth)
        for place, ((unit_id, version_id, depth), end) in enumerate(zip(order, ends, strict=True))
    ]


_COLUMNS = "snapshot_id, unit_id, version_id, lft, rgt, depth"


def _store(snapshot_id: int, nodes: list[Node]) -> None:
    """Past the ORM: a hundred thousand rows as objects take seconds, as plain rows a fraction of one."""
    table = TreeNode._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({_COLUMNS}) FROM STDIN") as copy:
                for node in nodes:
                    copy.write_row((snapshot_id, *node))
        else:
            cursor.executemany(
                f"INSERT INTO {table} ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s)",  # noqa: S608 - our names
                [(snapshot_id, *node) for node in nodes],
            )


def roots(*, on: date) -> QuerySet[UnitVersion]:
    return children(None, on=on)


def unit_at(key: str) -> Unit | None:
    return Unit.objects.filter(key=key).first()
