"""Search: without accents, best first, nothing that a person may not see, at a constant cost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from thidua.core import clock
from thidua.core.text import fold
from thidua.documents.models import Document
from thidua.movements.models import ItemDecision, ItemKind, PlanItem, RegistrationKind, SubjectType
from thidua.movements.visibility import visible_registrations
from thidua.organisations.models import Role, UnitKind
from thidua.organisations.tests.world import DAY, World, make_person, make_unit, phong_tho
from thidua.workspace import searching
from thidua.workspace.tests.matters import make_draft, make_plan, make_registration, make_task


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    # An address for every page, also of rooms that are not built yet: here only the answers count.
    monkeypatch.setattr(searching, "address", lambda name, *keys: f"/{name}/{'/'.join(map(str, keys))}")
    return phong_tho()


def answers(world: World, username: str, query: str, *, only: str = "") -> dict[str, list[str]]:
    """Kind → titles; without the lawbook, which says the same to everybody."""
    kinds = searching.search(
        query, acting=world.acting(username), documents=Document.objects.none(), only=only
    )
    return {kind.key: [one.title for one in kind.found] for kind in kinds if kind.key != "law"}


@pytest.mark.parametrize("query", ["lai chau", "LAI CHÂU", "lai  châu", "chau lai"])
def test_accents_case_and_order_of_words_do_not_matter(world: World, query: str) -> None:
    assert answers(world, "thuong-truc", query, only="units")["units"][0] == "tỉnh Lai Châu"


def test_what_begins_with_the_words_stands_first(world: World) -> None:
    plan = make_plan(world)
    for title in ("Không để hộ nghèo", "Nghèo bền vững", "Chương trình giảm nghèo bền vững", "Nghèonàn"):
        make_task(world, plan, title)

    found = answers(world, "thuong-truc", "ngheo ben", only="tasks")

    assert found == {"tasks": ["Nghèo bền vững", "Chương trình giảm nghèo bền vững"]}


def test_current_unit_stands_before_one_that_has_ended(world: World) -> None:
    kinds = searching.search(
        "xa phong tho huoi",
        acting=world.acting("xa-moi", on=DAY.replace(year=2025, month=12)),
        documents=Document.objects.none(),
    )
    assert [one.title for kind in kinds for one in kind.found] == []

    (units,) = searching.search(
        "dao san",
        acting=world.acting("tinh", on=DAY.replace(year=2025, month=12)),
        documents=Document.objects.none(),
        only="units",
    )
    assert [(one.title, one.note) for one in units.found] == [
        ("xã Dào San", "Cấp xã"),
        ("xã Dào San", "Cấp xã · đến trước ngày 01/07/2025"),
    ]


def test_tasks_of_another_province_do_not_leak(world: World) -> None:
    elsewhere = make_unit("lang-son", "tỉnh Lạng Sơn", UnitKind.PROVINCE, parent=world.unit("viet-nam"))
    world.units["lang-son"] = elsewhere
    world.people["nguoi-lang-son"] = make_person("nguoi-lang-son", (elsewhere, Role.STANDING))
    plan = make_plan(world, "Kế hoạch bí mật của Phong Thổ")
    make_task(world, plan, "Việc riêng của Phong Thổ")
    make_registration(world, plan, search_text="viec rieng dang ky")
    item(plan, "Việc riêng trong câu")
    mine, theirs = (answers(world, name, "rieng") for name in ("thuong-truc", "nguoi-lang-son"))

    assert set(mine) == {"tasks", "registrations", "items"}
    assert theirs == {}
    assert answers(world, "thuong-truc", "bi mat") != {}
    assert answers(world, "nguoi-lang-son", "bi mat") == {}
    assert answers(world, "nguoi-la", "bi mat") == {}


def item(
    plan: object, quote: str, decision: ItemDecision = ItemDecision.ACCEPTED, number: int = 1
) -> PlanItem:
    version = plan.versions.get(number=number)  # type: ignore[attr-defined]
    return PlanItem.objects.create(
        version=version,
        kind=ItemKind.TASK,
        key=f"K{version.items.count() + 1}",
        position=1,
        quote=quote,
        search_text=fold(quote),
        decision=decision,
    )


def test_sentences_are_those_of_the_plan_in_force(world: World) -> None:
    plan = make_plan(world)
    make_draft(plan)
    item(plan, "Tập huấn cho cán bộ")
    item(plan, "Tập huấn đã bỏ", ItemDecision.DROPPED)
    item(plan, "Tập huấn của bản nháp", number=2)

    assert answers(world, "thuong-truc", "tap huan") == {"items": ["Tập huấn cho cán bộ"]}


def test_name_of_a_household_is_found_only_by_who_may_read_it(world: World) -> None:
    registration = make_registration(
        world, make_plan(world), subject_name="Giàng A Súa", search_text=fold("Giàng A Súa huoi luong")
    )
    registration.kind = RegistrationKind.ESCAPE
    registration.subject_type = SubjectType.HOUSEHOLD
    registration.save()

    assert answers(world, "huoi-luong", "giang a sua") == {"registrations": ["Hộ đăng ký thoát nghèo 2023"]}
    assert answers(world, "thuong-truc", "giang a sua") == {"registrations": ["Hộ đăng ký thoát nghèo 2023"]}
    assert visible_registrations(world.acting("nguoi-xem")).count() == 1
    for username in ("nguoi-xem", "dao-san", "quan-tri"):
        assert answers(world, username, "giang a sua") == {}


def test_law_is_found_by_the_beginnings_of_its_words(world: World) -> None:
    kinds = searching.search(
        "luong co so", acting=world.acting("nguoi-la"), documents=Document.objects.none(), only="law"
    )

    (law,) = kinds
    assert [(one.title, one.address) for one in law.found] == [
        ("Lương cơ sở của ngày nào", "/law:entry/award.bonus.rule.base-salary"),
        ("Mức lương cơ sở", "/law:entry/pay.base_salary"),
    ]


def test_people_are_found_by_administrators_of_their_units_only(world: World) -> None:
    assert answers(world, "quan-tri", "huoi luong")["people"] == ["Huoi Luong"]
    assert "people" not in answers(world, "thuong-truc", "huoi luong")


def test_commands_are_found_by_other_words_and_by_role(world: World) -> None:
    assert answers(world, "thuong-truc", "don vi cham")["pages"] == ["Nhiệm vụ trễ hạn, đơn vị chậm"]
    assert answers(world, "thuong-truc", "soan ke hoach")["pages"] == ["Soạn kế hoạch từ kế hoạch cấp trên"]
    assert "pages" not in answers(world, "huoi-luong", "soan ke hoach")


def test_no_words_give_the_pages_and_nothing_else(world: World) -> None:
    assert list(answers(world, "huoi-luong", "  ")) == ["pages"]


@pytest.mark.parametrize("query", ["%", "_", "\\", "'", '"', "a' OR 1=1 --", "%%%" * 50, "\x00"])
def test_signs_of_the_database_are_only_letters(world: World, query: str) -> None:
    make_task(world, make_plan(world), "Rà soát hộ nghèo")

    assert "tasks" not in answers(world, "thuong-truc", query)


def test_more_than_fit_are_announced(world: World) -> None:
    plan = make_plan(world)
    for number in range(searching.FEW + 1):
        make_task(world, plan, f"Rà soát {number}")

    tasks, _law = searching.search(
        "ra soat", acting=world.acting("thuong-truc"), documents=Document.objects.none()
    )
    (all_tasks,) = searching.search(
        "ra soat", acting=world.acting("thuong-truc"), documents=Document.objects.none(), only="tasks"
    )

    assert (len(tasks.found), tasks.has_more) == (searching.FEW, True)
    assert (len(all_tasks.found), all_tasks.has_more) == (searching.FEW + 1, False)


def test_queries_do_not_grow_with_what_is_found(world: World) -> None:
    plan = make_plan(world)
    answers(world, "thuong-truc", "ra soat")  # the tree's snapshot is built on the first question
    counts = []
    for more in (1, 30):
        for number in range(more):
            make_task(world, plan, f"Rà soát {more} {number}")
            item(plan, f"Rà soát câu {number}")
            make_registration(world, plan, search_text="ra soat", year=2000 + 100 * more + number)
        with CaptureQueriesContext(connection) as queries:
            answers(world, "thuong-truc", "ra soat")
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 30


def test_page_and_its_part_for_the_quick_box(world: World) -> None:
    client = Client()
    client.force_login(world.people["huoi-luong"])
    with clock.fixed_on(DAY):
        page = client.get("/tim-kiem/", {"tim": "huoi luong"}).content.decode()
        part = client.get("/tim-kiem/", {"tim": "huoi luong"}, headers={"HX-Request": "true"})

    assert page.count("<h1>") == 1
    assert "xã Huổi Luông" in page
    assert 'role="option"' in part.content.decode()
    assert "<h1>" not in part.content.decode()
    assert "HX-Request" in part["Vary"]


def test_words_of_the_query_are_not_read_as_html(world: World) -> None:
    client = Client()
    client.force_login(world.people["huoi-luong"])

    text = client.get("/tim-kiem/", {"tim": "<script>x</script>"}).content.decode()

    assert "<script>x" not in text


def test_search_asks_for_sign_in(db: None) -> None:
    assert Client().get("/tim-kiem/").status_code == 302
