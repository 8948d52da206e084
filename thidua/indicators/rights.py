"""Who may enter figures, choose between them, define what is measured, and recognise new-rural places."""

from __future__ import annotations

from typing import Any

from thidua.organisations import tree
from thidua.organisations.authority import Reach, Right, register
from thidua.organisations.models import Role, Unit, UnitKind, UnitVersion

DOING = frozenset({Role.UNIT_OFFICER, Role.STANDING, Role.LEADER})
DECIDING = frozenset({Role.STANDING, Role.LEADER})


def measured_unit(on_object: Any) -> tuple[int | None, ...]:
    """The unit of a value, a status or a recognition, or the unit itself."""
    return (on_object.pk if isinstance(on_object, Unit) else on_object.unit_id,)


def recognising_units(on_object: Any) -> tuple[int | None, ...]:
    """The province that a place stands under, or stood under last.

    Its chair decides on communes, and it writes down what the Prime Minister decides on districts.
    """
    [unit_id] = measured_unit(on_object)
    if unit_id is None:
        return ()
    version = UnitVersion.objects.filter(unit_id=unit_id, annulled_by__isnull=True).order_by("-since").first()
    if version is None:
        return ()
    above = tree.ancestors(unit_id, on=version.since)
    return tuple(row.unit_id for row in above if row.unit.kind == UnitKind.PROVINCE)


def no_unit(_on_object: Any) -> tuple[int | None, ...]:
    """A definition belongs to nobody."""
    return ()


ENTER = register(
    Right(
        "value.enter",
        "nhập số liệu của đơn vị",
        DOING,
        measured_unit,
        reach=Reach.ABOVE,
        stands_in=frozenset({Role.STANDING}),
    )
)
CHOOSE = register(Right("value.choose", "chọn số liệu được tính", DECIDING, measured_unit, reach=Reach.ABOVE))
RECOGNISE = register(
    Right(
        "new_rural.recognise",
        "ghi công nhận hay thu hồi nông thôn mới",
        DECIDING,
        recognising_units,
    )
)
DEFINE = register(
    Right(
        "indicator.define",
        "đặt hay sửa định nghĩa chỉ tiêu",
        frozenset({Role.ADMINISTRATOR, Role.STANDING}),
        no_unit,
        reach=Reach.ANY,
    )
)
