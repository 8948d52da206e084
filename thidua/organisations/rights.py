"""Who may change units, and who may say who acts for them."""

from __future__ import annotations

from thidua.accounts.models import User
from thidua.organisations.authority import Reach, Right, register
from thidua.organisations.models import Grouping, Mandate, Role, Unit


def _the_unit(on_object: Unit | Mandate) -> tuple[int | None, ...]:
    return (on_object.unit_id if isinstance(on_object, Mandate) else on_object.pk,)


def _its_owner(grouping: Grouping) -> tuple[int | None, ...]:
    return (grouping.owner_id,)


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
KEEP_GROUPS = register(
    Right(
        key="grouping.keep",
        label="lập cụm, khối thi đua và ghi thành viên",
        roles=frozenset({Role.STANDING, Role.LEADER}),
        units_of=_its_owner,
        stands_in=frozenset({Role.STANDING, Role.LEADER}),
    )
)
