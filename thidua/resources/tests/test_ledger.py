"""The ledger closes whatever happens: every order of gifts, allocations, proofs, reversals, closings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.organisations.tests.world import DAY, World, phong_tho
from thidua.resources.funds import allocating, keeping, ledger, protection, receiving
from thidua.resources.models import (
    Allocation,
    AllocationState,
    Fund,
    Holding,
    LedgerEntry,
    PledgeState,
    Receipt,
    UseProof,
)
from thidua.resources.tests.makers import FIRM, NOW, PERSON, approve, give, make_fund, propose, prove, system

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return phong_tho()


@pytest.fixture
def fund(world: World) -> Fund:
    return make_fund(world.unit("phong-tho"))


def money(fund: Fund) -> ledger.Balance:
    return ledger.balances(fund)[0]


def test_donation_from_pledge_to_proof_closes(world: World, fund: Fund) -> None:
    pledge = receiving.pledge(
        fund, FIRM, receiving.Gift("tien", 5_000_000), promised_on=DAY, actor=system(), now=NOW
    )
    receipt = receiving.receive_pledged(pledge, amount=2_000_000, received_on=DAY, actor=system(), now=NOW)
    assert receipt.full_number == "01/BN-VNN"
    assert pledge.state == PledgeState.PROMISED
    receiving.receive_pledged(pledge, amount=3_000_000, received_on=DAY, actor=system(), now=NOW)
    assert pledge.state == PledgeState.FULFILLED

    allocation = approve(propose(fund, 4_000_000, world.unit("huoi-luong")))
    prove(allocation, 3_500_000)
    allocating.give_back(allocation, amount=500_000, on=DAY, reason="Còn dư", actor=system(), now=NOW)

    assert allocation.state == AllocationState.SETTLED
    now = money(fund)
    assert (now.given, now.held, now.given_on, now.used) == (5_000_000, 1_500_000, 0, 3_500_000)
    assert ledger.faults(fund) == []


def test_goods_and_days_are_kept_apart_from_money(fund: Fund) -> None:
    give(fund, 12_50, name="Gạo ", measure="kg", kind="hien_vat", stated_dong=None)
    give(fund, 7_50, name="gạo", measure="Kg", kind="hien_vat", stated_dong=150_000)
    give(fund, 30_00, kind="ngay_cong")
    found = [(one.holding.name, one.held) for one in ledger.balances(fund)]
    assert found == [("tiền", 0), ("gạo", 20_00), ("ngày công", 30_00)]


def test_more_than_is_there_is_refused(world: World, fund: Fund) -> None:
    give(fund, 1_000_000)
    allocation = propose(fund, 1_000_001, world.unit("huoi-luong"))
    with pytest.raises(RuleNotMet, match=r"chỉ còn dùng được 1\.000\.000 đồng"):
        approve(allocation)
    allocation.refresh_from_db()
    assert (allocation.state, money(fund).held) == (AllocationState.PROPOSED, 1_000_000)


def test_what_came_later_cannot_be_spent_before(world: World, fund: Fund) -> None:
    give(fund, 1_000_000, on=DAY)
    with pytest.raises(RuleNotMet, match="chỉ còn dùng được 0 đồng"):
        approve(propose(fund, 1_000_000, world.unit("huoi-luong")), on=DAY - timedelta(days=1))


def test_receipt_whose_money_is_gone_cannot_be_reversed(world: World, fund: Fund) -> None:
    receipt = give(fund, 1_000_000)
    approve(propose(fund, 600_000, world.unit("huoi-luong")))
    with pytest.raises(RuleNotMet, match="Chưa hủy được biên nhận"):
        receiving.reverse_receipt(receipt, reason="Ghi nhầm", actor=system(), now=NOW)


def test_reversed_receipt_keeps_its_number_and_opens_the_pledge(fund: Fund) -> None:
    pledge = receiving.pledge(
        fund, PERSON, receiving.Gift("tien", 100), promised_on=DAY, actor=system(), now=NOW
    )
    receipt = receiving.receive_pledged(pledge, amount=100, received_on=DAY, actor=system(), now=NOW)
    receiving.reverse_receipt(receipt, reason="Ghi nhầm", actor=system(), now=NOW)
    pledge.refresh_from_db()
    assert (pledge.state, pledge.received) == (PledgeState.PROMISED, 0)
    assert give(fund, 5).number == 2
    assert (money(fund).given, money(fund).held) == (5, 5)
    with pytest.raises(RuleNotMet):
        receiving.reverse_receipt(receipt, reason="Lần nữa", actor=system(), now=NOW)


def test_closed_period_takes_no_entry(world: World, fund: Fund) -> None:
    give(fund, 1_000_000, on=DAY - timedelta(days=10))
    keeping.close_books(fund, through=DAY - timedelta(days=5), actor=system(), now=NOW)
    with pytest.raises(RuleNotMet, match="sổ đã khóa đến hết ngày"):
        give(fund, 1, on=DAY - timedelta(days=5))
    with pytest.raises(RuleNotMet, match="sổ đã khóa"):
        approve(propose(fund, 1, world.unit("huoi-luong")), on=DAY - timedelta(days=6))
    with pytest.raises(RuleNotMet, match="sổ đã khóa"):
        keeping.close_books(fund, through=DAY - timedelta(days=7), actor=system(), now=NOW)
    assert give(fund, 1, on=DAY).number == 2


def test_database_itself_refuses_to_change_the_ledger(fund: Fund) -> None:
    receipt = give(fund, 1_000_000, on=DAY - timedelta(days=10))
    keeping.close_books(fund, through=DAY - timedelta(days=5), actor=system(), now=NOW)
    assert protection.missing() == []
    entry = LedgerEntry.objects.get()
    refused: list[Any] = [
        lambda: LedgerEntry.objects.update(amount=1),
        lambda: LedgerEntry.objects.all()._raw_delete("default"),
        lambda: Receipt.objects.filter(pk=receipt.pk).update(number=7),
        lambda: Receipt.objects.all()._raw_delete("default"),
        lambda: Fund.objects.update(closed_through=None),
        lambda: LedgerEntry.objects.create(
            fund=fund, holding=entry.holding, credit="nguon", debit="ton_quy", amount=1, text="x",
            booked_on=DAY - timedelta(days=5),
        ),
    ]  # fmt: skip
    for act in refused:
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            act()
    for fields in ({"amount": 0}, {"debit": "nguon"}):
        values = {"credit": "nguon", "debit": "ton_quy", "amount": 1, "booked_on": DAY, **fields}
        with pytest.raises(IntegrityError), transaction.atomic():
            LedgerEntry.objects.create(fund=fund, holding=entry.holding, text="x", **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Holding.objects.update(held=-1)


def test_proof_needs_a_file_and_no_more_than_was_given(world: World, fund: Fund) -> None:
    give(fund, 1_000_000)
    allocation = approve(propose(fund, 1_000_000, world.unit("huoi-luong")))
    with pytest.raises(RuleNotMet, match="chưa kèm tài liệu"):
        prove(allocation, 1, files=[])
    with pytest.raises(RuleNotMet, match=r"chỉ còn 1\.000\.000 đồng chưa chứng minh"):
        prove(allocation, 1_000_001)
    prove(allocation, 1_000_000)
    with pytest.raises(ChangedMeanwhile):
        prove(allocation, 1)


def test_wrong_proof_is_reversed_once(world: World, fund: Fund) -> None:
    give(fund, 10)
    allocation = prove(approve(propose(fund, 10, world.unit("huoi-luong"))), 10)
    proof = UseProof.objects.get()
    allocating.reverse_proof(proof, reason="Hóa đơn sai", actor=system(), now=NOW)
    allocation.refresh_from_db()
    assert (allocation.state, allocation.used, money(fund).used) == (AllocationState.GIVEN, 0, 0)
    with pytest.raises(RuleNotMet, match="đã hủy"):
        allocating.reverse_proof(proof, reason="Lại", actor=system(), now=NOW)


def test_fund_with_something_in_it_stays_open(fund: Fund) -> None:
    receipt = give(fund, 10)
    with pytest.raises(RuleNotMet, match="quỹ còn tiền"):
        keeping.close(fund, reason="Hết việc", actor=system(), now=NOW)
    receiving.reverse_receipt(receipt, reason="Nhầm", actor=system(), now=NOW)
    keeping.close(fund, reason="Hết việc", actor=system(), now=NOW)
    with pytest.raises(RuleNotMet, match="quỹ đã đóng"):
        give(fund, 10)


def test_rights_keep_funds_apart(world: World, fund: Fund) -> None:
    give(fund, 1_000_000)
    officer, leader = world.acting("huoi-luong"), world.acting("lanh-dao")
    with pytest.raises(NotAllowed):
        give(fund, 1, actor=officer)
    allocation = propose(fund, 1_000, world.unit("huoi-luong"), actor=leader)
    with pytest.raises(NotAllowed):
        allocating.approve(allocation, on=DAY, actor=officer, now=NOW)
    allocating.approve(allocation, on=DAY, actor=leader, now=NOW)
    # The place that was given something shows itself how it was used; its neighbour cannot.
    with pytest.raises(NotAllowed):
        prove(allocation, 1_000, actor=world.acting("dao-san"))
    prove(allocation, 1_000, actor=officer)
    assert allocation.state == AllocationState.SETTLED


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["give", "pledge", "propose", "approve", "prove", "back", "reverse_receipt", "reverse_allocation",
             "reverse_proof", "close"]
        ),
        st.integers(1, 40),
        st.integers(0, 6),
    ),
    max_size=18,
)  # fmt: skip


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_ledger_closes_after_any_steps(world: World, fund: Fund, steps: list[tuple[str, int, int]]) -> None:
    """Whatever is tried in whatever order: refused or done, all accounts balance and none is below zero."""
    with transaction.atomic():
        for step, amount, days in steps:
            try:
                with transaction.atomic():
                    _do(fund, world, step, amount, days)
            except (RuleNotMet, ChangedMeanwhile):
                pass
            fund.refresh_from_db()
            assert ledger.faults(fund) == []
            for day in range(8):
                assert money_on(fund, days=day) >= 0
        numbers = list(fund.receipts.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        transaction.set_rollback(True)


def money_on(fund: Fund, *, days: int) -> int:
    return ledger.balances(fund, through=DAY - timedelta(days=days))[0].held


def _do(fund: Fund, world: World, step: str, amount: int, days: int) -> None:
    day, commune = DAY - timedelta(days=days), world.unit("huoi-luong")

    def some(rows: Any) -> Any:
        found = list(rows.order_by("pk"))
        if not found:
            raise RuleNotMet("none")
        return found[amount % len(found)]

    common: dict[str, Any] = {"actor": system(), "now": NOW}
    if step == "give":
        give(fund, amount, on=day)
    elif step == "pledge":
        one = receiving.pledge(fund, FIRM, receiving.Gift("tien", amount), promised_on=day, **common)
        receiving.receive_pledged(one, amount=max(1, amount // 2), received_on=day, **common)
    elif step == "propose":
        propose(fund, amount, commune)
    elif step == "approve":
        approve(some(Allocation.objects.all()), on=day)
    elif step == "prove":
        prove(some(Allocation.objects.all()), amount, used_on=day)
    elif step == "back":
        one = some(Allocation.objects.all())
        allocating.give_back(one, amount=amount, on=day, reason="Dư", **common)
    elif step == "reverse_receipt":
        receiving.reverse_receipt(some(Receipt.objects.all()), reason="Nhầm", **common)
    elif step == "reverse_allocation":
        allocating.reverse_allocation(some(Allocation.objects.all()), reason="Nhầm", **common)
    elif step == "reverse_proof":
        allocating.reverse_proof(some(UseProof.objects.all()), reason="Nhầm", **common)
    else:
        keeping.close_books(fund, through=day, **common)
