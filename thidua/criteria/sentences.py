"""A rule as a Vietnamese sentence, and as the pieces a form shows: what, how much, how long, whom.

Knows how a condition is worded; the names of what is measured stand in `measures.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from thidua.core.formats import format_number
from thidua.criteria.facts import exact_text
from thidua.criteria.measures import CHANGES, EVENTS, FALLS, Form, Measure, Vocabulary, vocabulary
from thidua.criteria.rules import Condition, Group, Judged, Junction, Number, Op, Quantifier, Rule, Window

ANCHORS = {
    "before_award_submission": "trước khi trình khen thưởng",
    "before_award_year": "trước năm xét khen thưởng",
    "any_in_period": "bất kỳ trong giai đoạn",
}
WINDOWS = {
    "consecutive_years": "năm liên tục",
    "consecutive_quarters": "quý liên tục",
    "consecutive_months": "tháng liên tục",
    "consecutive_rounds": "kỳ liên tục",
    "years": "năm",
    "months": "tháng",
}
OPS = {
    Op.GTE: "từ {} trở lên",
    Op.GT: "trên {}",
    Op.LTE: "không quá {}",
    Op.LT: "dưới {}",
    Op.APPROX: "khoảng {}",
    Op.STATED: "{}",
    Op.IS: "đúng {}",
}
PERS = {"year": "mỗi năm", "year_average": "bình quân mỗi năm", "month": "mỗi tháng", "quarter": "mỗi quý"}
#: What `where` of a rule asks of a dated fact.
WHERE = {"form": "hình thức", "level": "cấp", "kind": "loại"}
ON = {
    "communes supervised by the member": "các xã được giao phụ trách",
    "villages supervised by the member": "các thôn, bản được giao phụ trách",
}
_NOTE = re.compile(r"\(fn\.(\w+)\)")


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a condition as a form shows it: its key in the rule, a label, the value in words."""

    key: str
    label: str
    words: str


def sentence(rule: Rule, *, words: Vocabulary | None = None) -> str:
    """The rule in one sentence, without its final stop."""
    words = words or vocabulary()
    if isinstance(rule, Judged):
        return _judged(rule)
    if isinstance(rule, Condition):
        return _condition(rule, words)
    parts = [sentence(part, words=words) for part in rule.parts]
    if len(parts) == 1:
        text = parts[0]
    elif any(isinstance(part, Group) and len(part.parts) > 1 for part in rule.parts):
        text = _connected(rule.junction, [f"({lower(part)})" for part in parts])
    else:
        text = _connected(rule.junction, [parts[0], *map(lower, parts[1:])])
    if rule.evaluated_on is not None:
        text = f"{_on_whom(rule)}: {lower(text)}"
    return text


def clauses(rule: Rule, *, words: Vocabulary | None = None) -> list[tuple[int, str]]:
    """The rule as lines with their depth, a heading before each group of several parts."""
    return list(_clauses(rule, words or vocabulary(), 0))


def _clauses(rule: Rule, words: Vocabulary, depth: int) -> Iterable[tuple[int, str]]:
    if not isinstance(rule, Group) or (len(rule.parts) == 1 and rule.evaluated_on is None):
        yield depth, sentence(rule, words=words)
        return
    head = "Phải đạt tất cả" if rule.junction is Junction.ALL else "Chỉ cần đạt một trong các điều kiện"
    if rule.evaluated_on is not None:
        head = f"{_on_whom(rule)}: {lower(head)}"
    yield depth, f"{head}:"
    for part in rule.parts:
        yield from _clauses(part, words, depth + 1)


def _connected(junction: Junction, parts: list[str]) -> str:
    last = " và " if junction is Junction.ALL else " hoặc "
    return "; ".join(parts[:-1]) + ";" + last + parts[-1]


def _on_whom(rule: Group) -> str:
    who = on_whom(rule.evaluated_on or "")
    return f"Ít nhất một trong {who}" if rule.quantifier is Quantifier.SOME else f"Tất cả {who}"


def on_whom(evaluated_on: str) -> str:
    """Those a rule looks at instead of the subject, in words."""
    return ON.get(evaluated_on, evaluated_on)


def _judged(rule: Judged) -> str:
    question = rule.question.strip().rstrip(".;,")
    who = rule.by or "người được giao đánh giá"
    return f"{question[:1].upper()}{question[1:]} ({who} kết luận)"


def _condition(rule: Condition, words: Vocabulary) -> str:
    measure = words.measure(rule.indicator, rule.unit)
    name = rule.label_vi or measure.name
    if isinstance(rule.value, bool):
        text = name if rule.value else f"Không: {lower(name)}"
    else:
        text = f"{name} {_amount(rule, measure, words)}"
    extras = (*_extras(rule),)
    return ", ".join([text, *extras])


def _amount(rule: Condition, measure: Measure, words: Vocabulary) -> str:
    per = PERS.get(rule.per, f"mỗi {rule.per.replace('_', ' ')}") if rule.per else ""
    base = f"so với {with_note_names(rule.baseline)}" if rule.baseline else ""
    asked = _asked(rule, measure, words)
    if measure.form in CHANGES:
        verb = "bằng" if measure.form is Form.RATIO else "giảm" if measure.form in FALLS else "tăng"
    else:
        is_plain = rule.op in (Op.LTE, Op.LT) or measure.form in EVENTS or measure.form is Form.ELAPSED
        verb = "" if is_plain else "đạt"
    return " ".join(part for part in (verb, asked, per, base) if part)


def _asked(rule: Condition, measure: Measure, words: Vocabulary) -> str:
    unit = words.unit(rule.unit).word
    if rule.op is Op.BETWEEN and rule.value_min is not None and rule.value_max is not None:
        return f"từ {figure(rule.value_min)} đến {figure(rule.value_max)} {unit}".rstrip()
    bound = next((one for one in (rule.value, rule.value_min, rule.value_max) if one is not None), None)
    if bound is None or isinstance(bound, bool):
        return "(chưa rõ mức)"
    if rule.op is Op.LTE and bound == 0 and measure.form not in CHANGES:
        return "bằng không"
    if rule.unit == "rank" and rule.op is Op.LTE:
        return f"trong {figure(bound)} vị trí đầu" if bound != 1 else "vị trí thứ nhất"
    return OPS[rule.op].format(f"{figure(bound)} {unit}".rstrip())


def _extras(rule: Condition) -> list[str]:
    extras = []
    if rule.where and rule.label_vi is None:
        counted = (f"{WHERE.get(key, key.replace('_', ' '))} «{value}»" for key, value in rule.where)
        extras.append(f"chỉ tính {', '.join(counted)}")
    if rule.window:
        extras.append(window(rule.window))
    if rule.measured_at:
        extras.append(f"tính tại {with_note_names(rule.measured_at)}")
    if rule.applies_to:
        extras.append(f"áp dụng với {rule.applies_to}")
    return [extra for extra in extras if extra]


def window(found: Window) -> str:
    """ "trong 3 năm liên tục trước khi trình khen thưởng"."""
    text = f"trong {found.length} {WINDOWS[found.kind]}" if found.length else ""
    anchor = ANCHORS.get(found.anchor or "", (found.anchor or "").replace("_", " "))
    return f"{text} {anchor}".strip()


def pieces(rule: Condition, *, words: Vocabulary | None = None) -> list[Piece]:
    """The parts of a condition that a form offers, in its order; those that are not said have no words."""
    words = words or vocabulary()
    measure = words.measure(rule.indicator, rule.unit)
    is_flag = isinstance(rule.value, bool)
    asked = ("có" if rule.value else "không") if is_flag else _asked(rule, measure, words)
    per = PERS.get(rule.per, rule.per.replace("_", " ")) if rule.per else ""
    return [
        Piece("indicator", "Đo bằng", rule.label_vi or measure.name),
        Piece("value", "Mức", asked),
        Piece("per", "Tính theo", per),
        Piece("baseline", "So với", with_note_names(rule.baseline or "")),
        Piece("window", "Khoảng thời gian", window(rule.window) if rule.window else ""),
        Piece("measured_at", "Lấy số tại", with_note_names(rule.measured_at or "")),
        Piece("applies_to", "Áp dụng với", rule.applies_to or ""),
        Piece("citation", "Căn cứ", rule.citation or ""),
    ]


# --- words that verdicts use too --------------------------------------------------------------------


def figure(value: Number | Fraction) -> str:
    """1.234,5; a fraction that no decimal writes exactly with two decimals and "khoảng"."""
    if isinstance(value, Fraction):
        text = exact_text(value)
        if "/" in text:
            return f"khoảng {format_number(Decimal(round(value * 100)).scaleb(-2))}"
        return format_number(Decimal(text))
    return format_number(value)


def with_note_names(text: str) -> str:
    """«đầu kỳ (fn.2)» as «đầu kỳ (chú thích 2)»."""
    return _NOTE.sub(r"(chú thích \1)", text)


def lower(text: str) -> str:
    """With a small first letter, but for abbreviations."""
    first = text.split(" ", 1)[0]
    return text if first.isupper() and len(first) > 1 else text[:1].lower() + text[1:]
