"""Tree-maps, read back from their markup; how tiles are laid out and classed, as laws."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua.tables.tree_maps import HEIGHT, WIDTH, Place, Tile, TreeMap, laid_out, shade_of, shades, tree_map

D = Decimal
SIZES = st.lists(st.integers(1, 1_000_000).map(Decimal), min_size=1, max_size=20)


def drawn(*tiles: Tile) -> ElementTree.Element:
    chart = TreeMap("m1", "Tỷ lệ hộ nghèo, huyện Phong Thổ", "Hai xã & một thị trấn", tiles, "%")
    return ElementTree.fromstring(f"<div>{tree_map(chart)}</div>")


def test_tiles_are_links_that_say_everything_the_largest_first() -> None:
    page = drawn(
        Tile("xã Dào San", D("41.6"), D(1500), "41,60 %", "?noi=dao-san", "1.500 hộ"),
        Tile("xã <Huổi> Luông", D(12), D(3000), "12,00 %", "?noi=huoi&theo=x"),
        Tile("xã Mù Sang", None, D(500), "chưa có số liệu", "?noi=mu-sang"),
    )
    svg = page.find("svg")
    assert svg is not None
    assert svg.get("role") == "group"
    assert svg.findtext("desc") == "Hai xã & một thị trấn"
    links = list(svg.iter("a"))
    assert [(one.get("href"), one.findtext("title")) for one in links] == [
        ("?noi=huoi&theo=x", "xã <Huổi> Luông: 12,00 %"),
        ("?noi=dao-san", "xã Dào San: 41,60 % (1.500 hộ)"),
        ("?noi=mu-sang", "xã Mù Sang: chưa có số liệu"),
    ]
    fills = [one.find("rect").get("fill") for one in links]  # type: ignore[union-attr]
    assert fills == [None, None, "url(#m1-trong)"]
    legend = ["".join(item.itertext()).strip() for item in page.iter("li")]
    assert legend == [
        "10 – 20 %: 1",
        "40 – 50 %: 1",
        "chưa có số liệu: 1",
    ]


def test_long_names_are_cut_and_tiny_tiles_stay_without_words() -> None:
    page = drawn(
        Tile("thị trấn có một cái tên rất là dài không ai đọc hết được", D(1), D(1_000_000), "1 %"),
        Tile("xã Bé", D(2), D(1), "2 %"),
    )
    words = [one.text for one in page.iter("text")]
    assert words == ["thị trấn có một cái tên rất là dài không ai đọc hết được", "1 %"]


@given(SIZES)
def test_tiles_fill_the_picture_each_with_its_share(sizes: list[Decimal]) -> None:
    places = laid_out(sorted(sizes, reverse=True), WIDTH, HEIGHT)
    whole = sum(sizes)
    for size, place in zip(sorted(sizes, reverse=True), places, strict=True):
        assert place.width * place.height == pytest.approx(size * WIDTH * HEIGHT / whole, rel=D("1e-9"))
        assert place.x >= 0
        assert place.x + place.width <= WIDTH + D("1e-9")
        assert place.y + place.height <= HEIGHT + D("1e-9")
    assert not any(_overlap(one, other) for i, one in enumerate(places) for other in places[i + 1 :])


def _overlap(one: Place, other: Place) -> bool:
    wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    high = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return wide > D("1e-9") and high > D("1e-9")


@given(st.lists(st.decimals(-10_000, 10_000, places=2), min_size=1, max_size=30))
def test_each_value_lies_in_its_class_of_at_most_five(values: list[Decimal]) -> None:
    classes = shades(values)
    assert 1 <= len(classes) <= 5
    for value in values:
        found = shade_of(value, classes)
        assert found.low <= value <= found.high


def test_nothing_known_has_no_class() -> None:
    assert shades([]) == []
