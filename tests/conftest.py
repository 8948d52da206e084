"""Fixtures of browser tests: pages at two widths, the accessibility check, and pictures.

Hides how the browser is found and started. A page that logs an error, or that asks for anything outside the
test server, fails its test.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser import ARGUMENTS, DESKTOP, PHONE, accessibility_violations, find_browser
from thidua.accounts.models import User

ROOT = Path(__file__).resolve().parent.parent
#: Where pictures go: out of the way, or into the documentation when they are made anew.
PICTURES = (
    ROOT / "docs" / "how-to" / "pictures"
    if os.environ.get("THIDUA_TEST_PICTURES")
    else ROOT / "var" / "pictures"
)

# Playwright keeps an event loop in the test's thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

#: Milliseconds until a page is given up. How fast pages are is measured by `bench/`, not here: beside the
#: other tests a page may come late.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)

Screenshot = Callable[..., Path]


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    path = find_browser()
    if path is None:
        pytest.fail("Không tìm thấy Chromium. Chạy ./test, hoặc đặt THIDUA_TEST_BROWSER=/đường/dẫn/chromium.")
    browser = playwright_driver.chromium.launch(executable_path=path, args=ARGUMENTS)
    yield browser
    browser.close()


@contextmanager
def watched_page(
    browser: Browser, *, width_height: dict[str, int], own_address: str, **options: object
) -> Iterator[Page]:
    """A page of its own context; on leaving, what went wrong in it fails the test."""
    context = browser.new_context(
        viewport=width_height,  # type: ignore[arg-type]  # a TypedDict of the same two keys
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        reduced_motion="reduce",
        **options,  # type: ignore[arg-type]
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((own_address, "data:", "blob:"))
            else wrong.append(f"asked for {request.url}")
        ),
    )
    # A test that provokes an error page says so by emptying this list.
    page.wrong = wrong  # type: ignore[attr-defined]
    yield page
    context.close()
    assert wrong == []


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page on a desktop screen, 1280 × 800."""
    with watched_page(browser, width_height=DESKTOP, own_address=live_server.url) as page:
        yield page


@pytest.fixture
def phone_page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page on a phone, 390 × 844."""
    with watched_page(
        browser, width_height=PHONE, own_address=live_server.url, has_touch=True, is_mobile=True
    ) as page:
        yield page


@pytest.fixture
def page_without_scripts(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page in a browser that runs no JavaScript."""
    with watched_page(
        browser, width_height=DESKTOP, own_address=live_server.url, java_script_enabled=False
    ) as page:
        yield page


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Fails when axe-core finds anything on a page: `axe(page)`."""

    def check(page: Page) -> None:
        violations = accessibility_violations(page)
        assert not violations, f"{page.url}:\n" + "\n".join(violations)

    return check


@pytest.fixture
def screenshot() -> Screenshot:
    """Takes a picture: `screenshot(page, "doc-ke-hoach")` writes doc-ke-hoach.png.

    Pictures go to var/pictures; with THIDUA_TEST_PICTURES=1 into docs/how-to/pictures.
    """

    def take(page: Page, name: str, *, full_page: bool = False) -> Path:
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{name}.png"
        page.evaluate("() => document.fonts.ready.then(() => null)")
        page.screenshot(path=path, full_page=full_page, animations="disabled", caret="hide")
        return path

    return take


SignIn = Callable[[Page, str], None]


@pytest.fixture
def sign_in(live_server: LiveServer) -> SignIn:
    """Signs a person in without the form: `sign_in(page, "thuong-truc")`. The next page knows them."""

    def go(page: Page, username: str) -> None:
        client = Client()
        client.force_login(User.objects.get(username=username))
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    return go
