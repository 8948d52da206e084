"""Who is so near to a subject that one achievement could be rewarded twice through them.

A unit and those it took over from or that took over from it; a household and its head; one person in two
units. Hides successions and accounts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Q

from thidua.awards.models import Candidate, PersonRecord
from thidua.organisations import tree
from thidua.organisations.models import Succession


def of(candidate: Candidate, *, on: date) -> Mapping[str, str]:
    """Subject key → how it is related, the subject itself with nothing said."""
    found: dict[str, str] = {candidate.subject_key: ""}
    if candidate.unit_id is not None:
        found |= _units(candidate.unit_id, on=on)
    elif candidate.person is not None:
        found |= _person(candidate.person)
    elif candidate.household_id is not None:
        heads = PersonRecord.objects.filter(heads_id=candidate.household_id)
        found |= {f"person:{pk}": "chủ hộ" for pk in heads.values_list("pk", flat=True)}
    return found


def _units(unit_id: int, *, on: date) -> dict[str, str]:
    """Through all steps of succession, back and forth; a part counts like the whole."""
    before = _through(unit_id, "successor_id", "predecessor_id", on=on)
    after = _through(unit_id, "predecessor_id", "successor_id", on=on)
    labels = tree.labels_on(before | after, on=on)
    found = {f"unit:{pk}": f"đơn vị trước khi sắp xếp: {labels.get(pk, '')}" for pk in before}
    return found | {f"unit:{pk}": f"đơn vị kế thừa: {labels.get(pk, '')}" for pk in after}


def _through(unit_id: int, own: str, other: str, *, on: date) -> set[int]:
    found: set[int] = set()
    waiting = {unit_id}
    while waiting:
        rows = Succession.objects.filter(
            **{f"{own}__in": waiting}, takes_effect_on__lte=on, annulled_by__isnull=True
        )
        waiting = set(rows.values_list(other, flat=True)) - found - {unit_id}
        found |= waiting
    return found


def line_of_unit(unit_id: int, *, on: date) -> set[int]:
    """The units before and after one, through all steps, without itself."""
    before = _through(unit_id, "successor_id", "predecessor_id", on=on)
    return before | _through(unit_id, "predecessor_id", "successor_id", on=on)


def of_person(person: PersonRecord) -> Mapping[str, str]:
    """The household of a head, and the same person in other units."""
    return _person(person)


def taken_over(subject_keys: Collection[str], *, on: date) -> dict[str, frozenset[str]]:
    """For units among the subjects, the units they took over from, wholly or in part. One query a step."""
    return _taken_over(subject_keys, Q(), on=on)


def taken_over_wholly(subject_keys: Collection[str], *, on: date) -> dict[str, frozenset[str]]:
    """As `taken_over`, without units of which only a part came, or that were divided."""
    return _taken_over(subject_keys, Q(is_whole=True), on=on)


def _taken_over(subject_keys: Collection[str], which: Q, *, on: date) -> dict[str, frozenset[str]]:
    own = {int(key.removeprefix("unit:")) for key in subject_keys if key.startswith("unit:")}
    found: dict[int, set[int]] = {pk: set() for pk in own}
    waiting = {pk: {pk} for pk in own}
    while waiting:
        rows = Succession.objects.filter(
            which, successor_id__in=waiting, takes_effect_on__lte=on, annulled_by__isnull=True
        )
        following: dict[int, set[int]] = {}
        for before, after in rows.values_list("predecessor_id", "successor_id"):
            for pk in waiting[after]:
                if before != pk and before not in found[pk]:
                    found[pk].add(before)
                    following.setdefault(before, set()).add(pk)
        waiting = following
    return {f"unit:{pk}": frozenset(f"unit:{one}" for one in line) for pk, line in found.items() if line}


def _person(person: PersonRecord) -> dict[str, str]:
    found = {}
    if person.heads_id is not None:
        found[f"household:{person.heads_id}"] = "hộ mà người này là chủ hộ"
    same = Q(pk__in=[])
    if person.user_id is not None:
        same |= Q(user_id=person.user_id)
    if person.staff_code and person.birth_year:
        same |= Q(staff_code=person.staff_code, birth_year=person.birth_year, name_order=person.name_order)
    others = PersonRecord.objects.filter(same).exclude(pk=person.pk)
    return found | {
        f"person:{pk}": "cùng một người ở đơn vị khác" for pk in others.values_list("pk", flat=True)
    }
