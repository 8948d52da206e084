"""Charts, read back from their markup."""

from __future__ import annotations

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua.tables.charts import Bar, Dot, Firmness, LineChart, bar_chart, line_chart, small_line

D = Decimal


def chart(**changed: object) -> LineChart:
    fields: dict[str, object] = {
        "name": "t1",
        "title": "Tỷ lệ nghèo đa chiều",
        "description": "Từ 24,26 % năm 2021 xuống 11,36 % năm 2024",
        "dots": (Dot(D(2021), D("24.26"), "2021: 24,26 %"), Dot(D(2024), D("11.36"), "2024: 11,36 %")),
        "goal": ((D(2021), D("24.26")), (D(2025), D("16.26"))),
        "band": ((D(2021), D("24.26"), D("24.26")), (D(2025), D("12.26"), D("16.26"))),
        "unit": "%",
        **changed,
    }
    return LineChart(**fields)  # type: ignore[arg-type]


def test_line_chart_names_itself_and_its_dots() -> None:
    svg = ElementTree.fromstring(line_chart(chart()))

    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "t1-title t1-desc"
    assert [svg.findtext("title"), svg.findtext("desc")] == [
        "Tỷ lệ nghèo đa chiều",
        "Từ 24,26 % năm 2021 xuống 11,36 % năm 2024",
    ]
    assert [dot.findtext("title") for dot in svg.iter("circle")] == ["2021: 24,26 %", "2024: 11,36 %"]


def test_line_chart_puts_lower_figures_lower_and_later_ones_to_the_right() -> None:
    first, second = ElementTree.fromstring(line_chart(chart())).iter("circle")

    assert float(first.get("cx", "")) < float(second.get("cx", ""))
    assert float(first.get("cy", "")) < float(second.get("cy", ""))


def test_line_chart_labels_years_and_round_levels() -> None:
    svg = ElementTree.fromstring(line_chart(chart()))

    years = [text.text for text in svg.iter("text") if "tick-x" in (text.get("class") or "")]
    levels = [text.text for text in svg.iter("text") if "tick-y" in (text.get("class") or "")]
    assert years == ["2021", "2022", "2023", "2024", "2025"]
    assert levels == ["0", "10", "20", "30"]


def test_line_chart_without_figures_is_empty_and_well_formed() -> None:
    svg = ElementTree.fromstring(line_chart(chart(dots=(), goal=(), band=())))

    assert list(svg.iter("circle")) == []


def test_forecast_is_drawn_apart() -> None:
    dots = (Dot(D(2023), D(5), "a"), Dot(D(2024), D(4), "b", Firmness.FORECAST))
    svg = ElementTree.fromstring(small_line(chart(dots=dots)))

    assert [line.get("class") for line in svg.iter("line")] == ["td-chart-line td-chart-forecast"]


def test_texts_are_escaped_and_nothing_is_styled_inline() -> None:
    markup = line_chart(chart(title='<b>"&', description="x < y"))

    assert "<b>" not in markup
    assert ElementTree.fromstring(markup).findtext("title") == '<b>"&'
    assert not re.search(r"\sstyle=|\sfill=|\sstroke=", markup)


def test_bars_are_as_long_as_their_share_of_the_largest() -> None:
    bars = [Bar("Nông thôn mới", D(97), "97/112", goal=D(112), tone="late"), Bar("Chưa rõ", None, "–")]
    svg = ElementTree.fromstring(bar_chart("b", "Xã", "", bars))

    drawn = [rect for rect in svg.iter("rect") if "td-chart-bar" in (rect.get("class") or "")]
    assert [rect.get("width") for rect in drawn] == [f"{97 / 112 * 360:.2f}"]
    assert [mark.get("x1") for mark in svg.iter("line")] == ["360.00"]


@pytest.mark.parametrize("draw", [line_chart, small_line])
@given(
    levels=st.lists(
        st.decimals(-(10**9), 10**9, places=2, allow_nan=False, allow_infinity=False), min_size=1, max_size=9
    )
)
def test_any_figures_stay_within_the_picture(draw: object, levels: list[D]) -> None:
    dots = tuple(Dot(D(2020 + place), level, str(level)) for place, level in enumerate(levels))
    svg = ElementTree.fromstring(draw(chart(dots=dots, goal=(), band=())))  # type: ignore[operator]

    _, _, width, height = map(float, (svg.get("viewBox") or "").split())
    for dot in svg.iter("circle"):
        assert 0 <= float(dot.get("cx", "")) <= width
        assert 0 <= float(dot.get("cy", "")) <= height
