"""Conflicts of interest: found by keys of units and accounts, or declared; who may not vote on what.

The council's own body is nobody's "own unit": all who sit there would be recused on everybody. Names are
never compared. What follows from an interest is in the lawbook (`award.recusal`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from django.db import transaction

from thidua.audit.log import Actor, record
from thidua.awards import relatives
from thidua.awards.models import (
    Attendance,
    Candidate,
    Conflict,
    ConflictKind,
    CouncilMember,
    CouncilSession,
    PersonRecord,
    SessionItem,
)
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.core.text import nfc
from thidua.criteria import award_law
from thidua.criteria.lawbook import NotInLawbook

#: Interest of the lawbook for each kind.
INTERESTS = {
    ConflictKind.IS_CANDIDATE: "is-candidate",
    ConflictKind.OWN_UNIT: "own-unit",
    ConflictKind.PROPOSED: "proposed",
    ConflictKind.KIN: "kin",
    ConflictKind.DECLARED: "declared",
}


def holders(session: CouncilSession) -> dict[int, CouncilMember]:
    """Seat → who acts for it in this meeting: the member, or the substitute that was sent."""
    members = session.council.members.select_related("user").order_by("position", "pk")
    found = {member.pk: member for member in members if member.substitutes_for_id is None}
    sent = Attendance.objects.filter(session=session, substitute__isnull=False).select_related(
        "substitute__user"
    )
    for row in sent:
        if row.substitute is not None and row.member_id in found:
            found[row.member_id] = row.substitute
    return found


def law_of(kind: ConflictKind | str, *, on: date) -> award_law.Recusal | None:
    try:
        return award_law.recusal(INTERESTS[ConflictKind(kind)], on)
    except NotInLawbook:
        return None


def is_recused(kind: ConflictKind | str, *, on: date) -> bool:
    """Whether who has this interest does not vote; where nothing is written they do not."""
    law = law_of(kind, on=on)
    return law.is_recused if law is not None else True


def detect(session: CouncilSession, *, on: date) -> list[Conflict]:
    """Look again: add what is found, take away what no longer is; declared ones stay. Only before voting."""
    items = list(session.items.select_related("candidate__person", "candidate__household"))
    acting = holders(session)
    body = {session.council.unit_id, session.council.standing_body_id}
    wanted: dict[tuple[int, int, str], str] = {}
    for item in items:
        near = relatives.of(item.candidate, on=on)
        users = _users(near)
        for seat, person in acting.items():
            for kind, why in _interests(item.candidate, person, near, users, body=body):
                wanted.setdefault((item.pk, seat, kind), why)
    kept = Conflict.objects.filter(item__session=session, is_declared=False)
    known = {(row.item_id, row.member_id, row.kind): row for row in kept}
    with transaction.atomic():
        Conflict.objects.filter(pk__in=[row.pk for key, row in known.items() if key not in wanted]).delete()
        declared = set(
            Conflict.objects.filter(item__session=session, is_declared=True).values_list(
                "item_id", "member_id", "kind"
            )
        )
        return Conflict.objects.bulk_create(
            Conflict(
                item_id=item_id,
                member_id=seat,
                kind=kind,
                why=why[:500],
                is_recused=is_recused(kind, on=on),
            )
            for (item_id, seat, kind), why in wanted.items()
            if (item_id, seat, kind) not in known.keys() | declared
        )


def _users(near: Mapping[str, str]) -> dict[int, str]:
    """Accounts of the persons among the relatives of a subject, with how they are related."""
    keys = {int(key.removeprefix("person:")): how for key, how in near.items() if key.startswith("person:")}
    rows = PersonRecord.objects.filter(pk__in=keys, user__isnull=False).values_list("pk", "user_id")
    return {user_id: keys[pk] for pk, user_id in rows if user_id is not None}


def _interests(
    candidate: Candidate,
    person: CouncilMember,
    near: Mapping[str, str],
    users: dict[int, str],
    *,
    body: set[int],
) -> Iterator[tuple[ConflictKind, str]]:
    if person.user_id is not None and person.user_id in users:
        how = users[person.user_id]
        if how == "chủ hộ":
            yield ConflictKind.KIN, f"{person.name} là chủ hộ được xét"
        else:
            yield ConflictKind.IS_CANDIDATE, f"{person.name} được đề nghị khen thưởng"
    own = person.unit_id
    if own is None or own in body:
        return
    if own == candidate.home_id or f"unit:{own}" in near:
        yield ConflictKind.OWN_UNIT, f"{person.name} công tác tại đơn vị được xét"
    elif own == candidate.proposer_id:
        yield ConflictKind.PROPOSED, f"đơn vị của {person.name} đề nghị"


def declare_conflict(
    item: SessionItem,
    member: CouncilMember,
    *,
    kind: ConflictKind | str = ConflictKind.DECLARED,
    why: str,
    actor: Actor,
    now: datetime,
) -> Conflict:
    """A member says that they should not vote on a candidate; the secretary may write it down for them."""
    session = item.session
    _before_voting(session)
    if actor.user is None or holders(session)[member.pk].user_id != actor.user.pk:
        actor.require("councilsession.run", session)
    why = nfc(" ".join(why.split()))
    if not why:
        raise RuleNotMet("Chưa ghi được", why="chưa ghi lý do", next_step="Ghi lý do không bỏ phiếu")
    with transaction.atomic():
        made, _ = Conflict.objects.update_or_create(
            item=item,
            member=member,
            kind=kind,
            defaults={
                "why": why[:500],
                "is_declared": True,
                "is_recused": is_recused(kind, on=actor.on),
                "set_aside": "",
            },
        )
        _log(session, "declare", f"Khai xung đột lợi ích: {member.name}", actor=actor, now=now)
    return made


def set_aside(conflict: Conflict, *, reason: str, actor: Actor, now: datetime) -> None:
    """Let a found interest not count, with a reason for the minutes; not the own case, nor a declared one."""
    session = conflict.item.session
    actor.require("councilsession.run", session)
    _before_voting(session)
    if actor.user is not None and holders(session)[conflict.member_id].user_id == actor.user.pk:
        raise NotAllowed(
            "Bạn chưa được bỏ qua xung đột lợi ích này",
            why="xung đột là của chính bạn",
            next_step="Để người khác trong cơ quan thường trực quyết định",
        )
    if conflict.is_declared or conflict.kind in (ConflictKind.IS_CANDIDATE, ConflictKind.KIN):
        raise RuleNotMet(
            "Không bỏ qua được xung đột lợi ích này",
            why="người được xét, người thân, hay người tự khai thì không bỏ phiếu",
            next_step="Giữ nguyên, thành viên không bỏ phiếu nội dung này",
        )
    reason = nfc(" ".join(reason.split()))
    if not reason:
        raise RuleNotMet("Chưa bỏ qua được", why="chưa ghi lý do", next_step="Ghi lý do để đưa vào biên bản")
    with transaction.atomic():
        conflict.is_recused, conflict.set_aside = False, reason[:500]
        conflict.save(update_fields=["is_recused", "set_aside"])
        _log(
            session, "set_aside", f"Cho bỏ phiếu dù có xung đột lợi ích: {conflict.member.name}",
            actor=actor, now=now, reason=reason,
        )  # fmt: skip


def recused(session: CouncilSession) -> dict[int, set[int]]:
    """Question → seats that have no paper for it."""
    found: dict[int, set[int]] = {}
    rows = Conflict.objects.filter(item__session=session, is_recused=True)
    for item_id, member_id in rows.values_list("item_id", "member_id"):
        found.setdefault(item_id, set()).add(member_id)
    return found


def _before_voting(session: CouncilSession) -> None:
    if session.state not in CouncilSession.OPEN:
        raise RuleNotMet(
            "Chưa ghi được",
            why="đã mở bỏ phiếu, phiếu đã phát theo danh sách lúc mở",
            next_step="Hủy lần bỏ phiếu này nếu phải sửa",
        )


def _log(
    session: CouncilSession, step: str, label: str, *, actor: Actor, now: datetime, reason: str = ""
) -> None:
    record(
        f"awards.councilsession.{step}",
        session,
        label=label[:200],
        actor=actor,
        now=now,
        object_unit_id=session.council.unit_id,
        reason=reason,
    )
