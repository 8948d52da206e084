"""A tree-map as inline SVG: each unit a tile, its size one figure, its shade the class of another.

Pure: figures in, markup out. Hides how tiles are laid out so that they stay near squares, what fits into a
tile, and where one class ends. Each tile is a link that keys reach and that says everything; a tile without a
figure is hatched. A table of the same figures stands beside; that is the page's matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from html import escape

from django.utils.safestring import SafeString, mark_safe

from thidua.core.formats import format_number
from thidua.tables.charts import coordinate, round_step

#: Narrow, so that its letters are readable on a phone; on a desk the picture grows and its letters do not.
WIDTH, HEIGHT = Decimal(360), Decimal(300)
CLASSES = 5
#: About the width of a letter, and the room around the words of a tile.
_LETTER, _ROOM, _LINE = Decimal("5.8"), Decimal(4), 14


@dataclass(frozen=True, slots=True)
class Tile:
    """One unit. `value` shades it (None: nobody knows), `size` gives its room, `text` is the value."""

    label: str
    value: Decimal | None
    size: Decimal
    text: str
    href: str = ""
    #: What the tile is sized by, in words: "1.500 hộ".
    size_text: str = ""
    #: What stands on the tile, when it is not the label: "Dào San".
    short: str = ""

    @property
    def sentence(self) -> str:
        sized = f" ({self.size_text})" if self.size_text else ""
        return f"{self.label}: {self.text}{sized}"


@dataclass(frozen=True, slots=True)
class TreeMap:
    """The whole picture. `missing_text` stands in the legend for the hatched tiles."""

    #: Letters and digits; unique on the page.
    name: str
    title: str
    description: str
    tiles: tuple[Tile, ...]
    unit: str = ""
    missing_text: str = "chưa có số liệu"


@dataclass(frozen=True, slots=True)
class Shade:
    """One class of values: from `low` up to `high`, the last one with `high` itself."""

    number: int
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tile lies."""

    x: Decimal
    y: Decimal
    width: Decimal
    height: Decimal


def tree_map(chart: TreeMap) -> SafeString:
    """The picture with its legend below. The largest tile stands first, for eyes and for keys."""
    tiles = sorted(chart.tiles, key=lambda one: (-one.size, one.label))
    classes = shades([one.value for one in tiles if one.value is not None])
    name = escape(chart.name)
    parts = [
        f'<svg class="td-chart td-map" viewBox="0 0 {WIDTH} {HEIGHT}" role="group" '
        f'aria-labelledby="{name}-title" aria-describedby="{name}-desc">'
        f'<title id="{name}-title">{escape(chart.title)}</title>'
        f'<desc id="{name}-desc">{escape(chart.description)}</desc>'
        f"{_hatching(name)}"
    ]
    for tile, place in zip(tiles, laid_out([one.size for one in tiles], WIDTH, HEIGHT), strict=True):
        parts.append(_tile(tile, place, classes, name))
    parts.append("</svg>")
    parts.append(_legend(chart, tiles, classes))
    return mark_safe("".join(parts))  # noqa: S308  every text above and below went through escape


def shades(values: Sequence[Decimal]) -> list[Shade]:
    """At most five classes between round bounds that hold all values; one when all are the same."""
    if not values:
        return []
    low, high = min(values), max(values)
    if low == high:
        return [Shade(1, low, high)]
    step = round_step((high - low) / CLASSES)
    while (high / step).to_integral_value(ROUND_CEILING) - (low / step).to_integral_value(
        ROUND_FLOOR
    ) > CLASSES:
        step = round_step(step * Decimal("1.01"))
    first = int((low / step).to_integral_value(ROUND_FLOOR))
    last = int((high / step).to_integral_value(ROUND_CEILING))
    return [
        Shade(number, step * (first + number - 1), step * (first + number))
        for number in range(1, last - first + 1)
    ]


def shade_of(value: Decimal, classes: Sequence[Shade]) -> Shade:
    return next((one for one in classes if value < one.high), classes[-1])


# --- laying out -----------------------------------------------------------------------------------


def laid_out(sizes: Sequence[Decimal], width: Decimal, height: Decimal) -> list[Place]:
    """A place for each size, the largest first, in rows along the shorter side (Bruls and others, 2000).

    Together they fill the rectangle; each area is its share of the whole. Sizes must be above zero.
    """
    whole = sum(sizes, Decimal(0))
    areas = [size * width * height / whole for size in sizes]
    x = y = Decimal(0)
    places: list[Place] = []
    start = 0
    while start < len(areas):
        side = min(width, height)
        end = start + 1
        while end < len(areas) and _worst(areas[start : end + 1], side) <= _worst(areas[start:end], side):
            end += 1
        row = areas[start:end]
        thick = sum(row, Decimal(0)) / side
        at = Decimal(0)
        for area in row:
            long = area / thick
            if width >= height:
                places.append(Place(x, y + at, thick, long))
            else:
                places.append(Place(x + at, y, long, thick))
            at += long
        if width >= height:
            x, width = x + thick, width - thick
        else:
            y, height = y + thick, height - thick
        start = end
    return places


def _worst(row: Sequence[Decimal], side: Decimal) -> Decimal:
    """The proportion of the tile that is furthest from a square."""
    whole = sum(row, Decimal(0))
    square = side * side
    return max(square * max(row) / (whole * whole), whole * whole / (square * min(row)))


# --- drawing --------------------------------------------------------------------------------------


def _hatching(name: str) -> str:
    return (
        f'<defs><pattern id="{name}-trong" width="7" height="7" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect class="td-map-paper" width="7" height="7"/>'
        '<line class="td-map-stripe" x1="0" x2="0" y1="0" y2="7"/></pattern></defs>'
    )


def _tile(tile: Tile, place: Place, classes: Sequence[Shade], name: str) -> str:
    x, y, wide, high = (coordinate(one) for one in (place.x, place.y, place.width, place.height))
    box = f'x="{x}" y="{y}" width="{wide}" height="{high}"'
    if tile.value is None:
        rect = f'<rect class="td-map-tile" {box} fill="url(#{name}-trong)"/>'
    else:
        rect = f'<rect class="td-map-tile td-map-{shade_of(tile.value, classes).number}" {box}/>'
    # The title is the name of the link; the words on the tile are a part of it.
    inside = f"<title>{escape(tile.sentence)}</title>{rect}{_words(tile, place)}"
    return (
        f'<a class="td-plain-link" href="{escape(tile.href)}">{inside}</a>'
        if tile.href
        else f'<g role="img">{inside}</g>'
    )


def _words(tile: Tile, place: Place) -> str:
    """Name and figure, as far as they fit; the title, the link and the table say the rest."""
    letters = int((place.width - 2 * _ROOM) / _LETTER)
    lines = int((place.height - _ROOM) / _LINE)
    if lines < 1 or letters < 4:
        return ""
    shown = [(_fitting(tile.short or tile.label, letters), "td-chart-label")]
    if lines > 1 and len(tile.text) <= letters:
        shown.append((tile.text, "td-chart-value"))
    x = coordinate(place.x + _ROOM)
    return "".join(
        f'<text class="{css}" x="{x}" y="{coordinate(place.y + _LINE * number + 1)}" aria-hidden="true">'
        f"{escape(words)}</text>"
        for number, (words, css) in enumerate(shown, 1)
    )


def _fitting(words: str, letters: int) -> str:
    return words if len(words) <= letters else f"{words[: letters - 1].rstrip()}…"


def _legend(chart: TreeMap, tiles: Sequence[Tile], classes: Sequence[Shade]) -> str:
    """A swatch and words for each class that occurs, with how many tiles it has."""
    numbers = [shade_of(one.value, classes).number for one in tiles if one.value is not None]
    items = [
        (f"td-map-{one.number}", f"{_bounds(one, chart.unit)}: {numbers.count(one.number)}")
        for one in classes
        if one.number in numbers
    ]
    missing = len(tiles) - len(numbers)
    if missing:
        items.append(("td-map-none", f"{chart.missing_text}: {missing}"))
    shown = "".join(
        f'<li><svg class="td-map-swatch" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        f'<rect class="td-map-tile {css}" width="16" height="16"/>{_stripes(css)}</svg> {escape(words)}</li>'
        for css, words in items
    )
    return f'<ul class="td-map-legend">{shown}</ul>'


def _stripes(css: str) -> str:
    if css != "td-map-none":
        return ""
    return '<path class="td-map-stripe" d="M-2 10 10 -2 M-2 18 18 -2 M6 18 18 6"/>'


def _bounds(shade: Shade, unit: str) -> str:
    words = format_number(shade.low)
    if shade.high != shade.low:
        words += f" – {format_number(shade.high)}"
    return f"{words} {unit}".strip()
