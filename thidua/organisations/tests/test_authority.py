"""Rights on a day: what a mandate gives, and what it no longer gives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from thidua.core.errors import NotAllowed
from thidua.organisations import authority, tree
from thidua.organisations.authority import Reach, Right, acting
from thidua.organisations.models import Mandate, Role, Unit
from thidua.organisations.tests.world import DAY, REFORM, World, make_person, make_unit, phong_tho

pytestmark = pytest.mark.django_db
AFTER = date(2025, 7, 2)


@pytest.fixture(autouse=True)
def _rights() -> Iterator[None]:
    """Three rights to a unit itself: act for it, oversee it, look at it."""
    before = dict(authority._rights)
    for key, roles, reach in (
        ("try.act", frozenset({Role.UNIT_OFFICER, Role.STANDING}), Reach.OWN),
        ("try.oversee", frozenset({Role.STANDING, Role.ADMINISTRATOR}), Reach.ABOVE),
        ("try.look", frozenset(Role), Reach.ABOVE),
    ):
        authority.register(Right(key, "thử", roles, lambda unit: (unit.pk,), reach))
    yield
    authority._rights.clear()
    authority._rights.update(before)


@pytest.fixture
def world() -> World:
    return phong_tho()


def may(world: World, username: str, key: str, unit: str, *, on: date = DAY) -> bool:
    return world.acting(username, on=on).may(key, world.unit(unit))


def test_officer_acts_for_the_own_unit_only(world: World) -> None:
    assert may(world, "huoi-luong", "try.act", "huoi-luong")
    assert not may(world, "huoi-luong", "try.act", "dao-san")


def test_refusal_names_the_unit_and_what_to_do(world: World) -> None:
    with pytest.raises(NotAllowed) as refusal:
        world.acting("huoi-luong").require("try.act", world.unit("dao-san"))

    assert refusal.value.message == (
        "Bạn chưa được thử: việc này thuộc xã Dào San, mà bạn không được ủy nhiệm ở đó. "
        "Liên hệ đơn vị đó, hoặc đề nghị người quản trị giao ủy nhiệm."
    )


def test_refusal_names_the_roles(world: World) -> None:
    refusal = world.acting("nguoi-xem").why_not("try.act", world.unit("phong-tho"))

    assert refusal is not None
    assert refusal.why.startswith("việc này cần vai trò «Cán bộ đơn vị», «Chuyên viên thường trực»")


def test_above_reaches_down_and_not_up(world: World) -> None:
    assert may(world, "tinh", "try.oversee", "mu-sang")
    assert may(world, "quan-tri", "try.oversee", "lai-chau")
    assert not may(world, "quan-tri", "try.oversee", "viet-nam")
    assert not may(world, "thuong-truc", "try.oversee", "phong-tho")


def test_successor_acts_for_what_it_took_over(world: World) -> None:
    assert may(world, "xa-moi", "try.act", "huoi-luong", on=AFTER)
    assert not may(world, "xa-moi", "try.act", "mu-sang", on=AFTER)


def test_above_a_unit_that_ended_counts_where_it_stood_last(world: World) -> None:
    assert may(world, "tinh", "try.oversee", "mu-sang", on=AFTER)


def test_unit_that_will_begin_counts_where_it_will_stand(world: World) -> None:
    assert may(world, "quan-tri", "try.oversee", "xa-phong-tho", on=DAY)


def test_people_of_an_ended_unit_only_look_back(world: World) -> None:
    acting_after = world.acting("huoi-luong", on=AFTER)

    assert may(world, "huoi-luong", "try.act", "huoi-luong")
    assert acting_after.may("try.look", world.unit("huoi-luong"))
    refusal = acting_after.why_not("try.act", world.unit("huoi-luong"))
    assert refusal is not None
    assert refusal.message == (
        "Bạn chưa được thử: xã Huổi Luông không còn hoạt động vào ngày 02/07/2025, "
        "nên người của đơn vị này chỉ xem lại việc cũ. Đề nghị người quản trị giao ủy nhiệm ở đơn vị kế thừa."
    )
    assert acting_after.unit_ids() == {world.unit("huoi-luong").pk}
    assert acting_after.unit_ids([Role.UNIT_OFFICER]) == frozenset()
    assert not acting_after.has_role(Role.UNIT_OFFICER)


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (date(2023, 11, 5), date(2023, 11, 6), True),
        (date(2023, 11, 6), date(2024, 1, 1), False),
        (date(2023, 1, 1), date(2023, 11, 5), False),
    ],
)
def test_mandate_counts_from_its_first_day_to_before_its_end(
    world: World, since: date, until: date, expected: bool
) -> None:
    Mandate.objects.create(
        user=world.people["nguoi-la"],
        unit=world.unit("mu-sang"),
        role=Role.UNIT_OFFICER,
        since=since,
        until=until,
    )

    assert may(world, "nguoi-la", "try.act", "mu-sang") is expected


def test_revoked_mandate_counts_no_more(world: World) -> None:
    Mandate.objects.filter(user=world.people["mu-sang"]).update(revoked_at=datetime(2023, 11, 1, tzinfo=UTC))

    assert not may(world, "mu-sang", "try.act", "mu-sang")


def delegate(world: World) -> Mandate:
    source = Mandate.objects.get(user=world.people["mu-sang"])
    Mandate.objects.create(
        user=world.people["nguoi-la"],
        unit=source.unit,
        role=source.role,
        since=date(2023, 11, 1),
        until=date(2023, 12, 1),
        delegated_from=source,
    )
    return source


def test_delegate_acts_and_the_log_says_so(world: World) -> None:
    delegate(world)
    person = world.acting("nguoi-la")

    person.require("try.act", world.unit("mu-sang"))

    assert person.name == "Nguoi La, cán bộ đơn vị (được ủy quyền), xã Mù Sang"


def test_delegation_ends_with_its_source(world: World) -> None:
    source = delegate(world)
    source.revoked_at = datetime(2023, 11, 2, tzinfo=UTC)
    source.save()

    assert not may(world, "nguoi-la", "try.act", "mu-sang")


def test_delegation_ends_when_its_giver_leaves(world: World) -> None:
    delegate(world)
    world.people["mu-sang"].is_active = False
    world.people["mu-sang"].save()

    assert not may(world, "nguoi-la", "try.act", "mu-sang")


def test_closed_account_may_nothing(world: World) -> None:
    world.people["mu-sang"].is_active = False

    refusal = world.acting("mu-sang").why_not("try.look", world.unit("mu-sang"))

    assert refusal is not None
    assert refusal.why == "tài khoản đã ngừng hoạt động"


def test_person_without_mandate_may_nothing(world: World) -> None:
    assert not may(world, "nguoi-la", "try.look", "phong-tho")
    assert world.acting("nguoi-la").unit_ids() == frozenset()


def communes(world: World, count: int) -> list[Unit]:
    made = [
        make_unit(f"xa-thu-{number}", f"xã Thử {number}", parent=world.unit("phong-tho"), until=REFORM)
        for number in range(count)
    ]
    tree.snapshot_on(DAY)
    return made


def test_rights_to_many_objects_cost_as_many_queries_as_to_one(world: World) -> None:
    officer = make_person("nhieu-viec", (world.unit("lai-chau"), Role.STANDING))
    units = communes(world, 30)
    counts = []
    for some in (units[:1], units):
        person = acting(officer, on=DAY)
        with CaptureQueriesContext(connection) as queries:
            person.look_up_places([unit.pk for unit in some])
            for unit in some:
                person.may("try.oversee", unit)
                person.unit_ids()
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 8


@pytest.mark.parametrize("looked_up", [False, True])
def test_tree_that_changes_while_somebody_acts_takes_no_right_away(world: World, looked_up: bool) -> None:
    """Somebody changes units between the first and the second question of one request."""
    actor = world.acting("quan-tri")
    commune = world.unit("dao-san")
    if looked_up:
        actor.look_up_places([commune.pk])
    else:
        assert actor._snapshot is not None
    tree.forget()

    assert actor.may("organisations.units.change", commune)
    assert not world.acting("dao-san").may("organisations.units.change", commune)
