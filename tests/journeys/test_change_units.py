"""An administrator merges two communes: fills in, looks, carries out, undoes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from thidua.core import clock
from thidua.movements.tests.makers import make_task, phong_tho_plan
from thidua.organisations import tree
from thidua.organisations.models import FOREVER, UnitVersion
from thidua.organisations.tests.world import DAY, REFORM, World, phong_tho

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def world(live_server: LiveServer) -> World:
    """Before anybody knew of the reform: the communes go on without end."""
    world = phong_tho()
    UnitVersion.objects.filter(since=REFORM).update(since=date(2030, 1, 1))
    UnitVersion.objects.filter(until=REFORM).update(until=FOREVER)
    tree.forget()
    plan = phong_tho_plan(world)
    for key in ("huoi-luong", "mu-sang"):
        make_task(plan, world.unit(key), title="Nộp báo cáo năm 2023")
    return world


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_two_communes_are_merged_and_the_merge_is_undone(
    width: str,
    request: pytest.FixtureRequest,
    live_server: LiveServer,
    world: World,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
) -> None:
    page: Page = request.getfixturevalue("page" if width == "desktop" else "phone_page")
    sign_in(page, "quan-tri")
    page.goto(f"{live_server.url}/don-vi/thay-doi/moi/")
    axe(page)
    no_sideways_scroll(page)
    screenshot(page, f"thay-doi-chon-{width}", full_page=True)
    page.get_by_role("link", name="Nhập, sáp nhập").click()

    page.get_by_label("Các đơn vị được nhập: tìm theo tên").fill("xã Huổi Luông")
    page.get_by_label("Ngày có hiệu lực").fill("01/03/2024")
    page.get_by_label("Số, ký hiệu văn bản căn cứ").fill("12/NQ-UBTVQH15")
    page.get_by_label("Tên đơn vị mới").fill("xã Sì Choang")
    page.get_by_label("Loại đơn vị mới").select_option("commune")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_text("nhập cần ít nhất hai đơn vị")).to_be_visible()
    page.wrong.clear()  # type: ignore[attr-defined]  # a refusal of status 422 is what was asked for

    page.get_by_label("Các đơn vị được nhập: tìm theo tên").fill("xã Mù Sang")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_text("Nhập xã Huổi Luông, xã Mù Sang thành xã Sì Choang")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)
    screenshot(page, f"thay-doi-xem-truoc-{width}", full_page=True)

    page.get_by_role("button", name="Thực hiện").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Nhập xã Huổi Luông, xã Mù Sang thành xã Sì Choang"
    )
    axe(page)
    no_sideways_scroll(page)
    screenshot(page, f"thay-doi-mot-{width}", full_page=True)

    page.get_by_label("Lý do hủy bỏ").fill("Nghị quyết chưa được thông qua")
    page.get_by_role("button", name="Hủy bỏ thay đổi").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hủy bỏ: Nhập xã Huổi Luông")


def no_sideways_scroll(page: Page) -> None:
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
