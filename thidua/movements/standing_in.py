"""For which places a body stands in: it is the standing body of a plan in force that the place has issued.

`organisations.authority` asks, for the rights that pass to such a body. See docs/decisions/0013.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta

from django.db.models import F, Q

from thidua.core.clock import VIETNAM
from thidua.movements.models import PlanVersion, PlanVersionState
from thidua.organisations.models import PLACES

#: Figures of the last year of a plan come in during the year after it.
YEARS_AFTER = 1


def places_of(unit_ids: Collection[int], on: date) -> Mapping[int, Mapping[int, str]]:
    """For each body the places whose plans it runs on a day, with the plan in words. One query."""
    if not unit_ids:
        return {}
    day_ends = datetime.combine(on + timedelta(days=1), time(0), tzinfo=VIETNAM)
    rows = (
        PlanVersion.objects.filter(
            Q(adopted_at__isnull=True) | Q(adopted_at__lt=day_ends),
            Q(last_year__isnull=True) | Q(last_year__gte=on.year - YEARS_AFTER),
            state=PlanVersionState.ADOPTED,
            plan__standing_body_id__in=unit_ids,
            plan__owner__kind__in=PLACES,
        )
        .exclude(plan__standing_body=F("plan__owner"))
        .order_by("-pk")
        .values_list("plan__standing_body_id", "plan__owner_id", "plan__number", "title")
    )
    found: dict[int, dict[int, str]] = {}
    for body_id, place_id, number, title in rows:
        plan = f"số {number}" if number else f"«{_shortened(title)}»"
        found.setdefault(body_id, {})[place_id] = f"cơ quan thường trực của kế hoạch {plan}"
    return found


def _shortened(title: str, most: int = 80) -> str:
    return title if len(title) <= most else f"{title[:most].rsplit(' ', 1)[0]} …"
