"""A council of Phong Thổ with nine members and a meeting on candidates, for tests. Names are invented."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from thidua.audit.log import System
from thidua.awards.council import forming, sessions, voting
from thidua.awards.council.conflicts import recused
from thidua.awards.council.forming import Seat
from thidua.awards.models import (
    AwardRound,
    Candidate,
    CandidateState,
    Council,
    CouncilMember,
    CouncilPost,
    CouncilSession,
    ItemResult,
    Presence,
)
from thidua.awards.tests.makers import make_award_round, make_candidate, offer
from thidua.criteria.vote_packages import Choice
from thidua.organisations.authority import Acting, acting
from thidua.organisations.models import Role
from thidua.organisations.tests.world import World, make_person

#: A day in 2024: the law of 2022 applies.
ON = date(2024, 11, 5)
NOW = datetime(2024, 11, 5, 3, 0, tzinfo=UTC)
POSTS = (CouncilPost.CHAIR, CouncilPost.STANDING_VICE, CouncilPost.SECRETARY)


@dataclass
class Meeting:
    """A meeting with what tests ask for; members are 0 to 8 in the order of the decision."""

    session: CouncilSession
    members: list[CouncilMember]
    codes: tuple[str, str] = ("", "")

    def acting(self, number: int) -> Acting:
        user = self.members[number].user
        assert user is not None
        return acting(user, on=ON)

    @property
    def items(self) -> list[Any]:
        return list(self.session.items.order_by("position"))

    def ballot(self, number: int, choice: Choice = Choice.YES) -> dict[int, Choice]:
        """The same answer to every question that the member has a paper for."""
        without = recused(self.session)
        seat = self.members[number].pk
        return {item.pk: choice for item in self.items if seat not in without.get(item.pk, ())}

    def vote(self, number: int, choices: Mapping[int, Choice] | Choice = Choice.YES) -> voting.Receipt:
        votes = self.ballot(number, choices) if isinstance(choices, Choice) else choices
        return voting.cast(self.session, votes, actor=self.acting(number), now=NOW)


def officer(world: World) -> Acting:
    return world.acting("thuong-truc", on=ON)


def at_council(world: World, keys: Collection[str], **fields: Any) -> tuple[AwardRound, list[Candidate]]:
    """A round of the district with communes put before the council."""
    round_ = make_award_round(
        world.unit("phong-tho"),
        world.unit("phong-ldtbxh"),
        since=date(2024, 1, 1),
        until=date(2025, 1, 1),
        opens_on=date(2024, 10, 1),
        due_on=date(2024, 12, 31),
    )
    offer(round_, **fields)
    return round_, [make_candidate(round_, world.unit(key), state=CandidateState.AT_COUNCIL) for key in keys]


def make_council(world: World, *, size: int = 9, **fields: Any) -> Council:
    """The council of the district at work: member 0 leads, member 2 writes; all have accounts."""
    usual: dict[str, Any] = {
        "name": "Hội đồng Thi đua – Khen thưởng huyện Phong Thổ",
        "level": "huyen",
        "decision_number": "12/QĐ-UBND",
        "decision_date": date(2024, 2, 1),
        "since": date(2024, 2, 1),
        "rules_source": "Quy chế số 3/QC-HĐTĐKT",
    }
    council = Council(
        unit=world.unit("phong-tho"), standing_body=world.unit("phong-ldtbxh"), **{**usual, **fields}
    )
    seats = [
        Seat(
            f"Thành Viên Số {number}",
            POSTS[number] if number < len(POSTS) else CouncilPost.MEMBER,
            office="Phòng chuyên môn của huyện",
            user=make_person(f"hoi-dong-{number}", (world.unit("phong-tho"), Role.COUNCIL)),
        )
        for number in range(size)
    ]
    actor = System(on=ON)
    forming.form_council(council, seats=seats, actor=actor, now=NOW)
    forming.found(council, actor=actor, now=NOW)
    return council


def make_meeting(
    world: World,
    keys: Collection[str] = ("huoi-luong", "dao-san"),
    *,
    council: Council | None = None,
    absent: Collection[int] = (),
    written: Collection[int] = (),
    is_on_paper: bool = False,
    offered: Mapping[str, Any] | None = None,
    **fields: Any,
) -> Meeting:
    """A meeting that has begun, attendance marked."""
    _, candidates = at_council(world, keys, **(offered or {}))
    council = council or make_council(world, **fields)
    actor = System(on=ON)
    session = sessions.call_session(
        council,
        title="Xét khen thưởng năm 2024",
        meets_at=NOW,
        place="Hội trường UBND huyện",
        candidates=candidates,
        is_on_paper=is_on_paper,
        actor=actor,
        now=NOW,
    )
    members = list(council.members.filter(substitutes_for__isnull=True).order_by("position"))
    sessions.begin(session, actor=actor, now=NOW)
    for number, member in enumerate(members):
        presence = Presence.ABSENT if number in absent else Presence.PRESENT
        presence = Presence.WRITTEN if number in written else presence
        sessions.mark_attendance(session, member, presence, actor=actor, now=NOW)
    return Meeting(session, members)


def open_box(meeting: Meeting) -> Meeting:
    """Keys taken by chair and secretary, voting open."""
    if not meeting.session.is_on_paper:
        meeting.codes = (
            voting.take_key(meeting.session, actor=meeting.acting(0), now=NOW),
            voting.take_key(meeting.session, actor=meeting.acting(2), now=NOW),
        )
    voting.open_voting(meeting.session, actor=System(on=ON), now=NOW)
    return meeting


def ready_session(world: World, on: date) -> CouncilSession:
    """A meeting in which each step may be taken, whatever its state: all there, its case settled."""
    _, candidates = at_council(world, ["dao-san"])
    council = make_council(world, size=3)
    actor = System(on=on)
    session = sessions.call_session(
        council, title="Họp", meets_at=NOW, candidates=candidates, is_on_paper=True, actor=actor, now=NOW
    )
    for member in council.members.all():
        sessions.mark_attendance(session, member, Presence.PRESENT, actor=actor, now=NOW)
    session.items.update(result=ItemResult.TIED)
    return session


def formed_council(world: World) -> Council:
    """A council of Phòng LĐTBXH that lacks nothing, not at work yet."""
    council = Council(
        unit=world.unit("phong-ldtbxh"),
        standing_body=world.unit("phong-ldtbxh"),
        name="Hội đồng của phòng",
        level="co-so",
        decision_number="1/QĐ",
        decision_date=ON,
        since=ON,
    )
    seats = [Seat("Người Một", CouncilPost.CHAIR), Seat("Người Hai"), Seat("Người Ba")]
    forming.form_council(council, seats=seats, actor=System(on=ON), now=NOW)
    council.standing_body = world.unit("phong-tho")
    council.save()
    return council
