"""A donation from pledge to proof of use: the fund at the desk, the commune on a phone, the books close."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from thidua.core import clock
from thidua.organisations.tests.world import DAY, World, phong_tho
from thidua.resources.funds import ledger
from thidua.resources.models import Allocation, AllocationState, Fund, PledgeState

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def world(live_server: LiveServer) -> World:
    return phong_tho()


def fits(page: Page) -> None:
    """Nothing sticks out sideways."""
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_donation_from_pledge_to_proof_of_use(
    page: Page,
    phone_page: Page,
    live_server: LiveServer,
    world: World,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    sign_in(page, "lanh-dao")
    page.goto(f"{live_server.url}/nguon-luc/")
    axe(page)
    page.get_by_role("link", name="Lập quỹ").click()
    page.get_by_label("Tên quỹ").fill("Quỹ Vì người nghèo")
    page.get_by_label("Ký hiệu biên nhận").fill("VNN")
    page.get_by_label("Công khai trên cổng").check()
    axe(page)
    page.get_by_role("button", name="Lập quỹ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quỹ Vì người nghèo")

    # A firm promises, and gives.
    pledge = page.locator("#viec-pledge")
    pledge.locator("summary").click()
    pledge.get_by_label("Người ủng hộ là").select_option(label="Doanh nghiệp, hợp tác xã")
    pledge.get_by_label("Tên người ủng hộ").fill("Hợp tác xã Ví Dụ")
    pledge.get_by_label("Số lượng").fill("5.000.000")
    pledge.get_by_role("button", name="Ghi cam kết ủng hộ").click()
    expect(page.get_by_role("status")).to_contain_text("Đã ghi cam kết")
    page.get_by_role("link", name="Hợp tác xã Ví Dụ").click()
    axe(page)
    page.get_by_role("button", name="Nhận và lập biên nhận").click()
    expect(page.get_by_role("status")).to_contain_text("Đã lập biên nhận")
    page.get_by_role("link", name="01/BN-VNN").click()
    axe(page)
    with page.expect_download() as printed:
        page.get_by_role("link", name="In biên nhận").click()
    assert Path(printed.value.path()).read_bytes().startswith(b"%PDF")

    # Proposed and approved: the fund has less, the commune is told.
    page.get_by_role("link", name="Quỹ Vì người nghèo").first.click()
    propose = page.locator("#viec-propose")
    propose.locator("summary").click()
    propose.get_by_label("Số lượng").fill("6.000.000")
    propose.get_by_label("Nơi nhận").fill("huoi luong")
    propose.get_by_label("Để làm gì").fill("Sửa nhà cho hộ nghèo")
    propose.get_by_role("button", name="Đề nghị phân bổ").click()
    page.get_by_role("link", name="Sửa nhà cho hộ nghèo").click()
    page.get_by_role("button", name="Duyệt phân bổ").click()
    expect(page.get_by_role("alert")).to_contain_text("quỹ chỉ còn dùng được 5.000.000 đồng")
    page.wrong.clear()  # type: ignore[attr-defined]  # the refusal was provoked
    axe(page)
    page.locator("#viec-refuse summary").click()
    page.locator("#viec-refuse").get_by_label("Lý do").fill("Quỹ không đủ")
    page.get_by_role("button", name="Không duyệt").click()
    page.get_by_role("link", name="Quỹ Vì người nghèo").first.click()
    propose.locator("summary").click()
    propose.get_by_label("Số lượng").fill("4.000.000")
    propose.get_by_label("Nơi nhận").fill("huoi luong")
    propose.get_by_label("Để làm gì").fill("Mua bò giống")
    propose.get_by_role("button", name="Đề nghị phân bổ").click()
    page.get_by_role("link", name="Mua bò giống").click()
    page.get_by_role("button", name="Duyệt phân bổ").click()
    expect(page.get_by_role("status")).to_contain_text("Đã duyệt và ghi sổ")

    # The commune shows how it was used, from its own page of what waits.
    sign_in(phone_page, "huoi-luong")
    phone_page.goto(f"{live_server.url}/viec-cua-toi/")
    phone_page.get_by_role("link", name="Chứng minh sử dụng: Mua bò giống").first.click()
    fits(phone_page)
    axe(phone_page)
    screenshot(phone_page, "nguon-luc-chung-minh-dien-thoai", full_page=True)
    prove = phone_page.locator("#viec-prove")
    prove.get_by_label("Đã dùng vào việc gì").fill("Mua hai con bò giống")
    prove.get_by_label("Tài liệu chứng minh").set_input_files(
        {"name": "ky-nhan.txt", "mimeType": "text/plain", "buffer": "Ký nhận (ví dụ)".encode()}
    )
    prove.get_by_role("button", name="Chứng minh sử dụng").click()
    expect(phone_page.get_by_role("status")).to_contain_text("Đã ghi chứng minh sử dụng")
    fits(phone_page)

    page.goto(page.url)
    page.get_by_role("link", name="Quỹ Vì người nghèo").first.click()
    axe(page)
    screenshot(page, "nguon-luc-quy", full_page=True)
    page.get_by_role("link", name="Sổ cái").click()
    expect(page.get_by_text("Sổ cân")).to_be_visible()
    axe(page)
    page.go_back()
    page.get_by_role("link", name="Bảng thu, chi theo kỳ").click()
    axe(page)
    fund = Fund.objects.get()
    [money] = ledger.balances(fund)
    assert (money.given, money.held, money.given_on, money.used) == (5_000_000, 1_000_000, 0, 4_000_000)
    assert ledger.faults(fund) == []
    assert fund.pledges.get().state == PledgeState.FULFILLED
    assert Allocation.objects.get(purpose="Mua bò giống").state == AllocationState.SETTLED
