"""The states of tables of criteria, of a year of a group, of a sheet."""

from __future__ import annotations

from thidua.audit.workflow import StateTable, Transition, register
from thidua.awards.groups import readiness
from thidua.awards.models import GroupSeasonState, ScoreSheetState, ScoreTableState

SCORE_TABLES = register(
    StateTable(
        model="awards.ScoreTable",
        title="Bảng tiêu chí chấm điểm",
        states=ScoreTableState,
        initial=ScoreTableState.DRAFT,
        unit_of=lambda table: table.owner_id,
        transitions=(
            Transition(
                "put_in_force",
                "Đưa bảng vào áp dụng",
                (ScoreTableState.DRAFT,),
                ScoreTableState.IN_FORCE,
                right="scoretable.keep",
                guard=readiness.table_is_whole,
            ),
            Transition(
                "end",
                "Thôi áp dụng bảng",
                (ScoreTableState.IN_FORCE,),
                ScoreTableState.ENDED,
                right="scoretable.keep",
            ),
        ),
    )
)

G = GroupSeasonState

GROUP_SEASONS = register(
    StateTable(
        model="awards.GroupSeason",
        title="Năm thi đua của cụm, khối",
        states=GroupSeasonState,
        initial=G.PREPARING,
        unit_of=lambda season: season.owner_id,
        transitions=(
            Transition(
                "start",
                "Phát động năm thi đua",
                (G.PREPARING,),
                G.RUNNING,
                right="groupseason.run",
                guard=readiness.may_start,
            ),
            Transition(
                "open_scoring",
                "Mở chấm điểm",
                (G.RUNNING,),
                G.SCORING,
                right="groupseason.run",
                guard=readiness.everybody_has_a_checker,
            ),
            Transition(
                "publish",
                "Công bố kết quả",
                (G.SCORING,),
                G.PUBLISHED,
                right="groupseason.run",
                guard=readiness.nothing_is_half_done,
            ),
            Transition(
                "reopen",
                "Mở lại chấm điểm",
                (G.PUBLISHED,),
                G.SCORING,
                right="groupseason.run",
                needs_reason=True,
            ),
            Transition(
                "cancel",
                "Bỏ năm thi đua",
                (G.PREPARING, G.RUNNING, G.SCORING),
                G.CANCELLED,
                right="groupseason.run",
                needs_reason=True,
            ),
        ),
    )
)

S = ScoreSheetState

SCORE_SHEETS = register(
    StateTable(
        model="awards.ScoreSheet",
        title="Phiếu chấm điểm",
        states=ScoreSheetState,
        initial=S.SCORING,
        unit_of=lambda sheet: sheet.unit_id,
        transitions=(
            Transition(
                "submit",
                "Gửi điểm tự chấm",
                (S.SCORING, S.RETURNED),
                S.SELF_SCORED,
                right="scoresheet.score",
                guard=readiness.is_self_scored,
            ),
            Transition(
                "recall",
                "Rút lại điểm tự chấm",
                (S.SELF_SCORED,),
                S.SCORING,
                right="scoresheet.score",
                guard=readiness.may_recall,
            ),
            Transition(
                "check_back",
                "Trả lại khi chấm chéo",
                (S.SELF_SCORED,),
                S.RETURNED,
                right="scoresheet.check",
                needs_reason=True,
                guard=readiness.may_check,
            ),
            Transition(
                "finish_cross",
                "Xong chấm chéo",
                (S.SELF_SCORED,),
                S.CROSS_CHECKED,
                right="scoresheet.check",
                guard=readiness.is_cross_checked,
            ),
            Transition(
                "skip_cross",
                "Bỏ qua chấm chéo quá hạn",
                (S.SELF_SCORED,),
                S.CROSS_CHECKED,
                right="scoresheet.verify",
                needs_reason=True,
                guard=readiness.cross_check_is_late,
            ),
            Transition(
                "send_back",
                "Trả lại khi thẩm định",
                (S.SELF_SCORED, S.CROSS_CHECKED),
                S.RETURNED,
                right="scoresheet.verify",
                needs_reason=True,
                guard=readiness.may_verify,
            ),
            Transition(
                "finish_verifying",
                "Xong thẩm định",
                (S.CROSS_CHECKED,),
                S.VERIFIED,
                right="scoresheet.verify",
                guard=readiness.is_verified,
            ),
            Transition(
                "unverify",
                "Thẩm định lại",
                (S.VERIFIED,),
                S.CROSS_CHECKED,
                right="scoresheet.verify",
                needs_reason=True,
                guard=readiness.may_verify,
            ),
        ),
    )
)
