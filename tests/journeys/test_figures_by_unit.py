"""Figures of many units at a glance and by key: the tree-map; whoever stands in for a place; files in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from thidua.core import clock
from thidua.indicators.models import Value
from thidua.indicators.tests.figure_world import DAY, FigureWorld, figure_world, make_indicator
from thidua.movements.tests.makers import phong_tho_plan

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def made(live_server: LiveServer) -> FigureWorld:
    made = figure_world()
    for unit, whole, poor in (("huoi-luong", 1010, 420), ("dao-san", 1490, 700)):
        made.give("total_households", unit, whole)
        made.give("poor_hh", unit, poor)
    made.give("total_households", "mu-sang", 900)
    return made


def fits(page: Page) -> None:
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")


def test_tree_map_is_read_and_walked_by_keys(
    live_server: LiveServer,
    made: FigureWorld,
    page: Page,
    phone_page: Page,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    address = f"{live_server.url}/so-lieu/poor_hh_rate/?noi=phong-tho"
    for one, name in ((phone_page, "so-lieu-ban-do-o-phone"), (page, "so-lieu-ban-do-o")):
        sign_in(one, "lanh-dao")
        one.goto(address)
        expect(one.get_by_text("chưa có số liệu: 1")).to_be_visible()
        axe(one)
        fits(one)
        screenshot(one, name, full_page=True)

    tile = page.get_by_role("link", name="xã Dào San: 46,98 % (1.490 hộ)")
    tile.focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="xã Huổi Luông: 41,58 % (1.010 hộ)")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="xã Mù Sang: chưa có số liệu (900 hộ)")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="xã Huổi Luông, năm 2023")).to_be_visible()


def test_standing_body_enters_for_a_commune_on_a_phone(
    live_server: LiveServer,
    made: FigureWorld,
    phone_page: Page,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    phong_tho_plan(made.world)
    sign_in(phone_page, "thuong-truc")
    phone_page.goto(f"{live_server.url}/so-lieu/nhap/")
    expect(phone_page.get_by_text("Bạn nhập thay cho huyện Phong Thổ")).to_be_visible()
    axe(phone_page)
    phone_page.get_by_role("link", name="xã Mù Sang").click()
    expect(phone_page.get_by_text("cơ quan thường trực của kế hoạch số 12/KH-UBND")).to_be_visible()
    phone_page.get_by_label("Số hộ nghèo hộ").fill("450")
    axe(phone_page)
    fits(phone_page)
    screenshot(phone_page, "so-lieu-nhap-thay-phone", full_page=True)
    phone_page.get_by_role("button", name="Lưu số liệu").click()
    expect(phone_page.get_by_text("Đã lưu 1 số")).to_be_visible()

    value = Value.objects.latest("pk")
    phone_page.goto(f"{live_server.url}/so-lieu/gia-tri/{value.pk}/")
    expect(phone_page.get_by_text("Nhập thay cho")).to_be_visible()
    axe(phone_page)
    fits(phone_page)
    screenshot(phone_page, "so-lieu-gia-tri-nhap-thay-phone", full_page=True)


def test_rows_of_csv_and_dhis2_come_in_with_a_preview(
    live_server: LiveServer,
    made: FigureWorld,
    phone_page: Page,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
    tmp_path: Path,
) -> None:
    page = phone_page
    sign_in(page, "lanh-dao")
    page.goto(f"{live_server.url}/so-lieu/nhap/tep/")
    axe(page)
    fits(page)
    screenshot(page, "so-lieu-tep-phone", full_page=True)
    wrong = tmp_path / "so-lieu.csv"
    wrong.write_text(
        "mã chỉ tiêu,kỳ,mã đơn vị,giá trị\npoor_hh,2023,mu-sang,40x\npoor_hh,2023,?,1\n", "utf-8"
    )
    page.get_by_label("Tệp số liệu").set_input_files(wrong)
    page.get_by_role("button", name="Kiểm tra tệp").click()
    expect(page.get_by_text("Dòng 2, cột «giá trị»")).to_be_visible()
    expect(page.get_by_text("không có đơn vị mã «?»", exact=False)).to_be_visible()
    axe(page)
    fits(page)
    screenshot(page, "so-lieu-dong-sai-phone", full_page=True)

    right = tmp_path / "dhis2.json"
    right.write_text(
        '{"period": "2023", "dataValues": [{"dataElement": "poor_hh", "orgUnit": "mu-sang", "value": "450"}]}'
    )
    page.goto(f"{live_server.url}/so-lieu/nhap/tep/")
    page.get_by_label("Tệp số liệu").set_input_files(right)
    page.get_by_role("button", name="Kiểm tra tệp").click()
    expect(page.get_by_role("heading", name="Sẽ nhập")).to_be_visible()
    axe(page)
    fits(page)
    screenshot(page, "so-lieu-xem-truoc-phone", full_page=True)
    page.get_by_role("button", name="Nhập 1 số").click()
    expect(page.get_by_role("heading", name="Đã nhập")).to_be_visible()
    page.goto(f"{live_server.url}/so-lieu/poor_hh/?noi=phong-tho")
    expect(page.get_by_text("3/3 cấp xã đã báo cáo").first).to_be_visible()


def test_monthly_figures_are_entered_for_a_month(
    live_server: LiveServer,
    made: FigureWorld,
    phone_page: Page,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    page = phone_page
    make_indicator("thang", "Số hộ nghèo phát sinh trong tháng", frequency="month")
    sign_in(page, "huoi-luong")
    page.goto(f"{live_server.url}/so-lieu/nhap/")
    page.get_by_label("Kỳ").select_option("Tháng 9 năm 2023")
    page.get_by_role("button", name="Chọn", exact=True).click()
    expect(page.get_by_role("heading", name="Đơn vị phải báo cáo, tháng 9 năm 2023")).to_be_visible()
    axe(page)
    fits(page)
    screenshot(page, "so-lieu-chon-thang-phone", full_page=True)
    page.get_by_role("link", name="xã Huổi Luông").click()
    page.get_by_label("Số hộ nghèo phát sinh trong tháng hộ").fill("7")
    page.get_by_role("button", name="Lưu số liệu").click()
    expect(page.get_by_text("Đã lưu 1 số")).to_be_visible()
    page.get_by_role("link", name="Nhập số liệu").click()
    expect(page.get_by_label("Kỳ")).to_have_value("2023-09-01..2023-10-01")
