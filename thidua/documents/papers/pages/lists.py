"""The lists of papers: going out, coming in, books and the numbers of a book."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from thidua.core.formats import format_date
from thidua.core.text import shortened
from thidua.documents.models import GivenNumber, IncomingPaper, NumberBook, OutgoingPaper, PaperState
from thidua.documents.papers import symbols
from thidua.documents.papers.pages.forms import (
    BookFilters,
    IncomingFilters,
    NumberFilters,
    OutgoingFilters,
)
from thidua.tables.listing import Column, Shown, Table

STATES = dict(PaperState.choices)
TONES = {
    PaperState.OFFERED: "warning",
    PaperState.REVIEWED: "warning",
    PaperState.SIGNED: "warning",
    PaperState.NUMBERED: "warning",
    PaperState.ISSUED: "good",
    PaperState.RECALLED: "late",
}


def _day(value: date | None) -> str:
    return format_date(value) if value else ""


def outgoing_table(labels: Mapping[int, str]) -> Table[OutgoingPaper]:
    def title(paper: OutgoingPaper) -> Shown:
        return Shown(
            shortened(paper.title),
            href=reverse("papers:paper", args=[paper.pk]),
            full=paper.title,
        )

    return Table(
        name="van-ban-di",
        title="Văn bản đi",
        columns=(
            Column(
                "so",
                "Số, ký hiệu",
                lambda paper: paper.notation if paper.given else f"…/{paper.symbol}",
                order=("given__dated", "given__order", "given__suffix"),
                width=18,
            ),
            Column(
                "ngay",
                "Ngày",
                lambda paper: _day(paper.given.dated if paper.given else None),
                lambda paper: paper.given.dated if paper.given else None,
                order=("given__dated",),
                width=12,
            ),
            Column("loai", "Loại", lambda paper: symbols.kind_name(paper.kind), order=("kind",), width=14),
            Column("ten", "Trích yếu", title, lambda paper: paper.title, order=("title_order",), width=60),
            Column(
                "trang_thai",
                "Trạng thái",
                lambda paper: Shown(
                    str(STATES[PaperState(paper.state)]), tone=TONES.get(PaperState(paper.state), "")
                ),
                order=("state",),
                width=18,
            ),
            Column(
                "don_vi",
                "Cơ quan ban hành",
                lambda paper: labels.get(paper.unit_id, ""),
                width=34,
            ),
            Column(
                "sua",
                "Cập nhật",
                lambda paper: _day(timezone.localdate(paper.changed_at)),
                lambda paper: timezone.localdate(paper.changed_at),
                order=("changed_at",),
                width=12,
            ),
        ),
        filters=OutgoingFilters,
        usual_order="-sua",
        empty="Chưa có văn bản nào. Bấm «Soạn văn bản», hoặc lập từ trang báo cáo, khen thưởng; "
        "văn bản được soát, ký, cấp số và phát hành ngay tại đây.",
    )


def with_progress(rows: QuerySet[IncomingPaper]) -> QuerySet[IncomingPaper]:
    """Arrivals with how many received them and how many of these are not done."""
    return rows.annotate(
        passed_on=Count("forwardings", distinct=True),
        still_open=Count("forwardings", filter=Q(forwardings__done_at__isnull=True), distinct=True),
    )


def incoming_table(*, on: date) -> Table[Any]:
    def title(incoming: Any) -> Shown:
        return Shown(
            shortened(incoming.title),
            href=reverse("papers:arrival", args=[incoming.pk]),
            full=incoming.title,
        )

    def progress(incoming: Any) -> Shown:
        if not incoming.passed_on:
            return Shown("Chưa chuyển", tone="warning")
        if not incoming.still_open:
            return Shown("Đã giải quyết", tone="good")
        is_late = incoming.due_on is not None and incoming.due_on < on
        return Shown(
            f"{incoming.passed_on - incoming.still_open}/{incoming.passed_on} nơi xong",
            tone="late" if is_late else "",
        )

    return Table(
        name="van-ban-den",
        title="Văn bản đến",
        columns=(
            Column(
                "so_den",
                "Số đến",
                lambda incoming: incoming.given.text,
                order=("given__book__year", "given__order"),
                width=10,
            ),
            Column(
                "ngay_den",
                "Ngày đến",
                lambda incoming: format_date(incoming.arrived_on),
                lambda incoming: incoming.arrived_on,
                order=("arrived_on", "pk"),
                width=12,
            ),
            Column("so", "Số, ký hiệu", lambda incoming: incoming.notation, order=("number",), width=18),
            Column("ngay", "Ngày", lambda incoming: _day(incoming.dated), order=("dated",), width=12),
            Column(
                "co_quan",
                "Cơ quan ban hành",
                lambda incoming: incoming.issuer,
                order=("issuer_key",),
                width=34,
            ),
            Column(
                "ten", "Trích yếu", title, lambda incoming: incoming.title, order=("title_order",), width=60
            ),
            Column("xu_ly", "Xử lý", progress, width=18),
            Column("han", "Hạn", lambda incoming: _day(incoming.due_on), order=("due_on",), width=12),
        ),
        filters=IncomingFilters,
        usual_order="-ngay_den",
        empty="Chưa có văn bản đến. Văn thư đăng ký từng văn bản; văn bản chuyển cho đơn vị bạn cũng ở đây.",
    )


def book_table(labels: Mapping[int, str]) -> Table[NumberBook]:
    def name(book: NumberBook) -> Shown:
        kind = f"{book.get_kind_display()}, {symbols.kind_name(book.series) if book.series else 'mọi loại'}"
        return Shown(
            kind if book.kind == "di" else book.get_kind_display(),
            href=reverse("papers:book", args=[book.pk]),
        )

    return Table(
        name="so-van-ban",
        title="Sổ văn bản",
        columns=(
            Column(
                "nam", "Năm", lambda book: str(book.year), lambda book: book.year, order=("year",), width=8
            ),
            Column("so", "Sổ", name, order=("kind", "series"), width=34),
            Column("don_vi", "Cơ quan", lambda book: labels.get(book.unit_id, ""), width=40),
            Column(
                "cuoi",
                "Số cuối",
                lambda book: str(book.last),
                lambda book: book.last,
                order=("last",),
                is_number=True,
                width=10,
            ),
        ),
        filters=BookFilters,
        usual_order="-nam",
        empty="Chưa có sổ nào. Sổ tự mở khi cấp số đầu tiên của năm.",
    )


def number_table(book: NumberBook) -> Table[Any]:
    def used(number: Any) -> Shown:
        text = shortened(number.label)
        if getattr(number, "paper", None) is not None:
            return Shown(text, href=reverse("papers:paper", args=[number.paper.pk]), full=number.label)
        if getattr(number, "incoming", None) is not None:
            return Shown(text, href=reverse("papers:arrival", args=[number.incoming.pk]), full=number.label)
        return Shown(text, full=number.label)

    def remark(number: Any) -> Shown | str:
        if number.is_cancelled:
            return Shown("Đã hủy", tone="late", note=number.cancel_reason)
        return Shown("Số phụ", tone="warning", note=number.reason) if number.suffix else ""

    return Table(
        name=f"so-{book.pk}",
        title=f"{book.get_kind_display()} năm {book.year}",
        columns=(
            Column("so", "Số", lambda number: str(number), order=("order", "suffix"), width=16),
            Column(
                "ngay",
                "Ngày",
                lambda number: format_date(number.dated),
                lambda number: number.dated,
                order=("dated", "order"),
                width=12,
            ),
            Column("ten", "Văn bản", used, lambda number: number.label, order=("label",), width=70),
            Column(
                "ghi_chu",
                "Ghi chú",
                remark,
                lambda number: number.cancel_reason or number.reason,
                width=40,
            ),
            Column(
                "nguoi",
                "Người cấp",
                lambda number: str(number.given_by or "Hệ thống"),
                order=("given_by__name_order",),
                width=26,
            ),
        ),
        filters=NumberFilters,
        usual_order="-so",
        empty="Sổ chưa có số nào.",
    )


def numbers_of(book: NumberBook) -> QuerySet[GivenNumber]:
    return book.numbers.select_related("given_by", "paper", "incoming", "book")
