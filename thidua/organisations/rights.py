"""Who may change units, and who may say who acts for them."""

from __future__ import annotations

from thidua.accounts.models import User
from thidua.organisations.authority import Reach, Right, register
from thidua.organisations.models import Mandate, Role, Unit


def _the_unit(on_object: Unit | Mandate) -> tuple[int | None, ...]:
    return (on_object.unit_id if isinstance(on_object, Mandate) else on_object.pk,)


def _no_unit(_user: User) -> tuple[int | None, ...]:
    """Somebody who never acted for a unit stands under no administrator."""
    return ()


CHANGE_UNITS = register(
    Right(
        key="organisations.units.change",
        label="thay đổi đơn vị",
        roles=frozenset({Role.ADMINISTRATOR}),
        units_of=_the_unit,
        reach=Reach.ABOVE,
    )
)
GIVE_MANDATES = register(
    Right(
        key="mandate.give",
        label="giao hay thu hồi ủy nhiệm",
        roles=frozenset({Role.ADMINISTRATOR}),
        units_of=_the_unit,
        reach=Reach.ABOVE,
    )
)
CHANGE_ACCOUNT_WITHOUT_MANDATE = register(
    Right(
        key="person.without_mandate",
        label="đổi tài khoản của người chưa có ủy nhiệm nào",
        roles=frozenset({Role.ADMINISTRATOR}),
        units_of=_no_unit,
    )
)
