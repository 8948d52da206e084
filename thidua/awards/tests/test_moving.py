"""From nomination to council and upwards: papers, checks that stop or ask, returns, forwarding."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest

from thidua.audit.models import Entry
from thidua.awards import (
    checks,
    dossiers,
    held_awards,
    holding,
    inbox,
    moving,
    nominating,
    papers,
    quota_checks,
)
from thidua.awards.held_awards import HeldAward
from thidua.awards.models import (
    AppraisalResult,
    AwardRound,
    AwardSubjectType,
    Candidate,
    CandidateState,
    Consultation,
    Hold,
)
from thidua.awards.nominating import Proposal
from thidua.awards.tests.makers import make_award_round, make_candidate, make_record, offer
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.criteria.award_law import Effect
from thidua.households.tests.makers import make_household
from thidua.movements.tests.makers import phong_tho_plan
from thidua.notices.models import Notice
from thidua.organisations.models import Role
from thidua.organisations.tests.world import World, make_person, phong_tho

pytestmark = [pytest.mark.django_db, pytest.mark.database]
#: A day in 2024: the law of 2022 applies.
ON = date(2024, 11, 5)
NOW = datetime(2024, 11, 5, 3, 0, tzinfo=UTC)
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def world() -> World:
    return phong_tho()


def open_round(world: World, **fields: Any) -> AwardRound:
    plan = fields.pop("plan", None) or phong_tho_plan(world)
    usual = {
        "plan": plan,
        "since": date(2024, 1, 1),
        "until": date(2025, 1, 1),
        "opens_on": date(2024, 10, 1),
        "due_on": date(2024, 12, 31),
        "name": "Xét khen thưởng năm 2024",
    }
    round_ = make_award_round(world.unit("phong-tho"), world.unit("phong-ldtbxh"), **{**usual, **fields})
    for kind in AwardSubjectType:
        offer(round_, subject_type=kind)
    return round_


def proposed(world: World, round_: AwardRound, key: str = "huoi-luong", **fields: Any) -> Candidate:
    unit = world.unit(key)
    proposal = Proposal("giay-khen", unit=unit, achievement="Giảm nghèo nhanh.", **fields)
    return nominating.propose(round_, proposal, proposer=unit, actor=world.acting(key, on=ON), now=NOW)


def fill(candidate: Candidate, world: World, key: str = "huoi-luong") -> None:
    dossier = dossiers.of(candidate, on=ON)
    for paper in dossiers.missing(dossier):
        dossiers.put_file(
            dossier, paper.code, raw=PDF, file_name="giay-to.pdf", actor=world.acting(key, on=ON), now=NOW
        )


def sent(world: World, round_: AwardRound, key: str = "huoi-luong") -> Candidate:
    candidate = proposed(world, round_, key)
    fill(candidate, world, key)
    moving.send(candidate, actor=world.acting(key, on=ON), now=NOW)
    return candidate


def test_a_case_goes_to_the_council_and_the_dossier_is_sealed(world: World) -> None:
    round_ = open_round(world)
    candidate = proposed(world, round_)
    with pytest.raises(RuleNotMet, match="còn thiếu «Tờ trình»; «Báo cáo thành tích"):
        moving.send(candidate, actor=world.acting("huoi-luong", on=ON), now=NOW)
    fill(candidate, world)

    moving.send(candidate, actor=world.acting("huoi-luong", on=ON), now=NOW)
    officer = world.acting("thuong-truc", on=ON)
    moving.appraise(candidate, result=AppraisalResult.ELIGIBLE, text="Đủ", actor=officer, now=NOW)
    moving.to_council(candidate, actor=officer, now=NOW)

    candidate.refresh_from_db()
    assert (candidate.state, candidate.submitted_on) == (CandidateState.AT_COUNCIL, ON)
    dossier = candidate.dossier
    assert (dossier.era, len(dossier.sha256), dossier.procedure) == ("E2", 64, "normal")
    assert Notice.objects.filter(unit=world.unit("phong-ldtbxh"), kind="awards.candidate").count() == 1
    steps = Entry.objects.filter(action__startswith="awards.candidate.").order_by("number")
    assert list(steps.values_list("action", flat=True)) == [
        "awards.candidate.propose",
        "awards.candidate.send",
        "awards.candidate.appraise",
        "awards.candidate.to_council",
    ]


def test_the_inbox_names_what_waits(world: World) -> None:
    round_ = open_round(world)
    candidate = sent(world, round_)
    drafted = proposed(world, round_, "dao-san")
    officer = world.acting("thuong-truc", on=ON)

    [line] = inbox.waiting_for(officer)
    [mine] = inbox.waiting_for(world.acting("dao-san", on=ON))

    assert line.title == "1 đề nghị khen thưởng chờ thẩm định"
    assert (mine.address, mine.due_on) == (f"/khen-thuong/de-nghi/{drafted.pk}/", round_.due_on)
    assert inbox.waiting_for(world.acting("huoi-luong", on=ON)) == []
    assert candidate.state == CandidateState.SENT


def test_a_case_is_returned_with_a_reason_mended_and_sent_again(world: World) -> None:
    round_ = open_round(world)
    candidate = sent(world, round_)
    moving.send_back(candidate, reason="Thiếu số liệu", actor=world.acting("thuong-truc", on=ON), now=NOW)
    assert (candidate.state, candidate.reason) == (CandidateState.RETURNED, "Thiếu số liệu")
    assert Notice.objects.filter(unit=world.unit("huoi-luong")).count() == 1
    actor = world.acting("huoi-luong", on=ON)
    seen = candidate.edition
    nominating.change(candidate, {"achievement": "Giảm 4 %."}, seen=seen, actor=actor, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        nominating.change(candidate, {"achievement": "Khác"}, seen=seen, actor=actor, now=NOW)
    candidate.refresh_from_db()

    moving.send(candidate, actor=actor, now=NOW)

    assert candidate.state == CandidateState.SENT


def test_one_subject_once_in_a_round_and_a_stranger_proposes_nobody(world: World) -> None:
    round_ = open_round(world)
    proposed(world, round_)
    with pytest.raises(RuleNotMet, match="đã có đề nghị trong đợt này"):
        proposed(world, round_)
    proposal = Proposal("giay-khen", unit=world.unit("huoi-luong"))
    with pytest.raises(NotAllowed):
        nominating.propose(
            round_, proposal, proposer=world.unit("huoi-luong"), actor=world.acting("dao-san", on=ON), now=NOW
        )
    with pytest.raises(RuleNotMet, match="không thuộc đơn vị đề nghị"):
        nominating.propose(
            round_, proposal, proposer=world.unit("dao-san"), actor=world.acting("dao-san", on=ON), now=NOW
        )


def test_a_person_may_send_the_own_case_and_no_other(world: World) -> None:
    round_ = open_round(world)
    unit = world.unit("huoi-luong")
    user = make_person("nguoi-tu", (unit, Role.VIEWER))
    world.people["nguoi-tu"] = user
    me, other = make_record(unit, "Người Tự Đề Nghị", user=user), make_record(unit, "Người Khác")
    actor = world.acting("nguoi-tu", on=ON)

    own = nominating.propose(round_, Proposal("giay-khen", person=me), proposer=unit, actor=actor, now=NOW)

    assert own.is_own_proposal
    with pytest.raises(NotAllowed):
        nominating.propose(round_, Proposal("giay-khen", person=other), proposer=unit, actor=actor, now=NOW)


def test_the_same_achievement_in_another_round_asks_for_a_reason(world: World) -> None:
    plan = phong_tho_plan(world)
    first = sent(world, open_round(world, plan=plan))
    second = proposed(world, open_round(world, plan=plan, name="Sơ kết", kind="so_ket"))
    fill(second, world)
    with pytest.raises(RuleNotMet, match="Trùng thành tích với đề nghị khác của xã Huổi Luông"):
        moving.send(second, actor=world.acting("huoi-luong", on=ON), now=NOW)
    [finding] = [
        one for one in checks.findings(second, on=ON) if one.key == f"duplicate:candidate:{first.pk}"
    ]
    assert (finding.effect, finding.confirmed) == (Effect.REASON, True)
    with pytest.raises(NotAllowed):
        checks.let_pass(second, finding.key, reason="Khác", actor=world.acting("thuong-truc", on=ON), now=NOW)
    leader = world.acting("lanh-dao", on=ON)
    with pytest.raises(RuleNotMet, match="chưa ghi lý do"):
        checks.let_pass(second, finding.key, reason=" ", actor=leader, now=NOW)
    checks.let_pass(second, finding.key, reason="Thành tích khác: xây nhà", actor=leader, now=NOW)

    moving.send(second, actor=world.acting("huoi-luong", on=ON), now=NOW)

    assert second.state == CandidateState.SENT
    assert Entry.objects.filter(action="awards.candidate.override").get().reason == "Thành tích khác: xây nhà"


def test_a_successor_is_the_same_subject_across_the_merger(world: World) -> None:
    plan = phong_tho_plan(world)
    before = sent(world, open_round(world, plan=plan))
    body = world.unit("lai-chau")
    later = make_award_round(
        body, plan=plan, since=date(2024, 6, 1), until=date(2025, 8, 1), due_on=date(2025, 12, 31)
    )
    heir = make_candidate(later, world.unit("xa-phong-tho"))

    found = checks.findings(heir, on=date(2025, 8, 1))

    [duplicate] = [one for one in found if one.key == f"duplicate:candidate:{before.pk}"]
    assert "đơn vị trước khi sắp xếp: xã Huổi Luông" in duplicate.title


def test_a_household_and_its_head_are_one_achievement(world: World) -> None:
    plan = phong_tho_plan(world)
    unit = world.unit("huoi-luong")
    household = make_household(unit, "H1")
    round_ = open_round(world, plan=plan)
    first = Candidate.objects.create(
        round=round_,
        subject_type=AwardSubjectType.HOUSEHOLD,
        household=household,
        subject_key=f"household:{household.pk}",
        label="Hộ H1",
        proposer=unit,
        form="giay-khen",
        since=round_.since,
        until=round_.until,
        state=CandidateState.SENT,
    )
    head = make_record(unit, "Giàng Thị Mẫu", heads=household)
    second = make_candidate(round_, head)

    keys = [one.key for one in checks.findings(second, on=ON)]

    assert f"duplicate:candidate:{first.pk}" in keys


def test_a_hold_stops_sending_until_it_ends_and_a_discipline_restarts_the_clock(world: World) -> None:
    candidate = proposed(world, open_round(world))
    fill(candidate, world)
    hold = Hold(
        subject_key=candidate.subject_key,
        unit=world.unit("huoi-luong"),
        kind="complaint",
        reason="Đơn khiếu nại",
        since=date(2024, 10, 1),
    )
    with pytest.raises(NotAllowed):
        holding.enter(hold, actor=world.acting("dao-san", on=ON), now=NOW)
    leader = world.acting("lanh-dao", on=ON)
    holding.enter(hold, actor=leader, now=NOW)
    actor = world.acting("huoi-luong", on=ON)
    with pytest.raises(RuleNotMet, match="Có khiếu nại: tạm dừng từ 01/10/2024 .*Điều 4"):
        moving.send(candidate, actor=actor, now=NOW)
    key = f"hold:{hold.pk}"
    with pytest.raises(RuleNotMet, match="luật không cho bỏ qua"):
        checks.let_pass(candidate, key, reason="Gấp", actor=leader, now=NOW)

    holding.end(hold, until=date(2024, 11, 1), was_cleared=False, note="Khiển trách", actor=leader, now=NOW)

    moving.send(candidate, actor=actor, now=NOW)
    [warning] = [one for one in checks.findings(candidate, on=ON) if one.key == f"restart:{hold.pk}"]
    assert (warning.effect, "01/11/2024" in warning.title) == (Effect.WARN, True)


def test_a_movement_award_opens_no_merit_route(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    round_ = open_round(world, stream="merit", commendation_type="merit")
    offer(round_, "bang-khen-thu-tuong", AwardSubjectType.PERSON, is_decided_here=False)
    person = make_record(world.unit("huoi-luong"))
    candidate = make_candidate(round_, person, form="bang-khen-thu-tuong")
    award = HeldAward(
        candidate.subject_key, "bang-khen-bo-tinh", "movement", date(2019, 1, 1), number="5/QĐ-UBND"
    )
    monkeypatch.setattr(held_awards, "_keepers", [lambda _keys: {candidate.subject_key: [award]}])

    [finding] = [one for one in checks.findings(candidate, on=ON) if one.key.startswith("merit:")]

    assert finding.effect is Effect.BLOCK
    assert "Điều 4" in finding.citation


def test_an_office_without_the_power_is_stopped(world: World) -> None:
    round_ = open_round(world)
    offer(round_, "bang-khen-bo-tinh", AwardSubjectType.COMMUNE)
    candidate = make_candidate(round_, world.unit("huoi-luong"), form="bang-khen-bo-tinh")

    [finding] = [one for one in checks.findings(candidate, on=ON) if one.key == "form:authority"]

    assert (finding.effect, "Chủ tịch" in finding.why) == (Effect.BLOCK, True)


def test_a_case_goes_up_with_its_papers_and_one_award_results(world: World) -> None:
    plan = phong_tho_plan(world)
    candidate = sent(world, open_round(world, plan=plan))
    officer = world.acting("thuong-truc", on=ON)
    moving.appraise(candidate, result=AppraisalResult.ELIGIBLE, text="Đủ", actor=officer, now=NOW)
    Candidate.objects.filter(pk=candidate.pk).update(state=CandidateState.PASSED)
    candidate.refresh_from_db()
    upper = make_award_round(
        world.unit("lai-chau"),
        plan=plan,
        since=date(2024, 1, 1),
        until=date(2025, 1, 1),
        due_on=date(2024, 12, 31),
    )
    offer(upper, "bang-khen-bo-tinh")

    above = moving.forward(
        candidate, to=upper, form="bang-khen-bo-tinh", actor=world.acting("lanh-dao", on=ON), now=NOW
    )

    assert above is not None
    assert (candidate.state, above.state, above.continues) == ("trinh_tren", "da_gui", candidate)
    carried = set(above.dossier.papers.exclude(file=None).values_list("code", flat=True))
    assert carried == {"to-trinh", "bao-cao-thanh-tich"}
    assert not [one for one in checks.findings(above, on=ON) if one.key.startswith("duplicate")]


def test_bodies_are_asked_and_silence_lets_the_case_go_on(world: World) -> None:
    candidate = sent(world, open_round(world))
    officer = world.acting("thuong-truc", on=ON)
    moving.appraise(candidate, result=AppraisalResult.ELIGIBLE, text="Đủ", actor=officer, now=NOW)
    asked = Consultation(asked=world.unit("phong-noi-vu"), matters="Chấp hành pháp luật")
    moving.consult(candidate, [asked], actor=officer, now=NOW)
    assert asked.due_on == date(2024, 11, 19)
    with pytest.raises(RuleNotMet, match="chưa trả lời và chưa hết hạn"):
        moving.end_consulting(candidate, actor=officer, now=NOW)
    moving.answer(asked, answer="dong_y", text="Chấp hành tốt", actor=world.acting("noi-vu", on=ON), now=NOW)

    moving.end_consulting(candidate, actor=officer, now=NOW)

    assert (candidate.state, asked.answered_on) == (CandidateState.APPRAISED, ON)


def test_papers_are_drafted_from_the_data_in_the_outline_of_the_era(world: World) -> None:
    candidate = proposed(world, open_round(world))
    dossier = dossiers.of(candidate, on=ON)
    actor = world.acting("huoi-luong", on=ON)

    kept = papers.draft(dossier, "bao-cao-thanh-tich", actor=actor, now=NOW)
    papers.draft(dossier, "to-trinh", actor=actor, now=NOW)

    assert kept.kind == "bao_cao"
    assert kept.title == "Thành tích đề nghị tặng Giấy khen của xã Huổi Luông"
    assert "Giảm nghèo nhanh." in kept.description_json
    assert dossiers.missing(dossier) == []
    row = dossier.papers.get(code="bao-cao-thanh-tich")
    assert row.has_open_part
    assert kept.about_id == str(candidate.pk)
    with pytest.raises(RuleNotMet, match="«Tờ trình» chưa ký; «Báo cáo thành tích.*» còn phần đơn vị"):
        moving.send(candidate, actor=actor, now=NOW)


def test_a_past_case_is_entered_with_its_decision_and_later_ones_hear_of_it(world: World) -> None:
    plan = phong_tho_plan(world)
    past = open_round(world, plan=plan, is_past=True)
    unit = world.unit("huoi-luong")
    entered = nominating.enter_past(
        past,
        Proposal("giay-khen", unit=unit),
        proposer=unit,
        number="77/QĐ-UBND",
        decided_on=date(2024, 2, 1),
        body="UBND huyện Phong Thổ",
        actor=world.acting("thuong-truc", on=ON),
        now=NOW,
    )
    again = proposed(world, open_round(world, plan=plan))

    assert f"duplicate:candidate:{entered.pk}" in [one.key for one in checks.findings(again, on=ON)]


def test_places_and_shares_are_figures(world: World) -> None:
    round_ = open_round(world)
    form = round_.forms.get(subject_type=AwardSubjectType.PERSON)
    form.quota_count = 1
    form.save()
    unit = world.unit("huoi-luong")
    for name, fields in (("Một", {"sex": "nu"}), ("Hai", {"sex": "nam", "person_class": ""})):
        record = make_record(unit, name, **fields)
        make_candidate(round_, record, state=CandidateState.SENT)

    [places] = [one for one in quota_checks.places(round_) if one.form.pk == form.pk]
    direct, women = quota_checks.shares(round_)

    assert (places.taken, places.most, places.is_over) == (2, 1, True)
    assert (direct.part, direct.whole, direct.unknown) == (1, 2, 1)
    assert (women.part, women.unknown, women.percent) == (1, 0, Fraction(50))
