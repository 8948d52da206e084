"""Verdicts are kept with their facts, give their reasons back, and show when somebody changed them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from thidua.core.clock import VIETNAM
from thidua.core.errors import RuleNotMet
from thidua.criteria.columns import table_of
from thidua.criteria.explaining import in_short
from thidua.criteria.facts import Facts, read_facts
from thidua.criteria.models import StoredVerdict, VerdictSet
from thidua.criteria.packages import verify
from thidua.criteria.rule_sets import RuleSet, from_record
from thidua.criteria.storing import (
    explained,
    facts_of,
    is_unchanged,
    judge_and_store,
    package_of,
    rules_of,
)
from thidua.criteria.tests.worked_cases import record
from thidua.criteria.verdicts import evaluate

pytestmark = pytest.mark.django_db

ON = date(2025, 11, 15)
NOW = datetime(2025, 11, 15, 9, 0, tzinfo=VIETNAM)
HARD = "xã đặc biệt khó khăn vùng cao, biên giới"
REGIONS = "xã khu vực III, xã khu vực II, xã khu vực I vùng đồng bào dân tộc thiểu số và miền núi"
IN_CHARGE = "communes supervised by the member"
RATES = {
    "xa_a": ("50", "46", "42", "38"),
    "xa_b": ("50", "46", "42.1", "38"),
    "xa_c": ("50", None, "42", "38"),
}


@pytest.fixture
def rules() -> RuleSet:
    return from_record(record("002_a2257aa210d7d8d8"), code="S002")


@pytest.fixture
def facts() -> Facts:
    def commune(name: str, rates: tuple[str | None, ...]) -> dict[str, Any]:
        found = zip(("2021", "2022", "2023", "2024"), rates, strict=True)
        return {
            "name": name,
            "classes": {HARD: {"value": True}, REGIONS: {"value": False}},
            "figures": {
                "multidim_poverty_rate": {
                    year: {"value": rate, "source": "s1"} for year, rate in found if rate is not None
                }
            },
        }

    people = {
        "ong_p": {
            "links": {IN_CHARGE: {"to": ["xa_a"]}},
            "judged": {
                key: {"answer": True, "by": "Hội đồng", "on": "2025-11-01"} for key in ("S5.c1", "S5.c2")
            },
        }
    }
    communes = {key: commune(f"Xã {key[-1].upper()}", rates) for key, rates in RATES.items()}
    return read_facts({"sources": {"s1": {"title": "Quyết định"}}, "subjects": communes | people})


def stored(rules: RuleSet, facts: Facts, subjects: list[str], *, subject_rules: str = "S2") -> VerdictSet:
    return judge_and_store(rules, table_of(facts, subjects), subject_rules=subject_rules, on=ON, now=NOW)


def test_outcomes_are_kept_with_their_counts(rules: RuleSet, facts: Facts) -> None:
    kept = stored(rules, facts, list(RATES))

    assert (kept.subject_count, kept.met_count, kept.near_count, kept.unknown_count) == (3, 1, 1, 1)
    assert list(kept.verdicts.order_by("pk").values_list("subject", "outcome", "is_near", "outcomes")) == [
        ("xa_a", 2, False, "23"),
        ("xa_b", 0, True, "03"),
        ("xa_c", 1, False, "13"),
    ]


@pytest.mark.parametrize(("subjects", "subject_rules"), [(list(RATES), "S2"), (["ong_p"], "S5")])
def test_reasons_come_back_whole(
    rules: RuleSet, facts: Facts, subjects: list[str], subject_rules: str
) -> None:
    kept = stored(rules, facts, subjects, subject_rules=subject_rules)

    for row in StoredVerdict.objects.filter(verdict_set=kept).select_related("verdict_set"):
        single = evaluate(rules.of(subject_rules).rule, facts, ON, subject=row.subject, setting=rules.setting)
        assert explained(row) == single
        assert facts_of(row).of(row.subject) == facts.of(row.subject)
    assert rules_of(kept) == rules


def test_reason_of_a_stored_verdict_reads_as_before(rules: RuleSet, facts: Facts) -> None:
    kept = stored(rules, facts, list(RATES))
    row = kept.verdicts.get(subject="xa_b")

    assert in_short(explained(row), rules_of(kept).of("S2").rule, facts_of(row)) == (
        "Gần đạt: năm 2023: giảm 3,9 điểm phần trăm, từ 46 % (năm 2022) [Quyết định] còn 42,1 % (năm 2023) "
        "[Quyết định]; thiếu 0,1 điểm phần trăm"
    )


def test_changed_outcome_is_noticed(rules: RuleSet, facts: Facts) -> None:
    kept = stored(rules, facts, list(RATES))
    assert is_unchanged(kept)
    # the database refuses a change, so a forger takes the row away and puts another in its place
    forged = kept.verdicts.get(subject="xa_b")
    forged.delete()
    forged.outcome = 2
    forged.save(force_insert=True)

    assert not is_unchanged(VerdictSet.objects.get())
    with pytest.raises(RuleNotMet, match="lưu là «Đạt», tính lại là «Không đạt»"):
        explained(kept.verdicts.get(subject="xa_b"))


def test_package_of_stored_verdicts_is_proved(rules: RuleSet, facts: Facts) -> None:
    kept = stored(rules, facts, list(RATES))

    proof = verify(package_of(VerdictSet.objects.get(), ["xa_b", "xa_a"]))
    assert proof.is_good
    assert proof.outcomes == {"not_met": 1, "met": 1}
    assert is_unchanged(kept)


def test_officials_are_packed_with_their_communes(rules: RuleSet, facts: Facts) -> None:
    kept = stored(rules, facts, ["ong_p"], subject_rules="S5")

    assert verify(package_of(kept, ["ong_p"])).outcomes == {"met": 1}


def test_writing_takes_as_many_queries_for_many(
    rules: RuleSet, facts: Facts, django_assert_num_queries: Any
) -> None:
    for subjects in (["xa_a"], list(RATES)):
        with django_assert_num_queries(4):  # savepoint, set, rows, release
            stored(rules, facts, subjects)
