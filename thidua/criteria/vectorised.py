"""One rule judged for many subjects at once, with the same outcome, margin and nearness as `evaluate`.

Whole numbers only; products that could leave 64 bits are made with Python's own. Each condition keeps how
every period came out and by how much, so that lists can say why without looking at single subjects; the full
tree of reasons of one subject is made by `evaluate` from its facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property, reduce
from math import lcm
from typing import Any

import numpy as np

from thidua.criteria.columns import Bools, Column, Ints, Table
from thidua.criteria.facts import Facts, Setting, SubjectFacts
from thidua.criteria.measures import CHANGES, EVENTS, FALLS, RELATIVE, Form, Measure, Vocabulary, vocabulary
from thidua.criteria.reasons import Outcome, Reason, Verdict
from thidua.criteria.rules import Condition, Group, Judged, Junction, Op, Rule
from thidua.criteria.verdicts import ANY_RUN, evaluate, is_by_period, periods_of

NOT_MET, UNKNOWN, MET, NOT_APPLICABLE = (np.int8(one) for one in Outcome)
#: Products stay below this in 64 bits.
ROOM = 2**62


@dataclass(frozen=True)
class StepColumns:
    """One period of a condition for all subjects: `reached` / `divisor`, `margin` / `margin_divisor`.

    They mean something where the outcome is not unknown.
    """

    period: str
    outcomes: Ints
    reached: Ints | None = None
    divisor: Ints | int = 1
    margin: Ints | None = None
    margin_divisor: Ints | int = 1

    def margin_of(self, row: int) -> Fraction | None:
        return _fraction(self.margin, self.margin_divisor, row) if self.outcomes[row] != UNKNOWN else None

    def reached_of(self, row: int) -> Fraction | None:
        return _fraction(self.reached, self.divisor, row) if self.outcomes[row] != UNKNOWN else None


def _fraction(number: Ints | None, divisor: Ints | int, row: int) -> Fraction | None:
    if number is None:
        return None
    return Fraction(int(number[row]), divisor if isinstance(divisor, int) else int(divisor[row]))


@dataclass(frozen=True)
class PartColumns:
    """One part of the rule for all subjects. `reasons` are kept where a part was judged row by row."""

    place: str
    outcomes: Ints
    near: Bools
    steps: tuple[StepColumns, ...] = ()
    reasons: Sequence[Reason] | None = None


@dataclass(frozen=True)
class ColumnVerdicts:
    """The verdicts of a rule for all subjects of a table, by row; `parts` by their place in the rule."""

    table: Table
    rule: Rule
    on: date
    setting: Setting
    words: Vocabulary
    parts: dict[str, PartColumns]

    @property
    def outcomes(self) -> Ints:
        return self.parts[""].outcomes

    @property
    def near(self) -> Bools:
        return self.parts[""].near

    def explained(self, row: int) -> Verdict:
        """The verdict of one subject with its whole tree of reasons."""
        return evaluate(
            self.rule,
            self.table.facts(row),
            self.on,
            subject=self.table.subjects[row],
            setting=self.setting,
            words=self.words,
        )


def judge(
    rule: Rule,
    table: Table,
    on: date,
    *,
    setting: Setting | None = None,
    words: Vocabulary | None = None,
) -> ColumnVerdicts:
    """The verdict of every subject of a table."""
    judging = _Judging(table, on, setting or Setting(), words or vocabulary())
    judging.part(rule, "")
    return ColumnVerdicts(table, rule, on, judging.setting, judging.words, judging.parts)


@dataclass
class _Judging:
    table: Table
    on: date
    setting: Setting
    words: Vocabulary
    parts: dict[str, PartColumns] = field(default_factory=dict)

    def part(self, rule: Rule, place: str) -> PartColumns:
        if isinstance(rule, Group) and rule.evaluated_on is None:
            found = self.group(rule, place)
        elif isinstance(rule, Condition) and self.is_in_columns(rule):
            found = self.condition(rule, place)
        else:
            found = self.by_row(rule, place)
        self.parts[place] = found
        return found

    def is_in_columns(self, rule: Condition) -> bool:
        """Whether columns hold all that a condition is about; else it is judged row by row."""
        measure = self.words.measure(rule.indicator, rule.unit)
        if measure.form in EVENTS or measure.form is Form.ELAPSED:
            return False
        return measure.figure not in self.odd_codes and not (rule.applies_to and self.has_odd_classes)

    @cached_property
    def odd_codes(self) -> frozenset[str]:
        """Codes of which `rest` holds a figure that stands in no column."""
        return frozenset(
            code
            for row, facts in self.rest_rows
            for code, period in facts.figures
            if (column := self.table.figures.get((code, period))) is None or not column.known[row]
        )

    @cached_property
    def has_odd_classes(self) -> bool:
        return any(
            (column := self.table.classes.get(words)) is None or not column.known[row]
            for row, facts in self.rest_rows
            for words in facts.classes
        )

    @cached_property
    def rest_rows(self) -> list[tuple[int, SubjectFacts]]:
        rest = self.table.rest.subjects if self.table.rest is not None else {}
        if not rest:
            return []
        return [(row, rest[subject]) for row, subject in enumerate(self.table.subjects) if subject in rest]

    # --- joining

    def group(self, rule: Group, place: str) -> PartColumns:
        parts = [
            self.part(part, f"{place}.{number}" if place else str(number))
            for number, part in enumerate(rule.parts)
        ]
        outcomes = joined(rule.junction, [part.outcomes for part in parts])
        failed = outcomes == NOT_MET
        near: Bools
        if rule.junction is Junction.ANY:
            near = failed & reduce(np.logical_or, [part.near for part in parts])
        else:
            fits = [(part.outcomes > UNKNOWN) | part.near for part in parts]
            near = failed & reduce(np.logical_and, fits)
        return PartColumns(place, outcomes, near)

    def by_row(self, rule: Rule, place: str) -> PartColumns:
        """What columns do not hold: dated facts, links, judgements."""
        if isinstance(rule, Judged):
            return self.judgements(rule, place)
        reasons = [
            evaluate(
                rule, self.facts(rule, row), self.on, subject=subject, setting=self.setting, words=self.words
            ).reason
            for row, subject in enumerate(self.table.subjects)
        ]
        outcomes = np.fromiter((reason.outcome for reason in reasons), dtype=np.int8, count=len(reasons))
        near = np.fromiter((reason.is_near for reason in reasons), dtype=bool, count=len(reasons))
        return PartColumns(place, outcomes, near, reasons=reasons)

    def facts(self, rule: Rule, row: int) -> Facts:
        if isinstance(rule, Group):
            # those who are linked are judged, not the subject
            return self.table.rest or Facts({})
        return self.table.facts(row)

    def judgements(self, rule: Judged, place: str) -> PartColumns:
        outcomes = np.full(len(self.table), UNKNOWN)
        for row, facts in self.rest_rows:
            answer = facts.judged.get(rule.key)
            if answer is not None and answer.on <= self.on:
                outcomes[row] = MET if answer.answer else NOT_MET
        return PartColumns(place, outcomes, np.zeros(len(self.table), dtype=bool))

    # --- one condition

    def condition(self, rule: Condition, place: str) -> PartColumns:
        steps = tuple(self.steps(rule))
        outcomes = _over_periods(rule, steps)
        near = (outcomes == NOT_MET) & self.near(rule, steps)
        if rule.applies_to is not None:
            known = self.table.classes.get(rule.applies_to)
            if known is None:
                outcomes = np.full(len(self.table), UNKNOWN)
            else:
                inside = np.where(known.values != 0, outcomes, NOT_APPLICABLE)
                outcomes = np.where(known.known, inside, UNKNOWN)
            near = near & (outcomes == NOT_MET)
        return PartColumns(place, outcomes.astype(np.int8), near, steps)

    def near(self, rule: Condition, steps: Sequence[StepColumns]) -> Bools:
        near = np.ones(len(self.table), dtype=bool)
        bound = next((one for one in (rule.value, rule.value_min, rule.value_max) if one is not None), None)
        for step in steps:
            near &= step.outcomes != UNKNOWN
            if step.margin is None or bound is None:
                near &= step.outcomes != NOT_MET
                continue
            room = self.words.near(rule.unit, Fraction(bound))
            lacking = _times(-step.margin, room.denominator)
            allowed = _scaled(step.margin_divisor, room.numerator)
            near &= (step.outcomes != NOT_MET) | (lacking <= allowed).astype(bool)
        return near

    def steps(self, rule: Condition) -> list[StepColumns]:
        measure = self.words.measure(rule.indicator, rule.unit)
        periods = periods_of(rule, measure, self.setting, self.on)
        if periods is None or (rule.value is None and rule.value_min is None and rule.value_max is None):
            return [self.unknown("")]
        if measure.form not in CHANGES:
            return [self.level(rule, measure, period) for period in periods]
        found = []
        for period in periods:
            since, _, until = period.partition(">")
            found.append(self.change(rule, measure, since, until))
        return found

    def unknown(self, period: str) -> StepColumns:
        return StepColumns(period, np.full(len(self.table), UNKNOWN))

    def level(self, rule: Condition, measure: Measure, period: str) -> StepColumns:
        places = [period]
        if not is_by_period(rule):
            span = self.setting.period
            places += [f"{span[0]}/{span[1]}", ""] if span else [""]
        columns = [column for place in places if (column := self.table.figures.get((measure.figure, place)))]
        is_flag = isinstance(rule.value, bool)
        if not columns:
            return self.unknown(period)
        scale = lcm(*(column.scale for column in columns))
        values, usable = _first_known(columns, scale, is_flag=is_flag)
        if is_flag:
            met = (values != 0) == rule.value
            return StepColumns(period, _outcomes(met, usable))
        return self.compared(rule, measure, period, values, scale * self.words.unit(rule.unit).factor, usable)

    def change(self, rule: Condition, measure: Measure, since: str, until: str) -> StepColumns:
        before = self.table.figures.get((measure.figure, since)) if since else None
        after = self.table.figures.get((measure.figure, until))
        years = 1
        if rule.per == "year_average":
            years = int(until) - int(since) if since.isdigit() and until.isdigit() else 0
        if before is None or after is None or before.is_flag or after.is_flag or years < 1:
            return self.unknown(until)
        scale = lcm(before.scale, after.scale)
        old = _times(before.values, scale // before.scale)
        new = _times(after.values, scale // after.scale)
        usable = before.is_usable & after.is_usable & _same_standard(before, after)
        divisor: Ints | int
        if measure.form is Form.RATIO:
            reached, divisor = new, old
        else:
            change = old - new if measure.form in FALLS else new - old
            if measure.form in RELATIVE:
                reached, divisor = _times(change, 100), old
            else:
                reached, divisor = change, scale
        if not isinstance(divisor, int):
            usable = usable & (old != 0).astype(bool)
            reached = np.where(old < 0, -reached, reached)
            divisor = np.where(old == 0, 1, abs(old))
        return self.compared(rule, measure, until, reached, _scaled(divisor, years), usable)

    def compared(
        self,
        rule: Condition,
        measure: Measure,
        period: str,
        reached: Ints,
        divisor: Ints | int,
        usable: Bools,
    ) -> StepColumns:
        """As `verdicts.compare`, on columns."""
        if rule.op is Op.BETWEEN and measure.form not in CHANGES:
            low, _ = _above(reached, divisor, Fraction(rule.value_min or 0))
            high, _ = _above(reached, divisor, Fraction(rule.value_max or 0))
            # bring both to one divisor, so that the smaller can be taken
            common = lcm(Fraction(rule.value_min or 0).denominator, Fraction(rule.value_max or 0).denominator)
            low = _times(low, common // Fraction(rule.value_min or 0).denominator)
            high = -_times(high, common // Fraction(rule.value_max or 0).denominator)
            margin, margin_divisor = np.minimum(low, high), _scaled(divisor, common)
            met = margin >= 0
        else:
            bound = next(one for one in (rule.value, rule.value_min, rule.value_max) if one is not None)
            margin, margin_divisor = _above(reached, divisor, Fraction(bound))
            if rule.op in (Op.LTE, Op.LT):
                margin = -margin
            if rule.op is Op.IS:
                return StepColumns(period, _outcomes((margin == 0).astype(bool), usable), reached, divisor)
            met = margin > 0 if rule.op in (Op.GT, Op.LT) else margin >= 0
        return StepColumns(
            period, _outcomes(met.astype(bool), usable), reached, divisor, margin, margin_divisor
        )


# --- columns of outcomes --------------------------------------------------------------------------


def joined(junction: Junction, outcomes: Sequence[Ints]) -> Ints:
    """As `reasons.joined`, row by row."""
    applies = [one != NOT_APPLICABLE for one in outcomes]
    if junction is Junction.ALL:
        # not applicable is the greatest: the least of all leaves it out by itself
        return reduce(np.minimum, outcomes)
    neutral = [np.where(fits, one, NOT_MET) for one, fits in zip(outcomes, applies, strict=True)]
    found = reduce(np.maximum, neutral)
    return np.where(reduce(np.logical_or, applies), found, NOT_APPLICABLE).astype(np.int8)


def _outcomes(met: Bools, usable: Bools) -> Ints:
    return np.where(usable, np.where(met, MET, NOT_MET), UNKNOWN).astype(np.int8)


def _over_periods(rule: Condition, steps: Sequence[StepColumns]) -> Ints:
    outcomes = [step.outcomes for step in steps]
    window = rule.window
    if window is None or window.anchor != ANY_RUN or window.length is None:
        return reduce(np.minimum, outcomes)
    if len(outcomes) < window.length:
        return reduce(np.minimum, outcomes, np.full(len(outcomes[0]), UNKNOWN))
    runs = [
        reduce(np.minimum, outcomes[first : first + window.length])
        for first in range(len(outcomes) - window.length + 1)
    ]
    return reduce(np.maximum, runs)


def _first_known(columns: Sequence[Column], scale: int, *, is_flag: bool) -> tuple[Ints, Bools]:
    """Of several columns that could hold a figure the first that has one decides, usable or not."""
    values, usable, known = None, None, None
    for column in columns:
        own = _times(column.values, scale // column.scale)
        fits = column.is_usable if column.is_flag is is_flag else np.zeros(len(own), dtype=bool)
        if values is None or usable is None or known is None:
            values, usable, known = own, fits, column.known
        else:
            values = np.where(known, values, own)
            usable = np.where(known, usable, fits)
            known = known | column.known
    assert values is not None
    assert usable is not None
    return values, usable


def _same_standard(before: Column, after: Column) -> Bools | bool:
    if before.standard_codes is None and after.standard_codes is None:
        return before.standards[0] == after.standards[0]
    words = sorted({*before.standards, *after.standards})
    one, other = (
        np.array([words.index(word) for word in column.standards])[column.codes("standard")]
        for column in (before, after)
    )
    same: Bools = one == other
    return same


# --- whole numbers that do not overflow -----------------------------------------------------------


def _largest(values: Ints) -> int:
    return int(max(abs(int(values.max())), abs(int(values.min())))) if len(values) else 0


def _times(values: Ints, factor: int) -> Ints:
    if factor == 1:
        return values
    if values.dtype != object and _largest(values) * abs(factor) >= ROOM:
        values = values.astype(object)
    product: Ints = values * factor
    return product


def _scaled(divisor: Ints | int, factor: int) -> Ints | int:
    return divisor * factor if isinstance(divisor, int) else _times(divisor, factor)


def _above(reached: Ints, divisor: Ints | int, asked: Fraction) -> tuple[Ints, Ints | int]:
    """reached / divisor − asked, as number and divisor."""
    left = _times(reached, asked.denominator)
    right: Any = _scaled(divisor, asked.numerator)
    biggest = right if isinstance(right, int) else _largest(right)
    if left.dtype != object and _largest(left) + abs(biggest) >= ROOM:
        left = left.astype(object)
    margin: Ints = left - right
    return margin, _scaled(divisor, asked.denominator)
