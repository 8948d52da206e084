"""Pages of entering: what is entered when, the form of one unit, the grid of many, Excel in."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from thidua.core import clock, periods
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.core.periods import Kind, Period, format_period
from thidua.documents import file_store
from thidua.indicators import access, entry, entry_sheets, figure_files, values
from thidua.indicators.background import CHECK_FIGURES, TAKE_IN_FIGURES
from thidua.indicators.checks import Doubt, Key
from thidua.indicators.entry import Batch, IndicatorSet
from thidua.indicators.entry_sheets import Head, figure_of
from thidua.indicators.figures import period_before, shown
from thidua.indicators.forms import FileForm, SetForm, StageForm, measured
from thidua.indicators.indicator_list import period_label
from thidua.indicators.indicator_page import parse_period_code, period_code
from thidua.indicators.models import FigureFile, Indicator, Stage, Value
from thidua.indicators.rights import DOING
from thidua.indicators.values import Doubtful, Entry
from thidua.jobs.models import Job
from thidua.jobs.queue import enqueue
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit, UnitVersion
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.workbooks import Sheet, download, written

FIRST_YEAR = 2015
#: A page of the grid has at most so many fields: a browser form is read as a whole.
MOST_FIELDS = 600
UNITS_PER_PAGE = 50
#: Smaller files are done while the person waits.
SMALL_BYTES = 100_000
SHOWN_ERRORS = 100


def _doer(request: HttpRequest) -> Acting:
    acting = who(request)
    access.require_mandate(acting)
    if not acting.unit_ids(DOING):
        raise NotAllowed(
            "Bạn chưa được nhập số liệu",
            why="việc này cần vai trò chuyên viên, thường trực hoặc lãnh đạo của một đơn vị",
            next_step="Đề nghị người quản trị đơn vị giao vai trò",
        )
    return acting


def _batch(request: HttpRequest, set_code: str, period: str) -> Batch:
    found, days = entry.set_of(set_code), parse_period_code(period)
    if found is None or days is None:
        raise Http404
    return _batch_of(request, found, *days)


def _batch_of(request: HttpRequest, found: IndicatorSet, since: date, until: date) -> Batch:
    standards = found.standards(since, until)
    wanted = request.GET.get("chuan", "")
    standard = next((one for one in standards if one.code == wanted), standards[0] if standards else None)
    segments = {code for row in found.indicators(since, until) for code in row.segments}
    segment = request.GET.get("phan_to", "")
    return Batch(found, since, until, standard, segment if segment in segments else "")


# --- what is entered when -------------------------------------------------------------------------


@require_safe
@signed_in
def enter(request: HttpRequest) -> HttpResponse:
    """Pick a set and a year; see who has entered what, and go to form, grid or Excel."""
    acting = _doer(request)
    sets = entry.sets()
    today = acting.on
    years = list(range(today.year + 1, FIRST_YEAR - 1, -1))
    usual = {"bo": sets[0].code if sets else "", "nam": str(_usual_year(today))}
    asked = {name: request.GET.get(name, value) for name, value in usual.items()}
    form = SetForm(asked, sets=[(one.code, one.name) for one in sets], years=years)
    context: dict[str, Any] = {"form": form, "is_empty": not sets}
    if form.is_valid():
        found = entry.set_of(form.cleaned_data["bo"])
        year: int = form.cleaned_data["nam"]
        if found is not None:
            choices = found.periods(year) or [periods.year(year)]
            chosen = _chosen_period(request, choices, today=today)
            batch = _batch_of(request, found, chosen.since, chosen.until)
            context |= _overview(acting, batch) | {
                "periods": [(period_code((one.since, one.until)), format_period(one)) for one in choices],
                "period_code": period_code((chosen.since, chosen.until)),
            }
    return render(request, "indicators/enter.html", context)


def _chosen_period(request: HttpRequest, choices: list[Period], *, today: date) -> Period:
    """The period asked for; else the whole year where it is entered, else the last that has begun."""
    wanted = parse_period_code(request.GET.get("ky", ""))
    for one in choices:
        if wanted == (one.since, one.until):
            return one
    if choices[0].kind is Kind.YEAR:
        return choices[0]
    begun = [one for one in choices if one.since <= today]
    return max(begun, key=lambda one: one.until) if begun else choices[0]


def _back(batch: Batch) -> str:
    """The page of sets with the answers that led here."""
    code = period_code((batch.since, batch.until))
    period = f"&ky={code}" if code != str(batch.since.year) else ""
    return f"{reverse('indicators:enter')}?bo={batch.set.code}&nam={batch.since.year}{period}"


def _usual_year(today: date) -> int:
    """In the first months people still report the year before."""
    return today.year if today.month > 3 else today.year - 1


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit of the list: how many of its figures are there."""

    version: UnitVersion
    given: int
    asked: int
    href: str

    @property
    def is_complete(self) -> bool:
        return self.given >= self.asked > 0


#: Units shown on the page of sets; the grid and Excel have all.
SHOWN_UNITS = 60


def _overview(acting: Acting, batch: Batch) -> dict[str, Any]:
    indicators = batch.indicators()
    day = entry.day_of(batch.until, today=acting.on)
    mine = acting.units_for("value.enter")
    versions = entry.reporting_units(batch.set.level, mine, on=day)
    count = versions.count()
    shown_units = list(versions[:SHOWN_UNITS])
    known = batch.known(indicators, [version.unit_id for version in shown_units])
    given: dict[int, int] = {}
    for _, unit_id in known:
        given[unit_id] = given.get(unit_id, 0) + 1
    lines = [
        UnitLine(version, given.get(version.unit_id, 0), len(indicators), _unit_address(batch, version.unit))
        for version in shown_units
    ]
    return {
        "batch": batch,
        "period_name": period_label(batch.since, batch.until),
        "indicator_count": len(indicators),
        "lines": lines,
        "unit_count": count,
        "more_units": max(0, count - SHOWN_UNITS),
        "complete": sum(line.is_complete for line in lines),
        "on_behalf_of": acting.stands_in("value.enter", [version.unit_id for version in shown_units]),
        "grid_href": _address("indicators:grid", batch),
        "template_href": _address("indicators:template", batch),
        "standards": batch.set.standards(batch.since, batch.until),
        "segments": _segments(batch),
    }


def _segments(batch: Batch) -> dict[str, str]:
    rows = batch.set.indicators(batch.since, batch.until)
    return {code: name for row in rows for code, name in row.segments.items()}


def _address(name: str, batch: Batch, *arguments: str) -> str:
    address = reverse(name, args=[batch.set.code, period_code((batch.since, batch.until)), *arguments])
    answers = [
        *([f"chuan={batch.standard.code}"] if batch.standard else []),
        *([f"phan_to={batch.segment}"] if batch.segment else []),
    ]
    return f"{address}?{'&'.join(answers)}" if answers else address


def _unit_address(batch: Batch, unit: Unit) -> str:
    return _address("indicators:unit_form", batch, unit.key)


# --- one unit -------------------------------------------------------------------------------------


@dataclass
class Line:
    """One figure of the form: what is typed, what was known, what is wrong."""

    indicator: Indicator
    typed: str = ""
    is_nothing: bool = False
    note: str = ""
    known: Value | None = None
    before: Value | None = None
    error: str = ""
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def has_stop(self) -> bool:
        return bool(self.error) or any(doubt.is_stop for doubt in self.doubts)

    def read(self) -> tuple[bool, Decimal | None]:
        """Whether something is said, and what; keeps the error otherwise."""
        text = self.typed.strip()
        if self.is_nothing and text and text.lower() not in ("0", "không"):
            self.error = "Vừa ghi số vừa đánh dấu «không phát sinh». Bỏ một trong hai."
            return False, None
        if self.is_nothing:
            return True, None
        if not text:
            return False, None
        try:
            return True, figure_of(text, measured(self.indicator))
        except ValueError as wrong:
            what, cure = wrong.args
            self.error = f"{what[:1].upper()}{what[1:]}. {cure}." if what else ""
            return False, None


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def unit_form(request: HttpRequest, set_code: str, period: str, key: str) -> HttpResponse:
    """The figures of one unit, for a phone. With `kiem-tra` a POST only checks."""
    acting = _doer(request)
    batch = _batch(request, set_code, period)
    unit = get_object_or_404(Unit, key=key)
    acting.require("value.enter", unit)
    lines = _lines(batch, unit)
    form = StageForm(request.POST or None, initial=_usual_stage(lines))
    refusal: RuleNotMet | ChangedMeanwhile | None = None
    if request.method == "POST":
        if request.POST.get("kiem-tra"):
            entries = _read_lines(request, lines, batch, unit, stage=request.POST.get("muc_do", ""))
            _take_doubts(lines, values.check(entries))
            said = _said(lines)
            return render(request, "indicators/unit_form.html#doubts", {"said": said, "is_checked": True})
        entries = _read_lines(request, lines, batch, unit, stage=request.POST.get("muc_do", ""))
        if form.is_valid() and not any(line.error for line in lines):
            try:
                if _save_form(request, form, entries, acting):
                    return redirect(_unit_address(batch, unit))
            except Doubtful as caught:
                _take_doubts(lines, caught.doubts)
                refusal = None if any(line.doubts for line in lines) else caught
            except (RuleNotMet, ChangedMeanwhile) as caught_other:
                refusal = caught_other
    has_trouble = bool(refusal or form.errors or any(line.has_stop or line.doubts for line in lines))
    context = {
        "batch": batch,
        "unit": unit,
        "label": tree.labels_on([unit.pk], on=entry.day_of(batch.until, today=acting.on)).get(unit.pk, ""),
        "period_name": period_label(batch.since, batch.until),
        "before_name": period_label(*period_before(batch.since, batch.until)),
        "lines": lines,
        "form": form,
        "refusal": refusal,
        "needs_reason": any(line.doubts for line in lines) and not any(line.has_stop for line in lines),
        "has_trouble": has_trouble,
        "is_other_level": unit.kind != batch.set.level,
        "on_behalf_of": acting.stands_in("value.enter", [unit.pk]),
        "back": _back(batch),
    }
    return render(request, "indicators/unit_form.html", context, status=422 if has_trouble else 200)


def _usual_stage(lines: list[Line]) -> dict[str, str]:
    """The stage of what is known, so that saving once more does not weaken it."""
    stages = [line.known.stage for line in lines if line.known]
    order = list(Stage.values)
    return {"muc_do": max(stages, key=order.index)} if stages else {}


def _lines(batch: Batch, unit: Unit) -> list[Line]:
    indicators = batch.indicators()
    known = batch.known(indicators, [unit.pk])
    before = batch.known(indicators, [unit.pk], period=period_before(batch.since, batch.until))
    lines = []
    for row in indicators:
        value = known.get((row.pk, unit.pk))
        line = Line(row, known=value, before=before.get((row.pk, unit.pk)))
        if value is not None:
            line.typed = typed(value, row)
            line.is_nothing = value.nothing_arose
        lines.append(line)
    return lines


def typed(value: Value, indicator: Indicator) -> str:
    """A known figure as somebody would type it; empty when nothing arose."""
    return "" if value.amount is None else shown(indicator, value.amount)


def _read_lines(
    request: HttpRequest, lines: list[Line], batch: Batch, unit: Unit, *, stage: str
) -> list[Entry]:
    entries = []
    for line in lines:
        pk = line.indicator.pk
        line.typed = request.POST.get(f"so-{pk}", "")[:40]
        line.is_nothing = f"kps-{pk}" in request.POST
        line.note = request.POST.get(f"ghi-chu-{pk}", "")[:500]
        is_said, amount = line.read()
        if is_said:
            one = batch.entry(pk, unit.pk, amount, stage)
            entries.append(replace(one, note=line.note))
    return entries


def _save_form(request: HttpRequest, form: StageForm, entries: list[Entry], acting: Acting) -> bool:
    """Save what is new; False when nothing was said at all."""
    upload = request.FILES.get("minh-chung")
    note: str = form.cleaned_data["ghi_chu"]
    with transaction.atomic():
        if upload is not None:
            raw = upload.read()
            name = file_store.check_evidence(raw, file_name=upload.name or "")
            stored = file_store.store(raw)
            entries = [replace(one, evidence_id=stored.pk, evidence_name=name) for one in entries]
        if note:
            entries = [replace(one, note=one.note or note) for one in entries]
        compared = entry.compare(entries)
        if compared.is_empty:
            messages.info(request, "Không có gì thay đổi: số đã ghi giống số đang có.")
            return True
        entry.save(compared.entries, reason=form.cleaned_data["ly_do"], actor=acting, now=clock.now())
    messages.success(request, f"Đã lưu {len(compared.entries)} số. Tổng của các cấp trên đã được tính lại.")
    return True


def _said(lines: list[Line]) -> list[tuple[bool, str]]:
    """What is wrong or odd, each once: (whether it stops, sentence). One doubt may stand at two figures."""
    found = [(True, f"{line.indicator.name}: {line.error}") for line in lines if line.error]
    found += [(doubt.is_stop, doubt.sentence) for line in lines for doubt in line.doubts]
    return sorted(dict.fromkeys(found), reverse=True)


def _take_doubts(lines: list[Line], doubts: Any) -> None:
    by_indicator: dict[int, list[Doubt]] = {}
    for doubt in doubts:
        by_indicator.setdefault(doubt.key.indicator_id, []).append(doubt)
    for line in lines:
        line.doubts = by_indicator.get(line.indicator.pk, [])


# --- many units -----------------------------------------------------------------------------------


@dataclass
class Cell:
    """One cell of the grid."""

    name: str
    label: str
    typed: str = ""
    was: str = ""
    error: str = ""
    warning: str = ""


@dataclass
class GridRow:
    version: UnitVersion
    cells: list[Cell]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def grid(request: HttpRequest, set_code: str, period: str) -> HttpResponse:
    """Many units at once; all or nothing, an error for each cell."""
    acting = _doer(request)
    batch = _batch(request, set_code, period)
    indicators = batch.indicators()
    day = entry.day_of(batch.until, today=acting.on)
    versions = entry.reporting_units(batch.set.level, acting.units_for("value.enter"), on=day)
    per_page = max(1, min(UNITS_PER_PAGE, MOST_FIELDS // max(1, len(indicators))))
    page = Paginator(versions, per_page).get_page(request.GET.get("trang"))
    rows = _grid_rows(batch, indicators, list(page.object_list))
    form = StageForm(request.POST or None)
    refusal: RuleNotMet | ChangedMeanwhile | None = None
    if request.method == "POST":
        entries = _read_grid(request, rows, indicators, batch, stage=request.POST.get("muc_do", ""))
        cells = [cell for row in rows for cell in row.cells]
        if form.is_valid() and not any(cell.error for cell in cells):
            try:
                note: str = form.cleaned_data["ghi_chu"]
                compared = entry.compare([replace(one, note=note) for one in entries])
                if compared.is_empty:
                    messages.info(request, "Không có gì thay đổi: số đã ghi giống số đang có.")
                else:
                    entry.save(
                        compared.entries, reason=form.cleaned_data["ly_do"], actor=acting, now=clock.now()
                    )
                    messages.success(request, f"Đã lưu {len(compared.entries)} số của cả bảng.")
                return redirect(request.get_full_path())
            except Doubtful as caught:
                refusal = None if _mark(rows, caught.doubts) else caught
            except (RuleNotMet, ChangedMeanwhile) as caught_other:
                refusal = caught_other
    troubled = [(row, cell) for row in rows for cell in row.cells if cell.error or cell.warning]
    context = {
        "batch": batch,
        "period_name": period_label(batch.since, batch.until),
        "indicators": indicators,
        "rows": rows,
        "page": page,
        "form": form,
        "refusal": refusal,
        "troubled": troubled,
        "has_error": any(cell.error for _, cell in troubled),
        "on_behalf_of": acting.stands_in("value.enter", [row.version.unit_id for row in rows]),
        "template_href": _address("indicators:template", batch),
        "back": _back(batch),
    }
    status = 422 if refusal or troubled or form.errors else 200
    return render(request, "indicators/grid.html", context, status=status)


def cell_field(unit_id: int, indicator_id: int) -> str:
    return f"o-{unit_id}-{indicator_id}"


def _grid_rows(batch: Batch, indicators: list[Indicator], versions: list[UnitVersion]) -> list[GridRow]:
    known = batch.known(indicators, [version.unit_id for version in versions])
    rows = []
    for version in versions:
        cells = []
        for row in indicators:
            value = known.get((row.pk, version.unit_id))
            was = ("không" if value.nothing_arose else typed(value, row)) if value else ""
            label = f"{version.label}: {row.name}"
            cells.append(Cell(cell_field(version.unit_id, row.pk), label, was, was))
        rows.append(GridRow(version, cells))
    return rows


def _read_grid(
    request: HttpRequest, rows: list[GridRow], indicators: list[Indicator], batch: Batch, *, stage: str
) -> list[Entry]:
    entries = []
    for row in rows:
        for cell, indicator in zip(row.cells, indicators, strict=True):
            cell.typed = request.POST.get(cell.name, "").strip()[:40]
            if not cell.typed:
                continue
            try:
                amount = figure_of(cell.typed, measured(indicator))
            except ValueError as wrong:
                what, cure = wrong.args
                cell.error = f"{what}. {cure}."
                continue
            entries.append(batch.entry(indicator.pk, row.version.unit_id, amount, stage))
    return entries


def _mark(rows: list[GridRow], doubts: Any) -> bool:
    """Write doubts to their cells; False when one of them has no cell on this page."""
    cells = {cell.name: cell for row in rows for cell in row.cells}
    for doubt in doubts:
        key: Key = doubt.key
        cell = cells.get(cell_field(key.unit_id, key.indicator_id))
        if cell is None:
            return False
        if doubt.is_stop:
            cell.error = f"{cell.error} {doubt.sentence}".strip()
        else:
            cell.warning = f"{cell.warning} {doubt.sentence}".strip()
    return True


# --- Excel ----------------------------------------------------------------------------------------


@require_safe
@signed_in
def template(request: HttpRequest, set_code: str, period: str) -> HttpResponse:
    """The workbook to fill in for all units of this person, with the figures that are known."""
    acting = _doer(request)
    batch = _batch(request, set_code, period)
    indicators = batch.indicators()
    day = entry.day_of(batch.until, today=acting.on)
    versions = list(
        entry.reporting_units(batch.set.level, acting.units_for("value.enter"), on=day)[
            : entry_sheets.MOST_UNITS
        ]
    )
    known = batch.known(indicators, [version.unit_id for version in versions])
    keys = {version.unit_id: version.unit.key for version in versions}
    codes = {row.pk: row.code for row in indicators}
    content = entry_sheets.template(
        Head(
            batch.set.code,
            batch.since,
            batch.until,
            batch.standard.code if batch.standard else "",
            batch.segment,
        ),
        title=f"{batch.set.name}, {period_label(batch.since, batch.until)}",
        stages=list(Stage.labels),
        stage=Stage.PRELIMINARY.label,
        indicators=[measured(row) for row in indicators],
        units=[(version.unit.key, version.label) for version in versions],
        known={
            (keys[unit_id], codes[indicator_id]): value.amount
            for (indicator_id, unit_id), value in known.items()
        },
    )
    period_text = period_code((batch.since, batch.until))
    return download(content, name=f"so-lieu_{batch.set.code}_{period_text}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def hand_in(request: HttpRequest) -> HttpResponse:
    """Hand in a filled workbook; it is looked over first, large ones by a worker."""
    acting = _doer(request)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["tep"]
        if upload.size > entry_sheets.MOST_BYTES:
            form.add_error("tep", f"Tệp lớn hơn {entry_sheets.MOST_BYTES // 1024 // 1024} MB. Chia nhỏ tệp.")
        else:
            now = clock.now()
            kept = figure_files.keep(upload.read(), file_name=upload.name, actor=acting, now=now)
            if upload.size <= SMALL_BYTES:
                figure_files.check(kept, actor=acting, now=now)
            else:
                enqueue(CHECK_FIGURES, args={"file_id": kept.pk}, requested_by=acting.user)
            return redirect("indicators:look", pk=kept.pk)
    earlier = FigureFile.objects.filter(user=acting.user).order_by("-pk")[:10]
    context = {"form": form, "earlier": earlier}
    return render(request, "indicators/hand_in.html", context, status=422 if form.errors else 200)


def _kept(acting: Acting, pk: int) -> FigureFile:
    """Only who handed a file in sees it."""
    return get_object_or_404(FigureFile.objects.select_related("user", "file"), pk=pk, user=acting.user)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file would do; a POST does it."""
    acting = _doer(request)
    kept = _kept(acting, pk)
    refusal: RuleNotMet | ChangedMeanwhile | None = None
    reason = request.POST.get("ly_do", "")[:500]
    if request.method == "POST" and kept.checked_at is not None and kept.done_at is None:
        try:
            _take_in(request, kept, acting, reason)
            return redirect("indicators:look", pk=kept.pk)
        except (RuleNotMet, ChangedMeanwhile) as caught:
            refusal = caught
    found: dict[str, Any] = json.loads(kept.findings)
    errors, warnings = found.get("errors", []), found.get("warnings", [])
    context = {
        "kept": kept,
        "found": found,
        "errors": errors[:SHOWN_ERRORS],
        "error_count": len(errors),
        "warnings": warnings[:SHOWN_ERRORS],
        "warning_count": len(warnings),
        "to_enter": found.get("new", 0) + found.get("changed", 0),
        "refusal": refusal,
        "reason": reason,
        "job": _job_of(kept),
    }
    name = "indicators/look.html#state" if request.headers.get("HX-Request") else "indicators/look.html"
    return render(request, name, context, status=422 if refusal else 200)


def _take_in(request: HttpRequest, kept: FigureFile, acting: Acting, reason: str) -> None:
    if kept.file.size_bytes > SMALL_BYTES:
        args = {"file_id": kept.pk, "reason": reason}
        enqueue(TAKE_IN_FIGURES, args=args, requested_by=acting.user)
        return
    count = figure_files.take_in(kept, reason=reason, actor=acting, now=clock.now())
    messages.success(request, f"Đã nhập {count} số. Tổng của các cấp trên đã được tính lại.")


def _job_of(kept: FigureFile) -> Job | None:
    """The work that is under way, or that failed last."""
    jobs = Job.objects.filter(kind__in=(CHECK_FIGURES, TAKE_IN_FIGURES), args__file_id=kept.pk)
    latest = jobs.order_by("-pk").first()
    return latest if latest is not None and latest.state != "done" else None


@require_safe
@signed_in
def cell_errors(request: HttpRequest, pk: int) -> HttpResponse:
    """The wrong cells as Excel, to go through beside the file."""
    found = json.loads(_kept(_doer(request), pk).findings)
    rows = [
        [kind, one["sheet"], one["place"], one["what"], one["cure"]]
        for kind, key in (("sai", "errors"), ("cảnh báo", "warnings"))
        for one in found.get(key, [])
    ]
    columns = (("Loại", 12), ("Trang", 14), ("Ô", 8), ("Sai gì", 70), ("Cách sửa", 70))
    return download(written([Sheet("Ô cần xem", columns, rows)]), name="o-can-xem.xlsx")
