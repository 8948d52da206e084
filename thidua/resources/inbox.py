"""What of resources waits for a person: to approve, to prove, to collect; by the day it should be done."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse

from thidua.core.text import shortened
from thidua.movements.rights import DECIDING, DOING
from thidua.organisations.authority import Acting
from thidua.organisations.waiting import Waiting
from thidua.resources.due_things import ending, promised, with_place
from thidua.resources.models import Allocation, AllocationState, Campaign, CampaignState, Pledge, PledgeState

#: Of each sort so many are fetched, the most urgent first.
MOST = 60
#: What was promised for a day is left alone until so near it.
DAYS_BEFORE = 14


def waiting_for(acting: Acting) -> list[Waiting]:
    """Six queries, however many there are."""
    doing, deciding = acting.unit_ids(DOING), acting.unit_ids(DECIDING)
    found: list[Waiting] = []
    if deciding:
        found += _to_approve(deciding)
    if doing:
        found += [*_to_prove(doing), *_to_collect(doing, acting.on), *_to_visit(doing)]
        found += [*_to_support(doing, acting.on), *_to_end(doing, acting.on)]
    return found


def _to_approve(deciding: frozenset[int]) -> list[Waiting]:
    rows = Allocation.objects.filter(fund__unit__in=deciding, state=AllocationState.PROPOSED)
    return [
        Waiting(
            title=f"Đề nghị phân bổ: {shortened(row.purpose)}",
            why="Chờ duyệt",
            act="Duyệt hoặc không duyệt",
            address=reverse("resources:allocation", args=[row.pk]),
            about=row.fund.name,
            is_answer=True,
        )
        for row in rows.select_related("fund").order_by("made_at", "pk")[:MOST]
    ]


def _to_prove(doing: frozenset[int]) -> list[Waiting]:
    """The place that was given something; for households and units outside the program the fund's body."""
    rows = Allocation.objects.filter(
        Q(recipient_unit__in=doing) | Q(household__isnull=False, fund__unit__in=doing),
        state=AllocationState.GIVEN,
    )
    return [
        Waiting(
            title=f"Chứng minh sử dụng: {shortened(row.purpose)}",
            why="Chờ chứng minh",
            act="Ghi và kèm tài liệu",
            address=reverse("resources:allocation", args=[row.pk]),
            about=row.fund.name,
            due_on=row.due_on,
        )
        for row in rows.select_related("fund").order_by("due_on", "pk")[:MOST]
    ]


def _to_collect(doing: frozenset[int], on: date) -> list[Waiting]:
    rows = Pledge.objects.filter(
        fund__unit__in=doing, state=PledgeState.PROMISED, due_on__lte=on + timedelta(days=DAYS_BEFORE)
    )
    return [
        Waiting(
            title=f"Cam kết của {row.donor.public_name} đến hạn",
            why="Chưa nhận đủ",
            act="Nhận hoặc ghi không thực hiện",
            address=reverse("resources:pledge", args=[row.pk]),
            about=row.fund.name,
            due_on=row.due_on,
        )
        for row in rows.select_related("fund", "donor").order_by("due_on", "pk")[:MOST]
    ]


def _to_visit(doing: frozenset[int]) -> list[Waiting]:
    rows = Campaign.objects.filter(unit__in=doing, state=CampaignState.RUNNING).order_by("until", "pk")
    return [
        Waiting(
            title=f"Đợt đang thực hiện: {row.name}",
            why="Ghi các lượt thăm",
            act="Mở danh sách",
            address=reverse("resources:campaign", args=[row.pk]),
            about=str(row.get_kind_display()),
            due_on=row.until,
        )
        for row in rows[:MOST]
    ]


def _to_support(doing: frozenset[int], on: date) -> list[Waiting]:
    rows = promised(on).filter(sponsorship__agency__in=doing, due_on__lte=on + timedelta(days=DAYS_BEFORE))
    return [
        Waiting(
            title=f"Việc hỗ trợ: {shortened(row.title)}",
            why="Chưa làm xong",
            act="Ghi kết quả",
            address=reverse("resources:sponsorship", args=[row.sponsorship_id]),
            about=with_place(row, row.sponsorship),
            due_on=row.due_on,
        )
        for row in rows.order_by("due_on", "pk")[:MOST]
    ]


def _to_end(doing: frozenset[int], on: date) -> list[Waiting]:
    rows = ending(on).filter(agency__in=doing, until__lte=on + timedelta(days=DAYS_BEFORE))
    return [
        Waiting(
            title=f"Chương trình {str(row.get_kind_display()).lower()} hết thời gian",
            why="Đến ngày kết thúc",
            act="Ghi kết quả, kết thúc",
            address=reverse("resources:sponsorship", args=[row.pk]),
            about=with_place(row, row),
            due_on=row.until,
        )
        for row in rows.order_by("until", "pk")[:MOST]
    ]
