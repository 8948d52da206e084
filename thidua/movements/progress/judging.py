"""The judgement of adopted targets: what measures them, their figures, their verdict on a day.

`judge` for one target, `judge_all` for many with the same few queries.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from thidua.core.formats import format_number
from thidua.documents.wording import UNITS
from thidua.indicators.models import Basis, Direction, Standard, System
from thidua.movements.cascade.figures import figure_of, in_words
from thidua.movements.models import Target
from thidua.movements.progress import verdicts
from thidua.movements.progress.binding import Measured, Unbound, is_national, measured
from thidua.movements.progress.figures import marks_of
from thidua.movements.progress.trajectory import Form, Goal, Mark
from thidua.movements.progress.verdicts import Judgement, Verdict, weigh
from thidua.organisations import tree


@dataclass(frozen=True)
class Judged:
    """A target with its judgement and what it was made from."""

    target: Target
    judgement: Judgement
    measured: Measured | Unbound
    on: date
    goal: Goal | None = None
    marks: tuple[Mark, ...] = ()
    unit_label: str = ""
    #: Since which figure the target has been behind.
    since: date | None = field(default=None)

    @property
    def gap(self) -> Decimal:
        """How far behind the line, as a part of the whole way: what makes one target worse than another."""
        line, latest, expected = self.judgement.line, self.judgement.latest, self.judgement.expected
        if line is None or latest is None or expected is None:
            return Decimal(0)
        way = abs(line.end_amount - line.start_amount) or Decimal(1)
        return abs(expected - latest.amount) / way

    @property
    def words(self) -> str:
        """What the target asks for."""
        return self.goal.words if self.goal else words_of(self.target)

    def history(self) -> list[tuple[date, Judgement]]:
        return verdicts.history(self.goal, self.marks, on=self.on) if self.goal else []


def judge(target: Target, *, on: date, basis: Basis = Basis.THEN) -> Judgement:
    """Whether a target is met, on the way, behind, or cannot be determined, on a day."""
    return judge_all([target], on=on, basis=basis)[0].judgement


def judge_all(targets: Iterable[Target], *, on: date, basis: Basis = Basis.THEN) -> list[Judged]:
    """In the order given. `item` and `plan` of the targets should be loaded."""
    rows = list(targets)
    by_target = measured(rows)
    known = {key: one for key, one in by_target.items() if isinstance(one, Measured)}
    marks = marks_of(known, basis=basis)
    labels = tree.labels_on({one.unit_id for one in known.values()}, on=on)
    standards = {row.name: row for row in Standard.objects.all()}
    return [
        _judged(target, by_target[target.pk], marks.get(target.pk, ()), labels, standards, on=on)
        for target in rows
    ]


def _judged(
    target: Target,
    one: Measured | Unbound,
    marks: tuple[Mark, ...],
    labels: Mapping[int, str],
    standards: Mapping[str, Standard],
    *,
    on: date,
) -> Judged:
    if isinstance(one, Unbound):
        why = f"Chưa xác định được: {one.why}."
        return Judged(target, Judgement(Verdict.UNKNOWN, why), one, on)
    label = labels.get(one.unit_id, "")
    goal = goal_of(target, one, marks, standards, on=on, unit_label=label)
    if goal is None:
        why = "Chưa xác định được: kế hoạch không ghi con số của chỉ tiêu này."
        return Judged(target, Judgement(Verdict.UNKNOWN, why), one, on, unit_label=label)
    judgement = weigh(goal, marks, on=on)
    since = verdicts.behind_since(goal, marks, on=on) if judgement.verdict is Verdict.BEHIND else None
    return Judged(target, judgement, one, on, goal, marks, label, since)


def goal_of(
    target: Target,
    one: Measured,
    marks: Collection[Mark],
    standards: Mapping[str, Standard],
    *,
    on: date,
    unit_label: str = "",
) -> Goal | None:
    """What the target asks for, in the terms of what measures it; None without a figure."""
    entry = target.item.entry
    figure = figure_of(entry, first_year=target.first_year, last_year=target.last_year)
    low, high = target.value, target.value_max
    if low is None:
        return None
    high = low if high is None else high
    usable = [mark for mark in marks if not mark.is_forecast and mark.is_known(on=on)]
    if target.last_year:
        usable = [mark for mark in usable if mark.year <= target.last_year]
    standard = one.standard
    has_standards = not usable or any(mark.series for mark in usable)
    if standard is None and has_standards and one.indicator.system == System.REVIEW:
        standard = standard_of(target, standards)
    if standard is None and usable:
        standard = standards.get(usable[-1].series)
    series = standard.name if standard is not None else usable[-1].series if usable else ""
    stated = _mapping(entry.get("stated_count"))
    baseline = _mapping(entry.get("baseline"))
    wholes = [mark.whole for mark in usable if mark.whole]
    is_share = one.form is Form.SHARE
    count = _decimal(stated.get("count")) if is_share else None
    total = _decimal(stated.get("of")) or (wholes[-1] if wholes and is_share else None)
    return Goal(
        form=one.form,
        comparator=target.comparator,
        low=low,
        high=high,
        words=in_words(figure) if figure is not None else words_of(target),
        subject=one.indicator.name,
        measure=one.indicator.measure,
        wants_less=_wants_less(target, one),
        per=target.per,
        first_year=target.first_year,
        last_year=target.last_year,
        baseline_year=(
            one.baseline_year
            or _year(baseline.get("year"))
            or (standard.baseline_year if standard is not None else None)
        ),
        stated_count=count if is_share else (low if total else None),
        stated_total=total,
        stated_percent=low if is_share else _decimal(stated.get("stated_pct")),
        base=one.base.name if one.base is not None else one.indicator.base,
        series=series,
        asked_of=(one.indicator.owner or "cơ quan chủ trì") if is_national(target) else unit_label,
    )


def standard_of(target: Target, standards: Mapping[str, Standard]) -> Standard | None:
    """The standard of poverty that a target is about: the one that is in force at its end."""
    if target.last_year is None:
        return None
    end = date(target.last_year, 12, 31)
    fitting = [one for one in standards.values() if one.baseline_year and one.since <= end < one.until]
    return fitting[0] if len(fitting) == 1 else None


def _wants_less(target: Target, one: Measured) -> bool:
    """Whether a small amount is good. Of a fall more is: the rate itself runs downwards."""
    if one.form in (Form.FALL_PER_YEAR, Form.FALL, Form.RATIO):
        return False
    if target.comparator in ("gte", "gt"):
        return False
    return target.comparator in ("lte", "lt") or one.indicator.direction == Direction.DOWN


def words_of(target: Target) -> str:
    """The amount of a target as the plan states it, also of one that is measured by nothing."""
    figure = figure_of(target.item.entry, first_year=target.first_year, last_year=target.last_year)
    if figure is not None:
        return in_words(figure)
    if target.value is None:
        return "như câu gốc"
    return f"{format_number(target.value)} {UNITS.get(target.unit, target.unit)}".strip()


def _mapping(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}


def _decimal(found: Any) -> Decimal | None:
    return None if found is None or isinstance(found, bool) else Decimal(str(found))


def _year(found: Any) -> int | None:
    return found if isinstance(found, int) and 1900 <= found <= 2200 else None
