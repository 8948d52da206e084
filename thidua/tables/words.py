"""Rows that hold all words of a question in their text for searching."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
Given = TypeVar("Given")


def holding(
    rows: QuerySet[Row, Given], words: Iterable[str], *, field: str = "search_text"
) -> QuerySet[Row, Given]:
    """Narrowed to rows whose folded `field` contains every one of the folded words, in any order.

    What is likely to be rare is looked for first, numbers and long words: most rows then need no second look.
    """
    for word in sorted(words, key=lambda word: (word.isalpha(), -len(word))):
        rows = rows.filter(**{f"{field}__contains": word})
    return rows
