"""Figures of one indicator as files: Excel of what the page shows, CSV and DHIS2 of all below the place.

CSV and DHIS2 go out while they are read, a few hundred units at a time, so that memory stays small. Each file
says on which basis sums are made, how final a figure is and where it comes from. What is missing is left out.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from thidua.core import periods
from thidua.core.periods import Kind, Period
from thidua.indicators.figures import Figure, figures_of
from thidua.indicators.indicator_list import last_day, period_label
from thidua.indicators.indicator_page import IndicatorPage
from thidua.indicators.models import Basis
from thidua.organisations import tree
from thidua.organisations.models import Unit
from thidua.tables.workbooks import Cell, Sheet, written

#: So many units are asked about at once.
CHUNK = 400
#: DHIS2's name of a combination of no categories.
DEFAULT_COMBO = "default"

CSV_HEAD = (
    "mã chỉ tiêu",
    "chỉ tiêu",
    "kỳ",
    "từ ngày",
    "đến hết ngày",
    "mã đơn vị",
    "đơn vị",
    "giá trị",
    "đơn vị tính",
    "cách tính",
    "đã báo cáo",
    "phải báo cáo",
    "có phần ước tính",
    "số công bố riêng",
    "mức độ",
    "nguồn",
    "theo chuẩn",
    "phân tổ",
)


def file_stem(page: IndicatorPage) -> str:
    """Without accents: "poor_hh_lai-chau_luc-do"."""
    return f"{page.indicator.code}_{page.place.key}_{str(page.asked.basis).replace('_', '-')}"


# --- Excel ----------------------------------------------------------------------------------------


def workbook(page: IndicatorPage) -> bytes:
    """What the page shows: the series, the units below, and how to read both."""
    columns: tuple[tuple[str, int], ...] = (
        ("Giá trị", 16),
        ("So với kỳ trước", 16),
        ("Đã báo cáo", 12),
        ("Phải báo cáo", 12),
        ("Ước tính", 10),
        ("Số công bố", 14),
        ("Mức độ", 16),
        ("Nguồn", 50),
        ("Theo chuẩn", 40),
    )
    return written(
        [
            Sheet(
                "Qua các kỳ",
                (("Kỳ", 18), *columns),
                [[period_label(row.figure.since, row.figure.until), *_cells(row)] for row in page.rows],
            ),
            Sheet(
                "Đơn vị bên dưới",
                (("Đơn vị", 40), ("Kỳ", 18), *columns),
                [[one.version.label, page.period_name, *_cells(one.row)] for one in page.below],
            ),
            Sheet("Cách tính", (("Mục", 24), ("Nội dung", 90)), _explained(page)),
        ]
    )


def _cells(row: Any) -> list[Cell]:
    figure: Figure = row.figure
    return [
        figure.amount,
        row.change,
        figure.reported if figure.expected else None,
        figure.expected or None,
        "có" if figure.has_estimate else "",
        figure.own_amount,
        figure.own.get_stage_display() if figure.own else "",
        _source(figure),
        figure.standard.name if figure.standard else "",
    ]


def _source(figure: Figure) -> str:
    if figure.own is None:
        computed = "tính từ số đếm" if figure.is_counted else "cộng từ đơn vị bên dưới"
        return computed if figure.summed is not None else ""
    return figure.own.source.title if figure.own.source else "đơn vị tự báo cáo"


def _explained(page: IndicatorPage) -> list[list[Cell]]:
    indicator = page.indicator
    return [
        ["Chỉ tiêu", indicator.name],
        ["Mã", indicator.code],
        ["Đơn vị tính", indicator.measure],
        ["Hệ thống số liệu", indicator.get_system_display()],
        ["Gốc tính", indicator.base],
        ["Căn cứ", indicator.legal_source],
        ["Nơi", page.label],
        ["Tính theo", page.asked.basis.label],
        ["Phân tổ", indicator.segments.get(page.asked.segment, "Chung")],
        ["Ô trống", "Chưa có số liệu. Ô trống không phải số 0."],
        ["Số công bố", "Số do đơn vị đó công bố; giá trị là tổng từ dưới lên khi bên dưới đã báo cáo."],
    ]


# --- everything below the place -------------------------------------------------------------------


def _days(page: IndicatorPage) -> list[date]:
    """The days whose trees say what stands below the place."""
    if page.asked.basis == Basis.NOW:
        return [page.on]
    return sorted({last_day(row.figure.until) for row in page.rows}) or [last_day(page.period[1])]


def _units(page: IndicatorPage) -> list[Unit]:
    ids = {page.place.pk}
    for day in _days(page):
        ids |= set(tree.ids_at_or_below([page.place.pk], on=day))
    return list(Unit.objects.filter(pk__in=ids).order_by("pk"))


def _all_figures(page: IndicatorPage) -> Iterator[tuple[Unit, str, Figure]]:
    """Every figure at or below the place, with its unit and the unit's name in that period."""
    units = _units(page)
    for first in range(0, len(units), CHUNK):
        by_id = {unit.pk: unit for unit in units[first : first + CHUNK]}
        found = figures_of(page.indicator, list(by_id), basis=page.asked.basis, segment=page.asked.segment)
        labels: dict[date, dict[int, str]] = {}
        for figure in sorted(found.values(), key=lambda one: (one.unit_id, one.since, one.key[3] or 0)):
            if figure.amount is None:
                continue
            day = page.on if page.asked.basis == Basis.NOW else last_day(figure.until)
            if day not in labels:
                labels[day] = tree.labels_on(by_id, on=day)
            yield by_id[figure.unit_id], labels[day].get(figure.unit_id, ""), figure


class _Echo:
    """A file that hands each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def as_csv(page: IndicatorPage) -> StreamingHttpResponse:
    """One line for each figure; UTF-8 with a mark, as Excel wants it."""
    writer = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield "\ufeff"
        yield writer.writerow(CSV_HEAD)
        for unit, label, figure in _all_figures(page):
            yield writer.writerow([_harmless(one) for one in _line(page, unit, label, figure)])

    return _streamed(lines(), name=f"{file_stem(page)}.csv", content_type="text/csv; charset=utf-8")


def _line(page: IndicatorPage, unit: Unit, label: str, figure: Figure) -> list[str]:
    indicator = page.indicator
    own = figure.own
    return [
        indicator.code,
        indicator.name,
        period_label(figure.since, figure.until),
        figure.since.isoformat(),
        last_day(figure.until).isoformat(),
        unit.key,
        label,
        plain(figure),
        indicator.measure,
        page.asked.basis.label,
        str(figure.reported) if figure.expected else "",
        str(figure.expected) if figure.expected else "",
        "có" if figure.has_estimate else "",
        _own(figure),
        own.get_stage_display() if own else "",
        _source(figure),
        figure.standard.name if figure.standard else "",
        page.asked.segment,
    ]


def _own(figure: Figure) -> str:
    """What the unit itself gave; «không» when nothing arose, so that the file can be handed in again."""
    if figure.own is not None and figure.own.nothing_arose:
        return "không"
    return f"{figure.own_amount.normalize():f}" if figure.own_amount is not None else ""


def plain(figure: Figure) -> str:
    """The amount with a decimal point and no needless zeros: for machines."""
    return f"{figure.amount.normalize():f}" if figure.amount is not None else ""


def _harmless(text: str) -> str:
    """A text that a spreadsheet would take for a formula gets a quotation mark before it."""
    is_number = text[:1] == "-" and text[1:].replace(".", "", 1).isdigit()
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not is_number else text


# --- DHIS2 ----------------------------------------------------------------------------------------


def as_dhis2(page: IndicatorPage) -> StreamingHttpResponse:
    """A `dataValueSets` document: what the reporting units gave, and what was published for others.

    dataElement = code of the indicator, orgUnit = key of the unit, period in DHIS2's form (2023, 2023Q1,
    202301), categoryOptionCombo = segment, attributeOptionCombo = standard; `comment` names basis, stage and
    source. Import with the identifier scheme CODE.
    """

    def parts() -> Iterator[str]:
        yield '{"dataValues":['
        comma = ""
        for unit, _, figure in _all_figures(page):
            if unit.kind == page.indicator.reported_by or figure.own is not None:
                yield comma + json.dumps(_data_value(page, unit, figure), ensure_ascii=False)
                comma = ",\n"
        yield "]}\n"

    return _streamed(parts(), name=f"{file_stem(page)}.json", content_type="application/json")


def _data_value(page: IndicatorPage, unit: Unit, figure: Figure) -> dict[str, str]:
    own = figure.own_amount
    is_own = unit.kind != page.indicator.reported_by and own is not None
    stage = figure.own.stage if figure.own else "tổng hợp"
    remarks = [f"cơ sở: {page.asked.basis.label}", f"mức độ: {stage}", f"nguồn: {_source(figure)}"]
    if figure.own is not None and figure.own.nothing_arose:
        remarks.append("không phát sinh")
    if figure.has_estimate:
        remarks.append("có phần ước tính")
    return {
        "dataElement": page.indicator.code,
        "period": dhis2_period(figure.since, figure.until),
        "orgUnit": unit.key,
        "categoryOptionCombo": page.asked.segment or DEFAULT_COMBO,
        "attributeOptionCombo": figure.standard.code if figure.standard else DEFAULT_COMBO,
        "value": f"{own.normalize():f}" if is_own and own is not None else plain(figure),
        "comment": "; ".join(remarks),
    }


def dhis2_period(since: date, until: date) -> str:
    """ "2023", "2023S1", "2023Q1", "202301", "20230105"; two days where DHIS2 has no name."""
    period = Period(since, until)
    if period.kind is Kind.YEAR:
        return f"{since.year}"
    if period.kind is Kind.HALF_YEAR:
        return f"{since.year}S{1 if since.month == 1 else 2}"
    if period.kind is Kind.QUARTER:
        return f"{since.year}Q{(since.month + 2) // 3}"
    if period.kind is Kind.MONTH:
        return f"{since:%Y%m}"
    if period == periods.day(since):
        return f"{since:%Y%m%d}"
    return f"{since:%Y%m%d}-{last_day(until):%Y%m%d}"


def _streamed(parts: Iterator[str], *, name: str, content_type: str) -> StreamingHttpResponse:
    disposition = content_disposition_header(True, name) or "attachment"
    return StreamingHttpResponse(
        parts, content_type=content_type, headers={"Content-Disposition": disposition}
    )
