"""Clusters and blocs (cụm, khối): groups of units that a body makes besides the tree, and who belongs when.

Hides that belonging has days: a unit that leaves is ended, not deleted, so a past year keeps its members.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from thidua.audit.log import Actor, record
from thidua.core.errors import RuleNotMet
from thidua.core.text import nfc
from thidua.organisations.models import FOREVER, Grouping, GroupingKind, Membership, Unit

#: Kinds that a body makes by itself; the others are lists that follow from a decision of the State.
MADE_BY_BODIES = (GroupingKind.CLUSTER, GroupingKind.BLOC)
#: A group that competes needs somebody to compete with.
FEWEST = 2


def groups(owner_ids: Collection[int]) -> QuerySet[Grouping]:
    """Clusters and blocs that these bodies made."""
    return Grouping.objects.filter(kind__in=MADE_BY_BODIES, owner_id__in=owner_ids)


def members_on(grouping: Grouping, *, on: date) -> list[int]:
    """Units that belong on a day."""
    rows = Membership.objects.filter(grouping=grouping, since__lte=on, until__gt=on)
    return list(rows.order_by("pk").values_list("unit_id", flat=True))


def make_grouping(
    kind: str, name: str, *, owner: Unit, unit_ids: Collection[int], since: date, actor: Actor, now: datetime
) -> Grouping:
    """A new cluster or bloc with its units. Raises RuleNotMet for a name that is taken or too few units."""
    what = "Chưa lập được cụm, khối"
    made = Grouping(kind=GroupingKind(kind), name=nfc(" ".join(name.split()))[:300], owner=owner)
    actor.require("grouping.keep", made)
    if made.kind not in MADE_BY_BODIES:
        raise RuleNotMet(what, why="chỉ lập cụm hay khối thi đua ở đây", next_step="Chọn loại cụm hoặc khối")
    if not made.name:
        raise RuleNotMet(what, why="chưa có tên", next_step="Ghi tên cụm, khối")
    try:
        with transaction.atomic():
            made.save()
            record(
                "organisations.grouping.make",
                made,
                label="Lập cụm, khối thi đua",
                actor=actor,
                now=now,
                object_unit_id=owner.pk,
            )
            set_members(made, unit_ids, since=since, actor=actor, now=now)
    except IntegrityError:
        raise RuleNotMet(
            what, why=f"đã có {made.get_kind_display().lower()} tên «{made.name}»", next_step="Đặt tên khác"
        ) from None
    return made


def set_members(
    grouping: Grouping, unit_ids: Collection[int], *, since: date, actor: Actor, now: datetime
) -> None:
    """From a day on exactly these units belong; who left keeps the days before."""
    actor.require("grouping.keep", grouping)
    wanted = set(unit_ids)
    if len(wanted) < FEWEST:
        raise RuleNotMet(
            "Chưa ghi được thành viên",
            why=f"một cụm, khối có ít nhất {FEWEST} đơn vị",
            next_step="Chọn thêm đơn vị",
        )
    with transaction.atomic():
        Grouping.objects.select_for_update().get(pk=grouping.pk)
        rows = list(Membership.objects.filter(grouping=grouping, until__gt=since))
        standing = [row for row in rows if row.since <= since]
        stay = {row.unit_id for row in standing} & wanted
        # what was to begin later goes first: a row made longer must not run into it
        Membership.objects.filter(pk__in=[row.pk for row in rows if row.since > since]).delete()
        for row in standing:
            if row.unit_id in stay:
                Membership.objects.filter(pk=row.pk).update(until=FOREVER)
            elif row.since < since:
                Membership.objects.filter(pk=row.pk).update(until=since)
            else:
                row.delete()
        Membership.objects.bulk_create(
            Membership(grouping=grouping, unit_id=pk, since=since) for pk in sorted(wanted - stay)
        )
        record(
            "organisations.grouping.members",
            grouping,
            label="Ghi thành viên cụm, khối thi đua",
            actor=actor,
            now=now,
            object_unit_id=grouping.owner_id,
            details={"since": since, "units": sorted(wanted)},
        )
