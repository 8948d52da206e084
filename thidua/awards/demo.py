"""Awards lived through: the review of Phong Thổ's movement in 2025, up to the day of the demonstration.

Only for demonstrations, and through the real functions. Communes are judged by invented figures, one misses
by a tenth, one has a year missing; the public objects to one; a council of nine votes with two absent and
one recused; thirty awards are decided, paid and handed over, one is later taken back; after 1/7/2025 the
province meets a new commune whose predecessor was rewarded already.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.log import Actor, System
from thidua.audit.workflow import advance
from thidua.awards import dossiers, moving, nominating, subject_facts, suggesting
from thidua.awards.council import counting, forming, minutes, sessions, voting
from thidua.awards.council.conflicts import recused
from thidua.awards.decisions import certificates, designs, money, preparing, printing, revoking
from thidua.awards.models import (
    AppraisalResult,
    AwardDecision,
    AwardRound,
    AwardRoundKind,
    AwardSubjectType,
    Bonus,
    Candidate,
    CandidateState,
    CertificateDesignKind,
    CertificatePrint,
    ChargeArea,
    Conclusion,
    Council,
    CouncilMember,
    CouncilSession,
    DecisionKind,
    DecisionLine,
    OpinionKind,
    PersonClass,
    PersonRecord,
    Presence,
    RoundForm,
    SubjectAnswer,
    Suggestion,
)
from thidua.awards.nominating import Proposal
from thidua.awards.opinions import answering, giving
from thidua.core.clock import VIETNAM
from thidua.core.errors import RuleNotMet
from thidua.criteria.facts import Share
from thidua.criteria.models import OutcomeChoice
from thidua.criteria.vote_packages import Choice
from thidua.documents.papers import demo as papers_demo
from thidua.documents.papers import drafting, issuing
from thidua.indicators import values
from thidua.indicators.models import Indicator, Source, Stage, Value
from thidua.movements.models import Plan, PlanVersionState
from thidua.movements.tasks.demo import actor_of
from thidua.organisations import tree
from thidua.organisations.authority import acting
from thidua.organisations.models import (
    Grouping,
    GroupingKind,
    Membership,
    Role,
    Unit,
    UnitKind,
    UnitVersion,
)
from thidua.organisations.successions import heirs_on

PHONG_THO, LAI_CHAU = "before-109", "from-12"
FORM = "giay-khen"
PREPARING = (Role.STANDING, Role.LEADER)
PROPOSING = (Role.UNIT_OFFICER, Role.STANDING, Role.LEADER)
#: The first act, and how many steps the story has.
BEGINS_ON = date(2025, 1, 3)
STEPS = 9


@dataclass
class Lived:
    """What happened up to the day."""

    rounds: int = 0
    candidates: int = 0
    votes: int = 0
    awards: int = 0
    revoked: int = 0
    notes: list[str] = field(default_factory=list)


class _NotYet(Exception):
    """The day of the demonstration comes before the next act."""


@dataclass
class _Clock:
    until: date
    told: Callable[[int, int, str], None] | None = None
    done: int = 0

    def say(self, words: str) -> None:
        self.done += 1
        if self.told is not None:
            self.told(min(self.done, STEPS), STEPS, words)

    def at(self, day: date, hour: int = 9, minute: int = 0) -> datetime:
        """The moment of an act. Raises _NotYet after the last day."""
        if day > self.until:
            raise _NotYet
        return datetime.combine(day, time(hour, minute), tzinfo=VIETNAM)


@cache
def story() -> dict[str, Any]:
    path = settings.BASE_DIR / "data" / "demo" / "awards.yaml"
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def live(*, on: date, told: Callable[[int, int, str], None] | None = None) -> Lived:
    """Live through the review; each step once, each in a transaction. May be called again."""
    lived = Lived()
    plan = (
        Plan.objects.filter(owner__key=PHONG_THO, versions__state=PlanVersionState.ADOPTED)
        .select_related("owner", "standing_body", "movement")
        .distinct()
        .first()
    )
    if plan is None or plan.standing_body is None:
        lived.notes.append("chưa có kế hoạch của huyện Phong Thổ (thidua load-demo-movements)")
        return lived
    if on >= BEGINS_ON and not Source.objects.filter(code="vi-du-ra-soat-2024").exists():
        lived.notes.append("chưa có số liệu rà soát mẫu năm 2024 (thidua manage load_demo_reports)")
        return lived
    clock = _Clock(on, told)
    steps = (_open, _judge, _nominate, _post, _meet, _decide, _hand_over, _take_back, _go_on)
    try:
        for step in steps:
            clock.say(step.__doc__ or "")
            with transaction.atomic():
                step(plan, clock, lived)
    except _NotYet:
        pass
    return lived


def _round(plan: Plan) -> AwardRound:
    return AwardRound.objects.select_related("plan__movement", "deciding_body", "standing_body").get(
        name=story()["round"]["name"]
    )


def _preparer(round_: AwardRound, now: datetime) -> Actor:
    return actor_of(round_.standing_body_id, PREPARING, on=now.date())


def _leader(round_: AwardRound, now: datetime) -> Actor:
    return actor_of(round_.deciding_body_id, (Role.LEADER,), on=now.date())


# --- the round, the figures, the suggestions --------------------------------------------------------


def _open(plan: Plan, clock: _Clock, lived: Lived) -> None:
    """mở đợt xét"""
    now = clock.at(BEGINS_ON)
    told = story()["round"]
    if AwardRound.objects.filter(name=told["name"]).exists():
        return
    assert plan.standing_body is not None
    round_ = AwardRound(
        name=told["name"],
        stream="movement",
        commendation_type="movement",
        kind=AwardRoundKind.FINAL,
        deciding_body=plan.owner,
        standing_body=plan.standing_body,
        plan=plan,
        movement=plan.movement,
        since=date(2022, 1, 1),
        until=date(2025, 1, 1),
        opens_on=now.date(),
        due_on=date(2025, 1, 17),
        note=told["note"],
    )
    offered = [
        RoundForm(form=FORM, subject_type=AwardSubjectType.COMMUNE, subject_rules="S2"),
        RoundForm(form=FORM, subject_type=AwardSubjectType.AGENCY, subject_rules="S1"),
        RoundForm(form=FORM, subject_type=AwardSubjectType.PERSON, subject_rules="S5"),
    ]
    actor = _preparer(round_, now)
    nominating.make_round(round_, forms=offered, actor=actor, now=now)
    advance(round_, "open", actor=actor, now=now + timedelta(minutes=20))
    _keep_lists(plan, now.date())
    _keep_people(now)
    _enter_first_year(now)
    lived.rounds += 1


def _keep_lists(plan: Plan, on: date) -> None:
    """Which commune is of which class, so that a criterion knows whom it is about."""
    told = story()["lists"]
    lists = {
        kind: Grouping.objects.get_or_create(kind=kind, name=told[key], owner=plan.owner)[0]
        for kind, key in (
            (GroupingKind.HARD_COMMUNE, "special"),
            (GroupingKind.BORDER, "border"),
            (GroupingKind.REGION, "region"),
        )
    }
    communes = UnitVersion.objects.filter(
        tree.valid_on(on), parent=plan.owner, unit__kind=UnitKind.COMMUNE
    ).select_related("unit")
    for version in communes:
        kinds = (
            (GroupingKind.REGION,)
            if version.label in told["in_region"]
            else (GroupingKind.HARD_COMMUNE, GroupingKind.BORDER)
        )
        for kind in kinds:
            Membership.objects.get_or_create(
                grouping=lists[kind],
                unit=version.unit,
                defaults={"confirmed": False, "note": story()["mark"]},
            )


def _keep_people(now: datetime) -> None:
    program = System(on=now.date())
    for row in story()["people"]:
        unit = Unit.objects.get(key=row["in"])
        person = PersonRecord(
            unit=unit,
            name=f"{row['name']} {story()['mark']}",
            sex=row["sex"],
            position=row["work"],
            person_class=PersonClass.DIRECT,
            is_invented=True,
        )
        nominating.keep_person(person, actor=program, now=now)
        if "charge" in row:
            charge = Unit.objects.get(key=row["charge"])
            ChargeArea.objects.get_or_create(
                person=person,
                unit=charge,
                since=date(2021, 7, 1),
                defaults={"source": f"Quyết định phân công của Ban Chỉ đạo huyện {story()['mark']}"},
            )


def _enter_first_year(now: datetime) -> None:
    """Figures of 2021: those of 2022 and the fall that the story tells. One commune handed in none."""
    code = "vi-du-ra-soat-2021"
    source, _ = Source.objects.get_or_create(
        code=code, title="Kết quả rà soát hộ nghèo năm 2021 (ví dụ)", defaults={"is_invented": True}
    )
    known = {
        one.code: one.pk
        for one in Indicator.objects.filter(code__in=("poor_and_near_poor_hh", "total_households"))
    }
    rows = Value.objects.filter(
        indicator_id__in=known.values(),
        unit__kind=UnitKind.COMMUNE,
        unit__versions__parent__key=PHONG_THO,
        since=date(2022, 1, 1),
        until=date(2023, 1, 1),
        stage=Stage.OFFICIAL,
        source__is_invented=True,
        replaced_by__isnull=True,
    ).select_related("unit", "indicator")
    later: dict[int, dict[str, Value]] = {}
    for row in rows.distinct():
        later.setdefault(row.unit_id, {})[row.indicator.code] = row
    entries = []
    for unit_id, figures in sorted(later.items()):
        if len(figures) < len(known):
            continue
        poor, total = figures["poor_and_near_poor_hh"], figures["total_households"]
        key = poor.unit.key
        if key == story()["silent"] or poor.amount is None or total.amount is None:
            continue
        fall = int(story()["falls"].get(key, story()["usual_fall"]))
        before = _year_before(
            int(poor.amount), int(total.amount), fall=fall, is_exact=key in story()["falls"]
        )
        for row, amount in zip((poor, total), before, strict=True):
            entries.append(
                values.Entry(
                    row.indicator_id,
                    unit_id,
                    date(2021, 1, 1),
                    date(2022, 1, 1),
                    amount,
                    stage=Stage.OFFICIAL,
                    standard_id=row.standard_id,
                    source_id=source.pk,
                    note=story()["mark"],
                    override_reason="Số liệu ví dụ",
                )
            )
    if entries:
        values.enter(entries, actor=System(on=now.date()), now=now)


def _year_before(poor: int, total: int, *, fall: int, is_exact: bool) -> tuple[Decimal, Decimal]:
    """Poor households and all of the year before a fall in hundredths of a percentage point.

    Exact: with a number of households nearby for which the printed rates differ by just that much.
    """
    printed = Share(poor, total).percent + Decimal(fall) / 100
    for other in (total + step for nearby in range(200) for step in (nearby, -nearby)):
        before = min(round(other * printed / 100), other)
        if not is_exact or Share(before, other).percent == printed:
            return Decimal(before), Decimal(other)
    raise ValueError(f"no households for {printed}")


def _judge(plan: Plan, clock: _Clock, lived: Lived) -> None:
    """tính gợi ý từ số liệu"""
    now = clock.at(date(2025, 1, 6))
    round_ = _round(plan)
    if round_.suggestion_sets.exists():
        return
    actor = _preparer(round_, now)
    suggesting.suggest(round_, actor=actor, now=now)
    _answer_what_figures_cannot_say(round_, now=now + timedelta(hours=1))
    suggesting.suggest(round_, actor=actor, now=now + timedelta(hours=3))


def _answer_what_figures_cannot_say(round_: AwardRound, *, now: datetime) -> None:
    """A named person says of the officials and offices what no figure says."""
    asked = {
        f"unit:{pk}" for pk in Unit.objects.filter(key__in=story()["agencies"]).values_list("pk", flat=True)
    }
    people = PersonRecord.objects.filter(is_invented=True, name__endswith=story()["mark"])
    asked |= {f"person:{pk}" for pk in people.values_list("pk", flat=True)}
    actor = _preparer(round_, now)
    _rules, usable = suggesting.rules_for(round_)
    for one in usable:
        for question, _ in subject_facts.questions_of(one):
            for row in Suggestion.objects.filter(
                set__round=round_,
                set__is_current=True,
                set__verdicts__subject_rules=one.id,
                subject_key__in=asked,
            ):
                SubjectAnswer.objects.update_or_create(
                    round=round_,
                    subject_key=row.subject_key,
                    question=question,
                    defaults={
                        "answer": True,
                        "why": f"Đối chiếu báo cáo và xác nhận của cấp ủy {story()['mark']}",
                        "by": f"Trưởng ban Ban Chỉ đạo huyện {story()['mark']}",
                        "on": now.date(),
                        "user": actor.user,
                    },
                )


# --- candidates -------------------------------------------------------------------------------------


def _nominate(plan: Plan, clock: _Clock, lived: Lived) -> None:
    """các đơn vị đề nghị, cơ quan thường trực thẩm định"""
    now = clock.at(date(2025, 1, 9))
    round_ = _round(plan)
    if round_.candidates.exists():
        return
    # the one that the public objects to and the one that the council turns down leave the list again
    room = int(story()["awards"]) + 2
    for number, (proposal, proposer) in enumerate(_wanted(round_)):
        if lived.candidates == room:
            break
        moment = now + timedelta(days=number % 5, minutes=number)
        candidate = _propose(round_, proposal, proposer, moment)
        if candidate is None:
            continue
        checked = clock.at(date(2025, 1, 17), 8 + number % 8, number)
        moving.appraise(
            candidate,
            result=AppraisalResult.ELIGIBLE,
            text=story()["appraisal"],
            actor=_preparer(round_, checked),
            now=checked,
        )
        lived.candidates += 1


def _wanted(round_: AwardRound) -> list[tuple[Proposal, Unit]]:
    """Communes that meet the criteria, the offices of the story, and the persons behind them."""
    said = story()["achievement"]
    current = Suggestion.objects.filter(set__round=round_, set__is_current=True)
    met = current.filter(set__subject_type=AwardSubjectType.COMMUNE, outcome=OutcomeChoice.MET)
    found = [
        (Proposal(FORM, unit=row.unit, achievement=said["commune"], suggestion=row), row.unit)
        for row in met.select_related("unit", "set").order_by("label_order")
    ]
    by_key = {row.subject_key: row for row in current.select_related("set")}
    for unit in Unit.objects.filter(key__in=story()["agencies"]).order_by("key"):
        suggestion = by_key.get(f"unit:{unit.pk}")
        found.append((Proposal(FORM, unit=unit, achievement=said["agency"], suggestion=suggestion), unit))
    people = PersonRecord.objects.filter(is_invented=True, name__endswith=story()["mark"], left_on=None)
    for person in people.select_related("unit").order_by("pk"):
        suggestion = by_key.get(f"person:{person.pk}")
        found.append(
            (Proposal(FORM, person=person, achievement=said["person"], suggestion=suggestion), person.unit)
        )
    return found


def _propose(round_: AwardRound, proposal: Proposal, proposer: Unit, now: datetime) -> Candidate | None:
    """One case with its papers, handed in; None when a check refuses it and the unit takes it back."""
    actor = actor_of(proposer.pk, PROPOSING, on=now.date())
    candidate = nominating.propose(round_, proposal, proposer=proposer, actor=actor, now=now)
    dossier = dossiers.of(candidate, on=now.date())
    for paper in dossiers.missing(dossier):
        text = f"{paper.name}\n{candidate.label}\nBản ví dụ của chương trình trình diễn, không có thật.\n"
        dossiers.put_file(
            dossier,
            paper.code,
            raw=text.encode(),
            file_name=f"{paper.code}.txt",
            actor=actor,
            now=now + timedelta(minutes=5),
        )
    try:
        moving.send(candidate, actor=actor, now=now + timedelta(minutes=30))
    except RuleNotMet as refusal:
        moving.withdraw(candidate, reason=refusal.why, actor=actor, now=now + timedelta(hours=1))
        return None
    return candidate


def _post(plan: Plan, clock: _Clock, lived: Lived) -> None:
    """công khai danh sách, trả lời ý kiến"""
    now = clock.at(date(2025, 1, 20))
    round_ = _round(plan)
    if round_.postings.exists():
        return
    rows = list(round_.candidates.filter(state=CandidateState.APPRAISED).select_related("round__movement"))
    actor = _preparer(round_, now)
    advance(round_, "close", actor=actor, now=now)
    posting = moving.post(rows, where="Trang thông tin của huyện, bảng tin các xã", actor=actor, now=now)
    against = next(
        (one for one in rows if one.unit and one.unit.key == story()["objection"]["commune"]), rows[0]
    )
    praised = next(one for one in rows if one.pk != against.pk)
    day = now.date() + timedelta(days=2)
    heard = clock.at(day, 20)
    objection = giving.give(
        posting,
        against,
        kind=OpinionKind.OBJECTION,
        text=story()["objection"]["text"],
        author=story()["objection"]["author"],
        on=day,
        now=heard,
    )
    support = giving.give(
        posting, praised, kind=OpinionKind.SUPPORT, text=story()["support"]["text"], on=day, now=heard
    )
    later = clock.at(day + timedelta(days=2), 10)
    actor = _preparer(round_, later)
    answering.answer(
        objection,
        conclusion=Conclusion.UPHELD,
        text=story()["objection"]["answer"],
        consequence=answering.Consequence.RETURN,
        actor=actor,
        now=later,
    )
    answering.answer(
        support, conclusion=Conclusion.NOTED, text=story()["support"]["answer"], actor=actor, now=later
    )


# --- the council --------------------------------------------------------------------------------------


def _meet(plan: Plan, clock: _Clock, lived: Lived) -> None:
    """hội đồng họp, bỏ phiếu kín"""
    now = clock.at(date(2025, 2, 11), 8)
    round_ = _round(plan)
    if CouncilSession.objects.filter(items__candidate__round=round_).exists():
        return
    called = clock.at(date(2025, 2, 6), 9)
    officer = _preparer(round_, called)
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
    officer = _preparer(round_, now)
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


def _decide(plan: Plan, clock: _Clock, lived: Lived) -> None:
    """quyết định khen thưởng"""
    now = clock.at(date(2025, 2, 19), 8)
    round_ = _round(plan)
    if AwardDecision.objects.filter(round=round_).exists():
        return
    officer = _preparer(round_, now)
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
        raise _NotYet
    papers_demo.prepare_office(decision.unit_id, leader=leader.user, has_common_series=True, now=now)
    drafting.review(paper, actor=officer, now=now + timedelta(minutes=30))
    issuing.sign(paper, actor=leader, now=now + timedelta(hours=2))
    issuing.number(paper, actor=clerk, now=now + timedelta(hours=3))
    issuing.issue(paper, actor=clerk, now=now + timedelta(hours=4))


def _hand_over(plan: Plan, clock: _Clock, lived: Lived) -> None:
    """chi tiền thưởng, in và trao giấy khen"""
    now = clock.at(date(2025, 2, 27), 10)
    round_ = _round(plan)
    decision = AwardDecision.objects.get(round=round_, kind=DecisionKind.AWARD)
    if CertificatePrint.objects.filter(decision=decision).exists():
        return
    officer = _preparer(round_, now)
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


def _take_back(plan: Plan, clock: _Clock, lived: Lived) -> None:
    """hủy bỏ một khen thưởng"""
    now = clock.at(date(2025, 6, 10))
    round_ = _round(plan)
    if AwardDecision.objects.filter(unit=round_.deciding_body, kind=DecisionKind.REVOCATION).exists():
        return
    officer = _preparer(round_, now)
    line = DecisionLine.objects.filter(decision__round=round_, candidate__person__isnull=False).last()
    assert line is not None
    assert line.award is not None
    ground = revoking.grounds(now.date()).items[0]
    decision = revoking.revoke(
        [line.award], ground=ground, reason=story()["revocation"]["reason"], actor=officer, now=now
    )
    _issue(decision, officer, now)
    lived.revoked += 1


def _go_on(plan: Plan, clock: _Clock, lived: Lived) -> None:
    """đợt xét của tỉnh sau khi kết thúc hoạt động cấp huyện"""
    now = clock.at(date(2025, 10, 15))
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
    actor = _preparer(round_, now)
    offered = [RoundForm(form="bang-khen-bo-tinh", subject_type=AwardSubjectType.COMMUNE, subject_rules="S2")]
    nominating.make_round(round_, forms=offered, actor=actor, now=now)
    advance(round_, "open", actor=actor, now=now)
    lived.rounds += 1
    rewarded = Unit.objects.get(key=story()["later_round"]["commune_before"])
    heir = Unit.objects.get(pk=heirs_on(rewarded.pk, on=now.date())[0])
    at = clock.at(date(2025, 11, 5))
    nominating.propose(
        round_,
        Proposal("bang-khen-bo-tinh", unit=heir, achievement=told["achievement"]),
        proposer=heir,
        actor=actor_of(heir.pk, PROPOSING, on=at.date()),
        now=at,
    )
