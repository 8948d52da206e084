"""What of papers falls due. Papers and notices do not know each other, so it is said here."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from thidua.documents.models import Forwarding, OutgoingPaper, PaperState
from thidua.documents.rights import DRAFTING
from thidua.notices.due import Due, register, source_of_rows
from thidua.organisations.models import Role


def _arrivals(_on: date) -> QuerySet[Forwarding]:
    """Those passed on to act on by a day."""
    return Forwarding.objects.filter(done_at__isnull=True, due_on__isnull=False).select_related("incoming")


def _due_arrival(row: Forwarding) -> Due:
    assert row.due_on is not None
    return Due(
        key=str(row.pk),
        title=row.incoming.title,
        address=reverse("papers:arrival", args=[row.incoming_id]),
        due_on=row.due_on,
        unit_id=None if row.user_id else row.unit_id,
        user_id=row.user_id,
        about=" · ".join(filter(None, (row.incoming.notation, row.incoming.issuer))),
    )


def _papers(_on: date) -> QuerySet[OutgoingPaper]:
    """Papers on their way to the signature; afterwards the clerk has them."""
    return OutgoingPaper.objects.filter(
        state__in=(PaperState.DRAFT, PaperState.OFFERED, PaperState.REVIEWED), due_on__isnull=False
    )


def _due_paper(paper: OutgoingPaper) -> Due:
    assert paper.due_on is not None
    return Due(
        key=str(paper.pk),
        title=paper.title,
        address=reverse("papers:paper", args=[paper.pk]),
        due_on=paper.due_on,
        unit_id=paper.drafting_unit_id or paper.unit_id,
        about=paper.notation,
    )


WORKERS = DRAFTING - {Role.LEADER}
register(
    source_of_rows(
        "arrivals", "Văn bản đến", roles=WORKERS, late_roles=DRAFTING, waiting=_arrivals, due=_due_arrival
    )
)
register(
    source_of_rows(
        "papers", "Văn bản đi", roles=WORKERS, late_roles=DRAFTING, waiting=_papers, due=_due_paper
    )
)
