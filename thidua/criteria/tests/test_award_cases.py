"""The worked cases of the law of commendation: `lawbook/examples/khen_thuong_*.yaml`."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
import yaml

from thidua.criteria import award_law, lawbook
from thidua.criteria.award_law import MovementRun, Procedure
from thidua.criteria.ballots import Base, Tally, Threshold, outcome
from thidua.criteria.lawbook import NotInLawbook
from thidua.criteria.quotas import Denominator, EarlierWinners, QuotaRule, Rounding, quota
from thidua.criteria.terms import Term, TermUnit, first_day_after, last_day


def cases(name: str) -> list[Any]:
    text = (lawbook.FOLDER / "examples" / f"khen_thuong_{name}.yaml").read_text(encoding="utf-8")
    return [pytest.param(case, id=case["case"]) for case in yaml.safe_load(text)]


@pytest.mark.parametrize("case", cases("tien_thuong"))
def test_bonus(case: dict[str, Any]) -> None:
    if case["expect"] == "unknown":
        with pytest.raises(NotInLawbook):
            award_law.bonus(case["form"], case["subject"], case["day"])
        return

    found = award_law.bonus(case["form"], case["subject"], case["day"])

    assert (found.amount, found.confirmed) == (case["expect"], case["confirmed"])


@pytest.mark.parametrize("case", cases("bo_phieu"))
def test_vote(case: dict[str, Any]) -> None:
    if case["expect"] == "unknown":
        with pytest.raises(NotInLawbook):
            award_law.vote_threshold(case["form"], case["day"])
        return
    threshold = threshold_of(case)
    if case["expect"] == "own_rules":
        assert threshold is None
        return
    assert threshold is not None

    papers = case["papers"]
    found = outcome(
        Tally(papers["agree"], papers.get("against", 0), papers.get("blank", 0), papers.get("spoilt", 0)),
        threshold,
        members=case["members"],
        present=case.get("present"),
    )

    expected = {"tied": False, **case["expect"]}
    assert {"passed": found.is_passed, "needed": found.needed, "tied": found.is_tied} == expected


def threshold_of(case: dict[str, Any]) -> Threshold | None:
    rule = case.get("rule")
    if rule is not None:
        return Threshold(Fraction(rule["share"]), Base(rule["base"]), is_strict=rule["strict"])
    lawful = award_law.vote_threshold(case["form"], case["day"])
    if lawful.share is None:
        return None
    return Threshold(lawful.share, Base.ALL_MEMBERS if lawful.of_all_members else Base.PRESENT)


@pytest.mark.parametrize("case", cases("phan_bo"))
def test_quota(case: dict[str, Any]) -> None:
    written = case["rule"]
    rule = QuotaRule(
        share=Fraction(written["share"]) if "share" in written else None,
        count=written.get("count"),
        denominator=Denominator(written.get("denominator", "all")),
        rounding=Rounding(written.get("rounding", "down")),
        earlier_winners=EarlierWinners(written.get("earlier_winners", "stay")),
    )
    qualified, unknown = case["qualified"], case.get("unknown", 0)
    units = range(case["units"])

    found = quota(
        rule,
        units=units,
        qualified={
            unit: True if unit < qualified else None if unit < qualified + unknown else False
            for unit in units
        },
        earlier_winners=range(case.get("winners_qualified", 0)),
    )

    expected = case["expect"]
    if isinstance(expected, dict):
        assert (found.places, found.least, found.most) == (None, expected["least"], expected["most"])
    else:
        assert found.places == expected


@pytest.mark.parametrize("case", cases("ho_so"))
def test_dossier(case: dict[str, Any]) -> None:
    procedure = Procedure(case.get("procedure", "normal"))
    if case["expect"] == "unknown":
        with pytest.raises(NotInLawbook):
            award_law.dossier_papers(case["form"], case["day"], procedure)
        return

    found = award_law.dossier_papers(case["form"], case["day"], procedure)

    assert [paper.code for paper in found.papers if not paper.only_if_relied_on] == case["expect"]
    assert [paper.code for paper in found.papers if paper.only_if_relied_on] == case.get("if_relied_on", [])
    assert (found.sets, found.confirmed) == (case.get("sets"), case["confirmed"])


@pytest.mark.parametrize("case", cases("thoi_han"))
def test_term(case: dict[str, Any]) -> None:
    if case["expect"] == "unknown":
        with pytest.raises(NotInLawbook):
            award_law.processing_days(case["step"], case["start"])
        return
    term = term_of(case)
    if case["expect"] == "none":
        assert term is None
        return
    assert term is not None

    assert last_day(case["start"], term, lawbook.work_calendar()).day == case["expect"]
    if "next" in case:
        assert first_day_after(case["start"], term, lawbook.work_calendar()).day == case["next"]


def term_of(case: dict[str, Any]) -> Term | None:
    if "term" in case:
        count, unit = case["term"].split(" ", 1)
        return Term(int(count), TermUnit.WORKING_DAYS if unit == "ngày làm việc" else TermUnit.DAYS)
    if case["step"] == "publicity":
        return award_law.publicity_days(case["start"]).term
    return award_law.processing_days(case["step"], case["start"]).term


@pytest.mark.parametrize("case", cases("thoi_ky"))
def test_era(case: dict[str, Any]) -> None:
    on: date = case["day"]
    if case["era"] == "unknown":
        with pytest.raises(NotInLawbook):
            award_law.era(on)
        return

    assert award_law.era(on).code == case["era"]
    if "form" in case:
        deciders = {one.decider for one in award_law.authority(case["form"], on)}
        assert set(case["may"]) <= deciders
        assert not set(case.get("may_not", [])) & deciders


@pytest.mark.parametrize("case", cases("qua_phong_trao"))
def test_movement(case: dict[str, Any]) -> None:
    movement = case["movement"]
    run = MovementRun(movement["years"], movement["by"], movement["at"])

    found = award_law.movement_route(
        case["form"], case["subject"], run, case["day"], person_class=case.get("person", "")
    )

    if case["expect"] == "open":
        assert found.is_open
        assert found.standard is not None
        assert found.standard.confirmed == case["confirmed"]
    else:
        assert len(found.remarks) == len(case["expect"])
        assert all(
            remark.startswith(start) for remark, start in zip(found.remarks, case["expect"], strict=True)
        )
