"""Writing in the register: a new award, its revocation, its correction, whose it is.

`enter` is called by whoever decides (once for each candidate, however often it is sent) and by hand;
`enter_many` by the imports. Hides search text, order of names, level of the form, and likeness.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import IntegrityError, transaction

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.awards.models import (
    AwardSource,
    AwardState,
    AwardSubjectType,
    Candidate,
    PersonRecord,
    RegisteredAward,
)
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.text import fold, nfc, person_sort_key, sort_key
from thidua.criteria import award_law
from thidua.criteria.lawbook import NotInLawbook
from thidua.documents.models import OutgoingPaper, StoredFile
from thidua.households.models import Household
from thidua.movements.models import Movement
from thidua.organisations import tree
from thidua.organisations.models import Unit

WHAT = "Chưa vào sổ được"
Labels = dict[tuple[int, date], str]


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


def enter(new: NewAward, *, actor: Actor, now: datetime) -> RegisteredAward:
    """Write one award; a candidate that has its row already gives that row back, unchanged.

    Raises NotAllowed, RuleNotMet for what cannot be (a decision after today, a golden-book number in use).
    """
    if new.candidate is not None:
        there = row_of(new.candidate)
        if there is not None:
            return there
    award = _row(new, labels=_labels([new]))
    award.entered_by, award.entered_at = actor.user, now
    actor.require("award.enter", award)
    _refuse(new, on=actor.on)
    try:
        with transaction.atomic():
            award.save(force_insert=True)
            record(
                "awards.registeredaward.enter",
                award,
                label="Vào sổ khen thưởng",
                actor=actor,
                now=now,
                object_unit_id=award.unit_id or award.keeper_id,
                after=award.state,
                details={"form": award.form, "number": award.decision_number, "subject": award.subject_key},
            )
    except IntegrityError as error:
        there = row_of(new.candidate) if new.candidate is not None else None
        if there is not None:
            return there
        raise _clash(new) from error
    return award


def enter_many(
    rows: Sequence[NewAward], *, on_object: Any, label: str, actor: Actor, now: datetime
) -> list[RegisteredAward]:
    """Write many awards at once, all or none, with one entry in the log about `on_object`.

    All rows belong to one keeper. Raises as `enter` does.
    """
    if not rows:
        return []
    labels = _labels(rows)
    made = [_row(new, labels=labels) for new in rows]
    actor.require("award.enter", made[0])
    for new, award in zip(rows, made, strict=True):
        if award.keeper_id != made[0].keeper_id:
            raise ValueError("rows of several registers in one import")
        _refuse(new, on=actor.on)
        award.entered_by, award.entered_at = actor.user, now
    try:
        with transaction.atomic():
            RegisteredAward.objects.bulk_create(made, batch_size=500)
            record(
                "awards.registeredaward.enter_many",
                on_object,
                label=label,
                actor=actor,
                now=now,
                object_unit_id=made[0].keeper_id,
                details={"count": len(made)},
            )
    except IntegrityError as error:
        raise RuleNotMet(
            WHAT,
            why="có số vào sổ vàng đã dùng cho khoản khác cùng cơ quan, cùng năm",
            next_step="Sửa số vào sổ vàng của các hàng trùng rồi nhập lại",
        ) from error
    return made


def row_of(candidate: Candidate) -> RegisteredAward | None:
    """The row of a candidate that counts: not one that was corrected."""
    rows = RegisteredAward.objects.filter(candidate=candidate).exclude(state=AwardState.CORRECTED)
    return rows.first()


def revoke(
    award: RegisteredAward, *, revoked_on: date, by: str, reason: str, actor: Actor, now: datetime
) -> None:
    """The decision was cancelled: by which paper, on which day, why. The row stays, and counts no more."""
    by = " ".join(by.split())
    if not by:
        raise RuleNotMet(
            "Chưa ghi được hủy bỏ",
            why="chưa có số, ngày văn bản hủy bỏ",
            next_step="Ghi văn bản hủy bỏ quyết định khen thưởng",
        )
    if revoked_on > actor.on or (award.decided_on is not None and revoked_on < award.decided_on):
        raise RuleNotMet(
            "Chưa ghi được hủy bỏ",
            why="ngày hủy bỏ sau hôm nay, hoặc trước ngày quyết định khen thưởng",
            next_step="Kiểm tra ngày của văn bản hủy bỏ",
        )
    changes = {"revoked_on": revoked_on, "revoked_by": by[:300], "revoking_reason": reason.strip()}
    advance(award, "revoke", actor=actor, now=now, reason=reason, changes=changes)


def restore(award: RegisteredAward, *, reason: str, actor: Actor, now: datetime) -> None:
    """The cancellation was itself cancelled, or was written to the wrong row."""
    changes = {"revoked_on": None, "revoked_by": "", "revoking_reason": ""}
    advance(award, "restore", actor=actor, now=now, reason=reason, changes=changes)


def correct(
    award: RegisteredAward, new: NewAward, *, by: str, reason: str, actor: Actor, now: datetime
) -> RegisteredAward:
    """A new row in the place of one that was wrong; the old one stays to be read.

    `by` names the correcting decision; empty when only the register was wrong. `new` is usually
    `replace(said_by(award), …)`.
    """
    new = replace(new, candidate=award.candidate, keeper=award.keeper)
    corrected = _row(new, labels=_labels([new]))
    corrected.corrects = award
    corrected.correcting_paper, corrected.correcting_reason = by.strip()[:300], reason.strip()
    corrected.entered_by, corrected.entered_at = actor.user, now
    _refuse(new, on=actor.on)
    try:
        with transaction.atomic():
            advance(award, "correct", actor=actor, now=now, reason=reason)
            corrected.save(force_insert=True)
            record(
                "awards.registeredaward.enter",
                corrected,
                label="Vào sổ khen thưởng (đính chính)",
                actor=actor,
                now=now,
                object_unit_id=corrected.unit_id or corrected.keeper_id,
                after=corrected.state,
                details={"corrects": award.pk, "by": by.strip()},
            )
    except IntegrityError as error:
        award.state = AwardState.IN_FORCE
        raise _clash(new) from error
    return corrected


def tie(
    award: RegisteredAward,
    *,
    unit: Unit | None = None,
    person: PersonRecord | None = None,
    household: Household | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Say whose award a row is that nobody had found. What the decision says stays as it is."""
    actor.require("award.enter", award)
    what = "Chưa ghép được đối tượng"
    if sum(one is not None for one in (unit, person, household)) != 1:
        raise RuleNotMet(what, why="chưa chọn đối tượng", next_step="Chọn một đơn vị, người hoặc hộ")
    wanted = {
        AwardSubjectType.PERSON: person,
        AwardSubjectType.HOUSEHOLD: household,
    }.get(AwardSubjectType(award.subject_type), unit)
    if wanted is None:
        raise RuleNotMet(
            what,
            why=f"khoản này khen «{award.get_subject_type_display().lower()}»",
            next_step="Chọn đối tượng cùng loại, hoặc đính chính loại đối tượng trước",
        )
    key, home_id = _key_and_home(unit, person, household, None)
    changes: dict[str, Any] = {
        "subject_key": key,
        "unit_id": home_id,
        "person": person,
        "household": household,
    }
    if person is not None:
        changes["sex"] = award.sex or person.sex
        changes["person_class"] = award.person_class or person.person_class
        if award.is_direct_worker is None:
            changes["is_direct_worker"] = person.is_direct_worker
    with transaction.atomic():
        rows = RegisteredAward.objects.filter(pk=award.pk, subject_key=award.subject_key)
        if not rows.exclude(state=AwardState.CORRECTED).update(**changes):
            raise ChangedMeanwhile(
                what, why="người khác vừa ghép hoặc đính chính khoản này", next_step="Mở lại trang rồi xem"
            )
        before = award.subject_key
        award.refresh_from_db()
        award.search_text = search_text(award, _labels_of([award.unit_id], award))
        award.save(update_fields=["search_text"])
        record(
            "awards.registeredaward.tie",
            award,
            label="Ghép khoản khen thưởng với đối tượng",
            actor=actor,
            now=now,
            object_unit_id=award.unit_id or award.keeper_id,
            details={"before": before, "after": key},
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


def _row(new: NewAward, *, labels: Labels) -> RegisteredAward:
    key, home_id = _key_and_home(new.subject_unit, new.person, new.household, new.home)
    day = _day(new)
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


def _key_and_home(
    unit: Unit | None, person: PersonRecord | None, household: Household | None, home: Unit | None
) -> tuple[str, int | None]:
    if unit is not None:
        return f"unit:{unit.pk}", unit.pk
    if person is not None:
        return f"person:{person.pk}", person.unit_id
    if household is not None:
        return f"household:{household.pk}", household.commune_id
    return "", home.pk if home is not None else None


def _labels(rows: Collection[NewAward]) -> Labels:
    """(unit, day) → what the unit was called when the decision was taken; one query for each day."""
    wanted: dict[date, set[int]] = {}
    for new in rows:
        _, home_id = _key_and_home(new.subject_unit, new.person, new.household, new.home)
        for unit_id in (home_id, new.issuer.pk if new.issuer else None):
            if unit_id is not None:
                wanted.setdefault(_day(new), set()).add(unit_id)
    return {
        (unit_id, day): label
        for day, units in wanted.items()
        for unit_id, label in tree.labels_on(units, on=day).items()
    }


def _day(new: NewAward) -> date:
    """The day whose law and names hold; the last of the year where only the year is known."""
    return new.decided_on or date(new.decided_year, 12, 31)


def _labels_of(unit_ids: Collection[int | None], award: RegisteredAward) -> dict[int, str]:
    day = award.decided_on or date(award.decided_year, 12, 31)
    return tree.labels_on([one for one in unit_ids if one is not None], on=day)


def _refuse(new: NewAward, *, on: date) -> None:
    if not new.subject_name.strip() or not (new.form or new.form_name):
        raise RuleNotMet(
            WHAT, why="chưa có tên đối tượng hoặc hình thức khen", next_step="Ghi tên, chọn hình thức"
        )
    if new.decided_on is not None and new.decided_on.year != new.decided_year:
        raise RuleNotMet(WHAT, why="năm và ngày quyết định khác nhau", next_step="Sửa năm hoặc ngày")
    if new.decided_year > on.year or (new.decided_on is not None and new.decided_on > on):
        raise RuleNotMet(WHAT, why="ngày quyết định sau hôm nay", next_step="Kiểm tra ngày quyết định")
    if (new.since is None) != (new.until is None) or (
        new.since is not None and new.until is not None and new.until <= new.since
    ):
        raise RuleNotMet(
            WHAT,
            why="thời gian thành tích thiếu một đầu hoặc kết thúc trước khi bắt đầu",
            next_step="Ghi cả hai ngày, hoặc để trống cả hai",
        )
    kinds = [one for one in (new.subject_unit, new.person, new.household) if one is not None]
    fitting: Any = {
        AwardSubjectType.PERSON: new.person,
        AwardSubjectType.HOUSEHOLD: new.household,
    }.get(AwardSubjectType(new.subject_type), new.subject_unit)
    if len(kinds) > 1 or (kinds and fitting is None):
        raise RuleNotMet(
            WHAT, why="đối tượng được chọn không đúng loại", next_step="Chọn lại loại hoặc đối tượng"
        )


def _clash(new: NewAward) -> RuleNotMet:
    return RuleNotMet(
        WHAT,
        why=f"số vào sổ vàng {new.golden_book_number} của năm {new.decided_year} đã dùng cho khoản khác",
        next_step="Kiểm tra số vào sổ vàng",
    )
