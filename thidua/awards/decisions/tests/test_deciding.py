"""From the passed list to awards in the register: one act, all or nothing, once."""

from __future__ import annotations

from datetime import date

import pytest

from thidua.audit.models import Entry
from thidua.awards import inbox
from thidua.awards.decisions import (
    carrying_out,
    certificates,
    decision_papers,
    money,
    preparing,
    public_check,
    revoking,
)
from thidua.awards.decisions.tests.makers import NOW, decided, issue, passed_round, prepared, with_clerk
from thidua.awards.models import (
    AwardState,
    Bonus,
    Candidate,
    CandidateState,
    Certificate,
    DecisionKind,
    DecisionState,
    GoldenBook,
    RegisteredAward,
)
from thidua.awards.tests.makers import make_candidate
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.documents.models import GivenNumber, PaperState
from thidua.documents.papers import drafting
from thidua.documents.writing import paper_json
from thidua.notices.models import Notice
from thidua.organisations.tests.world import DAY, World

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def world() -> World:
    return with_clerk()


def test_a_list_becomes_a_decision_with_money_and_certificates(world: World) -> None:
    decision = prepared(world)

    assert decision.paper is not None
    paper = paper_json.read(decision.paper.description_json)
    assert paper.decider == "Chủ tịch Ủy ban nhân dân huyện Phong Thổ"
    assert paper.title == "Về việc tặng Giấy khen"
    text = paper_json.written(paper)
    assert "cho 02 tập thể và 01 cá nhân" in text
    # 0,3 × 2 × 1.800.000 twice, 0,3 × 1.800.000 once
    assert "2.700.000 đồng (Hai triệu bảy trăm nghìn đồng)" in text
    assert "Bà Giàng Thị Ví Dụ" in text
    assert RegisteredAward.objects.count() == 0

    issue(decision.paper, world)

    decision.refresh_from_db()
    assert (decision.state, decision.number, decision.dated) == (
        DecisionState.CARRIED_OUT,
        "01/QĐ-UBND",
        DAY,
    )
    awards = list(RegisteredAward.objects.order_by("golden_book_number"))
    assert [(one.subject_name, one.golden_book_number, one.bonus) for one in awards] == [
        ("Xã Dào San", "1", 1_080_000),
        ("Xã Huổi Luông", "2", 1_080_000),
        ("Bà Giàng Thị Ví Dụ", "3", 540_000),
    ]
    assert {one.decision_number for one in awards} == {"01/QĐ-UBND"}
    assert set(Candidate.objects.values_list("state", flat=True)) == {
        CandidateState.AWARDED,
        CandidateState.NOT_PASSED,
    }
    official = Certificate.objects.get(award=awards[2])
    assert official.detail == "Công chức Văn hóa - Xã hội, xã Huổi Luông"
    assert official.giver == "Chủ tịch Ủy ban nhân dân huyện Phong Thổ"
    assert official.signer_title == "Chủ tịch"
    assert money.total_of(decision).amount == 2_700_000
    assert Notice.objects.filter(kind="awards.decision").count() == 2
    assert Entry.objects.filter(action="awards.awarddecision.carry_out").count() == 1


def test_carried_out_again_nothing_happens_twice(world: World) -> None:
    decision = decided(world)
    before = Entry.objects.count()

    carrying_out.carry_out(decision, actor=world.acting("thuong-truc"), now=NOW)

    assert (RegisteredAward.objects.count(), Certificate.objects.count()) == (3, 3)
    assert GoldenBook.objects.get().last == 3
    assert Entry.objects.count() == before


def test_one_in_the_way_keeps_the_whole_decision_from_being_issued(world: World) -> None:
    decision = prepared(world)
    assert decision.paper is not None
    other = decision.lines.get(position=2).candidate
    assert other is not None
    Candidate.objects.filter(pk=other.pk).update(state=CandidateState.WITHDRAWN)
    with pytest.raises(RuleNotMet):
        issue(decision.paper, world)

    decision.refresh_from_db()
    decision.paper.refresh_from_db()
    assert (decision.state, decision.paper.state) == (DecisionState.PREPARED, PaperState.NUMBERED)
    assert RegisteredAward.objects.count() == 0
    assert GoldenBook.objects.count() == 0
    assert GivenNumber.objects.count() == 1


def test_a_case_is_in_one_living_decision_only(world: World) -> None:
    round_ = passed_round(world)
    decision = prepared(world, round_)
    officer = world.acting("thuong-truc")

    assert preparing.ready(round_, on=DAY) == []
    first = decision.lines.get(position=1)
    preparing.take_out(first, actor=officer, now=NOW)
    [free] = preparing.ready(round_, on=DAY)
    assert free.pk == first.candidate_id
    preparing.drop(decision, reason="Chờ đợt sau", actor=officer, now=NOW)
    assert len(preparing.ready(round_, on=DAY)) == 3
    assert decision.state == DecisionState.DROPPED
    decision.refresh_from_db()
    assert decision.paper is not None
    assert decision.paper.state == PaperState.DROPPED


def test_the_inbox_names_who_waits_for_a_decision(world: World) -> None:
    round_ = passed_round(world)
    officer = world.acting("thuong-truc")
    [line] = inbox.waiting_for(officer)
    assert line.title == "3 đề nghị đã được hội đồng thông qua chờ quyết định"
    assert line.address == f"/khen-thuong/dot/{round_.pk}/quyet-dinh-moi/"
    prepared(world, round_)
    assert inbox.waiting_for(officer) == []


def test_a_submission_forwards_the_list_when_issued(world: World) -> None:
    round_ = passed_round(world)
    case = make_candidate(
        round_,
        world.unit("mu-sang"),
        form="bang-khen-bo-tinh",
        state=CandidateState.WITHDRAWN,
        submitted_on=round_.opens_on,
    )
    Candidate.objects.filter(round=round_, unit=world.unit("mu-sang"), form="giay-khen").update(
        state=CandidateState.REFUSED
    )
    Candidate.objects.filter(pk=case.pk).update(state=CandidateState.PASSED)
    decision = prepared(world, round_, kind=DecisionKind.SUBMISSION, to_body="Ủy ban nhân dân tỉnh Lai Châu")

    assert decision.paper is not None
    assert decision.paper.kind == "to_trinh"
    issue(decision.paper, world)

    case.refresh_from_db()
    assert case.state == CandidateState.FORWARDED
    assert RegisteredAward.objects.count() == 0


def test_only_who_prepares_may(world: World) -> None:
    round_ = passed_round(world)
    rows = preparing.ready(round_, on=DAY)
    for username in ("huoi-luong", "tinh", "nguoi-xem"):
        with pytest.raises(NotAllowed):
            preparing.prepare(round_, rows, actor=world.acting(username), now=NOW)


def test_a_draft_is_written_again_after_the_words_changed(world: World) -> None:
    decision = prepared(world)
    officer = world.acting("thuong-truc")
    line = decision.lines.get(position=3)
    preparing.reword(
        line,
        name="Bà Giàng Thị Thí Dụ",
        detail=line.detail,
        achievement=line.achievement,
        actor=officer,
        now=NOW,
    )
    decision.refresh_from_db()
    paper = preparing.draft_paper(decision, actor=officer, now=NOW)
    assert "Giàng Thị Thí Dụ" in paper.description_json
    drafting.review(paper, actor=officer, now=NOW)
    with pytest.raises(RuleNotMet, match="Chờ ký"):
        preparing.reword(line, name="Khác", detail="", achievement="", actor=officer, now=NOW)


def test_numbers_of_the_golden_book_go_on_behind_imported_ones(world: World) -> None:
    round_ = passed_round(world)
    RegisteredAward.objects.create(
        subject_type="commune",
        subject_name="xã cũ",
        form="giay-khen",
        form_name="Giấy khen",
        decided_year=2023,
        issuer=world.unit("phong-tho"),
        keeper=world.unit("phong-tho"),
        golden_book_number="41",
        source="danh_sach",
        likeness="x",
    )
    decision = decided(world, round_)
    numbers = [one.order for one in certificates.of(decision)]
    assert numbers == [42, 43, 44]


def test_bonuses_are_paid_once_and_told(world: World) -> None:
    decision = decided(world)
    officer = world.acting("thuong-truc")
    rows = list(Bonus.objects.select_related("line__decision", "line__award"))

    assert money.pay(rows, paid_on=DAY, paid_to="", note="PC 12", actor=officer, now=NOW) == 3
    again = list(Bonus.objects.select_related("line__decision", "line__award"))
    assert money.pay(again, paid_on=DAY, paid_to="", actor=officer, now=NOW) == 0

    assert money.total_of(decision).paid == 2_700_000
    assert again[2].paid_to == "Bà Giàng Thị Ví Dụ"
    with pytest.raises(NotAllowed):
        money.pay(rows, paid_on=DAY, paid_to="", actor=world.acting("huoi-luong"), now=NOW)


def test_a_revoked_award_is_paid_back_and_shown_as_revoked(world: World) -> None:
    decision = decided(world)
    officer = world.acting("thuong-truc")
    line = decision.lines.select_related("award", "bonus__line__decision").get(position=3)
    award = line.award
    assert award is not None
    bonus = Bonus.objects.select_related("line__decision", "line__award").get(pk=line.bonus.pk)
    money.pay([bonus], paid_on=DAY, paid_to="", actor=officer, now=NOW)
    law = revoking.grounds(DAY)
    with pytest.raises(RuleNotMet, match="chưa chọn căn cứ"):
        revoking.revoke([award], ground="khác", reason="Kết luận", actor=officer, now=NOW)

    back = revoking.revoke(
        [award], ground=law.items[0], reason="Kết luận thanh tra số 5", actor=officer, now=NOW
    )
    with pytest.raises(RuleNotMet, match="đang chuẩn bị"):
        revoking.revoke([award], ground=law.items[0], reason="Lần nữa", actor=officer, now=NOW)
    paper = preparing.draft_paper(back, actor=officer, now=NOW)
    assert "540.000 đồng" in paper.description_json
    code = Certificate.objects.get(award=award).code
    before = public_check.by_code(code)
    issue(paper, world)

    award.refresh_from_db()
    bonus.refresh_from_db()
    after = public_check.by_code(code)
    assert (award.state, award.revoked_by) == (
        AwardState.REVOKED,
        "Quyết định số 02/QĐ-UBND ngày 05/11/2023",
    )
    assert (bonus.to_return, bonus.returned_on) == (540_000, None)
    assert before is not None
    assert after is not None
    assert (before.is_revoked, after.is_revoked, after.name) == (False, True, "Bà Giàng Thị Ví Dụ")
    money.returned(bonus, on=DAY, note="PT 3", actor=officer, now=NOW)
    assert money.total_of(decision).returned == 540_000


def test_a_correction_keeps_number_and_code(world: World) -> None:
    decision = decided(world)
    officer = world.acting("thuong-truc")
    award = decision.lines.get(position=3).award
    assert award is not None
    certificate = Certificate.objects.get(award=award)
    letter = revoking.correct(
        award,
        name="Bà Giàng Thị Thí Dụ",
        detail=certificate.detail,
        achievement=award.achievement,
        reason="Sai họ tên",
        actor=officer,
        now=NOW,
    )
    assert decision_papers.changes_of(letter.lines.get()) == [
        ("Tên", "Bà Giàng Thị Ví Dụ", "Bà Giàng Thị Thí Dụ")
    ]
    issue(preparing.draft_paper(letter, actor=officer, now=NOW), world)

    shown = public_check.by_code(certificate.code)
    certificate.refresh_from_db()
    assert shown is not None
    assert (shown.name, shown.is_corrected, shown.golden_book_number) == ("Bà Giàng Thị Thí Dụ", True, "3")
    assert (certificate.edition, certificate.award.golden_book_number) == (2, "3")
    assert [one.award.subject_name for one in certificates.of(decision)][2] == "Bà Giàng Thị Thí Dụ"


def test_the_public_check_needs_number_and_name(world: World) -> None:
    decided(world)
    [found] = public_check.by_number_and_name("01/qđ-ubnd", "giang thi vi du")
    assert (found.form, found.name) == ("Giấy khen", "Bà Giàng Thị Ví Dụ")
    assert public_check.by_number_and_name("01/QĐ-UBND", "") == []
    assert public_check.by_number_and_name("01/QĐ-UBND", "giang thi") == []
    # numbers are public, so a guessed name must not tell which household is on a list
    RegisteredAward.objects.filter(subject_name="Bà Giàng Thị Ví Dụ").update(
        subject_type="household", person=None
    )
    assert public_check.by_number_and_name("01/QĐ-UBND", "giang thi vi du") == []
    assert public_check.by_code(found.code) is not None
    assert public_check.by_code("KHONGCO") is None


def test_certificates_are_handed_over(world: World) -> None:
    decision = decided(world)
    officer = world.acting("thuong-truc")
    rows = certificates.of(decision)
    given = certificates.hand_over(
        {rows[0].pk: "Tẩn A Mẫu"}, decision=decision, on=DAY, actor=officer, now=NOW
    )
    assert given == 1
    assert certificates.of(decision)[0].received_by == "Tẩn A Mẫu"
    with pytest.raises(RuleNotMet, match="sau hôm nay"):
        certificates.hand_over([rows[1].pk], decision=decision, on=date(2024, 1, 1), actor=officer, now=NOW)
