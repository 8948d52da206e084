"""What of reports waits for a person: to write, to receive, to correct; by the day it should be done."""

from __future__ import annotations

from django.db.models import Count, Q
from django.urls import reverse

from thidua.movements.rights import DECIDING, DOING
from thidua.organisations.authority import Acting
from thidua.organisations.waiting import Waiting
from thidua.reports.models import Correction, CorrectionState, Report, ReportState, RoundState

#: Of each sort so many are fetched, the most urgent first.
MOST = 60


def waiting_for(acting: Acting) -> list[Waiting]:
    """Four queries, however many there are."""
    doing, deciding = acting.unit_ids(DOING), acting.unit_ids(DECIDING)
    return [*_to_write(doing), *_to_receive(deciding), *_to_correct(doing)]


def _to_write(doing: frozenset[int]) -> list[Waiting]:
    if not doing:
        return []
    rows = (
        Report.objects.filter(
            unit__in=doing, is_owed=True, state__in=Report.UNSENT, round__state=RoundState.OPEN
        )
        .select_related("round__plan")
        .order_by("due_on", "pk")[:MOST]
    )
    acts = {ReportState.RETURNED: "Sửa và gửi lại", ReportState.DRAFT: "Viết tiếp"}
    return [
        Waiting(
            title=f"Tổng hợp: {row.round.title}" if row.is_merged else row.round.title,
            why=str(row.get_state_display()),
            act=acts.get(ReportState(row.state), "Viết báo cáo"),
            address=reverse("reports:report", args=[row.pk]),
            about=row.round.plan.number or row.round.plan.title,
            due_on=row.due_on,
        )
        for row in rows
    ]


def _to_receive(deciding: frozenset[int]) -> list[Waiting]:
    """One line for each round, however many reports wait in it; one for each merged report from below."""
    if not deciding:
        return []
    sent = Report.objects.filter(receiver__in=deciding, state=ReportState.SENT)
    merged = sent.filter(is_merged=True).select_related("round__plan").order_by("due_on", "pk")[:MOST]
    # The round of a merged report belongs to another body: the report itself is what may be opened.
    found = [
        Waiting(
            title=f"Báo cáo tổng hợp chờ nhận: {row.round.title}",
            why="Chờ nhận",
            act="Nhận hoặc trả lại",
            address=reverse("reports:report", args=[row.pk]),
            about=row.round.plan.number or row.round.plan.title,
            is_answer=True,
        )
        for row in merged
    ]
    rows = (
        sent.filter(is_merged=False)
        .values("round_id", "round__title", "round__plan__number", "round__plan__title")
        .annotate(number=Count("pk"))
        .order_by("round_id")[:MOST]
    )
    return found + [
        Waiting(
            title=f"{row['number']} báo cáo chờ nhận: {row['round__title']}",
            why="Chờ nhận",
            act="Nhận hoặc trả lại",
            address=f"{reverse('reports:round', args=[row['round_id']])}?tinh_hinh={ReportState.SENT.value}",
            about=row["round__plan__number"] or row["round__plan__title"],
            is_answer=True,
        )
        for row in rows
    ]


def _to_correct(doing: frozenset[int]) -> list[Waiting]:
    if not doing:
        return []
    rows = (
        Correction.objects.filter(Q(figure__report__unit__in=doing), state=CorrectionState.OFFERED)
        .values("figure__report_id", "figure__report__round__title")
        .annotate(number=Count("pk"))
        .order_by("figure__report_id")[:MOST]
    )
    return [
        Waiting(
            title=f"{row['number']} số mới khác số đã báo cáo",
            why="Chờ đính chính",
            act="Xem và đính chính",
            address=f"{reverse('reports:report', args=[row['figure__report_id']])}#dinh-chinh",
            about=row["figure__report__round__title"],
            is_answer=True,
        )
        for row in rows
    ]
