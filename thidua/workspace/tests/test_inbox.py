"""Việc của tôi: who is shown what, in which order, and at what cost."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from thidua.audit.log import record
from thidua.core import clock
from thidua.core.text import fold
from thidua.documents.models import Document, StoredFile
from thidua.movements.models import (
    PlanVersion,
    PlanVersionState,
    RegistrationState,
    Reminder,
    TaskState,
)
from thidua.organisations.tests.world import DAY, World, phong_tho
from thidua.workspace.inbox import inbox
from thidua.workspace.tests.matters import (
    NOW,
    make_draft,
    make_extension,
    make_plan,
    make_registration,
    make_task,
)


@pytest.fixture
def world(db: None) -> World:
    return phong_tho()


def shown(world: World, username: str) -> dict[str, list[tuple[str, str]]]:
    """Group → (title, why) for one person."""
    found = inbox(world.acting(username), now=NOW)
    return {group.key: [(one.title, one.why) for one in group.matters] for group in found.groups}


def test_tasks_of_my_unit_stand_by_deadline(world: World) -> None:
    plan = make_plan(world)
    make_task(world, plan, "Sau này", due_on=date(2024, 6, 1))
    make_task(world, plan, "Tuần này", due_on=DAY + timedelta(days=7), state=TaskState.ACCEPTED, percent=40)
    make_task(world, plan, "Hôm nay", due_on=DAY)
    make_task(world, plan, "Trễ", due_on=DAY - timedelta(days=1))
    make_task(world, plan, "Không hạn")

    assert shown(world, "huoi-luong") == {
        "late": [("Trễ", "Chờ nhận")],
        "soon": [("Hôm nay", "Chờ nhận"), ("Tuần này", "Đang thực hiện, 40 %")],
        "later": [("Sau này", "Chờ nhận")],
        "open": [("Không hạn", "Chờ nhận")],
    }


def test_task_of_another_unit_is_not_mine(world: World) -> None:
    make_task(world, make_plan(world), "Của Dào San", unit="dao-san", due_on=DAY)

    assert shown(world, "dao-san") == {"soon": [("Của Dào San", "Chờ nhận")]}
    assert shown(world, "huoi-luong") == {}


def test_task_of_a_later_year_is_no_news_yet(world: World) -> None:
    plan = make_plan(world)
    make_task(world, plan, "Năm 2023", due_on=date(2023, 11, 9), starts_on=date(2023, 1, 1))
    make_task(world, plan, "Năm 2024", due_on=date(2024, 11, 9), starts_on=date(2024, 1, 1))

    assert shown(world, "huoi-luong") == {"soon": [("Năm 2023", "Chờ nhận")]}


def test_ended_tasks_are_gone(world: World) -> None:
    plan = make_plan(world)
    for state in (TaskState.DONE, TaskState.CANCELLED, TaskState.DECLINED, TaskState.REPORTED):
        make_task(world, plan, str(state.label), state=state, due_on=DAY)

    assert shown(world, "huoi-luong") == {}


def test_standing_body_answers_results_refusals_extensions_registrations_and_drafts(world: World) -> None:
    plan = make_plan(world)
    make_task(world, plan, "Xong", state=TaskState.REPORTED, reported_at=NOW)
    make_task(world, plan, "Không nhận", state=TaskState.DECLINED)
    make_extension(make_task(world, plan, "Xin lùi", state=TaskState.ACCEPTED, due_on=DAY))
    make_registration(world, plan)
    make_draft(plan)

    assert sorted(shown(world, "thuong-truc")["answers"]) == [
        ("1 đăng ký năm 2023 chờ duyệt", "Đăng ký thi đua"),
        ("Không nhận", "Từ chối nhiệm vụ"),
        ("Phong trào thi đua vì người nghèo, điều chỉnh", "Bản nháp chưa đưa vào thực hiện"),
        ("Xin lùi", "Đề nghị gia hạn đến 01/12/2023"),
        ("Xong", "Báo đã hoàn thành"),
    ]
    assert "answers" not in shown(world, "dao-san")


def test_registration_that_came_back_is_mine_to_mend(world: World) -> None:
    make_registration(world, make_plan(world), state=RegistrationState.RETURNED)

    assert shown(world, "huoi-luong") == {"open": [("1 đăng ký năm 2023 bị trả lại", "Đăng ký thi đua")]}
    assert shown(world, "dao-san") == {}


def test_viewer_has_nothing_to_do(world: World) -> None:
    plan = make_plan(world)
    make_task(world, plan, "Trễ", unit="phong-tho", due_on=DAY - timedelta(days=1))

    assert shown(world, "lanh-dao") != {}
    assert shown(world, "nguoi-xem") == {}


def test_what_others_owe_is_counted_by_unit_for_the_standing_body_only(world: World) -> None:
    plan = make_plan(world)
    for days, unit in ((1, "huoi-luong"), (9, "huoi-luong"), (30, "dao-san"), (-3, "mu-sang")):
        make_task(world, plan, f"Việc {days}", unit=unit, due_on=DAY - timedelta(days=days))
    make_task(world, plan, "Đã báo", unit="mu-sang", state=TaskState.REPORTED, due_on=DAY - timedelta(days=5))

    owing = inbox(world.acting("thuong-truc"), now=NOW).owing

    assert [(one.label, one.late, one.days_late) for one in owing] == [
        ("xã Huổi Luông", 2, 9),
        ("xã Dào San", 1, 30),
    ]
    assert inbox(world.acting("dao-san"), now=NOW).owing == []


def test_successor_finds_the_tasks_of_the_commune_it_took_over(world: World) -> None:
    make_task(world, make_plan(world), "Giao cho Huổi Luông", due_on=date(2025, 11, 9))

    before = inbox(world.acting("huoi-luong", on=date(2025, 6, 30)), now=NOW)
    after = inbox(world.acting("xa-moi", on=date(2025, 7, 1)), now=NOW)

    assert [one.title for group in before.groups for one in group.matters] == ["Giao cho Huổi Luông"]
    assert [one.title for group in after.groups for one in group.matters] == ["Giao cho Huổi Luông"]
    assert [one.about.split(" · ")[0] for group in after.groups for one in group.matters] == [
        "kế thừa từ xã Huổi Luông"
    ]
    assert inbox(world.acting("xa-moi", on=date(2025, 6, 30)), now=NOW).groups == []


def test_done_this_week_comes_from_the_log_and_is_only_mine(world: World) -> None:
    task = make_task(world, make_plan(world), "Rà soát hộ nghèo")
    for username, days in (("huoi-luong", 0), ("huoi-luong", 10), ("dao-san", 0)):
        record("x", task, label=f"Nhận {days}", actor=world.acting(username), now=NOW - timedelta(days=days))

    done = inbox(world.acting("huoi-luong"), now=NOW).done

    assert [(one.label, one.times, one.object_label) for one in done] == [("Nhận 0", 1, "Rà soát hộ nghèo")]


def test_equal_acts_are_one_line_and_no_more_than_six_lines_show(world: World) -> None:
    plan = make_plan(world)
    first, second = make_task(world, plan, "Việc một"), make_task(world, plan, "Việc hai")
    acting = world.acting("huoi-luong")
    for number in range(7):
        record(f"x{number}", first, label=f"Việc khác {number}", actor=acting, now=NOW)
    for task in (first, second, second):
        record("nhan", task, label="Nhận nhiệm vụ", actor=acting, now=NOW)
    for _ in range(2):
        record("sua", second, label="Sửa", actor=acting, now=NOW)

    done = inbox(acting, now=NOW).done

    assert [(one.label, one.times, one.object_label) for one in done] == [
        ("Sửa", 2, "Việc hai"),
        ("Nhận nhiệm vụ", 3, ""),
        ("Việc khác 6", 1, "Việc một"),
        ("Việc khác 5", 1, "Việc một"),
        ("Việc khác 4", 1, "Việc một"),
        ("Việc khác 3", 1, "Việc một"),
    ]


def test_done_leads_into_the_log_only_those_who_may_read_it(world: World) -> None:
    assert inbox(world.acting("huoi-luong"), now=NOW).log_address == ""
    address = inbox(world.acting("thuong-truc"), now=NOW).log_address
    assert address == "/nhat-ky/?cua=toi&tu_ngay=30%2F10%2F2023"

    task = make_task(world, make_plan(world), "Rà soát")
    for username in ("thuong-truc", "huoi-luong"):
        record("x", task, label=f"Của {username}", actor=world.acting(username), now=NOW)
    client = Client()
    client.force_login(world.people["thuong-truc"])
    with clock.fixed_on(DAY):
        text = client.get(address).content.decode()

    assert "Của thuong-truc" in text
    assert "Của huoi-luong" not in text
    assert 'href="/nhat-ky/?cua=toi">Bỏ lọc' in text


def read_document(issuer: str, number: str = "", *, province: str = "Lai Châu", **fields: Any) -> Document:
    count = Document.objects.count()
    file = StoredFile.objects.create(sha256=f"{count:064x}", size_bytes=1)
    record_json = json.dumps({"doc": {"issuer": {"name": issuer, "province": province}}})
    return Document.objects.create(
        address=f"van-ban-{count}",
        file=file,
        file_name="ke-hoach.docx",
        title=f"Kế hoạch {count}",
        issuer=issuer,
        number=number,
        search_text=fold(f"Kế hoạch {count} {issuer} {number}"),
        record_json=record_json,
        lines_json="[]",
        **{"is_sample": True, **fields},
    )


def offered(world: World, username: str) -> list[str]:
    found = inbox(world.acting(username), now=NOW, documents=Document.objects.all())
    return [one.title for group in found.groups if group.key == "read" for one in group.matters]


def test_standing_officer_is_offered_read_plans_of_the_own_place(world: World) -> None:
    read_document("Ủy ban nhân dân huyện Phong Thổ")
    read_document("Ủy ban nhân dân huyện Phong Thổ", province="Tỉnh Khác")
    read_document("Ủy ban nhân dân tỉnh Lai Châu")
    used = read_document("Ủy ban nhân dân huyện Phong Thổ")
    dropped = read_document("Ủy ban nhân dân huyện Phong Thổ")
    plan = make_plan(world)
    PlanVersion.objects.filter(pk=make_draft(plan, number=8).pk).update(document=used)
    PlanVersion.objects.filter(pk=make_draft(plan, number=9).pk).update(
        document=dropped, state=PlanVersionState.DROPPED
    )
    read_document("Ủy ban nhân dân huyện Phong Thổ", number=plan.number)

    assert plan.number
    assert sorted(offered(world, "thuong-truc")) == ["Kế hoạch 0", "Kế hoạch 4"]
    assert offered(world, "huoi-luong") == []
    assert offered(world, "nguoi-la") == []


def test_offered_plan_leads_to_its_start(world: World) -> None:
    read_document("Ủy ban nhân dân huyện Phong Thổ", number="12/KH-UBND", type_name="Kế hoạch")
    client = Client()
    client.force_login(world.people["thuong-truc"])

    with clock.fixed_on(DAY):
        text = client.get("/viec-cua-toi/").content.decode()

    assert "Kế hoạch đã đọc, chưa đưa vào thực hiện" in text
    assert 'href="/ke-hoach/tiep-nhan/van-ban-0/"' in text


def test_page_asks_for_sign_in(world: World) -> None:
    response = Client().get("/viec-cua-toi/")

    assert response.status_code == 302
    assert response["Location"].endswith("?next=/viec-cua-toi/")


@pytest.mark.parametrize(
    ("username", "sentence"),
    [
        ("thuong-truc", "bản nháp kế hoạch chưa đưa vào thực hiện"),
        ("huoi-luong", "Khi một kế hoạch giao nhiệm vụ cho đơn vị của bạn"),
        ("nguoi-xem", "Vai trò của bạn là xem"),
        ("quan-tri", "Bạn quản trị: thêm người"),
        ("nguoi-la", "Bạn chưa được ủy nhiệm cho đơn vị nào"),
    ],
)
def test_empty_page_teaches_by_role(world: World, username: str, sentence: str) -> None:
    client = Client()
    client.force_login(world.people[username])

    with clock.fixed_on(DAY):
        text = client.get("/viec-cua-toi/").content.decode()

    assert sentence in text
    assert text.count("<h1>") == 1


def test_queries_of_the_page_do_not_grow_with_the_matters(world: World) -> None:
    plan = make_plan(world)
    client = Client()
    client.force_login(world.people["thuong-truc"])
    counts = []
    for more in (1, 3):
        for number in range(more):
            name = f"{more}.{number}"
            make_task(world, plan, f"Của tôi {name}", unit="phong-ldtbxh", due_on=DAY)
            make_task(world, plan, f"Trễ {name}", due_on=DAY - timedelta(days=3))
            make_task(world, plan, f"Xong {name}", state=TaskState.REPORTED, reported_at=NOW)
            make_extension(make_task(world, plan, f"Lùi {name}", state=TaskState.ACCEPTED, due_on=DAY))
            make_registration(world, plan, year=2000 + 10 * more + number)
            make_draft(plan, number=10 * more + number)
            read_document("Ủy ban nhân dân huyện Phong Thổ")
        with clock.fixed_on(DAY), CaptureQueriesContext(connection) as queries:
            assert client.get("/viec-cua-toi/").status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 61


def test_unit_is_reminded_of_all_its_late_work_in_one_click_and_once_a_day(world: World) -> None:
    plan = make_plan(world)
    for days in (1, 9, -3):
        make_task(world, plan, f"Việc {days}", due_on=DAY - timedelta(days=days))
    make_task(world, plan, "Của xã khác", unit="dao-san", due_on=DAY - timedelta(days=1))
    client = Client()
    client.force_login(world.people["thuong-truc"])
    address = f"/viec-cua-toi/don-doc/{world.unit('huoi-luong').pk}/"

    with clock.fixed_on(DAY):
        first = client.post(address, follow=True).content.decode()
        second = client.post(address, follow=True).content.decode()

    assert "Đã đôn đốc xã Huổi Luông về 2 nhiệm vụ trễ hạn." in first
    assert "hôm nay đã đôn đốc xã Huổi Luông" in second
    assert sorted(Reminder.objects.values_list("task__title", flat=True)) == ["Việc 1", "Việc 9"]


def test_unit_officer_reminds_nobody(world: World) -> None:
    make_task(world, make_plan(world), "Trễ", due_on=DAY - timedelta(days=1))
    client = Client()
    client.force_login(world.people["dao-san"])

    with clock.fixed_on(DAY):
        text = client.post(
            f"/viec-cua-toi/don-doc/{world.unit('huoi-luong').pk}/", follow=True
        ).content.decode()

    assert "Chưa gửi đôn đốc" in text
    assert Reminder.objects.count() == 0
