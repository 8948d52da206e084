"""What must hold before a council works or a meeting takes a step. Each refusal says what, why, what next."""

from __future__ import annotations

from thidua.audit.workflow import Move
from thidua.awards.council import composition
from thidua.awards.models import (
    Attendance,
    CandidateState,
    Council,
    CouncilSession,
    CouncilState,
    ItemResult,
    Presence,
)
from thidua.core.errors import RuleNotMet

THERE = (Presence.PRESENT, Presence.SUBSTITUTED)


def is_formed(council: Council, move: Move) -> None:
    what = "Chưa đưa hội đồng vào hoạt động được"
    if not council.decision_number.strip() or council.decision_date is None:
        raise RuleNotMet(
            what,
            why="chưa ghi số, ngày quyết định thành lập",
            next_step="Ghi số, ngày quyết định rồi làm lại",
        )
    for one in composition.findings(council, on=move.actor.on):
        if one.blocks:
            raise RuleNotMet(what, why=f"{one.title}: {one.why}", next_step=one.next_step)
    other = (
        Council.objects.filter(unit_id=council.unit_id, state=CouncilState.IN_FORCE)
        .exclude(pk=council.pk)
        .first()
    )
    if other is not None:
        raise RuleNotMet(
            what,
            why=f"cơ quan này đã có «{other.name}» đang hoạt động",
            next_step="Kết thúc nhiệm kỳ hội đồng cũ trước",
        )


def has_agenda(session: CouncilSession, move: Move) -> None:
    council = session.council
    if council.state != CouncilState.IN_FORCE:
        raise RuleNotMet(
            "Chưa họp được",
            why=f"«{council.name}» không ở trạng thái đang hoạt động",
            next_step="Đưa hội đồng vào hoạt động trước",
        )
    if not session.items.exists():
        raise RuleNotMet(
            "Chưa họp được",
            why="chương trình họp chưa có đề nghị nào",
            next_step="Đưa các đề nghị ở trạng thái «Trình hội đồng» vào chương trình họp",
        )


def may_vote_now(session: CouncilSession, move: Move) -> None:
    what = "Chưa mở bỏ phiếu được"
    has_agenda(session, move)
    elsewhere = session.items.exclude(candidate__state=CandidateState.AT_COUNCIL).count()
    if elsewhere:
        raise RuleNotMet(
            what,
            why=f"{elsewhere} đề nghị trong chương trình không còn ở trạng thái «Trình hội đồng»",
            next_step="Đưa các đề nghị đó ra khỏi chương trình họp",
        )
    members = composition.seats(session.council)
    marked = {row.member_id: row.presence for row in Attendance.objects.filter(session=session)}
    unmarked = [member for member in members if member.pk not in marked]
    if unmarked:
        raise RuleNotMet(
            what,
            why=f"chưa điểm danh {len(unmarked)} thành viên",
            next_step="Điểm danh đủ thành viên rồi mở bỏ phiếu",
        )
    present = sum(marked[member.pk] in THERE for member in members)
    quorum = composition.quorum_of(session.council, members=len(members), on=move.actor.on)
    if present < quorum.needed and quorum.confirmed:
        raise RuleNotMet(
            what,
            why=f"mới có {present}/{len(members)} thành viên dự họp, cần {quorum.needed} ({quorum.source})",
            next_step="Chờ đủ người, hoặc dời cuộc họp",
        )
    if session.chaired_by_id is None or session.secretary_id is None:
        raise RuleNotMet(
            what, why="chưa có chủ trì hoặc thư ký", next_step="Chọn người chủ trì và thư ký cuộc họp"
        )
    if session.is_on_paper:
        return
    holders = {session.chaired_by_id, session.secretary_id}
    keyed = set(session.box_keys.values_list("member_id", flat=True))
    if len(holders) != 2 or not holders <= keyed:
        raise RuleNotMet(
            what,
            why="hòm phiếu cần hai khóa, của chủ trì và của thư ký, mà chưa đủ",
            next_step="Chủ trì và thư ký, mỗi người mở trang cuộc họp và nhận mã khóa của mình",
        )


def every_question_is_settled(session: CouncilSession, move: Move) -> None:
    waiting = (
        session.items.exclude(is_concluded=True)
        .exclude(result=ItemResult.TIED)
        .filter(candidate__state=CandidateState.AT_COUNCIL)
        .count()
    )
    if waiting:
        raise RuleNotMet(
            "Chưa kết luận được",
            why=f"còn {waiting} đề nghị chưa ghi kết quả",
            next_step="Ghi kết quả, hoặc đưa đề nghị ra khỏi phiên họp kèm lý do",
        )
