"""What is wrong in the document itself, reported and never corrected: missing parts, sums that do not fit, noise.

Only what is sure is reported: an alarm that turns out false costs the reader's time and trust.
"""

from __future__ import annotations

import re
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from .matching import flat
from .model import Outline, Role
from .movement import theme_of

#: a share of things that can be counted, "50% số thôn, bản": without their number nobody can say how many it is
_SHARE_OF_COUNT = re.compile(r"%\s+(?:tong )?so (?!ho\b|nguoi|dan\b)")


def find_defects(outline: Outline, record: dict[str, Any]) -> list[dict[str, Any]]:
    """The `defects` of golden/1 in reading order."""
    found: list[dict[str, Any]] = []
    found += _head_defects(record["doc"], outline)
    found += _page_breaks(outline)
    found += _figures(record["targets"])
    found += _other_movement(outline, record["movement"])
    found += _noise(record["recipients"])
    found.sort(key=lambda defect: (defect["lines"][:1] or [0])[0])
    return _with_ids(found)


def _with_ids(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    taken: dict[str, int] = {}
    result = []
    for defect in found:
        base = f"D-{defect['lines'][0]}" if defect["lines"] else "D-h"
        taken[base] = taken.get(base, 0) + 1
        suffix = "" if taken[base] == 1 else chr(ord("a") + taken[base] - 1)
        result.append({"id": base + suffix, **defect})
    return result


def _head_defects(doc: dict[str, Any], outline: Outline) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    present = doc["header_present"]
    missing = [
        name
        for name, there in (
            ("Quốc hiệu, Tiêu ngữ", present["quoc_hieu"]),
            ("tên cơ quan", present["ten_co_quan"]),
            ("số ký hiệu", present["so_ky_hieu"]),
            ("địa danh và thời gian", present["dia_danh_ngay"]),
        )
        if not there
    ]
    if missing:
        whole_head = len(missing) == 4
        found.append(
            {
                "kind": "missing_component",
                "lines": [],
                "raw": None,
                "expected": ", ".join(missing),
                "severity": "major" if whole_head else "info",
            }
        )
    number_line = outline.head.number.line if outline.head.number else None
    if number_line is not None and doc["number"] is None:
        kind = "missing_number" if doc["symbol"] else "missing_number_and_symbol"
        found.append({"kind": kind, "lines": [number_line], "raw": doc["number_raw"], "severity": "major"})
    date = doc["date"]
    if (
        outline.head.date is not None
        and date["raw"] is not None
        and (date["day"] is None or date["month"] is None)
    ):
        kind = (
            "missing_day"
            if date["month"] is not None
            else "missing_day_and_month"
            if date["day"] is None
            else "missing_month"
        )
        found.append(
            {"kind": kind, "lines": [outline.head.date.line], "raw": date["raw"], "severity": "major"}
        )
    return found


def _page_breaks(outline: Outline) -> list[dict[str, Any]]:
    """Sentences that a page cut, each shown by the words on both sides of the cut."""
    cut = [
        node for node in outline.nodes if node.page_break_split and node.kind not in ("trang", "trich_yeu")
    ]
    held = {number for node in cut for number in node.lines}
    texts = {line.number: line.text.split() for line in outline.source.lines if line.number in held}
    found = []
    for node in cut:
        above, below = next(
            ((above, below) for above, below in pairwise(node.lines) if below > above + 1), node.lines[:2]
        )
        seam = " ".join([*texts[above][-4:], *texts[below][:4]])
        found.append(
            {"kind": "page_break_split", "lines": list(node.lines), "raw": seam, "severity": "major"}
        )
    return found


def _figures(targets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Printed shares that do not fit their printed counts."""
    found: list[dict[str, Any]] = []
    bases: dict[int, list[tuple[dict[str, Any], Decimal]]] = {}
    for target in targets:
        stated = target.get("stated_count") or {}
        if stated.get("of") and stated.get("stated_pct") is not None:
            exact = Decimal(str(target["value"])) * 100 / Decimal(str(stated["of"]))
            printed = Decimal(str(stated["stated_pct"]))
            places = max(0, -int(printed.as_tuple().exponent))
            rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
            if rounded != printed:
                truncated = exact.quantize(Decimal(1).scaleb(-places), ROUND_DOWN) == printed
                found.append(
                    {
                        "kind": "arithmetic",
                        "lines": list(target["lines"]),
                        "raw": target["quote"],
                        "expected": f"{rounded}%".replace(".", ","),
                        "severity": "minor",
                        "note": "cắt bớt thay vì làm tròn" if truncated else "tỷ lệ in không khớp số lượng",
                    }
                )
        elif not stated and target.get("unit") == "pct" and _SHARE_OF_COUNT.search(flat(target["quote"])):
            if target.get("value") not in (None, 100):
                found.append(
                    {
                        "kind": "base_missing",
                        "lines": list(target["lines"]),
                        "raw": target["quote"],
                        "severity": "info",
                    }
                )
        elif stated.get("count") and target.get("unit") == "pct" and target.get("value"):
            base = Decimal(str(stated["count"])) * 100 / Decimal(str(target["value"]))
            bases.setdefault(target["lines"][0], []).append((target, base))
    for line, members in bases.items():
        defect = _base_mismatch(line, members)
        if defect:
            found.append(defect)
    return found


def _base_mismatch(line: int, members: list[tuple[dict[str, Any], Decimal]]) -> dict[str, Any] | None:
    """Several shares of one total whose counts need different totals."""
    if len(members) < 2:
        return None
    possible: set[int] | None = None
    for target, _ in members:
        share, count = Decimal(str(target["value"])), Decimal(str(target["stated_count"]["count"]))
        fitting = {
            base
            for base in range(int(count), int(count * 100 / share * 2) + 2)
            if abs(count * 100 / base - share) < Decimal("0.25")
        }
        possible = fitting if possible is None else possible & fitting
    exact = {round(base, 1) for _, base in members}
    if len(exact) <= 1:
        return None
    first = members[0][0]
    return {
        "kind": "base_mismatch",
        "lines": [line],
        "raw": first["quote"],
        "severity": "minor",
        "note": "tỷ lệ và số lượng suy ra mẫu số khác nhau: "
        + "; ".join(f"{base:.1f}".replace(".", ",") for _, base in members),
    }


def _other_movement(outline: Outline, movement: dict[str, Any]) -> list[dict[str, Any]]:
    """Standards or criteria of this movement that point to one with another theme: copied from another plan."""
    theme = movement["theme"]
    if theme is None:
        return []
    found = []
    for name in movement["names"]:
        if name["relation"] != "other_movement" or theme_of(name["text"]) in (None, theme):
            continue
        for node in outline.nodes:
            if node.role not in (Role.AWARDS, Role.AWARD_STANDARDS, Role.AWARD_FORMS):
                continue
            if set(node.lines) & set(name["lines"]) and name["text"] in node.text:
                found.append(
                    {
                        "kind": "wrong_movement",
                        "lines": list(node.lines),
                        "raw": f"“{name['text']}”",
                        "expected": movement["name"],
                        "severity": "major",
                    }
                )
    return found


def _noise(recipients: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"kind": "noise", "lines": [recipient["line"]], "raw": f"({recipient['note']})", "severity": "major"}
        for recipient in recipients
        if recipient.get("suspect") and recipient.get("note") and "không hợp" in recipient["suspect"]
    ]
