"""Whose entries of the log a person may see.

Entries that were made for, or concern, a unit of theirs, a unit at or below it on the day, and ended units
whose place any of these took. An administrator of such a unit also sees what its people do to their own
accounts. Whoever answers for the whole country sees everything.
"""

from __future__ import annotations

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from thidua.accounts.models import User
from thidua.audit.models import Entry
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Mandate, Role, Succession, Unit, UnitKind, UnitVersion
from thidua.workspace.rights import READING_THE_LOG


def may_read(acting: Acting) -> bool:
    """Whether the page of the log is for this person at all."""
    return acting.may("log.read", None)


def visible_entries(acting: Acting) -> QuerySet[Entry]:
    """Raises NotAllowed when the person's roles give no right to the log at all."""
    acting.require("log.read", None)
    mine = acting.unit_ids(READING_THE_LOG)
    if Unit.objects.filter(pk__in=mine, kind=UnitKind.NATION).exists():
        return Entry.objects.all()
    units = _watched(acting, mine)
    seen = Q(unit_id__in=units) | Q(object_unit_id__in=units)
    administered = acting.unit_ids([Role.ADMINISTRATOR])
    if administered:
        people = Mandate.objects.filter(unit_id__in=_watched(acting, administered)).values("user_id")
        as_written = Mandate.objects.filter(user_id__in=people).values(key=Cast("user_id", CharField()))
        on_account = Q(object_type=User._meta.label_lower, object_id__in=as_written)
        seen |= Q(unit_id__isnull=True, object_unit_id__isnull=True) & (Q(user_id__in=people) | on_account)
    return Entry.objects.filter(seen)


def _watched(acting: Acting, mine: frozenset[int]) -> QuerySet[Unit, int]:
    """Keys of the units themselves, of what is below them, and of what ended there; one subquery."""
    below = tree.ids_at_or_below(mine, on=acting.on)
    # Two steps back: communes that were merged before the reform, and those of the reform.
    near = _given_up_to(Q(successor_id__in=below) | Q(successor_id__in=mine), acting)
    far = _given_up_to(Q(successor_id__in=near), acting)
    # What stood under a unit and ended without an heir, and what stood under that.
    under = _ended_under(Q(parent_id__in=mine) | Q(parent_id__in=near), acting)
    deeper = _ended_under(Q(parent_id__in=under), acting)
    return Unit.objects.filter(
        Q(pk__in=mine) | Q(pk__in=below) | Q(pk__in=near) | Q(pk__in=far) | Q(pk__in=under) | Q(pk__in=deeper)
    ).values_list("pk", flat=True)


def _given_up_to(successors: Q, acting: Acting) -> QuerySet[Succession, int]:
    return Succession.objects.filter(
        successors, takes_effect_on__lte=acting.on, annulled_by__isnull=True
    ).values_list("predecessor_id", flat=True)


def _ended_under(parents: Q, acting: Acting) -> QuerySet[UnitVersion, int]:
    return UnitVersion.objects.filter(parents, until__lte=acting.on, annulled_by__isnull=True).values_list(
        "unit_id", flat=True
    )
