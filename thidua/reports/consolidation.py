"""Many reports into one: figures by their rule, answers under their question, gaps and conflicts by name.

Pure, no Django. `merge` takes the form, who owes a report and what came in; everything that came in is in
what it returns, in its place or in `leftovers` with the reason (`accounted`). The order of the reports does
not matter, the same report twice counts once. Hides how gaps and contradictions are found; `tallies` hides
adding.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from thidua.core.formats import format_number
from thidua.reports import tallies
from thidua.reports.tallies import Clash, Figure, Measure, Rule, Tally
from thidua.reports.text_checks import Said, said_otherwise


class QuestionKind(StrEnum):
    """What a narrative question is for; lifted kinds get a place of their own in the merged report."""

    ANSWER = "answer"
    EXAMPLE = "example"
    DIFFICULTY = "difficulty"
    PROPOSAL = "proposal"


LIFTED = (QuestionKind.EXAMPLE, QuestionKind.DIFFICULTY, QuestionKind.PROPOSAL)


@dataclass(frozen=True, slots=True)
class Question:
    """One narrative question of the form."""

    key: str
    title: str
    kind: QuestionKind = QuestionKind.ANSWER
    is_required: bool = True
    #: Kinds of units that are asked; empty: all.
    asks: frozenset[str] = frozenset()
    #: Whether equal answers of two units are worth a doubt; a short note on a task is often the same.
    is_own_words: bool = True


@dataclass(frozen=True, slots=True)
class Form:
    """What the upper report asks, in order."""

    measures: tuple[Measure, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """What one unit wrote under one question. `unit_name` is printed with it, also further up.

    `is_marked`: the unit marked it as worth telling above, `kind` as what.
    """

    ref: str
    unit: int
    unit_name: str
    question: str
    words: str
    kind: QuestionKind = QuestionKind.ANSWER
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Owing:
    """A unit that owes a report; `place` orders it among others, `leaves` are the units it answers for.

    `absent` says, as the end of a sentence, what became of its report when it did not come in.
    """

    unit: int
    name: str
    place: int = 0
    leaves: tuple[int, ...] = ()
    absent: str = "chưa gửi báo cáo"

    @property
    def all_leaves(self) -> tuple[int, ...]:
        return self.leaves or (self.unit,)


@dataclass(frozen=True, slots=True)
class Report:
    """One report that came in. `ref` names it; a merged one brings what it lacks itself (`missing`)."""

    ref: str
    unit: int
    name: str
    figures: tuple[Figure, ...] = ()
    texts: tuple[Text, ...] = ()
    is_late: bool = False
    missing: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Stated:
    """What the upper unit or the system says itself for a measure."""

    measure: str
    amount: Decimal
    source: str
    stage: str = ""


class GapKind(StrEnum):
    UNIT = "unit"
    FIGURE = "figure"
    ANSWER = "answer"
    RATE_ONLY = "rate_only"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is not there. `units` are all whom the same sentence is about."""

    kind: GapKind
    subject: str
    units: tuple[int, ...]
    sentence: str


class Conflict(StrEnum):
    TWO_FIGURES = "two_figures"
    COUNTED_TWICE = "counted_twice"
    SUM_DIFFERS = "sum_differs"
    TEXT_DIFFERS = "text_differs"
    SAME_WORDS = "same_words"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two things that cannot both be right, or, of the same words from two units, hardly both be meant."""

    kind: Conflict
    subject: str
    units: tuple[int, ...]
    refs: tuple[str, ...]
    sentence: str
    is_settled: bool = False


@dataclass(frozen=True, slots=True)
class Leftover:
    """A piece that has no place in the merged report, and why."""

    ref: str
    unit: int
    words: str
    why: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """All answers to one question, in the order of the units, and who said nothing."""

    question: Question
    texts: tuple[Text, ...]
    silent: tuple[int, ...]


@dataclass(frozen=True)
class Merged:
    """One report out of many, before an officer has looked at it."""

    form: Form
    tallies: tuple[Tally, ...]
    answers: tuple[Gathered, ...]
    examples: tuple[Text, ...]
    difficulties: tuple[Text, ...]
    proposals: tuple[Text, ...]
    gaps: tuple[Gap, ...]
    contradictions: tuple[Contradiction, ...]
    leftovers: tuple[Leftover, ...]
    owing: tuple[Owing, ...]
    reported: tuple[int, ...]
    late: tuple[int, ...]
    names: Mapping[int, str] = field(default_factory=dict)

    def tally(self, measure: str) -> Tally:
        return next(one for one in self.tallies if one.measure.key == measure)

    @property
    def missing_units(self) -> tuple[int, ...]:
        there = set(self.reported)
        return tuple(one.unit for one in self.owing if one.unit not in there)


def merge(
    form: Form,
    *,
    owing: Sequence[Owing],
    reports: Iterable[Report],
    stated: Iterable[Stated] = (),
    chosen: Mapping[tuple[str, int], str] | None = None,
    kinds: Mapping[int, str] | None = None,
    told: Callable[[int, int], None] | None = None,
) -> Merged:
    """One report out of those of the units below.

    `reports` is read once, so it may come from a database in pieces. `chosen` says by (measure, unit) which
    of two figures an officer has decided for, `kinds` of what kind a unit is, where a measure or question is
    not asked of all. `told(done, known)` is called now and then.
    """
    intake = _Intake(form, owing, kinds or {})
    for number, report in enumerate(reports, start=1):
        intake.take(report)
        if told is not None and number % 100 == 0:
            told(number, len(intake.order))
    return intake.settle(stated=stated, chosen=chosen or {})


def as_report(merged: Merged, *, ref: str, unit: int, name: str, texts: Iterable[Text] = ()) -> Report:
    """The merged report as one that goes up: figures with their units, marked pieces with theirs."""
    own = tuple(texts)
    there = {text.ref for text in own}
    lifted = (*merged.examples, *merged.difficulties, *merged.proposals)
    figures = tuple(
        figure
        for found in merged.tallies
        for figure in tallies.as_figures(found, ref=f"{ref}/{found.measure.key}", unit=unit)
    )
    missing = sorted(
        {leaf for one in merged.owing if one.unit not in set(merged.reported) for leaf in one.all_leaves}
    )
    return Report(
        ref,
        unit,
        name,
        figures,
        (*own, *(text for text in lifted if text.ref not in there)),
        missing=tuple(missing),
    )


def accounted(merged: Merged) -> frozenset[str]:
    """The names of all pieces that the merged report holds, in a place or as a leftover."""
    refs: set[str] = {one.ref for one in merged.leftovers}
    for found in merged.tallies:
        for group in (found.parts, found.alone, found.unknown, found.set_aside):
            refs.update(one.ref for one in group)
    for gathered in merged.answers:
        refs.update(text.ref for text in gathered.texts)
    return frozenset(refs)


def pieces(reports: Iterable[Report]) -> frozenset[str]:
    """The names of everything that came in."""
    found: set[str] = set()
    for report in reports:
        found.update(one.ref for one in report.figures)
        found.update(one.ref for one in report.texts)
    return frozenset(found)


class _Intake:
    """What has come in so far, sorted by measure and question."""

    def __init__(self, form: Form, owing: Sequence[Owing], kinds: Mapping[int, str]) -> None:
        self.form = form
        self.kinds = kinds
        unique = {one.unit: one for one in owing}
        self.owing = tuple(sorted(unique.values(), key=lambda one: (one.place, one.unit)))
        self.order = {one.unit: number for number, one in enumerate(self.owing)}
        self.names = {one.unit: one.name for one in self.owing}
        self.figures: dict[str, dict[str, Figure]] = {one.key: {} for one in form.measures}
        self.texts: dict[str, dict[str, Text]] = {one.key: {} for one in form.questions}
        self.leftovers: dict[str, Leftover] = {}
        self.reports: dict[str, str] = {}
        self.units: dict[int, bool] = {}
        self.below: dict[int, tuple[int, ...]] = {}
        self.answered: dict[int, set[str]] = defaultdict(set)

    def take(self, report: Report) -> None:
        if report.ref in self.reports:
            return
        self.reports[report.ref] = report.name
        self.names.setdefault(report.unit, report.name)
        self.units[report.unit] = self.units.get(report.unit, False) or report.is_late
        if report.missing:
            self.below[report.unit] = report.missing
        is_owed = report.unit in self.order
        for figure in report.figures:
            if not is_owed:
                self._leave(
                    figure.ref, report.unit, words_of(figure), "đơn vị không có trong danh sách phải báo cáo"
                )
            elif figure.measure not in self.figures:
                self._leave(figure.ref, report.unit, words_of(figure), "mẫu tổng hợp không hỏi số liệu này")
            else:
                self.figures[figure.measure].setdefault(figure.ref, figure)
                self.answered[report.unit].add(figure.measure)
        for text in report.texts:
            self.names.setdefault(text.unit, text.unit_name)
            if not is_owed:
                self._leave(text.ref, report.unit, text.words, "đơn vị không có trong danh sách phải báo cáo")
            elif text.question not in self.texts:
                self._leave(text.ref, report.unit, text.words, "mẫu tổng hợp không có câu hỏi này")
            elif not text.words.strip():
                self._leave(text.ref, report.unit, "", "đơn vị để trống")
            else:
                self.texts[text.question].setdefault(text.ref, text)
                self.answered[report.unit].add(text.question)

    def _leave(self, ref: str, unit: int, words: str, why: str) -> None:
        self.leftovers.setdefault(ref, Leftover(ref, unit, words, why))

    def settle(self, *, stated: Iterable[Stated], chosen: Mapping[tuple[str, int], str]) -> Merged:
        reported = tuple(one.unit for one in self.owing if one.unit in self.units)
        late = tuple(unit for unit in reported if self.units[unit])
        leaves = [leaf for one in self.owing for leaf in one.all_leaves]
        found = tuple(self._tally(measure, leaves, chosen) for measure in self.form.measures)
        answers = tuple(self._gathered(question, reported) for question in self.form.questions)
        lifted = {kind: self._lifted(kind, answers) for kind in LIFTED}
        return Merged(
            form=self.form,
            tallies=found,
            answers=answers,
            examples=lifted[QuestionKind.EXAMPLE],
            difficulties=lifted[QuestionKind.DIFFICULTY],
            proposals=lifted[QuestionKind.PROPOSAL],
            gaps=tuple(self._gaps(found, answers, reported)),
            contradictions=tuple(self._contradictions(found, answers, stated)),
            leftovers=tuple(
                sorted(self.leftovers.values(), key=lambda one: (self._place(one.unit), one.ref))
            ),
            owing=self.owing,
            reported=reported,
            late=late,
            names=dict(sorted(self.names.items())),
        )

    def _place(self, unit: int) -> tuple[int, int]:
        return (self.order.get(unit, len(self.order)), unit)

    def _name(self, unit: int) -> str:
        return self.names.get(unit, f"đơn vị {unit}")

    def _is_asked(self, asks: frozenset[str], unit: int) -> bool:
        """A unit of unknown kind, or one that answers for others, is asked everything."""
        kind = self.kinds.get(unit, "")
        return not asks or not kind or kind in asks or self._leaves(unit) != (unit,)

    def _tally(self, measure: Measure, leaves: Sequence[int], chosen: Mapping[tuple[str, int], str]) -> Tally:
        expected = frozenset(leaf for leaf in leaves if self._is_asked(measure.asks, leaf))
        for_it = {unit: ref for (key, unit), ref in chosen.items() if key == measure.key}
        return tallies.tally(measure, self.figures[measure.key].values(), expected=expected, chosen=for_it)

    def _gathered(self, question: Question, reported: tuple[int, ...]) -> Gathered:
        texts = sorted(
            self.texts[question.key].values(), key=lambda one: (self._place(one.unit), one.unit_name, one.ref)
        )
        silent = tuple(
            unit
            for unit in reported
            if question.key not in self.answered[unit] and self._is_asked(question.asks, unit)
        )
        return Gathered(question, tuple(texts), silent)

    def _lifted(self, kind: QuestionKind, answers: Sequence[Gathered]) -> tuple[Text, ...]:
        """Under a question of the kind, or marked as such wherever it stands; marked ones first."""
        found = [
            text
            for gathered in answers
            for text in gathered.texts
            if (text.kind if text.is_marked else gathered.question.kind) is kind
        ]
        return tuple(sorted(found, key=lambda one: (not one.is_marked, self._place(one.unit), one.ref)))

    # ---- what is not there

    def _gaps(
        self, found: Sequence[Tally], answers: Sequence[Gathered], reported: tuple[int, ...]
    ) -> Iterable[Gap]:
        there = set(reported)
        for one in self.owing:
            if one.unit not in there:
                yield Gap(GapKind.UNIT, "", (one.unit,), f"{_upper(one.name)} {one.absent}")
        for unit in reported:
            if self.below.get(unit):
                count = len(self.below[unit])
                yield Gap(
                    GapKind.BELOW,
                    "",
                    (unit,),
                    f"Báo cáo của {self._name(unit)} thiếu {count} đơn vị trực thuộc",
                )
        for row in found:
            yield from self._figure_gaps(row, reported)
        for gathered in answers:
            if gathered.silent and gathered.question.is_required:
                names = self._some(gathered.silent)
                yield Gap(
                    GapKind.ANSWER,
                    gathered.question.key,
                    gathered.silent,
                    f"{_upper(names)} không trả lời «{gathered.question.title}»",
                )

    def _figure_gaps(self, row: Tally, reported: tuple[int, ...]) -> Iterable[Gap]:
        name = row.measure.name
        rates = [one for one in row.alone if not set(one.leaves) <= row.covers]
        if rates and row.measure.rule in (Rule.RATIO, Rule.WEIGHTED_MEAN):
            units = tuple(one.unit for one in rates)
            yield Gap(
                GapKind.RATE_ONLY,
                row.measure.key,
                units,
                f"{_upper(self._some(units))} chỉ ghi tỷ lệ của «{name}», "
                "không có tử số và mẫu số nên không cộng được",
            )
        said = {one.unit for one in rates}
        reasons: dict[str, list[int]] = defaultdict(list)
        for one in row.unknown:
            if not set(one.leaves) <= row.covers:
                reasons[one.reason].append(one.unit)
                said.add(one.unit)
        for reason, units_of in sorted(reasons.items()):
            why = f", lý do: {reason}" if reason else ", không ghi lý do"
            yield Gap(
                GapKind.FIGURE,
                row.measure.key,
                tuple(units_of),
                f"{_upper(self._some(units_of))} chưa có số liệu «{name}»{why}",
            )
        clashing = {unit for clash in row.clashes if clash.used is None for unit in clash.units}
        quiet = tuple(
            unit
            for unit in reported
            if unit not in said
            and self._is_asked(row.measure.asks, unit)
            and row.measure.key not in self.answered[unit]
            and not (set(self._leaves(unit)) & (row.covers | clashing))
        )
        if quiet:
            yield Gap(
                GapKind.FIGURE,
                row.measure.key,
                quiet,
                f"{_upper(self._some(quiet))} không ghi số liệu «{name}»",
            )

    def _leaves(self, unit: int) -> tuple[int, ...]:
        place = self.order.get(unit)
        return (unit,) if place is None else self.owing[place].all_leaves

    def _some(self, units: Sequence[int], most: int = 3) -> str:
        """Up to three names, then how many more."""
        ordered = sorted(set(units), key=self._place)
        names = ", ".join(self._name(unit) for unit in ordered[:most])
        rest = len(ordered) - most
        return f"{names} và {rest} đơn vị khác" if rest > 0 else names

    # ---- what disagrees

    def _contradictions(
        self, found: Sequence[Tally], answers: Sequence[Gathered], stated: Iterable[Stated]
    ) -> Iterable[Contradiction]:
        by_measure = {row.measure.key: row for row in found}
        for row in found:
            figures = self.figures[row.measure.key]
            for clash in row.clashes:
                yield self._clash(row.measure, clash, figures)
        for one in sorted(stated, key=lambda one: (one.measure, one.source, one.amount)):
            if one.measure in by_measure:
                yield from self._against(by_measure[one.measure], one)
        yield from self._texts_against_figures(by_measure, answers)
        yield from self._same_words(answers)

    def _clash(self, measure: Measure, clash: Clash, figures: Mapping[str, Figure]) -> Contradiction:
        names = self._some(clash.units)
        one, other = (figures[ref] for ref in clash.refs)
        if clash.is_counted_within:
            used = figures[clash.used or clash.refs[0]]
            return Contradiction(
                Conflict.COUNTED_TWICE,
                measure.key,
                clash.units,
                clash.refs,
                f"Số liệu «{measure.name}» của {names} đến hai lần: riêng và trong báo cáo của "
                f"{self._name(used.unit)}; chỉ tính một lần, theo {self._name(used.unit)}",
                is_settled=True,
            )
        said = f"{words_of(one)} và {words_of(other)}"
        if clash.used is None:
            end = "chưa tính số nào; chọn số đúng rồi tổng hợp lại"
        else:
            end = f"lấy {words_of(figures[clash.used])}"
        return Contradiction(
            Conflict.TWO_FIGURES,
            measure.key,
            clash.units,
            clash.refs,
            f"{_upper(names)} có hai số «{measure.name}»: {said}; {end}",
            is_settled=clash.used is not None,
        )

    def _against(self, row: Tally, one: Stated) -> Iterable[Contradiction]:
        """The sum of the units against what the upper unit or the system says."""
        summed = row.rounded()
        if summed is None or row.measure.rule is Rule.LAST:
            return
        places = 2 if row.measure.rule is Rule.RATIO else row.measure.decimals
        difference = summed - tallies.printed(one.amount, places=places)
        is_short = not row.is_complete and difference < 0 and row.measure.rule in (Rule.SUM, Rule.COUNT_UNITS)
        if not difference or is_short:
            return  # units that have not reported explain why the sum is smaller; the gap is named already
        if not row.is_complete and row.measure.rule not in (Rule.SUM, Rule.COUNT_UNITS):
            return
        measure = row.measure
        yield Contradiction(
            Conflict.SUM_DIFFERS,
            measure.key,
            (),
            tuple(part.ref for part in row.parts[:20]),
            f"«{measure.name}»: cộng từ báo cáo là {_amount(summed, measure)}, {one.source} ghi "
            f"{_amount(one.amount, measure)}, chênh {_amount(abs(difference), measure)}",
        )

    def _texts_against_figures(
        self, by_measure: Mapping[str, Tally], answers: Sequence[Gathered]
    ) -> Iterable[Contradiction]:
        figures: dict[int, list[Said]] = defaultdict(list)
        refs: dict[tuple[int, str], str] = {}
        for key, row in by_measure.items():
            for one in row.parts:
                if one.amount is not None and row.measure.rule is Rule.SUM and one.leaves == (one.unit,):
                    figures[one.unit].append(Said(key, row.measure.name, row.measure.unit, one.amount))
                    refs[one.unit, key] = one.ref
        for gathered in answers:
            for text in gathered.texts:
                for said, amount, quote in said_otherwise(text.words, figures.get(text.unit, ())):
                    measure = by_measure[said.measure].measure
                    yield Contradiction(
                        Conflict.TEXT_DIFFERS,
                        said.measure,
                        (text.unit,),
                        (text.ref, refs[text.unit, said.measure]),
                        f"{_upper(self._name(text.unit))} viết «{quote}» nhưng số liệu là "
                        f"{_amount(said.amount, measure)} (chữ ghi {format_number(amount)})",
                    )

    def _same_words(self, answers: Sequence[Gathered]) -> Iterable[Contradiction]:
        """Long answers that two units gave word for word: copied, or filled in by one for both."""
        for gathered in answers:
            if not gathered.question.is_own_words:
                continue
            by_words: dict[str, list[Text]] = defaultdict(list)
            for text in gathered.texts:
                if len(text.words) >= LONG:
                    by_words[" ".join(text.words.split()).casefold()].append(text)
            for same in by_words.values():
                units = tuple(dict.fromkeys(text.unit for text in same))
                if len(units) > 1:
                    yield Contradiction(
                        Conflict.SAME_WORDS,
                        gathered.question.key,
                        units,
                        tuple(text.ref for text in same),
                        f"{_upper(self._some(units))} trả lời «{gathered.question.title}» "
                        "bằng cùng một đoạn văn",
                    )


#: Shorter answers ("Không có") are rightly the same.
LONG = 60


def words_of(figure: Figure) -> str:
    """A figure as a sentence says it: amount and stage."""
    if figure.nothing_arose:
        return "không phát sinh"
    stage = {"so_bo": " (sơ bộ)", "chinh_thuc": " (chính thức)", "uoc": " (ước)"}.get(figure.stage, "")
    if figure.amount is not None and figure.base is not None:
        return f"{format_number(figure.amount)}/{format_number(figure.base)}{stage}"
    amount = figure.amount if figure.amount is not None else figure.printed
    if amount is not None:
        return f"{format_number(amount)}{stage}"
    if figure.statuses:
        return ", ".join(f"{status}: {count}" for status, count in figure.statuses) + stage
    return "chưa có số liệu"


def _amount(amount: Decimal, measure: Measure) -> str:
    unit = "%" if measure.rule is Rule.RATIO else measure.unit
    return f"{format_number(amount)} {unit}".strip()


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]
