"""Which communes and villages are helped, by how many, and which by nobody."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from thidua.movements.models import Plan, Registration, RegistrationKind, RegistrationState
from thidua.organisations import tree
from thidua.organisations.models import UnitKind, UnitVersion
from thidua.organisations.successions import heirs_on

COUNTING = (RegistrationState.PENDING, RegistrationState.APPROVED)


@dataclass(frozen=True, slots=True)
class Help:
    """One agency that helps a place, for the list beside it."""

    helper: str
    village: str
    state: str


def reach_of(plan: Plan, *, on: date) -> list[int]:
    """Under which places a plan reaches: the issuing place, for an agency the place it belongs to."""
    owner = plan.owner
    if owner is None:
        return []
    if not owner.is_place:
        version = tree.last_version(owner.pk, on=on)
        if version is not None and version.parent_id is not None:
            return heirs_on(version.parent_id, on=on)
    return heirs_on(owner.pk, on=on)


def communes_with_helpers(plan: Plan, year: int, *, on: date) -> QuerySet[Any, Any]:
    """The communes at or below the issuing body with `helpers`: how many agencies help them or a village."""
    helping = Registration.objects.filter(
        plan=plan, year=year, kind=RegistrationKind.HELP, state__in=COUNTING
    )
    direct = (
        helping.filter(helped_unit=OuterRef("unit_id"))
        .order_by()
        .values("helped_unit")
        .annotate(number=Count("unit", distinct=True))
        .values("number")
    )
    return UnitVersion.objects.filter(
        tree.valid_on(on),
        unit__kind=UnitKind.COMMUNE,
        unit__in=tree.ids_at_or_below(reach_of(plan, on=on), on=on),
    ).annotate(helpers=Coalesce(Subquery(direct, output_field=IntegerField()), 0))


def helpers_by_place(plan: Plan, year: int, *, on: date) -> dict[int, list[Help]]:
    """Who helps each place; two queries."""
    rows = list(
        Registration.objects.filter(
            plan=plan,
            year=year,
            kind=RegistrationKind.HELP,
            state__in=COUNTING,
            helped_unit__isnull=False,
        ).values_list("helped_unit_id", "unit_id", "helped_village", "state")
    )
    labels = tree.labels_on({row[1] for row in rows}, on=on)
    states = dict(RegistrationState.choices)
    found: dict[int, list[Help]] = defaultdict(list)
    for place, unit_id, village, state in rows:
        found[place].append(Help(labels.get(unit_id, "–"), village, states[state]))
    return {place: sorted(helps, key=lambda one: one.helper) for place, helps in found.items()}


def crowded(registration: Registration, *, helpers_needed: int) -> int:
    """How many other agencies already help the same place, when with this one they are more than needed."""
    if registration.kind != RegistrationKind.HELP or registration.helped_unit_id is None:
        return 0
    others = (
        Registration.objects.filter(
            plan=registration.plan_id,
            year=registration.year,
            kind=RegistrationKind.HELP,
            state__in=COUNTING,
            helped_unit=registration.helped_unit_id,
        )
        .exclude(unit=registration.unit_id)
        .values("unit")
        .distinct()
        .count()
    )
    return others if others >= helpers_needed else 0


def crowded_places(plan: Plan, year: int, *, helpers_needed: int) -> set[int]:
    """Places that more agencies help than needed; one query."""
    rows = (
        Registration.objects.filter(
            plan=plan,
            year=year,
            kind=RegistrationKind.HELP,
            state__in=COUNTING,
            helped_unit__isnull=False,
        )
        .order_by()
        .values("helped_unit")
        .annotate(number=Count("unit", distinct=True))
        .filter(number__gt=helpers_needed)
    )
    return {row["helped_unit"] for row in rows}
