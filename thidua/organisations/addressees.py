"""Which people act for units on a day, for many units at once: whom to tell of what concerns the units."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from thidua.accounts.models import User
from thidua.organisations import tree
from thidua.organisations.models import Mandate, Role, UnitVersion
from thidua.organisations.successions import heirs_on


def people_of(unit_ids: Collection[int], *, roles: Collection[Role], on: date) -> dict[int, list[User]]:
    """For each unit the people who act for it, or for what took over from it, in one of the roles.

    Mandates and delegations count as they do for rights: within their days, not revoked, a delegation only
    while the mandate it comes from holds. Two queries, and some for each unit that has ended.
    """
    wanted = set(unit_ids)
    alive = set(
        UnitVersion.objects.filter(tree.valid_on(on), unit_id__in=wanted).values_list("unit_id", flat=True)
    )
    answering = {unit_id: [unit_id] if unit_id in alive else heirs_on(unit_id, on=on) for unit_id in wanted}
    rows = (
        Mandate.objects.filter(
            unit_id__in={heir for heirs in answering.values() for heir in heirs},
            role__in=roles,
            since__lte=on,
            until__gt=on,
            revoked_at__isnull=True,
            user__is_active=True,
        )
        .select_related("user", "delegated_from__user")
        .order_by("user_id", "pk")
    )
    by_unit: dict[int, dict[int, User]] = {}
    for mandate in rows:
        if mandate.holds_on(on):
            by_unit.setdefault(mandate.unit_id, {})[mandate.user_id] = mandate.user
    found: dict[int, list[User]] = {}
    for unit_id, heirs in answering.items():
        people: dict[int, User] = {}
        for heir in heirs:
            people |= by_unit.get(heir, {})
        found[unit_id] = list(people.values())
    return found
