"""An administrator takes in villages from Excel: one wrong cell first, then all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from thidua.core import clock
from thidua.organisations.tests.test_spreadsheets import file_of
from thidua.organisations.tests.world import DAY, World, phong_tho

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]
VILLAGE = "Thôn, bản, tổ dân phố"


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


@pytest.fixture
def world(live_server: LiveServer) -> World:
    return phong_tho()


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_wrong_cell_is_named_then_all_villages_come_in(
    width: str,
    request: pytest.FixtureRequest,
    live_server: LiveServer,
    world: World,
    sign_in: SignIn,
    axe: Axe,
    screenshot: Screenshot,
    tmp_path: Path,
) -> None:
    page: Page = request.getfixturevalue("page" if width == "desktop" else "phone_page")
    rows = [["", f"bản Số {number}", VILLAGE, "xã Huổi Luông"] for number in range(1, 6)]
    wrong, right = tmp_path / "ban-xa-huoi-luong.xlsx", tmp_path / "ban-da-sua.xlsx"
    wrong.write_bytes(file_of(*rows, ["", "bản Số 6", "Xóm", "xã Huổi Luông"]))
    right.write_bytes(file_of(*rows, ["", "bản Số 6", VILLAGE, "xã Huổi Luông"]))

    sign_in(page, "quan-tri")
    page.goto(f"{live_server.url}/don-vi/nhap-tu-excel/")
    axe(page)
    no_sideways_scroll(page)
    screenshot(page, f"nhap-don-vi-{width}", full_page=True)
    page.get_by_label("Tệp Excel đã điền").set_input_files(wrong)
    page.get_by_role("button", name="Kiểm tra tệp").click()
    expect(page.get_by_text("Ô C7")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)
    screenshot(page, f"nhap-don-vi-o-sai-{width}", full_page=True)

    page.get_by_role("link", name="đưa lên lại").click()
    page.get_by_label("Tệp Excel đã điền").set_input_files(right)
    page.get_by_role("button", name="Kiểm tra tệp").click()
    page.get_by_role("button", name="Nhập 6 đơn vị").click()
    expect(page.get_by_text("Đã ghi thành thay đổi")).to_be_visible()
    axe(page)
    screenshot(page, f"nhap-don-vi-xong-{width}", full_page=True)


def no_sideways_scroll(page: Page) -> None:
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
