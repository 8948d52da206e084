"""Units in the browser: the tree before and after 1/7/2025, a unit's life, the slider, phone, no scripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from thidua.organisations import tree
from thidua.organisations.models import Role, Unit
from thidua.organisations.tests.world import make_person

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]
SignIn = Callable[[Page, str], None]


@pytest.fixture(autouse=True)
def _units(live_server: LiveServer) -> None:
    call_command("load_units", verbosity=0)
    for day in (date(2025, 6, 30), date(2025, 7, 1)):
        tree.snapshot_on(day)
    make_person("can-bo", (Unit.objects.get(key="before-109"), Role.UNIT_OFFICER))


def overflow(page: Page) -> int:
    found: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found


def test_tree_before_and_after_the_reform(
    page: Page, live_server: LiveServer, sign_in: SignIn, axe: Axe, screenshot: Screenshot
) -> None:
    sign_in(page, "can-bo")
    page.goto(f"{live_server.url}/don-vi/?ngay=2025-06-30&mo=before-109")
    expect(page.get_by_role("link", name="xã Huổi Luông")).to_be_visible()
    axe(page)
    screenshot(page, "don-vi-cay")

    slider = page.get_by_role("slider")
    slider.focus()
    slider.press("ArrowRight")
    page.wait_for_url("**ngay=2025-07-01**")
    expect(page.get_by_role("link", name="huyện Phong Thổ", exact=True)).to_have_count(0)

    page.goto(f"{live_server.url}/don-vi/?ngay=2025-07-01")
    page.get_by_role("link", name="Mở tỉnh Lai Châu").click()
    expect(page.get_by_role("link", name="xã Sì Lở Lầu", exact=True)).to_be_visible()
    page.get_by_role("link", name="Mở tỉnh Lai Châu").click()
    expect(page.get_by_role("link", name="xã Sì Lở Lầu", exact=True)).to_be_hidden()


def test_a_units_life(
    page: Page, live_server: LiveServer, sign_in: SignIn, axe: Axe, screenshot: Screenshot
) -> None:
    sign_in(page, "can-bo")
    page.goto(f"{live_server.url}/don-vi/before-109/?ngay=2025-06-30")
    expect(page.get_by_role("heading", level=1)).to_have_text("Huyện Phong Thổ")
    axe(page)
    screenshot(page, "don-vi-qua-trinh", full_page=True)

    page.goto(f"{live_server.url}/don-vi/before-03490/?ngay=2025-07-01")
    expect(page.get_by_text("Vào ngày này đơn vị không tồn tại.")).to_be_visible()
    screenshot(page, "don-vi-ke-thua")


def test_units_on_a_phone(
    phone_page: Page, live_server: LiveServer, sign_in: SignIn, screenshot: Screenshot
) -> None:
    sign_in(phone_page, "can-bo")
    addresses = {
        "don-vi-cay-dien-thoai": "?ngay=2025-06-30&mo=before-109",
        "don-vi-qua-trinh-dien-thoai": "stnmt-qb-van-phong/?ngay=2024-01-01",
        "don-vi-danh-sach-dien-thoai": "danh-sach/?tim=phong+tho&ngay=2025-06-30",
    }
    for name, address in addresses.items():
        phone_page.goto(f"{live_server.url}/don-vi/{address}")
        assert overflow(phone_page) <= 0, address
        screenshot(phone_page, name)


def test_tree_without_scripts(page_without_scripts: Page, live_server: LiveServer, sign_in: SignIn) -> None:
    page = page_without_scripts
    sign_in(page, "can-bo")
    page.goto(f"{live_server.url}/don-vi/")
    page.get_by_label("Vào ngày").fill("2025-07-01")
    page.get_by_role("button", name="Xem", exact=True).click()
    page.get_by_role("link", name="Mở tỉnh Lai Châu").click()
    expect(page.get_by_role("link", name="xã Sì Lở Lầu", exact=True)).to_be_visible()
    expect(page.get_by_role("slider")).to_have_count(0)
