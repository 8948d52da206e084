"""What inspections left open about a unit, as the check of its award sees it."""

from __future__ import annotations

from datetime import date

import pytest

from thidua.awards import findings, holding
from thidua.awards.tests.makers import make_award_round, make_candidate
from thidua.criteria.award_law import Effect
from thidua.movements.tests.makers import at, phong_tho_plan
from thidua.organisations.tests.world import DAY, phong_tho
from thidua.oversight.inspections import visiting
from thidua.oversight.tests.makers import make_inspection, make_minuted, make_remedy


@pytest.mark.django_db
def test_signs_of_a_breach_hold_an_award_and_the_rest_is_told() -> None:
    world = phong_tho()
    inspection = make_inspection(phong_tho_plan(world), state="da_thong_bao")
    visit, officer = make_minuted(inspection, world.unit("huoi-luong")), world.acting("thuong-truc")
    make_remedy(visit, due_on=date(2023, 11, 1))
    round_ = make_award_round(world.unit("phong-tho"), world.unit("phong-ldtbxh"))
    candidate = make_candidate(round_, world.unit("huoi-luong"))
    other = make_candidate(round_, world.unit("dao-san"))

    assert [one.effect for one in holding.findings(candidate, on=DAY)] == [Effect.WARN, Effect.WARN]

    visiting.note_breach(visit, note="Chi sai đối tượng", actor=officer, now=at(DAY))

    (breach, _) = holding.findings(candidate, on=DAY)
    assert breach.title == f"Dấu hiệu vi phạm đang được làm rõ: {inspection.title}"
    assert breach.effect == findings.ground("p09", DAY).effect
    assert holding.findings(other, on=DAY) == []
