"""Search over everything that is published, without accents: each kind of thing answers with `Found`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from thidua.core.text import fold, shortened
from thidua.movements.models import PlanItem, PlanVersionState
from thidua.oversight.difficulties.public import public_answers
from thidua.publicity.portal.awarded import Asked, awards_shown, narrowed, public_awards
from thidua.publicity.portal.shown import movements_shown
from thidua.publicity.portal.stories import public_stories, stories_shown
from thidua.publicity.publishing import public_papers, public_plans
from thidua.resources.public_funds import public_funds
from thidua.tables.words import holding

MOST_WORDS, MOST_LETTERS, MOST = 8, 100, 12


@dataclass(frozen=True, slots=True)
class Found:
    title: str
    note: str
    address: str


@dataclass(frozen=True, slots=True)
class Kind:
    title: str
    found: list[Found]


def words_of(query: str) -> list[str]:
    """What is looked for: folded words, none twice."""
    text = fold(query[:MOST_LETTERS].replace("\0", " "))
    return list(dict.fromkeys(text.split()))[:MOST_WORDS]


def search(query: str, *, on: date) -> list[Kind]:
    """Kinds with what was found; empty kinds are left out."""
    words = words_of(query)
    if not words:
        return []
    return [Kind(title, found) for title, find in SOURCES if (found := find(words, on)[:MOST])]


def _movements(words: list[str], on: date) -> list[Found]:
    return [
        Found(
            one.movement.name, ", ".join(one.bodies[:3]), reverse("portal:movement", args=[one.movement.pk])
        )
        for one in movements_shown(on=on)
        if all(word in one.search_text for word in words)
    ]


def _plans(words: list[str], on: date) -> list[Found]:
    rows = holding(public_plans(), words).order_by("-dated", "pk")[:MOST]
    return [
        Found(
            row.title,
            " · ".join(part for part in (row.number, row.owner_name) if part),
            reverse("portal:plan", args=[row.pk]),
        )
        for row in rows
    ]


def _sentences(words: list[str], on: date) -> list[Found]:
    rows = PlanItem.objects.filter(
        version__state=PlanVersionState.ADOPTED,
        version__plan__in=public_plans().values("pk"),
        decision__in=PlanItem.KEPT,
    )
    found = holding(rows, words).select_related("version__plan").order_by("version_id", "position")[:MOST]
    return [
        Found(
            shortened(row.quote or str(row), 160),
            f"{row.get_kind_display()} · {row.version.plan.number or row.version.plan.title}",
            reverse("portal:plan", args=[row.version.plan_id]),
        )
        for row in found
    ]


def _papers(words: list[str], on: date) -> list[Found]:
    rows = holding(public_papers().select_related("given"), words).order_by("-issued_at", "pk")[:MOST]
    return [Found(row.title, row.notation, reverse("portal:papers")) for row in rows]


def _stories(words: list[str], on: date) -> list[Found]:
    return [
        Found(one.story.title, " · ".join((str(one.story.get_kind_display()), one.unit)), one.address)
        for one in stories_shown(holding(public_stories(), words), on=on, most=MOST)
    ]


def _awards(words: list[str], on: date) -> list[Found]:
    rows = narrowed(public_awards(on=on), Asked(words=tuple(words)))[:MOST]
    return [
        Found(
            f"{one.award.name}: {one.award.form_name}",
            f"Quyết định {one.award.decision_number} ngày {one.award.decided_on:%d/%m/%Y}",
            one.decision,
        )
        for one in awards_shown(rows, on=on)
    ]


def _answers(words: list[str], on: date) -> list[Found]:
    return [
        Found(
            shortened(one.question, 140),
            shortened(one.answer, 120),
            f"{reverse('portal:answers')}#hoi-{one.key}",
        )
        for one in public_answers(" ".join(words), most=MOST)
    ]


def _funds(words: list[str], on: date) -> list[Found]:
    return [
        Found(one.name, one.keeper, f"{reverse('portal:funds')}#quy-{one.key}")
        for one in public_funds(on=on)
        if all(word in fold(f"{one.name} {one.keeper} {one.purpose}") for word in words)
    ]


Source = Callable[[list[str], date], list[Found]]
SOURCES: list[tuple[str, Source]] = [
    ("Phong trào", _movements),
    ("Kế hoạch", _plans),
    ("Gương sáng", _stories),
    ("Khen thưởng", _awards),
    ("Câu trong kế hoạch", _sentences),
    ("Văn bản", _papers),
    ("Hỏi đáp", _answers),
    ("Quỹ", _funds),
]
