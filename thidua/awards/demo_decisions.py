"""The demonstration of awards from the council on: vote, decision, certificates, revocation, merger."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from thidua.accounts.models import User
from thidua.audit.log import Actor, System
from thidua.audit.workflow import advance
from thidua.awards import moving, nominating
from thidua.awards.council import counting, forming, minutes, sessions, voting
from thidua.awards.council.conflicts import recused
from thidua.awards.decisions import certificates, designs, money, preparing, printing, revoking
from thidua.awards.demo_story import (
    FORM,
    PROPOSING,
    Lived,
    preparer,
    round_of,
    story,
)
from thidua.awards.models import (
    AwardDecision,
    AwardRound,
    AwardRoundKind,
    AwardSubjectType,
    Bonus,
    CandidateState,
    CertificateDesignKind,
    CertificatePrint,
    Council,
    CouncilMember,
    CouncilSession,
    DecisionKind,
    DecisionLine,
    Presence,
    RoundForm,
)
from thidua.awards.nominating import Proposal
from thidua.core.lived_days import LivedDays, NotYet
from thidua.criteria.vote_packages import Choice
from thidua.documents.papers import demo as papers_demo
from thidua.documents.papers import drafting, issuing
from thidua.movements.models import Plan
from thidua.movements.tasks.demo import actor_of
from thidua.organisations.authority import acting
from thidua.organisations.models import (
    Role,
    Unit,
)
from thidua.organisations.successions import heirs_on

# --- the council --------------------------------------------------------------------------------------


def meet(plan: Plan, days: LivedDays, lived: Lived) -> None:
    """Nine seats, two absent, one recused; a secret vote, minutes."""
    now = days.at(date(2025, 2, 11), 8)
    round_ = round_of(plan)
    if CouncilSession.objects.filter(items__candidate__round=round_).exists():
        return
    called = days.at(date(2025, 2, 6), 9)
    officer = preparer(round_, called)
    rows = list(
        round_.candidates.filter(state=CandidateState.POSTED)
        .select_related("round__movement", "person", "household", "unit", "posting")
        .order_by("label_order")
    )
    for one in rows:
        moving.to_council(one, actor=officer, now=called)
    session = sessions.call_session(
        _council(round_, called),
        title=f"Phiên họp xét khen thưởng tổng kết phong trào {story()['mark']}",
        meets_at=now,
        place="Phòng họp số 1, trụ sở Ủy ban nhân dân huyện",
        candidates=rows,
        actor=officer,
        now=called,
    )
    sessions.summon(session, actor=officer, now=called + timedelta(minutes=20))
    officer = preparer(round_, now)
    seats = list(session.council.members.filter(substitutes_for=None).order_by("position"))
    for number, seat in enumerate(seats):
        presence = Presence.ABSENT if number >= len(seats) - 2 else Presence.PRESENT
        note = f"Đi công tác {story()['mark']}" if presence == Presence.ABSENT else ""
        sessions.mark_attendance(session, seat, presence, note=note, actor=officer, now=now)
    sessions.begin(session, actor=officer, now=now)
    _vote(session, seats, officer, now, lived)


def _council(round_: AwardRound, now: datetime) -> Council:
    told = story()["council"]
    council = Council(
        unit=round_.deciding_body,
        standing_body=round_.standing_body,
        name=f"Hội đồng Thi đua - Khen thưởng huyện Phong Thổ {story()['mark']}",
        level="huyen",
        decision_number=told["decision"],
        decision_date=told["dated"],
        since=told["dated"],
        rules_source=f"Quy chế hoạt động của Hội đồng {story()['mark']}",
    )
    seats = [
        forming.Seat(
            str(user),
            row["post"],
            office=row["office"],
            unit=Unit.objects.get(key=row["unit"]) if "unit" in row else None,
            user=user,
        )
        for row in told["seats"]
        for user in [User.objects.get(username=row["user"])]
    ]
    program = System(on=now.date())
    forming.form_council(council, seats=seats, actor=program, now=now)
    forming.found(council, actor=program, now=now)
    return council


def _vote(
    session: CouncilSession, seats: list[CouncilMember], officer: Actor, now: datetime, lived: Lived
) -> None:
    """Two keys, seven ballots; one office is turned down; counted, concluded, minuted."""
    started = now + timedelta(hours=1)
    holders = {seat.pk: acting(seat.user, on=now.date()) for seat in seats if seat.user is not None}
    assert session.chaired_by_id is not None
    assert session.secretary_id is not None
    codes = (
        voting.take_key(session, actor=holders[session.chaired_by_id], now=started),
        voting.take_key(session, actor=holders[session.secretary_id], now=started),
    )
    items = list(session.items.select_related("candidate").order_by("position"))
    for item in items[:3]:
        text = f"Thành viên hội đồng trao đổi về thành tích, nhất trí đưa ra bỏ phiếu {story()['mark']}."
        sessions.note_discussion(item, text, actor=officer, now=started)
    voting.open_voting(session, actor=officer, now=started)
    without = recused(session)
    turned_down = _turned_down(items)
    for number, seat in enumerate(seats[:-2]):
        choices = {
            item.pk: Choice.NO if item.pk == turned_down and number > 1 else Choice.YES
            for item in items
            if seat.pk not in without.get(item.pk, ())
        }
        moment = started + timedelta(minutes=5 + number)
        voting.cast(session, choices, actor=holders[seat.pk], now=moment)
        lived.votes += 1
    done = started + timedelta(minutes=30)
    counting.close_voting(session, codes=codes, actor=officer, now=done)
    session.refresh_from_db()
    minutes.draft_minutes(session, actor=officer, now=done + timedelta(minutes=10))
    counting.conclude(session, actor=officer, now=done + timedelta(minutes=20))


def _turned_down(items: list[Any]) -> int:
    """The last person on the list does not get the votes."""
    people = [item.pk for item in items if item.candidate.subject_type == AwardSubjectType.PERSON]
    return int(people[-1])


# --- decision, money, certificates --------------------------------------------------------------------


def decide(plan: Plan, days: LivedDays, lived: Lived) -> None:
    """All that passed, in one decision."""
    now = days.at(date(2025, 2, 19), 8)
    round_ = round_of(plan)
    if AwardDecision.objects.filter(round=round_).exists():
        return
    officer = preparer(round_, now)
    rows = preparing.ready(round_, form=FORM, on=now.date())
    decision = preparing.prepare(round_, rows, actor=officer, now=now)
    _issue(decision, officer, now)
    lived.awards += len(rows)


def _issue(decision: AwardDecision, officer: Actor, now: datetime) -> None:
    """The paper of a list from the draft to the day on which it takes effect."""
    paper = preparing.draft_paper(decision, actor=officer, now=now)
    leader = actor_of(decision.unit_id, (Role.LEADER,), on=now.date())
    clerk = actor_of(decision.unit_id, (Role.CLERK,), on=now.date())
    if leader.user is None:
        raise NotYet
    papers_demo.prepare_office(decision.unit_id, leader=leader.user, has_common_series=True, now=now)
    drafting.review(paper, actor=officer, now=now + timedelta(minutes=30))
    issuing.sign(paper, actor=leader, now=now + timedelta(hours=2))
    issuing.number(paper, actor=clerk, now=now + timedelta(hours=3))
    issuing.issue(paper, actor=clerk, now=now + timedelta(hours=4))


def hand_over(plan: Plan, days: LivedDays, lived: Lived) -> None:
    """Certificates are printed, bonuses paid, both handed over."""
    now = days.at(date(2025, 2, 27), 10)
    round_ = round_of(plan)
    decision = AwardDecision.objects.get(round=round_, kind=DecisionKind.AWARD)
    if CertificatePrint.objects.filter(decision=decision).exists():
        return
    officer = preparer(round_, now)
    design = designs.ensure_for_printing(
        round_.deciding_body, FORM, CertificateDesignKind.FULL, actor=officer, now=now
    )
    asked = printing.ask(decision, design, address=story()["address"], actor=officer, now=now)
    printing.draw(asked, now=now)
    bonuses = list(
        Bonus.objects.filter(line__decision=decision).select_related("line__decision", "line__award")
    )
    money.pay(bonuses, paid_on=now.date(), paid_to="", note="Phiếu chi số 12 (ví dụ)", actor=officer, now=now)
    keys_of = [one.pk for one in certificates.of(decision)]
    certificates.hand_over(keys_of, decision=decision, on=now.date(), actor=officer, now=now)


def take_back(plan: Plan, days: LivedDays, lived: Lived) -> None:
    """One award is revoked while the district still exists."""
    now = days.at(date(2025, 6, 10))
    round_ = round_of(plan)
    if AwardDecision.objects.filter(unit=round_.deciding_body, kind=DecisionKind.REVOCATION).exists():
        return
    officer = preparer(round_, now)
    line = DecisionLine.objects.filter(decision__round=round_, candidate__person__isnull=False).last()
    assert line is not None
    assert line.award is not None
    ground = revoking.grounds(now.date()).items[0]
    decision = revoking.revoke(
        [line.award], ground=ground, reason=story()["revocation"]["reason"], actor=officer, now=now
    )
    _issue(decision, officer, now)
    lived.revoked += 1


def go_on(plan: Plan, days: LivedDays, lived: Lived) -> None:
    """The province holds a round; a new commune meets the awards of those before it."""
    now = days.at(date(2025, 10, 15))
    told = story()["later_round"]
    if AwardRound.objects.filter(name=told["name"]).exists():
        return
    assert plan.owner_id is not None
    province = Unit.objects.get(pk=heirs_on(plan.owner_id, on=now.date())[0])
    round_ = AwardRound(
        name=told["name"],
        stream="movement",
        commendation_type="movement",
        kind=AwardRoundKind.FINAL,
        deciding_body=province,
        standing_body=province,
        plan=plan,
        movement=plan.movement,
        since=date(2022, 1, 1),
        until=date(2026, 1, 1),
        opens_on=now.date(),
        due_on=date(2025, 12, 31),
    )
    actor = preparer(round_, now)
    offered = [RoundForm(form="bang-khen-bo-tinh", subject_type=AwardSubjectType.COMMUNE, subject_rules="S2")]
    nominating.make_round(round_, forms=offered, actor=actor, now=now)
    advance(round_, "open", actor=actor, now=now)
    lived.rounds += 1
    rewarded = Unit.objects.get(key=story()["later_round"]["commune_before"])
    heir = Unit.objects.get(pk=heirs_on(rewarded.pk, on=now.date())[0])
    at = days.at(date(2025, 11, 5))
    nominating.propose(
        round_,
        Proposal("bang-khen-bo-tinh", unit=heir, achievement=told["achievement"]),
        proposer=heir,
        actor=actor_of(heir.pk, PROPOSING, on=at.date()),
        now=at,
    )
