"""Reports in a browser: a commune on a phone, the standing body at a desk, a correction afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from thidua.core import clock
from thidua.indicators.models import Value
from thidua.movements.models import Activity, TaskNote
from thidua.movements.tests.makers import at, make_task
from thidua.organisations.tests.world import DAY
from thidua.reports import correcting, rounds, sending
from thidua.reports.models import Report, ReportState, Round, RoundKind, RoundState
from thidua.reports.tests.makers import make_report
from thidua.reports.tests.test_sending import Asked

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def asked(live_server: LiveServer) -> Asked:
    """The yearly round of 2023 of Phong Thổ; figures of last year and some of this one are known."""
    asked = Asked()
    asked.plan.title = "Triển khai phong trào thi đua “Vì người nghèo - Không để ai bị bỏ lại phía sau”"
    asked.plan.number = "152/KH-UBND"
    asked.plan.save()
    asked.plan.versions.update(first_year=2022, last_year=2025)
    asked.question.title = "Kết quả thực hiện các nội dung, chỉ tiêu của Kế hoạch"
    asked.question.help = "Làm được gì, so với chỉ tiêu đến đâu."
    asked.question.save()
    asked.figures.give("poor_hh", "huoi-luong", 402, year=2022)
    asked.figures.give("total_households", "huoi-luong", 1185, year=2022)
    asked.figures.give("total_households", "huoi-luong", 1192)
    task = make_task(
        asked.plan,
        asked.world.unit("huoi-luong"),
        title="Huy động ngày công giúp hộ nghèo xóa nhà tạm, nhà dột nát",
        state="dang_lam",
        percent=70,
        due_on=date(2023, 12, 15),
    )
    TaskNote.objects.create(
        task=task,
        percent=70,
        text="Đã xong 07 nhà, còn 03 nhà đang dựng khung.",
        written_at=at(date(2023, 10, 20)),
    )
    Activity.objects.create(
        plan=asked.plan,
        unit=asked.world.unit("huoi-luong"),
        kind="tap_huan",
        title="Tập huấn chăn nuôi trâu vỗ béo",
        held_on=date(2023, 9, 12),
        people=46,
    )
    Round.objects.filter(pk=asked.round.pk).update(
        due_text="Trước ngày 10 tháng 11 hằng năm; trước ngày 20 tháng 11 hằng năm",
        source_text="Trước ngày 10 tháng 11 hằng năm, các cơ quan, đơn vị, các xã, thị trấn báo cáo …",
    )
    for key, state in (
        ("dao-san", ReportState.SENT),
        ("mu-sang", ReportState.NOT_SENT),
        ("phong-noi-vu", ReportState.ACCEPTED),
    ):
        make_report(asked.round, asked.world.unit(key), state=state)
    Report.objects.filter(unit=asked.world.unit("mu-sang")).update(due_on=date(2023, 11, 1))
    return asked


def fits(page: Page) -> None:
    """Nothing sticks out sideways."""
    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_commune_reports_on_a_phone(
    phone_page: Page,
    live_server: LiveServer,
    asked: Asked,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    page = phone_page
    sign_in(page, "huoi-luong")
    page.goto(f"{live_server.url}/viec-cua-toi/")
    page.get_by_role("link", name="Viết báo cáo").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Báo cáo năm 2023")
    fits(page)
    axe(page)
    screenshot(page, "bao-cao-viet-dien-thoai", full_page=True)

    expect(page.get_by_label("Tổng số hộ dân cư")).to_have_value("1.192")
    page.get_by_label("Số hộ nghèo").fill("310")
    page.get_by_role("button", name="Lưu và gửi").click()
    expect(page.get_by_role("alert")).to_contain_text("Chưa gửi được báo cáo")
    page.wrong.clear()  # type: ignore[attr-defined]  # the browser logs the 422 itself
    fits(page)
    axe(page)
    page.get_by_label("Vì sao khác kỳ trước nhiều").fill("92 hộ thoát nghèo nhờ vay vốn nuôi trâu.")
    page.get_by_label("Kết quả thực hiện các nội dung").fill("Giảm 92 hộ nghèo; xong 07 nhà.")
    page.get_by_role("button", name="Lưu nháp").click()
    page.get_by_label("Ảnh hoặc tệp").set_input_files(
        {"name": "nha-moi.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff" + b"0" * 2000}
    )
    page.get_by_role("button", name="Kèm tệp").click()
    expect(page.get_by_role("link", name="nha-moi.jpg")).to_be_visible()
    page.get_by_role("button", name="Lưu và gửi").click()
    expect(page.get_by_role("button", name="Rút về để sửa")).to_be_visible()
    fits(page)
    axe(page)
    screenshot(page, "bao-cao-da-gui-dien-thoai", full_page=True)
    page.goto(f"{live_server.url}/bao-cao/cua-toi/")
    fits(page)
    axe(page)
    screenshot(page, "bao-cao-cua-toi-dien-thoai", full_page=True)


def test_standing_body_follows_receives_and_returns(
    page: Page,
    live_server: LiveServer,
    asked: Asked,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    asked.sent()
    sign_in(page, "thuong-truc")
    page.goto(f"{live_server.url}/bao-cao/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bảng báo cáo năm 2023")
    fits(page)
    axe(page)
    screenshot(page, "bao-cao-bang", full_page=True)

    page.get_by_role("heading", name="Báo cáo năm 2023").get_by_role("link").click()
    fits(page)
    axe(page)
    screenshot(page, "bao-cao-dot", full_page=True)
    page.get_by_role("button", name="Gửi đôn đốc").click()
    expect(page.get_by_text("Đã đôn đốc 1 đơn vị.")).to_be_visible()

    page.get_by_role("link", name="xã Huổi Luông").click()
    fits(page)
    axe(page)
    page.get_by_text("Trả lại để sửa").click()
    screenshot(page, "bao-cao-nhan", full_page=True)
    page.get_by_label("Lý do trả lại").fill("Số hộ nghèo chưa khớp với biên bản họp thôn")
    page.get_by_role("textbox", name="Số hộ nghèo").fill("Biên bản ghi 118")
    page.get_by_role("button", name="Trả lại báo cáo").click()
    expect(page.get_by_text("Đã trả lại báo cáo.")).to_be_visible()
    asked.report.refresh_from_db()
    assert asked.report.state == ReportState.RETURNED

    page.goto(f"{live_server.url}/bao-cao/mau/{asked.form.pk}/")
    fits(page)
    axe(page)
    screenshot(page, "bao-cao-mau", full_page=True)
    page.get_by_role("link", name="Xem như đơn vị thấy").click()
    fits(page)
    axe(page)
    page.goto(f"{live_server.url}/bao-cao/ke-hoach/{asked.plan.pk}/dot-moi/")
    fits(page)
    axe(page)
    screenshot(page, "bao-cao-dot-moi", full_page=True)


def test_returned_report_on_a_phone_shows_where_to_mend(
    phone_page: Page,
    live_server: LiveServer,
    asked: Asked,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    asked.sent()
    sending.send_back(
        asked.report,
        reason="Số hộ nghèo chưa khớp",
        marks={asked.poor: "Biên bản họp thôn ghi 118"},
        actor=asked.standing,
        now=at(DAY),
    )
    page = phone_page
    sign_in(page, "huoi-luong")
    page.goto(f"{live_server.url}/bao-cao/{asked.report.pk}/")
    expect(page.get_by_text("Cần sửa: Biên bản họp thôn ghi 118")).to_be_visible()
    fits(page)
    axe(page)
    screenshot(page, "bao-cao-tra-lai-dien-thoai", full_page=True)


def test_official_figure_that_came_later_is_taken_over_by_name(
    page: Page,
    live_server: LiveServer,
    asked: Asked,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    asked.accepted()
    asked.figures.give("poor_hh", "huoi-luong", 115, stage="chinh_thuc")
    Value.objects.filter(stage="chinh_thuc").update(entered_at=at(date(2023, 12, 20)))
    correcting.offer(now=at(date(2023, 12, 20)))
    sign_in(page, "huoi-luong")
    page.goto(f"{live_server.url}/bao-cao/{asked.report.pk}/")
    fits(page)
    axe(page)
    screenshot(page, "bao-cao-dinh-chinh", full_page=True)
    page.get_by_role("button", name=re.compile("Đính chính ?: Số hộ nghèo")).click()
    expect(page.get_by_text("đính chính: 115")).to_be_visible()
    expect(page.get_by_role("cell", name="120")).to_be_visible()
    screenshot(page, "bao-cao-da-dinh-chinh", full_page=True)


def test_board_and_round_fit_a_phone(
    phone_page: Page, live_server: LiveServer, asked: Asked, sign_in: SignIn, axe: Axe, screenshot: Screenshot
) -> None:
    planned = rounds.plan_one(
        asked.plan,
        rounds.Wanted(
            kind=RoundKind.IRREGULAR,
            year=2023,
            title="",
            since=date(2023, 1, 1),
            until=date(2023, 12, 1),
            opens_on=date(2023, 12, 1),
            units_due_on=date(2023, 12, 10),
            merged_due_on=None,
        ),
        actor=asked.standing,
        now=at(DAY),
    )
    assert planned.state == RoundState.PLANNED
    page = phone_page
    sign_in(page, "thuong-truc")
    for name, address in (
        ("bang", f"/bao-cao/ke-hoach/{asked.plan.pk}/"),
        ("dot", f"/bao-cao/dot/{asked.round.pk}/"),
        ("du-kien", f"/bao-cao/dot/{planned.pk}/"),
    ):
        page.goto(f"{live_server.url}{address}")
        fits(page)
        axe(page)
        screenshot(page, f"bao-cao-{name}-dien-thoai", full_page=True)
