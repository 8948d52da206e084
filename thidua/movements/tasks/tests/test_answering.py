"""Who answers for a task when its unit has ended."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from thidua.movements.tasks.answering import answering_for
from thidua.organisations.successions import heirs_on
from thidua.organisations.tests.world import REFORM, make_unit, phong_tho, succeed


@pytest.mark.django_db
def test_unit_answers_for_itself_while_it_is_there() -> None:
    unit = phong_tho().unit("huoi-luong")
    answer = answering_for([unit.pk], on=REFORM - timedelta(days=1))[unit.pk]
    assert (answer.label, answer.has_ended, answer.note) == ("xã Huổi Luông", False, "")


@pytest.mark.django_db
def test_one_successor_several_and_the_unit_above() -> None:
    world = phong_tho()
    split = world.unit("mu-sang")
    succeed(split, world.unit("xa-phong-tho"), is_whole=False)
    lost = make_unit("lac", "Ban Chỉ đạo cũ", until=REFORM)
    one, office = world.unit("huoi-luong"), world.unit("phong-ldtbxh")
    found = answering_for([one.pk, split.pk, office.pk, lost.pk], on=REFORM)
    assert found[one.pk].note == "Đã sáp nhập; nay xã Phong Thổ chịu trách nhiệm"
    assert found[split.pk].note == (
        "Đã chia cho nhiều đơn vị; nay xã Dào San, xã Phong Thổ cùng chịu trách nhiệm"
    )
    # The office ended with its district, whose matters went to the province.
    assert found[office.pk].note == "Đã sáp nhập; nay tỉnh Lai Châu chịu trách nhiệm"
    assert found[lost.pk].note == "Đã kết thúc; chưa rõ đơn vị kế thừa"


@pytest.mark.django_db
@pytest.mark.parametrize("on", [date(2023, 11, 5), REFORM, date(2030, 1, 1)])
def test_many_at_once_say_what_one_at_a_time_says(on: date) -> None:
    world = phong_tho()
    succeed(world.unit("xa-phong-tho"), world.unit("xa-dao-san"), on=date(2028, 1, 1), is_whole=False)
    found = answering_for([unit.pk for unit in world.units.values()], on=on)
    for unit in world.units.values():
        if found[unit.pk].has_ended:
            assert len(found[unit.pk].heirs) == len(heirs_on(unit.pk, on=on)), unit.key
