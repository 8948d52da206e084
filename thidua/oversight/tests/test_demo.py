"""The demonstration: through the real functions, marked, and done once."""

from __future__ import annotations

import pytest

from thidua.movements.tests.makers import make_item, make_task, phong_tho_plan
from thidua.organisations.tests.world import DAY, phong_tho
from thidua.oversight import demo
from thidua.oversight.difficulties.public import public_answers
from thidua.oversight.models import Difficulty, Inspection, Remedy


@pytest.mark.django_db
def test_the_demonstration_is_lived_once_and_says_that_it_is_an_example() -> None:
    world = phong_tho()
    plan = phong_tho_plan(world)
    make_item(plan.versions.get(), "tasks", "K1", {"quote": "Các xã rà soát hộ nghèo."})
    for key in ("huoi-luong", "dao-san", "mu-sang"):
        make_task(plan, world.unit(key), title="Rà soát hộ nghèo", year=2023)

    assert demo.live(DAY) == demo.Lived(inspections=1, difficulties=3)
    assert demo.live(DAY) == demo.Lived(inspections=1, difficulties=0)

    inspection = Inspection.objects.get()
    assert sorted(inspection.visits.values_list("state", flat=True)) == [
        "cho_kiem_tra",
        "da_lap_bien_ban",
        "dang_ghi",
    ]
    texts = [inspection.title, *Difficulty.objects.values_list("title", flat=True), Remedy.objects.get().text]
    assert all(text.endswith("(ví dụ)") for text in texts)
    assert [answer.answer.endswith("(ví dụ)") for answer in public_answers()] == [True]
