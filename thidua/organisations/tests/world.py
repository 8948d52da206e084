"""A small world for tests: Phong Thổ before and after 1/7/2025, with a few people. Names of people are
invented.

`make_unit`, `succeed` and `make_person` build others. Tests of all apps above may use it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from thidua.accounts.models import User
from thidua.core.text import fold, sort_key
from thidua.organisations import tree
from thidua.organisations.authority import Acting, acting
from thidua.organisations.models import (
    BEGINNING,
    FOREVER,
    Mandate,
    Role,
    Succession,
    Unit,
    UnitKind,
    UnitVersion,
)

REFORM = date(2025, 7, 1)
DAY = date(2023, 11, 5)
#: The common nouns that a place's label begins with.
FORMS = ("thị trấn", "thị xã", "thành phố", "đặc khu", "tỉnh", "huyện", "quận", "xã", "phường", "bản", "thôn")


def make_unit(
    key: str,
    label: str,
    kind: UnitKind = UnitKind.AGENCY,
    *,
    parent: Unit | None = None,
    since: date = BEGINNING,
    until: date = FOREVER,
) -> Unit:
    """A unit with one version; of a place give the label with its form ("xã Huổi Luông")."""
    unit = Unit.objects.create(key=key, kind=kind)
    form = next((form for form in FORMS if unit.is_place and label.startswith(f"{form} ")), "")
    name = label.removeprefix(f"{form} ")
    UnitVersion.objects.create(
        unit=unit,
        parent=parent,
        form=form,
        name=name,
        label=label,
        label_order=sort_key(label),
        search_text=fold(label),
        since=since,
        until=until,
    )
    tree.forget()
    return unit


def succeed(old: Unit, new: Unit, *, on: date = REFORM, is_whole: bool = True) -> Succession:
    return Succession.objects.create(predecessor=old, successor=new, takes_effect_on=on, is_whole=is_whole)


def make_person(username: str, *mandates: tuple[Unit, Role], since: date = BEGINNING) -> User:
    """A person with mandates for good; the password is `mat-khau-thu`."""
    user = User(username=username, email=f"{username}@example.vn")
    user.rename(username.replace("-", " ").title())
    user.set_password("mat-khau-thu")
    user.save()
    for unit, role in mandates:
        Mandate.objects.create(user=user, unit=unit, role=role, since=since)
    return user


@dataclass
class World:
    """The units of the world by their keys, and its people by their user names."""

    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def unit(self, key: str) -> Unit:
        return self.units[key]

    def acting(self, username: str, *, on: date = DAY) -> Acting:
        return acting(self.people[username], on=on)


def phong_tho() -> World:
    """Nation → Lai Châu → district Phong Thổ (to 30/6/2025) with offices and three communes, and what came
    after.

    People: `thuong-truc` (standing body, Phòng LĐTBXH), `lanh-dao` (leader of the district), `noi-vu`
    (officer of
    Phòng Nội vụ), `huoi-luong`, `dao-san`, `mu-sang` (officers of the communes), `xa-moi` (officer of the new
    commune Phong Thổ, from 1/7/2025), `tinh` (standing officer of the province), `quan-tri`, `nguoi-xem`
    (of the district), `nguoi-la` (nobody's).
    """
    world = World()

    def unit(key: str, label: str, kind: UnitKind, parent: str | None = None, **days: date) -> None:
        world.units[key] = make_unit(key, label, kind, parent=world.units[parent] if parent else None, **days)

    unit("viet-nam", "Việt Nam", UnitKind.NATION)
    unit("lai-chau", "tỉnh Lai Châu", UnitKind.PROVINCE, "viet-nam")
    unit("so-ldtbxh", "Sở Lao động - Thương binh và Xã hội tỉnh Lai Châu", UnitKind.AGENCY, "lai-chau")
    unit("phong-tho", "huyện Phong Thổ", UnitKind.DISTRICT, "lai-chau", until=REFORM)
    for key, label in (
        ("phong-ldtbxh", "Phòng Lao động - Thương binh và Xã hội huyện Phong Thổ"),
        ("phong-noi-vu", "Phòng Nội vụ huyện Phong Thổ"),
        ("tt-van-hoa", "Trung tâm Văn hóa, Thể thao và Truyền thông huyện Phong Thổ"),
    ):
        unit(key, label, UnitKind.AGENCY, "phong-tho", until=REFORM)
    unit("huoi-luong", "xã Huổi Luông", UnitKind.COMMUNE, "phong-tho", until=REFORM)
    unit("dao-san", "xã Dào San", UnitKind.COMMUNE, "phong-tho", until=REFORM)
    unit("mu-sang", "xã Mù Sang", UnitKind.COMMUNE, "phong-tho", until=REFORM)
    unit("xa-phong-tho", "xã Phong Thổ", UnitKind.COMMUNE, "lai-chau", since=REFORM)
    unit("xa-dao-san", "xã Dào San", UnitKind.COMMUNE, "lai-chau", since=REFORM)
    succeed(world.unit("huoi-luong"), world.unit("xa-phong-tho"))
    succeed(world.unit("dao-san"), world.unit("xa-dao-san"))
    succeed(world.unit("mu-sang"), world.unit("xa-dao-san"))

    for username, key, role in (
        ("thuong-truc", "phong-ldtbxh", Role.STANDING),
        ("lanh-dao", "phong-tho", Role.LEADER),
        ("noi-vu", "phong-noi-vu", Role.UNIT_OFFICER),
        ("huoi-luong", "huoi-luong", Role.UNIT_OFFICER),
        ("dao-san", "dao-san", Role.UNIT_OFFICER),
        ("mu-sang", "mu-sang", Role.UNIT_OFFICER),
        ("xa-moi", "xa-phong-tho", Role.UNIT_OFFICER),
        ("tinh", "lai-chau", Role.STANDING),
        ("quan-tri", "lai-chau", Role.ADMINISTRATOR),
        ("nguoi-xem", "phong-tho", Role.VIEWER),
    ):
        world.people[username] = make_person(username, (world.unit(key), role))
    world.people["nguoi-la"] = make_person("nguoi-la")
    return world
