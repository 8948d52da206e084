"""The words of a list: who decides, how a subject is called, for what. Proposed; the officer mends them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from thidua.awards.models import AwardRound, AwardRoundKind, Candidate, Sex
from thidua.awards.papers import printed_form
from thidua.documents.letterhead import letterhead_of
from thidua.organisations import tree
from thidua.organisations.models import UnitKind

#: First words of a body's name → what its head is called.
HEADS = (
    ("Sở ", "Giám đốc"),
    ("Trung tâm ", "Giám đốc"),
    ("Thanh tra ", "Chánh Thanh tra"),
    ("Văn phòng ", "Chánh Văn phòng"),
    ("Phòng ", "Trưởng phòng"),
    ("Ban ", "Trưởng ban"),
)


@dataclass(frozen=True, slots=True)
class Decider:
    """Who gives, as paper and certificate say it."""

    title: str
    signer_title: str
    place: str


def decider_of(unit_id: int, *, on: date) -> Decider:
    head = letterhead_of(unit_id, on=on)
    version = tree.last_version(unit_id, on=on)
    if version is not None and version.unit.is_place:
        return Decider(f"Chủ tịch {head.name}", "Chủ tịch", head.place)
    for beginning, title in HEADS:
        if head.name.startswith(beginning):
            if title.lower().endswith(beginning.strip().lower()):
                rest = head.name.removeprefix(beginning)
                return Decider(f"{title} {rest}", title, head.place)
            return Decider(f"{title} {head.name}", title, head.place)
    return Decider(f"Thủ trưởng {head.name}", "Thủ trưởng", head.place)


def name_of(candidate: Candidate) -> str:
    """As a decision calls the subject: «Ông Lò Văn Mẫu», «Hộ gia đình Vàng A Ví Dụ», «Xã Huổi Luông»."""
    person, household = candidate.person, candidate.household
    if person is not None:
        title = {Sex.MALE.value: "Ông ", Sex.FEMALE.value: "Bà "}.get(person.sex, "")
        return f"{title}{person.name}"
    if household is not None:
        return f"Hộ gia đình {household.head_name}".strip()
    return candidate.label[:1].upper() + candidate.label[1:]


def details_of(candidates: list[Candidate], *, on: date) -> dict[int, str]:
    """Position and unit of a person, where a household lives, the place above a unit; by candidate."""
    homes = {one.home_id for one in candidates}
    labels = tree.labels_on(homes, on=on)
    above = {home: _places_above(home, on=on) for home in homes}
    found = {}
    for one in candidates:
        home = labels.get(one.home_id, "")
        if one.person is not None:
            parts = [one.person.position, home]
        elif one.household is not None:
            parts = [one.household.village_name, home, above[one.home_id]]
        else:
            parts = [above[one.home_id]]
        joined = ", ".join(part for part in parts if part)
        found[one.pk] = joined[:1].upper() + joined[1:]
    return found


def _places_above(unit_id: int, *, on: date) -> str:
    """From the nearest outwards: «huyện Phong Thổ, tỉnh Lai Châu»."""
    places = [
        version.label
        for version in tree.ancestors(unit_id, on=on)
        if version.unit_id != unit_id and version.unit.is_place and version.unit.kind != UnitKind.NATION
    ]
    return ", ".join(reversed(places))  # the nearest first


def achievement_of(round_: AwardRound) -> str:
    """«Đã có thành tích xuất sắc trong Phong trào thi đua “…” năm 2023»."""
    first, last = round_.since.year, date.fromordinal(round_.until.toordinal() - 1).year
    when = f"năm {first}" if first == last else f"giai đoạn {first} - {last}"
    if round_.movement is None:
        return f"Đã có thành tích xuất sắc {when}"
    name = round_.movement.name.strip()
    called = name if name.lower().startswith("phong trào") else f"Phong trào thi đua “{name.strip('“”')}”"
    if round_.kind in (AwardRoundKind.MID_TERM, AwardRoundKind.FINAL):
        when = f"giai đoạn {first} - {last}" if first != last else when
    return f"Đã có thành tích xuất sắc trong thực hiện {called} {when}"


def title_of(candidate: Candidate, *, on: date) -> str:
    return f"Về việc tặng {printed_form(candidate, on)}"
