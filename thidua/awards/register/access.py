"""Which rows of the register a person may see, and loading one by its address with the right checked.

Seen by the bodies that keep the register or decided, by the unit the subject belongs to and those above it,
and by the person concerned.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.http import Http404

from thidua.accounts.models import User
from thidua.awards.models import PersonRecord, RegisteredAward
from thidua.movements.visibility import units_below
from thidua.organisations.authority import Acting
from thidua.tables.list_indexes import any_of


def own_records(user: User) -> list[PersonRecord]:
    """The person records that an account is bound to: one person may stand in several units."""
    return list(PersonRecord.objects.filter(user=user).order_by("pk"))


def awards(acting: Acting) -> QuerySet[RegisteredAward]:
    mine = acting.unit_ids()
    seen = Q(person_id__in=[one.pk for one in own_records(acting.user)])
    if mine:
        below = units_below(acting)
        seen |= any_of("keeper_id", mine) | Q(issuer_id__in=mine) | Q(unit_id__in=mine)
        seen |= Q(unit_id__in=below) | Q(keeper_id__in=below)
    return RegisteredAward.objects.filter(seen)


def award_at(pk: int, *, acting: Acting) -> RegisteredAward:
    found = (
        awards(acting)
        .select_related(
            "unit", "person", "household", "movement", "issuer", "keeper", "paper", "corrects", "entered_by"
        )
        .select_related("candidate__round", "candidate__verdict")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404("no such award")
    return found


def keepers(acting: Acting) -> Collection[int]:
    """Bodies in whose register this person may write."""
    return acting.units_for("award.enter")


def in_order(labels: dict[int, str], acting: Acting) -> dict[int, str]:
    """Units for a choice: those of the own mandates first, then what was taken over, by name."""
    own = {mandate.unit_id for mandate in acting.mandates}
    return dict(sorted(labels.items(), key=lambda pair: (pair[0] not in own, pair[1])))
