"""From the names that plans use ("Phòng Nội vụ", "các phòng, đơn vị") to units, seen from the writing unit.

A name is sure when exactly one reading fits. What is not sure gives no unit, only candidates: people decide.
The words stand in `names.yaml`; no string of one particular plan steers the answer.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from thidua.core.formats import format_date
from thidua.core.text import fold, skeleton
from thidua.organisations import tree
from thidua.organisations.models import PLACES, Unit, UnitKind, UnitVersion
from thidua.tables.words import holding

MOST_CANDIDATES = 6
#: From this likeness on a name is offered as a candidate.
ALIKE = 0.72


@dataclass(frozen=True, slots=True)
class Match:
    """Whom a name means. `how` is a Vietnamese sentence for the person who checks it."""

    unit_ids: tuple[int, ...] = ()
    how: str = ""
    is_sure: bool = False
    #: The name stands for people, households or firms in general: nobody in the tree.
    is_outside: bool = False
    candidates: tuple[int, ...] = ()


def find(name: str, *, near: Unit | int, on: date) -> Match:
    """The units that `name` means when the unit `near` writes it on a day."""
    return find_all([name], near=near, on=on)[name]


def find_all(names: Iterable[str], *, near: Unit | int, on: date) -> dict[str, Match]:
    """As `find` for all names of one document: the surroundings are loaded once."""
    around = _Surroundings.of(near if isinstance(near, int) else near.pk, on=on)
    return {name: _find(name, around, on=on) for name in names}


def _find(name: str, around: _Surroundings, *, on: date) -> Match:
    flat = flatten(_without_brackets(name))
    if not flat:
        return Match(how="Chưa có tên để tìm")
    found = _resolve(flat, around)
    if found is None:
        found = _list_of_names(flat, around)
    if found is not None:
        return found
    return Match(
        how=f"Chưa tìm thấy «{name.strip()}» trong danh mục ngày {format_date(on)}",
        candidates=_similar(flat, around),
    )


def issuer_unit(name: str, province: str | None, on: date) -> Unit | None:
    """The unit that issued a document, by its full name and the province it belongs to; None when unsure."""
    start: int | None = None
    if province:
        start = next(iter(_places_named(flatten(province), "", on=on, kinds=(UnitKind.PROVINCE,))), None)
    if start is None:
        root = UnitVersion.objects.filter(tree.valid_on(on), unit__kind=UnitKind.NATION).first()
        start = root.unit_id if root else None
    if start is None:
        return None
    match = find(name, near=start, on=on)
    if not match.is_sure or len(match.unit_ids) != 1:
        return None
    return Unit.objects.get(pk=match.unit_ids[0])


def search(
    text: str, *, on: date, limit: int = 20, kinds: Iterable[str] | None = None, within: int | None = None
) -> list[UnitVersion]:
    """Units of a day whose names hold all words, without accents; names that begin so come first."""
    return list(searched(text, on=on, kinds=kinds, within=within)[:limit])


def searched(
    text: str, *, on: date, kinds: Iterable[str] | None = None, within: int | None = None
) -> QuerySet[UnitVersion]:
    """As `search`, as a query: larger places first, then by name."""
    rows = UnitVersion.objects.filter(tree.valid_on(on)).select_related("unit", "parent")
    folded = fold(text)
    rows = holding(rows, folded.split())
    if kinds is not None:
        rows = rows.filter(unit__kind__in=list(kinds))
    if within is not None:
        rows = rows.filter(unit_id__in=tree.ids_at_or_below([within], on=on))
    begins = Q(search_text__startswith=folded) | Q(search_text__contains=f"\n{folded}")
    order = Case(
        *(When(unit__kind=kind, then=Value(place)) for place, kind in enumerate(UnitKind.values)),
        default=Value(99),
        output_field=IntegerField(),
    )
    first = Case(When(begins, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.annotate(_begins=first, _kind_order=order).order_by("_begins", "_kind_order", "label_order")


def search_text(label: str, short_name: str, code: str, spellings: Iterable[str] = ()) -> str:
    """What `UnitVersion.search_text` holds: one folded name a line."""
    lines = [fold(text) for text in (label, short_name, code, *spellings) if text]
    return "\n".join(dict.fromkeys(lines))


# ---- spelling


def flatten(text: str) -> str:
    """Small letters without accents, short forms written out, only commas left of the punctuation."""
    flat = fold(text).replace("&", " va ").replace(";", ",")
    flat = re.sub(r"[^a-z0-9,' ]+", " ", flat)
    flat = re.sub(r"\s*,\s*", ", ", " ".join(flat.split())).strip(", ")
    return _words().abbreviation.sub(lambda hit: _words().abbreviations[hit.group(0)], flat)


def _key(flat: str) -> str:
    """What two spellings of one name share."""
    key = " ".join(flat.replace(",", " ").split())
    for pattern, replacement in _words().synonyms:
        key = " ".join(pattern.sub(replacement, key).split())
    return key


def _without_brackets(text: str) -> str:
    return re.sub(r"\([^()]*\)", " ", text)


@dataclass(frozen=True)
class _Collective:
    word: str
    below_body: dict[str, Any] | None
    below_place: dict[str, Any] | None


@dataclass(frozen=True)
class _Words:
    abbreviations: dict[str, str]
    abbreviation: re.Pattern[str]
    synonyms: tuple[tuple[re.Pattern[str], str], ...]
    heads: re.Pattern[str]
    members: re.Pattern[str]
    outside: re.Pattern[str]
    open_ended: re.Pattern[str]
    collectives: dict[str, _Collective]
    collective: re.Pattern[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    raw = yaml.safe_load((Path(__file__).with_name("names.yaml")).read_text(encoding="utf-8"))
    short = sorted(raw["abbreviations"], key=len, reverse=True)
    collectives = {
        word: _Collective(word, entry.get("below_body"), entry.get("below_place"))
        for entry in raw["collectives"]
        for word in entry["words"]
    }
    one = _any_of(collectives)
    return _Words(
        abbreviations=raw["abbreviations"],
        abbreviation=re.compile(rf"(?<![a-z0-9])(?:{'|'.join(map(re.escape, short))})(?![a-z0-9])"),
        synonyms=tuple((re.compile(entry["is"]), entry["means"]) for entry in raw["synonyms"]),
        heads=re.compile(rf"(?:cac )?{_any_of(raw['heads_of_units'])} (?=\S)"),
        members=re.compile(rf"(?:{'|'.join(raw['members'])})(?P<rest>(?: .*)?)"),
        outside=re.compile("|".join(raw["outside"])),
        open_ended=re.compile("|".join(raw["open_ended"])),
        collectives=collectives,
        collective=re.compile(
            r"(?P<plural>(?:tat ca |toan the )?(?:cac |nhung ))?"
            r"(?P<committee>(?:uy ban nhan dan|hoi dong nhan dan|dang uy) )?(?P<inner>cac )?"
            rf"(?P<heads>{one}(?:(?:, va |, | va )(?:cac )?{one})*)(?P<rest>(?:,? .*)?)"
        ),
    )


def _any_of(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})"


# ---- where the writer stands


@dataclass
class _Surroundings:
    """The writing unit, everything above it, and the bodies within its sight."""

    on: date
    near: UnitVersion
    #: From the writer up to the root.
    line: list[UnitVersion]
    _children: dict[int, list[UnitVersion]] = field(default_factory=dict)
    _names: dict[int, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, near_id: int, *, on: date) -> _Surroundings:
        near = tree.last_version(near_id, on=on)
        if near is None:
            raise ValueError(f"unit {near_id} has no version")
        line, seen = [near], {near_id}
        while line[-1].parent_id is not None and line[-1].parent_id not in seen:
            above = tree.last_version(line[-1].parent_id, on=on)
            if above is None:
                break
            seen.add(above.unit_id)
            line.append(above)
        # Whoever ended before the day still names the units of its last day.
        return cls(on=min(on, _last_day(near)), near=near, line=line)

    @property
    def place(self) -> UnitVersion:
        return next((one for one in self.line if one.unit.is_place), self.line[-1])

    def above(self, kind: str) -> UnitVersion | None:
        return next((one for one in self.line if one.unit.kind == kind), None)

    def children(self, unit_ids: Collection[int]) -> list[UnitVersion]:
        """Everything directly below these units, from one query for those not asked before."""
        missing = [unit_id for unit_id in unit_ids if unit_id not in self._children]
        if missing:
            for unit_id in missing:
                self._children[unit_id] = []
            rows = UnitVersion.objects.filter(tree.valid_on(self.on), parent_id__in=missing)
            for row in rows.select_related("unit").order_by("label_order"):
                assert row.parent_id is not None
                self._children[row.parent_id].append(row)
        return [row for unit_id in unit_ids for row in self._children[unit_id]]

    def bodies_below(self, unit_ids: Collection[int], *, levels: int) -> list[UnitVersion]:
        """Bodies below units, by level; places below are not entered."""
        found: list[UnitVersion] = []
        layer = list(unit_ids)
        for _ in range(levels):
            rows = [row for row in self.children(layer) if not row.unit.is_place]
            found += rows
            layer = [row.unit_id for row in rows]
            if not layer:
                break
        return found

    def places_below(self, unit_ids: Collection[int], *, kind: str) -> list[UnitVersion]:
        found: list[UnitVersion] = []
        layer = list(unit_ids)
        while layer:
            rows = [row for row in self.children(layer) if row.unit.is_place]
            found += [row for row in rows if row.unit.kind == kind]
            layer = [row.unit_id for row in rows if _rank(row.unit.kind) < _rank(kind)]
        return found

    # -- names

    def names(self, row: UnitVersion, owners: Sequence[UnitVersion]) -> frozenset[str]:
        """All keys under which a body below `owners` (nearest first) may be named."""
        if row.unit_id in self._names:
            return self._names[row.unit_id]
        refs = [
            ref for depth, owner in enumerate(owners) for ref in self.references(owner, owners[depth + 1 :])
        ]
        bases: set[str] = set()
        for own in (row.label, row.name, row.short_name):
            key = _key(flatten(own))
            if key:
                bases.add(key)
                bases |= set(_stripped(key, refs))
        named = bases | {f"{base} {ref}" for base in bases for ref in refs}
        named |= {_key(flatten(line)) for line in row.search_text.split("\n") if line}
        self._names[row.unit_id] = frozenset(named)
        return self._names[row.unit_id]

    def references(self, owner: UnitVersion, above: Sequence[UnitVersion]) -> list[str]:
        """How a name refers to the unit it belongs to: "huyện", "huyện Phong Thổ", "Sở"."""
        is_own = any(owner.unit_id == one.unit_id for one in self.line)
        if owner.unit.is_place:
            if owner.unit.kind == UnitKind.NATION:
                return ["trung uong"]
            form, own = fold(owner.form), fold(owner.name)
            return [f"{form} {own}", own, *([form, f"cap {_level_word(owner.unit.kind)}"] if is_own else [])]
        known = {_key(flatten(owner.label)), _key(flatten(owner.name)), _key(flatten(owner.short_name))} - {
            ""
        }
        refs_above = [ref for one in above for ref in self.references(one, [])]
        for key in list(known):
            known |= set(_stripped(key, refs_above))
        known |= {f"{key} {ref}" for key in list(known) for ref in refs_above}
        if is_own:
            first = next(iter(_key(flatten(owner.label)).split()), "")
            known.add(first)
        return sorted(known)


def _last_day(version: UnitVersion) -> date:
    return version.until if version.is_open else date.fromordinal(version.until.toordinal() - 1)


def _rank(kind: str) -> int:
    return list(PLACES).index(UnitKind(kind))


def _level_word(kind: str) -> str:
    return {UnitKind.PROVINCE: "tinh", UnitKind.DISTRICT: "huyen", UnitKind.COMMUNE: "xa"}.get(
        UnitKind(kind), "co so"
    )


def _stripped(key: str, refs: Iterable[str]) -> list[str]:
    """The name without the owner at its end, and without the owner's owner."""
    found = []
    for ref in refs:
        if key.endswith(f" {ref}"):
            found.append(key[: -len(ref) - 1])
    return found


# ---- reading one name


def _resolve(flat: str, around: _Surroundings, *, depth: int = 0) -> Match | None:
    """One name that is no list of names; None when nothing fits."""
    if depth > 3:
        return None
    words = _words()
    if words.outside.fullmatch(flat):
        return Match(
            how="Tên gọi chung người dân, hộ gia đình hoặc doanh nghiệp, không phải đơn vị trong danh mục",
            is_sure=True,
            is_outside=True,
        )
    members = words.members.fullmatch(flat)
    if members:
        return _members(members["rest"], around, depth)
    single = _single(flat, around)
    if single is not None:
        return single
    if words.open_ended.fullmatch(flat):
        wide = _collective(re.sub(r",? (?:co )?lien quan$", "", flat), around, depth)
        candidates = (wide.unit_ids or wide.candidates) if wide else ()
        return Match(
            how="Tên gọi rộng, người lập kế hoạch cần chọn đơn vị cụ thể",
            candidates=candidates or _similar(flat, around),
        )
    collective = _collective(flat, around, depth)
    if collective is not None:
        return collective
    levels = _at_levels(flat, around, depth)
    if levels is not None:
        return levels
    head = words.heads.match(flat)
    if head:
        inner = _resolve(flat[head.end() :], around, depth=depth + 1)
        if inner is not None and not inner.is_outside:
            return replace(inner, how=f"{inner.how} (người hoặc bộ phận thay mặt đơn vị)")
    return None


def _members(rest: str, around: _Surroundings, depth: int) -> Match | None:
    rest = re.sub(r"^(?:cua|thuoc|trong|tai|o)(?: toan)? ", "", rest.strip(" ,"))
    own = re.fullmatch(r"(?:don vi|co quan|co quan, don vi|nganh|toan nganh)?", rest)
    if own:
        return Match(
            unit_ids=(around.near.unit_id,), how=f"Người của chính {around.near.label}", is_sure=True
        )
    return _resolve(rest, around, depth=depth + 1)


def _single(flat: str, around: _Surroundings) -> Match | None:
    """One unit by its name: the writer, what is below it, what stands around it, then anything further."""
    key = _key(flat)
    place = _own_place(key, around)
    if place is not None:
        return _sure(place, "địa phương")
    own_refs = around.references(around.near, around.line[1:])
    if not around.near.unit.is_place and (
        key in own_refs or key in around.names(around.near, around.line[1:])
    ):
        return _sure(around.near, "đơn vị ban hành")
    layers: list[tuple[list[UnitVersion], bool]] = []
    for owner in around.line:
        below = around.bodies_below([owner.unit_id], levels=1)
        layers.append((below, True))
        layers.append((around.bodies_below([row.unit_id for row in below], levels=2), False))
    for rows, may_be_bare in layers:
        hits = {row.unit_id: row for row in rows if _fits(row, key, around, may_be_bare=may_be_bare)}
        if len(hits) == 1:
            return _sure(next(iter(hits.values())), "tên trong danh mục")
        if hits:
            return Match(
                how=f"Có {len(hits)} đơn vị cùng tên gọi này", candidates=tuple(hits)[:MOST_CANDIDATES]
            )
    return _place_by_name(key, around) or _elsewhere(key, around)


def _fits(row: UnitVersion, key: str, around: _Surroundings, *, may_be_bare: bool) -> bool:
    owners = _owners(row, around)
    if key not in around.names(row, owners):
        return False
    if may_be_bare:
        return True
    # Two levels away only a name that says whose office it is ("Ban Thi đua - Khen thưởng tỉnh").
    refs = [
        ref for depth, owner in enumerate(owners) for ref in around.references(owner, owners[depth + 1 :])
    ]
    return any(key.endswith(f" {ref}") for ref in refs)


def _owners(row: UnitVersion, around: _Surroundings) -> list[UnitVersion]:
    """The units above a body, nearest first, as far as they are loaded."""
    known = {one.unit_id: one for one in around.line}
    for rows in around._children.values():
        known.update({one.unit_id: one for one in rows})
    owners: list[UnitVersion] = []
    current = row
    while current.parent_id is not None and current.parent_id in known and len(owners) < 8:
        current = known[current.parent_id]
        owners.append(current)
    return owners


_COMMITTEE = re.compile(r"(?:uy ban nhan dan|hoi dong nhan dan) ")
_FORMS = {
    "tinh": (UnitKind.PROVINCE,),
    "thanh pho": (UnitKind.DISTRICT, UnitKind.PROVINCE),
    "huyen": (UnitKind.DISTRICT,),
    "quan": (UnitKind.DISTRICT,),
    "thi xa": (UnitKind.DISTRICT,),
    "xa": (UnitKind.COMMUNE,),
    "phuong": (UnitKind.COMMUNE,),
    "thi tran": (UnitKind.COMMUNE,),
    "dac khu": (UnitKind.COMMUNE,),
}
_FORM = re.compile(rf"(?P<form>{'|'.join(_FORMS)})(?: (?P<name>.+))?")


def _own_place(key: str, around: _Surroundings) -> UnitVersion | None:
    """ "UBND tỉnh", "Ủy ban nhân dân huyện", "huyện": a place in the writer's own line."""
    body = _COMMITTEE.sub("", key, count=1)
    is_committee = body != key
    for one in around.line:
        if not one.unit.is_place or one.unit.kind == UnitKind.NATION:
            continue
        form = fold(one.form)
        names = {form, f"{form} {fold(one.name)}", f"cap {_level_word(one.unit.kind)}"}
        if is_committee:
            names.add(fold(one.name))
        if body in names:
            return one
    return None


def _place_by_name(key: str, around: _Surroundings) -> Match | None:
    """ "UBND huyện Phong Thổ", "xã Dào San": in the writer's province first, then in the country."""
    hit = _FORM.fullmatch(_COMMITTEE.sub("", key, count=1))
    if not hit or not hit["name"]:
        return None
    found = _places_named(hit["name"], hit["form"], on=around.on, kinds=_FORMS[hit["form"]])
    if len(found) > 1:
        near = [unit_id for unit_id in found if _is_below(unit_id, around)]
        found = near or found
    if not found:
        return None
    if len(found) > 1:
        return Match(how=f"Có {len(found)} nơi cùng tên", candidates=tuple(found[:MOST_CANDIDATES]))
    version = tree.last_version(found[0], on=around.on)
    assert version is not None
    return _sure(version, "địa phương")


def _is_below(unit_id: int, around: _Surroundings) -> bool:
    """Whether a place lies in the smallest place of the writer's line that has places of its kind."""
    own = {one.unit_id for one in around.line if one.unit.kind not in (UnitKind.NATION,)}
    current: int | None = unit_id
    for _ in range(6):
        if current in own:
            return True
        version = tree.version_on(current, on=around.on) if current else None
        current = version.parent_id if version else None
    return False


def _places_named(name: str, form: str, *, on: date, kinds: Collection[str]) -> list[int]:
    """Places whose name or known spelling is `name` (flat); with `form` only those of that kind of place."""
    rows = UnitVersion.objects.filter(
        tree.valid_on(on), unit__kind__in=list(kinds), search_text__contains=name.split()[-1]
    )
    found = []
    forms: dict[str, str] = {}
    for unit_id, row_form, row_name, text in rows.values_list("unit_id", "form", "name", "search_text"):
        flat_form = forms.get(row_form)
        if flat_form is None:
            flat_form = forms[row_form] = fold(row_form)
        if form and flat_form != form:
            continue
        bare = name.removeprefix(f"{flat_form} ")
        # Thousands of places share a word: only a name that holds it all is worth spelling out.
        if bare not in text:
            continue
        if bare in {fold(row_name), *(line.removeprefix(f"{flat_form} ") for line in text.split("\n"))}:
            found.append(unit_id)
    return found


def _elsewhere(key: str, around: _Surroundings) -> Match | None:
    """A body of another place, named with it: "Sở Nội vụ tỉnh Lai Châu"."""
    for hit in re.finditer(rf" (?P<form>{'|'.join(_FORMS)}) (?P<name>.+)$", key):
        found = _places_named(hit["name"], hit["form"], on=around.on, kinds=_FORMS[hit["form"]])
        if len(found) != 1:
            continue
        place = tree.last_version(found[0], on=around.on)
        assert place is not None
        other = _Surroundings.of(place.unit_id, on=around.on)
        rows = other.bodies_below([place.unit_id], levels=2)
        hits = [row for row in rows if key in other.names(row, _owners(row, other))]
        if len(hits) == 1:
            return _sure(hits[0], "tên trong danh mục")
    return None


def _sure(version: UnitVersion, what: str) -> Match:
    return Match(unit_ids=(version.unit_id,), how=f"{version.label} ({what})", is_sure=True)


# ---- collectives


def _collective(flat: str, around: _Surroundings, depth: int) -> Match | None:
    """ "các phòng, đơn vị", "UBND các xã, thị trấn", "các sở, ban, ngành cấp tỉnh"."""
    words = _words()
    hit = words.collective.fullmatch(flat)
    if hit is None:
        return None
    heads = [words.collectives[one] for one in re.split(r", va |, | va ", hit["heads"].replace("cac ", ""))]
    if not (hit["plural"] or hit["inner"] or len(heads) > 1):
        return None
    owners = _owners_of_collective(hit["rest"].strip(" ,"), heads, around, depth)
    if owners is None:
        return None
    found: dict[int, UnitVersion] = {}
    empty: list[str] = []
    for owner in owners:
        some = False
        for head in heads:
            for row in _below(owner, head, around):
                found.setdefault(row.unit_id, row)
                some = True
        if not some:
            empty.append(owner.label)
    whose = ", ".join(owner.label for owner in owners[:2]) + ("…" if len(owners) > 2 else "")
    if not found:
        return Match(
            how=f"Chưa có đơn vị nào như vậy dưới {whose} trong danh mục ngày {format_date(around.on)}",
            candidates=tuple(owner.unit_id for owner in owners[:MOST_CANDIDATES]),
        )
    if empty:
        return Match(
            how=f"Tìm thấy {len(found)} đơn vị, nhưng dưới {empty[0]}"
            f"{' và nơi khác' if len(empty) > 1 else ''} chưa có trong danh mục",
            candidates=tuple(found),
        )
    return Match(unit_ids=tuple(found), how=f"{len(found)} đơn vị dưới {whose}", is_sure=True)


def _below(owner: UnitVersion, head: _Collective, around: _Surroundings) -> list[UnitVersion]:
    rule = head.below_place if owner.unit.is_place else head.below_body
    if rule is None:
        return []
    kinds = rule["kinds"]
    if "form" in rule:
        return [
            row
            for kind in kinds
            for row in around.places_below([owner.unit_id], kind=kind)
            if row.form.casefold() == rule["form"]
        ]
    begins = re.compile(rf"(?:{rule['begins']})\b") if "begins" in rule else None
    return [
        row
        for row in around.bodies_below([owner.unit_id], levels=1)
        if row.unit.kind in kinds and (begins is None or begins.match(fold(row.label)))
    ]


_OWNERSHIP = re.compile(
    r"(?:thuoc va truc thuoc|thuoc, truc thuoc|truc thuoc|thuoc|cua|trong pham vi|dong tren dia ban|"
    r"tren dia ban|trong toan|toan|trong|tai|o) (?P<owner>.+)"
)


def _owners_of_collective(
    rest: str, heads: Sequence[_Collective], around: _Surroundings, depth: int
) -> list[UnitVersion] | None:
    """Below whom the collective stands; None when the rest of the name is something else."""
    if not rest:
        for one in around.line:
            if any((head.below_place if one.unit.is_place else head.below_body) for head in heads) and any(
                _below(one, head, around) for head in heads
            ):
                return [one]
            if one is around.place:
                break
        return [around.near]
    hit = _OWNERSHIP.fullmatch(rest)
    owner = hit["owner"] if hit else rest
    levels = _levels(owner, around)
    if levels is not None:
        return levels
    if hit is None and not _FORM.fullmatch(_key(owner)) and not _is_own_reference(owner, around):
        return None
    inner = _resolve(owner, around, depth=depth + 1)
    if inner is None or not inner.is_sure:
        return None
    rows = [tree.last_version(unit_id, on=around.on) for unit_id in inner.unit_ids]
    return [row for row in rows if row is not None] or None


def _is_own_reference(owner: str, around: _Surroundings) -> bool:
    key = _key(owner)
    return any(
        key in around.references(one, around.line[place + 1 :]) for place, one in enumerate(around.line)
    )


def _levels(text: str, around: _Surroundings) -> list[UnitVersion] | None:
    """ "huyện, cấp xã", "cấp tỉnh": the places of those levels in or below the writer's place."""
    parts = re.split(r", va |, | va ", text)
    found: list[UnitVersion] = []
    for part in parts:
        hit = re.fullmatch(r"(?:cap )?(tinh|huyen|xa|trung uong|co so|thanh pho|thi xa|quan)", part)
        if hit is None:
            return None
        word = hit.group(1)
        if word == "trung uong":
            kinds: tuple[str, ...] = (UnitKind.NATION,)
        elif word == "co so":
            kinds = (UnitKind.COMMUNE,)
        else:
            kinds = _FORMS[word]
        own = [one for kind in kinds if (one := around.above(kind)) is not None]
        below = [] if own else around.places_below([around.place.unit_id], kind=kinds[0])
        if not own and not below:
            return None
        found += own[:1] or below
    return found


def _at_levels(flat: str, around: _Surroundings, depth: int) -> Match | None:
    """ "Ủy ban Mặt trận Tổ quốc huyện, cấp xã": one name at several levels."""
    level = r"(?:cap )?(?:tinh|huyen|xa|co so)"
    hit = re.fullmatch(rf"(?P<base>.+?) (?P<levels>{level}(?:(?:, va |, | va ){level})+)", flat)
    if hit is None:
        return None
    owners = _levels(hit["levels"], around)
    if owners is None:
        return None
    base = _key(hit["base"])
    rows = around.bodies_below([owner.unit_id for owner in owners], levels=1)
    found: dict[int, set[int]] = {}
    for row in rows:
        owner_id = row.parent_id
        assert owner_id is not None
        owner_row = next(one for one in owners if one.unit_id == owner_id)
        if base in around.names(row, [owner_row]):
            found.setdefault(owner_id, set()).add(row.unit_id)
    unit_ids = tuple(sorted(unit_id for ids in found.values() for unit_id in ids))
    if not unit_ids:
        return None
    missing = [owner for owner in owners if owner.unit_id not in found]
    if missing:
        return Match(
            how=f"Có {len(unit_ids)} đơn vị, nhưng của {missing[0].label}"
            f"{' và nơi khác' if len(missing) > 1 else ''} chưa có trong danh mục",
            candidates=unit_ids,
        )
    return Match(unit_ids=unit_ids, how=f"{len(unit_ids)} đơn vị ở các cấp đã nêu", is_sure=True)


# ---- lists and likeness


def _list_of_names(flat: str, around: _Surroundings) -> Match | None:
    """Several names in one: sure only when each part is."""
    parts = [part.strip() for part in re.split(r",| va ", flat) if part.strip()]
    if len(parts) < 2:
        return None
    found = [_resolve(part, around) for part in parts]
    if any(one is None or not one.is_sure or not one.unit_ids for one in found):
        return None
    unit_ids = tuple(dict.fromkeys(unit_id for one in found if one for unit_id in one.unit_ids))
    return Match(unit_ids=unit_ids, how="; ".join(one.how for one in found if one), is_sure=True)


def _similar(flat: str, around: _Surroundings) -> tuple[int, ...]:
    """Units in sight whose name is most like it."""
    key = _key(flat)
    head = _words().heads.match(flat)
    keys = {key, _key(flat[head.end() :])} if head else {key}
    scored: list[tuple[float, int]] = []
    seen: set[int] = set()
    for owner in around.line:
        for row in around.bodies_below([owner.unit_id], levels=2):
            if row.unit_id in seen:
                continue
            seen.add(row.unit_id)
            names = around.names(row, _owners(row, around))
            best = max((_likeness(one, name) for one in keys for name in names if name), default=0.0)
            if best:
                scored.append((-best, row.unit_id))
    return tuple(unit_id for _, unit_id in sorted(scored)[:MOST_CANDIDATES])


def _likeness(one: str, other: str) -> float:
    """How like two names are, from 0 to 1; 0 when it is too little to be worth a candidate."""
    matcher = difflib.SequenceMatcher(None, one, other)
    # Both bounds are cheap, and nearly every name stays below one of them.
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= ALIKE else 0.0


def same_name(first: str, second: str) -> bool:
    """Whether two printed names are spellings of one: hyphens, commas, tone marks, short forms aside."""
    return skeleton(first) == skeleton(second) or _key(flatten(first)) == _key(flatten(second))
