"""Excel files of figures that somebody handed in: kept, held against what is known, taken in as a whole.

Hides that a file names units and indicators by hidden codes and is looked at twice: once for the preview,
once more when it is taken in, since somebody else may have entered figures in between.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.formats import format_number
from thidua.documents import file_store
from thidua.indicators import checking, entry_sheets, figure_rows
from thidua.indicators.checks import Doubt
from thidua.indicators.entries import Context, Entries, Shared
from thidua.indicators.entry import Batch, compare, day_of, save, set_of, source_named
from thidua.indicators.entry_sheets import HEADS, SHEET, UNIT_NAME, CellError, ReadSheet, cell_name
from thidua.indicators.forms import measured
from thidua.indicators.indicator_list import period_label
from thidua.indicators.models import FigureFile, Indicator, Source, Standard
from thidua.indicators.row_staging import stage_rows
from thidua.indicators.staging import MOST_SHOWN, STAGES, Report, Staging, may_enter, silent
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
        if len(entries):
            save(entries, reason=reason.strip(), actor=actor, now=now)
        done = FigureFile.objects.filter(pk=kept.pk, done_at__isnull=True)
        if not done.update(done_at=now, override_reason=reason.strip()[:500]) and len(entries):
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
    entries = _entries(sheet, staging.batch, units, indicators)
    staging.unit_count = len(set(entries.unit_ids.tolist()))
    staging.indicators = {row.pk: row for row in indicators.values()}
    staging.comparison = compare(_with_known_source(entries, sheet.source))
    report(2, 4, "đang kiểm tra")
    _doubt(staging, _cells(sheet, units, indicators))
    staging.labels = tree.labels_on(
        [entry.unit_id for entry in staging.comparison.entries[:MOST_SHOWN]], on=actor.on
    )
    return staging


def _with_known_source(entries: Entries, title: str) -> Entries:
    """Looking does not write: a source that is not kept yet is a number that no row has."""
    text = " ".join(title.split())[:500]
    if not text:
        return entries
    known = Source.objects.filter(title=text).order_by("pk").values_list("pk", flat=True).first()
    return entries.sharing(lambda one: one._replace(source_id=known or -1))


def _with_kept_source(staging: Staging) -> Entries:
    """The entries that say something new, with sources that are kept from now on."""
    entries = staging.comparison.entries
    if staging.sources:
        kept = {number: source_named(title) for number, title in staging.sources.items()}
        return entries.sharing(
            lambda one: one._replace(source_id=found.pk) if (found := kept.get(one.source_id or 0)) else one
        )
    source = source_named(staging.source)
    return entries.sharing(lambda one: one._replace(source_id=source.pk if source else None))


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
) -> Entries:
    unit_ids = {key: unit.pk for key, unit in units.items()}
    indicator_ids = {code: indicators[code].pk for code in sheet.columns}
    context = Context(batch.since, batch.until, batch.standard.pk if batch.standard else None, batch.segment)
    return Entries.alike(
        Shared(context, sheet.stage, note=sheet.note),
        [indicator_ids[code] for _, _, _, code, _ in sheet.figures],
        [unit_ids[key] for _, _, key, _, _ in sheet.figures],
        [amount for *_, amount in sheet.figures],
    )


def _doubt(staging: Staging, cell_of: Callable[[Doubt], str]) -> None:
    for doubt in checking.check(staging.comparison.entries):
        target = staging.errors if doubt.is_stop else staging.warnings
        if len(target) < entry_sheets.MOST_ERRORS:
            what, _, cure = doubt.sentence.rstrip(". ").rpartition(". ")
            place = cell_of(doubt)
            target.append(CellError(SHEET, place, what or cure, cure if what else "Sửa ô này"))


def _cells(
    sheet: ReadSheet, units: Mapping[str, Unit], indicators: Mapping[str, Indicator]
) -> Callable[[Doubt], str]:
    """Which cell a doubt is about."""
    rows = {units[key].pk: row for key, row in sheet.rows.items()}
    columns = {indicators[code].pk: column for code, column in sheet.columns.items()}

    def cell_of(doubt: Doubt) -> str:
        return cell_name(rows[doubt.key.unit_id], columns[doubt.key.indicator_id])

    return cell_of


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
            for entry, before in zip(found.changed[:MOST_SHOWN], found.before, strict=False)
        ],
    }


def _said(amount: Decimal | None) -> str:
    return "không phát sinh" if amount is None else format_number(amount)
