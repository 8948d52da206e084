"""Indicators of the review of poor households in the small world of Phong Thổ, and figures of communes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_cell_to_rowcol

from thidua.core.text import fold, sort_key
from thidua.indicators import values
from thidua.indicators.entry_sheets import SHEET
from thidua.indicators.models import (
    Aggregation,
    Direction,
    Indicator,
    IndicatorKind,
    Source,
    Stage,
    Standard,
    System,
    Value,
)
from thidua.organisations.tests.world import DAY, World, phong_tho

NOW = datetime(2023, 11, 5, 3, 0, tzinfo=UTC)
COMMUNES = ("huoi-luong", "dao-san", "mu-sang")


def make_indicator(code: str, name: str, **more: object) -> Indicator:
    usual: dict[str, object] = {
        "kind": IndicatorKind.COUNT,
        "system": System.REVIEW,
        "measure": "hộ",
        "direction": Direction.DOWN,
        "aggregation": Aggregation.SUM,
        "lowest": Decimal(0),
        "name_order": sort_key(name),
        "search_text": fold(f"{name} {code}"),
    }
    return Indicator.objects.create(code=code, name=name, **(usual | more))


@dataclass
class FigureWorld:
    """`poor_hh` within `total_households`, and the rate of the two."""

    world: World
    standard: Standard
    indicators: dict[str, Indicator] = field(default_factory=dict)

    def give(
        self,
        code: str,
        unit: str,
        amount: int | str | None,
        *,
        year: int = 2023,
        stage: str = Stage.PRELIMINARY,
        source: Source | None = None,
        by: str = "tinh",
    ) -> Value:
        """A figure that somebody of the province enters."""
        since, until = values.year(year)
        entered = values.enter(
            [
                values.Entry(
                    self.indicators[code].pk,
                    self.world.unit(unit).pk,
                    since,
                    until,
                    None if amount is None else Decimal(amount),
                    nothing_arose=amount is None,
                    stage=stage,
                    standard_id=self.standard.pk,
                    source_id=source.pk if source else None,
                    override_reason="ví dụ",
                )
            ],
            actor=self.world.acting(by),
            now=NOW,
        )
        return entered.values[0]


def figure_world() -> FigureWorld:
    standard = Standard.objects.create(
        code="ngheo-2022-2026",
        name="Chuẩn nghèo 2022 – 2025",
        since=date(2022, 1, 1),
        until=date(2027, 1, 1),
        baseline_year=2021,
    )
    made = FigureWorld(phong_tho(), standard)
    whole = make_indicator("total_households", "Tổng số hộ dân cư", jump_percent=20, direction=Direction.NONE)
    poor = make_indicator("poor_hh", "Số hộ nghèo", part_of=whole, jump_percent=60)
    rate = make_indicator(
        "poor_hh_rate",
        "Tỷ lệ hộ nghèo",
        kind=IndicatorKind.SHARE,
        measure="%",
        decimals=2,
        aggregation=Aggregation.RATIO,
        numerator=poor,
        denominator=whole,
        base="tổng số hộ dân cư",
        highest=Decimal(100),
    )
    made.indicators = {one.code: one for one in (whole, poor, rate)}
    return made


def filled(raw: bytes, cells: dict[str, Any]) -> bytes:
    """A template of ours with some cells filled in, as somebody would with Excel: {"C7": 12}."""
    rows = (
        CalamineWorkbook.from_filelike(BytesIO(raw)).get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
    )
    for place, value in cells.items():
        row, column = xl_cell_to_rowcol(place)
        rows[row][column] = value
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet(SHEET)
        for number, row_cells in enumerate(rows):
            for column, value in enumerate(row_cells):
                if value != "":
                    page.write(number, column, value)
    return out.getvalue()


__all__ = ["COMMUNES", "DAY", "NOW", "FigureWorld", "figure_world", "filled", "make_indicator"]
