"""Each worked case comes out as a lawyer wrote it, and says why."""

from __future__ import annotations

import pytest

from thidua.criteria.explaining import explain, in_short
from thidua.criteria.facts import facts_json, read_facts
from thidua.criteria.tests.worked_cases import ME, Case, cases
from thidua.criteria.verdicts import evaluate

CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_case_comes_out_as_written(case: Case) -> None:
    verdict = evaluate(case.rule, case.facts, case.on, subject=ME, setting=case.setting)
    lines = explain(verdict, case.rule, case.facts)
    said = "\n".join(line.text for line in lines)
    label = "gần đạt" if verdict.is_near else verdict.outcome.label.lower()

    assert label == case.expect, said
    assert case.because in said
    assert in_short(verdict, case.rule, case.facts)
    assert bool(verdict.missing) is (case.expect == "chưa xác định được")
    assert read_facts(facts_json(case.facts)) == case.facts
