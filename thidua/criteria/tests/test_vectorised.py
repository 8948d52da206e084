"""Columns judge as single rows do, whatever rules and facts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.criteria.columns import Table, evidence, facts_of_line, table_of
from thidua.criteria.facts import Facts, Figure, Setting, SubjectFacts
from thidua.criteria.reasons import reasons
from thidua.criteria.rules import Rule, read_rule
from thidua.criteria.tests.invented import rules, subjects
from thidua.criteria.tests.worked_cases import ME, Case, cases
from thidua.criteria.vectorised import judge
from thidua.criteria.verdicts import evaluate

ON = date(2025, 11, 15)
SETTING = Setting(period=(2021, 2025), baseline_year=2021)


def check_same(rule: Rule, table: Table, facts: Facts, *, on: date, setting: Setting) -> None:
    """Every outcome, margin and figure of every part agrees."""
    verdicts = judge(rule, table, on, setting=setting)
    for row, subject in enumerate(table.subjects):
        single = evaluate(rule, facts, on, subject=subject, setting=setting)
        assert (verdicts.outcomes[row], verdicts.near[row]) == (single.outcome, single.is_near)
        assert verdicts.explained(row).outcome is single.outcome
        for reason in reasons(single.reason):
            part = verdicts.parts.get(reason.place)
            if part is None or reason.subject != subject:
                continue  # below a part that was judged row by row
            assert (part.outcomes[row], part.near[row]) == (reason.outcome, reason.is_near)
            for column, step in zip(part.steps, reason.steps, strict=bool(reason.steps and part.steps)):
                assert column.outcomes[row] == step.outcome
                assert column.margin_of(row) == step.margin
                if step.margin is not None:
                    assert column.reached_of(row) == step.reached


@settings(max_examples=150, deadline=None)
@given(rules, st.lists(subjects, min_size=1, max_size=4), subjects)
def test_columns_judge_as_single_rows_do(
    rule: dict[str, Any], found: list[SubjectFacts], other: SubjectFacts
) -> None:
    facts = Facts({f"s{number}": subject for number, subject in enumerate(found)} | {"other": other})
    table = table_of(facts, [f"s{number}" for number in range(len(found))])

    check_same(read_rule(rule), table, facts, on=ON, setting=SETTING)


@settings(max_examples=60, deadline=None)
@given(rules, st.lists(subjects, min_size=1, max_size=3), subjects)
def test_line_of_evidence_gives_the_same_verdict(
    rule: dict[str, Any], found: list[SubjectFacts], other: SubjectFacts
) -> None:
    facts = Facts({f"s{number}": subject for number, subject in enumerate(found)} | {"other": other})
    table = table_of(facts, [f"s{number}" for number in range(len(found))])
    kept = evidence(table)
    for row, line in enumerate(kept.lines):
        again = facts_of_line(kept.head, line, f"s{row}")
        before = evaluate(read_rule(rule), table.facts(row), ON, subject=f"s{row}", setting=SETTING)
        assert evaluate(read_rule(rule), again, ON, subject=f"s{row}", setting=SETTING) == before


CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_worked_case_comes_out_the_same_in_columns(case: Case) -> None:
    check_same(case.rule, table_of(case.facts, [ME]), case.facts, on=case.on, setting=case.setting)


FALL = {"op": "gte", "value": 4, "unit": "pct_point", "per": "year", "window": {"consecutive_years": 1}}
RATE = "poor_hh_rate"
RATE_FALL = {"indicator": "poor_hh_rate_decrease"} | FALL


@pytest.mark.parametrize(
    ("rule", "code", "pairs"),
    [
        # exactly as near as nearly met may be, and a little farther; not known beside them
        (RATE_FALL, RATE, [(10, "6.5"), (10, "6.51"), (10, None), (10, 6)]),
        # amounts below zero, as of a loss
        (
            {"indicator": "poor_hh_count_decrease", "op": "gt", "value": 50, "unit": "pct_change"},
            "poor_hh",
            [(-4, -2), (-4, -8), (-4, 4), (4, -4), (-4, 0), (0, 4)],
        ),
        (
            {"indicator": "rural_income_ratio", "op": "lt", "value": 1.5, "unit": "ratio"},
            "rural_income",
            [(-2, -3), (-2, -2), (2, 3)],
        ),
    ],
)
def test_edges_come_out_the_same(rule: dict[str, Any], code: str, pairs: list[tuple[Any, Any]]) -> None:
    since = "2023" if "window" in rule else "2021"
    facts = Facts(
        {
            f"s{number}": SubjectFacts(
                figures={
                    (code, period): Figure(Decimal(value))
                    for period, value in zip((since, "2024"), pair, strict=True)
                    if value is not None
                }
            )
            for number, pair in enumerate(pairs)
        }
    )

    check_same(read_rule(rule), table_of(facts, list(facts.subjects)), facts, on=ON, setting=SETTING)


def test_standards_are_compared_row_by_row() -> None:
    standards = [("a", "a"), ("a", "b"), ("b", "b"), ("", "a")]
    facts = Facts(
        {
            f"s{number}": SubjectFacts(
                figures={
                    (RATE, period): Figure(value, standard=standard)
                    for period, value, standard in zip(("2023", "2024"), (20, 10), pair, strict=True)
                }
            )
            for number, pair in enumerate(standards)
        }
    )
    table = table_of(facts, list(facts.subjects))
    rule = read_rule(RATE_FALL)

    assert judge(rule, table, ON, setting=SETTING).outcomes.tolist() == [2, 1, 2, 1]
    check_same(rule, table, facts, on=ON, setting=SETTING)


def test_products_beyond_64_bits_stay_exact() -> None:
    huge = 3 * 10**18
    rule = read_rule({"indicator": "poor_hh_count_decrease", "op": "gt", "value": 60, "unit": "pct_change"})
    facts = Facts(
        {
            f"s{number}": SubjectFacts(
                figures={("poor_hh", "2021"): Figure(huge), ("poor_hh", "2024"): Figure(huge * 2 // 5 + less)}
            )
            for number, less in enumerate((-1, 0, 1))
        }
    )
    table = table_of(facts, list(facts.subjects))

    verdicts = judge(rule, table, ON, setting=SETTING)
    assert verdicts.outcomes.tolist() == [2, 0, 0]
    check_same(rule, table, facts, on=ON, setting=SETTING)


def test_columns_of_decimals_keep_their_places() -> None:
    facts = Facts(
        {
            "a": SubjectFacts(figures={("x", "2024"): Figure(Decimal("1.5"), "s1", "so_bo", (1, 2), "n")}),
            "b": SubjectFacts(figures={("x", "2024"): Figure(Decimal("2.25"))}),
            "c": SubjectFacts(),
        }
    )
    table = table_of(facts, ["a", "b", "c"])
    column = table.figures["x", "2024"]

    assert (column.values.tolist(), column.scale) == ([150, 225, 0], 100)
    assert column.is_usable.tolist() == [False, True, False]
    assert isinstance(column.values, np.ndarray)
    assert table.facts_of(0) == facts.of("a")
    kept = evidence(table)
    assert kept.lines == ["[150,1,1,1,1,2]", "[225,0,0,0,-1,-1]", "[null,0,0,0,-1,-1]"]
    assert facts_of_line(kept.head, kept.lines[0], "a").of("a") == facts.of("a")
