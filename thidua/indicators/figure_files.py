"""Excel files of figures that somebody handed in: kept, held against what is known, taken in as a whole.

Hides that a file names units and indicators by hidden codes and is looked at twice: once for the preview,
once more when it is taken in, since somebody else may have entered figures in between.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.formats import format_number
from thidua.documents import file_store
from thidua.indicators import entry_sheets, figure_rows, values
from thidua.indicators.checks import Doubt
from thidua.indicators.entry import Batch, compare, day_of, save, set_of, source_named
from thidua.indicators.entry_sheets import HEADS, SHEET, UNIT_NAME, CellError, ReadSheet, cell_name
from thidua.indicators.forms import measured
from thidua.indicators.indicator_list import period_label
from thidua.indicators.models import FigureFile, Indicator, Source, Standard
from thidua.indicators.row_staging import stage_rows
from thidua.indicators.staging import MOST_SHOWN, STAGES, Report, Staging, may_enter, silent
from thidua.indicators.values import Entry
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit


def keep(raw: bytes, *, file_name: str, actor: Acting, now: datetime) -> FigureFile:
    """The handed-in file, not yet looked at."""
    with transaction.atomic():
        return FigureFile.objects.create(
            user=actor.user,
            file=file_store.store(raw),
            file_name=file_store.clean_file_name(file_name),
            made_at=now,
        )


def check(kept: FigureFile, *, actor: Acting, now: datetime, report: Report = silent) -> None:
    """Look a file over and keep what was found."""
    try:
        found = _findings(stage(file_store.bytes_of(kept.file), actor=actor, report=report))
    except RuleNotMet as refusal:
        found = {"refusal": refusal.message}
    kept.findings = json.dumps(found, ensure_ascii=False)
    kept.checked_at = now
    kept.save(update_fields=["findings", "checked_at"])


def take_in(kept: FigureFile, *, reason: str, actor: Acting, now: datetime, report: Report = silent) -> int:
    """Enter the figures of a file, all or nothing; returns how many were new or changed.

    Raises RuleNotMet with what stands against it, NotAllowed, ChangedMeanwhile. Once more changes nothing.
    """
    staging = stage(file_store.bytes_of(kept.file), actor=actor, report=report)
    if staging.errors:
        raise RuleNotMet(
            "Chưa nhập số liệu nào",
            why=f"tệp còn {len(staging.errors)} ô sai; ô đầu tiên là {staging.errors[0].place}",
            next_step="Sửa các ô sai rồi đưa tệp lên lại",
        )
    if staging.warnings and not reason.strip():
        raise RuleNotMet(
            "Chưa nhập số liệu nào",
            why=f"còn {len(staging.warnings)} ô bị cảnh báo mà chưa có lý do giữ số",
            next_step="Ghi lý do, hoặc sửa các ô đó rồi đưa tệp lên lại",
        )
    report(3, 4, "đang ghi và cộng lên các cấp")
    with transaction.atomic():
        entries = _with_kept_source(staging)
        if entries:
            save(entries, reason=reason.strip(), actor=actor, now=now)
        done = FigureFile.objects.filter(pk=kept.pk, done_at__isnull=True)
        if not done.update(done_at=now, override_reason=reason.strip()[:500]) and entries:
            raise ChangedMeanwhile(
                "Chưa nhập số liệu nào",
                why="tệp này vừa được nhập ở một cửa sổ khác",
                next_step="Mở lại trang để xem kết quả",
            )
    kept.refresh_from_db()
    return len(entries)


def stage(raw: bytes, *, actor: Acting, report: Report = silent) -> Staging:
    """Read a file and hold it against what is known. Raises RuleNotMet when it cannot be gone through."""
    report(0, 4, "đang đọc tệp")
    indicators = {row.code: row for row in Indicator.objects.all()}
    if not figure_rows.is_workbook(raw):
        return stage_rows(raw, indicators, actor=actor, report=report)
    sheet = entry_sheets.read(
        raw, indicators={code: measured(row) for code, row in indicators.items()}, stages=STAGES
    )
    staging = Staging(errors=sheet.errors, source=sheet.source)
    staging.batch = batch = _batch(sheet, staging)
    if batch is not None:
        staging.subject, staging.period = batch.set.name, period_label(batch.since, batch.until)
        staging.standard = batch.standard.name if batch.standard else ""
    units = _units(sheet, staging, actor)
    if staging.batch is None or staging.errors:
        return staging
    report(1, 4, "đang so với số đã có")
    _refuse_strangers(sheet, staging, indicators)
    entries, places = _entries(sheet, staging.batch, units, indicators)
    staging.unit_count = len({entry.unit_id for entry in entries})
    staging.indicators = {row.pk: row for row in indicators.values()}
    staging.comparison = compare(_with_known_source(entries, sheet.source))
    report(2, 4, "đang kiểm tra")
    _doubt(staging, places)
    staging.labels = tree.labels_on(
        [entry.unit_id for entry in staging.comparison.entries[:MOST_SHOWN]], on=actor.on
    )
    return staging


def _with_known_source(entries: list[Entry], title: str) -> list[Entry]:
    """Looking does not write: a source that is not kept yet is a number that no row has."""
    text = " ".join(title.split())[:500]
    if not text:
        return entries
    known = Source.objects.filter(title=text).order_by("pk").values_list("pk", flat=True).first()
    return [replace(entry, source_id=known or -1) for entry in entries]


def _with_kept_source(staging: Staging) -> list[Entry]:
    """The entries that say something new, with sources that are kept from now on."""
    if staging.sources:
        kept = {number: source_named(title) for number, title in staging.sources.items()}
        return [
            replace(entry, source_id=found.pk) if (found := kept.get(entry.source_id or 0)) else entry
            for entry in staging.comparison.entries
        ]
    source = source_named(staging.source)
    return [replace(entry, source_id=source.pk if source else None) for entry in staging.comparison.entries]


def _batch(sheet: ReadSheet, staging: Staging) -> Batch | None:
    head = sheet.head
    found = set_of(head.set_code) if head else None
    standard = Standard.objects.filter(code=head.standard).first() if head and head.standard else None
    if head is None or found is None or (head.standard and standard is None):
        staging.errors.append(
            CellError(
                SHEET,
                "A1",
                "bộ chỉ tiêu hoặc chuẩn của tệp mẫu này không còn",
                "Tải lại tệp mẫu, chép số liệu sang rồi đưa lên",
            )
        )
        return None
    return Batch(found, head.since, head.until, standard, head.segment)


def _units(sheet: ReadSheet, staging: Staging, actor: Acting) -> dict[str, Unit]:
    """The units of the rows, and an error for each that is unknown or not the person's to report for."""
    keys = sorted(sheet.rows)
    units: dict[str, Unit] = {}
    for first in range(0, len(keys), 5_000):
        units.update({one.key: one for one in Unit.objects.filter(key__in=keys[first : first + 5_000])})
    days = {actor.on, day_of(sheet.head.until, today=actor.on)} if sheet.head else {actor.on}
    allowed = may_enter(list(units.values()), actor=actor, days=days)
    for key in keys:
        place = cell_name(sheet.rows[key], UNIT_NAME)
        if key not in units:
            cure = "Tải lại tệp mẫu; không sửa cột mã ẩn"
            staging.errors.append(CellError(SHEET, place, f"không có đơn vị mã «{key[:60]}»", cure))
        elif units[key].pk not in allowed:
            cure = "Xóa dòng này, hoặc đề nghị đơn vị đó tự nhập"
            staging.errors.append(CellError(SHEET, place, "bạn chưa được nhập cho đơn vị này", cure))
        if len(staging.errors) >= entry_sheets.MOST_ERRORS:
            break
    return units


def _refuse_strangers(sheet: ReadSheet, staging: Staging, indicators: Mapping[str, Indicator]) -> None:
    """Columns of indicators that are computed, or not used in the period."""
    assert staging.batch is not None
    entered = {row.code for row in staging.batch.indicators()}
    for code, column in sheet.columns.items():
        if code not in entered:
            cure = "Bỏ trống cột này; tải lại tệp mẫu mới"
            what = f"«{indicators[code].name}» không được nhập trong kỳ này"
            staging.errors.append(CellError(SHEET, cell_name(HEADS, column), what, cure))


def _entries(
    sheet: ReadSheet, batch: Batch, units: Mapping[str, Unit], indicators: Mapping[str, Indicator]
) -> tuple[list[Entry], dict[tuple[int, int], tuple[int, int]]]:
    """The figures as entries, and the cell of each by indicator and unit."""
    unit_ids = {key: unit.pk for key, unit in units.items()}
    indicator_ids = {code: indicators[code].pk for code in sheet.columns}
    standard_id = batch.standard.pk if batch.standard else None
    entries: list[Entry] = []
    places: dict[tuple[int, int], tuple[int, int]] = {}
    for row, column, key, code, amount in sheet.figures:
        if key not in unit_ids:
            continue
        indicator_id, unit_id = indicator_ids[code], unit_ids[key]
        places[indicator_id, unit_id] = (row, column)
        entries.append(
            Entry(
                indicator_id,
                unit_id,
                batch.since,
                batch.until,
                amount,
                amount is None,
                sheet.stage,
                standard_id,
                batch.segment,
                None,
                sheet.note,
            )
        )
    return entries, places


def _doubt(staging: Staging, places: Mapping[tuple[int, int], tuple[int, int]]) -> None:
    for doubt in values.check(staging.comparison.entries):
        target = staging.errors if doubt.is_stop else staging.warnings
        if len(target) < entry_sheets.MOST_ERRORS:
            target.append(cell_error(doubt, places))


def cell_error(doubt: Doubt, places: Mapping[tuple[int, int], tuple[int, int]]) -> CellError:
    """A doubt about a figure as one about its cell."""
    row, column = places.get((doubt.key.indicator_id, doubt.key.unit_id), (HEADS, UNIT_NAME))
    what, _, cure = doubt.sentence.rstrip(". ").rpartition(". ")
    return CellError(SHEET, cell_name(row, column), what or cure, cure if what else "Sửa ô này")


def _findings(staging: Staging) -> dict[str, Any]:
    def rows(found: list[CellError]) -> list[dict[str, str]]:
        return [{"sheet": e.sheet, "place": e.place, "what": e.what, "cure": e.cure} for e in found]

    answer: dict[str, Any] = {"errors": rows(staging.errors), "warnings": rows(staging.warnings)}
    if staging.errors:
        return answer
    found = staging.comparison
    return answer | {
        "set": staging.subject,
        "period": staging.period,
        "standard": staging.standard,
        "skipped": staging.skipped,
        "units": staging.unit_count,
        "new": len(found.new),
        "changed": len(found.changed),
        "same": found.same,
        "first_changed": [
            {
                "unit": staging.labels.get(entry.unit_id, ""),
                "indicator": staging.indicators[entry.indicator_id].name,
                "before": _said(before),
                "after": _said(entry.amount),
            }
            for entry, before in found.changed[:MOST_SHOWN]
        ],
    }


def _said(amount: Decimal | None) -> str:
    return "không phát sinh" if amount is None else format_number(amount)
