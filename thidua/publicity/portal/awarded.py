"""Awards as the portal shows them: what the register lets everybody see, narrowed, with their papers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.urls import reverse

from thidua.awards.models import AwardLevel, RegisteredAward
from thidua.awards.register.lists import form_choices
from thidua.awards.register.publishing import PublicAward, found_by_words, public_rows, shown
from thidua.core.text import fold
from thidua.publicity.publishing import public_papers


@dataclass(frozen=True, slots=True)
class AwardShown:
    award: PublicAward
    subject_type: str
    level: str
    #: Of a person or household; empty where the subject is the unit.
    unit: str
    #: The paper of the decision, where its body has published it.
    paper: str
    #: All awards of the same decision.
    decision: str


@dataclass(frozen=True, slots=True)
class DecisionShown:
    number: str
    decided_on: date
    issuer: str
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a visitor narrows the list to; empty is everything."""

    words: tuple[str, ...] = ()
    year: int | None = None
    form: str = ""
    level: str = ""
    number: str = ""
    issuer: str = ""


def public_awards(*, on: date) -> QuerySet[RegisteredAward]:
    """Decided by the end of the day, newest first."""
    return public_rows(until=on + timedelta(days=1))


def narrowed(rows: QuerySet[RegisteredAward], asked: Asked) -> QuerySet[RegisteredAward]:
    wanted = {
        "decided_year": asked.year,
        "form": asked.form,
        "level": asked.level,
        "decision_number": asked.number,
        "issuer_name": asked.issuer,
    }
    rows = found_by_words(rows, asked.words)
    return rows.filter(**{field: value for field, value in wanted.items() if value})


def awards_shown(rows: Iterable[RegisteredAward], *, on: date) -> list[AwardShown]:
    """In the order of the rows."""
    found = list(rows)
    papers = set(
        public_papers()
        .filter(pk__in={row.paper_id for row in found if row.paper_id})
        .values_list("pk", flat=True)
    )
    return [
        AwardShown(
            award,
            str(row.get_subject_type_display()),
            str(row.get_level_display()),
            "" if fold(award.unit_name) == fold(award.name) else award.unit_name,
            reverse("portal:paper_pdf", args=[row.paper_id]) if row.paper_id in papers else "",
            decision_address(award.decision_number, award.decided_on, award.issuer_name),
        )
        for row, award in zip(found, shown(found, on=on), strict=True)
    ]


def decision_address(number: str, decided_on: date, issuer: str) -> str:
    asked = {"so": number, "nam": decided_on.year, "co_quan": issuer}
    return f"{reverse('portal:awards')}?{urlencode({key: value for key, value in asked.items() if value})}"


def newest_decisions(*, on: date, most: int) -> list[DecisionShown]:
    rows = (
        public_rows(until=on + timedelta(days=1))
        .select_related(None)
        .order_by()
        .values_list("decision_number", "decided_on", "issuer_name")
        .annotate(count=Count("pk"))
        .order_by("-decided_on", "decision_number", "issuer_name")[:most]
    )
    return [
        DecisionShown(number, day, issuer, count, decision_address(number, day, issuer))
        for number, day, issuer, count in rows
        if day is not None
    ]


def years(rows: QuerySet[RegisteredAward]) -> list[int]:
    return list(rows.order_by("-decided_year").values_list("decided_year", flat=True).distinct())


def forms(rows: QuerySet[RegisteredAward], *, on: date) -> list[tuple[str, str]]:
    """Those that were given, highest first."""
    given = set(rows.order_by().values_list("form", flat=True).distinct())
    return [(code, name) for code, name in form_choices(on) if code in given]


def levels() -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in AwardLevel.choices]
