"""A meeting of the council: called, its agenda, the summons, who leads it, who came."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.awards.council import composition, conflicts, minutes
from thidua.awards.models import (
    Attendance,
    Candidate,
    CandidateState,
    Council,
    CouncilMember,
    CouncilPost,
    CouncilSession,
    CouncilState,
    Presence,
    SessionItem,
    SessionState,
)
from thidua.core.errors import RuleNotMet
from thidua.core.formats import format_date
from thidua.core.text import nfc
from thidua.documents.models import OutgoingPaper
from thidua.notices.telling import tell


def call_session(
    council: Council,
    *,
    title: str,
    meets_at: datetime,
    place: str = "",
    note: str = "",
    candidates: Collection[Candidate] = (),
    is_on_paper: bool = False,
    actor: Actor,
    now: datetime,
) -> CouncilSession:
    """A new meeting with its agenda; the chair leads it and the secretary writes unless `lead_by` says so."""
    session = CouncilSession(
        council=council,
        title=nfc(" ".join(title.split())),
        meets_at=meets_at,
        place=nfc(" ".join(place.split())),
        note=nfc(note.strip()),
        is_on_paper=is_on_paper,
        made_by=actor.user,
        made_at=now,
    )
    actor.require("councilsession.run", session)
    if council.state != CouncilState.IN_FORCE:
        raise RuleNotMet(
            "Chưa lập được cuộc họp",
            why=f"«{council.name}» chưa hoặc không còn hoạt động",
            next_step="Đưa hội đồng vào hoạt động trước",
        )
    if not session.title:
        raise RuleNotMet("Chưa lập được cuộc họp", why="chưa ghi tên cuộc họp", next_step="Ghi tên cuộc họp")
    members = composition.seats(council)
    session.chaired_by = _with_post(members, CouncilPost.CHAIR)
    session.secretary = _with_post(members, CouncilPost.SECRETARY)
    with transaction.atomic():
        session.save(force_insert=True)
        record(
            "awards.councilsession.call",
            session,
            label="Lập cuộc họp hội đồng",
            actor=actor,
            now=now,
            object_unit_id=council.unit_id,
            after=session.state,
        )
        if candidates:
            put_on_agenda(session, candidates, actor=actor, now=now)
    return session


def _with_post(members: Collection[CouncilMember], post: CouncilPost) -> CouncilMember | None:
    return next((member for member in members if member.post == post), None)


def put_on_agenda(
    session: CouncilSession, candidates: Collection[Candidate], *, actor: Actor, now: datetime
) -> list[SessionItem]:
    """Questions for candidates that were put before the council of this body; of one or several rounds."""
    what = "Chưa đưa vào chương trình họp được"
    _open(session, actor, what=what)
    rows = list(candidates)
    wrong = [
        one
        for one in rows
        if one.state != CandidateState.AT_COUNCIL or one.round.deciding_body_id != session.council.unit_id
    ]
    if wrong:
        raise RuleNotMet(
            what,
            why=f"«{wrong[0].label}» không ở trạng thái «Trình hội đồng» của cơ quan này",
            next_step="Trình hội đồng ở trang đề nghị trước",
        )
    taken = (
        SessionItem.objects.filter(candidate__in=rows, is_concluded=False)
        .exclude(session__state__in=(SessionState.CONCLUDED, SessionState.CANCELLED))
        .select_related("session", "candidate")
        .first()
    )
    if taken is not None:
        raise RuleNotMet(
            what,
            why=f"«{taken.candidate.label}» đã ở trong «{taken.session.title}»",
            next_step="Bỏ khỏi cuộc họp kia trước",
        )
    with transaction.atomic():
        first = session.items.count()
        made = [
            SessionItem.objects.create(session=session, candidate=one, form=one.form, position=first + number)
            for number, one in enumerate(rows, 1)
        ]
        _log(session, "agenda", f"Đưa {len(made)} đề nghị vào chương trình họp", actor=actor, now=now)
        conflicts.detect(session, on=actor.on)
    return made


def take_off_agenda(item: SessionItem, *, actor: Actor, now: datetime) -> None:
    session = item.session
    _open(session, actor, what="Chưa bỏ được khỏi chương trình họp")
    with transaction.atomic():
        _log(session, "agenda", "Bỏ một đề nghị khỏi chương trình họp", actor=actor, now=now)
        item.delete()


def note_discussion(item: SessionItem, text: str, *, actor: Actor, now: datetime) -> None:
    """What was said about a candidate, for the minutes; until the conclusion."""
    session = item.session
    actor.require("councilsession.run", session)
    if session.state in (SessionState.CONCLUDED, SessionState.CANCELLED):
        raise RuleNotMet(
            "Chưa ghi được ý kiến", why="cuộc họp đã xong", next_step="Sửa trong biên bản nếu còn là bản nháp"
        )
    with transaction.atomic():
        item.discussion = nfc(text.strip())
        item.save(update_fields=["discussion"])
        _log(session, "discussion", "Ghi ý kiến thảo luận", actor=actor, now=now)


def lead_by(
    session: CouncilSession, *, chair: CouncilMember, secretary: CouncilMember, actor: Actor, now: datetime
) -> None:
    """Who leads and who writes; they hold the two keys of the box."""
    _open(session, actor, what="Chưa đổi được chủ trì, thư ký")
    if chair.pk == secretary.pk or {chair.council_id, secretary.council_id} != {session.council_id}:
        raise RuleNotMet(
            "Chưa đổi được chủ trì, thư ký",
            why="chủ trì và thư ký phải là hai thành viên khác nhau của hội đồng",
            next_step="Chọn hai người khác nhau",
        )
    with transaction.atomic():
        session.chaired_by, session.secretary = chair, secretary
        session.save(update_fields=["chaired_by", "secretary"])
        session.box_keys.exclude(member__in=(chair, secretary)).delete()
        _log(session, "lead", f"Chủ trì: {chair.name}; thư ký: {secretary.name}", actor=actor, now=now)


def summon(session: CouncilSession, *, actor: Actor, now: datetime) -> OutgoingPaper:
    """Draft the invitation, and tell every member who has an account."""
    with transaction.atomic():
        kept = minutes.draft_summons(session, actor=actor, now=now)
        advance(session, "summon", actor=actor, now=now, changes={"summons": kept})
        day = format_date(session.meets_at.date())
        for member in session.council.members.filter(user__isnull=False).select_related("user"):
            if member.substitutes_for_id is None:
                tell(
                    kind="awards.council",
                    text=f"Mời họp hội đồng ngày {day}: {session.title}",
                    address=reverse("council:session", args=[session.pk]),
                    now=now,
                    sender=actor.name,
                    user=member.user,
                )
    return kept


def begin(session: CouncilSession, *, actor: Actor, now: datetime) -> None:
    advance(session, "begin", actor=actor, now=now)


def cancel(session: CouncilSession, *, reason: str, actor: Actor, now: datetime) -> None:
    """The meeting does not take place; its candidates may go on another agenda."""
    advance(session, "cancel", actor=actor, now=now, reason=reason)


def mark_attendance(
    session: CouncilSession,
    member: CouncilMember,
    presence: Presence | str,
    *,
    substitute: CouncilMember | None = None,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> Attendance:
    """Whether the holder of a seat came, sent a substitute of the list, a written paper, or nothing."""
    what = "Chưa điểm danh được"
    _open(session, actor, what=what)
    if member.council_id != session.council_id or member.substitutes_for_id is not None:
        raise RuleNotMet(what, why="người này không giữ ghế của hội đồng", next_step="Chọn một thành viên")
    if presence == Presence.SUBSTITUTED:
        substitute = substitute or member.substitutes.order_by("pk").first()
        if substitute is None or substitute.substitutes_for_id != member.pk:
            raise RuleNotMet(
                what,
                why=f"{member.name} không có người dự thay trong quyết định",
                next_step="Ghi vắng, hoặc thêm người dự thay vào hội đồng",
            )
    else:
        substitute = None
    with transaction.atomic():
        kept, _ = Attendance.objects.update_or_create(
            session=session,
            member=member,
            defaults={"presence": presence, "substitute": substitute, "note": nfc(note.strip())[:300]},
        )
        _log(session, "attendance", f"Điểm danh: {member.name}, {kept.get_presence_display().lower()}",
             actor=actor, now=now)  # fmt: skip
        conflicts.detect(session, on=actor.on)
    return kept


def _open(session: CouncilSession, actor: Actor, *, what: str) -> None:
    actor.require("councilsession.run", session)
    if session.state not in CouncilSession.OPEN:
        raise RuleNotMet(
            what,
            why=f"cuộc họp đang ở trạng thái «{SessionState(session.state).label}»",
            next_step="Việc này chỉ làm trước khi mở bỏ phiếu",
        )


def _log(session: CouncilSession, step: str, label: str, *, actor: Actor, now: datetime) -> None:
    record(
        f"awards.councilsession.{step}",
        session,
        label=label[:200],
        actor=actor,
        now=now,
        object_unit_id=session.council.unit_id,
    )
