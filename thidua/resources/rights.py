"""Who may do what to funds, sponsored places, policy credit, campaigns.

`docs/reference/rights.md` is drawn from it.
"""

from __future__ import annotations

from typing import Any

from thidua.movements.rights import DECIDING, DOING
from thidua.organisations.authority import Reach, Right, register
from thidua.organisations.models import Role, Unit
from thidua.resources.models import Allocation, Campaign, Fund, GiftVisit, Sponsorship

Units = tuple[int | None, ...]


def keeping_unit(on_object: Any) -> Units:
    """The body that keeps the fund of whatever it is."""
    fund = on_object if isinstance(on_object, Fund) else on_object.fund
    return (fund.unit_id,)


def keeping_and_receiving(allocation: Allocation) -> Units:
    """The body that keeps the fund, and the place or unit that was given something."""
    return (allocation.fund.unit_id, allocation.recipient_unit_id)


def standing_agency(one: Sponsorship) -> Units:
    return (one.agency_id,)


def running_unit(on_object: Campaign | GiftVisit) -> Units:
    campaign = on_object.campaign if isinstance(on_object, GiftVisit) else on_object
    return (campaign.unit_id,)


def the_commune(commune: Unit) -> Units:
    return (commune.pk,)


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
    Right("sponsorship.keep", "ghi đỡ đầu, kết nghĩa", DOING, standing_agency),
    Right("credit.read", "xem vốn vay của hộ", DOING, the_commune),
    Right("credit.hand_in", "nhập vốn vay của hộ", DOING, the_commune),
    Right("campaign.keep", "lập danh sách, ghi lượt thăm", DOING, running_unit),
    Right("campaign.decide", "duyệt, kết thúc đợt thăm, tặng quà", DECIDING, running_unit),
):
    register(right)
