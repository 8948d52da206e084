"""Writing in the register: a new award, its revocation, its correction, whose it is.

`enter` is called by whoever decides (once for each candidate, however often it is sent) and by hand;
`enter_many` by the imports. Hides search text, order of names, level of the form, and likeness.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.awards.models import (
    AwardState,
    AwardSubjectType,
    Candidate,
    PersonRecord,
    RegisteredAward,
)
from thidua.awards.register.rows import (
    NewAward,
    key_and_home,
    labels_for,
    likeness,
    of_candidate,
    said_by,
    search_text,
    to_row,
)
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.households.models import Household
from thidua.organisations import tree
from thidua.organisations.models import Unit

__all__ = [
    "NewAward",
    "correct",
    "enter",
    "enter_many",
    "likeness",
    "of_candidate",
    "replaced",
    "restore",
    "revoke",
    "row_of",
    "said_by",
    "tie",
]

WHAT = "Chưa vào sổ được"


def enter(new: NewAward, *, actor: Actor, now: datetime) -> RegisteredAward:
    """Write one award; a candidate that has its row already gives that row back, unchanged.

    Raises NotAllowed, RuleNotMet for what cannot be (a decision after today, a golden-book number in use).
    """
    if new.candidate is not None:
        there = row_of(new.candidate)
        if there is not None:
            return there
    award = to_row(new, labels=labels_for([new]))
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
    labels = labels_for(rows)
    made = [to_row(new, labels=labels) for new in rows]
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
    corrected = to_row(new, labels=labels_for([new]))
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
    key, home_id = key_and_home(unit, person, household, None)
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


def replaced(said: NewAward, values: Mapping[str, Any]) -> NewAward:
    """`said` with other values, by name."""
    return replace(said, **values)


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
