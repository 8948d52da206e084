"""What the files of units say, as plain values: the official lists (CSV) and the bodies (`bodies.yaml`).

Hides the columns, that codes were reused across the reform, and which unit went on under both eras. Several
lists of one kind are read in the order of their file names, so that a later change is one more file.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from django.utils.text import slugify

from thidua.core.text import fold, skeleton
from thidua.organisations.models import BEGINNING, FOREVER, UnitKind

#: The day on which codes took on another meaning: the two eras of the official lists.
REFORM = date(2025, 7, 1)
NATION = "viet-nam"


@dataclass(frozen=True, slots=True)
class WantedVersion:
    since: date
    until: date
    parent: str | None
    form: str
    name: str
    code: str = ""
    short_name: str = ""
    spellings: tuple[str, ...] = ()
    act: str = ""
    ended_by: str = ""
    confirmed: bool = True
    note: str = ""

    @property
    def label(self) -> str:
        return f"{self.form} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class WantedUnit:
    key: str
    kind: UnitKind
    versions: tuple[WantedVersion, ...]
    is_invented: bool = False


@dataclass(frozen=True, slots=True)
class WantedSuccession:
    old: str
    new: str
    on: date
    is_whole: bool
    act: str = ""
    confirmed: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class WantedMembership:
    kind: str
    grouping: str
    owner: str | None
    unit: str
    since: date = BEGINNING
    until: date = FOREVER
    act: str = ""
    confirmed: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class WantedAct:
    number: str
    dated: date | None = None
    issuer: str = ""
    title: str = ""
    source: str = ""


@dataclass
class Catalogue:
    """Everything the files ask for; keys are those of `Unit`."""

    units: dict[str, WantedUnit] = field(default_factory=dict)
    successions: list[WantedSuccession] = field(default_factory=list)
    memberships: list[WantedMembership] = field(default_factory=list)
    acts: dict[str, WantedAct] = field(default_factory=dict)

    def on(self, key: str, day: date) -> WantedVersion | None:
        unit = self.units.get(key)
        return next((one for one in unit.versions if one.since <= day < one.until), None) if unit else None


class WrongFile(ValueError):
    """A file of units holds something that cannot be: names the file and the place in it."""


def read(folder: Path) -> Catalogue:
    """All files of a folder."""
    catalogue = Catalogue()
    catalogue.acts = {
        row["number"]: WantedAct(
            row["number"], _day(row["dated"]), row["issuer"], row["title"], row["source"]
        )
        for row in _rows(folder, "legal_acts*.csv")
    }
    nation = WantedVersion(BEGINNING, FOREVER, None, "", "Việt Nam", short_name="Trung ương")
    catalogue.units[NATION] = WantedUnit(NATION, UnitKind.NATION, (nation,))
    _official(folder, catalogue)
    bodies = folder / "bodies.yaml"
    if bodies.exists():
        _Bodies(catalogue, bodies).read()
    return catalogue


def _rows(folder: Path, pattern: str) -> Iterator[dict[str, str]]:
    for path in sorted(folder.glob(pattern)):
        with path.open(encoding="utf-8", newline="") as lines:
            yield from ({**row, "file": path.name} for row in csv.DictReader(lines))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


# ---- the official lists

_KINDS = {"province": UnitKind.PROVINCE, "district": UnitKind.DISTRICT, "commune": UnitKind.COMMUNE}
_ACT = re.compile(r"\d+(?:/\d{4})?/[A-ZĐ][A-ZĐa-z0-9-]*")
_CODES_ACT = "19/2025/QĐ-TTg"


def act_in(source: str) -> str:
    """The number of the act that a source names; the decision on codes only when there is no other."""
    found = _ACT.findall(source.partition("[")[0])
    return next((one for one in reversed(found) if one != _CODES_ACT), found[-1] if found else "")


def _form(kind: str) -> str:
    return "thành phố" if kind.startswith("thành phố") else kind


def _official(folder: Path, catalogue: Catalogue) -> None:
    spellings: dict[tuple[str, str], list[str]] = {}
    for row in _rows(folder, "unit_name_variants*.csv"):
        spellings.setdefault((row["era"], row["code"]), []).append(
            f"{row['variant_kind']} {row['variant_name']}"
        )
    before = _by_unit(folder, "units_before_*.csv")
    after = _by_unit(folder, "units_from_*.csv")
    successions = list(_rows(folder, "unit_successions_*.csv"))
    at_reform = [row for row in successions if _day_of(row["file"]) == REFORM]
    same = _same_units(before, after, at_reform)
    ended_by = {
        (row["old_level"] == "province", row["old_code"]): act_in(row["source"])
        or ("202/2025/QH15" if row["old_level"] == "province" else "72/2025/QH15")
        for row in at_reform
    }
    keys_after = {code: same.get(code, f"from-{code}") for code in after}
    has_old_children = {rows[0]["parent_code"] for rows in before.values() if not rows[0]["valid_from"]}

    for code, rows in before.items():
        is_province = rows[0]["level"] == "province"
        versions = [
            WantedVersion(
                since=_day(row["valid_from"]) or BEGINNING,
                until=_day(row["valid_to"]) or FOREVER,
                parent=f"before-{row['parent_code']}" if row["parent_code"] else NATION,
                form=_form(row["kind"]),
                name=row["name"],
                code=code,
                spellings=tuple(spellings.get(("before", code), ())),
                act=act_in(row["source"]),
                ended_by=ended_by.get((is_province, code), ""),
            )
            for row in rows
        ]
        if versions[0].since != BEGINNING and code in has_old_children:
            # It changed its name, kind or parent; what it was before stands in no source, but it was there.
            earlier = replace(
                versions[0],
                since=BEGINNING,
                until=versions[0].since,
                act="",
                ended_by=versions[0].act,
                confirmed=False,
                note="Tên, loại hoặc cấp trên trước ngày thay đổi chưa có trong nguồn; ghi theo tên sau đó",
            )
            versions.insert(0, earlier)
        key = f"before-{code}"
        catalogue.units[key] = WantedUnit(key, _KINDS[rows[0]["level"]], tuple(versions))

    for code, rows in after.items():
        key = keys_after[code]
        versions = [
            WantedVersion(
                since=_day(row["valid_from"]) or REFORM,
                until=_day(row["valid_to"]) or FOREVER,
                parent=keys_after[row["parent_code"]] if row["parent_code"] else NATION,
                form=_form(row["kind"]),
                name=row["name"],
                code=code,
                spellings=tuple(spellings.get(("from", code), ())),
                act=act_in(row["source"]),
            )
            for row in rows
        ]
        versions = [
            replace(one, ended_by=following.act if one.until == following.since else one.ended_by)
            for one, following in zip(versions, [*versions[1:], versions[-1]], strict=True)
        ]
        known = catalogue.units[key].versions if key in catalogue.units else ()
        catalogue.units[key] = WantedUnit(key, _KINDS[rows[0]["level"]], (*known, *versions))

    for row in successions:
        on = _day_of(row["file"])
        if not row["new_code"]:
            continue
        old = f"before-{row['old_code']}" if on == REFORM else keys_after[row["old_code"]]
        new = keys_after[row["new_code"]]
        if old != new:
            catalogue.successions.append(
                WantedSuccession(
                    old, new, on, row["part"] == "whole", act_in(row["source"]) or "202/2025/QH15",
                    note=row["source"][:500],
                )
            )  # fmt: skip


def _day_of(file_name: str) -> date:
    hit = re.search(r"\d{4}-\d{2}-\d{2}", file_name)
    if hit is None:
        raise WrongFile(f"{file_name}: no day in the name")
    return date.fromisoformat(hit.group())


def _by_unit(folder: Path, pattern: str) -> dict[str, list[dict[str, str]]]:
    """Rows of each code in order of time; a later file replaces the same row, or closes the open one."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in _rows(folder, pattern):
        if row["level"] not in _KINDS:
            raise WrongFile(f"{row['file']}: {row['code']}: level {row['level']!r} is not known")
        found.setdefault(row["code"], {})[row["valid_from"]] = row
    answer = {}
    for code, by_day in found.items():
        rows = [by_day[day] for day in sorted(by_day)]
        for row, following in pairwise(rows):
            if not row["valid_to"] or row["valid_to"] > following["valid_from"]:
                row["valid_to"] = following["valid_from"]
        answer[code] = rows
    return answer


def _same_units(
    before: dict[str, list[dict[str, str]]],
    after: dict[str, list[dict[str, str]]],
    successions: list[dict[str, str]],
) -> dict[str, str]:
    """New code → key of the old unit that simply went on.

    That is so where the old unit passed whole into the new one, which has no other part, with the same kind
    and name. Its plans, mandates and awards then stay with it and need no heir.
    """
    shares = Counter((row["old_level"] == "province", row["new_code"]) for row in successions)
    same = {}
    for row in successions:
        if row["part"] != "whole" or shares[(row["old_level"] == "province", row["new_code"])] != 1:
            continue
        old, new = before[row["old_code"]][-1], after[row["new_code"]][0]
        if (
            old["level"] == new["level"]
            and _form(old["kind"]) == _form(new["kind"])
            and skeleton(old["name"]) == skeleton(new["name"])
        ):
            same[row["new_code"]] = f"before-{row['old_code']}"
    return same


# ---- bodies

_CHECKED = "Tên theo cơ cấu thường gặp, chưa đối chiếu với văn bản thành lập"


class _Bodies:
    """Reads `bodies.yaml`: single units, offices that several provinces have, and what became of them."""

    def __init__(self, catalogue: Catalogue, path: Path) -> None:
        self.catalogue = catalogue
        self.path = path
        self.raw: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))

    def read(self) -> None:
        for act in self.raw.get("acts", ()):
            self.catalogue.acts.setdefault(act["number"], WantedAct(**act))
        for set_of_offices in self.raw.get("offices", ()):
            self._offices(set_of_offices)
        for unit in self.raw.get("units", ()):
            self._unit(unit)
        for row in self.raw.get("successions", ()):
            self._succession(row["from"], row["to"], row)
        for grouping in self.raw.get("groupings", ()):
            for member in grouping["members"]:
                self._membership(grouping, member)

    def _wrong(self, what: str) -> WrongFile:
        return WrongFile(f"{self.path.name}: {what}")

    def _parent(self, key: str) -> WantedUnit:
        if key not in self.catalogue.units:
            raise self._wrong(f"unit {key!r} is not known")
        return self.catalogue.units[key]

    def _unit(self, row: dict[str, Any]) -> None:
        above = self._parent(row["parent"])
        # Divisions end with their body, bodies with their place.
        until = min(row.get("until", FOREVER), above.versions[-1].until)
        version = WantedVersion(
            since=row.get("since", BEGINNING),
            until=until,
            parent=row["parent"],
            form="",
            name=row["name"],
            short_name=row.get("short_name", ""),
            spellings=tuple(row.get("also", ())),
            act=row.get("act", ""),
            ended_by=row.get("ended_by", above.versions[-1].ended_by if "until" not in row else ""),
            confirmed=row.get("confirmed", False),
            note=row.get("note", "" if row.get("confirmed") else _CHECKED),
        )
        if row["key"] in self.catalogue.units:
            raise self._wrong(f"unit {row['key']!r} stands there twice")
        self.catalogue.units[row["key"]] = WantedUnit(
            row["key"], UnitKind(row["kind"]), (version,), row.get("invented", False)
        )

    def _offices(self, rows: dict[str, Any]) -> None:
        """The same offices in several places: named with the place, ending with it, inherited by kind."""
        for place_key in rows["in"]:
            place = self._parent(place_key)
            last = place.versions[-1]
            heir = rows.get("merged", {}).get(place_key)
            for office in rows["names"]:
                self._office(office, place_key, last, rows)
            for office in rows["names"]:
                self._becomes(office, place_key, rows)
                alive = self.catalogue.on(self.office_key(office["name"], place_key), date(2025, 6, 30))
                if heir and alive:
                    self._inherited(office, place_key, heir, rows)

    def office_key(self, name: str, place_key: str) -> str:
        place = self.catalogue.units[place_key].versions[-1]
        return slugify(f"{fold(name)} {fold(place.form)} {fold(place.name)}")[:80].strip("-")

    def _office(
        self, office: dict[str, Any], place_key: str, place: WantedVersion, rows: dict[str, Any]
    ) -> None:
        key = self.office_key(office["name"], place_key)
        until = min(office.get("until", FOREVER), place.until)
        since = max(office.get("since", BEGINNING), self._parent(place_key).versions[0].since)
        owner = rows.get("suffix", place.label)
        version = WantedVersion(
            since=since,
            until=until,
            parent=place_key,
            form="",
            name=office["label"].format(place=place.name)
            if "label" in office
            else f"{office['name']} {owner}",
            short_name=office.get("short_name", ""),
            spellings=tuple(one.format(place=place.name) for one in office.get("also", ())),
            ended_by=place.ended_by if until == place.until else "",
            confirmed=office.get("confirmed", False),
            note=office.get("note", "" if office.get("confirmed") else _CHECKED),
        )
        self.catalogue.units[key] = WantedUnit(key, UnitKind(office.get("kind", rows["kind"])), (version,))

    def _becomes(self, office: dict[str, Any], place_key: str, rows: dict[str, Any]) -> None:
        for heir in office.get("becomes", ()):
            self._succession(
                self.office_key(office["name"], place_key),
                self.office_key(heir["name"], place_key),
                {"day": office["until"], **heir},
            )

    def _inherited(
        self, office: dict[str, Any], place_key: str, heir_place: str, rows: dict[str, Any]
    ) -> None:
        place = self._parent(heir_place).versions[-1]
        key = self.office_key(office["name"], heir_place)
        if key not in self.catalogue.units:
            self._office({**office, "since": REFORM, "until": FOREVER}, heir_place, place, rows)
        self._succession(
            self.office_key(office["name"], place_key),
            key,
            {"day": REFORM, "note": "Theo việc nhập tỉnh; chưa đối chiếu quyết định về từng cơ quan"},
        )

    def _succession(self, old: str, new: str, row: dict[str, Any]) -> None:
        self._parent(old)
        self._parent(new)
        self.catalogue.successions.append(
            WantedSuccession(
                old=old,
                new=new,
                on=row["day"],
                is_whole=row.get("whole", True),
                act=row.get("act", ""),
                confirmed=row.get("confirmed", False),
                note=row.get("note", ""),
            )
        )

    def _membership(self, grouping: dict[str, Any], member: dict[str, Any]) -> None:
        self._parent(member["unit"])
        defaults = grouping.get("each", {})
        row = {**defaults, **member}
        self.catalogue.memberships.append(
            WantedMembership(
                kind=grouping["kind"],
                grouping=grouping["name"],
                owner=grouping.get("owner"),
                unit=row["unit"],
                since=row.get("since", BEGINNING),
                until=row.get("until", FOREVER),
                act=row.get("act", ""),
                confirmed=row.get("confirmed", False),
                note=row.get("note", ""),
            )
        )
