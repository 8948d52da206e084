"""Who sees which movements, plans, tasks and registrations, before and after 1/7/2025."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from thidua.movements.models import PlanVersionState, TaskPartner
from thidua.movements.tests.makers import make_movement, make_plan, make_registration, make_task
from thidua.movements.visibility import (
    visible_movements,
    visible_plans,
    visible_registrations,
    visible_tasks,
    visible_versions,
)
from thidua.organisations.models import Role, UnitKind
from thidua.organisations.tests.world import DAY, REFORM, World, make_person, make_unit, phong_tho

AFTER = date(2025, 8, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = phong_tho()
    nation = world.unit("viet-nam")
    world.units["thu-tuong"] = make_unit("thu-tuong", "Thủ tướng Chính phủ", parent=nation)
    world.units["lang-son"] = make_unit("lang-son", "tỉnh Lạng Sơn", UnitKind.PROVINCE, parent=nation)
    for username, key in (("nguoi-lang-son", "lang-son"), ("thu-tuong", "thu-tuong")):
        world.people[username] = make_person(username, (world.unit(key), Role.STANDING))
    return world


def test_plan_of_the_district_is_seen_in_its_line_only(world: World) -> None:
    plan = make_plan(world.unit("phong-tho"), standing_body=world.unit("phong-ldtbxh"))

    seeing = {name for name in world.people if plan in visible_plans(world.acting(name))}

    assert seeing == {
        "thuong-truc",
        "lanh-dao",
        "noi-vu",
        "huoi-luong",
        "dao-san",
        "mu-sang",
        "tinh",
        "quan-tri",
        "nguoi-xem",
    }


def test_national_plan_is_seen_by_all_with_a_mandate(world: World) -> None:
    plan = make_plan(world.unit("thu-tuong"))

    unseeing = {name for name in world.people if plan not in visible_plans(world.acting(name))}

    assert unseeing == {"nguoi-la"}


def test_draft_is_seen_by_the_issuing_units_only(world: World) -> None:
    plan = make_plan(
        world.unit("phong-tho"), standing_body=world.unit("phong-ldtbxh"), state=PlanVersionState.DRAFT
    )

    seeing = {name for name in world.people if plan in visible_plans(world.acting(name))}

    assert seeing == {"thuong-truc", "lanh-dao", "nguoi-xem"}
    assert not visible_versions(world.acting("tinh")).exists()
    assert visible_versions(world.acting("lanh-dao")).get().plan == plan


def test_standing_body_sees_the_plans_of_the_communes(world: World) -> None:
    make_plan(world.unit("phong-tho"), standing_body=world.unit("phong-ldtbxh"))
    of_commune = make_plan(world.unit("mu-sang"))

    assert of_commune in visible_plans(world.acting("thuong-truc"))
    assert of_commune not in visible_plans(world.acting("noi-vu"))
    assert of_commune not in visible_plans(world.acting("dao-san"))


def test_plan_of_another_province_is_seen_by_the_unit_that_it_asks_something_of(world: World) -> None:
    plan = make_plan(world.unit("lang-son"))
    assert not visible_plans(world.acting("mu-sang")).exists()

    task = make_task(plan, world.unit("dao-san"))
    TaskPartner.objects.create(task=task, unit=world.unit("mu-sang"))

    assert list(visible_plans(world.acting("mu-sang"))) == [plan]
    assert list(visible_plans(world.acting("dao-san"))) == [plan]
    assert not visible_plans(world.acting("huoi-luong")).exists()


def test_successor_sees_what_the_ended_units_issued_and_owe(world: World) -> None:
    district = make_plan(world.unit("phong-tho"))
    commune = make_plan(world.unit("mu-sang"))
    task = make_task(district, world.unit("mu-sang"))
    world.people["moi"] = make_person("moi", (world.unit("xa-dao-san"), Role.UNIT_OFFICER))

    assert not visible_plans(world.acting("moi", on=DAY)).exists()
    after = world.acting("moi", on=AFTER)
    assert set(visible_plans(after)) == {district, commune}
    assert list(visible_tasks(after)) == [task]
    # The other new commune took over from Huổi Luông: the same district, not the same commune.
    other = world.acting("xa-moi", on=REFORM)
    assert set(visible_plans(other)) == {district}
    assert set(visible_plans(world.acting("tinh", on=AFTER))) == {district, commune}
    assert not visible_plans(world.acting("nguoi-lang-son", on=AFTER)).exists()


def test_placeholder_is_seen_by_who_sees_a_plan_that_carries_it_out(world: World) -> None:
    placeholder = make_plan(None, state=None, title="Kế hoạch số 2282/KH-UBND")
    plan = make_plan(world.unit("phong-tho"))
    plan.carries_out.add(placeholder)

    assert placeholder in visible_plans(world.acting("mu-sang"))
    assert placeholder not in visible_plans(world.acting("nguoi-lang-son"))


def test_movement_is_seen_with_its_plan_and_a_national_one_by_all(world: World) -> None:
    national = make_movement("Vì người nghèo", owner=world.unit("thu-tuong"))
    local = make_movement("Phong Thổ chung tay vì người nghèo", variant_of=national)
    make_plan(world.unit("phong-tho"), movement=local)

    assert set(visible_movements(world.acting("mu-sang"))) == {national, local}
    assert set(visible_movements(world.acting("nguoi-lang-son"))) == {national}


def test_tasks_of_a_national_plan_stay_in_their_province(world: World) -> None:
    plan = make_plan(world.unit("thu-tuong"))
    ours = make_task(plan, world.unit("mu-sang"))
    theirs = make_task(plan, world.unit("lang-son"))

    assert list(visible_tasks(world.acting("tinh"))) == [ours]
    assert list(visible_tasks(world.acting("nguoi-lang-son"))) == [theirs]
    assert set(visible_tasks(world.acting("thu-tuong"))) == {ours, theirs}
    assert not visible_tasks(world.acting("nguoi-la")).exists()


def test_registration_is_seen_by_its_sender_those_above_and_the_receiver(world: World) -> None:
    plan = make_plan(world.unit("phong-tho"), standing_body=world.unit("phong-ldtbxh"))
    registration = make_registration(plan, world.unit("mu-sang"))

    seeing = {name for name in world.people if registration in visible_registrations(world.acting(name))}

    assert seeing == {"mu-sang", "lanh-dao", "nguoi-xem", "thuong-truc", "tinh", "quan-tri"}


@pytest.mark.parametrize("visible", [visible_plans, visible_movements, visible_tasks, visible_registrations])
def test_number_of_queries_does_not_grow(world: World, visible: object) -> None:
    counts = []
    for rows in (1, 3):
        for _ in range(rows):
            plan = make_plan(world.unit("phong-tho"))
            make_task(plan, world.unit("mu-sang"))
            make_registration(plan, world.unit("mu-sang"))
        acting = world.acting("tinh")
        list(visible(acting))  # type: ignore[operator]
        with CaptureQueriesContext(connection) as queries:
            list(visible(world.acting("tinh")))  # type: ignore[operator]
        counts.append(len(queries))
    assert counts[0] == counts[1]
