"""The board: units × rounds of a plan, each cell a report with its state and lateness; and one round's list.

Hides that a lower plan's merged report stands in the row of its unit, and that a page of rows asks once for
all its cells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from thidua.core.clock import VIETNAM
from thidua.core.formats import format_date
from thidua.movements.models import Plan
from thidua.movements.tasks.task_list import name_of, unit_named
from thidua.organisations.models import Unit, UnitKind
from thidua.reports.models import Reminding, Report, ReportState, Round, RoundState
from thidua.tables.listing import Column, FilterForm, Shown, Table

LATE, IN_TIME, WAS_LATE = "qua_han", "dung_han", "muon"
#: What a filter may ask besides the states.
STANDINGS: tuple[tuple[str, str], ...] = (
    (LATE, "Quá hạn, chưa gửi"),
    (IN_TIME, "Gửi đúng hạn"),
    (WAS_LATE, "Gửi muộn"),
)
TONES = {
    ReportState.DRAFT: "",
    ReportState.SENT: "warning",
    ReportState.RETURNED: "late",
    ReportState.ACCEPTED: "good",
    ReportState.MERGED: "good",
}


def reports_of(round_ids: Collection[int]) -> Q:
    """What the receivers of these rounds wait for: units' reports, and merged ones of lower plans."""
    return Q(round_id__in=round_ids, is_merged=False) | Q(parent__round_id__in=round_ids, is_merged=True)


def rounds_of(plan: Plan) -> QuerySet[Round]:
    """In the order of their days."""
    return plan.report_rounds.exclude(state=RoundState.CANCELLED).order_by("units_due_on", "pk")


def standing(chosen: str, *, on: date) -> Q:
    """A filter's answer as a condition on reports."""
    if chosen == LATE:
        return Q(is_owed=True, state__in=Report.UNSENT, due_on__lt=on)
    if chosen == IN_TIME:
        return Q(first_sent_on__lte=F("due_on"))
    if chosen == WAS_LATE:
        return Q(first_sent_on__gt=F("due_on"))
    return Q(state=chosen, is_owed=True)


def cell(report: Report | None, *, on: date) -> Shown:
    """State and lateness of one report, as a tag with a link."""
    if report is None:
        return Shown("")
    href = reverse("reports:report", args=[report.pk])
    if not report.is_owed:
        return Shown("Không phải gửi", href, note=report.not_owed_reason)
    label = str(report.get_state_display())
    late = days_late(report, on=on)
    if report.state in Report.UNSENT:
        if late:
            return Shown(label, href, "late", f"quá hạn {late} ngày")
        left = (report.due_on - on).days
        return Shown(
            label,
            href,
            TONES.get(ReportState(report.state), ""),
            "hạn hôm nay" if left == 0 else f"còn {left} ngày",
        )
    sent = format_date(report.first_sent_on) if report.first_sent_on else ""
    return Shown(
        label, href, TONES.get(ReportState(report.state), ""), f"{sent}, muộn {late} ngày" if late else sent
    )


def days_late(report: Report, *, on: date) -> int:
    """Days after the last day in time: until it first came, or until now."""
    return max(0, ((report.first_sent_on or on) - report.due_on).days)


# --- units × rounds -------------------------------------------------------------------------------------


class GridFilters(FilterForm):
    don_vi = forms.CharField(label="Đơn vị", max_length=200)
    loai = forms.ChoiceField(label="Loại đơn vị", choices=[("", "Mọi loại"), *UnitKind.choices])
    tinh_hinh = forms.ChoiceField(
        label="Tình hình", choices=[("", "Mọi tình hình"), *ReportState.choices, *STANDINGS]
    )

    def __init__(self, *args: Any, round_ids: Collection[int], on: date, **kwargs: Any) -> None:
        self._round_ids, self._on = round_ids, on
        super().__init__(*args, **kwargs)
        self.fields["don_vi"].widget.attrs["placeholder"] = "Không cần dấu"

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        if "don_vi" in asked:
            rows = rows.filter(unit_named(asked["don_vi"], "pk"))
        if "loai" in asked:
            rows = rows.filter(kind=asked["loai"])
        if "tinh_hinh" in asked:
            matching = Report.objects.filter(
                reports_of(self._round_ids), standing(asked["tinh_hinh"], on=self._on)
            )
            rows = rows.filter(pk__in=matching.values("unit_id"))
        return rows


def grid_units(round_ids: Collection[int], *, on: date) -> QuerySet[Unit]:
    """Units with a report in these rounds, with their names of the day."""
    reports = Report.objects.filter(round_id__in=round_ids, is_merged=False)
    from_below = Report.objects.filter(parent__round_id__in=round_ids, is_merged=True)
    return Unit.objects.filter(
        Q(pk__in=reports.values("unit_id")) | Q(pk__in=from_below.values("unit_id"))
    ).annotate(unit_label=name_of("pk", "label", on=on), unit_order=name_of("pk", "label_order", on=on))


class Cells:
    """Reports by unit and round; filled once for the rows of a page, or for all rows of a workbook."""

    def __init__(self, rounds: Sequence[Round]) -> None:
        self._round_ids = [one.pk for one in rounds]
        self._found: dict[tuple[int, int], Report] = {}

    def fill(self, unit_ids: Iterable[int] | None) -> None:
        """Two queries; None asks for all units."""
        base = Report.objects.order_by("is_owed", "pk")
        for rows, place in (
            (base.filter(round_id__in=self._round_ids, is_merged=False), "round_id"),
            (
                base.filter(parent__round_id__in=self._round_ids, is_merged=True).select_related("parent"),
                "parent",
            ),
        ):
            found = rows if unit_ids is None else rows.filter(unit_id__in=list(unit_ids))
            for report in found:
                parent = report.parent if place == "parent" else None
                round_id = parent.round_id if parent else report.round_id
                # One that is owed stands before one that is owed no more.
                self._found[report.unit_id, round_id] = report

    def of(self, unit_id: int, round_id: int) -> Report | None:
        return self._found.get((unit_id, round_id))


def grid_table(rounds: Sequence[Round], cells: Cells, *, on: date) -> Table[Unit]:
    def column(round_: Round) -> Column[Unit]:
        def words(unit: Unit) -> str:
            shown = cell(cells.of(unit.pk, round_.pk), on=on)
            return f"{shown.text} ({shown.note})" if shown.note else shown.text

        return Column(
            f"dot-{round_.pk}",
            short_title(round_),
            lambda unit: cell(cells.of(unit.pk, round_.pk), on=on),
            value=words,
            width=24,
        )

    return Table(
        name="bang-bao-cao",
        title="Bảng báo cáo",
        columns=(
            Column(
                "don-vi",
                "Đơn vị",
                lambda unit: cast(Any, unit).unit_label or unit.key,
                value=lambda unit: cast(Any, unit).unit_label or unit.key,
                order=("unit_order",),
                width=44,
            ),
            *(column(round_) for round_ in rounds),
        ),
        filters=GridFilters,
        usual_order="don-vi",
        empty="Chưa có đơn vị nào được hỏi. Đợt báo cáo mở ra thì các đơn vị phải báo cáo hiện ở đây.",
    )


def short_title(round_: Round) -> str:
    return round_.title.removeprefix("Báo cáo ").capitalize()[:60]


# --- one round --------------------------------------------------------------------------------------------


class RoundFilters(FilterForm):
    don_vi = forms.CharField(label="Đơn vị", max_length=200)
    loai = forms.ChoiceField(label="Loại đơn vị", choices=[("", "Mọi loại"), *UnitKind.choices])
    tinh_hinh = forms.ChoiceField(
        label="Tình hình", choices=[("", "Mọi tình hình"), *ReportState.choices, *STANDINGS]
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        self._on = on
        super().__init__(*args, **kwargs)
        self.fields["don_vi"].widget.attrs["placeholder"] = "Không cần dấu"

    def narrow(self, rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
        if "don_vi" in asked:
            rows = rows.filter(unit_named(asked["don_vi"]))
        if "loai" in asked:
            rows = rows.filter(unit__kind=asked["loai"])
        if "tinh_hinh" in asked:
            rows = rows.filter(standing(asked["tinh_hinh"], on=self._on))
        return rows


def round_rows(round_: Round, *, on: date) -> QuerySet[Report]:
    """Each report that this round's body waits for, with name and reminders."""
    own = Reminding.objects.filter(report=OuterRef("pk")).order_by().values("report")
    return (
        Report.objects.filter(reports_of([round_.pk]))
        .select_related("unit")
        .annotate(
            unit_label=name_of("unit_id", "label", on=on),
            unit_order=name_of("unit_id", "label_order", on=on),
            reminded_at=Subquery(own.annotate(last=Max("sent_at")).values("last")),
            reminders=Subquery(own.annotate(number=Count("pk")).values("number")),
        )
    )


def round_table(*, on: date) -> Table[Report]:
    def unit(row: Any) -> Shown:
        note = f"nhận từ {row.passed_from_label}" if getattr(row, "passed_from_label", "") else ""
        return Shown(row.unit_label or "", reverse("reports:report", args=[row.pk]), note=note)

    def reminded(row: Any) -> Shown | str:
        if row.reminded_at is None:
            return ""
        return Shown(format_date(row.reminded_at.astimezone(VIETNAM).date()), note=f"{row.reminders} lần")

    return Table(
        name="dot-bao-cao",
        title="Báo cáo của đợt",
        columns=(
            Column(
                "don-vi",
                "Đơn vị",
                unit,
                value=lambda row: cast(Any, row).unit_label,
                order=("unit_order",),
                width=44,
            ),
            Column(
                "tinh-hinh",
                "Tình hình",
                lambda row: cell(row, on=on),
                value=lambda row: cell(row, on=on).text,
                order=("state",),
                width=18,
            ),
            Column(
                "gui-ngay",
                "Ngày gửi",
                lambda row: format_date(row.first_sent_on) if row.first_sent_on else "",
                value=lambda row: row.first_sent_on,
                order=("first_sent_on",),
                width=12,
            ),
            Column(
                "tre",
                "Số ngày trễ",
                lambda row: str(days_late(row, on=on)) if row.is_owed and days_late(row, on=on) else "",
                value=lambda row: days_late(row, on=on) if row.is_owed else None,
                is_number=True,
                width=12,
            ),
            Column(
                "don-doc",
                "Đôn đốc",
                reminded,
                value=lambda row: cast(Any, row).reminded_at,
                order=("reminded_at",),
                width=14,
            ),
        ),
        filters=RoundFilters,
        usual_order="don-vi",
        empty="Đợt chưa mở nên chưa có báo cáo nào. Đến ngày mở, chương trình giao cho từng đơn vị.",
        tone=lambda row: (
            "late" if row.state in Report.UNSENT and row.is_owed and days_late(row, on=on) else ""
        ),
    )


@dataclass(frozen=True, slots=True)
class Tile:
    """One counter over a list; `address` narrows the list to it."""

    label: str
    count: int
    tone: str
    standing: str


def tiles(round_: Round, *, on: date) -> list[Tile]:
    """How many reports of a round stand where; one query."""

    rows = Report.objects.filter(reports_of([round_.pk]), is_owed=True)
    counts = rows.aggregate(
        late=Count("pk", filter=Q(state__in=Report.UNSENT, due_on__lt=on)),
        unsent=Count("pk", filter=Q(state__in=[ReportState.NOT_SENT, ReportState.DRAFT])),
        sent=Count("pk", filter=Q(state=ReportState.SENT)),
        returned=Count("pk", filter=Q(state=ReportState.RETURNED)),
        accepted=Count("pk", filter=Q(state__in=Report.LOCKED)),
        was_late=Count("pk", filter=Q(first_sent_on__gt=F("due_on"))),
    )
    return [
        Tile("Quá hạn, chưa gửi", counts["late"], "late", LATE),
        Tile("Chờ nhận", counts["sent"], "warning", ReportState.SENT),
        Tile("Trả lại", counts["returned"], "late", ReportState.RETURNED),
        Tile("Đã nhận", counts["accepted"], "good", ReportState.ACCEPTED),
        Tile("Gửi muộn", counts["was_late"], "warning", WAS_LATE),
    ]
