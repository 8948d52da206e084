"""Figures of targets and criteria, and what one says beside another.

Pure. Knows floors and ceilings, counts and shares, points a year, bases and reference years; hides how two
ways of writing an amount are brought to one. Where they cannot be, it says why rather than guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from thidua.core.formats import format_number
from thidua.core.text import fold
from thidua.documents.wording import UNITS

Entry = Mapping[str, Any]


class Verdict(StrEnum):
    """How a plan deals with one thing of the higher plan."""

    MISSING = "missing"
    CONTRADICTING = "contradicting"
    WEAKER = "weaker"
    INCOMPARABLE = "incomparable"
    COVERED = "covered"
    STRONGER = "stronger"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Verdict.MISSING: "Còn thiếu",
    Verdict.CONTRADICTING: "Trái",
    Verdict.WEAKER: "Thấp hơn",
    Verdict.INCOMPARABLE: "Không so sánh được",
    Verdict.COVERED: "Đã có",
    Verdict.STRONGER: "Cao hơn",
}


@dataclass(frozen=True, slots=True)
class Weighed:
    """A verdict with its reason, a clause without final stop."""

    verdict: Verdict
    reason: str


#: What a figure guarantees at the same number: "khoảng 3" less than "3", and that less than "trên 3".
_FIRMNESS = {"approx": 0, "gt": 2, "lt": 2}
_AT_LEAST, _AT_MOST = ("gte", "gt"), ("lte", "lt")
_SHARES = ("pct",)
_MONEY = {
    "vnd": Decimal(1),
    "thousand_vnd": Decimal(1000),
    "million_vnd": Decimal(10) ** 6,
    "billion_vnd": Decimal(10) ** 9,
}
_YEARLY = ("year", "year_average")


@dataclass(frozen=True, slots=True)
class Figure:
    """One amount as a plan states it. `low` and `high` differ only for "between"."""

    code: str
    comparator: str
    low: Decimal | None
    high: Decimal | None
    unit: str
    per: str = ""
    is_fact: bool | None = None
    #: The year from which a change is counted.
    base_year: int | None = None
    base_value: Decimal | None = None
    #: What a count or share is part of, when the plan states it.
    total: Decimal | None = None
    #: What is counted, when the plan says more than the indicator does ("xã đạt chuẩn").
    base: str = ""
    scope: str = ""
    first_year: int | None = None
    last_year: int | None = None

    @property
    def form(self) -> str:
        """fall, rise or level."""
        return _concept(self.code)[1]

    @property
    def root(self) -> str:
        """The indicator without the way it is counted: one for "share of communes" and "communes"."""
        return _concept(self.code)[0]

    @property
    def remark(self) -> str:
        return _concept(self.code)[2]

    @property
    def is_share(self) -> bool:
        return self.unit in _SHARES

    @property
    def is_known(self) -> bool:
        return self.low is not None or self.is_fact is not None


@dataclass(frozen=True, slots=True)
class _Knowledge:
    aliases: Mapping[str, tuple[str, str]]
    less_is_better: frozenset[str]
    bases: Mapping[str, tuple[str, str]]  # root -> (family, base)


@cache
def _knowledge() -> _Knowledge:
    found = yaml.safe_load((Path(__file__).parent / "comparing.yaml").read_text(encoding="utf-8"))
    return _Knowledge(
        aliases={key: (value["code"], value["remark"]) for key, value in found["aliases"].items()},
        less_is_better=frozenset(found["less_is_better"]),
        bases={
            root: (family["name"], base)
            for family in found["families"]
            for root, base in family["bases"].items()
        },
    )


@lru_cache(maxsize=4096)
def _concept(code: str) -> tuple[str, str, str]:
    root, form = code, "level"
    for ending, name in (("_decrease", "fall"), ("_increase", "rise"), ("_share", "level")):
        if code.endswith(ending):
            root, form = code[: -len(ending)], name
            break
    alias, remark = _knowledge().aliases.get(root, (root, ""))
    return alias, form, remark


def figure_of(entry: Entry, *, first_year: int | None = None, last_year: int | None = None) -> Figure | None:
    """The figure of an entry of `golden/1`; None when it has none. The years are those of the plan."""
    code = str(entry.get("indicator") or "other")
    comparator = str(entry.get("comparator") or entry.get("op") or "stated")
    value = entry.get("value")
    if isinstance(value, bool):
        return Figure(code, "is", None, None, "bool", is_fact=value)
    low, high = _number(entry.get("value_min")), _number(entry.get("value_max"))
    if low is None and high is None:
        low = high = _number(value)
    elif low is None or high is None:
        low = high = low if low is not None else high
    if low is None or high is None:
        return None
    if low > high:
        low, high = high, low
    stated = entry.get("stated_count") or {}
    baseline = entry.get("baseline")
    baseline = baseline if isinstance(baseline, Mapping) else {}
    period = entry.get("period") or {}
    deadline = entry.get("deadline")
    deadline = deadline if isinstance(deadline, Mapping) else {}
    unit = str(entry.get("unit") or "")
    if unit in _MONEY:
        low, high, unit = low * _MONEY[unit], high * _MONEY[unit], "vnd"
    return Figure(
        code=code,
        comparator=comparator,
        low=low,
        high=high,
        unit=unit,
        per=str(entry.get("per") or ""),
        base_year=_year(baseline.get("year")),
        base_value=_number(baseline.get("value")),
        total=_number(stated.get("of")) or _number(entry.get("total")),
        base=str(entry.get("base") or ""),
        scope=str(entry.get("scope") or ""),
        first_year=_year(period.get("from")) or first_year,
        last_year=_year(deadline.get("year")) or _year(period.get("to")) or last_year,
    )


def _number(value: object) -> Decimal | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return None
    return number if number.is_finite() else None


def _year(value: object) -> int | None:
    return value if isinstance(value, int) and 1900 <= value <= 2200 else None


# --- words ----------------------------------------------------------------------------------------


def in_words(figure: Figure) -> str:
    """ "giảm 2–3 điểm %/năm", "trên 60 % so với gốc", "ít nhất 112 xã"."""
    if figure.is_fact is not None:
        return "có" if figure.is_fact else "không"
    assert figure.low is not None
    assert figure.high is not None
    amount = format_number(figure.low)
    if figure.low != figure.high:
        amount = f"{amount}–{format_number(figure.high)}"
    if figure.high == 0 and figure.comparator == "lte" and figure.unit not in (*_SHARES, "pct_point"):
        return f"không còn {UNITS.get(figure.unit, figure.unit)} nào"
    unit = "%" if figure.unit == "pct_change" else UNITS.get(figure.unit, figure.unit.replace("_", " "))
    words = f"{_COMPARED.get(figure.comparator, '')} {amount} {unit}".strip()
    verb = {"fall": "giảm ", "rise": "tăng "}.get(figure.form, "")
    per = {"year": "/năm", "year_average": "/năm (bình quân)"}.get(figure.per, "")
    return f"{verb}{words}{per}"


_COMPARED = {"gte": "ít nhất", "gt": "trên", "lte": "không quá", "lt": "dưới", "approx": "khoảng"}


# --- weighing -------------------------------------------------------------------------------------


def is_same_indicator(own: Figure, higher: Figure) -> bool:
    """Whether both measure the same thing, in whatever form."""
    return own.root == higher.root and own.root != "other"


def other_base(own: Figure, higher: Figure) -> str:
    """Why two figures about one thing have different bases; empty when they are about different things."""
    bases = _knowledge().bases
    mine, theirs = bases.get(own.root), bases.get(higher.root)
    if mine is None or theirs is None or own.root == higher.root or mine[0] != theirs[0]:
        return ""
    return (
        f"khác gốc so sánh: cấp trên tính {theirs[1]}, kế hoạch này tính {mine[1]} "
        f"(cùng về {theirs[0]}), nên hai con số không so được với nhau"
    )


def weigh(own: Figure, higher: Figure) -> Weighed:
    """What `own` says beside `higher`, both of the same indicator.

    The obligation is the floor of what a plan wants high and the ceiling of what it wants low; the other end
    of a range counts for nothing. A later deadline makes weaker whatever the amount.
    """
    refusal = _why_not(own, higher)
    if refusal is not None:
        return refusal
    if own.is_fact is not None:
        if own.is_fact == higher.is_fact:
            return Weighed(Verdict.COVERED, "yêu cầu như cấp trên")
        return Weighed(
            Verdict.CONTRADICTING, f"cấp trên yêu cầu «{in_words(higher)}», kế hoạch này «{in_words(own)}»"
        )
    own_words, higher_words = in_words(own), in_words(higher)
    converted, how = _converted(own, higher)
    if converted is None:
        return Weighed(Verdict.INCOMPARABLE, how)
    opposed = _from_both_sides(converted, higher)
    if opposed is not None:
        return opposed
    wants_less = _wants_less(converted, higher)
    order = _order(converted, higher, wants_less=wants_less)
    out_of_reach = _count_of_a_part(converted, higher, order=order, wants_less=wants_less)
    if out_of_reach:
        return Weighed(Verdict.INCOMPARABLE, out_of_reach)
    amount = _about_amount(own_words, higher_words, order=order, wants_less=wants_less, how=how)
    if (
        order > 0
        and not wants_less
        and converted.low == higher.low
        and _FIRMNESS.get(converted.comparator, 1) == _FIRMNESS.get(higher.comparator, 1)
    ):
        amount = f"kế hoạch này đặt {own_words} cho từng năm, cấp trên chỉ đặt bình quân"
    later = _later(own, higher)
    if order >= 0 and later > 0:
        return Weighed(
            Verdict.WEAKER,
            f"{amount}, nhưng đến năm {own.last_year} mới đạt, chậm hơn hạn {higher.last_year}",
        )
    if order < 0:
        late = f", và chậm hơn (năm {own.last_year} so với {higher.last_year})" if later > 0 else ""
        return Weighed(Verdict.WEAKER, amount + late)
    if later < 0:
        return Weighed(
            Verdict.STRONGER, f"{amount}, và đạt sớm hơn (năm {own.last_year} so với hạn {higher.last_year})"
        )
    return Weighed(Verdict.STRONGER if order > 0 else Verdict.COVERED, amount)


def _why_not(own: Figure, higher: Figure) -> Weighed | None:
    if (own.is_fact is None) != (higher.is_fact is None):
        return Weighed(
            Verdict.INCOMPARABLE,
            "một bên là con số, một bên là điều kiện có hay không, nên không so được với nhau",
        )
    if {own.form, higher.form} == {"fall", "rise"}:
        return Weighed(
            Verdict.CONTRADICTING, f"cấp trên đặt {in_words(higher)}, kế hoạch này lại đặt {in_words(own)}"
        )
    if own.base and higher.base and fold(own.base) != fold(higher.base):
        return Weighed(
            Verdict.INCOMPARABLE,
            f"khác gốc so sánh: cấp trên tính trên {higher.base}, kế hoạch này tính trên {own.base}",
        )
    if own.base_year and higher.base_year and own.base_year != higher.base_year:
        return Weighed(
            Verdict.INCOMPARABLE,
            f"khác gốc so sánh: cấp trên so với năm {higher.base_year}, "
            f"kế hoạch này so với năm {own.base_year}",
        )
    return None


def _converted(own: Figure, higher: Figure) -> tuple[Figure | None, str]:
    """`own` in the unit of `higher`, with how it was done; or None with why it cannot be."""
    if own.form != higher.form:
        return _level_as_fall(own, higher)
    if own.unit == higher.unit:
        return _in_same_time(own, higher)
    assert own.low is not None
    assert own.high is not None
    if own.is_share != higher.is_share and "pct_point" not in (own.unit, higher.unit):
        total = own.total
        if total is None or total == 0:
            ways = ("tỷ lệ", "số lượng") if higher.is_share else ("số lượng", "tỷ lệ")
            return None, (
                f"cấp trên đặt {ways[0]} ({in_words(higher)}), kế hoạch này đặt {ways[1]} ({in_words(own)}) "
                "mà không ghi tổng số, nên không đổi được ra nhau"
            )
        if higher.is_share:
            low, high = own.low * 100 / total, own.high * 100 / total
            how = f"{format_number(own.low)}/{format_number(total)} là {format_number(low, places=1)} %"
        else:
            low, high = own.low * total / 100, own.high * total / 100
            how = f"{format_number(own.low)} % của {format_number(total)} là {format_number(low, places=1)}"
        changed = replace(own, low=low, high=high, unit=higher.unit)
        return changed, how
    return None, (
        f"khác đơn vị tính: cấp trên {in_words(higher)}, kế hoạch này {in_words(own)}, "
        "nên không so được với nhau"
    )


def _in_same_time(own: Figure, higher: Figure) -> tuple[Figure | None, str]:
    if own.per == higher.per or {own.per, higher.per} <= set(_YEARLY):
        return own, ""
    years = own.last_year - own.first_year + 1 if own.first_year and own.last_year else 0
    if own.low is not None and own.high is not None and years > 0 and own.unit == "pct_point":
        if not own.per and higher.per in _YEARLY:
            average = replace(own, low=own.low / years, high=own.high / years, per="year_average")
            return (
                average,
                f"cả giai đoạn {years} năm, bình quân {format_number(own.low / years, places=2)} mỗi năm",
            )
        if own.per in _YEARLY and not higher.per:
            whole = replace(own, low=own.low * years, high=own.high * years, per="")
            return whole, f"{years} năm là {format_number(own.low * years, places=2)}"
    return None, (
        f"một bên tính theo năm, một bên tính cho cả kỳ (cấp trên {in_words(higher)}, "
        f"kế hoạch này {in_words(own)}) mà không rõ số năm, nên không so được với nhau"
    )


def _level_as_fall(own: Figure, higher: Figure) -> tuple[Figure | None, str]:
    """A level at the end beside a fall a year: only with the level at the start."""
    level, fall = (own, higher) if own.form == "level" else (higher, own)
    start = level.base_value or fall.base_value
    years = level.last_year - level.first_year + 1 if level.first_year and level.last_year else 0
    if own is level and fall.form == "fall" and fall.per in _YEARLY and start is not None and years > 0:
        assert level.low is not None
        assert level.high is not None
        comparator = {"lt": "gt", "lte": "gte"}.get(level.comparator, level.comparator)
        turned = replace(
            level,
            code=fall.code,
            comparator=comparator,
            low=(start - level.high) / years,
            high=(start - level.low) / years,
            unit=fall.unit,
            per="year_average",
        )
        return turned, f"từ {format_number(start)} % đầu kỳ, bình quân {in_words(turned)}"
    ways = {"fall": "mức giảm", "rise": "mức tăng", "level": "mức cuối kỳ"}
    return None, (
        f"cấp trên đặt {ways[higher.form]} ({in_words(higher)}), kế hoạch này đặt {ways[own.form]} "
        f"({in_words(own)}); không có số liệu đầu kỳ nên không đổi được ra nhau"
    )


def _wants_less(own: Figure, higher: Figure) -> bool:
    """Whether a small amount is good: as the comparators say, else as is known of the indicator."""
    if _bounds(own, higher) == {"least"}:
        return False
    if _bounds(own, higher) == {"most"}:
        return True
    return higher.form == "level" and higher.root in _knowledge().less_is_better


def _bounds(*figures: Figure) -> set[str]:
    found = {"least" for figure in figures if figure.comparator in _AT_LEAST}
    return found | {"most" for figure in figures if figure.comparator in _AT_MOST}


def _from_both_sides(own: Figure, higher: Figure) -> Weighed | None:
    """At most so much where at least more is asked, or the other way round."""
    if len(_bounds(own, higher)) < 2:
        return None
    least, most = (own, higher) if own.comparator in _AT_LEAST else (higher, own)
    assert least.low is not None
    assert most.high is not None
    if least.low > most.high:
        return Weighed(
            Verdict.CONTRADICTING,
            f"cấp trên đặt {in_words(higher)}, kế hoạch này lại đặt {in_words(own)}, hai mức loại trừ nhau",
        )
    return Weighed(
        Verdict.INCOMPARABLE,
        f"một bên đặt mức ít nhất, một bên đặt mức nhiều nhất (cấp trên {in_words(higher)}, "
        f"kế hoạch này {in_words(own)}), nên không so được với nhau",
    )


def _order(own: Figure, higher: Figure, *, wants_less: bool) -> int:
    """1 stronger, 0 the same, -1 weaker: by the obliging end, then how firm, then each year or on average."""
    mine, theirs = _rank(own, wants_less=wants_less), _rank(higher, wants_less=wants_less)
    return (mine > theirs) - (mine < theirs)


def _rank(figure: Figure, *, wants_less: bool) -> tuple[Decimal, int, int]:
    assert figure.low is not None
    assert figure.high is not None
    end = -figure.high if wants_less else figure.low
    firmness = _FIRMNESS.get(figure.comparator, 1)
    return end, firmness, 0 if figure.per == "year_average" else 1


def _count_of_a_part(own: Figure, higher: Figure, *, order: int, wants_less: bool) -> str:
    """A number of the whole country asks no number of one province, unless that one already meets it."""
    is_count = higher.unit not in ("pct", "pct_point", "pct_change", "ratio", "rank", "point", "")
    if not is_count or not own.scope or not higher.scope or fold(own.scope) == fold(higher.scope):
        return ""
    if fold(higher.scope).startswith("moi "):
        return ""
    settled = order < 0 or higher.high == 0 if wants_less else order >= 0
    if settled:
        return ""
    return (
        f"cấp trên đặt {in_words(higher)} cho {higher.scope}, kế hoạch này đặt {in_words(own)} "
        f"cho {own.scope}; chưa giao phần của địa phương nên không so được với nhau"
    )


def _about_amount(own: str, higher: str, *, order: int, wants_less: bool, how: str) -> str:
    shown = f"{own} ({how})" if how else own
    if order == 0:
        return f"kế hoạch này đặt {shown}, đúng mức của cấp trên"
    if order > 0:
        word = "chặt hơn" if wants_less else "cao hơn"
        return f"kế hoạch này đặt {shown}, {word} mức {higher} của cấp trên"
    word = "lỏng hơn" if wants_less else "thấp hơn"
    return f"kế hoạch này đặt {shown}, {word} mức {higher} của cấp trên"


def _later(own: Figure, higher: Figure) -> int:
    """Years by which the own deadline is later; a yearly amount has none."""
    if own.last_year is None or higher.last_year is None or {own.per, higher.per} & set(_YEARLY):
        return 0
    return own.last_year - higher.last_year
