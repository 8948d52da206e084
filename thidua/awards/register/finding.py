"""Whose an award is, from what a source writes: units by their names on the day, persons only as proposals.

A name alone never ties a row to a person; a number of the unit's own does (staff code, code of a household).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from thidua.awards import relatives
from thidua.awards.models import AwardState, AwardSubjectType, PersonRecord, RegisteredAward
from thidua.awards.register.rows import NewAward, key_and_home
from thidua.core.text import nfc, person_sort_key
from thidua.households.models import Household
from thidua.movements.visibility import units_below
from thidua.organisations import matching, tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit

MOST = 20


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody a row may belong to, in words."""

    key: str
    label: str
    why: str
    #: The only one that the name can mean; never so for a person.
    is_sure: bool = False


#: What decisions write before the name of a place: the award is the place's.
_PEOPLE_OF = re.compile(
    r"^(?:cán bộ (?:và|,) nhân dân|nhân dân (?:và|,) cán bộ|nhân dân)(?: các dân tộc)?\s+", re.I
)


def plain_unit(name: str) -> str:
    """The name of a unit without «Nhân dân và cán bộ» before it."""
    return _PEOPLE_OF.sub("", nfc(" ".join(name.split())))


def unit_named(name: str, *, near: Unit, on: date) -> Unit | None:
    """The one unit of that name on the day, as seen from `near`; None when unsure."""
    if not name.strip():
        return None
    pk = one_named(plain_unit(name), near=near.pk, on=on)
    return Unit.objects.get(pk=pk) if pk is not None else None


def one_named(name: str, *, near: int, on: date) -> int | None:
    """The key of the one unit; «xã Huổi Luông, huyện Phong Thổ» is looked for in the place it names."""
    match = matching.find(name, near=near, on=on)
    if match.is_sure and len(match.unit_ids) == 1:
        return match.unit_ids[0]
    first, comma, place = name.partition(",")
    if not comma:
        return None
    within = one_named(place.strip(), near=near, on=on)
    return one_named(first.strip(), near=within, on=on) if within is not None else None


def subject_named(values: Mapping[str, Any], *, near: Unit, on: date) -> dict[str, Any]:
    """`subject_unit` or `home` of a `NewAward`, from the names."""
    if values["subject_type"] in (AwardSubjectType.PERSON, AwardSubjectType.HOUSEHOLD):
        return {"home": unit_named(values["unit_name"], near=near, on=on)}
    return {"subject_unit": unit_named(values["subject_name"], near=near, on=on)}


def subjects_like(award: RegisteredAward, *, on: date) -> list[Proposal]:
    """Whom a row that nobody has found may belong to, for a person to choose from."""
    day = award.decided_on or date(award.decided_year, 12, 31)
    if award.subject_type == AwardSubjectType.PERSON:
        people = PersonRecord.objects.filter(name_order=person_sort_key(award.subject_name))
        if award.unit_id is not None:
            people = people.filter(unit_id__in=_line(award.unit_id, on=on))
        found = list(people.order_by("pk")[:MOST])
        labels = tree.labels_on({one.unit_id for one in found}, on=on)
        return [
            Proposal(
                f"person:{one.pk}",
                one.name,
                ", ".join(
                    part
                    for part in (
                        one.position,
                        labels.get(one.unit_id, ""),
                        f"sinh {one.birth_year}" if one.birth_year else "",
                    )
                    if part
                ),
            )
            for one in found
        ]
    if award.subject_type == AwardSubjectType.HOUSEHOLD:
        if award.unit_id is None:
            return []
        houses = Household.objects.filter(
            commune_id__in=_line(award.unit_id, on=on), head_name_order=person_sort_key(award.subject_name)
        )
        return [
            Proposal(f"household:{one.pk}", f"Hộ {one.code}", "trùng tên chủ hộ")
            for one in houses.order_by("pk")[:MOST]
        ]
    match = matching.find(plain_unit(award.subject_name), near=award.keeper, on=day)
    ids = list(dict.fromkeys([*match.unit_ids, *match.candidates]))[:MOST]
    labels = tree.labels_on(ids, on=day)
    is_sure = match.is_sure and len(ids) == 1
    why = "đúng tên" if is_sure else "tên gần giống"
    return [Proposal(f"unit:{pk}", labels.get(pk, ""), why, is_sure) for pk in ids]


def _line(unit_id: int, *, on: date) -> set[int]:
    """A unit and those before and after it."""
    return {unit_id, *relatives.line_of_unit(unit_id, on=on)}


def subject_at(key: str, *, acting: Acting) -> dict[str, Any]:
    """The subject of a key as arguments of `entering.tie`, if this person may see it; else nothing chosen."""
    kind, _, number = key.partition(":")
    if not number.isdigit():
        return {}
    pk, mine = int(number), acting.unit_ids()
    below = units_below(acting)
    if kind == "unit":
        return {"unit": Unit.objects.filter(pk=pk).first()}
    if kind == "person":
        person = PersonRecord.objects.filter(pk=pk).first()
        is_seen = person is not None and (
            person.unit_id in mine or below.filter(unit_id=person.unit_id).exists()
        )
        return {"person": person if is_seen else None}
    if kind == "household":
        house = Household.objects.filter(pk=pk).first()
        is_seen = house is not None and (
            house.commune_id in mine or below.filter(unit_id=house.commune_id).exists()
        )
        return {"household": house if is_seen else None}
    return {}


def same_achievement(award: RegisteredAward, *, on: date) -> list[RegisteredAward]:
    """Other rows in force that may reward the same achievement: same subject or one near to it (P5)."""
    if not award.subject_key or award.state != AwardState.IN_FORCE:
        return []
    keys = {award.subject_key, *near_to(award, on=on)}
    rows = RegisteredAward.objects.filter(subject_key__in=keys, state=AwardState.IN_FORCE).exclude(
        pk=award.pk
    )
    if award.movement_id is None:
        rows = rows.filter(movement__isnull=True, commendation_type=award.commendation_type)
    else:
        rows = rows.filter(movement_id=award.movement_id)
    return [one for one in rows.order_by("pk") if overlaps(award, one)][:MOST]


def near_to(award: RegisteredAward, *, on: date) -> set[str]:
    if award.person is not None:
        return set(relatives.of_person(award.person))
    if award.household_id is not None:
        heads = PersonRecord.objects.filter(heads_id=award.household_id).values_list("pk", flat=True)
        return {f"person:{pk}" for pk in heads}
    if award.unit_id is not None:
        return {f"unit:{pk}" for pk in relatives.line_of_unit(award.unit_id, on=on)}
    return set()


def overlaps(one: RegisteredAward, other: RegisteredAward) -> bool:
    """Whether the periods of two achievements meet; without a period, whether they are of one year."""
    if one.since and one.until and other.since and other.until:
        return one.since < other.until and other.since < one.until
    return one.decided_year == other.decided_year


def keys_near(new: NewAward, lines: dict[int, frozenset[str]], *, on: date) -> set[str]:
    """Keys of the subject of a new award and of those near to it; `lines` keeps what was looked up before."""
    key, _ = key_and_home(new.subject_unit, new.person, new.household, None)
    if not key:
        return set()
    if new.person is not None:
        return {key, *relatives.of_person(new.person)}
    if new.subject_unit is None:
        heads = PersonRecord.objects.filter(heads=new.household).values_list("pk", flat=True)
        return {key, *(f"person:{pk}" for pk in heads)}
    pk = new.subject_unit.pk
    if pk not in lines:
        lines[pk] = frozenset(f"unit:{one}" for one in relatives.line_of_unit(pk, on=on))
    return {key, *lines[pk]}


def rewards_the_same(one: NewAward, other: NewAward | RegisteredAward) -> bool:
    """Whether two awards of one subject may be for the same achievement: movement or type, and time."""
    movement = one.movement.pk if one.movement is not None else None
    other_movement = other.movement.pk if isinstance(other, NewAward) and other.movement else None
    if isinstance(other, RegisteredAward):
        other_movement = other.movement_id
    if movement != other_movement:
        return False
    if movement is None and one.commendation_type != other.commendation_type:
        return False
    if one.since and one.until and other.since and other.until:
        return one.since < other.until and other.since < one.until
    return one.decided_year == other.decided_year


def subject_of_key(key: str) -> dict[str, Any]:
    """The subject of a key by its kind ("unit", "person", "household"); nothing where there is none."""
    kind, _, number = key.partition(":")
    if not number.isdigit():
        return {}
    if kind == "unit":
        found: Any = Unit.objects.filter(pk=int(number)).first()
    elif kind == "person":
        found = PersonRecord.objects.filter(pk=int(number)).first()
    else:
        found = Household.objects.filter(pk=int(number)).first() if kind == "household" else None
    return {kind: found} if found is not None else {}
