"""Lists of words from vocabulary/figure_words.yaml as patterns over flat text."""

from __future__ import annotations

import re

from . import vocabulary
from .matching import pattern


def alternatives_of(name: str) -> str:
    """The words of a list as one alternation, to be put into a pattern."""
    return "|".join(str(words) for words in vocabulary.load("figure_words")[name])


def any_word_of(name: str) -> re.Pattern[str]:
    """A pattern that finds any of a list as whole words."""
    return pattern(rf"\b(?:{alternatives_of(name)})\b")
