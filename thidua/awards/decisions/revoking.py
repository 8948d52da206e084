"""Taking awards back, and mending what a decision or the register says wrongly: each by a paper of its own.

The award stays in the register with what became of it. Grounds come from the lawbook; one that nobody has
read in the original is marked and does not block.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from thidua.audit.log import Actor, record
from thidua.awards.decisions import wording
from thidua.awards.models import (
    AwardDecision,
    AwardState,
    Certificate,
    DecisionKind,
    DecisionLine,
    DecisionState,
    RegisteredAward,
)
from thidua.core.errors import RuleNotMet
from thidua.core.text import fold
from thidua.criteria import award_law
from thidua.criteria.lawbook import NotInLawbook

#: Day whose grounds are taken where those of the day were not read.
GROUNDS_DAY = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Grounds:
    """The grounds of the law for taking an award back, with their article."""

    items: tuple[str, ...]
    citation: str
    is_confirmed: bool


def grounds(on: date) -> Grounds:
    try:
        found, is_of_the_day = award_law.revocation_grounds(on), True
    except NotInLawbook:
        found, is_of_the_day = award_law.revocation_grounds(GROUNDS_DAY), False
    return Grounds(found.items, found.source.citation, found.source.confirmed and is_of_the_day)


def revoke(
    awards: Collection[RegisteredAward], *, ground: str, reason: str, actor: Actor, now: datetime
) -> AwardDecision:
    """Prepare the decision that takes awards back; they count until it is issued.

    Raises NotAllowed, RuleNotMet for an award not in force, a ground the law does not name, no reason.
    """
    what = "Chưa lập được quyết định hủy bỏ"
    law = grounds(actor.on)
    if ground not in law.items:
        raise RuleNotMet(
            what, why="chưa chọn căn cứ hủy bỏ", next_step=f"Chọn một căn cứ theo {law.citation}"
        )
    if not reason.strip():
        raise RuleNotMet(
            what, why="chưa ghi kết luận, sự việc", next_step="Ghi văn bản kết luận và nội dung sai phạm"
        )
    return _prepare(
        awards,
        kind=DecisionKind.REVOCATION,
        title="Về việc hủy bỏ khen thưởng, thu hồi hiện vật và tiền thưởng",
        ground=ground,
        citation=law.citation,
        reason=reason,
        what=what,
        actor=actor,
        now=now,
    )


def correct(
    award: RegisteredAward,
    *,
    name: str,
    detail: str,
    achievement: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> AwardDecision:
    """Prepare the letter that mends the words of one award. Raises as `revoke` does."""
    what = "Chưa lập được đính chính"
    if not name.strip() or not reason.strip():
        raise RuleNotMet(what, why="chưa ghi tên hoặc lý do", next_step="Ghi đủ rồi lưu")
    return _prepare(
        [award],
        kind=DecisionKind.CORRECTION,
        title="Về việc đính chính quyết định khen thưởng",
        reason=reason,
        what=what,
        words=(name, detail, achievement),
        actor=actor,
        now=now,
    )


def _prepare(
    awards: Collection[RegisteredAward],
    *,
    kind: DecisionKind,
    title: str,
    reason: str,
    what: str,
    ground: str = "",
    citation: str = "",
    words: tuple[str, str, str] | None = None,
    actor: Actor,
    now: datetime,
) -> AwardDecision:
    rows = list(awards)
    if not rows:
        raise RuleNotMet(what, why="chưa chọn khoản khen thưởng nào", next_step="Chọn trong sổ khen thưởng")
    first = rows[0]
    body = first.issuer_id or first.keeper_id
    before = AwardDecision.objects.filter(
        lines__award=first, kind=DecisionKind.AWARD, state=DecisionState.CARRIED_OUT
    ).first()
    standing = before.standing_body_id if before is not None else body
    decider = wording.decider_of(body, on=actor.on)
    decision = AwardDecision(
        kind=kind,
        unit_id=body,
        standing_body_id=standing,
        round=before.round if before is not None else None,
        form=first.form,
        title=title,
        decider=decider.title,
        signer_title=decider.signer_title,
        place=decider.place,
        ground=ground,
        ground_citation=citation,
        reason=" ".join(reason.split()),
        search_text=fold(f"{title} {' '.join(one.subject_name for one in rows[:20])}"),
        made_by=actor.user,
        made_at=now,
    )
    actor.require("decision.prepare", decision)
    for one in rows:
        _refuse_unfit(one, body, what)
    details = dict(Certificate.objects.filter(award__in=rows).values_list("award_id", "detail"))
    with transaction.atomic():
        decision.save(force_insert=True)
        for at, one in enumerate(rows, 1):
            name, detail, achievement = words or (
                one.subject_name,
                details.get(one.pk, one.unit_name),
                one.achievement,
            )
            DecisionLine.objects.create(
                decision=decision,
                position=at,
                award=one,
                name=" ".join(name.split())[:400],
                detail=" ".join(detail.split())[:500],
                achievement=" ".join(achievement.split())[:1000],
            )
        record(
            "awards.awarddecision.prepare",
            decision,
            label=f"Lập: {decision.get_kind_display().lower()}",
            actor=actor,
            now=now,
            object_unit_id=body,
            after=decision.state,
            reason=decision.reason,
            details={"số khoản": len(rows), "căn cứ": ground},
        )
    return decision


def _refuse_unfit(award: RegisteredAward, body: int, what: str) -> None:
    if (award.issuer_id or award.keeper_id) != body:
        raise RuleNotMet(
            what,
            why="các khoản do nhiều cơ quan quyết định",
            next_step="Lập riêng cho từng cơ quan đã quyết định",
        )
    if award.state != AwardState.IN_FORCE:
        raise RuleNotMet(
            what,
            why=f"«{award.subject_name}» đang ở tình trạng «{award.get_state_display()}»",
            next_step="Chỉ lập cho khoản còn hiệu lực",
        )
    waiting = AwardDecision.objects.filter(
        lines__award=award,
        lines__is_alive=True,
        state=DecisionState.PREPARED,
        kind__in=(DecisionKind.REVOCATION, DecisionKind.CORRECTION),
    )
    if waiting.exists():
        raise RuleNotMet(
            what,
            why=f"«{award.subject_name}» đã ở một quyết định đang chuẩn bị",
            next_step="Mở quyết định đó để soạn tiếp hoặc bỏ",
        )
