"""A registration from its draft to its decision, with each refusal beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction

from thidua.audit.models import Entry
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.movements.models import (
    Plan,
    PlanVersionState,
    Registration,
    RegistrationKind,
    RegistrationState,
    SubjectType,
)
from thidua.movements.registrations import deciding, sending
from thidua.movements.registrations.sending import Written
from thidua.movements.tests.makers import at, make_plan, phong_tho_plan
from thidua.notices.models import Notice
from thidua.organisations.tests.world import DAY, REFORM, World, phong_tho

NOW = at(DAY)
JOIN = Written(RegistrationKind.JOIN, 2023, "Vận động 100% hộ tham gia")
ESCAPE = Written(
    RegistrationKind.ESCAPE,
    2023,
    "Vay vốn nuôi 3 con trâu",
    SubjectType.HOUSEHOLD,
    "Giàng Thị Mẫu",
    "bản Làng Vây",
)


@pytest.fixture
def world(db: None) -> World:
    return phong_tho()


@pytest.fixture
def plan(world: World) -> Plan:
    plan = phong_tho_plan(world)
    plan.versions.update(first_year=2022, last_year=2025)
    return plan


def helping(world: World, place: str = "huoi-luong", **fields: object) -> Written:
    written = Written(
        RegistrationKind.HELP, 2023, "Giúp 5 hộ làm nhà tiêu hợp vệ sinh", helped_unit=world.unit(place)
    )
    return replace(written, **fields)  # type: ignore[arg-type]


def joined(world: World, plan: Plan, *, now: datetime = NOW) -> Registration:
    return sending.write(plan, world.unit("huoi-luong"), JOIN, actor=world.acting("huoi-luong"), now=now)


def test_registration_is_written_sent_approved_and_everybody_is_told(world: World, plan: Plan) -> None:
    registration = joined(world, plan)
    sending.send(registration, actor=world.acting("huoi-luong"), now=NOW)
    deciding.approve(registration, actor=world.acting("thuong-truc"), now=NOW)

    kept = Registration.objects.get()
    assert (kept.state, kept.sent_at, kept.decided_at) == (RegistrationState.APPROVED, NOW, NOW)
    assert list(Notice.objects.order_by("pk").values_list("unit_id", "text")) == [
        (world.unit("phong-ldtbxh").pk, "xã Huổi Luông gửi đăng ký tham gia phong trào năm 2023."),
        (world.unit("huoi-luong").pk, "Đăng ký tham gia phong trào năm 2023 đã được duyệt."),
    ]
    assert list(Entry.objects.order_by("number").values_list("action_label", flat=True)) == [
        "Lập đăng ký",
        "Gửi đăng ký",
        "Duyệt đăng ký",
    ]


def test_returned_registration_is_mended_and_sent_again(world: World, plan: Plan) -> None:
    registration = joined(world, plan)
    unit, body = world.acting("huoi-luong"), world.acting("thuong-truc")
    sending.send(registration, actor=unit, now=NOW)
    deciding.send_back(registration, reason="Ghi rõ số hộ", actor=body, now=NOW)
    assert (registration.state, registration.returned_reason) == (RegistrationState.RETURNED, "Ghi rõ số hộ")

    sending.mend(registration, replace(JOIN, commitment="Vận động 120 hộ"), actor=unit, now=NOW)
    sending.send(registration, actor=unit, now=NOW)

    kept = Registration.objects.get()
    assert (kept.state, kept.returned_reason, kept.commitment) == (
        RegistrationState.PENDING,
        "",
        "Vận động 120 hộ",
    )


def test_sending_back_needs_a_reason(world: World, plan: Plan) -> None:
    registration = joined(world, plan)
    sending.send(registration, actor=world.acting("huoi-luong"), now=NOW)

    with pytest.raises(RuleNotMet, match="chưa ghi lý do"):
        deciding.send_back(registration, reason=" ", actor=world.acting("thuong-truc"), now=NOW)


def test_pending_registration_can_be_recalled_and_not_changed(world: World, plan: Plan) -> None:
    registration = joined(world, plan)
    actor = world.acting("huoi-luong")
    sending.send(registration, actor=actor, now=NOW)
    with pytest.raises(RuleNotMet, match="«Chờ duyệt»"):
        sending.mend(registration, JOIN, actor=actor, now=NOW)

    sending.recall(registration, actor=actor, now=NOW)

    assert (registration.state, registration.sent_at) == (RegistrationState.DRAFT, None)


def test_only_the_units_own_people_write_and_only_the_body_decides(world: World, plan: Plan) -> None:
    with pytest.raises(NotAllowed):
        sending.write(plan, world.unit("huoi-luong"), JOIN, actor=world.acting("dao-san"), now=NOW)
    registration = joined(world, plan)
    sending.send(registration, actor=world.acting("huoi-luong"), now=NOW)
    for username in ("huoi-luong", "noi-vu", "tinh", "nguoi-xem", "quan-tri", "nguoi-la"):
        with pytest.raises(NotAllowed):
            deciding.approve(registration, actor=world.acting(username), now=NOW)

    assert Registration.objects.get().state == RegistrationState.PENDING


def test_withdrawn_registration_frees_its_place(world: World, plan: Plan) -> None:
    registration = joined(world, plan)
    with pytest.raises(RuleNotMet, match="đơn vị đã có đăng ký cho đối tượng này trong năm 2023"):
        joined(world, plan)

    sending.withdraw(registration, reason="Ghi nhầm", actor=world.acting("huoi-luong"), now=NOW)
    joined(world, plan)

    assert sorted(Registration.objects.values_list("state", flat=True)) == ["da_rut", "nhap"]


def test_database_refuses_what_two_people_wrote_at_once(world: World, plan: Plan) -> None:
    first = joined(world, plan)
    with pytest.raises(IntegrityError, match=r"registration_once|UNIQUE"), transaction.atomic():
        Registration.objects.create(
            plan=plan,
            unit=first.unit,
            kind=first.kind,
            subject_type=first.subject_type,
            year=first.year,
            commitment="Hai lần",
            subject_key=first.subject_key,
        )


def test_of_two_who_decide_at_once_one_is_told(world: World, plan: Plan) -> None:
    registration = joined(world, plan)
    sending.send(registration, actor=world.acting("huoi-luong"), now=NOW)
    mine, theirs = Registration.objects.get(), Registration.objects.get()
    deciding.approve(mine, actor=world.acting("thuong-truc"), now=NOW)

    with pytest.raises(ChangedMeanwhile):
        deciding.send_back(theirs, reason="Chưa rõ", actor=world.acting("lanh-dao"), now=NOW)


@pytest.mark.parametrize("year", [2021, 2026])
def test_year_must_lie_within_the_plan(world: World, plan: Plan, year: int) -> None:
    with pytest.raises(RuleNotMet, match=r"nằm ngoài kế hoạch \(2022 – 2025\)"):
        sending.write(
            plan,
            world.unit("huoi-luong"),
            replace(JOIN, year=year),
            actor=world.acting("huoi-luong"),
            now=NOW,
        )


def test_plan_that_ended_takes_no_registration(world: World, plan: Plan) -> None:
    plan.versions.update(last_year=2022)

    with pytest.raises(RuleNotMet, match="kế hoạch đã kết thúc năm 2022"):
        joined(world, plan)


def test_draft_plan_takes_no_registration(world: World) -> None:
    draft = make_plan(world.unit("phong-tho"), state=PlanVersionState.DRAFT)

    with pytest.raises(RuleNotMet, match="chưa được đưa vào thực hiện"):
        joined(world, draft)


def test_agency_helps_a_named_commune(world: World, plan: Plan) -> None:
    registration = sending.write(
        plan,
        world.unit("phong-noi-vu"),
        helping(world, helped_village="bản Ma Lù Thàng"),
        actor=world.acting("noi-vu"),
        now=NOW,
    )

    assert (registration.helped_unit, registration.helped_village) == (
        world.unit("huoi-luong"),
        "bản Ma Lù Thàng",
    )
    assert "ban ma lu thang" in registration.search_text


@pytest.mark.parametrize(
    ("place", "why"),
    [
        (None, "chưa có địa chỉ cụ thể"),
        ("phong-tho", "huyện Phong Thổ chưa phải địa chỉ cụ thể"),
        ("phong-noi-vu", "chưa phải địa chỉ cụ thể"),
        ("xa-phong-tho", "không còn vào ngày 05/11/2023"),
    ],
)
def test_help_needs_a_place_that_is_there(world: World, plan: Plan, place: str | None, why: str) -> None:
    written = replace(helping(world), helped_unit=world.unit(place) if place else None)

    with pytest.raises(RuleNotMet, match=why):
        sending.write(plan, world.unit("phong-noi-vu"), written, actor=world.acting("noi-vu"), now=NOW)


def test_commune_does_not_register_to_help(world: World, plan: Plan) -> None:
    with pytest.raises(RuleNotMet, match="đăng ký giúp đỡ là của cơ quan"):
        sending.write(plan, world.unit("dao-san"), helping(world), actor=world.acting("dao-san"), now=NOW)


def test_agency_may_help_two_places_but_none_twice(world: World, plan: Plan) -> None:
    actor, unit = world.acting("noi-vu"), world.unit("phong-noi-vu")
    sending.write(plan, unit, helping(world), actor=actor, now=NOW)
    sending.write(plan, unit, helping(world, "dao-san"), actor=actor, now=NOW)

    with pytest.raises(RuleNotMet, match="đã có đăng ký cho nơi này"):
        sending.write(plan, unit, helping(world), actor=actor, now=NOW)


@pytest.mark.parametrize(
    ("missing", "why"), [("subject_name", "chưa ghi tên chủ hộ"), ("subject_address", "chưa ghi thôn, bản")]
)
def test_household_has_name_and_village(world: World, plan: Plan, missing: str, why: str) -> None:
    with pytest.raises(RuleNotMet, match=why):
        sending.write(
            plan,
            world.unit("huoi-luong"),
            replace(ESCAPE, **{missing: " "}),  # type: ignore[arg-type]
            actor=world.acting("huoi-luong"),
            now=NOW,
        )


def test_nothing_is_registered_without_a_commitment(world: World, plan: Plan) -> None:
    with pytest.raises(RuleNotMet, match="chưa ghi nội dung cam kết"):
        sending.write(
            plan,
            world.unit("huoi-luong"),
            replace(JOIN, commitment="  "),
            actor=world.acting("huoi-luong"),
            now=NOW,
        )


def test_name_of_a_household_is_not_among_the_words_to_search(world: World, plan: Plan) -> None:
    registration = sending.write(
        plan, world.unit("huoi-luong"), ESCAPE, actor=world.acting("huoi-luong"), now=NOW
    )

    assert registration.search_text == "xa huoi luong"


def test_same_household_spelt_otherwise_is_the_same(world: World, plan: Plan) -> None:
    actor, unit = world.acting("huoi-luong"), world.unit("huoi-luong")
    sending.write(plan, unit, ESCAPE, actor=actor, now=NOW)

    with pytest.raises(RuleNotMet, match="hộ này"):
        sending.write(plan, unit, replace(ESCAPE, subject_name="GIÀNG  THỊ MẪU"), actor=actor, now=NOW)


def test_many_households_come_in_once(world: World, plan: Plan) -> None:
    actor, unit = world.acting("huoi-luong"), world.unit("huoi-luong")
    rows = [replace(ESCAPE, subject_name=f"Hộ {number}") for number in range(3)]

    assert len(sending.write_many(plan, unit, rows, actor=actor, now=NOW)) == 3
    assert sending.write_many(plan, unit, rows, actor=actor, now=NOW) == []
    assert Registration.objects.count() == 3


def test_all_chosen_are_approved_or_none(world: World, plan: Plan) -> None:
    rows = []
    for username in ("huoi-luong", "dao-san"):
        registration = sending.write(plan, world.unit(username), JOIN, actor=world.acting(username), now=NOW)
        sending.send(registration, actor=world.acting(username), now=NOW)
        rows.append(registration)
    sending.recall(
        Registration.objects.get(unit=world.unit("dao-san")), actor=world.acting("dao-san"), now=NOW
    )
    with pytest.raises(ChangedMeanwhile):
        deciding.approve_all(rows, actor=world.acting("thuong-truc"), now=NOW)

    assert set(Registration.objects.values_list("state", flat=True)) == {"cho_duyet", "nhap"}


def test_chosen_are_sent_back_with_one_reason(world: World, plan: Plan) -> None:
    registration = joined(world, plan)
    sending.send(registration, actor=world.acting("huoi-luong"), now=NOW)

    count = deciding.send_back_all(
        [registration], reason="Thiếu số hộ", actor=world.acting("thuong-truc"), now=NOW
    )

    assert count == 1
    assert Registration.objects.get().returned_reason == "Thiếu số hộ"


def test_nothing_chosen_is_said(world: World, plan: Plan) -> None:
    with pytest.raises(RuleNotMet, match="chưa chọn đăng ký nào"):
        deciding.approve_all([], actor=world.acting("thuong-truc"), now=NOW)


def test_successor_acts_for_what_the_old_commune_wrote(world: World, plan: Plan) -> None:
    registration = joined(world, plan)
    after = date(2025, 7, 2)
    assert after > REFORM

    sending.send(registration, actor=world.acting("xa-moi", on=after), now=at(after))

    assert registration.state == RegistrationState.PENDING
