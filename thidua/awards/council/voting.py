"""The secret ballot: two keys, opening, casting, paper ballots handed in, and voiding a vote.

Who has voted is one table, what was voted another, and nothing leads from one to the other: decision 0021.
Nobody votes twice or changes a paper; a vote that went wrong is voided as a whole before it is counted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.db import IntegrityError, transaction
from django.urls import reverse

from thidua.audit.log import Actor, record
from thidua.audit.models import Entry
from thidua.audit.workflow import advance
from thidua.awards import quota_checks
from thidua.awards.council import composition, sealing
from thidua.awards.council.conflicts import detect, holders, recused
from thidua.awards.council.readiness import THERE
from thidua.awards.models import (
    Attendance,
    BallotBox,
    BallotMark,
    BallotMethod,
    BoxKey,
    Council,
    CouncilMember,
    CouncilSession,
    Presence,
    SessionItem,
    SessionState,
    ShareBase,
    TellerCount,
)
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.criteria import award_law
from thidua.criteria.ballots import Base, Threshold
from thidua.criteria.lawbook import NotInLawbook
from thidua.criteria.vote_packages import Choice, mark
from thidua.notices.telling import tell
from thidua.organisations import tree
from thidua.organisations.models import UnitKind

VOTED = "awards.councilsession.vote"
VOIDED = "awards.councilsession.void_voting"


@dataclass(frozen=True, slots=True)
class Rule:
    """How many must agree on a question, and where it stands."""

    threshold: Threshold
    source: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one holder of a seat may vote on, and whether they have."""

    seat: CouncilMember
    person: CouncilMember
    items: tuple[SessionItem, ...]
    #: Questions of the agenda without a paper for this seat.
    recused: tuple[SessionItem, ...]
    has_voted: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """Shown once: the code, and the mark of the paper on each question, to find it by after the count."""

    code: str
    marks: Mapping[int, str]


def rule_of(council: Council, form: str, *, on: date) -> Rule:
    """By the law for the form on the day; where it leaves it to the council, by its own rules."""
    line = tree.ancestors(council.unit_id, on=on)
    place = next((one.unit.key for one in line if one.unit.kind == UnitKind.PROVINCE), "")
    try:
        law = award_law.vote_threshold(form, on, place=place)
    except NotInLawbook as unknown:
        return _own_rule(council, note=str(unknown))
    if law.share is None:
        return _own_rule(council)
    base = Base.ALL_MEMBERS if law.of_all_members else Base.PRESENT
    return Rule(Threshold(law.share, base), law.citation, law.confirmed)


def _own_rule(council: Council, note: str = "") -> Rule:
    threshold = Threshold(council.vote_share, Base(council.vote_base), council.vote_is_strict)
    source = council.rules_source or "mức sẵn của chương trình, hội đồng chưa ghi quy chế"
    return Rule(threshold, f"{source} ({note})" if note else source, bool(council.rules_source) and not note)


def frozen_rule(item: SessionItem) -> Rule | None:
    """The rule as it was when voting opened; None before."""
    if item.vote_part is None or item.vote_whole is None:
        return None
    threshold = Threshold(
        Fraction(item.vote_part, item.vote_whole), Base(item.vote_base), item.vote_is_strict
    )
    return Rule(threshold, item.vote_source, item.vote_confirmed)


# --- keys and opening -----------------------------------------------------------------------------


def take_key(session: CouncilSession, *, actor: Actor, now: datetime) -> str:
    """One of the two keys, for who leads or who writes: the code is shown once and kept nowhere.

    Taking it again makes the earlier code worthless. Raises NotAllowed for others.
    """
    seat = next(
        (
            pk
            for pk, person in holders(session).items()
            if actor.user is not None
            and person.user_id == actor.user.pk
            and pk in (session.chaired_by_id, session.secretary_id)
        ),
        None,
    )
    if seat is None:
        raise NotAllowed(
            "Bạn chưa được nhận khóa hòm phiếu",
            why="khóa do người chủ trì và thư ký của cuộc họp giữ",
            next_step="Đề nghị cơ quan thường trực ghi đúng chủ trì, thư ký",
        )
    if session.state not in CouncilSession.OPEN:
        raise RuleNotMet(
            "Chưa nhận được khóa",
            why="đã mở bỏ phiếu, hòm đã khóa bằng khóa cũ",
            next_step="Mất mã khóa thì hủy lần bỏ phiếu này và bỏ phiếu lại",
        )
    code = sealing.new_key_code()
    with transaction.atomic():
        BoxKey.objects.update_or_create(
            session=session, member_id=seat, defaults={"public": sealing.public_of(code)}
        )
        _log(session, "take_key", "Nhận khóa hòm phiếu", actor=actor, now=now)
    return code


def open_voting(session: CouncilSession, *, actor: Actor, now: datetime) -> None:
    """Freeze the rules and the list of who votes, put out the boxes, tell the members."""
    with transaction.atomic():
        detect(session, on=actor.on)
        items = list(session.items.select_related("candidate__round"))
        limits = _limits(items)
        for item in items:
            rule = rule_of(session.council, item.candidate.form, on=actor.on)
            item.form = item.candidate.form
            item.vote_part = rule.threshold.share.numerator
            item.vote_whole = rule.threshold.share.denominator
            item.vote_is_strict = rule.threshold.is_strict
            item.vote_base = ShareBase(rule.threshold.base.value)
            item.vote_source, item.vote_confirmed = rule.source[:500], rule.confirmed
            item.place_key, item.places = limits.get(item.pk, ("", None))
            item.save()
            BallotBox.objects.create(item=item, digest=sealing.digest_of([]))
        presences = Attendance.objects.filter(session=session).values_list("presence", flat=True)
        advance(
            session,
            "open_voting",
            actor=actor,
            now=now,
            changes={
                "members": len(composition.seats(session.council)),
                "present": sum(one in THERE for one in presences),
            },
        )
        if not session.is_on_paper:
            for seat, person in holders(session).items():
                if person.user is not None and seat in _may_vote_here(session):
                    tell(
                        kind="awards.council",
                        text=f"Mời bỏ phiếu: {session.title}",
                        address=reverse("council:vote", args=[session.pk]),
                        now=now,
                        sender=actor.name,
                        user=person.user,
                    )


def _limits(items: list[SessionItem]) -> dict[int, tuple[str, int | None]]:
    """Questions that share a limited number of places: by round, form and kind of subject.

    Places that candidates of the same form passed in earlier meetings are gone.
    """
    found: dict[int, tuple[str, int | None]] = {}
    for round_ in {item.candidate.round for item in items}:
        for place in quota_checks.places(round_):
            if place.most is None:
                continue
            mine = [
                item
                for item in items
                if item.candidate.round_id == round_.pk
                and (item.candidate.form, item.candidate.subject_type)
                == (place.form.form, place.form.subject_type)
            ]
            passed = round_.candidates.filter(
                form=place.form.form,
                subject_type=place.form.subject_type,
                state__in=("hd_dong_y", "trinh_tren", "duoc_khen"),
            ).count()
            left = max(place.most - passed, 0)
            if len(mine) > left:
                key = f"{round_.pk}/{place.form.form}/{place.form.subject_type}"
                found |= {item.pk: (key, left) for item in mine}
    return found


def _may_vote_here(session: CouncilSession) -> set[int]:
    """Seats whose holder or substitute is in the room."""
    rows = Attendance.objects.filter(session=session, presence__in=THERE)
    return set(rows.values_list("member_id", flat=True))


# --- casting --------------------------------------------------------------------------------------


def ballot_of(session: CouncilSession, *, actor: Actor) -> Ballot:
    """The ballot of the person who acts. Raises NotAllowed for who holds no seat in the room."""
    mine = [
        (seat, person)
        for seat, person in holders(session).items()
        if actor.user is not None and person.user_id == actor.user.pk
    ]
    if not mine:
        raise NotAllowed(
            "Bạn chưa được bỏ phiếu",
            why="bạn không phải thành viên dự cuộc họp này",
            next_step="Đề nghị cơ quan thường trực kiểm tra danh sách hội đồng",
        )
    seat, person = mine[0]
    presence = Attendance.objects.filter(session=session, member_id=seat).values_list("presence", flat=True)
    if (presence[0] if presence else None) not in THERE:
        raise NotAllowed(
            "Bạn chưa được bỏ phiếu",
            why="bạn không có trong danh sách người dự họp",
            next_step="Đề nghị thư ký điểm danh lại, hoặc gửi phiếu bằng văn bản",
        )
    without = recused(session)
    items = list(session.items.select_related("candidate").order_by("position", "pk"))
    return Ballot(
        seat=person if person.pk == seat else CouncilMember.objects.get(pk=seat),
        person=person,
        items=tuple(item for item in items if seat not in without.get(item.pk, ())),
        recused=tuple(item for item in items if seat in without.get(item.pk, ())),
        has_voted=BallotMark.objects.filter(session=session, member_id=seat).exists(),
    )


def cast(
    session: CouncilSession,
    votes: Mapping[int, Choice],
    *,
    actor: Actor,
    now: datetime,
    code: str = "",
) -> Receipt:
    """Put the papers of the person who acts into the boxes: all questions at once, once and for all.

    `votes` answers every question of the ballot by its key; `code` is a receipt code that the person has been
    shown before, so that a broken connection loses none. All or nothing; of two at once one wins.
    """
    ballot = ballot_of(session, actor=actor)
    if session.is_on_paper:
        raise RuleNotMet(
            "Chưa bỏ phiếu được",
            why="cuộc họp này bỏ phiếu giấy",
            next_step="Nộp phiếu giấy cho tổ kiểm phiếu",
        )
    if set(votes) != {item.pk for item in ballot.items}:
        missing = sum(item.pk not in votes for item in ballot.items)
        raise RuleNotMet(
            "Chưa gửi được phiếu",
            why=f"còn {missing} nội dung chưa chọn" if missing else "có nội dung không thuộc phiếu của bạn",
            next_step="Chọn đủ mọi nội dung; không có ý kiến thì chọn «Phiếu trắng»",
        )
    code = code or sealing.new_receipt_code()
    receipt = Receipt(code, {key: mark(code, key) for key in votes})
    with transaction.atomic():
        _locked(session)
        _mark(session, ballot.seat, BallotMethod.PROGRAM)
        publics = list(session.box_keys.order_by("pk").values_list("public", flat=True))
        boxes = BallotBox.objects.select_for_update().filter(item__in=votes).order_by("item_id")
        digests = {}
        for box in boxes:
            paper = sealing.seal(
                receipt.marks[box.item_id], votes[box.item_id], publics=publics, question=box.item_id
            )
            digests[str(box.item_id)] = _put_in(box, paper)
        if len(digests) != len(votes):
            raise ChangedMeanwhile(
                "Chưa gửi được phiếu", why="chương trình họp vừa thay đổi", next_step="Mở lại trang bỏ phiếu"
            )
        _log(session, "vote", "Đã bỏ phiếu", actor=actor, now=now, details=digests)
    return receipt


def _locked(session: CouncilSession) -> None:
    """Hold the meeting: papers go in one after another, and none after the count began."""
    state = (
        CouncilSession.objects.select_for_update()
        .filter(pk=session.pk)
        .values_list("state", flat=True)
        .first()
    )
    if state != SessionState.VOTING:
        raise RuleNotMet(
            "Chưa bỏ phiếu được",
            why="cuộc họp chưa mở hoặc đã khép bỏ phiếu",
            next_step="Chờ chủ trì mở bỏ phiếu; đã khép thì xem kết quả ở trang cuộc họp",
        )


def _mark(session: CouncilSession, seat: CouncilMember, method: BallotMethod) -> None:
    try:
        with transaction.atomic():
            BallotMark.objects.create(session=session, member=seat, method=method)
    except IntegrityError:
        raise RuleNotMet(
            "Chưa gửi được phiếu",
            why=f"{seat.name} đã bỏ phiếu",
            next_step="Mỗi người một phiếu, không sửa lại; có sai sót thì báo chủ trì trước khi kiểm phiếu",
        ) from None


def _put_in(box: BallotBox, paper: str) -> str:
    """The whole box is written anew, its papers in the order of their bytes: of chance, not of time."""
    inside = check_box(box)
    inside = sorted([*inside, paper])
    digest = sealing.digest_of(inside)
    changed = BallotBox.objects.filter(pk=box.pk, digest=box.digest).update(
        sealed=json.dumps(inside), digest=digest
    )
    if not changed:
        raise ChangedMeanwhile(
            "Chưa gửi được phiếu", why="hòm phiếu vừa thay đổi", next_step="Mở lại trang bỏ phiếu, gửi lại"
        )
    return digest


def check_box(box: BallotBox) -> list[str]:
    """The sealed papers. Raises RuleNotMet when they are not those that were put in."""
    inside: list[str] = json.loads(box.sealed)
    if sealing.digest_of(inside) != box.digest:
        raise RuleNotMet(
            "Hòm phiếu không còn nguyên",
            why="phiếu trong hòm khác với mã băm ghi lúc bỏ phiếu",
            next_step="Dừng bỏ phiếu, báo chủ trì; hủy lần bỏ phiếu này và bỏ phiếu lại",
        )
    return inside


def logged_digests(session: CouncilSession) -> dict[int, str]:
    """Question → hash of its box as the log wrote it at the last vote. The log cannot be changed unseen."""
    found: dict[int, str] = {}
    rows = Entry.objects.filter(
        object_type=session._meta.label_lower, object_id=str(session.pk), action__in=(VOTED, VOIDED)
    )
    for action, details in rows.order_by("number").values_list("action", "details"):
        if action == VOIDED:
            found = {}
            continue
        said = json.loads(details) if isinstance(details, str) else details
        found |= {int(key): digest for key, digest in said.items()}
    return found


def hand_in_paper(session: CouncilSession, member: CouncilMember, *, actor: Actor, now: datetime) -> None:
    """A seat's ballot came on paper: of who is there, or in writing. What is on it: `tellers`."""
    actor.require("councilsession.run", session)
    attendance = Attendance.objects.filter(session=session, member=member).first()
    if attendance is None or attendance.presence == Presence.ABSENT:
        raise RuleNotMet(
            "Chưa nhận được phiếu giấy",
            why=f"{member.name} được ghi là vắng, không gửi phiếu",
            next_step="Điểm danh «Vắng, gửi phiếu bằng văn bản» trước khi mở bỏ phiếu",
        )
    with transaction.atomic():
        _locked(session)
        _mark(session, member, BallotMethod.PAPER)
        # counts made before this paper came are no longer whole
        TellerCount.objects.filter(item__session=session).delete()
        _log(session, "paper", f"Nhận phiếu giấy: {member.name}", actor=actor, now=now)


def void_voting(session: CouncilSession, *, reason: str, actor: Actor, now: datetime) -> None:
    """Throw all papers away, unread, and let the meeting vote again: a lost key, a box that was touched."""
    with transaction.atomic():
        advance(session, "void_voting", actor=actor, now=now, reason=reason)
        BallotBox.objects.filter(item__session=session).delete()
        TellerCount.objects.filter(item__session=session).delete()
        session.marks.all().delete()
        session.box_keys.all().delete()
        for person in holders(session).values():
            if person.user is not None:
                tell(
                    kind="awards.council",
                    text=f"Lần bỏ phiếu bị hủy, sẽ bỏ phiếu lại: {session.title}. {reason.strip()}",
                    address=reverse("council:session", args=[session.pk]),
                    now=now,
                    sender=actor.name,
                    user=person.user,
                )


def _log(
    session: CouncilSession,
    step: str,
    label: str,
    *,
    actor: Actor,
    now: datetime,
    details: Mapping[str, str] | None = None,
) -> None:
    record(
        f"awards.councilsession.{step}",
        session,
        label=label[:200],
        actor=actor,
        now=now,
        object_unit_id=session.council.unit_id,
        details=details,
    )
