"""Who may change units."""

from __future__ import annotations

from thidua.organisations.authority import Reach, Right, register
from thidua.organisations.models import Role, Unit


def _the_unit(unit: Unit) -> tuple[int | None, ...]:
    return (unit.pk,)


CHANGE_UNITS = register(
    Right(
        key="organisations.units.change",
        label="thay đổi đơn vị",
        roles=frozenset({Role.ADMINISTRATOR}),
        units_of=_the_unit,
        reach=Reach.ABOVE,
    )
)
