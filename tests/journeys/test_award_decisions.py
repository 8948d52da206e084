"""From the passed list to certificates in a browser: decided, printed, checked by a stranger, taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from thidua.awards.decisions.tests.makers import issue, passed_round, with_clerk
from thidua.awards.models import AwardDecision, AwardRound, Certificate
from thidua.core import clock
from thidua.core.text import nfc
from thidua.jobs.worker import run_pending
from thidua.organisations.tests.world import DAY, World

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def world(live_server: LiveServer) -> World:
    return with_clerk()


@pytest.fixture
def round_(world: World) -> AwardRound:
    return passed_round(world)


def checked(page: Page, axe: Axe) -> None:
    page.wait_for_load_state()
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    axe(page)


def test_from_the_passed_list_to_the_certificate(
    page: Page,
    phone_page: Page,
    live_server: LiveServer,
    world: World,
    round_: AwardRound,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    sign_in(page, "thuong-truc")
    page.goto(f"{live_server.url}/khen-thuong/quyet-dinh/")
    checked(page, axe)
    page.get_by_role("link", name="Xét khen thưởng năm 2023").first.click()
    checked(page, axe)
    screenshot(page, "quyet-dinh-chon", full_page=True)
    page.get_by_role("button", name="Lập danh sách khen thưởng").click()
    expect(page.get_by_role("status")).to_contain_text("Đã lập danh sách 3 đối tượng")
    checked(page, axe)
    screenshot(page, "quyet-dinh-danh-sach", full_page=True)
    page.get_by_role("link", name="Bà Giàng Thị Ví Dụ").click()
    checked(page, axe)
    page.get_by_label("Chức vụ, đơn vị, địa chỉ").fill("Công chức Văn hóa - Xã hội xã Huổi Luông")
    page.get_by_role("button", name="Lưu").click()
    page.get_by_role("button", name="Soạn văn bản").click()
    expect(page.get_by_text("Về việc tặng Giấy khen").first).to_be_visible()
    screenshot(page, "quyet-dinh-van-ban", full_page=True)

    decision = AwardDecision.objects.select_related("paper").get()
    assert decision.paper is not None
    issue(decision.paper, world)
    page.goto(f"{live_server.url}/khen-thuong/quyet-dinh/{decision.pk}/")
    expect(page.get_by_text("số 01/QĐ-UBND ngày 05/11/2023")).to_be_visible()
    checked(page, axe)
    screenshot(page, "quyet-dinh-co-hieu-luc", full_page=True)

    page.get_by_role("link", name="Tiền thưởng", exact=True).click()
    page.get_by_label("Chọn: Bà Giàng Thị Ví Dụ").check()
    page.get_by_label("Số chứng từ").fill("PC 12")
    checked(page, axe)
    screenshot(page, "quyet-dinh-tien-thuong", full_page=True)
    page.get_by_role("button", name="Ghi đã chi").click()
    expect(page.get_by_role("status")).to_contain_text("Đã ghi chi 1 khoản")

    page.goto(f"{live_server.url}/khen-thuong/quyet-dinh/{decision.pk}/in/")
    checked(page, axe)
    screenshot(page, "quyet-dinh-in", full_page=True)
    page.get_by_role("button", name="In 3 bằng, giấy khen").click()
    expect(page.get_by_role("heading", name="Đang in")).to_be_visible()
    assert run_pending() == 1
    expect(page.get_by_role("heading", name="Đã in xong")).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Tải tệp PDF").click()
    document = pypdfium2.PdfDocument(Path(waiting.value.path()).read_bytes())
    assert len(document) == 3
    words = nfc(document[2].get_textpage().get_text_range())
    for text in (
        "CHỦ TỊCH ỦY BAN NHÂN DÂN HUYỆN PHONG THỔ",
        "Bà Giàng Thị Ví Dụ",
        "Công chức Văn hóa - Xã hội xã Huổi Luông",
        "Số sổ vàng: 3",
    ):
        assert text in words

    page.goto(f"{live_server.url}/khen-thuong/quyet-dinh/{decision.pk}/trao/")
    page.get_by_label("Chọn: Bà Giàng Thị Ví Dụ").check()
    checked(page, axe)
    screenshot(page, "quyet-dinh-trao", full_page=True)
    page.get_by_role("button", name="Ghi đã trao").click()
    expect(page.get_by_role("status")).to_contain_text("Đã ghi trao 1")

    page.goto(f"{live_server.url}/khen-thuong/mau-in/")
    checked(page, axe)
    page.get_by_role("link", name="in cả trang").first.click()
    page.wait_for_function("() => document.querySelector('.kt-preview img').naturalWidth > 0")
    checked(page, axe)
    screenshot(page, "quyet-dinh-mau-in", full_page=True)

    code = Certificate.objects.get(award__person__isnull=False).code
    phone = phone_page
    phone.goto(f"{live_server.url}/kiem-tra-khen-thuong/{code}/")
    expect(phone.get_by_text("Có thật, còn hiệu lực")).to_be_visible()
    checked(phone, axe)
    screenshot(phone, "kiem-tra-khen-thuong-dien-thoai", full_page=True)

    award = Certificate.objects.get(code=code).award
    sign_in(phone, "thuong-truc")
    for name, address in (
        ("danh-sach", f"quyet-dinh/{decision.pk}/"),
        ("tien", f"quyet-dinh/{decision.pk}/tien-thuong/"),
        ("trao", f"quyet-dinh/{decision.pk}/trao/"),
        ("mau", f"mau-in/{decision.prints.get().design_id}/"),
        ("huy-bo", f"huy-bo/{award.pk}/"),
    ):
        phone.goto(f"{live_server.url}/khen-thuong/{address}")
        checked(phone, axe)
        screenshot(phone, f"quyet-dinh-dien-thoai-{name}", full_page=True)
    phone.get_by_label("Căn cứ hủy bỏ").select_option(index=1)
    phone.get_by_label("Kết luận, sự việc").fill("Kết luận thanh tra số 5/KL-TTr")
    phone.get_by_role("button", name="Lập quyết định hủy bỏ").click()
    phone.get_by_role("button", name="Soạn văn bản").click()
    paper = AwardDecision.objects.select_related("paper").get(kind="huy_bo").paper
    assert paper is not None
    issue(paper, world)
    # the phone still holds its copy of a minute ago; the other browser asks anew
    page.goto(f"{live_server.url}/kiem-tra-khen-thuong/{code}/")
    expect(page.get_by_text("Đã hủy bỏ, thu hồi")).to_be_visible()
    checked(page, axe)
    screenshot(page, "kiem-tra-khen-thuong-huy-bo", full_page=True)
