"""Who answers for a task today: its unit, or whoever took over when that unit ended. Also their names."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from thidua.organisations import tree
from thidua.organisations.models import Succession, UnitVersion


@dataclass(frozen=True, slots=True)
class Answering:
    """The name a unit was last known by and, once it has ended, the names of those that answer for it."""

    label: str
    has_ended: bool = False
    heirs: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """ "Đã kết thúc; nay xã Phong Thổ chịu trách nhiệm"; empty while the unit is there."""
        if not self.has_ended:
            return ""
        if not self.heirs:
            return "Đã kết thúc; chưa rõ đơn vị kế thừa"
        if len(self.heirs) == 1:
            return f"Đã sáp nhập; nay {self.heirs[0]} chịu trách nhiệm"
        return f"Đã chia cho nhiều đơn vị; nay {', '.join(self.heirs)} cùng chịu trách nhiệm"


def answering_for(unit_ids: Collection[int], *, on: date) -> dict[int, Answering]:
    """For each unit who answers on a day; the number of queries grows with the steps, not with the units."""
    wanted = set(unit_ids)
    alive = _alive(wanted, on=on)
    heirs = _heirs(wanted - alive, on=on)
    labels = tree.labels_on({*wanted, *(heir for found in heirs.values() for heir in found)}, on=on)
    return {
        unit_id: Answering(
            labels.get(unit_id, ""),
            has_ended=unit_id not in alive,
            heirs=tuple(labels.get(heir, "") for heir in heirs.get(unit_id, ())),
        )
        for unit_id in wanted
    }


def _alive(unit_ids: Collection[int], *, on: date) -> set[int]:
    rows = UnitVersion.objects.filter(tree.valid_on(on), unit_id__in=unit_ids)
    return set(rows.values_list("unit_id", flat=True))


def _heirs(ended: set[int], *, on: date) -> dict[int, list[int]]:
    """As `successions.heirs_on`, for many units at once."""
    found: dict[int, list[int]] = {unit_id: [] for unit_id in ended}
    waiting: dict[int, set[int]] = {unit_id: {unit_id} for unit_id in ended}  # current unit → origins
    seen = {unit_id: {unit_id} for unit_id in ended}
    while waiting:
        following: dict[int, set[int]] = {}
        steps = _steps_from(list(waiting), on=on)
        alive = _alive({heir for heirs in steps.values() for heir in heirs}, on=on)
        for current, origins in waiting.items():
            for heir in steps.get(current, []):
                for origin in origins:
                    if heir in seen[origin]:
                        continue
                    seen[origin].add(heir)
                    if heir in alive:
                        found[origin].append(heir)
                    else:
                        following.setdefault(heir, set()).add(origin)
        waiting = following
    return found


def _steps_from(unit_ids: list[int], *, on: date) -> dict[int, list[int]]:
    steps: dict[int, list[int]] = {}
    rows = Succession.objects.filter(
        predecessor_id__in=unit_ids, takes_effect_on__lte=on, annulled_by__isnull=True
    ).order_by("-is_whole", "successor_id")
    for predecessor_id, successor_id in rows.values_list("predecessor_id", "successor_id"):
        steps.setdefault(predecessor_id, []).append(successor_id)
    without = [unit_id for unit_id in unit_ids if unit_id not in steps]
    last = UnitVersion.objects.filter(unit_id__in=without, until__lte=on, annulled_by__isnull=True)
    for unit_id, parent_id in last.order_by("until").values_list("unit_id", "parent_id"):
        steps[unit_id] = [parent_id] if parent_id else []
    return steps
