"""What the register tells the checks and the rules: awards of subjects, and whose list is complete."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from thidua.awards.held_awards import HeldAward
from thidua.awards.models import AwardState, PersonRecord, RegisterCoverage, RegisteredAward
from thidua.households.models import Household
from thidua.organisations import tree

#: Keys of one question; SQLite takes no more parameters than about 32,000.
AT_ONCE = 5000


def held(subject_keys: Collection[str]) -> dict[str, list[HeldAward]]:
    """Awards of these subjects, revoked ones marked, corrected ones left out."""
    found: dict[str, list[HeldAward]] = {}
    wanted = [key for key in subject_keys if key]
    for start in range(0, len(wanted), AT_ONCE):
        rows = (
            RegisteredAward.objects.filter(subject_key__in=wanted[start : start + AT_ONCE])
            .exclude(state=AwardState.CORRECTED)
            .order_by("pk")
        )
        for row in rows:
            found.setdefault(row.subject_key, []).append(_held(row))
    return found


def _held(row: RegisteredAward) -> HeldAward:
    return HeldAward(
        subject_key=row.subject_key,
        form=row.form or row.form_name,
        commendation_type=row.commendation_type,
        decided_on=row.decided_on or date(row.decided_year, 12, 31),
        number=row.decision_number,
        movement_id=row.movement_id,
        since=row.since,
        until=row.until,
        issuer=row.issuer_name,
        candidate_id=row.candidate_id,
        is_revoked=row.state == AwardState.REVOKED,
        award_id=row.pk,
    )


def complete(subject_keys: Collection[str], on: date) -> frozenset[str]:
    """Subjects at or below a unit of which somebody says that the register is complete."""
    covered = list(RegisterCoverage.objects.filter(declared_on__lte=on).values_list("unit_id", flat=True))
    if not covered:
        return frozenset()
    return _inside(_homes(subject_keys), covered, on=on)


def disciplines_since(subject_keys: Collection[str], *, on: date) -> dict[str, date]:
    """Of subjects the day from which every discipline stands among the holds, as is said of their unit."""
    covered: dict[date, list[int]] = {}
    rows = RegisterCoverage.objects.filter(declared_on__lte=on, discipline_since__lte=on)
    for unit_id, since in rows.values_list("unit_id", "discipline_since"):
        assert since is not None
        covered.setdefault(since, []).append(unit_id)
    homes = _homes(subject_keys) if covered else {}
    found: dict[str, date] = {}
    for since in sorted(covered, reverse=True):  # the one that reaches back farthest counts
        found |= dict.fromkeys(_inside(homes, covered[since], on=on), since)
    return found


def _inside(homes: Mapping[str, int], covered: Collection[int], *, on: date) -> frozenset[str]:
    places = tree.ids_at_or_below(covered, on=on)
    wanted = set(homes.values())
    inside = set(places.filter(unit_id__in=wanted) if len(wanted) <= AT_ONCE else places)
    return frozenset(key for key, home in homes.items() if home in inside)


def _homes(subject_keys: Collection[str]) -> dict[str, int]:
    """Subject → the unit that it is or belongs to."""
    by_kind: dict[str, list[int]] = {}
    for key in subject_keys:
        kind, _, pk = key.partition(":")
        if pk.isdigit():
            by_kind.setdefault(kind, []).append(int(pk))
    homes = {f"unit:{pk}": pk for pk in by_kind.get("unit", ())}
    people, houses = by_kind.get("person", []), by_kind.get("household", [])
    for start in range(0, len(people), AT_ONCE):
        rows = PersonRecord.objects.filter(pk__in=people[start : start + AT_ONCE])
        homes |= {f"person:{pk}": unit_id for pk, unit_id in rows.values_list("pk", "unit_id")}
    for start in range(0, len(houses), AT_ONCE):
        households = Household.objects.filter(pk__in=houses[start : start + AT_ONCE])
        homes |= {f"household:{pk}": unit_id for pk, unit_id in households.values_list("pk", "commune_id")}
    return homes
