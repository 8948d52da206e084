"""Public opinion in a browser: a list is posted, a citizen objects on a phone, the body answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from tests.journeys.test_awards import checked
from thidua.awards.models import CandidateState, Opinion, Posting
from thidua.awards.opinions import flood
from thidua.awards.tests.makers import make_award_round, make_candidate, make_record, offer
from thidua.core import clock
from thidua.organisations.tests.world import DAY, phong_tho

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


def test_a_citizen_objects_and_the_body_answers(
    page: Page,
    phone_page: Page,
    live_server: LiveServer,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # the clock of the tests stands still
    monkeypatch.setattr(flood, "LEAST_SECONDS", 0)
    world = phong_tho()
    round_ = make_award_round(world.unit("phong-tho"), world.unit("phong-ldtbxh"))
    offer(round_)
    known = {"state": CandidateState.APPRAISED, "achievement": "Ba năm liền giảm nghèo trên 4 điểm mỗi năm."}
    make_candidate(round_, world.unit("huoi-luong"), label="xã Huổi Luông", label_order="x1", **known)
    official = make_record(world.unit("phong-ldtbxh"), "Tẩn Văn Ví Dụ", position="Phó trưởng phòng")
    make_candidate(round_, official, label_order="t1", **known)

    sign_in(page, "thuong-truc")
    page.goto(f"{live_server.url}/khen-thuong/dot/{round_.pk}/")
    page.get_by_role("link", name="Công khai danh sách lấy ý kiến").click()
    checked(page, axe)
    screenshot(page, "lay-y-kien-chon", full_page=True)
    page.get_by_role("button", name="Công khai danh sách").click()
    expect(page.get_by_role("status")).to_contain_text("Đã công khai 2 đề nghị")
    posting = Posting.objects.get()

    phone = phone_page
    phone.goto(f"{live_server.url}/lay-y-kien/")
    checked(phone, axe)
    phone.get_by_role("link", name="Xét khen thưởng năm 2023").click()
    checked(phone, axe)
    screenshot(phone, "lay-y-kien-dien-thoai-danh-sach", full_page=True)
    phone.get_by_role("link", name="Gửi ý kiến").last.click()
    checked(phone, axe)
    screenshot(phone, "lay-y-kien-dien-thoai-mau", full_page=True)
    phone.get_by_label("Không đồng tình").check()
    phone.get_by_label("Nội dung, lý do").fill("Bản Mới còn 12 hộ chưa được rà soát.")
    phone.get_by_role("button", name="Gửi ý kiến").click()
    expect(phone.get_by_text("Đã nhận ý kiến")).to_be_visible()
    checked(phone, axe)
    screenshot(phone, "lay-y-kien-dien-thoai-phieu", full_page=True)
    assert phone.context.cookies() == []

    page.goto(f"{live_server.url}/viec-cua-toi/")
    waiting = page.get_by_role("link", name="1 ý kiến của nhân dân chờ trả lời", exact=True)
    expect(waiting).to_be_visible()
    page.goto(f"{live_server.url}/khen-thuong/cong-khai/")
    checked(page, axe)
    screenshot(page, "lay-y-kien-cac-danh-sach", full_page=True)
    page.goto(f"{live_server.url}/khen-thuong/cong-khai/{posting.pk}/")
    checked(page, axe)
    screenshot(page, "lay-y-kien-danh-sach", full_page=True)
    page.get_by_role("link", name="Bản Mới còn 12 hộ").click()
    checked(page, axe)
    screenshot(page, "lay-y-kien-tra-loi", full_page=True)
    page.get_by_label("Kết luận").select_option("khong_co_so")
    page.get_by_label("Lý do, căn cứ").fill("Ban giảm nghèo xã đã rà soát ngày 03/11, có biên bản.")
    page.get_by_role("button", name="Trả lời").click()
    expect(page.get_by_role("status")).to_contain_text("Đã trả lời")
    one = Opinion.objects.get()
    phone.goto(f"{live_server.url}/lay-y-kien/tra-loi/?ma={one.receipt.lower()}")
    expect(phone.get_by_text("có biên bản")).to_be_visible()
    checked(phone, axe)
    Posting.objects.update(posted_on=DAY - timedelta(days=9), until=DAY - timedelta(days=1))
    page.reload()
    page.get_by_role("button", name="Lập bản tổng hợp ý kiến").click()
    expect(page.get_by_role("status")).to_contain_text("đưa vào hồ sơ")
