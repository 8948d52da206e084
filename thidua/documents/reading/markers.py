"""The marks that open a numbered or bulleted paragraph, and which may follow which.

`marker_of("1. Mục đích")` tells the style of numbering (`arabic`), the marker as printed (`1.`), its ordinal (1)
and where the text begins. A year, a date, a decimal or an initial at the start of a sentence is no marker.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

#: order of the letters that number points in Vietnamese official documents; Word leaves out đ, typists use ê, ơ too
_POINT_LETTERS = "abcdđeghiklmnopqrstuvxy"
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50}
_WORD_ORDINALS = {
    "nhất": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker at the start of a paragraph; `ordinal` is its place in its series, 0 for bullets."""

    style: str  # phan, chuong, tieu_muc, dieu, roman, capital, arabic, dotted, letter, paren, dash, plus, dot, star
    printed: str
    ordinal: int
    label: str  # the part that goes into a path: "I", "1", "a", "đ"
    end: int  # where the text after the marker begins


_NAMED = re.compile(
    r"(?P<word>PHẦN|Phần|CHƯƠNG|Chương|MỤC|Mục|TIỂU MỤC|Tiểu mục|ĐIỀU|Điều)\s+"
    r"(?P<thu>(?:THỨ|thứ|Thứ)\s+)?(?P<label>[IVXL]{1,6}|\d{1,3}|[a-zđA-ZĐ]|nhất|một|hai|ba|tư|bốn|năm|sáu|bảy|tám|"
    r"NHẤT|MỘT|HAI|BA|TƯ|BỐN|NĂM|SÁU|BẢY|TÁM)(?P<mark>\s*[.:)\-–—]\s*|\s*$|\s+(?=[A-ZĐÀ-Ỹ“\"]))"
)
_ROMAN = re.compile(r"([IVXL]{1,6})\s*(?:[.):]\s*(?=\S)|[/\-–—]\s*(?=[A-ZĐÀ-Ỹ“\"]))")
_CAPITAL = re.compile(r"([A-ZĐ])\s?(?:[.)]\s*(?=[^\s\d])|[/\-–—]\s*(?=[A-ZĐÀ-Ỹ]))")
_DOTTED = re.compile(r"((?:\d{1,2}|[IVXL]{1,5})(?:\.\d{1,2}){1,3})(?:[./)]\s*|\s+)(?=[^\d\s%/.,])")
_ARABIC = re.compile(
    r"(\d{1,2})\s?(?:\.\s*(?=[^\d\s])|\.\s+(?=\S)|\)\s*(?=\S)|/\s*(?=[A-ZĐÀ-Ỹ“\"])|\s?[-–]\s*(?=[A-ZĐÀ-Ỹ“])|-\s+(?=\d+\s?%))"
)
_LETTER = re.compile(
    r"([a-zđ])\s?(?:(\d{1,2})\s?)?(?:\)\s*(?=\S)|\.\s+(?=[^\s\da-z.])|\.(?=[A-ZĐÀ-Ỹ])|/\s*(?=\S)|-\s+(?=[A-ZĐÀ-Ỹ]))"
)
_LETTER_DOTTED = re.compile(r"([a-zđ])\.(\d{1,2})\s?[.)]\s*(?=\S)")
_PAREN = re.compile(r"\((\d{1,2}|[a-zđ]|[ivx]{1,4})\)\s*(?=\S)")
_BULLET = re.compile(
    r"(?P<dash>[-–—−])(?!\d)\s*(?=[^\s\-–—_])|(?P<plus>\+)(?!\d)\s*(?=\S)|(?P<star>\*)\s+(?=\S)|(?P<dot>[•●▪■◦○∙·◆♦➢➤✓✔❖§])\s*(?=\S)|(?P<o>o)\s+(?=[A-ZĐÀ-Ỹ])"
)


def roman_value(numeral: str) -> int | None:
    """Value of a Roman numeral up to LXXXIX, or None when the letters are no proper numeral."""
    total = 0
    for index, letter in enumerate(numeral):
        value = _ROMAN_VALUES[letter]
        following = _ROMAN_VALUES.get(numeral[index + 1 : index + 2], 0)
        total += -value if value < following else value
    return total if _roman_of(total) == numeral else None


def _roman_of(value: int) -> str:
    printed = ""
    for step, letters in ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        while value >= step:
            printed += letters
            value -= step
    return printed


@lru_cache(maxsize=8192)
def marker_of(text: str) -> Marker | None:
    """The marker that opens `text` (without leading spaces), or None."""
    first = text[:1]
    if first.isdigit():
        return _dotted(text) or _arabic(text)
    if first.isupper():
        return _named(text) or _dotted(text) or _roman(text) or _capital(text)
    if first.islower():
        return _letter(text) or _bullet(text)
    if first == "(":
        match = _PAREN.match(text)
        if match:
            label = match[1]
            return Marker(
                "paren", f"({label})", int(label) if label.isdigit() else 0, f"({label})", match.end()
            )
        return None
    return _bullet(text)


def _named(text: str) -> Marker | None:
    match = _NAMED.match(text)
    if not match:
        return None
    word = match["word"].lower()
    style = {"phần": "phan", "chương": "chuong", "mục": "tieu_muc", "tiểu mục": "tieu_muc", "điều": "dieu"}[
        word
    ]
    label = match["label"]
    if match["thu"] or label.lower() in _WORD_ORDINALS:
        ordinal = _WORD_ORDINALS.get(label.lower(), 0)
        label = str(ordinal)
    elif label.isdigit():
        ordinal = int(label)
    else:
        ordinal = (roman_value(label) or 0) if set(label) <= set("IVXL") else 0
    if style == "tieu_muc" and not match["mark"].strip() and text != match.group(0).strip():
        return None  # "Mục 2 Điều 5 Luật …" inside a sentence
    if not ordinal and style != "phan":
        return None
    return Marker(style, match.group(0).strip(), ordinal, label, match.end())


def _roman(text: str) -> Marker | None:
    match = _ROMAN.match(text)
    if not match or (len(match[1]) == 1 and match[1] in "L"):
        return None
    value = roman_value(match[1])
    if value is None:
        return None
    return Marker("roman", match.group(0).strip(), value, match[1], match.end())


def _capital(text: str) -> Marker | None:
    match = _CAPITAL.match(text)
    # "Q. GIÁM ĐỐC" is a signature, "T/M" too; "S. Nguyễn" an initial: a heading letter is one of the first
    if not match or match[1] not in "ABCDĐEGHIK":
        return None
    return Marker("capital", match.group(0).strip(), "ABCDĐEGHIK".index(match[1]) + 1, match[1], match.end())


def _dotted(text: str) -> Marker | None:
    match = _DOTTED.match(text)
    if not match:
        return None
    return Marker("dotted", match.group(0).strip(), int(match[1].rsplit(".", 1)[1]), match[1], match.end())


def _arabic(text: str) -> Marker | None:
    match = _ARABIC.match(text)
    if not match:
        return None
    return Marker("arabic", match.group(0).strip(), int(match[1]), match[1], match.end())


def _letter(text: str) -> Marker | None:
    dotted = _LETTER_DOTTED.match(text)
    if dotted:
        return Marker(
            "letter_dotted", dotted.group(0).strip(), int(dotted[2]), f"{dotted[1]}{dotted[2]}", dotted.end()
        )
    match = _LETTER.match(text)
    if not match:
        return None
    label = match[1]
    if match[2]:
        return Marker("letter_dotted", match.group(0).strip(), int(match[2]), label + match[2], match.end())
    ordinal = _POINT_LETTERS.find(label) + 1
    return Marker("letter", match.group(0).strip(), ordinal, label, match.end())


def _bullet(text: str) -> Marker | None:
    match = _BULLET.match(text)
    if not match:
        return None
    style = {"dash": "dash", "plus": "plus", "star": "star", "dot": "dot", "o": "dot"}[match.lastgroup or ""]
    if style == "star" and text.rstrip().endswith("*") and not text.startswith("* "):
        return None
    return Marker(style, match.group(0).strip(), 0, "-", match.end())
