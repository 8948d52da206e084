"""Councils and meetings a person may see: of the own units, and those that they sit in.

What is said and voted there is for the council and who prepares it, so an administrator sees none of it.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from thidua.awards.council.rights import RUNNING
from thidua.awards.models import Candidate, CandidateState, Council, CouncilSession, SessionItem, SessionState
from thidua.organisations.authority import Acting


def councils(acting: Acting) -> QuerySet[Council]:
    mine = acting.unit_ids(RUNNING)
    sits = Council.objects.filter(members__user=acting.user).values("pk")
    return Council.objects.filter(Q(unit_id__in=mine) | Q(standing_body_id__in=mine) | Q(pk__in=sits))


def sessions(acting: Acting) -> QuerySet[CouncilSession]:
    return CouncilSession.objects.filter(council__in=councils(acting).values("pk"))


def council_at(pk: int, *, acting: Acting) -> Council:
    found = councils(acting).select_related("unit", "standing_body").filter(pk=pk).first()
    if found is None:
        raise Http404("no such council")
    return found


def session_at(pk: int, *, acting: Acting) -> CouncilSession:
    found = (
        sessions(acting)
        .select_related("council", "chaired_by", "secretary", "summons", "minutes")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404("no such meeting")
    return found


def item_at(session: CouncilSession, pk: int) -> SessionItem:
    found = session.items.select_related("candidate__round").filter(pk=pk).first()
    if found is None:
        raise Http404("no such question")
    found.session = session
    return found


def waiting_candidates(council: Council) -> QuerySet[Candidate]:
    """Put before this council and on no agenda yet, of all its rounds."""
    taken = (
        SessionItem.objects.filter(is_concluded=False)
        .exclude(session__state__in=(SessionState.CONCLUDED, SessionState.CANCELLED))
        .values("candidate")
    )
    return (
        Candidate.objects.filter(state=CandidateState.AT_COUNCIL, round__deciding_body_id=council.unit_id)
        .exclude(pk__in=taken)
        .select_related("round")
        .order_by("round__name", "label_order", "pk")
    )
