"""Whether a sentence says another number than the figure beside it.

Pure. Only what is clear is said: the words of a measure with one number right before or after them, in a
clause that speaks neither of a change nor of a plan or smaller place. Hides how clauses and numbers are
found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from thidua.core.formats import parse_number
from thidua.core.text import fold


@dataclass(frozen=True, slots=True)
class Said:
    """A figure that a text may speak of."""

    measure: str
    name: str
    unit: str
    amount: Decimal


#: A clause with one of these does not state the figure of the period.
_NOT_STATED = re.compile(
    r"\b(?:giam|tang|them|muc tieu|ke hoach|chi tieu|phan dau|so voi|dau ky|nam truoc|cung ky|du kien|uoc|"
    r"khoang|gan|hon|tren|duoi|trong do|moi thoat|phat sinh|tai ngheo|thoat|moi|quy|thang|giai doan|"
    # a smaller place than the unit
    r"thon|ban|to dan pho|khu)\b"
)
_CLAUSES = re.compile(r"[.;:!?](?=\s|$)|,(?=\s)|\n|\s[-–]\s|\(|\)")
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?")
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"\bnam (?:19|20)\d\d\b")


def said_otherwise(
    words: str, figures: Sequence[Said] | Iterable[Said]
) -> Iterator[tuple[Said, Decimal, str]]:
    """Figures that the words state differently, the number they state, and the clause."""
    rows = tuple(figures)
    if not rows or _DIGIT.search(words) is None:
        return
    # Most answers name no measure at all: one look at the whole spares the look at each clause.
    whole = " ".join(fold(words).split())
    rows = tuple(row for row in rows if _core(row.name) in whole)
    if not rows:
        return
    for clause in _CLAUSES.split(words):
        if clause is None or _DIGIT.search(clause) is None:
            continue
        plain = " ".join(fold(clause).split())
        if _NOT_STATED.search(plain):
            continue
        bare = _YEAR.sub("", plain)
        numbers = _NUMBER.findall(bare)
        if len(numbers) != 1:
            continue
        found = [row for row in rows if _pattern(row.name, row.unit).search(bare)]
        # «hộ nghèo» stands within «hộ nghèo dân tộc thiểu số»: the longest name is meant.
        if not found:
            continue
        row = max(found, key=lambda one: len(_core(one.name)))
        amount = parse_number(numbers[0])
        if amount != row.amount:
            yield row, amount, " ".join(clause.split())


@lru_cache(maxsize=512)
def _pattern(name: str, unit: str) -> re.Pattern[str]:
    """The words of the measure next to a number, with nothing but small words between and no word after."""
    core = re.escape(_core(name)).replace(r"\ ", " ")
    number = r"(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?)"
    small = r"(?:\s(?:la|con|co|dat|toan|xa|huyen|hien|tong|so|ca))*"
    after_unit = rf"(?:\s{re.escape(fold(unit))})?" if unit else ""
    before = rf"{core}{small}\s{number}{after_unit}$"
    # «tặng quà cho 40 hộ nghèo» counts gifts; «còn 40 hộ nghèo» states the figure
    after = rf"(?:^|\s)(?:con|co|la|tong so){small}\s{number}\s{core}$"
    return re.compile(rf"(?:^|\s){before}|{after}")


@lru_cache(maxsize=512)
def _core(name: str) -> str:
    """«Số hộ nghèo» is written as «hộ nghèo»."""
    plain = " ".join(fold(name).split())
    for start in ("tong so ", "so luong ", "so "):
        plain = plain.removeprefix(start)
    return plain
