"""Bring the units of the files into the database: `load`. May be repeated; then it changes nothing.

What a person changed by hand is left alone: a unit with a version that no import made is only reported.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from thidua.audit.log import Actor, record
from thidua.core.text import sort_key
from thidua.organisations import tree
from thidua.organisations.catalogue_files import Catalogue, WantedVersion, read
from thidua.organisations.matching import search_text
from thidua.organisations.models import (
    BEGINNING,
    FOREVER,
    Change,
    ChangeKind,
    Grouping,
    LegalAct,
    Membership,
    Succession,
    Unit,
    UnitVersion,
)

BATCH = 2000


@dataclass
class Loaded:
    """How many rows were made or brought up to date; which units were left as people had changed them."""

    units: int = 0
    versions: int = 0
    successions: int = 0
    memberships: int = 0
    left_alone: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.units + self.versions + self.successions + self.memberships


def load(folder: Path, *, actor: Actor, now: datetime) -> Loaded:
    """Load all files of a folder in one transaction; writes one row to the log when anything changed."""
    wanted = read(folder)
    with transaction.atomic():
        # Two that load at once would both miss the same units: the second waits, and finds them.
        tree.one_at_a_time()
        work = _Loading(wanted, now)
        work.run()
        if work.loaded.total:
            tree.forget()
            record(
                "organisations.catalogue.load",
                Change.objects.filter(kind=ChangeKind.IMPORT).latest("pk"),
                label="Nạp danh mục đơn vị",
                object_label="Danh mục đơn vị",
                actor=actor,
                now=now,
                details={
                    "units": work.loaded.units,
                    "versions": work.loaded.versions,
                    "successions": work.loaded.successions,
                    "memberships": work.loaded.memberships,
                },
            )
    return work.loaded


@dataclass
class _Loading:
    wanted: Catalogue
    now: datetime
    loaded: Loaded = field(default_factory=Loaded)
    units: dict[str, int] = field(default_factory=dict)
    acts: dict[str, LegalAct] = field(default_factory=dict)
    changes: dict[tuple[str, date], int] = field(default_factory=dict)

    def run(self) -> None:
        self._acts()
        self._units()
        self._changes()
        self._versions()
        self._successions()
        self._memberships()

    def _acts(self) -> None:
        known = {act.number: act for act in LegalAct.objects.all()}
        for number in sorted(self._numbers()):
            if number not in known:
                act = self.wanted.acts.get(number)
                known[number] = LegalAct.objects.create(
                    number=number,
                    dated=act.dated if act else None,
                    issuer=act.issuer if act else "",
                    title=act.title if act else "",
                    source=act.source if act else "Nêu trong danh mục đơn vị",
                )
        self.acts = known

    def _numbers(self) -> set[str]:
        found = set(self.wanted.acts)
        for unit in self.wanted.units.values():
            for version in unit.versions:
                found |= {version.act, version.ended_by}
        found |= {row.act for row in self.wanted.successions} | {row.act for row in self.wanted.memberships}
        return found - {""}

    def _units(self) -> None:
        known = dict(Unit.objects.values_list("key", "pk"))
        missing = [
            Unit(key=unit.key, kind=unit.kind, is_invented=unit.is_invented)
            for unit in self.wanted.units.values()
            if unit.key not in known
        ]
        Unit.objects.bulk_create(missing, batch_size=BATCH)
        self.loaded.units = len(missing)
        self.units = dict(Unit.objects.values_list("key", "pk"))

    def _changes(self) -> None:
        """One change for each act and day, so that a unit's life names what caused each event."""
        known = {
            (number or "", day): pk
            for pk, number, day in Change.objects.filter(kind=ChangeKind.IMPORT).values_list(
                "pk", "act__number", "takes_effect_on"
            )
        }
        needed: set[tuple[str, date]] = {("", BEGINNING)}
        for unit in self.wanted.units.values():
            for version in unit.versions:
                needed.add((version.act, version.since))
                if version.until != FOREVER:
                    needed.add((version.ended_by, version.until))
        needed |= {(row.act, row.on) for row in self.wanted.successions}
        for number, day in sorted(needed - set(known)):
            act = self.acts.get(number)
            title = (act and act.title) or "Nạp danh mục đơn vị"
            change = Change.objects.create(
                kind=ChangeKind.IMPORT, takes_effect_on=day, act=act, summary=title, made_at=self.now
            )
            known[(number, day)] = change.pk
        self.changes = known

    def _versions(self) -> None:
        known: dict[int, dict[date, tuple[int, tuple[Any, ...]]]] = {}
        by_hand: set[int] = set()
        kinds = dict(Change.objects.values_list("pk", "kind"))
        rows = UnitVersion.objects.filter(annulled_by__isnull=True)
        # Plain values: as objects, fourteen thousand rows would cost seconds at each start.
        for unit_id, since, pk, *values in rows.values_list("unit_id", "since", "pk", *COMPARED).iterator():
            known.setdefault(unit_id, {})[since] = (pk, tuple(values))
            for change_id in (values[_MADE_BY], values[_ENDED_BY]):
                if change_id is not None and kinds[change_id] != ChangeKind.IMPORT:
                    by_hand.add(unit_id)
        made: list[UnitVersion] = []
        changed: list[UnitVersion] = []
        for unit in self.wanted.units.values():
            unit_id = self.units[unit.key]
            have = known.get(unit_id, {})
            new: list[UnitVersion] = []
            other: list[UnitVersion] = []
            for version in unit.versions:
                values = self._values(version)
                pk, present = have.get(version.since, (None, None))
                if present == values:
                    continue
                row = UnitVersion(
                    pk=pk, unit_id=unit_id, since=version.since, **dict(zip(COMPARED, values, strict=True))
                )
                (new if pk is None else other).append(row)
            if (new or other) and unit_id in by_hand:
                self.loaded.left_alone.append(unit.key)
                continue
            made += new
            changed += other
        # What closes comes before what opens: no two versions may hold on one day.
        UnitVersion.objects.bulk_update(changed, [name.removesuffix("_id") for name in COMPARED], 500)
        UnitVersion.objects.bulk_create(made, batch_size=BATCH)
        self.loaded.versions = len(made) + len(changed)

    def _values(self, version: WantedVersion) -> tuple[Any, ...]:
        """In the order of `COMPARED`."""
        label = version.label
        bare = (version.name,) if version.form else ()
        return (
            self.units[version.parent] if version.parent else None,
            version.form,
            version.name,
            version.short_name,
            version.code,
            version.until,
            self.changes[(version.act, version.since)],
            self.changes[(version.ended_by, version.until)] if version.until != FOREVER else None,
            version.confirmed,
            version.note,
            label,
            sort_key(label),
            search_text(label, version.short_name, version.code, (*bare, *version.spellings)),
        )

    def _successions(self) -> None:
        rows = Succession.objects.filter(annulled_by__isnull=True).values_list(
            "predecessor_id", "successor_id", "takes_effect_on", "pk", "is_whole", "confirmed", "note"
        )
        known = {(old, new, day): tuple(rest) for old, new, day, *rest in rows.iterator()}
        made: list[Succession] = []
        changed: list[Succession] = []
        for row in self.wanted.successions:
            key = (self.units[row.old], self.units[row.new], row.on)
            pk: Any
            pk, *present = known.get(key, (None,))
            if present == [row.is_whole, row.confirmed, row.note]:
                continue
            wanted = Succession(
                pk=pk,
                predecessor_id=key[0],
                successor_id=key[1],
                takes_effect_on=row.on,
                is_whole=row.is_whole,
                made_by_id=self.changes[(row.act, row.on)],
                confirmed=row.confirmed,
                note=row.note,
            )
            (made if pk is None else changed).append(wanted)
        Succession.objects.bulk_create(made, batch_size=BATCH)
        Succession.objects.bulk_update(changed, ["is_whole", "confirmed", "note"], batch_size=500)
        self.loaded.successions = len(made) + len(changed)

    def _memberships(self) -> None:
        for row in self.wanted.memberships:
            grouping, _ = Grouping.objects.get_or_create(
                kind=row.kind, name=row.grouping, owner_id=self.units[row.owner] if row.owner else None
            )
            _, is_new = Membership.objects.update_or_create(
                grouping=grouping,
                unit_id=self.units[row.unit],
                since=row.since,
                defaults={
                    "until": row.until,
                    "act": self.acts.get(row.act),
                    "confirmed": row.confirmed,
                    "note": row.note,
                },
            )
            self.loaded.memberships += is_new


#: What an import says about a version; a difference in any of these brings the row up to date.
COMPARED = (
    "parent_id",
    "form",
    "name",
    "short_name",
    "code",
    "until",
    "made_by_id",
    "ended_by_id",
    "confirmed",
    "note",
    "label",
    "label_order",
    "search_text",
)
_MADE_BY, _ENDED_BY = COMPARED.index("made_by_id"), COMPARED.index("ended_by_id")
