"""Meetings for who was summoned, minutes for the office; opinions and lists for the office of the round."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from thidua.accounts.models import User
from thidua.awards import inbox, moving
from thidua.awards.council import sessions, waiting
from thidua.awards.council.tests.makers import NOW, ON, make_council, make_meeting, officer
from thidua.awards.models import (
    Attendance,
    Candidate,
    CandidateState,
    Council,
    CouncilMember,
    CouncilSession,
    Presence,
    SessionState,
)
from thidua.awards.opinions import giving
from thidua.awards.opinions import waiting as of_postings
from thidua.awards.tests.makers import make_award_round, make_candidate, offer
from thidua.core import clock
from thidua.notices.due import Due, sources, still_due
from thidua.notices.models import Delivery
from thidua.notices.planning import remind
from thidua.organisations.authority import acting
from thidua.organisations.models import Role
from thidua.organisations.tests.world import World, make_person, phong_tho

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def world() -> World:
    return phong_tho()


def find(name: str, *days: date, on: date = ON) -> list[Due]:
    source = next(one for one in sources() if one.name == name)
    return list(source.find(days, on))


def number_of_queries(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        act()
    return len(found)


def summoned(council: Council, title: str = "Xét khen thưởng") -> CouncilSession:
    return CouncilSession.objects.create(
        council=council, title=title, meets_at=NOW + WEEK, state=SessionState.SUMMONED
    )


def user_of(member: CouncilMember) -> User:
    assert member.user is not None
    return member.user


# --- meetings -----------------------------------------------------------------------------------------


def test_each_summoned_member_hears_of_the_meeting_and_nobody_else(world: World) -> None:
    council = make_council(world, size=3)
    session = summoned(council)
    CouncilSession.objects.create(council=council, title="Chưa mời", meets_at=NOW + WEEK)

    with clock.fixed_on(ON):
        remind(now=NOW)

    told = Delivery.objects.filter(source="council_meetings")
    users = {user_of(one) for one in council.members.all()}
    assert {row.user for row in told} == users
    assert {row.text for row in told} == {"Họp hội đồng: Dự họp lúc 10:00: Xét khen thưởng"}
    assert not Delivery.objects.filter(source="council_conclusions").exists()
    keys = [(row.source, row.object_key) for row in told]
    assert set(still_due(keys, on=ON).values()) == {ON + WEEK}
    # the day after, the meeting is no longer owed by its members
    assert still_due(keys, on=ON + WEEK + timedelta(days=1)) == {}
    sessions.cancel(session, reason="Hoãn", actor=officer(world), now=NOW)
    assert still_due(keys, on=ON) == {}


def test_who_sends_a_substitute_is_not_reminded_and_the_substitute_is(world: World) -> None:
    council = make_council(world, size=3)
    session = summoned(council)
    first, second, _ = council.members.order_by("position")
    user = make_person("du-thay", (world.unit("phong-tho"), Role.COUNCIL))
    substitute = CouncilMember.objects.create(
        council=council, name="Người Dự Thay", user=user, substitutes_for=first
    )
    Attendance.objects.create(
        session=session, member=first, presence=Presence.SUBSTITUTED, substitute=substitute
    )
    Attendance.objects.create(session=session, member=second, presence=Presence.ABSENT)

    users = {one.user_id for one in find("council_meetings", ON + WEEK)}

    assert user.pk in users
    assert users.isdisjoint({first.user_id, second.user_id})
    assert len(users) == 2


def test_the_office_owes_the_conclusion_of_a_counted_meeting(world: World) -> None:
    session = make_meeting(world, size=3).session
    assert find("council_conclusions", ON) == []

    CouncilSession.objects.filter(pk=session.pk).update(state=SessionState.COUNTED)

    [due] = find("council_conclusions", ON)
    assert (due.unit_id, due.due_on) == (world.unit("phong-ldtbxh").pk, ON)
    # the same day as in «Việc của tôi», where it stands once
    [shown] = [one for one in inbox.waiting_for(officer(world)) if "kết luận" in one.title]
    assert shown.due_on == due.due_on
    assert waiting.matters(officer(world)) == [shown]
    CouncilSession.objects.filter(pk=session.pk).update(state=SessionState.CONCLUDED)
    assert still_due([("council_conclusions", due.key)], on=ON) == {}


def test_a_second_meeting_asks_no_further_query(world: World) -> None:
    council = make_council(world, size=3)
    summoned(council)
    few = number_of_queries(lambda: find("council_meetings", ON + WEEK))
    summoned(council, "Cuộc họp khác")

    assert number_of_queries(lambda: find("council_meetings", ON + WEEK)) == few == 3


# --- posted lists -------------------------------------------------------------------------------------


def test_a_list_is_owed_answers_and_then_the_council(world: World) -> None:
    office = world.unit("phong-ldtbxh")
    round_ = make_award_round(world.unit("phong-tho"), office, since=date(2024, 1, 1), until=date(2025, 1, 1))
    offer(round_)
    commune = make_candidate(round_, world.unit("huoi-luong"), state=CandidateState.APPRAISED)
    posting = moving.post([commune], where="Cổng", actor=world.acting("thuong-truc", on=ON), now=NOW)
    last, council_day = posting.until, posting.council_from or posting.until
    assert find("opinions", last) == []
    for text in ("Chưa đúng.", "Chưa đủ."):
        giving.give(posting, commune, kind="phan_doi", text=text, on=ON, now=NOW)

    [answers], [ending] = find("opinions", last), find("postings", council_day)

    assert {(one.unit_id, one.about) for one in (answers, ending)} == {(office.pk, round_.name)}
    # «Việc của tôi» has the opinions at once, and the list only when its period is over
    of_office = world.people["thuong-truc"]
    assert of_postings.matters(acting(of_office, on=last)) == []
    [shown] = of_postings.matters(acting(of_office, on=last + timedelta(days=1)))
    assert (shown.due_on, shown.address) == (ending.due_on, ending.address)
    assert of_postings.matters(world.acting("huoi-luong", on=last + timedelta(days=1))) == []

    posting.opinions.update(answered_at=NOW, conclusion="khong_co_so", answer="Đã xác minh.")
    Candidate.objects.filter(pk=commune.pk).update(state=CandidateState.AT_COUNCIL)
    keys = [("opinions", answers.key), ("postings", ending.key)]
    assert still_due(keys, on=council_day) == {}
