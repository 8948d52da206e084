"""What must be so before a paper takes its next step. Each refusal says what to do about it."""

from __future__ import annotations

from typing import Any

from thidua.audit.workflow import Move
from thidua.core.errors import RuleNotMet
from thidua.documents.models import GivenNumber, OutgoingPaper, PaperRelation, PaperState


def is_complete(paper: OutgoingPaper, _move: Move) -> None:
    """A paper goes to the leader with its title, symbol and who signs."""
    from thidua.documents.papers.drafting import description

    what = "Chưa trình ký được"
    described = description(paper)
    if not described.title.strip() or not described.body:
        raise RuleNotMet(what, why="thiếu trích yếu hoặc nội dung", next_step="Bổ sung rồi soát lại")
    if not described.signature.authority:
        raise RuleNotMet(
            what,
            why="chưa ghi quyền hạn, chức vụ của người ký",
            next_step="Ghi khối chữ ký, ví dụ CHỦ TỊCH, rồi soát lại",
        )
    if not paper.symbol:
        raise RuleNotMet(
            what,
            why="chưa có ký hiệu văn bản",
            next_step="Đặt chữ viết tắt của cơ quan ở trang Sổ văn bản rồi lưu lại bản nháp",
        )


def is_signed(_paper: OutgoingPaper, move: Move) -> None:
    if not move.changes.get("signed_how") or move.changes.get("signed_at") is None:
        _refuse("Chưa ký được", "chưa có chữ ký", "Bấm «Ký văn bản» trên trang của văn bản")


def has_number(paper: OutgoingPaper, move: Move) -> None:
    given: Any = move.changes.get("given")
    if not isinstance(given, GivenNumber) or given.is_cancelled or given.book.unit_id != paper.unit_id:
        _refuse("Chưa cấp số được", "chưa lấy số từ sổ", "Bấm «Cấp số» trên trang của văn bản")


def number_is_cancelled(paper: OutgoingPaper, move: Move) -> None:
    if move.changes.get("given", paper.given) is not None:
        _refuse("Chưa hủy số được", "số chưa hủy trong sổ", "Bấm «Hủy số» trên trang của văn bản")


def has_issued_file(_paper: OutgoingPaper, move: Move) -> None:
    if move.changes.get("issued_file") is None or move.changes.get("issued_at") is None:
        _refuse("Chưa phát hành được", "chưa có bản phát hành", "Bấm «Phát hành» trên trang của văn bản")


def notice_recalls(paper: OutgoingPaper, move: Move) -> None:
    """A paper is recalled by another, issued one that says so (NĐ 30/2020, art. 18.4)."""
    notice = move.changes.get("recalled_by")
    fits = (
        isinstance(notice, OutgoingPaper)
        and notice.state == PaperState.ISSUED
        and notice.names_id == paper.pk
        and notice.relation == PaperRelation.RECALLS
        and notice.unit_id == paper.unit_id
    )
    if not fits:
        _refuse(
            "Chưa thu hồi được",
            "phải có thông báo thu hồi đã phát hành, nêu đúng văn bản này (Điều 18 khoản 4 NĐ 30/2020/NĐ-CP)",
            "Soạn thông báo thu hồi từ trang của văn bản, ký, cấp số, phát hành rồi thu hồi",
        )


def _refuse(what: str, why: str, next_step: str) -> None:
    raise RuleNotMet(what, why=why, next_step=next_step)
