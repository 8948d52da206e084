"""A fund of the district with gifts in it, for tests. Donors are invented."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from thidua.audit.log import Actor, System
from thidua.movements.tasks.evidence import Upload
from thidua.organisations.models import Unit
from thidua.organisations.tests.world import DAY
from thidua.resources.campaigns import running
from thidua.resources.funds import allocating, keeping, receiving
from thidua.resources.funds.allocating import Recipient
from thidua.resources.funds.keeping import Giver
from thidua.resources.funds.receiving import Gift
from thidua.resources.models import (
    Allocation,
    Campaign,
    DonorKind,
    Fund,
    GiftVisit,
    HoldingKind,
    Pledge,
    Receipt,
    RecipientKind,
    Sponsorship,
)
from thidua.resources.sponsorship import standing_by

NOW = datetime(2023, 11, 5, 3, 0, tzinfo=UTC)
FIRM = Giver(DonorKind.FIRM, "Hợp tác xã Ví Dụ")
PERSON = Giver(DonorKind.PERSON, "Lò Thị Mẫu", address="bản Ví Dụ")
PROOF = Upload("ky-nhan.txt", b"Danh sach ky nhan (vi du)")


def system(on: date = DAY) -> System:
    return System(on=on)


def make_fund(unit: Unit, name: str = "Quỹ Vì người nghèo", **fields: Any) -> Fund:
    fields = {"kind": "nguoi_ngheo", "symbol": "VNN", "actor": system(), "now": NOW, **fields}
    return keeping.set_up(unit, name=name, **fields)


def give(
    fund: Fund, amount: int, giver: Giver = FIRM, *, on: date = DAY, actor: Actor | None = None, **gift: Any
) -> Receipt:
    return receiving.receive(
        fund,
        giver,
        Gift(**{"kind": HoldingKind.MONEY, "amount": amount, **gift}),
        received_on=on,
        actor=actor or system(),
        now=NOW,
    )


def promise(fund: Fund, amount: int, giver: Giver = FIRM, **fields: Any) -> Pledge:
    gift = Gift(HoldingKind.MONEY, amount)
    return receiving.pledge(fund, giver, gift, promised_on=DAY, actor=system(), now=NOW, **fields)


def propose(fund: Fund, amount: int, commune: Unit, **fields: Any) -> Allocation:
    holding = fields.pop("holding", None) or fund.holdings.get(kind=HoldingKind.MONEY)
    fields = {"purpose": "Sửa nhà cho hộ nghèo", "actor": system(), "now": NOW, **fields}
    return allocating.propose(fund, holding, amount, Recipient(RecipientKind.COMMUNE, commune.pk), **fields)


def approve(allocation: Allocation, *, on: date = DAY) -> Allocation:
    allocating.approve(allocation, on=on, actor=system(), now=NOW)
    return allocation


def prove(allocation: Allocation, amount: int, **fields: Any) -> Allocation:
    fields = {
        "used_on": DAY,
        "text": "Mua tấm lợp",
        "files": [PROOF],
        "actor": system(),
        "now": NOW,
        **fields,
    }
    allocating.prove(allocation, amount=amount, **fields)
    return allocation


def make_sponsorship(agency: Unit, place: Unit, **fields: Any) -> Sponsorship:
    fields = {"kind": "ket_nghia", "since": DAY, "actor": system(), "now": NOW, **fields}
    return standing_by.set_up(agency, place, **fields)


def make_campaign(unit: Unit, name: str = "Thăm hộ nghèo dịp Tết", **fields: Any) -> Campaign:
    fields = {"kind": "tet", "since": DAY, "until": DAY, "actor": system(), "now": NOW, **fields}
    return running.set_up(unit, name=name, **fields)


def list_visit(campaign: Campaign, unit: Unit, **fields: Any) -> GiftVisit:
    made = running.list_visit(campaign, unit=unit, **{"actor": system(), "now": NOW, **fields})
    made.campaign = campaign
    return made
