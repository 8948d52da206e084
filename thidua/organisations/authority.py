"""Who may do what: rights as data, judged for a person with mandates on a day.

An app registers its rights in its module `rights.py`. The right to a matter passes with the matter: who
acts for a successor acts for what it took over. A mandate for a unit that does not exist on the day gives
viewing only. A refusal says why. A body that a plan names as its standing body stands in for the place of
the plan, for the rights that say so; an app above tells which (`tell_who_stands_in`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db import models

from thidua.accounts.models import User
from thidua.core.errors import NotAllowed
from thidua.organisations import tree
from thidua.organisations.models import Mandate, Role, TreeNode, TreeSnapshot, UnitVersion
from thidua.organisations.successions import inherited_by


class Reach(StrEnum):
    """How near a person's unit must be to the unit of the object."""

    OWN = "own"  # the same unit, or one that took over from it
    ABOVE = "above"  # the same, or a unit above it in the tree
    ANY = "any"  # no matter which


@dataclass(frozen=True, slots=True)
class Right:
    """Who may do one thing: the roles, how near their unit must be, and to which units of the object."""

    key: str
    label: str  # "nhận nhiệm vụ", ends the sentence «Bạn chưa được …»
    roles: frozenset[Role]
    units_of: Callable[[Any], Collection[int | None]]
    reach: Reach = Reach.OWN
    #: Further roles where the object is a smaller matter (an officer decides on the own sub-tasks).
    also: Callable[[Any], frozenset[Role]] | None = None
    #: Those of the roles that also count in a body that stands in for the place asked about.
    stands_in: frozenset[Role] = frozenset()

    def roles_on(self, on_object: Any) -> frozenset[Role]:
        return self.roles | self.also(on_object) if self.also else self.roles


_rights: dict[str, Right] = {}


def register(right: Right) -> Right:
    _rights[right.key] = right
    return right


#: For units and a day the places that each of them stands in for, with the words that say by what.
StandIns = Callable[[Collection[int], date], Mapping[int, Mapping[int, str]]]
_stand_ins: list[StandIns] = []


def tell_who_stands_in(finder: StandIns) -> None:
    """Register who knows for which places a body stands in. Called once, when the program starts."""
    if finder not in _stand_ins:
        _stand_ins.append(finder)


@dataclass(frozen=True, slots=True)
class StandingIn:
    """That somebody acts for a place through one of its bodies, and by what."""

    place_id: int
    place: str
    ground: str

    def __str__(self) -> str:
        return f"{self.place} ({self.ground})"


def rights() -> list[Right]:
    return [_rights[key] for key in sorted(_rights)]


def right(key: str) -> Right:
    return _rights[key]


@dataclass(frozen=True)
class Acting:
    """A person with the mandates that hold on a day. What views hand to domain functions as `actor`."""

    user: User
    on: date
    mandates: tuple[Mandate, ...]
    #: Mandate that gave the last right, for the log.
    _used: list[Mandate] = field(default_factory=list, compare=False)
    #: Where units stand in the tree of the day, as far as somebody asked.
    _places: dict[int, int | None] = field(default_factory=dict, compare=False)
    #: What stands below places that a body of this person stands in for.
    _more_ranges: dict[int, tuple[int, int]] = field(default_factory=dict, compare=False)

    @property
    def mandate(self) -> Mandate | None:
        """The mandate acted under: the one that gave the right just now, else the first."""
        return self._used[-1] if self._used else (self.mandates[0] if self.mandates else None)

    @property
    def unit_id(self) -> int | None:
        return self.mandate.unit_id if self.mandate else None

    @property
    def name(self) -> str:
        mandate = self.mandate
        if mandate is None:
            return str(self.user)
        unit = self.unit_labels.get(mandate.unit_id, str(mandate.unit))
        delegated = " (được ủy quyền)" if mandate.delegated_from_id else ""
        return f"{self.user}, {mandate.get_role_display().lower()}{delegated}, {unit}"

    @cached_property
    def unit_labels(self) -> dict[int, str]:
        return tree.labels_on([mandate.unit_id for mandate in self.mandates], on=self.on)

    @cached_property
    def _inherited(self) -> dict[int, frozenset[int]]:
        return inherited_by({mandate.unit_id for mandate in self.mandates}, on=self.on)

    @cached_property
    def _alive(self) -> frozenset[int]:
        """Those of the own units that exist on the day."""
        own = {mandate.unit_id for mandate in self.mandates}
        rows = UnitVersion.objects.filter(tree.valid_on(self.on), unit_id__in=own)
        return frozenset(rows.values_list("unit_id", flat=True)) if own else frozenset()

    def acts_for_living_unit(self, mandate: Mandate) -> bool:
        """Whether the unit of a mandate exists on the day; for another one its people only look back."""
        return mandate.unit_id in self._alive

    def _gives(self, mandate: Mandate, roles: Collection[Role]) -> bool:
        """Whether a mandate counts where one of `roles` is asked for."""
        if mandate.role not in roles:
            return False
        return Role.VIEWER in roles or self.acts_for_living_unit(mandate)

    def unit_ids(self, roles: Iterable[Role] | None = None) -> frozenset[int]:
        """Units for which this person acts in one of `roles` (None: any), with what they took over."""
        wanted = frozenset(Role) if roles is None else frozenset(roles)
        found: set[int] = set()
        for mandate in self.mandates:
            if self._gives(mandate, wanted):
                found |= self._inherited[mandate.unit_id]
        return frozenset(found)

    def units_for(self, key: str) -> frozenset[int]:
        """Units that a right is held for: the own ones, and places that a body of theirs stands in for."""
        wanted = right(key)
        found = set(self.unit_ids(wanted.roles))
        for mandate in self.mandates:
            if mandate.role in wanted.stands_in and self._gives(mandate, wanted.roles):
                found |= self._stood_in_for[mandate.unit_id].keys()
        return frozenset(found)

    def stands_in(self, key: str, unit_ids: Collection[int]) -> list[StandingIn]:
        """For which places this person acts through one of their bodies when using a right on units."""
        wanted = right(key)
        places: dict[int, str] = {}
        for mandate in self.mandates:
            if mandate.role in wanted.stands_in and self._gives(mandate, wanted.roles):
                places |= self._stood_in_for[mandate.unit_id]
        rest = set(unit_ids)
        if not places or not rest:
            return []
        rest -= set(tree.ids_at_or_below(self.unit_ids(wanted.roles), on=self.on))
        used = [pk for pk in sorted(places) if rest & set(tree.ids_at_or_below([pk], on=self.on))]
        labels = tree.labels_on(used, on=self.on)
        return [StandingIn(pk, labels.get(pk, ""), places[pk]) for pk in used]

    @cached_property
    def _stood_in_for(self) -> dict[int, dict[int, str]]:
        """For the unit of each mandate the places it stands in for, while they stand, with the ground."""
        mine = frozenset[int]().union(*self._inherited.values())
        found: dict[int, dict[int, str]] = {}
        for finder in _stand_ins:
            for unit_id, places in finder(mine, self.on).items():
                found.setdefault(unit_id, {}).update(places)
        wanted = {place for places in found.values() for place in places}
        rows = UnitVersion.objects.filter(tree.valid_on(self.on), unit_id__in=wanted)
        alive = set(rows.values_list("unit_id", flat=True)) if wanted else set()
        return {
            unit_id: {
                place: ground
                for own in inherited
                for place, ground in found.get(own, {}).items()
                if place in alive
            }
            for unit_id, inherited in self._inherited.items()
        }

    def has_role(self, *roles: Role) -> bool:
        return any(self._gives(mandate, roles) for mandate in self.mandates)

    def may(self, key: str, on_object: Any) -> bool:
        return self.why_not(key, on_object) is None

    def require(self, key: str, on_object: Any) -> None:
        refusal = self.why_not(key, on_object)
        if refusal is not None:
            raise refusal

    def why_not(self, key: str, on_object: models.Model | Any) -> NotAllowed | None:
        """None when allowed; otherwise the refusal, with its reason and what to do next."""
        wanted = right(key)
        what = f"Bạn chưa được {wanted.label}"
        if not self.user.is_active:
            return NotAllowed(what, why="tài khoản đã ngừng hoạt động", next_step="Liên hệ người quản trị")
        roles = wanted.roles_on(on_object)
        fitting = [mandate for mandate in self.mandates if mandate.role in roles]
        if not fitting:
            names = ", ".join(f"«{role.label}»" for role in Role if role in roles)
            return NotAllowed(
                what,
                why=f"việc này cần vai trò {names}, mà ủy nhiệm của bạn không có vai trò đó",
                next_step="Đề nghị người quản trị đơn vị giao vai trò, hoặc chuyển việc cho người có vai trò",
            )
        acting_now = [mandate for mandate in fitting if self._gives(mandate, roles)]
        if not acting_now:
            names = ", ".join(sorted(self.unit_labels[mandate.unit_id] for mandate in fitting))
            return NotAllowed(
                what,
                why=f"{names} không còn hoạt động vào ngày {self.on:%d/%m/%Y}, "
                "nên người của đơn vị này chỉ xem lại việc cũ",
                next_step="Đề nghị người quản trị giao ủy nhiệm ở đơn vị kế thừa",
            )
        wanted_ids = {unit_id for unit_id in wanted.units_of(on_object) if unit_id is not None}
        for mandate in acting_now:
            mine = self._inherited[mandate.unit_id]
            if self._reaches(mine, wanted_ids, wanted.reach):
                self._used.append(mandate)
                return None
        for mandate in acting_now:
            if mandate.role not in wanted.stands_in:
                continue
            if self._reaches(frozenset(self._stood_in_for[mandate.unit_id]), wanted_ids, wanted.reach):
                self._used.append(mandate)
                return None
        labels = tree.labels_on(wanted_ids, on=self.on).values()
        return NotAllowed(
            what,
            why=f"việc này thuộc {', '.join(sorted(labels)) or 'đơn vị khác'}, "
            "mà bạn không được ủy nhiệm ở đó",
            next_step="Liên hệ đơn vị đó, hoặc đề nghị người quản trị giao ủy nhiệm",
        )

    def _reaches(self, mine: frozenset[int], wanted_ids: set[int], reach: Reach) -> bool:
        if reach is Reach.ANY:
            return True
        if mine & wanted_ids:
            return True
        if reach is Reach.ABOVE and mine:
            self.look_up_places(wanted_ids)
            return any(self._stands_below(unit_id, mine) for unit_id in wanted_ids)
        return False

    def look_up_places(self, unit_ids: Iterable[int]) -> None:
        """Ask for many units at once, before a page asks about rights to each: one query."""
        unknown = set(unit_ids) - self._places.keys()
        if unknown:
            # First the own ranges: a tree that changes meanwhile then leaves no place, never a wrong one.
            _ = self._ranges
            rows = TreeNode.objects.filter(snapshot=self._snapshot, unit_id__in=unknown)
            self._places.update(dict.fromkeys(unknown) | dict(rows.values_list("unit_id", "lft")))

    @cached_property
    def _snapshot(self) -> TreeSnapshot:
        return tree.snapshot_on(self.on)

    @cached_property
    def _ranges(self) -> dict[int, tuple[int, int]]:
        """What stands below each unit of this person on the day."""
        mine = frozenset[int]().union(*self._inherited.values())
        return self._look_up_ranges(mine)

    def _ranges_of(self, units: frozenset[int]) -> Iterable[tuple[int, int]]:
        unknown = units - frozenset[int]().union(*self._inherited.values()) - self._more_ranges.keys()
        if unknown:
            self._more_ranges.update(self._look_up_ranges(unknown))
        known = self._ranges | self._more_ranges
        return [known[unit] for unit in units if unit in known]

    def _look_up_ranges(self, units: frozenset[int]) -> dict[int, tuple[int, int]]:
        rows = TreeNode.objects.filter(snapshot=self._snapshot, unit_id__in=units)
        return {unit_id: (lft, rgt) for unit_id, lft, rgt in rows.values_list("unit_id", "lft", "rgt")}

    def _stands_below(self, unit_id: int, mine: frozenset[int]) -> bool:
        place = self._places[unit_id]
        if place is not None:
            ranges = self._ranges_of(mine)
            return any(lft <= place < rgt for lft, rgt in ranges)
        # It does not exist on the day: what counts is where it stood last, or will stand first. Or somebody
        # has changed the tree since this request began; then the versions say where it stands.
        version = tree.last_version(unit_id, on=self.on)
        if version is None:
            return False
        day = min(max(self.on, version.since), version.until - timedelta(days=1))
        return any(above.unit_id in mine for above in tree.ancestors(unit_id, on=day))


def acting(user: User, *, on: date) -> Acting:
    """The person with the mandates that hold on a day, strongest role first; one query.

    Expired, not yet begun and revoked ones do not count, nor a delegation whose source ended.
    """
    rows = (
        Mandate.objects.filter(user=user, since__lte=on, until__gt=on, revoked_at__isnull=True)
        .select_related("unit", "delegated_from__user")
        .order_by("pk")
    )
    held = [mandate for mandate in rows if mandate.holds_on(on)]
    order = {role: place for place, role in enumerate(_STRONGEST_FIRST)}
    return Acting(
        user=user, on=on, mandates=tuple(sorted(held, key=lambda mandate: order[Role(mandate.role)]))
    )


_STRONGEST_FIRST = (
    Role.STANDING,
    Role.LEADER,
    Role.UNIT_OFFICER,
    Role.CLERK,
    Role.ADMINISTRATOR,
    Role.COUNCIL,
    Role.VIEWER,
)
