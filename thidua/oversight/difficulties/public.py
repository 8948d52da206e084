"""Answers that everybody may read: only what somebody wrote for the public, and nothing beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from thidua.core.clock import VIETNAM
from thidua.core.text import fold
from thidua.oversight.models import Difficulty
from thidua.tables.words import holding

_FIELDS = (
    "pk",
    "public_question",
    "public_answer",
    "published_at",
    "answered_at",
    "plan__number",
    "plan__title",
    "plan__movement__name",
)


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """One question with its answer, as strangers see it."""

    key: int
    question: str
    answer: str
    published_at: datetime
    answered_on: date
    plan: str
    movement: str


def public_rows(words: str = "", *, movement_id: int | None = None) -> QuerySet[Difficulty]:
    """Published ones whose public words hold all of `words`, accents or not; newest first."""
    rows = Difficulty.objects.filter(Q(published_at__isnull=False))
    if movement_id is not None:
        rows = rows.filter(plan__movement_id=movement_id)
    rows = holding(rows, fold(words).split(), field="public_search_text")
    return rows.order_by("-published_at", "-pk")


def public_answers(
    words: str = "", *, movement_id: int | None = None, first: int = 0, most: int = 50
) -> list[PublicAnswer]:
    """A page of the answers for the public; one query, and no field that is not public is read."""
    rows = public_rows(words, movement_id=movement_id).values_list(*_FIELDS)[first : first + most]
    return [
        PublicAnswer(
            key,
            question,
            answer,
            published_at,
            answered_at.astimezone(VIETNAM).date(),
            f"{number or ''} {title or ''}".strip(),
            movement or "",
        )
        for key, question, answer, published_at, answered_at, number, title, movement in rows
    ]
