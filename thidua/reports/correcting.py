"""Later figures beside those that were sent: offered by the program, decided by the unit, carried upwards.

The report falls before the official result: figures go up as preliminary and are corrected later. What was
sent never changes; `in_force` says what counts now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Case, Exists, F, OuterRef, When
from django.urls import reverse

from thidua.audit.log import Actor, System, record
from thidua.audit.workflow import advance
from thidua.core.clock import VIETNAM
from thidua.core.errors import RuleNotMet
from thidua.indicators.figures import is_ratio
from thidua.indicators.models import Aggregation, Indicator, IndicatorKind, Stage, Value
from thidua.notices.telling import tell
from thidua.organisations import tree
from thidua.reports.models import Correction, CorrectionState, Report, ReportFigure

_STRENGTH = {stage: place for place, stage in enumerate(Stage.values)}


@dataclass(frozen=True, slots=True)
class InForce:
    """What counts for a figure today: as sent, or as last corrected."""

    amount: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    stage: str
    correction: Correction | None = None

    @property
    def is_corrected(self) -> bool:
        return self.correction is not None


def in_force(figures: Iterable[ReportFigure]) -> dict[int, InForce]:
    """By key of the figure; one query however many."""
    rows = list(figures)
    last: dict[int, Correction] = {}
    for correction in Correction.objects.filter(
        figure_id__in=[row.pk for row in rows], state=CorrectionState.ACCEPTED
    ).order_by("decided_at", "pk"):
        last[correction.figure_id] = correction
    found = {}
    for row in rows:
        correction_ = last.get(row.pk)
        if correction_ is None:
            found[row.pk] = InForce(row.counted, row.numerator, row.denominator, row.stage)
        else:
            found[row.pk] = InForce(
                correction_.new_amount,
                correction_.new_numerator if correction_.new_numerator is not None else row.numerator,
                correction_.new_denominator if correction_.new_denominator is not None else row.denominator,
                correction_.new_stage,
                correction_,
            )
    return found


# --- offering -----------------------------------------------------------------------------------------


def offer(*, now: datetime) -> int:
    """Offer a correction for each sent figure for which a later, at least as final value says otherwise.

    A value that confirms the figure is noted at once and asks nobody. Idempotent; how many were offered.
    """
    place = Case(
        When(
            report__is_merged=True,
            report__round__plan__owner__isnull=False,
            then=F("report__round__plan__owner"),
        ),
        default=F("report__unit"),
    )
    later = Value.objects.filter(
        indicator=OuterRef("indicator_id"),
        since=OuterRef("since"),
        until=OuterRef("until"),
        segment=OuterRef("segment"),
        unit=OuterRef("place"),
        is_chosen=True,
        entered_at__gt=OuterRef("report__sent_at"),
    )
    figures = list(
        ReportFigure.objects.filter(report__state__in=Report.RECEIVED)
        .annotate(place=place)
        .filter(Exists(later))
        .select_related("report__round__plan", "indicator")
    )
    values = _chosen_values(figures)
    current = in_force(figures)
    known = set(
        Correction.objects.filter(figure__in=figures, value__isnull=False).values_list(
            "figure_id", "value_id"
        )
    )
    offered: dict[Report, int] = defaultdict(int)
    for figure in figures:
        value = values.get(_key(figure))
        if value is None or value.pk == figure.value_id or (figure.pk, value.pk) in known:
            continue
        if value.entered_at <= (figure.report.sent_at or now):
            continue
        was = current[figure.pk]
        if _STRENGTH[value.stage] < _STRENGTH[was.stage]:
            continue
        amount = Decimal(0) if value.nothing_arose else value.amount
        if amount == was.amount and value.stage == was.stage:
            continue
        if _offer_one(figure, was, value, amount, now=now) is CorrectionState.OFFERED:
            offered[figure.report] += 1
    actor = System(on=now.astimezone(VIETNAM).date())
    for report, count in offered.items():
        tell(
            kind="report.correction",
            text=f"Có {count} số mới khác số đã gửi trong «{report.round.title}»: xem để đính chính.",
            address=f"{reverse('reports:report', args=[report.pk])}#dinh-chinh",
            now=now,
            sender=actor.name,
            unit_id=report.unit_id,
        )
    return sum(offered.values())


Key = tuple[int, int, object, object, int | None, str]


def _key(figure: ReportFigure) -> Key:
    place: int = figure.place  # type: ignore[attr-defined]
    return (figure.indicator_id, place, figure.since, figure.until, figure.standard_id, figure.segment)


def _chosen_values(figures: Sequence[ReportFigure]) -> dict[Key, Value]:
    rows = Value.objects.filter(
        indicator_id__in={figure.indicator_id for figure in figures},
        unit_id__in={_key(figure)[1] for figure in figures},
        since__in={figure.since for figure in figures},
        is_chosen=True,
    )
    return {
        (row.indicator_id, row.unit_id, row.since, row.until, row.standard_id, row.segment): row
        for row in rows
    }


def _offer_one(
    figure: ReportFigure, was: InForce, value: Value, amount: Decimal | None, *, now: datetime
) -> CorrectionState | None:
    confirms = amount == was.amount
    state = CorrectionState.ACCEPTED if confirms else CorrectionState.OFFERED
    try:
        with transaction.atomic():
            Correction.objects.create(
                figure=figure,
                state=state,
                old_amount=was.amount,
                new_amount=amount,
                old_stage=was.stage,
                new_stage=value.stage,
                value=value,
                reason="số mới bằng số đã gửi" if confirms else "",
                offered_at=now,
                decided_at=now if confirms else None,
            )
    except IntegrityError:  # another worker was faster
        return None
    return state


# --- deciding -----------------------------------------------------------------------------------------


def accept(correction: Correction, *, actor: Actor, now: datetime) -> list[Correction]:
    """Let the later figure count, and offer the same to the merged report above; answers what was offered.

    Shares of the same report that follow from the figure are corrected with it.
    """
    with transaction.atomic():
        # Another one may have been accepted since this was offered: a difference counts from what holds now.
        was = in_force([correction.figure])[correction.figure_id]
        new = correction.new_amount
        lower = correction.carried_from
        if lower is not None and was.amount is not None and lower.new_amount is not None:
            new = was.amount + lower.new_amount - (lower.old_amount or Decimal(0))
        advance(
            correction,
            "accept",
            actor=actor,
            now=now,
            changes={"decided_at": now, "user": actor.user, "old_amount": was.amount, "new_amount": new},
        )
        corrected = [correction, *_shares_of(correction, now=now)]
        return _carry_up(corrected, actor=actor, now=now)


def decline(correction: Correction, *, reason: str, actor: Actor, now: datetime) -> None:
    advance(
        correction,
        "decline",
        actor=actor,
        now=now,
        reason=reason,
        changes={"decided_at": now, "user": actor.user, "reason": reason.strip()},
    )


def correct_by_hand(
    figure: ReportFigure, *, amount: Decimal, reason: str, actor: Actor, now: datetime
) -> Correction:
    """The unit itself found a mistake after the report was accepted: a named correction, at once in force."""
    reason = reason.strip()
    if not reason:
        raise RuleNotMet("Chưa đính chính được", why="chưa ghi lý do", next_step="Ghi lý do rồi lưu lại")
    was = in_force([figure])[figure.pk]
    if was.amount == amount:
        raise RuleNotMet(
            "Chưa đính chính được", why="số mới bằng số đang dùng", next_step="Ghi số đúng rồi lưu lại"
        )
    with transaction.atomic():
        correction = Correction.objects.create(
            figure=figure,
            old_amount=was.amount,
            new_amount=amount,
            old_stage=was.stage,
            new_stage=was.stage,
            reason=reason,
            offered_at=now,
        )
        accept(correction, actor=actor, now=now)
    return correction


def _shares_of(correction: Correction, *, now: datetime) -> list[Correction]:
    figure = correction.figure
    figures = list(figure.report.figures.select_related("indicator"))
    counts = in_force(figures)
    by_key = {(one.indicator_id, one.standard_id, one.segment): one for one in figures}
    made = []
    for share in figures:
        indicator = share.indicator
        if not is_ratio(indicator) or figure.indicator_id not in (
            indicator.numerator_id,
            indicator.denominator_id,
        ):
            continue
        above = by_key.get((indicator.numerator_id or 0, share.standard_id, share.segment))
        below = by_key.get((indicator.denominator_id or 0, share.standard_id, share.segment))
        if above is None or below is None:
            continue
        numerator, denominator = counts[above.pk].amount, counts[below.pk].amount
        was = counts[share.pk]
        new = _quotient(indicator, numerator, denominator)
        if new == was.amount:
            continue
        made.append(
            Correction.objects.create(
                figure=share,
                state=CorrectionState.ACCEPTED,
                old_amount=was.amount,
                new_amount=new,
                new_numerator=numerator,
                new_denominator=denominator,
                old_stage=was.stage,
                new_stage=min((counts[above.pk].stage, counts[below.pk].stage), key=Stage.values.index),
                carried_from=correction,
                reason=f"tính lại theo «{figure.item.title}»",
                offered_at=now,
                decided_at=now,
            )
        )
    return made


def _quotient(indicator: Indicator, above: Decimal | None, below: Decimal | None) -> Decimal | None:
    if above is None or not below:
        return None
    factor = 100 if indicator.kind == IndicatorKind.SHARE else 1
    return (above * factor / below).quantize(Decimal("0.0001"))


def _carry_up(corrected: Sequence[Correction], *, actor: Actor, now: datetime) -> list[Correction]:
    report = corrected[0].figure.report
    parent = report.parent
    if parent is None:
        return []
    label = tree.labels_on([report.unit_id], on=actor.on).get(report.unit_id, "Đơn vị")
    if parent.sent_at is None:
        # Nothing has gone up yet: whoever merges takes the figure in force.
        return []
    offered = []
    for correction in corrected:
        one = _offer_above(correction, parent, label, now=now)
        if one is not None:
            offered.append(one)
    if offered:
        tell(
            kind="report.correction",
            text=f"{label} đính chính {len(offered)} số đã tổng hợp trong «{parent.round.title}».",
            address=f"{reverse('reports:report', args=[parent.pk])}#dinh-chinh",
            now=now,
            sender=actor.name,
            unit_id=parent.unit_id,
        )
    return offered


def _offer_above(correction: Correction, parent: Report, label: str, *, now: datetime) -> Correction | None:
    """A named correction of the merged figure; sums change by the difference, shares by their counts."""
    below = correction.figure
    above = (
        parent.figures.filter(
            indicator_id=below.indicator_id,
            standard=below.standard_id,
            segment=below.segment,
            since=below.since,
            until=below.until,
        )
        .select_related("indicator")
        .first()
    )
    if above is None or above.indicator.aggregation != Aggregation.SUM:
        return None  # shares of the merged report follow from its corrected counts
    was = in_force([above])[above.pk].amount
    if was is None or correction.new_amount is None:
        return None
    difference = correction.new_amount - (correction.old_amount or Decimal(0))
    return Correction.objects.create(
        figure=above,
        old_amount=was,
        new_amount=was + difference,
        old_stage=above.stage,
        new_stage=above.stage,
        carried_from=correction,
        reason=f"{label} đính chính «{below.item.title}»",
        offered_at=now,
    )


def accept_all(report: Report, *, actor: Actor, now: datetime) -> int:
    """Everything that waits in one report, oldest first; all or none."""
    waiting = list(
        Correction.objects.filter(figure__report=report, state=CorrectionState.OFFERED)
        .select_related("figure__report__round__plan", "figure__item", "figure__indicator")
        .order_by("pk")
    )
    with transaction.atomic():
        for correction in waiting:
            accept(correction, actor=actor, now=now)
        if waiting:
            record(
                "reports.report.correct_all",
                report,
                label="Đính chính các số đã gửi",
                actor=actor,
                now=now,
                object_unit_id=report.unit_id,
                details={"count": len(waiting)},
            )
    return len(waiting)
