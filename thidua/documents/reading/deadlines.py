"""When something is due: dates, months, quarters, years, spans, recurring and relative deadlines in a text.

`find` gives every deadline with its place and its `golden/1` mapping. A date that only belongs to a name, to
a citation, to the past or to an anniversary is no deadline. What the text leaves out stays out: no year is
guessed. `recurrence_of` tells how often something is to be done.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from .matching import flat, pattern


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline at `start`…`end` of a text; `raw` is that stretch, `value` its golden mapping without `raw`.

    `recurrence` is how often it comes back ("annual", …) or None. `year` is the last year it names.
    """

    start: int
    end: int
    raw: str
    value: dict[str, Any] = field(hash=False)
    recurrence: str | None = None
    year: int | None = None

    def mapping(self) -> dict[str, Any]:
        """The `golden/1` mapping of a task's or target's deadline."""
        return {**self.value, "raw": self.raw}

    def occasion(self) -> dict[str, Any]:
        """The `golden/1` mapping of the time of a milestone, which holds the recurrence too."""
        if self.recurrence is None or "recurrence" in self.value:
            return self.mapping()
        return {**self.value, "recurrence": self.recurrence, "raw": self.raw}


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How often something is done: `value` in the words of `golden/1` ("annual", "every 6 months")."""

    start: int
    end: int
    raw: str
    value: str


@dataclass(frozen=True, slots=True)
class _Point:
    """A day, month, quarter or year as printed, as far as it is known."""

    start: int
    end: int
    day: int | None = None
    month: int | None = None
    quarter: int | None = None
    year: int | None = None
    last_year: int | None = None  # of a span of years
    half: int | None = None  # 1, 2: first or last six months
    months: tuple[int, ...] = ()
    written: str = ""  # which form it has: date, day, month, quarter, year, span, half, bare
    month_of: str | None = None
    recurrence: str | None = None
    relative: tuple[int, int] | None = None  # stretch of the words that tell the month from another one


# --- the points themselves -------------------------------------------------------------------------

_Y = r"(?:19|2\d)\d\d"
_D = r"(?:[12]\d|3[01]|0?[1-9])"
_M = r"(?:1[0-2]|0?[1-9])"
_Q = r"(?:iv|i{1,3}|[1-4])"
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_IN_YEAR = rf"(?:\s*/\s*|\s*-\s*|\s*,?\s+nam\s+|\s+)(?P<{{}}>{_Y})\b(?!\s*(?:/|-)\s*{_Y})"

_CANDIDATE = re.compile(
    r"\b(?:ngay|thang|quy|nam|giai doan|0?[69] thang|sau thang|nam hoc)\b(?=\s*[\divxcd])"
    r"|(?<![\d/.,-])\d{1,2}\s?[/.-]\s?\d{1,4}\b|\b(?:den|tu)\s+(?=2\d{3}\b)|(?<=\()(?=2\d{3}\b)"
)
_FULL_DATE = re.compile(rf"(?:ngay\s+)?({_D})\s*([/.-])\s*({_M})\s*\2\s*({_Y})(?![\d/])")
_LONG_DATE = re.compile(rf"ngay\s+({_D})\s+thang\s+({_M})(?:\s*,?\s*nam\s+({_Y})|\s*/\s*({_Y}))?(?!\d)")
_SHORT_DATE = re.compile(rf"(ngay\s+)?({_D})\s*/\s*({_M})(?![\d/%]|[.,]\d)")
_SHORT_MONTH = re.compile(rf"({_M})\s*/\s*({_Y})(?![\d/-])")
_DAY_OF_MONTH = re.compile(
    rf"ngay\s+(?:({_D})|cuoi(?:\s+cung)?)(?P<rest>(?:\s*,)?\s+(?:hang|moi)\s+thang"
    r"|\s+(?:cua\s+)?thang\s+(?P<at>cuoi|dau)(?:\s+tien|\s+cung)?\s+(?:cua\s+)?(?:(?:moi|hang"
    r"|tung)\s+)?quy(?P<next>\s+(?:sau|tiep theo|ke tiep|lien ke))?"
    r"|\s+(?:cua\s+)?thang\s+(?P<rel>(?:truoc\s+)?(?:thang\s+)?(?:lien ke(?:\s+(?:truoc|sau))?|ke tiep"
    r"|tiep theo|sau(?:\s+lien ke)?|truoc(?:\s+(?:thang\s+)?lien ke)?|do|bao cao))"
    r"|\s+(?:cua\s+)?(?:(?:moi|hang)\s+)?quy\b(?:\s+(?:bao cao))?|\s+cua\s+thang\b)?"
)
_MONTH = re.compile(
    rf"thang\s+({_M})(?![\d]|\s*/\s*\d{{1,2}}\b){_IN_YEAR.format('year')}?|thang\s+({_M})(?!\d|\s*/\s*\d)"
)
#: several months; what follows shows that the figures after the comma are months too
_MONTHS = re.compile(
    rf"(?:cac\s+)?thang\s+(?P<list>{_M}(?:\s*(?:,|va)\s*(?:thang\s+)?{_M}\b)+)"
    rf"(?:{_IN_YEAR.format('year')}|(?=\s+hang nam))"
)
_QUARTER = re.compile(
    rf"quy\s+({_Q})\b(?:\s*(?:,|va|-|den)\s*(?:quy\s+)?({_Q})\b)?(?:{_IN_YEAR.format('year')})?"
)
_YEARS = re.compile(
    rf"(?:giai doan|thoi ky|cac nam|tu nam|nam)\s+(?:tu\s+)?(?:nam\s+)?({_Y})\s*(?:-"
    rf"|den)\s*(?:nam\s+)?({_Y})(?!\d)"
)
_YEAR = re.compile(rf"nam\s+(?P<school>hoc\s+)?({_Y})(?:\s*-\s*({_Y}))?(?!\d|\s*/\s*\d)")
_BARE_YEAR = re.compile(rf"({_Y})\b(?![/.,-]?\d|\s*(?:xa|thon|ho|nguoi|ty|trieu|dong)\b)")
_BRACKETED_YEARS = re.compile(rf"({_Y})(?:\s*-\s*({_Y}))?(?=\))")
_STEP = re.compile(r"^\s*(?:giai doan|dot|buoc|nam)\s+(?:\d{1,2}|[ivx]+|thu \w+)\s*\($")
_HALF = re.compile(rf"(?:0?(?P<count>[69])|sau|chin)\s+thang\s+(?P<which>dau|cuoi)\s+nam(?:\s+({_Y}))?")


def _int(value: str | None) -> int | None:
    return int(value) if value else None


def _quarter(value: str) -> int:
    return _QUARTERS.get(value) or int(value)


def _point_at(key: str, at: int) -> _Point | None:
    """The point that begins at `at` of the flat text, in its longest form."""
    letter = key[at]
    if letter.isdigit() and key[at - 1 : at] == "(":
        match = _BRACKETED_YEARS.match(key, at)
        if match and _STEP.search(key[:at]):
            return _Point(at, match.end(), year=int(match[1]), last_year=_int(match[2]), written="step")
    if letter.isdigit():
        return _half_at(key, at) or _date_at(key, at)
    if letter == "n" and key.startswith("ngay", at):
        return _date_at(key, at) or _day_at(key, at)
    if letter == "t" and key.startswith("thang", at):
        return _month_at(key, at)
    if letter == "q":
        return _quarter_at(key, at)
    if letter == "s":
        return _half_at(key, at)
    if letter == "d" or key.startswith("tu ", at):
        start = at + 2 + len(key[at + 2 :]) - len(key[at + 2 :].lstrip("en \t"))
        match = _BARE_YEAR.match(key, start)
        return _Point(start, match.end(), year=int(match[1]), written="year") if match else None
    return _year_at(key, at)


def _date_at(key: str, at: int) -> _Point | None:
    match = _FULL_DATE.match(key, at)
    if match:
        return _Point(
            at, match.end(), day=int(match[1]), month=int(match[3]), year=int(match[4]), written="date"
        )
    match = _LONG_DATE.match(key, at)
    if match:
        year = _int(match[3] or match[4])
        return _Point(at, match.end(), day=int(match[1]), month=int(match[2]), year=year, written="date")
    match = _SHORT_MONTH.match(key, at)
    if match:
        return _Point(at, match.end(), month=int(match[1]), year=int(match[2]), written="bare month")
    match = _SHORT_DATE.match(key, at)
    if match:
        year = None
        after = re.compile(rf"\s*,?\s+nam\s+({_Y})").match(key, match.end())
        if after:
            year = int(after[1])
        return _Point(
            at, after.end() if after else match.end(), day=int(match[2]), month=int(match[3]), year=year,
            written="date" if match[1] or after else "bare date",
        )  # fmt: skip
    return None


def _day_at(key: str, at: int) -> _Point | None:
    """A day without its month: "ngày 18 hằng tháng", "ngày 15 của tháng cuối quý", "ngày 25"."""
    match = _DAY_OF_MONTH.match(key, at)
    if not match or (match[1] is None and not match["rest"]):
        return None
    day = _int(match[1])
    rest = match["rest"] or ""
    recurrence = month_of = None
    relative: tuple[int, int] | None = None
    if match["at"]:
        recurrence = "quarterly"
        if match["next"]:
            month_of = "next_quarter_start" if match["at"] == "dau" else "next_quarter_end"
        else:
            month_of = "quarter_start" if match["at"] == "dau" else "quarter_end"
    elif match["rel"]:
        recurrence, relative = "monthly", (match.start("rest") + len(rest) - len(rest.lstrip()), match.end())
    elif rest.endswith("quy") or " quy " in rest:
        recurrence = "quarterly"
    elif rest:
        recurrence = "monthly"
    if day is None and relative is None:
        relative = match.span()
    return _Point(
        at, match.end(), day=day, written="day", recurrence=recurrence, month_of=month_of, relative=relative
    )


def _month_at(key: str, at: int) -> _Point | None:
    several = _MONTHS.match(key, at)
    if several:
        months = tuple(int(month) for month in re.findall(r"\d+", several["list"]))
        return _Point(
            at, several.end(), month=months[0], year=_int(several["year"]), months=months, written="month"
        )
    match = _MONTH.match(key, at)
    if not match:
        return None
    month = int(match[1] or match[3])
    return _Point(at, match.end(), month=month, year=_int(match["year"]), written="month")


def _quarter_at(key: str, at: int) -> _Point | None:
    match = _QUARTER.match(key, at)
    if not match:
        return None
    first = _quarter(match[1])
    months: tuple[int, ...] = ()
    if match[2]:
        months = (3 * first - 2, 3 * _quarter(match[2]))
    return _Point(at, match.end(), quarter=first, year=_int(match["year"]), months=months, written="quarter")


def _year_at(key: str, at: int) -> _Point | None:
    match = _YEARS.match(key, at)
    if match:
        return _Point(at, match.end(), year=int(match[1]), last_year=int(match[2]), written="span")
    match = _YEAR.match(key, at)
    if not match:
        return None
    if match["school"]:
        return _Point(at, match.end(), year=int(match[2]), last_year=_int(match[3]), written="school year")
    return _Point(
        at, match.end(), year=int(match[2]), last_year=_int(match[3]), written="span" if match[3] else "year"
    )


def _half_at(key: str, at: int) -> _Point | None:
    match = _HALF.match(key, at)
    if not match:
        return None
    first = match["which"] == "dau"
    nine = match["count"] == "9" or key.startswith("chin", at)
    months = (1, 9 if nine else 6) if first else (4 if nine else 7, 12)
    return _Point(at, match.end(), year=_int(match[3]), months=months, written="half")


# --- the words around them -------------------------------------------------------------------------

_PREFIX = re.compile(
    r"(?:\b(?P<done>hoan thanh|xong|ket thuc|hoan tat)\s+(?:truoc\s+)?)?"
    r"\b(?P<word>truoc(?:\s+thoi (?:han|diem))?|cham nhat(?:\s+la|\s+den|\s+vao|\s+trong|\s+het|\s+truoc)*"
    r"|muon nhat(?:\s+la|\s+vao|\s+den)*|dinh ky(?:\s+vao)?|khong (?:qua|muon hon|cham hon|tre hon)|truoc hoac trong"
    r"|tu nay (?:den|toi)(?:\s+het|\s+cuoi)*|(?:den|toi)(?:\s+(?:het|cuoi|truoc|dau|giua))*|het"
    r"|vao(?:\s+(?:cuoi|dau|giua|khoang|dip|thoi diem|trung tuan|thuong tuan|ha tuan|tuan dau|tuan cuoi"
    r"|tuan thu \w+|nhung ngay cuoi|nhung ngay dau|ngay dau|cua))*"
    r"|trong(?:\s+(?:ca|cac|suot|khoang|dau|cuoi|dip|tuan dau|tuan cuoi))*(?:\s+thoi (?:gian|han))?|khoang"
    r"|(?:bat dau|ke|tinh)\s+tu(?:\s+(?:dau|cuoi))?|tu(?:\s+(?:dau|cuoi|khoang))?|giua|(?:vao )?cuoi|dau"
    r"|(?:thoi (?:gian|han)|han)(?:\s+(?:thuc hien|hoan thanh|bao cao|nop|gui|to chuc|trien khai"
    r"|cuoi(?: cung)?"
    r"|chot|dang ky|ho so))*)"
    r"(?P<gap>\s*:?\s*(?:\d{1,2}\s*(?:h|g|gio)\s*(?:\d{2})?\s*(?:phut|')?\s*,?\s*)?)$"
)
_DONE_BARE = re.compile(r"\b(?:hoan thanh|xong|ket thuc)\s*:?\s*$")
_HELD_BARE = re.compile(r"\b(?:to chuc|khai mac|dien ra|ra quan|phat dong|du kien)\s*:?\s*$")
_EVENT_BEFORE = re.compile(
    r"\b(?:so ket(?! qua)|tong ket|phat dong|khai mac|be mac|to chuc|trien khai|tien hanh|ban hanh"
    r"|bao cao|ky ket|so, tong ket)"
    r"(?:\s+(?:phong trao(?: thi dua)?|dot thi dua|ke hoach|giua ky|giai doan))?\s*[,:]?\s*$"
)
_SUMMING_UP = re.compile(
    r"\b(?:so ket(?! qua)|tong ket)(?:\s+(?:phong trao(?: thi dua)?|dot thi dua|cuoc van dong|giua ky))?\s*$"
)
_TO = re.compile(r"\s*(?:,\s*)?(?:den|toi|-)\s*(?:het\s+|cuoi\s+|truoc\s+)?(?=\S)")
_EVERY_AFTER = re.compile(
    r"(?:\s*\([^()]{0,30}\))?\s*,?\s*\(?\b(?P<every>hang|moi)\s+(?P<unit>nam|thang|quy)\b\)?"
    r"|\s*/\s*(?P<slash>nam|thang|quy)\b"
)
_NEXT_YEAR_AFTER = re.compile(
    r"\s*,?\s*(?:cua\s+)?nam\s+(?:sau(?:\s+lien ke)?|tiep theo|ke tiep|lien ke|lien sau)\b"
)
_NOT_PLANNED = re.compile(
    r"(?:hieu luc(?: thi hanh)?|thi hanh|ap dung|ky niem|dinh huong|tam nhin|so lieu|so voi"
    r"|cung ky)\s*(?:,\s*)?(?:ke\s+)?$"
)
_IN_FORCE = re.compile(r"\b(?:hieu luc|ap dung)\b[^.;]{0,30}$")
_INSTRUMENT = re.compile(
    r"\b(?:chuong trinh|chien luoc|de an|ke hoach|quy hoach|du an|nghi quyet|quyet dinh|chi thi|luat"
    r"|thong tu|nghi dinh|tam nhin"
    r"|dinh huong)\b(?P<between>[^,;:.]{0,160})$"
)
_DONE_AFTER = re.compile(r"[^.;]{0,70}?\b(?:da|tro lai day|den nay)\b")
_TO_NOW = re.compile(r"\s*(?:-|den|toi)\s*nay\b")
_VERB_NEXT = re.compile(
    r"\s+(?:to chuc|tong ket|so ket|tien hanh|ban hanh|phat dong|trien khai|hoan thanh|xay dung|tiep tuc"
    r"|thuc hien)\b"
)
_LABEL_END = re.compile(r"\s*(?:\([^)]*\))?\s*(?:[:;,.]|$)")
_ANNIVERSARY = re.compile(
    r"\b(?:ky niem|chao mung|lap thanh tich|truyen thong|thanh lap|quoc khanh)\b[^,;.]{0,60}$"
)
_AT_MEETING = re.compile(r"\b(?:trong|tai|vao|qua)\s+(?:buoi|ky|phien|cuoc)\s+[a-z ]{2,40}$")
_WORD = re.compile(r"[a-z]+")


def _quoted_spans(text: str, key: str) -> list[tuple[int, int]]:
    """Stretches between quotation marks: what stands there is a name or a slogan."""
    if '"' not in key:
        return []
    spans: list[tuple[int, int]] = []
    opened: int | None = None
    for match in re.finditer('"', key):
        mark, at = text[match.start()], match.start()
        if mark in "“„«" or (mark not in "”»" and opened is None):
            if opened is None:
                opened = at
        elif opened is not None:
            quoted = key[opened:at]
            if "%" not in quoted and "phan dau" not in quoted:  # a target may be quoted from a higher plan
                spans.append((opened, at + 1))
            opened = None
    return spans


def _inside(spans: Sequence[tuple[int, int]], at: int) -> bool:
    index = bisect_right(spans, (at, 1 << 30)) - 1
    return index >= 0 and spans[index][0] <= at < spans[index][1]


_DIGIT = re.compile("[0-9]")


# --- finding ---------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def find(text: str, *, bare: bool = False) -> tuple[Deadline, ...]:
    """The deadlines of `text` (one paragraph, NFC), in order.

    `bare`: the text is a cell or label that holds nothing but a time, so no preposition is needed.
    """
    key = flat(text)
    if not _DIGIT.search(key) and "quy " not in key and "ngay cuoi" not in key:
        return ()  # every time has a digit, but for a quarter in Roman numerals and "ngày cuối quý"
    spans = _quoted_spans(text, key)
    found = list(_offsets(text, key, spans))
    relative = tuple(found)
    taken = 0
    for candidate in _CANDIDATE.finditer(key):
        at = candidate.start()
        if at < taken or _inside(spans, at) or any(d.start <= at < d.end for d in relative):
            continue
        point = _point_at(key, at)
        if point is None:
            continue
        deadline, taken = _deadline_at(text, key, point, bare)
        if deadline is None and found:
            deadline = _next_of_list(text, key, point, found[-1])
        if deadline is not None and not any(
            d.start < deadline.end and deadline.start < d.end for d in relative
        ):
            found.append(deadline)
    found.sort(key=lambda deadline: deadline.start)
    return tuple(_shared_by_lists(text, key, found))


def _shared_by_lists(text: str, key: str, found: list[Deadline]) -> list[Deadline]:
    """What a list says once for all its times: "trước ngày 20/5 và ngày 20/11 hằng năm"."""
    for place in range(len(found) - 1, 0, -1):
        earlier, later = found[place - 1], found[place]
        if "day" not in earlier.value or "day" not in later.value:
            continue
        if not _AND.fullmatch(key, earlier.end, later.start):
            continue
        if later.recurrence and not earlier.recurrence and earlier.year is None:
            value = dict(earlier.value)
            if "month" not in value and "recurrence" in later.value:
                value["recurrence"] = later.value["recurrence"]
            found[place - 1] = replace(earlier, value=value, recurrence=later.recurrence)
        stands_bare = key.startswith(("ngay", "0", "1", "2", "3"), later.start)
        if stands_bare and "bound" in earlier.value and "bound" not in later.value:
            found[place] = replace(later, value={**later.value, "bound": earlier.value["bound"]})
    return found


def _deadline_at(text: str, key: str, point: _Point, bare: bool) -> tuple[Deadline | None, int]:
    """The deadline that the point makes with the words around it, or None; and where to go on reading."""
    before = key[max(0, point.start - 60) : point.start]
    prefix = _PREFIX.search(before)
    if prefix and prefix["word"].startswith("tu") and not _is_from(text, before, point, prefix):
        prefix = None
    word = prefix["word"] if prefix else ""
    last = _end_of_span(key, point, word, bare)
    end = last.end if last else point.end
    whole = replace(point, year=last.year) if last and point.year is None else point
    if _is_no_deadline(key, whole, before, prefix, end, bare):
        return None, end
    if prefix and text[: point.start - len(before) + prefix.start("word")].rstrip().endswith("tính"):
        return None, end  # "số liệu tính đến ngày …"; without accents it cannot be told from "tỉnh"
    start = point.start
    if prefix:
        start -= len(before) - prefix.start("word")
        if prefix["done"] and word.startswith("trong"):
            start -= prefix.start("word") - prefix.start("done")
        if word.startswith(("het", "thoi", "han", "dinh ky")):
            start = point.start
    value = _span_value(point, last, text[start:end]) if last else _point_value(point, text)
    if value is None:
        return None, end
    bound = _bound(word, point, is_span="from" in value or last is not None)
    if bound:
        value["bound"] = bound
    if point.written == "day" and word == "vao":
        start = point.start
    if point.written == "step":
        start, end = len(key) - len(key.lstrip()), end + 1  # "Giai đoạn 1 (2022 - 2023)"
    every = _EVERY_AFTER.match(key, end)
    recurrence = point.recurrence
    if word.startswith("dinh ky") and "month" in value and point.year is None:
        recurrence = "annual"
    if every:
        recurrence = {"nam": "annual", "thang": "monthly", "quy": "quarterly"}[
            every["unit"] or every["slash"]
        ]
        end = every.end()
        if recurrence != "annual":
            value["recurrence"] = recurrence
    following = _NEXT_YEAR_AFTER.match(key, end)
    if following and "year" not in value and not recurrence:
        value["relative"] = text[following.start() : following.end()].strip(" ,")
        end = following.end()
    year = (last.year if last else None) or point.last_year or point.year
    return Deadline(start, end, text[start:end], value, recurrence, year), end


_AND = re.compile(r"(?:\s*\([^)]*\))?\s*(?:,|va|;|,\s*va)\s*")


def _next_of_list(text: str, key: str, point: _Point, last: Deadline) -> Deadline | None:
    """The second date of "trước ngày 20/6 và 20/11 hằng năm", due in the same way as the first."""
    if point.written not in ("date", "bare date") or "day" not in last.value or "recurrence" in last.value:
        return None
    if not _AND.fullmatch(key, last.end, point.start):
        return None
    value = _point_value(point, text)
    if value is None:
        return None
    if "bound" in last.value:
        value["bound"] = last.value["bound"]
    every = _EVERY_AFTER.match(key, point.end)
    end = every.end() if every else point.end
    recurrence = "annual" if every and (every["unit"] or every["slash"]) == "nam" else last.recurrence
    return Deadline(point.start, end, text[point.start : end], value, recurrence, point.year)


def _is_from(text: str, before: str, point: _Point, prefix: re.Match[str]) -> bool:
    """Whether "tu" is "từ" and not the end of a symbol such as "46-NQ/TU"."""
    at = point.start - len(before) + prefix.start("word")
    return text[at : at + 2].lower() in ("từ", "tu") and text[at - 1 : at] not in ("/", "-")


def _end_of_span(key: str, point: _Point, word: str, bare: bool) -> _Point | None:
    """The second point of "từ … đến …"; without "từ" only where nothing but a time stands."""
    opens = word.startswith(("tu", "ke tu", "bat dau tu", "tinh tu", "thoi", "han")) or point.start < 12
    months = point.written in ("month", "quarter") and word.startswith(("trong", "vao", "khoang"))
    if not (opens or months or bare):
        return None
    if word.startswith("tu nay"):
        return None
    match = _TO.match(key, point.end)
    if not match:
        return None
    at = match.end()
    last = _point_at(key, at) if key[at : at + 1].isalnum() else None
    if last is None and key[at : at + 4].isdigit():
        year = _BARE_YEAR.match(key, at)
        last = _Point(at, year.end(), year=int(year[1]), written="year") if year else None
    if last is None or (last.written == "day" and point.written == "date"):
        return None
    return last


def _is_no_deadline(
    key: str, point: _Point, before: str, prefix: re.Match[str] | None, end: int, bare: bool
) -> bool:
    word = prefix["word"] if prefix else ""
    head = before[: prefix.start()] if prefix else before
    if _TO_NOW.match(key, end) or _NOT_PLANNED.search(head.rstrip(" (") + " "[:0]):
        return True
    if _NOT_PLANNED.search(head.rstrip()) or (word.startswith(("tu", "ke tu")) and _IN_FORCE.search(head)):
        return True
    at_start = (not head.strip(" (-+:") and point.start < 40) or head.rstrip().endswith((";", "."))
    if bare and (at_start or not word):
        return False
    if not word:
        if at_start and re.match(r",[^.;]{0,60}?\bda\b", key[end : end + 80]):
            return True
        return not _stands_alone(key, point, before, end)
    if point.written == "school year":
        return word != "trong"
    if at_start and key[end : end + 1] == "," and re.match(r"[^.;]{0,60}?\bda\b", key[end : end + 80]):
        return True
    if point.written == "bare date" and word in ("trong", "vao", "giua", "dau", "khoang"):
        return True
    if word in ("cuoi", "dau", "giua", "khoang") and not at_start:
        # "so với cuối năm 2020" is taken above; "tổng kết cuối năm 2025" is a time
        return point.year is None or not _EVENT_BEFORE.search(head)
    if word.startswith(("tu", "ke tu", "tinh tu")) and _DONE_AFTER.match(key, end):
        return True
    if word.startswith(("den", "toi", "trong", "tu")) and point.written in ("year", "span"):
        if _DONE_AFTER.match(key, end) and not at_start:
            return True
        if at_start and re.match(r"[^.;]{0,60}?\bda\b", key[end : end + 80]):
            return True
        instrument = _INSTRUMENT.search(head)
        if instrument and not re.search(
            r"\b(?:phan dau|hoan thanh|dat|den het|xong|ket thuc)\b", instrument["between"]
        ):
            return True
    if point.written == "span" and word.startswith("trong") and not at_start:
        return True
    if word == "trong" and point.written in ("year", "month") and point.year is None:
        return point.month is None
    return word == "den" and point.written == "span"


def _stands_alone(key: str, point: _Point, before: str, end: int) -> bool:
    """Whether a time without a preposition is one: a label, in brackets, right after "tổng kết"."""
    head = before.strip()
    if (
        point.year is not None
        and point.written in ("date", "month", "bare month")
        and _AT_MEETING.search(head)
    ):
        return True
    if point.written in ("date", "bare date"):
        if _ANNIVERSARY.search(head):
            return False
        return (
            bool(point.recurrence)
            or bool(_DONE_BARE.search(before))
            or (point.year is not None and bool(_HELD_BARE.search(before)))
            or (point.start < 3 and point.written == "date" and key[end : end + 1] == ":")
            or (bool(_EVERY_AFTER.match(key, end)) and point.written == "date")
        )
    if point.written == "step":
        return True
    if point.written == "day":
        return point.recurrence is not None
    if (
        not head.rstrip(" ;")
        or head.endswith((";", "."))
        or (
            point.start <= 40
            and re.search(r"(?:^|[\s(])(?:dot|giai doan|buoc|thoi gian)(?: \d| [ivx]+)?\s*[:(]$", head)
        )
    ):
        return (
            (point.written != "school year" or key[end : end + 1] == ":")
            and bool(
                _LABEL_END.match(key, end)
                or (point.written in ("span", "quarter", "month") and key[end : end + 1] == " ")
                or _VERB_NEXT.match(key, end)
            )
            and (point.year is not None or point.written in ("quarter", "half"))
        )
    if _DONE_BARE.search(before):
        return True
    if point.written == "span":
        return False
    if point.written == "year":
        return (
            bool(_SUMMING_UP.search(before))
            and point.year is not None
            and not re.match(r"\s+(?:cua|va phuong huong|va trien khai|va nhiem vu|tai|o)\b", key[end:])
            and not re.search(r"\b(?:bao cao|hoi nghi|cong tac)\s+(?:so|tong) ket[^,;]*$", before)
        )
    if point.written in ("month", "quarter", "bare month") and (
        point.year is not None or point.written == "quarter"
    ):
        if head.endswith(("(", "(du kien", "du kien")) and key[end : end + 1] in (")", ",", ";"):
            return True
        return bool(_EVENT_BEFORE.search(before)) and point.written != "bare month"
    if point.written == "month":
        return bool(_EVERY_AFTER.match(key, end)) and bool(_EVENT_BEFORE.search(before))
    return False


def _bound(word: str, point: _Point, *, is_span: bool) -> str | None:
    if is_span or point.last_year:
        return None
    if word.endswith("dip"):
        return None
    if word.startswith("truoc hoac"):
        return "within"
    if word.startswith("truoc") or word.endswith("truoc"):
        return "before"
    if word.startswith(("cham nhat", "muon nhat", "khong", "trong")):
        return "within"
    if word.startswith(("tu", "ke tu", "bat dau tu", "tinh tu")) and not word.startswith("tu nay"):
        return "from"
    return None


#: nobody plans for a time before
_FIRST_YEAR = 2000


def _point_value(point: _Point, text: str) -> dict[str, Any] | None:
    """The golden mapping of one point, without bound and raw."""
    if point.year is not None and point.year < _FIRST_YEAR:
        return None
    if point.last_year:
        return {"from": point.year, "to": point.last_year}
    if point.written == "half" or (point.months and point.quarter):
        if point.year is None:
            return (
                {"relative": "6 tháng đầu năm"} if point.written == "half" and point.months[0] == 1 else None
            )
        return {"from": f"{point.year}-{point.months[0]:02}", "to": f"{point.year}-{point.months[1]:02}"}
    value: dict[str, Any] = {}
    if point.year:
        value["year"] = point.year
    if point.quarter:
        value["quarter"] = point.quarter
    if point.months:
        value["months"] = list(point.months)
    elif point.month:
        value["month"] = point.month
    if point.day:
        value["day"] = point.day
    if point.recurrence:
        value["recurrence"] = point.recurrence
    if point.month_of:
        value["month_of"] = point.month_of
    if point.relative:
        value["relative"] = text[slice(*point.relative)]
    return value or None


def _span_value(first: _Point, last: _Point, raw: str) -> dict[str, Any] | None:
    """`from` and `to` of a span, the first point completed by what the second one tells."""
    year = last.last_year or last.year
    if year is None:
        return {"relative": raw} if first.year is None else None
    first_year = first.year or year
    since: int | str
    until: int | str
    if last.day and last.month:
        until = f"{year}-{last.month:02}-{last.day:02}"
    elif last.month:
        until = f"{year}-{last.month:02}"
    elif last.quarter:
        until = f"{year}-{3 * last.quarter:02}"
    else:
        until = year
    if first.day:
        month = first.month or last.month
        if month is None:
            return None
        since = f"{first_year}-{month:02}-{first.day:02}"
    elif first.month:
        since = f"{first_year}-{first.month:02}"
    elif first.quarter:
        since = f"{first_year}-{3 * first.quarter - 2:02}"
    else:
        since = first_year
    return {"from": since, "to": until}


# --- so many days after something ------------------------------------------------------------------

_OFFSET = re.compile(
    r"(?:\b(?P<limit>cham nhat(?: la| sau| trong| khong qua)*|muon nhat(?: la| sau)*|khong qua|trong vong"
    r"|trong thoi (?:han|gian)(?: khong qua| cham nhat)?"
    r"|trong|sau|truoc)\s+)?(?<![\d/.,-])(?P<amount>\d{1,3})\s*(?:\(\s*[a-z ]+\)\s*)?"
    r"(?P<unit>ngay lam viec|ngay|tuan|thang|gio)\b\s*(?:lam viec\s*)?,?\s*"
    r"(?P<way>ke tu (?:khi|ngay|thoi diem)|ke tu|tinh tu(?: ngay| khi)?|tu (?:khi|ngay)|sau (?:khi|ngay)"
    r"|sau|truoc (?:khi|ngay)|truoc)\s+"
    r"(?P<event>[^,;.()]+)"
)
_OFFSET_AFTERWARDS = re.compile(
    r"(?:sau khi|ke tu (?:khi|ngay)|ngay sau khi)\s+(?P<event>[^,;.()]{3,120}),\s*(?:cham nhat(?: la"
    r"| trong| sau)*|trong vong|trong thoi (?:han|gian)|trong)\s+"
    r"(?P<amount>\d{1,3})\s*(?:\(\s*[a-z ]+\)\s*)?(?P<unit>ngay lam viec|ngay|tuan|thang)\b(?:\s+lam viec)?"
)
_OFFSET_ALONE = re.compile(
    r"\b(?:(?:cham|muon) nhat(?: la| trong| sau)*|trong vong|trong thoi (?:han|gian)|trong)\s+(?:khong qua\s+)?"
    r"(?P<amount>\d{1,3})\s*"
    r"(?:\(\s*[a-z ]+\)\s*)?(?P<unit>ngay lam viec)\b(?!,?\s*(?:ke tu|tinh tu|tu|sau|truoc)\b)"
)
_UNITS = {"ngay": "days", "ngay lam viec": "working_days", "tuan": "weeks", "thang": "months", "gio": "hours"}
_EVENT_ENDS = re.compile(
    r"\s+(?:va|dong thoi|de)\s+(?=(?:tong ket|so ket|bao cao|gui|tong hop|trinh|tham muu|to chuc|nop"
    r"|hoan thanh|trien khai|thong bao|kip thoi)\b)"
    r"|\s+(?=(?:gui|bao cao ve|nop)\s)"
)


def _offsets(text: str, key: str, spans: Sequence[tuple[int, int]]) -> Iterator[Deadline]:
    """Relative ones: "chậm nhất 10 ngày sau khi …", "trong vòng 05 ngày làm việc kể từ ngày …"."""
    if not any(word in key for word in ("ngay lam viec", "sau ", "tu ", "truoc ")):
        return
    for match in _OFFSET_AFTERWARDS.finditer(key):
        if not _inside(spans, match.start()):
            event = text[match.start("event") : match.end("event")].strip()
            offset: dict[str, Any] = {_UNITS[match["unit"]]: int(match["amount"]), "after": event}
            value = {"offset": offset, "bound": "within"}
            yield Deadline(match.start(), match.end(), text[match.start() : match.end()], value)
    for match in _OFFSET_ALONE.finditer(key):
        if not _inside(spans, match.start()):
            alone: dict[str, Any] = {_UNITS[match["unit"]]: int(match["amount"])}
            value = {"offset": alone, "bound": "within"}
            yield Deadline(match.start(), match.end(), text[match.start() : match.end()], value)
    for match in _OFFSET.finditer(key):
        if _inside(spans, match.start()):
            continue
        limit = match["limit"] or ""
        if not limit and match["way"].startswith("truoc") and match["way"] == "truoc":
            continue
        unit = _UNITS.get(match["unit"])
        if unit is None or unit == "hours":
            continue
        end = match.end()
        cut = _EVENT_ENDS.search(key, match.start("event"), end)
        if cut:
            end = cut.start()
        event = text[match.start("event") : end].strip()
        if not event or event[0].isdigit():
            continue  # "báo cáo 6 tháng trước ngày 15/6" is no span of time before a day
        way = "before" if match["way"].startswith("truoc") else "after"
        value = {"offset": {unit: int(match["amount"]), way: event}}
        value["bound"] = "within" if limit != "truoc" else "before"
        start = match.start()
        raw = text[start:end].strip()
        yield Deadline(start, start + len(raw), raw, value)


# --- how often -------------------------------------------------------------------------------------

_EVERY = pattern(
    r"(?P<periodic>\bdinh ky\b,? ?)?(?:"
    r"\b(?P<every>hang|moi|tung)\s(?P<unit>nam|quy|thang|tuan|ngay)\b(?!\s(?:dau|cuoi|so)\b)"
    r"|\b(?P<n>\d{1,2}|hai|ba|sau) (?P<nunit>ngay|tuan|thang|quy|nam) ?(?:/|mot|1|01)? ?lan\b"
    r"|\b(?P<six>0?6 thang|sau thang)\b(?=\s?\(|,? (?:va |hoac )?(?:hang |mot |01 |1 |ca )?nam\b"
    r"|,? dinh ky|\s?[,;.)]|$)"
    r"|\b(?:\d{1,2}|mot) ?lan ?/ ?(?P<per>nam|quy|thang|tuan)\b"
    r"|\bmoi (?P<mn>0?[36]|ba|sau) (?P<mnunit>thang|tuan|nam)\b"
    r")|\b(?P<alone>dinh ky)\b"
)
_EVERY_START = re.compile(r"\b(?:hang|moi|tung|dinh ky|mot|hai|ba|sau|[0-9]{1,2})\b")
#: what stands wherever `_EVERY` finds something; begins with plain letters, which `re` can skip to
_EVERY_HINT = pattern(
    r"(?:hang|moi|tung) (?:nam|quy|thang|tuan|ngay|0?[36] |ba |sau )|dinh ky|lan\b|(?:6|sau) thang"
)
_UNIT_WORDS = {
    "nam": "annual", "quy": "quarterly", "thang": "monthly", "tuan": "weekly", "ngay": "daily",
}  # fmt: skip
_PLURALS = {"ngay": "days", "tuan": "weeks", "thang": "months", "quy": "quarters", "nam": "years"}
_NUMBERS = {"hai": 2, "ba": 3, "sau": 6}
_THEMATIC = re.compile(r"\s*,\s*chuyen de\b")
_NOT_EVERY = re.compile(r"\b(?:ngan|khach|cua|ban|don|mat|nha|binh quan|tang|giam|xep|luong)\s*$")


@lru_cache(maxsize=1024)
def recurrences(text: str) -> tuple[Recurrence, ...]:
    """Every word of `text` that says how often something is done, outside quotation marks."""
    key = flat(text)
    if _EVERY_HINT.search(key) is None:
        return ()
    spans = _quoted_spans(text, key)
    found: list[Recurrence] = []
    reached = 0
    for start in _EVERY_START.finditer(key):
        match = _EVERY.match(key, start.start()) if start.start() >= reached else None
        if match is None:
            continue
        reached = match.end()
        before = key[max(0, match.start() - 10) : match.start()]
        if _inside(spans, match.start()) or _NOT_EVERY.search(before):
            continue
        value = _recurrence_value(match, key)
        if value == "periodic" and _THEMATIC.match(key, match.end()):
            value = "periodic, thematic"
        if value:
            found.append(
                Recurrence(match.start(), match.end(), text[match.start() : match.end()].strip(" ,"), value)
            )
    return tuple(found)


def _recurrence_value(match: re.Match[str], key: str) -> str | None:
    if match["alone"]:
        return "periodic"
    if match["unit"]:
        if match["unit"] == "ngay" and match["every"] == "tung":
            return None
        return _UNIT_WORDS[match["unit"]]
    if match["six"]:
        yearly = re.match(r"\s*(?:,|va)\s*(?:ca |1 |01 |mot )?nam\b", key[match.end() :])
        return "every 6 months, annual" if yearly else "every 6 months"
    if match["per"]:
        return _UNIT_WORDS[match["per"]]
    printed, unit = (match["n"], match["nunit"]) if match["n"] else (match["mn"], match["mnunit"])
    number = _NUMBERS.get(printed) or int(printed)
    if number == 1:
        return _UNIT_WORDS[unit]
    if unit == "quy":
        number, unit = number * 3, "thang"
    return f"every {number} {_PLURALS[unit]}"


def recurrence_of(text: str) -> str | None:
    """How often `text` says something is done, in the words of `golden/1`, or None."""
    return joint_recurrence(recurrences(text))


def joint_recurrence(recurring: Sequence[Recurrence]) -> str | None:
    """Several words on how often something is done as one value of `golden/1`, or None."""
    values: list[str] = []
    for found in recurring:
        if found.value not in values:
            values.append(found.value)
    if not values:
        return None
    if values == ["periodic"]:
        return "periodic (interval not stated)"
    return ", ".join(values)
