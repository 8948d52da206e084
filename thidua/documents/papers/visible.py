"""Which papers a person sees: those of their units, those their units draft, those passed on to them."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from thidua.documents.models import IncomingPaper, NumberBook, OutgoingPaper
from thidua.documents.rights import CLERKS, DRAFTING
from thidua.organisations.authority import Acting


def outgoing(acting: Acting) -> QuerySet[OutgoingPaper]:
    mine = acting.unit_ids()
    return OutgoingPaper.objects.filter(Q(unit_id__in=mine) | Q(drafting_unit_id__in=mine)).select_related(
        "given", "unit", "drafting_unit"
    )


def outgoing_at(pk: int, *, acting: Acting) -> OutgoingPaper:
    """One paper that this person may read. Raises Http404 for none, NotAllowed for a foreign one."""
    paper = (
        OutgoingPaper.objects.select_related(
            "given__book", "signed_file", "issued_file", "signed_by", "names__given", "recalled_by__given"
        )
        .filter(pk=pk)
        .first()
    )
    if paper is None:
        raise Http404("no such paper")
    acting.require("paper.read", paper)
    return paper


def incoming(acting: Acting) -> QuerySet[IncomingPaper]:
    mine = acting.unit_ids()
    return (
        IncomingPaper.objects.filter(
            Q(unit_id__in=mine) | Q(forwardings__unit_id__in=mine) | Q(forwardings__user=acting.user)
        )
        .distinct()
        .select_related("given")
    )


def incoming_at(pk: int, *, acting: Acting) -> IncomingPaper:
    """One arrival that this person may read. Raises Http404 for none, NotAllowed for a foreign one."""
    found = IncomingPaper.objects.select_related("given", "file", "document").filter(pk=pk).first()
    if found is None:
        raise Http404("no such paper")
    if not found.forwardings.filter(user=acting.user).exists():
        acting.require("incoming.read", found)
    return found


def books(acting: Acting) -> QuerySet[NumberBook]:
    return NumberBook.objects.filter(unit_id__in=acting.unit_ids())


def may_draft(acting: Acting) -> bool:
    return bool(acting.unit_ids(DRAFTING))


def clerk_units(acting: Acting) -> frozenset[int]:
    """The bodies for which this person is the clerk, without what they took over: new papers are theirs."""
    return frozenset(
        mandate.unit_id
        for mandate in acting.mandates
        if mandate.role in CLERKS and acting.acts_for_living_unit(mandate)
    )
