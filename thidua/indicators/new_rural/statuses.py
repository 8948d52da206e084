"""How many criteria a commune met in a year: entered by the commune, read by the board.

A criterion nobody answered is unknown, not failed. The number met is also a value of `ntm_criteria_met`, so
that series, totals and targets see it. Criterion 11 shows the rate of the poverty review and keeps none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from thidua.audit.log import Actor, record
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.indicators.models import Indicator, NewRuralStatus, Stage, Standard, Value
from thidua.indicators.new_rural.criteria_sets import CriteriaSet, set_of_year
from thidua.indicators.values import Entry, enter, year
from thidua.organisations import tree
from thidua.organisations.models import Unit

#: Fewer than so many of the 19 count as "dưới 15 tiêu chí" (Nghị quyết 25/2021/QH15).
FEW = 15


def answers_of(status: NewRuralStatus | None) -> dict[int, bool]:
    """Criterion → met or not; what is missing was not answered."""
    return {int(number): is_met for number, is_met in (status.met or {}).items()} if status else {}


def set_for(number: int, unit: Unit) -> tuple[CriteriaSet, Standard]:
    """The set that a place is judged by in a year. Raises RuleNotMet when there is none."""
    found = set_of_year(number, kind=unit.kind)
    if found is None:
        raise RuleNotMet(
            f"Chưa có bộ tiêu chí cho năm {number}",
            why="danh mục chưa có bộ tiêu chí nông thôn mới của năm và cấp này",
            next_step="Chọn năm khác, hoặc đề nghị bổ sung bộ tiêu chí",
        )
    return found


def record_status(
    unit: Unit,
    number: int,
    answers: Mapping[int, bool],
    *,
    actor: Actor,
    now: datetime,
    seen: datetime | None = None,
) -> NewRuralStatus:
    """Save which criteria a place met in a year; the same answers again change nothing.

    `seen` is when the answers that the person looked at were entered: ChangedMeanwhile when others came.
    Raises NotAllowed, RuleNotMet on a year without a set or an unknown number. Logged with what was before.
    """
    actor.require("value.enter", unit)
    criteria_set, standard = set_for(number, unit)
    unknown = sorted(set(answers) - set(criteria_set.numbers))
    if unknown:
        raise RuleNotMet(
            "Chưa lưu kết quả tiêu chí",
            why=f"bộ tiêu chí không có tiêu chí số {unknown[0]}",
            next_step="Mở lại trang nhập rồi ghi lại",
        )
    if not answers:
        raise RuleNotMet(
            "Chưa lưu kết quả tiêu chí",
            why="chưa trả lời tiêu chí nào",
            next_step="Chọn đạt hay chưa đạt cho ít nhất một tiêu chí",
        )
    met = {str(one): answers[one] for one in sorted(answers)}
    count = sum(met.values())
    try:
        with transaction.atomic():
            rows = NewRuralStatus.objects.select_for_update()
            before = rows.filter(unit=unit, year=number, standard=standard).first()
            if before is not None and before.met == met:
                return before
            if seen is not None and before is not None and before.entered_at != seen:
                raise _changed_meanwhile()
            old = dict(before.met or {}) if before else {}
            status = before or NewRuralStatus(unit=unit, year=number, standard=standard)
            status.met, status.met_count = met, count
            status.user, status.entered_at = actor.user, now
            status.save()
            _enter_count(status, actor=actor, now=now)
            record(
                "indicators.new_rural.status",
                status,
                label="Ghi kết quả tiêu chí nông thôn mới",
                actor=actor,
                now=now,
                object_label=f"{tree.labels_on([unit.pk], on=actor.on).get(unit.pk, unit.key)}, năm {number}",
                object_unit_id=unit.pk,
                before=f"{sum(old.values())} tiêu chí" if before else "",
                after=f"{count} tiêu chí",
                details={"year": number, "standard": standard.code, "met": met, "before": old},
            )
    except IntegrityError as error:
        raise _changed_meanwhile() from error
    return status


def _enter_count(status: NewRuralStatus, *, actor: Actor, now: datetime) -> None:
    indicator = Indicator.objects.filter(code="ntm_criteria_met").first()
    if indicator is None or status.met_count is None:
        return
    since, until = year(status.year)
    entry = Entry(
        indicator.pk,
        status.unit_id,
        since,
        until,
        Decimal(status.met_count),
        stage=Stage.PRELIMINARY,
        standard_id=status.standard_id,
        override_reason="Theo kết quả từng tiêu chí",
    )
    enter([entry], actor=actor, now=now)


def _changed_meanwhile() -> ChangedMeanwhile:
    return ChangedMeanwhile(
        "Chưa lưu kết quả tiêu chí",
        why="người khác vừa ghi kết quả của năm này",
        next_step="Mở lại trang để xem kết quả mới rồi ghi lại",
    )


def statuses(unit_ids: Collection[int], number: int, standard: Standard) -> dict[int, NewRuralStatus]:
    """What each of the units has answered for a year; one query."""
    rows = NewRuralStatus.objects.filter(unit_id__in=unit_ids, year=number, standard=standard)
    return {row.unit_id: row for row in rows}


@dataclass(frozen=True, slots=True)
class Poverty:
    """The rate that criterion 11 is about, from the poverty review; `counts` when it was computed."""

    percent: Decimal
    stage: str
    counts: tuple[Decimal, Decimal] | None = None


def poverty(unit_ids: Collection[int], number: int) -> dict[int, Poverty]:
    """Multidimensional poverty rate of each unit in a year, by the standard of the year; one query.

    One series serves both movements. Computed from the households counted, else as printed.
    """
    since, until = year(number)
    codes = ("poor_and_near_poor_hh", "total_households", "multidim_poverty_rate")
    rows = Value.objects.filter(
        indicator__code__in=codes,
        unit_id__in=unit_ids,
        since=since,
        until=until,
        segment="",
        is_chosen=True,
        amount__isnull=False,
    ).select_related("indicator", "standard")
    found: dict[int, dict[str, Value]] = {}
    for row in rows:
        # Of the last year of a standard there may be two: đầu kỳ of the next one is measured then, too.
        if row.standard is not None and not row.standard.since < until <= row.standard.until:
            continue
        found.setdefault(row.unit_id, {})[row.indicator.code] = row
    answers: dict[int, Poverty] = {}
    for unit_id, values in found.items():
        poor, everybody, rate = (values.get(code) for code in codes)
        if poor and everybody and poor.amount is not None and everybody.amount:
            percent = poor.amount * 100 / everybody.amount
            answers[unit_id] = Poverty(
                percent.quantize(Decimal("0.01")), poor.stage, (poor.amount, everybody.amount)
            )
        elif rate and rate.amount is not None:
            answers[unit_id] = Poverty(rate.amount, rate.stage)
    return answers
