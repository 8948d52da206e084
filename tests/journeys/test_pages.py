"""Pages that belong to no single app, as a person sees them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]


@pytest.mark.parametrize("choice", ["sang", "toi"])
def test_home_is_accessible_in_both_schemes(
    page: Page, live_server: LiveServer, axe: Axe, screenshot: Screenshot, choice: str
) -> None:
    page.context.add_cookies([{"name": "giao_dien", "value": choice, "url": live_server.url}])
    page.goto(live_server.url)

    assert page.title() == "Trang đầu – Thi Đua"
    axe(page)
    screenshot(page, f"trang-dau-{choice}")


def test_home_fits_a_phone(
    phone_page: Page, live_server: LiveServer, axe: Axe, screenshot: Screenshot
) -> None:
    phone_page.goto(live_server.url)

    assert phone_page.evaluate("document.documentElement.scrollWidth") == 390
    axe(phone_page)
    screenshot(phone_page, "trang-dau-dien-thoai", full_page=True)


def test_page_follows_the_machine_until_a_scheme_is_chosen(page: Page, live_server: LiveServer) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="dark")
    page.goto(live_server.url)
    assert page.evaluate(background) == "rgb(23, 22, 20)"

    page.get_by_role("button", name="Sáng").click()

    assert page.evaluate(background) == "rgb(250, 249, 247)"
    assert page.get_by_role("button", name="Sáng").get_attribute("aria-pressed") == "true"


def test_scheme_can_be_chosen_without_scripts(page_without_scripts: Page, live_server: LiveServer) -> None:
    page_without_scripts.goto(live_server.url)

    page_without_scripts.get_by_role("button", name="Tối").click()

    assert page_without_scripts.locator("html").get_attribute("data-bs-theme") == "dark"


def test_keyboard_reaches_the_content_first(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Đến nội dung chính"
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "noi-dung"


def test_unknown_address_says_what_to_do(
    page: Page, live_server: LiveServer, axe: Axe, screenshot: Screenshot
) -> None:
    response = page.goto(f"{live_server.url}/khong-co/")

    assert response is not None
    assert response.status == 404
    assert page.get_by_role("heading", level=1).inner_text() == "Không có trang này"
    axe(page)
    screenshot(page, "khong-co-trang")
    page.wrong.clear()  # type: ignore[attr-defined]  # the browser logs the 404 itself


def test_vietnamese_is_set_in_the_vendored_typeface(page: Page, live_server: LiveServer) -> None:
    page.goto(live_server.url)

    loaded = page.evaluate(
        "document.fonts.ready.then(() => [...document.fonts].filter(f => f.status === 'loaded').length)"
    )
    assert loaded > 0
    assert page.evaluate("document.fonts.check('15px \"Be Vietnam Pro\"', 'Kế hoạch thi đua')") is True


def test_base_page_loads_nothing_from_outside() -> None:
    styles = (settings.BASE_DIR / "thidua" / "workspace" / "static" / "workspace").glob("*.css")

    assert [path.name for path in styles if "//" in path.read_text(encoding="utf-8")] == []
