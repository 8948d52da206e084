"""What an issued paper does: the whole list is decided, forwarded, revoked or corrected in one act.

All or nothing, and once: the row of the decision is locked, its state asked again, and all that follows
(steps of the cases, rows of the register, numbers of the golden book, bonus by the law of the date, notices)
is one transaction. A process that dies has done nothing; done again, nothing happens twice.

Small lists are carried out when their paper is issued, so that a case that something holds up keeps the paper
from being issued. Long lists go to a worker.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from thidua.audit.log import Actor, System
from thidua.audit.workflow import advance
from thidua.awards import checks, moving
from thidua.awards.decisions import certificates, decision_papers, money
from thidua.awards.decisions.certificates import Printed
from thidua.awards.models import (
    AwardDecision,
    AwardState,
    Bonus,
    Certificate,
    DecisionKind,
    DecisionLine,
    RegisteredAward,
)
from thidua.awards.register import entering
from thidua.core.errors import RuleNotMet, UserError
from thidua.documents.models import OutgoingPaper
from thidua.jobs.queue import enqueue
from thidua.notices.models import Notice
from thidua.notices.telling import written

CARRY_OUT = "awards.carry_out"
#: Longer lists are carried out by a worker.
LONG_LIST = 60
WHAT = "Chưa ghi được kết quả"
Steps = Callable[[int, int], None]


def _no_steps(_done: int, _total: int) -> None:
    return None


def when_issued(paper: OutgoingPaper, *, actor: Actor, now: datetime) -> None:
    """Called inside the transaction in which a paper about a decision is issued."""
    decision = AwardDecision.objects.filter(paper=paper).first()
    if decision is None or not decision.is_prepared:
        return
    if decision.lines.count() > LONG_LIST:
        enqueue(
            CARRY_OUT,
            args={"decision_id": decision.pk},
            key=f"{CARRY_OUT}/{decision.pk}",
            requested_by=actor.user,
        )
        return
    by_issue = System(on=actor.on, name=f"Phát hành {paper.notation}"[:300])
    carry_out(decision, actor=by_issue, now=now)


def carry_out(
    decision: AwardDecision, *, actor: Actor, now: datetime, progress: Steps = _no_steps
) -> AwardDecision:
    """Let the issued paper of a decision take effect on its date; the second time nothing changes.

    Raises NotAllowed, RuleNotMet: the paper is not issued, or something is in the way of one of the list.
    """
    actor.require("decision.carry_out", decision)
    try:
        with transaction.atomic():
            locked = (
                AwardDecision.objects.select_for_update(of=("self",))
                .select_related("paper__given", "paper__signed_by", "unit", "round__movement", "to_round")
                .get(pk=decision.pk)
            )
            if not locked.is_prepared:
                return locked
            _carry_out(locked, actor=actor, now=now, progress=progress)
    except UserError as refusal:
        AwardDecision.objects.filter(pk=decision.pk).update(trouble=refusal.message)
        raise
    decision.refresh_from_db()
    return decision


def _carry_out(decision: AwardDecision, *, actor: Actor, now: datetime, progress: Steps) -> None:
    paper = decision.paper
    given = paper.given if paper is not None else None
    changes: dict[str, object] = {"carried_out_at": now, "trouble": ""}
    if given is not None:
        changes |= {"number": str(given), "dated": given.dated}
        signed_by = paper.signed_by if paper is not None else None
        changes["signer_name"] = decision.signer_name or str(signed_by or "")
    advance(decision, "carry_out", actor=actor, now=now, changes=changes)
    assert decision.dated is not None
    by_paper = System(on=decision.dated, name=f"{decision.get_kind_display()} {decision.number}"[:300])
    lines = list(
        decision.lines.select_related(
            "candidate__round__movement",
            "candidate__round__deciding_body",
            "candidate__person",
            "candidate__household",
            "candidate__unit",
            "award__certificate",
            "award__keeper",
        ).order_by("position", "pk")
    )
    do = {
        DecisionKind.AWARD: _decide,
        DecisionKind.SUBMISSION: _forward,
        DecisionKind.REVOCATION: _revoke,
        DecisionKind.CORRECTION: _correct,
    }[DecisionKind(decision.kind)]
    do(decision, lines, by_paper, now, progress)
    _tell(decision, lines, now=now)


def _decide(
    decision: AwardDecision, lines: list[DecisionLine], actor: System, now: datetime, progress: Steps
) -> None:
    assert decision.dated is not None
    money.count_again(decision, on=decision.dated)
    bonuses = {one.line_id: one for one in Bonus.objects.filter(line__decision=decision)}
    book, numbers = certificates.take_numbers(decision.unit_id, decision.dated.year, len(lines))
    awards: list[RegisteredAward] = []
    for at, (line, number) in enumerate(zip(lines, numbers, strict=True)):
        awards.append(_decided(line, bonuses[line.pk], number, decision=decision, actor=actor, now=now))
        progress(at + 1, len(lines))
    DecisionLine.objects.bulk_update(lines, ["award"], batch_size=500)
    printed = [
        Printed(line.detail, decision.decider, decision.place, decision.signer_title, decision.signer_name)
        for line in lines
    ]
    certificates.write(awards, printed, book=book, numbers=numbers)


def _decided(
    line: DecisionLine, bonus: Bonus, number: int, *, decision: AwardDecision, actor: System, now: datetime
) -> RegisteredAward:
    candidate = line.candidate
    assert candidate is not None
    assert decision.dated is not None
    if candidate.form != decision.form:
        raise RuleNotMet(
            WHAT,
            why=f"hình thức của «{candidate.label}» đã đổi sau khi lập danh sách",
            next_step="Hủy số, bỏ đối tượng này khỏi danh sách, soạn lại văn bản",
        )
    checks.refuse(candidate, on=decision.dated, what=f"{WHAT} cho «{line.name}»")
    advance(
        candidate,
        "decide",
        actor=actor,
        now=now,
        changes={"moved_at": now, "reason": ""},
        details={"quyết định": decision.number, "ngày": decision.dated},
    )
    new = entering.of_candidate(
        candidate,
        decided_on=decision.dated,
        decision_number=decision.number,
        issuer=decision.unit,
        signer=decision.signer_name,
        bonus=bonus.amount,
        golden_book_number=str(number),
        paper=decision.paper,
    )
    new = replace(new, subject_name=line.name, achievement=line.achievement)
    award = entering.enter(new, actor=actor, now=now)
    line.award = award
    return award


def _forward(
    decision: AwardDecision, lines: list[DecisionLine], actor: System, now: datetime, progress: Steps
) -> None:
    for at, line in enumerate(lines):
        assert line.candidate is not None
        moving.forward(line.candidate, to=decision.to_round, actor=actor, now=now)
        progress(at + 1, len(lines))


def _revoke(
    decision: AwardDecision, lines: list[DecisionLine], actor: System, now: datetime, progress: Steps
) -> None:
    assert decision.dated is not None
    reason = f"{decision.ground}. {decision.reason}".strip(". ")
    for at, line in enumerate(lines):
        award = line.award
        assert award is not None
        due = decision_papers.paid_for(award)
        entering.revoke(
            award,
            revoked_on=decision.dated,
            by=f"Quyết định số {decision.number} ngày {decision.dated:%d/%m/%Y}",
            reason=reason,
            actor=actor,
            now=now,
        )
        # where the award came out of a decision here, its bonus row is the one to be paid back
        Bonus.objects.filter(line__award=award, line__decision__kind=DecisionKind.AWARD).update(to_return=due)
        if not Bonus.objects.filter(line__award=award).exists():
            Bonus.objects.create(line=line, amount=award.bonus, to_return=due, steps="theo sổ khen thưởng")
        progress(at + 1, len(lines))


def _correct(
    decision: AwardDecision, lines: list[DecisionLine], actor: System, now: datetime, progress: Steps
) -> None:
    assert decision.dated is not None
    by = f"Công văn số {decision.number} ngày {decision.dated:%d/%m/%Y}"
    for at, line in enumerate(lines):
        award = line.award
        assert award is not None
        certificate = Certificate.objects.filter(award=award).first()
        said = entering.said_by(award)
        new = replace(said, subject_name=line.name, achievement=line.achievement)
        corrected = entering.correct(
            award, new, by=by, reason=decision.reason or "Đính chính", actor=actor, now=now
        )
        DecisionLine.objects.filter(award=award, decision__kind=DecisionKind.AWARD).update(award=corrected)
        DecisionLine.objects.filter(pk=line.pk).update(award=corrected)
        if certificate is not None:
            # the same number and code; to be printed again
            Certificate.objects.filter(pk=certificate.pk).update(
                award=corrected, detail=line.detail[:500], edition=certificate.edition + 1, printed_at=None
            )
        progress(at + 1, len(lines))


def _tell(decision: AwardDecision, lines: list[DecisionLine], *, now: datetime) -> None:
    """One notice for each unit concerned, however many of its subjects are on the list."""
    units: Counter[int] = Counter()
    for line in lines:
        unit_id = line.candidate.proposer_id if line.candidate is not None else None
        if unit_id is None and line.award is not None:
            unit_id = line.award.unit_id
        if unit_id is not None:
            units[unit_id] += 1
    said = {
        DecisionKind.AWARD: "Đã có quyết định khen thưởng",
        DecisionKind.SUBMISSION: "Đã trình cấp trên khen thưởng",
        DecisionKind.REVOCATION: "Đã hủy bỏ khen thưởng, thu hồi bằng và tiền thưởng",
        DecisionKind.CORRECTION: "Đã đính chính khen thưởng",
    }[DecisionKind(decision.kind)]
    Notice.objects.bulk_create(
        [
            written(
                kind="awards.decision",
                text=f"{said}: văn bản số {decision.number}, {count} đối tượng của đơn vị",
                address=reverse("awards:decision", args=[decision.pk]),
                now=now,
                sender=decision.decider,
                unit_id=unit_id,
            )
            for unit_id, count in sorted(units.items())
        ]
    )


def still_in_force(award: RegisteredAward) -> bool:
    return award.state == AwardState.IN_FORCE


def carried_out_by(on: date) -> System:
    """Who acts when a worker carries out a long list."""
    return System(on=on, name="Ghi kết quả theo quyết định")
