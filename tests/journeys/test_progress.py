"""Targets from the list to their line, the confirmation of their figures, and the board of a leader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from thidua.core import clock
from thidua.indicators.models import Direction, Source, Stage, System
from thidua.movements.models import Target, TargetBinding
from thidua.movements.progress.tests.makers import (
    MULTIDIM,
    make_indicator,
    make_rate,
    make_standard,
    make_target,
    make_value,
)
from thidua.movements.tests.makers import make_task, phong_tho_plan
from thidua.organisations.tests.world import World, phong_tho

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]
DAY = date(2024, 11, 20)


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def world(live_server: LiveServer) -> World:
    """Phong Thổ with its published rates, a plan with four targets, a late task."""
    world = phong_tho()
    district = world.unit("phong-tho")
    plan = phong_tho_plan(world, title="Phong Thổ chung tay vì người nghèo", number="2195/KH-UBND")
    standard, rate = make_standard(), make_rate()
    source = Source.objects.create(title="Báo điện tử VietNamNet, bài về huyện Phong Thổ")
    for year, amount in ((2022, "43.8"), (2023, "37.9")):
        make_value(rate, district, year, amount, standard=standard, source=source)
    make_value(rate, district, 2024, "32.5", standard=standard, source=source, stage=Stage.FORECAST)
    escaped = make_indicator(
        "hard_communes_escaped",
        "Số xã thoát tình trạng đặc biệt khó khăn",
        measure="xã",
        system=System.REPORT,
        direction=Direction.UP,
    )
    make_value(escaped, district, 2021, "0")
    make_value(escaped, district, 2023, "3")
    make_target(plan, district)
    make_target(
        plan,
        district,
        key="T2",
        entry={
            **MULTIDIM,
            "indicator": "ethnic_poor_hh_rate_decrease",
            "label_vi": "Mức giảm tỷ lệ hộ nghèo dân tộc thiểu số",
            "quote": "tỷ lệ hộ nghèo dân tộc thiểu số giảm trên 5%/năm",
        },
    )
    make_target(
        plan,
        district,
        key="T3",
        entry={
            "quote": "đến năm 2025 có 5/12 (đạt 41,6%) xã thoát khỏi tình trạng đặc biệt khó khăn",
            "indicator": "especially_difficult_communes_escaped",
            "label_vi": "Số xã thoát khỏi tình trạng đặc biệt khó khăn",
            "comparator": "gte",
            "value": 5,
            "unit": "commune",
            "scope": "huyện Phong Thổ",
            "stated_count": {"of": 12, "stated_pct": 41.6},
        },
    )
    make_task(plan, world.unit("dao-san"), due_on=date(2024, 11, 9))
    return world


def test_officer_sees_verdicts_and_confirms_what_measures_a_target(
    page: Page, live_server: LiveServer, world: World, sign_in: SignIn, axe: Axe, screenshot: Screenshot
) -> None:
    sign_in(page, "thuong-truc")
    page.goto(f"{live_server.url}/chi-tieu/")
    expect(page.get_by_role("row")).to_have_count(4)
    expect(page.get_by_role("row").nth(1)).to_contain_text("Chậm tiến độ")
    axe(page)
    screenshot(page, "chi-tieu")

    page.get_by_role("link", name="Mức giảm tỷ lệ nghèo đa chiều").click()
    expect(page.get_by_role("img", name="Mức giảm tỷ lệ nghèo đa chiều: số đạt được")).to_be_visible()
    expect(page.get_by_text("Số ước thực hiện năm 2024 là 32,50 %")).to_have_count(0)
    page.get_by_role("link", name="Xác nhận số liệu").click()
    axe(page)
    screenshot(page, "chi-tieu-gan")
    page.get_by_label("Ghi chú, lý do").fill("Theo Quyết định 880")
    page.get_by_role("button", name="Xác nhận").click()
    expect(page.get_by_role("status")).to_contain_text("Đã gắn chỉ tiêu với số liệu")
    assert TargetBinding.objects.get().is_confirmed

    page.get_by_label("Kết luận tại ngày").fill("2025-01-15")
    page.get_by_role("button", name="Xem").click()
    expect(page.get_by_text("Số ước thực hiện năm 2024 là 32,50 %; số ước không dùng")).to_be_visible()
    axe(page)
    screenshot(page, "chi-tieu-mot", full_page=True)
    page.emulate_media(media="print")
    screenshot(page, "chi-tieu-in", full_page=True)
    page.emulate_media(media="screen", color_scheme="dark")
    axe(page)
    screenshot(page, "chi-tieu-toi", full_page=True)


def test_printed_share_is_recomputed_on_the_page(
    page: Page, live_server: LiveServer, world: World, sign_in: SignIn
) -> None:
    sign_in(page, "thuong-truc")
    target = Target.objects.get(indicator="especially_difficult_communes_escaped")
    page.goto(f"{live_server.url}/chi-tieu/{target.pk}/")

    expect(page.get_by_text("5/12 là 41,7 %, kế hoạch ghi 41,6 %.")).to_be_visible()
    expect(page.get_by_role("heading", name="Đúng tiến độ")).to_be_visible()


def test_leader_sees_what_will_be_missed_on_a_phone(
    phone_page: Page,
    live_server: LiveServer,
    world: World,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    sign_in(phone_page, "lanh-dao")
    phone_page.goto(f"{live_server.url}/chi-tieu/dieu-hanh/")

    behind = phone_page.get_by_role("region", name="Chậm tiến độ")
    expect(behind).to_contain_text("5,90 điểm %/năm")
    expect(behind).to_contain_text("chậm tiến độ từ số liệu năm 2023")
    expect(phone_page.get_by_role("region", name="Nhiệm vụ chậm")).to_contain_text("xã Dào San")
    axe(phone_page)
    assert phone_page.evaluate("document.documentElement.scrollWidth") == 390
    screenshot(phone_page, "bang-dieu-hanh-dien-thoai", full_page=True)
    phone_page.goto(f"{live_server.url}/chi-tieu/{Target.objects.get(item__key='T1').pk}/")
    assert phone_page.evaluate("document.documentElement.scrollWidth") == 390
    screenshot(phone_page, "chi-tieu-dien-thoai", full_page=True)


def test_leader_sees_the_board_on_a_desktop(
    page: Page, live_server: LiveServer, world: World, sign_in: SignIn, axe: Axe, screenshot: Screenshot
) -> None:
    sign_in(page, "lanh-dao")
    page.goto(live_server.url)
    page.get_by_role("link", name="Bảng điều hành").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Bảng điều hành")
    axe(page)
    screenshot(page, "bang-dieu-hanh")
