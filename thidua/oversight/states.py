"""The states of difficulties, inspections, visits, remedies. `docs/reference/states.md` is drawn from it."""

from __future__ import annotations

from thidua.audit.workflow import Move, StateTable, Transition, register
from thidua.core.errors import RuleNotMet
from thidua.oversight.models import (
    Difficulty,
    DifficultyState,
    Inspection,
    InspectionState,
    RemedyState,
    TrainingState,
    Visit,
    VisitState,
)

_D = DifficultyState

DIFFICULTIES = register(
    StateTable(
        model="oversight.Difficulty",
        title="Khó khăn, vướng mắc",
        states=DifficultyState,
        initial=_D.RAISED,
        unit_of=lambda difficulty: difficulty.unit_id,
        transitions=(
            Transition("take", "Tiếp nhận", (_D.RAISED,), _D.TAKEN, right="difficulty.answer"),
            Transition(
                "forward",
                "Chuyển cơ quan khác trả lời",
                (_D.RAISED, _D.TAKEN),
                _D.RAISED,
                right="difficulty.answer",
                needs_reason=True,
            ),
            Transition(
                "amend",
                "Chuyển thành đề nghị sửa kế hoạch",
                (_D.TAKEN,),
                _D.AMENDING,
                right="difficulty.answer",
            ),
            Transition("answer", "Trả lời", Difficulty.OPEN, _D.ANSWERED, right="difficulty.answer"),
            Transition(
                "raise_again",
                "Nêu lại",
                (_D.ANSWERED,),
                _D.RAISED,
                right="difficulty.raise",
                needs_reason=True,
            ),
            Transition(
                "withdraw",
                "Rút vướng mắc",
                (_D.RAISED, _D.TAKEN),
                _D.WITHDRAWN,
                right="difficulty.raise",
                needs_reason=True,
            ),
        ),
    )
)

_I, _V, _R = InspectionState, VisitState, RemedyState


def ready_to_announce(inspection: Inspection, _move: Move) -> None:
    """Whoever is told must know by whom, and what about."""
    missing = [
        words
        for words, is_there in (
            ("trưởng đoàn", inspection.team.filter(is_head=True).exists()),
            ("đơn vị được kiểm tra", inspection.visits.exists()),
            ("đề cương", inspection.checklist.exists()),
        )
        if not is_there
    ]
    if missing:
        raise RuleNotMet(
            "Chưa thông báo được cuộc kiểm tra",
            why=f"chưa có {', '.join(missing)}",
            next_step="Bổ sung ở trang này rồi thông báo",
        )


def announced(visit: Visit, _move: Move) -> None:
    if visit.inspection.state != InspectionState.ANNOUNCED:
        raise RuleNotMet(
            "Chưa bắt đầu kiểm tra được",
            why=f"cuộc kiểm tra đang ở trạng thái «{visit.inspection.get_state_display()}»",
            next_step="Thông báo cuộc kiểm tra trước",
        )


def every_item_filled(visit: Visit, _move: Move) -> None:
    """The minutes say something about everything that was announced."""
    filled = visit.findings.exclude(outcome="").count()
    missing = visit.inspection.checklist.count() - filled
    if missing:
        raise RuleNotMet(
            "Chưa lập biên bản được",
            why=f"còn {missing} mục của đề cương chưa có kết quả",
            next_step="Ghi «Không có việc này» cho mục không liên quan, rồi lập biên bản",
        )


def not_concluded(visit: Visit, _move: Move) -> None:
    if visit.inspection.state != InspectionState.ANNOUNCED:
        raise RuleNotMet(
            "Chưa mở lại được",
            why="cuộc kiểm tra đã kết luận",
            next_step="Ghi điểm cần sửa vào văn bản đính chính kết luận",
        )


def every_visit_minuted(inspection: Inspection, _move: Move) -> None:
    waiting = inspection.visits.exclude(state=VisitState.MINUTED).count()
    if waiting:
        raise RuleNotMet(
            "Chưa kết luận được",
            why=f"còn {waiting} đơn vị chưa lập biên bản",
            next_step="Kiểm tra và lập biên bản ở các đơn vị đó, rồi kết luận",
        )


def every_remedy_closed(inspection: Inspection, _move: Move) -> None:
    open_ones = sum(
        visit.remedies.exclude(state=RemedyState.CLOSED).count() for visit in inspection.visits.all()
    )
    if open_ones:
        raise RuleNotMet(
            "Chưa kết thúc được cuộc kiểm tra",
            why=f"còn {open_ones} kiến nghị chưa khắc phục xong",
            next_step="Xác nhận từng kiến nghị đã khắc phục, rồi kết thúc",
        )


INSPECTIONS = register(
    StateTable(
        model="oversight.Inspection",
        title="Cuộc kiểm tra",
        states=InspectionState,
        initial=_I.PLANNED,
        unit_of=lambda inspection: inspection.unit_id,
        transitions=(
            Transition(
                "announce",
                "Thông báo kiểm tra",
                (_I.PLANNED,),
                _I.ANNOUNCED,
                right="inspection.run",
                guard=ready_to_announce,
            ),
            Transition(
                "conclude",
                "Kết luận",
                (_I.ANNOUNCED,),
                _I.CONCLUDED,
                right="inspection.run",
                guard=every_visit_minuted,
            ),
            Transition(
                "close",
                "Kết thúc theo dõi",
                (_I.CONCLUDED,),
                _I.CLOSED,
                right="inspection.run",
                guard=every_remedy_closed,
            ),
            Transition(
                "cancel",
                "Bỏ cuộc kiểm tra",
                (_I.PLANNED, _I.ANNOUNCED),
                _I.CANCELLED,
                right="inspection.run",
                needs_reason=True,
            ),
        ),
    )
)

VISITS = register(
    StateTable(
        model="oversight.Visit",
        title="Kiểm tra tại đơn vị",
        states=VisitState,
        initial=_V.WAITING,
        unit_of=lambda visit: visit.unit_id,
        transitions=(
            Transition(
                "begin",
                "Bắt đầu kiểm tra",
                (_V.WAITING,),
                _V.RECORDING,
                right="inspection.record",
                guard=announced,
            ),
            Transition(
                "minute",
                "Chốt để lập biên bản",
                (_V.RECORDING,),
                _V.MINUTED,
                right="inspection.record",
                guard=every_item_filled,
            ),
            Transition(
                "reopen",
                "Mở lại để ghi tiếp",
                (_V.MINUTED,),
                _V.RECORDING,
                right="inspection.run",
                needs_reason=True,
                guard=not_concluded,
            ),
        ),
    )
)

REMEDIES = register(
    StateTable(
        model="oversight.Remedy",
        title="Kiến nghị sau kiểm tra",
        states=RemedyState,
        initial=_R.OWED,
        unit_of=lambda remedy: remedy.visit.unit_id,
        transitions=(
            Transition("report", "Báo cáo khắc phục", (_R.OWED,), _R.REPORTED, right="remedy.report"),
            Transition("accept", "Xác nhận đã khắc phục", (_R.REPORTED,), _R.CLOSED, right="inspection.run"),
            Transition(
                "send_back",
                "Trả lại để khắc phục tiếp",
                (_R.REPORTED,),
                _R.OWED,
                right="inspection.run",
                needs_reason=True,
            ),
        ),
    )
)

TRAININGS = register(
    StateTable(
        model="oversight.Training",
        title="Lớp tập huấn",
        states=TrainingState,
        initial=TrainingState.PLANNED,
        unit_of=lambda training: training.unit_id,
        transitions=(
            Transition(
                "hold", "Đã tổ chức", (TrainingState.PLANNED,), TrainingState.HELD, right="training.run"
            ),
            Transition(
                "cancel",
                "Hủy lớp",
                (TrainingState.PLANNED,),
                TrainingState.CANCELLED,
                right="training.run",
                needs_reason=True,
            ),
        ),
    )
)
