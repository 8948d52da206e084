"""Which candidates can be decided or forwarded, and putting them on the list of a paper.

A list is of one round and one form. Until its paper has a number the list may change; the paper is then
drafted again. Hides the order of a list: collectives, households, persons, each by name.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.awards import checks, process
from thidua.awards.decisions import decision_papers, money, wording
from thidua.awards.models import (
    AwardDecision,
    AwardRound,
    AwardSubjectType,
    Candidate,
    CandidateState,
    DecisionKind,
    DecisionLine,
    Fund,
)
from thidua.awards.papers import printed_form
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.text import fold
from thidua.documents.models import OutgoingPaper, PaperState
from thidua.documents.papers import drafting

#: Collectives first, then households, then persons.
ORDER = {AwardSubjectType.HOUSEHOLD: 1, AwardSubjectType.PERSON: 2}


def waiting(round_: AwardRound, *, form: str = "", kind: str = DecisionKind.AWARD) -> QuerySet[Candidate]:
    """Candidates that may go on a list now: passed, or appraised where no council is asked for."""
    here = kind == DecisionKind.AWARD
    forms = round_.forms.filter(is_decided_here=here).values("form")
    rows = round_.candidates.filter(
        state__in=(CandidateState.PASSED, CandidateState.APPRAISED), form__in=forms
    ).exclude(decision_lines__is_alive=True)
    if not here:
        offered = round_.forms.filter(is_decided_here=True).values("form")
        rows = rows.exclude(form__in=offered)
    return rows.filter(form=form) if form else rows


def ready(round_: AwardRound, *, form: str = "", kind: str = DecisionKind.AWARD, on: date) -> list[Candidate]:
    """Of `waiting`, those that need no council first; in the order of a list."""
    rows = waiting(round_, form=form, kind=kind).select_related("round__movement", "person", "household")
    found = [
        one
        for one in rows
        if one.state == CandidateState.PASSED or not process.step("council", one, on=on).is_needed
    ]
    return sorted(found, key=_place)


def _place(candidate: Candidate) -> tuple[int, str, int]:
    return (ORDER.get(AwardSubjectType(candidate.subject_type), 0), candidate.label_order, candidate.pk)


def prepare(
    round_: AwardRound,
    candidates: Collection[Candidate],
    *,
    kind: DecisionKind | str = DecisionKind.AWARD,
    fund: Fund | str = Fund.OWN,
    fund_note: str = "",
    to_round: AwardRound | None = None,
    to_body: str = "",
    actor: Actor,
    now: datetime,
) -> AwardDecision:
    """A new list of candidates of one form, with the words proposed for each. The paper is drafted apart.

    Raises NotAllowed, RuleNotMet for a candidate that is not ready or on a list already.
    """
    what = "Chưa lập được danh sách"
    rows = sorted(candidates, key=_place)
    _refuse_mixed(round_, rows, kind=kind, on=actor.on, what=what)
    form = rows[0].form
    decider = wording.decider_of(round_.deciding_body_id, on=actor.on)
    name = printed_form(rows[0], actor.on)
    verb = "Về việc tặng" if kind == DecisionKind.AWARD else "Về việc đề nghị tặng"
    decision = AwardDecision(
        kind=kind,
        unit_id=round_.deciding_body_id,
        standing_body_id=round_.standing_body_id,
        round=round_,
        form=form,
        title=f"{verb} {name}",
        decider=decider.title,
        signer_title=decider.signer_title,
        place=decider.place,
        fund=fund,
        fund_note=fund_note.strip(),
        to_round=to_round,
        to_body=to_body.strip(),
        search_text=fold(f"{verb} {name} {round_.name}"),
        made_by=actor.user,
        made_at=now,
    )
    actor.require("decision.prepare", decision)
    try:
        with transaction.atomic():
            decision.save(force_insert=True)
            _add_lines(decision, rows, after=0, on=actor.on)
            if decision.gives:
                money.count_again(decision, on=actor.on)
            record(
                "awards.awarddecision.prepare",
                decision,
                label=f"Lập danh sách: {decision.get_kind_display().lower()}",
                actor=actor,
                now=now,
                object_unit_id=decision.unit_id,
                after=decision.state,
                details={"số đối tượng": len(rows), "form": form},
            )
    except IntegrityError as error:
        raise _already(what) from error
    return decision


def _already(what: str) -> ChangedMeanwhile:
    return ChangedMeanwhile(
        what, why="có đề nghị vừa được đưa vào danh sách khác", next_step="Mở lại trang rồi chọn lại"
    )


def _refuse_mixed(
    round_: AwardRound, rows: list[Candidate], *, kind: DecisionKind | str, on: date, what: str
) -> None:
    if not rows:
        raise RuleNotMet(what, why="chưa chọn đề nghị nào", next_step="Chọn ít nhất một đề nghị")
    if len({one.form for one in rows}) != 1:
        raise RuleNotMet(
            what,
            why="danh sách có nhiều hình thức khen thưởng",
            next_step="Lập mỗi hình thức một quyết định",
        )
    able = {one.pk for one in ready(round_, form=rows[0].form, kind=kind, on=on)}
    for one in rows:
        if one.round_id != round_.pk or one.pk not in able:
            raise RuleNotMet(
                what,
                why=f"«{one.label}» chưa được hội đồng thông qua, hoặc đã ở danh sách khác",
                next_step="Mở đề nghị đó để xem còn bước nào, rồi chọn lại",
            )


def _add_lines(decision: AwardDecision, rows: list[Candidate], *, after: int, on: date) -> None:
    details = wording.details_of(rows, on=on)
    DecisionLine.objects.bulk_create(
        [
            DecisionLine(
                decision=decision,
                position=after + at,
                candidate=one,
                name=wording.name_of(one)[:400],
                detail=details[one.pk][:500],
                achievement=wording.achievement_of(one.round)[:1000],
            )
            for at, one in enumerate(rows, 1)
        ],
        batch_size=500,
    )


def add(decision: AwardDecision, candidates: Collection[Candidate], *, actor: Actor, now: datetime) -> None:
    """More candidates onto a list that may still change."""
    what = "Chưa thêm được vào danh sách"
    _require_open(decision, actor=actor, what=what)
    assert decision.round is not None
    rows = sorted(candidates, key=_place)
    _refuse_mixed(decision.round, rows, kind=decision.kind, on=actor.on, what=what)
    if rows[0].form != decision.form:
        raise RuleNotMet(what, why="khác hình thức của danh sách", next_step="Lập quyết định khác")
    try:
        with transaction.atomic():
            last = decision.lines.aggregate(last=Max("position"))["last"] or 0
            _add_lines(decision, rows, after=last, on=actor.on)
            if decision.gives:
                money.count_again(decision, on=actor.on)
            _logged(decision, "add", "Thêm vào danh sách", actor=actor, now=now, count=len(rows))
    except IntegrityError as error:
        raise _already(what) from error


def take_out(line: DecisionLine, *, actor: Actor, now: datetime) -> None:
    """One subject off the list; its case waits again."""
    decision = line.decision
    _require_open(decision, actor=actor, what="Chưa bỏ được khỏi danh sách")
    if decision.lines.count() == 1:
        raise RuleNotMet(
            "Chưa bỏ được khỏi danh sách",
            why="danh sách chỉ còn một dòng",
            next_step="Bỏ cả quyết định nếu không ban hành nữa",
        )
    with transaction.atomic():
        details = {"position": line.position, "candidate": line.candidate_id}
        line.delete()
        _logged(decision, "take_out", "Bỏ khỏi danh sách", actor=actor, now=now, **details)


def reword(
    line: DecisionLine, *, name: str, detail: str, achievement: str, actor: Actor, now: datetime
) -> None:
    """Other words for one subject, before the paper goes out."""
    _require_open(line.decision, actor=actor, what="Chưa sửa được dòng này")
    if not name.strip():
        raise RuleNotMet("Chưa sửa được dòng này", why="chưa ghi tên", next_step="Ghi tên như sẽ in")
    line.name, line.detail = " ".join(name.split())[:400], " ".join(detail.split())[:500]
    line.achievement = " ".join(achievement.split())[:1000]
    with transaction.atomic():
        line.save(update_fields=["name", "detail", "achievement"])
        _logged(line.decision, "reword", "Sửa dòng của danh sách", actor=actor, now=now, line=line.position)


def change(
    decision: AwardDecision,
    *,
    title: str,
    decider: str,
    signer_title: str,
    signer_name: str,
    place: str,
    fund: str,
    fund_note: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Who decides, where, from which money."""
    _require_open(decision, actor=actor, what="Chưa sửa được")
    given = {
        "title": title,
        "decider": decider,
        "signer_title": signer_title,
        "signer_name": signer_name,
        "place": place,
        "fund_note": fund_note,
    }
    for field, text in given.items():
        setattr(decision, field, " ".join(text.split()))
    decision.fund = fund
    round_name = decision.round.name if decision.round else ""
    decision.search_text = fold(f"{decision.title} {round_name}")
    with transaction.atomic():
        decision.save(update_fields=[*given, "fund", "search_text"])
        _logged(decision, "change", "Sửa quyết định", actor=actor, now=now)


def draft_paper(decision: AwardDecision, *, actor: Actor, now: datetime) -> OutgoingPaper:
    """Write the paper of the list, or write it again while it is a draft.

    What stands in the way of an award is refused here already, not only when the paper is issued.
    """
    what = "Chưa soạn được văn bản"
    _require_open(decision, actor=actor, what=what)
    if decision.kind in (DecisionKind.AWARD, DecisionKind.SUBMISSION):
        for line in decision.lines.select_related(
            "candidate__round__movement", "candidate__person", "candidate__household"
        ):
            assert line.candidate is not None
            checks.refuse(line.candidate, on=actor.on, what=what)
    if decision.gives:
        money.count_again(decision, on=actor.on)
    described = decision_papers.paper_of(decision, on=actor.on)
    kept = decision.paper
    with transaction.atomic():
        if kept is not None and kept.is_open:
            drafting.update(kept, described, seen=kept.edition, actor=actor, now=now)
            return kept
        if kept is not None and kept.state != PaperState.DROPPED:
            raise RuleNotMet(
                what,
                why=f"văn bản đang ở trạng thái «{PaperState(kept.state).label}»",
                next_step="Trả lại để sửa ở trang của văn bản, rồi soạn lại",
            )
        names, relation = decision_papers.named_by(decision)
        made = drafting.draft(
            described,
            unit_id=decision.unit_id,
            drafting_unit_id=actor.unit_id if actor.unit_id is not None else decision.standing_body_id,
            actor=actor,
            now=now,
            about=decision,
            facts={"decision": decision.pk, "lines": decision.lines.count(), "form": decision.form},
            names=names,
            relation=relation,
        )
        decision.paper = made
        decision.save(update_fields=["paper"])
    return made


def drop(decision: AwardDecision, *, reason: str, actor: Actor, now: datetime) -> None:
    """Give a list up before its paper has a number; its cases wait again."""
    numbered = decision.paper
    if numbered is not None and numbered.given_id is not None:
        raise RuleNotMet(
            "Chưa bỏ được",
            why=f"văn bản đã có số {numbered.notation}",
            next_step="Hủy số ở trang của văn bản trước; đã phát hành thì soạn quyết định hủy bỏ",
        )
    with transaction.atomic():
        advance(decision, "drop", actor=actor, now=now, reason=reason, changes={"reason": reason.strip()})
        decision.lines.update(is_alive=False)
        paper = decision.paper
        if paper is not None and paper.is_open:
            drafting.drop(paper, reason=reason, actor=actor, now=now)


def _require_open(decision: AwardDecision, *, actor: Actor, what: str) -> None:
    """The right, and a list whose paper may still change."""
    actor.require("decision.prepare", decision)
    if not decision.is_prepared:
        raise RuleNotMet(
            what,
            why=f"quyết định đang ở trạng thái «{decision.get_state_display()}»",
            next_step="Đã ban hành thì lập đính chính hoặc hủy bỏ",
        )
    paper = decision.paper
    if paper is not None and not paper.is_open and paper.state != PaperState.DROPPED:
        raise RuleNotMet(
            what,
            why=f"văn bản đang ở trạng thái «{PaperState(paper.state).label}»",
            next_step="Trả lại để sửa ở trang của văn bản trước",
        )


def _logged(
    decision: AwardDecision, step: str, label: str, *, actor: Actor, now: datetime, **details: object
) -> None:
    record(
        f"awards.awarddecision.{step}",
        decision,
        label=label,
        actor=actor,
        now=now,
        object_unit_id=decision.unit_id,
        details=details,
    )
