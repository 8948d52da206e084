"""Which facts a rule needs to be judged: for whoever gathers them from the other parts of the program.

Pure. Says codes, periods, classes, links, dated facts and judgements, so that a page can ask for what is
missing and for nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from thidua.criteria.facts import Setting
from thidua.criteria.measures import CHANGES, EVENTS, Form, Vocabulary, vocabulary
from thidua.criteria.rules import Condition, Group, Judged, Rule
from thidua.criteria.verdicts import is_by_period, periods_of


@dataclass(frozen=True)
class Needs:
    """Facts by whom they are needed of: the subject itself, and those linked to it."""

    #: Code of a figure and a period; several periods may serve one condition, the first that is known counts.
    figures: frozenset[tuple[str, str]] = frozenset()
    classes: frozenset[str] = frozenset()
    #: Codes of dated facts.
    events: frozenset[str] = frozenset()
    judged: frozenset[str] = frozenset()
    #: By the words of `evaluated_on`: what is needed of those who are linked.
    linked: dict[str, Needs] = field(default_factory=dict)

    @property
    def codes(self) -> frozenset[str]:
        """Codes of figures, whatever the period."""
        return frozenset(code for code, _ in self.figures)


def needs_of(rule: Rule, *, on: date, setting: Setting, words: Vocabulary | None = None) -> Needs:
    """What must be known to judge a rule on a day."""
    words = words or vocabulary()
    figures: set[tuple[str, str]] = set()
    classes: set[str] = set()
    events: set[str] = set()
    judged: set[str] = set()
    linked: dict[str, Needs] = {}
    for part in _own(rule):
        if isinstance(part, Group) and part.evaluated_on is not None:
            inner = Group(part.junction, part.parts)
            found = needs_of(inner, on=on, setting=setting, words=words)
            before = linked.get(part.evaluated_on)
            linked[part.evaluated_on] = _both(before, found) if before else found
        elif isinstance(part, Judged):
            judged.add(part.key)
        elif isinstance(part, Condition):
            if part.applies_to is not None:
                classes.add(part.applies_to)
            measure = words.measure(part.indicator, part.unit)
            if measure.form in EVENTS:
                events.add(measure.figure)
            else:
                figures |= {(measure.figure, period) for period in _periods(part, on, setting, words)}
    return Needs(frozenset(figures), frozenset(classes), frozenset(events), frozenset(judged), linked)


def _own(rule: Rule) -> Iterator[Rule]:
    """The parts that speak of the subject itself; groups on others are given whole."""
    yield rule
    if isinstance(rule, Group) and rule.evaluated_on is None:
        for part in rule.parts:
            yield from _own(part)


def _both(one: Needs, other: Needs) -> Needs:
    linked = dict(one.linked)
    for key, found in other.linked.items():
        linked[key] = _both(linked[key], found) if key in linked else found
    return Needs(
        one.figures | other.figures,
        one.classes | other.classes,
        one.events | other.events,
        one.judged | other.judged,
        linked,
    )


def _periods(rule: Condition, on: date, setting: Setting, words: Vocabulary) -> Iterator[str]:
    measure = words.measure(rule.indicator, rule.unit)
    if measure.form is Form.ELAPSED:
        yield ""
        return
    for period in periods_of(rule, measure, setting, on) or ():
        if measure.form in CHANGES:
            yield from (one for one in period.split(">") if one)
            continue
        yield period
        if not is_by_period(rule):
            if setting.period:
                yield f"{setting.period[0]}/{setting.period[1]}"
            yield ""
