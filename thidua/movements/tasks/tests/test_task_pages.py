"""Pages of tasks: list, one task with its acts, late board, activities, extra tasks, files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from thidua.core import clock
from thidua.movements.models import (
    Activity,
    Evidence,
    Extension,
    ExtensionState,
    Reminder,
    Task,
    TaskState,
)
from thidua.movements.tasks import activities, extensions, following
from thidua.movements.tasks.evidence import Upload
from thidua.movements.tasks.tests.conftest import NOW, Story
from thidua.movements.tests.makers import make_item
from thidua.notices.models import Notice
from thidua.organisations.models import Unit, UnitKind
from thidua.organisations.tests.world import DAY, make_unit

PHOTO = b"\xff\xd8\xff\xe0" + b"0" * 50
AFTER = date(2025, 7, 10)


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with clock.fixed_on(DAY):
        yield


def client(story: Story, username: str) -> Client:
    browser = Client()
    browser.force_login(story.world.people[username])
    return browser


def page(browser: Client, address: str, status: int = 200) -> str:
    response = browser.get(address)
    assert response.status_code == status
    return response.content.decode()


def queries(browser: Client, address: str) -> int:
    browser.get(address)  # what is kept after the first visit does not count
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert browser.get(address).status_code == 200
    return len(caught)


def sheet(browser: Client, address: str) -> list[list[Any]]:
    content = browser.get(address).content
    return list(CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python())


# --- the list -------------------------------------------------------------------------------------


def test_sign_in_is_asked_for(story: Story) -> None:
    for address in ("", "cham/", "giao/", "hoat-dong/", "hoat-dong/moi/", "1/", "1/nhan/", "tai-lieu/1/"):
        response = Client().get(f"/nhiem-vu/{address}")
        assert response.status_code == 302
        assert f"next=/nhiem-vu/{address}" in response["Location"]


def test_each_opens_with_what_concerns_them(story: Story) -> None:
    story.task(title="Rà soát xã Huổi Luông")
    story.task("dao-san", title="Rà soát xã Dào San")
    mine = page(client(story, "huoi-luong"), "/nhiem-vu/")
    assert "Rà soát xã Huổi Luông" in mine
    assert "Rà soát xã Dào San" not in mine
    followed = page(client(story, "thuong-truc"), "/nhiem-vu/")
    assert "Rà soát xã Huổi Luông" in followed
    assert "Rà soát xã Dào San" in followed


def test_scopes(story: Story) -> None:
    story.task(title="Việc của xã", partners=(story.world.unit("phong-noi-vu"),))
    for username, scope, is_shown in (
        ("lanh-dao", "cap-duoi", True),
        ("lanh-dao", "cua-toi", False),
        ("noi-vu", "phoi-hop", True),
        ("noi-vu", "cua-toi", False),
        ("dao-san", "tat-ca", True),
        ("nguoi-la", "tat-ca", False),
    ):
        shown = page(client(story, username), f"/nhiem-vu/?xem={scope}")
        assert ("Việc của xã" in shown) is is_shown, (username, scope)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("tim=ra+soat", {"A"}),
        ("don_vi=dao+san", {"B"}),
        ("tinh_hinh=tre", {"B"}),
        ("tinh_hinh=gan-han", {"A"}),
        ("trang_thai=hoan_thanh", {"C"}),
        ("cach_giao=de_nghi", {"B"}),
        ("nam=2024", set()),
        ("nam=2024&hien=tat-ca", {"D"}),
        ("hien=tat-ca", {"A", "B", "C", "D"}),
        ("", {"A", "B"}),
        ("tinh_hinh=bay-ba&nam=abc", {"A", "B"}),
    ],
)
def test_filters(story: Story, query: str, shown: set[str]) -> None:
    story.task(title="[A] Rà soát hộ nghèo")
    story.task("dao-san", title="[B] Tuyên truyền", due_on=date(2023, 10, 1), modality="de_nghi")
    story.task("dao-san", title="[C] Xong", state=TaskState.DONE)
    story.task(title="[D] Năm sau", year=2024, starts_on=date(2024, 1, 1), due_on=date(2024, 11, 9))
    text = page(client(story, "thuong-truc"), f"/nhiem-vu/?xem=da-giao&{query}")
    assert {letter for letter in "ABCD" if f"[{letter}]" in text} == shown


def test_unit_by_key_and_plan_filters(story: Story) -> None:
    task = story.task(title="Việc A")
    text = page(
        client(story, "thuong-truc"),
        f"/nhiem-vu/?don_vi={task.unit_id}&ke_hoach={story.plan.pk}&phong_trao={story.plan.movement_id}",
    )
    assert "Việc A" in text
    assert "Việc A" not in page(client(story, "thuong-truc"), "/nhiem-vu/?don_vi=999999")


def test_excel_holds_the_list(story: Story) -> None:
    story.task(title="=Việc A", due_on=date(2023, 11, 1))
    rows = sheet(client(story, "thuong-truc"), "/nhiem-vu/?dang=xlsx")
    assert rows == [
        ["Nhiệm vụ", "Đơn vị thực hiện", "Hạn", "Thời hạn", "Trạng thái", "Tiến độ"],
        ["=Việc A", "xã Huổi Luông", date(2023, 11, 1), "Quá hạn 4 ngày", "Chờ nhận", 0.0],
    ]


@pytest.mark.parametrize("scope", ["cua-toi", "da-giao", "cap-duoi", "tat-ca"])
def test_list_asks_as_often_for_three_thousand_rows_as_for_one(story: Story, scope: str) -> None:
    browser = client(story, "thuong-truc" if scope == "da-giao" else "huoi-luong")
    address = f"/nhiem-vu/?xem={scope}"
    units = [story.world.unit(key) for key in ("huoi-luong", "dao-san", "mu-sang")]
    lower = make_unit("ban", "bản A", UnitKind.VILLAGE, parent=units[0])

    def more(number: int) -> None:
        for unit in (*units, lower):
            Task.objects.bulk_create(
                Task(
                    plan=story.plan,
                    unit=unit,
                    giver=story.world.unit("phong-tho"),
                    title=f"Việc {n}",
                    due_on=DAY,
                )
                for n in range(number)
            )

    more(1)
    one = queries(browser, address)
    more(2)
    assert queries(browser, address) == one
    more(750)
    assert queries(browser, address) == one


def test_ended_units_cost_no_queries_a_row(story: Story) -> None:
    with clock.fixed_on(AFTER):
        browser = client(story, "tinh")
        story.task(due_on=date(2025, 11, 9))
        one = queries(browser, "/nhiem-vu/?xem=tat-ca")
        for _ in range(20):
            story.task(due_on=date(2025, 11, 9))
        assert queries(browser, "/nhiem-vu/?xem=tat-ca") == one
        assert "Đã sáp nhập; nay xã Phong Thổ chịu trách nhiệm" in page(browser, "/nhiem-vu/?xem=tat-ca")


def test_chosen_tasks_are_reminded_or_confirmed(story: Story) -> None:
    late = story.task(due_on=date(2023, 11, 1))
    reported = story.task("dao-san", state=TaskState.REPORTED)
    foreign = story.task(giver=story.world.unit("lai-chau"), parent=late)
    browser = client(story, "thuong-truc")
    response = browser.post(
        "/nhiem-vu/viec-da-chon/",
        {"chon": [late.pk, foreign.pk], "viec": "don-doc", "tro-lai": "/nhiem-vu/?xem=da-giao"},
    )
    assert response["Location"] == "/nhiem-vu/?xem=da-giao"
    assert [reminder.task_id for reminder in Reminder.objects.all()] == [late.pk]
    again = browser.post("/nhiem-vu/viec-da-chon/", {"chon": [late.pk], "viec": "don-doc"})
    assert again.status_code == 422
    assert "hôm nay đã đôn đốc xã Huổi Luông" in again.content.decode()
    browser.post("/nhiem-vu/viec-da-chon/", {"chon": [late.pk], "viec": "don-doc", "again": "1"})
    assert Reminder.objects.count() == 2
    mixed = browser.post("/nhiem-vu/viec-da-chon/", {"chon": [reported.pk, late.pk], "viec": "xac-nhan"})
    assert mixed.status_code == 422
    reported.refresh_from_db()
    assert reported.state == TaskState.REPORTED
    browser.post("/nhiem-vu/viec-da-chon/", {"chon": [reported.pk], "viec": "xac-nhan"})
    reported.refresh_from_db()
    assert reported.state == TaskState.DONE
    assert browser.post("/nhiem-vu/viec-da-chon/", {"viec": "xac-nhan"}).status_code == 422


def test_others_choose_nothing(story: Story) -> None:
    late = story.task(due_on=date(2023, 11, 1))
    response = client(story, "huoi-luong").post("/nhiem-vu/viec-da-chon/", {"chon": [late.pk]})
    assert response.status_code == 422
    assert Reminder.objects.count() == 0


def test_back_address_stays_here(story: Story) -> None:
    task = story.task()
    response = client(story, "huoi-luong").post(f"/nhiem-vu/{task.pk}/nhan/", {"tro-lai": "//example.org/x"})
    assert response["Location"] == f"/nhiem-vu/{task.pk}/"


# --- one task -------------------------------------------------------------------------------------


def test_task_shows_where_it_comes_from(story: Story) -> None:
    item = make_item(
        story.plan.versions.get(), "tasks", "K1", {"quote": "Rà soát trước ngày 10 tháng 11 hằng năm."}
    )
    task = story.task(item=item, year=2023, partners=(story.world.unit("tt-van-hoa"),), modality="de_nghi")
    text = page(client(story, "huoi-luong"), f"/nhiem-vu/{task.pk}/")
    for part in (
        "Rà soát trước ngày 10 tháng 11 hằng năm.",
        "xã Huổi Luông được đề nghị",
        "huyện Phong Thổ",
        "Trung tâm Văn hóa, Thể thao và Truyền thông huyện Phong Thổ",
        "đến hết 09/11/2023",
        "Còn 4 ngày",
        "Chưa tham gia được",
    ):
        assert part in text


def test_page_offers_only_what_may_be_done_now(story: Story) -> None:
    task = story.task()

    def offered(username: str) -> set[str]:
        text = page(client(story, username), f"/nhiem-vu/{task.pk}/")
        words = ("nhan", "tu-choi", "tien-do", "hoan-thanh", "xac-nhan", "tra-lai", "rut", "don-doc", "chia")
        return {word for word in words if f'action="/nhiem-vu/{task.pk}/{word}/"' in text}

    assert offered("huoi-luong") == {"nhan", "tu-choi"}
    assert offered("thuong-truc") == {"don-doc", "rut"}
    assert offered("dao-san") == set()
    Task.objects.update(state=TaskState.ACCEPTED)
    assert offered("huoi-luong") == {"tien-do", "hoan-thanh"}
    make_unit("ban", "bản A", UnitKind.VILLAGE, parent=story.world.unit("huoi-luong"))
    assert offered("huoi-luong") == {"tien-do", "hoan-thanh", "chia"}
    Task.objects.update(state=TaskState.REPORTED)
    assert offered("thuong-truc") == {"xac-nhan", "tra-lai", "rut"}


def test_stranger_sees_no_task(story: Story) -> None:
    task = story.task()
    assert "Bạn chưa xem được nhiệm vụ này" in page(client(story, "nguoi-la"), f"/nhiem-vu/{task.pk}/", 403)
    assert page(client(story, "nguoi-la"), "/nhiem-vu/99999/", 403)


def test_story_through_the_pages(story: Story) -> None:
    task = story.task()
    unit, standing = client(story, "huoi-luong"), client(story, "thuong-truc")
    here = f"/nhiem-vu/{task.pk}/"

    def post(browser: Client, word: str, **answers: Any) -> None:
        response = browser.post(f"{here}{word}/", answers)
        assert (response.status_code, response.get("Location")) == (302, here), response.content.decode()

    post(unit, "nhan")
    post(
        unit,
        "tien-do",
        percent="50",
        text="Đã rà soát một nửa",
        uploads=[SimpleUploadedFile("anh.jpg", PHOTO), SimpleUploadedFile("b.txt", b"danh sach")],
    )
    post(unit, "hoat-dong", kind="tap_huan", title="Tập huấn", held_on="2023-11-04", value_dong="1.500.000")
    post(unit, "xin-gia-han", until="20/11/2023", reason="Mưa lũ")
    extension = Extension.objects.get()
    post(standing, f"gia-han/{extension.pk}/dong-y", answer="")
    post(unit, "hoan-thanh", text="Xong")
    post(standing, "tra-lai", reason="Thiếu biên bản")
    assert "Thiếu biên bản" in page(unit, here)
    post(unit, "hoan-thanh", text="Đã bổ sung")
    post(standing, "xac-nhan")
    task.refresh_from_db()
    assert (task.state, task.due_on, task.percent) == (TaskState.DONE, date(2023, 11, 20), 100)
    assert Evidence.objects.count() == 2
    assert Activity.objects.get().value_dong == 1_500_000
    text = page(standing, here)
    assert "anh.jpg" in text
    assert "1.500.000 đồng" in text
    assert "chưa rõ số người" in text


def test_refusal_stands_beside_the_form_and_keeps_what_was_typed(story: Story) -> None:
    task = story.task(state=TaskState.ACCEPTED)
    response = client(story, "huoi-luong").post(
        f"/nhiem-vu/{task.pk}/tien-do/",
        {"percent": "40", "text": "Đang làm dở", "uploads": [SimpleUploadedFile("a.exe", b"MZ")]},
    )
    text = response.content.decode()
    assert response.status_code == 422
    assert "chỉ nhận PDF" in text
    assert "Đang làm dở" in text
    empty = client(story, "huoi-luong").post(f"/nhiem-vu/{task.pk}/tien-do/", {"percent": "400", "text": ""})
    assert empty.status_code == 422
    assert "Chưa có đã làm được gì." in empty.content.decode()


def test_stale_page_is_told(story: Story) -> None:
    task = story.task()
    browser = client(story, "huoi-luong")
    browser.post(f"/nhiem-vu/{task.pk}/nhan/")
    response = browser.post(f"/nhiem-vu/{task.pk}/nhan/")
    assert response.status_code == 422
    assert "trạng thái hiện nay là «Đang thực hiện»" in response.content.decode()


def test_wrong_person_posts_in_vain(story: Story) -> None:
    task = story.task()
    response = client(story, "dao-san").post(f"/nhiem-vu/{task.pk}/nhan/")
    assert response.status_code == 403
    task.refresh_from_db()
    assert task.state == TaskState.GIVEN


def test_answer_to_an_extension_of_another_task_is_not_found(story: Story) -> None:
    task, other = story.task(state=TaskState.ACCEPTED), story.task(title="Khác", state=TaskState.ACCEPTED)
    extension = extensions.ask(
        task, until=date(2023, 12, 1), reason="x", actor=story.who("huoi-luong"), now=NOW
    )
    response = client(story, "thuong-truc").post(f"/nhiem-vu/{other.pk}/gia-han/{extension.pk}/dong-y/")
    assert response.status_code == 404
    extension.refresh_from_db()
    assert extension.state == ExtensionState.ASKED


def test_task_page_asks_as_often_for_many_notes(story: Story) -> None:
    task = story.task(state=TaskState.ACCEPTED)
    browser = client(story, "huoi-luong")

    def note() -> None:
        following.report_progress(
            task,
            percent=1,
            text="x",
            files=[Upload("a.jpg", PHOTO)],
            actor=story.who("huoi-luong"),
            now=NOW,
        )
        activities.record_activity(
            story.plan,
            unit_id=task.unit_id,
            task=task,
            kind="khac",
            title="x",
            held_on=DAY,
            files=[Upload("a.jpg", PHOTO)],
            actor=story.who("huoi-luong"),
            now=NOW,
        )

    note()
    one = queries(browser, f"/nhiem-vu/{task.pk}/")
    note()
    note()
    assert queries(browser, f"/nhiem-vu/{task.pk}/") == one


def test_successor_is_named_and_acts(story: Story) -> None:
    task = story.task(due_on=date(2025, 11, 9))
    with clock.fixed_on(date(2025, 6, 30)):
        assert "nay xã Phong Thổ" not in page(client(story, "huoi-luong"), f"/nhiem-vu/{task.pk}/")
    with clock.fixed_on(AFTER):
        browser = client(story, "xa-moi")
        assert "Rà soát hộ nghèo" in page(browser, "/nhiem-vu/")
        text = page(browser, f"/nhiem-vu/{task.pk}/")
        assert "Giao cho xã Huổi Luông. Đã sáp nhập; nay xã Phong Thổ chịu trách nhiệm." in text
        assert browser.post(f"/nhiem-vu/{task.pk}/nhan/").status_code == 302
    task.refresh_from_db()
    assert task.state == TaskState.ACCEPTED


# --- files ----------------------------------------------------------------------------------------


def test_evidence_goes_to_whom_it_concerns(story: Story) -> None:
    task = story.task(state=TaskState.ACCEPTED, partners=(story.world.unit("phong-noi-vu"),))
    following.report_progress(
        task,
        percent=1,
        text="x",
        files=[Upload("danh sách.txt", b"ho ngheo")],
        actor=story.who("huoi-luong"),
        now=NOW,
    )
    address = f"/nhiem-vu/tai-lieu/{Evidence.objects.get().pk}/"
    for username in ("huoi-luong", "thuong-truc", "lanh-dao", "noi-vu", "tinh"):
        response = client(story, username).get(address)
        assert b"".join(response.streaming_content) == b"ho ngheo", username  # type: ignore[attr-defined]
        assert response["Content-Type"] == "application/octet-stream"
        assert response["Content-Disposition"].startswith("attachment")
    for username in ("dao-san", "mu-sang", "nguoi-la", "xa-moi"):
        assert client(story, username).get(address).status_code == 403, username
    assert client(story, "huoi-luong").get("/nhiem-vu/tai-lieu/999/").status_code == 403
    assert "Chỉ đơn vị thực hiện" in page(client(story, "dao-san"), f"/nhiem-vu/{task.pk}/")


# --- late units -----------------------------------------------------------------------------------


def test_late_board_worst_first(story: Story) -> None:
    story.task(due_on=date(2023, 11, 1))
    story.task("dao-san", due_on=date(2023, 10, 1))
    story.task("dao-san", due_on=date(2023, 10, 15))
    story.task("mu-sang", due_on=date(2023, 11, 9))
    story.task("mu-sang", due_on=date(2023, 10, 1), state=TaskState.DONE)
    rows = sheet(client(story, "thuong-truc"), "/nhiem-vu/cham/?dang=xlsx")
    assert [row[:4] for row in rows[1:]] == [
        ["xã Dào San", 2.0, 0.0, date(2023, 10, 1)],
        ["xã Huổi Luông", 1.0, 0.0, date(2023, 11, 1)],
        ["xã Mù Sang", 0.0, 1.0, ""],
    ]


def test_late_board_reminds_chosen_then_all(story: Story) -> None:
    story.task(due_on=date(2023, 11, 1))
    story.task("dao-san", due_on=date(2023, 10, 1))
    browser = client(story, "thuong-truc")
    chosen = browser.post(
        "/nhiem-vu/cham/", {"viec": "da-chon", "chon": [story.world.unit("dao-san").pk], "text": "Gấp"}
    )
    assert chosen.status_code == 302
    assert list(Notice.objects.values_list("unit__key", flat=True)) == ["dao-san"]
    everybody = browser.post("/nhiem-vu/cham/", {"viec": "tat-ca"})
    assert everybody.status_code == 422
    assert "hôm nay đã đôn đốc xã Dào San" in everybody.content.decode()
    with clock.fixed_on(DAY + timedelta(days=1)):
        browser = client(story, "thuong-truc")
        assert browser.post("/nhiem-vu/cham/", {"viec": "tat-ca"}).status_code == 302
        text = page(browser, "/nhiem-vu/cham/")
    assert Reminder.objects.count() == 3
    assert "2 đơn vị, 2 nhiệm vụ" in text
    assert "2 lần đôn đốc" in text


def test_late_board_is_for_those_who_follow(story: Story) -> None:
    assert "chuyên viên thường trực" in page(client(story, "huoi-luong"), "/nhiem-vu/cham/", 403)
    assert client(story, "nguoi-xem").post("/nhiem-vu/cham/", {"viec": "tat-ca"}).status_code == 403
    # Another body's late tasks are not on the board.
    story.task(due_on=date(2023, 11, 1))
    assert "Không có đơn vị nào chậm" in page(client(story, "tinh"), "/nhiem-vu/cham/")
    assert client(story, "tinh").post("/nhiem-vu/cham/", {"viec": "tat-ca"}).status_code == 422


def test_late_board_asks_as_often_for_many_units(story: Story) -> None:
    browser = client(story, "thuong-truc")
    story.task(due_on=date(2023, 11, 1))
    one = queries(browser, "/nhiem-vu/cham/")
    units = [
        make_unit(f"xa-{number}", f"xã Số {number}", UnitKind.COMMUNE, parent=story.world.unit("phong-tho"))
        for number in range(20)
    ]
    Task.objects.bulk_create(
        Task(
            plan=story.plan,
            unit=unit,
            giver=story.world.unit("phong-tho"),
            title="x",
            due_on=date(2023, 11, 1),
        )
        for unit in units
        for _ in range(5)
    )
    assert queries(browser, "/nhiem-vu/cham/") == one


# --- extra tasks and activities -------------------------------------------------------------------


def test_extra_task_through_the_page(story: Story) -> None:
    browser = client(story, "thuong-truc")
    assert "12/KH-UBND" in page(browser, "/nhiem-vu/giao/")
    address = f"/nhiem-vu/giao/?ke_hoach={story.plan.pk}"
    assert "xã Huổi Luông" in page(browser, address)
    sent = {
        "title": "Báo cáo nhanh",
        "modality": "giao",
        "due_on": "2023-11-20",
        "unit_ids": [story.world.unit("huoi-luong").pk],
    }
    unsure = browser.post(address, {**sent, "names": "Phòng Không Có Thật"})
    assert unsure.status_code == 422
    assert "Chưa rõ «Phòng Không Có Thật» là đơn vị nào" in unsure.content.decode()
    assert browser.post(address, {**sent, "names": "Phòng Nội vụ"}).status_code == 302
    assert set(Task.objects.values_list("unit__key", "due_on")) == {
        ("huoi-luong", date(2023, 11, 20)),
        ("phong-noi-vu", date(2023, 11, 20)),
    }


def test_nobody_else_gives_through_the_page(story: Story) -> None:
    browser = client(story, "huoi-luong")
    assert "Chưa có kế hoạch nào" in page(browser, "/nhiem-vu/giao/")
    browser.post(
        f"/nhiem-vu/giao/?ke_hoach={story.plan.pk}",
        {"title": "x", "modality": "giao", "unit_ids": [story.world.unit("dao-san").pk]},
    )
    assert Task.objects.count() == 0


def test_activities_with_sums_that_name_the_unknown(story: Story) -> None:
    browser = client(story, "huoi-luong")
    unit: Unit = story.world.unit("huoi-luong")
    common = {"plan_id": story.plan.pk, "unit_id": unit.pk, "kind": "tang_qua"}
    for title, people, value in (("Tặng quà Tết", "40", "2.000.000"), ("Thăm hộ nghèo", "", "")):
        response = browser.post(
            "/nhiem-vu/hoat-dong/moi/",
            {
                **common,
                "title": title,
                "held_on": "2023-01-15",
                "people": people,
                "value_dong": value,
                "place": "bản Chang",
            },
        )
        assert response.status_code == 302, response.content.decode()
    text = page(browser, "/nhiem-vu/hoat-dong/")
    assert "2.000.000" in text
    assert text.count("1 hoạt động chưa có số") == 2
    assert "chưa rõ" in text
    rows = sheet(browser, "/nhiem-vu/hoat-dong/?dang=xlsx&tim=tham+ho")
    assert rows[1:] == [
        ["Thăm hộ nghèo", "Tặng quà, hỗ trợ", date(2023, 1, 15), "xã Huổi Luông", "bản Chang", "", ""]
    ]
    for query, count in (
        ("loai=tap_huan", 0),
        ("don_vi=huoi", 2),
        ("tu=2023-02-01", 0),
        ("den=15/01/2023", 2),
        (f"ke_hoach={story.plan.pk}", 2),
    ):
        found = sheet(browser, f"/nhiem-vu/hoat-dong/?dang=xlsx&{query}")
        assert len(found) - 1 == count, query


def test_activity_of_another_unit_is_refused(story: Story) -> None:
    response = client(story, "huoi-luong").post(
        "/nhiem-vu/hoat-dong/moi/",
        {
            "plan_id": story.plan.pk,
            "unit_id": story.world.unit("dao-san").pk,
            "kind": "khac",
            "title": "x",
            "held_on": "2023-01-15",
            "value_dong": "abc",
        },
    )
    assert response.status_code == 422
    assert "số đồng tròn" in response.content.decode()
    assert Activity.objects.count() == 0


def test_activities_ask_as_often_for_many_rows(story: Story) -> None:
    browser = client(story, "huoi-luong")

    def more(number: int) -> None:
        Activity.objects.bulk_create(
            Activity(
                plan=story.plan, unit=story.world.unit("huoi-luong"), kind="khac", title="x", held_on=DAY
            )
            for _ in range(number)
        )

    more(1)
    one = queries(browser, "/nhiem-vu/hoat-dong/")
    more(2)
    assert queries(browser, "/nhiem-vu/hoat-dong/") == one
    more(3000)
    assert queries(browser, "/nhiem-vu/hoat-dong/") == one
