"""The lawbook in a browser: the list on a day, one entry, what changed between eras."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from thidua.core import clock

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]
WIDTHS = pytest.mark.parametrize("width", ["desktop", "phone"])


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(date(2025, 12, 20)):
        yield


def looked_at(page: Page, axe: Axe) -> None:
    """Nothing sticks out, nothing bars anybody."""
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    axe(page)


@WIDTHS
def test_lawbook_is_read_without_signing_in(
    width: str, request: pytest.FixtureRequest, live_server: LiveServer, axe: Axe, screenshot: Screenshot
) -> None:
    page: Page = request.getfixturevalue("page" if width == "desktop" else "phone_page")
    page.goto(f"{live_server.url}/so-luat/?nhom=tien-thuong")

    expect(page.get_by_role("heading", level=1)).to_have_text("Sổ luật")
    expect(page.get_by_text("Thời kỳ E3")).to_be_visible()
    expect(page.get_by_role("link", name="Mức lương cơ sở")).to_be_visible()
    looked_at(page, axe)
    screenshot(page, f"so-luat-{width}", full_page=True)


@WIDTHS
def test_entry_tells_its_history(
    width: str, request: pytest.FixtureRequest, live_server: LiveServer, axe: Axe, screenshot: Screenshot
) -> None:
    page: Page = request.getfixturevalue("page" if width == "desktop" else "phone_page")
    page.goto(f"{live_server.url}/so-luat/award.authority.chu-tich-ubnd-xa/")

    expect(page.get_by_text("Mới: Tập thể lao động tiên tiến; Chiến sĩ thi đua cơ sở")).to_be_visible()
    looked_at(page, axe)
    screenshot(page, f"so-luat-muc-{width}", full_page=True)


@WIDTHS
def test_changes_between_eras_stand_side_by_side(
    width: str, request: pytest.FixtureRequest, live_server: LiveServer, axe: Axe, screenshot: Screenshot
) -> None:
    page: Page = request.getfixturevalue("page" if width == "desktop" else "phone_page")
    page.goto(f"{live_server.url}/so-luat/thay-doi/")

    expect(page.get_by_role("link", name="E2 → E3 (01/07/2025)")).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("link", name="Chủ tịch Ủy ban nhân dân huyện quyết định")).to_be_visible()
    looked_at(page, axe)
    screenshot(page, f"so-luat-thay-doi-{width}", full_page=True)


@WIDTHS
def test_worked_cases_show_both_answers(
    width: str, request: pytest.FixtureRequest, live_server: LiveServer, axe: Axe, screenshot: Screenshot
) -> None:
    page: Page = request.getfixturevalue("page" if width == "desktop" else "phone_page")
    page.goto(f"{live_server.url}/so-luat/vi-du/")

    expect(page.get_by_text("Chương trình tính đúng tất cả")).to_be_visible()
    looked_at(page, axe)
    screenshot(page, f"so-luat-vi-du-{width}", full_page=True)


def test_slider_and_filters_keep_each_other(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/so-luat/?nhom=tien-thuong")
    page.get_by_label("Xem vào ngày").fill("2023-12-31")
    page.get_by_role("button", name="Xem", exact=True).click()

    expect(page.get_by_text("Thời kỳ E1")).to_be_visible()
    expect(page.get_by_label("Nhóm")).to_have_value("tien-thuong")
    page.get_by_label("Nội dung, giá trị, căn cứ").fill("luong co so")
    page.get_by_role("button", name="Lọc", exact=True).click()
    expect(page.get_by_text("1.800.000 đồng/tháng")).to_be_visible()
    expect(page.get_by_label("Xem vào ngày")).to_have_value("2023-12-31")
    slider = page.get_by_label("Kéo đến ngày luật thay đổi")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Thời kỳ E2")).to_be_visible()
