"""An officer takes an old list into the register, finds one without accents, and is warned of a double."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import SignIn
from thidua.awards.register.tests.makers import register
from thidua.awards.register.tests.test_list_import import USUAL, sheet
from thidua.core import clock
from thidua.organisations.tests.world import World, phong_tho

Axe = Callable[[Page], None]
ON = date(2024, 11, 5)


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(ON):
        yield


@pytest.fixture
def world(live_server: LiveServer) -> World:
    return phong_tho()


def test_an_old_list_comes_in_and_is_found(
    page: Page, live_server: LiveServer, world: World, sign_in: SignIn, axe: Axe, tmp_path: Path
) -> None:
    register(world.unit("huoi-luong"), world.unit("phong-tho"), commendation_type="")
    old = tmp_path / "so-cu.xlsx"
    old.write_bytes(sheet({**USUAL, "K": "25/12/2023"}, {**USUAL, "B": "xã Dào San", "J": "77/QĐ-UBND"}))
    sign_in(page, "lanh-dao")
    page.goto(f"{live_server.url}/khen-thuong/so/")
    page.get_by_role("link", name="Nhập khoản cũ").click()
    axe(page)

    page.get_by_label("Tệp", exact=True).set_input_files(old)
    page.get_by_role("button", name="Đưa lên và xem trước").click()

    expect(page.get_by_text("xã Huổi Luông đã được tặng «Giấy khen")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Đưa 2 khoản vào sổ").click()
    expect(page.get_by_text("Đã vào sổ 2 khoản.", exact=True)).to_be_visible()
    page.goto(f"{live_server.url}/khen-thuong/so/?tim=dao+san+77")
    page.get_by_role("link", name="xã Dào San").click()
    expect(page.get_by_role("heading", name="xã Dào San")).to_be_visible()
    expect(page.get_by_text("77/QĐ-UBND, 20/12/2019").first).to_be_visible()
    axe(page)
