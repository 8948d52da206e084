"""What of the register may be shown to everybody: the decision and who was commended, no more of a person.

Of a person: name, unit, form, decision; no sex, class, achievement or money. A household is not named, only
its commune; no word finds it and its name decides no order. Revoked and corrected rows, and rows without
number and day of a decision, are left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, CharField, F, QuerySet, Value, When

from thidua.awards.models import AwardState, AwardSubjectType, RegisteredAward
from thidua.organisations import tree
from thidua.tables.words import holding

HOUSEHOLD = "Một hộ gia đình"


@dataclass(frozen=True, slots=True)
class PublicAward:
    """One award as the public may read it."""

    award_id: int
    name: str
    subject_type: str
    #: Of a household the unit it was found to be of, or nothing.
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
    """The rows that may be shown, newest first; within a decision by name, households first, unordered.

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
    name = Case(
        When(subject_type=AwardSubjectType.HOUSEHOLD, then=Value("")),
        default=F("name_order"),
        output_field=CharField(),
    )
    return rows.order_by("-decided_on", "decision_number", name, "pk")


def found_by_words(rows: QuerySet[RegisteredAward], words: Iterable[str]) -> QuerySet[RegisteredAward]:
    """Rows that hold all words; no household, for an answer to a name would tell that it was commended."""
    asked = list(words)
    return holding(rows.exclude(subject_type=AwardSubjectType.HOUSEHOLD), asked) if asked else rows


def shown(rows: Iterable[RegisteredAward], *, on: date) -> list[PublicAward]:
    """The rows in their order without what is nobody's business; units are named as on a day."""
    found = list(rows)
    # The source may write the hamlet or more of a household: only the unit it was found to be of is told.
    houses = {row.pk: row.unit_id for row in found if row.subject_type == AwardSubjectType.HOUSEHOLD}
    labels = tree.labels_on({unit_id for unit_id in houses.values() if unit_id}, on=on)
    result = []
    for row in found:
        assert row.decided_on is not None
        is_house = row.pk in houses
        result.append(
            PublicAward(
                award_id=row.pk,
                name=HOUSEHOLD if is_house else row.subject_name,
                subject_type=row.subject_type,
                unit_name=labels.get(row.unit_id or 0, "") if is_house else row.unit_name,
                form=row.form,
                form_name=row.form_name,
                movement=row.movement.name if row.movement is not None else "",
                decision_number=row.decision_number,
                decided_on=row.decided_on,
                issuer_name=row.issuer_name,
                is_invented=row.is_invented,
            )
        )
    return result
