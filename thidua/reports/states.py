"""The states of rounds, reports and corrections. `docs/reference/states.md` is drawn from it."""

from __future__ import annotations

from thidua.audit.workflow import StateTable, Transition, register
from thidua.reports.models import CorrectionState, ReportState, RoundState
from thidua.reports.readiness import no_report_is_lost, ready_to_open, ready_to_send, still_receivable

ROUNDS = register(
    StateTable(
        model="reports.Round",
        title="Đợt báo cáo",
        states=RoundState,
        initial=RoundState.PLANNED,
        unit_of=lambda round_: round_.plan.owner_id,
        transitions=(
            Transition(
                "open",
                "Mở đợt báo cáo",
                (RoundState.PLANNED,),
                RoundState.OPEN,
                right="round.run",
                guard=ready_to_open,
            ),
            Transition("close", "Đóng đợt báo cáo", (RoundState.OPEN,), RoundState.CLOSED, right="round.run"),
            Transition(
                "reopen",
                "Mở lại đợt báo cáo",
                (RoundState.CLOSED,),
                RoundState.OPEN,
                right="round.run",
                needs_reason=True,
            ),
            Transition(
                "cancel",
                "Bỏ đợt báo cáo",
                (RoundState.PLANNED, RoundState.OPEN),
                RoundState.CANCELLED,
                right="round.run",
                needs_reason=True,
                guard=no_report_is_lost,
            ),
        ),
    )
)

REPORTS = register(
    StateTable(
        model="reports.Report",
        title="Báo cáo",
        states=ReportState,
        initial=ReportState.NOT_SENT,
        unit_of=lambda report: report.unit_id,
        transitions=(
            Transition(
                "begin", "Bắt đầu viết", (ReportState.NOT_SENT,), ReportState.DRAFT, right="report.write"
            ),
            Transition(
                "send",
                "Gửi báo cáo",
                (ReportState.DRAFT, ReportState.RETURNED),
                ReportState.SENT,
                right="report.send",
                guard=ready_to_send,
            ),
            Transition(
                "recall", "Rút về để sửa", (ReportState.SENT,), ReportState.DRAFT, right="report.send"
            ),
            Transition(
                "accept",
                "Nhận báo cáo",
                (ReportState.SENT,),
                ReportState.ACCEPTED,
                right="report.receive",
                guard=still_receivable,
            ),
            Transition(
                "send_back",
                "Trả lại báo cáo",
                (ReportState.SENT,),
                ReportState.RETURNED,
                right="report.receive",
                needs_reason=True,
            ),
            Transition(
                "merge",
                "Đưa vào báo cáo tổng hợp",
                (ReportState.ACCEPTED,),
                ReportState.MERGED,
                right="report.receive",
            ),
            Transition(
                "take_out",
                "Đưa ra khỏi báo cáo tổng hợp",
                (ReportState.MERGED,),
                ReportState.ACCEPTED,
                right="report.receive",
                needs_reason=True,
            ),
        ),
    )
)

CORRECTIONS = register(
    StateTable(
        model="reports.Correction",
        title="Đính chính số liệu báo cáo",
        states=CorrectionState,
        initial=CorrectionState.OFFERED,
        unit_of=lambda correction: correction.figure.report.unit_id,
        transitions=(
            Transition(
                "accept",
                "Đính chính",
                (CorrectionState.OFFERED,),
                CorrectionState.ACCEPTED,
                right="correction.decide",
            ),
            Transition(
                "decline",
                "Giữ nguyên số đã gửi",
                (CorrectionState.OFFERED,),
                CorrectionState.DECLINED,
                right="correction.decide",
                needs_reason=True,
            ),
        ),
    )
)
