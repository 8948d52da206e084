"""What of publicity waits for a person: stories to finish and to review, proposals to look at."""

from __future__ import annotations

from django.urls import reverse

from thidua.core.text import shortened
from thidua.organisations.authority import Acting
from thidua.organisations.waiting import Waiting
from thidua.publicity.models import Proposal, ProposalState, Story, StoryState
from thidua.publicity.rights import DECIDING, DOING

#: Of each sort so many are fetched, the oldest first.
MOST = 30


def waiting_for(acting: Acting) -> list[Waiting]:
    """Two queries, however many there are."""
    doing, deciding = acting.unit_ids(DOING), acting.unit_ids(DECIDING)
    found: list[Waiting] = []
    if doing:
        for story in (
            Story.objects.filter(publisher_id__in=deciding, state=StoryState.OFFERED)
            | Story.objects.filter(unit_id__in=doing, state=StoryState.RETURNED)
        ).order_by("changed_at", "pk")[:MOST]:
            is_review = story.state == StoryState.OFFERED
            found.append(
                Waiting(
                    title=f"{'Duyệt bài' if is_review else 'Sửa bài'}: {story.title}",
                    why=str(story.get_state_display()),
                    act="Duyệt hoặc trả lại" if is_review else "Sửa rồi gửi lại",
                    address=reverse("stories:story", args=[story.pk]),
                    about="Gương sáng",
                    is_answer=is_review,
                )
            )
    if deciding:
        for row in Proposal.objects.filter(unit_id__in=deciding, state=ProposalState.NEW).order_by("sent_at")[
            :MOST
        ]:
            found.append(
                Waiting(
                    title=f"Đề xuất từ người dân: {shortened(row.subject, 90)}",
                    why="Chờ xem",
                    act="Lập bài hoặc không nhận",
                    address=reverse("stories:proposal", args=[row.pk]),
                    about="Gương sáng",
                    is_answer=True,
                )
            )
    return found
