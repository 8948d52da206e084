"""Awards in a browser: suggestions with reasons, a proposal on a phone, the appraisal at a desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from thidua.awards.models import AwardRound, Candidate, CandidateState, ChargeArea, Hold
from thidua.awards.tests.makers import make_record
from thidua.awards.tests.poor_world import PoorWorld, poor_world
from thidua.core import clock
from thidua.organisations.tests.world import DAY

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def poor(live_server: LiveServer) -> PoorWorld:
    found = poor_world()
    unit = found.world.unit("phong-ldtbxh")
    position = {"position": "Phó trưởng phòng", "person_class": "lanh_dao_khac"}
    official = make_record(unit, "Tẩn Văn Ví Dụ", **position)
    ChargeArea.objects.create(person=official, unit=found.world.unit("huoi-luong"), since=DAY, source="QĐ 5")
    AwardRound.objects.filter(pk=found.round.pk).update(due_on=DAY)
    return found


def fits(page: Page) -> None:
    """Nothing sticks out sideways."""
    page.wait_for_load_state()
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def checked(page: Page, axe: Axe) -> None:
    fits(page)
    axe(page)


def test_from_suggestion_to_appraisal(
    page: Page,
    phone_page: Page,
    live_server: LiveServer,
    poor: PoorWorld,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    sign_in(page, "thuong-truc")
    page.goto(f"{live_server.url}/khen-thuong/")
    checked(page, axe)
    screenshot(page, "khen-thuong-cac-dot", full_page=True)
    page.get_by_role("link", name="Xét khen thưởng năm 2023").click()
    checked(page, axe)
    page.get_by_role("button", name="Xét gợi ý theo số liệu").click()
    expect(page.get_by_role("status")).to_contain_text("Đã xét 4 đối tượng")
    checked(page, axe)
    screenshot(page, "khen-thuong-goi-y", full_page=True)

    page.get_by_role("link", name="xã Dào San").first.click()
    expect(page.locator("h1")).to_have_text("xã Dào San")
    expect(page.get_by_text("Gần đạt").first).to_be_visible()
    checked(page, axe)
    screenshot(page, "khen-thuong-vi-sao", full_page=True)
    page.goto(f"{live_server.url}/khen-thuong/dot/{poor.round.pk}/goi-y/?ket_luan=1")
    page.get_by_role("link", name="xã Mù Sang").click()
    expect(page.get_by_role("heading", name="Còn thiếu gì, ai bổ sung được")).to_be_visible()
    checked(page, axe)

    phone = phone_page
    sign_in(phone, "huoi-luong")
    phone.goto(f"{live_server.url}/khen-thuong/dot/{poor.round.pk}/goi-y/")
    checked(phone, axe)
    screenshot(phone, "khen-thuong-dien-thoai-goi-y", full_page=True)
    phone.get_by_role("link", name="xã Huổi Luông").first.click()
    checked(phone, axe)
    screenshot(phone, "khen-thuong-dien-thoai-vi-sao", full_page=True)
    phone.get_by_role("link", name="Lập đề nghị").click()
    expect(phone.get_by_label("Đối tượng")).to_have_value(f"unit:{poor.world.unit('huoi-luong').pk}")
    phone.get_by_label("Tóm tắt thành tích").fill("Ba năm liền giảm trên 4 điểm phần trăm mỗi năm.")
    checked(phone, axe)
    screenshot(phone, "khen-thuong-dien-thoai-lap", full_page=True)
    phone.get_by_role("button", name="Lập đề nghị").click()

    expect(phone.get_by_role("status")).to_contain_text("Đã lập đề nghị")
    candidate = Candidate.objects.get()
    checked(phone, axe)
    screenshot(phone, "khen-thuong-dien-thoai-ho-so", full_page=True)
    phone.get_by_role("button", name="Soạn báo cáo thành tích").click()
    expect(phone.get_by_text("Thành tích đề nghị tặng Giấy khen").first).to_be_visible()
    screenshot(phone, "khen-thuong-dien-thoai-bao-cao", full_page=True)
    phone.goto(f"{live_server.url}/khen-thuong/de-nghi/{candidate.pk}/")
    phone.get_by_role("button", name="Soạn tờ trình").click()
    phone.goto(f"{live_server.url}/khen-thuong/de-nghi/{candidate.pk}/")
    phone.get_by_role("button", name="Gửi đề nghị").click()
    expect(phone.get_by_role("status")).to_contain_text("đã gửi")

    page.goto(f"{live_server.url}/khen-thuong/de-nghi/{candidate.pk}/")
    checked(page, axe)
    screenshot(page, "khen-thuong-tham-dinh", full_page=True)
    page.get_by_label("Ý kiến thẩm định").fill("Đủ điều kiện theo tiêu chí S2.")
    page.get_by_role("button", name="Ghi thẩm định").click()
    expect(page.get_by_role("status")).to_contain_text("Đã ghi thẩm định")
    page.get_by_text("Ghi tạm dừng (kỷ luật, kiểm tra, khiếu nại)").click()
    expect(page.get_by_label("Nội dung vụ việc")).to_be_visible()
    checked(page, axe)
    page.get_by_role("button", name="Trình hội đồng").click()
    expect(page.get_by_role("status")).to_contain_text("trình hội đồng")
    checked(page, axe)
    screenshot(page, "khen-thuong-trinh-hoi-dong", full_page=True)
    candidate.refresh_from_db()
    assert candidate.state == CandidateState.AT_COUNCIL
    page.goto(f"{live_server.url}/khen-thuong/dot/{poor.round.pk}/")
    checked(page, axe)
    screenshot(page, "khen-thuong-dot", full_page=True)
    assert Hold.objects.count() == 0


def test_forms_on_a_phone(
    phone_page: Page,
    live_server: LiveServer,
    poor: PoorWorld,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    page = phone_page
    sign_in(page, "thuong-truc")
    page.goto(f"{live_server.url}/khen-thuong/")
    checked(page, axe)
    screenshot(page, "khen-thuong-dien-thoai-dot", full_page=True)
    page.get_by_role("link", name="Kế hoạch vì người nghèo").click()
    checked(page, axe)
    page.get_by_role("button", name="Lập đợt xét").click()
    expect(page.get_by_text("Chưa có hình thức khen thưởng.")).to_be_visible()
    page.wrong.clear()  # type: ignore[attr-defined]  # the answer to a form with mistakes
    checked(page, axe)
    screenshot(page, "khen-thuong-dien-thoai-lap-dot", full_page=True)
    page.get_by_label("Hình thức khen thưởng").select_option("giay-khen")
    page.get_by_label("Xã, phường").check()
    page.get_by_role("button", name="Lập đợt xét").click()
    expect(page.get_by_role("status")).to_contain_text("Đã lập đợt xét")
    checked(page, axe)
    page.goto(f"{live_server.url}/khen-thuong/nguoi/moi/")
    checked(page, axe)
    screenshot(page, "khen-thuong-dien-thoai-nguoi", full_page=True)
    page.get_by_role("link", name="Tẩn Văn Ví Dụ").click()
    checked(page, axe)
    screenshot(page, "khen-thuong-dien-thoai-dia-ban", full_page=True)
