"""A row of the register as a value, and how it is made: names of the day, level of the form, likeness.

Pure but for the names of units, which are looked up once for all rows of a list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from thidua.awards.models import (
    AwardSource,
    AwardSubjectType,
    Candidate,
    PersonRecord,
    RegisteredAward,
)
from thidua.core.text import fold, nfc, person_sort_key, sort_key
from thidua.criteria import award_law
from thidua.criteria.lawbook import NotInLawbook
from thidua.documents.models import OutgoingPaper, StoredFile
from thidua.households.models import Household
from thidua.movements.models import Movement
from thidua.organisations import tree
from thidua.organisations.models import Unit

Labels = Mapping[tuple[int, date], str]


@dataclass(frozen=True, slots=True)
class NewAward:
    """What a decision says about one subject. What it does not say stays empty: unknown.

    Exactly one of `subject_unit`, `person`, `household`, or none of them while nobody knows whose it is.
    """

    keeper: Unit
    subject_type: str
    subject_name: str
    form: str
    decided_year: int
    decided_on: date | None = None
    form_name: str = ""
    subject_unit: Unit | None = None
    person: PersonRecord | None = None
    household: Household | None = None
    #: The unit of a person or household, where it is not said by their own rows.
    home: Unit | None = None
    unit_name: str = ""
    sex: str = ""
    person_class: str = ""
    is_direct_worker: bool | None = None
    commendation_type: str = ""
    movement: Movement | None = None
    since: date | None = None
    until: date | None = None
    achievement: str = ""
    decision_number: str = ""
    issuer: Unit | None = None
    issuer_name: str = ""
    signer: str = ""
    bonus: int | None = None
    golden_book_number: str = ""
    source: str = AwardSource.ENTERED
    candidate: Candidate | None = None
    paper: OutgoingPaper | None = None
    file: StoredFile | None = None
    file_name: str = ""
    place_in_file: str = ""
    note: str = ""
    is_invented: bool = False


def of_candidate(
    candidate: Candidate,
    *,
    decided_on: date,
    decision_number: str,
    issuer: Unit | None = None,
    issuer_name: str = "",
    signer: str = "",
    bonus: int | None = None,
    golden_book_number: str = "",
    paper: OutgoingPaper | None = None,
    keeper: Unit | None = None,
    form: str = "",
) -> NewAward:
    """The award that results from a candidate; issuer and keeper are the deciding body unless said so."""
    round_ = candidate.round
    person = candidate.person
    if issuer is None and not issuer_name:
        issuer = round_.deciding_body
    return NewAward(
        keeper=keeper or round_.deciding_body,
        subject_type=candidate.subject_type,
        subject_name=candidate.label,
        form=form or candidate.form,
        decided_year=decided_on.year,
        decided_on=decided_on,
        subject_unit=candidate.unit,
        person=person,
        household=candidate.household,
        sex=person.sex if person else "",
        person_class=person.person_class if person else "",
        is_direct_worker=person.is_direct_worker if person else None,
        commendation_type=round_.commendation_type,
        movement=round_.movement,
        since=candidate.since,
        until=candidate.until,
        achievement=candidate.achievement,
        decision_number=decision_number,
        issuer=issuer,
        issuer_name=issuer_name,
        signer=signer,
        bonus=bonus,
        golden_book_number=golden_book_number,
        source=AwardSource.DECIDED,
        candidate=candidate,
        paper=paper,
    )


def said_by(award: RegisteredAward) -> NewAward:
    """What a row says, to be changed and entered again as a correction."""
    return NewAward(
        keeper=award.keeper,
        subject_type=award.subject_type,
        subject_name=award.subject_name,
        form=award.form,
        form_name=award.form_name,
        decided_year=award.decided_year,
        decided_on=award.decided_on,
        subject_unit=award.unit if award.subject_key.startswith("unit:") else None,
        person=award.person,
        household=award.household,
        home=award.unit,
        unit_name=award.unit_name,
        sex=award.sex,
        person_class=award.person_class,
        is_direct_worker=award.is_direct_worker,
        commendation_type=award.commendation_type,
        movement=award.movement,
        since=award.since,
        until=award.until,
        achievement=award.achievement,
        decision_number=award.decision_number,
        issuer=award.issuer,
        issuer_name=award.issuer_name,
        signer=award.signer,
        bonus=award.bonus,
        golden_book_number=award.golden_book_number,
        source=award.source,
        candidate=award.candidate,
        paper=award.paper,
        file=award.file,
        file_name=award.file_name,
        place_in_file=award.place_in_file,
        note=award.note,
        is_invented=award.is_invented,
    )


def likeness(*, name: str, form: str, number: str, year: int) -> str:
    """Equal for rows that tell of the same award, however they are spelt."""
    parts = (fold(" ".join(name.split())), form, fold("".join(number.split())), str(year))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


@lru_cache(maxsize=1024)
def form_on(code: str, on: date) -> tuple[str, str]:
    """(name, level) of a form on a day; empty where the lawbook has none."""
    try:
        found = award_law.form(code, on)
    except NotInLawbook:
        return "", ""
    return found.name, found.level


def search_text(award: RegisteredAward, labels: dict[int, str]) -> str:
    """Everything by which somebody may look for the row, without accents."""
    words = (
        award.subject_name,
        award.decision_number,
        award.form_name,
        award.unit_name,
        labels.get(award.unit_id or 0, ""),
        award.issuer_name,
        award.golden_book_number,
        str(award.decided_year),
    )
    return fold(" ".join(dict.fromkeys(word for word in words if word)))


def to_row(new: NewAward, *, labels: Labels) -> RegisteredAward:
    key, home_id = key_and_home(new.subject_unit, new.person, new.household, new.home)
    day = day_of(new)
    known_name, level = form_on(new.form, day) if new.form else ("", "")
    name = nfc(" ".join(new.subject_name.split()))
    is_person = new.subject_type in (AwardSubjectType.PERSON, AwardSubjectType.HOUSEHOLD)
    award = RegisteredAward(
        subject_type=new.subject_type,
        subject_key=key,
        subject_name=name[:400],
        name_order=(person_sort_key(name) if is_person else sort_key(name))[:900],
        unit_id=home_id,
        unit_name=new.unit_name[:400] or labels.get((home_id or 0, day), "")[:400],
        person=new.person,
        household=new.household,
        sex=new.sex,
        person_class=new.person_class,
        is_direct_worker=new.is_direct_worker,
        form=new.form,
        form_name=(new.form_name or known_name or new.form)[:300],
        level=level,
        commendation_type=new.commendation_type,
        movement=new.movement,
        since=new.since,
        until=new.until,
        achievement=new.achievement,
        decided_on=new.decided_on,
        decided_year=new.decided_year,
        decision_number=new.decision_number.strip()[:120],
        issuer=new.issuer,
        issuer_name=(new.issuer_name or (labels.get((new.issuer.pk, day), "") if new.issuer else ""))[:300],
        signer=new.signer[:200],
        bonus=new.bonus,
        golden_book_number=new.golden_book_number.strip()[:40],
        keeper=new.keeper,
        source=new.source,
        candidate=new.candidate,
        paper=new.paper,
        file=new.file,
        file_name=new.file_name[:255],
        place_in_file=new.place_in_file[:120],
        note=new.note,
        is_invented=new.is_invented,
        likeness=likeness(
            name=name, form=new.form or fold(new.form_name), number=new.decision_number, year=new.decided_year
        ),
    )
    award.search_text = search_text(award, {home_id or 0: labels.get((home_id or 0, day), "")})
    return award


def key_and_home(
    unit: Unit | None, person: PersonRecord | None, household: Household | None, home: Unit | None
) -> tuple[str, int | None]:
    if unit is not None:
        return f"unit:{unit.pk}", unit.pk
    if person is not None:
        return f"person:{person.pk}", person.unit_id
    if household is not None:
        return f"household:{household.pk}", household.commune_id
    return "", home.pk if home is not None else None


def labels_for(rows: Collection[NewAward]) -> Labels:
    """(unit, day) → what the unit was called when the decision was taken; one query for each day."""
    wanted: dict[date, set[int]] = {}
    for new in rows:
        _, home_id = key_and_home(new.subject_unit, new.person, new.household, new.home)
        for unit_id in (home_id, new.issuer.pk if new.issuer else None):
            if unit_id is not None:
                wanted.setdefault(day_of(new), set()).add(unit_id)
    return {
        (unit_id, day): label
        for day, units in wanted.items()
        for unit_id, label in tree.labels_on(units, on=day).items()
    }


def day_of(new: NewAward) -> date:
    """The day whose law and names hold; the last of the year where only the year is known."""
    return new.decided_on or date(new.decided_year, 12, 31)
