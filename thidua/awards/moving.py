"""A candidate from desk to desk: send, recall, return, appraise, consult, post, council, forward, refuse.

Each act checks what the law asks for at that step (`checks`, `dossiers`), takes the step of the state table
and tells who has to act next. Hides the order of the checks.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.awards import checks, dossiers
from thidua.awards.models import (
    Appraisal,
    AppraisalResult,
    AwardRound,
    Candidate,
    CandidateState,
    Consultation,
    DossierPaper,
    Posting,
)
from thidua.core.errors import RuleNotMet
from thidua.core.formats import format_date
from thidua.core.holiday_files import office_calendar
from thidua.criteria import award_law
from thidua.criteria.lawbook import NotInLawbook
from thidua.criteria.terms import Term, TermUnit, last_day
from thidua.notices.telling import tell

#: Working days for an answer where the lawbook has none for the day.
USUAL_ANSWER_DAYS = 10


def send(candidate: Candidate, *, actor: Actor, now: datetime) -> None:
    """Hand a complete case to the body of the round (P8, P9, P5). The dossier is sealed by its hash."""
    what = "Chưa gửi được đề nghị"
    with transaction.atomic():
        dossier = dossiers.of(candidate, on=actor.on)
        lacking = dossiers.missing(dossier)
        if lacking:
            names = "; ".join(f"«{paper.name}»" for paper in lacking)
            raise RuleNotMet(
                what,
                why=f"hồ sơ còn thiếu {names} ({dossier.citation})",
                next_step="Soạn hoặc đưa tệp vào từng mục còn thiếu, rồi gửi lại",
            )
        unready = dossiers.unready(dossier)
        if unready:
            raise RuleNotMet(
                what,
                why="; ".join(f"«{paper.name}» {why}" for paper, why in unready),
                next_step="Viết xong, trình ký, hoặc đưa bản đã ký vào hồ sơ, rồi gửi lại",
            )
        if not candidate.achievement.strip():
            raise RuleNotMet(
                what, why="chưa ghi tóm tắt thành tích", next_step="Ghi tóm tắt thành tích trong đề nghị"
            )
        checks.refuse(candidate, on=actor.on, what=what)
        advance(
            candidate,
            "send",
            actor=actor,
            now=now,
            changes={"submitted_on": candidate.submitted_on or actor.on, "moved_at": now, "reason": ""},
        )
        dossiers.seal(dossier, now=now)
        _tell_receiver(candidate, f"Có đề nghị khen thưởng mới: {_name(candidate)}", actor=actor, now=now)


def recall(candidate: Candidate, *, actor: Actor, now: datetime) -> None:
    advance(candidate, "recall", actor=actor, now=now, changes={"moved_at": now})


def withdraw(candidate: Candidate, *, reason: str, actor: Actor, now: datetime) -> None:
    advance(
        candidate,
        "withdraw",
        actor=actor,
        now=now,
        reason=reason,
        changes={"moved_at": now, "reason": reason.strip()},
    )


def send_back(candidate: Candidate, *, reason: str, actor: Actor, now: datetime) -> None:
    """To the proposer, with what is to be mended."""
    with transaction.atomic():
        changes = {"moved_at": now, "reason": reason.strip(), "edition": candidate.edition + 1}
        advance(candidate, "send_back", actor=actor, now=now, reason=reason, changes=changes)
        text = f"Đề nghị khen thưởng bị trả lại: {_name(candidate)}. {reason.strip()}"
        _tell_proposer(candidate, text, actor=actor, now=now)


def appraise(
    candidate: Candidate,
    *,
    result: AppraisalResult | str,
    text: str,
    recommended_form: str = "",
    actor: Actor,
    now: datetime,
) -> Appraisal:
    """Keep what the body found, with all checks as they stood; an eligible case is then appraised."""
    actor.require("candidate.receive", candidate)
    if not text.strip():
        raise RuleNotMet(
            "Chưa ghi được thẩm định", why="chưa ghi ý kiến thẩm định", next_step="Ghi ý kiến, căn cứ"
        )
    if result == AppraisalResult.LOWER_FORM and not recommended_form:
        raise RuleNotMet(
            "Chưa ghi được thẩm định",
            why="đề nghị hình thức thấp hơn mà chưa chọn hình thức",
            next_step="Chọn hình thức đề nghị",
        )
    with transaction.atomic():
        made = Appraisal.objects.create(
            candidate=candidate,
            unit_id=actor.unit_id or candidate.round.standing_body_id,
            result=result,
            text=text.strip(),
            recommended_form=recommended_form,
            checks=checks.findings_json(checks.findings(candidate, on=actor.on)),
            user=actor.user,
            made_at=now,
        )
        if result == AppraisalResult.NOT_ELIGIBLE:
            record(
                "awards.candidate.appraise_not",
                candidate,
                label="Thẩm định: chưa đủ điều kiện",
                actor=actor,
                now=now,
                object_unit_id=candidate.proposer_id,
            )
            return made
        checks.refuse(candidate, on=actor.on, what="Chưa ghi được là đủ điều kiện")
        changes: dict[str, object] = {"moved_at": now}
        if result == AppraisalResult.LOWER_FORM and recommended_form != candidate.form:
            # one case, one award: the first form stays visible, only one results
            changes |= {"form": recommended_form, "first_form": candidate.first_form or candidate.form}
        advance(candidate, "appraise", actor=actor, now=now, changes=changes)
    return made


def answer_due(asked_on: date) -> date:
    """The last day for a consulted body, counted in working days."""
    try:
        found = award_law.due_day("consulted-reply", asked_on)
    except NotInLawbook:
        found = None
    if found is not None:
        return found.day
    term = Term(USUAL_ANSWER_DAYS, TermUnit.WORKING_DAYS)
    return last_day(asked_on, term, office_calendar()).day


def consult(
    candidate: Candidate, consultations: Collection[Consultation], *, actor: Actor, now: datetime
) -> None:
    """Ask bodies about an appraised candidate. Silence after the last day lets the case go on."""
    actor.require("candidate.receive", candidate)
    with transaction.atomic():
        for one in consultations:
            one.candidate, one.user, one.asked_on = candidate, actor.user, actor.on
            one.due_on = one.due_on or answer_due(actor.on)
            one.save(force_insert=True)
            if one.asked_id is not None:
                tell(
                    kind="awards.consultation",
                    text=f"Đề nghị cho ý kiến về khen thưởng: {_name(candidate)}, trước hết ngày "
                    f"{format_date(one.due_on)}",
                    address=reverse("awards:consultation", args=[one.pk]),
                    now=now,
                    sender=actor.name,
                    unit_id=one.asked_id,
                )
        advance(candidate, "consult", actor=actor, now=now, changes={"moved_at": now})


def answer(
    consultation: Consultation, *, answer: str, text: str, number: str = "", actor: Actor, now: datetime
) -> None:
    """The asked body answers, or the receiving body types in an answer that came on paper."""
    candidate = consultation.candidate
    if candidate.state != CandidateState.CONSULTING:
        raise RuleNotMet(
            "Chưa ghi được ý kiến",
            why="đề nghị không còn ở bước hỏi ý kiến",
            next_step="Gửi ý kiến tới cơ quan thường trực của đợt",
        )
    if consultation.asked_id is None or actor.unit_id in (
        candidate.round.standing_body_id,
        candidate.round.deciding_body_id,
    ):
        actor.require("candidate.receive", candidate)
    else:
        actor.require("consultation.answer", consultation)
    if not answer or not text.strip():
        raise RuleNotMet(
            "Chưa ghi được ý kiến", why="chưa chọn ý kiến hoặc chưa ghi nội dung", next_step="Ghi đủ rồi gửi"
        )
    with transaction.atomic():
        Consultation.objects.filter(pk=consultation.pk).update(
            answer=answer, text=text.strip(), number=number.strip(), answered_on=actor.on
        )
        consultation.refresh_from_db()
        record(
            "awards.consultation.answer",
            consultation,
            label="Trả lời ý kiến về đề nghị khen thưởng",
            actor=actor,
            now=now,
            object_unit_id=candidate.proposer_id,
            details={"answer": answer},
        )


def end_consulting(candidate: Candidate, *, actor: Actor, now: datetime) -> None:
    advance(candidate, "end_consulting", actor=actor, now=now, changes={"moved_at": now})


def post(
    candidates: Collection[Candidate],
    *,
    where: str,
    actor: Actor,
    now: datetime,
    takes_anonymous: bool = True,
) -> Posting:
    """Make a list public; the first day of the council is counted from it as the law asks for the forms."""
    rows = list(candidates)
    if not rows or len({one.round_id for one in rows}) != 1:
        raise RuleNotMet(
            "Chưa công khai được",
            why="danh sách trống hoặc gồm nhiều đợt",
            next_step="Chọn các đề nghị đã thẩm định của một đợt",
        )
    round_ = rows[0].round
    actor.require("candidate.receive", rows[0])
    council_days, until = [], actor.on
    for one in rows:
        try:
            end = award_law.earliest_council_day(one.form, actor.on)
        except NotInLawbook:
            end = None
        if end is not None:
            council_days.append(end.day)
    council_from = max(council_days, default=None)
    until = date.fromordinal(council_from.toordinal() - 1) if council_from else answer_due(actor.on)
    with transaction.atomic():
        posting = Posting.objects.create(
            round=round_,
            unit_id=round_.standing_body_id,
            where=where.strip(),
            posted_on=actor.on,
            council_from=council_from,
            until=until,
            takes_anonymous=takes_anonymous,
            user=actor.user,
            made_at=now,
        )
        for one in rows:
            advance(
                one,
                "post",
                actor=actor,
                now=now,
                changes={"moved_at": now, "posted_on": actor.on, "posting": posting},
            )
    return posting


def to_council(candidate: Candidate, *, actor: Actor, now: datetime) -> None:
    checks.refuse(candidate, on=actor.on, what="Chưa trình được hội đồng")
    advance(candidate, "to_council", actor=actor, now=now, changes={"moved_at": now})


def forward(
    candidate: Candidate, *, to: AwardRound | None, form: str = "", actor: Actor, now: datetime
) -> Candidate | None:
    """Up to a round of a body above, as a candidate there that continues this one; None: outside.

    The papers go along. Raises RuleNotMet when something is in the way or the round does not offer the form.
    """
    what = "Chưa trình được cấp trên"
    wanted = form or candidate.form
    if to is not None and not to.forms.filter(form=wanted, subject_type=candidate.subject_type).exists():
        raise RuleNotMet(
            what,
            why=f"đợt «{to.name}» không xét hình thức này cho loại đối tượng này",
            next_step="Chọn đợt hoặc hình thức khác",
        )
    checks.refuse(candidate, on=actor.on, what=what)
    with transaction.atomic():
        advance(candidate, "forward", actor=actor, now=now, changes={"moved_at": now})
        if to is None:
            return None
        above = Candidate.objects.create(
            round=to,
            subject_type=candidate.subject_type,
            unit=candidate.unit,
            person=candidate.person,
            household=candidate.household,
            subject_key=candidate.subject_key,
            label=candidate.label,
            label_order=candidate.label_order,
            search_text=candidate.search_text,
            proposer_id=candidate.round.deciding_body_id,
            form=wanted,
            achievement=candidate.achievement,
            since=candidate.since,
            until=candidate.until,
            verdict=candidate.verdict,
            continues=candidate,
            submitted_on=actor.on,
            moved_at=now,
            made_by=actor.user,
            made_at=now,
        )
        _carry_papers(candidate, above, on=actor.on)
        advance(above, "send", actor=actor, now=now)
        _tell_receiver(above, f"Cấp dưới trình khen thưởng: {_name(above)}", actor=actor, now=now)
    return above


def _carry_papers(below: Candidate, above: Candidate, *, on: date) -> None:
    dossier = dossiers.of(above, on=on)
    for row in DossierPaper.objects.filter(dossier__candidate=below):
        if not row.is_there:
            continue
        mine = dossier.papers.filter(code=row.code).first() or DossierPaper(
            dossier=dossier, code=row.code, name=row.name, need="them", position=80
        )
        mine.paper, mine.file, mine.file_name = row.paper, row.file, row.file_name
        mine.user, mine.added_at = row.user, row.added_at
        mine.save()


def note_award(
    candidate: Candidate, *, number: str, dated: date, body: str, actor: Actor, now: datetime
) -> None:
    """A body above, outside the program, has commended: number and day of its decision."""
    if not number.strip() or dated > actor.on:
        raise RuleNotMet(
            "Chưa ghi được kết quả",
            why="chưa có số quyết định, hoặc ngày quyết định sau hôm nay",
            next_step="Ghi số, ngày theo quyết định",
        )
    advance(
        candidate,
        "note_award",
        actor=actor,
        now=now,
        changes={
            "moved_at": now,
            "outside_number": number.strip(),
            "outside_date": dated,
            "outside_body": body.strip(),
        },
    )


def take_back(candidate: Candidate, *, reason: str, actor: Actor, now: datetime) -> None:
    advance(candidate, "take_back", actor=actor, now=now, reason=reason, changes={"moved_at": now})


def refuse(candidate: Candidate, *, reason: str, actor: Actor, now: datetime) -> None:
    """No award, with the reason; the proposer is told."""
    with transaction.atomic():
        changes = {"moved_at": now, "reason": reason.strip()}
        advance(candidate, "refuse", actor=actor, now=now, reason=reason, changes=changes)
        _tell_proposer(
            candidate, f"Không khen thưởng: {_name(candidate)}. {reason.strip()}", actor=actor, now=now
        )


def _name(candidate: Candidate) -> str:
    """What a notice may say: a household is its code, a person is not named."""
    return candidate.label if candidate.person_id is None else "một cá nhân của đơn vị"


def _tell_receiver(candidate: Candidate, text: str, *, actor: Actor, now: datetime) -> None:
    tell(
        kind="awards.candidate",
        text=text,
        address=reverse("awards:candidate", args=[candidate.pk]),
        now=now,
        sender=actor.name,
        unit_id=candidate.round.standing_body_id,
    )


def _tell_proposer(candidate: Candidate, text: str, *, actor: Actor, now: datetime) -> None:
    tell(
        kind="awards.candidate",
        text=text,
        address=reverse("awards:candidate", args=[candidate.pk]),
        now=now,
        sender=actor.name,
        unit_id=candidate.proposer_id,
    )
