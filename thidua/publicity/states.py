"""The states of what is shown to the public. `docs/reference/states.md` is drawn from it."""

from __future__ import annotations

from thidua.audit.workflow import StateTable, Transition, register
from thidua.publicity.models import (
    ProposalState,
    Publication,
    PublicationState,
    StoryState,
)
from thidua.publicity.publishing import is_fit_to_be_seen
from thidua.publicity.stories.writing import is_ready


def _unit_of(publication: Publication) -> int | None:
    if publication.plan is not None:
        return publication.plan.owner_id
    return publication.paper.unit_id if publication.paper is not None else None


PUBLICATIONS = register(
    StateTable(
        model="publicity.Publication",
        title="Mục trên cổng công khai",
        states=PublicationState,
        initial=PublicationState.HIDDEN,
        unit_of=_unit_of,
        transitions=(
            Transition(
                "publish",
                "Công khai",
                (PublicationState.HIDDEN, PublicationState.WITHDRAWN),
                PublicationState.PUBLISHED,
                right="publication.switch",
                guard=is_fit_to_be_seen,
            ),
            Transition(
                "withdraw",
                "Rút khỏi cổng công khai",
                (PublicationState.PUBLISHED,),
                PublicationState.WITHDRAWN,
                right="publication.switch",
                needs_reason=True,
            ),
        ),
    )
)

S = StoryState

STORIES = register(
    StateTable(
        model="publicity.Story",
        title="Bài gương sáng",
        states=StoryState,
        initial=S.DRAFT,
        unit_of=lambda story: story.unit_id,
        transitions=(
            Transition(
                "offer", "Gửi duyệt", (S.DRAFT, S.RETURNED), S.OFFERED, right="story.write", guard=is_ready
            ),
            Transition("recall", "Rút về để sửa", (S.OFFERED,), S.DRAFT, right="story.write"),
            Transition(
                "send_back", "Trả lại bài", (S.OFFERED,), S.RETURNED, right="story.review", needs_reason=True
            ),
            Transition(
                "publish", "Đăng lên cổng", (S.OFFERED,), S.PUBLISHED, right="story.review", guard=is_ready
            ),
            Transition(
                "withdraw", "Gỡ bài", (S.PUBLISHED,), S.WITHDRAWN, right="story.review", needs_reason=True
            ),
            Transition("reopen", "Sửa lại bài đã gỡ", (S.WITHDRAWN,), S.DRAFT, right="story.write"),
            Transition("drop", "Bỏ bài", (S.DRAFT, S.RETURNED), S.DROPPED, right="story.write"),
        ),
    )
)

PROPOSALS = register(
    StateTable(
        model="publicity.Proposal",
        title="Đề xuất từ người dân",
        states=ProposalState,
        initial=ProposalState.NEW,
        unit_of=lambda proposal: proposal.unit_id,
        transitions=(
            Transition(
                "take",
                "Lập bài từ đề xuất",
                (ProposalState.NEW,),
                ProposalState.TAKEN,
                right="proposal.decide",
            ),
            Transition(
                "decline",
                "Không nhận đề xuất",
                (ProposalState.NEW,),
                ProposalState.DECLINED,
                right="proposal.decide",
                needs_reason=True,
            ),
        ),
    )
)
