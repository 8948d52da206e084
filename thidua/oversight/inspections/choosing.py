"""Which units an inspection looks at: all, those with most signs in the data, or a random sample.

Knows from whom may be chosen: who has tasks under the plan, or else who stands directly below its issuer.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from thidua.audit.log import Actor, record
from thidua.core.errors import RuleNotMet
from thidua.core.text import sort_key
from thidua.movements import warning_signs
from thidua.movements.models import Plan, TaskState
from thidua.movements.tasks.answering import answering_for
from thidua.organisations import tree
from thidua.organisations.models import Unit, UnitVersion
from thidua.organisations.successions import heirs_on
from thidua.oversight.inspections import risk, sampling
from thidua.oversight.models import Inspection, SelectionHow, Visit


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that may be chosen; `key` is the one that a draw goes by."""

    unit_id: int
    key: str
    label: str
    is_place: bool


def pool_of(plan: Plan, *, on: date) -> list[Candidate]:
    """Units that carry out the plan on the day, by name; never its own two bodies or their heirs."""
    given = set(plan.tasks.exclude(state=TaskState.CANCELLED).values_list("unit_id", flat=True))
    if not given and plan.owner_id is not None:
        given = {version.unit_id for version in tree.children(plan.owner_id, on=on)}
    living: set[int] = set()
    names = answering_for(given, on=on)
    for unit_id in given:
        living |= set(heirs_on(unit_id, on=on)) if names[unit_id].has_ended else {unit_id}
    for body in (plan.owner_id, plan.standing_body_id):
        living -= set(heirs_on(body, on=on)) if body is not None else set()
    rows = UnitVersion.objects.filter(tree.valid_on(on), unit_id__in=living).select_related("unit")
    found = [Candidate(row.unit_id, row.unit.key, row.label, row.unit.is_place) for row in rows]
    return sorted(found, key=lambda one: (sort_key(one.label), one.unit_id))


def ranked(inspection: Inspection, pool: Collection[Candidate], *, on: date) -> list[risk.Ranked]:
    """The pool with the signs for each unit, most points first."""
    asked = warning_signs.Asked(
        inspection.plan, [one.unit_id for one in pool], inspection.since, inspection.until, on
    )
    return risk.ranked(asked.unit_ids, warning_signs.signs_of(asked), risk.weights(on))


def new_seed() -> str:
    return secrets.token_hex(4)


def choose(
    inspection: Inspection,
    how: SelectionHow | str,
    *,
    size: int | None = None,
    seed: str = "",
    only_places: bool = False,
    actor: Actor,
    now: datetime,
) -> list[Visit]:
    """Put the chosen units in the place of those chosen before, with the reasons as they are today.

    Raises NotAllowed, RuleNotMet when it was announced already, nobody can be chosen, or no size is given
    for a part.
    """
    actor.require("inspection.run", inspection)
    if not inspection.is_open_to_change:
        raise RuleNotMet(
            "Chưa đổi được danh sách đơn vị",
            why="cuộc kiểm tra đã thông báo",
            next_step="Giữ danh sách đã thông báo, hoặc lập cuộc kiểm tra khác",
        )
    pool = [one for one in pool_of(inspection.plan, on=actor.on) if one.is_place or not only_places]
    if not pool:
        raise RuleNotMet(
            "Chưa chọn được đơn vị",
            why="kế hoạch chưa giao việc cho đơn vị nào",
            next_step="Giao nhiệm vụ của kế hoạch cho các đơn vị trước",
        )
    if how != SelectionHow.ALL and not size:
        raise RuleNotMet(
            "Chưa chọn được đơn vị",
            why="chưa ghi chọn bao nhiêu đơn vị",
            next_step="Ghi số đơn vị rồi chọn lại",
        )
    orders = {one.unit_id: one for one in ranked(inspection, pool, on=actor.on)}
    if how == SelectionHow.RISK:
        chosen = list(orders)[:size]
    elif how == SelectionHow.SAMPLE:
        seed = seed.strip()[: sampling.SEED_LENGTH] or new_seed()
        by_key = {one.key: one.unit_id for one in pool}
        chosen = [by_key[key] for key in sampling.draw(by_key, size=size or 0, seed=seed)]
    else:
        chosen = [one.unit_id for one in pool]
    return _keep(
        inspection,
        [orders[unit_id] for unit_id in chosen],
        how=SelectionHow(how),
        seed=seed if how == SelectionHow.SAMPLE else "",
        pool=sorted(one.key for one in pool),
        actor=actor,
        now=now,
    )


def _keep(
    inspection: Inspection,
    chosen: Sequence[risk.Ranked],
    *,
    how: SelectionHow,
    seed: str,
    pool: list[str],
    actor: Actor,
    now: datetime,
) -> list[Visit]:
    inspection.how, inspection.seed, inspection.pool_json = how, seed, pool
    with transaction.atomic():
        inspection.save(update_fields=["how", "seed", "pool_json"])
        inspection.visits.all().delete()
        visits = Visit.objects.bulk_create(
            Visit(
                inspection=inspection,
                unit_id=one.unit_id,
                score=one.score,
                reasons_json=[[reason.text, reason.points, reason.address] for reason in one.reasons],
            )
            for one in chosen
        )
        record(
            "oversight.inspection.choose",
            inspection,
            label="Chọn đơn vị kiểm tra",
            actor=actor,
            now=now,
            object_unit_id=inspection.unit_id,
            details={
                "how": str(how.label),
                "seed": seed,
                "pool": len(pool),
                "chosen": [visit.unit_id for visit in visits],
            },
        )
    return visits


def draw_again(inspection: Inspection) -> list[str]:
    """What the seed gives from the units it was drawn from: the proof that nobody picked by hand."""
    size = inspection.visits.count()
    return sampling.draw(inspection.pool_json, size=size, seed=inspection.seed)


def is_as_drawn(inspection: Inspection) -> bool:
    """Whether the chosen units are those that the seed gives."""
    keys = Unit.objects.filter(pk__in=inspection.visits.values("unit_id")).values_list("key", flat=True)
    return set(keys) == set(draw_again(inspection))
