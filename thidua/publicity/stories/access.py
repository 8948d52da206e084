"""Stories and proposals a person may see, and loading one with the right checked."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from thidua.organisations.authority import Acting
from thidua.publicity.models import Proposal, Story, StoryState
from thidua.publicity.rights import DECIDING


def stories(acting: Acting) -> QuerySet[Story]:
    """Of the own units; of others what they sent to an own body."""
    mine = acting.unit_ids()
    sent = Q(publisher_id__in=mine) & ~Q(state__in=(StoryState.DRAFT, StoryState.DROPPED))
    return Story.objects.filter(Q(unit_id__in=mine) | sent)


def story_at(pk: int, *, acting: Acting) -> Story:
    found = stories(acting).select_related("unit", "publisher", "column", "movement").filter(pk=pk).first()
    if found is None:
        raise Http404("no such story")
    return found


def proposals(acting: Acting) -> QuerySet[Proposal]:
    """Sent to a body for which this person decides: they name people."""
    return Proposal.objects.filter(unit_id__in=acting.unit_ids(DECIDING))


def proposal_at(pk: int, *, acting: Acting) -> Proposal:
    found = proposals(acting).select_related("unit", "story").filter(pk=pk).first()
    if found is None:
        raise Http404("no such proposal")
    return found
