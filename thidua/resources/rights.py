"""Who may do what to funds. `docs/reference/rights.md` is drawn from it."""

from __future__ import annotations

from typing import Any

from thidua.movements.rights import DECIDING, DOING
from thidua.organisations.authority import Reach, Right, register
from thidua.organisations.models import Role
from thidua.resources.models import Allocation, Fund

Units = tuple[int | None, ...]


def keeping_unit(on_object: Any) -> Units:
    """The body that keeps the fund of whatever it is."""
    fund = on_object if isinstance(on_object, Fund) else on_object.fund
    return (fund.unit_id,)


def keeping_and_receiving(allocation: Allocation) -> Units:
    """The body that keeps the fund, and the place or unit that was given something."""
    return (allocation.fund.unit_id, allocation.recipient_unit_id)


for right in (
    Right("fund.keep", "ghi sổ quỹ", DOING, keeping_unit),
    Right("fund.decide", "duyệt chi, khóa sổ và lập quỹ", DECIDING, keeping_unit),
    Right(
        "allocation.read_proof",
        "xem tài liệu chứng minh sử dụng",
        frozenset(Role),
        keeping_and_receiving,
        reach=Reach.ABOVE,
    ),
    Right("allocation.prove", "chứng minh sử dụng", DOING, keeping_and_receiving),
):
    register(right)
