"""Taking old lists into the register: what is new, what is there, what may be a duplicate; all or nothing.

A file is held against the register anew when it is confirmed, so that nobody's work in between is lost.
The same list handed in twice adds nothing. A name ties a row to a unit when exactly one fits; to a person or
household only a code does, or the reader's word that equal names in one unit are one person.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.awards.models import (
    AwardSource,
    AwardState,
    AwardSubjectType,
    ImportKind,
    PersonRecord,
    RegisteredAward,
    RegisterImport,
)
from thidua.awards.register import entering, finding, lists, old_lists
from thidua.awards.register.old_lists import ListRow
from thidua.awards.register.rows import NewAward, form_on, key_and_home
from thidua.core.errors import RuleNotMet
from thidua.core.text import fold, person_sort_key
from thidua.documents import file_store
from thidua.households.models import Household
from thidua.movements.models import Movement
from thidua.organisations import matching, tree
from thidua.organisations.models import Unit
from thidua.organisations.spreadsheets import CellError

MOST_MOVEMENTS = 300
AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Warned:
    """A row that may reward what was rewarded before, or whose subject is not sure."""

    row: int
    name: str
    text: str
    award_id: int | None = None


@dataclass
class Staging:
    """What a file says, held against the register. Nothing is saved."""

    errors: list[CellError] = field(default_factory=list)
    new: list[NewAward] = field(default_factory=list)
    #: Row in Excel of each of `new`.
    places: list[int] = field(default_factory=list)
    #: Rows that are in the register already.
    known: int = 0
    duplicates: list[Warned] = field(default_factory=list)
    untied: list[Warned] = field(default_factory=list)
    #: Rows whose name and unit are those of exactly one person record or household.
    by_name: dict[int, PersonRecord | Household] = field(default_factory=dict)

    @property
    def tied(self) -> int:
        return len(self.new) - len(self.untied)


def offered(keeper: Unit, *, on: date) -> old_lists.Lists:
    """The lists of the template, as the lawbook and the movements of the day have them."""
    movements = Movement.objects.order_by("-first_year", "name_order").values_list("name", "pk")
    return old_lists.Lists(
        forms={name: code for code, name in lists.form_choices(on)},
        types={name: code for code, name in lists.type_choices(on)},
        movements=dict(reversed(list(movements[:MOST_MOVEMENTS]))),
    )


def hand_in(raw: bytes, *, file_name: str, keeper: Unit, actor: Actor, now: datetime) -> RegisterImport:
    """Keep a file to be looked at. Raises NotAllowed, RuleNotMet when it cannot be read at all."""
    actor.require("award.enter", RegisterImport(keeper=keeper))
    old_lists.read(raw, offered(keeper, on=actor.on), on=actor.on)
    batch = RegisterImport.objects.create(
        keeper=keeper,
        kind=ImportKind.LIST,
        file=file_store.store(raw),
        file_name=file_store.clean_file_name(file_name),
        made_by=actor.user,
        made_at=now,
    )
    record(
        "awards.registerimport.hand_in",
        batch,
        label="Đưa lên danh sách khen thưởng cũ",
        actor=actor,
        now=now,
        object_unit_id=keeper.pk,
        details={"sha256": batch.file.sha256},
    )
    return batch


def stage(batch: RegisterImport, *, on: date) -> Staging:
    """Read the file of a batch and hold it against what is known on a day."""
    found = old_lists.read(file_store.bytes_of(batch.file), offered(batch.keeper, on=on), on=on)
    staging = Staging(errors=list(found.errors))
    if staging.errors:
        return staging
    units = _Units(batch.keeper)
    units.look_up(found.rows)
    fresh = _not_there_yet(found.rows, staging)
    people, houses = _by_code(fresh, units)
    for row in fresh:
        staging.places.append(row.row)
        staging.new.append(_award(row, batch, units, people, houses))
    _propose(staging)
    _warn(staging, on=on)
    return staging


def enter(batch: RegisterImport, *, tie_by_name: bool, actor: Actor, now: datetime) -> list[RegisteredAward]:
    """Everything new of the file into the register, or nothing.

    Raises RuleNotMet while a cell is wrong, or when the batch was entered or dropped before.
    """
    staging = stage(batch, on=actor.on)
    if staging.errors:
        raise RuleNotMet(
            "Chưa nhập được danh sách",
            why=f"còn {len(staging.errors)} ô sai",
            next_step="Sửa các ô được nêu trong tệp rồi đưa lên lại",
        )
    rows = staging.new
    if tie_by_name:
        rows = [
            _tied(new, staging.by_name.get(place)) for place, new in zip(staging.places, rows, strict=True)
        ]
    with transaction.atomic():
        advance(batch, "enter", actor=actor, now=now, changes={"entered_count": len(rows), "entered_at": now})
        return entering.enter_many(
            rows, on_object=batch, label="Nhập danh sách khen thưởng cũ", actor=actor, now=now
        )


def drop(batch: RegisterImport, *, actor: Actor, now: datetime) -> None:
    advance(batch, "drop", actor=actor, now=now)


class _Units:
    """Units by the names that rows write, as they stood when the decision was taken."""

    def __init__(self, keeper: Unit) -> None:
        self.keeper = keeper
        self._found: dict[tuple[str, int], int | None] = {}
        self._snapshots: list[tuple[date, date, int]] = []
        self._by_key: dict[str, Unit] = {}
        self._units: dict[int, Unit] = {}

    def look_up(self, rows: Iterable[ListRow]) -> None:
        wanted: dict[int, set[str]] = defaultdict(set)
        days: dict[int, date] = {}
        for row in rows:
            day = _day(row)
            snapshot = self._snapshot(day)
            days.setdefault(snapshot, day)
            wanted[snapshot] |= {finding.plain_unit(name) for name in (row.unit, row.issuer) if name}
            if not _is_person_or_household(row.subject_type):
                wanted[snapshot].add(finding.plain_unit(row.name))
        for snapshot, names in wanted.items():
            matches = matching.find_all(sorted(names), near=self.keeper, on=days[snapshot])
            for name, match in matches.items():
                is_one = match.is_sure and len(match.unit_ids) == 1
                found = match.unit_ids[0] if is_one else None
                if found is None and "," in name:
                    found = finding.one_named(name, near=self.keeper.pk, on=days[snapshot])
                self._found[name, snapshot] = found
        codes = sorted(
            {row.code for row in rows if row.code and not _is_person_or_household(row.subject_type)}
        )
        for start in range(0, len(codes), AT_ONCE):
            some = codes[start : start + AT_ONCE]
            self._by_key |= {one.key: one for one in Unit.objects.filter(key__in=some)}
        ids = {pk for pk in self._found.values() if pk is not None}
        self._units = Unit.objects.in_bulk(list(ids))

    def named(self, name: str, row: ListRow) -> Unit | None:
        pk = self._found.get((finding.plain_unit(name), self._snapshot(_day(row))))
        return self._units.get(pk) if pk is not None else None

    def coded(self, code: str) -> Unit | None:
        return self._by_key.get(code)

    def _snapshot(self, day: date) -> int:
        for since, until, pk in self._snapshots:
            if since <= day < until:
                return pk
        found = tree.snapshot_on(day)
        self._snapshots.append((found.since, found.until, found.pk))
        return int(found.pk)


def _day(row: ListRow) -> date:
    return row.decided_on or date(row.year, 12, 31)


def _is_person_or_household(subject_type: str) -> bool:
    return subject_type in (AwardSubjectType.PERSON, AwardSubjectType.HOUSEHOLD)


def _not_there_yet(rows: Collection[ListRow], staging: Staging) -> list[ListRow]:
    """Rows that the register does not hold: of equal ones as many as it lacks."""
    signs = {row.row: _likeness(row) for row in rows}
    wanted = sorted(set(signs.values()))
    there: Counter[str] = Counter()
    for start in range(0, len(wanted), AT_ONCE):
        found = RegisteredAward.objects.filter(likeness__in=wanted[start : start + AT_ONCE])
        there.update(found.exclude(state=AwardState.CORRECTED).values_list("likeness", flat=True))
    fresh = []
    for row in rows:
        sign = signs[row.row]
        if there[sign] > 0:
            there[sign] -= 1
            staging.known += 1
        else:
            fresh.append(row)
    return fresh


def _likeness(row: ListRow) -> str:
    return entering.likeness(name=row.name, form=row.form, number=row.number, year=row.year)


def _by_code(
    rows: Collection[ListRow], units: _Units
) -> tuple[dict[tuple[int, str], PersonRecord], dict[tuple[int, str], Household]]:
    """Persons and households by unit and code."""
    codes: dict[str, set[str]] = defaultdict(set)
    homes: set[int] = set()
    for row in rows:
        home = units.named(row.unit, row)
        if row.code and home is not None:
            codes[row.subject_type].add(row.code)
            homes.add(home.pk)
    people = PersonRecord.objects.filter(unit_id__in=homes, staff_code__in=codes[AwardSubjectType.PERSON])
    houses = Household.objects.filter(commune_id__in=homes, code__in=codes[AwardSubjectType.HOUSEHOLD])
    return (
        {(one.unit_id, one.staff_code): one for one in people} if homes else {},
        {(one.commune_id, one.code): one for one in houses} if homes else {},
    )


def _award(
    row: ListRow,
    batch: RegisterImport,
    units: _Units,
    people: dict[tuple[int, str], PersonRecord],
    houses: dict[tuple[int, str], Household],
) -> NewAward:
    home = units.named(row.unit, row)
    person = household = subject_unit = None
    if row.subject_type == AwardSubjectType.PERSON and home is not None:
        person = people.get((home.pk, row.code))
    elif row.subject_type == AwardSubjectType.HOUSEHOLD and home is not None:
        household = houses.get((home.pk, row.code))
    elif not _is_person_or_household(row.subject_type):
        subject_unit = units.coded(row.code) if row.code else units.named(row.name, row)
    return NewAward(
        keeper=batch.keeper,
        subject_type=row.subject_type,
        subject_name=row.name,
        form=row.form,
        decided_year=row.year,
        decided_on=row.decided_on,
        subject_unit=subject_unit,
        person=person,
        household=household,
        home=home,
        unit_name=row.unit,
        sex=row.sex or (person.sex if person else ""),
        person_class=person.person_class if person else "",
        is_direct_worker=row.is_direct_worker,
        commendation_type=row.commendation_type,
        movement=Movement(pk=row.movement_id) if row.movement_id else None,
        since=row.since,
        until=row.until,
        achievement=row.achievement,
        decision_number=row.number,
        issuer=units.named(row.issuer, row) if row.issuer else None,
        issuer_name=row.issuer,
        signer=row.signer,
        bonus=row.bonus,
        golden_book_number=row.golden_book,
        source=AwardSource.LIST,
        file=batch.file,
        file_name=batch.file_name,
        place_in_file=f"dòng {row.row}",
        note=row.note,
        is_invented=batch.keeper.is_invented,
    )


def _propose(staging: Staging) -> None:
    """Rows of persons and households that nobody is tied to, with whom the name alone would mean."""
    open_rows = [
        (place, new)
        for place, new in zip(staging.places, staging.new, strict=True)
        if not key_and_home(new.subject_unit, new.person, new.household, None)[0]
    ]
    homes = {new.home.pk for _, new in open_rows if new.home is not None}
    people: dict[tuple[int, str], list[PersonRecord]] = defaultdict(list)
    for one in PersonRecord.objects.filter(unit_id__in=homes) if homes else ():
        people[one.unit_id, fold(one.name)].append(one)
    wanted = {
        person_sort_key(new.subject_name)
        for _, new in open_rows
        if new.subject_type == AwardSubjectType.HOUSEHOLD
    }
    houses: dict[tuple[int, str], list[Household]] = defaultdict(list)
    if homes and wanted:
        for house in Household.objects.filter(commune_id__in=homes, head_name_order__in=wanted):
            houses[house.commune_id, fold(house.head_name)].append(house)
    for place, new in open_rows:
        home = new.home.pk if new.home is not None else 0
        named: list[PersonRecord] | list[Household] = []
        if new.subject_type == AwardSubjectType.PERSON:
            named = people.get((home, fold(new.subject_name)), [])
        elif new.subject_type == AwardSubjectType.HOUSEHOLD:
            named = houses.get((home, fold(new.subject_name)), [])
        if len(named) == 1:
            staging.by_name[place] = named[0]
            text = "trùng họ tên và đơn vị với một hồ sơ, chưa có mã để ghép chắc chắn"
        elif named:
            text = f"có {len(named)} hồ sơ trùng họ tên trong đơn vị"
        elif _is_person_or_household(new.subject_type) and new.home is None:
            text = "chưa rõ đơn vị"
        else:
            text = "chưa thấy trong chương trình"
        staging.untied.append(Warned(place, new.subject_name, text))


def _tied(new: NewAward, subject: PersonRecord | Household | None) -> NewAward:
    if isinstance(subject, PersonRecord):
        return entering.replaced(
            new,
            {
                "person": subject,
                "sex": new.sex or subject.sex,
                "person_class": subject.person_class,
                "is_direct_worker": (
                    subject.is_direct_worker if new.is_direct_worker is None else new.is_direct_worker
                ),
            },
        )
    return entering.replaced(new, {"household": subject}) if subject is not None else new


def _warn(staging: Staging, *, on: date) -> None:
    """Rows that may reward what was rewarded before: in the register, or by another row of the file (P5)."""
    lines: dict[int, frozenset[str]] = {}
    wanted: set[str] = set()
    names: set[str] = set()
    near: list[set[str]] = []
    for new in staging.new:
        keys = finding.keys_near(new, lines, on=on)
        near.append(keys)
        wanted |= keys
        if not keys:
            names.add(fold(new.subject_name))
    there = _registered(wanted)
    for place, new, keys in zip(staging.places, staging.new, near, strict=True):
        for award in (award for key in keys for award in there.get(key, ())):
            if finding.rewards_the_same(new, award):
                number = f"Quyết định {award.decision_number}" if award.decision_number else "không rõ số"
                staging.duplicates.append(
                    Warned(
                        place,
                        new.subject_name,
                        f"{award.subject_name} đã được tặng «{award.form_name}» ({number}, năm "
                        f"{award.decided_year}), có thể cùng một thành tích",
                        award.pk,
                    )
                )
    _warn_within(staging, near)


def _registered(keys: Collection[str]) -> dict[str, list[RegisteredAward]]:
    found: dict[str, list[RegisteredAward]] = defaultdict(list)
    wanted = sorted(keys)
    for start in range(0, len(wanted), AT_ONCE):
        rows = RegisteredAward.objects.filter(
            Q(subject_key__in=wanted[start : start + AT_ONCE]), state=AwardState.IN_FORCE
        )
        for row in rows.order_by("pk"):
            found[row.subject_key].append(row)
    return found


def _warn_within(staging: Staging, near: list[set[str]]) -> None:
    """Two rows of one file for the same subject, or for equal names while nobody knows whose they are."""
    seen: dict[str, list[tuple[int, NewAward]]] = defaultdict(list)
    for place, new, keys in zip(staging.places, staging.new, near, strict=True):
        own, _ = key_and_home(new.subject_unit, new.person, new.household, None)
        signs = keys or {f"name:{fold(new.subject_name)}:{fold(new.unit_name)}"}
        for earlier, other in (pair for sign in signs for pair in seen.get(sign, ())):
            if finding.rewards_the_same(new, other):
                name, _ = form_on(other.form, other.decided_on or date(other.decided_year, 12, 31))
                staging.duplicates.append(
                    Warned(
                        place,
                        new.subject_name,
                        f"dòng {earlier} của tệp cũng tặng «{name or other.form}» cho đối tượng này, có thể "
                        "cùng một thành tích",
                    )
                )
        seen[own or next(iter(signs))].append((place, new))
