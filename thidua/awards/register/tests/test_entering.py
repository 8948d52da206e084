"""Rows of the register: written once, revoked, corrected, found by the checks through successions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from thidua.audit.models import Entry
from thidua.awards import checks, held_awards, quota_checks, relatives
from thidua.awards.models import (
    AwardSource,
    AwardState,
    AwardSubjectType,
    RegisterCoverage,
    RegisteredAward,
)
from thidua.awards.register import entering
from thidua.awards.register.tests.makers import NOW, ON, award_of, register
from thidua.awards.tests.makers import make_award_round, make_candidate, make_record, offer
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.households.tests.makers import make_household
from thidua.movements.tests.makers import phong_tho_plan
from thidua.organisations.tests.world import World, phong_tho

pytestmark = [pytest.mark.django_db, pytest.mark.database]
AFTER = date(2025, 12, 1)


@pytest.fixture
def world() -> World:
    return phong_tho()


def test_a_candidate_has_one_row_however_often_it_is_sent(world: World) -> None:
    round_ = make_award_round(world.unit("phong-tho"), plan=phong_tho_plan(world))
    person = make_record(world.unit("huoi-luong"), "Vàng Thị Mẫu", sex="nu")
    candidate = make_candidate(round_, person, achievement="Giúp 5 hộ thoát nghèo.")
    new = entering.of_candidate(
        candidate, decided_on=date(2023, 12, 20), decision_number="12/QĐ-UBND", bonus=540_000
    )
    actor = world.acting("lanh-dao", on=ON)

    award = entering.enter(new, actor=actor, now=NOW)
    again = entering.enter(new, actor=actor, now=NOW)

    assert (again.pk, RegisteredAward.objects.count()) == (award.pk, 1)
    assert (award.subject_key, award.level, award.commendation_type) == (
        f"person:{person.pk}",
        "co-so",
        "movement",
    )
    assert (award.sex, award.is_direct_worker, award.bonus) == ("nu", True, 540_000)
    assert (award.unit_name, award.issuer_name) == ("xã Huổi Luông", "huyện Phong Thổ")
    assert (award.source, award.movement) == (AwardSource.DECIDED, round_.movement)
    assert "vang thi mau" in award.search_text
    assert "12/qd-ubnd" in award.search_text
    assert Entry.objects.filter(action="awards.registeredaward.enter").count() == 1


def test_only_the_keeping_body_writes(world: World) -> None:
    new = award_of(world.unit("huoi-luong"), world.unit("phong-tho"))

    with pytest.raises(NotAllowed):
        entering.enter(new, actor=world.acting("huoi-luong", on=ON), now=NOW)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"decided_on": date(2024, 12, 20), "decided_year": 2024}, "sau hôm nay"),
        ({"decided_year": 2022}, "năm và ngày quyết định khác nhau"),
        ({"since": date(2023, 1, 1)}, "thiếu một đầu"),
        ({"subject_type": AwardSubjectType.HOUSEHOLD}, "không đúng loại"),
        ({"subject_name": " "}, "chưa có tên"),
    ],
    ids=["future", "year", "period", "type", "name"],
)
def test_what_cannot_be_is_refused(world: World, fields: dict[str, object], why: str) -> None:
    new = award_of(world.unit("huoi-luong"), world.unit("phong-tho"), **fields)

    with pytest.raises(RuleNotMet, match=why):
        entering.enter(new, actor=world.acting("lanh-dao", on=ON), now=NOW)


def test_a_golden_book_number_is_used_once_a_year(world: World) -> None:
    keeper = world.unit("phong-tho")
    register(world.unit("huoi-luong"), keeper, golden_book_number="7")
    register(
        world.unit("huoi-luong"),
        keeper,
        golden_book_number="7",
        decided_year=2022,
        decided_on=date(2022, 12, 1),
    )

    with pytest.raises(RuleNotMet, match="số vào sổ vàng 7 của năm 2023"):
        register(world.unit("dao-san"), keeper, golden_book_number="7")


def test_a_revoked_award_stays_and_counts_no_more(world: World) -> None:
    award = register(world.unit("huoi-luong"), world.unit("phong-tho"))
    actor = world.acting("lanh-dao", on=ON)
    with pytest.raises(RuleNotMet, match="chưa có số, ngày văn bản"):
        entering.revoke(award, revoked_on=ON, by=" ", reason="Kê khai sai", actor=actor, now=NOW)

    entering.revoke(
        award, revoked_on=ON, by="Quyết định số 90/QĐ-UBND", reason="Kê khai sai", actor=actor, now=NOW
    )

    award.refresh_from_db()
    assert (award.state, award.revoked_on, award.revoking_reason) == ("thu_hoi", ON, "Kê khai sai")
    assert held_awards.of([award.subject_key]) == {award.subject_key: []}
    entering.restore(award, reason="Ghi nhầm khoản", actor=actor, now=NOW)
    assert [one.award_id for one in held_awards.of([award.subject_key])[award.subject_key]] == [award.pk]


def test_a_correction_is_a_new_row_that_names_the_old(world: World) -> None:
    award = register("Lò Văn Mấu", world.unit("phong-tho"), golden_book_number="3")
    new = replace(entering.said_by(award), subject_name="Lò Văn Mẫu")
    actor = world.acting("lanh-dao", on=ON)

    corrected = entering.correct(
        award, new, by="Quyết định số 14/QĐ-UBND", reason="Sai chữ", actor=actor, now=NOW
    )

    award.refresh_from_db()
    assert (award.state, award.subject_name) == (AwardState.CORRECTED, "Lò Văn Mấu")
    assert (corrected.corrects, corrected.subject_name, corrected.golden_book_number) == (
        award,
        "Lò Văn Mẫu",
        "3",
    )
    assert corrected.correcting_paper == "Quyết định số 14/QĐ-UBND"


def test_a_row_of_nobody_is_tied_to_a_person_later(world: World) -> None:
    award = register("Lò Văn Mẫu", world.unit("phong-tho"))
    person = make_record(world.unit("huoi-luong"))
    actor = world.acting("lanh-dao", on=ON)
    with pytest.raises(RuleNotMet, match="khoản này khen «cá nhân»"):
        entering.tie(award, unit=world.unit("huoi-luong"), actor=actor, now=NOW)

    entering.tie(award, person=person, actor=actor, now=NOW)

    award.refresh_from_db()
    assert (award.subject_key, award.unit, award.is_direct_worker) == (
        f"person:{person.pk}",
        person.unit,
        True,
    )
    assert "huoi luong" in award.search_text


def test_a_duplicate_is_caught_across_the_merge(world: World) -> None:
    """An award of the commune as it was before 1 July 2025, found for the one that took over."""
    plan = phong_tho_plan(world)
    province, old, new = world.unit("lai-chau"), world.unit("huoi-luong"), world.unit("xa-phong-tho")
    register(
        old,
        world.unit("phong-tho"),
        movement=plan.movement,
        since=date(2025, 1, 1),
        until=date(2025, 7, 1),
        decided_year=2025,
        decided_on=date(2025, 6, 20),
    )
    round_ = make_award_round(
        province, plan=plan, since=date(2025, 1, 1), until=date(2026, 1, 1), due_on=date(2025, 12, 15)
    )
    form = offer(round_, "bang-khen-bo-tinh", leaves_out_winners=True)
    candidate = make_candidate(round_, new, form="bang-khen-bo-tinh")

    [finding] = [one for one in checks.findings(candidate, on=AFTER) if one.key.startswith("duplicate:award")]

    assert "đơn vị trước khi sắp xếp: xã Huổi Luông" in finding.title
    assert finding.why == "Quyết định 12/QĐ-UBND ngày 20/06/2025"
    assert quota_checks._winners(round_, [candidate.subject_key]) == {candidate.subject_key}
    assert form.leaves_out_winners
    assert relatives.taken_over_wholly([candidate.subject_key], on=AFTER) == {
        f"unit:{new.pk}": frozenset({f"unit:{old.pk}"})
    }


def test_the_award_of_the_head_is_found_for_the_household(world: World) -> None:
    plan = phong_tho_plan(world)
    house = make_household(world.unit("huoi-luong"), "HL-01")
    head = make_record(world.unit("huoi-luong"), heads=house)
    register(
        head,
        world.unit("phong-tho"),
        movement=plan.movement,
        since=date(2023, 1, 1),
        until=date(2024, 1, 1),
    )
    round_ = make_award_round(world.unit("phong-tho"), plan=plan)
    offer(round_, subject_type=AwardSubjectType.HOUSEHOLD)
    candidate = make_candidate(
        round_,
        world.unit("huoi-luong"),
        subject_type=AwardSubjectType.HOUSEHOLD,
        unit=None,
        household=house,
        subject_key=f"household:{house.pk}",
        label=f"Hộ {house.code}",
    )

    [finding] = [one for one in checks.findings(candidate, on=ON) if one.key.startswith("duplicate:award")]

    assert "(chủ hộ)" in finding.title


def test_no_award_is_unknown_until_the_register_is_said_to_be_complete(world: World) -> None:
    commune, person = world.unit("huoi-luong"), make_record(world.unit("huoi-luong"))
    keys = [f"unit:{commune.pk}", f"person:{person.pk}", f"unit:{world.unit('lai-chau').pk}"]
    assert held_awards.complete_for(keys, on=ON) == frozenset()

    RegisterCoverage.objects.create(unit=world.unit("phong-tho"), ground="Đã rà hồ sơ", declared_on=ON)

    assert held_awards.complete_for(keys, on=ON) == frozenset(keys[:2])
