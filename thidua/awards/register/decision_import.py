"""Awards from a decision that was read: each name is looked at by a person, then all that were taken enter.

What the reader found is a proposal: number, day, body and form may be mended, each row is taken or left out,
and tied to whom it is. Nothing enters while a row has not been looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.awards.models import (
    AwardSource,
    AwardState,
    AwardSubjectType,
    ImportKind,
    ImportRow,
    ImportState,
    RegisteredAward,
    RegisterImport,
)
from thidua.awards.register import decision_reading, entering, finding, list_import
from thidua.awards.register.rows import NewAward
from thidua.core.errors import RuleNotMet
from thidua.documents import file_store
from thidua.organisations.models import Unit

WHAT = "Chưa đưa vào sổ được"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person says about one row."""

    is_taken: bool
    subject_type: str
    name: str
    unit_name: str
    subject_key: str = ""


def hand_in(raw: bytes, *, file_name: str, keeper: Unit, actor: Actor, now: datetime) -> RegisterImport:
    """Read a decision and keep what was found. Raises NotAllowed, RuleNotMet."""
    actor.require("award.enter", RegisterImport(keeper=keeper))
    name = file_store.clean_file_name(file_name)
    forms = list_import.offered(keeper, on=actor.on).forms
    found = decision_reading.read(raw, file_name=name, forms=forms)
    if not found.rows:
        raise RuleNotMet(
            "Chưa thấy danh sách trong quyết định",
            why="tệp không có bảng hay dòng đánh số nào ghi tên người, đơn vị được khen",
            next_step="Đưa tệp có danh sách kèm theo, hoặc nhập bằng tệp Excel mẫu",
        )
    with transaction.atomic():
        batch = RegisterImport.objects.create(
            keeper=keeper,
            kind=ImportKind.DECISION,
            file=file_store.store(raw),
            file_name=name,
            number=found.number[:120],
            decided_on=found.decided_on,
            issuer_name=found.issuer_name[:300],
            signer=found.signer[:200],
            form=found.form,
            made_by=actor.user,
            made_at=now,
        )
        ImportRow.objects.bulk_create(
            ImportRow(
                batch=batch,
                position=position,
                place=row.place,
                quote=row.quote,
                name=row.name[:400],
                unit_name=row.unit_name[:400],
                subject_type=row.subject_type,
                form=found.form,
            )
            for position, row in enumerate(found.rows, 1)
        )
        record(
            "awards.registerimport.hand_in",
            batch,
            label="Đưa lên quyết định khen thưởng",
            actor=actor,
            now=now,
            object_unit_id=keeper.pk,
            details={"sha256": batch.file.sha256, "rows": len(found.rows)},
        )
    return batch


def mend(batch: RegisterImport, *, values: Mapping[str, Any], actor: Actor) -> None:
    """Number, day, body, signer, form and type as a person says them; still waiting."""
    actor.require("award.enter", batch)
    _refuse_closed(batch)
    for name in ("number", "decided_on", "issuer_name", "signer", "form", "commendation_type"):
        setattr(batch, name, values[name])
    batch.save()


def answer(batch: RegisterImport, answers: Mapping[int, Answer], *, actor: Actor) -> int:
    """What a person says about rows, by their keys; returns how many were looked at."""
    actor.require("award.enter", batch)
    _refuse_closed(batch)
    rows = batch.rows.in_bulk(list(answers))
    for pk, row in rows.items():
        said = answers[pk]
        row.is_taken, row.subject_type = said.is_taken, said.subject_type
        row.name, row.unit_name, row.subject_key = said.name, said.unit_name, said.subject_key
    ImportRow.objects.bulk_update(
        rows.values(), ["is_taken", "subject_type", "name", "unit_name", "subject_key"]
    )
    return len(rows)


def enter(batch: RegisterImport, *, actor: Actor, now: datetime) -> list[RegisteredAward]:
    """All rows that were taken, or nothing. What the register has already is not written again."""
    rows = list(batch.rows.order_by("position"))
    open_rows = sum(row.is_taken is None for row in rows)
    if open_rows:
        raise RuleNotMet(WHAT, why=f"còn {open_rows} dòng chưa xem", next_step="Xác nhận hoặc bỏ từng dòng")
    taken = [row for row in rows if row.is_taken]
    if batch.decided_on is None or not batch.form:
        raise RuleNotMet(
            WHAT, why="chưa rõ ngày quyết định hoặc hình thức khen", next_step="Ghi ở phần đầu rồi lưu lại"
        )
    lacking = [row for row in taken if not row.subject_type or not row.name.strip()]
    if lacking:
        raise RuleNotMet(
            WHAT, why=f"{lacking[0].place} chưa rõ tên hoặc loại đối tượng", next_step="Chọn loại đối tượng"
        )
    new = [one for one in awards_of(batch, taken, decided_on=batch.decided_on) if not is_there(one)]
    with transaction.atomic():
        advance(batch, "enter", actor=actor, now=now, changes={"entered_count": len(new), "entered_at": now})
        return entering.enter_many(
            new, on_object=batch, label="Nhập khoản khen thưởng từ quyết định", actor=actor, now=now
        )


def awards_of(batch: RegisterImport, rows: Collection[ImportRow], *, decided_on: date) -> list[NewAward]:
    """The awards that rows would become."""
    issuer = finding.unit_named(batch.issuer_name, near=batch.keeper, on=decided_on)
    return [_award(row, batch, issuer, decided_on) for row in rows]


def _award(row: ImportRow, batch: RegisterImport, issuer: Unit | None, day: date) -> NewAward:
    is_person = row.subject_type in (AwardSubjectType.PERSON, AwardSubjectType.HOUSEHOLD)
    tied = finding.subject_of_key(row.subject_key)
    home = finding.unit_named(row.unit_name, near=batch.keeper, on=day) if is_person else None
    person = tied.get("person")
    name_cell = next((part for part in row.quote.split(" | ") if row.name and row.name in part), row.quote)
    is_one = row.subject_type == AwardSubjectType.PERSON
    return NewAward(
        keeper=batch.keeper,
        subject_type=row.subject_type,
        subject_name=row.name,
        form=batch.form,
        decided_year=day.year,
        decided_on=day,
        subject_unit=tied.get("unit"),
        person=person,
        household=tied.get("household"),
        home=home,
        unit_name=row.unit_name,
        sex=(decision_reading.sex_said(name_cell) if is_one else "") or (person.sex if person else ""),
        person_class=person.person_class if person else "",
        is_direct_worker=person.is_direct_worker if person else None,
        commendation_type=batch.commendation_type,
        decision_number=batch.number,
        issuer=issuer,
        issuer_name=batch.issuer_name,
        signer=batch.signer,
        source=AwardSource.DECISION,
        file=batch.file,
        file_name=batch.file_name,
        place_in_file=row.place,
        is_invented=batch.keeper.is_invented,
    )


def proposals(row: ImportRow, batch: RegisterImport, *, on: date) -> list[finding.Proposal]:
    """Whom a row may be about."""
    day = batch.decided_on or on
    is_person = row.subject_type in (AwardSubjectType.PERSON, AwardSubjectType.HOUSEHOLD)
    home = finding.unit_named(row.unit_name, near=batch.keeper, on=day) if is_person else None
    likely = RegisteredAward(
        subject_type=row.subject_type,
        subject_name=row.name,
        unit=home,
        keeper=batch.keeper,
        decided_on=day,
        decided_year=day.year,
    )
    return finding.subjects_like(likely, on=on)


def warnings(row: ImportRow, batch: RegisterImport, *, key: str, day: date, on: date) -> list[str]:
    """Sentences for a row that the register may hold already, or whose achievement was rewarded before."""
    row.subject_key, chosen = key, row.subject_key
    new = _award(row, batch, None, day)
    row.subject_key = chosen
    found = ["đã có trong sổ, sẽ không ghi lần nữa"] if is_there(new) else []
    keys = finding.keys_near(new, {}, on=on)
    for award in RegisteredAward.objects.filter(subject_key__in=keys, state=AwardState.IN_FORCE).order_by(
        "pk"
    ):
        if finding.rewards_the_same(new, award) and award.decision_number != new.decision_number:
            number = f"Quyết định {award.decision_number}" if award.decision_number else "không rõ số"
            found.append(
                f"{award.subject_name} đã được tặng «{award.form_name}» ({number}, năm {award.decided_year})"
            )
    return found


def is_there(new: NewAward) -> bool:
    """Whether the register holds this very award: the same decision, form and name."""
    sign = entering.likeness(
        name=new.subject_name, form=new.form, number=new.decision_number, year=new.decided_year
    )
    return RegisteredAward.objects.filter(likeness=sign).exclude(state=AwardState.CORRECTED).exists()


def _refuse_closed(batch: RegisterImport) -> None:
    if batch.state != ImportState.WAITING:
        raise RuleNotMet(WHAT, why="quyết định này đã vào sổ hoặc đã bỏ", next_step="Mở lại trang để xem")
