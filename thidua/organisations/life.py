"""A unit's life as dated events, the days on which anything changed, and branches of the tree for a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from thidua.organisations import tree
from thidua.organisations.models import (
    BEGINNING,
    FOREVER,
    LegalAct,
    Succession,
    TreeNode,
    UnitKind,
    UnitVersion,
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A day on which versions began or ended, and how many units that concerned."""

    day: date
    units: int


def marks() -> list[Mark]:
    """All days on which something changed, oldest first; two queries."""
    counts: Counter[date] = Counter()
    live = UnitVersion.objects.filter(annulled_by__isnull=True).order_by()
    starts = set(live.exclude(since=BEGINNING).values_list("since", "unit_id"))
    ends = set(live.exclude(until=FOREVER).values_list("until", "unit_id"))
    counts.update(day for day, _ in starts | ends)
    return [Mark(day, counts[day]) for day in sorted(counts)]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a unit on a day (None: before our sources), by which act."""

    day: date | None
    what: str
    act: LegalAct | None = None
    confirmed: bool = True
    note: str = ""
    #: The other unit concerned: key and name.
    other_key: str = ""
    other_label: str = ""
    is_annulled: bool = False


def events(unit_id: int, *, on: date) -> list[Event]:
    """From the first to the last; names of other units as of `on` or last before."""
    versions = list(
        UnitVersion.objects.filter(unit_id=unit_id)
        .select_related("parent", "made_by__act", "ended_by__act", "annulled_by__act")
        .order_by("since", "pk")
    )
    successions = list(
        Succession.objects.filter(annulled_by__isnull=True, predecessor_id=unit_id).select_related(
            "successor", "made_by__act"
        )
    ) + list(
        Succession.objects.filter(annulled_by__isnull=True, successor_id=unit_id).select_related(
            "predecessor", "made_by__act"
        )
    )
    others = {row.parent_id for row in versions if row.parent_id}
    others |= {row.predecessor_id for row in successions} | {row.successor_id for row in successions}
    labels = tree.labels_on(others, on=on)
    found = [
        Event(
            row.since if row.since != BEGINNING else None,
            f"Bị hủy bỏ: «{row.label}» ({row.annulled_by.summary})",
            row.annulled_by.act,
            is_annulled=True,
        )
        for row in versions
        if row.annulled_by
    ]
    live = [row for row in versions if row.annulled_by_id is None]
    previous: UnitVersion | None = None
    for row in live:
        found += _began(row, previous, labels)
        following = next((one for one in live if one.since == row.until), None)
        if row.until != FOREVER and following is None:
            act = row.ended_by.act if row.ended_by else None
            found.append(Event(row.until, "Kết thúc hoạt động", act, row.confirmed))
        previous = row
    found += [_passed(row, unit_id, labels) for row in successions]
    return sorted(found, key=lambda event: (event.day or BEGINNING, event.is_annulled))


def _began(row: UnitVersion, previous: UnitVersion | None, labels: dict[int, str]) -> list[Event]:
    act = row.made_by.act if row.made_by else None
    above = labels.get(row.parent_id, "") if row.parent_id else ""
    key = row.parent.key if row.parent else ""

    def event(what: str, *, to_parent: bool = False) -> Event:
        return Event(
            row.since if row.is_since_known else None,
            what,
            act,
            row.confirmed,
            row.note,
            other_key=key if to_parent else "",
            other_label=above if to_parent else "",
        )

    if previous is None or previous.until != row.since:
        if row.is_since_known:
            return [event(f"Có trong danh mục với tên {row.label}, trực thuộc", to_parent=bool(above))]
        return [event(f"Có từ trước với tên {row.label}, trực thuộc", to_parent=bool(above))]
    found = []
    if row.label != previous.label:
        found.append(event(f"Đổi tên hoặc loại: từ {previous.label} thành {row.label}"))
    if row.parent_id != previous.parent_id:
        found.append(event("Chuyển về trực thuộc", to_parent=True))
    if row.code != previous.code:
        found.append(event(f"Đổi mã số: từ {previous.code or '–'} thành {row.code or '–'}"))
    return found or [event("Giữ nguyên trong danh mục mới")]


def _passed(row: Succession, unit_id: int, labels: dict[int, str]) -> Event:
    is_out = row.predecessor_id == unit_id
    other = row.successor if is_out else row.predecessor
    part = "toàn bộ" if row.is_whole else "một phần"
    if row.share is not None:
        part += f" ({row.share.normalize() * 100:f} %)".replace(".", ",")
    what = f"{part.capitalize()} chuyển sang" if is_out else f"Kế thừa {part}"
    act = row.made_by.act if row.made_by else None
    return Event(
        row.takes_effect_on, what, act, row.confirmed, "", other.key, labels.get(other.pk, other.key)
    )


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit in the tree of a page; `children` is None as long as it is closed."""

    version: UnitVersion
    below: int
    children: tuple[Branch, ...] | None = None


_KIND_ORDER = {kind: place for place, kind in enumerate(UnitKind.values)}


def branches(
    parent_id: int | None, *, on: date, opened: Collection[int] = (), kinds: Collection[str] | None = None
) -> tuple[Branch, ...]:
    """What stands directly below a unit; those in `opened` with what stands below them in turn.

    Two queries for each level that is open.
    """
    snapshot = tree.snapshot_on(on)
    rows = tree.children(parent_id, on=on)
    if kinds:
        rows = rows.filter(unit__kind__in=list(kinds))
    found = sorted(rows, key=lambda row: (_KIND_ORDER[row.unit.kind], row.label_order))
    nodes = TreeNode.objects.filter(snapshot=snapshot, unit_id__in=[row.unit_id for row in found])
    below = {unit_id: rgt - lft - 1 for unit_id, lft, rgt in nodes.values_list("unit_id", "lft", "rgt")}
    return tuple(
        Branch(
            row,
            below.get(row.unit_id, 0),
            branches(row.unit_id, on=on, opened=opened, kinds=kinds) if row.unit_id in opened else None,
        )
        for row in found
    )
