"""The standing body answers an opinion: with a conclusion, a reason, and what follows when it was right."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from thidua.audit.log import Actor, record
from thidua.awards import holding, moving
from thidua.awards.models import CandidateState, Conclusion, Hold, Opinion, Posting
from thidua.core.errors import ChangedMeanwhile, RuleNotMet

WHAT = "Chưa trả lời được ý kiến"


class Consequence(StrEnum):
    """What follows from an opinion that was right."""

    HOLD = "tam_dung"
    RETURN = "tra_lai"
    NOTHING = "khong"


def answer(
    opinion: Opinion,
    *,
    conclusion: str,
    text: str,
    consequence: str = "",
    actor: Actor,
    now: datetime,
) -> Opinion:
    """Keep the answer once, and hold or return the candidate where the opinion was right.

    Raises NotAllowed, RuleNotMet, ChangedMeanwhile when somebody else has answered.
    """
    actor.require("opinion.answer", opinion)
    text = text.strip()
    if conclusion not in Conclusion.values or not text:
        raise RuleNotMet(
            WHAT, why="chưa chọn kết luận hoặc chưa ghi lý do", next_step="Ghi đủ kết luận và lý do"
        )
    if conclusion == Conclusion.NOTED and opinion.is_against:
        raise RuleNotMet(
            WHAT,
            why="ý kiến không đồng tình, khiếu nại phải được kết luận có cơ sở hay không",
            next_step="Chọn «Có cơ sở» hoặc «Không có cơ sở», kèm lý do",
        )
    follows = consequence if conclusion == Conclusion.UPHELD and opinion.is_against else Consequence.NOTHING
    if follows not in list(Consequence):
        raise RuleNotMet(
            WHAT,
            why="ý kiến có cơ sở mà chưa chọn xử lý đề nghị thế nào",
            next_step="Chọn tạm dừng xét, trả lại hồ sơ, hoặc không phải xử lý",
        )
    with transaction.atomic():
        changed = Opinion.objects.filter(pk=opinion.pk, answered_at__isnull=True).update(
            conclusion=conclusion, answer=text, answered_at=now, answered_by=actor.user
        )
        if not changed:
            raise ChangedMeanwhile(
                WHAT, why="người khác vừa trả lời ý kiến này", next_step="Mở lại trang để xem câu trả lời"
            )
        opinion.refresh_from_db()
        record(
            "awards.opinion.answer",
            opinion,
            label="Trả lời ý kiến về danh sách công khai",
            actor=actor,
            now=now,
            object_label=opinion.get_kind_display(),
            object_unit_id=opinion.candidate.round.standing_body_id,
            details={"conclusion": conclusion, "consequence": str(follows)},
        )
        _follow(opinion, follows, text, actor=actor, now=now)
    return opinion


def _follow(opinion: Opinion, follows: str, text: str, *, actor: Actor, now: datetime) -> None:
    candidate = opinion.candidate
    if follows == Consequence.HOLD:
        hold = Hold(
            subject_key=candidate.subject_key,
            unit_id=candidate.home_id,
            kind="complaint",
            reason=text,
            source=f"Ý kiến về danh sách công khai, phiếu {opinion.pk}",
            since=actor.on,
            opinion=opinion,
        )
        holding.enter(hold, actor=actor, now=now)
    elif follows == Consequence.RETURN:
        if candidate.state != CandidateState.POSTED and candidate.state != CandidateState.APPRAISED:
            raise RuleNotMet(
                WHAT,
                why=f"đề nghị đang ở bước «{candidate.get_state_display()}», không trả lại được",
                next_step="Chọn tạm dừng xét",
            )
        moving.send_back(candidate, reason=text, actor=actor, now=now)


def take_down(posting: Posting, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take the public page down before its last day, with a reason. What was said stays to be answered."""
    actor.require("opinion.answer", posting)
    if not reason.strip():
        raise RuleNotMet("Chưa gỡ được danh sách", why="chưa ghi lý do", next_step="Ghi lý do rồi gỡ")
    with transaction.atomic():
        changed = Posting.objects.filter(pk=posting.pk, taken_down_on__isnull=True).update(
            taken_down_on=actor.on, take_down_reason=reason.strip()[:500]
        )
        if not changed:
            return
        posting.refresh_from_db()
        record(
            "awards.posting.take_down",
            posting,
            label="Gỡ danh sách công khai",
            actor=actor,
            now=now,
            object_unit_id=posting.unit_id,
            reason=reason.strip(),
        )
