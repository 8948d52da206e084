"""The picture of a judged target: its figures, the line to its goal, the band of "from … to …"."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from django.utils.safestring import SafeString

from thidua.core.formats import format_number
from thidua.movements.progress.judging import Judged
from thidua.movements.progress.trajectory import Form, Mark, place
from thidua.movements.progress.verdicts import when_of
from thidua.tables.charts import Dot, Firmness, LineChart, Point, line_chart, small_line


def chart_of(judged: Judged, *, name: str) -> LineChart:
    """The figures in the amount that the target speaks of."""
    found = judged.judgement
    marks = found.marks or _raw(judged)
    forecasts: tuple[Mark, ...] = ()
    if judged.goal is not None and judged.goal.form in (Form.LEVEL, Form.COUNT, Form.FALL_PER_YEAR):
        forecasts = tuple(mark for mark in found.forecasts if not marks or mark.on > marks[-1].on)
    unit = found.measure or (judged.goal.measure if judged.goal else "")
    dots = tuple(_dot(mark, unit) for mark in (*marks, *forecasts))
    line = found.line
    goal: tuple[Point, ...] = ()
    band: tuple[tuple[Decimal, Decimal, Decimal], ...] = ()
    label = ""
    if line is not None:
        goal = ((line.start, line.start_amount), (line.end, line.end_amount))
        if line.far_amount is not None:
            low, high = sorted((line.end_amount, line.far_amount))
            band = ((line.start, line.start_amount, line.start_amount), (line.end, low, high))
            label = f"{_short(low)}–{_short(high)}"
        else:
            label = f"đích {_short(line.end_amount)}"
    return LineChart(
        name=name,
        title=f"{judged.target.label}: số đạt được so với đường đến đích",
        description=found.sentence,
        dots=dots,
        goal=goal,
        band=band,
        unit=unit,
        goal_label=label,
    )


def large(judged: Judged, *, name: str) -> SafeString | str:
    """The chart with axes; empty without any figure."""
    chart = chart_of(judged, name=name)
    return line_chart(chart) if chart.dots else ""


def small(judged: Judged) -> SafeString | str:
    """The line of a table row; empty without any figure."""
    chart = chart_of(judged, name=f"nho-{judged.target.pk}")
    return small_line(chart) if chart.dots else ""


def _raw(judged: Judged) -> tuple[Mark, ...]:
    """Figures that exist although they were not enough for a verdict."""
    series = judged.goal.series if judged.goal else ""
    known = tuple(
        mark
        for mark in judged.marks
        if mark.is_known(on=judged.on) and not mark.is_forecast and mark.is_complete and mark.series == series
    )
    if judged.goal is not None and judged.goal.form is Form.SHARE and judged.goal.stated_count is not None:
        return tuple(replace(mark, amount=mark.part) for mark in known if mark.part is not None)
    return known


def _dot(mark: Mark, unit: str) -> Dot:
    firmness = (
        Firmness.FORECAST
        if mark.is_forecast
        else Firmness.PRELIMINARY
        if mark.is_preliminary
        else Firmness.FIRM
    )
    amount = mark.amount.quantize(Decimal("0.01"))
    label = f"{when_of(mark)}: {format_number(amount)} {unit} ({mark.stage})"
    return Dot(place(mark.on), amount, label, firmness)


def _short(amount: Decimal) -> str:
    return format_number(amount.quantize(Decimal("0.01")))
