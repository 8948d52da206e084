"""Files with one figure a row (CSV, DHIS2), held against units, indicators, standards and what is known.

Hides which standard a row is under that names none, and how a doubt about a figure finds its row again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from thidua.indicators import checking, figure_rows
from thidua.indicators.checks import Doubt, Key
from thidua.indicators.entries import Entry
from thidua.indicators.entry import IndicatorSet, compare, day_of
from thidua.indicators.entry_sheets import MOST_ERRORS, CellError
from thidua.indicators.figure_rows import RowFigure
from thidua.indicators.forms import measured
from thidua.indicators.indicator_list import period_label
from thidua.indicators.models import Aggregation, Indicator, Source, Stage, Standard, System
from thidua.indicators.staging import MOST_SHOWN, STAGES, Report, Staging, may_enter
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit, UnitKind

#: A row that does not say how final it is.
USUAL_STAGE = Stage.PRELIMINARY
SOME = 4


@dataclass
class _Known:
    """What rows refer to, looked up once."""

    indicators: Mapping[str, Indicator]
    units: dict[str, Unit] = field(default_factory=dict)
    allowed: set[int] = field(default_factory=set)
    standards: dict[str, Standard] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    usual: dict[tuple[str, str, date, date], Standard | None] = field(default_factory=dict)

    def standard_of(self, row: RowFigure, indicator: Indicator) -> Standard | None:
        if row.standard:
            return self.standards.get(row.standard)
        key = (indicator.system, indicator.reported_by, row.period.since, row.period.until)
        if key not in self.usual:
            its_set = IndicatorSet(System(indicator.system), UnitKind(indicator.reported_by))
            fitting = its_set.standards(row.period.since, row.period.until)
            self.usual[key] = fitting[0] if fitting else None
        return self.usual[key]


def stage_rows(raw: bytes, indicators: Mapping[str, Indicator], *, actor: Acting, report: Report) -> Staging:
    """Read the file and hold it against what is known. Raises RuleNotMet when it cannot be gone through."""
    read = figure_rows.read(
        raw, indicators={code: measured(row) for code, row in indicators.items()}, stages=STAGES
    )
    staging = Staging(errors=read.errors, skipped=read.skipped)
    staging.indicators = {row.pk: row for row in indicators.values()}
    known = _look_up(read.figures, indicators, actor=actor)
    report(1, 4, "đang so với số đã có")
    places: dict[tuple[Key, int | None, str], str] = {}
    entries: list[Entry] = []
    for row in read.figures:
        entry = _entry(staging, row, known)
        if entry is None:
            continue
        line = (entry.key, entry.source_id, entry.stage)
        if line in places:
            _refuse(staging, row.place, f"số này đã có ở {places[line]}", "Giữ một dòng, xóa dòng kia")
            continue
        places[line] = row.place
        entries.append(entry)
    by_key = {key: place for (key, _, _), place in places.items()}
    for doubt in checking.nonsense(entries):
        staging.errors.append(_told(doubt, by_key))
    del staging.errors[MOST_ERRORS:]
    if staging.errors:
        return staging
    staging.sources = {number: title for title, number in known.sources.items() if number < 0}
    staging.comparison = compare(entries)
    report(2, 4, "đang kiểm tra")
    for doubt in checking.check(staging.comparison.entries):
        target = staging.errors if doubt.is_stop else staging.warnings
        if len(target) < MOST_ERRORS:
            target.append(_told(doubt, by_key))
    _describe(staging, entries, known, actor=actor)
    return staging


def _look_up(rows: list[RowFigure], indicators: Mapping[str, Indicator], *, actor: Acting) -> _Known:
    known = _Known(indicators)
    keys = sorted({row.unit for row in rows})
    for first in range(0, len(keys), 5_000):
        known.units |= {one.key: one for one in Unit.objects.filter(key__in=keys[first : first + 5_000])}
    days = {actor.on} | {day_of(until, today=actor.on) for until in {row.period.until for row in rows}}
    known.allowed = may_enter(list(known.units.values()), actor=actor, days=days)
    for standard in Standard.objects.order_by("-pk"):
        known.standards |= {standard.name: standard, standard.code: standard}
    titles = {row.source for row in rows if row.source}
    for pk, title in Source.objects.filter(title__in=titles).order_by("-pk").values_list("pk", "title"):
        known.sources[title] = pk
    for number, title in enumerate(sorted(titles - known.sources.keys()), 1):
        known.sources[title] = -number
    return known


def _entry(staging: Staging, row: RowFigure, known: _Known) -> Entry | None:
    """The row as an entry; None when something is wrong with it, which is told."""
    before = len(staging.errors)
    unit, indicator = known.units.get(row.unit), known.indicators[row.indicator]
    if unit is None:
        cure = "Ghi mã đơn vị như trong tệp CSV tải về từ trang số liệu"
        _refuse(staging, row.place, f"không có đơn vị mã «{row.unit[:60]}»", cure)
    elif unit.pk not in known.allowed:
        cure = "Xóa dòng này, hoặc đề nghị đơn vị đó tự nhập"
        _refuse(staging, row.place, f"bạn chưa được nhập cho đơn vị «{row.unit}»", cure)
    if indicator.aggregation == Aggregation.RATIO:
        what = f"«{indicator.name}» được tính từ số đếm, không nhập"
        _refuse(staging, row.place, what, "Nhập tử số và mẫu số, bỏ dòng này")
    elif row.period.kind.value != indicator.frequency:
        what = f"«{indicator.name}» không được nhập cho kỳ {row.period}"
        _refuse(staging, row.place, what, "Ghi đúng loại kỳ của chỉ tiêu: xem mục Định nghĩa của chỉ tiêu")
    standard = known.standard_of(row, indicator)
    if row.standard and standard is None:
        cure = "Ghi mã hoặc tên chuẩn như trong tệp tải về, hoặc để trống"
        _refuse(staging, row.place, f"không có chuẩn «{row.standard[:60]}»", cure)
    if len(staging.errors) > before or unit is None:
        return None
    return Entry(
        indicator.pk,
        unit.pk,
        row.period.since,
        row.period.until,
        row.amount,
        nothing_arose=row.amount is None,
        stage=row.stage or USUAL_STAGE,
        standard_id=standard.pk if standard else None,
        segment=row.segment,
        source_id=known.sources.get(row.source) if row.source else None,
        note=row.note,
    )


def _refuse(staging: Staging, place: str, what: str, cure: str) -> None:
    if len(staging.errors) < MOST_ERRORS:
        staging.errors.append(CellError("", place, what, cure))


def _told(doubt: Doubt, places: Mapping[Key, str]) -> CellError:
    what, _, cure = doubt.sentence.rstrip(". ").rpartition(". ")
    return CellError("", places.get(doubt.key, "cả tệp"), what or cure, cure if what else "Sửa dòng này")


def _describe(staging: Staging, entries: list[Entry], known: _Known, *, actor: Acting) -> None:
    staging.unit_count = len({one.unit_id for one in entries})
    names = {staging.indicators[one.indicator_id].name for one in entries}
    staging.subject = _some(sorted(names), "chỉ tiêu")
    spans = sorted({(one.since, one.until) for one in entries})
    staging.period = _some([period_label(*one) for one in spans], "kỳ")
    used = {one.standard_id for one in entries}
    staging.standard = _some(
        sorted({one.name for one in known.standards.values() if one.pk in used}), "chuẩn"
    )
    shown = [one.unit_id for one in staging.comparison.changed[:MOST_SHOWN]]
    staging.labels = tree.labels_on(shown, on=actor.on)


def _some(names: list[str], noun: str) -> str:
    return ", ".join(names) if len(names) <= SOME else f"{len(names)} {noun}"
