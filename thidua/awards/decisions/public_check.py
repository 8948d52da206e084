"""Whether a certificate is real, for anybody: by its code, or by number and name together.

Says what the decision itself makes public and nothing else; a revoked award is shown as revoked, a corrected
one as it reads now. Without the name a number finds nothing: the page is no list of people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from thidua.awards.decisions.certificates import ALPHABET, form_of
from thidua.awards.models import AwardState, AwardSubjectType, Certificate, RegisteredAward
from thidua.core.text import fold

LONGEST = 200
#: Titles that people put before a name or leave out.
TITLES = ("ong", "ba", "ho gia dinh", "ho", "dong chi", "tap the", "nhan dan va can bo")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the public page shows of one award."""

    form: str
    name: str
    detail: str
    achievement: str
    giver: str
    number: str
    decided_on: date | None
    year: int
    golden_book_number: str
    is_revoked: bool
    revoked_on: date | None
    is_corrected: bool
    code: str


def by_code(code: str) -> Shown | None:
    """The award of a code, however it was typed."""
    plain = "".join(sign for sign in code.upper() if sign in ALPHABET)
    found = Certificate.objects.filter(code=plain).select_related("award__issuer").first() if plain else None
    return _shown(found.award, found) if found is not None else None


def by_number_and_name(number: str, name: str) -> list[Shown]:
    """Awards whose decision number and name are exactly these; accents, titles and capitals do not matter.

    Not of households: numbers are public, and a guessed name must not tell who is on a list of the poor.
    Their certificates are checked by the code.
    """
    number, wanted = " ".join(number.split())[:LONGEST], _plain(name[:LONGEST])
    if not number or len(wanted) < 2:
        return []
    rows = (
        RegisteredAward.objects.filter(decision_number__in={number, number.upper()})
        .exclude(state=AwardState.CORRECTED)
        .exclude(subject_type=AwardSubjectType.HOUSEHOLD)
        .select_related("certificate", "issuer")
        .order_by("-decided_year", "pk")[:5000]
    )
    same = [one for one in rows if _plain(one.subject_name) == wanted]
    return [_shown(one, getattr(one, "certificate", None)) for one in same[:20]]


def _plain(name: str) -> str:
    words = " ".join(fold(name).split())
    for title in TITLES:
        if words.startswith(f"{title} "):
            return words.removeprefix(f"{title} ")
    return words


def _shown(award: RegisteredAward, certificate: Certificate | None) -> Shown:
    return Shown(
        form=form_of(award),
        name=award.subject_name,
        detail=certificate.detail if certificate is not None else award.unit_name,
        achievement=award.achievement,
        giver=(certificate.giver if certificate is not None else "") or award.issuer_name or _body(award),
        number=award.decision_number,
        decided_on=award.decided_on,
        year=award.decided_year,
        golden_book_number=award.golden_book_number,
        is_revoked=award.state == AwardState.REVOKED,
        revoked_on=award.revoked_on,
        is_corrected=award.corrects_id is not None,
        code=certificate.code if certificate is not None else "",
    )


def _body(award: RegisteredAward) -> str:
    from thidua.documents.letterhead import letterhead_of

    if award.issuer_id is None:
        return ""
    return letterhead_of(award.issuer_id, on=award.decided_on or date(award.decided_year, 12, 31)).name
