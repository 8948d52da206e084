"""The states of papers going out. `docs/reference/states.md` is drawn from it."""

from __future__ import annotations

from thidua.audit.workflow import StateTable, Transition, register
from thidua.documents.models import PaperState
from thidua.documents.papers import guards

OUTGOING_PAPERS = register(
    StateTable(
        model="documents.OutgoingPaper",
        title="Văn bản đi",
        states=PaperState,
        initial=PaperState.DRAFT,
        unit_of=lambda paper: paper.unit_id,
        transitions=(
            Transition("offer", "Trình soát", (PaperState.DRAFT,), PaperState.OFFERED, right="paper.draft"),
            Transition(
                "review",
                "Soát xong, trình ký",
                (PaperState.DRAFT, PaperState.OFFERED),
                PaperState.REVIEWED,
                right="paper.review",
                guard=guards.is_complete,
            ),
            Transition(
                "send_back",
                "Trả lại để sửa",
                (PaperState.OFFERED, PaperState.REVIEWED),
                PaperState.DRAFT,
                right="paper.review",
                needs_reason=True,
            ),
            Transition(
                "sign",
                "Ký văn bản",
                (PaperState.REVIEWED,),
                PaperState.SIGNED,
                right="paper.sign",
                guard=guards.is_signed,
            ),
            Transition(
                "unsign",
                "Rút chữ ký",
                (PaperState.SIGNED,),
                PaperState.DRAFT,
                right="paper.sign",
                needs_reason=True,
            ),
            Transition(
                "number",
                "Cấp số",
                (PaperState.SIGNED,),
                PaperState.NUMBERED,
                right="paper.number",
                guard=guards.has_number,
            ),
            Transition(
                "cancel_number",
                "Hủy số, trả lại để sửa",
                (PaperState.NUMBERED,),
                PaperState.DRAFT,
                right="paper.number",
                needs_reason=True,
                guard=guards.number_is_cancelled,
            ),
            Transition(
                "issue",
                "Phát hành",
                (PaperState.NUMBERED,),
                PaperState.ISSUED,
                right="paper.issue",
                guard=guards.has_issued_file,
            ),
            Transition(
                "recall",
                "Thu hồi văn bản",
                (PaperState.ISSUED,),
                PaperState.RECALLED,
                right="paper.recall",
                needs_reason=True,
                guard=guards.notice_recalls,
            ),
            Transition(
                "drop",
                "Bỏ bản nháp",
                (PaperState.DRAFT, PaperState.OFFERED),
                PaperState.DROPPED,
                right="paper.draft",
                needs_reason=True,
            ),
        ),
    )
)
