"""The rule language: conditions on measured facts, joined by all_of and any_of; judgements of named persons.

Reads and writes the `rule` of a record `golden/1` exactly, and the few keys that go beyond it (nested groups,
`where`, `judged`, `quantifier`, `citation`). A wrong rule is refused with its place. Pure values; described
in docs/reference/rule-language.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

Number = int | Decimal
Json = Mapping[str, Any]
_Choice = TypeVar("_Choice", bound=StrEnum)


class BadRule(ValueError):
    """A rule that cannot be read; the text names the place, what is wrong and what is accepted."""

    def __init__(self, place: str, what: str) -> None:
        self.place, self.what = place, what
        super().__init__(f"{place}: {what}" if place else what)


class Op(StrEnum):
    GTE = "gte"
    GT = "gt"
    LTE = "lte"
    LT = "lt"
    BETWEEN = "between"
    APPROX = "approx"
    STATED = "stated"
    IS = "is"


#: At least so much; a bare or approximate figure obliges to its floor, as with targets (decision 0012).
FLOORS = frozenset((Op.GTE, Op.STATED, Op.APPROX))


class Junction(StrEnum):
    ALL = "all_of"
    ANY = "any_of"


class Quantifier(StrEnum):
    """Of those a rule is evaluated on, how many must meet it."""

    EVERY = "every"
    SOME = "some"


@dataclass(frozen=True, slots=True)
class Window:
    """The stretch in which a condition must hold. Consecutive periods one by one; else all of it together."""

    length: int | None = None
    #: consecutive_years, consecutive_quarters, consecutive_months, consecutive_rounds, years, months
    kind: str = ""
    anchor: str | None = None
    has_anchor: bool = False

    @property
    def is_consecutive(self) -> bool:
        return self.kind.startswith("consecutive_")


@dataclass(frozen=True, slots=True)
class Condition:
    """One measured condition. Keys that a rule leaves out are None; `stated_nulls` are written as null."""

    indicator: str | None
    op: Op
    unit: str | None
    value: Number | bool | None = None
    value_min: Number | None = None
    value_max: Number | None = None
    per: str | None = None
    window: Window | None = None
    baseline: str | None = None
    measured_at: str | None = None
    applies_to: str | None = None
    quote: str | None = None
    note: str | None = None
    #: Beyond golden/1: which dated facts count, whose article it is, what a reader prints as its name.
    where: tuple[tuple[str, str], ...] = ()
    citation: str | None = None
    label_vi: str | None = None
    stated_nulls: frozenset[str] = frozenset()
    #: What a scorer of records accepts instead; carried along, of no meaning to a verdict.
    accept: Any = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A condition that a named person decides. `key`: under which facts hold the answer."""

    key: str
    question: str
    by: str | None = None
    citation: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Parts of which all or any must be met; `evaluated_on` = on those linked to the subject instead."""

    junction: Junction
    parts: tuple[Rule, ...]
    evaluated_on: str | None = None
    quantifier: Quantifier | None = None
    note: str | None = None
    citation: str | None = None
    stated_nulls: frozenset[str] = frozenset()
    accept: Any = None


Rule = Group | Condition | Judged

#: Groups within groups; what people write has two or three.
DEEPEST = 20

_WINDOW_KINDS = (
    "consecutive_years",
    "consecutive_quarters",
    "consecutive_months",
    "consecutive_rounds",
    "years",
    "months",
)
_TEXTS = ("per", "baseline", "measured_at", "applies_to", "quote", "note", "citation", "label_vi")
_CONDITION_KEYS = frozenset(
    ("indicator", "op", "unit", "value", "value_min", "value_max", "window", "where", "accept", *_TEXTS)
)
_GROUP_KEYS = frozenset(("all_of", "any_of", "evaluated_on", "quantifier", "note", "citation", "accept"))


# --- reading --------------------------------------------------------------------------------------


def read_rule(found: Any, *, place: str = "rule") -> Rule:
    """The rule of a JSON or YAML value. Raises BadRule."""
    if not isinstance(found, Mapping):
        raise BadRule(place, "quy tắc phải là một bảng khóa: giá trị")
    if place.count("[") > DEEPEST:
        raise BadRule(place, f"lồng quá {DEEPEST} lớp, hãy tách thành nhiều tiêu chí")
    if "judged" in found:
        return _judged(found, place)
    if "all_of" in found or "any_of" in found:
        return _group(found, place)
    return _condition(found, place)


def _refuse_unknown(found: Json, known: frozenset[str], place: str) -> None:
    for key in found:
        if key not in known:
            raise BadRule(place, f"không hiểu khóa «{key}», chỉ nhận {', '.join(sorted(known))}")


def _text(found: Json, key: str, place: str) -> str | None:
    text = found.get(key)
    if text is not None and (not isinstance(text, str) or not text.strip()):
        raise BadRule(f"{place}.{key}", "phải là chữ và không để trống")
    return text


def _choice(kind: type[_Choice], found: Json, key: str, place: str) -> _Choice:
    try:
        return kind(str(found.get(key)))
    except ValueError:
        raise BadRule(
            f"{place}.{key}", f"không nhận «{found.get(key)}», chỉ nhận {', '.join(kind)}"
        ) from None


def _judged(found: Json, place: str) -> Judged:
    _refuse_unknown(found, frozenset(("judged", "key", "by", "citation")), place)
    question, key = _text(found, "judged", place), _text(found, "key", place)
    if question is None or key is None:
        raise BadRule(place, "điều kiện do người đánh giá cần «judged» (câu hỏi) và «key» (mã)")
    return Judged(key, question, _text(found, "by", place), _text(found, "citation", place))


def _group(found: Json, place: str) -> Group:
    _refuse_unknown(found, _GROUP_KEYS, place)
    if "all_of" in found and "any_of" in found:
        raise BadRule(place, "ghi all_of hoặc any_of, không ghi cả hai; lồng một nhóm vào nhóm kia")
    junction = Junction.ALL if "all_of" in found else Junction.ANY
    below = found[junction]
    if not isinstance(below, list | tuple) or not below:
        raise BadRule(f"{place}.{junction}", "phải là danh sách có ít nhất một điều kiện")
    return Group(
        junction,
        tuple(read_rule(part, place=f"{place}.{junction}[{number}]") for number, part in enumerate(below)),
        evaluated_on=_text(found, "evaluated_on", place),
        quantifier=_choice(Quantifier, found, "quantifier", place) if "quantifier" in found else None,
        note=_text(found, "note", place),
        citation=_text(found, "citation", place),
        stated_nulls=_nulls(found, ("evaluated_on",)),
        accept=found.get("accept"),
    )


def _nulls(found: Json, keys: tuple[str, ...]) -> frozenset[str]:
    return frozenset(key for key in keys if key in found and found[key] is None)


def _condition(found: Json, place: str) -> Condition:
    _refuse_unknown(found, _CONDITION_KEYS, place)
    for key in ("indicator", "op", "unit"):
        if key not in found:
            raise BadRule(place, f"điều kiện thiếu «{key}»")
    op = _choice(Op, found, "op", place)
    texts = {key: _text(found, key, place) for key in _TEXTS}
    condition = Condition(
        indicator=_text(found, "indicator", place),
        op=op,
        unit=_text(found, "unit", place),
        value=_value(found, place),
        value_min=_number(found.get("value_min"), f"{place}.value_min"),
        value_max=_number(found.get("value_max"), f"{place}.value_max"),
        window=_window(found.get("window"), f"{place}.window"),
        where=_where(found.get("where"), f"{place}.where"),
        stated_nulls=_nulls(found, ("value", "value_min", "value_max", "window", *_TEXTS)),
        accept=found.get("accept"),
        **texts,
    )
    _check_figures(condition, place)
    return condition


def _value(found: Json, place: str) -> Number | bool | None:
    value = found.get("value")
    return value if isinstance(value, bool) else _number(value, f"{place}.value")


def _number(value: Any, place: str) -> Number | None:
    """A number without loss: floats of at most 15 digits are what was written."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, float) and math.isfinite(value):
        value = Decimal(repr(value))
    if not isinstance(value, Decimal) or not value.is_finite():
        raise BadRule(place, "phải là một số")
    if len(value.as_tuple().digits) > 15:
        raise BadRule(place, "số có quá 15 chữ số, không giữ được chính xác")
    return int(value) if value == value.to_integral_value() else value


def _check_figures(condition: Condition, place: str) -> None:
    low, high = condition.value_min, condition.value_max
    if condition.op is Op.BETWEEN:
        if condition.value is not None or (low is None) != (high is None):
            raise BadRule(place, "between cần value_min và value_max, không nhận value")
    elif isinstance(condition.value, bool) and condition.op is not Op.IS:
        raise BadRule(place, f"có/không chỉ đi với op «is», không với «{condition.op}»")
    if low is not None and high is not None and low > high:
        raise BadRule(place, f"value_min {low} lớn hơn value_max {high}")


def _window(found: Any, place: str) -> Window | None:
    if found is None:
        return None
    if not isinstance(found, Mapping):
        raise BadRule(place, "phải là một bảng khóa: giá trị")
    _refuse_unknown(found, frozenset((*_WINDOW_KINDS, "anchor")), place)
    kinds = [kind for kind in _WINDOW_KINDS if kind in found]
    if len(kinds) > 1:
        raise BadRule(place, f"chỉ ghi một khoảng thời gian, không ghi cả {' và '.join(kinds)}")
    length = found[kinds[0]] if kinds else None
    if kinds and (not isinstance(length, int) or isinstance(length, bool) or length < 1):
        raise BadRule(f"{place}.{kinds[0]}", "phải là số nguyên từ 1 trở lên")
    return Window(length, kinds[0] if kinds else "", _text(found, "anchor", place), "anchor" in found)


def _where(found: Any, place: str) -> tuple[tuple[str, str], ...]:
    if found is None:
        return ()
    if not isinstance(found, Mapping) or not all(
        isinstance(key, str) and isinstance(value, str) and value for key, value in found.items()
    ):
        raise BadRule(place, "phải là một bảng khóa: chữ, như {form: giay_khen}")
    return tuple(sorted(found.items()))


# --- writing --------------------------------------------------------------------------------------


def rule_json(rule: Rule) -> dict[str, Any]:
    """The rule as JSON values, equal to what `read_rule` was given."""
    if isinstance(rule, Judged):
        return _kept({"judged": rule.question, "key": rule.key, "by": rule.by, "citation": rule.citation})
    if isinstance(rule, Group):
        return _kept(
            {
                rule.junction.value: [rule_json(part) for part in rule.parts],
                "evaluated_on": rule.evaluated_on,
                "quantifier": rule.quantifier.value if rule.quantifier else None,
                "note": rule.note,
                "citation": rule.citation,
                "accept": rule.accept,
            },
            rule.stated_nulls,
        )
    return _kept(
        {
            "indicator": rule.indicator,
            "op": rule.op.value,
            "value": _plain(rule.value),
            "value_min": _plain(rule.value_min),
            "value_max": _plain(rule.value_max),
            "unit": rule.unit,
            "window": _window_json(rule.window),
            "where": dict(rule.where) or None,
            **{key: getattr(rule, key) for key in _TEXTS},
            "accept": rule.accept,
        },
        rule.stated_nulls | {"indicator", "unit"},
    )


def _kept(pairs: dict[str, Any], nulls: frozenset[str] = frozenset()) -> dict[str, Any]:
    return {key: value for key, value in pairs.items() if value is not None or key in nulls}


def _plain(value: Number | bool | None) -> int | float | bool | None:
    return float(value) if isinstance(value, Decimal) else value


def _window_json(window: Window | None) -> dict[str, Any] | None:
    if window is None:
        return None
    found: dict[str, Any] = {window.kind: window.length} if window.kind else {}
    return found | ({"anchor": window.anchor} if window.has_anchor else {})


# --- looking around -------------------------------------------------------------------------------


def walk(rule: Rule, *, place: str = "") -> Iterator[tuple[str, Rule]]:
    """The rule and all its parts with their places: "" the whole, "0" its first part, "0.1" …"""
    yield place, rule
    if isinstance(rule, Group):
        for number, part in enumerate(rule.parts):
            yield from walk(part, place=f"{place}.{number}" if place else str(number))


def conditions(rule: Rule) -> Iterator[Condition]:
    """The measured conditions, in order."""
    return (part for _, part in walk(rule) if isinstance(part, Condition))
