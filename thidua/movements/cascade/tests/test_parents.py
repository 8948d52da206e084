"""Plans that a plan carries out: cited, unknown, filled later, mended by hand, climbed to."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from thidua.audit.log import System
from thidua.audit.models import Entry
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.documents.models import Document, StoredFile
from thidua.movements.cascade.parents import (
    Cited,
    add_parent,
    cited_plans,
    fill_placeholder,
    higher_plans,
    issuer_of,
    known_plan,
    link_parents,
    movement_for,
    placeholder_for,
    remove_parent,
)
from thidua.movements.cascade.tests.records import record
from thidua.movements.models import Plan, PlanVersion, PlanVersionState
from thidua.movements.tests.makers import NOW, make_item, make_movement, make_plan, phong_tho_plan
from thidua.organisations.models import UnitKind
from thidua.organisations.tests.world import DAY, World, make_unit, phong_tho

pytestmark = pytest.mark.django_db
SYSTEM = System(on=DAY)
DRAFT = PlanVersionState.DRAFT


@pytest.fixture
def world() -> World:
    world = phong_tho()
    world.units["lang-son"] = make_unit(
        "lang-son", "tỉnh Lạng Sơn", UnitKind.PROVINCE, parent=world.unit("viet-nam")
    )
    world.units["chinh-phu"] = make_unit("chinh-phu", "Chính phủ", parent=world.unit("viet-nam"))
    return world


def with_document(
    plan: Plan, found: dict[str, Any], *, state: PlanVersionState = PlanVersionState.ADOPTED
) -> PlanVersion:
    """The draft of `plan` with a document that was read as `found`, brought into `state`."""
    file = StoredFile.objects.create(sha256=f"{StoredFile.objects.count():064}", size_bytes=1)
    document = Document.objects.create(
        address=f"van-ban-{file.pk}",
        owner="x",
        file=file,
        file_name="a.txt",
        record_json=json.dumps(found, ensure_ascii=False, default=str),
        lines_json="[]",
    )
    version = plan.versions.get()
    version.document, version.state = document, state
    version.adopted_at = NOW if state == PlanVersionState.ADOPTED else None
    version.save(update_fields=["document", "state", "adopted_at"])
    return version


def test_cited_plans_of_the_five_records() -> None:
    assert [
        [(one.number, one.issuer, one.dated) for one in cited_plans(record(number))] for number in range(5)
    ] == [
        [("152/KH-UBND", "Ủy ban nhân dân tỉnh Lạng Sơn", "2022-07-01")],
        [("417/KH-UBND", "Ủy ban nhân dân tỉnh Đắk Nông", "2022-07-18")],
        [("2282/KH-UBND", "Ủy ban nhân dân tỉnh Lai Châu", "2022-07-01")],
        [
            ("587/QĐ-TTg", "Thủ tướng Chính phủ", "2022-05-18"),
            ("1017/KH-UBND", "Ủy ban nhân dân tỉnh Quảng Bình", "2022-06-13"),
        ],
        [("146/KH-UBND", "Ủy ban nhân dân tỉnh Lạng Sơn", "2022-06-23")],
    ]


def test_unknown_parent_becomes_one_placeholder_for_all_that_cite_it(world: World) -> None:
    first = with_document(phong_tho_plan(world, state=DRAFT), record(2))
    second = with_document(make_plan(world.unit("mu-sang"), state=DRAFT), record(2))

    (made,) = link_parents(first, actor=SYSTEM, now=NOW)

    assert link_parents(second, actor=SYSTEM, now=NOW) == [made]
    assert link_parents(first, actor=SYSTEM, now=NOW) == []
    assert (made.number, made.dated, made.is_placeholder, made.owner) == (
        "2282/KH-UBND",
        "2022-07-01",
        True,
        world.unit("lai-chau"),
    )
    assert set(made.carried_out_by.all()) == {first.plan, second.plan}


def test_same_number_of_another_province_or_year_is_another_document(world: World) -> None:
    plan = make_plan(world.unit("lang-son"), number="152/KH-UBND", dated="2022-07-01")
    issuer = "Ủy ban nhân dân tỉnh Lạng Sơn"

    assert known_plan(Cited("152/KH-UBND", issuer, "2022-07-01")) == plan
    assert known_plan(Cited("152 / kh-ubnd", issuer, "")) == plan
    assert known_plan(Cited("152/KH-UBND", issuer, "2023-07-01")) is None
    assert known_plan(Cited("152/KH-UBND", "Ủy ban nhân dân tỉnh Lai Châu", "2022-07-01")) is None
    assert known_plan(Cited("1152/KH-UBND", issuer, "2022-07-01")) is None


def test_issuer_of_a_citation_without_date_is_looked_up_on_the_day_of_the_citing_document(
    world: World,
) -> None:
    issuer = "Ủy ban nhân dân tỉnh Lạng Sơn"
    undated = {"id": "C1", "ref": "152/KH-UBND", "role": "parent_plan", "issuer": issuer}
    plan = {"doc": {"date": {"edtf": "2022-07"}}, "citations": [undated]}
    (dated_by_the_plan,) = cited_plans(plan)
    (by_nothing,) = cited_plans({**plan, "doc": {"date": None}})

    assert (dated_by_the_plan.dated, dated_by_the_plan.day) == ("", date(2022, 7, 31))
    assert issuer_of(dated_by_the_plan) == world.unit("lang-son")
    assert by_nothing.day is None
    assert issuer_of(by_nothing) is None
    assert issuer_of(by_nothing, on=date(2022, 7, 31)) == world.unit("lang-son")


def test_real_document_fills_the_placeholder_and_links_stay(world: World) -> None:
    version = with_document(phong_tho_plan(world, state=DRAFT), record(2))
    (placeholder,) = link_parents(version, actor=SYSTEM, now=NOW)
    province = world.unit("lai-chau")

    found = placeholder_for("2282/KH-UBND", owner=province, issuer="UBND tỉnh Lai Châu", dated="2022-07-01")
    assert found == placeholder
    issuer = "Ủy ban nhân dân tỉnh Lai Châu"
    assert placeholder_for("2282/KH-UBND", owner=province, issuer=issuer, dated="2023-07-01") is None
    assert placeholder_for("2282/KH-UBND", owner=world.unit("lang-son"), issuer=issuer, dated="") is None
    fill_placeholder(found, owner=province, title="Kế hoạch của tỉnh", dated="2022-07-01")

    placeholder.refresh_from_db()
    assert (placeholder.title, list(placeholder.carried_out_by.all())) == (
        "Kế hoạch của tỉnh",
        [version.plan],
    )
    with pytest.raises(RuleNotMet, match="đã có văn bản"):
        fill_placeholder(version.plan, owner=province, title="", dated="")


def test_local_movement_is_a_variant_of_the_national_one(world: World) -> None:
    national = make_movement("Vì người nghèo - Không để ai bị bỏ lại phía sau", owner=world.unit("chinh-phu"))
    make_movement("Cả nước chung sức", theme="nong_thon_moi")

    assert movement_for(record(0)) == national
    assert movement_for({"movement": {"theme": "khac"}}) is None
    assert movement_for({"movement": {"theme": "giam_ngheo", "period": {"from": 2011, "to": 2015}}}) is None


# --- by hand --------------------------------------------------------------------------------------


def test_standing_body_adds_and_removes_a_parent_and_the_log_tells(world: World) -> None:
    plan, higher = phong_tho_plan(world), make_plan(world.unit("lai-chau"), number="1/KH-UBND")
    actor = world.acting("thuong-truc")

    add_parent(plan, higher, actor=actor, now=NOW)
    assert list(plan.carries_out.all()) == [higher]
    remove_parent(plan, higher, actor=actor, now=NOW, reason="Trích dẫn nhầm")

    assert list(plan.carries_out.all()) == []
    told = Entry.objects.order_by("number").values_list("action_label", "reason")
    assert list(told) == [("Gắn kế hoạch cấp trên", ""), ("Bỏ kế hoạch cấp trên", "Trích dẫn nhầm")]


def test_removed_link_is_not_made_again(world: World) -> None:
    version = with_document(phong_tho_plan(world, state=DRAFT), record(2))
    (parent,) = link_parents(version, actor=SYSTEM, now=NOW)
    remove_parent(version.plan, parent, actor=world.acting("thuong-truc"), now=NOW, reason="Nhầm")

    assert link_parents(version, actor=SYSTEM, now=NOW) == []


def test_parent_by_hand_is_refused(world: World) -> None:
    plan, higher = phong_tho_plan(world), make_plan(world.unit("lai-chau"))
    actor = world.acting("thuong-truc")
    with pytest.raises(NotAllowed):
        add_parent(plan, higher, actor=world.acting("mu-sang"), now=NOW)
    with pytest.raises(RuleNotMet, match="chính là kế hoạch này"):
        add_parent(plan, plan, actor=actor, now=NOW)
    add_parent(plan, higher, actor=actor, now=NOW)
    with pytest.raises(RuleNotMet, match="đã được gắn"):
        add_parent(plan, higher, actor=actor, now=NOW)
    with pytest.raises(RuleNotMet, match="đang thực hiện kế hoạch này"):
        add_parent(higher, plan, actor=world.acting("tinh"), now=NOW)
    with pytest.raises(RuleNotMet, match="chưa ghi lý do"):
        remove_parent(plan, higher, actor=actor, now=NOW, reason=" ")


# --- climbing -------------------------------------------------------------------------------------


def test_climbs_over_a_placeholder_to_the_plan_with_items(world: World) -> None:
    national = make_plan(world.unit("chinh-phu"), number="666/QĐ-TTg")
    make_item(national.versions.get(), "targets", "T1", {"quote": "giảm nghèo"})
    placeholder = make_plan(world.unit("lai-chau"), state=None, number="2282/KH-UBND")
    placeholder.carries_out.add(national)
    plan = phong_tho_plan(world)
    plan.carries_out.add(placeholder)

    (higher,) = higher_plans(plan.versions.get())

    assert (higher.plan, higher.is_direct, higher.through) == (national, False, (placeholder,))


def test_nearest_comes_first_and_all_above_follow(world: World) -> None:
    national = make_plan(world.unit("chinh-phu"))
    province = make_plan(world.unit("lai-chau"))
    province.carries_out.add(national)
    plan = phong_tho_plan(world)
    plan.carries_out.add(province)

    found = higher_plans(plan.versions.get())

    assert [(one.plan, one.is_direct) for one in found] == [(province, True), (national, False)]


def test_without_any_chain_the_national_plan_of_the_movement_is_taken(world: World) -> None:
    movement = make_movement("Vì người nghèo", owner=world.unit("chinh-phu"))
    national = make_plan(world.unit("chinh-phu"), movement=movement)
    local = make_movement("Phong Thổ chung tay", variant_of=movement)
    plan = phong_tho_plan(world, movement=local)

    (higher,) = higher_plans(plan.versions.get())

    assert (higher.plan, higher.is_by_movement) == (national, True)
    assert higher_plans(national.versions.get()) == []


def test_draft_is_compared_with_what_its_text_cites(world: World) -> None:
    province = make_plan(world.unit("lai-chau"), number="2282/KH-UBND", dated="2022-07-01")
    version = with_document(phong_tho_plan(world, state=DRAFT), record(2), state=DRAFT)

    (higher,) = higher_plans(version)

    assert (higher.plan, higher.is_direct) == (province, True)
    assert not version.plan.carries_out.exists()
