"""The people of a demonstration, from `data/demo/people.yaml`: `load`. May be repeated.

Refuses where THIDUA_DEMO is off. Writes accounts and mandates only; what they do is made by other commands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from thidua.accounts import demo
from thidua.accounts.models import User
from thidua.audit.log import Actor, record
from thidua.core.errors import RuleNotMet
from thidua.organisations import tree
from thidua.organisations.models import Mandate, Role, Unit

#: Early enough for every plan of the demonstration.
SINCE = date(2020, 1, 1)

#: Endings of user names, and of which unit of the body the person is.
ROLES = (
    ("thuongtruc", Role.STANDING, "standing"),
    ("lanhdao", Role.LEADER, "unit"),
    ("canbo", Role.UNIT_OFFICER, "office"),
    ("vanthu", Role.CLERK, "unit"),
    ("hoidong", Role.COUNCIL, "council"),
    ("quantri", Role.ADMINISTRATOR, "unit"),
    ("nguoixem", Role.VIEWER, "unit"),
)

_FAMILY = ("Lò", "Nguyễn", "Giàng", "Trần", "Hoàng", "Vàng", "Lê", "Phạm", "Nông", "Tẩn", "Đỗ", "Ma", "Bế")
_MIDDLE = ("Thị", "Văn", "Minh", "Thu", "Quang", "Ngọc", "Đức")
_GIVEN = (
    "Mai",
    "Hải",
    "Páo",
    "Lan",
    "Sơn",
    "Dung",
    "Tuấn",
    "Hòa",
    "Chẩn",
    "Yến",
    "Bình",
    "Xuân",
    "Phúc",
    "Sen",
)


@dataclass(frozen=True, slots=True)
class Person:
    """One account to make."""

    username: str
    role: Role
    unit_key: str
    group: str
    since: date
    order: int

    @property
    def name(self) -> str:
        """Made up from three lists; no family name and given name meet twice in one body."""
        number = self.order
        family = _FAMILY[number % len(_FAMILY)]
        return f"{family} {_MIDDLE[number % len(_MIDDLE)]} {_GIVEN[number % len(_GIVEN)]} (trình diễn)"


@dataclass
class Loaded:
    made: int = 0
    changed: int = 0
    #: User names whose unit does not exist here.
    skipped: list[str] = field(default_factory=list)


def wanted(path: Path) -> list[Person]:
    """The people of the file, in the order of the sign-in page."""
    raw: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    rows = [*_of_bodies(raw["bodies"]), *_of_groups(raw["groups"])]
    return [
        Person(username, role, unit_key, group, since, order)
        for order, (username, role, unit_key, group, since) in enumerate(rows, start=1)
    ]


Row = tuple[str, Role, str, str, date]


def _of_bodies(bodies: list[dict[str, Any]]) -> Iterator[Row]:
    for body in bodies:
        for ending, role, place in ROLES:
            yield f"{body['prefix']}-{ending}", role, body[place], body["label"], SINCE
        for row in body.get("more", ()):
            yield row["username"], Role(row["role"]), row["unit"], body["label"], SINCE


def _of_groups(groups: list[dict[str, Any]]) -> Iterator[Row]:
    for group in groups:
        for row in group["people"]:
            yield row["username"], Role(row["role"]), row["unit"], group["label"], group.get("since", SINCE)


def load(path: Path, *, actor: Actor, now: datetime) -> Loaded:
    """Make what is missing, mend what was changed. Raises RuleNotMet outside a demonstration."""
    if not settings.DEMO:
        raise RuleNotMet(
            "Chưa thể tạo tài khoản trình diễn",
            why="chế độ trình diễn đang tắt, mà tài khoản trình diễn không bao giờ có ở hệ thống thật",
            next_step="Đặt THIDUA_DEMO=1 nếu đây là máy trình diễn",
        )
    people = wanted(path)
    units = dict(Unit.objects.filter(key__in={one.unit_key for one in people}).values_list("key", "pk"))
    loaded = Loaded(skipped=[one.username for one in people if one.unit_key not in units])
    with transaction.atomic():
        _accounts([one for one in people if one.unit_key in units], units, loaded, on=actor.on)
        _mandates(people, units)
        if loaded.made:
            record(
                "organisations.demo.load",
                User(pk=0),
                label="Tạo tài khoản trình diễn",
                actor=actor,
                now=now,
                object_label=f"{loaded.made} tài khoản trình diễn",
            )
    return loaded


KEPT = (
    "full_name",
    "name_order",
    "search_text",
    "position",
    "demo_group",
    "demo_order",
    "password",
    "is_active",
    "must_change_password",
)


def _accounts(people: list[Person], units: dict[str, int], loaded: Loaded, *, on: date) -> None:
    known = User.objects.in_bulk([one.username for one in people], field_name="username")
    encoded = _password(known)
    labels = tree.labels_on(units.values(), on=on)
    for one in people:
        user = User(
            username=one.username,
            is_demo=True,
            position=f"{one.role.label}, {labels[units[one.unit_key]]}"[:150],
            demo_group=one.group,
            demo_order=one.order,
            password=encoded,
        )
        user.rename(one.name)
        before = known.get(one.username)
        if before is None:
            user.save(force_insert=True)
            loaded.made += 1
        elif before.is_demo and any(getattr(before, name) != getattr(user, name) for name in KEPT):
            User.objects.filter(pk=before.pk).update(**{name: getattr(user, name) for name in KEPT})
            loaded.changed += 1


def _password(known: dict[str, User]) -> str:
    """One hash for all: hashing sixty times would make each start wait."""
    for encoded in {user.password for user in known.values() if user.is_demo}:
        if check_password(demo.PASSWORD, encoded):
            return encoded
    return make_password(demo.PASSWORD)


def _mandates(people: list[Person], units: dict[str, int]) -> None:
    users = dict(
        User.objects.filter(is_demo=True, username__in=[one.username for one in people]).values_list(
            "username", "pk"
        )
    )
    given = set(Mandate.objects.filter(user_id__in=users.values()).values_list("user_id", "unit_id", "role"))
    Mandate.objects.bulk_create(
        Mandate(
            user_id=users[one.username],
            unit_id=units[one.unit_key],
            role=one.role,
            since=one.since,
            reason="Trình diễn",
        )
        for one in people
        if one.username in users
        and one.unit_key in units
        and (users[one.username], units[one.unit_key], one.role) not in given
    )
