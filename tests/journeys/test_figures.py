"""Figures come in and add up: a commune officer on a phone, a grid, an Excel sheet with planted errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from thidua.core import clock
from thidua.indicators.models import Source, Stage, Value
from thidua.indicators.tests.figure_world import DAY, FigureWorld, figure_world, filled

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def made(live_server: LiveServer) -> FigureWorld:
    made = figure_world()
    for unit, whole, poor in (("huoi-luong", 1010, 420), ("dao-san", 1490, 700), ("mu-sang", 900, 450)):
        made.give("total_households", unit, whole, year=2022)
        made.give("poor_hh", unit, poor, year=2022)
    made.give("total_households", "dao-san", 1500)
    made.give("poor_hh", "dao-san", 610)
    return made


def no_sideways_scroll(page: Page) -> None:
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")


def test_commune_officer_enters_on_a_phone_and_the_province_total_changes(
    live_server: LiveServer,
    made: FigureWorld,
    phone_page: Page,
    page: Page,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    province = f"{live_server.url}/so-lieu/poor_hh/?noi=lai-chau"
    sign_in(page, "tinh")
    page.goto(province)
    expect(page.get_by_text("1/3 cấp xã đã báo cáo").first).to_be_visible()

    sign_in(phone_page, "huoi-luong")
    phone_page.goto(f"{live_server.url}/so-lieu/nhap/")
    axe(phone_page)
    no_sideways_scroll(phone_page)
    screenshot(phone_page, "so-lieu-chon-phone", full_page=True)
    phone_page.get_by_role("link", name="xã Huổi Luông").click()
    phone_page.get_by_label("Tổng số hộ dân cư hộ").fill("300")
    phone_page.get_by_label("Số hộ nghèo hộ").fill("350")
    phone_page.get_by_label("Số hộ nghèo hộ").blur()
    expect(phone_page.locator("#kiem-tra")).to_contain_text("lớn hơn tổng số hộ dân cư")
    axe(phone_page)
    no_sideways_scroll(phone_page)
    screenshot(phone_page, "so-lieu-nhap-phone", full_page=True)
    phone_page.get_by_label("Tổng số hộ dân cư hộ").fill("1.020")
    phone_page.get_by_role("button", name="Lưu số liệu").click()
    expect(phone_page.get_by_text("Đã lưu 2 số")).to_be_visible()

    page.reload()
    expect(page.get_by_text("2/3 cấp xã đã báo cáo").first).to_be_visible()
    expect(page.locator(".sl-so")).to_contain_text("960")
    page.get_by_text("1 cấp xã chưa có số liệu").click()
    expect(page.get_by_text("xã Mù Sang.")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)
    screenshot(page, "so-lieu-tinh", full_page=True)

    page.get_by_role("link", name="huyện Phong Thổ").click()
    screenshot(page, "so-lieu-huyen", full_page=True)
    axe(page)
    page.get_by_role("region", name="Bảng: các đơn vị bên dưới").get_by_role("link", name="350").click()
    expect(page.get_by_role("heading", name="xã Huổi Luông, năm 2023")).to_be_visible()
    axe(page)
    screenshot(page, "so-lieu-gia-tri", full_page=True)


def test_pages_fit_a_phone(
    live_server: LiveServer,
    made: FigureWorld,
    phone_page: Page,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    value = made.give("poor_hh", "huoi-luong", 350)
    sign_in(phone_page, "lanh-dao")
    for address, name in (
        ("/so-lieu/", "so-lieu-danh-sach"),
        ("/so-lieu/poor_hh_rate/", "so-lieu-ty-le"),
        (f"/so-lieu/gia-tri/{value.pk}/", "so-lieu-gia-tri"),
        ("/so-lieu/nhap/ra_soat.commune/2023/bang/", "so-lieu-bang"),
        ("/so-lieu/nhap/tep/", "so-lieu-tep"),
    ):
        phone_page.goto(f"{live_server.url}{address}")
        axe(phone_page)
        no_sideways_scroll(phone_page)
        screenshot(phone_page, f"{name}-phone", full_page=True)


def test_grid_moves_with_arrows_and_takes_a_paste_from_excel(
    live_server: LiveServer,
    made: FigureWorld,
    page: Page,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    sign_in(page, "lanh-dao")
    page.goto(f"{live_server.url}/so-lieu/nhap/ra_soat.commune/2023/bang/")
    first = page.get_by_label("xã Huổi Luông: Tổng số hộ dân cư")
    first.focus()
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text", "1.020\\t350\\n905\\t1.400");
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }"""
    )
    expect(page.get_by_label("xã Mù Sang: Số hộ nghèo")).to_have_value("1.400")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("xã Mù Sang: Tổng số hộ dân cư")).to_be_focused()
    page.get_by_role("button", name="Lưu cả bảng").click()
    expect(page.get_by_text("Chưa lưu số nào")).to_be_visible()
    page.wrong.clear()  # type: ignore[attr-defined]  # the refusal was provoked
    axe(page)
    screenshot(page, "so-lieu-bang", full_page=True)
    page.get_by_label("xã Mù Sang: Số hộ nghèo").fill("400")
    page.get_by_role("button", name="Lưu cả bảng").click()
    expect(page.get_by_text("Đã lưu 4 số của cả bảng")).to_be_visible()


def test_grid_works_without_scripts(
    live_server: LiveServer, made: FigureWorld, page_without_scripts: Page, sign_in: SignIn
) -> None:
    page = page_without_scripts
    sign_in(page, "lanh-dao")
    page.goto(f"{live_server.url}/so-lieu/nhap/ra_soat.commune/2023/bang/")

    page.get_by_label("xã Mù Sang: Số hộ nghèo").fill("430")
    page.get_by_role("button", name="Lưu cả bảng").click()

    expect(page.get_by_text("Đã lưu 1 số của cả bảng")).to_be_visible()


def test_sheet_with_planted_errors_names_each_cell_and_changes_nothing(
    live_server: LiveServer,
    made: FigureWorld,
    page: Page,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
    tmp_path: Path,
) -> None:
    client = Client()
    client.force_login(made.world.people["lanh-dao"])
    raw = client.get(reverse("indicators:template", args=["ra_soat.commune", "2023"])).content
    wrong, right = tmp_path / "so-lieu-sai.xlsx", tmp_path / "so-lieu.xlsx"
    wrong.write_bytes(filled(raw, {"C8": "nhiều", "D8": -3, "D9": 4.5, "C3": "gần đúng"}))
    right.write_bytes(filled(raw, {"C8": 1020, "D8": 350, "C9": 905, "D9": "không"}))
    before = Value.objects.count()

    sign_in(page, "lanh-dao")
    page.goto(f"{live_server.url}/so-lieu/nhap/tep/")
    page.get_by_label("Tệp số liệu").set_input_files(wrong)
    page.get_by_role("button", name="Kiểm tra tệp").click()
    for place in ("C3", "C8", "D8", "D9"):
        expect(page.get_by_text(f"Ô {place}", exact=True)).to_be_visible()
    axe(page)
    screenshot(page, "so-lieu-o-sai", full_page=True)
    assert Value.objects.count() == before

    page.get_by_role("link", name="đưa lên lại").click()
    page.get_by_label("Tệp số liệu").set_input_files(right)
    page.get_by_role("button", name="Kiểm tra tệp").click()
    expect(page.get_by_text("Sẽ nhập")).to_be_visible()
    axe(page)
    screenshot(page, "so-lieu-xem-truoc", full_page=True)
    # An escape of all poor households is a jump: it wants a reason.
    page.get_by_label("Lý do giữ các số bị cảnh báo").fill("Đã rà soát lại, không còn hộ nghèo")
    page.get_by_role("button", name="Nhập 4 số").click()
    expect(page.get_by_text("Đã nhập 4 số")).to_be_visible()


def test_conflicting_sources_stand_side_by_side_and_one_is_chosen(
    live_server: LiveServer,
    made: FigureWorld,
    page: Page,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    for code, title, amount in (
        ("P06", "Báo cáo rà soát của tỉnh", 12248),
        ("P07", "Báo tỉnh ngày 5/11", 12250),
    ):
        source = Source.objects.create(code=code, title=title)
        made.give("poor_hh", "lai-chau", amount, stage=Stage.OFFICIAL, source=source)
    sign_in(page, "tinh")
    page.goto(f"{live_server.url}/so-lieu/poor_hh/")
    expect(page.get_by_text("lệch", exact=False).first).to_be_visible()
    axe(page)
    screenshot(page, "so-lieu-nhieu-nguon", full_page=True)

    page.get_by_label("Lý do chọn").fill("Số của báo cáo mới hơn")
    page.get_by_role("button", name="Chọn số này").click()

    expect(page.get_by_text("Đã chọn số này")).to_be_visible()
