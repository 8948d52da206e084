"""A task from the phone of a commune officer to the confirmation, and the board of late units."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from thidua.core import clock
from thidua.movements.models import Reminder, Task, TaskState
from thidua.movements.tests.makers import make_item, make_task, phong_tho_plan
from thidua.notices.telling import notices_for
from thidua.organisations.tests.world import DAY, World, phong_tho

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def world(live_server: LiveServer) -> World:
    """Phong Thổ on 5/11/2023 with a running plan."""
    world = phong_tho()
    plan = phong_tho_plan(world, title="Thực hiện phong trào thi đua vì người nghèo năm 2023")
    item = make_item(
        plan.versions.get(),
        "tasks",
        "K1",
        {
            "quote": "Ủy ban nhân dân các xã rà soát hộ nghèo, hộ cận nghèo, báo cáo trước ngày 10 tháng 11 "
            "hằng năm."
        },
    )
    for unit, due_on in (("huoi-luong", date(2023, 11, 9)), ("dao-san", date(2023, 10, 20))):
        make_task(
            plan,
            world.unit(unit),
            item=item,
            title="Rà soát hộ nghèo, hộ cận nghèo trên địa bàn",
            due_on=due_on,
            due_text="trước ngày 10 tháng 11 hằng năm",
            year=2023,
            partners=(world.unit("phong-noi-vu"),),
        )
    for unit, title, due_on, state in (
        (
            "huoi-luong",
            "Tuyên truyền phong trào trên loa truyền thanh",
            date(2023, 10, 31),
            TaskState.ACCEPTED,
        ),
        ("dao-san", "Lập danh sách hộ đăng ký thoát nghèo", date(2023, 9, 30), TaskState.ACCEPTED),
        ("mu-sang", "Vận động ủng hộ quỹ “Vì người nghèo”", date(2023, 10, 17), TaskState.GIVEN),
    ):
        make_task(plan, world.unit(unit), title=title, due_on=due_on, state=state)
    return world


def no_sideways_scroll(page: Page) -> bool:
    return bool(page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"))


def test_from_acceptance_to_confirmation(
    phone_page: Page,
    page: Page,
    live_server: LiveServer,
    world: World,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
    tmp_path: Path,
) -> None:
    photo = tmp_path / "bien-ban-ra-soat.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0" + b"0" * 2000)
    phone, desk = phone_page, page
    sign_in(phone, "huoi-luong")
    sign_in(desk, "thuong-truc")

    phone.goto(f"{live_server.url}/nhiem-vu/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Nhiệm vụ")
    axe(phone)
    assert no_sideways_scroll(phone)
    screenshot(phone, "nhiem-vu-dien-thoai")
    # One: accept in the list. Two: open. Three: send, with a photo.
    phone.get_by_role("button", name="Nhận nhiệm vụ").click()
    expect(phone.get_by_role("status")).to_contain_text("Đã nhận nhiệm vụ")
    assert no_sideways_scroll(phone)
    screenshot(phone, "nhiem-vu-bao-cao-dien-thoai")
    phone.get_by_label("Tiến độ (%)").fill("60")
    phone.get_by_label("Đã làm được gì").fill("Đã rà soát 7/12 bản, đang tổng hợp phiếu.")
    form = phone.locator("#viec-progress")
    form.get_by_label("Ảnh, tài liệu kèm theo").set_input_files(photo)
    form.get_by_role("button", name="Ghi tiến độ").click()
    expect(phone.get_by_role("status")).to_contain_text("Đã ghi tiến độ")
    expect(phone.get_by_role("link", name="bien-ban-ra-soat.jpg")).to_be_visible()
    axe(phone)
    screenshot(phone, "nhiem-vu-tien-do-dien-thoai", full_page=True)

    phone.locator("summary", has_text="Đề nghị gia hạn").click()
    asking = phone.locator("#viec-ask_extension")
    asking.get_by_label("Hạn đề nghị").fill("2023-11-20")
    asking.get_by_label("Lý do").fill("Mưa lũ, hai bản chưa đi được.")
    asking.get_by_role("button", name="Đề nghị gia hạn").click()
    expect(phone.get_by_text("Đề nghị đến 20/11/2023")).to_be_visible()

    task = Task.objects.get(unit=world.unit("huoi-luong"), item__isnull=False)
    desk.goto(f"{live_server.url}/nhiem-vu/{task.pk}/")
    axe(desk)
    screenshot(desk, "nhiem-vu-tra-loi-gia-han", full_page=True)
    desk.get_by_role("button", name="Đồng ý gia hạn").click()
    expect(desk.get_by_text("đến hết 20/11/2023")).to_be_visible()

    phone.reload()
    phone.locator("summary", has_text="Báo hoàn thành").click()
    done = phone.locator("#viec-report_done")
    done.get_by_label("Kết quả").fill("Đã rà soát 12/12 bản: 214 hộ nghèo, 96 hộ cận nghèo.")
    done.get_by_role("button", name="Báo hoàn thành").click()
    expect(phone.get_by_role("status")).to_contain_text("Đã báo hoàn thành")

    desk.reload()
    desk.get_by_role("button", name="Xác nhận hoàn thành").click()
    expect(desk.get_by_role("status")).to_contain_text("Đã xác nhận hoàn thành")
    expect(desk.locator(".nv-tags")).to_contain_text("Hoàn thành")
    axe(desk)
    screenshot(desk, "nhiem-vu-hoan-thanh", full_page=True)
    task.refresh_from_db()
    assert (task.state, task.due_on) == (TaskState.DONE, date(2023, 11, 20))


def test_late_units_are_reminded_in_one_act(
    page: Page,
    live_server: LiveServer,
    world: World,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    sign_in(page, "thuong-truc")
    page.goto(f"{live_server.url}/nhiem-vu/")
    axe(page)
    screenshot(page, "nhiem-vu-danh-sach", full_page=True)
    page.get_by_role("link", name="Đơn vị chậm").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đơn vị chậm")
    axe(page)
    screenshot(page, "nhiem-vu-don-vi-cham", full_page=True)
    page.get_by_label("Nội dung (không bắt buộc)").fill("Gửi kết quả trước 17 giờ ngày 8/11.")
    page.get_by_role("button", name="Đôn đốc tất cả (4 nhiệm vụ)").click()
    expect(page.get_by_role("status")).to_contain_text("Đã đôn đốc 3 đơn vị về 4 nhiệm vụ quá hạn.")
    axe(page)
    assert Reminder.objects.count() == 4
    (notice,) = notices_for(world.acting("dao-san"))
    assert notice.text.startswith("Đôn đốc 2 nhiệm vụ: ")
    assert notice.text.endswith("Gửi kết quả trước 17 giờ ngày 8/11.")


def test_pages_without_scripts_and_by_keyboard(
    page_without_scripts: Page, live_server: LiveServer, world: World, sign_in: SignIn
) -> None:
    page = page_without_scripts
    sign_in(page, "huoi-luong")
    page.goto(f"{live_server.url}/nhiem-vu/")
    button = page.get_by_role("button", name="Nhận nhiệm vụ")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Đã nhận nhiệm vụ")
    opener = page.locator("summary", has_text="Đề nghị gia hạn")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Hạn đề nghị")).to_be_visible()


@pytest.mark.parametrize("path", ["hoat-dong/", "hoat-dong/moi/", "giao/"])
def test_other_pages_fit_a_phone(
    phone_page: Page,
    live_server: LiveServer,
    world: World,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
    path: str,
) -> None:
    sign_in(phone_page, "thuong-truc")
    phone_page.goto(f"{live_server.url}/nhiem-vu/{path}")
    axe(phone_page)
    assert no_sideways_scroll(phone_page)
    screenshot(phone_page, f"nhiem-vu-{path.strip('/').replace('/', '-')}-dien-thoai")
