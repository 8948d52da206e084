"""Who may read names of households, enter the survey, recognise its result. Names stay in the commune.

Levels above see counts only. `docs/reference/rights.md` is drawn from it.
"""

from __future__ import annotations

from typing import Any

from thidua.households.models import Assessment, BulkFile, Household, Review
from thidua.organisations.authority import Reach, Right, register
from thidua.organisations.models import Role, Unit

READING = frozenset({Role.UNIT_OFFICER, Role.STANDING, Role.LEADER})
DECIDING = frozenset({Role.STANDING, Role.LEADER})


def commune_or_village(on_object: Household | Review | Assessment | Unit) -> tuple[int | None, ...]:
    """The commune; of one household its village too, whose officers keep its data."""
    if isinstance(on_object, Household):
        return (on_object.commune_id, on_object.village_id)
    if isinstance(on_object, Assessment):
        return (on_object.household.commune_id, on_object.household.village_id)
    return (on_object.pk,) if isinstance(on_object, Unit) else (on_object.commune_id,)


def commune(on_object: Household | Review | Unit) -> tuple[int | None, ...]:
    return (on_object.pk,) if isinstance(on_object, Unit) else (on_object.commune_id,)


def concerned_unit(on_object: Any) -> tuple[int | None, ...]:
    if isinstance(on_object, BulkFile):
        return (on_object.unit_id,)
    return commune(on_object)


for right in (
    Right("household.read", "xem thông tin cá nhân của hộ", READING, commune_or_village),
    Right("household.write", "ghi sổ hộ và kết quả rà soát", READING, commune_or_village),
    Right("household.unmask", "tải danh sách hộ có tên", READING, commune),
    Right("household.erase", "xóa thông tin cá nhân của hộ", DECIDING, commune),
    Right("household.count", "xem số hộ", frozenset(Role), concerned_unit, reach=Reach.ABOVE),
    Right("household.hand_in", "nộp tệp nhiều hộ", READING, concerned_unit, reach=Reach.ABOVE),
    Right("review.run", "ghi các bước rà soát", READING, commune),
    Right("review.recognise", "công nhận kết quả rà soát", DECIDING, commune),
):
    register(right)
