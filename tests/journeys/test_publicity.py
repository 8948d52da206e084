"""A story from its draft to the portal; a visitor reads it, checks a certificate and fetches open data."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from thidua.awards.decisions.tests.makers import decided, with_clerk
from thidua.core import clock
from thidua.organisations.tests.world import DAY, World, phong_tho
from thidua.publicity.tests.makers import make_public_plan

pytestmark = pytest.mark.browser
Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def world(live_server: LiveServer) -> World:
    world = phong_tho()
    make_public_plan(world)
    return world


def test_story_from_draft_to_portal(
    page: Page,
    phone_page: Page,
    live_server: LiveServer,
    world: World,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
    tmp_path: Path,
) -> None:
    shot = io.BytesIO()
    Image.new("RGB", (800, 450), "#2f7d4f").save(shot, "JPEG")
    sign_in(page, "huoi-luong")
    page.goto(f"{live_server.url}/guong-sang/moi/")
    page.get_by_label("Cơ quan duyệt và đăng").select_option(label="huyện Phong Thổ")
    page.get_by_label("Về ai, đơn vị nào").fill("bản mẫu (ví dụ)")
    page.get_by_label("Tiêu đề").fill("Cả bản cùng làm đường")
    page.get_by_label("Tóm tắt").fill("Mỗi nhà góp mười ngày công.")
    page.get_by_label("Nội dung").fill("Trưởng bản chia tổ theo ngõ, ghi công lên bảng để ai cũng xem được.")
    axe(page)
    page.get_by_role("button", name="Lưu").click()
    page.get_by_label("Đồng ý bằng cách nào").fill("Gặp trực tiếp ở nhà văn hóa")
    page.get_by_role("button", name="Ghi đồng ý").click()
    page.get_by_text("Thêm ảnh", exact=True).first.click()
    page.get_by_label("Ảnh (JPEG, PNG, WebP)").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": shot.getvalue()}
    )
    page.get_by_label("Mô tả cho người không nhìn thấy ảnh").fill("Đường mới vào bản")
    page.get_by_role("button", name="Thêm ảnh").click()
    page.get_by_role("button", name="Gửi duyệt").click()
    expect(page.get_by_text("Đã gửi duyệt.")).to_be_visible()
    address = page.url
    axe(page)
    screenshot(page, "guong-sang-bai")

    sign_in(page, "lanh-dao")
    page.goto(address)
    page.get_by_role("button", name="Đăng lên cổng").click()
    expect(page.get_by_text("Đã đăng lên cổng công khai.")).to_be_visible()

    visitor = phone_page
    visitor.goto(f"{live_server.url}/cong/")
    axe(visitor)
    screenshot(visitor, "cong-dien-thoai", full_page=True)
    visitor.get_by_role("link", name="Cả bản cùng làm đường").click()
    expect(visitor.get_by_role("heading", name="Cả bản cùng làm đường")).to_be_visible()
    expect(visitor.get_by_alt_text("Đường mới vào bản")).to_be_visible()
    axe(visitor)
    visitor.get_by_role("navigation", name="Chính").get_by_role("link", name="Dữ liệu mở").click()
    axe(visitor)
    visitor.get_by_role("link", name="Gương sáng, sáng kiến, mô hình", exact=True).click()
    with visitor.expect_download() as fetched:
        visitor.get_by_role("link", name="Tải CSV").click()
    assert "Cả bản cùng làm đường" in fetched.value.path().read_text(encoding="utf-8-sig")
    assert visitor.context.cookies() == []


def test_visitor_checks_a_certificate_and_fetches_the_awards(
    page: Page, phone_page: Page, live_server: LiveServer, axe: Axe, screenshot: Screenshot
) -> None:
    decided(with_clerk())
    for visitor, picture in ((page, "cong-khen-thuong"), (phone_page, "cong-khen-thuong-dien-thoai")):
        visitor.goto(f"{live_server.url}/cong/")
        fits(visitor)
        visitor.get_by_role("navigation", name="Chính").get_by_role("link", name="Khen thưởng").click()
        expect(visitor.get_by_role("region", name="Bảng: khen thưởng")).to_contain_text("Giàng Thị Ví Dụ")
        fits(visitor)
        axe(visitor)
        screenshot(visitor, picture, full_page=True)
        visitor.get_by_label("Tên, đơn vị, số quyết định").fill("giang thi")
        visitor.get_by_role("button", name="Lọc").click()
        expect(visitor.get_by_role("heading", name="Danh sách (1)")).to_be_visible()

        visitor.get_by_role("link", name="Kiểm tra một tấm bằng, giấy khen").click()
        axe(visitor)
        visitor.get_by_label("Số quyết định").fill("01/QĐ-UBND")
        visitor.get_by_label("Tên người, tập thể được khen").fill("giang thi vi du")
        visitor.get_by_role("button", name="Kiểm tra").click()
        expect(visitor.get_by_text("Có thật, còn hiệu lực")).to_be_visible()
        fits(visitor)
        axe(visitor)
        screenshot(visitor, picture.replace("khen-thuong", "kiem-tra-bang"), full_page=True)

    visitor.get_by_role("navigation", name="Chính").get_by_role("link", name="Góp ý").click()
    fits(visitor)
    axe(visitor)
    screenshot(visitor, "cong-gop-y-dien-thoai", full_page=True)
    visitor.get_by_role("navigation", name="Chính").get_by_role("link", name="Dữ liệu mở").click()
    visitor.get_by_role("link", name="Khen thưởng", exact=True).last.click()
    with visitor.expect_download() as fetched:
        visitor.get_by_role("link", name="Tải CSV").click()
    assert "Giàng Thị Ví Dụ" in fetched.value.path().read_text(encoding="utf-8-sig")
    assert visitor.context.cookies() == []


def fits(page: Page) -> None:
    """Nothing sticks out at the side."""
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") == width
