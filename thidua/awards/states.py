"""The states of rounds and candidates. `docs/reference/states.md` is drawn from it.

One table for all streams; which steps a stream needs is data (`process`), asked by the guards.
"""

from __future__ import annotations

from thidua.audit.workflow import StateTable, Transition, register
from thidua.awards.council import states as of_councils  # noqa: F401  # registers its tables
from thidua.awards.decisions import states as of_decisions  # noqa: F401  # registers its table
from thidua.awards.groups import states as of_groups  # noqa: F401  # registers its tables
from thidua.awards.models import AwardRoundState, CandidateState
from thidua.awards.readiness import (
    council_may_be_left_out,
    decided_here,
    every_case_ended,
    has_forms,
    no_case_is_lost,
    nobody_still_asked,
    ready_for_council,
    somebody_was_asked,
    still_taken,
    was_appraised,
)
from thidua.awards.register import states as of_the_register  # noqa: F401  # registers its table

AWARD_ROUNDS = register(
    StateTable(
        model="awards.AwardRound",
        title="Đợt xét khen thưởng",
        states=AwardRoundState,
        initial=AwardRoundState.PLANNED,
        unit_of=lambda round_: round_.deciding_body_id,
        transitions=(
            Transition(
                "open",
                "Mở nhận đề nghị",
                (AwardRoundState.PLANNED,),
                AwardRoundState.OPEN,
                right="awardround.run",
                guard=has_forms,
            ),
            Transition(
                "close",
                "Khóa danh sách",
                (AwardRoundState.OPEN,),
                AwardRoundState.CLOSED,
                right="awardround.run",
            ),
            Transition(
                "reopen",
                "Mở lại đợt xét",
                (AwardRoundState.CLOSED,),
                AwardRoundState.OPEN,
                right="awardround.run",
                needs_reason=True,
            ),
            Transition(
                "finish",
                "Kết thúc đợt xét",
                (AwardRoundState.CLOSED,),
                AwardRoundState.FINISHED,
                right="awardround.run",
                guard=every_case_ended,
            ),
            Transition(
                "cancel",
                "Bỏ đợt xét",
                (AwardRoundState.PLANNED, AwardRoundState.OPEN),
                AwardRoundState.CANCELLED,
                right="awardround.run",
                needs_reason=True,
                guard=no_case_is_lost,
            ),
        ),
    )
)

S = CandidateState

CANDIDATES = register(
    StateTable(
        model="awards.Candidate",
        title="Đề nghị khen thưởng",
        states=CandidateState,
        initial=S.DRAFT,
        unit_of=lambda candidate: candidate.proposer_id,
        transitions=(
            Transition(
                "send",
                "Gửi đề nghị",
                (S.DRAFT, S.RETURNED),
                S.SENT,
                right="candidate.propose",
                guard=still_taken,
            ),
            Transition("recall", "Rút về để sửa", (S.SENT,), S.DRAFT, right="candidate.propose"),
            Transition(
                "withdraw",
                "Rút đề nghị",
                (S.DRAFT, S.RETURNED, S.SENT, S.APPRAISED, S.POSTED),
                S.WITHDRAWN,
                right="candidate.propose",
                needs_reason=True,
            ),
            Transition(
                "send_back",
                "Trả lại đề nghị",
                (S.SENT, S.APPRAISED, S.CONSULTING, S.POSTED),
                S.RETURNED,
                right="candidate.receive",
                needs_reason=True,
            ),
            Transition(
                "appraise",
                "Ghi đã thẩm định",
                (S.SENT,),
                S.APPRAISED,
                right="candidate.receive",
                guard=was_appraised,
            ),
            Transition(
                "consult",
                "Hỏi ý kiến cơ quan",
                (S.APPRAISED,),
                S.CONSULTING,
                right="candidate.receive",
                guard=somebody_was_asked,
            ),
            Transition(
                "end_consulting",
                "Kết thúc hỏi ý kiến",
                (S.CONSULTING,),
                S.APPRAISED,
                right="candidate.receive",
                guard=nobody_still_asked,
            ),
            Transition("post", "Công khai lấy ý kiến", (S.APPRAISED,), S.POSTED, right="candidate.receive"),
            Transition(
                "to_council",
                "Trình hội đồng",
                (S.APPRAISED, S.POSTED),
                S.AT_COUNCIL,
                right="candidate.receive",
                guard=ready_for_council,
            ),
            Transition(
                "take_from_council",
                "Đưa ra khỏi phiên họp",
                (S.AT_COUNCIL,),
                S.APPRAISED,
                right="candidate.conclude",
                needs_reason=True,
            ),
            Transition(
                "pass_council",
                "Ghi hội đồng thông qua",
                (S.AT_COUNCIL,),
                S.PASSED,
                right="candidate.conclude",
            ),
            Transition(
                "fail_council",
                "Ghi hội đồng không thông qua",
                (S.AT_COUNCIL,),
                S.NOT_PASSED,
                right="candidate.conclude",
            ),
            Transition(
                "reconsider",
                "Trình hội đồng xét lại",
                (S.PASSED, S.NOT_PASSED),
                S.AT_COUNCIL,
                right="candidate.conclude",
                needs_reason=True,
            ),
            Transition(
                "forward",
                "Trình cấp trên",
                (S.APPRAISED, S.PASSED),
                S.FORWARDED,
                right="candidate.decide",
                guard=council_may_be_left_out,
            ),
            Transition(
                "decide",
                "Quyết định khen thưởng",
                (S.APPRAISED, S.PASSED),
                S.AWARDED,
                right="candidate.decide",
                guard=decided_here,
            ),
            Transition(
                "note_award",
                "Ghi cấp trên đã khen thưởng",
                (S.FORWARDED,),
                S.AWARDED,
                right="candidate.receive",
            ),
            Transition(
                "take_back",
                "Nhận lại từ cấp trên",
                (S.FORWARDED,),
                S.APPRAISED,
                right="candidate.receive",
                needs_reason=True,
            ),
            Transition(
                "refuse",
                "Không khen thưởng",
                (S.SENT, S.APPRAISED, S.PASSED, S.NOT_PASSED, S.FORWARDED),
                S.REFUSED,
                right="candidate.receive",
                needs_reason=True,
            ),
        ),
    )
)
