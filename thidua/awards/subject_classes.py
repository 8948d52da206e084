"""Whether a unit belongs to the class that a criterion is about, from the lists of units kept by act.

Hides how the words of a plan ("xã khu vực III, xã khu vực II …") name lists. What no list of the day says is
unknown: a commune outside every list is only outside when such a list is there.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from thidua.core.text import fold
from thidua.criteria.facts import Figure
from thidua.organisations.models import GroupingKind, Membership, UnitKind

#: Folded words in a class → kinds of lists, all of which must hold it.
_WORDS: tuple[tuple[str, tuple[GroupingKind, ...]], ...] = (
    ("thon, ban, lang dac biet kho khan", (GroupingKind.HARD_VILLAGE,)),
    ("dac biet kho khan", (GroupingKind.HARD_COMMUNE,)),
    ("bien gioi", (GroupingKind.BORDER,)),
    ("bai ngang", (GroupingKind.COASTAL,)),
    ("khu vuc i", (GroupingKind.REGION,)),
    ("huyen ngheo", (GroupingKind.POOR_DISTRICT,)),
)
#: Classes that only name the kind of subject.
_KINDS = {"thon, ban": UnitKind.VILLAGE, "thon": UnitKind.VILLAGE, "xa": UnitKind.COMMUNE}


def classes_of(phrases: Collection[str], units: dict[int, str], *, on: date) -> dict[int, dict[str, Figure]]:
    """For each unit (key → kind) what is known of each phrase. Two queries."""
    wanted = {phrase: kinds_of(phrase) for phrase in phrases}
    kinds = {kind for needed in wanted.values() for kind in needed}
    day = Q(since__lte=on, until__gt=on)
    rows = Membership.objects.filter(day, grouping__kind__in=kinds) if kinds else Membership.objects.none()
    in_use = set(rows.values_list("grouping__kind", flat=True).distinct())
    mine: dict[int, dict[str, str]] = {}
    for unit_id, kind, name, act in rows.filter(unit_id__in=units).values_list(
        "unit_id", "grouping__kind", "grouping__name", "act__number"
    ):
        mine.setdefault(unit_id, {})[kind] = f"{name}{f' ({act})' if act else ''}"
    found: dict[int, dict[str, Figure]] = {}
    for unit_id, kind in units.items():
        known = mine.get(unit_id, {})
        for phrase, needed in wanted.items():
            figure = _figure(phrase, needed, known, in_use, kind)
            if figure is not None:
                found.setdefault(unit_id, {})[phrase] = figure
    return found


def kinds_of(phrase: str) -> tuple[GroupingKind, ...]:
    """The lists that a phrase names; empty for one that names none."""
    text = fold(phrase)
    found: list[GroupingKind] = []
    for words, kinds in _WORDS:
        if words in text:
            found += [kind for kind in kinds if kind not in found]
            text = text.replace(words, " ")
    return tuple(found)


def _figure(
    phrase: str, needed: tuple[GroupingKind, ...], known: dict[str, str], in_use: set[str], kind: str
) -> Figure | None:
    own_kind = _KINDS.get(fold(phrase))
    if own_kind is not None:
        return Figure(kind == own_kind, source="danh mục đơn vị")
    if not needed:
        return None
    if all(one in known for one in needed):
        return Figure(True, source="; ".join(known[one] for one in needed))
    if any(one in in_use and one not in known for one in needed):
        return Figure(False, source="không có trong danh sách đã nhập")
    return None
