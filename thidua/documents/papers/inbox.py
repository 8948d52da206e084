"""What of papers waits for a person: to review, to sign, to number, to issue, to deal with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from thidua.documents.models import Forwarding, OutgoingPaper, PaperState
from thidua.documents.papers import symbols
from thidua.documents.papers.calendar import next_working_day
from thidua.documents.papers.issuing import signed_on
from thidua.documents.rights import CLERKS, DRAFTING, REVIEWING, SIGNING
from thidua.organisations.authority import Acting


@dataclass(frozen=True, slots=True)
class WaitingPaper:
    """One paper or arrival that waits: what is asked, by when, and the page where it is done."""

    title: str
    why: str
    act: str
    address: str
    due_on: date | None
    about: str


def waiting_for(acting: Acting, *, at_most: int) -> list[WaitingPaper]:
    """The papers that wait for this person's next step; two queries."""
    found = [_of_paper(paper) for paper in _papers(acting)[:at_most]]
    found.extend(_of_forwarding(row) for row in _arrivals(acting)[:at_most])
    return found


#: State → what is asked, and the button.
ASKED: dict[str, tuple[str, str]] = {
    PaperState.OFFERED: ("Chờ soát", "Soát văn bản"),
    PaperState.REVIEWED: ("Chờ ký", "Xem và ký"),
    PaperState.SIGNED: ("Chờ cấp số", "Cấp số"),
    PaperState.NUMBERED: ("Chờ phát hành", "Phát hành"),
}


def _papers(acting: Acting) -> QuerySet[OutgoingPaper]:
    reviewing, signing = acting.unit_ids(REVIEWING), acting.unit_ids(SIGNING)
    numbering = acting.unit_ids(CLERKS)
    to_review = Q(state=PaperState.OFFERED) & (Q(unit_id__in=reviewing) | Q(drafting_unit_id__in=reviewing))
    to_sign = Q(state=PaperState.REVIEWED, unit_id__in=signing)
    to_number = Q(state__in=(PaperState.SIGNED, PaperState.NUMBERED), unit_id__in=numbering)
    return (
        OutgoingPaper.objects.filter(to_review | to_sign | to_number)
        .select_related("given")
        .order_by(F("due_on").asc(nulls_last=True), "changed_at", "pk")
    )


def _of_paper(paper: OutgoingPaper) -> WaitingPaper:
    why, act = ASKED[paper.state]
    due_on = paper.due_on
    if paper.state in (PaperState.SIGNED, PaperState.NUMBERED):
        due_on = next_working_day(signed_on(paper))
    return WaitingPaper(
        title=paper.title,
        why=f"{symbols.kind_name(paper.kind)} {why[:1].lower()}{why[1:]}",
        act=act,
        address=reverse("papers:paper", args=[paper.pk]),
        due_on=due_on,
        about=paper.notation,
    )


def _arrivals(acting: Acting) -> QuerySet[Forwarding]:
    mine = Q(unit_id__in=acting.unit_ids(DRAFTING)) | Q(user=acting.user)
    return (
        Forwarding.objects.filter(mine, done_at__isnull=True)
        .select_related("incoming")
        .order_by(F("due_on").asc(nulls_last=True), "pk")
    )


def _of_forwarding(row: Forwarding) -> WaitingPaper:
    return WaitingPaper(
        title=row.incoming.title,
        why="Văn bản đến, chủ trì giải quyết" if row.is_lead else "Văn bản đến",
        act="Xem văn bản",
        address=reverse("papers:arrival", args=[row.incoming_id]),
        due_on=row.due_on,
        about=" · ".join(filter(None, (row.incoming.notation, row.incoming.issuer, row.instruction))),
    )
