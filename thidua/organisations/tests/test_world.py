"""The tree and the right to act, in the small world that all tests use."""

from __future__ import annotations

from datetime import date

import pytest

from thidua.organisations import tree
from thidua.organisations.successions import heirs_on, inherited_by
from thidua.organisations.tests.world import DAY, REFORM, phong_tho

pytestmark = pytest.mark.django_db
AFTER = date(2025, 7, 2)


def test_tree_of_a_day_holds_what_existed_then() -> None:
    world = phong_tho()
    district = world.unit("phong-tho")

    before = [node.version.label for node in tree.subtree(district.pk, on=DAY).select_related("version")]

    assert len(before) == 7
    assert [one.label for one in tree.ancestors(world.unit("mu-sang").pk, on=DAY)] == [
        "Việt Nam",
        "tỉnh Lai Châu",
        "huyện Phong Thổ",
        "xã Mù Sang",
    ]
    assert not tree.subtree(district.pk, on=REFORM).exists()


def test_commune_acts_for_the_communes_it_took_over() -> None:
    world = phong_tho()
    new = world.unit("xa-dao-san").pk

    assert inherited_by([new], on=AFTER)[new] == {new, world.unit("dao-san").pk, world.unit("mu-sang").pk}
    assert heirs_on(world.unit("mu-sang").pk, on=AFTER) == [new]
    assert heirs_on(world.unit("mu-sang").pk, on=DAY) == [world.unit("mu-sang").pk]


def test_province_answers_for_a_district_that_ended_without_successor() -> None:
    world = phong_tho()
    province = world.unit("lai-chau").pk

    assert heirs_on(world.unit("phong-tho").pk, on=AFTER) == [province]
    assert world.unit("phong-tho").pk in inherited_by([province], on=AFTER)[province]
    assert world.unit("phong-noi-vu").pk in inherited_by([province], on=AFTER)[province]
    assert world.unit("mu-sang").pk not in inherited_by([province], on=AFTER)[province]
