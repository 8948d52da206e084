"""Việc của tôi, the menu and search, as people use them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from thidua.core import clock
from thidua.movements.models import TaskState
from thidua.notices.telling import tell
from thidua.organisations.tests.world import DAY, World, phong_tho
from thidua.workspace.tests.matters import (
    NOW,
    make_draft,
    make_extension,
    make_plan,
    make_registration,
    make_task,
)

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def world(live_server: LiveServer) -> World:
    """Phong Thổ on 05/11/2023 with a running plan."""
    world = phong_tho()
    plan = make_plan(world, "Phong trào thi đua “Vì người nghèo – Không để ai bị bỏ lại phía sau” năm 2023")
    make_task(
        world,
        plan,
        "Rà soát hộ nghèo, hộ cận nghèo trên địa bàn, báo cáo kết quả về cơ quan thường trực",
        due_on=DAY - timedelta(days=12),
    )
    make_task(
        world,
        plan,
        "Báo cáo kết quả thực hiện phong trào năm 2023",
        state=TaskState.ACCEPTED,
        percent=40,
        due_on=DAY + timedelta(days=4),
    )
    make_task(world, plan, "Xây dựng kế hoạch giúp đỡ hộ nghèo có địa chỉ cụ thể", due_on=None)
    make_task(world, plan, "Tuyên truyền trên hệ thống loa truyền thanh", due_on=DAY + timedelta(days=50))
    make_task(
        world, plan, "Lồng ghép phong trào với Chương trình", unit="dao-san", due_on=DAY - timedelta(days=3)
    )
    make_task(world, plan, "Bình xét, lập danh sách hộ thoát nghèo", unit="phong-noi-vu", due_on=DAY)
    make_task(
        world, plan, "Tổ chức hội nghị sơ kết", unit="mu-sang", state=TaskState.REPORTED, reported_at=NOW
    )
    make_extension(
        make_task(
            world,
            plan,
            "Hỗ trợ sửa nhà cho hộ nghèo",
            unit="mu-sang",
            state=TaskState.ACCEPTED,
            due_on=DAY + timedelta(days=2),
        )
    )
    make_registration(world, plan, unit="dao-san")
    make_draft(plan)
    for text in ("Phòng LĐTBXH nhắc: báo cáo trước ngày 10/11", "Nhiệm vụ mới: Rà soát hộ nghèo"):
        tell(
            kind="nhac",
            text=text,
            address="/viec-cua-toi/",
            now=NOW,
            sender="Phòng LĐTBXH",
            unit_id=world.unit("huoi-luong").pk,
        )
    return world


@pytest.mark.parametrize("username", ["huoi-luong", "thuong-truc", "nguoi-xem"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_inbox_is_accessible_for_each_role(
    page: Page,
    live_server: LiveServer,
    world: World,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
    username: str,
    scheme: str,
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    sign_in(page, username)
    page.goto(f"{live_server.url}/viec-cua-toi/")

    axe(page)
    screenshot(page, f"viec-cua-toi-{username}-{scheme}", full_page=True)


def test_inbox_and_menu_fit_a_phone(
    phone_page: Page, live_server: LiveServer, world: World, sign_in: SignIn, axe: Axe, screenshot: Screenshot
) -> None:
    sign_in(phone_page, "huoi-luong")
    phone_page.goto(f"{live_server.url}/viec-cua-toi/")

    assert phone_page.evaluate("document.documentElement.scrollWidth") == 390
    axe(phone_page)
    screenshot(phone_page, "viec-cua-toi-dien-thoai", full_page=True)

    phone_page.get_by_role("button", name="Các trang").click()
    menu = phone_page.get_by_role("navigation", name="Chính")
    assert menu.get_by_role("link", name="Việc của tôi").get_attribute("aria-current") == "page"
    screenshot(phone_page, "menu-dien-thoai")
    menu.get_by_role("link", name="Đọc kế hoạch").click()
    phone_page.wait_for_url("**/doc-ke-hoach/")


def test_person_menu_opens_without_scripts(
    page_without_scripts: Page, live_server: LiveServer, world: World, sign_in: SignIn, screenshot: Screenshot
) -> None:
    page = page_without_scripts
    sign_in(page, "thuong-truc")
    page.goto(f"{live_server.url}/viec-cua-toi/")

    page.locator(".td-person summary").click()

    assert page.get_by_text("Chuyên viên thường trực").is_visible()
    screenshot(page, "menu-nguoi-dung")


def test_search_by_keyboard_only(
    page: Page, live_server: LiveServer, world: World, sign_in: SignIn, axe: Axe, screenshot: Screenshot
) -> None:
    sign_in(page, "thuong-truc")
    page.goto(f"{live_server.url}/viec-cua-toi/")

    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="Tra cứu nhanh")
    expect(box).to_be_focused()
    expect(page.get_by_role("option", name="Việc của tôi")).to_have_attribute("aria-selected", "true")
    page.keyboard.type("van ban ke hoach")
    option = page.get_by_role("option", name="Đọc một kế hoạch mới")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "nhanh-pages-1")
    axe(page)
    screenshot(page, "tim-nhanh")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()

    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type("van ban ke hoach")
    expect(option).to_have_attribute("aria-selected", "true")
    page.wait_for_load_state("networkidle")  # leaving while an answer is awaited is logged as an error
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")

    page.wait_for_url("**/doc-ke-hoach/")


def test_slash_in_a_field_is_only_a_letter(
    page: Page, live_server: LiveServer, world: World, sign_in: SignIn, screenshot: Screenshot
) -> None:
    sign_in(page, "thuong-truc")
    page.goto(f"{live_server.url}/tim-kiem/")

    page.get_by_label("Tìm phong trào, kế hoạch").fill("")
    page.get_by_label("Tìm phong trào, kế hoạch").type("152/KH")

    expect(page.get_by_label("Tìm phong trào, kế hoạch")).to_have_value("152/KH")
    expect(page.locator("#bang-lenh")).to_be_hidden()

    page.goto(f"{live_server.url}/tim-kiem/?tim=ho+ngheo")
    expect(page.get_by_role("heading", name="Nhiệm vụ")).to_be_visible()
    screenshot(page, "tim-kiem")


def test_search_without_scripts(
    page_without_scripts: Page, live_server: LiveServer, world: World, sign_in: SignIn
) -> None:
    page = page_without_scripts
    sign_in(page, "thuong-truc")
    page.goto(f"{live_server.url}/viec-cua-toi/")

    page.get_by_label("Tra cứu mọi thứ, không cần dấu").fill("doc ke hoach")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tim-kiem/?tim=doc+ke+hoach")
    page.get_by_role("main").get_by_role("link", name="Đọc một kế hoạch mới").click()

    page.wait_for_url("**/doc-ke-hoach/")


def test_search_fits_a_phone(
    phone_page: Page, live_server: LiveServer, world: World, sign_in: SignIn, axe: Axe, screenshot: Screenshot
) -> None:
    sign_in(phone_page, "huoi-luong")
    phone_page.goto(f"{live_server.url}/viec-cua-toi/")

    phone_page.get_by_role("link", name="Tìm kiếm").click()
    phone_page.wait_for_url("**/tim-kiem/")

    assert phone_page.evaluate("document.documentElement.scrollWidth") == 390
    axe(phone_page)
    screenshot(phone_page, "tim-kiem-dien-thoai")
