"""Accent-free text of the same length, for finding patterns in Vietnamese.

`flat(text)` gives one ASCII-ish lower-case letter for each letter of NFC text, so that an offset found in the
flat text is an offset in the text itself. It also evens out dashes, quotation marks and odd spaces. Patterns
are written once, without accents, and so also read scans that lost theirs.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DASHES = "‐‑‒–—―−"
_QUOTES = "“”„‟«»″"
_APOSTROPHES = "‘’‚‛′"
_SPACES = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t"


def _flat_letter(letter: str) -> str:
    if letter in _DASHES:
        return "-"
    if letter in _QUOTES:
        return '"'
    if letter in _APOSTROPHES:
        return "'"
    if letter in _SPACES:
        return " "
    if letter in "đĐ":
        return "d"
    base = (
        unicodedata.normalize("NFD", letter)[0]
        if unicodedata.decomposition(letter)[:1] not in ("", "<")
        else letter
    )
    return base.lower() if len(base.lower()) == 1 else base


class _FlatTable(dict[int, str]):
    """Fills itself as letters are met: `str.translate` asks once for each new letter."""

    def __missing__(self, codepoint: int) -> str:
        self[codepoint] = flat_letter = _flat_letter(chr(codepoint))
        return flat_letter


_TABLE = _FlatTable()


@lru_cache(maxsize=4096)
def flat(text: str) -> str:
    """`text` without accents, in lower case, dashes and quotes evened out; same length as NFC `text`."""
    return text.translate(_TABLE)


def pattern(expression: str, flags: int = 0) -> re.Pattern[str]:
    """A compiled pattern over flat text; a space in it stands for any run of white space, " ?" for perhaps none."""
    return re.compile(expression.replace(" ?", r"\s*").replace(" ", r"\s+"), flags)
