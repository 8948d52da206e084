"""The council in a browser: attendance at a desk, votes on a phone, two keys, the count, the minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from thidua.awards.council.tests.makers import Meeting, make_council, make_meeting
from thidua.awards.models import BallotBox, BallotMark, CandidateState, CouncilSession, SessionState
from thidua.core import clock
from thidua.organisations.tests.world import World, phong_tho

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]
ON = date(2024, 11, 5)


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(ON):
        yield


@pytest.fixture
def meeting(live_server: LiveServer) -> Meeting:
    world: World = phong_tho()
    council = make_council(world, size=5)
    council.members.filter(position=4).update(unit=world.unit("dao-san"))
    return make_meeting(world, council=council)


def checked(page: Page, axe: Axe) -> None:
    """Nothing sticks out sideways, nothing is out of reach."""
    page.wait_for_load_state()
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    axe(page)


def take_key(page: Page, address: str) -> str:
    page.goto(address)
    page.get_by_role("button", name="Nhận mã khóa của tôi").click()
    return page.locator(".hd-code").inner_text()


def vote(page: Page, address: str, choice: str) -> str:
    page.goto(address)
    page.get_by_role("link", name="Bỏ phiếu", exact=True).click()
    for group in page.locator(".hd-ballot").all():
        group.get_by_label(choice, exact=True).check()
    code = page.locator(".hd-code").inner_text()
    page.get_by_role("button", name="Gửi phiếu").click()
    expect(page.locator("h1")).to_have_text("Đã bỏ phiếu")
    assert page.locator(".hd-code").inner_text() == code
    return code


def test_members_vote_on_a_phone_and_the_chair_closes(
    page: Page,
    phone_page: Page,
    live_server: LiveServer,
    meeting: Meeting,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    address = f"{live_server.url}/khen-thuong/hoi-dong/hop/{meeting.session.pk}/"
    sign_in(page, "thuong-truc")
    page.goto(f"{live_server.url}/khen-thuong/hoi-dong/")
    checked(page, axe)
    screenshot(page, "hoi-dong-danh-sach", full_page=True)
    page.get_by_role("link", name="Hội đồng Thi đua – Khen thưởng huyện Phong Thổ").first.click()
    checked(page, axe)
    screenshot(page, "hoi-dong-thanh-vien", full_page=True)
    page.goto(address)
    expect(page.get_by_text("Không bỏ phiếu", exact=True)).to_be_visible()
    checked(page, axe)
    screenshot(page, "hoi-dong-cuoc-hop", full_page=True)

    sign_in(phone_page, "hoi-dong-0")
    first = take_key(phone_page, address)
    checked(phone_page, axe)
    screenshot(phone_page, "hoi-dong-khoa")
    sign_in(phone_page, "hoi-dong-2")
    second = take_key(phone_page, address)
    page.reload()
    page.get_by_role("button", name="Mở bỏ phiếu").click()
    expect(page.get_by_role("status")).to_contain_text("Đã mở bỏ phiếu")

    codes = []
    for number in range(4):
        sign_in(phone_page, f"hoi-dong-{number}")
        if number == 3:
            phone_page.goto(f"{address}bo-phieu/")
            expect(phone_page.get_by_text("bạn không bỏ phiếu nội dung này")).to_be_visible()
            checked(phone_page, axe)
            screenshot(phone_page, "hoi-dong-phieu", full_page=True)
        codes.append(vote(phone_page, address, "Đồng ý" if number else "Phiếu trắng"))
    screenshot(phone_page, "hoi-dong-bien-nhan", full_page=True)
    assert BallotMark.objects.count() == 4

    page.reload()
    checked(page, axe)
    screenshot(page, "hoi-dong-dang-bo-phieu", full_page=True)
    page.get_by_label("Mã khóa của Thành Viên Số 0").fill(second)
    page.get_by_label("Mã khóa của Thành Viên Số 2").fill(first.lower())
    page.get_by_role("button", name="Kiểm phiếu").click()
    expect(page.locator("h1")).to_have_text("Kết quả bỏ phiếu")
    checked(page, axe)
    screenshot(page, "hoi-dong-ket-qua", full_page=True)
    assert all(box.sealed == "[]" for box in BallotBox.objects.all())

    phone_page.goto(address)
    checked(phone_page, axe)
    screenshot(phone_page, "hoi-dong-dien-thoai", full_page=True)
    phone_page.goto(f"{address}ket-qua/")
    phone_page.get_by_label("Mã biên nhận").fill(codes[3])
    phone_page.get_by_role("button", name="Tìm phiếu của tôi").click()
    expect(phone_page.get_by_role("status").last).to_contain_text("Đồng ý")
    expect(phone_page.get_by_role("status").last).to_contain_text("không có phiếu")
    checked(phone_page, axe)
    screenshot(phone_page, "hoi-dong-phieu-cua-toi", full_page=True)

    page.goto(address)
    page.get_by_role("button", name="Soạn biên bản").click()
    page.get_by_role("button", name="Ghi kết luận vào hồ sơ").click()
    expect(page.get_by_role("status")).to_contain_text("Đã ghi kết quả vào hồ sơ")
    session = CouncilSession.objects.get()
    assert session.state == SessionState.CONCLUDED
    assert {item.candidate.state for item in session.items.all()} == {
        CandidateState.PASSED,
        CandidateState.NOT_PASSED,
    }
    page.get_by_role("link", name="Nháp").last.click()
    expect(page.locator("h1")).to_contain_text("Biên bản")
    screenshot(page, "hoi-dong-bien-ban", full_page=True)
