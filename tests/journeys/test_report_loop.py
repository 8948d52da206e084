"""Reports merged in a browser: the standing body sees gaps first, decides on pieces, prints, hands it on.

Two communes were accepted, the third is accepted on the way; it works without scripts and on a phone, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import Screenshot, SignIn
from thidua.core import clock
from thidua.documents.models import OutgoingPaper, PaperState
from thidua.documents.writing.typesetting import page_pictures
from thidua.organisations.models import Role
from thidua.organisations.tests.world import make_person
from thidua.reports import report_paper
from thidua.reports.models import Lift, Merging, Report, ReportState
from thidua.reports.tests.test_merging import NOW, Merge, begin

Axe = Callable[[Page], None]


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(NOW.date()):
        yield


@pytest.fixture
def one(live_server: LiveServer) -> Merge:
    found = begin()
    found.items["ket-qua"].title = "Kết quả thực hiện các nội dung, chỉ tiêu của Kế hoạch"
    found.items["ket-qua"].save()
    found.items["kho-khan"].lifts = Lift.DIFFICULTY
    found.items["kho-khan"].save()
    make_person("van-thu", (found.world.unit("phong-tho"), Role.CLERK))
    # The first page of a process reads the whole map of addresses, and the first paper the drawing program.
    found.build()
    page_pictures(report_paper.paper_of(found.merged, on=NOW.date()))
    Merging.objects.all().delete()
    return found


def test_reports_are_merged_decided_and_printed(
    page: Page, live_server: LiveServer, one: Merge, sign_in: SignIn, axe: Axe, screenshot: Screenshot
) -> None:
    sign_in(page, "thuong-truc")
    page.goto(f"{live_server.url}/bao-cao/{one.merged.pk}/tong-hop/")
    expect(page.get_by_role("heading", name="Chỗ thiếu, chỗ mâu thuẫn")).to_be_visible()
    expect(page.get_by_text("xã Mù Sang: đã gửi.")).to_be_visible()

    page.get_by_role("button", name="Tổng hợp báo cáo").click()
    expect(page.get_by_text("Đã tổng hợp 2 báo cáo (lần 1).")).to_be_visible()
    expect(page.get_by_text("Xã Mù Sang đã gửi báo cáo nhưng chưa được nhận.")).to_be_visible()
    axe(page)

    Report.objects.filter(pk=one.reports["mu-sang"].pk).update(state=ReportState.ACCEPTED)
    page.reload()
    expect(page.get_by_text("Có 1 báo cáo được nhận sau lần tổng hợp 1.")).to_be_visible()
    page.get_by_role("button", name="Tổng hợp lại").click()
    expect(page.get_by_text("Đã tổng hợp 3 báo cáo (lần 2).")).to_be_visible()
    page.get_by_role("link", name="Số hộ nghèo và hộ cận nghèo").click()
    expect(
        page.get_by_role("heading", name="Số hộ nghèo và hộ cận nghèo, năm 2023: theo đơn vị")
    ).to_be_visible()
    page.evaluate("() => window.scrollTo(0, 0)")
    screenshot(page, "tong-hop-bao-cao", full_page=True)

    page.get_by_role("navigation", name="Câu hỏi").get_by_role("link", name="Kết quả thực hiện").click()
    piece = page.get_by_role("listitem").filter(has_text="Bản Hợp 1 có 5 hộ tự nguyện thoát nghèo")
    piece.get_by_text("Sửa lời hoặc ghi lý do không đưa vào").click()
    piece.get_by_label("Lời đưa vào báo cáo").fill("Bản Hợp 1 có 5 hộ viết đơn thoát nghèo.")
    piece.get_by_role("radio", name="Lấy và sửa").check()
    axe(page)
    screenshot(page, "tong-hop-noi-dung", full_page=True)
    page.get_by_role("button", name="Lưu các quyết định").click()
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    page.get_by_role("button", name="Tổng hợp lại").click()
    assert "Bản Hợp 1 có 5 hộ viết đơn thoát nghèo." in one.answer("ket-qua").text

    page.get_by_role("main").get_by_role("link", name="Văn bản", exact=True).click()
    expect(page.get_by_role("img", name="Trang 1 của bản in thử")).to_be_visible()
    page.get_by_role("img", name="Trang 1 của bản in thử").evaluate("img => img.decode()")
    axe(page)
    screenshot(page, "bao-cao-van-ban", full_page=True)
    page.get_by_role("button", name="Soạn văn bản để ký").click()
    expect(page.get_by_text("chờ soát và ký")).to_be_visible()
    assert OutgoingPaper.objects.get().state == PaperState.DRAFT


def test_the_same_without_scripts(
    page_without_scripts: Page, live_server: LiveServer, one: Merge, sign_in: SignIn
) -> None:
    page = page_without_scripts
    sign_in(page, "thuong-truc")
    page.goto(f"{live_server.url}/bao-cao/{one.merged.pk}/tong-hop/")
    page.get_by_role("button", name="Tổng hợp báo cáo").click()
    expect(page.get_by_text("Đã tổng hợp 2 báo cáo (lần 1).")).to_be_visible()


def test_on_a_phone(
    phone_page: Page, live_server: LiveServer, one: Merge, sign_in: SignIn, axe: Axe, screenshot: Screenshot
) -> None:
    one.build()
    sign_in(phone_page, "thuong-truc")
    for path, name in (
        ("tong-hop/", "tong-hop-bao-cao-dien-thoai"),
        ("van-ban/", "bao-cao-van-ban-dien-thoai"),
    ):
        phone_page.goto(f"{live_server.url}/bao-cao/{one.merged.pk}/{path}")
        axe(phone_page)
        wide = phone_page.evaluate("() => document.documentElement.scrollWidth")
        assert wide <= 390
        screenshot(phone_page, name, full_page=True)
