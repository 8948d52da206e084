"""Two people at the same year of a group in the same moment: published once, nobody's points are lost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError

from tests.at_once import at_once
from thidua.awards.groups import publishing, seasons, sheets
from thidua.awards.groups.tests.makers import NOW, SYSTEM, open_scoring
from thidua.awards.models import GroupSeason, GroupSeasonState, ScoreSheetState, SeasonPublication
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.organisations.tests.world import phong_tho

pytestmark = pytest.mark.django_db(transaction=True)


def test_year_is_published_once_and_not_while_somebody_sends_a_sheet() -> None:
    scoring = open_scoring(phong_tho())
    scoring.verified("dao-san", n1=50, n2=30)
    late = scoring.sheet("mu-sang")
    sheets.self_score(late, scoring.points(n1=1, n2=1), {}, actor=SYSTEM, now=NOW)
    pk = scoring.season.pk

    def publish() -> SeasonPublication:
        season = GroupSeason.objects.get(pk=pk)
        return publishing.publish(season, actor=SYSTEM, now=NOW)

    for turn in range(3):
        outcomes = at_once(publish, publish)
        lost = [type(one) for one in outcomes if isinstance(one, Exception)]
        assert len(lost) == 1, outcomes
        assert lost[0] in (ChangedMeanwhile, RuleNotMet)
        assert SeasonPublication.objects.filter(season=pk, withdrawn_at__isnull=True).count() == 1, turn
        season = GroupSeason.objects.get(pk=pk)
        seasons.reopen(season, reason="Thử lại", actor=SYSTEM, now=NOW)

    def send() -> None:
        sheets.submit(scoring.sheet("mu-sang"), actor=SYSTEM, now=NOW)

    outcomes = at_once(publish, send)
    assert len([one for one in outcomes if isinstance(one, Exception)]) == 1, outcomes
    state = GroupSeason.objects.get(pk=pk).state
    sent = scoring.sheet("mu-sang").state == ScoreSheetState.SELF_SCORED
    assert sent == (state == GroupSeasonState.SCORING)


def test_of_two_who_save_the_same_sheet_one_is_told() -> None:
    scoring = open_scoring(phong_tho())
    items = scoring.item("1"), scoring.item("2")
    for turn in range(3):
        seen = sheets.revision_of(scoring.sheet("dao-san"))

        def save(item: int, seen: str = seen, points: Decimal = Decimal(turn + 1)) -> None:
            one = scoring.sheet("dao-san")
            sheets.self_score(one, {item: points}, {}, actor=SYSTEM, now=NOW, seen=seen)

        outcomes = at_once(*(lambda item=item: save(item) for item in items))
        assert [type(one) for one in outcomes if one is not None] == [ChangedMeanwhile], outcomes


def test_published_ranking_is_kept_by_the_database() -> None:
    scoring = open_scoring(phong_tho())
    scoring.verified("dao-san", n1=50, n2=30)
    made = publishing.publish(scoring.season, actor=SYSTEM, now=NOW)
    rows = SeasonPublication.objects.filter(pk=made.pk)
    changes: list[dict[str, Any]] = [{"content": {}}, {"sha256": "0" * 64}, {"number": 7}]
    for fields in changes:
        with pytest.raises(DatabaseError, match="never changes"):
            rows.update(**fields)
    seasons.reopen(scoring.season, reason="Chấm sót", actor=SYSTEM, now=NOW)
    with pytest.raises(DatabaseError, match="never changes"):
        rows.update(withdrawn_at=None)
    made.refresh_from_db()
    assert publishing.is_untouched(made)
