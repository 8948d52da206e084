"""Paper ballots, typed in by two tellers who do not see each other's counts; they must agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from thidua.audit.log import Actor, record
from thidua.awards.council.conflicts import holders, recused
from thidua.awards.models import (
    BallotMark,
    BallotMethod,
    CouncilSession,
    SessionItem,
    SessionState,
    TellerCount,
)
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.criteria.ballots import Tally

TELLERS = 2


@dataclass(frozen=True, slots=True)
class Difference:
    """A question on which the two counts differ."""

    item: SessionItem
    one: Tally
    other: Tally


def expected(session: CouncilSession) -> dict[int, int]:
    """Question → paper ballots that were handed in for it, less those of seats that are recused there."""
    seats = set(
        BallotMark.objects.filter(session=session, method=BallotMethod.PAPER).values_list(
            "member_id", flat=True
        )
    )
    without = recused(session)
    keys = session.items.values_list("pk", flat=True)
    return {key: len(seats - without.get(key, set())) for key in keys}


def may_tell(session: CouncilSession, actor: Actor) -> bool:
    """Members of the council, and who runs the meeting."""
    if actor.user is None:
        return False
    if any(person.user_id == actor.user.pk for person in holders(session).values()):
        return True
    try:
        actor.require("councilsession.run", session)
    except NotAllowed:
        return False
    return True


def type_in(session: CouncilSession, counts: Mapping[int, Tally], *, actor: Actor, now: datetime) -> None:
    """The count of one teller, on all questions. Raises RuleNotMet when papers are missing or too many."""
    what = "Chưa ghi được kết quả kiểm phiếu giấy"
    if actor.user is None or not may_tell(session, actor):
        raise NotAllowed(
            what, why="bạn không thuộc hội đồng hay cơ quan thường trực", next_step="Nhờ tổ kiểm phiếu ghi"
        )
    if session.state != SessionState.VOTING:
        raise RuleNotMet(what, why="cuộc họp không ở bước bỏ phiếu", next_step="Mở lại trang cuộc họp")
    wanted = expected(session)
    if not any(wanted.values()):
        raise RuleNotMet(what, why="chưa nhận phiếu giấy nào", next_step="Ghi ai nộp phiếu giấy trước")
    for item in session.items.select_related("candidate"):
        tally = counts.get(item.pk)
        if tally is None or tally.papers != wanted[item.pk]:
            typed = 0 if tally is None else tally.papers
            raise RuleNotMet(
                what,
                why=f"«{item.candidate.label}»: ghi {typed} phiếu, mà nhận {wanted[item.pk]} phiếu giấy",
                next_step="Đếm lại; phiếu trắng và phiếu không hợp lệ cũng ghi đủ",
            )
    with transaction.atomic():
        CouncilSession.objects.select_for_update().get(pk=session.pk)
        others = TellerCount.objects.filter(item__session=session).exclude(user=actor.user)
        if others.values("user").distinct().count() >= TELLERS:
            raise RuleNotMet(
                what, why="đã đủ hai người kiểm phiếu", next_step="Một trong hai người kiểm phiếu sửa lại"
            )
        for item_id, tally in counts.items():
            TellerCount.objects.update_or_create(
                item_id=item_id,
                user=actor.user,
                defaults={
                    "yes": tally.yes,
                    "no": tally.no,
                    "blank": tally.blank,
                    "spoilt": tally.spoilt,
                },
            )
        record(
            "awards.councilsession.teller",
            session,
            label="Kiểm phiếu giấy",
            actor=actor,
            now=now,
            object_unit_id=session.council.unit_id,
        )


def by_teller(session: CouncilSession) -> dict[int, dict[int, Tally]]:
    """Account of the teller → question → count."""
    found: dict[int, dict[int, Tally]] = {}
    for row in TellerCount.objects.filter(item__session=session).order_by("user_id"):
        found.setdefault(row.user_id, {})[row.item_id] = Tally(row.yes, row.no, row.blank, row.spoilt)
    return found


def differences(session: CouncilSession) -> list[Difference]:
    """Where the two counts differ; empty while there are fewer than two."""
    counts = list(by_teller(session).values())
    if len(counts) < TELLERS:
        return []
    one, other = counts[0], counts[1]
    return [
        Difference(item, one[item.pk], other[item.pk])
        for item in session.items.select_related("candidate").order_by("position", "pk")
        if item.pk in one and item.pk in other and one[item.pk] != other[item.pk]
    ]


def agreed(session: CouncilSession) -> dict[int, Tally]:
    """The count of the paper ballots on each question. Raises RuleNotMet unless two agree."""
    wanted = expected(session)
    if not any(wanted.values()):
        return {key: Tally(0, 0) for key in wanted}
    counts = list(by_teller(session).values())
    what = "Chưa kiểm phiếu được"
    if len(counts) < TELLERS:
        raise RuleNotMet(
            what,
            why=f"mới có {len(counts)} người ghi kết quả phiếu giấy, cần hai người",
            next_step="Hai người kiểm phiếu, mỗi người tự đếm và ghi",
        )
    wrong = differences(session)
    if wrong:
        labels = ", ".join(f"«{one.item.candidate.label}»" for one in wrong[:3])
        raise RuleNotMet(
            what,
            why=f"hai người kiểm phiếu ghi khác nhau ở {labels}",
            next_step="Hai người đếm lại, ghi lại cho khớp",
        )
    return counts[0]
