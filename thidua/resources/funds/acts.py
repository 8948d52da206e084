"""What a person may do with a fund, a pledge, a receipt, an allocation: button, form, function, words after.

Hides how typed names become units and households.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from thidua.movements.tasks.acts import Act, Answers
from thidua.movements.tasks.forms import ReasonForm, SmallForm
from thidua.organisations.authority import Acting
from thidua.resources.finding import household_coded, unit_named
from thidua.resources.funds import allocating, forms, keeping, ledger, receiving
from thidua.resources.funds.allocating import Recipient
from thidua.resources.funds.amounts import figure, in_words
from thidua.resources.models import (
    Allocation,
    AllocationState,
    Fund,
    FundState,
    PledgeState,
    ReceiptState,
    RecipientKind,
    UseProof,
)

Bound = dict[str, Any]
OPEN = (FundState.OPEN,)


def plain(form: type[SmallForm]) -> Callable[[Acting, Any, Bound], SmallForm]:
    return lambda _acting, _object, bound: form(**bound)


def dated(form: Callable[..., SmallForm]) -> Callable[[Acting, Any, Bound], SmallForm]:
    """A form that begins with today."""
    return lambda acting, _object, bound: form(on=acting.on, **bound)


def part(form: type[forms.PartForm]) -> Callable[[Acting, Any, Bound], SmallForm]:
    """A form for a part of a pledge or an allocation, beginning with all that is open."""

    def made(acting: Acting, on_object: Any, bound: Bound) -> SmallForm:
        is_allocation = isinstance(on_object, Allocation)
        rest = on_object.open_amount if is_allocation else on_object.amount - on_object.received
        most = figure(max(rest, 0), on_object.holding)
        return form(holding=on_object.holding, on=acting.on, most=most, **bound)

    return made


def _unit_id(text: str, fund: Fund, acting: Acting) -> int | None:
    return unit_named(text, near=fund.unit, on=acting.on).pk if text.strip() else None


def _pledge(fund: Fund, data: Answers, actor: Acting, now: datetime) -> object:
    giver = forms.PledgeForm.giver(data, _unit_id(data["donor_unit"], fund, actor))
    return receiving.pledge(
        fund,
        giver,
        forms.PledgeForm.gift(data),
        promised_on=data["promised_on"],
        due_on=data["due_on"],
        note=data["note"],
        actor=actor,
        now=now,
    )


def _receive(fund: Fund, data: Answers, actor: Acting, now: datetime) -> object:
    giver = forms.ReceiptForm.giver(data, _unit_id(data["donor_unit"], fund, actor))
    return receiving.receive(
        fund,
        giver,
        forms.ReceiptForm.gift(data),
        received_on=data["received_on"],
        content=data["content"],
        actor=actor,
        now=now,
    )


def _propose(fund: Fund, data: Answers, actor: Acting, now: datetime) -> object:
    kind = data["recipient_kind"]
    if kind == RecipientKind.HOUSEHOLD:
        household = household_coded(data["recipient"], data["household_code"], near=fund.unit, on=actor.on)
        recipient = Recipient(kind, household.commune_id, household.pk)
    else:
        kinds = {RecipientKind.COMMUNE: ("commune",), RecipientKind.VILLAGE: ("village",)}.get(kind, ())
        unit = unit_named(data["recipient"], near=fund.unit, on=actor.on, kinds=kinds)
        recipient = Recipient(kind, unit.pk)
    return allocating.propose(
        fund,
        data["holding"],
        data["amount"],
        recipient,
        purpose=data["purpose"],
        decision=data["decision"],
        due_on=data["due_on"],
        actor=actor,
        now=now,
    )


def open_proofs(allocation: Allocation) -> list[tuple[str, str]]:
    rows = allocation.proofs.filter(entries__reverses__isnull=True, entries__reversed_by__isnull=True)
    return [
        (str(one.pk), f"{in_words(one.amount, allocation.holding)}, {one.used_on:%d/%m/%Y}")
        for one in rows.order_by("pk")
    ]


def _reverse_proof(allocation: Allocation, data: Answers, actor: Acting, now: datetime) -> None:
    proof = UseProof.objects.select_related("allocation__fund", "allocation__holding").get(
        pk=data["proof"], allocation=allocation
    )
    allocating.reverse_proof(proof, reason=data["reason"], actor=actor, now=now)


def _by_key(*acts: Act) -> dict[str, Act]:
    return {act.key: act for act in acts}


FUND_ACTS = _by_key(
    Act(
        "receive",
        "Nhận ủng hộ, lập biên nhận",
        "fund.keep",
        OPEN,
        dated(forms.ReceiptForm),
        _receive,
        "Đã lập biên nhận. In biên nhận ở danh sách bên dưới.",
        is_main=True,
    ),
    Act(
        "pledge",
        "Ghi cam kết ủng hộ",
        "fund.keep",
        OPEN,
        dated(forms.PledgeForm),
        _pledge,
        "Đã ghi cam kết.",
    ),
    Act(
        "propose",
        "Đề nghị phân bổ",
        "fund.keep",
        OPEN,
        lambda _acting, fund, bound: forms.AllocationForm(holdings=ledger.holdings_of(fund), **bound),
        _propose,
        "Đã ghi đề nghị phân bổ. Người có thẩm quyền của cơ quan giữ quỹ sẽ duyệt.",
    ),
    Act(
        "close_books",
        "Khóa sổ",
        "fund.decide",
        OPEN,
        plain(forms.CloseBooksForm),
        lambda fund, data, actor, now: keeping.close_books(
            fund, through=data["through"], actor=actor, now=now
        ),
        "Đã khóa sổ. Từ nay không ghi thêm vào kỳ đó.",
        help="Sau khi khóa, kỳ đó không ghi thêm được; sai sót sửa bằng bút toán đảo ở kỳ sau.",
    ),
    Act(
        "mend",
        "Sửa thông tin quỹ",
        "fund.decide",
        OPEN,
        lambda _acting, fund, bound: forms.MendForm(fund=fund, **bound),
        lambda fund, data, actor, now: keeping.mend(fund, actor=actor, now=now, **data),
        "Đã lưu thông tin quỹ.",
    ),
    Act(
        "close",
        "Đóng quỹ",
        "fund.decide",
        OPEN,
        plain(ReasonForm),
        lambda fund, data, actor, now: keeping.close(fund, reason=data["reason"], actor=actor, now=now),
        "Đã đóng quỹ.",
    ),
    Act(
        "reopen",
        "Mở lại quỹ",
        "fund.decide",
        (FundState.CLOSED,),
        plain(ReasonForm),
        lambda fund, data, actor, now: keeping.reopen(fund, reason=data["reason"], actor=actor, now=now),
        "Đã mở lại quỹ.",
    ),
)

PLEDGE_ACTS = _by_key(
    Act(
        "receive",
        "Nhận và lập biên nhận",
        "fund.keep",
        (PledgeState.PROMISED,),
        part(forms.ReceivePledgedForm),
        lambda pledge, data, actor, now: receiving.receive_pledged(
            pledge,
            amount=data["amount"],
            received_on=data["day"],
            stated_dong=data["stated"],
            content=data["content"],
            actor=actor,
            now=now,
        ),
        "Đã lập biên nhận.",
        is_main=True,
        is_open=True,
    ),
    Act(
        "drop",
        "Ghi không thực hiện",
        "fund.keep",
        (PledgeState.PROMISED,),
        plain(ReasonForm),
        lambda pledge, data, actor, now: receiving.drop_pledge(
            pledge, reason=data["reason"], actor=actor, now=now
        ),
        "Đã ghi cam kết không thực hiện.",
    ),
)

RECEIPT_ACTS = _by_key(
    Act(
        "reverse",
        "Hủy biên nhận",
        "fund.decide",
        (ReceiptState.ISSUED,),
        plain(ReasonForm),
        lambda receipt, data, actor, now: receiving.reverse_receipt(
            receipt, reason=data["reason"], actor=actor, now=now
        ),
        "Đã hủy biên nhận bằng bút toán đảo.",
        help="Số biên nhận vẫn giữ trong sổ; bút toán đảo ghi vào hôm nay.",
    ),
)

ALLOCATION_ACTS = _by_key(
    Act(
        "approve",
        "Duyệt phân bổ",
        "fund.decide",
        (AllocationState.PROPOSED,),
        dated(forms.ApproveForm),
        lambda one, data, actor, now: allocating.approve(one, on=data["day"], actor=actor, now=now),
        "Đã duyệt và ghi sổ.",
        is_main=True,
        is_open=True,
    ),
    Act(
        "refuse",
        "Không duyệt",
        "fund.decide",
        (AllocationState.PROPOSED,),
        plain(ReasonForm),
        lambda one, data, actor, now: allocating.refuse(one, reason=data["reason"], actor=actor, now=now),
        "Đã trả lời không duyệt.",
    ),
    Act(
        "prove",
        "Chứng minh sử dụng",
        "allocation.prove",
        (AllocationState.GIVEN,),
        part(forms.ProveForm),
        lambda one, data, actor, now: allocating.prove(
            one,
            amount=data["amount"],
            used_on=data["day"],
            text=data["text"],
            files=data["uploads"],
            actor=actor,
            now=now,
        ),
        "Đã ghi chứng minh sử dụng.",
        is_main=True,
        is_open=True,
    ),
    Act(
        "give_back",
        "Nộp lại quỹ",
        "fund.keep",
        (AllocationState.GIVEN,),
        part(forms.GiveBackForm),
        lambda one, data, actor, now: allocating.give_back(
            one, amount=data["amount"], on=data["day"], reason=data["reason"], actor=actor, now=now
        ),
        "Đã ghi số nộp lại quỹ.",
    ),
    Act(
        "reverse",
        "Thu hồi phân bổ",
        "fund.decide",
        (AllocationState.GIVEN,),
        plain(ReasonForm),
        lambda one, data, actor, now: allocating.reverse_allocation(
            one, reason=data["reason"], actor=actor, now=now
        ),
        "Đã thu hồi phân bổ bằng bút toán đảo.",
    ),
    Act(
        "reverse_proof",
        "Hủy một chứng minh",
        "fund.decide",
        (AllocationState.GIVEN, AllocationState.SETTLED),
        lambda _acting, one, bound: forms.ReverseProofForm(proofs=open_proofs(one), **bound),
        _reverse_proof,
        "Đã hủy chứng minh bằng bút toán đảo.",
    ),
)
