"""A task from a paper that arrived: the plan it belongs to comes first, the words are there already."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from thidua.audit.models import Entry
from thidua.core import clock
from thidua.documents.models import IncomingPaper
from thidua.documents.papers import arrivals
from thidua.documents.papers.tests.makers import NOW, with_clerk
from thidua.documents.papers.tests.test_arrivals import PLAN
from thidua.movements.models import Task
from thidua.movements.tasks.from_incoming import likely_plans
from thidua.movements.tests.makers import make_plan
from thidua.organisations.tests.world import DAY, World

pytestmark = pytest.mark.django_db


def arrived(world: World) -> IncomingPaper:
    from dataclasses import replace

    return arrivals.register(
        replace(PLAN, due_on=DAY + timedelta(days=9)),
        unit_id=world.unit("phong-tho").pk,
        actor=world.acting("van-thu"),
        now=NOW,
    )


def test_plan_that_carries_out_the_paper_comes_first() -> None:
    world = with_clerk()
    incoming = arrived(world)
    higher = make_plan(world.unit("lai-chau"), number="417/KH-UBND")
    other = make_plan(world.unit("phong-tho"), number="9/KH-UBND", title="Khác")
    own = make_plan(world.unit("phong-tho"), number="152/KH-UBND", title="Của huyện")
    own.carries_out.add(higher)

    assert [(one.plan, one.why) for one in likely_plans(incoming, [other, own])] == [
        (own, "thực hiện văn bản này"),
        (other, ""),
    ]


def test_task_is_given_with_the_words_and_the_day_of_the_paper() -> None:
    world = with_clerk()
    incoming = arrived(world)
    plan = make_plan(world.unit("phong-tho"), standing_body=world.unit("phong-ldtbxh"), number="152/KH-UBND")
    client = Client()
    client.force_login(world.people["lanh-dao"])
    address = f"/nhiem-vu/giao/tu-van-ban/{incoming.pk}/?ke_hoach={plan.pk}"
    with clock.fixed_on(DAY):
        page = client.get(address)
        title = page.context["form"].initial["title"]
        answer = client.post(
            address,
            {
                "title": title,
                "modality": "giao",
                "due_on": "2023-11-14",
                "unit_ids": [world.unit("dao-san").pk],
            },
        )

    assert answer.status_code == 302
    assert [(task.title, task.due_on) for task in Task.objects.all()] == [
        (
            "Thực hiện Kế hoạch 417/KH-UBND: Thi đua giảm nghèo giai đoạn 2021 - 2025",
            DAY + timedelta(days=9),
        )
    ]
    assert Entry.objects.filter(action="documents.incomingpaper.give_task").count() == 1


def test_stranger_makes_no_task_of_it() -> None:
    world = with_clerk()
    incoming = arrived(world)
    client = Client()
    client.force_login(world.people["dao-san"])

    assert client.get(f"/nhiem-vu/giao/tu-van-ban/{incoming.pk}/").status_code == 403
