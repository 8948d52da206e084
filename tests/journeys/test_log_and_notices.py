"""The log and the notices in a browser: wide and narrow, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from thidua.audit.workflow import advance
from thidua.core import clock
from thidua.jobs.worker import run_pending
from thidua.movements.tests.makers import make_task, phong_tho_plan
from thidua.notices.telling import tell
from thidua.organisations.tests.world import DAY, World, phong_tho

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]
NOW = datetime(2023, 11, 4, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def world(live_server: LiveServer) -> World:
    """A task that was accepted, reported and sent back, another that was declined, and what was told."""
    world = phong_tho()
    plan = phong_tho_plan(world)
    task = make_task(plan, world.unit("huoi-luong"), title="Rà soát hộ nghèo, hộ cận nghèo năm 2023")
    other = make_task(plan, world.unit("dao-san"), title="Xây dựng mô hình giảm nghèo ở bản biên giới")
    commune, standing = world.acting("huoi-luong"), world.acting("thuong-truc")
    advance(task, "accept", actor=commune, now=NOW, changes={"accepted_at": NOW})
    task.notes.create(text="Đã rà soát 9/9 bản", unit=task.unit, written_at=NOW)
    advance(task, "report_done", actor=commune, now=NOW, changes={"reported_at": NOW})
    advance(task, "send_back", actor=standing, now=NOW, reason="Chưa kèm danh sách hộ thoát nghèo")
    advance(other, "decline", actor=world.acting("dao-san"), now=NOW, reason="Xã không có bản biên giới")
    for text in (
        "Trả lại để làm tiếp: Rà soát hộ nghèo, hộ cận nghèo năm 2023",
        "Nhiệm vụ mới: Báo cáo kết quả thực hiện phong trào năm 2023, hạn 09/11/2023",
    ):
        tell(
            kind="task",
            text=text,
            address="/viec-cua-toi/",
            now=NOW,
            sender="Phòng Lao động - Thương binh và Xã hội huyện Phong Thổ",
            unit_id=world.unit("huoi-luong").pk,
        )
    return world


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_leader_reads_the_log_and_has_the_chain_verified(
    width: str,
    request: pytest.FixtureRequest,
    live_server: LiveServer,
    world: World,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    page: Page = request.getfixturevalue("page" if width == "desktop" else "phone_page")
    sign_in(page, "lanh-dao")
    page.goto(f"{live_server.url}/nhat-ky/")
    page.get_by_role("button", name="Kiểm tra ngay").click()
    expect(page.get_by_text("Đang kiểm tra")).to_be_visible()
    run_pending()
    expect(page.get_by_text("Chuỗi nhật ký nguyên vẹn")).to_be_visible()

    axe(page)
    no_sideways_scroll(page)
    screenshot(page, f"nhat-ky-{width}", full_page=True)

    page.get_by_role("link", name="Trả lại để làm tiếp").click()
    expect(page.get_by_text("Chưa kèm danh sách hộ thoát nghèo")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)
    screenshot(page, f"nhat-ky-mot-dong-{width}", full_page=True)

    page.get_by_role("link", name="Rà soát hộ nghèo").click()
    expect(page.get_by_text("3 dòng", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_commune_opens_a_notice(
    width: str,
    request: pytest.FixtureRequest,
    live_server: LiveServer,
    world: World,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    page: Page = request.getfixturevalue("page" if width == "desktop" else "phone_page")
    sign_in(page, "huoi-luong")
    page.goto(f"{live_server.url}/thong-bao/")
    expect(page.get_by_text("2 thông báo chưa đọc")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)
    screenshot(page, f"thong-bao-{width}", full_page=True)

    page.get_by_role("link", name="Nhiệm vụ mới").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc của tôi")
    page.goto(f"{live_server.url}/thong-bao/")
    page.get_by_role("button", name="Đánh dấu đã đọc hết").click()
    expect(page.get_by_text("Bạn đã đọc hết thông báo")).to_be_visible()


def no_sideways_scroll(page: Page) -> None:
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
