"""The states of funds, pledges, receipts and allocations. `docs/reference/states.md` is drawn from it."""

from __future__ import annotations

from thidua.audit.workflow import Move, StateTable, Transition, register
from thidua.core.errors import RuleNotMet
from thidua.resources.models import (
    Allocation,
    AllocationState,
    Fund,
    FundState,
    PledgeState,
    ReceiptState,
)


def nothing_left(fund: Fund, _move: Move) -> None:
    """A fund is closed when it holds nothing, nothing waits to be shown, and nothing is promised."""
    reasons = []
    if fund.holdings.filter(held__gt=0).exists():
        reasons.append("quỹ còn tiền, hiện vật hoặc ngày công")
    if fund.allocations.filter(state__in=[AllocationState.PROPOSED, AllocationState.GIVEN]).exists():
        reasons.append("còn khoản phân bổ chờ duyệt hoặc chờ chứng minh")
    if fund.pledges.filter(state=PledgeState.PROMISED).exists():
        reasons.append("còn cam kết chưa nhận")
    if reasons:
        raise RuleNotMet(
            "Chưa đóng được quỹ", why="; ".join(reasons), next_step="Giải quyết các khoản đó rồi đóng quỹ"
        )


def nothing_open(allocation: Allocation, _move: Move) -> None:
    if allocation.open_amount:
        raise RuleNotMet(
            "Chưa quyết toán được",
            why="còn một phần chưa chứng minh hoặc nộp lại",
            next_step="Ghi chứng minh cho phần còn lại, hoặc nộp lại quỹ",
        )


FUNDS = register(
    StateTable(
        model="resources.Fund",
        title="Quỹ",
        states=FundState,
        initial=FundState.OPEN,
        unit_of=lambda fund: fund.unit_id,
        transitions=(
            Transition(
                "close",
                "Đóng quỹ",
                (FundState.OPEN,),
                FundState.CLOSED,
                right="fund.decide",
                needs_reason=True,
                guard=nothing_left,
            ),
            Transition(
                "reopen",
                "Mở lại quỹ",
                (FundState.CLOSED,),
                FundState.OPEN,
                right="fund.decide",
                needs_reason=True,
            ),
        ),
    )
)

PLEDGES = register(
    StateTable(
        model="resources.Pledge",
        title="Cam kết ủng hộ",
        states=PledgeState,
        initial=PledgeState.PROMISED,
        unit_of=lambda pledge: pledge.fund.unit_id,
        transitions=(
            Transition(
                "fulfil", "Nhận đủ", (PledgeState.PROMISED,), PledgeState.FULFILLED, right="fund.keep"
            ),
            Transition(
                "drop",
                "Ghi không thực hiện",
                (PledgeState.PROMISED,),
                PledgeState.DROPPED,
                right="fund.keep",
                needs_reason=True,
            ),
            Transition(
                "reopen",
                "Mở lại cam kết",
                (PledgeState.FULFILLED, PledgeState.DROPPED),
                PledgeState.PROMISED,
                right="fund.keep",
                needs_reason=True,
            ),
        ),
    )
)

RECEIPTS = register(
    StateTable(
        model="resources.Receipt",
        title="Biên nhận",
        states=ReceiptState,
        initial=ReceiptState.ISSUED,
        unit_of=lambda receipt: receipt.fund.unit_id,
        transitions=(
            Transition(
                "reverse",
                "Hủy biên nhận",
                (ReceiptState.ISSUED,),
                ReceiptState.REVERSED,
                right="fund.decide",
                needs_reason=True,
            ),
        ),
    )
)

ALLOCATIONS = register(
    StateTable(
        model="resources.Allocation",
        title="Phân bổ từ quỹ",
        states=AllocationState,
        initial=AllocationState.PROPOSED,
        unit_of=lambda allocation: allocation.fund.unit_id,
        transitions=(
            Transition(
                "approve",
                "Duyệt phân bổ",
                (AllocationState.PROPOSED,),
                AllocationState.GIVEN,
                right="fund.decide",
            ),
            Transition(
                "refuse",
                "Không duyệt phân bổ",
                (AllocationState.PROPOSED,),
                AllocationState.REFUSED,
                right="fund.decide",
                needs_reason=True,
            ),
            Transition(
                "settle",
                "Chứng minh đủ",
                (AllocationState.GIVEN,),
                AllocationState.SETTLED,
                right="allocation.prove",
                guard=nothing_open,
            ),
            Transition(
                "reverse",
                "Thu hồi phân bổ",
                (AllocationState.GIVEN,),
                AllocationState.REVERSED,
                right="fund.decide",
                needs_reason=True,
            ),
            Transition(
                "reopen",
                "Mở lại để chứng minh tiếp",
                (AllocationState.SETTLED,),
                AllocationState.GIVEN,
                right="fund.decide",
                needs_reason=True,
            ),
        ),
    )
)
