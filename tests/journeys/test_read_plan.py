"""Reading a plan in the browser: the list, the plan beside its source, uploads, keys, phone, paper."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from thidua.documents.models import Document
from thidua.documents.reading import read_path
from thidua.documents.reading.files.tests.makers.hostile import HOSTILE
from thidua.documents.reading.score_folder import DATA

Axe = Callable[[Page], None]
Screenshot = Callable[..., Path]

PLANS = sorted((DATA / "plans").glob("*.txt"))
OLD_WORD = next(hostile for hostile in HOSTILE if hostile.name == "cu.doc")


@pytest.fixture(autouse=True)
def _samples(live_server: LiveServer) -> None:
    call_command("load_samples", verbosity=0)


@pytest.fixture
def uploads(tmp_path: Path) -> list[Path]:
    """A plan and a file that cannot be read."""
    plan = tmp_path / "ke-hoach-cua-toi.txt"
    plan.write_bytes(PLANS[1].read_bytes())
    bad = tmp_path / OLD_WORD.name
    bad.write_bytes(OLD_WORD.make())
    return [plan, bad]


def open_plan(page: Page, live_server: LiveServer, number: int = 2, query: str = "") -> None:
    page.goto(f"{live_server.url}/doc-ke-hoach/mau-00{number}/{query}")


def choose(page: Page, live_server: LiveServer, scheme: str) -> None:
    page.context.add_cookies([{"name": "giao_dien", "value": scheme, "url": live_server.url}])


def lit(page: Page, selector: str) -> list[str]:
    """Ids, or texts where there is no id, of what is marked just now."""
    found: list[str] = page.locator(selector).evaluate_all("all => all.map(one => one.id || one.textContent)")
    return found


def is_in(inner: Locator, outer: Locator) -> bool:
    """Whether the middle of one thing can be seen inside another."""
    one, other = inner.bounding_box(), outer.bounding_box()
    assert one is not None
    assert other is not None
    middle = one["y"] + one["height"] / 2
    return other["y"] <= middle <= other["y"] + other["height"]


def test_plan_is_found_in_the_list_and_opened(
    page: Page, live_server: LiveServer, screenshot: Screenshot
) -> None:
    page.goto(live_server.url)
    page.get_by_role("link", name="Đọc kế hoạch").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đọc kế hoạch")
    screenshot(page, "doc-ke-hoach-danh-sach")

    page.get_by_label("Tìm", exact=True).fill("phong tho")
    page.get_by_role("button", name="Lọc").click()
    page.get_by_role("link", name="Phong Thổ chung tay").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Phong Thổ chung tay vì người nghèo")
    expect(page.get_by_role("heading", name="Cần xem lại")).to_be_visible()
    screenshot(page, "doc-ke-hoach-hai-ben")


def test_pointing_at_an_item_marks_its_words_and_brings_them_into_view(
    page: Page, live_server: LiveServer, screenshot: Screenshot
) -> None:
    open_plan(page, live_server, query="?loai=tieu-chi&loai=chi-tieu")

    page.locator("#muc-T3").hover()
    assert lit(page, ".muc.is-on") == ["muc-T3"]
    assert lit(page, ".dong.is-on") == ["dong-19"]
    words = "".join(lit(page, "mark.is-on"))
    assert words == next(target["quote"] for target in read_path(PLANS[2])["targets"] if target["id"] == "T3")
    screenshot(page, "doc-ke-hoach-cau-goc")

    last = page.locator("#muc-S6\\.c3")
    last.scroll_into_view_if_needed()
    last.hover()
    page.wait_for_timeout(300)
    assert lit(page, ".dong.is-on") == ["dong-105"]
    assert is_in(page.locator("#dong-105"), page.locator(".kh-giay"))


def test_pointing_at_words_marks_the_items_that_come_from_them(page: Page, live_server: LiveServer) -> None:
    open_plan(page, live_server)
    page.evaluate("scrollTo(0, 4000)")
    words = page.locator("mark[data-muc~='T2']").first

    words.hover()
    page.wait_for_timeout(300)

    assert "muc-T2" in lit(page, ".muc.is-on")
    expect(page.locator("#muc-T2")).to_be_in_viewport()
    words.click()
    assert page.evaluate("document.activeElement.closest('.muc').id") in {"muc-T2", "muc-K1"}


def test_keys_go_through_items_to_the_sentence_and_back(page: Page, live_server: LiveServer) -> None:
    open_plan(page, live_server, query="?loai=chi-tieu")
    focused = "document.activeElement.closest('.muc, .dong')?.id"

    page.keyboard.press("j")
    assert page.evaluate(focused) == "muc-T1"
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) == "muc-T3"
    page.keyboard.press("k")
    assert page.evaluate(focused) == "muc-T2"
    assert lit(page, ".dong.is-on") == ["dong-19"]

    page.keyboard.press("Enter")
    assert page.evaluate(focused) == "dong-19"
    assert lit(page, "mark.is-on") == ["tỷ lệ hộ nghèo dân tộc thiểu số giảm trên 5%/năm"]
    page.keyboard.press("Escape")
    assert page.evaluate(focused) == "muc-T2"
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert page.evaluate(focused) == "muc-T2"


def test_tab_reaches_items_and_shortcuts_are_listed(page: Page, live_server: LiveServer, axe: Axe) -> None:
    open_plan(page, live_server, query="?loai=chi-tieu")
    page.locator("#muc-T1 a.muc-noi").focus()

    page.keyboard.press("Tab")
    assert lit(page, ".muc.is-on") == ["muc-T2"]
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Phím tắt")).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Phím tắt")).to_be_hidden()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "tim"


def test_plan_is_filtered_by_kind_and_searched_while_typing(page: Page, live_server: LiveServer) -> None:
    open_plan(page, live_server)

    page.get_by_role("link", name="Chỉ tiêu 4").click()
    page.get_by_role("link", name="Mốc").click()
    assert lit(page, ".kh-phan") == ["phan-chi-tieu", "phan-moc"]
    assert page.url.endswith("?loai=chi-tieu&loai=moc")

    page.get_by_label("Tìm trong kế hoạch").fill("dan toc thieu so")
    expect(page.locator(".kh-phan .muc")).to_have_count(1)
    assert lit(page, ".kh-phan .muc") == ["muc-T2"]
    page.locator("#muc-T2").hover()
    assert lit(page, ".dong.is-on") == ["dong-19"]
    assert page.url.endswith("?loai=chi-tieu&loai=moc&tim=dan%20toc%20thieu%20so")


def test_downloaded_record_is_what_the_reader_gives(page: Page, live_server: LiveServer) -> None:
    open_plan(page, live_server)

    with page.expect_download() as download:
        page.get_by_role("link", name="JSON").click()

    assert json.loads(Path(download.value.path()).read_text(encoding="utf-8")) == read_path(PLANS[2])
    assert download.value.suggested_filename == "002_a2257aa210d7d8d8.json"


def test_of_two_files_one_is_read_and_the_other_says_why_not(
    page: Page, live_server: LiveServer, uploads: list[Path], axe: Axe, screenshot: Screenshot
) -> None:
    page.goto(f"{live_server.url}/doc-ke-hoach/")

    page.locator("#tep").set_input_files(uploads)

    results = page.locator("#ket-qua li")
    expect(results.filter(has_text="ke-hoach-cua-toi.txt")).to_contain_text("Đã đọc xong")
    refused = results.filter(has_text="cu.doc")
    expect(refused).to_contain_text("Tệp là văn bản Word kiểu cũ (.doc). Vì sao: ")
    expect(refused).to_contain_text("Làm gì tiếp: Hãy mở tệp bằng Word")
    expect(page.locator(".dd-bang tbody tr")).to_have_count(6)
    page.wait_for_load_state("networkidle")
    axe(page)
    screenshot(page, "doc-ke-hoach-dua-tep")

    page.get_by_role("link", name="Mở kế hoạch").click()
    expect(page.locator(".kh-duong")).to_contain_text("Của tôi")
    page.wrong.clear()  # type: ignore[attr-defined]  # the browser logs the 422 itself


def test_several_files_of_a_new_browser_are_all_its_own(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/doc-ke-hoach/")

    page.locator("#tep").set_input_files(PLANS)

    expect(page.locator("#ket-qua").get_by_text("Đã đọc xong")).to_have_count(5)
    expect(page.locator(".dd-bang tbody tr")).to_have_count(10)
    assert len(set(Document.objects.filter(is_sample=False).values_list("owner"))) == 1


def test_file_is_dropped_on_the_page(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/doc-ke-hoach/")
    text = PLANS[4].read_text(encoding="utf-8")

    data = page.evaluate_handle(
        """text => {
            const data = new DataTransfer();
            data.items.add(new File([text], "tha-vao.txt", { type: "text/plain" }));
            return data;
        }""",
        text,
    )
    page.dispatch_event("#dua-tep", "drop", {"dataTransfer": data})

    expect(page.locator("#ket-qua li")).to_contain_text("Đã đọc xong")
    assert Document.objects.filter(file_name="tha-vao.txt").count() == 1


def test_own_plan_is_removed_and_taken_back(page: Page, live_server: LiveServer, uploads: list[Path]) -> None:
    page.goto(f"{live_server.url}/doc-ke-hoach/")
    page.locator("#tep").set_input_files(uploads[0])
    expect(page.locator(".dd-bang tbody tr")).to_have_count(6)

    page.get_by_role("button", name="Gỡ").click()
    expect(page.locator(".dd-bang tbody tr")).to_have_count(5)
    page.get_by_role("button", name="Hoàn tác").click()

    expect(page.locator(".dd-bang tbody tr")).to_have_count(6)


def test_everything_works_without_scripts(
    page_without_scripts: Page, live_server: LiveServer, uploads: list[Path]
) -> None:
    page = page_without_scripts
    page.goto(f"{live_server.url}/doc-ke-hoach/")
    page.locator("#tep").set_input_files(uploads)
    page.get_by_role("button", name="Đọc", exact=True).click()
    expect(page.locator("#ket-qua")).to_contain_text("Tệp là văn bản Word kiểu cũ")

    page.get_by_role("link", name="Mở kế hoạch").click()
    page.get_by_role("link", name="Chỉ tiêu").first.click()
    page.locator("#muc-T1 a.muc-noi").click()

    assert page.url.endswith("#dong-19")
    assert page.locator("#dong-19").evaluate("line => line.matches(':target')") is True
    page.locator("#dong-19 a", has_text="CT2").click()
    assert page.locator("#muc-T2").evaluate("item => item.matches(':target')") is True
    page.get_by_label("Tìm trong kế hoạch").fill("ho ngheo")
    page.get_by_role("button", name="Tìm").click()
    assert "tim=ho+ngheo" in page.url


@pytest.mark.parametrize("scheme", ["sang", "toi"])
@pytest.mark.parametrize("number", [2, 4])
def test_plan_is_accessible_in_both_schemes(
    page: Page, live_server: LiveServer, axe: Axe, scheme: str, number: int
) -> None:
    choose(page, live_server, scheme)
    open_plan(page, live_server, number)
    axe(page)
    page.locator(".kh-gap summary").click()
    page.locator("#phan-nhiem-vu .muc").first.hover()
    axe(page)


@pytest.mark.parametrize("scheme", ["sang", "toi"])
def test_list_is_accessible_in_both_schemes(
    page: Page, live_server: LiveServer, axe: Axe, scheme: str
) -> None:
    choose(page, live_server, scheme)
    page.goto(f"{live_server.url}/doc-ke-hoach/")
    axe(page)
    page.goto(f"{live_server.url}/doc-ke-hoach/?tim=khong-co-gi")
    axe(page)


def test_phone_shows_one_side_at_a_time(
    phone_page: Page, live_server: LiveServer, axe: Axe, screenshot: Screenshot
) -> None:
    page = phone_page
    open_plan(page, live_server)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    expect(page.locator("#van-ban")).to_be_hidden()
    axe(page)
    screenshot(page, "doc-ke-hoach-dien-thoai")

    page.locator("#muc-T3 a.muc-noi").tap()
    expect(page.locator("#ke-hoach")).to_be_hidden()
    assert lit(page, ".dong.is-on") == ["dong-19"]
    expect(page.locator("#dong-19")).to_be_in_viewport()
    axe(page)
    page.get_by_role("button", name="Trở lại mục").tap()

    expect(page.locator("#muc-T3")).to_be_in_viewport()
    page.get_by_role("link", name="Văn bản gốc").tap()
    expect(page.locator("#van-ban")).to_be_visible()


def test_list_fits_a_phone(phone_page: Page, live_server: LiveServer, axe: Axe) -> None:
    phone_page.goto(f"{live_server.url}/doc-ke-hoach/")

    assert phone_page.evaluate("document.documentElement.scrollWidth") == 390
    axe(phone_page)


def test_paper_holds_the_plan_and_the_source(page: Page, live_server: LiveServer) -> None:
    open_plan(page, live_server)

    page.emulate_media(media="print")

    expect(page.locator("#ke-hoach")).to_be_visible()
    expect(page.locator("#dong-164")).to_be_visible()
    expect(page.locator(".kh-thanh")).to_be_hidden()
    assert page.locator(".kh-giay").evaluate("box => box.scrollHeight <= box.clientHeight + 1") is True
