"""Registrations in a browser: an agency on a phone, the standing body at a desk, the merged figures up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from thidua.core import clock
from thidua.movements.models import (
    Plan,
    Registration,
    RegistrationCall,
    RegistrationKind,
    RegistrationReminder,
    RegistrationState,
    SubjectType,
)
from thidua.movements.registrations import household_rows, sending
from thidua.movements.tests.makers import at, make_movement, make_task, phong_tho_plan
from thidua.organisations.tests.world import DAY, World, phong_tho
from thidua.tables.workbooks import Cell, Sheet, written

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def world(live_server: LiveServer) -> World:
    return phong_tho()


@pytest.fixture
def plan(world: World) -> Plan:
    """A plan in force with tasks, a last day, and two registrations that wait."""
    movement = make_movement("Cả nước chung tay vì người nghèo - Không để ai bị bỏ lại phía sau")
    plan = phong_tho_plan(
        world,
        movement=movement,
        number="152/KH-UBND",
        title="Triển khai phong trào thi đua “Vì người nghèo - Không để ai bị bỏ lại phía sau”",
    )
    plan.versions.update(first_year=2022, last_year=2025)
    for key in ("huoi-luong", "dao-san", "mu-sang", "phong-noi-vu", "tt-van-hoa"):
        make_task(plan, world.unit(key), world.unit("phong-tho"), due_on=date(2023, 11, 9))
    RegistrationCall.objects.create(plan=plan, year=2023, due_on=date(2023, 10, 31))
    commune = world.acting("huoi-luong", on=date(2023, 10, 20))
    for written_one in (
        sending.Written(
            RegistrationKind.JOIN,
            2023,
            "Vận động 100 % hộ trong xã tham gia; giúp 35 hộ thoát nghèo bền vững",
        ),
        sending.Written(
            RegistrationKind.ESCAPE,
            2023,
            "Vay vốn chính sách nuôi 02 con trâu, thoát nghèo cuối năm 2023",
            SubjectType.HOUSEHOLD,
            "Giàng Thị Mẫu",
            "bản Làng Vây",
        ),
    ):
        one = sending.write(
            plan, world.unit("huoi-luong"), written_one, actor=commune, now=at(date(2023, 10, 20))
        )
        sending.send(one, actor=commune, now=at(date(2023, 10, 20)))
    return plan


def fits(page: Page) -> None:
    """Nothing sticks out sideways."""
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_agency_registers_on_a_phone(
    phone_page: Page,
    live_server: LiveServer,
    world: World,
    plan: Plan,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    page = phone_page
    sign_in(page, "noi-vu")
    page.goto(f"{live_server.url}/dang-ky/")
    fits(page)
    axe(page)
    screenshot(page, "dang-ky-dien-thoai-bang", full_page=True)

    page.get_by_role("link", name="Đăng ký của đơn vị tôi").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng ký của đơn vị năm 2023")
    fits(page)
    axe(page)
    page.get_by_role("link", name="Đăng ký giúp đỡ").click()
    fits(page)
    axe(page)
    page.get_by_label("Xã, phường được giúp").select_option(label="xã Mù Sang (chưa ai giúp)")
    page.get_by_label("Thôn, bản").fill("bản Sin Chải")
    page.get_by_label("Nội dung cam kết").fill("Giúp 05 hộ nghèo sửa nhà, mỗi quý một lần thăm hộ")
    screenshot(page, "dang-ky-dien-thoai-bieu-mau", full_page=True)
    page.get_by_role("button", name="Gửi đăng ký").click()

    expect(page.get_by_role("status")).to_contain_text("Đã gửi đăng ký")
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng ký giúp đỡ xã, thôn")
    fits(page)
    axe(page)
    screenshot(page, "dang-ky-dien-thoai-da-gui", full_page=True)
    assert Registration.objects.filter(kind=RegistrationKind.HELP).get().state == RegistrationState.PENDING


def test_standing_body_watches_reminds_and_decides(
    page: Page,
    live_server: LiveServer,
    world: World,
    plan: Plan,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    sign_in(page, "thuong-truc")
    page.goto(f"{live_server.url}/dang-ky/")
    axe(page)
    screenshot(page, "dang-ky-bang", full_page=True)

    page.get_by_role("link", name="4 Chưa gửi").click()
    expect(page.locator("tbody tr")).to_have_count(4)
    page.get_by_text("Nhắc 4 đơn vị chưa gửi").click()
    axe(page)
    page.get_by_role("button", name="Gửi nhắc").click()
    expect(page.get_by_role("status")).to_contain_text("Đã nhắc 4 đơn vị chưa gửi.")
    assert RegistrationReminder.objects.count() == 4

    page.get_by_role("navigation", name="Đăng ký của kế hoạch này").get_by_role("link", name="Duyệt").click()
    axe(page)
    screenshot(page, "dang-ky-duyet", full_page=True)
    page.get_by_label("Giàng Thị Mẫu").check()
    page.get_by_label("Lý do trả lại").fill("Bổ sung biên bản họp bản")
    page.get_by_role("button", name="Trả lại các đăng ký đã chọn").click()
    expect(page.get_by_role("status")).to_contain_text("Đã trả lại 1 đăng ký.")
    page.get_by_label("xã Huổi Luông").check()
    page.get_by_role("button", name="Duyệt các đăng ký đã chọn").click()
    expect(page.get_by_role("status")).to_contain_text("Đã duyệt 1 đăng ký.")

    for label, name in (
        ("Nơi được giúp", "noi-duoc-giup"),
        ("Thiết lập", "thiet-lap"),
        ("Tổng hợp", "tong-hop"),
    ):
        page.get_by_role("navigation", name="Đăng ký của kế hoạch này").get_by_role(
            "link", name=label
        ).click()
        axe(page)
        screenshot(page, f"dang-ky-{name}", full_page=True)
    page.goto(f"{live_server.url}/dang-ky/danh-sach/?ke_hoach={plan.pk}")
    axe(page)
    screenshot(page, "dang-ky-danh-sach", full_page=True)


def test_board_is_used_by_keyboard_alone(
    page: Page, live_server: LiveServer, world: World, plan: Plan, sign_in: SignIn
) -> None:
    sign_in(page, "thuong-truc")
    page.goto(f"{live_server.url}/dang-ky/")

    page.get_by_role("link", name="1 Chờ duyệt").focus()
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("summary", has_text="Nhắc").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "noi-dung-nhac"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("Đã nhắc")


def test_registration_works_without_scripts(
    page_without_scripts: Page, live_server: LiveServer, world: World, plan: Plan, sign_in: SignIn
) -> None:
    page = page_without_scripts
    sign_in(page, "dao-san")
    page.goto(f"{live_server.url}/dang-ky/{plan.pk}/2023/moi/tham-gia/")
    page.get_by_label("Nội dung cam kết").fill("Cả xã tham gia")
    page.get_by_role("button", name="Lưu bản nháp").click()

    page.get_by_role("button", name="Gửi đăng ký").click()

    expect(page.locator(".td-tag").first).to_have_text("Chờ duyệt")


def test_commune_brings_households_from_excel_and_merges(
    page: Page,
    live_server: LiveServer,
    world: World,
    plan: Plan,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
    tmp_path: Path,
) -> None:
    sign_in(page, "huoi-luong")
    Registration.objects.update(state=RegistrationState.APPROVED)
    page.goto(f"{live_server.url}/dang-ky/{plan.pk}/2023/")
    screenshot(page, "dang-ky-cua-don-vi", full_page=True)
    page.get_by_role("link", name="Nhập nhiều hộ từ Excel").click()
    file = tmp_path / "ho.xlsx"
    good: list[Cell] = ["Lò Văn Ví Dụ", "bản Pô Tô", 2023, "Trồng 01 ha chuối"]
    file.write_bytes(written([Sheet("Hộ", household_rows.COLUMNS, [good, ["", "bản Pô Tô", 2030, "x"]])]))
    page.get_by_label("Tệp Excel").set_input_files(file)
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("heading", name="Tệp có 2 ô cần sửa")).to_be_visible()
    page.wrong.clear()  # type: ignore[attr-defined]  # the browser logs the 422 itself
    axe(page)
    screenshot(page, "dang-ky-excel-loi", full_page=True)
    file.write_bytes(written([Sheet("Hộ", household_rows.COLUMNS, [good])]))
    page.get_by_label("Tệp Excel").set_input_files(file)
    page.get_by_role("button", name="Xem trước").click()
    axe(page)
    page.get_by_role("button", name="Nhập 1 hộ").click()
    expect(page.get_by_role("status")).to_contain_text("Đã nhập 1 hộ thành bản nháp")
    axe(page)
    page.get_by_role("button", name="Gửi tất cả bản nháp").click()

    page.get_by_role("link", name="Tổng hợp").click()
    page.get_by_role("button", name="Lập bản tổng hợp").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tổng hợp đăng ký năm 2023 của xã Huổi Luông")
    page.get_by_role("button", name="Gửi lên cấp trên").click()
    expect(page.get_by_role("status")).to_contain_text("«Đã gửi»")
    axe(page)
    screenshot(page, "dang-ky-ban-tong-hop", full_page=True)
