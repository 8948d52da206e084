"""The whole loop on each of the five sample plans, as an officer, a unit and the log live through it.

Sign in, read, mend, adopt, compare with the plan above; the unit accepts, reports with a file, asks for more
time, completes; later the standing body sees who is late and reminds; the log shows all of it and its chain
holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.conftest import Screenshot, SignIn
from thidua.accounts.models import User
from thidua.audit.models import Entry
from thidua.audit.verifying import verify
from thidua.core import clock
from thidua.movements.models import Plan, PlanVersion, PlanVersionState, Reminder, Task, TaskState
from thidua.movements.plans.tests.makers import PATHS, Issuer, issuer_of
from thidua.movements.tests.makers import make_task
from thidua.organisations.models import Mandate, Role, Unit, UnitKind
from thidua.organisations.tests.world import REFORM, make_person, make_unit, succeed

PASSWORD = "mat-khau-thu"
ADOPTED_ON = date(2022, 8, 1)
LATER = date(2023, 1, 20)

#: For each of the five plans the plan of the Prime Minister above it, and how many of its items got which
#: verdict.
HIGHER = ("666/QĐ-TTg", "666/QĐ-TTg", "666/QĐ-TTg", "587/QĐ-TTg", "587/QĐ-TTg")
VERDICTS: tuple[dict[str, int], ...] = (
    {"Còn thiếu": 3, "Không so sánh được": 1, "Đã có": 3, "Cao hơn": 1},
    {"Còn thiếu": 4, "Không so sánh được": 1, "Đã có": 2, "Cao hơn": 1},
    {"Còn thiếu": 2, "Thấp hơn": 1, "Đã có": 3, "Cao hơn": 2},
    {"Thấp hơn": 3, "Không so sánh được": 2, "Đã có": 4, "Cao hơn": 1},
    {"Còn thiếu": 8, "Đã có": 2},
)
#: Verdict, words of the higher item, words of the own one.
FINDINGS: tuple[tuple[tuple[str, str, str], ...], ...] = (
    (("Cao hơn", "giảm 1–1,5 điểm %/năm", "hộ nghèo đa chiều ở mức 2 - 3%/năm"),),
    (),
    (),
    (
        ("Thấp hơn", "khoảng 40 % đến năm 2025", "khoảng 30% số xã"),
        ("Thấp hơn", "không còn xã nào đến năm 2025", "04 xã đạt dưới 15 tiêu chí"),
        ("Đã có", "kiểu mẫu: ít nhất 10 %", "10% số xã đạt chuẩn nông thôn mới kiểu mẫu"),
    ),
    (("Còn thiếu", "Tỷ lệ xã đạt chuẩn nông thôn mới: ít nhất 80 %", "Không thấy mục tương ứng"),),
)


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.fixed_on(ADOPTED_ON):
        yield


@pytest.fixture
def _national(live_server: LiveServer) -> None:
    """The plans of the Prime Minister, which the five carry out."""
    make_unit("viet-nam", "Việt Nam", UnitKind.NATION)
    call_command("load_national_plans", verbosity=0)


@pytest.mark.usefixtures("_national")
@pytest.mark.parametrize("number", range(5), ids=lambda number: PATHS[number].stem[:3])
def test_plan_is_read_adopted_done_and_followed(
    page: Page,
    phone_page: Page,
    live_server: LiveServer,
    sign_in: SignIn,
    screenshot: Screenshot,
    tmp_path: Path,
    number: int,
) -> None:
    issuer = issuer_of(number)
    desk, phone = page, phone_page

    enter(desk, live_server, issuer.officer)
    read(desk, live_server, PATHS[number])
    draft(desk, issuer)
    mend_one(desk)
    accept_all(desk)
    confirm_names(desk)
    plan = adopt(desk)
    screenshot(desk, f"vong-{number}-ke-hoach")
    compare(desk, number)
    screenshot(desk, f"vong-{number}-doi-chieu")

    task = task_of_a_unit(plan, issuer)
    doer = somebody_of(task.unit)
    sign_in(phone, doer.username)
    accept(phone, live_server, task)
    report_with_file(phone, live_server, task, tmp_path)
    ask_for_time(phone, live_server, task)
    grant(desk, live_server, task)
    complete(phone, live_server, task)
    confirm(desk, live_server, task)

    owe_something_late(plan, task, issuer)
    with clock.fixed_on(LATER):
        remind_from_inbox(desk, live_server)
        screenshot(desk, f"vong-{number}-don-doc")
    assert Reminder.objects.filter(task__plan=plan).exists()

    look_into_the_log(desk, live_server, task)
    trail_is_whole(plan, task, officer=issuer.officer, doer=doer)
    task.refresh_from_db()
    assert task.state == TaskState.DONE


# --- the officer ----------------------------------------------------------------------------------


def enter(page: Page, server: LiveServer, user: User) -> None:
    page.goto(f"{server.url}/")
    page.get_by_role("link", name="Đăng nhập", exact=True).first.click()
    page.get_by_label("Tên đăng nhập").fill(user.username)
    page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc của tôi")


def read(page: Page, server: LiveServer, path: Path) -> None:
    page.get_by_role("navigation", name="Chính").get_by_role("link", name="Phong trào").click()
    page.get_by_role("navigation", name="Trong mục này").get_by_role("link", name="Đọc kế hoạch").click()
    page.locator("#tep").set_input_files(path)
    expect(page.locator("#ket-qua")).to_contain_text("Đã đọc xong")
    page.get_by_role("link", name="Mở kế hoạch").click()
    page.get_by_role("link", name="Đưa vào thực hiện").click()


def draft(page: Page, issuer: Issuer) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Đưa kế hoạch vào thực hiện")
    page.get_by_role("button", name="Lập bản nháp").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tiếp nhận kế hoạch")
    assert PlanVersion.objects.get(state=PlanVersionState.DRAFT).plan.owner == issuer.owner


def mend_one(page: Page) -> None:
    """The first item, as it stands: saying «this is right» with the form counts as mending too."""
    first = page.locator(".muc").first
    first.get_by_role("link", name=re.compile("^Sửa mục")).click()
    form = page.get_by_role("form", name=re.compile("^Sửa mục"))
    form.get_by_role("textbox").first.fill("Nội dung đã được cán bộ sửa lại cho rõ")
    form.get_by_role("button", name="Lưu").click()
    expect(form).to_have_count(0)


def accept_all(page: Page) -> None:
    page.get_by_role("button", name=re.compile(r"^Nhận \d+ mục không có nghi ngờ")).click()
    page.wait_for_load_state()
    waiting = page.get_by_role("button", name=re.compile("^Nhận mục"))
    for left in range(waiting.count(), 0, -1):
        waiting.first.click()
        expect(waiting).to_have_count(left - 1)
    page.get_by_role("link", name="Tiếp: đơn vị").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tên gọi và đơn vị")


def confirm_names(page: Page) -> None:
    sure = page.get_by_role("button", name=re.compile(r"^Xác nhận \d+ gợi ý chắc chắn"))
    if sure.count():
        sure.click()
        page.wait_for_load_state()
    unknown = page.get_by_role("button", name="Ngoài hệ thống")
    for left in range(unknown.count(), 0, -1):
        unknown.first.click()
        expect(unknown).to_have_count(left - 1)
    page.get_by_role("link", name="Tiếp: xem trước").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Xem trước khi đưa vào thực hiện")


def adopt(page: Page) -> Plan:
    page.get_by_role("button", name="Đưa vào thực hiện").click()
    page.wait_for_url(re.compile(r"/ke-hoach/\d+/$"))
    return Plan.objects.get(versions__state=PlanVersionState.ADOPTED, pk=page.url.rstrip("/").split("/")[-1])


def compare(page: Page, number: int) -> None:
    """Against the plan of the Prime Minister: its items with a verdict each, and what stands out."""
    page.get_by_role("link", name="Đối chiếu cấp trên").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đối chiếu")
    expect(page.get_by_text(re.compile(f"^So với {HIGHER[number]}"))).to_be_visible()
    counts = {
        name: int(figure)
        for figure, name in (
            line.split(maxsplit=1) for line in page.locator(".pt-counts li").all_inner_texts()
        )
    }
    assert page.locator(".pt-row").count() == sum(counts.values())
    assert {name: count for name, count in counts.items() if count} == VERDICTS[number]
    for verdict, higher, own in FINDINGS[number]:
        row = page.locator(".pt-row").filter(has_text=higher).filter(has_text=own)
        expect(row.locator(".pt-row-head")).to_contain_text(verdict)


# --- the unit -------------------------------------------------------------------------------------


def task_of_a_unit(plan: Plan, issuer: Issuer) -> Task:
    """A task with a deadline of another unit than the one that runs the plan.

    A plan that sets no deadline gets a task beside its text, as its standing body may give one.
    """
    tasks = plan.tasks.filter(state=TaskState.GIVEN).exclude(unit__in=[issuer.owner, issuer.standing_body])
    tasks = tasks.exclude(starts_on__gt=ADOPTED_ON)
    dated = tasks.filter(due_on__gte=ADOPTED_ON).order_by("due_on", "pk").first()
    if dated is not None:
        return dated
    other = tasks.order_by("pk").first()
    assert other is not None
    return make_task(plan, other.unit, title="Báo cáo đợt cao điểm", due_on=date(2022, 9, 30))


def somebody_of(unit: Unit) -> User:
    known = Mandate.objects.filter(unit=unit, role=Role.UNIT_OFFICER).first()
    return known.user if known else make_person(f"can-bo-{unit.pk}", (unit, Role.UNIT_OFFICER))


def accept(page: Page, server: LiveServer, task: Task) -> None:
    """From Việc của tôi, in one click."""
    page.goto(f"{server.url}/viec-cua-toi/")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    row = page.locator(".td-waiting > li").filter(has=page.locator(f'a[href="/nhiem-vu/{task.pk}/"]'))
    row.get_by_role("button", name=re.compile("^Nhận nhiệm vụ")).click()
    expect(page.get_by_role("status")).to_contain_text("Đã nhận nhiệm vụ")
    page.goto(f"{server.url}/nhiem-vu/{task.pk}/")


def report_with_file(page: Page, server: LiveServer, task: Task, folder: Path) -> None:
    photo = folder / "anh-hoi-nghi.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0" + b"0" * 2000)
    form = page.locator("#viec-progress")
    form.get_by_label("Tiến độ (%)").fill("40")
    form.get_by_label("Đã làm được gì").fill("Đã họp triển khai ở 3 bản.")
    form.get_by_label("Ảnh, tài liệu kèm theo").set_input_files(photo)
    form.get_by_role("button", name="Ghi tiến độ").click()
    expect(page.get_by_role("link", name="anh-hoi-nghi.jpg")).to_be_visible()


def ask_for_time(page: Page, server: LiveServer, task: Task) -> None:
    page.locator("summary", has_text="Đề nghị gia hạn").click()
    form = page.locator("#viec-ask_extension")
    form.get_by_label("Hạn đề nghị").fill("2026-06-30")
    form.get_by_label("Lý do").fill("Mưa lũ, chưa đến được các bản xa.")
    form.get_by_role("button", name="Đề nghị gia hạn").click()
    expect(page.get_by_text("Đề nghị đến 30/06/2026")).to_be_visible()


def grant(page: Page, server: LiveServer, task: Task) -> None:
    """The officer finds the question in the inbox."""
    page.goto(f"{server.url}/viec-cua-toi/")
    page.get_by_role("link", name=re.compile("^Trả lời gia hạn")).click()
    page.get_by_role("button", name="Đồng ý gia hạn").click()
    expect(page.get_by_text("đến hết 30/06/2026")).to_be_visible()


def complete(page: Page, server: LiveServer, task: Task) -> None:
    page.reload()
    page.locator("summary", has_text="Báo hoàn thành").click()
    form = page.locator("#viec-report_done")
    form.get_by_label("Kết quả").fill("Đã làm xong ở tất cả các bản.")
    form.get_by_role("button", name="Báo hoàn thành").click()
    expect(page.get_by_role("status")).to_contain_text("Đã báo hoàn thành")


def confirm(page: Page, server: LiveServer, task: Task) -> None:
    page.goto(f"{server.url}/viec-cua-toi/")
    page.get_by_role("link", name=re.compile("^Xem và xác nhận")).click()
    page.get_by_role("button", name="Xác nhận hoàn thành").click()
    expect(page.get_by_role("status")).to_contain_text("Đã xác nhận hoàn thành")


# --- following ------------------------------------------------------------------------------------


def remind_from_inbox(page: Page, server: LiveServer) -> None:
    page.goto(f"{server.url}/viec-cua-toi/")
    owing = page.get_by_role("region", name=re.compile("^Đơn vị khác còn nợ"))
    owing.get_by_role("button", name=re.compile("^Đôn đốc")).first.click()
    expect(page.get_by_role("status")).to_contain_text("Đã đôn đốc")


def owe_something_late(plan: Plan, done: Task, issuer: Issuer) -> None:
    """What the plan itself wants by the later day; where it wants nothing, a task beside its text."""
    late = plan.tasks.filter(state__in=Task.OWED, due_on__range=(ADOPTED_ON, LATER - timedelta(days=1)))
    if not late.exclude(unit__in=[issuer.owner, issuer.standing_body]).exists():
        make_task(plan, done.unit, title="Gửi danh sách hộ nghèo", due_on=date(2023, 1, 10))


def look_into_the_log(page: Page, server: LiveServer, task: Task) -> None:
    """On the page of the task, and in the log itself."""
    page.goto(f"{server.url}/nhiem-vu/{task.pk}/")
    history = page.locator(".td-history")
    for words in ("Nhận nhiệm vụ", "Đồng ý gia hạn", "Báo hoàn thành", "Xác nhận hoàn thành"):
        expect(history.get_by_text(words).first).to_be_attached()


def trail_is_whole(plan: Plan, task: Task, *, officer: User, doer: User) -> None:
    """The chain holds, and it tells in order who did what, from the document to the reminder."""
    found = verify()
    assert found.is_whole
    assert found.entries == Entry.objects.count()
    version = plan.versions.get()
    asked = task.extensions.get()
    acts = [
        (entry.user, entry.action, entry.object_id)
        for entry in Entry.objects.exclude(action__startswith="accounts.").filter(user__in=[officer, doer])
    ][::-1]
    # As many as the plan has items, names, plans above it.
    repeated = {
        f"movements.{name}" for name in ("planversion.decide", "planversion.confirm_party", "plan.link")
    }
    assert {action for _, action, _ in acts} >= repeated
    assert [one for one in acts if one[1] not in repeated] == [
        (officer, "movements.planversion.start", str(version.pk)),
        (officer, "movements.planversion.adopt", str(version.pk)),
        (doer, "movements.task.accept", str(task.pk)),
        (doer, "movements.task.report_progress", str(task.pk)),
        (doer, "movements.extension.ask", str(asked.pk)),
        (officer, "movements.extension.grant", str(asked.pk)),
        (doer, "movements.task.report_progress", str(task.pk)),
        (doer, "movements.task.report_done", str(task.pk)),
        (officer, "movements.task.confirm", str(task.pk)),
        (officer, "movements.task.remind", acts[-1][2]),
    ]


# --- the merge of 1/7/2025 ------------------------------------------------------------------------


def test_task_and_plan_outlive_the_merge_of_the_commune(
    page: Page, live_server: LiveServer, sign_in: SignIn, screenshot: Screenshot
) -> None:
    issuer = issuer_of(2)
    enter(page, live_server, issuer.officer)
    read(page, live_server, PATHS[2])
    draft(page, issuer)
    accept_all(page)
    confirm_names(page)
    plan = adopt(page)
    old = Unit.objects.get(key="huoi-luong")
    new = make_unit(
        "xa-phong-tho",
        "xã Phong Thổ",
        UnitKind.COMMUNE,
        parent=Unit.objects.get(key="lai-chau"),
        since=REFORM,
    )
    succeed(old, new)
    before, after = somebody_of(old), somebody_of(new)
    task = plan.tasks.filter(unit=old, due_on__gte=REFORM).order_by("due_on", "pk").first()
    assert task is not None

    with clock.fixed_on(date(2025, 6, 30)):
        sign_in(page, before.username)
        page.goto(f"{live_server.url}/viec-cua-toi/")
        expect(page.locator(f'.td-waiting a[href="/nhiem-vu/{task.pk}/"]').first).to_be_attached()
        sign_in(page, after.username)
        page.goto(f"{live_server.url}/viec-cua-toi/")
        expect(page.locator(f'.td-waiting a[href="/nhiem-vu/{task.pk}/"]')).to_have_count(0)

    with clock.fixed_on(REFORM):
        page.goto(f"{live_server.url}/viec-cua-toi/")
        row = page.locator(".td-waiting > li").filter(has=page.locator(f'a[href="/nhiem-vu/{task.pk}/"]'))
        screenshot(page, "vong-sau-sap-nhap")
        if not row.first.is_visible():
            page.locator(".td-more summary").first.click()
        row.first.get_by_role("button", name=re.compile("^Nhận nhiệm vụ")).click()
        expect(page.get_by_role("status")).to_contain_text("Đã nhận nhiệm vụ")
        page.goto(f"{live_server.url}/tim-kiem/?tim=phong+tho&loai=plans")
        expect(page.get_by_role("main").locator(f'a[href="/ke-hoach/{plan.pk}/"]').first).to_be_visible()

    entry = Entry.objects.get(action="movements.task.accept", object_id=str(task.pk))
    assert (entry.unit_id, entry.object_unit_id) == (new.pk, old.pk)
    assert verify().is_whole
