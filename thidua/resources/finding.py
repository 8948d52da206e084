"""Units by their names without accents, households by their commune and code, as an officer types them."""

from __future__ import annotations

from datetime import date

from thidua.core.errors import RuleNotMet
from thidua.core.text import fold
from thidua.households.models import Household
from thidua.organisations import tree
from thidua.organisations.models import PLACES, Unit, UnitKind, UnitVersion
from thidua.tables.words import holding

#: So many are named when a name fits several.
NAMED = 4


def unit_named(text: str, *, near: Unit, on: date, kinds: tuple[str, ...] = ()) -> Unit:
    """The one unit whose name holds these words, in the place in which `near` works; raises RuleNotMet.

    The whole name goes before a part of one.
    """
    what = f"Chưa tìm được «{text.strip()}»"
    rows = UnitVersion.objects.filter(
        tree.valid_on(on), unit_id__in=tree.ids_at_or_below([place_of(near, on=on)], on=on)
    )
    if kinds:
        rows = rows.filter(unit__kind__in=kinds)
    words = fold(text).split()
    if not words:
        raise RuleNotMet(what, why="chưa ghi tên", next_step="Ghi tên đơn vị, không cần dấu")
    rows = holding(rows, words)
    found = list(rows.select_related("unit").order_by("label_order", "pk")[:50])
    exact = [one for one in found if fold(one.label) == " ".join(words)]
    fitting = exact or found
    if len(fitting) == 1:
        return fitting[0].unit
    if not fitting:
        raise RuleNotMet(
            what,
            why="không có đơn vị nào đang hoạt động mang tên này",
            next_step="Xem lại tên ở trang Đơn vị",
        )
    names = "; ".join(one.label for one in fitting[:NAMED])
    raise RuleNotMet(what, why=f"nhiều đơn vị khớp: {names}", next_step="Ghi tên đầy đủ")


def household_coded(commune_text: str, code: str, *, near: Unit, on: date) -> Household:
    """A household of a commune's register by its code, never by its name. Raises RuleNotMet."""
    commune = unit_named(commune_text, near=near, on=on, kinds=(UnitKind.COMMUNE,))
    rows = Household.objects.filter(commune=commune, code=code.strip(), since__lte=on, until__gt=on)
    found = rows.first() if code.strip() else None
    if found is None:
        raise RuleNotMet(
            f"Chưa tìm được hộ «{code.strip()}»",
            why="sổ hộ của xã không có mã này",
            next_step="Ghi mã hộ đúng như trong sổ hộ",
        )
    return found


def place_of(unit: Unit, *, on: date) -> int:
    """The place in which a unit works: itself, or the nearest place above it."""
    if unit.kind in PLACES:
        return unit.pk
    version = tree.last_version(unit.pk, on=on)
    while version is not None and version.parent_id is not None:
        version = tree.last_version(version.parent_id, on=on)
        if version is not None and version.unit.kind in PLACES:
            return version.unit_id
    return unit.pk
