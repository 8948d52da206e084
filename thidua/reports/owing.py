"""Who owes a report in a round, to whom, and who merges: as the units stand on a day.

Units that have ended are answered for by those that took over; the body that merges is the standing body,
else the one that issued the plan.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from thidua.organisations import tree
from thidua.organisations.models import UnitVersion
from thidua.organisations.successions import heirs_on
from thidua.reports import asked
from thidua.reports.models import Round

_PART = 5_000


@dataclass
class Owed:
    """The units that owe a report, and of a successor from whom it took over."""

    unit_ids: list[int] = field(default_factory=list)
    passed_from: dict[int, int] = field(default_factory=dict)


def alive(unit_ids: Iterable[int], *, on: date) -> set[int]:
    """Those that exist on the day; one query for each 5,000."""
    ids = sorted(set(unit_ids))
    found: set[int] = set()
    for start in range(0, len(ids), _PART):
        rows = UnitVersion.objects.filter(tree.valid_on(on), unit_id__in=ids[start : start + _PART])
        found |= set(rows.values_list("unit_id", flat=True))
    return found


def ended(unit_ids: Iterable[int], *, on: date) -> dict[int, list[int]]:
    """Of units that do not exist on the day: who answers for them."""
    ids = set(unit_ids)
    return {unit_id: heirs_on(unit_id, on=on) for unit_id in sorted(ids - alive(ids, on=on))}


def units_of(round_: Round, *, on: date) -> Owed:
    """Whoever the plan, or the officer, asks; each living unit once, never the body that merges."""
    ids = named_units(round_)
    heirs = ended(ids, on=on)
    merging = {merging_unit(round_, on=on), round_.plan.owner_id, round_.plan.standing_body_id}
    found = Owed()
    seen: set[int] = set()
    for unit_id in ids:
        for one in heirs.get(unit_id, [unit_id]):
            if one in seen or one in merging:
                continue
            seen.add(one)
            found.unit_ids.append(one)
            if one != unit_id:
                found.passed_from[one] = unit_id
    return found


def named_units(round_: Round) -> list[int]:
    """As written: by the officer, else by the plan."""
    if round_.asked_unit_ids is not None:
        return list(round_.asked_unit_ids)
    all_asked = asked.asked_of(round_.plan)
    exact = [one for one in all_asked if (one.kind, one.year) == (round_.kind, round_.year)]
    same = exact or [one for one in all_asked if one.kind == round_.kind] or all_asked
    return list(same[0].unit_ids) if same else []


def merging_unit(round_: Round, *, on: date) -> int | None:
    """The standing body, else the one that issued the plan; its heir where it has ended."""
    for unit_id in (round_.plan.standing_body_id, round_.plan.owner_id):
        if unit_id is None:
            continue
        answering = heirs_on(unit_id, on=on)
        if answering:
            return answering[0]
    return None


def receiver_of_merged(round_: Round, *, on: date) -> tuple[int | None, str]:
    """Who accepts the merged report, and the words of the plan.

    Whom the plan names; else the body that runs the plan above; else the issuer, when another body merges for
    it; else the unit above it in the tree.
    """
    plan = round_.plan
    named = [
        one
        for one in asked.asked_of(plan)
        if one.receivers and (one.year is None or (one.kind, one.year) == (round_.kind, round_.year))
    ]
    text = "; ".join(named[0].receivers) if named else ""
    above = plan.carries_out.exclude(owner__isnull=True).order_by("pk").first()
    merging = merging_unit(round_, on=on)
    options = [
        *(named[0].receiver_ids if named else ()),
        *([above.standing_body_id, above.owner_id] if above else []),
        plan.owner_id,
    ]
    if plan.owner_id is not None:
        version = tree.last_version(plan.owner_id, on=on)
        options.append(version.parent_id if version else None)
    for unit_id in options:
        if unit_id is None:
            continue
        answering = [one for one in heirs_on(unit_id, on=on) if one != merging]
        if answering:
            return answering[0], text
    return None, text
