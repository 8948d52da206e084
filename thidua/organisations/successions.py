"""What became of a unit: who took over, and for whom a unit acts that took over from others."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from thidua.organisations import tree
from thidua.organisations.models import Succession, UnitVersion


def heirs_on(unit_id: int, *, on: date) -> list[int]:
    """Who answers on a day for what a unit was given: itself while it exists, else those that took over.

    A unit that ended without a successor leaves its matters to the unit it last stood under (a district to
    its province). Empty when nothing is known.
    """
    answer: list[int] = []
    waiting, seen = [unit_id], {unit_id}
    while waiting:
        current = waiting.pop(0)
        if tree.version_on(current, on=on) is not None:
            answer.append(current)
            continue
        for following in _next_of(current, on=on):
            if following not in seen:
                seen.add(following)
                waiting.append(following)
    return answer


def _next_of(unit_id: int, *, on: date) -> list[int]:
    rows = Succession.objects.filter(
        predecessor_id=unit_id, takes_effect_on__lte=on, annulled_by__isnull=True
    )
    found = list(rows.order_by("-is_whole", "successor_id").values_list("successor_id", flat=True))
    if found:
        return found
    last = (
        UnitVersion.objects.filter(unit_id=unit_id, until__lte=on, annulled_by__isnull=True)
        .order_by("-until")
        .first()
    )
    return [last.parent_id] if last and last.parent_id else []


def alive_or_heirs(unit_ids: Collection[int], *, on: date) -> set[int]:
    """The units that exist on a day, and for an ended one who took over, through all steps.

    That is one unit where one took over all of it, else all that took a part. Not as `heirs_on`: one that
    ended without a successor leaves nothing to the unit above it. Two queries a step.
    """
    found: set[int] = set()
    seen: set[int] = set()
    waiting = set(unit_ids)
    while waiting:
        seen |= waiting
        rows = UnitVersion.objects.filter(tree.valid_on(on), unit_id__in=waiting)
        alive = set(rows.values_list("unit_id", flat=True))
        found |= alive
        waiting = _took_over(waiting - alive, on=on) - seen
    return found


def _took_over(ended: Collection[int], *, on: date) -> set[int]:
    rows = Succession.objects.filter(
        predecessor_id__in=ended, takes_effect_on__lte=on, annulled_by__isnull=True
    ).values_list("predecessor_id", "successor_id", "is_whole")
    whole: dict[int, set[int]] = {}
    partly: dict[int, set[int]] = {}
    for old, new, is_whole in rows:
        (whole if is_whole else partly).setdefault(old, set()).add(new)
    return {new for old in {*whole, *partly} for new in whole.get(old) or partly[old]}


def inherited_by(unit_ids: Collection[int], *, on: date) -> dict[int, frozenset[int]]:
    """For each unit, itself and the ended units whose matters it took over, through all steps back."""
    origins: dict[int, set[int]] = {unit_id: {unit_id} for unit_id in unit_ids}
    waiting: dict[int, set[int]] = {unit_id: {unit_id} for unit_id in unit_ids}
    while waiting:
        following: dict[int, set[int]] = {}
        for predecessor_id, successor_id in _ended_before(list(waiting), on=on):
            for unit_id in waiting[successor_id]:
                if predecessor_id not in origins[unit_id]:
                    origins[unit_id].add(predecessor_id)
                    following.setdefault(predecessor_id, set()).add(unit_id)
        waiting = following
    return {unit_id: frozenset(found) for unit_id, found in origins.items()}


def _ended_before(unit_ids: list[int], *, on: date) -> list[tuple[int, int]]:
    """(ended unit, unit that took over): by a succession, or because it stood under it."""
    rows = list(
        Succession.objects.filter(
            successor_id__in=unit_ids, takes_effect_on__lte=on, annulled_by__isnull=True
        ).values_list("predecessor_id", "successor_id")
    )
    ended = list(
        UnitVersion.objects.filter(
            parent_id__in=unit_ids, until__lte=on, annulled_by__isnull=True
        ).values_list("unit_id", "parent_id")
    )
    # Two questions by lists of keys: as one, PostgreSQL takes minutes over the units of the country.
    with_heir = set(
        Succession.objects.filter(
            predecessor_id__in={row[0] for row in ended}, takes_effect_on__lte=on, annulled_by__isnull=True
        ).values_list("predecessor_id", flat=True)
    )
    rows += [row for row in ended if row[0] not in with_heir]
    alive = set(
        UnitVersion.objects.filter(tree.valid_on(on), unit_id__in={row[0] for row in rows}).values_list(
            "unit_id", flat=True
        )
    )
    return [(predecessor, successor) for predecessor, successor in rows if predecessor not in alive]
