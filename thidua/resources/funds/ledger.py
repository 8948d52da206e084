"""The ledger of a fund: booking, reversing, balances, closing of periods.

Hides the three ways in which a balance is kept true: both sides stand in one row, the fund is locked while
anybody books, and no day's balance may fall below zero, also not by an entry of an earlier day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, F, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from thidua.audit.log import Actor, record
from thidua.core.errors import RuleNotMet
from thidua.core.formats import format_date
from thidua.resources.funds.amounts import in_words
from thidua.resources.models import (
    Account,
    Allocation,
    Fund,
    FundClosing,
    FundState,
    Holding,
    LedgerEntry,
    Receipt,
    UseProof,
)


def locked(fund: Fund, what: str) -> Fund:
    """The fund as it stands, kept from others until the transaction ends. Refuses a closed one."""
    found = Fund.objects.select_for_update().get(pk=fund.pk)
    if found.state != FundState.OPEN:
        raise RuleNotMet(what, why="quỹ đã đóng", next_step="Mở lại quỹ, hoặc chọn quỹ khác")
    return found


def book(
    holding: Holding,
    *,
    credit: Account,
    debit: Account,
    amount: int,
    booked_on: date,
    text: str,
    what: str,
    actor: Actor,
    now: datetime,
    receipt: Receipt | None = None,
    allocation: Allocation | None = None,
    proof: UseProof | None = None,
    reverses: LedgerEntry | None = None,
) -> LedgerEntry:
    """One entry, inside a transaction that has the fund locked.

    Raises RuleNotMet for a closed or future day, and where less is left than goes out. `what` begins the
    refusal.
    """
    fund = Fund.objects.get(pk=holding.fund_id)
    require_open_day(fund, booked_on, what=what, on=actor.on)
    if credit == Account.HELD:
        _require_left(holding, amount, booked_on, what=what)
    entry = LedgerEntry.objects.create(
        fund=fund,
        holding=holding,
        credit=credit,
        debit=debit,
        amount=amount,
        booked_on=booked_on,
        text=text[:300],
        receipt=receipt,
        allocation=allocation,
        proof=proof,
        reverses=reverses,
        user=actor.user,
        written_at=now,
    )
    change = amount if debit == Account.HELD else -amount if credit == Account.HELD else 0
    if change:
        # The condition is a second lock: whatever happened to the first, nothing goes below zero.
        left = Holding.objects.filter(pk=holding.pk, held__gte=-change).update(held=F("held") + change)
        if not left:
            raise _not_enough(holding, amount, 0, what)
        holding.refresh_from_db(fields=["held"])
    return entry


def reverse(entry: LedgerEntry, *, on: date, what: str, actor: Actor, now: datetime) -> LedgerEntry:
    """The counter-entry of an entry, on a day that is open."""
    return book(
        entry.holding,
        credit=Account(entry.debit),
        debit=Account(entry.credit),
        amount=entry.amount,
        booked_on=on,
        text=f"Đảo: {entry.text}",
        what=what,
        actor=actor,
        now=now,
        receipt=entry.receipt,
        allocation=entry.allocation,
        proof=entry.proof,
        reverses=entry,
    )


def require_open_day(fund: Fund, day: date, *, what: str, on: date) -> None:
    if fund.closed_through is not None and day <= fund.closed_through:
        raise RuleNotMet(
            what,
            why=f"sổ đã khóa đến hết ngày {format_date(fund.closed_through)}",
            next_step="Ghi vào một ngày sau đó; việc đã ghi sai thì hủy bằng bút toán đảo",
        )
    if day > on:
        raise RuleNotMet(
            what, why=f"ngày {format_date(day)} chưa đến", next_step="Chọn ngày không muộn hơn hôm nay"
        )


def _require_left(holding: Holding, amount: int, day: date, *, what: str) -> None:
    """Nothing goes out that was not there: on the day itself and on every day since."""
    rows = (
        LedgerEntry.objects.filter(holding=holding)
        .filter(Q(debit=Account.HELD) | Q(credit=Account.HELD))
        .values("booked_on")
        .annotate(change=Sum(signed(Account.HELD)))
        .order_by("booked_on")
    )
    balance, least = 0, None
    for row in rows:
        if row["booked_on"] > day and least is None:
            least = balance
        balance += row["change"]
        if row["booked_on"] >= day:
            least = balance if least is None else min(least, balance)
    least = balance if least is None else least
    if least < amount:
        raise _not_enough(holding, amount, max(least, 0), what)


def _not_enough(holding: Holding, amount: int, left: int, what: str) -> RuleNotMet:
    return RuleNotMet(
        what,
        why=f"cần {in_words(amount, holding)}, quỹ chỉ còn dùng được {in_words(left, holding)}",
        next_step="Giảm số lượng, hoặc đợi quỹ nhận thêm; nếu người khác vừa chi, mở lại trang để xem số dư",
    )


def signed(account: Account) -> Case:
    """+amount of an entry into an account, −amount out of it, else 0."""
    return Case(
        When(debit=account, then=F("amount")), When(credit=account, then=-F("amount")), default=Value(0)
    )


@dataclass(frozen=True, slots=True)
class Balance:
    """Of one holding, what stands in each account. `given` is all that came from donors, net."""

    holding: Holding
    given: int
    held: int
    given_on: int
    used: int

    @property
    def closes(self) -> bool:
        return self.given == self.held + self.given_on + self.used


def balances(fund: Fund, *, through: date | None = None) -> list[Balance]:
    """What the entries say, to the end of a day or all of them; two queries."""
    until = Q() if through is None else Q(booked_on__lte=through)
    rows = (
        LedgerEntry.objects.filter(until, fund=fund)
        .values("holding_id")
        .annotate(**{account.name: Coalesce(Sum(signed(account)), 0) for account in Account})
    )
    sums: dict[int, dict[str, Any]] = {row["holding_id"]: dict(row) for row in rows}
    none: dict[str, Any] = dict.fromkeys((account.name for account in Account), 0)
    found = []
    for holding in holdings_of(fund):
        row = sums.get(holding.pk, none)
        found.append(Balance(holding, -row["DONORS"], row["HELD"], row["GIVEN_ON"], row["USED"]))
    return found


def holdings_of(fund: Fund) -> list[Holding]:
    """Money first, then goods by name, then days of work."""
    order = Case(When(kind="tien", then=Value(0)), When(kind="hien_vat", then=Value(1)), default=Value(2))
    return list(Holding.objects.filter(fund=fund).order_by(order, "name", "pk"))


def faults(fund: Fund) -> list[str]:
    """What does not close: an empty list, always, unless somebody wrote past the program."""
    found = []
    for one in balances(fund):
        if not one.closes or min(one.held, one.given_on, one.used) < 0:
            found.append(f"{one.holding}: các tài khoản không cân")
        if one.held != one.holding.held:
            found.append(f"{one.holding}: số dư ghi kèm khác sổ cái")
    return found


def close_through(fund: Fund, day: date, *, actor: Actor, now: datetime) -> FundClosing:
    """Close the books up to the end of a day, with the balances as they stand then. Inside a transaction."""
    what = "Chưa khóa được sổ"
    actor.require("fund.decide", fund)
    fund_now = Fund.objects.select_for_update().get(pk=fund.pk)
    require_open_day(fund_now, day, what=what, on=actor.on)
    wrong = faults(fund_now)
    if wrong:
        raise RuleNotMet(what, why="; ".join(wrong), next_step="Báo người quản trị trước khi khóa sổ")
    closing = FundClosing.objects.create(
        fund=fund_now,
        through=day,
        balances=[
            {
                "holding": one.holding.pk,
                "name": one.holding.name,
                "given": one.given,
                "held": one.held,
                "given_on": one.given_on,
                "used": one.used,
            }
            for one in balances(fund_now, through=day)
        ],
        user=actor.user,
        closed_at=now,
    )
    Fund.objects.filter(pk=fund.pk).update(closed_through=day)
    fund.closed_through = day
    record(
        "resources.fund.close_books",
        fund,
        label="Khóa sổ quỹ",
        actor=actor,
        now=now,
        object_unit_id=fund.unit_id,
        details={"through": day},
    )
    return closing
