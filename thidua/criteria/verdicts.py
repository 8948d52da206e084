"""Whether a subject meets a rule, and why: met, not met, or cannot be determined.

`evaluate` is pure and exact: facts and a rule in, a verdict with its tree of reasons out, no clock and no
rounding beyond that of printed rates. Hides which years a condition is about, what may be compared, and how
unknown parts join. How each word of a rule is understood: docs/reference/rule-language.md, decision 0018.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from thidua.criteria.facts import FORECAST, Event, Facts, Figure, Setting, number_of
from thidua.criteria.measures import (
    CHANGES,
    EVENTS,
    FALLS,
    RELATIVE,
    Form,
    Measure,
    Vocabulary,
    vocabulary,
)
from thidua.criteria.reasons import Lack, Missing, Outcome, Reason, Step, Used, Verdict, joined
from thidua.criteria.rules import (
    FLOORS,
    Condition,
    Group,
    Judged,
    Junction,
    Number,
    Op,
    Quantifier,
    Rule,
)

#: An anchor with which any run of so many periods counts, not only the last one.
ANY_RUN = "any_in_period"
_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")
_NO_SETTING = Setting()


def evaluate(
    rule: Rule,
    facts: Facts,
    on: date,
    *,
    subject: str,
    setting: Setting = _NO_SETTING,
    words: Vocabulary | None = None,
) -> Verdict:
    """The verdict of a rule for one subject, from what was known on a day."""
    judge = _Judge(facts, on, setting, words or vocabulary())
    return Verdict(subject, on, judge.reason(rule, subject, ""))


@dataclass(frozen=True, slots=True)
class _Judge:
    facts: Facts
    on: date
    setting: Setting
    words: Vocabulary

    def reason(self, rule: Rule, subject: str, place: str) -> Reason:
        if isinstance(rule, Group):
            if rule.evaluated_on is not None:
                return self.linked(rule, subject, place)
            return self.group(rule, subject, place)
        if isinstance(rule, Judged):
            return self.judged(rule, subject, place)
        return self.condition(rule, subject, place)

    # --- joining

    def group(self, rule: Group, subject: str, place: str) -> Reason:
        parts = tuple(
            self.reason(part, subject, f"{place}.{number}" if place else str(number))
            for number, part in enumerate(rule.parts)
        )
        outcome = joined(rule.junction, (part.outcome for part in parts))
        return Reason("group", place, subject, outcome, _is_near(rule.junction, outcome, parts), parts=parts)

    def linked(self, rule: Group, subject: str, place: str) -> Reason:
        """The rule on each of those linked to the subject."""
        assert rule.evaluated_on is not None
        link = self.facts.of(subject).links.get(rule.evaluated_on)
        if link is None:
            lack = Missing(Lack.LINK, subject, rule.evaluated_on)
            return Reason("linked", place, subject, Outcome.UNKNOWN, missing=(lack,))
        junction = Junction.ANY if rule.quantifier is Quantifier.SOME else Junction.ALL
        parts = tuple(self.group(rule, other, place) for other in link.to)
        outcome = joined(junction, (part.outcome for part in parts))
        return Reason("linked", place, subject, outcome, _is_near(junction, outcome, parts), parts=parts)

    def judged(self, rule: Judged, subject: str, place: str) -> Reason:
        answer = self.facts.of(subject).judged.get(rule.key)
        if answer is None or answer.on > self.on:
            lack = Missing(Lack.JUDGEMENT, subject, rule.key, detail=rule.by or "")
            return Reason("judged", place, subject, Outcome.UNKNOWN, missing=(lack,))
        outcome = Outcome.MET if answer.answer else Outcome.NOT_MET
        return Reason("judged", place, subject, outcome, answer=answer)

    # --- one condition

    def condition(self, rule: Condition, subject: str, place: str) -> Reason:
        applies = None
        if rule.applies_to is not None:
            known = self.facts.of(subject).classes.get(rule.applies_to)
            if known is None or not isinstance(known.value, bool):
                lack = Missing(Lack.CLASS, subject, rule.applies_to)
                return Reason("condition", place, subject, Outcome.UNKNOWN, missing=(lack,))
            applies = _used(rule.applies_to, "", known)
            if not known.value:
                return Reason("condition", place, subject, Outcome.NOT_APPLICABLE, applies=applies)
        measure = self.words.measure(rule.indicator, rule.unit)
        steps = tuple(self.steps(rule, measure, subject))
        outcome = _over_periods(rule, steps)
        near = outcome is Outcome.NOT_MET and self.is_near(rule, steps)
        return Reason("condition", place, subject, outcome, near, steps=steps, applies=applies)

    def is_near(self, rule: Condition, steps: Sequence[Step]) -> bool:
        for step in steps:
            if step.outcome is Outcome.UNKNOWN:
                return False
            if step.outcome is Outcome.NOT_MET:
                if step.margin is None:
                    return False
                bound = next(one for one in (rule.value, rule.value_min, rule.value_max) if one is not None)
                if -step.margin > self.words.near(rule.unit, Fraction(bound)):
                    return False
        return True

    def steps(self, rule: Condition, measure: Measure, subject: str) -> Iterable[Step]:
        if rule.value is None and rule.value_min is None and rule.value_max is None:
            return [_unknown("", Missing(Lack.THRESHOLD, subject, measure.code))]
        if measure.form in EVENTS:
            return [self.events(rule, measure, subject)]
        if measure.form is Form.ELAPSED:
            return [self.elapsed(rule, measure, subject)]
        periods = periods_of(rule, measure, self.setting, self.on)
        if periods is None:
            return [_unknown("", Missing(Lack.ROUNDS, subject, measure.figure))]
        if measure.form not in CHANGES:
            return [self.level(rule, measure, subject, period) for period in periods]
        return [self.change(rule, measure, subject, since, until) for since, until in _pairs(periods)]

    def level(self, rule: Condition, measure: Measure, subject: str, period: str) -> Step:
        places = (period,) if is_by_period(rule) else self.places(period)
        figures = self.facts.of(subject).figures
        place = next((one for one in places if (measure.figure, one) in figures), period)
        found = self.figure(subject, measure.figure, place)
        if isinstance(found, Missing):
            return _unknown(period, found)
        used = (_used(measure.figure, place, found),)
        if isinstance(rule.value, bool):
            if not isinstance(found.value, bool):
                return _unknown(period, Missing(Lack.NOT_A_NUMBER, subject, measure.figure, place), used=used)
            met = found.value is rule.value
            return Step(period, Outcome.MET if met else Outcome.NOT_MET, used=used)
        number = number_of(found.value)
        if number is None:
            return _unknown(period, Missing(Lack.NOT_A_NUMBER, subject, measure.figure, place), used=used)
        return self.compared(rule, measure, period, number / self.words.unit(rule.unit).factor, used)

    def places(self, period: str) -> tuple[str, ...]:
        """Where a figure that is asked for once may stand: its year, the whole period, no time at all."""
        span = self.setting.period
        return (period, f"{span[0]}/{span[1]}", "") if span else (period, "")

    def change(self, rule: Condition, measure: Measure, subject: str, since: str, until: str) -> Step:
        """How a figure changed between two periods, per year on average where the rule says so."""
        years = _years_between(since, until) if rule.per == "year_average" else 1
        if not since or not years:
            return _unknown(
                until, Missing(Lack.BASELINE, subject, measure.figure, until, rule.baseline or "")
            )
        found = [self.figure(subject, measure.figure, period) for period in (since, until)]
        used = tuple(
            _used(measure.figure, period, figure)
            for period, figure in zip((since, until), found, strict=True)
            if isinstance(figure, Figure)
        )
        lacks = [figure for figure in found if isinstance(figure, Missing)]
        if lacks:
            return _unknown(until, *lacks, used=used)
        before, after = (figure for figure in found if isinstance(figure, Figure))
        if before.standard != after.standard:
            lack = Missing(
                Lack.STANDARDS, subject, measure.figure, until, f"{before.standard} / {after.standard}"
            )
            return _unknown(until, lack, used=used)
        old, new = number_of(before.value), number_of(after.value)
        if old is None or new is None:
            return _unknown(until, Missing(Lack.NOT_A_NUMBER, subject, measure.figure, until), used=used)
        if old == 0 and (measure.form in RELATIVE or measure.form is Form.RATIO):
            return _unknown(until, Missing(Lack.ZERO_BASE, subject, measure.figure, since), used=used)
        reached = _changed(measure.form, old, new)
        return self.compared(rule, measure, until, reached / years, used)

    def events(self, rule: Condition, measure: Measure, subject: str) -> Step:
        since = window_begins(rule, measure, self.setting, self.on)
        period = f"{since.isoformat() if since else ''}/{self.on.isoformat()}"
        known = self.facts.of(subject).events.get(measure.figure)
        if known is None:
            return _unknown(period, Missing(Lack.EVENTS, subject, measure.figure, period))
        counted = [
            event
            for event in known
            if event.on <= self.on and (since is None or event.on >= since) and _fits(event, rule)
        ]
        used = tuple(
            Used(measure.figure, event.on.isoformat(), event.amount, event.source) for event in counted
        )
        if measure.form is Form.SINCE_EVENT:
            return self.since_first(rule, measure, period, counted, used)
        total = (
            Fraction(len(counted))
            if measure.form is Form.COUNT_EVENTS
            else sum((Fraction(event.amount) for event in counted), Fraction(0))
        )
        return self.compared(rule, measure, period, total / self.words.unit(rule.unit).factor, used)

    def since_first(
        self,
        rule: Condition,
        measure: Measure,
        period: str,
        counted: Sequence[Event],
        used: tuple[Used, ...],
    ) -> Step:
        """Full years or months since the first of the facts. Somebody looked and found none: not met."""
        if not counted:
            return Step(period, Outcome.NOT_MET)
        months = full_months(min(event.on for event in counted), self.on)
        reached = Fraction(months // 12 if rule.unit == "year" else months)
        return self.compared(rule, measure, period, reached, used)

    def elapsed(self, rule: Condition, measure: Measure, subject: str) -> Step:
        period = self.on.isoformat()
        found = self.figure(subject, measure.figure, "")
        if isinstance(found, Missing):
            return _unknown(period, found)
        used = (_used(measure.figure, "", found),)
        if not isinstance(found.value, date):
            return _unknown(period, Missing(Lack.NOT_A_NUMBER, subject, measure.figure), used=used)
        months = full_months(found.value, self.on)
        reached = Fraction(months // 12 if rule.unit == "year" else months)
        return self.compared(rule, measure, period, reached, used)

    def figure(self, subject: str, code: str, period: str) -> Figure | Missing:
        """A figure that may be judged by, or why there is none."""
        found = self.facts.of(subject).figures.get((code, period))
        if found is None:
            return Missing(Lack.FIGURE, subject, code, period)
        if found.stage == FORECAST:
            return Missing(Lack.FORECAST, subject, code, period)
        if not found.is_complete and found.coverage:
            return Missing(Lack.INCOMPLETE, subject, code, period, "/".join(map(str, found.coverage)))
        return found

    def compared(
        self, rule: Condition, measure: Measure, period: str, reached: Fraction, used: tuple[Used, ...]
    ) -> Step:
        met, margin = compare(rule, measure.form, reached)
        return Step(period, Outcome.MET if met else Outcome.NOT_MET, reached, margin, used)


# --- comparing ------------------------------------------------------------------------------------


def compare(rule: Condition, form: Form, reached: Fraction) -> tuple[bool, Fraction | None]:
    """Whether a figure reaches what is asked, and how far above it is."""
    if rule.op is Op.BETWEEN:
        # "giảm 2 - 3 điểm": more is no failure, the floor obliges; of a level both ends do.
        low = reached - Fraction(_exact(rule.value_min))
        high = Fraction(_exact(rule.value_max)) - reached
        margin = low if form in CHANGES else min(low, high)
        return margin >= 0, margin
    asked = Fraction(next(one for one in (rule.value, rule.value_min, rule.value_max) if one is not None))
    if rule.op is Op.IS:
        return reached == asked, None
    if rule.op in FLOORS:
        return reached >= asked, reached - asked
    if rule.op is Op.GT:
        return reached > asked, reached - asked
    if rule.op is Op.LTE:
        return reached <= asked, asked - reached
    return reached < asked, asked - reached


def _exact(value: Number | None) -> Fraction:
    assert value is not None
    return Fraction(value)


def _years_between(since: str, until: str) -> int:
    """0 when the two are not years, or not in order: then no average can be told."""
    return max(int(until) - int(since), 0) if since.isdigit() and until.isdigit() else 0


def _changed(form: Form, old: Fraction, new: Fraction) -> Fraction:
    if form is Form.RATIO:
        return new / old
    change = old - new if form in FALLS else new - old
    return change * 100 / old if form in RELATIVE else change


def _over_periods(rule: Condition, steps: Sequence[Step]) -> Outcome:
    """Every period must do; with `any_in_period`, those of some run of the length that is asked."""
    outcomes = [step.outcome for step in steps]
    window = rule.window
    if window is None or window.anchor != ANY_RUN or window.length is None:
        return min(outcomes)
    if len(outcomes) < window.length:
        return min(Outcome.UNKNOWN, *outcomes)
    runs = (outcomes[first : first + window.length] for first in range(len(outcomes) - window.length + 1))
    return max(min(run) for run in runs)


def _is_near(junction: Junction, outcome: Outcome, parts: Sequence[Reason]) -> bool:
    if outcome is not Outcome.NOT_MET:
        return False
    failed = [part for part in parts if part.outcome is Outcome.NOT_MET]
    if junction is Junction.ANY:
        return any(part.is_near for part in failed)
    return all(part.is_near for part in failed) and all(part.outcome != Outcome.UNKNOWN for part in parts)


def _unknown(period: str, *missing: Missing, used: tuple[Used, ...] = ()) -> Step:
    return Step(period, Outcome.UNKNOWN, used=used, missing=missing)


def _used(what: str, period: str, figure: Figure) -> Used:
    return Used(what, period, figure.value, figure.source, figure.stage, figure.coverage, figure.standard)


def _fits(event: Event, rule: Condition) -> bool:
    about = dict(event.about)
    return all(about.get(key) == value for key, value in rule.where)


# --- which periods --------------------------------------------------------------------------------


def is_by_period(rule: Condition) -> bool:
    """Whether a condition is about each of several periods rather than about one figure."""
    window = rule.window
    if window is not None and window.length is not None and (window.is_consecutive or window.kind == "years"):
        return True
    return rule.per == "year"


def periods_of(rule: Condition, measure: Measure, setting: Setting, on: date) -> list[str] | None:
    """The periods a condition is about, oldest first; of a change, with the period before in front of each:
    "2021>2022". None when the rounds are not known.
    """
    periods = _judged_periods(rule, setting, on)
    if periods is None or measure.form not in CHANGES:
        return periods
    base = _base(rule, setting)
    if rule.per == "year_average":
        first = _period_before(periods[0], setting) if is_by_window(rule) else base
        return [f"{first}>{periods[-1]}"]
    if is_by_period(rule) and rule.baseline is None:
        return [f"{_period_before(period, setting)}>{period}" for period in periods]
    return [f"{base}>{period}" for period in periods]


def _pairs(periods: Iterable[str]) -> list[tuple[str, str]]:
    pairs = []
    for period in periods:
        since, _, until = period.partition(">")
        pairs.append((since, until))
    return pairs


def is_by_window(rule: Condition) -> bool:
    return rule.window is not None and rule.window.length is not None


def _judged_periods(rule: Condition, setting: Setting, on: date) -> list[str] | None:
    last = setting.last_year(on)
    window = rule.window
    if window is not None and window.length is not None:
        if window.kind == "consecutive_rounds":
            return list(setting.rounds[-window.length :]) if len(setting.rounds) >= window.length else None
        if window.kind == "consecutive_quarters":
            return _quarters(on, window.length)
        if window.kind == "consecutive_months":
            return _months(on, window.length)
        if window.kind != "months":
            if window.anchor == ANY_RUN and setting.period:
                return [str(year) for year in range(_first_year(rule, setting), last + 1)] or [str(last)]
            return [str(year) for year in range(last - window.length + 1, last + 1)]
    if rule.per == "year" and setting.period:
        return [str(year) for year in range(min(_first_year(rule, setting), last), last + 1)]
    return [str(last)]


def _first_year(rule: Condition, setting: Setting) -> int:
    """The first year that can be judged: of a change, the one after đầu kỳ."""
    assert setting.period is not None
    first = setting.period[0]
    if rule.unit in ("pct_point", "pct_change") and setting.baseline_year is not None:
        return max(first, setting.baseline_year + 1)
    return first


def _base(rule: Condition, setting: Setting) -> str:
    """The period from which a change is counted; empty when nobody said."""
    if rule.baseline is not None and (named := _YEAR.search(rule.baseline)):
        return named[0]
    return str(setting.baseline_year) if setting.baseline_year is not None else ""


def _period_before(period: str, setting: Setting) -> str:
    if period in setting.rounds:
        number = setting.rounds.index(period)
        return setting.rounds[number - 1] if number else ""
    year, mark, rest = period.partition("-")
    if not mark:
        return str(int(year) - 1)
    if rest.startswith("Q"):
        return f"{year}-Q{int(rest[1:]) - 1}" if rest != "Q1" else f"{int(year) - 1}-Q4"
    return f"{year}-{int(rest) - 1:02}" if rest != "01" else f"{int(year) - 1}-12"


def _quarters(on: date, length: int) -> list[str]:
    last = on.year * 4 + (on.month - 1) // 3 - 1  # the last full quarter
    return [f"{index // 4}-Q{index % 4 + 1}" for index in range(last - length + 1, last + 1)]


def _months(on: date, length: int) -> list[str]:
    last = on.year * 12 + on.month - 2  # the last full month
    return [f"{index // 12}-{index % 12 + 1:02}" for index in range(last - length + 1, last + 1)]


def window_begins(rule: Condition, measure: Measure, setting: Setting, on: date) -> date | None:
    """First day that counts of dated facts: so many years or months before, or the first of the period."""
    if measure.form is Form.SINCE_EVENT:
        return None
    window = rule.window
    if window is not None and window.length is not None:
        months = window.length * (1 if window.kind.endswith("months") else 12)
        return months_before(on, months)
    return date(setting.period[0], 1, 1) if setting.period else None


def asks_for_none(rule: Condition) -> bool:
    """Whether one single dated fact is one too many."""
    if isinstance(rule.value, bool) or rule.value is None:
        return False
    return (rule.op in (Op.LTE, Op.IS) and rule.value == 0) or (rule.op is Op.LT and 0 < rule.value <= 1)


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last day of that month."""
    index = day.year * 12 + day.month - 1 - months
    year, month = index // 12, index % 12 + 1
    for last in (day.day, 30, 29, 28):
        if last <= day.day:
            try:
                return date(year, month, last)
            except ValueError:
                continue
    raise AssertionError("every month has 28 days")


def full_months(since: date, until: date) -> int:
    """Whole months from one day to another; never below zero."""
    months = (until.year - since.year) * 12 + until.month - since.month
    return max(months - (until.day < since.day), 0)
