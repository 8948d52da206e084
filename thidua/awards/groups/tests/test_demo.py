"""The demonstration before and after the reform: one year published with a tie, one being scored."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from thidua.awards.groups import demo, publishing
from thidua.awards.models import GroupSeason, GroupSeasonState, ScoreSheetState, SeasonPublication
from thidua.core import clock
from thidua.organisations.models import Grouping, Role, Unit, UnitKind
from thidua.organisations.tests.world import REFORM, make_person, make_unit, succeed

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_is_enough]


def phong_tho() -> None:
    """The district with the communes of the story, and who took over from each."""
    province = make_unit("before-12", "tỉnh Lai Châu", UnitKind.PROVINCE)
    told = demo.story()
    district = make_unit(told["owner"], "huyện Phong Thổ", UnitKind.DISTRICT, parent=province, until=REFORM)
    for number, key in enumerate(told["communes"]):
        old = make_unit(key, f"xã Cũ {number}", UnitKind.COMMUNE, parent=district, until=REFORM)
        new = make_unit(f"moi-{number}", f"xã Mới {number}", UnitKind.COMMUNE, parent=province, since=REFORM)
        succeed(old, new)


@pytest.mark.parametrize(
    ("on", "scored", "owner"),
    [(date(2023, 11, 5), 2023, "before-109"), (date(2026, 2, 1), 2025, "before-12")],
)
def test_a_newcomer_finds_two_years(on: date, scored: int, owner: str) -> None:
    phong_tho()
    with clock.fixed_on(on):
        made, again = demo.load(on=on), demo.load(on=on)

        client = Client()
        owner_unit = Unit.objects.get(key=owner)
        client.force_login(make_person("lanh-dao", (owner_unit, Role.LEADER)))
        page = client.get(f"/khen-thuong/cum-khoi/nhom/{Grouping.objects.get().pk}/")

    assert (made, again) == (2, 0)
    # whoever went on after the reform is offered and ticked
    form = page.context["form"]
    offered = {int(key) for key, _ in form.fields["units"].choices}
    assert (len(form.initial["units"]), set(form.initial["units"]) <= offered) == (7, True)
    published = SeasonPublication.objects.get()
    assert [(row.rank, row.tied) for row in publishing.places(published)] == [
        (1, True),
        (1, True),
        (3, False),
        (4, False),
        (5, False),
        (6, False),
        (None, False),
    ]
    assert published.season.year == scored - 1
    current = GroupSeason.objects.get(state=GroupSeasonState.SCORING)
    assert (current.year, current.owner.key) == (scored, owner)
    assert current.self_due is not None
    assert current.self_due > on
    states = current.sheets.exclude(state=ScoreSheetState.SCORING).order_by("state")
    assert sorted(states.values_list("state", flat=True)) == ["cham_cheo", "tu_cham"]
