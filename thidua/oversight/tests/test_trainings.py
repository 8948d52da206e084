"""A class: invited, put down, called the roll; guidance documents."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from thidua.core import clock
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.movements.tests.makers import at, phong_tho_plan
from thidua.notices.models import Notice
from thidua.organisations.tests.world import DAY, World, phong_tho
from thidua.oversight.models import TrainingState
from thidua.oversight.tests.makers import make_training
from thidua.oversight.trainings import classes, lists
from thidua.oversight.trainings.classes import Planned

pytestmark = pytest.mark.django_db
NOW = at(DAY)
PLANNED = Planned("Tập huấn rà soát", "", date(2023, 11, 20), date(2023, 11, 21), "Hội trường huyện")


@pytest.fixture
def world() -> World:
    return phong_tho()


def test_invited_units_are_told_and_put_their_people_down(world: World) -> None:
    invited = [world.unit("huoi-luong").pk, world.unit("dao-san").pk]
    training = classes.plan_class(
        PLANNED,
        unit_id=world.unit("phong-ldtbxh").pk,
        invited=invited,
        actor=world.acting("thuong-truc"),
        now=NOW,
    )
    assert set(Notice.objects.values_list("unit_id", flat=True)) == set(invited)
    commune = world.acting("huoi-luong")
    for _ in range(2):
        classes.put_down(training, unit_id=invited[0], name="Lò Văn A", actor=commune, now=NOW)

    assert training.participants.count() == 1
    with pytest.raises(NotAllowed):
        classes.put_down(training, unit_id=invited[1], name="Người khác", actor=commune, now=NOW)
    with pytest.raises(RuleNotMet, match="không được mời"):
        classes.put_down(
            training,
            unit_id=world.unit("mu-sang").pk,
            name="B",
            actor=world.acting("thuong-truc"),
            now=NOW,
        )


def test_the_roll_says_who_came_and_who_did_not_and_before_it_nobody_knows(world: World) -> None:
    officer, commune = world.acting("thuong-truc"), world.unit("huoi-luong")
    training = make_training(world.unit("phong-ldtbxh"), commune)
    first, second = (
        classes.put_down(training, unit_id=commune.pk, name=name, actor=officer, now=NOW) for name in "AB"
    )
    assert (first.came, second.came) == (None, None)

    assert classes.call_the_roll(training, [first.pk], actor=officer, now=NOW) == (1, 2)

    assert list(training.participants.order_by("name").values_list("came", flat=True)) == [True, False]
    assert training.state == TrainingState.HELD


def test_no_roll_before_the_day(world: World) -> None:
    training = make_training(
        world.unit("phong-ldtbxh"),
        world.unit("huoi-luong"),
        first_on=date(2023, 12, 1),
        last_on=date(2023, 12, 1),
    )

    with pytest.raises(RuleNotMet, match="chưa đến ngày"):
        classes.call_the_roll(training, [], actor=world.acting("thuong-truc"), now=NOW)


def test_guidance_of_a_plan_is_read_by_its_communes(world: World) -> None:
    plan = phong_tho_plan(world)
    guidance = classes.write_guidance(
        unit_id=world.unit("phong-ldtbxh").pk,
        title="Hướng dẫn rà soát",
        text="Làm theo mẫu 3",
        plan=plan,
        actor=world.acting("thuong-truc"),
        now=NOW,
    )

    assert list(lists.visible_guidance(world.acting("huoi-luong"))) == [guidance]
    with pytest.raises(NotAllowed):
        classes.write_guidance(
            unit_id=world.unit("phong-ldtbxh").pk,
            title="x",
            text="y",
            actor=world.acting("huoi-luong"),
            now=NOW,
        )


def test_pages_from_planning_to_the_roll(world: World) -> None:
    commune = world.unit("huoi-luong")
    desk, phone = Client(), Client()
    desk.force_login(world.people["thuong-truc"])
    phone.force_login(world.people["huoi-luong"])
    with clock.fixed_on(DAY):
        sent = desk.post(
            reverse("trainings:new"),
            {
                "unit_id": world.unit("phong-ldtbxh").pk,
                "title": "Tập huấn",
                "first_on": "2023-11-05",
                "last_on": "2023-11-05",
                "invited": [commune.pk],
            },
        )
        here = sent.headers["Location"]
        assert "Đăng ký người dự" in phone.get(here).content.decode()
        assert phone.post(f"{here}dang-ky/", {"unit_id": commune.pk, "name": "Lò Văn A"}).status_code == 302
        assert phone.post(f"{here}diem-danh/", {}).status_code == 403
        roll = desk.get(here).content.decode()
        assert 'name="co_mat"' in roll
        assert desk.post(f"{here}diem-danh/", {}).status_code == 302
        assert "vắng" in phone.get(here).content.decode()
        for name in ("list", "guidance_list", "new_guidance"):
            assert desk.get(reverse(f"trainings:{name}")).status_code == 200
