"""Campaigns over the ledger, sponsored places through a merger, loans of households, what the public sees."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from xlsxwriter import Workbook

from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.households.tests.makers import make_household
from thidua.indicators.tests.makers import define
from thidua.indicators.tests.makers import give as give_figure
from thidua.organisations.tests.world import DAY, World, phong_tho
from thidua.resources import criteria_facts
from thidua.resources.campaigns import running
from thidua.resources.credit import loan_file, taking_in
from thidua.resources.funds import ledger
from thidua.resources.funds.allocating import Recipient, approve
from thidua.resources.funds.allocating import propose as propose_to
from thidua.resources.funds.keeping import Giver
from thidua.resources.models import CampaignState, CreditImport, LoanFact, RecipientKind
from thidua.resources.public_funds import public_funds
from thidua.resources.sponsorship import standing_by
from thidua.resources.sponsorship.place_figures import figures_of
from thidua.resources.tests.makers import (
    NOW,
    PERSON,
    PROOF,
    give,
    list_visit,
    make_campaign,
    make_fund,
    make_sponsorship,
    system,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return phong_tho()


# --- campaigns ------------------------------------------------------------------------------------


def test_campaign_takes_gifts_from_the_fund_and_gives_back_the_rest(world: World) -> None:
    district, commune = world.unit("phong-tho"), world.unit("huoi-luong")
    fund = make_fund(district)
    give(fund, 1_000_000)
    campaign = make_campaign(district, holding=fund.holdings.get(), target=2)
    households = [make_household(commune, f"H{n}") for n in range(3)]
    visits = [list_visit(campaign, commune, household=one, gift=300_000) for one in households]
    with pytest.raises(RuleNotMet, match="đã có trong danh sách"):
        list_visit(campaign, commune, household=households[0])

    running.approve(campaign, on=DAY, actor=system(), now=NOW)
    assert ledger.balances(fund)[0].held == 100_000
    with pytest.raises(RuleNotMet, match="danh sách đã duyệt"):
        list_visit(campaign, commune)

    common: dict[str, Any] = {"actor": system(), "now": NOW}
    with pytest.raises(RuleNotMet, match="chưa kèm tài liệu"):
        running.visit(visits[0], done_on=DAY, note="", files=[], **common)
    for one in visits[:2]:
        one.refresh_from_db()
        running.visit(one, done_on=DAY, note="", files=[PROOF], **common)
    with pytest.raises(RuleNotMet, match="còn lượt thăm"):
        running.finish(campaign, result="Xong", on=DAY, **common)
    running.drop_visit(visits[2], reason="Hộ đã chuyển đi", **common)
    assert running.progress(campaign).is_met
    running.finish(campaign, result="Đã thăm 2 hộ", on=DAY, **common)

    now = ledger.balances(fund)[0]
    assert (now.held, now.given_on, now.used) == (400_000, 0, 600_000)
    assert campaign.state == CampaignState.FINISHED
    assert ledger.faults(fund) == []


def test_campaign_larger_than_the_fund_is_not_approved(world: World) -> None:
    fund = make_fund(world.unit("phong-tho"))
    campaign = make_campaign(world.unit("phong-tho"), holding=fund.holdings.get())
    list_visit(campaign, world.unit("huoi-luong"), gift=1)
    with pytest.raises(RuleNotMet, match="chỉ còn dùng được 0 đồng"):
        running.approve(campaign, on=DAY, actor=system(), now=NOW)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.PREPARED


# --- sponsored places -----------------------------------------------------------------------------


def test_sponsored_commune_keeps_its_figures_through_the_merger(world: World) -> None:
    agency, place = world.unit("phong-noi-vu"), world.unit("huoi-luong")
    with pytest.raises(RuleNotMet, match="phải là xã hoặc thôn"):
        make_sponsorship(agency, world.unit("lai-chau"))
    one = make_sponsorship(agency, place)
    with pytest.raises(RuleNotMet, match="đang mở"):
        make_sponsorship(agency, place)
    standing_by.begin(one, actor=world.acting("noi-vu"), now=NOW)
    item = standing_by.add_item(one, title="Sửa nhà văn hóa", actor=world.acting("noi-vu"), now=NOW)
    done: dict[str, Any] = {"done_on": DAY, "done_dong": None, "note": "", "files": [], "now": NOW}
    with pytest.raises(NotAllowed):
        standing_by.note_done(item, actor=world.acting("dao-san"), **done)
    standing_by.note_done(item, actor=world.acting("noi-vu"), **done)
    assert (item.done_on, item.done_dong) == (DAY, None)

    define()
    give_figure("poor_hh", place, 2023, 40)
    give_figure("poor_hh", world.unit("xa-phong-tho"), 2025, 90)
    found = figures_of(place.pk, on=date(2026, 1, 1))
    assert [(year.year, year.unit, year.figures[0]) for year in found.years] == [
        (2025, "xã Phong Thổ", "90"),
        (2023, "xã Huổi Luông", "40"),
    ]
    assert set(found.years[0].figures[1:]) == {""}
    assert found.heirs == ("xã Phong Thổ",)


# --- credit ---------------------------------------------------------------------------------------


def loans(*rows: tuple[object, ...]) -> bytes:
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(loan_file.SHEET)
        for number, row in enumerate([tuple(title for title, _, _ in loan_file.COLUMNS), *rows]):
            for place, value in enumerate(row):
                sheet.write(number, place, value)
    return out.getvalue()


def test_every_wrong_cell_is_named() -> None:
    raw = loans(
        ("H1", "A-1", "Hộ nghèo", 50_000_000, "", "31/12/2026", "Có", "có", "KHÔNG"),
        ("H9", "", "Hộ nghèo", "năm triệu", -1, "32/13/2026", "chắc", "", ""),
        ("H1", "A-1", "Hộ nghèo", 1, "", "", "", "", ""),
    )
    found = loan_file.read(raw, known_codes={"H1"})
    assert [error.place for error in found.errors] == ["B3", "A3", "D3", "E3", "F3", "G3", "B4"]
    first = found.rows[0]
    assert (first.principal_dong, first.owed_dong, first.due_on) == (50_000_000, None, date(2026, 12, 31))
    assert (first.used_as_intended, first.principal_on_time, first.interest_on_time) == (True, True, False)
    assert loan_file.read(loan_file.template(), known_codes=()).errors[0].what == "tệp chưa có khoản vay nào"
    with pytest.raises(RuleNotMet, match=r"không phải tệp Excel"):
        loan_file.read(b"PK", known_codes=())


def test_file_is_taken_in_as_a_whole_or_not_at_all(world: World) -> None:
    commune, officer = world.unit("huoi-luong"), world.acting("huoi-luong")
    good, unknown = make_household(commune, "H1"), make_household(commune, "H2")
    yes, no = ("Hộ nghèo", 9, "", "", "Có", "Có", "Có"), ("Hộ nghèo", 9, "", "", "Có", "Có", "")
    common: dict[str, Any] = {"file_name": "vay.xlsx", "as_of": DAY, "now": NOW}
    with pytest.raises(RuleNotMet, match="1 ô sai"):
        taking_in.take_in(commune, loans(("H1", "A", *yes), ("H7", "B", *yes)), actor=officer, **common)
    assert not CreditImport.objects.exists()
    with pytest.raises(NotAllowed):
        taking_in.take_in(commune, loans(("H1", "A", *yes)), actor=world.acting("dao-san"), **common)
    taking_in.take_in(commune, loans(("H1", "A", *yes), ("H2", "B", *no)), actor=officer, **common)
    with pytest.raises(RuleNotMet, match="đã nhập cho đúng ngày này"):
        taking_in.take_in(commune, loans(("H1", "A", *yes)), actor=officer, **common)

    both = [good.pk, unknown.pk]
    assert {pk: one.value for pk, one in criteria_facts.loan_figures(both, on=DAY).items()} == {good.pk: True}
    later = ("Hộ nghèo", 9, "", "", "Không", "Có", "Có")
    day = world.acting("huoi-luong", on=DAY + timedelta(days=9))
    taking_in.take_in(
        commune, loans(("H1", "A", *later)), file_name="v.xlsx", as_of=day.on, actor=day, now=NOW
    )
    assert {pk: one.value for pk, one in criteria_facts.loan_figures(both, on=day.on).items()} == {
        good.pk: False
    }
    # What was known on the earlier day stays what it was.
    assert criteria_facts.loan_figures(both, on=DAY)[good.pk].value is True
    assert taking_in.latest_facts(LoanFact.objects.all(), on=day.on).count() == 2


# --- what others read -----------------------------------------------------------------------------


def test_gifts_of_a_unit_are_contributions(world: World) -> None:
    fund, unit = make_fund(world.unit("phong-tho")), world.unit("phong-noi-vu")
    give(fund, 700_000, Giver("co_quan", "Phòng Nội vụ", unit_id=unit.pk))
    give(fund, 1_00, Giver("co_quan", "Phòng Nội vụ"), kind="hien_vat", name="gạo", measure="kg")
    found = criteria_facts.contribution_events([unit.pk, world.unit("dao-san").pk], on=DAY)
    assert {pk: [(one.on, one.amount) for one in events] for pk, events in found.items()} == {
        unit.pk: [(DAY, 700_000)]
    }


def test_public_sees_no_private_donor_no_household_and_no_small_group(world: World) -> None:
    commune = world.unit("huoi-luong")
    fund = make_fund(world.unit("phong-tho"), is_public=True)
    make_fund(world.unit("phong-tho"), "Quỹ nội bộ")
    give(fund, 1_000_000, PERSON)
    give(fund, 2_000_000, Giver("ca_nhan", "Vàng A Ví", agrees_to_be_named=True))
    household = make_household(commune, "H1", "Giàng Thị Mẫu")
    holding = fund.holdings.get()
    for recipient in (
        Recipient(RecipientKind.HOUSEHOLD, commune.pk, household.pk),
        Recipient(RecipientKind.COMMUNE, commune.pk),
    ):
        one = propose_to(fund, holding, 300_000, recipient, purpose="Mua bò", actor=system(), now=NOW)
        approve(one, on=DAY, actor=system(), now=NOW)

    [shown] = public_funds(on=DAY)
    assert [(line.name, line.amounts, line.count) for line in shown.donors] == [
        ("Vàng A Ví và cá nhân, hộ gia đình không nêu tên", ("3.000.000 đồng",), None),
    ]
    assert [(line.name, line.amounts, line.count) for line in shown.uses] == [
        ("Mua bò – xã Huổi Luông và hộ gia đình được hỗ trợ", ("600.000 đồng",), None),
    ]
    # how much of it is settled would tell the household from the commune
    assert [row[1:] for row in shown.totals] == [
        ("3.000.000 đồng", "2.400.000 đồng", "không nêu", "không nêu")
    ]
    text = str(shown)
    assert [word for word in ("Lò Thị Mẫu", "Giàng", "H1") if word in text] == []
    for name in ("Hai", "Ba", "Bốn", "Năm"):
        give(fund, 100_000, Giver("ca_nhan", f"Người {name}"))
    assert public_funds(on=DAY)[0].donors[-1].count == 5


def test_total_of_a_fund_with_few_donors_only_is_kept_back(world: World) -> None:
    fund = make_fund(world.unit("phong-tho"), is_public=True)
    give(fund, 1_000_000, PERSON)

    [shown] = public_funds(on=DAY)
    assert [(line.name, line.amounts) for line in shown.donors] == [
        ("Cá nhân, hộ gia đình không nêu tên", ())
    ]
    assert [set(row[1:]) for row in shown.totals] == [{"không nêu"}]
