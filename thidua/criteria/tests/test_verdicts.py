"""What must hold of every verdict, whatever the figures; and what the bytes of a verdict are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, permutations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.criteria.facts import (
    Answer,
    Facts,
    Figure,
    Setting,
    Share,
    SubjectFacts,
    canonical,
    exact_text,
)
from thidua.criteria.measures import vocabulary
from thidua.criteria.reasons import Lack, Missing, Outcome, joined, reasons, verdict_json
from thidua.criteria.rules import Group, Judged, Junction, Rule, read_rule
from thidua.criteria.tests.invented import rules, subjects
from thidua.criteria.verdicts import evaluate, full_months, months_before

ON = date(2025, 11, 15)
SETTING = Setting(period=(2021, 2025), baseline_year=2021)
FALL = read_rule(
    {
        "indicator": "multidim_poverty_rate_decrease",
        "op": "gte",
        "value": 4,
        "unit": "pct_point",
        "per": "year",
        "window": {"consecutive_years": 3},
    }
)
YEARS = ("2021", "2022", "2023", "2024")
KLEENE = (Outcome.NOT_MET, Outcome.UNKNOWN, Outcome.MET)

rates = st.decimals(min_value=0, max_value=100, places=2)
known_or_not = st.lists(st.none() | rates, min_size=4, max_size=4)


def outcome(rule: Rule, subject: SubjectFacts) -> Outcome:
    return evaluate(rule, Facts({"me": subject}), ON, subject="me", setting=SETTING).outcome


def falling(values: list[Decimal | None]) -> SubjectFacts:
    return SubjectFacts(
        figures={
            ("multidim_poverty_rate", year): Figure(value)
            for year, value in zip(YEARS, values, strict=True)
            if value is not None
        }
    )


def questions(count: int) -> tuple[Judged, ...]:
    return tuple(Judged(str(number), f"Câu {number}") for number in range(count))


def answered(outcomes: tuple[Outcome, ...]) -> SubjectFacts:
    return SubjectFacts(
        judged={
            str(number): Answer(found is Outcome.MET, "Hội đồng", ON)
            for number, found in enumerate(outcomes)
            if found is not Outcome.UNKNOWN
        }
    )


# --- laws -----------------------------------------------------------------------------------------


@given(known_or_not, st.lists(st.decimals(min_value=0, max_value=20, places=2), min_size=3, max_size=3))
def test_more_fall_never_turns_met_into_anything_else(
    values: list[Decimal | None], more: list[Decimal]
) -> None:
    """Each year falls by so much more than before: what was met stays met."""
    steeper, fallen = [values[0]], Decimal(0)
    for value, extra in zip(values[1:], more, strict=True):
        fallen += extra
        steeper.append(None if value is None else value - fallen)

    assert outcome(FALL, falling(steeper)) >= outcome(FALL, falling(values))


@given(known_or_not, st.sets(st.integers(0, 3)))
def test_forgetting_figures_never_decides_anything(values: list[Decimal | None], gone: set[int]) -> None:
    less = [None if number in gone else value for number, value in enumerate(values)]

    assert outcome(FALL, falling(less)) in (Outcome.UNKNOWN, outcome(FALL, falling(values)))


def without(facts: SubjectFacts, part: str, key: Any) -> SubjectFacts:
    kept = {name: value for name, value in getattr(facts, part).items() if name != key}
    changes: dict[str, Any] = {part: kept}
    return replace(facts, **changes)


@settings(max_examples=200, deadline=None)
@given(rules, subjects, subjects, st.data())
def test_forgetting_any_fact_never_decides_anything(
    found: dict[str, Any], subject: SubjectFacts, other: SubjectFacts, data: st.DataObject
) -> None:
    """Of any rule, also about others: less known is the same verdict or none."""
    # a figure of the year, of the whole period and of no time are three statements; here there is one of them
    subject, other = (
        replace(one, figures={key: figure for key, figure in one.figures.items() if key[1].isdigit()})
        for one in (subject, other)
    )
    rule, whole = read_rule(found), Facts({"me": subject, "other": other})
    everything = [
        (who, part, key)
        for who, facts in whole.subjects.items()
        for part in ("figures", "classes", "events", "links", "judged")
        for key in getattr(facts, part)
    ]
    if not everything:
        return
    who, part, key = data.draw(st.sampled_from(everything))
    less = Facts({**whole.subjects, who: without(whole.of(who), part, key)})

    before, after = (
        evaluate(rule, facts, ON, subject="me", setting=SETTING).outcome for facts in (whole, less)
    )
    assert after in (Outcome.UNKNOWN, before)


@given(st.lists(rates, min_size=4, max_size=4))
def test_verdict_is_that_of_plain_arithmetic(values: list[Decimal]) -> None:
    is_met = all(before - after >= 4 for before, after in pairwise(values))

    assert outcome(FALL, falling(list(values))) is (Outcome.MET if is_met else Outcome.NOT_MET)


def negated(found: Outcome) -> Outcome:
    return Outcome(2 - found)


@pytest.mark.parametrize("both", list(product(KLEENE, repeat=2)))
def test_de_morgan(both: tuple[Outcome, ...]) -> None:
    """Not (a and b) is (not a) or (not b), with unknowns too."""
    opposite = answered(tuple(negated(one) for one in both))

    assert negated(outcome(Group(Junction.ALL, questions(2)), answered(both))) is outcome(
        Group(Junction.ANY, questions(2)), opposite
    )


@pytest.mark.parametrize("junction", Junction)
@pytest.mark.parametrize("three", list(product(KLEENE, repeat=3)))
def test_order_of_parts_does_not_matter(junction: Junction, three: tuple[Outcome, ...]) -> None:
    found = {outcome(Group(junction, order), answered(three)) for order in permutations(questions(3))}

    assert len(found) == 1
    assert found == {min(three) if junction is Junction.ALL else max(three)}


@pytest.mark.parametrize("junction", Junction)
def test_what_does_not_apply_is_left_out(junction: Junction) -> None:
    for one in KLEENE:
        assert joined(junction, (one, Outcome.NOT_APPLICABLE)) is one
    assert joined(junction, (Outcome.NOT_APPLICABLE,)) is Outcome.NOT_APPLICABLE


# --- single facts ---------------------------------------------------------------------------------


def test_rate_from_counts_is_rounded_as_decisions_print_it() -> None:
    assert Share(1, 3).percent == Decimal("33.33")
    assert Share(2, 3).percent == Decimal("66.67")
    assert Share(1, 800).percent == Decimal("0.13")  # 0,125 is rounded up


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(4), "4"),
        (Fraction(-39, 10), "-3.9"),
        (Fraction(1, 400), "0.0025"),
        (Fraction(200, 3), "200/3"),
    ],
)
def test_exact_numbers_are_written_and_read(number: Fraction, text: str) -> None:
    assert exact_text(number) == text
    assert Fraction(text) == number


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2025, 12, 1), 12, date(2024, 12, 1)),
        (date(2025, 3, 31), 1, date(2025, 2, 28)),
        (date(2024, 3, 30), 1, date(2024, 2, 29)),
        (date(2025, 7, 31), 1, date(2025, 6, 30)),
        (date(2025, 1, 15), 1, date(2024, 12, 15)),
    ],
)
def test_months_are_counted_back(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


def test_month_is_full_on_its_day() -> None:
    assert full_months(date(2024, 1, 15), date(2025, 1, 14)) == 11
    assert full_months(date(2024, 1, 15), date(2025, 1, 15)) == 12


def test_missing_names_each_thing_once_and_only_what_matters() -> None:
    rule = Group(Junction.ALL, (FALL, FALL, *questions(1)))
    verdict = evaluate(
        rule,
        Facts({"me": falling([Decimal(50), None, Decimal(40), Decimal(30)])}),
        ON,
        subject="me",
        setting=SETTING,
    )

    assert verdict.missing == (
        Missing(Lack.FIGURE, "me", "multidim_poverty_rate", "2022"),
        Missing(Lack.JUDGEMENT, "me", "0"),
    )


@pytest.mark.parametrize(
    "rule",
    [
        {"indicator": "emulation_score", "op": "gte", "value": 1, "unit": "point"},
        {"indicator": "no_complaint", "op": "is", "value": True, "unit": "bool"},
        {"indicator": "service", "op": "gte", "value": 1, "unit": "year"},
        {"indicator": "poor_hh_count_decrease", "op": "gt", "value": 60, "unit": "pct_change"},
    ],
)
def test_value_of_another_kind_determines_nothing(rule: dict[str, Any]) -> None:
    wrong = {"no_complaint": Figure(3), "service": Figure(3)}
    code = vocabulary().measure(rule["indicator"], rule["unit"]).figure
    figure = wrong.get(code, Figure(True))
    subject = SubjectFacts(figures={(code, period): figure for period in ("", "2021", "2024")})
    verdict = evaluate(read_rule(rule), Facts({"me": subject}), ON, subject="me", setting=SETTING)

    assert [missing.lack for missing in verdict.missing] == [Lack.NOT_A_NUMBER]


def test_failed_verdict_lacks_nothing() -> None:
    verdict = evaluate(FALL, Facts({"me": falling([None, None, Decimal(40), Decimal(41)])}), ON, subject="me")

    assert verdict.outcome is Outcome.NOT_MET
    assert verdict.missing == ()
    assert [reason.margin for reason in reasons(verdict.reason)] == [Fraction(-5)]


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        (lambda values: values, Outcome.MET),
        (lambda values: [*values[:3], Decimal("38.01")], Outcome.NOT_MET),
    ],
)
def test_boundary_is_exact(change: Callable[[list[Decimal]], list[Decimal]], answer: Outcome) -> None:
    values = [Decimal(50), Decimal(46), Decimal(42), Decimal(38)]

    assert outcome(FALL, falling(list(change(values)))) is answer


def test_bytes_of_a_verdict_are_these() -> None:
    """Whoever changes them breaks the proof of every package that was given out: make it `verdicts/2`."""
    facts = Facts({"me": falling([Decimal("50"), Decimal("45.90"), Decimal("42"), None])})
    verdict = evaluate(FALL, facts, ON, subject="me", setting=SETTING)

    assert canonical(verdict_json(verdict)).decode() == (
        '{"near":false,"on":"2025-11-15","outcome":"not_met","reason":{"kind":"condition","outcome":"not_met","place":"",'
        '"steps":[{"margin":"0.1","outcome":"met","period":"2022","reached":"4.1","used":['
        '{"period":"2021","value":"50","what":"multidim_poverty_rate"},'
        '{"period":"2022","value":"45.90","what":"multidim_poverty_rate"}]},'
        '{"margin":"-0.1","outcome":"not_met","period":"2023","reached":"3.9","used":['
        '{"period":"2022","value":"45.90","what":"multidim_poverty_rate"},'
        '{"period":"2023","value":"42","what":"multidim_poverty_rate"}]},'
        '{"missing":[{"lack":"figure","period":"2024","subject":"me","what":"multidim_poverty_rate"}],'
        '"outcome":"unknown","period":"2024","used":[{"period":"2023","value":"42","what":"multidim_poverty_rate"}]}],'
        '"subject":"me"},"subject":"me"}'
    )
