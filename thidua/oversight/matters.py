"""What oversight keeps about units, and what difficulties may be raised about."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q
from django.urls import reverse

from thidua.core.text import shortened
from thidua.indicators import access as figures
from thidua.indicators.models import Value
from thidua.movements import providers, raising, warning_signs
from thidua.movements.providers import Fact, Question
from thidua.movements.raising import Subject
from thidua.movements.visibility import visible_targets, visible_tasks
from thidua.organisations import matters
from thidua.organisations.authority import Acting
from thidua.oversight.inspections import signs
from thidua.oversight.models import Difficulty, DifficultyState, Remedy, RemedyState


def open_difficulties(unit_ids: Collection[int]) -> int:
    return Difficulty.objects.filter(unit_id__in=unit_ids, state__in=Difficulty.OPEN).count()


def _task(key: int, acting: Acting) -> Subject | None:
    task = visible_tasks(acting).filter(pk=key).first()
    if task is None:
        return None
    return Subject(
        shortened(task.title, 300),
        reverse("tasks:task", args=[task.pk]),
        unit_id=task.unit_id,
        plan_id=task.plan_id,
    )


def _target(key: int, acting: Acting) -> Subject | None:
    target = visible_targets(acting).filter(pk=key).first()
    if target is None:
        return None
    return Subject(target.label, reverse("progress:target", args=[target.pk]), plan_id=target.plan_id)


def _value(key: int, acting: Acting) -> Subject | None:
    value = Value.objects.filter(pk=key).select_related("indicator", "unit").first()
    if value is None or not figures.may_read(acting, value.unit):
        return None
    return Subject(
        f"{value.indicator.name}, kỳ từ {value.since:%d/%m/%Y}",
        reverse("indicators:value", args=[value.pk]),
        unit_id=value.unit_id,
    )


def told_in_reports(question: Question) -> list[Fact]:
    """Difficulties of these units within the period, for whoever writes the report."""
    rows = (
        Difficulty.objects.filter(
            Q(plan=question.plan) | Q(plan__isnull=True),
            unit_id__in=question.unit_ids,
            raised_at__date__gte=question.since,
            raised_at__date__lt=question.until,
        )
        .exclude(state=DifficultyState.WITHDRAWN)
        .order_by("raised_at", "pk")
    )
    return [
        Fact(
            "kho-khan",
            f"{row.title} ({str(row.get_state_display()).lower()})",
            reverse("difficulties:difficulty", args=[row.pk]),
            unit_id=row.unit_id,
        )
        for row in rows
    ]


def open_remedies(unit_ids: Collection[int]) -> int:
    return Remedy.objects.filter(visit__unit_id__in=unit_ids).exclude(state=RemedyState.CLOSED).count()


warning_signs.register("late-tasks", signs.late_tasks)
warning_signs.register("jumps", signs.jumps)
warning_signs.register("unmet", signs.unmet)
matters.register("8-remedies", "kiến nghị sau kiểm tra chưa khắc phục xong", open_remedies)
providers.register("difficulties", "Khó khăn, vướng mắc đã nêu", told_in_reports)
matters.register("7-difficulties", "vướng mắc chưa được trả lời của các đơn vị này", open_difficulties)
raising.register("nhiem-vu", "Nhiệm vụ", _task)
raising.register("chi-tieu", "Chỉ tiêu", _target)
raising.register("so-lieu", "Số liệu", _value)
