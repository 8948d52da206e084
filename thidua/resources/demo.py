"""Invented funds, a twinned commune and a Tết campaign for the demonstration, through the real functions.

Every donor is labelled as invented. Nothing of it goes to the indicators.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from thidua.audit.log import System
from thidua.households.models import Household
from thidua.movements.tasks.evidence import Upload
from thidua.organisations.models import Unit, UnitVersion
from thidua.resources.campaigns import running
from thidua.resources.funds import allocating, keeping, receiving
from thidua.resources.funds.allocating import Recipient
from thidua.resources.funds.keeping import Giver
from thidua.resources.funds.receiving import Gift
from thidua.resources.models import (
    Allocation,
    CampaignKind,
    DonorKind,
    Fund,
    FundKind,
    HoldingKind,
    RecipientKind,
    SponsorshipKind,
)
from thidua.resources.sponsorship import standing_by

#: huyện Phong Thổ, its xã Huổi Luông and Dào San, its office of culture.
DISTRICT, COMMUNE, OTHER = "before-109", "before-03490", "before-03571"
AGENCY = "phong-noi-vu-huyen-phong-tho"
MARK = "(ví dụ)"
LIST = Upload("danh-sach-ky-nhan-vi-du.txt", "Danh sách ký nhận, ví dụ, không có thật.".encode())


def load(*, on: date, now: datetime) -> int:
    """Fill the room of the demonstration once, with the days before `on`; returns how many funds."""
    units = {one.key: one for one in Unit.objects.filter(key__in=(DISTRICT, COMMUNE, OTHER, AGENCY))}
    if len(units) < 4 or Fund.objects.filter(unit=units[DISTRICT]).exists():
        return 0
    last = (
        UnitVersion.objects.filter(unit=units[DISTRICT], annulled_by__isnull=True).order_by("-until").first()
    )
    # The district ended on 1 July 2025; its story is told up to then.
    day = min(on, last.until - timedelta(days=1)) if last else on
    with transaction.atomic():
        fund = _poor(units, day, now)
        _gratitude(units, day, now)
        _campaign(fund, units, day, now)
        _twinned(units, day, now)
    return 2


def _poor(units: dict[str, Unit], day: date, now: datetime) -> Fund:
    actor = System(on=day)
    fund = keeping.set_up(
        units[DISTRICT],
        kind=FundKind.FOR_THE_POOR,
        name=f"Quỹ Vì người nghèo {MARK}",
        symbol="VNN",
        purpose="Hỗ trợ hộ nghèo sửa nhà, có con giống và vượt khó",
        is_public=True,
        is_invented=True,
        actor=actor,
        now=now,
    )
    firm = Giver(DonorKind.FIRM, f"Hợp tác xã Ví Dụ Một {MARK}")
    agency = Giver(DonorKind.UNIT, f"Trường Ví Dụ {MARK}", agrees_to_be_named=True)
    people = [
        Giver(DonorKind.PERSON, f"Người Ví Dụ {number} {MARK}", f"bản Ví Dụ {number}")
        for number in ("Một", "Hai", "Ba", "Bốn")
    ]
    promised = receiving.pledge(
        fund,
        firm,
        Gift(HoldingKind.MONEY, 50_000_000),
        promised_on=day - timedelta(days=60),
        due_on=day + timedelta(days=10),
        note="Chia hai đợt",
        actor=actor,
        now=now,
    )
    receiving.receive_pledged(
        promised,
        amount=30_000_000,
        received_on=day - timedelta(days=50),
        content="Đợt 1",
        actor=actor,
        now=now,
    )
    for number, giver in enumerate((agency, *people)):
        receiving.receive(
            fund,
            giver,
            Gift(HoldingKind.MONEY, 5_000_000 if giver is agency else 200_000 * (number + 1)),
            received_on=day - timedelta(days=45 - number),
            actor=actor,
            now=now,
        )
    rice = Gift(HoldingKind.GOODS, 500_00, "gạo", "kg", stated_dong=8_000_000)
    for gift, back in ((rice, 40), (Gift(HoldingKind.DAYS, 60_00), 35)):
        receiving.receive(fund, firm, gift, received_on=day - timedelta(days=back), actor=actor, now=now)
    money = fund.holdings.get(kind=HoldingKind.MONEY)
    whole = _given(
        fund, money.pk, 12_000_000, units[COMMUNE], "Sửa 2 nhà dột nát", day - timedelta(days=30), day, now
    )
    allocating.prove(
        whole,
        amount=12_000_000,
        used_on=day - timedelta(days=12),
        text="Đã mua tấm lợp, xi măng; hai hộ đã ở nhà mới (ví dụ).",
        files=[LIST],
        actor=actor,
        now=now,
    )
    part = _given(
        fund, money.pk, 9_000_000, units[OTHER], "Mua 3 con bò giống", day - timedelta(days=20), day, now
    )
    allocating.prove(
        part,
        amount=6_000_000,
        used_on=day - timedelta(days=6),
        text="Đã giao 2 con bò (ví dụ).",
        files=[LIST],
        actor=actor,
        now=now,
    )
    allocating.propose(
        fund,
        money,
        4_000_000,
        Recipient(RecipientKind.COMMUNE, units[OTHER].pk),
        purpose="Học bổng cho học sinh nghèo vượt khó",
        due_on=day + timedelta(days=30),
        actor=actor,
        now=now,
    )
    return fund


def _given(
    fund: Fund, holding_pk: int, amount: int, unit: Unit, purpose: str, on: date, day: date, now: datetime
) -> Allocation:
    made = allocating.propose(
        fund,
        fund.holdings.get(pk=holding_pk),
        amount,
        Recipient(RecipientKind.COMMUNE, unit.pk),
        purpose=purpose,
        decision=f"Biên bản họp Ban vận động {MARK}",
        due_on=on + timedelta(days=60),
        actor=System(on=day),
        now=now,
    )
    allocating.approve(made, on=on, actor=System(on=day), now=now)
    return made


def _gratitude(units: dict[str, Unit], day: date, now: datetime) -> None:
    actor = System(on=day)
    fund = keeping.set_up(
        units[DISTRICT],
        kind=FundKind.GRATITUDE,
        name=f"Quỹ Đền ơn đáp nghĩa {MARK}",
        symbol="DON",
        purpose="Thăm hỏi người có công",
        is_invented=True,
        actor=actor,
        now=now,
    )
    receiving.receive(
        fund,
        Giver(DonorKind.UNIT, f"Chi nhánh Ngân hàng Ví Dụ {MARK}"),
        Gift(HoldingKind.MONEY, 10_000_000),
        received_on=day - timedelta(days=25),
        actor=actor,
        now=now,
    )


def _campaign(fund: Fund, units: dict[str, Unit], day: date, now: datetime) -> None:
    """A Tết campaign that runs: five households on the list, two visited."""
    actor = System(on=day)
    campaign = running.set_up(
        units[DISTRICT],
        kind=CampaignKind.NEW_YEAR,
        name=f"Thăm, tặng quà Tết hộ nghèo {MARK}",
        since=day - timedelta(days=15),
        until=day + timedelta(days=15),
        target=5,
        holding=fund.holdings.get(kind=HoldingKind.MONEY),
        is_invented=True,
        actor=actor,
        now=now,
    )
    households = Household.objects.filter(commune=units[COMMUNE], is_invented=True).order_by("code")[:5]
    for household in households:
        running.list_visit(
            campaign,
            unit=units[COMMUNE],
            household=household,
            gift=500_000,
            by=f"Lãnh đạo huyện {MARK}",
            planned_on=day,
            actor=actor,
            now=now,
        )
    if not campaign.visits.exists():
        return
    running.approve(campaign, on=day - timedelta(days=10), actor=actor, now=now)
    for visit in campaign.visits.select_related("campaign__allocation").order_by("pk")[:2]:
        visit.campaign = campaign
        running.visit(
            visit, done_on=day - timedelta(days=2), note="Đã trao quà", files=[LIST], actor=actor, now=now
        )


def _twinned(units: dict[str, Unit], day: date, now: datetime) -> None:
    actor = System(on=day)
    one = standing_by.set_up(
        units[AGENCY],
        units[COMMUNE],
        kind=SponsorshipKind.TWINNED,
        since=day - timedelta(days=200),
        until=day + timedelta(days=165),
        basis=f"Đăng ký kết nghĩa {MARK}",
        contact=f"Cán bộ Ví Dụ {MARK}",
        is_invented=True,
        actor=actor,
        now=now,
    )
    begun = [
        ("Tặng 20 chậu cây giống và hướng dẫn trồng", 15_000_000, -90),
        ("Sửa nhà văn hóa bản", 40_000_000, -20),
        ("Tặng sách cho điểm trường", 6_000_000, 40),
    ]
    items = [
        standing_by.add_item(
            one,
            title=title,
            due_on=day + timedelta(days=days),
            planned_dong=planned,
            actor=actor,
            now=now,
        )
        for title, planned, days in begun
    ]
    standing_by.begin(one, actor=actor, now=now)
    standing_by.note_done(
        items[0],
        done_on=day - timedelta(days=95),
        done_dong=14_500_000,
        note="Đã giao cho 10 hộ (ví dụ)",
        files=[LIST],
        actor=actor,
        now=now,
    )
