"""A movement as a system of plans, and a plan beside the plan above it, as people use them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from thidua.core import clock
from thidua.movements.cascade.tests.phong_tho_system import Cascade, phong_tho_system
from thidua.organisations.tests.world import DAY

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def cascade(live_server: LiveServer) -> Cascade:
    return phong_tho_system()


def open_movement(page: Page, live_server: LiveServer, cascade: Cascade, tab: str = "ke-hoach") -> None:
    page.goto(live_server.url + reverse("cascade:tab", args=[cascade.movement.pk, tab]))


def test_officer_compares_and_explains(
    page: Page, live_server: LiveServer, cascade: Cascade, sign_in: SignIn, axe: Axe, screenshot: Screenshot
) -> None:
    sign_in(page, "thuong-truc")
    page.goto(live_server.url + reverse("cascade:list"))
    axe(page)
    screenshot(page, "phong-trao-danh-sach", full_page=True)
    page.get_by_role("link", name="Phong Thổ chung tay").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Phong Thổ chung tay vì người nghèo")
    axe(page)
    screenshot(page, "phong-trao-he-thong", full_page=True)
    page.get_by_role("link", name="Đối chiếu 12/KH-UBND").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Đối chiếu với kế hoạch cấp trên")
    axe(page)
    screenshot(page, "doi-chieu", full_page=True)
    missing = page.get_by_role("listitem").filter(has_text="bãi ngang").first
    missing.get_by_role("link", name="Giải trình").click()
    axe(page)
    page.get_by_label("Giải trình", exact=True).fill("Huyện không có xã bãi ngang, ven biển, hải đảo.")
    page.get_by_label("Kết luận của người đối chiếu").select_option("Đã có")
    screenshot(page, "doi-chieu-giai-trinh", full_page=True)
    page.get_by_role("button", name="Lưu giải trình").click()

    expect(page.get_by_role("status")).to_contain_text("Đã lưu giải trình")
    expect(page.get_by_text("Người đối chiếu sửa")).to_be_visible()
    page.get_by_label("Kết luận", exact=True).select_option("Thấp hơn")
    page.get_by_role("button", name="Lọc").first.click()
    expect(page.get_by_text("1 mục theo bộ lọc")).to_be_visible()


def test_officer_mends_the_higher_plans(
    page: Page, live_server: LiveServer, cascade: Cascade, sign_in: SignIn, axe: Axe, screenshot: Screenshot
) -> None:
    sign_in(page, "thuong-truc")
    page.goto(live_server.url + reverse("cascade:coverage", args=[cascade.version.pk]))
    page.get_by_role("link", name="Sửa kế hoạch cấp trên").click()
    page.get_by_label("Số, ký hiệu, trích yếu hoặc cơ quan").fill("22 huyen ngheo")
    page.get_by_role("button", name="Tìm", exact=True).click()
    axe(page)
    screenshot(page, "doi-chieu-cap-tren", full_page=True)
    page.get_by_role("button", name="Gắn 880/QĐ-TTg").click()

    expect(page.get_by_text("Đã gắn 880/QĐ-TTg làm kế hoạch cấp trên.")).to_be_visible()


@pytest.mark.parametrize("tab", ["chi-tieu", "nhiem-vu", "moc", "dang-ky", "van-ban"])
def test_tabs(
    page: Page,
    live_server: LiveServer,
    cascade: Cascade,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
    tab: str,
) -> None:
    sign_in(page, "thuong-truc")
    open_movement(page, live_server, cascade, tab)
    axe(page)
    screenshot(page, f"phong-trao-{tab}", full_page=True)


def test_phone(
    phone_page: Page,
    live_server: LiveServer,
    cascade: Cascade,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    sign_in(phone_page, "mu-sang")
    addresses = {
        "list": reverse("cascade:list"),
        "coverage": reverse("cascade:coverage", args=[cascade.version.pk]),
        **{
            tab: reverse("cascade:tab", args=[cascade.movement.pk, tab])
            for tab in ("ke-hoach", "chi-tieu", "nhiem-vu", "moc", "dang-ky", "van-ban")
        },
    }
    for name, address in addresses.items():
        phone_page.goto(live_server.url + address)
        width = phone_page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, name
        axe(phone_page)
        screenshot(phone_page, f"phong-trao-dien-thoai-{name}", full_page=True)
