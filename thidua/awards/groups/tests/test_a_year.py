"""A year of a cluster from the list of units to the published ranking, and what each step refuses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from thidua.awards.groups import publishing, seasons, sheets
from thidua.awards.groups.publishing import PublishedPlace
from thidua.awards.groups.rank_fact import RANK
from thidua.awards.groups.tests.makers import (
    COMMUNES,
    NOW,
    SYSTEM,
    make_season,
    open_scoring,
)
from thidua.awards.models import GroupSeasonState, ScoreSheet, ScoreSheetState
from thidua.core.errors import RuleNotMet
from thidua.criteria import fact_suppliers
from thidua.criteria.fact_suppliers import Asked
from thidua.notices.models import Notice
from thidua.organisations.tests.world import DAY, phong_tho

pytestmark = pytest.mark.django_db


def test_a_year_from_members_to_the_published_ranking() -> None:
    world = phong_tho()
    scoring = open_scoring(world, self_due=date(2023, 12, 10))
    season = scoring.season
    assert dict(season.sheets.values_list("unit__key", "checker__key")) == {
        "dao-san": "huoi-luong",
        "huoi-luong": "mu-sang",
        "mu-sang": "dao-san",
    }
    assert Notice.objects.filter(
        unit=world.unit("mu-sang"), text__contains="mời tự chấm, hạn 10/12/2023"
    ).exists()

    scoring.verified("dao-san", n1=50, n2=30, n3=2)
    scoring.verified("huoi-luong", n1=60, n2=20, n4=2)

    made = publishing.publish(season, actor=SYSTEM, now=NOW)

    assert season.state == GroupSeasonState.PUBLISHED
    assert publishing.is_untouched(made)
    assert publishing.places(made) == [
        PublishedPlace(
            unit_id=world.unit("dao-san").pk,
            label="xã Dào San",
            rank=1,
            tied=False,
            total=Decimal("82.00"),
            base=Decimal("80.00"),
            bonus_given=Decimal("2.00"),
            bonus_counted=Decimal("2.00"),
            penalty=Decimal("0.00"),
            broken_by="3 Mô hình mới",
        ),
        PublishedPlace(
            unit_id=world.unit("huoi-luong").pk,
            label="xã Huổi Luông",
            rank=2,
            tied=False,
            total=Decimal("82.00"),
            base=Decimal("80.00"),
            bonus_given=Decimal("2.00"),
            bonus_counted=Decimal("2.00"),
            penalty=Decimal("0.00"),
            broken_by="3 Mô hình mới",
        ),
        PublishedPlace(world.unit("mu-sang").pk, "xã Mù Sang", None, False, None, None, None, None, None),
    ]
    told = dict(Notice.objects.filter(text__contains="công bố").values_list("unit__key", "text"))
    assert told["huoi-luong"].endswith("hạng 2")
    assert told["mu-sang"].endswith("chưa chấm")

    made.content["places"][1]["rank"] = 1
    assert not publishing.is_untouched(made)

    seasons.reopen(season, reason="Chấm sót một tiêu chí", actor=SYSTEM, now=NOW)
    assert publishing.valid_publication(season) is None
    again = publishing.publish(season, actor=SYSTEM, now=NOW)
    assert (again.number, publishing.valid_publication(season)) == (2, again)
    made.refresh_from_db()
    assert (made.withdrawn_at, made.withdrawn_reason) == (NOW, "Chấm sót một tiêu chí")
    assert publishing.is_untouched(made)


def test_publishing_waits_for_sheets_that_are_half_done_and_not_for_those_sent_back() -> None:
    scoring = open_scoring(phong_tho())
    season = scoring.season
    with pytest.raises(RuleNotMet, match="chưa đơn vị nào được thẩm định"):
        publishing.publish(season, actor=SYSTEM, now=NOW)
    scoring.verified("dao-san", n1=50, n2=30)
    half = scoring.self_scored("mu-sang", n1=1, n2=1)
    with pytest.raises(RuleNotMet, match="điểm của xã Mù Sang chưa thẩm định xong"):
        publishing.publish(season, actor=SYSTEM, now=NOW)
    sheets.send_back(half, reason="Thiếu số liệu", actor=SYSTEM, now=NOW)
    made = publishing.publish(season, actor=SYSTEM, now=NOW)
    assert [place.rank for place in publishing.places(made)] == [1, None, None]


def test_preview_counts_verified_points_else_those_of_the_unit_once_sent() -> None:
    scoring = open_scoring(phong_tho())
    scoring.verified("dao-san", n1=50, n2=30)
    scoring.self_scored("mu-sang", n1=60, n2=40)
    unsent = scoring.sheet("huoi-luong")
    sheets.self_score(unsent, scoring.points(n1=60, n2=40), {}, actor=SYSTEM, now=NOW)

    found = publishing.current_ranking(scoring.season)

    assert [(one.sheet.unit.key, one.place.rank, one.basis) for one in found] == [
        ("mu-sang", 1, "self"),
        ("dao-san", 2, "verified"),
        ("huoi-luong", None, ""),
    ]


def test_year_does_not_start_without_table_units_or_covenant() -> None:
    world = phong_tho()
    season = make_season(world, covenant="")
    with pytest.raises(RuleNotMet, match="mới có 0 đơn vị"):
        seasons.start(season, actor=SYSTEM, now=NOW)
    seasons.take_members(season, actor=SYSTEM, now=NOW)
    assert set(season.sheets.values_list("unit__key", flat=True)) == set(COMMUNES)
    with pytest.raises(RuleNotMet, match="chưa ghi nội dung giao ước"):
        seasons.start(season, actor=SYSTEM, now=NOW)
    season.covenant = "Thi đua"
    seasons.keep_season(season, actor=SYSTEM, now=NOW)
    season.table.state = "du_thao"
    with pytest.raises(RuleNotMet, match="chưa hoặc không còn áp dụng"):
        seasons.start(season, actor=SYSTEM, now=NOW)
    season.table.refresh_from_db()
    seasons.start(season, actor=SYSTEM, now=NOW)
    with pytest.raises(RuleNotMet, match="chưa phân công chấm chéo cho xã Dào San, xã Huổi Luông"):
        seasons.open_scoring(season, actor=SYSTEM, now=NOW)
    assert ScoreSheet.objects.filter(state=ScoreSheetState.SCORING).count() == 3


def test_published_place_is_a_fact_for_criteria_and_nothing_else_is() -> None:
    world = phong_tho()
    scoring = open_scoring(world)
    scoring.verified("dao-san", n1=50, n2=30)
    keys = {key: f"unit:{world.unit(key).pk}" for key in COMMUNES}

    def known(on: date = DAY) -> dict[tuple[str, str, str], object]:
        asked = Asked(list(keys.values()), frozenset({RANK}), date(2023, 1, 1), DAY, on)
        [supplied] = fact_suppliers.ask(asked)
        return {key: figure.value for key, figure in supplied.figures.items()}

    assert known() == {}
    publishing.publish(scoring.season, actor=SYSTEM, now=NOW)
    # who was not scored has no place; the day before nobody had one
    assert known() == {(keys["dao-san"], RANK, "2023"): 1}
    assert known(date(2023, 11, 4)) == {}
    seasons.reopen(scoring.season, reason="Chấm sót", actor=SYSTEM, now=NOW)
    assert known() == {}
