"""The same plan text as other programs and habits write it: wrapped, decomposed, two columns in one line …"""

from __future__ import annotations

import re
import textwrap
from unicodedata import normalize

from .plan import Plan, plan_of
from .word import AGENCY, NATIONAL_TITLE

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def hard_wrapped(text: str, *, width: int = 70) -> str:
    """Every paragraph cut into lines of at most `width` letters, blank lines kept between paragraphs."""
    return "\n".join(
        "\n".join(
            textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
            if line.strip()
            else [line]
        )
        for line in text.split("\n")
    )


def decomposed(text: str) -> str:
    """The text in NFD, as older macOS programs store it."""
    return normalize("NFD", text)


def with_carriage_returns(text: str) -> str:
    """The text with the line ends of Windows."""
    return text.replace("\n", "\r\n")


def header_in_columns(text: str, *, separator: str = " ") -> str:
    """The header with an invented agency and the Quốc hiệu side by side, by spaces or by `|`."""
    plan = plan_of(text)
    left = [*AGENCY, *plan.header[:1]]
    right = [*NATIONAL_TITLE, *plan.header[1:]]
    rows: list[str] = []
    for index in range(max(len(left), len(right))):
        first = left[index] if index < len(left) else ""
        second = right[index] if index < len(right) else ""
        rows.append(f"{first:<42}{second}".rstrip() if separator == " " else f"| {first} | {second} |")
    return "\n\n".join(["\n".join(rows), *_without_header(text, plan)])


def _without_header(text: str, plan: Plan) -> list[str]:
    start = text.index(plan.title[0]) if plan.title else 0
    return [text[start:]]


def arabic_on_top(text: str) -> str:
    """The sections renumbered as `1.`, `1.1.` instead of `I.`, `1.`; points stay."""
    section = 0
    lines: list[str] = []
    for line in text.split("\n"):
        roman = re.match(r"([IVX]+)\.\s+", line)
        arabic = re.match(r"(\d{1,2})\.\s+", line)
        if roman and roman[1] in _ROMAN:
            section = _ROMAN.index(roman[1]) + 1
            line = f"{section}. {line[roman.end() :]}"
        elif arabic and section:
            line = f"{section}.{arabic[1]}. {line[arabic.end() :]}"
        lines.append(line)
    return "\n".join(lines)
