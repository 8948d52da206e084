"""Closing the vote: both keys open the boxes, the papers are counted by `criteria.ballots`, results go on.

The boxes are opened, counted, sorted by their marks and rewritten in one transaction; the count is kept as
a package that a stranger can recompute.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from thidua.audit.log import Actor
from thidua.audit.workflow import advance
from thidua.awards import checks
from thidua.awards.council import composition, conflicts, sealing, tellers, voting
from thidua.awards.models import (
    Attendance,
    BallotBox,
    BallotMark,
    BallotMethod,
    CandidateState,
    Conflict,
    ConflictKind,
    CouncilSession,
    ItemResult,
    Presence,
    SessionItem,
    SessionState,
)
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.formats import format_date
from thidua.criteria import vote_packages
from thidua.criteria.ballots import Tally
from thidua.criteria.vote_packages import Choice, Question, Result, Session
from thidua.notices.telling import tell
from thidua.organisations import tree

RESULTS = {
    Result.PASSED: ItemResult.PASSED,
    Result.FAILED: ItemResult.FAILED,
    Result.NOT_CHOSEN: ItemResult.NOT_CHOSEN,
    Result.TIED: ItemResult.TIED,
}
STEPS = {
    ItemResult.PASSED: "pass_council",
    ItemResult.FAILED: "fail_council",
    ItemResult.NOT_CHOSEN: "fail_council",
}


def close_voting(
    session: CouncilSession, *, codes: tuple[str, str] | None = None, actor: Actor, now: datetime
) -> bytes:
    """Close, open the boxes with the codes of chair and secretary in any order, count; returns the package.

    Raises RuleNotMet for wrong codes, tellers that differ, or a box that is not as it was left.
    """
    actor.require("councilsession.run", session)
    with transaction.atomic():
        locked = CouncilSession.objects.select_for_update().get(pk=session.pk)
        if locked.state != SessionState.VOTING:
            raise ChangedMeanwhile(
                "Chưa kiểm phiếu được",
                why="cuộc họp không còn ở bước bỏ phiếu",
                next_step="Mở lại trang cuộc họp",
            )
        ordered = [] if session.is_on_paper else _in_order(session, codes)
        logged = voting.logged_digests(session)
        papers = {
            box.item_id: _open(box, ordered, logged.get(box.item_id, sealing.digest_of([])))
            for box in BallotBox.objects.select_for_update().filter(item__session=session).order_by("item_id")
        }
        found = _session(session, papers, tellers.agreed(session), actor=actor)
        try:
            package = vote_packages.packed(found)
        except ValueError as error:
            raise RuleNotMet(
                "Chưa kiểm phiếu được", why=str(error), next_step="Hủy lần bỏ phiếu này và bỏ phiếu lại"
            ) from error
        proof = vote_packages.verify(package)
        if not proof.is_good:
            first = proof.differences[0]
            raise RuleNotMet(
                "Chưa kiểm phiếu được",
                why=f"số phiếu không khớp số người đã bỏ phiếu: {first.text}",
                next_step="Hủy lần bỏ phiếu này và bỏ phiếu lại",
            )
        _keep(found)
        advance(
            session,
            "count",
            actor=actor,
            now=now,
            changes={"package": package.decode()},
            details={"sha256": proof.sha256},
        )
        _tell(session, actor=actor, now=now)
    return package


def _in_order(session: CouncilSession, codes: tuple[str, str] | None) -> list[str]:
    """The codes in the order of the locks, whoever typed which."""
    known = {sealing.public_of(code): code for code in codes or () if code.strip()}
    publics = list(session.box_keys.order_by("pk").values_list("public", flat=True))
    if len(publics) < 2 or any(public not in known for public in publics):
        raise RuleNotMet(
            "Chưa mở được hòm phiếu",
            why="mã khóa của chủ trì hoặc của thư ký không đúng",
            next_step="Nhập lại hai mã; mất mã thì hủy lần bỏ phiếu này và bỏ phiếu lại",
        )
    return [known[public] for public in publics]


def _open(box: BallotBox, codes: list[str], logged: str) -> list[tuple[str, Choice]]:
    """The papers of a box that is as the last voter left it; `logged` is its hash in the log."""
    inside = voting.check_box(box)
    if box.digest != logged:
        raise RuleNotMet(
            "Hòm phiếu không còn nguyên",
            why="mã băm của hòm phiếu khác với nhật ký lúc bỏ phiếu",
            next_step="Báo chủ trì; hủy lần bỏ phiếu này và bỏ phiếu lại",
        )
    try:
        found = [sealing.opened(sealed, codes=codes, question=box.item_id) for sealed in inside]
    except (sealing.WrongKey, KeyError, ValueError) as error:
        raise RuleNotMet(
            "Hòm phiếu không còn nguyên",
            why="có phiếu không mở được bằng hai khóa của cuộc họp",
            next_step="Báo chủ trì; hủy lần bỏ phiếu này và bỏ phiếu lại",
        ) from error
    return sorted(found)


def _session(
    session: CouncilSession,
    papers: dict[int, list[tuple[str, Choice]]],
    typed: dict[int, Tally],
    *,
    actor: Actor,
) -> Session:
    council = session.council
    members, present = session.members or 0, session.present or 0
    quorum = composition.quorum_of(council, members=members, on=actor.on)
    methods = dict(BallotMark.objects.filter(session=session).values_list("member_id", "method"))
    in_writing = set(
        Attendance.objects.filter(session=session, presence=Presence.WRITTEN).values_list(
            "member_id", flat=True
        )
    )
    without = conflicts.recused(session)
    interests: dict[int, Counter[str]] = {}
    for one in Conflict.objects.filter(item__session=session, is_recused=True):
        interests.setdefault(one.item_id, Counter())[conflicts.INTERESTS[ConflictKind(one.kind)]] += 1
    label = tree.labels_on([council.unit_id], on=actor.on).get(council.unit_id, "")
    questions = []
    for item in session.items.select_related("candidate").order_by("position", "pk"):
        rule = voting.frozen_rule(item)
        assert rule is not None
        seats = {seat: how for seat, how in methods.items() if seat not in without.get(item.pk, ())}
        counted = Counter(seats.values())
        questions.append(
            Question(
                id=item.pk,
                subject=item.candidate.subject_key,
                label=item.candidate.label,
                form=item.form,
                threshold=rule.threshold,
                source=rule.source,
                confirmed=rule.confirmed,
                interests=tuple(sorted(interests.get(item.pk, Counter()).items())),
                recused=len(without.get(item.pk, ())),
                place_key=item.place_key,
                places=item.places,
                ballots=(counted[BallotMethod.PROGRAM], counted[BallotMethod.PAPER]),
                papers=tuple(papers.get(item.pk, ())),
                typed=typed.get(item.pk, Tally(0, 0)),
            )
        )
    return Session(
        about={
            "title": session.title,
            "council": council.name,
            "body": label,
            "met_on": session.meets_at.date().isoformat(),
        },
        members=members,
        present=present,
        written=len(in_writing & methods.keys()),
        quorum=quorum.share,
        quorum_source=quorum.source,
        quorum_confirmed=quorum.confirmed,
        questions=tuple(questions),
    )


def _keep(found: Session) -> None:
    """Results on the questions; the opened papers, sorted by marks of chance, in place of the sealed ones."""
    for one in vote_packages.counted(found):
        tally = one.question.tally
        SessionItem.objects.filter(pk=one.question.id).update(
            yes=tally.yes,
            no=tally.no,
            blank=tally.blank,
            spoilt=tally.spoilt,
            needed=one.outcome.needed,
            base=one.outcome.base,
            result=RESULTS[one.result],
        )
        opened = [[key, choice.value] for key, choice in one.question.papers]
        BallotBox.objects.filter(item_id=one.question.id).update(papers=json.dumps(opened), sealed="[]")


def _tell(session: CouncilSession, *, actor: Actor, now: datetime) -> None:
    for person in conflicts.holders(session).values():
        if person.user is not None:
            tell(
                kind="awards.council",
                text=f"Đã kiểm phiếu: {session.title}. Mời kiểm tra phiếu của mình",
                address=reverse("council:session", args=[session.pk]),
                now=now,
                sender=actor.name,
                user=person.user,
            )


def apply_result(item: SessionItem, *, actor: Actor, now: datetime) -> None:
    """Write the result of one question into the candidate's case; equal at the last place stays there.

    Raises RuleNotMet for what is in the way of the candidate on the day.
    """
    step = STEPS.get(ItemResult(item.result)) if item.result else None
    candidate = item.candidate
    if item.is_concluded or step is None or candidate.state != CandidateState.AT_COUNCIL:
        return
    if step == "pass_council":
        checks.refuse(candidate, on=actor.on, what=f"Chưa ghi được kết quả của «{candidate.label}»")
    day = format_date(item.session.meets_at.date())
    with transaction.atomic():
        advance(
            candidate,
            step,
            actor=actor,
            now=now,
            reason=f"{item.session.title}, {day}: {item.yes}/{item.base} phiếu đồng ý, cần {item.needed}",
            changes={"moved_at": now},
        )
        item.is_concluded = True
        item.save(update_fields=["is_concluded"])


def conclude(session: CouncilSession, *, actor: Actor, now: datetime) -> None:
    """Write all results into the candidates' cases: all or none."""
    actor.require("councilsession.run", session)
    with transaction.atomic():
        for item in session.items.select_related("candidate__round", "session").order_by("position", "pk"):
            apply_result(item, actor=actor, now=now)
        advance(session, "conclude", actor=actor, now=now)


def own_papers(session: CouncilSession, code: str) -> list[tuple[SessionItem, Choice | None]]:
    """After the count: what lies in the boxes under a receipt code; None where no paper has its mark."""
    if session.state not in CouncilSession.KNOWN:
        raise RuleNotMet(
            "Chưa kiểm tra được phiếu", why="chưa kiểm phiếu", next_step="Chờ chủ trì khép bỏ phiếu"
        )
    found = []
    boxes = BallotBox.objects.filter(item__session=session).select_related("item__candidate")
    for box in boxes.order_by("item__position", "item_id"):
        inside = dict(json.loads(box.papers))
        said = inside.get(vote_packages.mark(code, box.item_id))
        found.append((box.item, Choice(said) if said else None))
    return found
