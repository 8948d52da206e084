"""The page of one indicator at one place: its series, the units below, who has not reported, other sources.

Hides which tree counts (the one of the period, or today's) and how rows are ordered; asks a fixed number of
queries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from thidua.core.text import sort_key
from thidua.indicators import figures, totals
from thidua.indicators.figures import Figure, Row
from thidua.indicators.indicator_list import last_day, period_label
from thidua.indicators.models import Basis, Indicator, IndicatorKind, Standard, Value
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import PLACES, Unit, UnitKind, UnitVersion
from thidua.organisations.successions import heirs_on
from thidua.tables.charts import Dot, LineChart, line_chart
from thidua.tables.tree_maps import Tile, TreeMap, tree_map

ORDERS = ("ten", "gia_tri", "thay_doi", "bao_cao")
LATEST = 8
#: More units are shown in the table alone: their tiles would hold no words.
MOST_TILES = 200
#: What tiles are sized by when the indicator itself has no whole.
HOUSEHOLDS = "total_households"
SHOWN_MISSING = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, made sure."""

    basis: Basis = Basis.THEN
    segment: str = ""
    period: tuple[date, date] | None = None
    standard: str = ""
    order: str = "ten"


@dataclass(frozen=True, slots=True)
class Below:
    """One unit below the place: its figure, the one before, and how long its bar is (0 to 100)."""

    version: UnitVersion
    row: Row
    bar: int = 0
    href: str = ""

    @property
    def figure(self) -> Figure:
        return self.row.figure


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A column head of the units below; `direction` is for aria-sort."""

    title: str
    href: str
    direction: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A count that a share or mean is computed from, and where it is read."""

    indicator: Indicator
    amount: Decimal | None
    href: str

    @property
    def label(self) -> str:
        return self.indicator.name


@dataclass
class IndicatorPage:
    """All that the template shows; each part is looked up when it is asked for."""

    indicator: Indicator
    place: Unit
    asked: Asked
    on: date
    path: str
    rows: list[Row] = field(default_factory=list)

    @cached_property
    def version(self) -> UnitVersion | None:
        return tree.last_version(self.place.pk, on=self._tree_day)

    @cached_property
    def label(self) -> str:
        return self.version.label if self.version else self.place.key

    @cached_property
    def row(self) -> Row | None:
        """The row of the period and standard that the lower part of the page speaks of."""
        fitting = [row for row in self.rows if self._fits(row.figure)]
        return fitting[0] if fitting else None

    def _fits(self, figure: Figure) -> bool:
        if self.asked.period and (figure.since, figure.until) != self.asked.period:
            return False
        return not self.asked.standard or bool(
            figure.standard and figure.standard.code == self.asked.standard
        )

    @cached_property
    def period(self) -> tuple[date, date]:
        if self.asked.period:
            return self.asked.period
        if self.row:
            return self.row.figure.since, self.row.figure.until
        newest = (
            Value.objects.filter(indicator_id__in=_measured(self.indicator), is_chosen=True)
            .order_by("-since", "-until")
            .values_list("since", "until")
            .first()
        )
        return newest or (date(self.on.year - 1, 1, 1), date(self.on.year, 1, 1))

    @property
    def period_name(self) -> str:
        return period_label(*self.period)

    @cached_property
    def standard(self) -> Standard | None:
        return self.row.figure.standard if self.row else None

    @property
    def _tree_day(self) -> date:
        return last_day(self.period[1]) if self.asked.basis == Basis.THEN else self.on

    @cached_property
    def exists(self) -> bool:
        return tree.version_on(self.place.pk, on=self._tree_day) is not None

    @cached_property
    def heirs(self) -> list[UnitVersion]:
        """Who took over from a place that is not in today's tree."""
        if self.exists:
            return []
        ids = [pk for pk in heirs_on(self.place.pk, on=self.on) if pk != self.place.pk]
        rows = UnitVersion.objects.filter(tree.valid_on(self.on), unit_id__in=ids)
        return list(rows.select_related("unit"))

    @cached_property
    def above(self) -> list[UnitVersion]:
        """The units above the place, from the root."""
        return tree.ancestors(self.place.pk, on=self._tree_day)[:-1]

    @cached_property
    def below(self) -> list[Below]:
        versions = list(_reporting_children(self.place.pk, self.indicator, on=self._tree_day))
        periods = [self.period, figures.period_before(*self.period)]
        found = figures.figures_of(
            self.indicator,
            [version.unit_id for version in versions],
            basis=self.asked.basis,
            segment=self.asked.segment,
            periods=periods,
        )
        standard = self.standard
        if self.row is None:
            # Nothing is known of the place itself: the newest standard that something below is under.
            under = [one.standard for one in found.values() if one.standard and one.since == self.period[0]]
            standard = max(under, key=lambda one: (one.since, one.pk), default=None)
        standard_id = standard.pk if standard else None
        rows = []
        for version in versions:
            current, before = (found.get((version.unit_id, *period, standard_id)) for period in periods)
            figure = current or Figure(version.unit_id, *self.period, self.standard)
            rows.append((version, Row(figure, before)))
        most = max((abs(row.figure.amount) for _, row in rows if row.figure.amount is not None), default=0)
        shown = [
            Below(version, row, _bar(row.figure.amount, most), self.address(noi=version.unit.key))
            for version, row in rows
        ]
        return _ordered(shown, self.asked.order)

    @property
    def headings(self) -> list[Heading]:
        found = []
        for key, title in zip(ORDERS, ("Đơn vị", "Giá trị", "So với kỳ trước", "Đã báo cáo"), strict=True):
            is_current = self.asked.order.lstrip("-") == key
            is_falling = is_current and self.asked.order.startswith("-")
            direction = ("descending" if is_falling else "ascending") if is_current else "none"
            wanted = f"-{key}" if is_current and not is_falling else key
            found.append(Heading(title, self.address(sap_xep=wanted), direction, key != "ten"))
        return found

    @cached_property
    def chart(self) -> str:
        """The series of the standard spoken of as a line: years of which the whole place is known.

        Empty with fewer than two. A sum of some communes beside one of all would draw a fall that is none.
        """
        series = [row.figure for row in self.rows if row.figure.standard == self.standard]
        dots = tuple(
            Dot(
                Decimal(figure.since.year),
                figure.amount,
                f"{period_label(figure.since, figure.until)}: {figures.shown(self.indicator, figure.amount)}",
            )
            for figure in reversed(series)
            if figure.amount is not None
            and figure.is_firm
            and period_code((figure.since, figure.until)).isdecimal()
        )
        if len(dots) < 2:
            return ""
        title = f"{self.indicator.name}, {self.label}"
        description = "; ".join(dot.label for dot in dots)
        return line_chart(LineChart("chuoi", title, description, dots, unit=self.indicator.measure))

    @cached_property
    def map(self) -> str:
        """The units below as a tree-map; empty with fewer than two, very many, or when nothing is known."""
        known = [one for one in self.below if one.figure.amount is not None]
        if not known or not 2 <= len(self.below) <= MOST_TILES:
            return ""
        sized_by, sizes = self._sizes
        measure = sized_by.measure if sized_by else ""
        usual = _middle(list(sizes.values())) if sizes else Decimal(1)
        tiles = tuple(
            Tile(
                one.version.label,
                one.figure.amount,
                sizes.get(one.version.unit_id, usual),
                _with_measure(self.indicator, one.figure.amount),
                one.href,
                f"{figures.shown(sized_by, sizes[one.version.unit_id])} {measure}"
                if sized_by and one.version.unit_id in sizes
                else "",
                short=one.version.name if one.version.unit.is_place else "",
            )
            for one in self.below
        )
        description = f"{len(known)}/{len(tiles)} đơn vị có số liệu. {self.map_note} Số liệu ở bảng bên dưới."
        title = f"{self.indicator.name}, {self.label}, {self.period_name}"
        return tree_map(TreeMap("ban-do-o", title, description, tiles, self.indicator.measure))

    @cached_property
    def map_note(self) -> str:
        """What size and shade of a tile mean."""
        sized_by, sizes = self._sizes
        if sized_by is None:
            return "Các ô bằng nhau; ô đậm hơn là số cao hơn."
        rest = len(self.below) - len(sizes)
        unknown = f" {rest} ô chưa rõ cỡ, vẽ cỡ trung bình." if rest else ""
        name = f"{sized_by.name[:1].lower()}{sized_by.name[1:]}"
        return f"Ô lớn theo {name}; ô đậm hơn là số cao hơn.{unknown}"

    @cached_property
    def _sizes(self) -> tuple[Indicator | None, dict[int, Decimal]]:
        """What the tiles are sized by, and how much of it each unit has; nothing when most have none."""
        wanted = self.indicator.denominator or self.indicator.part_of
        if wanted is None:
            wanted = Indicator.objects.filter(code=HOUSEHOLDS).exclude(pk=self.indicator.pk).first()
        if wanted is None:
            return None, {}
        found = figures.figures_of(
            wanted,
            [one.version.unit_id for one in self.below],
            basis=self.asked.basis,
            segment=self.asked.segment if self.asked.segment in wanted.segments else "",
            periods=[self.period],
        )
        sizes = {one.unit_id: one.amount for one in found.values() if one.amount and one.amount > 0}
        return (wanted, sizes) if len(sizes) * 2 > len(self.below) else (None, {})

    @cached_property
    def parts(self) -> list[Part]:
        """Of a share or mean that was computed: the two counts, each opening its own page or its source."""
        if self.row is None or not self.row.figure.is_counted:
            return []
        pair = [one for one in (self.indicator.numerator, self.indicator.denominator) if one is not None]
        found = [self._part(one) for one in pair]
        return found if all(one.amount is not None for one in found) else []

    def _part(self, part: Indicator) -> Part:
        segment = self.asked.segment if self.asked.segment in part.segments else ""
        known = figures.figures_of(
            part, [self.place.pk], basis=self.asked.basis, segment=segment, periods=[self.period]
        )
        fitting = [one for one in known.values() if one.standard in (self.standard, None)]
        figure = max(fitting, key=lambda one: one.standard is not None, default=None)
        if figure is not None and figure.own is not None and figure.is_own:
            return Part(part, figure.amount, reverse("indicators:value", args=[figure.own.pk]))
        page = reverse("indicators:indicator", args=[part.code])
        asked = self.address(chuan="", sap_xep="").partition("?")[2]
        return Part(part, figure.amount if figure else None, f"{page}?{asked}")

    @property
    def has_bars(self) -> bool:
        return any(one.bar for one in self.below)

    @property
    def is_points(self) -> bool:
        """Whether changes are percentage points."""
        return self.indicator.kind == IndicatorKind.SHARE

    @cached_property
    def sources(self) -> list[tuple[str, list[Value]]]:
        """Keys with several sources, each with the period and standard in words."""
        found = figures.other_sources(self.indicator, self.place.pk, segment=self.asked.segment)
        return [(_key_label(values[0]), values) for values in found.values()]

    @cached_property
    def latest(self) -> list[Value]:
        """The figures that came in or were corrected last, at or below the place."""
        ids = tree.ids_at_or_below([self.place.pk], on=self._tree_day)
        rows = list(
            Value.objects.filter(indicator_id__in=_measured(self.indicator), unit_id__in=ids)
            .select_related("replaces", "user", "indicator")
            .order_by("-entered_at", "-pk")[:LATEST]
        )
        labels = tree.labels_on([row.unit_id for row in rows], on=self._tree_day)
        for row in rows:
            row.unit_label = labels.get(row.unit_id, "")  # type: ignore[attr-defined]
        return rows

    @property
    def above_links(self) -> list[Link]:
        return [Link(one.label, self.address(noi=one.unit.key)) for one in self.above]

    @property
    def heir_links(self) -> list[Link]:
        return [Link(one.label, self.address(noi=one.unit.key)) for one in self.heirs]

    @property
    def level_name(self) -> str:
        """ "cấp xã": who reports."""
        return str(UnitKind(self.indicator.reported_by).label).lower()

    @cached_property
    def _missing_ids(self) -> list[int]:
        """Units that should have reported and have not; of a share, those without its numerator."""
        if self.row is None or self.row.figure.is_complete or not self.row.figure.expected:
            return []
        part = self.indicator.numerator if figures.is_ratio(self.indicator) else self.indicator
        found = totals.total(
            part or self.indicator,
            self.place.pk,
            since=self.period[0],
            until=self.period[1],
            basis=self.asked.basis,
            standard=self.standard,
            segment=self.asked.segment,
        )
        return list(found.missing_ids()) if found is not None else []

    @property
    def missing_count(self) -> int:
        return len(self._missing_ids)

    @cached_property
    def missing_names(self) -> str:
        shown = self._missing_ids[:SHOWN_MISSING]
        return ", ".join(sorted(tree.labels_on(shown, on=self._tree_day).values(), key=sort_key))

    @property
    def missing_more(self) -> int:
        return max(0, self.missing_count - SHOWN_MISSING)

    @property
    def workbook_address(self) -> str:
        return self.address(dang="xlsx")

    @property
    def csv_address(self) -> str:
        return self.address(dang="csv")

    @property
    def dhis2_address(self) -> str:
        return self.address(dang="dhis2")

    def address(self, **changed: str) -> str:
        """This page with other answers; empty ones fall away."""
        answers = {
            "noi": self.place.key,
            "theo": self.asked.basis if self.asked.basis != Basis.THEN else "",
            "phan_to": self.asked.segment,
            "ky": period_code(self.asked.period) if self.asked.period else "",
            "chuan": self.asked.standard,
            "sap_xep": self.asked.order if self.asked.order != "ten" else "",
            **changed,
        }
        return f"{self.path}?{urlencode([(name, value) for name, value in answers.items() if value])}"


def load(indicator: Indicator, place: Unit, asked: Asked, *, on: date, path: str) -> IndicatorPage:
    found = figures.figures_of(indicator, [place.pk], basis=asked.basis, segment=asked.segment)
    page = IndicatorPage(indicator, place, asked, on, path)
    page.rows = [
        replace(
            row,
            href=page.address(
                ky=period_code((row.figure.since, row.figure.until)),
                chuan=row.figure.standard.code if row.figure.standard else "",
            ),
        )
        for row in figures.series_of(found.values())
    ]
    return page


def own_place(acting: Acting) -> Unit | None:
    """Where a person stands: the own unit when it is a place, else the place it belongs to."""
    if acting.unit_id is None:
        return None
    version = tree.last_version(acting.unit_id, on=acting.on)
    if version is None:
        return None
    while not version.unit.is_place and version.parent_id is not None:
        above = tree.last_version(version.parent_id, on=acting.on)
        if above is None:
            break
        version = above
    return version.unit


def period_code(period: tuple[date, date]) -> str:
    """ "2023" of a year, "2023-01-01..2023-04-01" of another period: for addresses."""
    since, until = period
    if (since.month, since.day, until) == (1, 1, date(since.year + 1, 1, 1)):
        return str(since.year)
    return f"{since.isoformat()}..{until.isoformat()}"


def parse_period_code(text: str) -> tuple[date, date] | None:
    """What `period_code` wrote; None for anything else."""
    try:
        if text.isdecimal() and len(text) == 4:
            return date(int(text), 1, 1), date(int(text) + 1, 1, 1)
        first, _, after = text.partition("..")
        since, until = date.fromisoformat(first), date.fromisoformat(after)
    except ValueError:
        return None
    return (since, until) if since < until else None


def _measured(indicator: Indicator) -> list[int]:
    """What people report so that this indicator has figures."""
    parts = [indicator.numerator_id, indicator.denominator_id] if figures.is_ratio(indicator) else []
    return [indicator.pk, *(part for part in parts if part is not None)]


def _reporting_children(unit_id: int, indicator: Indicator, *, on: date) -> QuerySet[UnitVersion]:
    """The places below, or the bodies below when bodies report; not below the reporting level."""
    kinds: Sequence[str] = [*PLACES, indicator.reported_by]
    if indicator.reported_by != UnitKind.VILLAGE:
        kinds = [kind for kind in kinds if kind != UnitKind.VILLAGE]
    return tree.children(unit_id, on=on).filter(unit__kind__in=kinds)


def _bar(amount: Decimal | None, most: Decimal | int) -> int:
    if amount is None or amount <= 0 or not most:
        return 0
    return max(1, int(amount * 100 / most))


def _ordered(rows: list[Below], order: str) -> list[Below]:
    """What nobody knows stands last, whichever way the rows are ordered."""
    key, is_falling = order.lstrip("-"), order.startswith("-")
    if key == "ten":
        return sorted(rows, key=lambda one: one.version.label_order, reverse=is_falling)
    numbers = {one.version.pk: _number(one, key) for one in rows}
    known = [one for one in rows if numbers[one.version.pk] is not None]
    known.sort(key=lambda one: numbers[one.version.pk] or 0, reverse=is_falling)
    return known + [one for one in rows if numbers[one.version.pk] is None]


def _middle(sizes: list[Decimal]) -> Decimal:
    return sorted(sizes)[len(sizes) // 2]


def _with_measure(indicator: Indicator, amount: Decimal | None) -> str:
    shown = figures.shown(indicator, amount)
    return shown if amount is None else f"{shown} {indicator.measure}".strip()


def _number(one: Below, key: str) -> Decimal | None:
    if key == "thay_doi":
        return one.row.change
    if key == "bao_cao":
        figure = one.figure
        return Decimal(figure.reported) / figure.expected if figure.expected else None
    return one.figure.amount


def _key_label(value: Value) -> str:
    standard = f", {value.standard.name}" if value.standard else ""
    return f"{period_label(value.since, value.until)}{standard}"
