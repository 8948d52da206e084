"""Reminders to all who are late in one act, once a day, with their history."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.movements.tests.makers import at, phong_tho_plan
from thidua.notices.models import Notice
from thidua.organisations.tests.world import World, phong_tho
from thidua.reports import reminding
from thidua.reports.models import Round
from thidua.reports.tests.makers import make_report, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.database]

LATE = at(date(2023, 11, 12))


@pytest.fixture
def late() -> tuple[World, Round]:
    world = phong_tho()
    round_ = make_round(phong_tho_plan(world))
    make_report(round_, world.unit("huoi-luong"))
    make_report(round_, world.unit("dao-san"), state="tra_lai")
    make_report(round_, world.unit("mu-sang"), state="da_gui")
    make_report(round_, world.unit("phong-noi-vu"), is_owed=False, not_owed_reason="miễn")
    return world, round_


def test_all_who_are_late_are_reminded_in_one_act(late: tuple[World, Round]) -> None:
    world, round_ = late

    count = reminding.remind(round_, text="Gửi ngay", actor=world.acting("thuong-truc"), now=LATE)

    assert count == 2
    told = Notice.objects.filter(kind="report.reminder").values_list("unit__key", flat=True)
    assert sorted(told) == ["dao-san", "huoi-luong"]
    [sent] = reminding.history(round_)
    assert (sent.units, sent.text, sent.sender) == (2, "Gửi ngay", "Thuong Truc")


def test_nobody_is_reminded_twice_on_one_day(late: tuple[World, Round]) -> None:
    world, round_ = late
    actor = world.acting("thuong-truc")
    reminding.remind(round_, unit_ids=[world.unit("dao-san").pk], actor=actor, now=LATE)

    assert reminding.remind(round_, actor=actor, now=LATE) == 1
    with pytest.raises(RuleNotMet, match="đã được đôn đốc hôm nay"):
        reminding.remind(round_, actor=actor, now=LATE)
    assert reminding.remind(round_, actor=actor, now=LATE + timedelta(days=1)) == 2


def test_before_the_deadline_nobody_is_late_but_all_may_be_reminded(late: tuple[World, Round]) -> None:
    world, round_ = late
    actor, early = world.acting("thuong-truc"), at(date(2023, 11, 5))

    with pytest.raises(RuleNotMet, match="không đơn vị nào chậm"):
        reminding.remind(round_, actor=actor, now=early)
    assert reminding.remind(round_, only_late=False, actor=actor, now=early) == 2
    assert Notice.objects.first().text == "Đề nghị gửi «Báo cáo năm 2023» hết ngày 09/11/2023."  # type: ignore[union-attr]


def test_only_the_body_that_runs_the_round_reminds(late: tuple[World, Round]) -> None:
    world, round_ = late

    with pytest.raises(NotAllowed):
        reminding.remind(round_, actor=world.acting("huoi-luong"), now=LATE)
