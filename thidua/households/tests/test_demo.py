"""The invented register of the demonstration."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from thidua.core import clock
from thidua.households import demo
from thidua.households.models import Household
from thidua.households.tests.makers import NOW
from thidua.indicators.models import Value
from thidua.organisations.models import UnitKind
from thidua.organisations.tests.world import DAY, make_unit


@pytest.mark.django_db
def test_invented_households_are_marked_and_loaded_once() -> None:
    make_unit(demo.COMMUNE, "xã Huổi Luông", UnitKind.COMMUNE)

    assert [demo.load(on=DAY, now=NOW), demo.load(on=DAY, now=NOW)] == [demo.COUNT, 0]

    assert Household.objects.filter(is_invented=True, head_name__startswith="Chủ hộ ví dụ").count() == 24
    assert Value.objects.count() == 0


@pytest.mark.django_db
def test_nothing_is_loaded_outside_a_demonstration(settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]

    with clock.fixed_on(DAY), pytest.raises(CommandError, match="THIDUA_DEMO chưa bật"):
        call_command("load_demo_households")
    assert Household.objects.count() == 0
