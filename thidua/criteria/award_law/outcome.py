"""Around the decision: certificate, revocation, rights, roles, statistics, quotas of earlier rounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from thidua.criteria import lawbook
from thidua.criteria.award_law.dossiers import Wording
from thidua.criteria.award_law.sources import Lawful, Source, code_of, entry, source_of
from thidua.criteria.lawbook import Parameter
from thidua.criteria.quotas import Denominator, EarlierWinners, QuotaRule, Rounding


@dataclass(frozen=True, slots=True)
class CertificateSize(Lawful):
    """In millimetres; the specimen of 2006, to be corrected by whoever prints."""

    width: int
    height: int
    inner_width: int
    inner_height: int
    signature: int


@dataclass(frozen=True, slots=True)
class Role(Lawful):
    """Who does what on the way to an award."""

    code: str
    name: str
    acts: str


@dataclass(frozen=True, slots=True)
class Rule(Lawful):
    """A rule that stays words: who may keep what, in which order one hands over."""

    code: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Allotment:
    """One line of the quotas of a round; `text` says all of it, the rest what can be counted."""

    source: Source
    subject: str
    text: str
    per: str
    form: str
    share: Fraction | None
    count: int | None
    count_at_most: int | None
    of_qualified: bool
    must_qualify: bool
    excludes_earlier_winners: bool

    def rule(self, *, rounding: Rounding, winners_in_base: bool = True) -> QuotaRule | None:
        """For `quotas.quota`. How to round, and whether winners count in the base, no guidance says."""
        if self.share is None and self.count is None:
            return None
        winners = EarlierWinners.STAY
        if self.excludes_earlier_winners:
            winners = EarlierWinners.LEAVE_CANDIDATES if winners_in_base else EarlierWinners.LEAVE_BASE_TOO
        return QuotaRule(
            share=self.share,
            count=self.count_at_most or self.count,
            denominator=Denominator.QUALIFIED if self.of_qualified else Denominator.ALL,
            rounding=rounding,
            must_qualify=self.must_qualify,
            earlier_winners=winners,
        )


def certificate_layout(on: date) -> Wording:
    return _wording("award.certificate.layout", on)


def certificate_size(form_code: str, on: date) -> CertificateSize:
    """Raises NotInLawbook for a form of which no specimen was read."""
    found = entry("award.certificate.size", form_code, on=on, what="kích thước bằng của")
    return CertificateSize(source=source_of(found), **found.value)


def revocation_grounds(on: date) -> Wording:
    return _wording("award.revocation.grounds", on)


def roles(on: date) -> tuple[Role, ...]:
    return tuple(
        Role(source_of(one), code_of(one), one.value["name"], one.value["acts"])
        for one in lawbook.book().below("award.role", on=on)
    )


def rules(subject: str, on: date) -> tuple[Rule, ...]:
    """The rules in words about a subject: ceremony, right, movement_rule, bonus.rule, certificate.rule."""
    return tuple(_rule(one) for one in lawbook.book().below(f"award.{subject}", on=on))


def statistics_forms(on: date) -> Wording:
    """The statistical forms in force on a day."""
    return _wording("award.statistics.forms", on)


def allotments(round_code: str, on: date) -> tuple[Allotment, ...]:
    """The quotas of a round (nong-thon-moi). Those of 2021–2025 are not known: a plan brings its own."""
    found = entry("award.quota", round_code, on=on, what="phân bổ")
    return tuple(_allotment(found, line) for line in found.value)


def _allotment(found: Parameter, line: dict[str, object]) -> Allotment:
    share, count, most = line.get("share"), line.get("count"), line.get("count_at_most")
    return Allotment(
        source=source_of(found),
        subject=str(line["for"]),
        text=str(line["text"]),
        per=str(line.get("per", "")),
        form=str(line.get("form", "")),
        share=None if share is None else Fraction(str(share)),
        count=count if isinstance(count, int) else None,
        count_at_most=most if isinstance(most, int) else None,
        of_qualified=line.get("base") == "qualified",
        must_qualify=bool(line.get("must_qualify", False)),
        excludes_earlier_winners=bool(line.get("excludes_earlier_winners", False)),
    )


def _rule(parameter: Parameter) -> Rule:
    return Rule(source_of(parameter), code_of(parameter), parameter.name, parameter.value)


def _wording(key: str, on: date) -> Wording:
    found = lawbook.value(key, on=on)
    items: Sequence[str] = found.value
    return Wording(source=source_of(found), items=tuple(items))
