"""Where an award came from, step by step: proposal, criteria, appraisal, council, decision, certificate.

Rooms that know a step tell it here (`tell`), so that the page of an award shows what exists and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse

from thidua.awards import access
from thidua.awards.models import RegisteredAward
from thidua.core.formats import format_date
from thidua.criteria.models import OutcomeChoice
from thidua.organisations.authority import Acting


@dataclass(frozen=True, slots=True)
class Link:
    """One step: what it is, what came of it, where to read it. `order` places it among the others."""

    order: int
    title: str
    text: str
    href: str = ""


Teller = Callable[[RegisteredAward, Acting], Iterable[Link]]
_tellers: list[Teller] = []


def tell(teller: Teller) -> None:
    """Register a room that knows steps of an award. Called once, when the program starts."""
    if teller not in _tellers:
        _tellers.append(teller)


def of(award: RegisteredAward, *, acting: Acting) -> list[Link]:
    found = [link for teller in (_own, *_tellers) for link in teller(award, acting)]
    return sorted(found, key=lambda link: link.order)


def _own(award: RegisteredAward, acting: Acting) -> Iterable[Link]:
    candidate = award.candidate
    if candidate is not None:
        may_see = access.candidates(acting).filter(pk=candidate.pk).exists()
        href = reverse("awards:candidate", args=[candidate.pk]) if may_see else ""
        yield Link(10, "Đề nghị", f"{candidate.round.name}", href)
        if candidate.verdict is not None:
            outcome = OutcomeChoice(candidate.verdict.outcome).label
            yield Link(20, "Tiêu chí", f"{outcome}, xét ngày {format_date(candidate.verdict.verdict_set.on)}")
        appraisal = candidate.appraisals.order_by("-made_at", "-pk").first()
        if appraisal is not None:
            yield Link(30, "Thẩm định", appraisal.get_result_display())
    number = f"số {award.decision_number}" if award.decision_number else "không rõ số"
    day = format_date(award.decided_on) if award.decided_on else f"năm {award.decided_year}"
    paper = reverse("papers:paper", args=[award.paper_id]) if award.paper_id is not None else ""
    yield Link(60, "Quyết định", f"{number}, {day}", paper)
    if award.golden_book_number:
        yield Link(70, "Sổ vàng", f"số {award.golden_book_number}, năm {award.decided_year}")
