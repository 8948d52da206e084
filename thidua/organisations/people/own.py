"""A person's own mandates, as a part of the own page."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from thidua.accounts.profile import Part
from thidua.organisations import tree
from thidua.organisations.models import Mandate
from thidua.organisations.people.directory import day, last_day
from thidua.organisations.people.mandates import PERSONAL, current_or_coming
from thidua.organisations.signed_in import who


@dataclass(frozen=True, slots=True)
class OwnMandate:
    """One mandate as its holder sees it."""

    mandate: Mandate
    unit: str
    since: str
    last_day: str
    is_alive: bool
    may_lend: bool
    lent: tuple[Mandate, ...]


def own_mandates(request: HttpRequest) -> Part:
    acting = who(request)
    found = list(
        current_or_coming(acting.user, on=acting.on)
        .select_related("unit", "delegated_from__user")
        .order_by("since", "pk")
    )
    labels = tree.labels_on([mandate.unit_id for mandate in found], on=acting.on)
    holding = {mandate.pk for mandate in acting.mandates}
    lent: dict[int, list[Mandate]] = {}
    delegations = Mandate.objects.filter(
        delegated_from__in=found, revoked_at__isnull=True, until__gt=acting.on
    )
    for delegation in delegations.select_related("user").order_by("since"):
        lent.setdefault(delegation.delegated_from_id or 0, []).append(delegation)
    rows = [
        OwnMandate(
            mandate=mandate,
            unit=labels.get(mandate.unit_id, ""),
            since=day(mandate.since),
            last_day=last_day(mandate.until),
            is_alive=mandate.pk not in holding or acting.acts_for_living_unit(mandate),
            may_lend=mandate.pk in holding
            and mandate.delegated_from_id is None
            and mandate.role not in PERSONAL,
            lent=tuple(lent.get(mandate.pk, ())),
        )
        for mandate in found
    ]
    return Part("people/own_mandates.html", {"rows": rows})
