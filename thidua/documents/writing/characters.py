"""Which characters a paper can print: those of the four styles of the font that goes with the program.

Hides the table inside a font file. Invisible characters vanish and look-alikes become their plain form;
anything else that the font lacks (an emoji, a private sign) is refused by name, for a paper must not lose a
word silently.
"""

from __future__ import annotations

import struct
import unicodedata
from functools import lru_cache
from pathlib import Path

from thidua.core.errors import RuleNotMet
from thidua.core.text import nfc, repair_spaces

FONTS = Path(__file__).parent / "fonts"
FAMILY = "Liberation Serif"

#: Signs that people paste from elsewhere and that mean the same as a plain one.
PLAINER = str.maketrans(
    {
        "\u2010": "-",
        "\u2011": "-",
        "\uf0b7": "-",  # the bullet of old Word files, from a symbol font
        "\uf02d": "-",
        "\uf0d8": "-",
        "\u2713": "x",  # ticks
        "\u2714": "x",
        "\uff0c": ",",
        "\uff1a": ":",
        "\uff1b": ";",
        "\ufe0f": "",  # asks for the coloured form of the sign before it
    }
)


class CannotBePrinted(RuleNotMet):
    """A text holds a character that official papers cannot print."""


def printable(text: str) -> str:
    """The text as it will stand on paper: NFC, one line, single kind of space. Raises CannotBePrinted."""
    clean = repair_spaces(nfc(text)).translate(PLAINER)
    clean = " ".join(clean.split())
    missing = sorted({character for character in clean if ord(character) not in covered()})
    if missing:
        where = clean.find(missing[0])
        around = "".join(c for c in clean[max(where - 30, 0) : where + 31] if ord(c) in covered())
        signs = ", ".join(f"«{sign}» ({_name(sign)})" for sign in missing[:3])
        raise CannotBePrinted(
            f"Không in được ký tự {signs} trong «{around}»",
            why="phông chữ của văn bản hành chính không có ký tự này",
            next_step="Xóa hoặc thay ký tự đó rồi in lại",
        )
    return clean


def printable_lines(text: str) -> str:
    """As `printable`, but line ends in the text stay."""
    return "\n".join(filter(None, (printable(line) for line in text.splitlines())))


def _name(sign: str) -> str:
    return f"U+{ord(sign):04X} {unicodedata.name(sign, '')}".strip()


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """Code points that all four styles have."""
    styles = [_code_points(path.read_bytes()) for path in sorted(FONTS.glob("*.ttf"))]
    return frozenset(code for code in frozenset.intersection(*styles) if code >= 0x20)


def _code_points(font: bytes) -> frozenset[int]:
    """The keys of the character map: of its table in format 12, or of that in format 4."""
    tables = {}
    for index in range(struct.unpack_from(">H", font, 4)[0]):
        tag, _, offset, _ = struct.unpack_from(">4sLLL", font, 12 + 16 * index)
        tables[tag] = offset
    start = tables[b"cmap"]
    found: set[int] = set()
    for index in range(struct.unpack_from(">H", font, start + 2)[0]):
        offset = start + struct.unpack_from(">HHL", font, start + 4 + 8 * index)[2]
        layout = struct.unpack_from(">H", font, offset)[0]
        if layout == 12:
            for group in range(struct.unpack_from(">L", font, offset + 12)[0]):
                first, last, _ = struct.unpack_from(">LLL", font, offset + 16 + 12 * group)
                found.update(range(first, last + 1))
        elif layout == 4:
            count = struct.unpack_from(">H", font, offset + 6)[0] // 2
            lasts = struct.unpack_from(f">{count}H", font, offset + 14)
            firsts = struct.unpack_from(f">{count}H", font, offset + 16 + 2 * count)
            for first, last in zip(firsts, lasts, strict=True):
                found.update(range(first, min(last, 0xFFFE) + 1))
    return frozenset(found)
