"""A body writes its own template of a paper: begun from a ready-made one, mended by the line, put to use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from thidua.core import clock
from thidua.documents.models import PaperOffice
from thidua.documents.paper_templates import templates
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
    PaperOffice.objects.create(unit=world.unit("phong-ldtbxh"), abbreviation="PLĐTBXH", place="Phong Thổ")
    return world


def no_sideways_scroll(page: Page) -> bool:
    return bool(page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"))


def test_a_template_is_begun_mended_and_put_to_use(
    page: Page,
    phone_page: Page,
    live_server: LiveServer,
    world: World,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    sign_in(page, "thuong-truc")
    page.goto(f"{live_server.url}/van-ban/mau/")
    axe(page)
    page.locator(".mvb-san").get_by_role("link", name="Báo cáo").click()
    expect(page.get_by_role("img", name="Trang 1 của văn bản in theo mẫu")).to_be_visible()
    axe(page)
    screenshot(page, "mau-van-ban-san-co")

    page.get_by_role("link", name="Lập mẫu riêng từ mẫu này").click()
    axe(page)
    page.get_by_label("Tên mẫu").fill("Báo cáo năm về giảm nghèo")
    page.get_by_role("button", name="Soạn mẫu").click()
    text = page.get_by_role("textbox", name="Nội dung mẫu")
    good = text.input_value()
    assert "# Khó khăn, vướng mắc" in good

    text.fill(
        good.replace("# Khó khăn", "#### Khó khăn").replace("{{ ket_qua|doan }}", "{{ ket_qua|doang }}")
    )
    page.get_by_role("button", name="Lưu và xem trước").click()
    expect(page.get_by_role("alert")).to_contain_text("không có bộ lọc «doang»")
    axe(page)
    screenshot(page, "mau-van-ban-cho-sai")

    text.fill(good.replace("# Khó khăn, vướng mắc", "# Tồn tại, hạn chế"))
    page.get_by_label("Thay đổi gì").fill("Đổi tên mục theo hướng dẫn của tỉnh")
    page.get_by_role("button", name="Lưu và xem trước").click()
    expect(page.get_by_role("img", name="Trang 1 của văn bản in theo mẫu")).to_be_visible()
    axe(page)
    screenshot(page, "mau-van-ban-soan")
    page.get_by_role("button", name="Đưa bản đã lưu vào dùng").click()
    expect(page.get_by_role("status")).to_contain_text("được dùng từ hôm nay")
    axe(page)
    expect(page.get_by_role("heading", name="Các lần")).to_be_visible()
    chosen = templates.chosen_for("bao_cao", unit_id=world.unit("phong-ldtbxh").pk, on=DAY)
    assert "# Tồn tại, hạn chế" in chosen.text

    page.goto(f"{live_server.url}/van-ban/mau/")
    expect(page.get_by_role("link", name="Báo cáo năm về giảm nghèo")).to_be_visible()
    axe(page)
    screenshot(page, "mau-van-ban-danh-sach")

    page.goto(f"{live_server.url}/van-ban/mau/soan/giay_moi/")
    axe(page)
    for label, value in (
        ("Cuộc họp", "Hội nghị sơ kết Phong trào thi đua"),
        ("Kính mời", "Lãnh đạo Ủy ban nhân dân các xã"),
        ("Chủ trì", "Trưởng phòng"),
        ("Giờ", "08 giờ 00"),
        ("Ngày họp", "20/11/2023"),
        ("Địa điểm", "Hội trường Ủy ban nhân dân huyện"),
    ):
        page.get_by_label(label, exact=True).fill(value)
    screenshot(page, "mau-van-ban-dien-gia-tri")
    page.get_by_role("button", name="Lập bản nháp").click()
    expect(page.get_by_role("status")).to_contain_text("Đã lập bản nháp theo mẫu")

    sign_in(phone_page, "thuong-truc")
    for address in ("", "san-co/quyet_dinh/", "soan/quyet_dinh/", "moi/"):
        phone_page.goto(f"{live_server.url}/van-ban/mau/{address}")
        axe(phone_page)
        assert no_sideways_scroll(phone_page)
    phone_page.get_by_label("Tên mẫu").fill("Quyết định")
    phone_page.get_by_role("button", name="Soạn mẫu").click()
    expect(phone_page.get_by_role("heading", level=1)).to_have_text("Soạn mẫu: Quyết định")
    assert no_sideways_scroll(phone_page)
    axe(phone_page)
    screenshot(phone_page, "mau-van-ban-soan-dien-thoai")
