"""Excel files out.

Every value is written as text, number or day, never as a formula: a text that says «=1+1» must stay a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from xlsxwriter import Workbook

from thidua.core.clock import VIETNAM

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | float | Decimal | date | datetime | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A name, the columns with their widths in letters, and the rows."""

    name: str
    columns: tuple[tuple[str, int], ...]
    rows: Iterable[Sequence[Cell]]


def written(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as one Excel file: head row frozen and filtered, A4 landscape."""
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as workbook:
        head = workbook.add_format(
            {
                "bold": True,
                "bg_color": "#A6192E",
                "font_color": "#FFFFFF",
                "text_wrap": True,
                "valign": "vcenter",
            }
        )
        text = workbook.add_format({"text_wrap": True, "valign": "top"})
        day = workbook.add_format({"num_format": "dd/mm/yyyy", "valign": "top", "align": "left"})
        moment = workbook.add_format({"num_format": "dd/mm/yyyy hh:mm", "valign": "top", "align": "left"})
        for sheet in sheets:
            page = workbook.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            page.set_landscape()
            page.set_paper(9)  # A4
            page.fit_to_pages(1, 0)
            page.repeat_rows(0)
            for column, (title, width) in enumerate(sheet.columns):
                page.set_column(column, column, width, text)
                page.write_string(0, column, title, head)
            last = 1
            for number, row in enumerate(sheet.rows, 1):
                last = number
                for column, value in enumerate(row):
                    _write(page, number, column, value, text=text, day=day, moment=moment)
            page.autofilter(0, 0, last, len(sheet.columns) - 1)
    return out.getvalue()


def _write(page: Any, row: int, column: int, value: Cell, *, text: Any, day: Any, moment: Any) -> None:
    if isinstance(value, datetime):
        page.write_datetime(row, column, value.astimezone(VIETNAM).replace(tzinfo=None), moment)
    elif isinstance(value, date):
        page.write_datetime(row, column, value, day)
    elif isinstance(value, int | float | Decimal):
        page.write_number(row, column, value, text)
    elif value:
        page.write_string(row, column, value, text)


def download(content: bytes, *, name: str, content_type: str = WORKBOOK_TYPE) -> HttpResponse:
    """Bytes as a file that the browser saves under `name`."""
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": disposition})
