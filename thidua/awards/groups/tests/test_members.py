"""Who takes part in a year, who checks whom, whose turn it is; what of a year may still be changed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.awards.groups import members, seasons
from thidua.awards.groups.tests.makers import (
    NOW,
    SYSTEM,
    leader_of,
    make_group,
    make_season,
    make_table,
    open_scoring,
)
from thidua.awards.models import GroupSeason, ScoreTableState
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.organisations.models import Membership
from thidua.organisations.tests.world import phong_tho, succeed


def keys(season: GroupSeason) -> set[str]:
    return set(season.sheets.values_list("unit__key", flat=True))


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 30), st.integers(1, 60))
def test_each_unit_checks_exactly_one_other(count: int, shift: int) -> None:
    units = list(range(100, 100 + count))
    if shift % count == 0:
        with pytest.raises(ValueError, match="a ring"):
            members.pairs(units, shift=shift)
        return
    found = members.pairs(units, shift=shift)
    assert sorted(found) == sorted(found.values()) == units
    assert all(unit != checker for unit, checker in found.items())


@settings(max_examples=30, deadline=None)
@given(st.integers(3, 20), st.integers(1, 40))
def test_from_three_units_on_no_pair_comes_again_next_year(count: int, last: int) -> None:
    units = list(range(count))
    before = members.pairs(units, shift=1 + last % (count - 1))
    after = members.pairs(units, shift=members.best_shift(units, before))
    assert not before.items() & after.items()


@pytest.mark.django_db
def test_members_of_a_year_after_the_reform_are_those_that_took_over() -> None:
    world = phong_tho()
    group = make_group(world, ("huoi-luong", "dao-san", "mu-sang", "tt-van-hoa"))
    assert members.members_of(group, on=date(2025, 6, 30)) == [
        world.unit(key).pk for key in ("tt-van-hoa", "dao-san", "huoi-luong", "mu-sang")
    ]
    # two communes became one; the centre ended without a successor, and nobody takes part for it
    assert members.members_of(group, on=date(2025, 12, 31)) == [
        world.unit(key).pk for key in ("xa-dao-san", "xa-phong-tho")
    ]
    succeed(world.unit("tt-van-hoa"), world.unit("xa-phong-tho"), is_whole=False)
    succeed(world.unit("tt-van-hoa"), world.unit("so-ldtbxh"), is_whole=False)
    assert set(members.members_of(group, on=date(2025, 12, 31))) == {
        world.unit(key).pk for key in ("xa-dao-san", "xa-phong-tho", "so-ldtbxh")
    }


@pytest.mark.django_db
def test_members_are_taken_again_without_harm_and_filled_sheets_stay() -> None:
    world = phong_tho()
    season = make_season(world)
    first = seasons.take_members(season, actor=SYSTEM, now=NOW)
    assert (len(first.added), first.kept, first.removed, first.stuck) == (3, (), (), ())
    seasons.assign_checkers(season, actor=SYSTEM, now=NOW)
    again = seasons.take_members(season, actor=SYSTEM, now=NOW)
    assert (again.added, len(again.kept), again.removed) == ((), 3, ())
    signed = season.sheets.get(unit=world.unit("dao-san"))
    seasons.sign_covenant(signed, by_name="Lò A", on=date(2023, 11, 1), actor=SYSTEM, now=NOW)

    Membership.objects.filter(grouping=season.grouping).exclude(unit=world.unit("mu-sang")).update(
        until=date(2023, 12, 1)
    )
    left = seasons.take_members(season, actor=SYSTEM, now=NOW)

    assert (left.removed, left.stuck) == ((world.unit("huoi-luong").pk,), (world.unit("dao-san").pk,))
    assert keys(season) == {"mu-sang", "dao-san"}
    # who was checked by the unit that left has no checker now
    assert season.sheets.get(unit=world.unit("dao-san")).checker is None


@pytest.mark.django_db
def test_checkers_change_from_year_to_year_and_one_by_one() -> None:
    world = phong_tho()
    scoring = open_scoring(world)
    last = dict(scoring.season.sheets.values_list("unit_id", "checker_id"))
    season = make_season(world, grouping=scoring.season.grouping, table=scoring.season.table, year=2024)
    seasons.take_members(season, actor=SYSTEM, now=NOW)
    found = seasons.assign_checkers(season, actor=SYSTEM, now=NOW)
    assert not found.items() & last.items()
    with pytest.raises(RuleNotMet, match="tự chấm mình"):
        seasons.assign_checkers(season, actor=SYSTEM, now=NOW, shift=3)

    with pytest.raises(RuleNotMet, match="trạng thái «Đang chấm điểm»"):
        seasons.assign_checkers(scoring.season, actor=SYSTEM, now=NOW)
    sheet = scoring.sheet("dao-san")
    for key in ("dao-san", "phong-noi-vu"):
        with pytest.raises(RuleNotMet, match="một đơn vị khác trong cụm, khối"):
            seasons.set_checker(sheet, world.unit(key), actor=SYSTEM, now=NOW)
    seasons.set_checker(sheet, world.unit("mu-sang"), actor=world.acting("lanh-dao"), now=NOW)
    assert scoring.sheet("dao-san").checker == world.unit("mu-sang")
    checked = scoring.checked("huoi-luong", n1=1, n2=1)
    with pytest.raises(RuleNotMet, match="đã chấm"):
        seasons.set_checker(checked, world.unit("dao-san"), actor=SYSTEM, now=NOW)


@pytest.mark.django_db
def test_head_passes_to_last_years_deputy_and_then_to_who_waited_longest() -> None:
    world = phong_tho()
    group, table = make_group(world), make_table(world)

    def turn(year: int) -> tuple[str | None, str | None]:
        head, deputy = seasons.suggested_head(group, year)
        return (head.key if head else None, deputy.key if deputy else None)

    def led(year: int, head: str, deputy: str | None) -> None:
        make_season(
            world,
            grouping=group,
            table=table,
            year=year,
            head=world.unit(head),
            deputy=world.unit(deputy) if deputy else None,
        )

    assert turn(2021) == ("dao-san", "huoi-luong")
    led(2021, "dao-san", "huoi-luong")
    assert turn(2022) == ("huoi-luong", "mu-sang")
    led(2022, "huoi-luong", None)
    assert turn(2023) == ("mu-sang", "dao-san")
    led(2023, "mu-sang", "dao-san")
    assert turn(2024) == ("dao-san", "huoi-luong")
    # after the reform: Dào San and Mù Sang are one
    assert turn(2025) == ("xa-dao-san", "xa-phong-tho")


@pytest.mark.django_db
def test_covenant_is_signed_once_and_then_stands() -> None:
    world = phong_tho()
    season = make_season(world)
    seasons.take_members(season, actor=SYSTEM, now=NOW)
    sheet = season.sheets.get(unit=world.unit("huoi-luong"))
    own, other = world.acting("huoi-luong"), world.acting("mu-sang")
    day = date(2023, 11, 5)
    with pytest.raises(NotAllowed):
        seasons.sign_covenant(sheet, by_name="Lò A", on=day, actor=other, now=NOW)
    with pytest.raises(RuleNotMet, match="chưa ghi người ký"):
        seasons.sign_covenant(sheet, by_name=" ", on=day, actor=own, now=NOW)
    with pytest.raises(RuleNotMet, match="sau hôm nay"):
        seasons.sign_covenant(sheet, by_name="Lò A", on=date(2023, 11, 6), actor=own, now=NOW)

    seasons.sign_covenant(sheet, by_name="Lò A, Chủ tịch", on=day, actor=own, now=NOW)

    with pytest.raises(RuleNotMet, match="đã ký giao ước"):
        seasons.sign_covenant(sheet, by_name="Lò A", on=day, actor=own, now=NOW)
    season.covenant = "Khác"
    with pytest.raises(RuleNotMet, match="đã có 1 đơn vị ký"):
        seasons.keep_season(season, actor=SYSTEM, now=NOW)
    # who runs the group may take it back too, and then the text may change
    seasons.take_back_signature(sheet, reason="Ký nhầm bản", actor=world.acting("lanh-dao"), now=NOW)
    seasons.keep_season(season, actor=SYSTEM, now=NOW)
    season.refresh_from_db()
    sheet.refresh_from_db()
    assert (season.covenant, sheet.signed_on, sheet.signed_by) == ("Khác", None, "")


@pytest.mark.django_db
def test_year_is_made_by_the_body_of_the_group_alone() -> None:
    world = phong_tho()
    group, table = make_group(world), make_table(world)

    def year(**fields: object) -> GroupSeason:
        usual = {"grouping": group, "year": 2023, "table": table, "owner": world.unit("phong-tho")}
        return GroupSeason(**{**usual, "head": world.unit("dao-san"), **fields})

    leader = world.acting("lanh-dao")
    with pytest.raises(NotAllowed):
        seasons.keep_season(year(), actor=world.acting("dao-san"), now=NOW)
    with pytest.raises(RuleNotMet, match="không phải cụm, khối thi đua do cơ quan này lập"):
        seasons.keep_season(year(owner=world.unit("lai-chau")), actor=world.acting("tinh"), now=NOW)
    with pytest.raises(RuleNotMet, match="cùng một đơn vị"):
        seasons.keep_season(year(deputy=world.unit("dao-san")), actor=leader, now=NOW)
    days = {"self_due": date(2023, 12, 9), "verify_due": date(2023, 12, 1)}
    with pytest.raises(RuleNotMet, match="trước hạn tự chấm"):
        seasons.keep_season(year(**days), actor=leader, now=NOW)
    made = seasons.keep_season(year(), actor=leader, now=NOW)
    with pytest.raises(RuleNotMet, match="đã có năm 2023"):
        seasons.keep_season(year(), actor=leader, now=NOW)
    seasons.cancel(made, reason="Lập nhầm", actor=leader, now=NOW)
    seasons.keep_season(year(), actor=leader, now=NOW)
    # the province took over from the district
    late = year(year=2025, owner=world.unit("lai-chau"), head=world.unit("xa-dao-san"))
    assert seasons.keep_season(late, actor=world.acting("tinh", on=date(2025, 8, 1)), now=NOW).pk


@pytest.mark.django_db
def test_head_changes_covenant_and_days_and_the_owner_the_rest() -> None:
    world = phong_tho()
    season = make_season(world)
    head = leader_of(world, "dao-san")
    season.covenant, season.self_due = "Mới", date(2023, 12, 1)
    seasons.keep_season(season, actor=head, now=NOW)
    season.head, season.deputy = world.unit("mu-sang"), None
    with pytest.raises(NotAllowed, match="chọn trưởng, phó và bảng tiêu chí"):
        seasons.keep_season(season, actor=head, now=NOW)
    seasons.keep_season(season, actor=world.acting("lanh-dao"), now=NOW)
    season.year = 2024
    with pytest.raises(RuleNotMet, match="không đổi sau khi lập"):
        seasons.keep_season(season, actor=SYSTEM, now=NOW)
    season.refresh_from_db()
    assert (season.year, season.head.key, season.covenant) == (2023, "mu-sang", "Mới")
    opened = open_scoring(world).season
    opened.table = make_table(world, state=ScoreTableState.IN_FORCE)
    with pytest.raises(RuleNotMet, match="đang chấm điểm theo bảng tiêu chí đã chọn"):
        seasons.keep_season(opened, actor=SYSTEM, now=NOW)
