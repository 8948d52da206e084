"""What a person may open: raises 404 for what they may not see, so that nobody learns that it exists."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from thidua.movements.models import (
    Plan,
    PlanVersionState,
    RegistrationKind,
    RegistrationState,
    RegistrationSummary,
)
from thidua.movements.registrations import checks, names
from thidua.movements.rights import DOING
from thidua.movements.visibility import visible_plans, visible_registrations
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import UnitVersion

#: How each kind stands in an address.
ADDRESSES = {
    RegistrationKind.JOIN: "tham-gia",
    RegistrationKind.HELP: "giup-do",
    RegistrationKind.ESCAPE: "thoat-ngheo",
}
KINDS = {address: kind for kind, address in ADDRESSES.items()}
#: Seen only by the unit that writes them.
PRIVATE = (RegistrationState.DRAFT, RegistrationState.RETURNED, RegistrationState.WITHDRAWN)


def plans(acting: Acting) -> QuerySet[Plan]:
    """Plans in force that this person sees, newest first."""
    return (
        visible_plans(acting)
        .filter(versions__state=PlanVersionState.ADOPTED, is_placeholder=False)
        .order_by("-made_at", "-pk")
    )


def plan_at(pk: int, *, acting: Acting) -> Plan:
    plan = plans(acting).filter(pk=pk).select_related("movement", "owner").first()
    if plan is None:
        raise Http404("no such plan")
    return plan


def kind_at(address: str) -> RegistrationKind:
    if address not in KINDS:
        raise Http404("no such kind")
    return KINDS[address]


def years_of(plan: Plan) -> range:
    version = checks.version_in_force(plan)
    if version is None:
        raise Http404("not in force")
    return checks.years_of(version)


def registrations(acting: Acting) -> QuerySet[Any, Any]:
    """What this person may see, with `is_readable`; drafts only of the own units."""
    mine = Q(unit__in=acting.unit_ids())
    shown = visible_registrations(acting).filter(mine | ~Q(state__in=PRIVATE))
    return names.with_readable(shown, acting=acting).select_related("plan", "unit", "helped_unit")


def registration_at(pk: int, *, acting: Acting) -> Any:
    found = registrations(acting).filter(pk=pk).first()
    if found is None:
        raise Http404("no such registration")
    return found


def summaries(acting: Acting) -> QuerySet[RegistrationSummary]:
    """Those of the own units and those that came to them; drafts only of the own ones."""
    mine = acting.unit_ids()
    run = Plan.objects.filter(carries_out=OuterRef("plan"), owner=OuterRef("unit"), standing_body__in=mine)
    own = Q(unit__in=mine) | Q(Exists(run))
    received = (Q(plan__owner__in=mine) | Q(plan__standing_body__in=mine)) & Q(
        state__in=["da_gui", "da_nhan", "tra_lai"]
    )
    return RegistrationSummary.objects.filter(own | received).select_related("plan", "unit")


def summary_at(pk: int, *, acting: Acting) -> RegistrationSummary:
    found = summaries(acting).filter(pk=pk).first()
    if found is None:
        raise Http404("no such summary")
    return found


def sending_units(acting: Acting) -> list[UnitVersion]:
    """The own units that exist today and for which this person may write."""
    return list(
        UnitVersion.objects.filter(tree.valid_on(acting.on), unit__in=acting.unit_ids(DOING))
        .select_related("unit")
        .order_by("label_order")
    )
