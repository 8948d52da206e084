"""The whole period of a plan in figures: each year's, with its stage, as a chart and as a table.

A year's figure is the one of the merged report of that year, as corrected; where there was no report, the
firm figure of the system. Hides how the charts of pages become pictures for paper, where no style sheet is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from thidua.core.formats import format_number
from thidua.indicators.models import IndicatorKind, Stage
from thidua.movements.progress.judging import Judged
from thidua.movements.progress.pictures import chart_of
from thidua.movements.progress.trajectory import Form
from thidua.reports import correcting
from thidua.reports.lower_reports import period_in_words
from thidua.reports.models import FormItem, FormSection, Report, ReportFigure, RoundKind
from thidua.reports.prefill import place_of
from thidua.reports.report_facts import aims_of, in_system, places_of
from thidua.tables.charts import Dot, Firmness, LineChart, Point, line_chart

#: Reviews draw the whole period; so many series at most, those with a target first.
REVIEWS = (RoundKind.MID_TERM, RoundKind.FINAL)
MOST_SERIES = 6


@dataclass(frozen=True, slots=True)
class Reading:
    """The figure of one year and where it comes from."""

    year: int
    amount: Decimal
    stage: str
    source: str

    @property
    def is_firm(self) -> bool:
        return self.stage == Stage.OFFICIAL


@dataclass(frozen=True)
class Series:
    """One figure of the form over the years."""

    key: str
    title: str
    unit: str
    is_rate: bool
    readings: tuple[Reading, ...]
    judged: Judged | None = None

    def of(self, year: int) -> Reading | None:
        return next((one for one in self.readings if one.year == year), None)

    def words(self, amount: Decimal) -> str:
        return format_number(amount, places=2) if self.is_rate else format_number(amount)

    @property
    def change(self) -> Decimal | None:
        """From the first to the last known year."""
        if len(self.readings) < 2:
            return None
        return self.readings[-1].amount - self.readings[0].amount


def draws(report: Report) -> bool:
    """Whether a report shows the whole period."""
    return report.round.kind in REVIEWS


def years_of(report: Report) -> list[int]:
    """The year before the plan begins, to compare with, up to the year of the round."""
    first = report.round.since.year
    plan = report.round.plan
    movement_year = plan.movement.first_year
    if movement_year is not None:
        first = min(first, movement_year)
    return list(range(first - 1, report.round.year + 1))


def series_of(report: Report, *, on: date) -> list[Series]:
    """The figures of the form that are known for two years or more; queries by item, not by unit."""
    years = years_of(report)
    items = list(
        FormItem.objects.filter(form_id=report.round.form_id, section=FormSection.FIGURES)
        .select_related("indicator", "standard")
        .order_by("position", "pk")
    )
    reported = _reported(report, items)
    aims, places = aims_of(report, on=on), places_of(report)
    found = []
    for item in items:
        assert item.indicator is not None
        known = reported.get(item.key, {})
        place = places.get((item.indicator.pk, item.segment), place_of(report))
        known = {**_in_system(item, place, [year for year in years if year not in known]), **known}
        readings = tuple(known[year] for year in sorted(known) if year in years)
        if len(readings) < 2:
            continue
        is_rate = item.indicator.kind == IndicatorKind.SHARE
        found.append(
            Series(
                item.key,
                item.title,
                "%" if is_rate else item.indicator.measure,
                is_rate,
                readings,
                aims.get((item.indicator.pk, item.segment)),
            )
        )
    found.sort(key=lambda one: (one.judged is None, not one.is_rate))
    return found[:MOST_SERIES]


def _reported(report: Report, items: Sequence[FormItem]) -> dict[str, dict[int, Reading]]:
    """By item and year, from the merged reports of the plan; a later round speaks over an earlier one."""
    keys = [item.key for item in items]
    rows = list(
        ReportFigure.objects.filter(
            report__round__plan_id=report.round.plan_id, report__is_merged=True, item__key__in=keys
        )
        .select_related("item", "indicator", "report__round")
        .order_by("report__round__year", "report__round__merged_due_on", "pk")
    )
    rows = [row for row in rows if row.report_id == report.pk or row.report.sent_at is not None]
    in_force = correcting.in_force(rows)
    found: dict[str, dict[int, Reading]] = {}
    for row in rows:
        now = in_force[row.pk]
        if now.amount is None:
            continue
        found.setdefault(row.item.key, {})[row.since.year] = Reading(
            row.since.year, now.amount, now.stage, row.report.round.title
        )
    return found


def _in_system(item: FormItem, place: int, years: Collection[int]) -> dict[int, Reading]:
    periods = [(date(year, 1, 1), date(year + 1, 1, 1)) for year in years]
    readings = {}
    for (since, _), one in in_system(item, place, periods).items() if periods else ():
        own = one.own
        assert one.amount is not None
        stage = own.stage if own is not None else Stage.PRELIMINARY
        source = str(own.source) if own is not None and own.source else "số liệu trong hệ thống"
        readings[since.year] = Reading(since.year, one.amount, stage, source)
    return readings


# ---- pictures


def chart(series: Series, *, name: str) -> LineChart:
    """The line over the years, with the way to the goal where the plan asks for one."""
    firmness = {Stage.OFFICIAL: Firmness.FIRM, Stage.FORECAST: Firmness.FORECAST}
    dots = tuple(
        Dot(
            Decimal(one.year),
            one.amount.quantize(Decimal("0.01")),
            f"Năm {one.year}: {series.words(one.amount)} {series.unit} ({stage_in_words(one.stage)})",
            firmness.get(Stage(one.stage), Firmness.PRELIMINARY) if one.stage else Firmness.PRELIMINARY,
        )
        for one in series.readings
    )
    goal: tuple[Point, ...] = ()
    band: tuple[tuple[Decimal, Decimal, Decimal], ...] = ()
    label = ""
    # The goal of a share is a percentage; the figures drawn are the number behind it.
    goal_ = series.judged.goal if series.judged is not None else None
    is_share = goal_ is not None and goal_.form is Form.SHARE and goal_.stated_count is None
    if series.judged is not None and not is_share:
        drawn = chart_of(series.judged, name=name)
        if drawn.unit in (series.unit, ""):
            goal, band, label = drawn.goal, drawn.band, drawn.goal_label
    return LineChart(
        name=name,
        title=f"{series.title}, {span(series)}",
        description=described(series),
        dots=dots,
        goal=goal,
        band=band,
        unit=series.unit,
        goal_label=label,
    )


def span(series: Series) -> str:
    first, last = series.readings[0].year, series.readings[-1].year
    return period_in_words(date(first, 1, 1), date(last + 1, 1, 1))


def described(series: Series) -> str:
    """The same in words, for who cannot see the picture."""
    parts = [f"năm {one.year}: {series.words(one.amount)} {series.unit}".strip() for one in series.readings]
    return f"{series.title}: {'; '.join(parts)}."


def stage_in_words(stage: str) -> str:
    return Stage(stage).label.lower() if stage in Stage.values else "chưa rõ mức độ"


def paper_picture(drawn: LineChart, *, family: str) -> str:
    """The chart as SVG that stands alone: with size, colours that part in grey, the font of the paper."""
    markup = str(line_chart(drawn))
    opening, rest = markup.split(">", 1)
    style = _PAPER_STYLE.replace("FAMILY", family)
    return (
        f'{opening} xmlns="http://www.w3.org/2000/svg" width="460" height="250"><style>{style}</style>{rest}'
    )


#: What `tables/charts.css` says, for paper.
_PAPER_STYLE = (
    "text{font-family:'FAMILY';fill:#333;font-size:12px}"
    ".td-chart-value{fill:#000;font-size:13px;font-weight:bold}"
    ".td-chart-goal-label{fill:#1d4f8c;font-weight:bold}"
    ".td-chart-tick-y,.td-chart-end{text-anchor:end}"
    ".td-chart-tick-x,.td-chart-middle{text-anchor:middle}"
    ".td-chart-grid{stroke:#d0d0d0;stroke-width:1}"
    ".td-chart-line{stroke:#a6192e;stroke-width:2}"
    ".td-chart-forecast{stroke-dasharray:3 4}"
    ".td-chart-goal{fill:none;stroke:#1d4f8c;stroke-dasharray:6 4;stroke-width:1.6}"
    ".td-chart-band{fill:#1d4f8c;fill-opacity:0.12}"
    ".td-chart-dot{fill:#a6192e;stroke:#a6192e;stroke-width:1.6}"
    ".td-chart-dot-preliminary,.td-chart-dot-forecast{fill:#fff}"
    ".td-chart-dot-forecast{stroke-dasharray:2 2}"
)


def table_rows(found: Iterable[Series], years: Sequence[int]) -> list[tuple[str, ...]]:
    """Beside the charts: one row a series, one column a year; «–» where nothing is known."""
    rows = []
    for series in found:
        cells = []
        for year in years:
            one = series.of(year)
            mark = "" if one is None or one.is_firm else "*"
            cells.append(f"{series.words(one.amount)}{mark}" if one is not None else "–")
        rows.append((series.title, series.unit, *cells))
    return rows
