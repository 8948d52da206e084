"""Legal eras, and the day that decides which one applies (decision 0019)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from thidua.criteria import lawbook
from thidua.criteria.award_law.sources import Lawful, Source, entry, source_of
from thidua.criteria.lawbook import NotInLawbook


@dataclass(frozen=True, slots=True)
class Era(Lawful):
    """A time under one law and one decree: E1, E2, E3."""

    code: str
    name: str
    law: str
    decree: str
    circulars: tuple[str, ...]
    since: date
    until: date | None


class Matter(StrEnum):
    """What is asked about, when the day is chosen that decides the era."""

    BONUS = "bonus"
    AUTHORITY = "authority"
    STANDARD = "standard"
    DOSSIER = "dossier"
    PROCEDURE = "procedure"


@dataclass(frozen=True, slots=True)
class GoverningDay(Lawful):
    """The day whose law applies to a matter, and by which of the days of the case."""

    on: date
    #: decision, submission or act.
    by: str


@dataclass(frozen=True, slots=True)
class Crossing:
    """A case that was submitted in one era and is decided in the next."""

    submitted_in: Era
    decided_in: Era
    #: The transitional clause; None when not even its existence is known.
    transition: Source | None

    @property
    def warning(self) -> str:
        clause = self.transition.citation if self.transition else "điều khoản chuyển tiếp"
        return (
            f"Hồ sơ trình theo {self.submitted_in.decree}, quyết định theo {self.decided_in.decree}: "
            f"xem {clause}, chưa đối chiếu văn bản gốc"
        )


def era(on: date) -> Era:
    """The era of a day. Raises NotInLawbook before 1 October 2017."""
    found = lawbook.value("award.era", on=on)
    circulars = lawbook.book().find("award.era.circulars", on=on)
    source = source_of(found)
    return Era(
        source=source,
        code=found.value["code"],
        name=found.value["name"],
        law=found.value["law"],
        decree=found.value["decree"],
        circulars=circulars.value if circulars else (),
        since=source.since,
        until=source.until,
    )


def eras() -> tuple[Era, ...]:
    """All that are known, oldest first."""
    return tuple(era(parameter.since) for parameter in lawbook.book().history("award.era"))


def governing_day(
    matter: Matter,
    *,
    decided_on: date | None = None,
    submitted_on: date | None = None,
    acted_on: date | None = None,
    today: date,
) -> GoverningDay:
    """The day whose law applies to `matter`; `today` stands in for a day that is still to come.

    Bonus, authority and standards: the decision. Papers and forms: the submission. Posting, council, votes
    and terms: the act itself.
    """
    found = entry("award.governing_date", matter, on=today, what="cách chọn ngày cho")
    days = {"decision": decided_on, "submission": submitted_on, "act": acted_on}
    return GoverningDay(source=source_of(found), on=days[found.value] or today, by=found.value)


def crossing(*, submitted_on: date, decided_on: date) -> Crossing | None:
    """Whether the law changed between submission and decision."""
    before, after = era(submitted_on), era(decided_on)
    if before.code == after.code:
        return None
    found = lawbook.book().find("award.transition", on=decided_on)
    return Crossing(before, after, source_of(found) if found else None)


def has_law(on: date) -> bool:
    """Whether the lawbook reaches back to the day."""
    try:
        era(on)
    except NotInLawbook:
        return False
    return True
