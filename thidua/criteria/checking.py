"""What is wrong with a rule set before anybody is judged by it: units, unknown names, contradictions, gaps.

Pure; each finding is a sentence with the place it is about. Errors make a verdict impossible or senseless,
warnings are for a person to look at.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import combinations, pairwise

from thidua.criteria.facts import Setting
from thidua.criteria.measures import (
    CHANGE_UNITS,
    CHANGES,
    EVENTS,
    MEASURED_UNITS,
    Form,
    Measure,
    Vocabulary,
    vocabulary,
)
from thidua.criteria.rule_sets import Grade, RuleSet
from thidua.criteria.rules import Condition, Group, Junction, Op, Rule, walk
from thidua.criteria.sentences import figure

_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend. `place`: criterion and part, like "S2.c1.0"."""

    place: str
    kind: str
    text: str
    severity: Severity = Severity.ERROR


def check(rules: RuleSet, *, words: Vocabulary | None = None) -> list[Finding]:
    """Everything that is wrong with a rule set, in its order."""
    words = words or vocabulary()
    found: list[Finding] = []
    for subject in rules.subjects:
        for criterion in subject.criteria:
            found += check_rule(criterion.rule, place=criterion.id, setting=rules.setting, words=words)
        # what two criteria say of the same number
        found += _group(subject.rule, [criterion.id for criterion in subject.criteria], words, across=True)
    for name, grades in rules.scales.items():
        found += check_scale(grades, place=name, words=words)
    return found


def check_rule(
    rule: Rule, *, place: str = "", setting: Setting | None = None, words: Vocabulary | None = None
) -> list[Finding]:
    """What is wrong with one rule."""
    words = words or vocabulary()
    setting = setting or Setting()
    found: list[Finding] = []
    inside: set[int] = set()
    for below, part in walk(rule):
        where = f"{place}.{below}".strip(".")
        if isinstance(part, Condition):
            found += _condition(part, where, setting, words)
        elif isinstance(part, Group) and id(part) not in inside:
            inside |= {id(one) for one in part.parts if isinstance(one, Group) and _is_same_way(part, one)}
            names = [f"{where}.{number}".strip(".") for number in range(len(part.parts))]
            found += _group(part, names, words)
    return found


# --- one condition --------------------------------------------------------------------------------


def _condition(rule: Condition, place: str, setting: Setting, words: Vocabulary) -> Iterator[Finding]:
    measure = words.measure(rule.indicator, rule.unit)
    if not rule.indicator or rule.indicator == "other":
        yield Finding(place, "no_indicator", "Điều kiện chưa nói đo bằng số liệu nào, hãy chọn một chỉ tiêu")
    elif not measure.is_known:
        yield Finding(
            place,
            "unknown_indicator",
            f"«{rule.indicator}» không có trong danh mục số đo; nếu đúng, số liệu phải được nhập dưới mã này",
            Severity.WARNING,
        )
    yield from _figures(rule, measure, place, words)
    yield from _times(rule, measure, place, setting)


def _figures(rule: Condition, measure: Measure, place: str, words: Vocabulary) -> Iterator[Finding]:
    bounds = [one for one in (rule.value, rule.value_min, rule.value_max) if one is not None]
    if not bounds:
        yield Finding(place, "no_threshold", "Điều kiện chưa nói phải đạt mức nào")
        return
    is_yes_no = isinstance(rule.value, bool)
    if measure.is_known and is_yes_no != (measure.form is Form.FLAG):
        kind = "câu hỏi có hay không" if measure.form is Form.FLAG else "số đo"
        given = "có hoặc không" if is_yes_no else "một con số"
        yield Finding(place, "type", f"«{measure.name}» là {kind}, nhưng điều kiện so với {given}")
        return
    if is_yes_no != (rule.unit == "bool"):
        yield Finding(place, "type", f"đơn vị «{rule.unit}» không đi với giá trị {rule.value}")
    if not _fits(rule.unit, measure, words):
        good = ", ".join(measure.units) or "đơn vị đếm"
        yield Finding(place, "unit", f"đơn vị «{rule.unit}» không hợp với «{measure.name}», chỉ nhận {good}")
    if is_yes_no:
        return
    for bound in bounds:
        if (
            rule.unit == "pct"
            and not 0 <= bound <= 100
            and measure.is_known
            and measure.code.endswith("share")
        ):
            yield Finding(place, "range", f"tỷ lệ {figure(bound)} % nằm ngoài 0 – 100 %", Severity.WARNING)
        if rule.unit == "pct_change" and bound > 100 and measure.form is Form.FALL_RELATIVE:
            yield Finding(place, "range", f"không thể giảm {figure(bound)} %, nhiều nhất là 100 %")
        if bound < 0:
            yield Finding(place, "range", f"mức {figure(bound)} là số âm", Severity.WARNING)


def _fits(unit: str | None, measure: Measure, words: Vocabulary) -> bool:
    if not measure.is_known:
        return True
    if not measure.units:
        return unit not in MEASURED_UNITS
    dimensions = {words.unit(one).dimension for one in measure.units}
    return unit in measure.units or words.unit(unit).dimension in dimensions


def _times(rule: Condition, measure: Measure, place: str, setting: Setting) -> Iterator[Finding]:
    window, span = rule.window, setting.period
    if window is not None and window.length is None:
        yield Finding(place, "window", "khoảng thời gian chưa nói dài bao lâu", Severity.WARNING)
    if window is not None and window.length is not None and span is not None:
        years = span[1] - span[0] + 1
        asked = Fraction(window.length, {"quarters": 4, "months": 12}.get(window.kind.rpartition("_")[2], 1))
        if window.kind != "consecutive_rounds" and measure.form not in EVENTS and asked > years:
            yield Finding(
                place,
                "window",
                f"khoảng {figure(asked)} năm dài hơn giai đoạn {span[0]} – {span[1]} của kế hoạch "
                f"({years} năm)",
            )
    if window is not None and window.kind == "months" and measure.form not in EVENTS:
        text = f"khoảng {window.length} tháng chỉ tính được với việc có ngày, ở đây sẽ lấy số của cả năm"
        yield Finding(place, "window", text, Severity.WARNING)
    if rule.per == "year_average" and window is not None and not window.kind.endswith("years"):
        yield Finding(place, "per", "bình quân mỗi năm chỉ tính được trên số năm")
    if measure.form not in CHANGES:
        if rule.baseline is not None and measure.is_known and rule.unit not in CHANGE_UNITS:
            yield Finding(
                place,
                "baseline",
                f"«{measure.name}» không so với gốc nào, bỏ «{rule.baseline}»",
                Severity.WARNING,
            )
        return
    is_yearly = rule.per == "year" or (window is not None and window.is_consecutive)
    if not is_yearly and setting.baseline_year is None and not _YEAR.search(rule.baseline or ""):
        yield Finding(place, "baseline", "chưa biết năm gốc (đầu kỳ) để so sánh")
    if rule.baseline is None and not is_yearly and rule.per is None:
        yield Finding(
            place, "baseline", "điều kiện không nói so với năm nào, sẽ so với đầu kỳ", Severity.WARNING
        )


# --- several conditions together --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Interval:
    """Numbers between two ends, None = no end; whether the ends belong to it."""

    low: Fraction | None = None
    has_low: bool = True
    high: Fraction | None = None
    has_high: bool = True

    def and_(self, other: _Interval) -> _Interval:
        low, has_low = _tighter((self.low, self.has_low), (other.low, other.has_low), sign=1)
        high, has_high = _tighter((self.high, self.has_high), (other.high, other.has_high), sign=-1)
        return _Interval(low, has_low, high, has_high)

    @property
    def is_empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and not (self.has_low and self.has_high))

    def contains(self, other: _Interval) -> bool:
        return self.and_(other) == other


def _tighter(
    one: tuple[Fraction | None, bool], other: tuple[Fraction | None, bool], *, sign: int
) -> tuple[Fraction | None, bool]:
    if one[0] is None or other[0] is None:
        return other if one[0] is None else one
    if one[0] == other[0]:
        return one[0], one[1] and other[1]
    return one if (one[0] - other[0]) * sign > 0 else other


def _interval(rule: Condition, words: Vocabulary) -> _Interval | None:
    factor = words.unit(rule.unit).factor
    if rule.op is Op.BETWEEN and rule.value_min is not None and rule.value_max is not None:
        return _Interval(Fraction(rule.value_min) * factor, True, Fraction(rule.value_max) * factor, True)
    if rule.value is None:
        return None
    bound = Fraction(rule.value) * factor
    match rule.op:
        case Op.GTE | Op.STATED | Op.APPROX:
            return _Interval(low=bound)
        case Op.GT:
            return _Interval(low=bound, has_low=False)
        case Op.LTE:
            return _Interval(high=bound)
        case Op.LT:
            return _Interval(high=bound, has_high=False)
    return _Interval(bound, True, bound, True)


def _same(rule: Condition, words: Vocabulary) -> tuple[object, ...]:
    """Conditions with the same key speak of the same number."""
    return (
        rule.indicator, words.unit(rule.unit).dimension, rule.per, rule.window, rule.baseline,
        rule.measured_at, rule.applies_to, rule.where,
    )  # fmt: skip


def _is_same_way(above: Group, below: Group) -> bool:
    """Whether a group within a group joins as the outer one does, on the same subjects."""
    if below.evaluated_on is not None:
        return False
    return below.junction is above.junction or len(below.parts) == 1


def _members(
    group: Group, names: Sequence[str], top: int | None = None
) -> Iterator[tuple[int, str, Condition]]:
    """The conditions that a group joins, through groups that join the same way; by part of the outermost."""
    for number, (part, name) in enumerate(zip(group.parts, names, strict=True)):
        first = number if top is None else top
        if isinstance(part, Condition):
            yield first, name, part
        elif isinstance(part, Group) and _is_same_way(group, part):
            yield from _members(part, [f"{name}.{below}" for below in range(len(part.parts))], first)


def _group(
    group: Group, names: Sequence[str], words: Vocabulary, *, across: bool = False
) -> Iterator[Finding]:
    """Conditions on the same number that cannot both hold, or of which one says nothing new.

    `names`: places of the parts. `across`: only pairs that stand in different parts.
    """
    alike: dict[tuple[object, ...], list[tuple[int, str, Condition, _Interval]]] = defaultdict(list)
    for top, name, part in _members(group, names):
        if (interval := _interval(part, words)) is not None:
            alike[_same(part, words)].append((top, name, part, interval))
    for parts in alike.values():
        what = words.measure(parts[0][2].indicator, parts[0][2].unit).name
        for (other_top, other_name, _, other), (top, name, _, one) in combinations(parts, 2):
            if across and top == other_top:
                continue
            if group.junction is Junction.ALL and one.and_(other).is_empty:
                text = f"«{what}» không thể cùng lúc {_words(other)} và {_words(one)}: không ai đạt được"
                yield Finding(name, "contradiction", text)
            elif one.contains(other) or other.contains(one):
                wide, tight = (name, other_name) if one.contains(other) else (other_name, name)
                text = f"điều kiện về «{what}» đã nằm trong điều kiện khác, không thay đổi kết quả"
                spare = wide if group.junction is Junction.ALL else tight
                yield Finding(spare, "redundant", text, Severity.WARNING)


def _words(interval: _Interval) -> str:
    parts = []
    if interval.low is not None:
        parts.append(f"{'từ' if interval.has_low else 'trên'} {figure(interval.low)}")
    if interval.high is not None:
        parts.append(f"{'đến' if interval.has_high else 'dưới'} {figure(interval.high)}")
    return " ".join(parts)


# --- scales ---------------------------------------------------------------------------------------


def check_scale(
    grades: Sequence[Grade], *, place: str = "", words: Vocabulary | None = None
) -> list[Finding]:
    """Gaps and overlaps between the grades of a scale, whatever order they stand in."""
    words = words or vocabulary()
    found: list[Finding] = []
    if len({_same(grade.rule, words) for grade in grades}) > 1:
        return [Finding(place, "scale", "các bậc của thang không đo cùng một thứ")]
    placed = []
    for grade in grades:
        interval = _interval(grade.rule, words)
        if interval is None:
            found.append(Finding(place, "scale", f"bậc «{grade.label}» chưa nói mức"))
        else:
            placed.append((grade.label, interval))
    placed.sort(key=lambda one: (one[1].low is not None, one[1].low or 0, not one[1].has_low))
    found += _neighbours(placed, place)
    return found


def _neighbours(placed: Sequence[tuple[str, _Interval]], place: str) -> Iterable[Finding]:
    for (lower, one), (upper, other) in pairwise(placed):
        if not one.and_(other).is_empty:
            both = one.and_(other)
            yield Finding(
                place,
                "overlap",
                f"bậc «{lower}» và bậc «{upper}» chồng lên nhau ở {_words(both) or 'mọi mức'}",
            )
        elif one.high is not None and other.low is not None:
            touches = one.high == other.low and (one.has_high or other.has_low)
            if not touches:
                yield Finding(
                    place,
                    "gap",
                    f"giữa bậc «{lower}» và bậc «{upper}» có khoảng trống từ {figure(one.high)} đến "
                    f"{figure(other.low)}: không thuộc bậc nào",
                )
