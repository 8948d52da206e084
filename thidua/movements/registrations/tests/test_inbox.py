"""What of registrations waits for whom."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from thidua.movements.models import Plan, RegistrationCall, RegistrationSummary, SummaryState
from thidua.movements.registrations.inbox import Waiting, waiting_for
from thidua.movements.tests.makers import make_registration, make_task, phong_tho_plan
from thidua.organisations.tests.world import DAY, World, phong_tho


@pytest.fixture
def world(db: None) -> World:
    return phong_tho()


@pytest.fixture
def plan(world: World) -> Plan:
    plan = phong_tho_plan(world)
    plan.versions.update(first_year=2022, last_year=2025)
    for key in ("huoi-luong", "dao-san"):
        make_task(plan, world.unit(key), world.unit("phong-tho"))
    RegistrationCall.objects.create(plan=plan, year=2023, due_on=date(2023, 11, 20))
    return plan


def waiting(world: World, username: str) -> list[Waiting]:
    return waiting_for(world.acting(username), on=DAY)


def shown(world: World, username: str) -> list[tuple[str, str, str]]:
    return [(one.title, one.act, one.sort) for one in waiting(world, username)]


def test_plan_asks_for_a_registration_until_there_is_one(world: World, plan: Plan) -> None:
    (one,) = waiting(world, "huoi-luong")
    assert (one.title, one.due_on) == ("Đăng ký năm 2023", date(2023, 11, 20))
    assert one.address == f"/dang-ky/{plan.pk}/2023/"

    make_registration(plan, world.unit("huoi-luong"))

    assert shown(world, "huoi-luong") == [("1 đăng ký năm 2023 chưa gửi", "Gửi", "mine")]


def test_returned_and_pending_wait_for_each_side(world: World, plan: Plan) -> None:
    make_registration(plan, world.unit("huoi-luong"), state="tra_lai")
    make_registration(plan, world.unit("dao-san"), state="cho_duyet")

    assert shown(world, "huoi-luong") == [("1 đăng ký năm 2023 bị trả lại", "Sửa và gửi lại", "mine")]
    assert shown(world, "dao-san") == []
    assert shown(world, "thuong-truc") == [("1 đăng ký năm 2023 chờ duyệt", "Duyệt", "decide")]


def test_summary_waits_for_the_receiver(world: World, plan: Plan) -> None:
    unit = world.unit("huoi-luong")
    make_registration(plan, unit, state="da_duyet")
    summary = RegistrationSummary.objects.create(plan=plan, year=2023, unit=unit, state=SummaryState.SENT)

    (one,) = waiting(world, "thuong-truc")
    assert (one.title, one.address) == (
        "Tổng hợp đăng ký năm 2023 của xã Huổi Luông",
        f"/dang-ky/tong-hop/{summary.pk}/",
    )
    assert shown(world, "huoi-luong") == []


@pytest.mark.parametrize("username", ["nguoi-xem", "nguoi-la", "quan-tri"])
def test_nothing_waits_for_who_may_do_nothing(world: World, plan: Plan, username: str) -> None:
    make_registration(plan, world.unit("dao-san"), state="cho_duyet")

    assert waiting(world, username) == []


def test_query_count_does_not_grow(world: World, plan: Plan) -> None:
    def queries() -> int:
        acting = world.acting("thuong-truc")
        acting.unit_ids()
        with CaptureQueriesContext(connection) as captured:
            waiting_for(acting, on=DAY)
        return len(captured)

    make_registration(plan, world.unit("phong-ldtbxh"))
    make_registration(plan, world.unit("dao-san"), state="cho_duyet")
    with_one = queries()
    for year in (2022, 2024, 2025):
        make_registration(plan, world.unit("phong-ldtbxh"), year=year)
        make_registration(plan, world.unit("dao-san"), state="cho_duyet", year=year)

    assert queries() == with_one
