"""From the five sample plans to the rounds they ask for, and from a round to who owes a report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from thidua.audit.log import System
from thidua.core import clock
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.jobs import worker
from thidua.jobs.models import Job
from thidua.jobs.queue import enqueue_daily
from thidua.movements.models import Plan
from thidua.movements.plans import adoption
from thidua.movements.plans.tests.makers import NOW as ADOPTED_AT
from thidua.movements.plans.tests.makers import Issuer, decide_all, issuer_of, started
from thidua.movements.tests.makers import at, make_plan, make_task, phong_tho_plan
from thidua.notices.models import Notice
from thidua.organisations.models import Role, Unit, UnitVersion
from thidua.organisations.tests.world import REFORM, make_person, phong_tho
from thidua.reports import rounds
from thidua.reports.asked import asked_of
from thidua.reports.background import DAILY, PROPOSE
from thidua.reports.models import Report, Round, RoundKind, RoundState
from thidua.reports.tests.makers import ask, make_form, make_merged, make_report, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def adopted(number: int) -> tuple[Plan, Issuer]:
    issuer = issuer_of(number)
    version = started(number, issuer)
    decide_all(version, actor=issuer.acting())
    version.refresh_from_db()
    adoption.adopt(version, actor=issuer.acting(), now=ADOPTED_AT)
    return version.plan, issuer


def labels(unit_ids: Iterable[int]) -> list[str]:
    return sorted(UnitVersion.objects.filter(unit_id__in=unit_ids).values_list("unit__key", flat=True))


def test_plan_of_phong_tho_asks_for_four_years_a_review_and_a_final_one() -> None:
    plan, _ = adopted(2)

    found = [
        (one.kind.value, one.year, one.units_due_on, one.merged_due_on, bool(one.due_text))
        for one in asked_of(plan)
    ]

    assert found == [
        ("nam", 2022, date(2022, 11, 9), date(2022, 11, 19), True),
        ("nam", 2023, date(2023, 11, 9), date(2023, 11, 19), True),
        ("so_ket", 2023, date(2023, 12, 21), date(2023, 12, 31), False),
        ("nam", 2024, date(2024, 11, 9), date(2024, 11, 19), True),
        ("nam", 2025, date(2025, 11, 9), date(2025, 11, 19), True),
        ("tong_ket", 2025, date(2025, 12, 21), date(2025, 12, 31), False),
    ]
    first = asked_of(plan)[0]
    assert labels(first.unit_ids) == [
        *("dao-san", "huoi-luong", "phong-noi-vu", "tt-phong-tho", "tt-van-hoa"),
    ]
    assert first.receivers == (
        "Sở Lao động - Thương binh và Xã hội",
        "UBND tỉnh",
    )


@pytest.mark.parametrize("number", [0, 1, 3, 4])
def test_every_plan_asks_for_a_review_in_2023_and_a_final_one_in_2025(number: int) -> None:
    plan, _ = adopted(number)

    firm = [(one.kind.value, one.year) for one in asked_of(plan) if one.is_firm]

    assert firm == [("so_ket", 2023), ("tong_ket", 2025)]


@pytest.mark.parametrize(("number", "is_open"), [(0, True), (1, True), (2, False), (3, False), (4, True)])
def test_report_without_interval_is_left_for_an_officer_to_choose(number: int, is_open: bool) -> None:
    plan, _ = adopted(number)

    assert [one.kind for one in asked_of(plan) if not one.is_firm] == [RoundKind.PERIODIC] * is_open


# --- proposing and opening by itself -------------------------------------------------------------------


def test_adoption_opens_the_round_whose_day_has_come_and_plans_the_others() -> None:
    plan, _ = adopted(2)
    assert Job.objects.filter(kind=PROPOSE).count() == 1

    with clock.fixed_on(ADOPTED_AT.date()):
        worker.run_pending()
    rounds.open_due(now=at(date(2022, 10, 10)))

    found = list(plan.report_rounds.order_by("units_due_on").values_list("kind", "year", "state"))
    assert found == [
        ("nam", 2022, "dang_mo"),
        ("nam", 2023, "du_kien"),
        ("so_ket", 2023, "du_kien"),
        ("nam", 2024, "du_kien"),
        ("nam", 2025, "du_kien"),
        ("tong_ket", 2025, "du_kien"),
    ]
    round_ = plan.report_rounds.get(kind="nam", year=2022)
    merged = round_.reports.get(is_merged=True)
    assert merged.unit.key == "phong-ldtbxh"
    assert merged.receiver is not None
    assert merged.receiver.key == "so-ldtbxh"
    assert merged.receiver_text.endswith("UBND tỉnh")
    assert {
        (one.parent_id, one.due_on, one.receiver_id) for one in round_.reports.filter(is_merged=False)
    } == {(merged.pk, date(2022, 11, 9), merged.unit_id)}
    assert Notice.objects.filter(kind="report.asked").count() == 5
    assert Notice.objects.filter(kind="report.round_opened").count() == 1


def test_proposing_and_opening_twice_makes_nothing_twice() -> None:
    plan, _ = adopted(2)
    for _ in range(2):
        rounds.propose(plan, now=ADOPTED_AT)
        rounds.open_due(now=at(date(2022, 10, 10)))

    assert plan.report_rounds.count() == 6
    assert Report.objects.count() == 6


def test_usual_form_asks_communes_for_the_counts_of_the_targets_and_everybody_in_words() -> None:
    plan, _ = adopted(2)
    rounds.propose(plan, now=ADOPTED_AT)
    rounds.open_due(now=at(date(2022, 10, 10)))

    form = plan.report_rounds.get(state="dang_mo").form

    assert form is not None
    assert [
        (item.section, item.key, item.lifts)
        for item in form.items.order_by("pk")
        if item.section != "so_lieu"
    ] == [
        ("nhiem_vu", "nhiem-vu", ""),
        ("cau_hoi", "chi-dao", ""),
        ("cau_hoi", "ket-qua", ""),
        ("cau_hoi", "dien-hinh", "dien_hinh"),
        ("cau_hoi", "khen-thuong", ""),
        ("cau_hoi", "kho-khan", "kho_khan"),
        ("cau_hoi", "kien-nghi", "kien_nghi"),
        ("cau_hoi", "phuong-huong", ""),
        ("tep", "tep-kem", ""),
    ]


def test_daily_work_opens_what_is_due_without_being_asked() -> None:
    plan, _ = adopted(2)
    rounds.propose(plan, now=ADOPTED_AT)
    Job.objects.all().delete()
    enqueue_daily(on=date(2022, 10, 10))
    enqueue_daily(on=date(2022, 10, 10))

    assert Job.objects.filter(kind=DAILY).count() == 1


def test_round_of_a_body_that_nobody_acts_for_does_not_open_by_itself() -> None:
    world = phong_tho()
    plan = make_plan(world.unit("so-ldtbxh"))
    form = make_form(world.unit("so-ldtbxh"))
    ask(form, "ket-qua")
    round_ = make_round(plan, form, state=RoundState.PLANNED, asked_unit_ids=[world.unit("phong-tho").pk])

    assert rounds.open_due(now=at(date(2023, 10, 10))) == []
    make_person("giam-doc", (world.unit("so-ldtbxh"), Role.LEADER))
    assert rounds.open_due(now=at(date(2023, 10, 10))) == [round_]


def test_only_who_decides_for_the_plan_may_open_a_round() -> None:
    world = phong_tho()
    plan = phong_tho_plan(world)
    form = make_form(world.unit("phong-ldtbxh"))
    ask(form, "ket-qua")
    make_task(plan, world.unit("huoi-luong"))
    round_ = make_round(plan, form, state=RoundState.PLANNED)

    with pytest.raises(NotAllowed):
        rounds.open_round(round_, actor=world.acting("huoi-luong"), now=at(date(2023, 10, 10)))
    rounds.open_round(round_, actor=world.acting("thuong-truc"), now=at(date(2023, 10, 10)))

    assert round_.state == RoundState.OPEN


def test_report_of_a_lower_plan_answers_the_higher_round_and_is_not_asked_twice() -> None:
    world = phong_tho()
    province, district = world.unit("lai-chau"), world.unit("phong-tho")
    upper = make_plan(province, standing_body=world.unit("so-ldtbxh"))
    lower = phong_tho_plan(world, movement=upper.movement)
    lower.carries_out.add(upper)
    form = make_form(province)
    ask(form, "ket-qua", is_required=False)
    above = make_round(upper, form, state="du_kien", asked_unit_ids=[district.pk, world.unit("dao-san").pk])
    below = make_round(lower, form, state="du_kien", asked_unit_ids=[world.unit("huoi-luong").pk])
    system = System(on=date(2023, 10, 10))

    for first, second in ((above, below), (below, above)):
        Report.objects.all().update(parent=None)
        Report.objects.all().delete()
        Round.objects.update(state="du_kien")
        first.refresh_from_db()
        second.refresh_from_db()
        rounds.open_round(first, actor=system, now=at(date(2023, 10, 10)))
        rounds.open_round(second, actor=system, now=at(date(2023, 10, 10)))

        top = above.reports.get(is_merged=True)
        merged = below.reports.get(is_merged=True)
        assert (merged.parent_id, merged.receiver_id) == (top.pk, world.unit("so-ldtbxh").pk)
        assert sorted(one.unit.key for one in top.children.filter(is_owed=True)) == [
            "dao-san",
            "phong-ldtbxh",
        ]


# --- changes on the way ----------------------------------------------------------------------------------


def planned(plan: Plan, **fields: Any) -> Round:
    return make_round(plan, state=RoundState.OPEN, **fields)


def test_report_of_a_unit_that_ended_passes_to_its_successor_once() -> None:
    world = phong_tho()
    plan = phong_tho_plan(world)
    round_ = planned(plan, year=2025, units_due_on=date(2025, 11, 9), merged_due_on=date(2025, 11, 19))
    for key in ("huoi-luong", "dao-san", "mu-sang"):
        make_report(round_, world.unit(key))
    merged = make_merged(round_)

    moved = rounds.pass_to_successors(now=at(REFORM))
    again = rounds.pass_to_successors(now=at(REFORM))

    assert (moved, again) == (4, 0)
    merged.refresh_from_db()
    assert merged.unit.key == "lai-chau"
    found = {
        (one.unit.key, one.is_owed, one.passed_from.key if one.passed_from else "")
        for one in round_.reports.filter(is_merged=False)
    }
    assert found == {
        ("xa-phong-tho", True, "huoi-luong"),
        ("xa-dao-san", True, "dao-san"),
        ("mu-sang", False, ""),
    }
    assert round_.reports.get(unit__key="mu-sang").not_owed_reason == "xã Dào San kế thừa và báo cáo"
    assert {one.receiver_id for one in round_.reports.filter(is_merged=False, is_owed=True)} == {
        merged.unit_id
    }


def test_round_that_opens_after_the_reform_asks_the_successors_only() -> None:
    world = phong_tho()
    plan = phong_tho_plan(world)
    form = make_form(world.unit("lai-chau"))
    ask(form, "ket-qua")
    keys = ("huoi-luong", "dao-san", "mu-sang", "phong-noi-vu")
    round_ = make_round(
        plan, form, year=2025, state="du_kien", asked_unit_ids=[world.unit(key).pk for key in keys]
    )

    rounds.open_round(round_, actor=System(on=date(2025, 10, 10)), now=at(date(2025, 10, 10)))

    assert sorted(one.unit.key for one in round_.reports.filter(is_merged=False)) == [
        "xa-dao-san",
        "xa-phong-tho",
    ]
    assert round_.reports.get(is_merged=True).unit.key == "lai-chau"


def test_moving_the_days_of_an_open_round_moves_what_was_not_sent_and_tells() -> None:
    world = phong_tho()
    round_ = planned(phong_tho_plan(world))
    sent = make_report(round_, world.unit("dao-san"), state="da_gui")
    waiting = make_report(round_, world.unit("huoi-luong"))
    wanted = rounds.Wanted(
        kind=RoundKind.YEARLY,
        year=2023,
        title="Báo cáo năm 2023",
        since=round_.since,
        until=round_.until,
        opens_on=round_.opens_on,
        units_due_on=date(2023, 11, 15),
        merged_due_on=date(2023, 11, 25),
        reason="Mưa lũ",
    )

    rounds.change(round_, wanted, actor=world.acting("thuong-truc"), now=at(date(2023, 11, 5)))

    sent.refresh_from_db()
    waiting.refresh_from_db()
    assert (sent.due_on, waiting.due_on) == (date(2023, 11, 9), date(2023, 11, 15))
    assert list(Notice.objects.values_list("unit__key", "kind")) == [("huoi-luong", "report.due_moved")]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"opens_on": date(2023, 12, 1)}, "ngày mở muộn hơn hạn"),
        ({"merged_due_on": date(2023, 11, 1)}, "sớm hơn hạn của đơn vị"),
        ({"until": date(2023, 1, 1)}, "kết thúc trước khi bắt đầu"),
    ],
)
def test_days_that_make_no_sense_are_refused(changes: dict[str, date], why: str) -> None:
    world = phong_tho()
    days: dict[str, Any] = {
        "since": date(2023, 1, 1),
        "until": date(2024, 1, 1),
        "opens_on": date(2023, 10, 10),
        "units_due_on": date(2023, 11, 9),
        "merged_due_on": date(2023, 11, 19),
    }
    wanted = rounds.Wanted(kind=RoundKind.IRREGULAR, year=2023, title="", **{**days, **changes})

    with pytest.raises(RuleNotMet, match=why):
        rounds.plan_one(
            phong_tho_plan(world), wanted, actor=world.acting("thuong-truc"), now=at(date(2023, 10, 1))
        )


def test_unit_is_let_off_with_a_reason_unless_it_has_just_sent() -> None:
    world = phong_tho()
    round_ = planned(phong_tho_plan(world))
    report = make_report(round_, world.unit("huoi-luong"))
    stale = Report.objects.get(pk=report.pk)
    actor, now = world.acting("thuong-truc"), at(date(2023, 11, 5))

    with pytest.raises(RuleNotMet, match="chưa ghi lý do"):
        rounds.let_off(report, reason=" ", actor=actor, now=now)
    rounds.let_off(report, reason="Mới thành lập", actor=actor, now=now)
    with pytest.raises(ChangedMeanwhile):
        rounds.let_off(stale, reason="Lần nữa", actor=actor, now=now)

    report.refresh_from_db()
    assert (report.is_owed, report.not_owed_reason) == (False, "Mới thành lập")


def test_round_with_answers_is_closed_and_not_cancelled() -> None:
    world = phong_tho()
    round_ = planned(phong_tho_plan(world))
    make_report(round_, world.unit("huoi-luong"), state="da_gui")
    actor, now = world.acting("thuong-truc"), at(date(2023, 11, 25))

    with pytest.raises(RuleNotMet, match="đã có 1 đơn vị gửi"):
        rounds.cancel(round_, reason="Nhầm", actor=actor, now=now)
    rounds.close(round_, actor=actor, now=now)
    rounds.reopen(round_, reason="Còn đơn vị bổ sung", actor=actor, now=now)

    assert round_.state == RoundState.OPEN


def test_irregular_rounds_of_a_year_are_numbered() -> None:
    world = phong_tho()
    plan = phong_tho_plan(world)
    wanted = rounds.Wanted(
        kind=RoundKind.IRREGULAR,
        year=2023,
        title="",
        since=date(2023, 1, 1),
        until=date(2023, 7, 1),
        opens_on=date(2023, 7, 1),
        units_due_on=date(2023, 7, 10),
        merged_due_on=None,
        unit_ids=(world.unit("huoi-luong").pk,),
    )

    made = [
        rounds.plan_one(plan, wanted, actor=world.acting("thuong-truc"), now=at(date(2023, 6, 1)))
        for _ in range(2)
    ]

    assert [one.title for one in made] == [
        "Báo cáo đột xuất lần 1 năm 2023",
        "Báo cáo đột xuất lần 2 năm 2023",
    ]
    rounds.open_round(made[0], actor=world.acting("thuong-truc"), now=at(date(2023, 7, 1)))
    assert [(one.unit.key, one.is_merged) for one in made[0].reports.all()] == [("huoi-luong", False)]


def test_plan_without_a_word_of_reports_asks_for_none() -> None:
    world = phong_tho()

    assert rounds.propose(phong_tho_plan(world), now=at(date(2023, 1, 5))).made == []


def test_amended_deadline_moves_the_rounds_that_nobody_has_changed() -> None:
    plan, issuer = adopted(2)
    rounds.propose(plan, now=ADOPTED_AT)
    rounds.open_due(now=at(date(2022, 10, 10)))
    by_hand = plan.report_rounds.get(kind="nam", year=2024)
    by_hand.made_by = issuer.officer
    by_hand.save()
    plan.tasks.filter(year__isnull=False, due_on__month=11, due_on__day=9).update(due_on=date(2022, 11, 4))

    done = rounds.propose(plan, now=at(date(2022, 10, 20)))

    assert sorted((one.kind, one.year) for one in done.moved) == [("nam", 2022), ("nam", 2023), ("nam", 2025)]
    opened = plan.report_rounds.get(kind="nam", year=2022)
    assert set(opened.reports.filter(is_merged=False).values_list("due_on", flat=True)) == {date(2022, 11, 4)}
    assert Notice.objects.filter(kind="report.due_moved").count() == 5


def test_unit_that_an_amendment_names_is_asked_while_the_round_is_open() -> None:
    plan, _ = adopted(2)
    rounds.propose(plan, now=ADOPTED_AT)
    rounds.open_due(now=at(date(2022, 10, 10)))
    task = plan.tasks.filter(year=2022, due_on=date(2022, 11, 9), unit__key="dao-san").get()
    task.pk, task.unit = None, Unit.objects.get(key="tuyen-giao")
    task.save(force_insert=True)

    for _ in "ab":
        rounds.propose(plan, now=at(date(2022, 10, 20)))

    opened = plan.report_rounds.get(kind="nam", year=2022)
    assert opened.reports.filter(unit__key="tuyen-giao", is_merged=False).count() == 1
    assert opened.reports.count() == 7
