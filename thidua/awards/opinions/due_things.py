"""What of posted lists falls due: opinions to answer, and lists whose period ends, to put before the council.

Both stand in «Việc của tôi», one line for each list, on the same days: the opinions through `awards.inbox`,
the lists through `opinions.waiting`, as soon as their period is over.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from thidua.awards.models import Candidate, CandidateState, Opinion, Posting
from thidua.awards.rights import DECIDING
from thidua.notices.due import Due, register, source_of_rows


def unanswered(_on: date) -> QuerySet[Posting]:
    """Lists with opinions against somebody that nobody has answered, also when they were taken down."""
    waiting = Opinion.objects.filter(
        posting=OuterRef("pk"), answered_at__isnull=True, kind__in=Opinion.AGAINST
    )
    return Posting.objects.filter(Exists(waiting)).select_related("round")


def to_conclude(_on: date) -> QuerySet[Posting]:
    """Lists with candidates that went no further: by the council's first day, or the last for opinions."""
    posted = Candidate.objects.filter(posting=OuterRef("pk"), state=CandidateState.POSTED)
    return (
        Posting.objects.filter(Exists(posted))
        .annotate(concluded_by=Coalesce("council_from", "until"))
        .select_related("round")
    )


def _due_answer(row: Posting) -> Due:
    return Due(
        key=str(row.pk),
        title="Trả lời ý kiến về danh sách công khai",
        address=f"{reverse('opinions:posting', args=[row.pk])}?tra_loi=chua",
        due_on=row.until,
        unit_id=row.round.standing_body_id,
        about=row.round.name,
    )


def _due_conclusion(row: Posting) -> Due:
    return Due(
        key=str(row.pk),
        title="Hết thời gian công khai: tổng hợp ý kiến, trình hội đồng",
        address=reverse("opinions:posting", args=[row.pk]),
        due_on=row.council_from or row.until,
        unit_id=row.round.standing_body_id,
        about=row.round.name,
    )


register(
    source_of_rows(
        "opinions",
        "Ý kiến của nhân dân",
        roles=DECIDING,
        late_roles=DECIDING,
        waiting=unanswered,
        due=_due_answer,
        day="until",
    )
)
register(
    source_of_rows(
        "postings",
        "Danh sách công khai",
        roles=DECIDING,
        late_roles=DECIDING,
        waiting=to_conclude,
        due=_due_conclusion,
        day="concluded_by",
    )
)
