"""Principles and holds, terms, posting, councils, votes, consultation: how a commendation comes about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from thidua.core.holiday_files import office_calendar
from thidua.criteria import lawbook
from thidua.criteria.award_law.forms import STATE, form
from thidua.criteria.award_law.sources import Lawful, Source, code_of, entry, first_of, source_of
from thidua.criteria.lawbook import NotInLawbook
from thidua.criteria.terms import End, Term, TermUnit, first_day_after, last_day


class Effect(StrEnum):
    """What the program does when a principle is not kept, from hard to soft."""

    BLOCK = "block"
    REASON = "reason"
    WARN = "warn"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Principle(Lawful):
    """A principle with its machine meaning."""

    code: str
    name: str
    text: str
    meaning: str
    #: As the lawbook wants it; `applies` is what may be done as long as nobody read the original.
    effect: Effect

    @property
    def applies(self) -> Effect:
        """An unconfirmed principle warns at most."""
        if not self.confirmed and self.effect in (Effect.BLOCK, Effect.REASON):
            return Effect.WARN
        return self.effect


@dataclass(frozen=True, slots=True)
class Hold(Lawful):
    """A circumstance during which nobody submits or signs."""

    code: str
    name: str
    stops_submitting: bool
    stops_signing: bool


@dataclass(frozen=True, slots=True)
class LawfulTerm(Lawful):
    """A term of the law; `term` is None where the law fixes none."""

    name: str
    term: Term | None


@dataclass(frozen=True, slots=True)
class Council(Lawful):
    """How a council is made up and works; None and empty: not said, or left to its own rules."""

    level: str
    name: str
    chair: str
    vice_chairs_at_least: int | None
    vice_chairs_at_most: int | None
    standing_vice: str
    standing_body: str
    quorum: Fraction | None
    quorum_of_all: bool | None
    has_own_rules: bool


@dataclass(frozen=True, slots=True)
class VoteThreshold(Lawful):
    """How many must agree. `share` is None where the council's own rules say."""

    share: Fraction | None
    of_all_members: bool
    is_secret: bool | None
    absent_in_writing: bool | None

    @property
    def is_set_by_council(self) -> bool:
        return self.share is None


@dataclass(frozen=True, slots=True)
class Recusal(Lawful):
    """Whether a member with an interest votes, and whether they stay in the base of the share."""

    is_recused: bool
    of_all_members: bool


@dataclass(frozen=True, slots=True)
class Consultation(Lawful):
    """Whether other bodies must be asked before a form is proposed, and about what."""

    is_needed: bool
    matters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Posting(Lawful):
    """Posting of the list before the council sits."""

    term: Term | None
    #: True: the law asks for it; None: not known for this form (practice, or not read).
    is_needed: bool | None
    sources: tuple[Source, ...]


def principles(on: date) -> tuple[Principle, ...]:
    """In the order of their numbers. Raises NotInLawbook for a day before all eras."""
    found = [
        Principle(
            source=source_of(parameter),
            code=code_of(parameter),
            name=parameter.name,
            text=parameter.value["text"],
            meaning=parameter.value["meaning"],
            effect=Effect(parameter.value["effect"]),
        )
        for parameter in lawbook.book().below("award.principle", on=on)
    ]
    return tuple(sorted(found, key=lambda one: one.code))


def holds(on: date) -> tuple[Hold, ...]:
    """What stops a case. Raises NotInLawbook before 2024: it was not read, so nothing can be said."""
    return tuple(
        Hold(
            source=source_of(parameter),
            code=code_of(parameter),
            name=parameter.name,
            stops_submitting="submit" in parameter.value["stops"],
            stops_signing="sign" in parameter.value["stops"],
        )
        for parameter in lawbook.book().below("award.hold", on=on)
    )


def processing_days(step: str, on: date, *, place: str = "") -> LawfulTerm:
    """How long a step may take, of a `place` its own figure. Raises NotInLawbook for an unknown step."""
    found = entry("award.processing", step, on=on, what="thời hạn", place=place)
    return LawfulTerm(source=source_of(found), name=found.name, term=term_of(found.value, found.unit))


def waiting_years(code: str, on: date) -> int | None:
    """Years between two awards; None where the law asks for none. Raises NotInLawbook."""
    years: int | None = entry("award.waiting", code, on=on, what="thời gian chờ").value
    return years


def publicity_days(on: date) -> LawfulTerm:
    """How long the list must be posted before the council sits; no term in E1."""
    found = entry("award.publicity", "before-council", on=on, what="thời gian công khai")
    return LawfulTerm(source=source_of(found), name=found.name, term=term_of(found.value, found.unit))


def posting(form_code: str, on: date) -> Posting:
    """Whether the list for a form must be posted, and how long."""
    wanted = form(form_code, on)
    days = publicity_days(on)
    book = lawbook.book()
    by_law = book.find("award.publicity_forms.law", on=on)
    by_practice = book.find("award.publicity_forms.practice", on=on)
    for found, is_needed in ((by_law, True), (by_practice, None)):
        if found and {wanted.code, wanted.kind} & set(found.value):
            return Posting(days.source, days.term, is_needed, (days.source, source_of(found)))
    return Posting(days.source, days.term, False if by_law else None, (days.source,))


def earliest_council_day(form_code: str, posted_on: date) -> End | None:
    """The first day on which the council may sit when the list was posted on a day; None: no need to wait.

    A form that need not be posted has none, nor has the law before 2024.
    """
    asked = posting(form_code, posted_on)
    if asked.term is None or asked.is_needed is False:
        return None
    return first_day_after(posted_on, asked.term, office_calendar())


def due_day(step: str, started_on: date, *, place: str = "") -> End | None:
    """The last day of a step that began on a day; None where the law fixes no term. Raises NotInLawbook."""
    found = processing_days(step, started_on, place=place)
    return last_day(started_on, found.term, office_calendar()) if found.term else None


def council_rules(level: str, on: date) -> Council:
    """The council of a level: trung-uong, bo, tinh, huyen, co-so, xa. Raises NotInLawbook."""
    found = entry("award.council", level, on=on, what="hội đồng cấp")
    value = found.value
    base = value.get("quorum_base")
    return Council(
        source=source_of(found),
        level=level,
        name=value["name"],
        chair=value.get("chair", ""),
        vice_chairs_at_least=value.get("vice_chairs_at_least"),
        vice_chairs_at_most=value.get("vice_chairs_at_most"),
        standing_vice=value.get("standing_vice", ""),
        standing_body=value.get("standing_body", ""),
        quorum=Fraction(value["quorum"]) if "quorum" in value else None,
        quorum_of_all=None if base is None else base == "all-members",
        has_own_rules=value.get("own_rules", False),
    )


def vote_threshold(form_code: str, on: date, *, place: str = "") -> VoteThreshold:
    """How the council must vote on a form: by the form, by its kind, or by the council's own rules.

    Raises NotInLawbook for a form of the State whose threshold was not read.
    """
    wanted = form(form_code, on)
    keys = [f"award.vote.{wanted.code}", f"award.vote.{wanted.kind}"]
    found = first_of(keys, on=on, place=place)
    if found is not None:
        return VoteThreshold(
            source=source_of(found),
            share=Fraction(found.value["share"]) if "share" in found.value else None,
            of_all_members=found.value["base"] == "all-members",
            is_secret=found.value["secret"],
            absent_in_writing=found.value.get("absent_in_writing"),
        )
    own = lawbook.book().find("award.vote_rules.own", on=on)
    if own is None or wanted.level == STATE:
        raise NotInLawbook(f"Sổ luật chưa có tỷ lệ phiếu cho «{wanted.name}» vào ngày {on:%d/%m/%Y}")
    return VoteThreshold(
        source=source_of(own), share=None, of_all_members=True, is_secret=None, absent_in_writing=None
    )


def recusal(interest: str, on: date) -> Recusal:
    """What follows from an interest: is-candidate, kin, own-unit, proposed, declared. Raises NotInLawbook."""
    found = entry("award.recusal", interest, on=on, what="quy định về người không bỏ phiếu")
    return Recusal(
        source=source_of(found),
        is_recused=found.value["recused"],
        of_all_members=found.value["base"] == "all-members",
    )


def consultation(form_code: str, on: date) -> Consultation:
    """Whether other bodies are asked about a form. Raises NotInLawbook before 2024."""
    wanted = form(form_code, on)
    which = lawbook.value("award.consultation.forms", on=on)
    matters = lawbook.value("award.consultation.matters", on=on)
    is_needed = bool({wanted.code, wanted.kind} & set(which.value))
    return Consultation(
        source=source_of(which), is_needed=is_needed, matters=matters.value if is_needed else ()
    )


def term_of(days: int | None, unit: str) -> Term | None:
    """A figure of the lawbook as a term; its unit says which days are counted."""
    if days is None:
        return None
    return Term(days, {"ngày làm việc": TermUnit.WORKING_DAYS, "ngày": TermUnit.DAYS}[unit])
