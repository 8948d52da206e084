"""The world of Phong Thổ with one plan in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest

from thidua.movements.models import Plan, Task, TaskState
from thidua.movements.tests.makers import at, make_task, phong_tho_plan
from thidua.organisations.authority import Acting
from thidua.organisations.tests.world import DAY, World, phong_tho


@dataclass
class Story:
    """A plan of the district, its tasks, and who acts."""

    world: World
    plan: Plan

    def task(self, unit: str = "huoi-luong", **fields: Any) -> Task:
        fields = {
            "title": "Rà soát hộ nghèo, hộ cận nghèo",
            "due_on": date(2023, 11, 9),
            "state": TaskState.GIVEN,
            **fields,
        }
        return make_task(self.plan, self.world.unit(unit), **fields)

    def who(self, username: str, on: date = DAY) -> Acting:
        return self.world.acting(username, on=on)


NOW: datetime = at(DAY)


@pytest.fixture
def story(db: None) -> Story:
    world = phong_tho()
    return Story(world, phong_tho_plan(world))
