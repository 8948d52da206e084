"""The five sample plans adopted on the official units: guards how names of real plans find real bodies."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.conf import settings

from thidua.audit.log import System
from thidua.movements.models import Task
from thidua.movements.plans import adoption, drafting, overview
from thidua.movements.plans.tests.makers import DAY, NOW, decide_all, sample_document
from thidua.organisations import catalogue
from thidua.organisations.authority import acting
from thidua.organisations.models import Role
from thidua.organisations.tests.world import make_person


@dataclass(frozen=True)
class Outcome:
    """What became of one plan: who issued and runs it, its names, its tasks and the units that got some."""

    owner: str
    standing_body: str
    names: int
    sure_names: int
    tasks: int
    units: int


EXPECTED = {
    0: Outcome("so-tai-nguyen-va-moi-truong-tinh-lang-son", "stnmt-ls-van-phong", 10, 9, 32, 9),
    1: Outcome("thanh-tra-tinh-dak-nong", "thanh-tra-dn-van-phong", 6, 6, 16, 7),
    2: Outcome("before-109", "phong-lao-dong-thuong-binh-va-xa-hoi-huyen-phong-tho", 38, 31, 413, 43),
    3: Outcome("so-tai-nguyen-va-moi-truong-tinh-quang-binh", "stnmt-qb-van-phong", 14, 14, 55, 7),
    4: Outcome("ban-dan-toc-tinh-lang-son", "ban-dan-toc-ls-van-phong", 10, 9, 24, 5),
}


@pytest.mark.django_db
def test_the_sample_plans_find_their_bodies_among_the_official_units() -> None:
    """One test for all five: reading the official units takes longer than adopting the plans."""
    catalogue.load(settings.BASE_DIR / "data" / "units", actor=System(on=DAY), now=NOW)
    assert {number: _outcome(number) for number in range(5)} == EXPECTED


def _outcome(number: int) -> Outcome:
    document = sample_document(number)
    begun = drafting.beginnings(document, actor=System(on=DAY))
    assert begun.owner is not None
    assert begun.standing_body is not None
    officer = acting(make_person(f"thuong-truc-{number}", (begun.standing_body, Role.STANDING)), on=DAY)
    version = drafting.start(
        document, owner=begun.owner, standing_body=begun.standing_body, actor=officer, now=NOW
    )
    names = overview.name_rows(version, on=DAY)
    decide_all(version, actor=officer)
    found = adoption.adopt(version, actor=officer, now=NOW)
    given = Task.objects.filter(plan=version.plan)
    assert given.count() == len(found.rows)
    return Outcome(
        begun.owner.key,
        begun.standing_body.key,
        len(names),
        sum(row.is_sure for row in names),
        len(found.rows),
        given.values("unit").distinct().count(),
    )
