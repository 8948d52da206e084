"""The timeline and the calendar address in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from thidua.core import clock
from thidua.movements.models import ItemKind, Milestone, Plan, RegistrationCall, TaskState
from thidua.movements.tests.makers import make_item, make_task, phong_tho_plan
from thidua.organisations.tests.world import DAY, World, phong_tho

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def world(live_server: LiveServer) -> World:
    return phong_tho()


@pytest.fixture
def plan(world: World) -> Plan:
    plan = phong_tho_plan(world, number="152/KH-UBND", title="Triển khai phong trào thi đua “Vì người nghèo”")
    version = plan.versions.get()
    for number, (title, first, last) in enumerate(
        (
            ("Phát động, triển khai", date(2022, 1, 1), date(2025, 12, 31)),
            ("Sơ kết giữa kỳ", date(2023, 1, 1), date(2023, 12, 31)),
            ("Ngày vì người nghèo", date(2023, 10, 17), date(2023, 10, 17)),
            ("Báo cáo UBND tỉnh", date(2023, 11, 19), date(2023, 11, 19)),
        )
    ):
        item = make_item(version, ItemKind.MILESTONE, f"M{number}", {"text": title})
        Milestone.objects.create(
            plan=plan, item=item, kind="so_ket", title=title, first_day=first, last_day=last
        )
    for key in ("huoi-luong", "dao-san", "mu-sang"):
        make_task(
            plan,
            world.unit(key),
            title="Báo cáo kết quả thực hiện phong trào năm 2023",
            due_on=date(2023, 11, 9),
        )
    make_task(
        plan, world.unit("huoi-luong"), title="Rà soát hộ nghèo, hộ cận nghèo", due_on=date(2023, 10, 30)
    )
    make_task(
        plan,
        world.unit("phong-noi-vu"),
        title="Hướng dẫn bình xét khen thưởng",
        due_on=date(2023, 6, 30),
        state=TaskState.DONE,
    )
    RegistrationCall.objects.create(plan=plan, year=2023, due_on=date(2023, 3, 15))
    return plan


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_timeline_shows_the_year(
    width: str,
    request: pytest.FixtureRequest,
    live_server: LiveServer,
    world: World,
    plan: Plan,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    page: Page = request.getfixturevalue("page" if width == "desktop" else "phone_page")
    sign_in(page, "thuong-truc")
    page.goto(f"{live_server.url}/lich/")

    expect(page.get_by_role("heading", level=1)).to_have_text("Lịch năm 2023")
    expect(page.get_by_text("1 nhiệm vụ quá hạn")).to_be_visible()
    viewport = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") == viewport
    axe(page)
    screenshot(page, "lich" if width == "desktop" else "lich-dien-thoai", full_page=True)


def test_timeline_is_filtered_by_keyboard_and_walks_through_years(
    page: Page, live_server: LiveServer, world: World, plan: Plan, sign_in: SignIn
) -> None:
    sign_in(page, "thuong-truc")
    page.goto(f"{live_server.url}/lich/")
    page.get_by_label("Loại").select_option(label="Mốc")
    page.get_by_role("button", name="Lọc").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("4 mốc và hạn")).to_be_visible()

    page.get_by_role("link", name="2024 →").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Lịch năm 2024")
    expect(page.get_by_text("1 mốc và hạn")).to_be_visible()


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_person_makes_and_revokes_a_calendar_address(
    width: str,
    request: pytest.FixtureRequest,
    live_server: LiveServer,
    world: World,
    plan: Plan,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    page: Page = request.getfixturevalue("page" if width == "desktop" else "phone_page")
    sign_in(page, "huoi-luong")
    page.goto(f"{live_server.url}/lich/")
    page.get_by_role("link", name="Xem trong lịch của điện thoại").click()
    page.get_by_role("button", name="Tạo địa chỉ lịch").click()
    address = page.get_by_label("Địa chỉ lịch").input_value()
    viewport = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") == viewport
    axe(page)
    screenshot(page, f"lich-theo-doi-{width}", full_page=True)

    fetched = page.request.get(address)
    assert fetched.status == 200
    assert "Rà soát hộ nghèo" in fetched.text()

    page.get_by_role("button", name="Thu hồi").click()
    expect(page.get_by_role("status")).to_contain_text("Đã thu hồi")
    assert page.request.get(address).status == 404
