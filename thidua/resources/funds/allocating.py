"""Giving on what a fund holds: proposal, approval (which books it), proof of use, what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.urls import reverse as address_of

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.formats import format_date
from thidua.core.text import shortened
from thidua.documents import file_store
from thidua.movements.tasks.evidence import Upload, checked
from thidua.notices import telling
from thidua.organisations.successions import heirs_on
from thidua.resources.funds import ledger
from thidua.resources.funds.amounts import in_words
from thidua.resources.models import (
    Account,
    Allocation,
    AllocationState,
    Fund,
    Holding,
    ProofFile,
    RecipientKind,
    UseProof,
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom: a place or unit, a household of the register, or a campaign (neither)."""

    kind: str
    unit_id: int | None = None
    household_id: int | None = None


def propose(
    fund: Fund,
    holding: Holding,
    amount: int,
    recipient: Recipient,
    *,
    purpose: str,
    decision: str = "",
    due_on: date | None = None,
    actor: Actor,
    now: datetime,
) -> Allocation:
    """Ask that a fund gives something on. Nothing is booked before somebody approves it."""
    what = "Chưa đề nghị phân bổ được"
    actor.require("fund.keep", fund)
    if not purpose.strip():
        raise RuleNotMet(what, why="chưa ghi để làm gì", next_step="Ghi mục đích rồi gửi lại")
    if holding.fund_id != fund.pk:
        raise RuleNotMet(what, why="khoản này của quỹ khác", next_step="Chọn khoản của quỹ này")
    if recipient.kind == RecipientKind.HOUSEHOLD and recipient.household_id is None:
        raise RuleNotMet(what, why="chưa chọn hộ", next_step="Ghi mã hộ đúng như trong sổ hộ của xã")
    if recipient.kind not in (RecipientKind.HOUSEHOLD, RecipientKind.CAMPAIGN) and recipient.unit_id is None:
        raise RuleNotMet(what, why="chưa chọn nơi nhận", next_step="Chọn xã, thôn hay đơn vị nhận")
    with transaction.atomic():
        ledger.locked(fund, what)
        made = Allocation.objects.create(
            fund=fund,
            holding=holding,
            amount=amount,
            recipient_kind=recipient.kind,
            recipient_unit_id=recipient.unit_id,
            household_id=recipient.household_id,
            purpose=purpose.strip()[:300],
            decision=decision.strip()[:200],
            due_on=due_on,
            made_by=actor.user,
            made_at=now,
        )
        record(
            "resources.allocation.propose",
            made,
            label="Đề nghị phân bổ",
            actor=actor,
            now=now,
            object_unit_id=fund.unit_id,
            after=made.state,
            details={"amount": in_words(amount, holding), "recipient": recipient.kind},
        )
    return made


def approve(allocation: Allocation, *, on: date, actor: Actor, now: datetime) -> None:
    """Approve and book it on a day. Of two who spend the same, the second is told what is left."""
    what = "Chưa duyệt phân bổ được"
    with transaction.atomic():
        ledger.locked(allocation.fund, what)
        advance(allocation, "approve", actor=actor, now=now, changes={"given_on": on})
        ledger.book(
            allocation.holding,
            credit=Account.HELD,
            debit=Account.GIVEN_ON,
            amount=allocation.amount,
            booked_on=on,
            text=f"Phân bổ: {allocation.purpose}",
            what=what,
            actor=actor,
            now=now,
            allocation=allocation,
        )
        _tell_recipient(allocation, actor=actor, now=now)


def refuse(allocation: Allocation, *, reason: str, actor: Actor, now: datetime) -> None:
    advance(allocation, "refuse", actor=actor, now=now, reason=reason)


def reverse_allocation(allocation: Allocation, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take an allocation back as a whole by a counter-entry; not once some of it was used or returned."""
    what = "Chưa thu hồi được phân bổ"
    with transaction.atomic():
        ledger.locked(allocation.fund, what)
        allocation.refresh_from_db()
        if allocation.used or allocation.returned:
            raise RuleNotMet(
                what,
                why="một phần đã dùng hoặc đã nộp lại",
                next_step="Phần chưa dùng thì ghi «Nộp lại quỹ»; chứng minh sai thì hủy chứng minh trước",
            )
        advance(allocation, "reverse", actor=actor, now=now, reason=reason)
        entry = allocation.entries.get(reverses__isnull=True, credit=Account.HELD)
        ledger.reverse(entry, on=actor.on, what=what, actor=actor, now=now)


def prove(
    allocation: Allocation,
    *,
    amount: int,
    used_on: date,
    text: str,
    files: Sequence[Upload],
    actor: Actor,
    now: datetime,
) -> UseProof:
    """Show that so much was used, with at least one file; with the last part the allocation is settled."""
    what = "Chưa ghi được chứng minh sử dụng"
    actor.require("allocation.prove", allocation)
    if not text.strip():
        raise RuleNotMet(what, why="chưa ghi đã dùng vào việc gì", next_step="Ghi nội dung rồi gửi lại")
    kept = checked(files)
    if not kept:
        raise RuleNotMet(
            what,
            why="chưa kèm tài liệu nào",
            next_step="Kèm danh sách ký nhận, hóa đơn hoặc ảnh rồi gửi lại",
        )
    if allocation.given_on is not None and used_on < allocation.given_on:
        raise RuleNotMet(
            what,
            why=f"ngày dùng sớm hơn ngày phân bổ ({format_date(allocation.given_on)})",
            next_step="Xem lại ngày dùng",
        )
    with transaction.atomic():
        ledger.locked(allocation.fund, what)
        _take(allocation, amount, field="used", what=what)
        proof = UseProof.objects.create(
            allocation=allocation,
            amount=amount,
            used_on=used_on,
            text=text.strip(),
            user=actor.user,
            written_at=now,
        )
        ProofFile.objects.bulk_create(
            ProofFile(proof=proof, file=file_store.store(one.raw), file_name=one.file_name) for one in kept
        )
        ledger.book(
            allocation.holding,
            credit=Account.GIVEN_ON,
            debit=Account.USED,
            amount=amount,
            booked_on=used_on,
            text=f"Đã dùng: {allocation.purpose}",
            what=what,
            actor=actor,
            now=now,
            allocation=allocation,
            proof=proof,
        )
        _log_part(allocation, "prove", "Chứng minh sử dụng", amount, actor=actor, now=now)
        _settle_when_done(allocation, actor=actor, now=now)
    return proof


def give_back(
    allocation: Allocation, *, amount: int, on: date, reason: str, actor: Actor, now: datetime
) -> None:
    """What was not used goes back into the fund."""
    what = "Chưa ghi được số nộp lại"
    actor.require("fund.keep", allocation.fund)
    if not reason.strip():
        raise RuleNotMet(what, why="chưa ghi lý do", next_step="Ghi lý do rồi gửi lại")
    if allocation.given_on is not None and on < allocation.given_on:
        raise RuleNotMet(what, why="ngày nộp lại sớm hơn ngày phân bổ", next_step="Xem lại ngày")
    with transaction.atomic():
        ledger.locked(allocation.fund, what)
        _take(allocation, amount, field="returned", what=what)
        ledger.book(
            allocation.holding,
            credit=Account.GIVEN_ON,
            debit=Account.HELD,
            amount=amount,
            booked_on=on,
            text=f"Nộp lại: {allocation.purpose}",
            what=what,
            actor=actor,
            now=now,
            allocation=allocation,
        )
        _log_part(allocation, "give_back", "Nộp lại quỹ", amount, actor=actor, now=now, reason=reason)
        _settle_when_done(allocation, actor=actor, now=now)


def reverse_proof(proof: UseProof, *, reason: str, actor: Actor, now: datetime) -> None:
    """A proof that turned out wrong: its entry is reversed, the proof and its files stay to be read."""
    what = "Chưa hủy được chứng minh"
    allocation = proof.allocation
    actor.require("fund.decide", allocation.fund)
    if not reason.strip():
        raise RuleNotMet(what, why="chưa ghi lý do", next_step="Ghi lý do rồi gửi lại")
    with transaction.atomic():
        ledger.locked(allocation.fund, what)
        entry = proof.entries.filter(reverses__isnull=True, reversed_by__isnull=True).first()
        if entry is None:
            raise RuleNotMet(what, why="chứng minh này đã hủy", next_step="Mở lại trang để xem")
        ledger.reverse(entry, on=actor.on, what=what, actor=actor, now=now)
        Allocation.objects.filter(pk=allocation.pk).update(used=F("used") - proof.amount)
        allocation.refresh_from_db()
        _log_part(
            allocation,
            "reverse_proof",
            "Hủy chứng minh sử dụng",
            proof.amount,
            actor=actor,
            now=now,
            reason=reason,
        )
        if allocation.state == AllocationState.SETTLED:
            advance(allocation, "reopen", actor=actor, now=now, reason=reason)


def _take(allocation: Allocation, amount: int, *, field: str, what: str) -> None:
    """Count a part of an allocation as used or returned, if so much of it is still open."""
    counted = Allocation.objects.filter(
        pk=allocation.pk, state=AllocationState.GIVEN, amount__gte=F("used") + F("returned") + amount
    ).update(**{field: F(field) + amount})
    allocation.refresh_from_db()
    if counted:
        return
    if allocation.state != AllocationState.GIVEN:
        raise ChangedMeanwhile(
            what,
            why=f"phân bổ đang ở trạng thái «{AllocationState(allocation.state).label}»",
            next_step="Mở lại trang để xem",
        )
    raise RuleNotMet(
        what,
        why=f"chỉ còn {in_words(allocation.open_amount, allocation.holding)} chưa chứng minh",
        next_step="Xem lại số lượng",
    )


def _settle_when_done(allocation: Allocation, *, actor: Actor, now: datetime) -> None:
    if not allocation.open_amount:
        advance(allocation, "settle", actor=actor, now=now)
        telling.tell(
            kind="allocation.settled",
            text=f"Đã chứng minh đủ: «{shortened(allocation.purpose)}»",
            address=address_of("resources:allocation", args=[allocation.pk]),
            now=now,
            sender=actor.name,
            unit_id=allocation.fund.unit_id,
        )


def _tell_recipient(allocation: Allocation, *, actor: Actor, now: datetime) -> None:
    if allocation.recipient_unit_id is None:
        return
    for unit_id in heirs_on(allocation.recipient_unit_id, on=actor.on):
        telling.tell(
            kind="allocation.given",
            text=f"Được phân bổ {in_words(allocation.amount, allocation.holding)}: "
            f"«{shortened(allocation.purpose)}»",
            address=address_of("resources:allocation", args=[allocation.pk]),
            now=now,
            sender=actor.name,
            unit_id=unit_id,
        )


def _log_part(
    allocation: Allocation,
    act: str,
    label: str,
    amount: int,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    record(
        f"resources.allocation.{act}",
        allocation,
        label=label,
        actor=actor,
        now=now,
        object_unit_id=allocation.fund.unit_id,
        reason=reason.strip(),
        details={"amount": in_words(amount, allocation.holding)},
    )
