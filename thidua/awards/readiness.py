"""What must hold before a round or a candidate takes a step. Each refusal says what, why, what next."""

from __future__ import annotations

from thidua.audit.workflow import Move
from thidua.awards import holding, process
from thidua.awards.models import AppraisalResult, AwardRound, AwardRoundState, Candidate, CandidateState
from thidua.awards.opinions import unanswered
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.core.formats import format_date
from thidua.organisations.authority import Acting
from thidua.organisations.models import Role

DOING = frozenset({Role.UNIT_OFFICER, Role.STANDING, Role.LEADER})


def has_forms(round_: AwardRound, _move: Move) -> None:
    if not round_.forms.exists():
        raise RuleNotMet(
            "Chưa mở được đợt xét",
            why="đợt chưa có hình thức khen thưởng nào",
            next_step="Thêm hình thức và đối tượng, rồi mở đợt",
        )


def no_case_is_lost(round_: AwardRound, _move: Move) -> None:
    waiting = round_.candidates.exclude(state__in=(CandidateState.DRAFT, *Candidate.ENDED)).count()
    if waiting:
        raise RuleNotMet(
            "Chưa bỏ được đợt xét",
            why=f"còn {waiting} đề nghị đã gửi",
            next_step="Trả lại, từ chối hoặc quyết định các đề nghị đó trước",
        )


def every_case_ended(round_: AwardRound, _move: Move) -> None:
    waiting = round_.candidates.exclude(state__in=Candidate.ENDED).count()
    if waiting:
        raise RuleNotMet(
            "Chưa kết thúc được đợt xét",
            why=f"còn {waiting} đề nghị chưa có kết quả",
            next_step="Mở danh sách đề nghị của đợt, xử lý các đề nghị còn lại",
        )


def still_taken(candidate: Candidate, move: Move) -> None:
    """The round takes candidates until its last day; one that was returned may come back later."""
    round_ = candidate.round
    may_send_own(candidate, move)
    nothing_holds(candidate, move)
    if round_.state == AwardRoundState.PLANNED or round_.state not in (
        AwardRoundState.OPEN,
        AwardRoundState.CLOSED,
    ):
        raise RuleNotMet(
            "Chưa gửi được đề nghị",
            why=f"đợt xét đang ở trạng thái «{AwardRoundState(round_.state).label}»",
            next_step="Liên hệ cơ quan thường trực của đợt",
        )
    is_first = candidate.submitted_on is None
    if is_first and (round_.state == AwardRoundState.CLOSED or move.actor.on > round_.due_on):
        raise RuleNotMet(
            "Chưa gửi được đề nghị",
            why=f"hạn nhận đề nghị của đợt là {format_date(round_.due_on)}",
            next_step="Đề nghị cơ quan thường trực mở lại đợt hoặc gia hạn",
        )


def may_send_own(candidate: Candidate, move: Move) -> None:
    """Who only looks in at the unit may send the own case, of nobody else."""
    actor = move.actor
    if not isinstance(actor, Acting) or actor.mandate is None or actor.mandate.role in DOING:
        return
    if candidate.person is None or candidate.person.user_id != actor.user.pk:
        raise NotAllowed(
            "Bạn chưa được gửi đề nghị này",
            why="tự đề nghị thì chỉ gửi hồ sơ của chính mình",
            next_step="Nhờ cán bộ của đơn vị gửi",
        )


def was_appraised(candidate: Candidate, _move: Move) -> None:
    found = candidate.appraisals.order_by("-made_at", "-pk").first()
    if found is None or found.result == AppraisalResult.NOT_ELIGIBLE:
        raise RuleNotMet(
            "Chưa ghi được là đã thẩm định",
            why="chưa có kết quả thẩm định đủ điều kiện",
            next_step="Ghi kết quả thẩm định; hồ sơ chưa đủ thì trả lại kèm lý do",
        )


def nobody_still_asked(candidate: Candidate, move: Move) -> None:
    waiting = [one for one in candidate.consultations.all() if one.is_open(on=move.actor.on)]
    if waiting:
        raise RuleNotMet(
            "Chưa kết thúc lấy ý kiến",
            why=f"còn {len(waiting)} cơ quan chưa trả lời và chưa hết hạn",
            next_step="Ghi ý kiến trả lời, hoặc chờ hết hạn",
        )


def somebody_was_asked(candidate: Candidate, _move: Move) -> None:
    if not candidate.consultations.exists():
        raise RuleNotMet(
            "Chưa chuyển sang lấy ý kiến",
            why="chưa ghi hỏi cơ quan nào",
            next_step="Thêm cơ quan được hỏi, nội dung và hạn trả lời",
        )


def nothing_holds(candidate: Candidate, move: Move) -> None:
    """Nobody submits or signs while a hold is open (P9), where the law of the day was read."""
    found = [one for one in holding.findings(candidate, on=move.actor.on) if one.blocks]
    if found:
        raise RuleNotMet(
            "Chưa làm được việc này",
            why=f"{found[0].title}: {found[0].why} ({found[0].source})",
            next_step=found[0].next_step,
        )


def public_was_answered(candidate: Candidate, move: Move) -> None:
    """What people said against the posted list is answered, or a head let it pass with a reason."""
    found = unanswered.findings(candidate, on=move.actor.on)
    passed = set(candidate.overrides.values_list("finding", flat=True)) if found else set()
    for one in found:
        if one.blocks or (one.asks_reason and one.key not in passed):
            raise RuleNotMet(
                "Chưa trình được hội đồng", why=f"{one.why} ({one.source})", next_step=one.next_step
            )


def ready_for_council(candidate: Candidate, move: Move) -> None:
    nothing_holds(candidate, move)
    public_was_answered(candidate, move)
    found = process.why_not_to_council(candidate, on=move.actor.on)
    if found is not None:
        raise RuleNotMet("Chưa trình được hội đồng", why=found[0], next_step=found[1])


def council_may_be_left_out(candidate: Candidate, move: Move) -> None:
    """Straight from the appraisal only where the stream or the simplified procedure leaves it out."""
    nothing_holds(candidate, move)
    if candidate.state != CandidateState.APPRAISED:
        return
    if process.step("council", candidate, on=move.actor.on).is_needed:
        raise RuleNotMet(
            "Chưa quyết định hay trình cấp trên được",
            why="đề nghị chưa qua Hội đồng Thi đua – Khen thưởng",
            next_step="Trình hội đồng, ghi kết quả bỏ phiếu",
        )


def decided_here(candidate: Candidate, move: Move) -> None:
    council_may_be_left_out(candidate, move)
    offered = candidate.round.forms.filter(form=candidate.form, is_decided_here=True)
    if not offered.exists():
        raise RuleNotMet(
            "Chưa quyết định được tại đây",
            why="hình thức này do cấp trên quyết định",
            next_step="Trình cấp trên",
        )
