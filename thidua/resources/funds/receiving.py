"""What is promised to a fund and what comes in: pledges, receipts with their numbers, reversals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Max

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.resources.funds import ledger
from thidua.resources.funds.amounts import in_words
from thidua.resources.funds.keeping import Giver, donor_for, holding_for
from thidua.resources.models import (
    Account,
    Donor,
    Fund,
    Holding,
    Pledge,
    PledgeState,
    Receipt,
    ReceiptState,
)


@dataclass(frozen=True, slots=True)
class Gift:
    """What is given: a kind of holding and how much. Goods carry a name and a measure."""

    kind: str
    amount: int
    name: str = ""
    measure: str = ""
    #: Value in đồng of what is not money, where somebody stated it.
    stated_dong: int | None = None


def pledge(
    fund: Fund,
    giver: Giver,
    gift: Gift,
    *,
    promised_on: date,
    due_on: date | None = None,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> Pledge:
    """Write down what somebody promised."""
    what = "Chưa ghi được cam kết"
    actor.require("fund.keep", fund)
    if due_on is not None and due_on < promised_on:
        raise RuleNotMet(what, why="hạn sớm hơn ngày cam kết", next_step="Xem lại hai ngày")
    with transaction.atomic():
        fund = ledger.locked(fund, what)
        made = Pledge.objects.create(
            fund=fund,
            donor=donor_for(fund.unit, giver, is_invented=fund.is_invented, actor=actor, now=now),
            holding=holding_for(fund, kind=gift.kind, name=gift.name, measure=gift.measure),
            amount=gift.amount,
            promised_on=promised_on,
            due_on=due_on,
            note=note.strip()[:500],
        )
        record(
            "resources.pledge.make",
            made,
            label="Ghi cam kết ủng hộ",
            actor=actor,
            now=now,
            object_unit_id=fund.unit_id,
            after=made.state,
            details={"amount": made.amount, "holding": str(made.holding)},
        )
    return made


def drop_pledge(one: Pledge, *, reason: str, actor: Actor, now: datetime) -> None:
    """The donor will not give (the rest of) it. What came in already stays."""
    advance(one, "drop", actor=actor, now=now, reason=reason)


def receive(
    fund: Fund,
    giver: Giver,
    gift: Gift,
    *,
    received_on: date,
    content: str = "",
    actor: Actor,
    now: datetime,
) -> Receipt:
    """Take a gift into a fund and give the receipt its number."""
    what = "Chưa lập được biên nhận"
    actor.require("fund.keep", fund)
    with transaction.atomic():
        fund = ledger.locked(fund, what)
        donor = donor_for(fund.unit, giver, is_invented=fund.is_invented, actor=actor, now=now)
        holding = holding_for(fund, kind=gift.kind, name=gift.name, measure=gift.measure)
        return _receipt(
            fund,
            donor,
            holding,
            gift.amount,
            stated_dong=gift.stated_dong,
            received_on=received_on,
            content=content,
            what=what,
            actor=actor,
            now=now,
        )


def receive_pledged(
    one: Pledge,
    *,
    amount: int,
    received_on: date,
    stated_dong: int | None = None,
    content: str = "",
    actor: Actor,
    now: datetime,
) -> Receipt:
    """Take in what was promised, or a part of it; with the last part the pledge is fulfilled."""
    what = "Chưa lập được biên nhận"
    actor.require("fund.keep", one.fund)
    with transaction.atomic():
        fund = ledger.locked(one.fund, what)
        counted = Pledge.objects.filter(pk=one.pk, state=PledgeState.PROMISED).update(
            received=F("received") + amount
        )
        if not counted:
            raise ChangedMeanwhile(
                what, why="cam kết đã nhận đủ hoặc không còn", next_step="Mở lại trang để xem cam kết"
            )
        made = _receipt(
            fund,
            one.donor,
            one.holding,
            amount,
            stated_dong=stated_dong,
            received_on=received_on,
            content=content,
            pledge=one,
            what=what,
            actor=actor,
            now=now,
        )
        one.refresh_from_db(fields=["received"])
        if one.received >= one.amount:
            advance(one, "fulfil", actor=actor, now=now)
    return made


def reverse_receipt(receipt: Receipt, *, reason: str, actor: Actor, now: datetime) -> None:
    """Cancel a receipt by a counter-entry of today; its number stays taken. Not when the money is gone."""
    what = "Chưa hủy được biên nhận"
    with transaction.atomic():
        ledger.locked(receipt.fund, what)
        advance(receipt, "reverse", actor=actor, now=now, reason=reason)
        entry = receipt.entries.get(reverses__isnull=True)
        ledger.reverse(entry, on=actor.on, what=what, actor=actor, now=now)
        if receipt.pledge is not None:
            Pledge.objects.filter(pk=receipt.pledge.pk).update(received=F("received") - receipt.amount)
            receipt.pledge.refresh_from_db()
            if receipt.pledge.state == PledgeState.FULFILLED:
                advance(receipt.pledge, "reopen", actor=actor, now=now, reason=f"Hủy {receipt}: {reason}")


def _receipt(
    fund: Fund,
    donor: Donor,
    holding: Holding,
    amount: int,
    *,
    stated_dong: int | None,
    received_on: date,
    content: str,
    what: str,
    actor: Actor,
    now: datetime,
    pledge: Pledge | None = None,
) -> Receipt:
    ledger.require_open_day(fund, received_on, what=what, on=actor.on)
    # The fund is locked: the next number is nobody else's, and none is lost.
    last = Receipt.objects.filter(fund=fund, year=received_on.year).aggregate(last=Max("number"))["last"]
    made = Receipt.objects.create(
        fund=fund,
        year=received_on.year,
        number=(last or 0) + 1,
        donor=donor,
        pledge=pledge,
        holding=holding,
        amount=amount,
        stated_dong=None if holding.is_money else stated_dong,
        received_on=received_on,
        content=content.strip()[:300],
        made_by=actor.user,
        made_at=now,
    )
    ledger.book(
        holding,
        credit=Account.DONORS,
        debit=Account.HELD,
        amount=amount,
        booked_on=received_on,
        text=f"Nhận ủng hộ, biên nhận {made.full_number}",
        what=what,
        actor=actor,
        now=now,
        receipt=made,
    )
    record(
        "resources.receipt.issue",
        made,
        label="Lập biên nhận",
        actor=actor,
        now=now,
        object_unit_id=fund.unit_id,
        after=ReceiptState.ISSUED,
        details={"amount": in_words(amount, holding), "number": made.full_number},
    )
    return made
