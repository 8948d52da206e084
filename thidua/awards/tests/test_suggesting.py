"""Suggestions: who meets, nearly meets, cannot be judged; an official by the communes in charge; and why."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from thidua.audit.models import Entry
from thidua.awards import suggesting
from thidua.awards.models import ChargeArea, SubjectAnswer, Suggestion, SuggestionSet
from thidua.awards.tests.makers import make_award_round, make_record
from thidua.awards.tests.poor_world import PoorWorld, give_rate, poor_world
from thidua.core import clock
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.criteria import storing
from thidua.criteria.packages import verify
from thidua.criteria.reasons import Outcome
from thidua.jobs.models import Job
from thidua.jobs.registry import kind_named
from thidua.movements.tests.makers import make_item
from thidua.organisations.tests.world import DAY

NOW = datetime(2023, 11, 5, 3, 0, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def poor() -> PoorWorld:
    return poor_world()


def suggested(poor: PoorWorld) -> dict[str, Suggestion]:
    suggesting.suggest(poor.round, actor=poor.world.acting("thuong-truc"), now=NOW)
    rows = Suggestion.objects.filter(set__is_current=True).select_related("verdict__verdict_set")
    return {row.label: row for row in rows}


def test_one_meets_one_lacks_a_tenth_of_a_point_one_cannot_be_judged(poor: PoorWorld) -> None:
    found = suggested(poor)

    assert {label: (row.outcome, row.is_near) for label, row in found.items()} == {
        "xã Huổi Luông": (Outcome.MET, False),
        "xã Dào San": (Outcome.NOT_MET, True),
        "xã Mù Sang": (Outcome.UNKNOWN, False),
    }
    text = " ".join(line.text for one in suggesting.why(found["xã Dào San"].verdict) for line in one.lines)
    assert "3,9" in text
    assert "0,1" in text
    [lack, *_] = suggesting.still_open(found["xã Mù Sang"].verdict)
    assert "2021" in lack
    assert "Ủy ban nhân dân xã" in lack


def test_an_official_is_judged_by_the_communes_in_charge(poor: PoorWorld) -> None:
    unit = poor.world.unit("phong-ldtbxh")
    people = {name: make_record(unit, name) for name in ("Người Phụ Trách", "Người Khác", "Người Chưa Khai")}
    for name, commune in (("Người Phụ Trách", "huoi-luong"), ("Người Khác", "dao-san")):
        ChargeArea.objects.create(
            person=people[name], unit=poor.world.unit(commune), since=date(2021, 1, 1), source="QĐ 5"
        )

    found = suggested(poor)

    assert {name: found[name].outcome for name in people} == {
        "Người Phụ Trách": Outcome.MET,
        "Người Khác": Outcome.NOT_MET,
        "Người Chưa Khai": Outcome.UNKNOWN,
    }


def test_a_question_is_answered_by_a_named_person(poor: PoorWorld) -> None:
    version = poor.plan.versions.get()
    entry = {"subject_type": "commune", "subject_label": "Cấp xã", "text": "Nội bộ đoàn kết", "kind": "x"}
    make_item(version, "criteria", "S2.c9", entry)
    assert suggested(poor)["xã Huổi Luông"].outcome == Outcome.UNKNOWN
    SubjectAnswer.objects.create(
        round=poor.round,
        subject_key=f"unit:{poor.world.unit('huoi-luong').pk}",
        question="S2.c9",
        answer=True,
        why="Biên bản họp",
        by="Bí thư Đảng ủy xã",
        on=DAY,
    )

    assert suggested(poor)["xã Huổi Luông"].outcome == Outcome.MET


def test_a_later_figure_makes_a_new_set_and_the_old_one_stays(poor: PoorWorld) -> None:
    before = suggested(poor)["xã Mù Sang"]
    give_rate(poor.world, "mu-sang", 2021, "52.5")
    after = suggested(poor)["xã Mù Sang"]

    assert (before.outcome, after.outcome) == (Outcome.UNKNOWN, Outcome.MET)
    before.refresh_from_db()
    assert before.outcome == Outcome.UNKNOWN
    assert list(SuggestionSet.objects.order_by("pk").values_list("is_current", flat=True)) == [False, True]
    assert Entry.objects.filter(action="awards.suggestionset.make").count() == 2


def test_a_stranger_computes_every_verdict_again(poor: PoorWorld) -> None:
    row = suggested(poor)["xã Dào San"]
    package = storing.package_of(row.verdict.verdict_set, [row.subject_key])

    assert verify(package).is_good


def test_a_large_round_is_judged_by_a_worker(poor: PoorWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggesting, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(suggesting, "AT_ONCE", 1)
    client = Client()
    client.force_login(poor.world.people["thuong-truc"])
    with clock.fixed_on(DAY):
        client.post(f"/khen-thuong/dot/{poor.round.pk}/viec/", {"viec": "xet"})
        assert Suggestion.objects.count() == 0
        job = Job.objects.get(kind="awards.suggest")
        kind_named(job.kind).run(Quiet(), **job.args)

    assert set(Suggestion.objects.values_list("label", "outcome")) == {
        ("xã Huổi Luông", Outcome.MET),
        ("xã Dào San", Outcome.NOT_MET),
        ("xã Mù Sang", Outcome.UNKNOWN),
    }


class Quiet:
    """A progress that nobody looks at."""

    def report(self, *_told: object) -> None:
        return None


def test_who_may_suggest_and_a_round_without_criteria(poor: PoorWorld) -> None:
    with pytest.raises(NotAllowed):
        suggesting.suggest(poor.round, actor=poor.world.acting("huoi-luong"), now=NOW)
    empty = make_award_round(poor.world.unit("phong-tho"), poor.world.unit("phong-ldtbxh"))
    with pytest.raises(RuleNotMet, match="không gắn với kế hoạch"):
        suggesting.suggest(empty, actor=poor.world.acting("thuong-truc"), now=NOW)
