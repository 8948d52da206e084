"""Making the merged report: figures, answers and findings from the lower reports, and decisions on single
pieces.

May run again whenever a further report came in: figures are made anew, words that an officer has changed
stay, and what has come since is shown beside them. Nothing is left out silently: `placed` says of each
piece where it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import IntegrityError, transaction

from thidua.audit.log import Actor, record
from thidua.audit.workflow import advance
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.text import fold, nfc
from thidua.indicators.models import Stage
from thidua.reports import lower_reports, narrative, report_facts
from thidua.reports.consolidation import (
    Conflict,
    Contradiction,
    GapKind,
    Gathered,
    Merged,
    Text,
    words_of,
)
from thidua.reports.lower_reports import Column
from thidua.reports.models import (
    Answer,
    FigureOrigin,
    FormItem,
    FormSection,
    Merging,
    PieceChoice,
    PieceDecision,
    Report,
    ReportFigure,
    ReportState,
)
from thidua.reports.prefill import place_of
from thidua.reports.tallies import Rule, Tally, rounded

#: Of more answers to one question than this, none goes into the text unless an officer takes it.
MOST_PIECES = 40
PLACES = 4
#: So many gaps besides missing units are told in one sentence.
MOST_GAPS = 10

Told = Callable[[int, int, str], None]


def build(report: Report, *, actor: Actor, now: datetime, told: Told | None = None) -> Merging:
    """Put the accepted lower reports into the merged one. `told(done, known, words)` is called now and then.

    Side effects, in one transaction: figures, answers and the record of the merging are written; accepted
    lower reports become merged ones. Raises NotAllowed, RuleNotMet (not a merged report, or already sent).
    """
    actor.require("report.write", report)
    _refuse_closed(report)
    lower = list(lower_reports.accepted(report).order_by("pk"))
    say = told or (lambda _done, _known, _words: None)
    found = lower_reports.merged_from(
        report, on=actor.on, told=lambda done, _: say(done, len(lower), "đang đọc báo cáo của đơn vị")
    )
    columns = {column.key: column for column in lower_reports.columns_of(report)}
    say(len(lower), len(lower), "đang ghi báo cáo tổng hợp")
    with transaction.atomic():
        _take_edition(report, now)
        _write_figures(report, found, columns, actor=actor)
        _write_answers(report, found, actor=actor, now=now)
        made = _remember(report, found, lower, actor=actor, now=now)
        for one in lower:
            if one.state == ReportState.ACCEPTED:
                advance(one, "merge", actor=actor, now=now, changes={"merged_at": now})
        if report.state == ReportState.NOT_SENT:
            advance(report, "begin", actor=actor, now=now)
        record(
            "reports.report.build",
            report,
            label="Tổng hợp báo cáo của đơn vị",
            actor=actor,
            now=now,
            object_unit_id=report.unit_id,
            details={
                "number": made.number,
                "reports": len(lower),
                "gaps": len(found.gaps),
                "contradictions": len(found.contradictions),
            },
        )
    return made


def _refuse_closed(report: Report) -> None:
    if not report.is_merged:
        raise RuleNotMet(
            "Chưa tổng hợp được",
            why="đây là báo cáo của một đơn vị, không phải báo cáo tổng hợp",
            next_step="Mở báo cáo tổng hợp của đợt",
        )
    if not report.is_writable:
        raise RuleNotMet(
            "Chưa tổng hợp lại được",
            why=f"báo cáo tổng hợp đang ở trạng thái «{report.get_state_display()}»",
            next_step="Rút báo cáo về rồi tổng hợp lại",
        )


def _take_edition(report: Report, now: datetime) -> None:
    """Of two who merge at once the second is told."""
    edition = report.edition
    if not Report.objects.filter(pk=report.pk, edition=edition, state=report.state).update(
        edition=edition + 1, saved_at=now
    ):
        raise ChangedMeanwhile(
            "Chưa tổng hợp được",
            why="người khác vừa tổng hợp hoặc sửa báo cáo này",
            next_step="Mở lại trang để xem bản mới nhất",
        )
    report.edition, report.saved_at = edition + 1, now


# ---- figures


def _write_figures(report: Report, found: Merged, columns: Mapping[str, Column], *, actor: Actor) -> None:
    known = {(row.item_id, row.since, row.until, row.segment): row for row in report.figures.all()}
    before = report_facts.figures_before(report, on=actor.on)
    places = report_facts.places_of(report)
    rows = []
    for tally in found.tallies:
        column = columns[tally.measure.key]
        place = (column.item.pk, column.since, column.until, column.segment)
        row = known.get(place) or ReportFigure(
            report=report,
            item=column.item,
            indicator=column.indicator,
            standard=column.item.standard,
            segment=column.segment,
            since=column.since,
            until=column.until,
        )
        _fill(row, tally)
        if not row.is_known and not tally.unknown and not tally.set_aside:
            whose = places.get((column.indicator.pk, column.segment), place_of(report))
            _fill_from_system(row, column, whose)
        row.before = before.get(column.key)
        rows.append(row)
    ReportFigure.objects.bulk_create([row for row in rows if row.pk is None])
    ReportFigure.objects.bulk_update(
        [row for row in rows if row.pk is not None],
        [
            *("amount", "nothing_arose", "numerator", "denominator", "stage", "origin", "reported"),
            *("expected", "before", "missing_reason", "value"),
        ],
    )


def _fill(row: ReportFigure, tally: Tally) -> None:
    """A sum without parts stays unknown, with the reason."""
    result = tally.result
    nothing = bool(tally.parts) and all(part.nothing_arose for part in tally.parts)
    row.origin, row.value = FigureOrigin.MERGED, None
    row.nothing_arose = nothing
    row.amount = None if nothing or result is None else rounded(result, places=PLACES)
    is_quotient = tally.measure.rule in (Rule.RATIO, Rule.WEIGHTED_MEAN)
    row.numerator = tally.amount if is_quotient else None
    row.denominator = tally.base if is_quotient else None
    if tally.stage:
        row.stage = tally.stage
    row.reported, row.expected = tally.reported, len(tally.expected)
    row.missing_reason = "" if row.is_known else _why_unknown(tally)


def _fill_from_system(row: ReportFigure, column: Column, place: int) -> None:
    """Nothing below has reported it: what is known of the place itself counts, as in the roll-up."""
    period = (column.since, column.until)
    known = report_facts.in_system(column.item, place, [period]).get(period)
    if known is None:
        return
    row.origin, row.amount, row.missing_reason = FigureOrigin.SYSTEM, known.amount, ""
    row.value = known.own if known.is_published or known.is_own else None
    row.stage = row.value.stage if row.value is not None else Stage.PRELIMINARY
    row.reported = row.expected = None


def _why_unknown(tally: Tally) -> str:
    if any(clash.used is None for clash in tally.clashes):
        return "các đơn vị gửi hai số khác nhau, chưa chọn số đúng"
    if tally.measure.rule is Rule.LAST and tally.parts:
        return "số liệu không cộng được giữa các đơn vị"
    if tally.alone:
        return "các đơn vị chỉ gửi tỷ lệ, không có tử số và mẫu số"
    return "chưa đơn vị nào có số liệu"


# ---- words


@dataclass(frozen=True, slots=True)
class Settled:
    """One piece with what was decided about it; without a decision it is taken as it stands."""

    text: Text
    decision: PieceDecision | None = None
    words: str = ""
    reason: str = ""

    @property
    def is_in(self) -> bool:
        return self.decision is not PieceDecision.LEFT

    @property
    def said(self) -> str:
        return self.words if self.decision is PieceDecision.EDITED else self.text.words


def settled(gathered: Gathered, choices: Mapping[str, PieceChoice]) -> list[Settled]:
    found = []
    for text in gathered.texts:
        choice = choices.get(text.ref)
        if choice is None:
            found.append(Settled(text))
        else:
            found.append(Settled(text, PieceDecision(choice.decision), choice.words, choice.reason))
    return found


def composed(pieces: Sequence[Settled]) -> list[narrative.Sentence]:
    """What is taken, as sentences that name their units; equal answers are told once."""
    shown = [one for one in pieces if one.is_in]
    if len(shown) > MOST_PIECES:
        shown = [one for one in shown if one.decision is not None]
    groups: dict[str, list[Settled]] = defaultdict(list)
    for one in shown:
        key = " ".join(fold(one.said).split()).rstrip(".")
        groups[key].append(one)
    sentences = []
    for same in groups.values():
        names = ", ".join(dict.fromkeys(one.text.unit_name for one in same))
        said = narrative.sentence(narrative.PieceFact("", names, same[0].said, same[0].text.ref))
        sentences.append(replace(said, text=f"- {said.text}") if len(groups) > 1 else said)
    return sentences


def choices_of(report: Report) -> dict[str, PieceChoice]:
    return {row.ref: row for row in PieceChoice.objects.filter(report=report)}


def _write_answers(report: Report, found: Merged, *, actor: Actor, now: datetime) -> None:
    """Words of the data first, then the pieces. What an officer has changed stays as it is."""
    drafted = report_facts.sentences_by_question(report, found, on=actor.on)
    choices = choices_of(report)
    items = {
        item.key: item
        for item in FormItem.objects.filter(form_id=report.round.form_id, section=FormSection.QUESTIONS)
    }
    known = {answer.item_id: answer for answer in report.answers.all()}
    for gathered in found.answers:
        item = items.get(gathered.question.key)
        if item is None:
            continue
        sentences = [
            *drafted.get(item.key, []),
            *(composed(settled(gathered, choices))),
        ]
        text = "\n".join(one.text for one in sentences)
        answer = known.get(item.pk) or Answer(report=report, item=item)
        if answer.text.strip() and answer.text != answer.drafted:
            continue
        answer.text = answer.drafted = text
        answer.trace = narrative.as_json(sentences)
        answer.user, answer.saved_at = actor.user, now
        answer.save()


# ---- the record of it


def _remember(
    report: Report, found: Merged, lower: Sequence[Report], *, actor: Actor, now: datetime
) -> Merging:
    number = Merging.objects.filter(report=report).count() + 1
    uncovered = {row.measure.key: sorted(row.missing) for row in found.tallies if row.missing}
    if found.missing_units:
        leaves = {leaf for one in found.owing if one.unit in found.missing_units for leaf in one.all_leaves}
        uncovered[""] = sorted(leaves)
    try:
        with transaction.atomic():
            return Merging.objects.create(
                report=report,
                number=number,
                sources=[[one.pk, one.edition] for one in lower],
                uncovered=uncovered,
                findings=findings_of(found),
                user=actor.user,
                made_at=now,
            )
    except IntegrityError as clash:
        raise ChangedMeanwhile(
            "Chưa tổng hợp được",
            why="người khác vừa tổng hợp báo cáo này",
            next_step="Mở lại trang để xem bản mới nhất",
        ) from clash


def findings_of(found: Merged) -> dict[str, Any]:
    return {
        "gaps": [{"kind": one.kind, "sentence": one.sentence, "units": one.units} for one in found.gaps],
        "contradictions": [
            {
                "kind": one.kind,
                "sentence": one.sentence,
                "refs": one.refs,
                "settled": one.is_settled,
                **_choices(found, one),
            }
            for one in found.contradictions
        ],
        "leftovers": [
            {"ref": one.ref, "unit": one.unit, "words": one.words, "why": one.why} for one in found.leftovers
        ],
        "reported": len(found.reported),
        "expected": len(found.owing),
        "late": len(found.late),
    }


def _choices(found: Merged, one: Contradiction) -> dict[str, Any]:
    """Of two figures of a unit that nobody can tell apart: which there are, and what a choice is about."""
    if one.kind is not Conflict.TWO_FIGURES or one.is_settled:
        return {}
    figures = {row.ref: row for row in found.tally(one.subject).set_aside}
    return {
        "about": f"{one.subject}@{one.units[0]}",
        "choices": [[ref, words_of(figures[ref])] for ref in one.refs if ref in figures],
    }


def gaps_in_words(found: Merged) -> str:
    """What is missing, for `Report.gaps_named`: the units by name, then figures and answers."""
    names = {one.unit: one.name for one in found.owing}
    absent = [names[unit] for unit in found.missing_units]
    parts = [f"chưa có báo cáo của {len(absent)} đơn vị: {', '.join(absent)}"] if absent else []
    rest = [gap.sentence for gap in found.gaps if gap.kind != GapKind.UNIT]
    rest = [one[:1].lower() + one[1:] for one in rest]
    if len(rest) > MOST_GAPS:
        rest = [*rest[:MOST_GAPS], f"và {len(rest) - MOST_GAPS} chỗ thiếu khác"]
    return "; ".join([*parts, *rest])


# ---- decisions on pieces


def decide(
    report: Report,
    ref: str,
    decision: PieceDecision,
    *,
    words: str = "",
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> PieceChoice:
    """Take, edit or leave out one piece, or choose one of two figures (`words` then names which).

    Raises NotAllowed, RuleNotMet.
    """
    return decide_all(report, [(ref, decision, words, reason)], actor=actor, now=now)[0]


def decide_all(
    report: Report,
    decisions: Iterable[tuple[str, PieceDecision, str, str]],
    *,
    actor: Actor,
    now: datetime,
) -> list[PieceChoice]:
    """Many decisions in one act; unchanged ones are not written again."""
    actor.require("report.write", report)
    _refuse_closed(report)
    known = choices_of(report)
    changed = []
    for ref, decision, words, reason in decisions:
        row = known.get(ref) or PieceChoice(report=report, ref=ref[:200])
        said, why = nfc(words).strip(), " ".join(nfc(reason).split())[:500]
        if decision is PieceDecision.LEFT and not why:
            raise RuleNotMet(
                "Chưa bỏ được nội dung của đơn vị", why="chưa ghi lý do", next_step="Ghi lý do rồi lưu lại"
            )
        if decision is PieceDecision.EDITED and not said:
            raise RuleNotMet(
                "Chưa lưu được nội dung đã sửa",
                why="chưa ghi lời sửa",
                next_step="Ghi lời sửa, hoặc chọn không đưa vào và ghi lý do",
            )
        if decision is PieceDecision.TAKEN:
            said = ""
        if decision is not PieceDecision.LEFT:
            why = ""
        if (row.decision, row.words, row.reason) == (decision, said, why) and row.pk is not None:
            continue
        row.decision, row.words, row.reason = decision, said, why
        row.user, row.decided_at = actor.user, now
        changed.append(row)
    with transaction.atomic():
        for row in changed:
            row.save()
        if changed:
            record(
                "reports.report.choose_pieces",
                report,
                label="Quyết định nội dung đưa vào báo cáo tổng hợp",
                actor=actor,
                now=now,
                object_unit_id=report.unit_id,
                details={row.ref: row.decision for row in changed},
            )
    return changed or list(known.values())


class Place(StrEnum):
    """Where a piece of a lower report is."""

    IN_TEXT = "in_text"
    EDITED = "edited"
    LEFT = "left"
    WAITING = "waiting"

    @property
    def label(self) -> str:
        return _PLACES[self]


_PLACES = {
    Place.IN_TEXT: "có trong báo cáo",
    Place.EDITED: "đưa vào sau khi sửa",
    Place.LEFT: "không đưa vào",
    Place.WAITING: "chưa đưa vào",
}


def placed(one: Settled, answer: str) -> Place:
    """Whether the merged answer holds the piece."""
    if one.decision is PieceDecision.LEFT:
        return Place.LEFT
    if _plain(one.said) and _plain(one.said) in _plain(answer):
        return Place.EDITED if one.decision is PieceDecision.EDITED else Place.IN_TEXT
    return Place.WAITING


def _plain(words: str) -> str:
    return " ".join(fold(words).split()).rstrip(". ")
