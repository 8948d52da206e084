"""What of resources falls due, for whom; each thing once in «Việc của tôi», on the same day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from thidua.core import clock
from thidua.notices.due import sources, still_due
from thidua.notices.models import Delivery
from thidua.notices.planning import remind
from thidua.organisations.tests.world import DAY, World, phong_tho
from thidua.resources import inbox
from thidua.resources.campaigns import running
from thidua.resources.models import Allocation, AllocationState, Pledge, PledgeState, SupportItem
from thidua.resources.sponsorship import standing_by
from thidua.resources.tests.makers import (
    NOW,
    PERSON,
    approve,
    give,
    list_visit,
    make_campaign,
    make_fund,
    make_sponsorship,
    promise,
    propose,
    system,
)

pytestmark = pytest.mark.django_db
WEEK = DAY + timedelta(days=7)
OURS = {"pledges", "allocations", "campaigns", "support_items", "sponsorships"}


@pytest.fixture
def world() -> World:
    return phong_tho()


def test_each_thing_reaches_its_unit_and_is_forgotten_once_done(world: World) -> None:
    office, commune = world.unit("phong-ldtbxh"), world.unit("huoi-luong")
    with clock.fixed_on(DAY):
        fund = make_fund(office)
        give(fund, 1000)
        promised = promise(fund, 500, PERSON, due_on=WEEK)
        given = approve(propose(fund, 300, commune, due_on=WEEK))
        campaign = make_campaign(office, until=WEEK)
        list_visit(campaign, commune)
        running.approve(campaign, on=DAY, actor=system(), now=NOW)
        standing = make_sponsorship(office, commune, until=WEEK)
        item = standing_by.add_item(standing, title="Làm cầu", due_on=WEEK, actor=system(), now=NOW)
        standing_by.begin(standing, actor=system(), now=NOW)

        remind(now=NOW)

    told = Delivery.objects.filter(source__in=OURS)
    assert {(row.source, row.user.username) for row in told} >= {
        ("allocations", "huoi-luong"),
        ("pledges", "thuong-truc"),
        ("campaigns", "thuong-truc"),
        ("support_items", "thuong-truc"),
        ("sponsorships", "thuong-truc"),
    }
    assert not told.filter(user__username="huoi-luong").exclude(source="allocations").exists()
    # a letter names no private donor who has not agreed
    assert PERSON.name not in told.filter(source="pledges")[0].text

    keys = {(row.source, row.object_key) for row in told}
    assert {name for name, _ in keys} == OURS
    assert set(still_due(keys, on=DAY).values()) == {WEEK}
    Pledge.objects.filter(pk=promised.pk).update(state=PledgeState.FULFILLED)
    Allocation.objects.filter(pk=given.pk).update(state=AllocationState.SETTLED)
    SupportItem.objects.filter(pk=item.pk).update(done_on=DAY)
    standing_by.end(standing, result="Xong", actor=system(), now=NOW)
    type(campaign).objects.filter(pk=campaign.pk).update(state="da_xong")
    assert still_due(keys, on=DAY) == {}


def test_what_an_agency_promised_stands_once_in_its_inbox_near_its_day(world: World) -> None:
    office, commune = world.unit("phong-ldtbxh"), world.unit("huoi-luong")
    standing = make_sponsorship(office, commune, until=WEEK)
    for title, days in (("Làm cầu", 7), ("Trồng chè", 60)):
        due_on = DAY + timedelta(days=days)
        standing_by.add_item(standing, title=title, due_on=due_on, actor=system(), now=NOW)
    assert inbox.waiting_for(world.acting("thuong-truc", on=DAY)) == []  # not begun

    standing_by.begin(standing, actor=system(), now=NOW)

    rows = inbox.waiting_for(world.acting("thuong-truc", on=DAY))
    titles = [("Việc hỗ trợ: Làm cầu", WEEK), ("Chương trình kết nghĩa hết thời gian", WEEK)]
    assert [(one.title, one.due_on) for one in rows] == titles
    assert {one.about for one in rows} == {"Kết nghĩa · xã Huổi Luông"}
    assert inbox.waiting_for(world.acting("huoi-luong", on=DAY)) == []


def test_loans_of_households_are_dunned_for_by_nobody() -> None:
    assert not {one.name for one in sources() if "loan" in one.name or "credit" in one.name}
