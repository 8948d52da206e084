"""Clusters and blocs: who makes them, and that past members stay known."""

from __future__ import annotations

from datetime import date

import pytest

from thidua.core import clock
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.organisations import groupings
from thidua.organisations.models import GroupingKind
from thidua.organisations.tests.world import World, phong_tho

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return phong_tho()


def test_members_leave_and_join_with_days(world: World) -> None:
    names = ("huoi-luong", "dao-san", "mu-sang")
    first, second, third = (world.unit(name).pk for name in names)
    leader, now = world.acting("lanh-dao"), clock.now()
    made = groupings.make_grouping(
        GroupingKind.CLUSTER,
        " Cụm  số 1 ",
        owner=world.unit("phong-tho"),
        unit_ids=[first, second],
        since=date(2023, 1, 1),
        actor=leader,
        now=now,
    )
    groupings.set_members(made, [second, third], since=date(2024, 1, 1), actor=leader, now=now)
    groupings.set_members(made, [second, first], since=date(2024, 1, 1), actor=leader, now=now)

    assert made.name == "Cụm số 1"
    assert sorted(groupings.members_on(made, on=date(2023, 6, 1))) == sorted([first, second])
    assert sorted(groupings.members_on(made, on=date(2024, 6, 1))) == sorted([first, second])
    assert list(groupings.groups([world.unit("phong-tho").pk])) == [made]


def test_a_group_is_refused_to_others_and_without_units(world: World) -> None:
    def make(username: str, units: list[int]) -> None:
        groupings.make_grouping(
            GroupingKind.BLOC,
            "Khối 1",
            owner=world.unit("phong-tho"),
            unit_ids=units,
            since=date(2023, 1, 1),
            actor=world.acting(username),
            now=clock.now(),
        )

    both = [world.unit("dao-san").pk, world.unit("mu-sang").pk]
    with pytest.raises(NotAllowed, match="chưa được lập cụm, khối"):
        make("dao-san", both)
    with pytest.raises(RuleNotMet, match="ít nhất 2 đơn vị"):
        make("lanh-dao", both[:1])
    make("lanh-dao", both)
    with pytest.raises(RuleNotMet, match="đã có khối thi đua tên «Khối 1»"):
        make("lanh-dao", both)
