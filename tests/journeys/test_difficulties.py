"""A difficulty: raised by a commune on a phone, answered at a desk, published, found by another commune."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from thidua.core import clock
from thidua.movements.models import Task
from thidua.movements.tests.makers import make_task, phong_tho_plan
from thidua.organisations.tests.world import DAY, World, phong_tho
from thidua.oversight.models import Difficulty

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def world(live_server: LiveServer) -> World:
    world = phong_tho()
    plan = phong_tho_plan(world, title="Thực hiện phong trào thi đua vì người nghèo năm 2023")
    make_task(plan, world.unit("huoi-luong"), title="Rà soát hộ nghèo, hộ cận nghèo trên địa bàn")
    return world


def no_sideways_scroll(page: Page) -> bool:
    return bool(page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"))


def test_from_a_commune_to_a_published_answer(
    phone_page: Page,
    page: Page,
    live_server: LiveServer,
    world: World,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
    tmp_path: Path,
) -> None:
    photo = tmp_path / "mau-cu.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0" + b"0" * 2000)
    phone, desk = phone_page, page
    sign_in(phone, "huoi-luong")
    sign_in(desk, "thuong-truc")

    phone.goto(f"{live_server.url}/nhiem-vu/{Task.objects.get().pk}/")
    phone.get_by_role("link", name="Nêu vướng mắc").click()
    phone.wait_for_load_state()  # what keeps the words is there
    phone.get_by_label("Vướng mắc, trong một câu").fill("Chưa có mẫu rà soát theo chuẩn mới")
    phone.get_by_label("Nội dung").fill("Xã mới nhận mẫu của năm trước, thiếu hai chỉ số thiếu hụt.")
    # The page is lost before it was sent: the words are still there.
    phone.reload()
    expect(phone.get_by_label("Nội dung")).to_have_value(
        "Xã mới nhận mẫu của năm trước, thiếu hai chỉ số thiếu hụt."
    )
    phone.get_by_label("Đề xuất cách giải quyết").fill("Gửi mẫu mới kèm hướng dẫn ghi.")
    phone.get_by_label("Ảnh, tài liệu kèm theo").set_input_files(photo)
    axe(phone)
    assert no_sideways_scroll(phone)
    screenshot(phone, "vuong-mac-neu-dien-thoai", full_page=True)
    phone.get_by_role("button", name="Gửi vướng mắc").click()
    expect(phone.get_by_text("Đã gửi vướng mắc.")).to_be_visible()
    assert phone.evaluate("() => window.localStorage.length") == 0
    axe(phone)
    assert no_sideways_scroll(phone)
    one = Difficulty.objects.get()

    desk.goto(f"{live_server.url}/viec-cua-toi/")
    desk.get_by_role("link", name="Chưa có mẫu rà soát theo chuẩn mới", exact=True).click()
    desk.get_by_role("button", name="Tiếp nhận").click()
    expect(desk.get_by_text("Đang xử lý").first).to_be_visible()
    axe(desk)
    screenshot(desk, "vuong-mac", full_page=True)
    desk.locator("#viec-answer").get_by_label("Trả lời").fill("Mẫu mới ở phụ lục III, đã gửi các xã.")
    desk.locator("#viec-answer").get_by_role("button", name="Trả lời").click()
    expect(desk.get_by_text("trả lời trong 0 ngày làm việc")).to_be_visible()
    desk.locator("#viec-publish summary").click()
    desk.get_by_label("Câu hỏi để công khai").fill("Mẫu rà soát theo chuẩn mới lấy ở đâu?")
    desk.locator("#viec-publish").get_by_role("button").click()
    expect(desk.get_by_text("Đã công khai").first).to_be_visible()
    axe(desk)
    desk.goto(f"{live_server.url}/vuong-mac/")
    axe(desk)
    screenshot(desk, "vuong-mac-danh-sach", full_page=True)

    sign_in(phone, "dao-san")
    phone.goto(f"{live_server.url}/vuong-mac/tra-loi/?tim=mau+ra+soat")
    expect(phone.get_by_text("Mẫu mới ở phụ lục III")).to_be_visible()
    assert no_sideways_scroll(phone)
    axe(phone)
    screenshot(phone, "vuong-mac-tra-loi-dien-thoai")
    assert phone.goto(f"{live_server.url}/vuong-mac/{one.pk}/").status == 404  # type: ignore[union-attr]
    phone.wrong.clear()  # type: ignore[attr-defined]
