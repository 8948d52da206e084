"""Households in a browser: a phone in the village, the review at the desk until it is recognised."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from thidua.core import clock
from thidua.households import recognising
from thidua.households.classes import PovertyClass
from thidua.households.models import Assessment, Review
from thidua.households.tests.makers import COMPLETE, NOW, make_assessment, make_household, make_review
from thidua.indicators.models import Indicator, Stage, Value
from thidua.organisations.models import Role
from thidua.organisations.tests.world import DAY, World, make_person, phong_tho

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]
HEADS = ("Giàng Thị Mẫu", "Lý A Sò", "Vàng A Páo", "Sùng Thị Dợ", "Chảo Láo Tả")


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def world(live_server: LiveServer) -> World:
    """xã Huổi Luông with five invented households, poor and near-poor in 2022."""
    world = phong_tho()
    commune = world.unit("huoi-luong")
    world.people["chu-tich"] = make_person("chu-tich", (commune, Role.LEADER))
    before = make_review(commune, 2022, stage=Stage.OFFICIAL)
    for number, head in enumerate(HEADS, 1):
        one = make_household(
            commune, f"HL-{number:03}", head, village_name="bản Làng Vây", ethnicity="Mông", is_invented=True
        )
        poverty_class = PovertyClass.POOR if number <= 3 else PovertyClass.NEAR_POOR
        make_assessment(one, before, poverty_class)
    for code, name in (
        ("poor_hh", "Số hộ nghèo"),
        ("near_poor_hh", "Số hộ cận nghèo"),
        ("total_households", "Tổng số hộ"),
    ):
        Indicator.objects.create(
            code=code, name=name, kind="count", system="ra_soat", measure="hộ", aggregation="sum"
        )
    return world


def fits(page: Page) -> None:
    """Nothing sticks out sideways."""
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_household_is_surveyed_on_a_phone(
    phone_page: Page,
    live_server: LiveServer,
    world: World,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    page = phone_page
    sign_in(page, "huoi-luong")
    page.goto(f"{live_server.url}/ho-gia-dinh/")
    fits(page)
    axe(page)
    screenshot(page, "ho-dien-thoai-xa", full_page=True)
    page.get_by_role("link", name="xã Huổi Luông").click()
    fits(page)
    axe(page)
    screenshot(page, "ho-dien-thoai-so", full_page=True)
    page.get_by_role("button", name="Mở đợt rà soát năm 2023").click()
    expect(page.get_by_role("status")).to_contain_text("Đã bắt đầu rà soát năm 2023")
    fits(page)
    axe(page)
    page.get_by_role("link", name="Danh sách và phiếu từng hộ").click()
    fits(page)
    axe(page)
    screenshot(page, "ho-dien-thoai-ket-qua", full_page=True)
    page.get_by_role("link", name="Giàng Thị Mẫu").click()
    fits(page)
    axe(page)

    page.get_by_label("Điểm B1").fill("120")
    for name in ("Bảo hiểm y tế", "Nhà tiêu hợp vệ sinh", "Nguồn nước sinh hoạt"):
        page.get_by_role("group", name=name).get_by_label("Thiếu hụt").check()
    expect(page.get_by_role("heading", level=2)).to_have_text("Phân loại: Hộ nghèo")
    axe(page)
    fits(page)
    screenshot(page, "ho-dien-thoai-phieu", full_page=True)
    page.get_by_role("button", name="Lưu phiếu").click()

    expect(page.get_by_role("status")).to_contain_text("Đã lưu phiếu hộ HL-001")
    assert Assessment.objects.get(review__year=2023).national_class == PovertyClass.POOR


def test_review_goes_to_recognition(
    page: Page,
    live_server: LiveServer,
    world: World,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    commune = world.unit("huoi-luong")
    review = make_review(commune, 2023)
    households = list(commune.households.order_by("code"))
    poor, near_poor = PovertyClass.POOR, PovertyClass.NEAR_POOR
    now = (poor, near_poor, PovertyClass.ABOVE, poor, near_poor)
    for household, poverty_class in zip(households, now, strict=True):
        make_assessment(household, review, poverty_class)
    sign_in(page, "chu-tich")
    page.goto(f"{live_server.url}/ho-gia-dinh/huoi-luong/ra-soat/2023/")
    axe(page)
    for label, day in (
        ("Lập danh sách hộ cần rà soát", "2023-09-05"),
        ("Điều tra, phân loại hộ", "2023-10-02"),
        ("Họp dân thống nhất kết quả", "2023-10-10"),
        ("Niêm yết công khai", "2023-10-16"),
        ("Niêm yết đến hết ngày", "2023-10-17"),
        ("Báo cáo, xin ý kiến cấp trên", "2023-10-25"),
    ):
        page.get_by_label(label).fill(day)
    page.get_by_label("Tổng số hộ của xã").fill("100")
    page.get_by_label("Số hộ dự họp dân").fill("80")
    page.get_by_role("button", name="Lưu các bước").click()
    expect(page.get_by_role("status")).to_contain_text("Đã lưu các bước rà soát")
    expect(page.get_by_text("Niêm yết 2 ngày làm việc, ít hơn 3 ngày")).to_be_visible()
    axe(page)
    screenshot(page, "ho-ra-soat", full_page=True)
    page.get_by_role("link", name="Danh sách và phiếu từng hộ").click()
    axe(page)
    screenshot(page, "ho-ket-qua", full_page=True)
    page.get_by_role("link", name="Vàng A Páo").click()
    axe(page)
    screenshot(page, "ho-phieu", full_page=True)
    page.go_back()
    page.go_back()
    page.get_by_label("Số quyết định công nhận").fill("45/QĐ-UBND")
    page.get_by_label("Ngày quyết định").fill("2023-11-03")
    page.get_by_role("button", name="Công nhận kết quả").click()

    expect(page.get_by_role("status")).to_contain_text("ghi 3 số liệu chính thức")
    axe(page)
    screenshot(page, "ho-da-cong-nhan", full_page=True)
    assert Review.objects.get(pk=review.pk).recognised_on == date(2023, 11, 3)
    assert {
        row.indicator.code: int(row.amount or 0) for row in Value.objects.select_related("indicator")
    } == {"poor_hh": 2, "near_poor_hh": 2, "total_households": 100}


def test_recognised_result_is_corrected_on_a_phone(
    phone_page: Page,
    live_server: LiveServer,
    world: World,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    page, commune = phone_page, world.unit("huoi-luong")
    review = make_review(
        commune, 2023, **COMPLETE, stage=Stage.OFFICIAL, decision_number="45/QĐ-UBND", recognised_on=DAY
    )
    for household in commune.households.all():
        make_assessment(household, review, PovertyClass.POOR)
    recognising.enter_values(review, actor=world.acting("chu-tich"), now=NOW)
    address = f"{live_server.url}/ho-gia-dinh/huoi-luong/ra-soat/2023/"
    sign_in(page, "chu-tich")
    page.goto(address)
    page.get_by_text("Đính chính kết quả đã công nhận").click()
    page.get_by_label("Lý do đính chính").fill("Phiếu hộ HL-002 ghi nhầm điểm")
    axe(page)
    fits(page)
    page.get_by_role("button", name="Lập bản đính chính").click()
    expect(page.get_by_text("Đã lập bản đính chính")).to_be_visible()

    page.get_by_role("link", name="Danh sách và phiếu từng hộ").click()
    page.get_by_role("link", name="Lý A Sò").click()
    page.get_by_label("Điểm B1").fill("190")
    page.get_by_role("button", name="Lưu phiếu").click()
    page.goto(address)
    expect(page.get_by_text("Hộ HL-002: Hộ nghèo →")).to_be_visible()
    axe(page)
    fits(page)
    screenshot(page, "ho-dinh-chinh-dien-thoai", full_page=True)
    page.get_by_role("link", name="Xem kết quả trước khi đính chính").click()
    expect(page.get_by_text("trước khi đính chính")).to_be_visible()
    axe(page)
    fits(page)
    page.go_back()
    page.get_by_label("Số quyết định công nhận").fill("60/QĐ-UBND")
    page.get_by_label("Ngày quyết định").fill("2023-11-05")
    page.get_by_role("button", name="Công nhận kết quả").click()
    expect(page.get_by_text("Đã công nhận kết quả")).to_be_visible()
    poor = Value.objects.filter(indicator__code="poor_hh", is_chosen=True).get()
    assert poor.amount == 4
    assert poor.choice_reason.startswith("Đính chính theo 60/QĐ-UBND: Phiếu hộ HL-002")


def test_file_page_looks_right(
    page: Page,
    live_server: LiveServer,
    world: World,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    sign_in(page, "huoi-luong")
    page.goto(f"{live_server.url}/ho-gia-dinh/tep/")
    axe(page)
    screenshot(page, "ho-tep", full_page=True)
