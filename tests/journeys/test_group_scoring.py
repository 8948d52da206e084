"""Group scoring in a browser: self-scored on a phone, checked by another, verified, published."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from thidua.awards.groups.tests.makers import Scoring, open_scoring, ready_table
from thidua.awards.models import ScoreEvidence, ScoreItem, ScoreSheetState, SeasonPublication
from thidua.awards.tests.makers import make_award_round, offer
from thidua.core import clock
from thidua.organisations.tests.world import DAY, phong_tho

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def scoring(live_server: LiveServer) -> Scoring:
    """Huổi Luông is verified already, Mù Sang never begins."""
    world = phong_tho()
    days = {"self_due": date(2023, 11, 1), "cross_due": date(2023, 11, 20), "verify_due": date(2023, 11, 30)}
    made = open_scoring(world, **days)
    ScoreItem.objects.filter(number="1").update(
        guide="Đạt 100% kế hoạch: đủ điểm. Mỗi chỉ tiêu không đạt trừ 5 điểm.", needs_evidence=True
    )
    made.season.refresh_from_db()
    ScoreItem.objects.filter(number="1").update(needs_evidence=False)
    made.verified("huoi-luong", n1=50, n2=30)
    ScoreItem.objects.filter(number="1").update(needs_evidence=True)
    ready_table(world)
    offer(make_award_round(world.unit("phong-tho")))
    return made


def checked(page: Page, axe: Axe) -> None:
    """Nothing sticks out sideways, nothing is out of reach."""
    page.wait_for_load_state()
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    axe(page)


def test_a_year_is_scored_and_published(
    page: Page,
    phone_page: Page,
    live_server: LiveServer,
    scoring: Scoring,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
    tmp_path: Path,
) -> None:
    rooms = f"{live_server.url}/khen-thuong/cum-khoi/"
    sheet = scoring.sheet("dao-san")
    address = f"{rooms}phieu/{sheet.pk}/"
    photo = tmp_path / "anh-mo-hinh.jpg"
    photo.write_bytes(b"\xff\xd8\xff" + b"0" * 200)

    # the commune, on a phone: from the list to its sheet
    sign_in(phone_page, "dao-san")
    phone_page.goto(rooms)
    checked(phone_page, axe)
    screenshot(phone_page, "cum-khoi-danh-sach-dien-thoai", full_page=True)
    phone_page.get_by_role("link", name="xã Dào San:").click()
    checked(phone_page, axe)
    screenshot(phone_page, "cum-khoi-tu-cham", full_page=True)
    points = phone_page.get_by_label("Điểm tự chấm")
    points.nth(0).fill("45,5")
    points.nth(0).press("Enter")
    expect(points.nth(1)).to_be_focused()
    points.nth(1).fill("30")
    points.nth(2).fill("5")
    points.nth(3).fill("5")
    total = phone_page.locator("[data-tong]")
    expect(total).to_have_text("81,5")  # a bonus of 10 counts as 6
    phone_page.get_by_role("button", name="Gửi điểm tự chấm").click()
    expect(phone_page.get_by_role("alert")).to_contain_text("thiếu minh chứng")
    expect(points.nth(0)).to_have_value("45,5")
    phone_page.get_by_label("Ảnh, tệp").first.set_input_files(photo)
    phone_page.get_by_label("Số, ngày văn bản hoặc địa chỉ").first.fill("Báo cáo số 15/BC-UBND")
    phone_page.get_by_label("Giải trình").first.fill("Giảm 42 hộ nghèo")
    points.nth(0).fill("450")
    phone_page.get_by_role("button", name="Lưu, làm tiếp sau").click()
    expect(phone_page.get_by_text("Điểm 450 vượt điểm tối đa 60.")).to_be_visible()
    checked(phone_page, axe)
    screenshot(phone_page, "cum-khoi-tu-cham-sai", full_page=True)
    phone_page.wrong.clear()  # type: ignore[attr-defined]  # the two answers 422 above
    points.nth(0).fill("50")
    points.nth(2).fill("")
    points.nth(3).fill("")
    phone_page.get_by_role("button", name="Gửi điểm tự chấm").click()
    expect(phone_page.get_by_role("status")).to_contain_text("Đã gửi điểm tự chấm")
    assert sorted(ScoreEvidence.objects.filter(line__sheet=sheet).values_list("words", flat=True)) == [
        "Báo cáo số 15/BC-UBND",
        "anh-mo-hinh.jpg",
    ]
    checked(phone_page, axe)
    screenshot(phone_page, "cum-khoi-nam-dien-thoai", full_page=True)

    # the unit that checks
    sign_in(page, "huoi-luong")
    page.goto(address)
    page.get_by_role("button", name="Điền điểm tự chấm vào ô trống").click()
    points = page.get_by_label("Điểm chấm chéo")
    expect(points.nth(0)).to_have_value("50")
    points.nth(0).fill("48")
    page.get_by_label("Nhận xét").first.fill("Một chỉ tiêu chưa đạt")
    page.get_by_role("button", name="Lưu, làm tiếp sau").click()
    expect(page.get_by_text("chấm chéo −2 so với tự chấm")).to_be_visible()
    checked(page, axe)
    screenshot(page, "cum-khoi-cham-cheo", full_page=True)
    page.get_by_role("button", name="Xong chấm chéo").click()

    # the body verifies: back to what the commune gave itself, and says why
    sign_in(page, "lanh-dao")
    page.goto(address)
    page.get_by_label("Điểm thẩm định").nth(0).fill("50")
    page.get_by_role("button", name="Điền điểm đề nghị vào ô trống").click()
    expect(page.get_by_text("chưa ghi lý do")).to_be_visible()
    page.wrong.clear()  # type: ignore[attr-defined]  # the answer 422 above
    page.get_by_label("Ý kiến thẩm định").first.fill("Chỉ tiêu đã đạt theo số liệu chính thức")
    checked(page, axe)
    screenshot(page, "cum-khoi-tham-dinh", full_page=True)
    page.get_by_role("button", name="Xong thẩm định").click()
    expect(page.get_by_role("status")).to_contain_text("Đã thẩm định xong")
    sheet.refresh_from_db()
    assert sheet.state == ScoreSheetState.VERIFIED
    checked(page, axe)
    screenshot(page, "cum-khoi-nam", full_page=True)

    # published: two share the first place, one was never scored
    page.get_by_role("button", name="Công bố kết quả").click()
    expect(page.locator("h1")).to_contain_text("Kết quả thi đua năm 2023")
    rows = page.locator(".cd-places tbody tr")
    assert [row.locator("td").first.inner_text() for row in rows.all()] == [
        "1 đồng hạng",
        "1 đồng hạng",
        "chưa chấm",
    ]
    checked(page, axe)
    screenshot(page, "cum-khoi-ket-qua", full_page=True)
    phone_page.goto(page.url)
    checked(phone_page, axe)
    screenshot(phone_page, "cum-khoi-ket-qua-dien-thoai", full_page=True)
    page.get_by_role("link", name="Lập đề nghị khen thưởng xã Dào San").click()
    expect(page.get_by_label("Đối tượng")).to_have_value(f"unit:{sheet.unit_id}")
    assert SeasonPublication.objects.get().withdrawn_at is None

    # what is set up before, at a desk
    for path, name in (
        ("", "danh-sach"),
        ("moi/", "nam-moi"),
        ("nhom-moi/", "nhom-moi"),
        (f"nhom/{scoring.season.grouping_id}/", "nhom"),
        ("bang/", "cac-bang"),
        (f"bang/{scoring.season.table_id}/", "bang"),
    ):
        page.goto(f"{rooms}{path}")
        checked(page, axe)
        screenshot(page, f"cum-khoi-{name}", full_page=True)
    page.goto(f"{rooms}bang/")
    page.get_by_role("link", name="Bảng dự thảo").click()
    checked(page, axe)
    screenshot(page, "cum-khoi-bang-nhap", full_page=True)
    page.get_by_role("link", name="Sửa: Kinh tế - xã hội").click()
    checked(page, axe)
    screenshot(page, "cum-khoi-tieu-chi", full_page=True)
