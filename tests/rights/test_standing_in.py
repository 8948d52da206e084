"""A standing body enters figures for the place whose plan it runs: every role, unit, day, tried both ways.

What should happen is written down by hand (`MAY`), from docs/decisions/0013.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client

from thidua.audit.models import Entry as LogEntry
from thidua.core import clock
from thidua.core.errors import NotAllowed
from thidua.indicators import values
from thidua.indicators.models import Value
from thidua.indicators.tests.makers import define, entry
from thidua.movements.models import Plan, PlanVersion, PlanVersionState
from thidua.movements.tests.makers import make_plan, make_version, phong_tho_plan
from thidua.organisations.authority import acting
from thidua.organisations.models import Role, UnitKind
from thidua.organisations.tests.world import DAY, World, make_person, make_unit, phong_tho

pytestmark = pytest.mark.django_db

NOW = datetime(2023, 11, 5, 3, 0, tzinfo=UTC)
AFTER = date(2025, 8, 1)
DOING = {Role.UNIT_OFFICER, Role.STANDING, Role.LEADER}

#: Unit of the mandate → roles that may enter for xã Dào San on DAY: without a plan, and with the plan of the
#: district that Phòng LĐTBXH runs.
MAY: dict[str, tuple[set[Role], set[Role]]] = {
    "dao-san": (DOING, DOING),
    "huoi-luong": (set(), set()),
    "phong-tho": (DOING, DOING),
    "lai-chau": (DOING, DOING),
    "phong-ldtbxh": (set(), {Role.STANDING}),
    "phong-noi-vu": (set(), set()),
    "so-ldtbxh": (set(), set()),
}


@pytest.fixture
def world() -> Iterator[World]:
    made = phong_tho()
    define()
    with clock.fixed_on(DAY):
        yield made


def may(world: World, unit: str, role: Role, *, for_unit: str = "dao-san", on: date = DAY) -> bool:
    person = make_person(
        f"{unit}-{role}-{on}-{Value.objects.count()}-{Plan.objects.count()}", (world.unit(unit), role)
    )
    actor = acting(person, on=on)
    before = Value.objects.count()
    try:
        values.enter([entry("poor_hh", world.unit(for_unit), 2022, 300 + before)], actor=actor, now=NOW)
    except NotAllowed:
        assert not actor.may("value.enter", world.unit(for_unit))
        assert Value.objects.count() == before
        return False
    assert actor.may("value.enter", world.unit(for_unit))
    return True


@pytest.mark.parametrize("has_plan", [False, True])
@pytest.mark.parametrize("unit", MAY)
def test_each_role_of_each_unit_with_and_without_the_plan(world: World, unit: str, has_plan: bool) -> None:
    if has_plan:
        phong_tho_plan(world)
    assert {role for role in Role if may(world, unit, role)} == MAY[unit][has_plan]


@pytest.mark.parametrize("state", [state for state in PlanVersionState if state != PlanVersionState.ADOPTED])
def test_a_plan_that_is_not_in_force_gives_nothing(world: World, state: PlanVersionState) -> None:
    phong_tho_plan(world, state=state)
    assert not may(world, "phong-ldtbxh", Role.STANDING)


@pytest.mark.parametrize(("last_year", "allowed"), [(2021, False), (2022, True), (2025, True), (None, True)])
def test_figures_of_the_last_year_come_in_the_year_after(
    world: World, last_year: int | None, allowed: bool
) -> None:
    plan = phong_tho_plan(world)
    PlanVersion.objects.filter(plan=plan).update(first_year=2021, last_year=last_year)
    assert may(world, "phong-ldtbxh", Role.STANDING) is allowed


def test_it_reaches_the_place_and_what_is_below_and_nothing_else(world: World) -> None:
    phong_tho_plan(world)
    make_unit("tam-duong", "huyện Tam Đường", UnitKind.DISTRICT, parent=world.unit("lai-chau"))
    for key, allowed in (("phong-tho", True), ("mu-sang", True), ("lai-chau", False)):
        assert may(world, "phong-ldtbxh", Role.STANDING, for_unit=key) is allowed
    stranger = acting(make_person("la", (world.unit("phong-ldtbxh"), Role.STANDING)), on=DAY)
    other = make_unit("tam-duong-2", "huyện Tam Đường Hai", UnitKind.DISTRICT, parent=world.unit("lai-chau"))
    assert not stranger.may("value.enter", other)
    assert not stranger.may("value.choose", world.unit("dao-san"))


def test_the_body_of_an_agency_does_not_act_for_the_place_around_it(world: World) -> None:
    office = make_unit("vp-so", "Văn phòng Sở", UnitKind.DIVISION, parent=world.unit("so-ldtbxh"))
    make_plan(world.unit("so-ldtbxh"), standing_body=office)
    person = acting(make_person("vp", (office, Role.STANDING)), on=DAY)
    assert not person.may("value.enter", world.unit("dao-san"))
    assert person.stands_in("value.enter", [world.unit("dao-san").pk]) == []


def test_after_the_reform_nobody_stands_in_for_a_place_that_has_ended(world: World) -> None:
    phong_tho_plan(world)
    for unit in ("phong-ldtbxh", "so-ldtbxh"):
        assert not may(world, unit, Role.STANDING, on=AFTER)


def test_an_amended_plan_still_names_its_body(world: World) -> None:
    plan = phong_tho_plan(world, state=PlanVersionState.SUPERSEDED)
    make_version(plan, state=PlanVersionState.ADOPTED, number=2)
    assert may(world, "phong-ldtbxh", Role.STANDING)


def test_the_log_and_the_pages_say_on_whose_behalf(world: World, client: Client) -> None:
    phong_tho_plan(world)
    actor = world.acting("thuong-truc")
    figures = [entry("poor_hh", world.unit(key), 2022, 300) for key in ("dao-san", "mu-sang")]
    values.enter(figures, actor=actor, now=NOW)
    [line] = LogEntry.objects.filter(action="indicators.value.enter")
    told = "huyện Phong Thổ (cơ quan thường trực của kế hoạch số 12/KH-UBND)"
    assert json.loads(line.details)["on_behalf_of"] == [told]
    assert line.unit_id == world.unit("phong-ldtbxh").pk

    client.force_login(world.people["thuong-truc"])
    shown = client.get("/so-lieu/nhap/?bo=ra_soat.commune&nam=2022").content.decode()
    assert "Bạn nhập thay cho <strong>huyện Phong Thổ</strong>" in shown
    assert "xã Dào San" in shown
    page = client.get(f"/so-lieu/gia-tri/{Value.objects.first().pk}/").content.decode()  # type: ignore[union-attr]
    assert told in page
    assert line.actor in page

    # Who enters for the own unit acts on nobody's behalf.
    own = values.enter(
        [entry("poor_hh", world.unit("dao-san"), 2021, 310)], actor=world.acting("dao-san"), now=NOW
    )
    assert own.values[0].amount == Decimal(310)
    assert "on_behalf_of" not in json.loads(LogEntry.objects.order_by("-number")[0].details)
