"""Symbols of papers (`BC-UBND`), the number as printed (`05`, `12a`), and what follows 12.

Pure. Source: NĐ 30/2020, art. 7 and 15, Annex I, II.3, Annex III.
"""

from __future__ import annotations

from thidua.core.errors import RuleNotMet
from thidua.core.formats import next_point_letter, point_letter, point_position
from thidua.documents.writing.form import kinds

LETTER = "cong_van"


def kind_name(kind: str) -> str:
    """ "Báo cáo"; the code itself when nobody knows it."""
    found = kinds().get(kind)
    return found.name if found else kind


def symbol(kind: str, agency: str, *, drafter: str = "") -> str:
    """ "BC-UBND"; of a công văn the agency and, when given, who drafted it or the field: "UBND-NV"."""
    found = kinds().get(kind)
    abbreviation = found.abbreviation if found else ""
    groups = [abbreviation, agency] if kind != LETTER else [agency, drafter]
    return "-".join(group for group in groups if group)


def printed(order: int, suffix: str = "") -> str:
    """The number as printed: below ten with a zero before it."""
    return f"{order:02}{suffix}"


def next_suffix(taken: list[str]) -> str:
    """The letter of the next number put in late: a, b, c, d, đ, e, g … Raises RuleNotMet after y."""
    last = max((letter for letter in taken if letter), key=point_position, default="")
    following = next_point_letter(last) if last else point_letter(1)
    if following is None:
        raise RuleNotMet(
            "Chưa chèn được số phụ",
            why="sau số này đã dùng hết các chữ a đến y",
            next_step="Chọn một số khác của cùng ngày",
        )
    return following
