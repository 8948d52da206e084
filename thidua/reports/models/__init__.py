"""Report rounds: what is asked, who owes it, what came in, and what was said about it afterwards."""

from __future__ import annotations

from thidua.reports.models.afterwards import (
    Correction,
    CorrectionState,
    Mark,
    Reminding,
    Unlock,
)
from thidua.reports.models.merging import Merging, PieceChoice, PieceDecision
from thidua.reports.models.reports import (
    Answer,
    Attachment,
    FigureOrigin,
    Report,
    ReportFigure,
    ReportState,
    Submission,
    TaskResult,
)
from thidua.reports.models.rounds import (
    FormItem,
    FormSection,
    Lift,
    ReportForm,
    Round,
    RoundKind,
    RoundState,
)

__all__ = [
    "Answer",
    "Attachment",
    "Correction",
    "CorrectionState",
    "FigureOrigin",
    "FormItem",
    "FormSection",
    "Lift",
    "Mark",
    "Merging",
    "PieceChoice",
    "PieceDecision",
    "Reminding",
    "Report",
    "ReportFigure",
    "ReportForm",
    "ReportState",
    "Round",
    "RoundKind",
    "RoundState",
    "Submission",
    "TaskResult",
    "Unlock",
]
