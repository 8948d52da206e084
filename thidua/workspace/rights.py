"""Rights to pages across apps. `docs/reference/rights.md` is drawn from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from thidua.organisations import tree
from thidua.organisations.authority import Acting, Reach, Right, register
from thidua.organisations.models import Mandate, Role, TreeNode

#: Whoever answers for others: they see what was done in their units, in those below, in those taken over.
READING_THE_LOG = frozenset({Role.ADMINISTRATOR, Role.STANDING, Role.LEADER})

LOG = register(Right("log.read", "xem nhật ký", READING_THE_LOG, lambda _log: (), reach=Reach.ANY))


@dataclass(frozen=True, slots=True)
class Installation:
    """The program on its machines on a day, as it concerns the administrators of some units."""

    on: date
    unit_ids: frozenset[int]


def installation(acting: Acting) -> Installation:
    return Installation(acting.on, acting.unit_ids([Role.ADMINISTRATOR]))


def highest_administered(asked: Installation) -> frozenset[int]:
    """Those of the units that stand below no other unit with an administrator: to them the machines belong.

    At most four queries, however many administrators there are.
    """
    if not asked.unit_ids:
        return frozenset()
    snapshot = tree.snapshot_on(asked.on)
    nodes = TreeNode.objects.filter(snapshot=snapshot)
    mine = list(nodes.filter(unit_id__in=asked.unit_ids).values_list("unit_id", "lft"))
    administrators = Mandate.objects.filter(
        role=Role.ADMINISTRATOR,
        since__lte=asked.on,
        until__gt=asked.on,
        revoked_at__isnull=True,
        user__is_active=True,
    )
    around = Q(pk__in=[])
    for _, lft in mine:
        around |= Q(lft__lt=lft, rgt__gt=lft)
    above = list(nodes.filter(around, unit_id__in=administrators.values("unit_id")).values_list("lft", "rgt"))
    return frozenset(unit_id for unit_id, place in mine if not any(lft < place < rgt for lft, rgt in above))


KEEP_JOBS = register(
    Right(
        "jobs.keep",
        "trông coi việc chạy nền của cả hệ thống",
        frozenset({Role.ADMINISTRATOR}),
        highest_administered,
    )
)
