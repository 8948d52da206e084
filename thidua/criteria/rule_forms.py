"""A rule as a form that an officer fills in: one form for each condition, all or any of them.

Hides how words of the form become keys of the rule language, and keeps what a form does not show. Pages show
`sentences.sentence` and `checking.check_rule` of what comes out. Groups within groups are not edited here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms

from thidua.core.formats import format_number, parse_number
from thidua.core.text import sort_key
from thidua.criteria.measures import Form, vocabulary
from thidua.criteria.rules import BadRule, Condition, Group, Junction, Op, Rule, Window, read_rule, rule_json
from thidua.criteria.sentences import ANCHORS, PERS, WINDOWS

YES, NO = "co", "khong"
OPS = {
    Op.GTE: "từ … trở lên",
    Op.GT: "trên …",
    Op.LTE: "không quá …",
    Op.LT: "dưới …",
    Op.BETWEEN: "từ … đến …",
    Op.IS: "đúng, hoặc có/không",
    Op.STATED: "ghi một con số, hiểu là từ … trở lên",
    Op.APPROX: "khoảng …, hiểu là từ … trở lên",
}
_NOTHING = ("", "—")
#: Keys that the form holds; the others of a condition stay as they were.
_SHOWN = ("per", "baseline", "measured_at", "applies_to", "citation")


class NumberField(forms.CharField):
    """A number as people write it, 1.234,5; or yes or no."""

    def to_python(self, value: Any) -> Any:
        text = (super().to_python(value) or "").strip()
        if not text:
            return None
        if text.lower() in ("có", "co"):
            return True
        if text.lower() in ("không", "khong"):
            return False
        try:
            return parse_number(text)
        except ValueError:
            raise forms.ValidationError(
                f"Không hiểu «{text}». Ghi một số như 4 hoặc 1.234,5; câu hỏi thì ghi có hoặc không.",
                code="number",
            ) from None


class ConditionForm(forms.Form):
    """One condition. `condition` is what was filled in, after `is_valid`."""

    indicator = forms.ChoiceField(label="Đo bằng")
    op = forms.ChoiceField(label="Phải đạt", choices=[(op.value, words) for op, words in OPS.items()])
    value = NumberField(label="Mức", required=False)
    value_max = NumberField(label="Đến", required=False)
    unit = forms.ChoiceField(label="Đơn vị tính")
    per = forms.ChoiceField(label="Tính theo", required=False, choices=[_NOTHING, *PERS.items()])
    window_length = forms.IntegerField(label="Trong", required=False, min_value=1, max_value=120)
    window_kind = forms.ChoiceField(label="", required=False, choices=[_NOTHING, *WINDOWS.items()])
    anchor = forms.ChoiceField(label="Tính đến", required=False, choices=[_NOTHING, *ANCHORS.items()])
    baseline = forms.CharField(label="So với", required=False, max_length=200)
    measured_at = forms.CharField(label="Lấy số tại", required=False, max_length=200)
    applies_to = forms.CharField(label="Chỉ áp dụng với", required=False, max_length=300)
    citation = forms.CharField(label="Căn cứ", required=False, max_length=300)

    def __init__(self, *arguments: Any, original: Condition | None = None, **more: Any) -> None:
        if original is not None:
            more.setdefault("initial", initial_of(original))
        super().__init__(*arguments, **more)
        self.original = original
        self.condition: Condition | None = None
        self._offer("indicator", measure_choices(), original.indicator if original else None)
        self._offer("unit", unit_choices(), original.unit if original else None)
        window = original.window if original else None
        self._offer("anchor", [_NOTHING, *ANCHORS.items()], window.anchor if window else None)
        self._offer("per", [_NOTHING, *PERS.items()], original.per if original else None)

    def _offer(self, name: str, choices: Sequence[tuple[str, str]], kept: str | None) -> None:
        """The choices, and beside them a code that the rule already has and the list does not."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        unlisted = [(kept, kept)] if kept and kept not in dict(choices) else []
        field.choices = [*unlisted, *choices]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if self.errors:
            return found
        if bool(found["window_length"]) != bool(found["window_kind"]):
            self.add_error(
                "window_length", "Ghi cả con số và đơn vị của khoảng thời gian, hoặc bỏ trống cả hai."
            )
            return found
        try:
            self.condition = self._condition(found)
        except BadRule as refusal:
            self.add_error(_FIELD_OF.get(refusal.place.rpartition(".")[2], "value"), f"{refusal.what}.")
        return found

    def _condition(self, found: Mapping[str, Any]) -> Condition:
        is_range = found["op"] == Op.BETWEEN
        low, high = found["value"], found["value_max"]
        if isinstance(low, bool) and found["op"] != Op.IS:
            raise BadRule("value", f"Có, không chỉ đi với «{OPS[Op.IS]}» ở ô Phải đạt")
        if is_range and low is not None and high is not None and not isinstance(high, bool) and low > high:
            raise BadRule("value_max", f"Mức đầu {_shown(low)} lớn hơn mức cuối {_shown(high)}")
        rule: dict[str, Any] = {"indicator": found["indicator"], "op": found["op"], "unit": found["unit"]}
        if is_range:
            rule |= {"value_min": found["value"], "value_max": found["value_max"]}
        else:
            rule["value"] = found["value"]
        if any(value is None for key, value in rule.items() if key.startswith("value")):
            raise BadRule("value", "Chưa ghi mức phải đạt" + (", cần cả hai đầu" if is_range else ""))
        read = read_rule(rule, place="")
        assert isinstance(read, Condition)
        before = self.original or read
        window = None
        if found["window_kind"] or found["anchor"]:
            window = Window(
                found["window_length"], found["window_kind"], found["anchor"] or None, bool(found["anchor"])
            )
        is_same_thing = before.indicator == read.indicator
        return replace(
            before,
            indicator=read.indicator,
            op=read.op,
            unit=read.unit,
            value=read.value,
            value_min=read.value_min,
            value_max=read.value_max,
            window=window,
            label_vi=before.label_vi if is_same_thing else None,
            where=before.where if is_same_thing else (),
            quote=before.quote,
            accept=None,
            stated_nulls=frozenset(),
            **{key: found[key].strip() or None for key in _SHOWN},
        )


_FIELD_OF = {"value": "value", "value_min": "value", "value_max": "value_max"}


def initial_of(rule: Condition) -> dict[str, Any]:
    """What the form shows of a condition."""
    low = rule.value if rule.value is not None else rule.value_min
    window = rule.window
    return {
        "indicator": rule.indicator,
        "op": rule.op.value,
        "value": _shown(low),
        "value_max": _shown(rule.value_max),
        "unit": rule.unit,
        "window_length": window.length if window else None,
        "window_kind": window.kind if window else "",
        "anchor": (window.anchor if window else None) or "",
        **{key: getattr(rule, key) or "" for key in _SHOWN},
    }


def _shown(value: bool | int | Decimal | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "có" if value else "không"
    return format_number(value)


def measure_choices() -> list[tuple[str, str]]:
    """What can be measured, in the order of the alphabet; what is the same name says how it differs."""
    suffixes = {
        Form.FALL_POINTS: " (mức giảm, điểm)",
        Form.RISE_POINTS: " (mức tăng, điểm)",
        Form.FALL_RELATIVE: " (mức giảm, %)",
        Form.RISE_RELATIVE: " (mức tăng, %)",
        Form.RATIO: " (so với năm gốc)",
    }
    found = [
        (code, measure.name + suffixes.get(measure.form, ""))
        for code, measure in vocabulary().measures.items()
    ]
    return sorted(found, key=lambda one: sort_key(one[1]))


def unit_choices() -> list[tuple[str, str]]:
    words = {"pct": "% (tỷ lệ)", "pct_change": "% (so với gốc)", "bool": "có hoặc không"}
    return [(code, words.get(code, unit.word)) for code, unit in vocabulary().units.items()]


# --- a whole rule ---------------------------------------------------------------------------------


def can_be_edited(rule: Rule) -> bool:
    """Whether the form can show the whole rule: one condition, or a flat group of them."""
    parts = rule.parts if isinstance(rule, Group) else (rule,)
    return all(isinstance(part, Condition) for part in parts)


def conditions_of(rule: Rule) -> tuple[Junction, list[Condition]]:
    """What the forms of a rule start from. Raises ValueError for a rule that cannot be edited here."""
    if not can_be_edited(rule):
        raise ValueError("a rule with groups or judgements inside is not edited by this form")
    parts = rule.parts if isinstance(rule, Group) else (rule,)
    junction = rule.junction if isinstance(rule, Group) else Junction.ALL
    return junction, [part for part in parts if isinstance(part, Condition)]


def rule_of(junction: Junction, parts: Sequence[Condition], *, before: Rule | None = None) -> Group:
    """The rule of the filled-in forms; what the group said besides stays as it was."""
    if not parts:
        raise BadRule("rule", "quy tắc cần ít nhất một điều kiện")
    group = before if isinstance(before, Group) else Group(junction, ())
    return replace(group, junction=junction, parts=tuple(parts), accept=None)


def is_same(one: Rule, other: Rule) -> bool:
    """Whether two rules say the same, whatever a scorer of records would accept beside it."""
    return bool(_less_accept(rule_json(one)) == _less_accept(rule_json(other)))


def _less_accept(found: Any) -> Any:
    if isinstance(found, dict):
        return {
            key: _less_accept(value) for key, value in found.items() if key != "accept" and value is not None
        }
    return [_less_accept(value) for value in found] if isinstance(found, list) else found
