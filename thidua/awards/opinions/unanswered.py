"""What of the public's opinions stands between a candidate and the council.

A complaint or denunciation that nobody has concluded is a hold by law (P9) and blocks. An objection asks for
an answer; the law does not say so of it, so a head may let the case pass with a reason that is logged.
"""

from __future__ import annotations

from datetime import date

from thidua.awards.findings import Finding, Ground, ground
from thidua.awards.models import Candidate, CandidateState, Opinion, OpinionKind
from thidua.criteria import lawbook
from thidua.criteria.award_law import Effect

#: While the case is on the way to the council.
ASKED_IN = (CandidateState.APPRAISED, CandidateState.POSTED, CandidateState.AT_COUNCIL)
KEY = "award.publicity_answer"


def findings(candidate: Candidate, *, on: date) -> list[Finding]:
    """One finding for each kind of opinion against the candidate that waits. One query."""
    if candidate.state not in ASKED_IN or candidate.posted_on is None:
        return []
    waiting: dict[str, list[int]] = {}
    rows = Opinion.objects.filter(candidate=candidate, answered_at__isnull=True, kind__in=Opinion.AGAINST)
    for pk, kind in rows.order_by("pk").values_list("pk", "kind"):
        waiting.setdefault(kind, []).append(pk)
    found = []
    if complaints := waiting.get(OpinionKind.COMPLAINT):
        found.append(_finding(complaints, "khiếu nại, tố cáo chưa có kết luận", ground("p09", on)))
    if objections := waiting.get(OpinionKind.OBJECTION):
        found.append(_finding(objections, "ý kiến không đồng tình chưa được trả lời", _answers(on)))
    return found


def _finding(pks: list[int], what: str, rule: Ground) -> Finding:
    return Finding(
        # a further opinion is another finding: the reason given before does not cover it
        f"opinion:{pks[-1]}",
        rule.effect,
        "Ý kiến về danh sách công khai",
        f"còn {len(pks)} {what}",
        "Mở trang lấy ý kiến, xác minh rồi trả lời kèm kết luận",
        rule.citation,
        rule.confirmed,
    )


def _answers(on: date) -> Ground:
    """The lawbook's word on objections; until somebody has read it in a law, a reason lets them pass."""
    found = lawbook.book().find(KEY, on=on)
    if found is None:
        return Ground(Effect.REASON, "", confirmed=True)
    return Ground(Effect(found.value), found.citation, found.confirmed)
