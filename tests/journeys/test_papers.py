"""A paper in a browser: drafted, reviewed, signed on a phone, numbered, issued, checked; one that arrives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from thidua.core import clock
from thidua.documents.models import OutgoingPaper
from thidua.documents.papers.tests.makers import give_keys, make_issued, with_clerk
from thidua.documents.papers.tests.test_arrivals import SENT
from thidua.jobs.worker import run_pending
from thidua.organisations.tests.world import DAY, World

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]

BODY = """I. KẾT QUẢ THỰC HIỆN
1. Công tác chỉ đạo
Ủy ban nhân dân huyện đã ban hành 03 văn bản chỉ đạo, tổ chức 12 hội nghị tuyên truyền tại các xã.
2. Kết quả giảm nghèo
- Tỷ lệ hộ nghèo giảm 4,2 điểm phần trăm so với năm 2022;
- 12/17 xã đạt chỉ tiêu giảm nghèo của năm.
II. PHƯƠNG HƯỚNG
Tiếp tục thực hiện Kế hoạch số 152/KH-UBND, hoàn thành các chỉ tiêu của giai đoạn."""


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def world(live_server: LiveServer) -> World:
    found = with_clerk()
    give_keys(found)
    return found


def drawn(page: Page) -> None:
    """The picture of the sheet has come."""
    page.wait_for_function(
        "() => { const it = document.querySelector('.vb-sheet'); return it.naturalWidth > 0 }"
    )


def test_paper_from_draft_to_check(
    page: Page,
    phone_page: Page,
    live_server: LiveServer,
    world: World,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
    tmp_path: Path,
) -> None:
    sign_in(page, "thuong-truc")
    page.goto(f"{live_server.url}/van-ban/")
    expect(page.get_by_text("Chưa có văn bản nào")).to_be_visible()
    page.get_by_role("link", name="Soạn văn bản").click()
    page.get_by_label("Cơ quan ban hành").select_option(label="huyện Phong Thổ")
    page.get_by_label("Trích yếu").fill("Kết quả phong trào thi đua giảm nghèo năm 2023")
    page.get_by_label("Nội dung").fill(BODY)
    page.get_by_label("Nơi nhận").fill("UBND tỉnh Lai Châu\nLưu: VT, LĐTBXH")
    page.get_by_label("Quyền hạn, chức vụ của người ký").fill("TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH")
    axe(page)
    screenshot(page, "van-ban-soan", full_page=True)
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("heading", name="Báo cáo chưa có số")).to_be_visible()
    page.get_by_role("button", name="Trình soát").click()
    page.get_by_role("button", name="Soát xong, trình ký").click()
    expect(page.locator("h1 ~ p .td-tag").first).to_have_text("Chờ ký")

    sign_in(phone_page, "lanh-dao")
    phone_page.goto(f"{live_server.url}/viec-cua-toi/")
    expect(phone_page.get_by_text("Báo cáo chờ ký")).to_be_visible()
    phone_page.get_by_role("link", name="Xem và ký").click()
    axe(phone_page)
    drawn(phone_page)
    screenshot(phone_page, "van-ban-ky-dien-thoai", full_page=True)
    phone_page.get_by_role("button", name="Ký số văn bản").click()
    expect(phone_page.get_by_text("Đang ký số…")).to_be_visible()
    run_pending()
    expect(phone_page.get_by_text("Đã xong.")).to_be_visible()
    phone_page.get_by_role("link", name="Xem kết quả").click()
    expect(phone_page.get_by_text("Chờ cấp số").first).to_be_visible()

    sign_in(page, "van-thu")
    page.goto(f"{live_server.url}/viec-cua-toi/")
    page.get_by_role("link", name="Cấp số").click()
    drawn(page)
    screenshot(page, "van-ban-cap-so", full_page=True)
    page.get_by_role("button", name="Cấp số").click()
    expect(page.get_by_role("heading", name="Báo cáo số 01/BC-UBND")).to_be_visible()
    page.get_by_role("button", name="Đóng dấu và phát hành").click()
    run_pending()
    page.get_by_role("link", name="Xem kết quả").click()
    expect(page.get_by_text("Tệp còn nguyên vẹn. Chữ ký bằng khóa trình diễn")).to_be_visible()
    axe(page)
    drawn(page)
    screenshot(page, "van-ban-da-phat-hanh", full_page=True)
    with page.expect_download() as waited:
        page.get_by_role("link", name="Tải PDF").click()
    issued = tmp_path / "01.pdf"
    waited.value.save_as(issued)
    assert waited.value.suggested_filename == "01-BC-UBND.pdf"

    page.goto(f"{live_server.url}/van-ban/kiem-tra-chu-ky/")
    page.get_by_label("Tệp PDF").set_input_files(issued)
    page.get_by_label("Hạn phải ký").fill("2023-11-04")
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_text("Tệp này trùng từng byte với văn bản đã phát hành")).to_be_visible()
    expect(page.get_by_text("Ký muộn 1 ngày so với hạn 04/11/2023.").first).to_be_visible()
    axe(page)
    screenshot(page, "van-ban-kiem-tra", full_page=True)
    raw = issued.read_bytes()
    issued.write_bytes(raw[:9000] + bytes([raw[9000] ^ 1]) + raw[9001:])
    page.get_by_label("Tệp PDF").set_input_files(issued)
    page.wrong.clear()  # type: ignore[attr-defined]
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_text("Chữ ký KHÔNG hợp lệ")).to_be_visible()

    page.goto(f"{live_server.url}/van-ban/")
    screenshot(page, "van-ban-di")
    page.goto(f"{live_server.url}/van-ban/so/")
    page.get_by_role("link", name="Văn bản đi, mọi loại").click()
    expect(page.get_by_role("link", name="Kết quả phong trào thi đua")).to_be_visible()
    axe(page)
    screenshot(page, "so-van-ban")


def test_arrival_is_read_registered_and_passed_on(
    page: Page,
    phone_page: Page,
    live_server: LiveServer,
    world: World,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
    tmp_path: Path,
) -> None:
    make_issued(world)
    plan = tmp_path / "ke-hoach-417.txt"
    plan.write_text(SENT, encoding="utf-8")
    sign_in(page, "van-thu")
    page.goto(f"{live_server.url}/van-ban/den/")
    page.get_by_role("link", name="Đăng ký văn bản đến").click()
    page.get_by_label("Tệp văn bản").set_input_files(plan)
    page.get_by_role("button", name="Đọc tệp").click()
    expect(page.get_by_label("Số", exact=True)).to_have_value("417")
    expect(page.get_by_label("Ký hiệu", exact=True)).to_have_value("KH-UBND")
    expect(page.get_by_label("Ngày văn bản", exact=True)).to_have_value("2023-11-02")
    axe(page)
    screenshot(page, "van-ban-den-dang-ky", full_page=True)
    page.get_by_role("button", name="Đăng ký").click()
    expect(page.get_by_text("Đã đăng ký, số đến 01.")).to_be_visible()
    page.get_by_label("Phòng Nội vụ huyện Phong Thổ").check()
    page.get_by_label("Đơn vị chủ trì").select_option(label="Phòng Nội vụ huyện Phong Thổ")
    page.get_by_label("Ý kiến chỉ đạo").fill("Tham mưu kế hoạch của huyện trước ngày 10/11")
    page.get_by_label("Hạn giải quyết").fill("2023-11-10")
    page.get_by_role("button", name="Chuyển", exact=True).click()
    expect(page.get_by_text("Đã chuyển cho 1 nơi.")).to_be_visible()
    axe(page)
    screenshot(page, "van-ban-den", full_page=True)

    sign_in(phone_page, "noi-vu")
    phone_page.goto(f"{live_server.url}/viec-cua-toi/")
    phone_page.get_by_role("link", name="Xem văn bản").click()
    phone_page.get_by_label("Kết quả giải quyết").fill("Đã trình dự thảo kế hoạch")
    axe(phone_page)
    screenshot(phone_page, "van-ban-den-dien-thoai", full_page=True)
    phone_page.get_by_role("button", name="Báo xong").click()
    expect(phone_page.get_by_text("đã xong 05/11/2023")).to_be_visible()

    page.goto(f"{live_server.url}/van-ban/den/")
    expect(page.get_by_text("Đã giải quyết")).to_be_visible()
    screenshot(page, "van-ban-den-danh-sach")


def test_correction_names_what_it_corrects(
    page: Page, live_server: LiveServer, world: World, sign_in: SignIn
) -> None:
    paper = make_issued(world)
    sign_in(page, "thuong-truc")
    page.goto(f"{live_server.url}/van-ban/di/{paper.pk}/")

    page.get_by_label("Văn bản mới để").select_option(label="Đính chính")
    page.get_by_role("button", name="Soạn văn bản mới").click()
    page.get_by_role("button", name="Lưu").click()

    expect(page.get_by_text("Đính chính 01/BC-UBND")).to_be_visible()
    assert OutgoingPaper.objects.get(names=paper).relation == "dinh_chinh"
