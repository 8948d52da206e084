"""Times as an officer types them: "trước 10/11", "20/11/2026", "quý III/2026", "sơ kết 2023, tổng kết 2025".

Pure, both ways: what `typed` writes, `when_of` reads back. Anything else is refused with a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from thidua.core.formats import format_roman, parse_roman
from thidua.core.text import fold

EXAMPLES = "20/11/2026; trước 10/11; 11/2026; quý III/2026; 2025; 2022-2025; sơ kết 2023, tổng kết 2025"
RECURRENCES = (
    ("", "Một lần"),
    ("annual", "Hằng năm"),
    ("semiannual", "6 tháng một lần"),
    ("quarterly", "Hằng quý"),
    ("monthly", "Hằng tháng"),
    ("periodic", "Định kỳ, không nêu khoảng"),
)
_BOUNDS = {
    "truoc": "before",
    "trong": "within",
    "tu": "from",
    "sau": "after",
    "den": "within",
    "het": "within",
}
_WORDS = {"before": "trước", "from": "từ", "after": "sau"}
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_PATTERNS = (
    re.compile(rf"(?:nam )?{_YEAR}"),
    re.compile(rf"(?:thang )?(?P<month>\d{{1,2}})(?:[/.\-]| nam ){_YEAR}"),
    re.compile(r"thang (?P<month>\d{1,2})"),
    re.compile(rf"quy (?P<quarter>[1-4]|i{{1,3}}|iv)(?:[/.\-]| nam | )?{_YEAR}?"),
    re.compile(
        rf"(?:ngay )?(?P<day>\d{{1,2}})(?:[/.\-]| thang )(?P<month>\d{{1,2}})(?:(?:[/.\-]| nam ){_YEAR})?"
    ),
)
_SPAN = re.compile(
    r"(?:giai doan |tu (?:nam )?)?(?P<from>(?:19|20)\d\d)\s*(?:-| den (?:nam )?)\s*(?P<to>(?:19|20)\d\d)"
)
_REVIEWS = re.compile(r"(?P<kind>so ket|tong ket) (?:(?:vao )?nam )?(?P<year>(?:19|20)\d\d)")
_REFUSAL = f"Chưa hiểu thời hạn này. Ghi như một trong các ví dụ: {EXAMPLES}; hoặc để trống."


def when_of(text: str, *, recurrence: str = "") -> dict[str, Any] | None:
    """A typed time as `golden/1` keeps it; None for none. Raises ValueError with a sentence to show."""
    raw = " ".join(text.split())
    if not raw:
        return {"recurrence": recurrence, "raw": ""} if recurrence else None
    folded = re.sub(r"\s+hang nam$", "", fold(raw))
    found: dict[str, Any] = _reviews(folded) or _span(folded) or _moment(folded)
    if recurrence:
        found["recurrence"] = recurrence
    return {**found, "raw": raw}


def _reviews(folded: str) -> dict[str, Any]:
    parts = [part.strip() for part in re.split(r",| va ", folded)]
    found: dict[str, Any] = {}
    for part in parts:
        hit = _REVIEWS.fullmatch(part)
        if hit is None:
            return {}
        found["so_ket" if hit["kind"] == "so ket" else "tong_ket"] = int(hit["year"])
    return found


def _span(folded: str) -> dict[str, Any]:
    hit = _SPAN.fullmatch(folded)
    if hit is None:
        return {}
    first, last = int(hit["from"]), int(hit["to"])
    if last < first:
        raise ValueError("Năm cuối phải không trước năm đầu.")
    return {"from": first, "to": last}


def _moment(folded: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    word, _, rest = folded.partition(" ")
    if word in _BOUNDS and rest:
        found["bound"] = _BOUNDS[word]
        folded = rest.removeprefix("het ").removeprefix("vao ")
    for pattern in _PATTERNS:
        hit = pattern.fullmatch(folded)
        if hit is None:
            continue
        parts = {key: value for key, value in hit.groupdict().items() if value}
        quarter = parts.pop("quarter", None)
        if quarter:
            found["quarter"] = int(quarter) if quarter.isdigit() else parse_roman(quarter.upper())
        found |= {key: int(value) for key, value in parts.items()}
        _check_day(found)
        return found
    raise ValueError(_REFUSAL)


def _check_day(found: Mapping[str, Any]) -> None:
    month = found.get("month")
    if month is None:
        return
    try:
        date(found.get("year") or 2024, month, found.get("day") or 1)
    except ValueError:
        raise ValueError("Không có ngày này trong lịch. Xem lại ngày và tháng.") from None


def typed(when: Mapping[str, Any] | str | None) -> str:
    """A time as one would type it; what cannot be typed is given as the document prints it."""
    if not when:
        return ""
    if isinstance(when, str):
        return when
    known = {"year", "month", "day", "quarter", "bound", "from", "to", "so_ket", "tong_ket"}
    if set(when) - known - {"raw", "recurrence", "lines", "applies_to"}:
        return str(when.get("raw") or "")
    if when.get("so_ket") or when.get("tong_ket"):
        pairs = (("sơ kết", when.get("so_ket")), ("tổng kết", when.get("tong_ket")))
        return ", ".join(f"{name} {year}" for name, year in pairs if year)
    if when.get("from") is not None and when.get("to") is not None:
        return f"{when['from']}-{when['to']}"
    words = _moment_typed(when)
    return f"{_WORDS.get(when.get('bound') or '', '')} {words}".strip() if words else ""


def _moment_typed(when: Mapping[str, Any]) -> str:
    year, month, day = when.get("year"), when.get("month"), when.get("day")
    if when.get("quarter"):
        return f"quý {format_roman(int(when['quarter']))}" + (f"/{year}" if year else "")
    if day and month:
        return f"{day:02}/{month:02}" + (f"/{year}" if year else "")
    if month:
        return f"{month}/{year}" if year else f"tháng {month}"
    return str(year or "")
