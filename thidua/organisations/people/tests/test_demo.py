"""The accounts of a demonstration."""

from __future__ import annotations

from collections import Counter

import pytest
from django.conf import settings
from django.test import override_settings

from thidua.accounts import demo as demo_accounts
from thidua.accounts.models import User
from thidua.audit.log import System
from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.organisations.models import Mandate, Role
from thidua.organisations.people import demo
from thidua.organisations.tests.world import DAY, make_unit

PATH = settings.BASE_DIR / "data" / "demo" / "people.yaml"


def load() -> demo.Loaded:
    return demo.load(PATH, actor=System(DAY), now=clock.now())


def make_units() -> None:
    for key in {one.unit_key for one in demo.wanted(PATH)}:
        make_unit(key, f"Đơn vị {key}")


def test_each_body_has_a_person_in_each_role() -> None:
    people = demo.wanted(PATH)
    roles: dict[str, set[Role]] = {}
    for one in people:
        roles.setdefault(one.group, set()).add(one.role)

    assert sum(found == set(Role) for found in roles.values()) == 5
    assert [name for name, times in Counter(one.username for one in people).items() if times > 1] == []
    assert all(one.name.endswith("(trình diễn)") for one in people)


@pytest.mark.django_db
def test_outside_a_demonstration_nothing_is_made() -> None:
    make_units()

    with pytest.raises(RuleNotMet, match="chế độ trình diễn đang tắt"):
        load()

    assert not User.objects.exists()


@pytest.mark.django_db
@override_settings(DEMO=True)
def test_second_load_changes_nothing_and_asks_little(django_assert_max_num_queries: object) -> None:
    make_units()
    first = load()
    before = list(User.objects.order_by("pk").values_list("username", "password"))

    second = load()

    assert first.made == len(before) == len(demo.wanted(PATH))
    assert (second.made, second.changed, second.skipped) == (0, 0, [])
    assert list(User.objects.order_by("pk").values_list("username", "password")) == before
    assert Mandate.objects.count() == first.made


@pytest.mark.django_db
@override_settings(DEMO=True)
def test_people_of_missing_units_are_skipped_and_named() -> None:
    make_unit("before-109", "huyện Phong Thổ")

    loaded = load()

    assert sorted(User.objects.values_list("username", flat=True)) == [
        "phongtho-lanhdao",
        "phongtho-nguoixem",
        "phongtho-quantri",
        "phongtho-vanthu",
    ]
    assert len(loaded.skipped) == len(demo.wanted(PATH)) - 4


@pytest.mark.django_db
@override_settings(DEMO=True)
def test_changed_password_is_the_common_one_again_after_the_next_load() -> None:
    make_unit("before-109", "huyện Phong Thổ")
    load()
    user = User.objects.get(username="phongtho-lanhdao")
    user.set_password("cua-rieng-toi-thoi")
    user.save()

    load()

    user.refresh_from_db()
    assert user.check_password(demo_accounts.PASSWORD)


@pytest.mark.django_db
@override_settings(DEMO=True)
def test_real_account_of_the_same_name_is_left_alone() -> None:
    make_unit("before-109", "huyện Phong Thổ")
    User.objects.create(username="phongtho-lanhdao", full_name="Người Thật", password="x")

    load()

    user = User.objects.get(username="phongtho-lanhdao")
    assert (user.full_name, user.password, user.is_demo) == ("Người Thật", "x", False)
    assert not Mandate.objects.filter(user=user).exists()
