"""A council of nine from the call to the conclusion: conflicts, the ballot, paper, the count, minutes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from thidua.audit.log import System
from thidua.audit.models import Entry
from thidua.awards.council import (
    composition,
    conflicts,
    counting,
    forming,
    minutes,
    sessions,
    tellers,
    voting,
)
from thidua.awards.council.forming import Seat
from thidua.awards.council.tests.makers import (
    NOW,
    ON,
    Meeting,
    at_council,
    make_council,
    make_meeting,
    officer,
    open_box,
)
from thidua.awards.models import (
    BallotBox,
    BallotMark,
    CandidateState,
    Conflict,
    ConflictKind,
    Council,
    CouncilPost,
    ItemResult,
    Presence,
    SessionState,
)
from thidua.awards.tests.makers import make_candidate, make_record
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.criteria import vote_packages
from thidua.criteria.ballots import Tally
from thidua.criteria.vote_packages import Choice
from thidua.notices.models import Notice
from thidua.organisations.tests.world import World, phong_tho

pytestmark = pytest.mark.django_db
SYSTEM = System(on=ON)


@pytest.fixture
def world() -> World:
    return phong_tho()


def test_nine_vote_with_one_recusal_and_two_absent(world: World) -> None:
    """The case of the issue: seven are there, one of them is recused on one candidate."""
    council = make_council(world)
    member = council.members.get(position=6)
    member.unit = world.unit("huoi-luong")
    member.save()
    meeting = make_meeting(world, council=council, absent=(7, 8))
    first, second = meeting.items
    assert [(row.item, row.member.pk, row.kind) for row in Conflict.objects.all()] == [
        (first, member.pk, ConflictKind.OWN_UNIT)
    ]
    open_box(meeting)
    for number in range(7):
        meeting.vote(number, Choice.YES if number < 5 else Choice.BLANK)

    package = counting.close_voting(meeting.session, codes=meeting.codes, actor=officer(world), now=NOW)
    counting.conclude(meeting.session, actor=officer(world), now=NOW)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.yes, first.no, first.blank, first.base, first.needed) == (5, 0, 1, 9, 5)
    assert (second.yes, second.blank, second.result) == (5, 2, ItemResult.PASSED)
    assert first.candidate.state == CandidateState.PASSED
    assert meeting.session.state == SessionState.CONCLUDED
    assert vote_packages.verify(package).is_good
    assert vote_packages.recompute(package) == package


def test_a_receipt_finds_the_own_papers_and_no_others(world: World) -> None:
    meeting = open_box(make_meeting(world))
    first, second = meeting.items
    mine = meeting.vote(3, {first.pk: Choice.NO, second.pk: Choice.BLANK})
    for number in (0, 1, 2):
        meeting.vote(number)
    counting.close_voting(meeting.session, codes=meeting.codes, actor=officer(world), now=NOW)

    assert counting.own_papers(meeting.session, mine.code.lower()) == [
        (first, Choice.NO),
        (second, Choice.BLANK),
    ]
    assert counting.own_papers(meeting.session, "0000-0000-0000-0000") == [(first, None), (second, None)]
    assert mine.marks[first.pk] in first.box.papers
    assert mine.marks[first.pk] not in second.box.papers


def test_nothing_that_is_kept_says_who_voted_what(world: World) -> None:
    """Before the count no choice is readable at all; after it no mark, key or name stands beside one."""
    meeting = open_box(make_meeting(world))
    receipts = [meeting.vote(number, Choice.NO if number == 4 else Choice.YES) for number in range(9)]
    for box in BallotBox.objects.all():
        inside = json.loads(box.sealed)
        assert len({len(paper) for paper in inside}) == 1  # a no is as long as a yes
        assert inside == sorted(inside)  # by chance, not by time
        assert not any(receipt.marks[box.item_id] in box.sealed for receipt in receipts)
    logged = Entry.objects.filter(action=voting.VOTED)
    kept = [*logged.values_list("details", flat=True), *logged.values_list("action_label", flat=True)]
    for receipt in receipts:
        assert not any(receipt.code in str(text) or "yes" in str(text) for text in kept)
        assert not any(mark in str(text) for text in kept for mark in receipt.marks.values())
    assert {field.name for field in BallotMark._meta.fields} == {"id", "session", "member", "method"}

    counting.close_voting(meeting.session, codes=meeting.codes, actor=officer(world), now=NOW)

    for box in BallotBox.objects.all():
        assert box.sealed == "[]"
        papers = json.loads(box.papers)
        assert papers == sorted(papers)
        assert sorted(said for _, said in papers) == ["no", *["yes"] * 8]


def test_one_vote_each_and_none_changed(world: World) -> None:
    meeting = open_box(make_meeting(world, absent=(8,)))
    first = meeting.items[0]
    with pytest.raises(RuleNotMet, match="còn 1 nội dung chưa chọn"):
        meeting.vote(0, {first.pk: Choice.YES})
    meeting.vote(0)
    with pytest.raises(RuleNotMet, match="đã bỏ phiếu"):
        meeting.vote(0, Choice.NO)
    with pytest.raises(NotAllowed, match="không có trong danh sách người dự họp"):
        meeting.vote(8)
    with pytest.raises(NotAllowed, match="không phải thành viên"):
        voting.cast(meeting.session, {}, actor=world.acting("tinh", on=ON), now=NOW)

    assert BallotMark.objects.count() == 1
    assert [len(json.loads(box.sealed)) for box in BallotBox.objects.all()] == [1, 1]


def test_the_box_needs_both_keys(world: World) -> None:
    meeting = make_meeting(world)
    with pytest.raises(RuleNotMet, match="hai khóa"):
        voting.open_voting(meeting.session, actor=officer(world), now=NOW)
    with pytest.raises(NotAllowed, match="người chủ trì và thư ký"):
        voting.take_key(meeting.session, actor=meeting.acting(4), now=NOW)
    open_box(meeting)
    for number in range(5):
        meeting.vote(number)

    with pytest.raises(RuleNotMet, match="mã khóa của chủ trì hoặc của thư ký không đúng"):
        counting.close_voting(
            meeting.session, codes=(meeting.codes[0], "0000-0000"), actor=officer(world), now=NOW
        )
    swapped = (meeting.codes[1].replace("-", "").lower(), meeting.codes[0])
    counting.close_voting(meeting.session, codes=swapped, actor=officer(world), now=NOW)
    with pytest.raises(RuleNotMet, match="chưa mở hoặc đã khép"):
        meeting.vote(6)


@pytest.mark.parametrize("touch", ["removed", "added", "both"])
def test_a_box_that_was_touched_is_not_counted(world: World, touch: str) -> None:
    """Even with the hash of the row put right, the log knows better."""
    from thidua.awards.council import sealing

    meeting = open_box(make_meeting(world))
    for number in range(4):
        meeting.vote(number)
    box = BallotBox.objects.order_by("pk")[0]
    inside = json.loads(box.sealed)
    publics = list(meeting.session.box_keys.order_by("pk").values_list("public", flat=True))
    own = sealing.seal("0" * 20, Choice.NO, publics=publics, question=box.item_id)
    changed = {"removed": inside[1:], "added": [*inside, own], "both": [*inside[1:], own]}[touch]
    box.sealed, box.digest = json.dumps(changed), sealing.digest_of(changed)
    box.save()

    with pytest.raises(RuleNotMet, match="mã băm của hòm phiếu khác với nhật ký"):
        counting.close_voting(meeting.session, codes=meeting.codes, actor=officer(world), now=NOW)

    voting.void_voting(meeting.session, reason="Hòm phiếu bị sửa", actor=officer(world), now=NOW)
    assert (BallotMark.objects.count(), BallotBox.objects.count()) == (0, 0)
    open_box(meeting)
    meeting.vote(0)
    counting.close_voting(meeting.session, codes=meeting.codes, actor=officer(world), now=NOW)


def test_two_tellers_type_in_the_written_ballots(world: World) -> None:
    meeting = open_box(make_meeting(world, written=(7, 8)))
    first, second = meeting.items
    for number in range(5):
        meeting.vote(number, Choice.YES if number < 3 else Choice.NO)
    for number in (7, 8):
        voting.hand_in_paper(meeting.session, meeting.members[number], actor=officer(world), now=NOW)
    with pytest.raises(RuleNotMet, match="cần hai người"):
        counting.close_voting(meeting.session, codes=meeting.codes, actor=officer(world), now=NOW)
    right = {first.pk: Tally(2, 0), second.pk: Tally(1, 0, spoilt=1)}
    with pytest.raises(RuleNotMet, match="ghi 1 phiếu, mà nhận 2 phiếu giấy"):
        tellers.type_in(meeting.session, right | {first.pk: Tally(1, 0)}, actor=meeting.acting(5), now=NOW)
    tellers.type_in(meeting.session, right, actor=meeting.acting(5), now=NOW)
    tellers.type_in(meeting.session, right | {second.pk: Tally(2, 0)}, actor=meeting.acting(6), now=NOW)
    assert [(one.item, one.one, one.other) for one in tellers.differences(meeting.session)] == [
        (second, Tally(1, 0, spoilt=1), Tally(2, 0))
    ]
    with pytest.raises(RuleNotMet, match="ghi khác nhau ở"):
        counting.close_voting(meeting.session, codes=meeting.codes, actor=officer(world), now=NOW)
    tellers.type_in(meeting.session, right, actor=meeting.acting(6), now=NOW)
    with pytest.raises(RuleNotMet, match="đã đủ hai người"):
        tellers.type_in(meeting.session, right, actor=officer(world), now=NOW)

    counting.close_voting(meeting.session, codes=meeting.codes, actor=officer(world), now=NOW)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.yes, first.no, first.spoilt, first.result) == (5, 2, 0, ItemResult.PASSED)
    assert (second.yes, second.no, second.spoilt, second.result) == (4, 2, 1, ItemResult.FAILED)


def test_of_three_that_pass_two_get_the_two_places(world: World) -> None:
    meeting = open_box(make_meeting(world, ("huoi-luong", "dao-san", "mu-sang"), offered={"quota_count": 2}))
    one, two, three = (item.pk for item in meeting.items)
    for number in range(9):
        meeting.vote(
            number,
            {
                one: Choice.YES,
                two: Choice.YES if number < 7 else Choice.NO,
                three: Choice.YES if number < 6 else Choice.NO,
            },
        )
    counting.close_voting(meeting.session, codes=meeting.codes, actor=officer(world), now=NOW)

    assert [item.result for item in meeting.items] == [
        ItemResult.PASSED,
        ItemResult.PASSED,
        ItemResult.NOT_CHOSEN,
    ]


def test_equal_at_the_last_place_stays_at_the_council(world: World) -> None:
    meeting = open_box(make_meeting(world, offered={"quota_count": 1}))
    for number in range(9):
        meeting.vote(number)
    counting.close_voting(meeting.session, codes=meeting.codes, actor=officer(world), now=NOW)
    counting.conclude(meeting.session, actor=officer(world), now=NOW)

    assert [item.result for item in meeting.items] == [ItemResult.TIED, ItemResult.TIED]
    assert {item.candidate.state for item in meeting.items} == {CandidateState.AT_COUNCIL}
    again = sessions.call_session(
        meeting.session.council,
        title="Bỏ phiếu lại",
        meets_at=NOW,
        candidates=[item.candidate for item in meeting.items],
        actor=SYSTEM,
        now=NOW,
    )
    assert again.items.count() == 2


def test_the_law_sets_the_share_of_a_state_form(world: World) -> None:
    council = make_council(world)
    law = voting.rule_of(council, "bang-khen-thu-tuong", on=ON)
    own = voting.rule_of(council, "giay-khen", on=ON)

    assert (str(law.threshold), law.confirmed) == ("từ 80 % tổng số thành viên", False)
    assert (str(own.threshold), own.source) == ("quá 50 % tổng số thành viên", "Quy chế số 3/QC-HĐTĐKT")


def test_conflicts_by_keys_never_by_names(world: World) -> None:
    council = make_council(world)
    chair, clerk, relative = (council.members.get(position=number) for number in (1, 3, 4))
    round_, communes = at_council(world, ["huoi-luong"])
    own = make_record(world.unit("phong-noi-vu"), chair.name, user=chair.user)
    namesake = make_record(world.unit("phong-noi-vu"), clerk.name)
    rows = [make_candidate(round_, one, state=CandidateState.AT_COUNCIL) for one in (own, namesake)]
    session = sessions.call_session(
        council, title="Họp", meets_at=NOW, candidates=[*communes, *rows], actor=SYSTEM, now=NOW
    )
    found = Conflict.objects.values_list("item__candidate", "member", "kind")
    assert list(found) == [(rows[0].pk, chair.pk, ConflictKind.IS_CANDIDATE)]
    item = session.items.get(candidate=communes[0])
    with pytest.raises(NotAllowed):
        conflicts.declare_conflict(item, relative, why="Em vợ", actor=world.acting("tinh", on=ON), now=NOW)

    meeting = Meeting(session, composition.seats(council))
    declared = conflicts.declare_conflict(
        item, relative, kind=ConflictKind.KIN, why="Em vợ", actor=meeting.acting(3), now=NOW
    )
    with pytest.raises(RuleNotMet, match="người tự khai thì không bỏ phiếu"):
        conflicts.set_aside(declared, reason="Không sao", actor=officer(world), now=NOW)
    conflicts.detect(session, on=ON)
    assert conflicts.recused(session) == {
        item.pk: {relative.pk},
        session.items.get(candidate=rows[0]).pk: {chair.pk},
    }


def test_a_found_conflict_is_set_aside_with_a_reason(world: World) -> None:
    council = make_council(world)
    council.members.filter(position=6).update(unit=world.unit("dao-san"))
    meeting = make_meeting(world, council=council)
    conflict = Conflict.objects.get()
    with pytest.raises(RuleNotMet, match="chưa ghi lý do"):
        conflicts.set_aside(conflict, reason=" ", actor=officer(world), now=NOW)
    conflicts.set_aside(conflict, reason="Mới điều động", actor=officer(world), now=NOW)
    open_box(meeting)

    assert len(meeting.ballot(5)) == 2
    conflict.refresh_from_db()
    assert (conflict.is_recused, conflict.set_aside) == (False, "Mới điều động")


def test_a_substitute_votes_for_the_seat(world: World) -> None:
    council = make_council(world)
    seat = council.members.get(position=9)
    forming.add_substitute(
        seat,
        Seat("Người Dự Thay", user=world.people["noi-vu"]),
        actor=SYSTEM,
        now=NOW,
    )
    meeting = make_meeting(world, council=council)
    sessions.mark_attendance(meeting.session, seat, Presence.SUBSTITUTED, actor=officer(world), now=NOW)
    open_box(meeting)

    votes = {item.pk: Choice.YES for item in meeting.items}
    voting.cast(meeting.session, votes, actor=world.acting("noi-vu", on=ON), now=NOW)

    assert BallotMark.objects.get().member == seat
    with pytest.raises(NotAllowed):
        meeting.vote(8)


def test_composition_is_checked_against_the_law(world: World) -> None:
    council = Council(
        unit=world.unit("lai-chau"),
        standing_body=world.unit("lai-chau"),
        name="Hội đồng tỉnh",
        level="tinh",
        since=ON,
        decision_number="1/QĐ",
        decision_date=ON,
    )
    seats = [Seat("A", CouncilPost.CHAIR), *(Seat(f"P{number}", CouncilPost.VICE) for number in range(5))]
    forming.form_council(council, seats=seats, actor=SYSTEM, now=NOW)

    with pytest.raises(RuleNotMet, match="Có 5 Phó Chủ tịch: luật cho nhiều nhất 4"):
        forming.found(council, actor=SYSTEM, now=NOW)
    with pytest.raises(RuleNotMet, match="đã có Chủ tịch"):
        forming.add_member(council, Seat("B", CouncilPost.CHAIR), actor=SYSTEM, now=NOW)
    council.members.filter(name="P4").delete()
    forming.found(council, actor=SYSTEM, now=NOW)
    keys = {one.key for one in composition.findings(council, on=ON)}
    assert keys == {"council:secretary", "council:standing", "council:rules"}


def test_too_few_people_are_no_meeting(world: World) -> None:
    meeting = make_meeting(world, absent=(5, 6, 7, 8))
    meeting.codes = (
        voting.take_key(meeting.session, actor=meeting.acting(0), now=NOW),
        voting.take_key(meeting.session, actor=meeting.acting(2), now=NOW),
    )
    with pytest.raises(RuleNotMet, match="mới có 5/9 thành viên dự họp, cần 6"):
        voting.open_voting(meeting.session, actor=SYSTEM, now=NOW)


def test_summons_and_minutes_are_papers(world: World) -> None:
    council = make_council(world)
    council.members.filter(position=5).update(unit=world.unit("dao-san"))
    _, candidates = at_council(world, ["huoi-luong", "dao-san"])
    session = sessions.call_session(
        council, title="Họp xét", meets_at=NOW, candidates=candidates, actor=officer(world), now=NOW
    )
    invitation = sessions.summon(session, actor=officer(world), now=NOW)
    assert (invitation.kind, session.state) == ("giay_moi", SessionState.SUMMONED)
    assert Notice.objects.filter(kind="awards.council").count() == 9
    sessions.begin(session, actor=officer(world), now=NOW)
    meeting = Meeting(session, composition.seats(council))
    for member in meeting.members:
        sessions.mark_attendance(session, member, Presence.PRESENT, actor=officer(world), now=NOW)
    sessions.note_discussion(meeting.items[0], "Đề nghị làm rõ.", actor=officer(world), now=NOW)
    open_box(meeting)
    for number in range(9):
        meeting.vote(number)
    with pytest.raises(RuleNotMet, match="chưa kiểm phiếu"):
        minutes.draft_minutes(session, actor=officer(world), now=NOW)
    counting.close_voting(session, codes=meeting.codes, actor=officer(world), now=NOW)

    kept = minutes.draft_minutes(session, actor=officer(world), now=NOW)

    assert (kept.kind, kept.unit, kept.drafting_unit) == (
        "bien_ban",
        world.unit("phong-tho"),
        world.unit("phong-ldtbxh"),
    )
    text = kept.description_json
    for words in (
        "Dự họp 9/9 thành viên",
        "Đề nghị làm rõ.",
        "Thành Viên Số 4 không bỏ phiếu về",
        "8/9",
        json.loads(session.package)["sha256"],
    ):
        assert words in text
    assert minutes.draft_minutes(session, actor=officer(world), now=NOW) == kept


def test_a_changed_package_is_refused(world: World) -> None:
    meeting = open_box(make_meeting(world))
    for number in range(5):
        meeting.vote(number)
    package = counting.close_voting(meeting.session, codes=meeting.codes, actor=officer(world), now=NOW)
    session = vote_packages.read(package)
    first = session.questions[0]
    fewer = replace(first, papers=first.papers[1:])
    cheated = vote_packages.packed(replace(session, questions=(fewer, *session.questions[1:])))

    texts = [one.text for one in vote_packages.verify(cheated).differences]
    assert texts == ["có 4 phiếu, mà 5 người đã bỏ phiếu"]
    flipped = package.replace(b'"yes"]', b'"no"]', 1)
    assert not vote_packages.verify(flipped).is_good
