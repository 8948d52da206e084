"""What movements keep about units, for the preview of a change of units."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from thidua.movements.models import Plan, Registration, RegistrationState, Task
from thidua.organisations.matters import register

OPEN_REGISTRATIONS = (RegistrationState.DRAFT, RegistrationState.PENDING, RegistrationState.RETURNED)


def open_tasks(unit_ids: Collection[int]) -> int:
    return Task.objects.filter(unit_id__in=unit_ids, state__in=Task.OPEN).count()


def given_tasks(unit_ids: Collection[int]) -> int:
    return Task.objects.filter(giver_id__in=unit_ids, state__in=Task.OPEN).count()


def plans(unit_ids: Collection[int]) -> int:
    return Plan.objects.filter(Q(owner_id__in=unit_ids) | Q(standing_body_id__in=unit_ids)).count()


def open_registrations(unit_ids: Collection[int]) -> int:
    return Registration.objects.filter(unit_id__in=unit_ids, state__in=OPEN_REGISTRATIONS).count()


register("1-tasks", "nhiệm vụ chưa xong của các đơn vị này", open_tasks)
register("2-given", "nhiệm vụ chưa xong do các đơn vị này giao", given_tasks)
register("3-plans", "kế hoạch do các đơn vị này ban hành hoặc điều hành", plans)
register("4-registrations", "đăng ký chưa duyệt của các đơn vị này", open_registrations)
