"""Years of service and disciplines: what records tell, and what they leave unknown."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from thidua.awards.models import Hold, PersonRecord, RegisterCoverage
from thidua.awards.staff_facts import CASES, DISCIPLINED, SERVICE, Ended, cases_of, supply, years_of
from thidua.awards.subject_facts import _asked
from thidua.awards.tests.makers import make_award_round, make_record
from thidua.core import clock
from thidua.criteria.explaining import explain
from thidua.criteria.fact_suppliers import Asked, Supplied
from thidua.criteria.facts import Event, Facts, Figure, Setting, SubjectFacts
from thidua.criteria.reasons import Outcome
from thidua.criteria.rule_forms import measure_choices
from thidua.criteria.rule_sets import read_rule_set
from thidua.criteria.rules import read_rule
from thidua.criteria.sentences import sentence
from thidua.criteria.verdicts import evaluate
from thidua.organisations.tests.world import World, phong_tho

ON = date(2024, 6, 1)
PAPER = "QĐ 7/QĐ-UBND, hết thời hạn ngày 01/07/2023"


def ended(since: date, last: date, is_discipline: bool | None = True) -> Ended:
    return Ended(since, last, is_discipline, PAPER)


# --- pure ---------------------------------------------------------------------------------------------


def test_a_discipline_counts_in_the_year_it_ended_and_earlier_years_of_it_are_unknown() -> None:
    holds = [ended(date(2021, 8, 1), date(2023, 6, 30))]

    known = years_of(holds, complete_since=date(2020, 3, 1), on=ON)

    # 2020 is not covered as a whole
    assert known == {2023: (True, PAPER), 2024: (False, "so-tam-dung-xet")}
    assert years_of(holds, complete_since=None, on=ON) == {2023: (True, PAPER)}


def test_while_nobody_says_how_a_case_ended_its_years_are_unknown() -> None:
    running = [ended(date(2023, 8, 1), ON, None)]

    assert years_of(running, complete_since=date(2022, 1, 1), on=ON) == {2022: (False, "so-tam-dung-xet")}
    assert years_of([], complete_since=None, on=ON) == {}


@pytest.mark.parametrize(
    ("holds", "complete_since", "none_wanted", "expected"),
    [
        ([], None, True, None),
        ([], date(2023, 1, 1), True, None),  # complete from too late on
        ([], date(2022, 6, 1), True, ()),
        ([ended(date(2023, 1, 1), date(2023, 6, 30))], None, True, (Event(date(2023, 6, 30), source=PAPER),)),
        # how many there were is only known where all are
        ([ended(date(2023, 1, 1), date(2023, 6, 30))], None, False, None),
        # before the window: says nothing of it
        ([ended(date(2019, 1, 1), date(2020, 6, 30))], None, True, None),
        ([ended(date(2024, 1, 1), ON, None)], date(2022, 6, 1), True, None),
    ],
)
def test_how_often_is_told_only_of_a_complete_list_or_when_one_decides(
    holds: list[Ended], complete_since: date | None, none_wanted: bool, expected: tuple[Event, ...] | None
) -> None:
    begins = date(2022, 6, 1)
    found = cases_of(holds, complete_since=complete_since, begins=begins, none_wanted=none_wanted)
    assert found == expected


# --- from records -------------------------------------------------------------------------------------


@pytest.fixture
def world() -> World:
    return phong_tho()


def ask(*keys: str, codes: tuple[str, ...] = (SERVICE, DISCIPLINED, CASES)) -> Supplied:
    begins: dict[str, date | None] = {CASES: date(2022, 6, 1)}
    none_wanted = frozenset({CASES})
    asked = Asked(keys, frozenset(codes), date(2023, 1, 1), ON, ON, None, begins, none_wanted)
    return supply(asked)


def hold(person: PersonRecord, **fields: object) -> Hold:
    usual = {"kind": "discipline", "reason": "Kín", "since": date(2023, 1, 1), "until": date(2023, 7, 1)}
    values = {**usual, "was_cleared": False, "end_note": "QĐ 7/QĐ-UBND", **fields}
    return Hold.objects.create(subject_key=f"person:{person.pk}", unit=person.unit, **values)


@pytest.mark.django_db
def test_only_who_is_declared_complete_was_never_disciplined(world: World) -> None:
    office, other = world.unit("phong-ldtbxh"), world.unit("huoi-luong")
    clean, punished, cleared = (make_record(office, name) for name in ("Một", "Hai", "Ba"))
    stranger = make_record(other, "Bốn")
    hold(punished)
    hold(cleared, was_cleared=True)
    keys = [f"person:{one.pk}" for one in (clean, punished, cleared, stranger)]
    paper = Figure(True, PAPER)
    assert ask(*keys).figures == {(keys[1], DISCIPLINED, "2023"): paper}
    assert ask(*keys).events == {(keys[1], CASES): (Event(date(2023, 6, 30), source=PAPER),)}

    RegisterCoverage.objects.create(
        unit=office, ground="Đã rà", declared_on=date(2024, 1, 5), discipline_since=date(2022, 1, 1)
    )

    found = ask(*keys)
    answers = {(key, year): figure.value for (key, _, year), figure in found.figures.items()}
    assert answers == {
        **{(key, year): False for key in (keys[0], keys[2]) for year in ("2022", "2023", "2024")},
        (keys[1], "2022"): False,
        (keys[1], "2023"): True,
        (keys[1], "2024"): False,
    }
    assert {key: len(events) for (key, _), events in found.events.items()} == {
        keys[0]: 0,
        keys[1]: 1,
        keys[2]: 0,
    }
    assert found.sources["so-tam-dung-xet"].title == "Sổ tạm dừng xét, đã xác nhận ghi đủ kỷ luật"


@pytest.mark.django_db
def test_service_is_noted_on_the_page_and_unknown_before(world: World) -> None:
    person = make_record(world.unit("phong-ldtbxh"))
    key, address = f"person:{person.pk}", f"/khen-thuong/nguoi/{person.pk}/"
    assert ask(key, codes=(SERVICE,)).figures == {}
    client = Client()
    client.force_login(world.people["thuong-truc"])
    with clock.fixed_on(ON):
        assert "Chưa ghi." in client.get(address).content.decode()
        for day in ("2030-01-01", "không rõ"):
            client.post(address, {"viec": "cong-tac", "serves_since": day})
        assert not PersonRecord.objects.filter(serves_since__isnull=False).exists()
        client.post(address, {"viec": "cong-tac", "serves_since": "2010-09-01"})
        assert "Công tác từ 01/09/2010" in client.get(address).content.decode()

        client.force_login(world.people["huoi-luong"])
        assert client.post(address, {"viec": "cong-tac", "serves_since": ""}).status_code in (403, 404)

    figures = ask(key, codes=(SERVICE,)).figures
    assert figures == {(key, SERVICE, ""): Figure(date(2010, 9, 1), "ho-so-nguoi-duoc-xet")}


@pytest.mark.django_db
def test_the_day_of_complete_disciplines_is_declared_on_the_page(world: World) -> None:
    client, address = Client(), "/khen-thuong/so/da-du/"
    client.force_login(world.people["thuong-truc"])
    sent = {"unit": str(world.unit("phong-ldtbxh").pk), "ground": "Đã rà hồ sơ kỷ luật"}
    with clock.fixed_on(ON):
        page = client.post(address, {**sent, "discipline_since": "2030-01-01"})
        assert page.status_code == 422
        assert "ngày ghi đủ kỷ luật chưa đến" in page.content.decode()
        client.post(address, {**sent, "discipline_since": "2022-01-01"})
        assert "Kỷ luật ghi đủ từ 01/01/2022" in client.get(address).content.decode()
    assert RegisterCoverage.objects.get().discipline_since == date(2022, 1, 1)


@pytest.mark.django_db
def test_the_suppliers_hear_how_far_back_rules_look_and_what_they_want_none_of(world: World) -> None:
    def rules(*conditions: dict[str, object]) -> object:
        criteria = [
            {"id": f"S1.c{number}", "text": "?", "kind": "quantitative", "rule": {"all_of": [one]}}
            for number, one in enumerate(conditions)
        ]
        subjects = [{"id": "S1", "subject_type": "individual", "label": "Cá nhân", "criteria": criteria}]
        return read_rule_set({"code": "x", "title": "x", "subjects": subjects}).of("S1")

    round_ = make_award_round(world.unit("phong-tho"))
    none = {"indicator": CASES, "op": "lte", "value": 0, "unit": "case", "window": {"months": 24}}
    few = {**none, "value": 1, "window": {"years": 5}}

    alone = _asked((), round_, rules(none), Setting(), on=ON)  # type: ignore[arg-type]
    both = _asked((), round_, rules(none, few), Setting(), on=ON)  # type: ignore[arg-type]

    assert alone.begins == {CASES: date(2022, 6, 1)}
    assert alone.none_wanted == {CASES}
    assert both.begins == {CASES: date(2019, 6, 1)}
    assert both.none_wanted == frozenset()


# --- in a rule ----------------------------------------------------------------------------------------


def test_the_facts_are_offered_read_as_sentences_and_explained_with_their_paper() -> None:
    assert {SERVICE, DISCIPLINED, CASES, "registration_kept"} <= {code for code, _ in measure_choices()}
    window = {"consecutive_years": 2}
    rule = read_rule({"indicator": DISCIPLINED, "op": "is", "value": False, "unit": "bool", "window": window})
    assert sentence(rule) == "Không: bị xử lý kỷ luật, trong 2 năm liên tục"
    years = {(DISCIPLINED, "2022"): Figure(False, "sổ"), (DISCIPLINED, "2023"): Figure(True, PAPER)}
    facts = Facts({"person:1": SubjectFacts(figures=years)})

    verdict = evaluate(rule, facts, ON, subject="person:1")
    unknown = evaluate(rule, facts, ON, subject="person:2")

    assert (verdict.outcome, unknown.outcome) == (Outcome.NOT_MET, Outcome.UNKNOWN)
    assert PAPER in "\n".join(line.text for line in explain(verdict, rule, facts))
    assert "đơn vị quản lý cán bộ" in "\n".join(line.text for line in explain(unknown, rule, facts))
