"""The states of councils and of their meetings."""

from __future__ import annotations

from thidua.audit.workflow import StateTable, Transition, register
from thidua.awards.council.readiness import (
    every_question_is_settled,
    has_agenda,
    is_formed,
    may_vote_now,
)
from thidua.awards.models import CouncilState, SessionState

COUNCILS = register(
    StateTable(
        model="awards.Council",
        title="Hội đồng thi đua, khen thưởng",
        states=CouncilState,
        initial=CouncilState.FORMING,
        unit_of=lambda council: council.unit_id,
        transitions=(
            Transition(
                "found",
                "Đưa hội đồng vào hoạt động",
                (CouncilState.FORMING,),
                CouncilState.IN_FORCE,
                right="council.keep",
                guard=is_formed,
            ),
            Transition(
                "end",
                "Kết thúc nhiệm kỳ",
                (CouncilState.IN_FORCE,),
                CouncilState.ENDED,
                right="council.keep",
                needs_reason=True,
            ),
        ),
    )
)

S = SessionState

SESSIONS = register(
    StateTable(
        model="awards.CouncilSession",
        title="Cuộc họp hội đồng",
        states=SessionState,
        initial=S.PREPARING,
        unit_of=lambda session: session.council.unit_id,
        transitions=(
            Transition(
                "summon",
                "Mời họp",
                (S.PREPARING,),
                S.SUMMONED,
                right="councilsession.run",
                guard=has_agenda,
            ),
            Transition(
                "begin",
                "Khai mạc cuộc họp",
                (S.PREPARING, S.SUMMONED),
                S.MEETING,
                right="councilsession.run",
                guard=has_agenda,
            ),
            Transition(
                "open_voting",
                "Mở bỏ phiếu",
                (S.MEETING,),
                S.VOTING,
                right="councilsession.run",
                guard=may_vote_now,
            ),
            Transition(
                "void_voting",
                "Hủy lần bỏ phiếu",
                (S.VOTING,),
                S.MEETING,
                right="councilsession.run",
                needs_reason=True,
            ),
            Transition("count", "Kiểm phiếu", (S.VOTING,), S.COUNTED, right="councilsession.run"),
            Transition(
                "conclude",
                "Ghi kết luận vào hồ sơ",
                (S.COUNTED,),
                S.CONCLUDED,
                right="councilsession.run",
                guard=every_question_is_settled,
            ),
            Transition(
                "cancel",
                "Hủy cuộc họp",
                (S.PREPARING, S.SUMMONED, S.MEETING),
                S.CANCELLED,
                right="councilsession.run",
                needs_reason=True,
            ),
        ),
    )
)
