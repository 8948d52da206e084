"""Which of many figures may be doubtful, found column by column. Pure.

`checks` says what is wrong with a figure, one at a time and in words. Of half a million figures nearly all
are in order; here arithmetic over whole columns finds those few that `checks` has to be asked about. It may
name one too many, never one too few: what it cannot compare exactly it names. A property test holds the two
against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from thidua.indicators.checks import AREAS, Rule, previous_period
from thidua.indicators.entries import TOO_FINE, Context, Entries
from thidua.indicators.figure_columns import ONE
from thidua.indicators.rollup import Bools, Ints

#: Amounts of 10^-4 by unit; not a number where a figure is unknown, so that no comparison holds.
Floats = NDArray[np.float64]
#: Up to here a count of 10^-4 is exact as a float, so that columns of floats compare exactly.
LARGEST_EXACT = 2**53 // ONE
#: A column for each series is only worth it when figures lie close together.
EMPTY_CELLS_PER_FIGURE = 30


@dataclass(frozen=True, slots=True)
class Known:
    """Figures that count already: of one context, by indicator and unit, in whole and 10^-4."""

    context: Context
    indicator_ids: Ints
    unit_ids: Ints
    whole: Ints
    fraction: Ints


@dataclass
class _Table:
    """Figures known and given as columns: one for each indicator and context, laid out by unit."""

    units: Ints
    columns: dict[tuple[int, Context], Floats] = field(default_factory=dict)

    def put(self, indicator_ids: Ints, context: Context, unit_ids: Ints, amounts: Floats) -> None:
        places = np.searchsorted(self.units, unit_ids)
        order = np.argsort(indicator_ids, kind="stable")  # of two figures of one key the later stands
        found, starts = np.unique(indicator_ids[order], return_index=True)
        for indicator_id, rows in zip(found.tolist(), np.split(order, starts[1:]), strict=True):
            key = (indicator_id, context)
            if key not in self.columns:
                self.columns[key] = np.full(len(self.units), np.nan)
            self.columns[key][places[rows]] = amounts[rows]

    def of(self, indicator_id: int, context: Context) -> Floats:
        found = self.columns.get((indicator_id, context))
        return np.full(len(self.units), np.nan) if found is None else found


def suspects(entries: Entries, known: Sequence[Known], rules: Mapping[int, Rule]) -> Bools:
    """Which of the entries `checks.doubts` may have something to say about."""
    units, unit = np.unique(entries.unit_ids, return_inverse=True)
    series = len(np.unique(entries.indicator_ids)) * len(entries.contexts) + len(rules) * len(known)
    if len(units) * series > EMPTY_CELLS_PER_FIGURE * (len(entries) + sum(len(k.whole) for k in known)):
        return np.ones(len(entries), dtype=np.bool_)
    table = _Table(units)
    inexact = np.zeros(len(units), dtype=np.bool_)
    for one in known:
        table.put(one.indicator_ids, one.context, one.unit_ids, _amounts(one.whole, one.fraction))
        inexact[np.searchsorted(units, one.unit_ids[np.abs(one.whole) >= LARGEST_EXACT])] = True
    amounts, beyond = _given(entries)
    inexact[unit[beyond]] = True
    rows_of = entries.by_context
    for context, rows in rows_of.items():
        table.put(entries.indicator_ids[rows], context, entries.unit_ids[rows], amounts[rows])
    found: Bools = inexact[unit] | entries.has_more_of_its_key
    look = _Look(table, rules, {indicator_id for indicator_id, context in table.columns if context.segment})
    for context, rows in rows_of.items():
        indicator_ids = entries.indicator_ids[rows]
        for indicator_id in np.unique(indicator_ids).tolist():
            mine = rows[indicator_ids == indicator_id]
            found[mine] |= look.at(rules[indicator_id], context)[unit[mine]]
    return found


def _given(entries: Entries) -> tuple[Floats, Bools]:
    """The amounts, and which of them a float does not hold exactly."""
    whole, fractions = (np.array(part, dtype=object) for part in entries.parts)
    beyond = np.array((abs(whole) >= LARGEST_EXACT) | (fractions == TOO_FINE), dtype=np.bool_)
    whole[beyond] = fractions[beyond] = 0
    return _amounts(whole.astype(np.int64), fractions.astype(np.int64)), beyond


def _amounts(whole: Ints, fraction: Ints) -> Floats:
    amounts: Floats = whole.astype(np.float64) * ONE + fraction
    return amounts


@dataclass
class _Look:
    """The rules of `checks`, each over a whole column; the names are the same there."""

    table: _Table
    rules: Mapping[int, Rule]
    has_areas: set[int]

    def at(self, rule: Rule, context: Context) -> Bools:
        """By unit, whether the figure of an indicator may be doubtful."""
        amounts = self.table.of(rule.indicator_id, context)
        found = self._alone(amounts, rule)
        ways: list[Callable[[Floats, Rule, Context], Bools]] = [self._jump, self._parts, self._areas]
        for way in ways:
            found |= way(amounts, rule, context)
        if rule.numerator_id is not None:
            found[:] = True
        return found

    def _alone(self, amounts: Floats, rule: Rule) -> Bools:
        found: Bools = np.zeros(len(amounts), dtype=np.bool_)
        if rule.decimals < 4:
            found |= np.fmod(amounts, 10 ** (4 - rule.decimals)) != 0
        if rule.lowest is not None:
            found |= amounts < float(rule.lowest * ONE)
        if rule.highest is not None:
            found |= amounts > float(rule.highest * ONE)
        return found

    def _jump(self, amounts: Floats, rule: Rule, context: Context) -> Bools:
        if rule.jump_percent is None:
            return np.zeros(len(amounts), dtype=np.bool_)
        since, until = previous_period(context.since, context.until)
        before = self.table.of(rule.indicator_id, context._replace(since=since, until=until))
        nearly = rule.jump_percent * (1 - 1e-9)  # the exact comparison is made by `checks`
        jumps: Bools = (before > 0) & (np.abs(amounts - before) * 100 >= before * nearly)
        return jumps

    def _parts(self, amounts: Floats, rule: Rule, context: Context) -> Bools:
        found: Bools = np.zeros(len(amounts), dtype=np.bool_)
        if rule.part_of_id in self.rules and rule.part_of_id is not None:
            found |= amounts > self.table.of(rule.part_of_id, context)
            found |= self._sum_differs(self.rules[rule.part_of_id], context)
        for part in self._parts_of(rule):
            found |= self.table.of(part.indicator_id, context) > amounts
        return found | self._sum_differs(rule, context)

    def _parts_of(self, rule: Rule) -> list[Rule]:
        return [one for one in self.rules.values() if one.part_of_id == rule.indicator_id]

    def _sum_differs(self, whole: Rule, context: Context) -> Bools:
        parts = [self.table.of(part.indicator_id, context) for part in self._parts_of(whole)]
        if not whole.is_sum_of_parts or not parts:
            return np.zeros(len(self.table.units), dtype=np.bool_)
        return _differ(np.sum(parts, axis=0), self.table.of(whole.indicator_id, context))

    def _areas(self, amounts: Floats, rule: Rule, context: Context) -> Bools:
        if rule.indicator_id not in self.has_areas:
            return np.zeros(len(amounts), dtype=np.bool_)
        everybody = self.table.of(rule.indicator_id, context._replace(segment=""))
        areas = [self.table.of(rule.indicator_id, context._replace(segment=area)) for area in AREAS]
        more: Bools = (amounts > everybody) | _differ(np.sum(areas, axis=0), everybody)
        return more


def _differ(one: Floats, other: Floats) -> Bools:
    """Where both are known and not the same."""
    differ: Bools = ~(np.isnan(one) | np.isnan(other)) & (one != other)
    return differ
