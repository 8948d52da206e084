"""Whose figures a signed-in person may read.

Figures are totals and hold no personal data. A person reads all of the own province, and of other provinces
what is said of the province as a whole; who acts for the nation reads everything.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from thidua.core.errors import NotAllowed
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit, UnitKind, UnitVersion
from thidua.organisations.successions import inherited_by


def require_mandate(acting: Acting) -> None:
    """Raises NotAllowed for somebody who acts for no unit."""
    if not acting.mandates:
        raise NotAllowed(
            "Bạn chưa được xem số liệu",
            why="tài khoản của bạn chưa được ủy nhiệm cho đơn vị nào",
            next_step="Đề nghị người quản trị đơn vị giao ủy nhiệm",
        )


def require_reading(acting: Acting, unit: Unit) -> None:
    """Raises NotAllowed when the figures of `unit` are not for this person."""
    require_mandate(acting)
    if not may_read(acting, unit):
        raise NotAllowed(
            "Bạn chưa được xem số liệu của đơn vị này",
            why="đơn vị thuộc tỉnh khác; của tỉnh khác chỉ xem được số chung toàn tỉnh",
            next_step="Xem số của tỉnh đó, hoặc đề nghị tỉnh đó cung cấp số chi tiết",
        )


def may_read(acting: Acting, unit: Unit) -> bool:
    if not acting.mandates:
        return False
    if unit.kind in (UnitKind.NATION, UnitKind.PROVINCE):
        return True
    tops = _own_tops(acting)
    return None in tops or bool(tops & {_top_of(unit.pk, on=acting.on)})


def _own_tops(acting: Acting) -> frozenset[int | None]:
    """The provinces of this person, with those that these took over from; None stands for the nation."""
    known: frozenset[int | None] | None = acting.__dict__.get("_figure_tops")
    if known is None:
        units = {mandate.unit_id for mandate in acting.mandates}
        tops = {_top_of(unit_id, on=acting.on) for unit_id in units}
        provinces = [top for top in tops if top is not None]
        inherited = inherited_by(provinces, on=acting.on).values()
        known = acting.__dict__["_figure_tops"] = frozenset(tops) | frozenset().union(*inherited)
    return known


def _top_of(unit_id: int, *, on: date) -> int | None:
    """The province a unit stands or last stood in; None above and outside all provinces."""
    version = tree.last_version(unit_id, on=on)
    if version is None:
        return -unit_id
    day = on if version.since <= on < version.until else _a_day_of(version, on=on)
    path = tree.ancestors(unit_id, on=day)
    return next((one.unit_id for one in path if one.unit.kind == UnitKind.PROVINCE), None)


def _a_day_of(version: UnitVersion, *, on: date) -> date:
    return version.since if version.since > on else version.until - timedelta(days=1)


def readable(acting: Acting, unit_ids: Collection[int]) -> set[int]:
    """Those of the units whose figures this person may read."""
    units = Unit.objects.filter(pk__in=unit_ids)
    return {unit.pk for unit in units if may_read(acting, unit)}
