"""What resources keep about units, for the preview of a change of units."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from thidua.organisations.matters import register
from thidua.resources.models import (
    Allocation,
    AllocationState,
    Fund,
    FundState,
    Sponsorship,
    SponsorshipState,
)

RUNNING = (SponsorshipState.PREPARED, SponsorshipState.ACTIVE)


def open_funds(unit_ids: Collection[int]) -> int:
    return Fund.objects.filter(unit_id__in=unit_ids, state=FundState.OPEN).count()


def unproved(unit_ids: Collection[int]) -> int:
    return Allocation.objects.filter(recipient_unit_id__in=unit_ids, state=AllocationState.GIVEN).count()


def sponsorships(unit_ids: Collection[int]) -> int:
    sides = Q(agency_id__in=unit_ids) | Q(place_id__in=unit_ids)
    return Sponsorship.objects.filter(sides, state__in=RUNNING).count()


register("7-funds", "quỹ đang hoạt động do các đơn vị này giữ", open_funds)
register("7-unproved", "khoản phân bổ mà các đơn vị này chưa chứng minh sử dụng", unproved)
register("7-sponsorships", "đỡ đầu, kết nghĩa đang thực hiện của các đơn vị này", sponsorships)
