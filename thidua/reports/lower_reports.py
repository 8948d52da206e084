"""The reports below a merged one, as `consolidation` takes them: read a few hundred at a time.

Hides which rows of the database are a piece, and that an accepted correction is a second figure of the unit.
Figures and answers of accepted reports are locked, so the rows are what was sent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from thidua.core.formats import format_date
from thidua.indicators import totals
from thidua.indicators.models import Aggregation, Basis, Indicator, Value
from thidua.organisations import tree
from thidua.organisations.models import Unit
from thidua.reports import consolidation
from thidua.reports.consolidation import (
    Form,
    Merged,
    Owing,
    Question,
    QuestionKind,
    Stated,
    Text,
    merge,
)
from thidua.reports.models import (
    Answer,
    Attachment,
    Correction,
    CorrectionState,
    FormItem,
    FormSection,
    Lift,
    Merging,
    PieceChoice,
    PieceDecision,
    Report,
    ReportFigure,
    ReportState,
    TaskResult,
)
from thidua.reports.prefill import figure_period
from thidua.reports.tallies import Figure, Measure, Rule, strength

#: So many reports are in memory at once.
CHUNK = 200
#: Questions that every report answers although no item of the form asks them.
EXPLANATIONS = "giai-trinh"

_KINDS = {
    Lift.EXAMPLE: QuestionKind.EXAMPLE,
    Lift.DIFFICULTY: QuestionKind.DIFFICULTY,
    Lift.PROPOSAL: QuestionKind.PROPOSAL,
}
_ABSENT = {
    ReportState.SENT: "đã gửi báo cáo nhưng chưa được nhận",
    ReportState.RETURNED: "bị trả lại báo cáo và chưa gửi lại",
}


@dataclass(frozen=True)
class Column:
    """One figure of the form in one period: what `Measure.key` stands for."""

    item: FormItem
    indicator: Indicator
    since: date
    until: date
    segment: str

    @property
    def key(self) -> str:
        return figure_key(self.item.key, self.since, self.until, self.segment)


def figure_key(item_key: str, since: date, until: date, segment: str = "") -> str:
    year = str(since.year) if until == date(since.year + 1, 1, 1) else f"{since:%Y%m%d}_{until:%Y%m%d}"
    return f"{item_key}.{year}{'.' + segment if segment else ''}"


def period_in_words(since: date, until: date) -> str:
    if until == date(since.year + 1, 1, 1) and (since.month, since.day) == (1, 1):
        return f"năm {since.year}"
    if (since.month, since.day, until.month, until.day) == (1, 1, 1, 1):
        return f"giai đoạn {since.year}–{until.year - 1}"
    return f"kỳ từ {format_date(since)} đến trước {format_date(until)}"


def merged_from(report: Report, *, on: date, told: Callable[[int, int], None] | None = None) -> Merged:
    """What the accepted reports below make together. A few queries for each 200 reports."""
    columns = columns_of(report)
    owing, kinds = owing_of(report, on=on)
    choices = {
        row.ref: row.words for row in PieceChoice.objects.filter(report=report, decision=PieceDecision.CHOSEN)
    }
    chosen = {(key, int(unit)): ref for ref, words in choices.items() for key, unit in [words.rsplit("@", 1)]}
    return merge(
        form_of(report, columns),
        owing=owing,
        reports=reports_of(report, owing, columns=columns, on=on),
        stated=stated_of(report, columns),
        chosen=chosen,
        kinds=kinds,
        told=told,
    )


def accepted(report: Report) -> QuerySet[Report]:
    """The lower reports that count: received for good, by an officer."""
    return report.children.filter(is_owed=True, state__in=Report.LOCKED)


def columns_of(report: Report) -> list[Column]:
    """Figures of the form in the period of the round, and in further periods that units gave; two queries."""
    items = {
        item.pk: item
        for item in FormItem.objects.filter(
            form_id=report.round.form_id, section=FormSection.FIGURES
        ).select_related("indicator__numerator", "indicator__denominator", "standard")
    }
    since, until = figure_period(report.round)
    usual = {(item.key, since, until, item.segment): item for item in items.values()}
    given = (
        ReportFigure.objects.filter(report__parent=report, report__is_owed=True)
        .values_list("item__key", "since", "until", "segment")
        .distinct()
    )
    by_key = {item.key: item for item in items.values()}
    wanted = dict(usual)
    for key, begins, ends, segment in given:
        if key in by_key:
            wanted[key, begins, ends, segment] = by_key[key]
    found = []
    for place, item in sorted(wanted.items(), key=lambda pair: (pair[1].position, pair[1].pk, pair[0][1:])):
        assert item.indicator is not None
        found.append(Column(item, item.indicator, *place[1:]))
    return found


def form_of(report: Report, columns: Sequence[Column]) -> Form:
    many = len({(column.since, column.until) for column in columns}) > 1
    measures = tuple(
        Measure(
            column.key,
            column.item.title + (f", {period_in_words(column.since, column.until)}" if many else ""),
            column.indicator.measure,
            _rule(column.indicator),
            decimals=column.indicator.decimals,
            asks=_asked(column, columns),
        )
        for column in columns
    )
    items = FormItem.objects.filter(form_id=report.round.form_id).exclude(section=FormSection.FIGURES)
    order = {section: place for place, section in enumerate(FormSection.values)}
    questions = [
        Question(
            item.key,
            item.title,
            _KINDS.get(Lift(item.lifts), QuestionKind.ANSWER),
            is_required=item.is_required,
            asks=frozenset(item.for_kinds),
            is_own_words=item.section == FormSection.QUESTIONS,
        )
        for item in sorted(items, key=lambda item: (order[item.section], item.position, item.pk))
    ]
    explanations = Question(
        EXPLANATIONS, "Giải trình chênh lệch so với kỳ trước", is_required=False, is_own_words=False
    )
    return Form(measures, (*questions, explanations))


def _asked(column: Column, columns: Sequence[Column]) -> frozenset[str]:
    """Kinds of units that are asked; a share is computed from those that are asked for its counts."""
    if column.item.for_kinds or _rule(column.indicator) is not Rule.RATIO:
        return frozenset(column.item.for_kinds)
    counts = next((one for one in columns if one.indicator.pk == column.indicator.numerator_id), None)
    return frozenset(counts.item.for_kinds) if counts is not None else frozenset()


def _rule(indicator: Indicator) -> Rule:
    """Of units that are counted each gives its number, so that the numbers add up."""
    if indicator.aggregation == Aggregation.COUNT_UNITS:
        return Rule.SUM
    return Rule(indicator.aggregation)


def owing_of(report: Report, *, on: date) -> tuple[list[Owing], dict[int, str]]:
    """Who owes a report to this one, with the units that each answers for, and of what kind they are."""
    rows = list(
        report.children.filter(is_owed=True).values_list("pk", "unit_id", "is_merged", "state").order_by("pk")
    )
    leaves = _leaves([pk for pk, _, is_merged, _ in rows if is_merged])
    ids = {unit_id for _, unit_id, _, _ in rows} | {leaf for found in leaves.values() for leaf in found}
    names = labels(ids, on=on)
    kinds = (
        dict(Unit.objects.filter(pk__in=ids).values_list("pk", "kind"))
        if len(ids) <= 900
        else {pk: kind for pk, kind in Unit.objects.values_list("pk", "kind") if pk in ids}
    )
    ordered = sorted(rows, key=lambda row: (names[row[1]], row[1]))
    owing = [
        Owing(
            unit_id,
            names[unit_id],
            place,
            tuple(leaves.get(pk, ())),
            absent=_ABSENT.get(ReportState(state), "chưa gửi báo cáo"),
        )
        for place, (pk, unit_id, _, state) in enumerate(ordered)
    ]
    return owing, kinds


def labels(unit_ids: Iterable[int], *, on: date) -> dict[int, str]:
    """Names on the day; of a unit that has ended its last name."""
    ids = set(unit_ids)
    found = tree.labels_on(ids, on=on)
    for unit_id in ids - set(found):
        version = tree.last_version(unit_id, on=on)
        found[unit_id] = version.label if version else f"đơn vị {unit_id}"
    return found


def _leaves(merged_ids: Sequence[int]) -> dict[int, list[int]]:
    """For each merged report the units at the bottom below it; one query a level."""
    found: dict[int, list[int]] = {pk: [] for pk in merged_ids}
    top = {pk: pk for pk in merged_ids}
    while top:
        rows = Report.objects.filter(parent__in=list(top), is_owed=True)
        lower: dict[int, int] = {}
        for pk, parent_id, unit_id, is_merged in rows.values_list("pk", "parent_id", "unit_id", "is_merged"):
            if is_merged:
                lower[pk] = top[parent_id]
            else:
                found[top[parent_id]].append(unit_id)
        top = lower
    return found


# ---- what came in


def reports_of(
    report: Report, owing: Sequence[Owing], *, columns: Sequence[Column], on: date
) -> Iterator[consolidation.Report]:
    """The accepted reports below, in pieces of 200; nine queries a piece."""
    by_unit = {one.unit: one for one in owing}
    by_place = {(c.item.key, c.since, c.until, c.segment): c for c in columns}
    pks = list(accepted(report).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), CHUNK):
        rows = list(Report.objects.filter(pk__in=pks[start : start + CHUNK]).order_by("pk"))
        yield from _read(rows, by_unit, by_place, columns)


def _read(
    rows: Sequence[Report],
    owing: dict[int, Owing],
    places: dict[tuple[str, date, date, str], Column],
    columns: Sequence[Column],
) -> Iterator[consolidation.Report]:
    ids = [row.pk for row in rows]
    names = {
        row.pk: owing[row.unit_id].name if row.unit_id in owing else f"đơn vị {row.unit_id}" for row in rows
    }
    uncovered = _uncovered([row.pk for row in rows if row.is_merged])
    figures = _figures(rows, owing, places, columns, uncovered)
    texts = _texts(ids, {row.pk: row.unit_id for row in rows}, names)
    for row in rows:
        missing = uncovered.get(row.pk, {}).get("", ())
        yield consolidation.Report(
            f"b{row.pk}",
            row.unit_id,
            names[row.pk],
            tuple(figures[row.pk]),
            tuple(texts[row.pk]),
            is_late=row.first_sent_on is not None and row.first_sent_on > row.due_on,
            missing=tuple(missing),
        )


def _uncovered(merged_ids: Sequence[int]) -> dict[int, dict[str, list[int]]]:
    """Of merged lower reports: by figure the units that are not in it; under "" those without a report."""
    found: dict[int, dict[str, list[int]]] = {}
    for one in Merging.objects.filter(report__in=merged_ids).order_by("report_id", "number"):
        found[one.report_id] = one.uncovered
    return found


_COLUMNS = (
    "report_id", "item__key", "since", "until", "segment", "amount", "nothing_arose", "numerator",
    "denominator", "stage", "missing_reason", "explanation", "pk",
)  # fmt: skip


def _figures(
    rows: Sequence[Report],
    owing: dict[int, Owing],
    places: dict[tuple[str, date, date, str], Column],
    columns: Sequence[Column],
    uncovered: dict[int, dict[str, list[int]]],
) -> dict[int, list[Figure]]:
    found: dict[int, list[Figure]] = defaultdict(list)
    units = {row.pk: row for row in rows}
    corrected = defaultdict(list)
    for correction in Correction.objects.filter(
        figure__report__in=units, state=CorrectionState.ACCEPTED
    ).order_by("pk"):
        corrected[correction.figure_id].append(correction)
    given: dict[int, dict[str, Figure]] = defaultdict(dict)
    for row in ReportFigure.objects.filter(report__in=units).order_by("pk").values_list(*_COLUMNS):
        report_id, item_key, since, until, segment, amount, nothing, upper, lower, stage, reason, _, pk = row
        report = units[report_id]
        column = places.get((item_key, since, until, segment))
        key = figure_key(item_key, since, until, segment)
        rule = _rule(column.indicator) if column is not None else Rule.SUM
        leaves: tuple[int, ...] = ()
        if report.is_merged and report.unit_id in owing:
            absent = set(uncovered.get(report_id, {}).get(key, ()))
            leaves = tuple(leaf for leaf in owing[report.unit_id].leaves if leaf not in absent)
        figure = _figure(
            f"s{report_id}.{key}", report.unit_id, key, rule,
            (amount, upper, lower), nothing=nothing, stage=stage, reason=reason, leaves=leaves,
        )  # fmt: skip
        found[report_id].append(figure)
        if figure.is_known:
            given[report_id][key] = figure
        for number, one in enumerate(corrected[pk], start=1):
            later = _figure(
                f"{figure.ref}+{one.pk}", report.unit_id, key, rule,
                (
                    one.new_amount,
                    upper if one.new_numerator is None else one.new_numerator,
                    lower if one.new_denominator is None else one.new_denominator,
                ),
                nothing=False, stage=one.new_stage, leaves=leaves, revision=number,
            )  # fmt: skip
            found[report_id].append(later)
            given[report_id][key] = later
    for report_id, by_key in given.items():
        _count_rates(by_key, found[report_id], columns, report_id, units[report_id].unit_id)
    return found


def _figure(
    ref: str,
    unit: int,
    key: str,
    rule: Rule,
    amounts: tuple[Decimal | None, Decimal | None, Decimal | None],
    *,
    nothing: bool,
    stage: str,
    leaves: tuple[int, ...] = (),
    reason: str = "",
    revision: int = 0,
) -> Figure:
    amount, upper, lower = amounts
    printed = None
    base = None
    if rule in (Rule.RATIO, Rule.WEIGHTED_MEAN) and not nothing:
        has_counts = upper is not None and lower is not None
        amount, base, printed = (upper, lower, None) if has_counts else (None, None, amount)
    return Figure(
        ref, unit, key,
        amount=None if nothing else amount, base=base, printed=printed, nothing_arose=nothing,
        stage=stage, reason=reason, revision=revision, covers=leaves,
        stages=((stage, len(leaves)),) if leaves else (),
    )  # fmt: skip


def _count_rates(
    given: dict[str, Figure], into: list[Figure], columns: Sequence[Column], report_id: int, unit: int
) -> None:
    """A share that a unit did not give with its counts is taken from the two counts that it gave."""
    by_indicator = {
        (c.indicator.pk, c.since, c.until, c.segment, c.item.standard_id): c.key
        for c in columns
        if _rule(c.indicator) is Rule.SUM
    }
    for column in columns:
        if _rule(column.indicator) is not Rule.RATIO:
            continue
        own = given.get(column.key)
        if own is not None and own.base is not None:
            continue
        about = (column.since, column.until, column.segment, column.item.standard_id)
        keys = [
            by_indicator.get((part, *about))
            for part in (column.indicator.numerator_id, column.indicator.denominator_id)
            if part is not None
        ]
        parts = [given.get(key) for key in keys if key is not None]
        if len(parts) != 2 or any(part is None for part in parts):
            continue
        upper, lower = (part for part in parts if part is not None)
        amounts = [Decimal(0) if part.nothing_arose else part.amount for part in (upper, lower)]
        if amounts[0] is None or amounts[1] is None:
            continue
        weakest = min((upper, lower), key=lambda part: strength(part.stage))
        into.append(
            Figure(
                f"s{report_id}.{column.key}+so",
                unit,
                column.key,
                amount=amounts[0],
                base=amounts[1],
                stage=weakest.stage,
                revision=max(upper.revision, lower.revision),
                covers=upper.covers,
                stages=upper.stages,
            )
        )


def texts_of(rows: Sequence[Report], *, names: dict[int, str]) -> dict[int, list[Text]]:
    """The words of some reports by key of the report; `names` by unit."""
    units = {row.pk: row.unit_id for row in rows}
    return _texts([*units], units, {pk: names[unit_id] for pk, unit_id in units.items()})


def _texts(ids: Sequence[int], unit_of: dict[int, int], names: dict[int, str]) -> dict[int, list[Text]]:
    found: dict[int, list[Text]] = defaultdict(list)

    def put(report_id: int, ref: str, question: str, words: str) -> None:
        found[report_id].append(
            Text(f"t{report_id}.{ref}", unit_of[report_id], names[report_id], question, words)
        )

    results = TaskResult.objects.filter(report__in=ids).select_related("task").order_by("pk")
    for result in results:
        words = f"{result.task.short_title}: {result.text}" if result.text.strip() else ""
        put(result.report_id, f"nhiem-vu.{result.task_id}", "nhiem-vu", words)
    answers = Answer.objects.filter(report__in=ids).order_by("item__position", "pk")
    for report_id, key, words in answers.values_list("report_id", "item__key", "text"):
        put(report_id, key, key, words)
    explained = ReportFigure.objects.filter(report__in=ids).exclude(explanation="").order_by("pk")
    for report_id, key, title, since, words in explained.values_list(
        "report_id", "item__key", "item__title", "since", "explanation"
    ):
        put(report_id, f"{EXPLANATIONS}.{key}.{since.year}", EXPLANATIONS, f"{title}: {words}")
    files = Attachment.objects.filter(report__in=ids).order_by("pk")
    for report_id, pk, key, name, caption in files.values_list(
        "report_id", "pk", "item__key", "file_name", "caption"
    ):
        put(report_id, f"tep.{pk}", key or "tep-kem", f"{name} ({caption})" if caption else name)
    return found


# ---- what the system says itself


def stated_of(report: Report, columns: Sequence[Column]) -> list[Stated]:
    """Figures of the place itself: published ones, and complete sums of what was entered."""
    place = report.round.plan.owner_id
    if place is None:
        return []
    found = []
    for column in columns:
        standard, segment = column.item.standard, column.segment
        published = (
            Value.objects.filter(
                indicator=column.indicator,
                unit_id=place,
                since=column.since,
                until=column.until,
                is_chosen=True,
                standard=standard,
                segment=segment,
            )
            .select_related("source")
            .first()
        )
        if published is not None and published.amount is not None:
            source = f"số đã công bố ({published.source})" if published.source else "số đã công bố"
            found.append(Stated(column.key, published.amount, source, published.stage))
            continue
        if column.indicator.aggregation in totals.KEPT:
            summed = totals.total(
                column.indicator,
                place,
                since=column.since,
                until=column.until,
                basis=Basis.THEN,
                standard=standard,
                segment=segment,
            )
            if summed is not None and summed.is_complete:
                found.append(Stated(column.key, summed.amount, "số liệu đã nhập trong hệ thống"))
    return found
