"""From a choice to a letter: what a person chose, the reminder in the program and at the mail server, and the
administrator who looks after it. Wide and narrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from tests.mail_server import MailServer, mail_server, send_to
from thidua.core import clock
from thidua.jobs import life
from thidua.jobs.queue import enqueue
from thidua.jobs.tests import kinds as kinds
from thidua.jobs.worker import run_pending
from thidua.movements.tests.makers import make_task, phong_tho_plan
from thidua.notices import background as background
from thidua.notices.models import Delivery
from thidua.organisations.tests.world import DAY, World, phong_tho

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def world(live_server: LiveServer) -> World:
    world = phong_tho()
    plan = phong_tho_plan(world)
    for days, title in ((7, "Rà soát hộ nghèo, hộ cận nghèo năm 2023"), (-1, "Báo cáo kết quả vận động Quỹ")):
        make_task(plan, world.unit("huoi-luong"), title=title, due_on=DAY + timedelta(days=days))
    return world


@pytest.fixture
def server(settings: Any, live_server: LiveServer) -> Iterator[MailServer]:
    with mail_server() as found:
        send_to(found, settings)
        settings.PUBLIC_URL = live_server.url
        yield found


def run_the_workers_jobs() -> None:
    life.beat("w", now=timezone.now())
    for kind in ("notices.remind", "notices.send"):
        enqueue(kind, args={})
    run_pending()


def test_reminder_reaches_the_person_as_they_chose(
    live_server: LiveServer,
    world: World,
    server: MailServer,
    page: Page,
    phone_page: Page,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    # The officer of the commune wants reminders at once, also on a Sunday.
    sign_in(phone_page, "huoi-luong")
    phone_page.goto(f"{live_server.url}/thong-bao/")
    phone_page.get_by_role("link", name="Chọn cách nhận").click()
    expect(phone_page.get_by_text("huoi-luong@example.vn")).to_be_visible()
    axe(phone_page)
    screenshot(phone_page, "thong-bao-lua-chon-phone", full_page=True)
    phone_page.get_by_label("Lời nhắc thời hạn", exact=True).select_option("Gửi ngay")
    phone_page.get_by_label("Không gửi thư từ").select_option("0 giờ")
    phone_page.get_by_label("đến", exact=True).select_option("0 giờ")
    phone_page.get_by_label("Gửi thư cả thứ Bảy, Chủ nhật, ngày lễ").check()
    phone_page.get_by_role("button", name="Lưu lựa chọn").click()
    expect(phone_page.get_by_text("Đã lưu lựa chọn")).to_be_visible()

    run_the_workers_jobs()

    # In the program …
    phone_page.goto(f"{live_server.url}/thong-bao/")
    expect(phone_page.get_by_text("Rà soát hộ nghèo, hộ cận nghèo năm 2023 (còn 7 ngày")).to_be_visible()
    expect(phone_page.get_by_text("Báo cáo kết quả vận động Quỹ (quá hạn 1 ngày")).to_be_visible()
    # … and one letter with both, whose link leads to the page where one chooses.
    (letter,) = server.letters
    assert letter["Subject"].strip() == "[Thi Đua] 2 việc cần biết, 1 việc quá hạn"
    phone_page.goto(letter["List-Unsubscribe"].strip("<>"))
    expect(phone_page.get_by_role("heading", name="Chọn cách nhận thông báo")).to_be_visible()

    # The administrator sees what was sent, what failed in the background, and runs it again.
    enqueue("tests.refuse", args={})
    run_pending()
    sign_in(page, "quan-tri")
    page.goto(f"{live_server.url}/thong-bao/da-gui/")
    expect(page.get_by_text("Đã gửi").first).to_be_visible()
    axe(page)
    screenshot(page, "thong-bao-da-gui", full_page=True)
    page.goto(f"{live_server.url}/suc-khoe/")
    expect(page.get_by_text("Hoạt động bình thường")).to_be_visible()
    axe(page)
    screenshot(page, "suc-khoe", full_page=True)
    page.get_by_role("link", name="Việc chạy nền").last.click()
    expect(page.get_by_text("Tệp trống.")).to_be_visible()
    axe(page)
    screenshot(page, "viec-chay-nen", full_page=True)
    page.goto(f"{live_server.url}/thong-bao/lua-chon/")
    axe(page)
    screenshot(page, "thong-bao-lua-chon", full_page=True)
    page.set_viewport_size({"width": 390, "height": 800})
    for path, name in (
        ("/thong-bao/da-gui/", "thong-bao-da-gui-phone"),
        ("/suc-khoe/", "suc-khoe-phone"),
        ("/viec-chay-nen/", "viec-chay-nen-phone"),
    ):
        page.goto(f"{live_server.url}{path}")
        screenshot(page, name, full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_label("Chọn:").check()
    page.get_by_role("button", name="Chạy lại việc đã chọn").click()
    expect(page.get_by_text("Đã xếp 1 việc vào hàng đợi để chạy lại.")).to_be_visible()
    assert Delivery.objects.filter(channel="thu", state="da_gui").count() == 2
