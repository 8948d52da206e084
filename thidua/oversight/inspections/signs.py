"""Signs that movements and their figures give: late tasks, jumps in figures, rates below what a plan asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.urls import reverse

from thidua.core.formats import format_number
from thidua.criteria import lawbook
from thidua.indicators.models import Indicator, IndicatorKind, Value
from thidua.movements.models import Plan, Target, TargetBinding, Task
from thidua.movements.warning_signs import Asked, Sign

_Key = tuple[int, int, int | None, str]


def late_tasks(asked: Asked) -> list[Sign]:
    """One sign for each unit that owes late work: how many tasks, and how late the oldest is."""
    rows = Task.objects.filter(
        plan=asked.plan,
        unit_id__in=asked.unit_ids,
        state__in=Task.OWED,
        due_on__lt=min(asked.on, asked.until),
        due_on__gte=asked.since,
    ).order_by("due_on", "pk")
    late: dict[int, list[Task]] = defaultdict(list)
    for task in rows:
        late[task.unit_id].append(task)
    return [
        Sign(
            unit_id,
            "late_task",
            f"{len(tasks)} nhiệm vụ quá hạn, chậm nhất {tasks[0].days_late(on=asked.on)} ngày: "
            f"{tasks[0].short_title}",
            len(tasks),
            "oversight.risk.late_task",
            reverse("tasks:task", args=[tasks[0].pk]),
        )
        for unit_id, tasks in late.items()
    ]


def indicators_of(plan: Plan) -> list[Indicator]:
    """What measures the targets of a plan, with the counts behind the rates."""
    bound = TargetBinding.objects.filter(target__plan=plan, target__is_current=True).select_related(
        "indicator__numerator", "indicator__denominator"
    )
    found: dict[int, Indicator] = {}
    for one in bound:
        for indicator in (one.indicator, one.indicator.numerator, one.indicator.denominator):
            if indicator is not None:
                found[indicator.pk] = indicator
    return list(found.values())


def values_of(asked: Asked, indicators: Iterable[Indicator], *, since: date) -> list[Value]:
    """Chosen figures of the units for periods that touch the days from `since`."""
    return list(
        Value.objects.filter(
            indicator__in=list(indicators),
            unit_id__in=asked.unit_ids,
            is_chosen=True,
            since__gte=since,
            since__lt=asked.until,
        )
        .select_related("indicator")
        .order_by("since", "pk")
    )


def jumps(asked: Asked) -> list[Sign]:
    """Figures that changed by more than the threshold of their indicator against the period before."""
    usual = Decimal(lawbook.value("oversight.risk.jump_percent", on=asked.on).value)
    year_before = date(asked.since.year - 1, 1, 1)
    series: dict[_Key, list[Value]] = defaultdict(list)
    for value in values_of(asked, indicators_of(asked.plan), since=year_before):
        series[value.indicator_id, value.unit_id, value.standard_id, value.segment].append(value)
    found = []
    for values in series.values():
        for before, after in pairwise(values):
            percent = jump_percent(_counted(before), _counted(after))
            allowed = after.indicator.jump_percent
            limit = usual if allowed is None else Decimal(allowed)
            if (
                before.until == after.since
                and after.since >= asked.since
                and percent is not None
                and abs(percent) > limit
            ):
                text = (
                    f"{after.indicator.name}: {format_number(_counted(before))} → "
                    f"{format_number(_counted(after))} "
                    f"({'tăng' if percent > 0 else 'giảm'} {format_number(abs(percent), places=0)} %)"
                )
                address = reverse("indicators:value", args=[after.pk])
                found.append(Sign(after.unit_id, "jump", text, 1, "oversight.risk.jump", address))
    return found


def jump_percent(before: Decimal, after: Decimal) -> Decimal | None:
    """By how many percent a figure changed; None from nothing, of which no percentage can be said."""
    return (after - before) / before * 100 if before else None


def unmet(asked: Asked) -> list[Sign]:
    """Rates of a unit that stay behind what the plan asks of all."""
    rows = TargetBinding.objects.filter(
        target__plan=asked.plan,
        target__is_current=True,
        target__unit="percent",
        target__per="",
        target__value__isnull=False,
        indicator__kind=IndicatorKind.SHARE,
        indicator__numerator__isnull=False,
        indicator__denominator__isnull=False,
    ).select_related("target", "indicator")
    bindings = list(rows)
    wanted = {
        pk
        for one in bindings
        for pk in (one.indicator.numerator_id, one.indicator.denominator_id)
        if pk is not None
    }
    latest: dict[tuple[int, int], Value] = {}
    for value in values_of(asked, Indicator.objects.filter(pk__in=wanted), since=asked.since):
        if not value.segment:
            latest[value.indicator_id, value.unit_id] = value
    found = []
    for one in bindings:
        for unit_id in asked.unit_ids:
            part = latest.get((one.indicator.numerator_id or 0, unit_id))
            whole = latest.get((one.indicator.denominator_id or 0, unit_id))
            # A rate is of one period: figures of two are no rate.
            if part is None or whole is None or part.since != whole.since or not _counted(whole):
                continue
            rate = _counted(part) / _counted(whole) * 100
            if is_behind(one.target, rate):
                assert one.target.value is not None
                text = (
                    f"{one.target.label}: {format_number(rate, places=1)} %, "
                    f"kế hoạch {format_number(one.target.value)} %"
                )
                address = reverse("indicators:value", args=[part.pk])
                found.append(Sign(unit_id, "unmet", text, 1, "oversight.risk.unmet", address))
    return found


def is_behind(target: Target, rate: Decimal) -> bool:
    """Unknown comparators say nothing."""
    assert target.value is not None
    behind = {
        "gte": rate < target.value,
        "gt": rate <= target.value,
        "lte": rate > target.value,
        "lt": rate >= target.value,
    }
    return behind.get(target.comparator, False)


def _counted(value: Value) -> Decimal:
    return Decimal(0) if value.amount is None else value.amount
