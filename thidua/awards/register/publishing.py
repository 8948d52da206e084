"""What of the register may be shown to everybody: the decision and who was commended, no more of a person.

Of a person: name, unit, form, decision; no sex, class, achievement or money. A household is not named, only
its commune. Revoked and corrected rows, and rows without number and day of a decision, are left out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from thidua.awards.models import AwardState, AwardSubjectType, RegisteredAward

HOUSEHOLD = "Một hộ gia đình"


@dataclass(frozen=True, slots=True)
class PublicAward:
    """One award as the public may read it."""

    award_id: int
    name: str
    subject_type: str
    unit_name: str
    form: str
    form_name: str
    movement: str
    decision_number: str
    decided_on: date
    issuer_name: str
    is_invented: bool


def public_rows(
    *, issuers: Collection[int] | None = None, since: date | None = None, until: date | None = None
) -> QuerySet[RegisteredAward]:
    """The rows that `public_extract` gives, newest first, for those who page through them.

    `issuers`: units whose decisions; `since` and `until`: decided in this half-open range.
    """
    rows = RegisteredAward.objects.filter(state=AwardState.IN_FORCE, decided_on__isnull=False)
    rows = rows.exclude(decision_number="").select_related("movement")
    if issuers is not None:
        rows = rows.filter(issuer_id__in=issuers)
    if since is not None:
        rows = rows.filter(decided_on__gte=since)
    if until is not None:
        rows = rows.filter(decided_on__lt=until)
    return rows.order_by("-decided_on", "name_order", "pk")


def public_extract(
    *,
    issuers: Collection[int] | None = None,
    since: date | None = None,
    until: date | None = None,
    most: int = 1000,
) -> list[PublicAward]:
    """At most `most` awards as the public may read them, newest first."""
    return [shown(row) for row in public_rows(issuers=issuers, since=since, until=until)[:most]]


def shown(row: RegisteredAward) -> PublicAward:
    """One row without what is nobody's business."""
    is_household = row.subject_type == AwardSubjectType.HOUSEHOLD
    assert row.decided_on is not None
    return PublicAward(
        award_id=row.pk,
        name=HOUSEHOLD if is_household else row.subject_name,
        subject_type=row.subject_type,
        unit_name=row.unit_name,
        form=row.form,
        form_name=row.form_name,
        movement=row.movement.name if row.movement is not None else "",
        decision_number=row.decision_number,
        decided_on=row.decided_on,
        issuer_name=row.issuer_name,
        is_invented=row.is_invented,
    )
