"""Patterns over Vietnamese text without its accents.

`flat(text)` has one plain lower-case letter for each letter of the text, so that an offset found in the flat text
is an offset in the text itself. Patterns are written once, without accents, and so also read scans that lost theirs.
"""

from __future__ import annotations

import re
from functools import lru_cache

from thidua.core.text import fold_aligned


@lru_cache(maxsize=4096)
def flat(text: str) -> str:
    """`text` without accents, in lower case, dashes and quotes evened out; same length as NFC `text`.

    Remembered, because every stage asks for the same paragraphs again.
    """
    return fold_aligned(text)


def pattern(expression: str, flags: int = 0) -> re.Pattern[str]:
    """A compiled pattern over flat text: a space stands for any run of white space, " ?" for perhaps none."""
    return re.compile(expression.replace(" ?", r"\s*").replace(" ", r"\s+"), flags)
