"""The states of funds and what is in them, of sponsored places, campaigns and visits.

`docs/reference/states.md` is drawn from it.
"""

from __future__ import annotations

from thidua.audit.workflow import Move, StateTable, Transition, register
from thidua.core.errors import RuleNotMet
from thidua.resources.models import (
    Allocation,
    AllocationState,
    Campaign,
    CampaignState,
    Fund,
    FundState,
    GiftVisitState,
    PledgeState,
    ReceiptState,
    SponsorshipState,
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


def somebody_listed(campaign: Campaign, _move: Move) -> None:
    if not campaign.visits.exists():
        raise RuleNotMet(
            "Chưa duyệt được danh sách",
            why="danh sách còn trống",
            next_step="Thêm ít nhất một nơi hoặc một hộ rồi duyệt",
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

SPONSORSHIPS = register(
    StateTable(
        model="resources.Sponsorship",
        title="Đỡ đầu, kết nghĩa",
        states=SponsorshipState,
        initial=SponsorshipState.PREPARED,
        unit_of=lambda one: one.agency_id,
        transitions=(
            Transition(
                "begin",
                "Bắt đầu thực hiện",
                (SponsorshipState.PREPARED,),
                SponsorshipState.ACTIVE,
                right="sponsorship.keep",
            ),
            Transition(
                "end",
                "Kết thúc đỡ đầu, kết nghĩa",
                (SponsorshipState.ACTIVE,),
                SponsorshipState.ENDED,
                right="sponsorship.keep",
            ),
            Transition(
                "drop",
                "Ghi không thực hiện",
                (SponsorshipState.PREPARED, SponsorshipState.ACTIVE),
                SponsorshipState.DROPPED,
                right="sponsorship.keep",
                needs_reason=True,
            ),
        ),
    )
)

CAMPAIGNS = register(
    StateTable(
        model="resources.Campaign",
        title="Đợt cao điểm, thăm tặng quà",
        states=CampaignState,
        initial=CampaignState.PREPARED,
        unit_of=lambda one: one.unit_id,
        transitions=(
            Transition(
                "approve",
                "Duyệt danh sách",
                (CampaignState.PREPARED,),
                CampaignState.RUNNING,
                right="campaign.decide",
                guard=somebody_listed,
            ),
            Transition(
                "finish",
                "Kết thúc đợt",
                (CampaignState.RUNNING,),
                CampaignState.FINISHED,
                right="campaign.decide",
            ),
            Transition(
                "drop",
                "Ghi không thực hiện",
                (CampaignState.PREPARED,),
                CampaignState.DROPPED,
                right="campaign.decide",
                needs_reason=True,
            ),
        ),
    )
)

VISITS = register(
    StateTable(
        model="resources.GiftVisit",
        title="Lượt thăm, tặng quà",
        states=GiftVisitState,
        initial=GiftVisitState.PLANNED,
        unit_of=lambda one: one.campaign.unit_id,
        transitions=(
            Transition(
                "do", "Ghi đã thăm", (GiftVisitState.PLANNED,), GiftVisitState.DONE, right="campaign.keep"
            ),
            Transition(
                "drop",
                "Ghi không thăm",
                (GiftVisitState.PLANNED,),
                GiftVisitState.DROPPED,
                right="campaign.keep",
                needs_reason=True,
            ),
        ),
    )
)
