"""What of registrations waits for a person, by the day it should be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse

from thidua.movements.models import (
    PlanVersionState,
    Registration,
    RegistrationCall,
    RegistrationState,
    RegistrationSummary,
    SummaryState,
)
from thidua.movements.rights import DECIDING, DOING
from thidua.organisations import tree
from thidua.organisations.authority import Acting


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do, with the page where it is done; `due_on` is the last day in time."""

    title: str
    act: str
    address: str
    due_on: date | None
    about: str
    #: "mine": my unit owes it; "decide": I must decide; "owed": others owe it to my unit.
    sort: str = "mine"


def waiting_for(acting: Acting, *, on: date) -> list[Waiting]:
    """Drafts and returned ones of mine, plans that ask for mine, what I must decide, summaries to receive."""
    doing, deciding = acting.unit_ids(DOING), acting.unit_ids(DECIDING)
    found = [
        *_to_finish(doing),
        *_to_begin(doing, on=on),
        *_to_decide(deciding),
        *_summaries(doing, deciding, on=on),
    ]
    return sorted(found, key=lambda one: (one.due_on is None, one.due_on or date.max, one.title))


def _to_finish(doing: frozenset[int]) -> list[Waiting]:
    rows = (
        Registration.objects.filter(
            unit__in=doing, state__in=[RegistrationState.DRAFT, RegistrationState.RETURNED]
        )
        .values("plan_id", "plan__title", "year", "state")
        .annotate(number=Count("pk"))
        .order_by("plan_id", "year", "state")
    )
    dues = _dues({row["plan_id"] for row in rows})
    found = []
    for row in rows:
        is_returned = row["state"] == RegistrationState.RETURNED
        what = "bị trả lại" if is_returned else "chưa gửi"
        found.append(
            Waiting(
                title=f"{row['number']} đăng ký năm {row['year']} {what}",
                act="Sửa và gửi lại" if is_returned else "Gửi",
                address=reverse("registrations:own", args=[row["plan_id"], row["year"]]),
                due_on=dues.get((row["plan_id"], row["year"])),
                about=row["plan__title"],
            )
        )
    return found


def _to_begin(doing: frozenset[int], *, on: date) -> list[Waiting]:
    """Plans of this year that gave my units something, have a last day, and hold nothing of mine yet."""
    begun = Registration.objects.filter(unit__in=doing, year=on.year).exclude(
        state=RegistrationState.WITHDRAWN
    )
    calls = (
        RegistrationCall.objects.filter(
            Q(plan__tasks__unit__in=doing) | Q(plan__versions__parties__units__unit__in=doing),
            plan__versions__state=PlanVersionState.ADOPTED,
            year=on.year,
            due_on__isnull=False,
        )
        .exclude(plan__owner__in=doing)
        .exclude(plan__in=begun.values("plan_id"))
        .select_related("plan")
        .distinct()
    )
    return [
        Waiting(
            title=f"Đăng ký năm {call.year}",
            act="Lập đăng ký",
            address=reverse("registrations:own", args=[call.plan_id, call.year]),
            due_on=call.due_on,
            about=call.plan.title,
        )
        for call in calls
    ]


def _to_decide(deciding: frozenset[int]) -> list[Waiting]:
    rows = (
        Registration.objects.filter(
            Q(plan__owner__in=deciding) | Q(plan__standing_body__in=deciding),
            state=RegistrationState.PENDING,
        )
        .values("plan_id", "plan__title", "year")
        .annotate(number=Count("pk"))
        .order_by("plan_id", "year")
    )
    return [
        Waiting(
            title=f"{row['number']} đăng ký năm {row['year']} chờ duyệt",
            act="Duyệt",
            address=reverse("registrations:deciding", args=[row["plan_id"], row["year"]]),
            due_on=None,
            about=row["plan__title"],
            sort="decide",
        )
        for row in rows
    ]


def _summaries(doing: frozenset[int], deciding: frozenset[int], *, on: date) -> list[Waiting]:
    to_receive = Q(state=SummaryState.SENT) & (
        Q(plan__owner__in=deciding) | Q(plan__standing_body__in=deciding)
    )
    to_finish = Q(state__in=RegistrationSummary.OPEN, unit__in=doing)
    rows = list(RegistrationSummary.objects.filter(to_receive | to_finish).select_related("plan"))
    if not rows:
        return []
    labels = tree.labels_on({row.unit_id for row in rows}, on=on)
    found = []
    for row in rows:
        is_received = row.state == SummaryState.SENT
        label = labels.get(row.unit_id, "")
        returned = row.state == SummaryState.RETURNED
        found.append(
            Waiting(
                title=f"Tổng hợp đăng ký năm {row.year} của {label}" + (" bị trả lại" if returned else ""),
                act="Nhận hoặc trả lại" if is_received else "Gửi lên cấp trên",
                address=reverse("registrations:summary", args=[row.pk]),
                due_on=None,
                about=row.plan.title,
                sort="decide" if is_received else "mine",
            )
        )
    return found


def _dues(plan_ids: set[int]) -> dict[tuple[int, int], date]:
    rows = RegistrationCall.objects.filter(plan__in=plan_ids, due_on__isnull=False)
    return {(row.plan_id, row.year): row.due_on for row in rows if row.due_on is not None}
