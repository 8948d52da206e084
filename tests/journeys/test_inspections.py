"""An inspection: planned and drawn at a desk, filled in on a phone, concluded, put right by the commune."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from thidua.core import clock
from thidua.indicators.tests.makers import define, give, indicator
from thidua.movements.models import Target, TargetBinding
from thidua.movements.tests.makers import make_item, make_task, phong_tho_plan
from thidua.organisations.tests.world import DAY, World, phong_tho
from thidua.oversight.models import Inspection, Remedy, RemedyState

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def world(live_server: LiveServer) -> World:
    """A plan with a task for each commune, one of them late, and figures of Dào San."""
    world = phong_tho()
    plan = phong_tho_plan(world, title="Thực hiện phong trào thi đua vì người nghèo năm 2023")
    version = plan.versions.get()
    quote = "Ủy ban nhân dân các xã rà soát hộ nghèo, hộ cận nghèo, niêm yết công khai danh sách."
    item = make_item(version, "tasks", "K1", {"quote": quote})
    for key in ("huoi-luong", "dao-san", "mu-sang"):
        due_on = date(2023, 10, 20) if key == "dao-san" else date(2023, 11, 30)
        make_task(plan, world.unit(key), item=item, title=quote, due_on=due_on, year=2023)
    make_task(
        plan, world.unit("phong-ldtbxh"), title="Kiểm tra việc thực hiện phong trào ở các xã", year=2023
    )
    define()
    goal = make_item(version, "targets", "C1", {"quote": "Tỷ lệ hộ nghèo còn dưới 10 %."})
    target = Target.objects.create(
        plan=plan,
        item=goal,
        indicator="poverty_rate",
        label="Tỷ lệ hộ nghèo",
        comparator="lte",
        value=10,
        unit="percent",
    )
    TargetBinding.objects.create(target=target, indicator=indicator("poor_hh_rate"), is_confirmed=True)
    give("poor_hh", world.unit("dao-san"), 2023, 120)
    give("total_households", world.unit("dao-san"), 2023, 500, standard_id=None)
    return world


def no_sideways_scroll(page: Page) -> bool:
    return bool(page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"))


def test_from_the_sample_to_the_remedy(
    phone_page: Page,
    page: Page,
    live_server: LiveServer,
    world: World,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
    tmp_path: Path,
) -> None:
    photo = tmp_path / "bang-niem-yet.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0" + b"0" * 2000)
    phone, desk = phone_page, page
    sign_in(desk, "thuong-truc")
    sign_in(phone, "thuong-truc")

    # Planned from what the plan asks for.
    desk.goto(f"{live_server.url}/kiem-tra/moi/")
    desk.get_by_role("link", name="12/KH-UBND").click()
    desk.get_by_role("link", name="Kiểm tra việc thực hiện phong trào ở các xã").click()
    axe(desk)
    screenshot(desk, "kiem-tra-lap", full_page=True)
    desk.get_by_label("Thời kỳ kiểm tra, đến hết ngày").fill("2023-12-31")
    desk.get_by_role("button", name="Lập cuộc kiểm tra").click()
    desk.get_by_role("button", name="Lập đề cương từ kế hoạch").click()
    desk.locator("#viec-member summary").click()
    desk.get_by_label("Họ tên").fill("Nguyễn Văn Đoàn")
    desk.get_by_label("Là trưởng đoàn").check()
    desk.locator("#viec-member").get_by_role("button").click()

    # The units: with reasons, then a sample that can be drawn again.
    desk.get_by_role("link", name="Chọn đơn vị", exact=True).click()
    expect(desk.get_by_text("1 nhiệm vụ quá hạn").first).to_be_visible()
    axe(desk)
    screenshot(desk, "kiem-tra-chon-don-vi", full_page=True)
    desk.get_by_label("Cách chọn").select_option("ngau_nhien")
    desk.get_by_label("Số đơn vị").fill("1")
    desk.get_by_label("Mã ngẫu nhiên").fill("phong-tho-2")
    desk.get_by_role("button", name="Chọn đơn vị").click()
    expect(desk.get_by_text("ai rút lại cùng mã cũng ra đúng các đơn vị này")).to_be_visible()
    desk.get_by_role("button", name="Thông báo cho các đơn vị").click()
    desk.get_by_role("button", name="Soạn thông báo kiểm tra").click()
    expect(desk.get_by_role("link", name="Kiểm tra việc thực hiện Kế hoạch số 12/KH-UBND")).to_be_visible()
    axe(desk)
    screenshot(desk, "kiem-tra", full_page=True)
    inspection = Inspection.objects.get()
    visit = inspection.visits.get()
    commune = visit.unit.key

    # At the unit, with a phone.
    phone.goto(f"{live_server.url}/kiem-tra/don-vi/{visit.pk}/")
    phone.get_by_role("button", name="Bắt đầu kiểm tra").click()
    axe(phone)
    assert no_sideways_scroll(phone)
    screenshot(phone, "kiem-tra-don-vi-dien-thoai", full_page=True)
    phone.get_by_role("link", name="Ghi mục tiếp theo").click()
    phone.wait_for_load_state()  # what keeps the words is there
    phone.get_by_text("Chưa đạt").click()
    phone.get_by_label("Ghi nhận").fill("Hai thôn chưa niêm yết danh sách.")
    # The connection breaks and the page is opened again.
    phone.reload()
    expect(phone.get_by_label("Ghi nhận")).to_have_value("Hai thôn chưa niêm yết danh sách.")
    expect(phone.get_by_label("Chưa đạt")).to_be_checked()
    phone.get_by_label("Ảnh, tài liệu").set_input_files(photo)
    axe(phone)
    assert no_sideways_scroll(phone)
    screenshot(phone, "kiem-tra-muc-dien-thoai", full_page=True)
    phone.get_by_role("button", name="Lưu, sang mục tiếp").click()
    phone.get_by_text("Đạt", exact=True).click()
    phone.get_by_role("button", name="Lưu", exact=True).click()
    phone.get_by_role("link", name="Kiểm tra lại số liệu").click()
    if commune == "dao-san":
        # which figures are rechecked, and in which order, is drawn by chance
        poor = phone.get_by_role("region", name="Số hộ nghèo", exact=True)
        poor.get_by_label("Số kiểm tra thấy").fill("131")
        poor.get_by_role("button", name="Lưu số kiểm tra").click()
        expect(phone.get_by_text("chênh").first).to_be_visible()
    axe(phone)
    assert no_sideways_scroll(phone)
    screenshot(phone, "kiem-tra-so-lieu-dien-thoai", full_page=True)
    phone.goto(f"{live_server.url}/kiem-tra/don-vi/{visit.pk}/")
    phone.locator("#viec-remedy summary").click()
    phone.get_by_label("Phải khắc phục gì").fill("Niêm yết danh sách hộ nghèo ở mọi thôn.")
    phone.locator("#viec-remedy").get_by_role("button").click()
    phone.get_by_role("button", name="Chốt để lập biên bản").click()
    phone.get_by_role("button", name="Soạn biên bản").click()
    axe(phone)
    assert no_sideways_scroll(phone)
    screenshot(phone, "kiem-tra-bien-ban-dien-thoai", full_page=True)

    # The conclusion, the remedy with proof, the end.
    desk.goto(f"{live_server.url}/kiem-tra/{inspection.pk}/")
    desk.locator("#viec-conclude summary").click()
    desk.get_by_label("Kết luận chung").fill("Xã thực hiện cơ bản đúng kế hoạch; việc niêm yết còn thiếu.")
    desk.locator("#viec-conclude").get_by_role("button").click()
    desk.get_by_role("button", name="Soạn thông báo kết luận").click()
    sign_in(phone, commune)
    phone.goto(f"{live_server.url}/viec-cua-toi/")
    phone.get_by_role("link", name="Niêm yết danh sách hộ nghèo ở mọi thôn.", exact=True).click()
    phone.get_by_label("Đã khắc phục thế nào").fill("Đã niêm yết ở cả hai thôn.")
    phone.get_by_label("Ảnh, tài liệu kèm theo").set_input_files(photo)
    axe(phone)
    screenshot(phone, "kiem-tra-khac-phuc-dien-thoai", full_page=True)
    phone.get_by_role("button", name="Báo cáo khắc phục").click()
    expect(phone.get_by_text("Đã báo cáo. Đoàn kiểm tra sẽ xác nhận.")).to_be_visible()
    desk.goto(f"{live_server.url}/kiem-tra/kien-nghi/")
    axe(desk)
    screenshot(desk, "kiem-tra-kien-nghi")
    desk.get_by_role("link", name="Niêm yết danh sách").first.click()
    desk.get_by_role("button", name="Xác nhận đã khắc phục").click()
    desk.goto(f"{live_server.url}/kiem-tra/{inspection.pk}/")
    desk.get_by_role("button", name="Kết thúc theo dõi").click()
    expect(desk.get_by_text("Cuộc kiểm tra đã xong.")).to_be_visible()
    assert Remedy.objects.get().state == RemedyState.CLOSED
