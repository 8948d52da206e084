"""From a read plan to tasks of units, in a browser: each of the five sample plans; keys, phone, no script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from thidua.core import clock
from thidua.movements.models import PlanVersion, PlanVersionState, Task
from thidua.movements.plans.tests.makers import DAY, issuer_of, sample_document

pytestmark = pytest.mark.django_db(transaction=True)

Screenshot = Callable[..., Path]
SignIn = Callable[[Page, str], None]


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


def settle_names(page: Page) -> None:
    page.get_by_role("button", name="gợi ý chắc chắn").first.click()
    while page.get_by_role("button", name="Ngoài hệ thống").count():
        page.get_by_role("button", name="Ngoài hệ thống").first.click()


@pytest.mark.parametrize(("number", "tasks"), [(0, 20), (1, 13), (2, 86), (3, 40), (4, 21)])
def test_each_plan_is_read_mended_and_adopted(
    page: Page,
    live_server: LiveServer,
    sign_in: SignIn,
    axe: Callable[[Page], None],
    screenshot: Screenshot,
    number: int,
    tasks: int,
) -> None:
    document = sample_document(number)
    issuer = issuer_of(number)
    sign_in(page, issuer.officer.username)
    page.goto(f"{live_server.url}/doc-ke-hoach/{document.address}/")
    page.get_by_role("link", name="Đưa vào thực hiện").click()
    page.get_by_role("button", name="Lập bản nháp").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tiếp nhận kế hoạch")

    # By keys: accept the first item, mend the second, leave the form again.
    page.wait_for_load_state()  # the keys are known from then on
    page.keyboard.press("j")
    first = page.locator("li.muc").first
    page.keyboard.press("a")
    expect(first.get_by_text("Hoàn tác")).to_be_visible()
    expect(page.locator("li.muc").nth(1).locator("a.muc-noi")).to_be_focused()
    page.keyboard.press("e")
    form = page.locator("li.kn-sua")
    expect(form).to_be_visible()
    note = form.get_by_label("Lý do sửa")
    note.fill("Đã đối chiếu văn bản")
    if number == 2:
        axe(page)
        screenshot(page, "tiep-nhan-sua-muc")
    form.get_by_role("button", name="Lưu").click()
    expect(page.locator("li.kn-sua")).to_have_count(0)
    expect(page.locator("li.muc:not(.kn-xong)").first.locator("a.muc-noi")).to_be_focused()

    page.get_by_role("button", name="mục không có nghi ngờ").click()
    undecided = page.locator("li.muc:not(.kn-xong)").get_by_role("button", name="Nhận mục")
    while undecided.count():
        count = undecided.count()
        undecided.first.click()
        expect(undecided).to_have_count(count - 1)
    if number == 2:
        axe(page)
        screenshot(page, "tiep-nhan-cac-muc")
    page.get_by_role("link", name="Tiếp: đơn vị").click()
    if number == 2:
        axe(page)
        screenshot(page, "tiep-nhan-don-vi")
    settle_names(page)
    page.get_by_role("link", name="Tiếp: xem trước").click()
    if number == 2:
        axe(page)
        screenshot(page, "tiep-nhan-xem-truoc")
    page.get_by_role("button", name="Đưa vào thực hiện").click()
    expect(page.get_by_text(f"Đã đưa kế hoạch vào thực hiện: {tasks} nhiệm vụ")).to_be_visible()
    axe(page)
    if number == 2:
        screenshot(page, "tiep-nhan-ke-hoach")
    assert PlanVersion.objects.get().state == PlanVersionState.ADOPTED
    assert Task.objects.count() == tasks


def test_the_same_without_a_script(
    page_without_scripts: Page, live_server: LiveServer, sign_in: SignIn
) -> None:
    page = page_without_scripts
    document = sample_document(1)
    sign_in(page, issuer_of(1).officer.username)
    page.goto(f"{live_server.url}/ke-hoach/tiep-nhan/{document.address}/")
    page.get_by_role("button", name="Lập bản nháp").click()
    page.get_by_role("link", name="Sửa mục CT3").click()
    page.get_by_label("Giá trị", exact=True).fill("1,2")
    page.get_by_role("button", name="Lưu").click()
    page.get_by_role("button", name="mục không có nghi ngờ").click()
    while page.get_by_role("button", name="Nhận mục").count():
        page.get_by_role("button", name="Nhận mục").first.click()
    page.get_by_role("link", name="Tiếp: đơn vị").click()
    settle_names(page)
    page.get_by_role("link", name="Tiếp: xem trước").click()
    page.get_by_role("button", name="Đưa vào thực hiện").click()
    expect(page.get_by_text("Dưới 1,2 %")).to_be_visible()


def test_on_a_phone_nothing_runs_out_of_the_page(
    phone_page: Page, live_server: LiveServer, sign_in: SignIn
) -> None:
    document = sample_document(1)
    sign_in(phone_page, issuer_of(1).officer.username)
    phone_page.goto(f"{live_server.url}/ke-hoach/tiep-nhan/{document.address}/")
    phone_page.get_by_role("button", name="Lập bản nháp").click()
    version = PlanVersion.objects.get()
    for path in ("", "don-vi/", "xem-truoc/"):
        phone_page.goto(f"{live_server.url}/ke-hoach/nhap/{version.pk}/{path}")
        assert phone_page.evaluate("document.documentElement.scrollWidth") == 390
