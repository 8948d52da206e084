"""Two officers at the same fund in the same moment: what is there is spent once, and no number is lost."""

from __future__ import annotations

import pytest

from tests.at_once import at_once
from thidua.core.errors import RuleNotMet
from thidua.organisations.tests.world import DAY, phong_tho
from thidua.resources.funds import ledger
from thidua.resources.models import Allocation, Fund
from thidua.resources.tests.makers import approve, give, make_fund, propose, prove

pytestmark = pytest.mark.django_db(transaction=True)


def test_same_balance_is_spent_once_and_receipts_have_no_gap() -> None:
    world = phong_tho()
    fund = make_fund(world.unit("phong-tho"))
    commune = world.unit("huoi-luong")
    for turn in range(3):
        give(fund, 1_000_000)
        both = [propose(fund, 700_000, commune), propose(fund, 700_000, commune)]
        outcomes = at_once(*(lambda one=one: approve(Allocation.objects.get(pk=one.pk)) for one in both))
        refusals = [one for one in outcomes if isinstance(one, Exception)]
        assert [type(one) for one in refusals] == [RuleNotMet], outcomes
        assert "quỹ chỉ còn dùng được 300.000 đồng" in str(refusals[0])
        won = next(one for one in outcomes if isinstance(one, Allocation))

        # The same part of an allocation is shown to be used once.
        shown = at_once(
            *(lambda pk=pk: prove(Allocation.objects.get(pk=pk), 700_000) for pk in [won.pk, won.pk])
        )
        assert sum(isinstance(one, Exception) for one in shown) == 1, shown

        taken = at_once(*(lambda: give(Fund.objects.get(pk=fund.pk), 1) for _ in range(3)))
        assert not [one for one in taken if isinstance(one, Exception)]
        give(fund, 1, on=DAY)
        allocation = propose(fund, 300_000 + 4, commune)
        approve(allocation)
        assert ledger.balances(fund)[0].held == 0, turn
        assert ledger.faults(fund) == []
    numbers = list(fund.receipts.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, 16))
