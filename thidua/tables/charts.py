"""Charts as inline SVG, drawn by the server: a line over years, bars, a small line for a table row.

Pure: figures in, markup out. Every chart has a title and a description for who cannot see it; colours come
from classes of `tables/charts.css` (dark pages, print), never from attributes. A table of the same figures
stands beside each chart; that is the page's matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from html import escape
from itertools import pairwise

from django.utils.safestring import SafeString, mark_safe

from thidua.core.formats import format_number

Point = tuple[Decimal, Decimal]


class Firmness(StrEnum):
    """How firm a dot is: a full, a ringed and a hollow dot."""

    FIRM = "firm"
    PRELIMINARY = "preliminary"
    FORECAST = "forecast"


@dataclass(frozen=True, slots=True)
class Dot:
    """One figure; `x` in years (2023.5 is the middle between the ends of 2023 and 2024)."""

    x: Decimal
    y: Decimal
    label: str
    firmness: Firmness = Firmness.FIRM
    href: str = ""


@dataclass(frozen=True, slots=True)
class LineChart:
    """Figures over years, the line to a goal, and the band between two goals (x, low, high)."""

    #: Letters and digits; unique on the page, for the references of title and description.
    name: str
    title: str
    description: str
    dots: tuple[Dot, ...]
    goal: tuple[Point, ...] = ()
    band: tuple[tuple[Decimal, Decimal, Decimal], ...] = ()
    unit: str = ""
    goal_label: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a bar chart; `goal` is a mark across it. `tone`: good, warning, late or empty."""

    label: str
    value: Decimal | None
    text: str
    goal: Decimal | None = None
    tone: str = ""


@dataclass(frozen=True, slots=True)
class _Frame:
    """From figures to places in the picture."""

    left: Decimal
    right: Decimal
    low: Decimal
    high: Decimal
    width: int
    height: int
    margin: tuple[int, int, int, int]  # top, right, bottom, left

    def x(self, value: Decimal) -> Decimal:
        _, right, _, left = self.margin
        return left + (value - self.left) / (self.right - self.left) * (self.width - left - right)

    def y(self, value: Decimal) -> Decimal:
        top, _, bottom, _ = self.margin
        return top + (self.high - value) / (self.high - self.low) * (self.height - top - bottom)


_WIDE, _HIGH = 460, 250


def line_chart(chart: LineChart) -> SafeString:
    """The whole picture, with axes. Without any figure a sentence stands in its place."""
    ticks = _ticks(_all_y(chart))
    frame = _frame(chart, ticks, size=(_WIDE, _HIGH), margin=(18, 80 if chart.goal_label else 22, 30, 44))
    parts = [_opening(chart.name, chart.title, chart.description, size=(_WIDE, _HIGH), css="td-chart")]
    for tick in ticks:
        at = _n(frame.y(tick))
        parts.append(
            f'<line class="td-chart-grid" x1="{frame.margin[3]}" x2="{_WIDE - frame.margin[1]}" y1="{at}" '
            f'y2="{at}"/><text class="td-chart-tick td-chart-tick-y" x="{frame.margin[3] - 6}" y="{at}" '
            f'dy="0.35em">{escape(format_number(tick))}</text>'
        )
    if chart.unit:
        parts.append(f'<text class="td-chart-tick" x="2" y="10">{escape(chart.unit)}</text>')
    for year in _years(frame):
        parts.append(
            f'<text class="td-chart-tick td-chart-tick-x" x="{_n(frame.x(Decimal(year)))}" '
            f'y="{_HIGH - 10}">{year}</text>'
        )
    parts += _goal(chart, frame)
    parts += _actual(chart, frame)
    parts += _values(chart, frame)
    parts.append("</svg>")
    return mark_safe("".join(parts))  # noqa: S308  every text above went through escape


def small_line(chart: LineChart) -> SafeString:
    """The same in the size of a table row: line, goal and the last dot, without axes."""
    size = (120, 36)
    frame = _frame(chart, _all_y(chart), size=size, margin=(5, 6, 5, 6))
    parts = [
        _opening(chart.name, chart.title, chart.description, size=size, css="td-chart-small"),
        *_goal(chart, frame, with_label=False),
        *_actual(chart, frame),
        "</svg>",
    ]
    return mark_safe("".join(parts))  # noqa: S308  as above


def bar_chart(name: str, title: str, description: str, bars: Sequence[Bar]) -> SafeString:
    """Bars under each other, longest figure over the whole width; no bar where the figure is missing."""
    row, width = 38, 360
    height = max(row * len(bars), row)
    amounts = [value for bar in bars for value in (bar.value, bar.goal) if value is not None]
    largest = max([*amounts, Decimal(0)]) or Decimal(1)
    parts = [_opening(name, title, description, size=(width, height), css="td-chart td-chart-bars")]
    for place, bar in enumerate(bars):
        top = place * row
        parts.append(
            f'<text class="td-chart-label" x="0" y="{top + 13}">{escape(bar.label)}</text>'
            f'<text class="td-chart-value td-chart-end" x="{width}" y="{top + 13}">{escape(bar.text)}</text>'
            f'<rect class="td-chart-track" x="0" y="{top + 19}" width="{width}" height="10" rx="2"/>'
        )
        if bar.value is not None and bar.value > 0:
            tone = f" td-chart-{bar.tone}" if bar.tone else ""
            parts.append(
                f'<rect class="td-chart-bar{tone}" x="0" y="{top + 19}" '
                f'width="{_n(bar.value / largest * width)}" height="10" rx="2"/>'
            )
        if bar.goal is not None and bar.goal >= 0:
            at = _n(bar.goal / largest * width)
            parts.append(f'<line class="td-chart-mark" x1="{at}" x2="{at}" y1="{top + 16}" y2="{top + 32}"/>')
    parts.append("</svg>")
    return mark_safe("".join(parts))  # noqa: S308  as above


# --- parts ----------------------------------------------------------------------------------------


def _opening(name: str, title: str, description: str, *, size: tuple[int, int], css: str) -> str:
    return (
        f'<svg class="{css}" viewBox="0 0 {size[0]} {size[1]}" role="img" '
        f'aria-labelledby="{escape(name)}-title {escape(name)}-desc" focusable="false">'
        f'<title id="{escape(name)}-title">{escape(title)}</title>'
        f'<desc id="{escape(name)}-desc">{escape(description)}</desc>'
    )


def _goal(chart: LineChart, frame: _Frame, *, with_label: bool = True) -> list[str]:
    parts = []
    if chart.band:
        upper = [(x, high) for x, _, high in chart.band]
        lower = [(x, low) for x, low, _ in reversed(chart.band)]
        parts.append(f'<polygon class="td-chart-band" points="{_points([*upper, *lower], frame)}"/>')
    if len(chart.goal) > 1:
        parts.append(f'<polyline class="td-chart-goal" points="{_points(chart.goal, frame)}"/>')
        if with_label and chart.goal_label:
            x, y = chart.goal[-1]
            ends = [y] if not chart.band else [*chart.band[-1][1:]]
            at = sum((frame.y(end) for end in ends), Decimal(0)) / len(ends)
            parts.append(
                f'<text class="td-chart-goal-label" x="{_n(frame.x(x) + 8)}" y="{_n(at)}" dy="0.35em">'
                f"{escape(chart.goal_label)}</text>"
            )
    return parts


def _actual(chart: LineChart, frame: _Frame) -> list[str]:
    parts = []
    for one, next_one in pairwise(chart.dots):
        forecast = " td-chart-forecast" if next_one.firmness is Firmness.FORECAST else ""
        parts.append(
            f'<line class="td-chart-line{forecast}" x1="{_n(frame.x(one.x))}" y1="{_n(frame.y(one.y))}" '
            f'x2="{_n(frame.x(next_one.x))}" y2="{_n(frame.y(next_one.y))}"/>'
        )
    for dot in chart.dots:
        circle = (
            f'<circle class="td-chart-dot td-chart-dot-{dot.firmness}" cx="{_n(frame.x(dot.x))}" '
            f'cy="{_n(frame.y(dot.y))}" r="{4 if frame.width > 200 else 2.5}"><title>{escape(dot.label)}'
            "</title></circle>"
        )
        parts.append(circle)
    return parts


def _values(chart: LineChart, frame: _Frame) -> list[str]:
    """The figure beside each dot, away from the line to the goal."""
    parts = []
    for dot in chart.dots:
        below = _goal_at(chart.goal, dot.x)
        under = below is not None and dot.y < below
        y = frame.y(dot.y) + (18 if under else -9)
        if y < 10:
            y = frame.y(dot.y) + 18
        end = " td-chart-end" if dot.x == frame.right else " td-chart-middle" if dot.x > frame.left else ""
        parts.append(
            f'<text class="td-chart-value{end}" x="{_n(frame.x(dot.x))}" y="{_n(y)}">'
            f"{escape(format_number(dot.y))}</text>"
        )
    return parts


def _goal_at(goal: Sequence[Point], x: Decimal) -> Decimal | None:
    for (x0, y0), (x1, y1) in pairwise(goal):
        if x0 <= x <= x1 and x1 > x0:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return None


def _points(points: Sequence[Point], frame: _Frame) -> str:
    return " ".join(f"{_n(frame.x(x))},{_n(frame.y(y))}" for x, y in points)


def _frame(
    chart: LineChart, levels: Sequence[Decimal], *, size: tuple[int, int], margin: tuple[int, int, int, int]
) -> _Frame:
    xs = [dot.x for dot in chart.dots] + [x for x, _ in chart.goal] + [x for x, _, _ in chart.band]
    left, right = (min(xs), max(xs)) if xs else (Decimal(0), Decimal(1))
    if right == left:
        left, right = left - 1, right + 1
    low, high = (min(levels), max(levels)) if levels else (Decimal(0), Decimal(1))
    if high == low:
        low, high = low - 1, high + 1
    return _Frame(left, right, low, high, size[0], size[1], margin)


def _all_y(chart: LineChart) -> list[Decimal]:
    band = [level for _, low, high in chart.band for level in (low, high)]
    return [dot.y for dot in chart.dots] + [y for _, y in chart.goal] + band


def _ticks(levels: Sequence[Decimal]) -> list[Decimal]:
    """Four to six round levels that hold all figures; from zero when zero is near."""
    if not levels:
        return [Decimal(0), Decimal(1)]
    low, high = min(levels), max(levels)
    if 0 <= low <= high * Decimal("0.6"):
        low = Decimal(0)
    span = high - low or abs(high) or Decimal(1)
    step = round_step(span / 4)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    if first == last:
        last += 1
    return [step * number for number in range(int(first), int(last) + 1)]


def round_step(rough: Decimal) -> Decimal:
    """The next of 1, 2, 2.5, 5 times a power of ten."""
    power = Decimal(1).scaleb(rough.adjusted())
    for factor in (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5)):
        if power * factor >= rough:
            return power * factor
    return power * 10


def _years(frame: _Frame) -> list[int]:
    first = int(frame.left.to_integral_value(ROUND_CEILING))
    last = int(frame.right.to_integral_value(ROUND_FLOOR))
    step = max(1, (last - first) // 7 + (1 if (last - first) % 7 else 0)) if last - first > 7 else 1
    return list(range(first, last + 1, step))


def coordinate(value: Decimal) -> str:
    """A coordinate: two decimals, a point, no exponent."""
    return f"{value:.2f}"


#: Every line of markup has several.
_n = coordinate
