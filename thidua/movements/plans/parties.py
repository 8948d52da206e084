"""Names that a plan uses for who acts, and the units they stand for.

Knows which names a version needs and who has looked at them; hides how a name is looked up among the units of
the plan's own day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, QuerySet

from thidua.audit.log import Actor, record
from thidua.core.errors import RuleNotMet
from thidua.movements.models import (
    ItemDecision,
    ItemKind,
    PartyName,
    PartyUnit,
    PlanItem,
    PlanVersion,
)
from thidua.movements.plans import naming
from thidua.movements.plans.editing import locked_draft
from thidua.movements.plans.items import listed, names_in
from thidua.organisations.models import Unit

CONFIRM = "movements.planversion.confirm_party"


@dataclass(frozen=True, slots=True)
class Use:
    """How often a name leads, helps, or is reported to; in the keys of tasks."""

    leads: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()
    receives: tuple[str, ...] = ()

    @property
    def gives_tasks(self) -> bool:
        return bool(self.leads)


def uses_of(items: Iterable[PlanItem]) -> dict[str, Use]:
    """Every name of the tasks that were not dropped, and where it stands."""
    found: dict[str, dict[str, list[str]]] = {}
    for item in items:
        if item.kind != ItemKind.TASK or item.decision == ItemDecision.DROPPED:
            continue
        for key, name in (("lead", "leads"), ("coordinate_with", "helps"), ("report_to", "receives")):
            for party in listed(item.entry.get(key)):
                found.setdefault(party[:500], {}).setdefault(name, []).append(item.key)
    return {
        party: Use(**{name: tuple(dict.fromkeys(keys)) for name, keys in uses.items()})
        for party, uses in found.items()
    }


def sync(version: PlanVersion, *, on: date) -> None:
    """Make the names of a draft those that its tasks use; new ones come with a proposal.

    What a person has confirmed stays as long as the name is used. Inside the caller's transaction.
    """
    wanted = {
        name[:500]
        for item in version.items.exclude(decision=ItemDecision.DROPPED).filter(kind=ItemKind.TASK)
        for name in names_in(item.kind, item.entry)
    }
    known = set(version.parties.values_list("name", flat=True))
    version.parties.filter(name__in=known - wanted).delete()
    missing = sorted(wanted - known)
    if not missing:
        return
    day = naming.day_of(version.dated, on=on)
    found = naming.proposed(missing, owner_id=version.plan.owner_id, on=day)
    proposals = [found[name] for name in missing]
    PartyName.objects.bulk_create(
        PartyName(
            version=version, name=name, matched_by=one.reason[:200], is_outside=one.is_outside and one.is_sure
        )
        for name, one in zip(missing, proposals, strict=True)
    )
    keys = dict(version.parties.filter(name__in=missing).values_list("name", "pk"))
    PartyUnit.objects.bulk_create(
        PartyUnit(party_id=keys[name], unit_id=unit_id)
        for name, one in zip(missing, proposals, strict=True)
        for unit_id in one.unit_ids
    )


def confirm(
    party: PartyName,
    *,
    unit_ids: Collection[int],
    is_outside: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """A person says which units a name stands for, or that it stands for nobody in the system."""
    if not unit_ids and not is_outside:
        raise RuleNotMet(
            f"Chưa xác nhận được «{party.name}»",
            why="chưa chọn đơn vị nào",
            next_step="Chọn đơn vị, hoặc đánh dấu là ngoài hệ thống",
        )
    units = () if is_outside else tuple(dict.fromkeys(unit_ids))
    with transaction.atomic():
        version = locked_draft(party.version, actor=actor)
        before = set(party.units.values_list("unit_id", flat=True))
        if before != set(units):
            party.units.all().delete()
            found = Unit.objects.filter(pk__in=units).values_list("pk", flat=True)
            PartyUnit.objects.bulk_create(PartyUnit(party=party, unit_id=unit_id) for unit_id in found)
        how = party.matched_by if before == set(units) else "người xử lý chọn"
        party.is_confirmed, party.is_outside, party.matched_by = True, is_outside, how
        party.save(update_fields=["is_confirmed", "is_outside", "matched_by"])
        record(
            CONFIRM,
            version,
            label="Xác nhận đơn vị của tên gọi",
            actor=actor,
            now=now,
            object_unit_id=version.plan.owner_id,
            details={"name": party.name, "units": sorted(units), "outside": is_outside},
        )


def reopen(party: PartyName, *, actor: Actor, now: datetime) -> None:
    """Take a confirmation back."""
    with transaction.atomic():
        version = locked_draft(party.version, actor=actor)
        PartyName.objects.filter(pk=party.pk).update(is_confirmed=False)
        record(
            CONFIRM,
            version,
            label="Mở lại tên gọi để xem",
            actor=actor,
            now=now,
            object_unit_id=version.plan.owner_id,
            details={"name": party.name},
        )
    party.is_confirmed = False


def confirm_proposed(
    version: PlanVersion, *, only: Collection[int] | None = None, actor: Actor, now: datetime
) -> int:
    """Confirm every name (of the keys `only`) whose proposal is sure; returns how many. The rest waits."""
    with transaction.atomic():
        locked = locked_draft(version, actor=actor)
        sure = [party for party in waiting(locked) if is_sure(party) and (only is None or party.pk in only)]
        PartyName.objects.filter(pk__in=[party.pk for party in sure]).update(is_confirmed=True)
        record(
            CONFIRM,
            locked,
            label="Xác nhận các gợi ý chắc chắn",
            actor=actor,
            now=now,
            object_unit_id=locked.plan.owner_id,
            details={"count": len(sure), "names": [party.name for party in sure]},
        )
    version.edition = locked.edition
    return len(sure)


def waiting(version: PlanVersion) -> QuerySet[PartyName]:
    """Names nobody has confirmed yet."""
    return version.parties.filter(is_confirmed=False).prefetch_related("units")


def is_sure(party: PartyName) -> bool:
    """Whether a proposal may be confirmed without looking: it names somebody, or says nobody is meant."""
    has_answer = party.is_outside or bool(party.units.all())
    return has_answer and not party.matched_by.startswith(naming.UNSURE)


def units_by_name(version: PlanVersion) -> dict[str, list[int]]:
    """Units of each confirmed name that stands for somebody."""
    found: dict[str, list[int]] = {}
    rows = PartyUnit.objects.filter(party__version=version, party__is_outside=False, party__is_confirmed=True)
    for name, unit_id in rows.order_by("pk").values_list(F("party__name"), "unit_id"):
        found.setdefault(name, []).append(unit_id)
    return found
