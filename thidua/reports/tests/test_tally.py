"""Expected, received, on time: of a round, and for each unit of a level of the tree."""

from __future__ import annotations

from datetime import date

import pytest

from thidua.movements.tests.makers import phong_tho_plan
from thidua.organisations.models import UnitKind
from thidua.organisations.tests.world import DAY, make_unit, phong_tho
from thidua.reports import tally
from thidua.reports.tally import Tally
from thidua.reports.tests.makers import make_merged, make_report, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_round_and_its_places_are_counted() -> None:
    world = phong_tho()
    village = make_unit("ban-mot", "bản Một", UnitKind.VILLAGE, parent=world.unit("huoi-luong"))
    round_ = make_round(phong_tho_plan(world))
    make_report(round_, world.unit("huoi-luong"), state="da_gui")
    make_report(round_, village, state="da_nhan", sent_at=round_.opened_at, first_sent_on=date(2023, 11, 12))
    make_report(round_, world.unit("dao-san"), state="nhap")
    make_report(round_, world.unit("mu-sang"), is_owed=False)
    make_merged(round_)

    assert tally.of_rounds([round_.pk]) == {round_.pk: Tally(3, 2, 1)}
    below = {one.label: one.tally for one in tally.below(round_.pk, world.unit("phong-tho").pk, on=DAY)}
    assert below == {"xã Dào San": Tally(1, 0, 0), "xã Huổi Luông": Tally(2, 2, 1)}
    nation = tally.below(round_.pk, world.unit("viet-nam").pk, on=DAY)
    assert [(one.label, one.tally, one.has_more) for one in nation] == [
        ("tỉnh Lai Châu", Tally(3, 2, 1), True)
    ]


def test_percentages_are_whole_only_when_nothing_is_missing() -> None:
    assert (Tally(1000, 999, 10).percent, Tally(3, 3, 3).percent, Tally().percent) == (99, 100, None)
    assert (Tally(3, 2, 1).missing, Tally(3, 2, 1).late) == (1, 1)
