"""How many communes are new-rural on a day, counted from recognitions; how many meet fewer than 15 criteria.

After a merge the old decisions do not name the new commune. Whether it counts is not settled by the texts
seen, so communes whose predecessors all were recognised, or some of them, are counted apart, never added in
silence.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from thidua.indicators.models import NewRuralLevel, NewRuralStatus, Recognition, Standard
from thidua.indicators.new_rural.recognitions import standing_on
from thidua.indicators.new_rural.statuses import FEW
from thidua.organisations import tree
from thidua.organisations.models import Succession, UnitKind, UnitVersion


@dataclass(frozen=True, slots=True)
class Counted:
    """Communes of one level on a day, of `total`; by decision, or only by what they took over."""

    total: int
    recognised: int
    all_predecessors: int = 0
    some_predecessors: int = 0


def communes_on(root_id: int, *, on: date) -> set[int]:
    """The communes (xã) at or below a unit on a day: wards and townships do not take part."""
    rows = UnitVersion.objects.filter(
        tree.valid_on(on),
        unit_id__in=tree.ids_at_or_below([root_id], on=on),
        unit__kind=UnitKind.COMMUNE,
        form="xã",
    )
    return set(rows.values_list("unit_id", flat=True))


def standing(unit_ids: Collection[int], level: str, *, on: date) -> set[int]:
    """Those of the units that hold a recognition of a level on a day."""
    rows = Recognition.objects.filter(standing_on(on), level=level, unit_id__in=unit_ids)
    return set(rows.values_list("unit_id", flat=True))


def counted(root_id: int, level: str = NewRuralLevel.STANDARD, *, on: date) -> Counted:
    """How many communes below a unit hold a level on a day; a few queries."""
    communes = communes_on(root_id, on=on)
    own = standing(communes, level, on=on)
    before: dict[int, list[tuple[int, date]]] = {}
    rows = Succession.objects.filter(
        successor_id__in=communes - own,
        predecessor__kind=UnitKind.COMMUNE,
        annulled_by__isnull=True,
        takes_effect_on__lte=on,
    )
    for successor, predecessor, day in rows.values_list("successor_id", "predecessor_id", "takes_effect_on"):
        before.setdefault(successor, []).append((predecessor, day))
    held: set[tuple[int, date]] = set()
    for day in {day for pairs in before.values() for _, day in pairs}:
        old = {predecessor for pairs in before.values() for predecessor, when in pairs if when == day}
        held |= {(unit_id, day) for unit_id in standing(old, level, on=day - timedelta(days=1))}
    shares = [sum(pair in held for pair in pairs) / len(pairs) for pairs in before.values()]
    return Counted(
        total=len(communes),
        recognised=len(own),
        all_predecessors=sum(share == 1 for share in shares),
        some_predecessors=sum(0 < share < 1 for share in shares),
    )


def below_few(root_id: int, year: int, standard: Standard) -> tuple[int, int]:
    """Communes that met fewer than 15 criteria in a year, and how many of them have reported at all."""
    communes = communes_on(root_id, on=date(year, 12, 31))
    rows = NewRuralStatus.objects.filter(unit_id__in=communes, year=year, standard=standard)
    counts = [count for count in rows.values_list("met_count", flat=True) if count is not None]
    return sum(count < FEW for count in counts), len(counts)
