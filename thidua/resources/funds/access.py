"""Funds and what is in them by their addresses: what a signed-in person may see, and whose names."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from thidua.core.errors import NotAllowed
from thidua.movements.visibility import units_below
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit
from thidua.resources.models import Allocation, Donor, Fund, Pledge, Receipt


def visible_funds(acting: Acting) -> QuerySet[Fund]:
    """Funds kept by the own units and by those below them."""
    if not acting.mandates:
        return Fund.objects.none()
    return Fund.objects.filter(Q(unit__in=acting.unit_ids()) | Q(unit__in=units_below(acting)))


def visible_allocations(acting: Acting) -> QuerySet[Allocation]:
    """Those of visible funds, and whatever own units and those below them were given."""
    if not acting.mandates:
        return Allocation.objects.none()
    return Allocation.objects.filter(
        Q(fund__in=visible_funds(acting).values("pk"))
        | Q(recipient_unit__in=acting.unit_ids())
        | Q(recipient_unit__in=units_below(acting))
    )


def fund_at(pk: int, *, acting: Acting) -> Fund:
    found = visible_funds(acting).filter(pk=pk).select_related("unit").first()
    if found is None:
        raise _not_seen("quỹ")
    return found


def pledge_at(pk: int, *, acting: Acting) -> Pledge:
    rows = Pledge.objects.filter(fund__in=visible_funds(acting).values("pk"))
    found = rows.filter(pk=pk).select_related("fund__unit", "donor", "holding").first()
    if found is None:
        raise _not_seen("cam kết")
    return found


def receipt_at(pk: int, *, acting: Acting) -> Receipt:
    rows = Receipt.objects.filter(fund__in=visible_funds(acting).values("pk"))
    found = rows.filter(pk=pk).select_related("fund__unit", "donor", "holding", "pledge").first()
    if found is None:
        raise _not_seen("biên nhận")
    return found


def allocation_at(pk: int, *, acting: Acting) -> Allocation:
    rows = visible_allocations(acting).filter(pk=pk)
    found = rows.select_related("fund__unit", "holding", "household__commune").first()
    if found is None:
        raise _not_seen("khoản phân bổ")
    return found


def shown_name(donor: Donor, *, keeps: frozenset[int]) -> str:
    """The name to who keeps the list of donors; to all others as the donor lets it be read."""
    return donor.name if donor.keeper_id in keeps else donor.public_name


def units_where(acting: Acting, key: str) -> list[tuple[str, str]]:
    """Living units for which this person has a right of the own unit, as choices."""
    units = Unit.objects.in_bulk(sorted({one.unit_id for one in acting.mandates}))
    labels = acting.unit_labels
    return [
        (str(pk), labels.get(pk, str(unit)))
        for pk, unit in units.items()
        if pk in labels and acting.may(key, Fund(unit=unit))
    ]


def _not_seen(what: str) -> NotAllowed:
    return NotAllowed(
        f"Bạn chưa xem được {what} này",
        why="không có ở địa chỉ này, hoặc không thuộc đơn vị của bạn và cấp dưới",
        next_step="Mở trang Nguồn lực để xem những gì của đơn vị mình",
    )
