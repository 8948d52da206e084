"""Signing in and lending one's work, as a person does it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from thidua.accounts import letters
from thidua.accounts.models import User
from thidua.core import clock
from thidua.organisations.models import Mandate, Role
from thidua.organisations.tests.world import DAY, World, phong_tho

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]
PASSWORD = "mat-khau-thu"  # of everybody in the small world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def world() -> World:
    return phong_tho()


def sign_in(page: Page, live_server: LiveServer, username: str, password: str = PASSWORD) -> None:
    page.goto(f"{live_server.url}/tai-khoan/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()


DEMONSTRATION = (
    ("thuong-truc", "Chuyên viên thường trực, Phòng Lao động - Thương binh và Xã hội huyện Phong Thổ"),
    ("lanh-dao", "Lãnh đạo, huyện Phong Thổ"),
    ("noi-vu", "Cán bộ đơn vị, Phòng Nội vụ huyện Phong Thổ"),
    ("huoi-luong", "Cán bộ đơn vị, xã Huổi Luông"),
    ("nguoi-xem", "Người xem, huyện Phong Thổ"),
)


def totp(secret: str) -> str:
    """RFC 6238: six digits, SHA-1, 30 seconds."""
    moment = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), moment, hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def test_page_that_asks_for_sign_in_is_reached_after_it_by_keyboard(
    page: Page, live_server: LiveServer, world: World, axe: Axe, screenshot: Screenshot
) -> None:
    page.goto(f"{live_server.url}/tai-khoan/ho-so/")
    axe(page)
    screenshot(page, "dang-nhap")
    page.get_by_label("Tên đăng nhập").focus()
    page.keyboard.type("noi-vu")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Hồ sơ của tôi")
    axe(page)
    screenshot(page, "ho-so-cua-toi")
    page.locator("main").get_by_role("button", name="Đăng xuất").click()
    page.goto(f"{live_server.url}/tai-khoan/ho-so/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")


def test_wrong_password_says_so_and_the_sixth_is_locked_out(
    page: Page, live_server: LiveServer, world: World, axe: Axe, screenshot: Screenshot
) -> None:
    sign_in(page, live_server, "noi-vu", "sai")
    expect(page.get_by_role("alert")).to_contain_text("tên đăng nhập hoặc mật khẩu không đúng")
    axe(page)
    for _ in range(4):
        sign_in(page, live_server, "noi-vu", "sai")

    sign_in(page, live_server, "noi-vu")

    expect(page.get_by_role("alert")).to_contain_text("tạm khóa 15 phút")
    screenshot(page, "dang-nhap-khoa")


@pytest.mark.parametrize("choice", ["sang", "toi"])
def test_demonstration_signs_in_with_one_click(
    page: Page,
    live_server: LiveServer,
    world: World,
    settings: Any,
    axe: Axe,
    screenshot: Screenshot,
    choice: str,
) -> None:
    settings.DEMO = True
    for order, (username, position) in enumerate(DEMONSTRATION):
        User.objects.filter(username=username).update(
            is_demo=True, demo_group="Huyện Phong Thổ", demo_order=order, position=position
        )
    page.context.add_cookies([{"name": "giao_dien", "value": choice, "url": live_server.url}])
    page.goto(f"{live_server.url}/tai-khoan/dang-nhap/")
    axe(page)
    screenshot(page, f"dang-nhap-trinh-dien-{choice}", full_page=True)

    page.get_by_role("button", name="Lãnh đạo, huyện Phong Thổ").click()

    expect(page.get_by_text("Lanh Dao").first).to_be_visible()


def test_second_factor_is_turned_on_and_used(
    page: Page, live_server: LiveServer, world: World, axe: Axe, screenshot: Screenshot
) -> None:
    sign_in(page, live_server, "noi-vu")
    page.goto(f"{live_server.url}/tai-khoan/xac-thuc-hai-lop/")
    page.get_by_role("link", name="Bật xác thực hai lớp").click()
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Tiếp tục").click()
    axe(page)
    screenshot(page, "xac-thuc-hai-lop")
    picture = page.get_by_role("img", name="Mã QR")
    assert picture.evaluate("image => image.naturalWidth") > 0
    secret = page.locator("code").inner_text()
    page.get_by_label("Mã trên ứng dụng").fill(totp(secret))
    page.get_by_role("button", name="Bật", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mã dự phòng")
    codes = page.locator("code").all_inner_texts()
    axe(page)
    page.context.clear_cookies()

    sign_in(page, live_server, "noi-vu")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nhập mã xác thực")
    axe(page)
    page.get_by_label("Mã xác thực").fill("000000")
    page.get_by_role("button", name="Xác nhận").click()
    expect(page.get_by_text("Mã không đúng hoặc đã hết hạn.")).to_be_visible()
    page.get_by_label("Mã xác thực").fill(codes[0])
    page.get_by_role("button", name="Xác nhận").click()

    page.goto(f"{live_server.url}/tai-khoan/ho-so/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hồ sơ của tôi")
    assert len(codes) == 10


def test_forgotten_password_comes_by_letter(
    page_without_scripts: Page, live_server: LiveServer, world: World, axe: Axe
) -> None:
    page = page_without_scripts
    page.goto(f"{live_server.url}/tai-khoan/dang-nhap/")
    page.get_by_role("link", name="Quên mật khẩu").click()
    page.get_by_label("Địa chỉ thư điện tử").fill("noi-vu@example.vn")
    page.get_by_role("button", name="Gửi đường dẫn").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hãy xem hộp thư")
    letters.wait_until_posted()
    found = re.search(r"http://\S+", str(mail.outbox[-1].body))
    assert found is not None

    page.goto(found[0])
    page.get_by_label("Mật khẩu mới", exact=True).fill("ngan")
    page.get_by_label("Nhập lại mật khẩu mới").fill("ngan")
    page.get_by_role("button", name="Đặt mật khẩu").click()
    expect(page.get_by_text("Mật khẩu này quá ngắn. Cần ít nhất 10 ký tự.")).to_be_visible()
    page.get_by_label("Mật khẩu mới", exact=True).fill("cau-khac-cung-de-nho")
    page.get_by_label("Nhập lại mật khẩu mới").fill("cau-khac-cung-de-nho")
    page.get_by_role("button", name="Đặt mật khẩu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã đặt mật khẩu mới")

    sign_in(page, live_server, "noi-vu", "cau-khac-cung-de-nho")
    page.goto(f"{live_server.url}/tai-khoan/ho-so/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hồ sơ của tôi")


def test_administrator_adds_a_person_who_chooses_an_own_password(
    page: Page, live_server: LiveServer, world: World, axe: Axe, screenshot: Screenshot
) -> None:
    sign_in(page, live_server, "quan-tri")
    page.goto(f"{live_server.url}/don-vi/nguoi-dung/")
    axe(page)
    screenshot(page, "nguoi-dung")
    page.get_by_role("link", name="Thêm người").click()
    axe(page)
    page.get_by_label("Họ và tên").fill("Sùng A Páo")
    page.get_by_label("Tên đăng nhập").fill("sung-a-pao")
    page.get_by_label("Đơn vị").fill("xa mu sang")
    page.get_by_role("button", name="Tạo tài khoản").click()
    axe(page)
    password = page.locator("main code").nth(1).inner_text()
    page.get_by_role("link", name="Đến trang của người này").click()
    axe(page)
    screenshot(page, "nguoi-dung-mot-nguoi", full_page=True)
    page.context.clear_cookies()

    sign_in(page, live_server, "sung-a-pao", password)
    expect(page.get_by_role("heading", level=1)).to_have_text("Đổi mật khẩu")
    axe(page)
    page.get_by_label("Mật khẩu hiện tại").fill(password)
    page.get_by_label("Mật khẩu mới", exact=True).fill("cau-rieng-cua-toi")
    page.get_by_label("Nhập lại mật khẩu mới").fill("cau-rieng-cua-toi")
    page.get_by_role("button", name="Đổi mật khẩu").click()

    expect(page.get_by_text("Đã đổi mật khẩu.")).to_be_visible()


def test_work_is_lent_and_taken_back_on_a_phone(
    phone_page: Page, live_server: LiveServer, world: World, axe: Axe, screenshot: Screenshot
) -> None:
    page = phone_page
    sign_in(page, live_server, "noi-vu")
    page.goto(f"{live_server.url}/tai-khoan/ho-so/")
    page.get_by_role("link", name="Ủy quyền khi vắng mặt").click()
    axe(page)
    page.get_by_label("Người được ủy quyền").select_option(label="Lanh Dao – lanh-dao")
    page.get_by_label("Từ ngày").fill("2023-11-06")
    page.get_by_label("Đến hết ngày").fill("2023-11-10")
    page.get_by_label("Lý do").fill("nghỉ phép")
    page.get_by_role("button", name="Ủy quyền").click()
    expect(page.get_by_text("Đã ủy quyền.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    axe(page)
    screenshot(page, "ho-so-dien-thoai", full_page=True)
    assert Role.UNIT_OFFICER in {
        one.role
        for one in Mandate.objects.filter(user=world.people["lanh-dao"], delegated_from__isnull=False)
    }

    page.get_by_role("button", name="Lấy lại").click()

    expect(page.get_by_text("Đã lấy lại ủy quyền từ Lanh Dao.")).to_be_visible()


@pytest.mark.parametrize(
    "path", ["dang-nhap/", "quen-mat-khau/", "ho-so/", "phien-dang-nhap/", "doi-mat-khau/"]
)
def test_pages_of_the_account_fit_a_phone(
    phone_page: Page, live_server: LiveServer, world: World, axe: Axe, path: str
) -> None:
    if path not in ("dang-nhap/", "quen-mat-khau/"):
        sign_in(phone_page, live_server, "noi-vu")
    phone_page.goto(f"{live_server.url}/tai-khoan/{path}")

    assert phone_page.evaluate("document.documentElement.scrollWidth") == 390
    axe(phone_page)
