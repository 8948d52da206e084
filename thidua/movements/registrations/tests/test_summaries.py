"""Merged registrations through the levels, through the reform, and when two people act at once."""

from __future__ import annotations

from datetime import date

import pytest

from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.movements.models import (
    Plan,
    RegistrationKind,
    RegistrationState,
    RegistrationSummary,
    SubjectType,
    SummaryState,
)
from thidua.movements.registrations import access, merging, summaries
from thidua.movements.tests.makers import at, make_plan, make_registration, make_task, phong_tho_plan
from thidua.notices.models import Notice
from thidua.organisations.tests.world import DAY, World, phong_tho

NOW = at(DAY)
APPROVED = RegistrationState.APPROVED


@pytest.fixture
def world(db: None) -> World:
    return phong_tho()


@pytest.fixture
def province_plan(world: World) -> Plan:
    plan = make_plan(world.unit("lai-chau"), title="Kế hoạch của tỉnh")
    plan.versions.update(first_year=2021, last_year=2025)
    return plan


@pytest.fixture
def plan(world: World, province_plan: Plan) -> Plan:
    """The district's plan, which carries out the province's; two communes and an agency registered."""
    plan = phong_tho_plan(world)
    plan.versions.update(first_year=2022, last_year=2025)
    plan.carries_out.add(province_plan)
    for key in ("huoi-luong", "dao-san", "mu-sang"):
        make_task(plan, world.unit(key))
    make_registration(plan, world.unit("huoi-luong"), state=APPROVED)
    make_registration(
        plan,
        world.unit("dao-san"),
        kind=RegistrationKind.ESCAPE,
        subject_type=SubjectType.HOUSEHOLD,
        subject_name="Giàng Thị Mẫu",
        state=APPROVED,
    )
    make_registration(
        plan,
        world.unit("phong-noi-vu"),
        kind=RegistrationKind.HELP,
        helped_unit=world.unit("mu-sang"),
        helped_village="bản Sin Chải",
        state=APPROVED,
    )
    make_registration(plan, world.unit("mu-sang"), state=RegistrationState.PENDING)
    return plan


def figures(summary: RegistrationSummary) -> merging.Figures:
    return merging.from_text(summary.figures)


def test_district_merges_what_its_units_registered_for_the_province(
    world: World, plan: Plan, province_plan: Plan
) -> None:
    summary = summaries.build(
        province_plan, 2023, world.unit("phong-tho"), actor=world.acting("thuong-truc"), now=NOW
    )

    found = figures(summary)
    assert (found.total, found.household_total) == (3, 1)
    assert found.places == {(world.unit("mu-sang").pk, "bản Sin Chải"): 1}
    assert "Giàng" not in summary.figures


def test_parts_of_the_communes_and_offices_make_the_district(
    world: World, plan: Plan, province_plan: Plan
) -> None:
    whole = summaries.figures_of(
        summaries.registrations_of(province_plan, 2023, world.unit("phong-tho").pk, on=DAY)
    )
    parts = [
        summaries.figures_of(summaries.registrations_of(plan, 2023, world.unit(key).pk, on=DAY))
        for key in ("mu-sang", "huoi-luong", "phong-noi-vu", "dao-san", "phong-ldtbxh", "tt-van-hoa")
    ]

    assert merging.merged(parts) == whole


def test_successor_merges_what_the_old_communes_registered(world: World, plan: Plan) -> None:
    after = date(2025, 7, 2)
    summary = summaries.build(
        plan, 2023, world.unit("xa-phong-tho"), actor=world.acting("xa-moi", on=after), now=at(after)
    )

    assert figures(summary).total == 1


def test_receiver_hears_of_it_and_sender_of_the_answer(world: World, plan: Plan, province_plan: Plan) -> None:
    sender, receiver = world.acting("thuong-truc"), world.acting("tinh")
    summary = summaries.build(province_plan, 2023, world.unit("phong-tho"), actor=sender, now=NOW)
    summaries.send(summary, actor=sender, now=NOW)
    summaries.send_back(summary, reason="Thiếu xã Mù Sang", actor=receiver, now=NOW)
    summaries.send(summary, actor=sender, now=NOW)
    summaries.accept(summary, actor=receiver, now=NOW)

    assert list(Notice.objects.order_by("pk").values_list("unit__key", "text")) == [
        ("lai-chau", "huyện Phong Thổ gửi tổng hợp đăng ký năm 2023."),
        ("phong-tho", "Tổng hợp đăng ký năm 2023 bị trả lại: Thiếu xã Mù Sang."),
        ("lai-chau", "huyện Phong Thổ gửi tổng hợp đăng ký năm 2023."),
        ("phong-tho", "Tổng hợp đăng ký năm 2023 đã được nhận."),
    ]


def test_accepted_figures_stay(world: World, plan: Plan, province_plan: Plan) -> None:
    sender = world.acting("thuong-truc")
    summary = summaries.build(province_plan, 2023, world.unit("phong-tho"), actor=sender, now=NOW)
    summaries.send(summary, actor=sender, now=NOW)
    summaries.accept(summary, actor=world.acting("tinh"), now=NOW)
    make_registration(plan, world.unit("mu-sang"), state=APPROVED, subject_key="mới")

    with pytest.raises(RuleNotMet, match="«Đã nhận»"):
        summaries.build(province_plan, 2023, world.unit("phong-tho"), actor=sender, now=NOW)

    assert figures(RegistrationSummary.objects.get()).total == 3


def test_sent_summary_is_recalled_before_it_is_merged_again(
    world: World, plan: Plan, province_plan: Plan
) -> None:
    sender = world.acting("thuong-truc")
    summary = summaries.build(province_plan, 2023, world.unit("phong-tho"), actor=sender, now=NOW)
    summaries.send(summary, actor=sender, now=NOW)
    with pytest.raises(RuleNotMet, match="«Đã gửi»"):
        summaries.build(province_plan, 2023, world.unit("phong-tho"), actor=sender, now=NOW)

    summaries.recall(summary, actor=sender, now=NOW)
    make_registration(plan, world.unit("mu-sang"), state=APPROVED, subject_key="mới")
    again = summaries.build(province_plan, 2023, world.unit("phong-tho"), actor=sender, now=NOW)

    assert (again.pk, again.state, figures(again).total) == (summary.pk, SummaryState.DRAFT, 4)


def test_of_two_answers_at_once_one_is_told(world: World, plan: Plan, province_plan: Plan) -> None:
    sender, receiver = world.acting("thuong-truc"), world.acting("tinh")
    summary = summaries.build(province_plan, 2023, world.unit("phong-tho"), actor=sender, now=NOW)
    summaries.send(summary, actor=sender, now=NOW)
    mine, theirs = RegistrationSummary.objects.get(), RegistrationSummary.objects.get()
    summaries.accept(mine, actor=receiver, now=NOW)

    with pytest.raises(ChangedMeanwhile):
        summaries.recall(theirs, actor=sender, now=NOW)


@pytest.mark.parametrize("username", ["huoi-luong", "noi-vu", "nguoi-xem", "tinh", "nguoi-la"])
def test_only_the_unit_and_who_runs_its_plan_merge(
    world: World, plan: Plan, province_plan: Plan, username: str
) -> None:
    with pytest.raises(NotAllowed):
        summaries.build(province_plan, 2023, world.unit("phong-tho"), actor=world.acting(username), now=NOW)


def test_standing_body_of_one_plan_sees_no_summary_of_another_unit(
    world: World, plan: Plan, province_plan: Plan
) -> None:
    RegistrationSummary.objects.create(plan=province_plan, year=2023, unit=world.unit("so-ldtbxh"))
    own = RegistrationSummary.objects.create(plan=province_plan, year=2023, unit=world.unit("phong-tho"))

    assert list(access.summaries(world.acting("thuong-truc"))) == [own]


def test_pending_counts_as_sent_and_the_missing_are_named(world: World, plan: Plan) -> None:
    found = summaries.gaps(plan, 2022, world.unit("phong-tho").pk, on=DAY)
    assert [(gap.label, gap.sent, gap.expected) for gap in found] == [("xã", 0, 3)]

    found = summaries.gaps(plan, 2023, world.unit("phong-tho").pk, on=DAY)
    assert [(gap.sent, gap.expected, gap.missing) for gap in found] == [(3, 3, ())]
