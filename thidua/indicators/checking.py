"""What is doubtful about figures before they are saved, against each other and against what is known.

Hides that most figures are found in order by whole columns, and only the others are asked about one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

import numpy as np
from django.db.models import Q

from thidua.indicators import checks, known_figures
from thidua.indicators.checks import Doubt, Key, Rule, Severity
from thidua.indicators.entries import Context, Entries, Entry
from thidua.indicators.figure_columns import ints
from thidua.indicators.models import Indicator, Stage, Standard
from thidua.indicators.rollup import Bools
from thidua.indicators.suspects import Known, suspects
from thidua.organisations.models import UnitVersion

#: From so many on columns are quicker than asking about each.
MANY = 200


def check(given: Iterable[Entry]) -> list[Doubt]:
    """What is doubtful about figures that are not saved yet, against each other and against what is known."""
    entries = Entries.of(given)
    if not len(entries):
        return []
    rules = _rules(np.unique(entries.indicator_ids).tolist())
    doubtful = entries
    if len(entries) >= MANY:
        doubtful = entries.only(suspects(entries, _known(entries, rules), rules))
    if not len(doubtful):
        return []
    keys = [entry.key for entry in doubtful]
    figures = _known_figures(keys, rules)
    beside = entries.only(entries.of_units({key.unit_id for key in keys}))
    figures |= {entry.key: entry.counted for entry in beside}
    return checks.doubts(keys, figures, rules)


def _rules(indicator_ids: Iterable[int]) -> dict[int, Rule]:
    """The rules of indicators and of their wholes, parts, numerators and denominators. One query."""
    ids = set(indicator_ids)
    near = (
        Q(pk__in=ids)
        | Q(part_of__in=ids)
        | Q(parts__in=ids)
        | Q(part_of__parts__in=ids)
        | Q(pk__in=Indicator.objects.filter(pk__in=ids).values("numerator"))
        | Q(pk__in=Indicator.objects.filter(pk__in=ids).values("denominator"))
    )
    return {
        row.pk: Rule(
            row.pk,
            row.name,
            row.decimals,
            row.lowest,
            row.highest,
            row.jump_percent,
            row.part_of_id,
            row.is_sum_of_parts,
            row.numerator_id,
            row.denominator_id,
        )
        for row in Indicator.objects.filter(near).distinct()
    }


def _periods(spans: Iterable[tuple[date, date]]) -> set[tuple[date, date]]:
    """Those that figures of these periods are compared with: themselves and the ones before."""
    return {one for span in set(spans) for one in (span, checks.previous_period(*span))}


def _known(entries: Entries, rules: Mapping[int, Rule]) -> list[Known]:
    """The figures that count of the same units, as columns."""
    columns = ("standard_id", "segment", "indicator_id", "unit_id", *known_figures.EXACT_AMOUNT)
    spans = _periods((one.since, one.until) for one in entries.contexts)
    rows = known_figures.near(
        spans, rules, np.unique(entries.unit_ids).tolist(), Q(is_chosen=True), columns=columns
    )
    groups: dict[Context, list[tuple[int, ...]]] = defaultdict(list)
    for span, found in rows:
        for standard_id, segment, *figure in found:
            groups[Context(*span, standard_id, segment)].append(tuple(figure))
    return [
        Known(context, *(ints(column) for column in zip(*figures, strict=True)))
        for context, figures in groups.items()
    ]


def _known_figures(given: Sequence[Key], rules: Mapping[int, Rule]) -> dict[Key, Decimal]:
    """The same one by one, of the units of a few keys."""
    columns = ("indicator_id", "unit_id", "standard_id", "segment", "amount")
    spans = _periods((key.since, key.until) for key in given)
    rows = known_figures.near(
        spans, rules, {key.unit_id for key in given}, Q(is_chosen=True), columns=columns, as_values=True
    )
    return {
        Key(indicator_id, unit_id, *span, standard_id, segment): Decimal(0) if amount is None else amount
        for span, found in rows
        for indicator_id, unit_id, standard_id, segment, amount in found
    }


# ---- what no reason can excuse


def nonsense(given: Iterable[Entry]) -> list[Doubt]:
    """What no reason can excuse: an amount and none at once, a unit, period, standard that is not."""
    entries = Entries.of(given)
    indicators = Indicator.objects.in_bulk(np.unique(entries.indicator_ids).tolist())
    standards = Standard.objects.in_bulk({one.context.standard_id for one in entries.used} - {None})
    complaints = _Complaints(indicators, standards)
    unclear = entries.nothing_arose != np.array([amount is None for amount in entries.amounts], dtype=bool)
    alive = _are_alive(entries)
    found: list[Doubt] = []
    for place in np.flatnonzero(unclear | ~alive | complaints.somewhere(entries)).tolist():
        entry = entries[place]
        said = complaints.about(entry)
        if (indicator := indicators.get(entry.indicator_id)) is not None:
            if unclear[place]:
                what = "ghi một số, hoặc đánh dấu «không phát sinh», không cả hai và không để trống."
                said = [("empty", f"{indicator.name}: {what}"), *said]
            if not alive[place]:
                what = "đơn vị không tồn tại trong kỳ này. Chọn đơn vị có trong kỳ."
                said = [*said, ("unit", f"{indicator.name}: {what}")]
        found += [Doubt(entry.key, Severity.STOP, code, sentence) for code, sentence in said]
    return found


class _Complaints:
    """What is wrong whichever unit and amount it is about, worked out once for each indicator and batch."""

    def __init__(self, indicators: Mapping[int, Indicator], standards: Mapping[int, Standard]) -> None:
        self._indicators, self._standards = indicators, standards
        self._known: dict[tuple[int, Context, str], list[tuple[str, str]]] = {}

    def about(self, entry: Entry) -> list[tuple[str, str]]:
        about = (entry.indicator_id, _context(entry), entry.stage)
        if about not in self._known:
            self._known[about] = list(_nonsense(entry, self._indicators, self._standards))
        return self._known[about]

    def somewhere(self, entries: Entries) -> Bools:
        """Which of the entries are of an indicator and batch that something is wrong with."""
        pairs = entries.indicator_ids * len(entries.shared) + entries.which
        _, first, place = np.unique(pairs, return_index=True, return_inverse=True)
        wrong = np.array([bool(self.about(entries[one])) for one in first.tolist()], dtype=np.bool_)
        found: Bools = wrong[place]
        return found


def _context(entry: Entry) -> Context:
    return Context(entry.since, entry.until, entry.standard_id, entry.segment)


def _nonsense(
    entry: Entry,
    indicators: Mapping[int, Indicator],
    standards: Mapping[int, Standard],
) -> Iterator[tuple[str, str]]:
    """What is wrong whichever unit and amount it is about."""
    indicator = indicators.get(entry.indicator_id)
    if indicator is None:
        yield "indicator", "Chỉ tiêu không còn trong danh mục. Chọn lại chỉ tiêu."
        return
    name = indicator.name
    if entry.stage not in Stage.values:
        yield "stage", f"{name}: mức độ «{entry.stage}» không có. Chọn {', '.join(Stage.labels)}."
    if entry.since >= entry.until:
        yield "period", f"{name}: kỳ số liệu phải có ít nhất một ngày. Chọn lại kỳ."
    elif not (entry.since < indicator.until and entry.until > indicator.since):
        yield "period", f"{name}: chỉ tiêu không dùng trong kỳ này. Chọn kỳ khác."
    if entry.segment and entry.segment not in indicator.segments:
        yield "segment", f"{name}: không có phân tổ «{entry.segment}». Chọn phân tổ của chỉ tiêu."
    standard = standards.get(entry.standard_id or 0)
    if entry.standard_id is not None and standard is None:
        yield "standard", f"{name}: chuẩn đã chọn không còn trong danh mục. Chọn lại chuẩn."
    if standard is not None and not measures_in(standard, entry.since, entry.until):
        yield "standard", f"{name}: «{standard.name}» không áp dụng cho kỳ này. Chọn chuẩn đúng năm."


def measures_in(standard: Standard, since: date, until: date) -> bool:
    """Whether a standard measures a period; đầu kỳ is measured before the standard applies."""
    return (since < standard.until and standard.since < until) or since.year == standard.baseline_year


def _are_alive(entries: Entries) -> Bools:
    """Whether each unit stood on some day of its period."""
    units = known_figures.among(np.unique(entries.unit_ids).tolist())
    versions = UnitVersion.objects.filter(annulled_by__isnull=True, unit_id__in=units)
    lives = list(versions.values_list("unit_id", "since", "until"))
    alive = np.zeros(len(entries), dtype=np.bool_)
    for context, rows in entries.by_context.items():
        standing = [unit for unit, since, until in lives if since < context.until and context.since < until]
        alive[rows] = np.isin(entries.unit_ids[rows], np.array(standing, dtype=np.int64))
    return alive
