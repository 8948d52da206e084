"""What the reader makes of criteria is what the rule engine reads: no rule is lost, no code is unknown."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from thidua.criteria.checking import check
from thidua.criteria.measures import vocabulary
from thidua.criteria.rule_sets import from_record
from thidua.criteria.rules import Group, Judged, read_rule, rule_json
from thidua.documents import reading
from thidua.documents.reading.vocabulary import load

ROOT = Path(__file__).resolve().parents[2]
PLANS = sorted((ROOT / "tests" / "plans" / "dev").glob("*.txt")) + sorted(
    (ROOT / "data" / "plans").glob("*.txt")
)


@pytest.mark.parametrize("path", PLANS, ids=[path.stem for path in PLANS])
def test_rules_that_were_read_come_back_the_same(path: Path) -> None:
    record = reading.read_path(path)
    found = [
        criterion["rule"] for subject in record.get("subjects") or [] for criterion in subject["criteria"]
    ]

    assert [rule and rule_json(read_rule(rule)) for rule in found] == found
    rules = from_record(record)
    assert [isinstance(criterion.rule, Judged) for criterion in rules.criteria()] == [
        not rule for rule in found
    ]
    assert {finding.kind for finding in check(rules)} <= {
        "no_indicator",
        "no_threshold",
        "baseline",
        "unit",
        "range",
    }


def test_official_is_judged_by_the_communes_in_charge_as_the_record_by_hand_says() -> None:
    stem = "002_a2257aa210d7d8d8"
    read = from_record(reading.read_path(ROOT / "data" / "plans" / f"{stem}.txt"))
    by_hand = from_record(yaml.safe_load((ROOT / "data" / "golden" / f"{stem}.yaml").read_text("utf-8")))

    rules = [one.of("S5").criteria[2].rule for one in (read, by_hand)]
    assert [rule.evaluated_on for rule in rules if isinstance(rule, Group)] == [
        "communes supervised by the member"
    ] * 2


def test_every_code_of_the_reader_can_be_measured() -> None:
    assert {entry["code"] for entry in load("indicators")} <= vocabulary().measures.keys()
