"""Whether registrations were kept: what tells it, what leaves it unknown, and the words of the reason."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from thidua.awards.kept_registrations import KEPT, Outcome, Work, in_year, outcome_of, supply
from thidua.criteria.explaining import explain
from thidua.criteria.fact_suppliers import Asked
from thidua.criteria.facts import Facts, Figure, SubjectFacts
from thidua.criteria.reasons import Outcome as Verdicts
from thidua.criteria.rules import read_rule
from thidua.criteria.sentences import sentence
from thidua.criteria.verdicts import evaluate
from thidua.households.tests.makers import make_assessment, make_household, make_review
from thidua.indicators.models import Stage
from thidua.movements.models import Plan, RegistrationKind, RegistrationState, SubjectType, TaskState
from thidua.movements.tests.makers import make_registration, make_task, phong_tho_plan
from thidua.organisations.tests.world import DAY, World, phong_tho
from thidua.resources.sponsorship import standing_by
from thidua.resources.tests.makers import NOW, make_sponsorship, system

#: The year of the registrations is over.
ON = date(2024, 2, 1)
DUE = date(2023, 6, 30)
APPROVED = {"state": RegistrationState.APPROVED, "decided_at": datetime(2023, 2, 12, 3, tzinfo=UTC)}


# --- pure ---------------------------------------------------------------------------------------------


def work(
    title: str = "Báo cáo", *, due_on: date | None = DUE, done: bool = False, waits: bool = False
) -> Work:
    return Work(title, due_on, done, waits)


@pytest.mark.parametrize(
    ("works", "kept", "why"),
    [
        ((), None, ""),
        ((work(done=True), work(done=True)), True, "đã xong 2/2 việc"),
        ((work(done=True), work()), False, "quá hạn 30/06/2023: «Báo cáo»"),
        ((work(), work("Khác")), False, "quá hạn 30/06/2023: «Báo cáo» và 1 việc khác"),
        # reported and not confirmed, not due yet, without a day: nobody can tell
        ((work(done=True), work(waits=True)), None, ""),
        ((work(done=True), work(due_on=ON)), None, ""),
        ((work(done=True), work(due_on=None)), None, ""),
    ],
)
def test_what_was_to_be_done_tells_whether_it_was_kept(
    works: tuple[Work, ...], kept: bool | None, why: str
) -> None:
    assert outcome_of(works, "việc", on=ON) == Outcome(kept, why)


def test_of_several_registrations_a_broken_one_decides_and_an_unknown_one_leaves_it_open() -> None:
    kept, broken, unknown = Outcome(True, "xong"), Outcome(False, "quá hạn"), Outcome(None, "")
    assert in_year([]) is None
    assert in_year([("A", kept), ("B", unknown)]) is None
    assert in_year([("A", kept), ("B", kept)]) == Figure(True, "A: xong; B: xong")
    assert in_year([("A", unknown), ("B", broken), ("C", kept)]) == Figure(False, "B: quá hạn")


# --- from records -------------------------------------------------------------------------------------


@pytest.fixture
def world() -> World:
    return phong_tho()


@pytest.fixture
def plan(world: World) -> Plan:
    return phong_tho_plan(world)


def kept(plan: Plan | None, *keys: str, on: date = ON) -> dict[tuple[str, str], tuple[object, str]]:
    asked = Asked(keys, frozenset({KEPT}), date(2023, 1, 1), date(2024, 1, 1), on, plan.pk if plan else None)
    return {
        (key, year): (figure.value, figure.source) for (key, _, year), figure in supply(asked).figures.items()
    }


@pytest.mark.django_db
def test_a_unit_that_joined_is_judged_by_the_tasks_of_the_year(world: World, plan: Plan) -> None:
    good, late, silent = (world.unit(code) for code in ("huoi-luong", "dao-san", "phong-ldtbxh"))
    for unit in (good, late, silent):
        make_registration(plan, unit, **APPROVED)
    make_task(plan, good, due_on=DUE, state=TaskState.DONE)
    make_task(plan, good, due_on=date(2022, 6, 30))  # of another year
    make_task(plan, late, due_on=DUE, title="Xóa nhà tạm")
    keys = [f"unit:{one.pk}" for one in (good, late, silent)]

    found = kept(plan, *keys)

    name = f"Đăng ký tham gia phong trào năm 2023 (duyệt 12/02/2023, {plan.number})"
    assert found == {
        (keys[0], "2023"): (True, f"{name}: đã xong 1/1 nhiệm vụ của kế hoạch trong năm"),
        (keys[1], "2023"): (False, f"{name}: quá hạn 30/06/2023: «Xóa nhà tạm»"),
    }
    assert kept(None, *keys) == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "state", [RegistrationState.DRAFT, RegistrationState.PENDING, RegistrationState.WITHDRAWN]
)
def test_what_was_not_approved_is_neither_kept_nor_broken(world: World, plan: Plan, state: str) -> None:
    unit = world.unit("huoi-luong")
    make_registration(plan, unit, state=state)
    make_task(plan, unit, due_on=DUE)

    assert kept(plan, f"unit:{unit.pk}") == {}


@pytest.mark.django_db
def test_who_promised_help_is_judged_by_the_programme_there(world: World, plan: Plan) -> None:
    agency, place = world.unit("phong-ldtbxh"), world.unit("huoi-luong")
    fields = {"kind": RegistrationKind.HELP, "helped_unit": place, **APPROVED}
    make_registration(plan, agency, **fields)
    key = f"unit:{agency.pk}"
    assert kept(plan, key) == {}
    standing = make_sponsorship(agency, place)
    item = standing_by.add_item(standing, title="Làm cầu", due_on=DUE, actor=system(), now=NOW)
    assert kept(plan, key) == {}  # not begun
    standing_by.begin(standing, actor=system(), now=NOW)
    assert kept(plan, key)[key, "2023"][0] is False

    standing_by.note_done(item, done_on=DAY, done_dong=None, note="", files=[], actor=system(), now=NOW)

    assert kept(plan, key)[key, "2023"][0] is True


@pytest.mark.django_db
def test_a_household_is_judged_by_the_recognised_review_and_two_of_one_name_by_nothing(
    world: World, plan: Plan
) -> None:
    commune = world.unit("huoi-luong")
    names = ("Giàng A Mẫu", "Lò Thị Mẫu", "Vàng Thị Trùng", "Vàng Thị Trùng", "Sùng A Chưa")
    rows = [
        make_household(commune, f"H{number}", name, village_name="Bản Một")
        for number, name in enumerate(names)
    ]
    for name in dict.fromkeys(names):
        fields = {"kind": RegistrationKind.ESCAPE, "subject_type": SubjectType.HOUSEHOLD, **APPROVED}
        make_registration(
            plan, commune, subject_name=name, subject_address="bản một", subject_key=name, **fields
        )
    review = make_review(commune, 2023)
    for row, poverty in zip(rows, ("can_ngheo", "ngheo", "tren", "tren"), strict=False):
        make_assessment(row, review, poverty)
    keys = [f"household:{row.pk}" for row in rows]
    assert kept(plan, *keys) == {}  # nothing is recognised yet
    type(review).objects.filter(pk=review.pk).update(
        stage=Stage.OFFICIAL, recognised_on=date(2023, 12, 15), decision_number="99/QĐ-UBND"
    )

    found = kept(plan, *keys)

    assert {key: value for (key, _), (value, _) in found.items()} == {keys[0]: True, keys[1]: False}
    source = found[keys[0], "2023"][1]
    assert source.endswith("rà soát năm 2023, 99/QĐ-UBND: hộ cận nghèo")
    assert names[0] not in source
    assert kept(plan, *keys, on=date(2023, 12, 1)) == {}


@pytest.mark.django_db
def test_more_subjects_ask_no_more_queries(world: World, plan: Plan) -> None:
    counts = []
    for codes in (("huoi-luong",), ("huoi-luong", "dao-san")):
        unit = world.unit(codes[-1])
        make_registration(plan, unit, **APPROVED)
        make_task(plan, unit, due_on=DUE)
        with CaptureQueriesContext(connection) as queries:
            assert len(kept(plan, *(f"unit:{world.unit(code).pk}" for code in codes))) == len(codes)
        counts.append(len(queries))
    assert counts == [2, 2]


# --- in a verdict -------------------------------------------------------------------------------------


def test_the_verdict_names_the_registration_and_who_could_say_what_is_unknown() -> None:
    rule = read_rule({"indicator": KEPT, "op": "is", "value": True, "unit": "bool"})
    source = "Đăng ký tham gia phong trào năm 2023 (duyệt 12/02/2023): quá hạn 30/06/2023: «Xóa nhà tạm»"
    facts = Facts({"unit:1": SubjectFacts(figures={(KEPT, "2023"): Figure(False, source)})})

    known = evaluate(rule, facts, ON, subject="unit:1")
    unknown = evaluate(rule, facts, ON, subject="unit:2")

    assert sentence(rule) == "Đã thực hiện nội dung đăng ký thi đua"
    assert (known.outcome, unknown.outcome) == (Verdicts.NOT_MET, Verdicts.UNKNOWN)
    assert source in "\n".join(line.text for line in explain(known, rule, facts))
    assert "đơn vị nhận đăng ký thi đua" in "\n".join(line.text for line in explain(unknown, rule, facts))
