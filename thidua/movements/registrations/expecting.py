"""Who is expected to register in a year of a plan.

The units that were given tasks or that the plan names, as they stand on the day (successors of ended ones),
and what the standing body added or left out with a reason.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from thidua.movements.models import (
    ExpectedUnit,
    PartyUnit,
    Plan,
    PlanVersionState,
    RegistrationKind,
    Task,
    TaskState,
)
from thidua.movements.registrations.checks import HELPING
from thidua.organisations import tree
from thidua.organisations.models import Succession, UnitKind, UnitVersion

#: Which kinds of units are expected to send which kind of registration; others may.
EXPECTED_KINDS: dict[RegistrationKind, tuple[UnitKind, ...]] = {
    RegistrationKind.JOIN: tuple(UnitKind),
    RegistrationKind.HELP: HELPING,
    RegistrationKind.ESCAPE: (UnitKind.COMMUNE,),
}


def expected_versions(plan: Plan, year: int, kind: RegistrationKind, *, on: date) -> QuerySet[UnitVersion]:
    """The units that should send this kind of registration, as they are on the day; no query by itself."""
    tasked = Task.objects.filter(plan=plan).exclude(state=TaskState.CANCELLED).values("unit_id")
    named = PartyUnit.objects.filter(
        party__version__plan=plan, party__version__state=PlanVersionState.ADOPTED
    ).values("unit_id")
    alive = UnitVersion.objects.filter(tree.valid_on(on), unit=OuterRef("predecessor"))
    heirs = Succession.objects.filter(
        Q(predecessor__in=tasked) | Q(predecessor__in=named),
        ~Exists(alive),
        takes_effect_on__lte=on,
        annulled_by__isnull=True,
    ).values("successor_id")
    exceptions = ExpectedUnit.objects.filter(plan=plan, year=year, kind=kind)
    added = exceptions.filter(is_expected=True).values("unit_id")
    left_out = exceptions.filter(is_expected=False).values("unit_id")
    asked = Q(unit__in=tasked) | Q(unit__in=named) | Q(unit__in=heirs)
    return (
        UnitVersion.objects.filter(
            tree.valid_on(on),
            (asked & Q(unit__kind__in=EXPECTED_KINDS[kind])) | Q(unit__in=added),
        )
        .exclude(unit__in=left_out)
        .exclude(unit=plan.owner_id)
    )
