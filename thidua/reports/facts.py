"""What movements already know about a unit in the period of a report: tasks, activities, registrations.

Each fact is a sentence with its source page. The number of queries does not grow with the rows. Also gives a
merged report the facts of all units below, when handed their keys.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.urls import reverse

from thidua.core.formats import format_number
from thidua.movements.models import (
    Activity,
    ActivityKind,
    Plan,
    Registration,
    RegistrationKind,
    RegistrationState,
    Task,
    TaskState,
)
from thidua.movements.providers import Fact, Question, told
from thidua.organisations.successions import inherited_by
from thidua.reports.models import Report, Round


def units_behind(unit_ids: Collection[int], *, on: date) -> set[int]:
    """The units with those they took over from: what these did counts for them."""
    return set().union(*inherited_by(unit_ids, on=on).values()) if unit_ids else set()


def question_of(report: Report, *, on: date) -> Question:
    """What a report asks the other apps: about its own unit, and of a merged one about all below it too."""
    unit_ids = {report.unit_id}
    if report.is_merged:
        unit_ids |= set(report.children.filter(is_owed=True).values_list("unit_id", flat=True))
    return Question(
        report.round.plan,
        units_behind(unit_ids, on=on),
        report.round.since,
        report.round.until,
        on,
    )


def facts_of(report: Report, *, on: date) -> list[tuple[str, list[Fact]]]:
    """Heading and facts, in the order in which a report tells them; headings without facts fall away."""
    asked = question_of(report, on=on)
    found = [
        ("Nhiệm vụ", task_facts(asked)),
        ("Hoạt động", activity_facts(asked)),
        ("Đăng ký", registration_facts(asked, years_of(report.round))),
        *told(asked),
    ]
    return [(heading, facts) for heading, facts in found if facts]


def years_of(round_: Round) -> range:
    return range(
        round_.since.year, round_.until.year + (1 if round_.until > date(round_.until.year, 1, 1) else 0)
    )


def tasks_of(plan: Plan, unit_ids: Collection[int], *, since: date, until: date) -> Q:
    """Tasks of these units that fall into the period: of its years, or without a year and begun by then."""
    years = range(since.year, until.year + (1 if until > date(until.year, 1, 1) else 0))
    return Q(plan=plan, unit_id__in=unit_ids) & (
        Q(year__in=years) | Q(year__isnull=True) & (Q(starts_on__isnull=True) | Q(starts_on__lt=until))
    )


def task_facts(asked: Question) -> list[Fact]:
    rows = Task.objects.filter(
        tasks_of(asked.plan, asked.unit_ids, since=asked.since, until=asked.until)
    ).exclude(state=TaskState.CANCELLED)
    counts = rows.aggregate(
        all=Count("pk"),
        done=Count("pk", filter=Q(state=TaskState.DONE)),
        reported=Count("pk", filter=Q(state=TaskState.REPORTED)),
        late=Count("pk", filter=Q(state__in=Task.OWED, due_on__lt=asked.on)),
    )
    if not counts["all"]:
        return []
    parts = [f"được giao {counts['all']} nhiệm vụ", f"hoàn thành {counts['done']}"]
    if counts["reported"]:
        parts.append(f"chờ xác nhận {counts['reported']}")
    if counts["late"]:
        parts.append(f"quá hạn {counts['late']}")
    address = f"{reverse('tasks:list')}?{urlencode({'ke_hoach': asked.plan.pk})}"
    return [Fact("nhiem-vu", f"{', '.join(parts)}.".capitalize(), address, Decimal(counts["done"]))]


def activity_facts(asked: Question) -> list[Fact]:
    rows = (
        Activity.objects.filter(
            plan=asked.plan, unit_id__in=asked.unit_ids, held_on__gte=asked.since, held_on__lt=asked.until
        )
        .values("kind")
        .annotate(number=Count("pk"), people=Sum("people"), value=Sum("value_dong"))
        .order_by("kind")
    )
    address = f"{reverse('tasks:activities')}?{urlencode({'ke_hoach': asked.plan.pk})}"
    found = []
    for row in rows:
        words = [f"{ActivityKind(row['kind']).label}: {row['number']} lần"]
        if row["people"]:
            words.append(f"{format_number(row['people'])} người tham gia")
        if row["value"]:
            words.append(f"trị giá {format_number(row['value'])} đồng")
        found.append(Fact("hoat-dong", ", ".join(words) + ".", address, Decimal(row["number"])))
    return found


def registration_facts(asked: Question, years: range) -> list[Fact]:
    rows = (
        Registration.objects.filter(
            plan=asked.plan,
            unit_id__in=asked.unit_ids,
            year__in=years,
            state=RegistrationState.APPROVED,
        )
        .values("kind")
        .annotate(number=Count("pk"))
        .order_by("kind")
    )
    address = f"{reverse('registrations:list')}?{urlencode({'ke_hoach': asked.plan.pk})}"
    return [
        Fact(
            "dang-ky",
            f"{RegistrationKind(row['kind']).label}: {row['number']} đăng ký đã duyệt.",
            address,
            Decimal(row["number"]),
        )
        for row in rows
    ]
