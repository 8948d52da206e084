"""The place of a unit in its group as a fact for criteria: of published rankings only.

Not published, not scored, or different places in two groups of one year: unknown. A place passes to nobody:
who took over from a unit was not ranked.
"""

from __future__ import annotations

from collections import defaultdict

from thidua.awards.models import SeasonPublication
from thidua.core.clock import VIETNAM
from thidua.criteria import fact_suppliers
from thidua.criteria.fact_suppliers import Asked, Supplied
from thidua.criteria.facts import Figure, Source

RANK = "group_rank"
PREFIX = "unit:"


def supply(asked: Asked) -> Supplied:
    """One query; of each ranking only its places are read."""
    units = {int(key.removeprefix(PREFIX)): key for key in asked.keys if key.startswith(PREFIX)}
    if not units:
        return Supplied()
    rows = (
        SeasonPublication.objects.filter(withdrawn_at__isnull=True)
        .order_by("pk")
        .values_list("pk", "season__year", "season__grouping__name", "published_at", "content__places")
    )
    ranks: dict[tuple[str, int], dict[int, str]] = defaultdict(dict)
    sources: dict[str, Source] = {}
    for pk, year, group, published_at, places in rows:
        day = published_at.astimezone(VIETNAM).date()
        if day > asked.on:
            continue
        source = f"xep-hang:{pk}"
        for place in places:
            key = units.get(place["unit"])
            if key is not None and place["rank"] is not None:
                ranks[key, year][place["rank"]] = source
                sources[source] = Source(f"Kết quả chấm điểm {group} năm {year}", dated=day)
    return Supplied(
        figures={
            (key, RANK, str(year)): Figure(*found.popitem())
            for (key, year), found in ranks.items()
            if len(found) == 1
        },
        sources=sources,
    )


def register() -> None:
    """Called when Django starts."""
    fact_suppliers.register("awards.groups", (RANK,), supply)
