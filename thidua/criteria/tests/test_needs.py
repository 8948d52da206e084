"""What a rule needs decides it: everything else can be taken away without changing a verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from thidua.criteria.facts import Facts, Setting
from thidua.criteria.needs import Needs, needs_of
from thidua.criteria.rule_sets import from_record
from thidua.criteria.rules import read_rule
from thidua.criteria.tests.worked_cases import ME, Case, cases, record
from thidua.criteria.verdicts import evaluate

ON = date(2025, 11, 15)
HARD = "xã đặc biệt khó khăn vùng cao, biên giới"
REGIONS = "xã khu vực III, xã khu vực II, xã khu vực I vùng đồng bào dân tộc thiểu số và miền núi"
COMMUNE = Needs(
    figures=frozenset(
        {("multidim_poverty_rate", year) for year in ("2021", "2022", "2023", "2024")}
        | {("poor_and_near_poor_hh", year) for year in ("2021", "2024")}
    ),
    classes=frozenset((HARD, REGIONS)),
)


def test_communes_of_s002_need_rates_counts_and_their_class() -> None:
    rules = from_record(record("002_a2257aa210d7d8d8"))

    assert needs_of(rules.of("S2").rule, on=ON, setting=rules.setting) == COMMUNE


def test_official_needs_the_same_of_the_communes_in_charge() -> None:
    rules = from_record(record("002_a2257aa210d7d8d8"))

    assert needs_of(rules.of("S5").rule, on=ON, setting=rules.setting) == Needs(
        judged=frozenset(("S5.c1", "S5.c2")), linked={"communes supervised by the member": COMMUNE}
    )


def test_fact_that_is_asked_for_once_may_stand_in_three_places() -> None:
    rule = read_rule({"indicator": "tasks_on_time_share", "op": "gte", "value": 90, "unit": "pct"})

    found = needs_of(rule, on=ON, setting=Setting(period=(2021, 2025)))
    assert found.figures == {("tasks_on_time_share", period) for period in ("2024", "2021/2025", "")}
    assert found.codes == {"tasks_on_time_share"}


CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_only_what_is_needed_decides(case: Case) -> None:
    """Everything else can be taken away without changing the verdict."""
    needed = needs_of(case.rule, on=case.on, setting=case.setting)

    def less(subject: str, wanted: Needs) -> dict[str, object]:
        facts = case.facts.of(subject)
        kept = replace(
            facts,
            figures={key: figure for key, figure in facts.figures.items() if key in wanted.figures},
            classes={words: figure for words, figure in facts.classes.items() if words in wanted.classes},
            events={code: found for code, found in facts.events.items() if code in wanted.events},
            judged={key: answer for key, answer in facts.judged.items() if key in wanted.judged},
            links={words: link for words, link in facts.links.items() if words in wanted.linked},
        )
        found: dict[str, object] = {subject: kept}
        for words, link in kept.links.items():
            for other in link.to:
                found |= less(other, wanted.linked[words])
        return found

    facts = Facts(less(ME, needed))  # type: ignore[arg-type]  # built by subject above
    assert evaluate(case.rule, facts, case.on, subject=ME, setting=case.setting) == evaluate(
        case.rule, case.facts, case.on, subject=ME, setting=case.setting
    )
